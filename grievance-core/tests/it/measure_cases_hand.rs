//! The table of cases by hand: what is refused, what is absent, and the ends of everything.

use crate::measure_cases::{ZONE, read, terms};
use crate::measure_histories::{at, imported};
use chrono::{DateTime, NaiveDate, Utc, Weekday};
use grievance_core::grievance::judged::Judged;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::CategoryCode;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::period::{Movements, OtherPeriods, Period};
use grievance_core::measure::cases::row::{CaseRow, Ending, RejectedRow, RowFault, RowField, Said};
use grievance_core::measure::cases::survival::{Survival, Z_95};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::{DoesNotFit, Part};
use grievance_core::measure::flows::Reckoning;
use grievance_core::measure::headline::Asked;
use grievance_core::measure::index::{Board, Definition, WhenEmpty, shipped};
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::measure::picked::Picked;
use grievance_core::vocabulary::{AgeRule, DisposalClass, ErrorCode, FeedbackOutcome, Quantity};

#[test]
fn rows_that_cannot_be_used_are_all_told() {
    let day = |text: &str| at(text);
    let good = CaseRow::new(day("2026-03-02"), "works");
    let ended = |text: &str| Some((day(text), Ending::Disposed(None)));
    let rows = [
        CaseRow { unit: "", ..good },
        CaseRow { ended: ended("2026-03-01"), ..good },
        good,
        CaseRow { received_at: day("2030-01-02"), ..good },
        CaseRow { ended: ended("2030-01-02"), ..good },
        CaseRow { said: Some(Said::Rating(11)), ..good },
        CaseRow { reopened: 65_536, ..good },
        CaseRow { breached: 65_535, ended: ended("2026-03-02"), ..good },
        CaseRow { last_told_at: Some(day("2026-03-01")), ..good },
    ];
    let read = read(rows);
    assert_eq!(read.cases.len(), 2);
    let told: Vec<_> = read.rejected.iter().map(|it| (it.row, it.field, it.fault)).collect();
    assert_eq!(
        told,
        [
            (0, RowField::Unit, RowFault::Missing),
            (1, RowField::EndedAt, RowFault::BeforeReceived),
            (3, RowField::ReceivedAt, RowFault::Future),
            (4, RowField::EndedAt, RowFault::Future),
            (5, RowField::Said, RowFault::OutOfRange),
            (6, RowField::Reopened, RowFault::OutOfRange),
            (8, RowField::LastToldAt, RowFault::BeforeReceived),
        ]
    );
    assert_eq!(read.rejected[1].code(), ErrorCode::DatesContradict);
    assert_eq!(RejectedRow { row: 4, ..read.rejected[0] }.to_string(), "row 4: the field is missing (Unit)");
}

#[test]
fn nothing_is_not_zero_per_cent() {
    let empty = read([]).cases;
    let total = empty.count(empty.unit(), None, &terms(AgeRule::Calendar)).unwrap().total();
    assert_eq!((total.received, total.pending(), total.oldest_at()), (0, 0, None));
    assert_eq!(total.disposal_ratio().value(), None);
    assert_eq!(total.benefit_ratio().value(), None);
    assert_eq!((total.durations.quantile_days(0.5), total.durations.mean_days()), (None, None));
    // As of a day before everything, a table with a case says the same.
    let one = read([CaseRow::new(at("2026-08-01"), "works")]).cases;
    let before = one.count(one.unit(), None, &terms(AgeRule::Calendar)).unwrap();
    assert_eq!(before.total(), total);
    assert!(before.groups().is_empty());
    assert_eq!(Survival::new(&terms(AgeRule::Calendar)).curve(Z_95), Ok(Vec::new()));
}

/// What no row tells is absent from what an index is made of, and so makes no score of zero.
#[test]
fn what_a_table_does_not_count_is_no_quantity() {
    let mut row = CaseRow::new(at("2026-03-01"), "works");
    row.ended = Some((at("2026-03-03"), Ending::Disposed(None)));
    let of = |row| {
        let cases = read([row]).cases;
        cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap().total().quantities()
    };
    let bare = of(row);
    assert_eq!((bare.get(Quantity::Disposed), bare.get(Quantity::DisposalDays)), (Some(1), Some(2)));
    for absent in [
        Quantity::DisposedWithClass,
        Quantity::BenefitProvided,
        Quantity::FeedbackGiven,
        Quantity::Rated,
        Quantity::Reopened,
        Quantity::Classified,
        Quantity::DisposedWithTarget,
        Quantity::DisposedOnTime,
    ] {
        assert_eq!(bare.get(absent), None, "{absent}");
    }
    row.ended = Some((at("2026-03-03"), Ending::Disposed(Some(DisposalClass::TakenUp))));
    row.said = Some(Said::Outcome(FeedbackOutcome::Unreachable));
    let told = of(row);
    assert_eq!(
        (told.get(Quantity::DisposedWithClass), told.get(Quantity::BenefitProvided)),
        (Some(1), Some(0))
    );
    assert_eq!(
        (told.get(Quantity::FeedbackGiven), told.get(Quantity::FeedbackSatisfied)),
        (Some(0), Some(0))
    );
    assert_eq!(told.get(Quantity::Rated), None);
    row.said = Some(Said::Rating(4));
    assert_eq!((of(row).get(Quantity::Rated), of(row).get(Quantity::RatingSum)), (Some(1), Some(4)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let one = read([CaseRow::new(at("2026-03-01"), "works")]).cases;
    let none = read([]).cases;
    let calendar = terms(AgeRule::Calendar);
    assert_eq!(one.count(none.unit(), None, &calendar), Err(DoesNotFit::Column));
    let elsewhere = Terms::new("2026-04-11".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
    assert_eq!(one.count(one.unit(), None, &elsewhere), Err(DoesNotFit::Zone));
    let mut part = one.count(one.unit(), None, &calendar).unwrap();
    let other = one.count(one.unit(), None, &terms(AgeRule::Elapsed)).unwrap();
    assert_eq!(part.merge(&other), Err(DoesNotFit::Terms));
    for elsewhere in [
        Terms::new("2026-04-12".parse().unwrap(), ZONE, AgeRule::Calendar),
        calendar.with_bands(PendencyBands::new([7, 15, 30]).unwrap()),
    ] {
        let other = one.count(one.unit(), None, &elsewhere).unwrap();
        assert_eq!(part.merge(&other), Err(DoesNotFit::Terms));
    }
}

/// A part of a divided case, and a sealed case, count nowhere; only the parts are told.
#[test]
fn parts_of_divided_cases_are_counted_apart() {
    let fact =
        |number| fact_as_of(&imported(number, "works", at("2026-03-01"), None), at("2026-04-01")).unwrap();
    let part = CaseFact { part_of: Some(fact(1).id), ..fact(2) };
    let sealed = CaseFact { sealed: Some(CategoryCode::new("vigilance").unwrap()), ..fact(3) };
    let read = Cases::read_facts(ZONE, at("2030-01-01"), [fact(1), part, sealed]);
    assert_eq!((read.cases.len(), read.parts, read.rejected.len()), (1, 1, 0));
}

/// Parts with counts near 2^64, or that contradict themselves, are refused before they overflow
/// anything; what was merged before is as it was.
#[test]
fn forged_parts_are_refused() {
    let ended = Some((at("2026-03-04"), Ending::Disposed(Some(DisposalClass::Benefit))));
    let said = Some(Said::Rating(7));
    let row = CaseRow { ended, said, reason: Some("done"), ..CaseRow::new(at("2026-03-01"), "works") };
    let cases = read([row, CaseRow::new(at("2026-03-01"), "works")]).cases;
    let part = cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap();
    let text = serde_json::to_string(&part).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        serde_json::from_str::<Part>(&text.replacen(from, to, 1)).map_err(|error| error.to_string())
    };
    for near in [u64::MAX, u64::MAX - 1, i64::MAX as u64, (1 << 56) + 1] {
        for (from, to) in [
            ("\"received\":2", format!("\"received\":{near}")),
            ("\"disposed\":1", format!("\"disposed\":{near}")),
            ("\"bands\":[0,0,0,1]", format!("\"bands\":[0,{near},0,1]")),
            ("\"ratings\":{\"7\":1}", format!("\"ratings\":{{\"7\":{near}}}")),
            ("\"done\":1", format!("\"done\":{near}")),
            ("\"benefit\":1", format!("\"benefit\":{near}")),
            ("\"lengths\":{\"3\":1}", format!("\"lengths\":{{\"3\":{near}}}")),
            ("\"reopened\":0", format!("\"reopened\":{near}")),
        ] {
            let error = forged(from, &to).unwrap_err();
            assert!(error.contains("more than there can be"), "{to}: {error}");
        }
    }
    for (from, to) in [
        ("\"ratings\":{\"7\":1}", "\"ratings\":{\"11\":1}"),
        ("\"bands\":[0,0,0,1]", "\"bands\":[0,0,1]"),
        ("\"rule\":\"calendar\",\"cuts\"", "\"rule\":\"elapsed\",\"cuts\""),
    ] {
        assert!(forged(from, to).unwrap_err().contains("is not what it says"), "{to}");
    }
    // Two that are as large as can be.
    let half = format!("\"received\":{}", 1_u64 << 55);
    let mut large = forged("\"received\":2", &half).unwrap();
    let before = large.clone();
    assert_eq!(large.merge(&before), Err(DoesNotFit::TooMany));
    assert_eq!(large, before);

    let weeks = cases.movements(Period::Week(Weekday::Mon), None).unwrap();
    let text = serde_json::to_string(&weeks).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        serde_json::from_str::<Movements>(&text.replace(from, to)).map_err(|error| error.to_string())
    };
    let most = format!("\"received\":{}", u64::MAX);
    assert!(forged("\"received\":2", &most).unwrap_err().contains("more than there can be"));
    assert!(forged("\"disposed\":1", "\"disposed\":3").unwrap_err().contains("closes more"));
    assert!(forged("2026-03-02", "2026-03-03").unwrap_err().contains("is not what it says"));
    let mut large = forged("\"received\":2", &half).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(OtherPeriods::TooMany));
    assert_eq!(large.merge(&cases.movements(Period::Month, None).unwrap()), Err(OtherPeriods::Period));

    let mut one = Survival::new(&terms(AgeRule::Calendar));
    one.dispose(3, 7);
    one.censor(3, 1);
    let many = serde_json::to_string(&one)
        .unwrap()
        .replace("\"disposed\":7", &format!("\"disposed\":{}", 1_u64 << 55));
    let mut large: Survival = serde_json::from_str(&many).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
    let more = many.replace("\"censored\":1", &format!("\"censored\":{}", u64::MAX));
    assert!(serde_json::from_str::<Survival>(&more).is_err());
    let banded = many.replace("\"cuts\":[]", "\"cuts\":[7]");
    assert!(serde_json::from_str::<Survival>(&banded).unwrap_err().to_string().contains("not what it says"));
    // Lengths as of another day, in another zone or by another rule are not added to these.
    let day: NaiveDate = "2026-03-17".parse().unwrap();
    for other in [
        Terms::new(day.succ_opt().unwrap(), ZONE, AgeRule::Calendar),
        Terms::new(day, chrono_tz::UTC, AgeRule::Calendar),
        Terms::new(day, ZONE, AgeRule::Elapsed),
    ] {
        let mut own = Survival::new(&Terms::new(day, ZONE, AgeRule::Calendar));
        let before = own.clone();
        let other = Survival::new(&other);
        assert_eq!(own.merge(&other), Err(DoesNotFit::Terms));
        assert_eq!(own, before);
    }
    let own = Survival::new(&Terms::new(day, ZONE, AgeRule::Calendar));
    assert_eq!((own.as_of(), own.zone(), own.rule()), (day, ZONE.name(), AgeRule::Calendar));
}

/// A row of which more than dates is known is judged by that, whether its due date stands beside it or not, in a
/// table and in a ledger.
#[test]
fn a_judgement_brings_its_due_date() {
    let terms = terms(AgeRule::Calendar);
    let (due_at, late_at, soon_at) = (at("2026-03-05"), Some(at("2026-03-05")), Some(at("2026-03-04")));
    let bare = CaseRow {
        judged: Some(Judged { due_at, late_at, soon_at }),
        ..CaseRow::new(at("2026-03-01"), "works")
    };
    let told = CaseRow { due_at: Some(due_at), ..bare };
    for row in [bare, told] {
        let cases = read([row]).cases;
        let tally = cases.count(cases.unit(), None, &terms).unwrap().total();
        assert_eq!((tally.overdue, tally.no_target), (1, 0));
        let mut ledger = Ledger::new(ZONE);
        ledger.enter(&row, at("2030-01-01")).unwrap();
        let balance = ledger.balance(&Picked::all(), &terms).unwrap();
        assert_eq!((balance.overdue, balance.no_target), (1, 0));
    }
}

/// Due dates that nobody told make no score, good or bad; where one office's are told, another's are none.
#[test]
fn due_dates_that_are_not_known_are_not_zero() {
    let mut row = CaseRow::new(at("2026-03-01"), "works");
    row.ended = Some((at("2026-03-03"), Ending::Disposed(None)));
    let parks = CaseRow { unit: "parks", ..row };
    let open = CaseRow { ended: None, unit: "water", ..row };
    let index: Vec<Definition> = [WhenEmpty::Best, WhenEmpty::Worst]
        .into_iter()
        .map(|when_empty| {
            let mut index = shipped().into_iter().find(|one| one.code == "timely_disposal").unwrap();
            index.terms[0].when_empty = when_empty;
            index
        })
        .collect();
    let counted = |rows: &[CaseRow<'static>]| {
        let cases = read(rows.iter().copied()).cases;
        let part = cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap();
        let of =
            |unit: &str, quantity| part.quantities().find(|(code, _)| *code == unit).unwrap().1.get(quantity);
        let scores: Vec<Vec<Option<f64>>> = index
            .iter()
            .map(|index| {
                let counts = part.quantities().map(|(code, counts)| (code.parse().unwrap(), counts));
                let board = Board::of(index, counts, "2026-03-17".parse().unwrap(), None).unwrap();
                let mut offices = board.offices;
                offices.sort_by(|a, b| a.unit.cmp(&b.unit));
                offices.iter().map(|it| it.score).collect()
            })
            .collect();
        (of("works", Quantity::DisposedWithTarget), of("water", Quantity::PendingOverdue), scores)
    };
    let nobody = counted(&[row, parks, open]);
    assert_eq!(nobody, (None, None, vec![vec![None; 3]; 2]), "nobody told a due date");
    let due = CaseRow { due_at: Some(at("2026-03-02")), ..parks };
    let one = counted(&[row, due, open]);
    // Parks was late; of works and water the table tells that no due date was set.
    let scores = vec![vec![Some(0.0), Some(100.0), Some(100.0)], vec![Some(0.0); 3]];
    assert_eq!(one, (Some(0), Some(0), scores));
    let pending = CaseRow { due_at: Some(at("2026-03-02")), ..open };
    let late = counted(&[row, parks, pending]);
    assert_eq!(
        (late.0, late.1),
        (None, Some(1)),
        "of the disposed nothing is known by those that are pending"
    );
}

/// A choice of another table's cases is refused by every measure alike, and nothing is counted by it.
#[test]
fn a_choice_of_another_table_is_refused() {
    let row = |day: &str| CaseRow::new(at(day), "works");
    let table = |days: &[&str]| read(days.iter().map(|day| row(day))).cases;
    let cases = table(&["2026-01-05", "2026-01-06"]);
    let day: NaiveDate = "2026-03-01".parse().unwrap();
    let terms = Terms::new(day, ZONE, AgeRule::Calendar);
    for other in [table(&["2026-01-05"]), table(&["2026-01-05", "2026-01-06", "2026-01-07"])] {
        let others = other.chosen(other.unit(), &["works"]);
        let refused = Some(DoesNotFit::Column);
        assert_eq!(cases.count(cases.unit(), Some(&others), &terms).err(), refused);
        assert_eq!(cases.count_on(cases.unit(), Some(&others), &terms, 2).err(), refused);
        assert_eq!(cases.headlines(cases.unit(), Some(&others), &terms, &Asked::default(), 1).err(), refused);
        assert_eq!(cases.survival(Some(&others), &terms).err(), refused);
        let weeks = Reckoning::new(Period::Week(Weekday::Mon), ZONE);
        assert_eq!(cases.flows(&weeks, Some(&others)).err(), refused);
        assert_eq!(cases.weekly(cases.unit(), Some(&others), day, 8).err(), refused);
        assert_eq!(cases.movements(Period::Month, Some(&others)).err(), refused);
        let own = cases.chosen(cases.unit(), &["works"]);
        assert_eq!(own.clone().and(&others).err(), refused);
        // A choice by another table's column is one of that table.
        let by_other = cases.chosen(other.unit(), &["works"]);
        assert_eq!(cases.survival(Some(&by_other), &terms).err(), refused);
        assert!(cases.survival(Some(&own), &terms).is_ok());
    }
}

/// The first and the last instant of the calendar are read in every zone, and every measure has them on some day.
#[test]
fn the_ends_of_the_calendar_are_counted() {
    for zone in [chrono_tz::America::New_York, chrono_tz::UTC, chrono_tz::Asia::Kolkata] {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let mut ended = CaseRow::new(first, "works");
        ended.ended = Some((last, Ending::Disposed(None)));
        ended.due_at = Some(first);
        ended.last_told_at = Some(first);
        let rows = [CaseRow::new(first, "works"), ended, CaseRow::new(last, "works")];
        let read = Cases::read(zone, last, rows);
        assert_eq!(read.rejected, []);
        let cases = read.cases;
        for rule in [AgeRule::Calendar, AgeRule::Elapsed] {
            let terms = Terms::new("2026-03-01".parse().unwrap(), zone, rule);
            let total = cases.count(cases.unit(), None, &terms).unwrap().total();
            assert_eq!((total.received, total.disposed, total.bands[3]), (2, 0, 2), "{zone} {rule}");
            let headlines = cases.headlines(cases.unit(), None, &terms, &Asked::default(), 2).unwrap();
            assert_eq!(headlines.iter().next().unwrap().counts.received, 2);
            assert_eq!(cases.survival(None, &terms).unwrap().curve(1.0).unwrap().len(), 1);
        }
        for period in [Period::Week(Weekday::Mon), Period::Month, Period::FinancialYear] {
            let day = "2026-03-01".parse().unwrap();
            let ledger = cases.movements(period, None).unwrap().ledger(day, day);
            assert_eq!((ledger[0].brought_forward, ledger[0].pending), (2, 2), "{zone}");
            assert!(cases.flows(&Reckoning::new(period, zone), None).is_ok());
        }
    }
}
