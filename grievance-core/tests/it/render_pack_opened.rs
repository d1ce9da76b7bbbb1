//! Every number of the page that opens has its list: the page's own numbers, read off it, are what the lists add up to.

use crate::measure_laws::{history, rule};
use crate::measure_pack::{book, counted, lives, office_year, pack};
use chrono::NaiveDate;
use grievance_core::Rulebook;
use grievance_core::grievance::event::Recorded;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::gpr::Board;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::{CaseLists, Cell, CountOf, WEEKS, Weeks};
use grievance_core::measure::practice::Register;
use grievance_core::measure::quality::Closings;
use grievance_core::measure::stay::Stays;
use grievance_core::measure::waiting::Waiting;
use grievance_core::render::language::Language;
use grievance_core::render::pack::{Behind, Closed, PackPage, pack_html};
use grievance_core::vocabulary::{AgeRule, MisLine};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The links of a page and their numbers.
fn links(page: &str) -> Vec<(String, u64)> {
    let link = |rest: &str| {
        let (href, rest) = rest.split_once("\">").expect("a link has an address");
        let (number, _) = rest.split_once("</a>").expect("a link ends");
        let number = number.replace(',', "").parse().expect("what opens is a whole number");
        (href.replace("&#x2f;", "/"), number)
    };
    page.split("<a href=\"").skip(1).map(link).collect()
}

/// Reads every number of the whole page and holds it against its list; answers what was asked about.
fn opens(
    day: NaiveDate,
    rule: AgeRule,
    histories: &[Vec<Recorded>],
    (book, top): (&Rulebook, &str),
) -> BTreeSet<Cell> {
    let weeks = Weeks::to(Terms::new(day, book.zone(), rule));
    let terms = weeks.terms();
    let pack = pack(&counted(&weeks, histories), book, top, None);
    let (mut waiting, mut stays) = (Waiting::new(terms), Stays::new(terms));
    let mut closings = Closings::of_weeks(&weeks);
    for history in histories {
        waiting.add_history(history, terms, book).unwrap();
        stays.add_history(history, terms).unwrap();
        closings.add_history_as_of(history, terms.at(), &|_| None);
    }
    let facts: Vec<_> = histories.iter().filter_map(|history| fact_as_of(history, terms.at())).collect();
    let board = Board::of(&facts, book, day, 90);
    let practices = Register::default();
    let asked: RefCell<BTreeMap<String, Cell>> = RefCell::default();
    let open = |cell: &Cell| {
        let key = format!("n{}", asked.borrow().len());
        asked.borrow_mut().insert(key.clone(), cell.clone());
        key
    };
    let page = pack_html(
        &pack,
        &PackPage {
            behind: Some(Behind {
                rulebook: book,
                waiting: &waiting,
                stays: &stays,
                board: &board,
                practices: &practices,
            }),
            closed: Some(Closed { rulebook: book, closings: &closings }),
            open: Some(&open),
            ..PackPage::in_language(Language::English)
        },
    );
    let asked = asked.into_inner();
    let mut lists = CaseLists::of(asked.values().cloned(), &weeks, book);
    for history in histories {
        lists.add_history(history);
    }
    lists.add_closings(&closings);
    let links = links(&page);
    let on_page: BTreeSet<&String> = links.iter().map(|(key, _)| key).collect();
    assert_eq!(on_page, asked.keys().collect(), "every address that was made is on the page");
    for (key, number) in links {
        let cell = &asked[&key];
        assert_eq!(lists.count(cell), number, "{cell:?}");
        assert_eq!(cell.of.to_string().parse(), Ok(cell.of.clone()));
    }
    asked.into_values().collect()
}

/// A rulebook that suspects early.
fn suspicious() -> Rulebook {
    let text = r#"
extends = "west-bengal"
[suspicion]
at_least = 1
reopened_percent = 1
before_due_percent = 1
before_due_hours = 240
"#;
    Rulebook::from_toml(text).expect("the book is sound")
}

#[test]
fn every_number_of_real_lives_opens_to_its_list() {
    let (_, year) = office_year();
    let lives = lives();
    let book = suspicious();
    let top = book.directory().top().to_string();
    let mut asked = BTreeSet::new();
    for (day, histories) in [
        ("2004-08-16", year),
        ("2026-02-16", &lives),
        ("2026-04-06", &lives),
        ("2026-05-04", &lives),
        ("2026-07-06", &lives),
        ("2026-12-28", &lives),
    ] {
        asked.extend(opens(day.parse().unwrap(), AgeRule::Calendar, histories, (&book, &top)));
    }
    let kinds: BTreeSet<String> = asked
        .iter()
        .map(|cell| match &cell.of {
            CountOf::Line(_, ago) => format!("line:{}", u8::from(*ago > 0)),
            of => of.to_string().split(':').next().unwrap().to_owned(),
        })
        .collect();
    for kind in [
        "line:0",
        "line:1",
        "level",
        "old_in_total",
        "old_with_unit",
        "never_told",
        "owed",
        "owed_overdue",
        "over",
        "still",
        "reason",
        "class",
        "suspected",
        "cause",
    ] {
        assert!(kinds.contains(kind), "nothing of `{kind}` was opened: {kinds:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_number_of_a_page_opens_to_its_list(
        histories in prop::collection::vec(history(), 0..30),
        rule in rule(),
        top in prop::sample::select(vec!["city", "works", "water"]),
    ) {
        opens("2024-03-04".parse().unwrap(), rule, &histories, (&book(), top));
    }

    #[test]
    fn what_is_counted_is_read_as_it_is_written(text in "[a-z_0-9]{0,12}(:[a-z0-9_-]{0,8}){0,2}") {
        if let Ok(of) = text.parse::<CountOf>() {
            prop_assert_eq!(of.to_string(), text);
        }
    }
}

#[test]
fn the_words_of_counts_are_each_others_and_no_lines() {
    let lines = MisLine::ALL.iter().map(|line| CountOf::from(*line));
    let weeks = u8::try_from(WEEKS).unwrap();
    let before = (1..weeks).map(|ago| CountOf::Line(MisLine::Disposed.into(), ago));
    let cause = || "late".parse().unwrap();
    let others = [
        CountOf::OldInTotal,
        CountOf::OldWithUnit,
        CountOf::NeverTold,
        CountOf::Owed,
        CountOf::OwedOverdue,
        CountOf::Level(0),
        CountOf::Over(None),
        CountOf::Still("registered".parse().ok()),
        CountOf::Reason(None),
        CountOf::Class(None),
        CountOf::Cause(cause(), None),
        CountOf::Cause(cause(), "pension".parse().ok()),
    ];
    let mut texts = BTreeSet::new();
    for of in lines.chain(before).chain(others) {
        let text = of.to_string();
        assert_eq!(text.parse(), Ok(of));
        assert!(texts.insert(text.clone()), "`{text}` says two things");
    }
    for wrong in [
        "",
        "disposed:0",
        "disposed:01",
        "disposed:12",
        "level:",
        "level:+1",
        "cause:late",
        "suspected:",
        "class:x",
    ] {
        assert!(wrong.parse::<CountOf>().is_err(), "{wrong}");
    }
}
