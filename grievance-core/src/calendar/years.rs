//! Sums of whole years, for every year there is.
//!
//! In the years of clock changes each year is added up by itself. Before and after them the zone
//! keeps one offset and the calendar names no date, so 400 years, which are whole weeks, repeat.

use crate::calendar::rules::{Rules, days_of_year};
use crate::calendar::span::{CHANGING_YEARS, HORIZON, YEARS, new_year, place};
use crate::calendar::table::totals;
use chrono::{Datelike as _, Weekday};
use std::collections::HashMap;

/// Something that is counted from the beginning of the horizon: milliseconds, or working days.
#[derive(Debug)]
pub(crate) struct Sums {
    /// For each year with clock changes and the one after: the sum before it.
    changing: Vec<i64>,
    /// Sums of the 400 years up to the first of them, and of those from the last of them.
    earlier: Vec<i64>,
    later: Vec<i64>,
}

const CYCLE: i32 = 400;

fn up(totals: impl Iterator<Item = i64>) -> Vec<i64> {
    let running = totals.scan(0, |sum, total| {
        *sum += total;
        Some(*sum)
    });
    std::iter::once(0).chain(running).collect()
}

impl Sums {
    fn new(changing: Vec<i64>, earlier: Vec<i64>, later: Vec<i64>) -> Self {
        let mut changing = up(changing.into_iter());
        let zero = changing[(HORIZON.start - CHANGING_YEARS.start) as usize];
        for sum in &mut changing {
            *sum -= zero;
        }
        Self { changing, earlier: up(earlier.into_iter()), later: up(later.into_iter()) }
    }

    /// The sum before a year.
    pub(crate) fn before(&self, year: i32) -> i64 {
        let cycles = |years: i32, prefix: &[i64]| {
            i64::from(years.div_euclid(CYCLE)) * prefix[CYCLE as usize]
                + prefix[years.rem_euclid(CYCLE) as usize]
        };
        if year < CHANGING_YEARS.start {
            self.changing[0] + cycles(year - CHANGING_YEARS.start, &self.earlier)
        } else if year > CHANGING_YEARS.end {
            self.changing[CHANGING_YEARS.len()] + cycles(year - CHANGING_YEARS.end, &self.later)
        } else {
            self.changing[place(i64::from(year - CHANGING_YEARS.start))]
        }
    }

    /// The year in which the sum is passed, or `None` beyond the years there are.
    pub(crate) fn holding(&self, sum: i64) -> Option<i32> {
        let (first, last) = (self.changing[0], self.changing[CHANGING_YEARS.len()]);
        let year = if (first..last).contains(&sum) {
            let at = self.changing.partition_point(|before| *before <= sum) - 1;
            CHANGING_YEARS.start + i32::try_from(at).ok()?
        } else {
            let (from, base, prefix) = if sum < first {
                (CHANGING_YEARS.start, first, &self.earlier)
            } else {
                (CHANGING_YEARS.end, last, &self.later)
            };
            let cycle = prefix[CYCLE as usize];
            if cycle == 0 {
                return None;
            }
            let rest = (sum - base).rem_euclid(cycle);
            let at = prefix.partition_point(|before| *before <= rest) - 1;
            let cycles = i32::try_from((sum - base).div_euclid(cycle)).ok()?;
            cycles.checked_mul(CYCLE)?.checked_add(from)?.checked_add(i32::try_from(at).ok()?)?
        };
        YEARS.contains(&year).then_some(year)
    }
}

/// The sums of every year.
#[derive(Debug)]
pub(crate) struct Years {
    pub(crate) millis: Sums,
    pub(crate) working: Sums,
}

impl Years {
    pub(crate) fn new(rules: &Rules) -> Self {
        let (changing, working): (Vec<i64>, Vec<i64>) = totals(rules, CHANGING_YEARS).into_iter().unzip();
        let earlier = steady(rules, CHANGING_YEARS.start - CYCLE..CHANGING_YEARS.start);
        let later = steady(rules, CHANGING_YEARS.end..CHANGING_YEARS.end + CYCLE);
        Self {
            millis: Sums::new(changing, earlier.0, later.0),
            working: Sums::new(working, earlier.1, later.1),
        }
    }
}

/// The sums of years that name no date and change no clock: one for each day of the week that a
/// year begins with, in leap years and others.
fn steady(rules: &Rules, years: std::ops::Range<i32>) -> (Vec<i64>, Vec<i64>) {
    let mut sorts: HashMap<(Option<Weekday>, i32), (i64, i64)> = HashMap::new();
    let of_year = |year: i32| {
        let first = days_of_year(year).next().map(|day| day.weekday());
        let length = new_year(year + 1) - new_year(year);
        *sorts.entry((first, length)).or_insert_with(|| {
            days_of_year(year).filter_map(|day| rules.on(day).ok()).fold((0, 0), |(open, days), hours| {
                let seconds = hours.iter().map(|it| i64::from(it.to() - it.from())).sum::<i64>();
                (open + seconds * 1_000, days + 1)
            })
        })
    };
    years.map(of_year).unzip()
}
