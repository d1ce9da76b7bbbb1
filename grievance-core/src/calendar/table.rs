//! Prefix sums over the open time of a run of whole years.

use crate::calendar::rules::Rules;
use crate::calendar::span::{DAY_MS, date, new_year, place};
use crate::calendar::zone::{self, Run};
use crate::kernel::time::start_of_day;
use std::ops::Range;

/// An open stretch of time, and the local day that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) day: i32,
}

/// The open stretches of the local days, in the order of time.
///
/// A piece ends where its period, its day or the zone's offset ends, so a day of 25 hours that is
/// open throughout has two that touch.
pub(crate) fn pieces(rules: &Rules, days: Range<i32>) -> Vec<Piece> {
    const DAY: i64 = 86_400;
    let mut pieces = Vec::new();
    let seconds = (i64::from(days.start) - 2) * DAY..(i64::from(days.end) + 2) * DAY;
    for Run { seconds, offset } in zone::runs(rules.zone, seconds) {
        let (from, to) = (seconds.start + offset, seconds.end + offset);
        let first = from.div_euclid(DAY).max(i64::from(days.start));
        let last = (to - 1).div_euclid(DAY).min(i64::from(days.end) - 1);
        for day in first..=last {
            let Ok(open) = rules.on(date(day)) else { continue };
            for period in open.iter() {
                let start = (day * DAY + i64::from(period.from())).max(from);
                let end = (day * DAY + i64::from(period.to())).min(to);
                if start < end {
                    let day = i32::try_from(day).expect("a day between two day numbers");
                    pieces.push(Piece { start: (start - offset) * 1_000, end: (end - offset) * 1_000, day });
                }
            }
        }
    }
    pieces
}

/// When a year begins.
fn first_instant(zone: chrono_tz::Tz, year: i32) -> i64 {
    start_of_day(date(new_year(year).into()), zone).timestamp_millis()
}

/// The open milliseconds and the working days of a year.
pub(crate) fn total(rules: &Rules, year: i32) -> (i64, i64) {
    let days = new_year(year)..new_year(year + 1);
    let (first, last) = (first_instant(rules.zone, year), first_instant(rules.zone, year + 1));
    let pieces = pieces(rules, days.start - 2..days.end + 2);
    let (counts, ..) = working_days(&pieces, &days);
    let open = pieces.iter().map(|piece| (piece.end.min(last) - piece.start.max(first)).max(0)).sum();
    (open, counts.last().copied().unwrap_or_default().into())
}

/// Where an open stretch begins, and how much open time the table has before it.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: i64,
    before: i64,
}

/// The open time of some whole years. Milliseconds since 1970 in UTC, day numbers since 1970 in
/// the zone.
#[derive(Debug)]
pub(crate) struct Table {
    /// The first instant of the first year, and of the year after the last.
    pub(crate) time: Range<i64>,
    /// The days of the years.
    pub(crate) days: Range<i32>,
    /// INVARIANT: rising; none touches the next; the last one is at the end of time and closed.
    stretches: Vec<Stretch>,
    /// For each UTC day, counted from the first instant: the first stretch that ends after it.
    by_time: Vec<u32>,
    /// For each 2^shift milliseconds of open time: the stretch that they begin in.
    by_sum: Vec<u32>,
    shift: u32,
    /// For each day, and the day after the last: how many working days come before it.
    counts: Vec<u32>,
    working: Vec<i32>,
    /// First opening and last closing of each working day.
    hours: Vec<(i64, i64)>,
}

impl Table {
    pub(crate) fn new(rules: &Rules, years: Range<i32>) -> Self {
        let days = new_year(years.start)..new_year(years.end);
        let time = first_instant(rules.zone, years.start)..first_instant(rules.zone, years.end);
        let pieces = pieces(rules, days.start - 2..days.end + 2);
        let (counts, working, hours) = working_days(&pieces, &days);

        let mut stretches: Vec<Stretch> = Vec::new();
        let (mut total, mut end_of_last) = (0, i64::MIN);
        for piece in &pieces {
            let (start, end) = (piece.start.max(time.start), piece.end.min(time.end));
            if start >= end {
                continue;
            }
            if start != end_of_last {
                stretches.push(Stretch { start, before: total });
            }
            total += end - start;
            end_of_last = end;
        }
        stretches.push(Stretch { start: time.end, before: total });

        let mut table = Self {
            time,
            days,
            stretches,
            by_time: Vec::new(),
            by_sum: Vec::new(),
            shift: 0,
            counts,
            working,
            hours,
        };
        table.index();
        table
    }

    fn index(&mut self) {
        let real = self.stretches.len() - 1;
        let mut at = 0;
        for moment in (self.time.start..=self.time.end).step_by(usize::try_from(DAY_MS).expect("a day fits"))
        {
            while at < real && self.end(at) <= moment {
                at += 1;
            }
            self.by_time.push(u32::try_from(at).expect("a calendar has less than 2^32 stretches"));
        }
        let most = i64::try_from(real.max(1)).expect("a calendar has less than 2^32 stretches");
        self.shift = (self.total() / most).max(1).ilog2();
        at = 0;
        let mut sum = 0;
        while sum < self.total() {
            while self.stretches[at + 1].before <= sum {
                at += 1;
            }
            self.by_sum.push(u32::try_from(at).expect("a calendar has less than 2^32 stretches"));
            sum += 1 << self.shift;
        }
    }

    fn end(&self, at: usize) -> i64 {
        self.stretches[at].start + self.stretches[at + 1].before - self.stretches[at].before
    }

    /// All the open time of the years.
    pub(crate) fn total(&self) -> i64 {
        self.stretches[self.stretches.len() - 1].before
    }

    /// The open time of the years before an instant.
    pub(crate) fn before(&self, instant: i64) -> i64 {
        if instant <= self.time.start {
            return 0;
        }
        if instant >= self.time.end {
            return self.total();
        }
        let bucket = place((instant - self.time.start) / DAY_MS);
        let mut at = self.by_time[bucket] as usize;
        // The last stretch is closed and begins at the end of time, which was excluded.
        while self.stretches[at].start <= instant {
            let next = self.stretches[at + 1].before;
            let sum = self.stretches[at].before + instant - self.stretches[at].start;
            if sum < next {
                return sum;
            }
            at += 1;
        }
        self.stretches[at].before
    }

    /// The stretch in which the open time passes `sum`, which is at least 0 and below the total.
    fn holding(&self, sum: i64) -> usize {
        let mut at = self.by_sum[place(sum >> self.shift)] as usize;
        while self.stretches[at + 1].before <= sum {
            at += 1;
        }
        at
    }

    /// The last instant with no more open time before it than `sum`: at least 0, below the total.
    pub(crate) fn latest(&self, sum: i64) -> i64 {
        let stretch = self.stretches[self.holding(sum)];
        stretch.start + sum - stretch.before
    }

    /// Working days of the years.
    pub(crate) fn working(&self) -> &[i32] {
        &self.working
    }

    /// Working days before one of the days, or the day after the last.
    pub(crate) fn count(&self, day: i32) -> u32 {
        self.counts[place(i64::from(day - self.days.start))]
    }

    /// For each day, and the day after the last: how many working days come before it.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// First opening and last closing of one of the days.
    pub(crate) fn hours(&self, day: i32) -> Option<(i64, i64)> {
        let before = self.count(day);
        (self.count(day + 1) > before).then(|| self.hours[before as usize])
    }
}

type WorkingDays = (Vec<u32>, Vec<i32>, Vec<(i64, i64)>);

fn working_days(pieces: &[Piece], days: &Range<i32>) -> WorkingDays {
    let mut open: Vec<Option<(i64, i64)>> = vec![None; days.len()];
    for piece in pieces.iter().filter(|piece| days.contains(&piece.day)) {
        let slot = &mut open[place(i64::from(piece.day - days.start))];
        // Where midnight comes twice, a day may go on after a piece of the next one.
        let first = slot.map_or(piece.start, |(first, _)| first);
        *slot = Some((first, piece.end));
    }
    let (mut counts, mut working, mut hours) = (Vec::with_capacity(open.len() + 1), Vec::new(), Vec::new());
    let mut count = 0;
    for (day, open) in days.clone().zip(open) {
        counts.push(count);
        if let Some(open) = open {
            count += 1;
            working.push(day);
            hours.push(open);
        }
    }
    counts.push(count);
    (counts, working, hours)
}
