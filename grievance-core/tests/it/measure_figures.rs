//! The figures of a statement: what counts where, and what nothing is.

use crate::measure_histories::{Case, at, fact, imported, stands};
use chrono::TimeDelta;
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::measure::as_of::grievance_as_of;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::duration::{DaysTaken, Durations, NeedsWorkdays, Share};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pendency::{CutsMustRise, PendencyBands};
use grievance_core::vocabulary::{AgeRule, Phase};
use serde_json::{Value, json};

const DAY: &str = "2026-03-08";

fn part(rule: AgeRule) -> MisPart {
    MisPart::new(Terms::new(DAY.parse().unwrap(), chrono_tz::UTC, rule))
}

fn written(part: &MisPart) -> Value {
    serde_json::to_value(part.finish(|code| code.as_str().to_owned())).unwrap()
}

/// An open case, to be changed by hand.
fn open(phase: Phase) -> Grievance {
    let mut case = grievance_as_of(&imported(1, "works", at("2026-03-01"), None), at(DAY)).unwrap();
    case.course.position = stands(phase, "works");
    case
}

#[test]
fn nothing_is_null_and_not_zero() {
    let mis = written(&part(AgeRule::Calendar));
    assert_eq!(
        (&mis["as_of"], &mis["age_rule"], &mis["zone"]),
        (&json!(DAY), &json!("calendar"), &json!("UTC"))
    );
    for field in ["received", "disposed", "closed_otherwise", "pending", "rejected"] {
        assert_eq!(mis[field], json!(0), "{field}");
    }
    assert_eq!((&mis["disposal_days"], &mis["within_30_days"]), (&Value::Null, &Value::Null));
    assert_eq!(mis["units"], json!([]));
    let bands: Vec<_> = mis["bands"].as_array().unwrap().iter().map(|band| band["label"].clone()).collect();
    assert_eq!(bands, ["under 7", "7 to 14", "15 to 30", "more than 30"]);
}

#[test]
fn every_phase_counts_once() {
    let mut part = part(AgeRule::Calendar);
    for phase in Phase::ALL {
        part.add(&open(*phase));
    }
    let mis = part.finish(|code| code.as_str().to_owned());
    let figures = &mis.all;
    assert_eq!((figures.received, figures.disposed, figures.closed_otherwise, figures.pending), (9, 1, 3, 5));
}

#[test]
fn a_part_is_not_counted_beside_the_divided_case() {
    let mut part = part(AgeRule::Calendar);
    part.add(&open(Phase::InProgress));
    let mut roads = open(Phase::InProgress);
    roads.course.position.unit = UnitCode::new("roads").unwrap();
    roads.part_of = Some((GrievanceId::from_uuid(uuid::Uuid::from_u128(1)), 1));
    part.add(&roads);
    let mis = written(&part);
    assert_eq!((&mis["received"], &mis["pending"], &mis["parts_pending"]), (&json!(1), &json!(1), &json!(1)));
    let roads = &mis["units"][0];
    assert_eq!(
        (&roads["unit"], &roads["received"], &roads["parts_pending"]),
        (&json!("roads"), &json!(0), &json!(1))
    );
}

#[test]
fn an_office_without_a_case_is_listed_without_figures() {
    let mut part = part(AgeRule::Calendar);
    part.add_history(&imported(1, "later", at(DAY), None));
    part.list(&UnitCode::new("quiet").unwrap());
    let mis = written(&part);
    let names: Vec<_> = mis["units"].as_array().unwrap().iter().map(|row| row["unit"].clone()).collect();
    assert_eq!(names, ["later", "quiet"]);
    assert_eq!(mis["units"][0]["within_30_days"], Value::Null);
}

#[test]
fn reopened_is_pending_and_as_old_as_its_first_receipt() {
    let facts = [
        ("2026-01-01", AdoptedStep::Lodged),
        ("2026-01-05", AdoptedStep::Disposed),
        ("2026-03-07", AdoptedStep::Reopened),
    ];
    let facts = facts.map(|(day, what)| fact(at(day), what, "works")).to_vec();
    let mut part = part(AgeRule::Calendar);
    part.add_history(&Case::new(1).adopted(at("2026-03-07"), facts).history);
    let mis = written(&part);
    assert_eq!(mis["bands"][3], json!({"label": "more than 30", "count": 1}));
    assert_eq!((&mis["disposed"], &mis["disposal_days"]), (&json!(0), &Value::Null));
}

#[test]
fn the_calendar_turns_at_midnight_in_the_offices_zone() {
    let kolkata = chrono_tz::Asia::Kolkata;
    // 18:40 UTC on 28 February is already 1 March in Kolkata.
    let history = imported(1, "works", at("2026-02-28T18:40:00"), None);
    for (zone, band) in [(chrono_tz::UTC, 1), (kolkata, 1)] {
        let mut part = MisPart::new(Terms::new(DAY.parse().unwrap(), zone, AgeRule::Calendar));
        part.add_history(&history);
        assert_eq!(written(&part)["bands"][band]["count"], json!(1), "{zone}");
    }
    let mut eve = MisPart::new(Terms::new("2026-03-07".parse().unwrap(), kolkata, AgeRule::Calendar));
    eve.add_history(&history);
    assert_eq!(written(&eve)["bands"][0]["count"], json!(1), "six days old in Kolkata, seven in UTC");
}

#[test]
fn day_thirty_is_within_thirty_days() {
    let zone = chrono_tz::UTC;
    let lodged = at("2026-01-01T12:00:00");
    let mut calendar = Durations::new(AgeRule::Calendar);
    let mut elapsed = Durations::new(AgeRule::Elapsed);
    for closed in ["2026-01-31T23:00:00", "2026-02-01T11:59:59", "2026-02-01T12:00:00"] {
        calendar.add(lodged, at(closed), zone).unwrap();
        elapsed.add(lodged, at(closed), zone).unwrap();
    }
    assert_eq!(calendar.within(30), Share { count: 1, out_of: 3 });
    assert_eq!(elapsed.within(30), Share { count: 2, out_of: 3 });
    assert_eq!(elapsed.within(30).value(), Some(0.666_667));
    assert_eq!(Share::default().value(), None);
}

/// What cannot be asked has no answer: no figure is NaN, and no limit is too far.
#[test]
fn nonsense_has_no_figure() {
    let mut calendar = Durations::new(AgeRule::Calendar);
    assert_eq!(calendar.quantile_days(0.5), None, "of none");
    calendar.add(at("2026-01-01"), at("2026-01-11"), chrono_tz::UTC).unwrap();
    for share in [f64::NAN, -0.1, 1.5, f64::INFINITY] {
        assert_eq!(calendar.quantile_days(share), None, "{share}");
    }
    assert_eq!(calendar.quantile_days(1.0), Some(10.0));
    let mut elapsed = Durations::new(AgeRule::Elapsed);
    elapsed.add(at("2026-01-01"), at("2026-01-11"), chrono_tz::UTC).unwrap();
    for one in [&calendar, &elapsed] {
        assert_eq!(one.within(i64::MAX), Share { count: 1, out_of: 1 });
        assert_eq!(one.within(i64::MIN), Share { count: 0, out_of: 1 });
    }
    let mut working = Durations::new(AgeRule::Working);
    assert_eq!(working.add(at("2026-01-01"), at("2026-01-11"), chrono_tz::UTC), Err(NeedsWorkdays));
    assert_eq!(working.count(), 0);
}

/// Quantiles of whole days and of milliseconds are numpy's, to the last bit (`testdata/measure/quantiles.py`).
#[test]
fn quantiles_are_numpys() {
    let kept: Value = serde_json::from_str(include_str!("../../testdata/measure/quantiles.json")).unwrap();
    assert!(kept["made_with"].as_str().unwrap().starts_with("numpy "));
    let bits = |text: &Value| u64::from_str_radix(text.as_str().unwrap(), 16).unwrap();
    let mut compared = 0;
    for (nth, set) in kept["sets"].as_array().unwrap().iter().enumerate() {
        let rule: AgeRule = set["rule"].as_str().unwrap().parse().unwrap();
        let mut took = Durations::new(rule);
        for length in set["lengths"].as_array().unwrap() {
            let length = length.as_i64().unwrap();
            let length = if rule == AgeRule::Calendar {
                TimeDelta::days(length)
            } else {
                TimeDelta::milliseconds(length)
            };
            took.add(at("2020-01-01"), at("2020-01-01") + length, chrono_tz::UTC).unwrap();
        }
        for pair in set["quantiles"].as_array().unwrap() {
            let share = f64::from_bits(bits(&pair[0]));
            let found = took.quantile_days(share).unwrap();
            assert_eq!(found.to_bits(), bits(&pair[1]), "{nth}: {share} of {}", set["lengths"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 2_000);
}

/// Parts merge by the same rule and up to as many as there can be; else nothing is changed.
#[test]
fn other_durations_are_not_taken_in() {
    let one = |rule| {
        let mut one = Durations::new(rule);
        one.add(at("2026-01-01"), at("2026-01-11"), chrono_tz::UTC).unwrap();
        one
    };
    let mut own = one(AgeRule::Calendar);
    let before = own.clone();
    assert_eq!(own.take_in(&one(AgeRule::Elapsed)), Err(DoesNotFit::Terms));
    let many = json!({ "rule": "calendar", "lengths": { "10": u64::MAX } });
    assert_eq!(own.take_in(&serde_json::from_value(many).unwrap()), Err(DoesNotFit::TooMany));
    assert_eq!(own, before);
    assert_eq!(own.take_in(&before), Ok(()));
    assert_eq!((own.count(), own.mean_days()), (2, Some(10.0)));
}

#[test]
fn a_middle_between_two_is_their_mean() {
    let mut two = Durations::new(AgeRule::Elapsed);
    for closed in ["2026-01-01T00:00:27", "2026-01-01T00:00:54"] {
        two.add(at("2026-01-01"), at(closed), chrono_tz::UTC).unwrap();
    }
    // 40.5 seconds; p90 lies nine tenths of the way to the second.
    let expected = DaysTaken { median: 0.000_469, mean: 0.000_469, p90: 0.000_594 };
    assert_eq!(two.days(), Some(expected));
}

#[test]
fn bands_are_labelled_by_their_cuts() {
    assert_eq!(PendencyBands::new([3, 4]).unwrap().labels(), ["under 3", "3", "more than 3"]);
    assert_eq!(PendencyBands::new([]).unwrap().labels(), ["any age"]);
    assert_eq!(PendencyBands::new([0, 7]), Err(CutsMustRise { before: 0, after: 0 }));
    assert_eq!(PendencyBands::new([7, 7]), Err(CutsMustRise { before: 7, after: 7 }));
    assert_eq!(PendencyBands::default(), PendencyBands::new([7, 15, 31]).unwrap());
    assert_eq!(PendencyBands::default().index(-1), 0);
}

#[test]
fn parts_of_other_terms_do_not_merge() {
    let mut one = part(AgeRule::Calendar);
    assert_eq!(one.merge(&part(AgeRule::Elapsed)), Err(DoesNotFit::Terms));
    assert_eq!(one, part(AgeRule::Calendar));
}
