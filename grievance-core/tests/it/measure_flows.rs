//! Stock and flow of each period: histories, the table and the ledger against a naive count.

use crate::measure_cases::{row, sent};
use crate::measure_histories::{Case, at, fact};
use crate::measure_laws::history;
use crate::measure_ledger::{day, read, until};
use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::period::Period;
use grievance_core::measure::cases::row::{CaseRow, Ending};
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::cutoff::Cutoff;
use grievance_core::measure::flow::Flow;
use grievance_core::measure::flows::{FlowLine, Flows, Reckoning};
use grievance_core::measure::ledger::error::LedgerError;
use grievance_core::measure::ledger::keep::{Ledger, Step};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::picked::{Picked, Subject};
use grievance_core::vocabulary::AgeRule;
use proptest::prelude::*;

const ZONE: Tz = chrono_tz::Asia::Kolkata;
const UNITS: [&str; 4] = ["works", "water", "roads", "parks"];

fn cutoff(hour: u32, minute: u32) -> Cutoff {
    Cutoff::at(NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

/// Periods, and the hour at which they are cut off.
fn divided() -> impl Strategy<Value = (Period, u32, u32)> {
    let week = prop::sample::select(vec![Weekday::Mon, Weekday::Wed, Weekday::Fri, Weekday::Sun]);
    let period = prop_oneof![week.prop_map(Period::Week), Just(Period::Month), Just(Period::FinancialYear),];
    (period, prop_oneof![Just(0), 0..24_u32], prop_oneof![Just(0), 0..60_u32])
}

/// Each period as its first day, first instant and end, counted out by hand on clocks that never change.
fn periods(
    (period, hour, minute): (Period, u32, u32),
    zone: Tz,
    to: NaiveDate,
) -> Vec<(NaiveDate, DateTime<Utc>, DateTime<Utc>)> {
    let instant = |day: NaiveDate| {
        zone.from_local_datetime(&day.and_hms_opt(hour, minute, 0).unwrap()).unwrap().with_timezone(&Utc)
    };
    let (mut start, next): (NaiveDate, Box<dyn Fn(NaiveDate) -> NaiveDate>) = match period {
        // 1 December 2025 is a Monday.
        Period::Week(weekday) => {
            let first = NaiveDate::from_ymd_opt(2025, 12, 1).unwrap()
                + Days::new(weekday.num_days_from_monday().into());
            (first, Box::new(|day| day + Days::new(7)))
        }
        Period::Month => {
            (NaiveDate::from_ymd_opt(2025, 12, 1).unwrap(), Box::new(|day| day + Months::new(1)))
        }
        Period::FinancialYear => {
            (NaiveDate::from_ymd_opt(2025, 4, 1).unwrap(), Box::new(|day| day + Months::new(12)))
        }
    };
    let mut all = Vec::new();
    while start <= to {
        all.push((start, instant(start), instant(next(start))));
        start = next(start);
    }
    all
}

/// The flow of an office from one instant to another by the statement's own fold over facts of histories.
fn naive(histories: &[Vec<Recorded>], units: &[&str], from: DateTime<Utc>, until: DateTime<Utc>) -> Flow {
    let mut flow = Flow::default();
    let mut closing = 0;
    let here = |unit: &str| units.contains(&unit);
    for history in histories {
        let What::Adopted(adopted) = &history[0].event.what else { unreachable!("imported") };
        let mut waits: Option<String> = None;
        let mut known = false;
        let (mut opening, mut closes) = (None, None);
        for fact in adopted.facts.iter().filter(|fact| fact.at < until) {
            let unit = fact.led_to.unit.to_string();
            let pending = fact.led_to.phase.is_pending();
            if fact.at >= from {
                match &waits {
                    Some(left) if *left != unit => {
                        flow.transferred_out += u64::from(here(left));
                        flow.transferred_in += u64::from(here(&unit));
                    }
                    None if !known => flow.received += u64::from(here(&unit)),
                    None if pending => flow.reopened += u64::from(here(&unit)),
                    _ => {}
                }
                let leaves = waits.is_some() || !known;
                if leaves && fact.what == AdoptedStep::Disposed {
                    flow.disposed += u64::from(here(&unit));
                }
                if leaves && fact.what == AdoptedStep::Ended {
                    flow.closed_otherwise += u64::from(here(&unit));
                }
            } else {
                opening = pending.then(|| unit.clone());
            }
            known = true;
            waits = pending.then_some(unit.clone());
            closes.clone_from(&waits);
        }
        flow.brought_forward += u64::from(opening.is_some_and(|unit| here(&unit)));
        closing += u64::from(closes.is_some_and(|unit| here(&unit)));
    }
    flow.reconciled(closing)
}

fn chained(lines: &[FlowLine]) -> bool {
    lines.windows(2).all(|pair| pair[0].flow.closing == pair[1].flow.brought_forward)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the periods and their cut-off, histories and the ledger that is kept by them say what a naive
    /// count of each period finds, what is closing in one is brought forward in the next, and the movements
    /// explain the stock.
    #[test]
    fn histories_and_their_ledger_are_a_naive_count(
        histories in prop::collection::vec(history(), 0..25),
        divided in divided(),
    ) {
        let (period, hour, minute) = divided;
        let reckoning = Reckoning::new(period, ZONE).cut_at(cutoff(hour, minute));
        let mut flows = Flows::new(reckoning);
        let mut ledger = Ledger::cut_at(ZONE, cutoff(hour, minute));
        for history in &histories {
            flows.add_history(history);
            ledger.enter_history(history).unwrap();
        }
        let kept: Ledger = sent(&ledger);
        prop_assert_eq!(&kept, &ledger);
        let (from, to) = ("2025-12-10".parse().unwrap(), day(400));
        for units in [&["works"][..], &["water", "roads"], &UNITS] {
            let picked = Picked::units(units.iter().copied());
            let lines = flows.lines(&picked, from, to);
            prop_assert_eq!(&kept.flows(&picked, period, from, to).unwrap(), &lines);
            let all = periods(divided, ZONE, to).into_iter().filter(|(_, _, end)| *end > at("2025-12-10"));
            let mut expected: Vec<FlowLine> = all
                .map(|(start, begin, end)| FlowLine { start, flow: naive(&histories, units, begin, end) })
                .collect();
            // The first period is the one that has the day, whatever the hour.
            expected.retain(|line| line.start >= period.start(from));
            prop_assert_eq!(&lines, &expected);
            prop_assert!(chained(&lines));
            prop_assert!(lines.iter().all(|line| line.flow.difference == 0));
        }
    }

    /// A week up to midnight is the week of the statement, at each office.
    #[test]
    fn a_week_is_that_of_the_statement(histories in prop::collection::vec(history(), 0..25), number in 0..100_u64) {
        let terms = Terms::new(day(number), ZONE, AgeRule::Calendar);
        let week = Period::Week(chrono::Datelike::weekday(&day(number)));
        let (mut flows, mut part) = (Flows::new(Reckoning::new(week, ZONE)), MisPart::new(terms));
        for history in &histories {
            flows.add_history(history);
            part.add_history(history);
        }
        for unit in part.finish(|code| code.as_str().to_owned()).units {
            let since = day(number) - Days::new(7);
            let lines = flows.lines(&Picked::units([unit.code.as_str()]), since, since);
            prop_assert_eq!(lines, [FlowLine { start: since, flow: unit.figures.flow }]);
        }
    }

    /// The table says of its rows what a naive count of them finds, and so does the ledger of the table: in zones
    /// whose clocks change, too.
    #[test]
    fn a_table_and_its_ledger_are_a_naive_count(
        rows in prop::collection::vec(row(), 0..50),
        divided in divided(),
        zone in prop::sample::select(vec![ZONE, chrono_tz::UTC, chrono_tz::Asia::Kathmandu]),
    ) {
        let (period, hour, minute) = divided;
        let cases = read(zone, rows.iter().copied());
        let flows = cases.flows(&Reckoning::new(period, zone).cut_at(cutoff(hour, minute)), None).unwrap();
        let ledger = Ledger::of_cut_at(&cases, cutoff(hour, minute)).unwrap();
        let (from, to) = ("2025-12-10".parse().unwrap(), day(400));
        for (units, subject) in [(&UNITS[..1], None), (&UNITS[..], None), (&UNITS[..], Some("a"))] {
            let chosen = |row: &&CaseRow<'_>| {
                units.contains(&row.unit) && subject.is_none_or(|subject| row.category == Some(subject))
            };
            let count = |of: &dyn Fn(&CaseRow<'_>) -> bool| {
                rows.iter().filter(chosen).filter(|row| of(row)).count() as u64
            };
            let line = |(start, begin, end): (NaiveDate, DateTime<Utc>, DateTime<Utc>)| {
                let within = |at: DateTime<Utc>| begin <= at && at < end;
                let ends = |row: &CaseRow<'_>, otherwise: bool| {
                    row.ended.is_some_and(|(at, how)| within(at) && (how == Ending::Otherwise) == otherwise)
                };
                let open = |row: &CaseRow<'_>, at: DateTime<Utc>| {
                    row.received_at < at && row.ended.is_none_or(|(ended, _)| ended >= at)
                };
                let flow = Flow {
                    brought_forward: count(&|row| open(row, begin)),
                    received: count(&|row| within(row.received_at)),
                    disposed: count(&|row| ends(row, false)),
                    closed_otherwise: count(&|row| ends(row, true)),
                    ..Flow::default()
                };
                FlowLine { start, flow: flow.reconciled(count(&|row| open(row, end))) }
            };
            let all = periods(divided, zone, to).into_iter().filter(|(start, ..)| *start >= period.start(from));
            let expected: Vec<FlowLine> = all.map(line).collect();
            let subject = subject.map_or(Subject::Any, |code: &str| Subject::Of(code.into()));
            let picked = Picked::units(units.iter().copied()).of(subject);
            prop_assert_eq!(&flows.lines(&picked, from, to), &expected);
            prop_assert_eq!(&ledger.flows(&picked, period, from, to).unwrap(), &expected);
        }
    }
}

/// Nights in which clocks change or a day is left out: histories, table and ledger still say the same, and no
/// case is lost between two periods.
#[test]
fn nights_in_which_clocks_change_lose_nothing() {
    for (zone, around) in [
        (chrono_tz::America::Sao_Paulo, "2018-11-04"),
        (chrono_tz::America::Sao_Paulo, "2018-02-18"),
        (chrono_tz::America::St_Johns, "2006-10-29"),
        (chrono_tz::Pacific::Apia, "2011-12-30"),
    ] {
        let start: NaiveDate = around.parse().unwrap();
        let first = start.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::days(2);
        let hours = |n: i64| first + chrono::TimeDelta::minutes(37 * n);
        let histories: Vec<Vec<Recorded>> = (0..160)
            .map(|n| {
                let steps = vec![
                    fact(hours(n), AdoptedStep::Lodged, "works"),
                    fact(hours(n + 7), AdoptedStep::Routed, "water"),
                    fact(hours(n + 19), AdoptedStep::Disposed, "water"),
                ];
                Case::new(u128::try_from(n).unwrap()).adopted(at("2027-01-01"), steps).history
            })
            .collect();
        for hour in [Cutoff::MIDNIGHT, cutoff(0, 30), cutoff(1, 0), cutoff(17, 0)] {
            let period = Period::Week(chrono::Datelike::weekday(&start));
            let mut flows = Flows::new(Reckoning::new(period, zone).cut_at(hour));
            let mut ledger = Ledger::cut_at(zone, hour);
            for history in &histories {
                flows.add_history(history);
                ledger.enter_history(history).unwrap();
            }
            let (from, to) = (start - Days::new(14), start + Days::new(14));
            let lines = flows.lines(&Picked::all(), from, to);
            assert_eq!(ledger.flows(&Picked::all(), period, from, to).unwrap(), lines, "{zone} {hour}");
            assert_eq!(lines.iter().map(|line| line.flow.received).sum::<u64>(), 160);
            assert!(chained(&lines) && lines.iter().all(|line| line.flow.difference == 0));
            for line in &lines {
                let as_of = flows.reckoning().begin(line.start);
                let facts = histories.iter().filter_map(|history| fact_as_of(history, as_of));
                let pending = facts.filter(|fact| fact.phase.is_pending()).count() as u64;
                assert_eq!(line.flow.brought_forward, pending, "{zone} {hour} {}", line.start);
            }
            let facts: Vec<_> =
                histories.iter().filter_map(|it| fact_as_of(it, DateTime::<Utc>::MAX_UTC)).collect();
            let cases = read(zone, facts.iter().map(CaseRow::of));
            let table = cases.flows(&Reckoning::new(period, zone).cut_at(hour), None).unwrap();
            let kept =
                Ledger::of_cut_at(&cases, hour).unwrap().flows(&Picked::all(), period, from, to).unwrap();
            assert_eq!(table.lines(&Picked::all(), from, to), kept, "{zone} {hour}");
        }
    }
}

/// The worked example of the guide: a week from Friday 27 February at 17:00.
#[test]
fn a_week_that_is_cut_off_on_friday_at_five() {
    let friday = |hour: &str| at(&format!("2026-03-06T{hour}")); // UTC; Kolkata is 5:30 ahead
    let lodged = |n: u128, when, more: Vec<_>| {
        let mut steps = vec![fact(when, AdoptedStep::Lodged, "works")];
        steps.extend(more);
        Case::new(n).adopted(at("2026-11-01"), steps).history
    };
    let histories = [
        lodged(1, at("2026-02-20"), vec![]),
        lodged(2, friday("11:29:59"), vec![]),
        lodged(3, friday("11:30:00"), vec![]),
        lodged(4, at("2026-02-20"), vec![fact(at("2026-03-03"), AdoptedStep::Routed, "water")]),
        lodged(
            5,
            at("2026-02-20"),
            vec![
                fact(at("2026-02-25"), AdoptedStep::Disposed, "works"),
                fact(at("2026-03-02"), AdoptedStep::Reopened, "works"),
                fact(at("2026-03-04"), AdoptedStep::Disposed, "works"),
            ],
        ),
    ];
    let mut flows = Flows::new(Reckoning::new(Period::Week(Weekday::Fri), ZONE).cut_at(cutoff(17, 0)));
    for history in &histories {
        flows.add_history(history);
    }
    let works = Picked::units(["works"]);
    let lines = flows.lines(&works, "2026-03-01".parse().unwrap(), "2026-03-06".parse().unwrap());
    let week = Flow {
        brought_forward: 2,
        received: 1,
        reopened: 1,
        disposed: 1,
        transferred_out: 1,
        closing: 2,
        ..Flow::default()
    };
    assert_eq!(lines[0], FlowLine { start: "2026-02-27".parse().unwrap(), flow: week });
    assert_eq!((lines[1].flow.brought_forward, lines[1].flow.received, lines[1].flow.closing), (2, 1, 3));
    assert_eq!(flows.units().collect::<Vec<_>>(), ["water", "works"]);
}

/// Of one subject, a case that got another one is explained by no movement: the difference is told, in the
/// period in which it happened, and not an error.
#[test]
fn a_case_of_another_subject_is_a_difference() {
    let (came, turned, done) = (at("2026-01-05"), at("2026-02-05"), at("2026-03-05"));
    let row = CaseRow { category: Some("light"), ..CaseRow::new(came, "works") };
    let other = CaseRow { category: Some("roads"), ..row };
    let ended = CaseRow { ended: Some((done, Ending::Disposed(None))), ..other };
    let mut ledger = Ledger::new(ZONE);
    for (at, before, after) in [(came, None, row), (turned, Some(row), other), (done, Some(other), ended)] {
        ledger.post(&Step { at, before, after, undone: false }).unwrap();
    }
    let flows = |subject: &str| {
        let picked = Picked::all().of(Subject::Of(subject.into()));
        let lines = ledger.flows(&picked, Period::Month, came.date_naive(), done.date_naive()).unwrap();
        lines
            .iter()
            .map(|line| (line.flow.brought_forward, line.flow.closing, line.flow.difference))
            .collect::<Vec<_>>()
    };
    assert_eq!(flows("light"), [(0, 1, 0), (1, 0, 1), (0, 0, 0)]);
    assert_eq!(flows("roads"), [(0, 0, 0), (0, 1, -1), (1, 0, 0)]);
}

/// What divides time differently, or counts something else, does not merge; what cannot be is refused.
#[test]
fn other_periods_and_forged_parts_are_refused() {
    let rows = [CaseRow::new(at("2026-03-02"), "works")];
    let cases = read(ZONE, rows);
    let months = Reckoning::new(Period::Month, ZONE);
    let mut own = cases.flows(&months, None).unwrap();
    let before = own.clone();
    for other in [
        Flows::new(months),
        cases.flows(&Reckoning::new(Period::FinancialYear, ZONE), None).unwrap(),
        cases.flows(&months.cut_at(cutoff(17, 0)), None).unwrap(),
    ] {
        assert_eq!(own.merge(&other), Err(DoesNotFit::Terms));
    }
    assert_eq!(own, before);
    assert_eq!(cases.flows(&Reckoning::new(Period::Month, chrono_tz::UTC), None), Err(DoesNotFit::Zone));

    let text = serde_json::to_string(&own).unwrap();
    let read = |text: &str| serde_json::from_str::<Flows>(text).map_err(|problem| problem.to_string());
    assert_eq!(read(&text), Ok(own));
    for (from, to, problem) in [
        ("\"stock\":1", "\"stock\":-1", "closes more"),
        ("2026-03-01", "2026-03-02", "not what it says"),
        ("\"moved\":[1,", "\"moved\":[9223372036854775807,", "more than there can be"),
        ("\"by\":\"row\"", "\"by\":\"guess\"", "unknown variant"),
        ("\"by\":\"row\"", "\"by\":\"row\",\"more\":1", "unknown field"),
        ("Asia/Kolkata", "Asia/Nowhere", ""),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        assert!(read(&text.replacen(from, to, 1)).unwrap_err().contains(problem), "{from}");
    }
    let half = format!("\"moved\":[{},", 1_u64 << 55);
    let mut large = read(&text.replacen("\"moved\":[1,", &half, 1)).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
}

/// A ledger whose days begin at another hour answers no terms, and does not merge with one whose days do not.
#[test]
fn a_ledger_of_another_hour_has_flows_alone() {
    let row = CaseRow::new(at("2026-03-02"), "works");
    let mut ledger = Ledger::cut_at(ZONE, cutoff(17, 0));
    ledger.enter(&row, until()).unwrap();
    let terms = Terms::new(day(80), ZONE, AgeRule::Calendar);
    assert_eq!(ledger.balance(&Picked::all(), &terms), Err(LedgerError::Cutoff));
    assert_eq!(ledger.merge(&Ledger::new(ZONE)), Err(LedgerError::Cutoff));
    assert_eq!(ledger.open_by_receipt(&Picked::all(), day(80)).unwrap().len(), 1);
    let text = serde_json::to_string(&ledger).unwrap();
    assert!(text.contains("\"cutoff\":\"17:00\""), "{text}");
    for wrong in ["24:00", "5:00", "17:00:00", ""] {
        assert!(Ledger::from_json(&text.replace("17:00", wrong)).is_err(), "{wrong}");
    }
    assert!(!serde_json::to_string(&Ledger::new(ZONE)).unwrap().contains("cutoff"));
}
