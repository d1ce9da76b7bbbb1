//! Sums of whole years, for every year there is.
//!
//! A year in which a date is named or the clock changes is added up by itself; the others are alike
//! when they begin with the same day of the week and are as long. Before and after the years of
//! clock changes 400 years, which are whole weeks, repeat.

use crate::calendar::rules::{Rules, days_of_year};
use crate::calendar::span::{CHANGING_YEARS, HORIZON, YEARS, date, new_year, place};
use crate::calendar::table::total;
use crate::calendar::zone;
use chrono::{Datelike as _, Weekday};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

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
        let mut sorts = Sorts::new(rules);
        let mut totals =
            |years: Range<i32>| -> (Vec<i64>, Vec<i64>) { years.map(|year| sorts.total(year)).unzip() };
        let changing = totals(CHANGING_YEARS);
        let earlier = totals(CHANGING_YEARS.start - CYCLE..CHANGING_YEARS.start);
        let later = totals(CHANGING_YEARS.end..CHANGING_YEARS.end + CYCLE);
        Self {
            millis: Sums::new(changing.0, earlier.0, later.0),
            working: Sums::new(changing.1, earlier.1, later.1),
        }
    }
}

/// Open milliseconds and working days of one year after another.
struct Sorts<'a> {
    rules: &'a Rules,
    /// The years that are like no other: a date is named, a holiday begins or ends to be one, or
    /// the clock changes.
    single: BTreeSet<i32>,
    /// The years in which a holiday begins or ends to be one.
    boundaries: BTreeSet<i32>,
    /// What all others have, by the day of the week they begin with, their length in days, and how
    /// many boundaries are before them.
    alike: HashMap<(Option<Weekday>, i32, usize), (i64, i64)>,
}

impl<'a> Sorts<'a> {
    fn new(rules: &'a Rules) -> Self {
        let boundaries: BTreeSet<i32> = rules.boundary_years().collect();
        // A change near the new year may be felt on both sides of it.
        let around = |second: i64| [-2, 2].map(|days| date(second.div_euclid(86_400) + days).year());
        let mut single: BTreeSet<i32> = zone::changes(rules.zone).flat_map(around).collect();
        single.extend(rules.dated_years());
        single.extend(&boundaries);
        Self { rules, single, boundaries, alike: HashMap::new() }
    }

    fn total(&mut self, year: i32) -> (i64, i64) {
        if self.single.contains(&year) {
            return total(self.rules, year);
        }
        let first = days_of_year(year).next().map(|day| day.weekday());
        let length = new_year(year + 1) - new_year(year);
        let era = self.boundaries.range(..year).count();
        *self.alike.entry((first, length, era)).or_insert_with(|| {
            days_of_year(year).filter_map(|day| self.rules.on(day).ok()).fold(
                (0, 0),
                |(open, days), hours| {
                    let seconds = hours.iter().map(|it| i64::from(it.to() - it.from())).sum::<i64>();
                    (open + seconds * 1_000, days + 1)
                },
            )
        })
    }
}
