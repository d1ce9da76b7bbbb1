//! Rates, closures and trends of a casebook as sheets, against a count of the rows.

use crate::desk_support::at;
use crate::measure_cases::{read, row};
use grievance_core::desk::Measure;
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::row::{CaseRow, Ending, Said};
use grievance_core::measure::cases::sheets::Asked;
use grievance_core::vocabulary::{AgeRule, DisposalClass};
use proptest::prelude::*;
use serde_json::{Value, json};

type Flagged = fn(&CaseRow<'_>) -> u32;

fn of<'a>(rows: &'a [CaseRow<'static>], unit: &str) -> Vec<&'a CaseRow<'static>> {
    let now = at("2026-04-10T18:30:00Z");
    rows.iter().filter(|row| row.unit == unit && row.received_at < now).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Rates and closures are what a plain count of the rows says.
    #[test]
    fn rates_and_closures_equal_the_rows(rows in prop::collection::vec(row(), 1..60)) {
        let now = at("2026-04-10T18:30:00Z");
        let book = Casebook::from(read(rows.clone()));
        let asked = Asked::of("2026-04-11".parse().unwrap());
        let rates = book.rates(&asked).unwrap().objects();
        let closures = book.closures(&asked).unwrap().objects();
        for cells in &rates {
            let rows = of(&rows, cells["unit"].as_str().unwrap());
            let done: Vec<_> = rows.iter().filter_map(|row| match row.ended {
                Some((at, Ending::Disposed(class))) if at < now => Some((row, class)),
                _ => None,
            }).collect();
            let share = |count: usize, of: usize| {
                let [count, of] = [count, of].map(|it| f64::from(u32::try_from(it).unwrap()));
                (of > 0.0).then(|| (count / of * 1e6).round() / 1e6)
            };
            let flags: [(&str, Flagged); 5] = [
                ("reopened", |row| row.reopened), ("appealed", |row| row.appealed), ("escalated", |row| row.escalated),
                ("transferred", |row| row.transferred), ("breached", |row| row.breached),
            ];
            for (column, each) in flags {
                let count = rows.iter().filter(|row| each(row) > 0).count();
                prop_assert_eq!(cells[column].as_u64(), Some(count as u64), "{}", column);
                prop_assert_eq!(cells[&format!("{column}_share")].as_f64(), share(count, rows.len()), "{}", column);
            }
            let classed = done.iter().filter(|(_, class)| class.is_some()).count();
            let benefit = done.iter().filter(|(_, class)| *class == Some(DisposalClass::Benefit)).count();
            prop_assert_eq!(cells["benefit_share"].as_f64(), share(benefit, classed));
            let due: Vec<_> = done.iter().filter_map(|(row, _)| row.due_at.zip(row.ended)).collect();
            let on_time = due.iter().filter(|(due, (at, _))| at <= due).count();
            prop_assert_eq!(cells["on_time"].as_u64(), Some(on_time as u64));
            prop_assert_eq!(cells["on_time_share"].as_f64(), share(on_time, due.len()));
            let ratings: Vec<u64> = done.iter().filter_map(|(row, _)| match row.said {
                Some(Said::Rating(rating)) => Some(rating.into()),
                _ => None,
            }).collect();
            prop_assert_eq!(cells["ratings"].as_u64(), Some(ratings.len() as u64));
            let mean = share(usize::try_from(ratings.iter().sum::<u64>()).unwrap(), ratings.len());
            prop_assert_eq!(cells["rating_mean"].as_f64(), mean);

            let own: Vec<_> = closures.iter().filter(|row| row["unit"] == cells["unit"]).collect();
            for kind in ["class", "reason"] {
                let of_kind: u64 = own.iter().filter(|row| row["of"] == kind).map(|row| row["count"].as_u64().unwrap()).sum();
                prop_assert_eq!(of_kind, done.len() as u64, "{} of all", kind);
            }
            for line in own {
                let count = done.iter().filter(|(row, class)| match line["of"].as_str() {
                    Some("class") => class.map(DisposalClass::as_str) == line["word"].as_str(),
                    _ => row.reason == line["word"].as_str(),
                }).count();
                prop_assert_eq!(line["count"].as_u64(), Some(count as u64));
                prop_assert!(count > 0, "what no case has has no row");
                prop_assert_eq!(line["share"].as_f64(), share(count, done.len()));
            }
        }
    }

    /// Any percentile and any number of days, beside a sorted list; a name for each.
    #[test]
    fn lengths_equal_a_sorted_list(
        rows in prop::collection::vec(row(), 1..60),
        percentiles in prop::collection::btree_set(0_u32..=1000, 0..5),
        within in prop::collection::btree_set(0_u32..400, 0..5),
    ) {
        let now = at("2026-04-10T18:30:00Z");
        let tenths: Vec<u32> = percentiles.into_iter().collect();
        let percentiles: Vec<f64> = tenths.iter().map(|tenths| f64::from(*tenths) / 10.0).collect();
        let within: Vec<u32> = within.into_iter().collect();
        let book = Casebook::from(read(rows.clone()));
        let question = json!({ "what": "durations", "as_of": "2026-04-11", "percentiles": percentiles, "within": within });
        let sheet = Measure::from_json(&question.to_string()).unwrap().of_cases(&book).unwrap();
        prop_assert_eq!(sheet.columns.len(), 3 + percentiles.len() + within.len());
        for cells in sheet.objects() {
            let mut days: Vec<i64> = of(&rows, cells["unit"].as_str().unwrap()).iter().filter_map(|row| match row.ended {
                Some((at, Ending::Disposed(_))) if at < now => {
                    Some(AgeRule::Calendar.whole_days(row.received_at, at, chrono_tz::Asia::Kolkata))
                }
                _ => None,
            }).collect();
            days.sort_unstable();
            for days_of in &within {
                let count = days.iter().filter(|days| **days <= i64::from(*days_of)).count();
                prop_assert_eq!(cells[&format!("within_{days_of}")].as_u64(), Some(count as u64));
            }
            for (tenths, percentile) in tenths.iter().zip(&percentiles) {
                let name = if *tenths == 500 { "median_days".to_owned() } else { format!("p{percentile}_days") };
                // The place among the sorted, in thousandths.
                let place = (days.len().max(1) - 1) * usize::try_from(*tenths).unwrap();
                let day = |at: usize| days.get(at).map(|days| f64::from(i32::try_from(*days).unwrap()));
                let expected = day(place / 1000).map(|low| {
                    let part = f64::from(u32::try_from(place % 1000).unwrap()) / 1000.0;
                    low + (day(place / 1000 + 1).unwrap_or(low) - low) * part
                });
                let told = cells[&name].as_f64();
                prop_assert_eq!(told.is_some(), expected.is_some());
                prop_assert!((told.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-9, "{} {:?} {:?}", name, told, expected);
            }
        }
    }
}

/// What is no percentile, is there twice, or asks too much of chance is refused by name.
#[test]
fn nonsense_is_refused_by_name() {
    let book = Casebook::from(read([]));
    let place = |question: Value| {
        let read = Measure::from_json(&question.to_string());
        read.and_then(|read| read.of_cases(&book)).unwrap_err().place
    };
    let of = |more: Value| {
        let mut question = json!({ "what": "durations", "as_of": "2026-04-11" });
        question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        question
    };
    assert_eq!(place(of(json!({ "percentiles": [101] }))), "percentiles");
    assert_eq!(place(of(json!({ "percentiles": [-0.5] }))), "percentiles");
    assert_eq!(place(of(json!({ "percentiles": [5, 5.0] }))), "percentiles");
    assert_eq!(place(of(json!({ "within": [7, 7] }))), "within");
    assert_eq!(place(of(json!({ "within": [-7] }))), "within");
    assert_eq!(place(of(json!({ "rule": "lunar" }))), "rule");
    assert_eq!(place(of(json!({ "as_of": "9999-01-01" }))), "as_of");
    let trends = |more: Value| {
        let mut question = json!({ "what": "trends", "until": "2026-04-11" });
        question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        question
    };
    assert_eq!(place(trends(json!({ "weeks": 3 }))), "weeks");
    assert_eq!(place(trends(json!({ "weeks": 261 }))), "weeks");
    assert_eq!(place(trends(json!({ "at_most": 1.5 }))), "at_most");
    assert_eq!(place(trends(json!({ "by": "mood" }))), "by");
    let curve = json!({ "what": "kaplan_meier", "as_of": "2026-04-11", "percentiles": [200] });
    assert_eq!(place(curve), "percentiles");
}
