//! The table of cases against the figures that another program computed of three cities' records.

use crate::measure_histories::data;
use crate::measure_oracle::{BALTIMORE, BOSTON, City, NEW_YORK, Row};
use chrono::{DateTime, Utc};
use grievance_core::measure::cases::period::Period;
use grievance_core::measure::cases::row::{CaseRow, Ending};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::Tally;
use grievance_core::measure::duration::Durations;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::vocabulary::AgeRule;
use serde_json::{Value, json};

const DAY_MILLIS: i64 = 86_400_000;

/// A table of a city's rows, grouped by a column: as its subject, since a subject may be blank.
fn table(rows: &[Row], column: usize) -> Cases {
    let until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let rows = rows.iter().map(|row| CaseRow {
        category: Some(row.groups[column].as_str()).filter(|code| !code.is_empty()),
        ended: row.disposed.map(|at| (at, Ending::Disposed(None))),
        ..CaseRow::new(row.lodged, "city")
    });
    let read = Cases::read(chrono_tz::UTC, until, rows);
    assert_eq!(read.rejected, []);
    read.cases
}

/// A number as the oracle prints it: to six decimals.
fn printed(number: f64) -> Value {
    json!(format!("{number:.6}").parse::<f64>().unwrap())
}

fn lengths_equal(took: &Durations, truth: &Value, place: &str) {
    assert_eq!(json!(took.count()), truth["n"], "{place} n");
    if took.count() == 0 {
        assert_eq!((took.quantile_days(0.5), took.mean_days()), (None, None), "{place}");
        return;
    }
    let unit = if took.rule() == AgeRule::Elapsed { DAY_MILLIS } else { 1 };
    #[expect(clippy::cast_precision_loss, reason = "lengths of some years")]
    let days = |length: i64| printed(length as f64 / unit as f64);
    assert_eq!(printed(took.quantile_days(0.5).unwrap()), truth["median"], "{place} median");
    assert_eq!(printed(took.quantile_days(0.9).unwrap()), truth["p90_linear"], "{place} p90");
    assert_eq!(printed(took.mean_days().unwrap()), truth["mean"], "{place} mean");
    assert_eq!(days(took.lengths().next().unwrap().0), truth["min"], "{place} min");
    assert_eq!(days(took.lengths().last().unwrap().0), truth["max"], "{place} max");
}

/// The figures of one group as of a day: `edges` are the same cases in bands of single days.
fn tally_equals(tally: &Tally, edges: &Tally, truth: &Value, place: &str) {
    let rule = tally.durations.rule();
    let (bands, days, within) = match rule {
        AgeRule::Calendar | AgeRule::Working => (&truth["calendar"], "calendar_days", "within_30_calendar"),
        AgeRule::Elapsed => (truth, "elapsed_days", "within_30_elapsed_floor"),
    };
    assert_eq!(json!(tally.received), truth["opened_before"], "{place} received");
    assert_eq!(json!(tally.disposed), truth["disposed_before"], "{place} disposed");
    assert_eq!(json!(tally.pending()), bands["pending"], "{place} pending");
    let expected = ["<7", "7-14", "15-30", ">30"].map(|key| bands["B"][key].as_u64().unwrap());
    assert_eq!(tally.bands, expected, "{place} bands");
    // Bands of single days from 6 to 31, then sums of them: the other cut points of the oracle.
    for day in [6_usize, 7, 8, 14, 15, 16, 29, 30, 31] {
        assert_eq!(json!(edges.bands[day - 5]), bands["edges"][day.to_string()], "{place} {day} days");
    }
    let between = |from: usize, to: usize| edges.bands[from - 5..=to - 5].iter().sum::<u64>();
    assert_eq!(json!(between(7, 15)), bands["A"]["7-15"], "{place} 7 to 15");
    assert_eq!(json!(between(16, 30)), bands["A"]["16-30"], "{place} 16 to 30");
    lengths_equal(&tally.durations, &truth["disposal"][days], place);
    let share = tally.durations.within(30).value();
    assert_eq!(json!(share), truth["disposal"][within], "{place} within 30 days");
}

fn equals_the_oracle(city: &City) {
    let Some(data) = data() else { return };
    let truth = city.truth(&data);
    let (rows, _) = city.rows(&data, chrono_tz::UTC);
    let days = PendencyBands::new((6..=32).collect::<Vec<u32>>()).unwrap();
    for (column, group) in std::iter::once(&city.unit).chain(city.others).enumerate() {
        let cases = table(&rows, column);
        let by = truth["by"][group].as_object().unwrap();
        for rule in &[AgeRule::Calendar, AgeRule::Elapsed] {
            for as_of in truth["all"]["as_of"].as_object().unwrap().keys() {
                let place = format!("{} {as_of} {rule} {group}", city.folder);
                let terms = Terms::new(as_of.parse().unwrap(), chrono_tz::UTC, *rule);
                let count = |terms: &Terms| cases.count(cases.category(), None, terms).unwrap();
                let part = count(&terms);
                let edges = count(&terms.clone().with_bands(days.clone()));
                tally_equals(&part.total(), &edges.total(), &truth["all"]["as_of"][as_of], &place);
                let mut seen = 0;
                for (name, truth) in by {
                    let truth = &truth["as_of"][as_of];
                    let place = format!("{place} {name:?}");
                    let found = match name.as_str() {
                        "" => Some((part.without(), edges.without())),
                        name => part.groups().get(name).map(|tally| (tally, &edges.groups()[name])),
                    };
                    match found {
                        Some((tally, edges)) => {
                            seen += tally.received;
                            tally_equals(tally, edges, truth, &place);
                        }
                        None => assert_eq!(truth["opened_before"], json!(0), "{place}"),
                    }
                }
                assert_eq!(seen, part.total().received, "{place}");
            }
            // At the end of the data.
            let terms = Terms::new("2100-01-01".parse().unwrap(), chrono_tz::UTC, *rule);
            let part = cases.count(cases.category(), None, &terms).unwrap();
            for (name, truth) in by {
                let tally = if name.is_empty() { part.without() } else { &part.groups()[name.as_str()] };
                let place = format!("{} {rule} {group} {name:?}", city.folder);
                assert_eq!(json!(tally.received), truth["rows"], "{place}");
                assert_eq!(json!(tally.disposed), truth["disposed"], "{place}");
                assert_eq!(json!(tally.disposal_ratio().value()), truth["disposal_rate"], "{place}");
                let days = if *rule == AgeRule::Calendar { "calendar_days" } else { "elapsed_days" };
                lengths_equal(&tally.durations, &truth[days], &place);
            }
        }
    }
}

#[test]
fn boston_in_columns_equals_the_oracle() {
    equals_the_oracle(&BOSTON);
}

#[test]
fn baltimore_in_columns_equals_the_oracle() {
    equals_the_oracle(&BALTIMORE);
}

#[test]
fn new_york_in_columns_equals_the_oracle() {
    equals_the_oracle(&NEW_YORK);
}

/// Nine years of New York, month by month: what was brought forward, came in, went out, was left.
#[test]
fn new_yorks_ledger_equals_the_oracle() {
    let Some(data) = data() else { return };
    let truth = NEW_YORK.truth(&data);
    let (rows, _) = NEW_YORK.rows(&data, chrono_tz::UTC);
    let movements = table(&rows, 0).movements(Period::Month, None);
    let ledger = movements.ledger("2015-01-01".parse().unwrap(), "2023-12-31".parse().unwrap());
    let ours: Vec<Value> = ledger
        .iter()
        .map(|line| {
            let month = line.start.format("%Y-%m").to_string();
            json!([month, line.brought_forward, line.moved.received, line.moved.disposed, line.pending])
        })
        .collect();
    assert_eq!(ours.len(), 108);
    // What was disposed after the last month is in no line.
    assert_eq!(json!(ours), truth["monthly_ledger[month,brought_forward,receipts,disposals,pending]"]);
}
