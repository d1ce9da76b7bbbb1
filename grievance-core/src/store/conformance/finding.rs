//! What is promised of searches: what filtering every row by hand would give.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, SourceCode, StageCode};
use crate::kernel::text::{Compartment, Digest};
use crate::rulebook::access::Scope;
use crate::store::Store;
use crate::store::blind::{Sought, Token};
use crate::store::conformance::sample::{Sample, at, commit, kept, text, token, unit};
use crate::store::search::{Cursor, Search};
use crate::vocabulary::Phase;
use std::cmp::Reverse;

const WORKS: &str = "the store works";

/// A sequence of numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = usize::try_from(self.below(from.len() as u64)).expect("an index");
        from[at].clone()
    }

    fn some<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        (0..self.below(3)).map(|_| self.pick(from)).collect()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) == 0).then(|| value(self))
    }
}

fn stages() -> Vec<StageCode> {
    ["registered", "with-office", "closed"].map(|code| StageCode::new(code).expect("a code")).to_vec()
}

/// A case, and the tokens of each of its texts.
struct Filled {
    fact: CaseFact,
    texts: Vec<Vec<u64>>,
}

/// Somebody: one or two words, each standing for one token or two.
fn sought(dice: &mut Dice) -> Sought {
    let words = 1 + dice.below(2);
    let any = |dice: &mut Dice| (0..=dice.below(2)).map(|_| token(dice.below(6))).collect();
    Sought::Tokens((0..words).map(|_| any(dice)).collect())
}

/// Whether everybody who is sought is in the case, word by word in one text.
fn has_people(case: &Filled, search: &Search) -> bool {
    search.people().all(|sought| {
        case.texts.iter().any(|tokens| {
            let has = |any: &Vec<Token>| any.iter().any(|one| tokens.iter().any(|n| token(*n) == *one));
            sought.tokens().is_some_and(|words| words.iter().all(has))
        })
    })
}

/// Cases of every sort, many of them lodged at the same instant.
fn fill(store: &dyn Store) -> Vec<Filled> {
    let mut dice = Dice(2026);
    let (mut commits, mut people) = (Vec::new(), Vec::new());
    for n in 1..=240 {
        let sample = if n % 4 == 0 {
            Sample::adopted(n, if n % 8 == 0 { "boston311" } else { "nyc" }, &format!("{}", n / 16))
        } else {
            Sample::lodged(n)
        };
        let mut stream = sample.after(0);
        let fact = &mut stream.fact;
        fact.lodged_at = at(i64::try_from(dice.below(40)).expect("small") * 250);
        fact.unit = unit(&format!("unit-{}", dice.below(4)));
        fact.stage = dice.pick(&stages());
        fact.phase = dice.pick(Phase::ALL);
        fact.category =
            dice.maybe(|dice| CategoryCode::new(&format!("category-{}", dice.below(3))).expect("a code"));
        if n % 4 == 0 {
            // Two sources; each number once in each.
            fact.external_number = Some(format!("{}", n / 8).into());
        }
        let mut commit = commit(n, vec![stream]);
        let mut texts = Vec::new();
        for text_of_case in 0..dice.below(4) {
            let (_, row) = text(n * 10 + text_of_case, Compartment::Identity, "somebody");
            let mut tokens: Vec<u64> = (0..dice.below(4)).map(|_| dice.below(6)).collect();
            tokens.sort_unstable();
            tokens.dedup();
            commit.texts.push(kept(sample.id, &row, &tokens));
            texts.push(tokens);
        }
        commits.push(commit);
        people.push(texts);
    }
    for answer in store.commit_all(&commits).expect(WORKS) {
        answer.expect(WORKS);
    }
    let facts = commits.into_iter().map(|mut commit| commit.streams.remove(0).fact);
    facts.zip(people).map(|(fact, texts)| Filled { fact, texts }).collect()
}

fn place(fact: &CaseFact) -> Cursor {
    Cursor { lodged_at: fact.lodged_at, case: fact.id }
}

fn filtered(cases: &[Filled], search: &Search) -> Vec<CaseFact> {
    let fit = cases.iter().filter(|case| search.fits(&case.fact) && has_people(case, search));
    let mut found: Vec<CaseFact> = fit.map(|case| case.fact.clone()).collect();
    found.sort_by_key(|fact| Reverse(place(fact)));
    found
}

/// Turns the pages to the last one.
fn all_pages(store: &dyn Store, search: &Search) -> Vec<CaseFact> {
    let (mut search, mut found) = (search.clone(), Vec::new());
    loop {
        let page = store.search(&Scope::All, &search).expect(WORKS);
        assert!(page.cases.len() <= search.page_size() as usize, "a page is not longer than it may be");
        let last = page.cases.last().map(place);
        found.extend(page.cases);
        assert!(found.len() <= 1_000, "the pages come to an end");
        match page.next {
            None => return found,
            Some(next) => {
                assert_eq!(Some(next), last, "the next page begins after the last case of this one");
                search.after = Some(next);
            }
        }
    }
}

/// Whatever is asked, the answer is what filtering every row would give, in order, page by page.
pub fn every_filter_equals_filtering(store: &dyn Store) {
    let facts = fill(store);
    let bare: Vec<CaseFact> = facts.iter().map(|case| case.fact.clone()).collect();
    let mut dice = Dice(7);
    let mut found_any = 0;
    for _ in 0..400 {
        let search = Search {
            number: dice
                .maybe(|dice| dice.pick(&bare).number.map(|number| number.as_str().to_owned()))
                .flatten(),
            external_number: dice
                .maybe(|dice| dice.pick(&bare).external_number.map(|number| number.to_string()))
                .flatten(),
            source: dice
                .maybe(|dice| SourceCode::new(dice.pick(&["boston311", "nyc", "none"])).expect("a code")),
            name: dice.maybe(sought),
            mobile: dice.maybe(sought),
            email: None,
            lodged_from: dice.maybe(|dice| dice.pick(&bare).lodged_at),
            lodged_before: dice.maybe(|dice| dice.pick(&bare).lodged_at),
            units: dice.some(&[unit("unit-0"), unit("unit-1"), unit("unit-2"), unit("nowhere")]),
            categories: dice
                .some(&["category-0", "category-1"].map(|code| CategoryCode::new(code).expect("a code"))),
            stages: dice.some(&stages()),
            phases: dice.some(Phase::ALL),
            after: None,
            limit: u32::try_from(dice.below(30)).expect("small"),
        };
        let expected = filtered(&facts, &search);
        found_any += usize::from(!expected.is_empty());
        assert_eq!(all_pages(store, &search), expected, "of {search:?}");
    }
    assert!(found_any > 40, "the searches find something often enough to mean something");
}

/// Turning pages of any size gives every case once, newest lodging first; a page with room to
/// spare, or exactly full at the end, is the last.
pub fn pages_are_complete_and_in_order(store: &dyn Store) {
    let facts = fill(store);
    let expected = filtered(&facts, &Search::default());
    for limit in [0, 1, 7, 60, 239, 240, 241, Search::MOST, u32::MAX] {
        let search = Search { limit, ..Search::default() };
        assert_eq!(all_pages(store, &search), expected, "in pages of {limit}");
    }
    let exactly = store.search(&Scope::All, &Search { limit: 240, ..Search::default() }).expect(WORKS);
    assert_eq!(exactly.next, None);
    let standard = store.search(&Scope::All, &Search::default()).expect(WORKS);
    assert_eq!(standard.cases.len(), 50);
    // A place in the order need not be a case: a cursor outlives the case's row changing.
    let between = Cursor { lodged_at: at(1_100), case: facts[0].fact.id };
    let search = Search { after: Some(between), limit: Search::MOST, ..Search::default() };
    let rest: Vec<_> = expected.into_iter().filter(|fact| place(fact) < between).collect();
    assert_eq!(store.search(&Scope::All, &search).expect(WORKS).cases, rest);
}

/// A name that nobody has blinded finds nobody: it does not stand for any name.
pub fn words_find_nobody(store: &dyn Store) {
    fill(store);
    let typed = Some(Sought::Words("somebody".to_owned()));
    for search in [
        Search { name: typed.clone(), ..Search::default() },
        Search { mobile: typed, ..Search::default() },
        Search { email: Some(Sought::Tokens(Vec::new())), ..Search::default() },
    ] {
        assert!(store.search(&Scope::All, &search).expect(WORKS).cases.is_empty());
    }
}

/// A tracking code finds the whole case, not its parts.
pub fn tracking_finds_the_whole(store: &dyn Store) {
    let (code, other) = (Digest::of(&[b"code"]), Digest::of(&[b"other"]));
    let whole = Sample::anonymous(5, code);
    let parts = [whole.part(1, 1), whole.part(9, 2)];
    store.commit(&commit(1, parts.iter().map(|part| part.after(0)).collect())).expect(WORKS);
    assert_eq!(store.find_tracking(code).expect(WORKS), None);
    store.commit(&whole.commit(2)).expect(WORKS);
    assert_eq!(store.find_tracking(code).expect(WORKS), Some(whole.id));
    assert_eq!(store.find_tracking(other).expect(WORKS), None);
}
