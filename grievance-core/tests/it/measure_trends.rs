//! What rises and falls: against sums of exact fractions, and against chance itself.

#![allow(clippy::cast_precision_loss, reason = "small counts")]

use crate::dice::Dice;
use crate::measure_cases::{ZONE, row, sent};
use crate::measure_histories::at;
use chrono::{Days, NaiveDate, TimeDelta};
use grievance_core::measure::cases::row::CaseRow;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::cases::trend::{Trend, Weekly};
use grievance_core::vocabulary::TrendKind;
use proptest::prelude::*;
use std::collections::BTreeMap;

const UNTIL: &str = "2026-04-27";

fn until() -> NaiveDate {
    UNTIL.parse().unwrap()
}

fn read<'a>(rows: impl IntoIterator<Item = CaseRow<'a>>) -> Cases {
    let read = Cases::read(ZONE, at("2030-01-01"), rows);
    assert_eq!(read.rejected, []);
    read.cases
}

/// Rows of groups with so many receipts in each week, at noon of its days.
fn rows<'a>(groups: &[(&'a str, Vec<u64>)]) -> Vec<CaseRow<'a>> {
    let mut rows = Vec::new();
    for (unit, weeks) in groups {
        for (place, count) in weeks.iter().enumerate() {
            let first = until() - Days::new(7 * (weeks.len() - place) as u64);
            for n in 0..*count {
                let noon =
                    first.and_hms_opt(6, 30, 0).unwrap().and_utc() + TimeDelta::days((n % 7).cast_signed());
                rows.push(CaseRow::new(noon, unit));
            }
        }
    }
    rows
}

fn weekly(groups: &[(&str, Vec<u64>)]) -> Weekly {
    let cases = read(rows(groups));
    cases.weekly(cases.unit(), None, until(), groups[0].1.len()).unwrap()
}

/// The chance that at least, and that at most, so many of `all` fall in one of `parts`: a sum of whole
/// numbers over parts^all.
fn fractions(count: u64, all: u64, parts: u64) -> (f64, f64) {
    let mut ways = vec![1_u128];
    for _ in 0..all {
        // One case more: in the part in question, or in another.
        let mut next = vec![0; ways.len() + 1];
        for (inside, ways) in ways.iter().enumerate() {
            next[inside] += ways * u128::from(parts - 1);
            next[inside + 1] += ways;
        }
        ways = next;
    }
    let whole: u128 = ways.iter().sum();
    let count = usize::try_from(count).unwrap();
    let upper: u128 = ways[count..].iter().sum();
    let lower: u128 = ways[..=count].iter().sum();
    (upper as f64 / whole as f64, lower as f64 / whole as f64)
}

/// Every question of every group, with Holm's chances worked out one by one. Weeks before the first case of all are none.
fn naive(groups: &[(&str, Vec<u64>)]) -> BTreeMap<(String, TrendKind), (u64, u64, f64)> {
    let mut asked = Vec::new();
    let first = groups.iter().filter_map(|(_, weeks)| weeks.iter().position(|count| *count > 0)).min();
    let known = |weeks: &Vec<u64>| weeks[first.unwrap_or(weeks.len())..].to_vec();
    let known = groups.iter().map(|(code, weeks)| (code, known(weeks))).filter(|(_, weeks)| weeks.len() >= 4);
    for (code, weeks) in known.filter(|(_, weeks)| weeks.iter().sum::<u64>() > 0) {
        let half = weeks.len() / 2;
        let (last, all): (u64, u64) = (*weeks.last().unwrap(), weeks.iter().sum());
        let late: u64 = weeks.iter().rev().take(half).sum();
        let halves = weeks.iter().take(half).sum::<u64>() + late;
        let (upper, lower) = fractions(last, all, weeks.len() as u64);
        asked.push((code, TrendKind::SuddenRise, last, all, upper));
        asked.push((code, TrendKind::SuddenFall, last, all, lower));
        let (upper, lower) = fractions(late, halves, 2);
        asked.push((code, TrendKind::SteadyRise, late, halves, upper));
        asked.push((code, TrendKind::SteadyFall, late, halves, lower));
    }
    let chances: Vec<f64> = asked.iter().map(|one| one.4).collect();
    let adjusted = |own: f64| {
        let at_most = chances.iter().filter(|chance| **chance <= own * (1.0 + 1e-9));
        at_most
            .map(|chance| {
                let smaller = chances.iter().filter(|other| **other < chance * (1.0 - 1e-9)).count();
                (chance * (chances.len() - smaller) as f64).min(1.0)
            })
            .fold(0.0, f64::max)
    };
    let entry = |(code, kind, count, all, chance): (&&str, TrendKind, u64, u64, f64)| {
        (((*code).to_owned(), kind), (count, all, adjusted(chance)))
    };
    asked.into_iter().map(entry).collect()
}

fn told(trends: &[Trend]) -> BTreeMap<(String, TrendKind), (u64, u64, f64)> {
    trends.iter().map(|it| ((it.code.to_string(), it.kind), (it.count, it.out_of, it.chance))).collect()
}

fn groups() -> impl Strategy<Value = Vec<(&'static str, Vec<u64>)>> {
    (4_usize..8).prop_flat_map(|weeks| {
        let counts = || prop::collection::vec(0..6_u64, weeks);
        (counts(), counts(), counts())
            .prop_map(|(one, two, three)| vec![("a", one), ("b", two), ("c", three)])
    })
}

proptest! {
    /// Every chance is the sum of whole numbers over all ways, adjusted one by one.
    #[test]
    fn chances_are_exact(groups in groups()) {
        let (told, naive) = (told(&weekly(&groups).trends(1.0)), naive(&groups));
        prop_assert_eq!(told.keys().collect::<Vec<_>>(), naive.keys().collect::<Vec<_>>());
        for (key, (count, all, chance)) in &told {
            let (count_too, all_too, expected) = naive[key];
            prop_assert_eq!((*count, *all), (count_too, all_too), "{:?}", key);
            prop_assert!((chance - expected).abs() <= 1e-12 + expected * 1e-9, "{:?}: {} {}", key, chance, expected);
        }
    }

    /// Weeks are those of each row's date; parts, stored and read, merge to the whole.
    #[test]
    fn weeks_are_the_rows_and_parts_merge(
        rows in prop::collection::vec(row(), 0..80),
        shards in prop::collection::vec(0..3_usize, 80),
        weeks in 4..12_usize,
        back in 0..90_u64,
    ) {
        let until = "2026-07-01".parse::<NaiveDate>().unwrap() - Days::new(back);
        let count = |rows: Vec<CaseRow<'static>>| {
            let cases = read(rows);
            cases.weekly(cases.unit(), None, until, weeks).unwrap()
        };
        let whole = count(rows.clone());
        for (unit, counts) in whole.groups() {
            for (place, count) in counts.iter().enumerate() {
                let first = until - Days::new(7 * (weeks - place) as u64);
                let within = |row: &&CaseRow<'_>| {
                    let day = row.received_at.with_timezone(&ZONE).date_naive();
                    row.unit == unit && first <= day && day < first + Days::new(7)
                };
                prop_assert_eq!(*count, rows.iter().filter(within).count() as u64);
            }
        }
        let mut merged = count(Vec::new());
        for shard in 0..3 {
            let own = rows.iter().zip(&shards).filter(|(_, own)| **own == shard).map(|(row, _)| *row);
            prop_assert_eq!(merged.merge(&sent(&count(own.collect()))), Ok(()));
        }
        prop_assert_eq!(merged, whole);
    }
}

/// Where nothing changes, hardly a look in twenty names anybody at 0.05, with twenty groups or with one.
#[test]
fn chance_alone_is_seldom_named() {
    let mut dice = Dice(2_026);
    for groups in [1, 20] {
        let codes: Vec<String> = (0..groups).map(|n| format!("g{n}")).collect();
        let looks = 300;
        let named = (0..looks).filter(|_| {
            let mut drawn: Vec<(&str, Vec<u64>)> =
                codes.iter().map(|code| (code.as_str(), vec![0; 13])).collect();
            for (_, weeks) in &mut drawn {
                for _ in 0..40 {
                    weeks[dice.below(13)] += 1;
                }
            }
            !weekly(&drawn).trends(0.05).is_empty()
        });
        // Three standard deviations above one in twenty.
        assert!(named.count() <= 26, "{groups} groups");
    }
}

/// A burst, a slow rise, and a channel that fell silent are named as what they are; a small group that
/// doubled by chance is not.
#[test]
fn what_was_planted_is_found() {
    let even = |n: u64| vec![n; 12];
    let mut burst = even(4);
    burst[11] = 20;
    let slow = (0..12).map(|week| 10 + 3 * week).collect();
    let mut silent = even(15);
    silent[11] = 0;
    let mut small = even(1);
    small[11] = 2;
    let groups = [("burst", burst), ("even", even(30)), ("silent", silent), ("slow", slow), ("small", small)];
    let trends = weekly(&groups).trends(0.01);
    let named: Vec<(&str, TrendKind)> = trends.iter().map(|it| (it.code.as_str(), it.kind)).collect();
    assert!(named.contains(&("burst", TrendKind::SuddenRise)), "{named:?}");
    assert!(named.contains(&("slow", TrendKind::SteadyRise)), "{named:?}");
    assert!(named.contains(&("silent", TrendKind::SuddenFall)), "{named:?}");
    assert!(named.iter().all(|(code, _)| *code != "even" && *code != "small"), "{named:?}");
    assert!(trends.windows(2).all(|two| two[0].chance <= two[1].chance), "the least likely first");
}

/// Weeks before there were data are not weeks without cases, and of too few weeks nothing is said.
#[test]
fn before_the_first_case_there_is_no_data() {
    let with = |lead: usize, weeks: &[u64]| [vec![0; lead], weeks.to_vec()].concat();
    let known = weekly(&[("a", vec![9, 10, 11, 9, 10, 30])]).trends(1.0);
    assert_eq!(weekly(&[("a", with(7, &[9, 10, 11, 9, 10, 30]))]).trends(1.0), known);
    assert_eq!(weekly(&[("a", with(9, &[9, 10, 11]))]).trends(1.0), [], "three weeks");
    // A subject that is new among others rises; the data are as old as the others.
    let new = weekly(&[("a", vec![5; 8]), ("new", with(7, &[12]))]).trends(0.01);
    assert!(new.iter().any(|it| it.code == "new" && it.kind == TrendKind::SuddenRise), "{new:?}");
}

/// Large counts stay finite, and no group is no trend.
#[test]
fn counts_of_any_size_have_a_chance() {
    let mut text = serde_json::to_value(weekly(&[("a", vec![1, 0, 0, 0])])).unwrap();
    for counts in [[1_000_000_u64, 1_000_000, 1_000_000, 1_010_000], [0, 0, 0, 3_000_000], [1 << 20, 0, 0, 0]]
    {
        text["groups"]["a"] = serde_json::json!(counts);
        let large: Weekly = serde_json::from_value(text.clone()).unwrap();
        for trend in large.trends(1.0) {
            assert!((0.0..=1.0).contains(&trend.chance) && trend.expected.is_finite(), "{trend:?}");
        }
        assert_eq!(large.trends(0.001).len(), 2, "{counts:?}: one way, suddenly and steadily");
    }
    let nothing = read([]);
    assert_eq!(nothing.weekly(nothing.unit(), None, until(), 8).unwrap().trends(1.0), []);
}

/// Too few weeks or too many, another table's column, other weeks, and a forged part are refused.
#[test]
fn what_cannot_be_counted_is_refused() {
    let cases = read(rows(&[("a", vec![1, 2, 3, 4])]));
    let other = read([]);
    for weeks in [0, 3, 261] {
        assert_eq!(cases.weekly(cases.unit(), None, until(), weeks), Err(DoesNotFit::Terms));
    }
    assert_eq!(cases.weekly(other.unit(), None, until(), 4), Err(DoesNotFit::Column));
    let mut four = cases.weekly(cases.unit(), None, until(), 4).unwrap();
    let five = cases.weekly(cases.unit(), None, until(), 5).unwrap();
    assert_eq!(four.merge(&five), Err(DoesNotFit::Terms));
    let text = serde_json::to_string(&four).unwrap();
    let forged = |to: &str| serde_json::from_str::<Weekly>(&text.replace("[1,2,3,4]", to)).is_err();
    assert!(!forged("[1,2,3,4]") && forged("[1,2,3]") && forged(&format!("[{},0,0,0]", u64::MAX)));
    // A case before the first one, or of a part that does not say when its data begin.
    let first = text.split("\"since\":").nth(1).and_then(|rest| rest.get(..12)).unwrap();
    for since in ["null", "\"2026-04-13\"", "\"2026-04-27\""] {
        let late = text.replace(&format!("\"since\":{first}"), &format!("\"since\":{since}"));
        assert!(late != text && serde_json::from_str::<Weekly>(&late).is_err(), "{late}");
    }
    for (weeks, counts) in [("0", "[]"), ("1", "[4]"), ("3", "[1,2,3]")] {
        let few = text.replace("\"weeks\":4", &format!("\"weeks\":{weeks}")).replace("[1,2,3,4]", counts);
        assert!(few != text && serde_json::from_str::<Weekly>(&few).is_err(), "{few}");
    }
}
