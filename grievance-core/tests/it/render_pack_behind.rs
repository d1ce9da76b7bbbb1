//! What stands behind the figures of the week, on the page: the measures' own numbers, and no others.

use crate::measure_histories::at;
use crate::render_pack::{day, histories, sample};
use grievance_core::Rulebook;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::project::CaseFact;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::gpr::Board;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::picked::Picked;
use grievance_core::measure::practice::{Consent, Draft, Register};
use grievance_core::measure::stay::{Span, Stays};
use grievance_core::measure::waiting::Waiting;
use grievance_core::render::language::Language;
use grievance_core::render::pack::{Behind, PackPage, pack_html};
use grievance_core::vocabulary::{AgeRule, Phase, PracticeFacet};

/// The offices of the pack, with causes, a change that is in force and one that is not.
pub(crate) fn book() -> Rulebook {
    let text = r#"
extends = "city-311"
name = "Haldia"
zone = "Asia/Kolkata"
unit = [
  { code = "works", kind = "office", parent = "city", head = "officer" },
  { code = "water", kind = "office", parent = "works", head = "officer" },
  { code = "drains", kind = "office", parent = "works", head = "officer" },
]
root_cause = [
  { code = "late", name = "Nobody had time", names = { bn = "সময় ছিল না", hi = "समय नहीं था" } },
  { code = "paper", name = "A paper <was> missing" },
]
process_change = [
  { code = "list", name = "One list of papers", root_cause = ["paper"], state = "implemented", implemented_on = "2026-02-15" },
  { code = "more-hands", root_cause = ["late"] },
]
"#;
    Rulebook::from_toml(text).expect("the book is sound")
}

/// The measures that a page is made from.
pub(crate) struct Kept {
    book: Rulebook,
    waiting: Waiting,
    stays: Stays,
    board: Board,
    practices: Register,
}

impl Kept {
    pub(crate) fn of(histories: &[Vec<Recorded>], book: &Rulebook) -> Self {
        let terms = Terms::new(day(), book.zone(), AgeRule::Calendar);
        let (mut waiting, mut stays) = (Waiting::new(&terms), Stays::new(&terms));
        for history in histories {
            waiting.add_history(history, &terms, book).unwrap();
            stays.add_history(history, &terms).unwrap();
        }
        let mut facts: Vec<CaseFact> =
            histories.iter().filter_map(|history| fact_as_of(history, terms.at())).collect();
        let disposed = facts.iter_mut().filter(|fact| fact.phase == Phase::Disposed);
        for (nth, fact) in disposed.enumerate() {
            fact.root_cause = ["late", "paper", ""][nth % 3].parse().ok();
        }
        let practices = register(&facts, book);
        let board = Board::of(&facts, book, day(), 90);
        Self { book: book.clone(), waiting, stays, board, practices }
    }

    pub(crate) fn behind(&self) -> Behind<'_> {
        let Self { book, waiting, stays, board, practices } = self;
        Behind { rulebook: book, waiting, stays, board, practices }
    }

    fn page(&self, language: Language) -> String {
        let page = PackPage { behind: Some(self.behind()), ..PackPage::in_language(language) };
        pack_html(&sample(&crate::measure_pack::book()), &page)
    }
}

fn register(facts: &[CaseFact], book: &Rulebook) -> Register {
    let mut register = Register::default();
    let code = "papers-on-the-wall".parse().unwrap();
    let written_on = at("2026-03-01T06:00:00").date_naive();
    let draft = Draft {
        code,
        title: "Papers <b>on the wall</b>".to_owned(),
        facet: PracticeFacet::Outreach,
        domain: None,
        unit: "works".parse().unwrap(),
        situation: "People came three times.".to_owned(),
        steps: vec!["Write the list.".to_owned(), "Hang it up.".to_owned()],
        written_on,
    };
    let code = draft.code.clone();
    register.write(draft, book).unwrap();
    let Some(case) = facts.iter().find(|fact| fact.phase == Phase::Disposed) else { return register };
    register.link(&code, case, Some("Nobody sent me away.")).unwrap();
    let consent = Consent {
        channel: book.channels()[0].clone(),
        given_on: written_on,
        recorded_by: "officer".parse().unwrap(),
        unit: "works".parse().unwrap(),
    };
    register.consent(&code, case.id, consent, book).unwrap();
    register.publish(&code, written_on, |_| Some(case)).unwrap();
    register
}

/// The fields of the table that follows a heading, row by row, as a reader sees them.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let from = page.split(&format!("id=\"{heading}\"")).nth(1).expect("the section is there");
    let body = from.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let field = |part: &str| {
        let inner = part.split_once('>').unwrap().1.split("<small>").next().unwrap();
        inner.split("</").next().unwrap().trim().to_owned()
    };
    let row = |row: &str| {
        let cells = row.replace("<th ", "\u{1}<").replace("<td", "\u{1}<");
        cells.split('\u{1}').skip(1).map(field).collect()
    };
    body.split("<tr>").flat_map(|part| part.split("<tr class=\"total\">")).skip(1).map(row).collect()
}

#[test]
fn what_waits_is_the_measures_own() {
    let kept = Kept::of(&histories(), &book());
    let rows = table(&kept.page(Language::English), "h-waiting");
    let all = kept.waiting.of(&Picked::all()).unwrap();
    let works = kept.waiting.of(&Picked::below(kept.book.directory(), &"works".parse().unwrap())).unwrap();
    let oldest = |bands: &[u64]| bands.last().unwrap().to_string();
    assert_eq!(rows[0][1..4], [all.pending.to_string(), oldest(&all.in_total), oldest(&all.with_unit)]);
    let of_works = rows.iter().find(|row| row[0] == "works").unwrap();
    assert_eq!(of_works[1], works.pending.to_string());
    assert!(all.pending > works.pending && works.pending > 0);
    // Those with most pending come first, after all together.
    let pending: Vec<u64> = rows[1..].iter().map(|row| row[1].parse().unwrap()).collect();
    assert!(pending.is_sorted_by(|one, next| one >= next), "{pending:?}");
    // Nobody was told anything of imported cases: that is no data, not nought days.
    assert_eq!((rows[0][4].as_str(), rows[0][6].clone()), ("no data", all.never_told.to_string()));
}

#[test]
fn where_the_time_goes_is_the_measures_own() {
    let kept = Kept::of(&histories(), &book());
    let rows = table(&kept.page(Language::English), "h-stays");
    let whole = kept.stays.of(&Picked::all(), &Span::Whole).unwrap();
    let last = rows.last().unwrap();
    assert_eq!(last[0], "From receipt to disposal");
    let median = format!("{:.1}", whole.over.quantile_days(0.5).unwrap());
    assert_eq!(last[1..3], [whole.over.count().to_string(), median]);
    assert_eq!(last[4], whole.still.count().to_string());
    assert!(rows.len() > 1, "the stages stand before it");
}

#[test]
fn causes_and_changes_are_the_boards_own() {
    let kept = Kept::of(&histories(), &book());
    let page = kept.page(Language::English);
    let board = &kept.board;
    assert!(board.unclassified > 0 && board.classified > 0);
    let (classified, disposed, rest) = (board.classified, board.disposed, board.unclassified);
    let said = format!("{classified} of {disposed} disposed cases are classified; {rest} are not.");
    assert!(page.contains(&said), "{said}");
    let rows = table(&page, "h-causes");
    let causes: u64 = rows.iter().map(|row| row[3].parse::<u64>().unwrap()).sum();
    assert_eq!(causes, board.repeaters.iter().take(10).map(|row| row.count).sum::<u64>());
    assert!(page.contains("A paper &lt;was&gt; missing") && !page.contains("<was>"));
    assert!(page.contains("One list of papers") && page.contains("in 43 days"));
    // A change without a name goes by its code, and one that is not in force has no before and after.
    assert!(page.contains("more-hands") && page.contains("proposed"));
}

#[test]
fn practices_are_shown_as_they_are_published() {
    let kept = Kept::of(&histories(), &book());
    let page = kept.page(Language::English);
    assert!(page.contains("Papers &lt;b&gt;on the wall") && !page.contains("<b>on"));
    for said in ["outreach", "Write the list.", "Nobody sent me away.", "published 1 March 2026"] {
        assert!(page.contains(said), "{said}");
    }
    // A draft is nobody's business.
    let mut drafts = Kept::of(&histories(), &book());
    let code = "papers-on-the-wall".parse().unwrap();
    drafts.practices.withdraw(&code, day(), "It was not so.").unwrap();
    assert!(!drafts.page(Language::English).contains("h-practices"));
}

#[test]
fn every_language_has_its_own_names() {
    let kept = Kept::of(&histories(), &book());
    assert!(kept.page(Language::Bengali).contains("সময় ছিল না"));
    assert!(kept.page(Language::Hindi).contains("समय नहीं था"));
    assert!(kept.page(Language::English).contains("Nobody had time"));
}

#[test]
fn without_a_case_nothing_is_said_to_be_nought() {
    let kept = Kept::of(&[], &book());
    let page = kept.page(Language::English);
    for section in ["h-waiting", "h-stays", "h-practices"] {
        assert!(!page.contains(&format!("id=\"{section}\"")), "{section}");
    }
    let (_, changes) = page.split_once("Changes of procedure").unwrap();
    let changes = changes.split("</table>").next().unwrap();
    assert!(changes.contains("no data") && !changes.contains("0.0 %"));
}
