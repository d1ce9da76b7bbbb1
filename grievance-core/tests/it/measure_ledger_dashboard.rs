//! The dashboard: asked again and again, of whatever ledger, it says what the ledger says.

use crate::measure_cases::{ZONE, row, sent};
use crate::measure_ledger::{day, flat, headlines_of, read, terms, until};
use chrono::TimeDelta;
use grievance_core::measure::cases::row::CaseRow;
use grievance_core::measure::headline::Asked;
use grievance_core::measure::ledger::dashboard::Dashboard;
use grievance_core::measure::ledger::error::LedgerError;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::ledger::{Picked, Subject};
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::vocabulary::AgeRule;
use proptest::prelude::*;

const QUANTILES: [f64; 3] = [0.0, 0.5, 0.9];

fn asked() -> Asked {
    Asked::new(QUANTILES, 21).unwrap()
}

/// What happens to a ledger between two looks at the dashboard.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are a handful")]
enum Turn {
    /// A case is entered.
    Enter(CaseRow<'static>),
    /// The last one that was entered is taken out.
    TakeOut,
    /// The dashboard is asked of the ledger as it was some turns before.
    Earlier(usize),
    /// The ledger goes on as its own text read again, merged into nothing.
    Sent,
    /// Another day is asked for.
    Day(u64),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        8 => row().prop_map(Turn::Enter),
        2 => Just(Turn::TakeOut),
        1 => (0..6_usize).prop_map(Turn::Earlier),
        1 => Just(Turn::Sent),
        2 => (0..260_u64).prop_map(Turn::Day),
    ]
}

fn picks() -> impl Strategy<Value = Picked> {
    let some = Picked::units(["works", "parks", "nowhere"]);
    prop_oneof![
        Just(Picked::all()),
        Just(some.clone()),
        Just(some.of(Subject::Of("a".into()))),
        Just(Picked::all().of(Subject::None)),
    ]
}

proptest! {
    /// After every turn the dashboard says what the ledger says.
    #[test]
    fn a_dashboard_says_what_the_ledger_says(
        turns in prop::collection::vec(turn(), 0..60),
        picked in picks(),
        threads in 0..3_usize,
    ) {
        let bands = PendencyBands::new([7, 15, 31]).unwrap();
        let of = |number| terms(day(number), ZONE).with_bands(bands.clone());
        let mut dashboard = Dashboard::new(picked.clone(), of(0), asked());
        let (mut ledger, mut number) = (Ledger::new(ZONE), 100);
        let (mut entered, mut earlier) = (Vec::new(), Vec::new());
        for turn in turns {
            let mut shown = None;
            match turn {
                Turn::Enter(row) => {
                    ledger.enter(&row, until()).unwrap();
                    entered.push(row);
                }
                Turn::TakeOut => {
                    if let Some(row) = entered.pop() {
                        ledger.take_out(&row, until()).unwrap();
                    }
                }
                Turn::Earlier(back) => shown = earlier.iter().rev().nth(back).cloned(),
                Turn::Sent => {
                    let mut merged = Ledger::new(ZONE);
                    merged.merge(&sent(&ledger)).unwrap();
                    ledger = merged;
                }
                Turn::Day(other) => number = other,
            }
            let shown = shown.unwrap_or_else(|| ledger.clone());
            let said = shown.headlines(&picked, &of(number), &asked(), 1).unwrap();
            let again = dashboard.refresh(&shown, day(number), threads).unwrap();
            prop_assert_eq!(flat(again, 3), flat(&said, 3));
            earlier.push(shown);
        }
    }

    /// Big books, in which the state of a day lies between marks: ledger, dashboard and scan agree.
    #[test]
    fn big_books_say_the_same(
        some in prop::collection::vec(row(), 1..40),
        numbers in prop::collection::vec(0..300_u64, 1..12),
    ) {
        // Each row many times, a day later each time.
        let rows: Vec<CaseRow<'static>> = (0..40)
            .flat_map(|later| some.iter().map(move |row| (row, TimeDelta::days(later))))
            .map(|(row, later)| CaseRow {
                received_at: row.received_at + later,
                ended: row.ended.map(|(at, how)| (at + later, how)),
                last_told_at: row.last_told_at.map(|at| at + later),
                due_at: row.due_at.map(|at| at + later),
                ..*row
            })
            .collect();
        let cases = read(ZONE, rows.iter().copied());
        let ledger = Ledger::of(&cases).unwrap();
        let mut dashboard = Dashboard::new(Picked::all(), terms(day(0), ZONE), asked());
        for number in numbers {
            let scanned = headlines_of(&cases, &terms(day(number), ZONE), &QUANTILES, 21);
            let said = ledger.headlines(&Picked::all(), &terms(day(number), ZONE), &asked(), 2).unwrap();
            prop_assert_eq!(&flat(&said, 3), &scanned);
            prop_assert_eq!(flat(dashboard.refresh(&ledger, day(number), 2).unwrap(), 3), scanned);
        }
    }
}

/// Cut points of any size: about the one from which ages have no place of their own, and as far as a number goes.
fn cuts() -> impl Strategy<Value = PendencyBands> {
    let cut = prop_oneof![1..40_u32, 4_090..4_100_u32, 4_000..20_000_u32, Just(u32::MAX), 1..u32::MAX];
    prop::collection::btree_set(cut, 1..6)
        .prop_map(|cuts| PendencyBands::new(cuts.into_iter().collect::<Vec<_>>()).unwrap())
}

proptest! {
    /// However far the last band begins, and however old what is pending: ledger, dashboard and scan agree.
    #[test]
    fn bands_may_begin_as_late_as_they_like(
        some in prop::collection::vec((row(), 0..20_000_i64), 1..60),
        bands in cuts(),
        numbers in prop::collection::vec(0..300_u64, 1..4),
    ) {
        let rows = some.iter().map(|(row, days)| {
            CaseRow { received_at: row.received_at - TimeDelta::days(*days), ..*row }
        });
        let cases = read(ZONE, rows);
        let ledger = Ledger::of(&cases).unwrap();
        let of = |number| terms(day(number), ZONE).with_bands(bands.clone());
        let mut dashboard = Dashboard::new(Picked::all(), of(0), asked());
        for number in numbers {
            let scanned = headlines_of(&cases, &of(number), &QUANTILES, 21);
            let said = ledger.headlines(&Picked::all(), &of(number), &asked(), 2).unwrap();
            prop_assert_eq!(&flat(&said, 3), &scanned);
            prop_assert_eq!(flat(dashboard.refresh(&ledger, day(number), 2).unwrap(), 3), scanned);
        }
    }
}

/// What was taken out and never entered is found at any age below the last cut.
#[test]
fn old_cases_are_not_overdrawn() {
    let old = |at: &str| CaseRow::new(at.parse().unwrap(), "works");
    let bands = PendencyBands::new([7, 30_000]).unwrap();
    let mut ledger = Ledger::new(ZONE);
    ledger.enter(&old("1990-01-05T10:00:00Z"), until()).unwrap();
    ledger.enter(&old("1990-01-05T11:00:00Z"), until()).unwrap();
    let of = terms(day(50), ZONE).with_bands(bands);
    let said = |ledger: &Ledger| ledger.headlines(&Picked::all(), &of, &asked(), 1);
    assert_eq!(said(&ledger).unwrap().iter().next().unwrap().bands, [0, 2, 0]);
    ledger.take_out(&old("1990-01-06T10:00:00Z"), until()).unwrap();
    assert_eq!(said(&ledger).unwrap_err(), LedgerError::Overdrawn);
}

/// What the ledger refuses the dashboard refuses, and it goes on afterwards.
#[test]
fn what_cannot_be_asked_is_refused() {
    let kolkata = chrono_tz::Asia::Kolkata;
    let row = CaseRow::new("2026-01-05T10:00:00Z".parse().unwrap(), "works");
    let mut ledger = Ledger::new(kolkata);
    ledger.enter(&row, until()).unwrap();
    let on = |rule| Dashboard::new(Picked::all(), Terms::new(day(50), kolkata, rule), asked());
    assert_eq!(on(AgeRule::Elapsed).refresh(&ledger, day(50), 1).unwrap_err(), LedgerError::Rule);
    let elsewhere = Ledger::new(chrono_tz::UTC);
    let mut dashboard = on(AgeRule::Calendar);
    assert_eq!(dashboard.refresh(&elsewhere, day(50), 1).unwrap_err(), LedgerError::Zone);
    assert_eq!(dashboard.refresh(&ledger, day(50), 1).unwrap().len(), 1);
    // One more is taken out than was ever entered: an error each time, and never an old figure.
    ledger.take_out(&row, until()).unwrap();
    ledger.take_out(&row, until()).unwrap();
    for _ in 0..2 {
        assert_eq!(dashboard.refresh(&ledger, day(50), 1).unwrap_err(), LedgerError::Overdrawn);
    }
    ledger.enter(&row, until()).unwrap();
    assert!(dashboard.refresh(&ledger, day(50), 1).unwrap().is_empty());
}
