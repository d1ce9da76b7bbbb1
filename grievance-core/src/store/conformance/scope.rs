//! What is promised of scopes: nothing outside of one is given, whatever way it is asked for.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, PlaceCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::rulebook::access::{Chart, Scope};
use crate::store::Store;
use crate::store::conformance::sample::{Sample, commit, person, rulebook, unit};
use crate::store::search::Search;

const WORKS: &str = "the store works";
const FITS: &str = "the codes are well formed";

fn place(code: &str) -> PlaceCode {
    PlaceCode::new(code).expect(FITS)
}

fn subject(code: &str) -> CategoryCode {
    CategoryCode::new(code).expect(FITS)
}

/// Cases of which each fact that a scope looks at has several values, or none.
fn fill(store: &dyn Store) -> Vec<CaseFact> {
    let offices = ["state", "district", "block", "city"].map(unit);
    let places = ["nadia", "nabadwip", "howrah"].map(place);
    let subjects = ["conduct", "harassment"].map(subject);
    let one_of = |n: u64, step: u64, offices: &[UnitCode]| {
        let at = usize::try_from(n / step).expect("small") % (offices.len() + 1);
        offices.get(at).cloned()
    };
    let commits: Vec<_> = (1..=120_u64)
        .map(|n| {
            let mut stream = Sample::lodged(n).after(0);
            let at = |step: u64, of: usize| usize::try_from(n / step).expect("small") % of;
            let fact = &mut stream.fact;
            fact.unit = offices[at(1, 4)].clone();
            fact.sender = one_of(n, 2, &offices);
            fact.last_mover = one_of(n, 3, &offices);
            fact.against = one_of(n, 5, &offices);
            fact.consulted = offices[..at(7, 3)].to_vec();
            fact.place = places.get(at(4, 4)).cloned();
            fact.complainant = (n % 3 > 0).then(|| person(n % 5));
            fact.lodged_by = person(n % 7);
            fact.sealed = subjects.get(at(6, 4)).cloned();
            commit(n, vec![stream])
        })
        .collect();
    for answer in store.commit_all(&commits).expect(WORKS) {
        answer.expect(WORKS);
    }
    commits.into_iter().map(|mut commit| commit.streams.remove(0).fact).collect()
}

/// In the first version the district is below the state and the block below the district; in the
/// second the block is below the city.
fn charts() -> [Chart; 2] {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(top, below)| (unit(top), unit(below))).collect();
    let places = |pairs: &[(&str, &str)]| pairs.iter().map(|(out, lies)| (place(out), place(lies))).collect();
    let first = Chart {
        units: pairs(&[
            ("state", "state"),
            ("state", "district"),
            ("state", "block"),
            ("district", "district"),
            ("district", "block"),
            ("block", "block"),
            ("city", "city"),
        ]),
        places: places(&[
            ("nadia", "nadia"),
            ("nadia", "nabadwip"),
            ("nabadwip", "nabadwip"),
            ("howrah", "howrah"),
        ]),
    };
    let second = Chart {
        units: pairs(&[("city", "city"), ("city", "block"), ("block", "block"), ("district", "district")]),
        places: places(&[("nadia", "nadia"), ("howrah", "howrah"), ("howrah", "nabadwip")]),
    };
    [first, second]
}

/// Whether a row is in a scope, told as simply as it can be.
fn is_in(scope: &Scope, fact: &CaseFact, charts: &[Chart; 2]) -> bool {
    let chart = |version| (1..).zip(charts).find(|(n, _)| rulebook(*n) == version).map(|(_, chart)| chart);
    match scope {
        Scope::All => true,
        Scope::Nothing => false,
        Scope::AnyOf(parts) => parts.iter().any(|part| is_in(part, fact, charts)),
        Scope::AllOf(parts) => parts.iter().all(|part| is_in(part, fact, charts)),
        Scope::Not(part) => !is_in(part, fact, charts),
        Scope::HeldBy(unit) => fact.unit == *unit,
        Scope::HeldBelow(version, top) => {
            chart(*version).is_some_and(|chart| chart.units.contains(&(top.clone(), fact.unit.clone())))
        }
        Scope::Within(version, around) => fact.place.as_ref().is_some_and(|place| {
            chart(*version).is_some_and(|chart| chart.places.contains(&(around.clone(), place.clone())))
        }),
        Scope::ComplainantIs(person) => fact.complainant == Some(*person),
        Scope::LodgedBy(person) => fact.lodged_by == *person,
        Scope::SentBy(unit) => fact.sender.as_ref() == Some(unit),
        Scope::MovedBy(unit) => fact.last_mover.as_ref() == Some(unit),
        Scope::Consulted(unit) => fact.consulted.contains(unit),
        Scope::About(units) => fact.against.as_ref().is_some_and(|about| units.contains(about)),
        Scope::Sealed => fact.sealed.is_some(),
        Scope::SealedAs(subjects) => fact.sealed.as_ref().is_some_and(|own| subjects.contains(own)),
    }
}

/// One of each, each but its opposite, and pairs of them: with everything that a role makes of them.
fn scopes() -> Vec<Scope> {
    let plain = vec![
        Scope::HeldBy(unit("district")),
        Scope::HeldBelow(rulebook(1), unit("state")),
        Scope::HeldBelow(rulebook(1), unit("district")),
        Scope::HeldBelow(rulebook(2), unit("city")),
        Scope::HeldBelow(rulebook(2), unit("state")),
        Scope::HeldBelow(rulebook(3), unit("state")),
        Scope::Within(rulebook(1), place("nadia")),
        Scope::Within(rulebook(2), place("howrah")),
        Scope::Within(rulebook(3), place("nadia")),
        Scope::ComplainantIs(person(2)),
        Scope::LodgedBy(person(3)),
        Scope::SentBy(unit("block")),
        Scope::MovedBy(unit("city")),
        Scope::Consulted(unit("district")),
        Scope::About(vec![unit("state"), unit("block")]),
        Scope::About(Vec::new()),
        Scope::Sealed,
        Scope::SealedAs(vec![subject("conduct")]),
        Scope::SealedAs(Vec::new()),
        Scope::Nothing,
        Scope::All,
    ];
    let mut all = plain.clone();
    all.extend(plain.iter().cloned().map(|part| Scope::Not(Box::new(part))));
    for pair in plain.windows(2) {
        all.push(Scope::AnyOf(pair.to_vec()));
        all.push(Scope::AllOf(pair.to_vec()));
        let open = Scope::AllOf(vec![Scope::Not(Box::new(Scope::Sealed)), Scope::AnyOf(pair.to_vec())]);
        all.push(Scope::AnyOf(vec![open, Scope::AllOf(vec![Scope::Sealed, pair[0].clone()])]));
    }
    all.extend([Scope::AnyOf(Vec::new()), Scope::AllOf(Vec::new())]);
    all
}

fn keep_charts(store: &dyn Store) -> [Chart; 2] {
    let charts = charts();
    for (n, chart) in (1..).zip(&charts) {
        store.keep(rulebook(n), "{}").expect(WORKS);
        store.chart(rulebook(n), chart).expect(WORKS);
    }
    charts
}

fn expected(scope: &Scope, facts: &[CaseFact], charts: &[Chart; 2]) -> Vec<GrievanceId> {
    let mut cases: Vec<_> =
        facts.iter().filter(|fact| is_in(scope, fact, charts)).map(|fact| fact.id).collect();
    cases.sort();
    cases
}

/// A search gives the cases of its scope and no other, page by page.
pub fn a_search_stays_in_its_scope(store: &dyn Store) {
    let (charts, facts) = (keep_charts(store), fill(store));
    for scope in scopes() {
        let mut search = Search { limit: 50, ..Search::default() };
        let mut found = Vec::new();
        loop {
            let page = store.search(&scope, &search).expect(WORKS);
            found.extend(page.cases.iter().map(|fact| fact.id));
            assert!(found.len() <= facts.len(), "{scope:?}: the pages come to an end");
            search.after = page.next;
            if search.after.is_none() {
                break;
            }
        }
        found.sort();
        assert_eq!(found, expected(&scope, &facts, &charts), "{scope:?}");
    }
}

/// A count is the number of cases in its scope.
pub fn a_count_stays_in_its_scope(store: &dyn Store) {
    let (charts, facts) = (keep_charts(store), fill(store));
    for scope in scopes() {
        let counted = store.count(&scope).expect(WORKS);
        assert_eq!(counted, expected(&scope, &facts, &charts).len() as u64, "{scope:?}");
    }
}

/// A scan gives the histories of its scope and no other, in the order of their identities.
pub fn a_scan_stays_in_its_scope(store: &dyn Store) {
    let (charts, facts) = (keep_charts(store), fill(store));
    for scope in scopes() {
        let mut found = Vec::new();
        let mut each = |history: &[crate::grievance::event::Recorded]| {
            found.extend(history.first().map(|first| first.case));
            true
        };
        store.scan(&scope, &mut each).expect(WORKS);
        assert_eq!(found, expected(&scope, &facts, &charts), "{scope:?}");
    }
}

/// The lines of a version stay as they were first kept, and keeping them again changes nothing.
pub fn the_lines_of_a_version_stay(store: &dyn Store) {
    let [first, second] = keep_charts(store);
    let facts = fill(store);
    store.chart(rulebook(1), &first).expect(WORKS);
    let charts = [first, second];
    for top in ["state", "district", "block", "city"].map(unit) {
        for version in 1..=3 {
            let scope = Scope::HeldBelow(rulebook(version), top.clone());
            let search = Search { limit: Search::MOST, ..Search::default() };
            let page = store.search(&scope, &search).expect(WORKS);
            let mut found: Vec<_> = page.cases.iter().map(|fact| fact.id).collect();
            found.sort();
            assert_eq!(found, expected(&scope, &facts, &charts), "{scope:?}");
        }
    }
}

/// A row is put in the place of another of the same version, and of no other.
pub fn a_row_is_renewed_at_its_version_alone(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let further = begun.clone().commented();
    store.commit(&commit(2, vec![further.after(1)])).expect(WORKS);
    let kept = || store.fact(further.id).expect(WORKS);

    let old = CaseFact { waivers: 7, ..begun.fact() };
    assert!(!store.renew(&old).expect(WORKS), "the case has moved on");
    assert_eq!(kept(), Some(further.fact()));
    let ahead = CaseFact { version: 3, ..further.fact() };
    assert!(!store.renew(&ahead).expect(WORKS), "the case is not there yet");
    let unknown = Sample::lodged(2);
    assert!(!store.renew(&unknown.fact()).expect(WORKS), "there is no such case");
    assert_eq!(store.fact(unknown.id).expect(WORKS), None);

    let renewed = CaseFact { waivers: 7, unit: unit("water"), ..further.fact() };
    assert!(store.renew(&renewed).expect(WORKS));
    assert_eq!(kept(), Some(renewed));
    assert_eq!(store.history(further.id).expect(WORKS).events, further.history(), "no event changes");
}
