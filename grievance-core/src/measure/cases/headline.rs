//! The dashboard's question, put to the table: one pass over the columns that it asks for.
//!
//! [`count`](Cases::count) gives parts that merge, with every length; this gives the figures
//! themselves, and reads a third of the columns. A law holds the two to the same numbers.

use crate::measure::cases::column::Column;
use crate::measure::cases::days::DaysOf;
use crate::measure::cases::lengths::{Place, Sought};
use crate::measure::cases::row::HIGHEST_RATING;
use crate::measure::cases::table::{Cases, Chosen, NO_DAY, OTHERWISE, number_of};
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::days::DAY_MILLIS;
use crate::measure::duration::places;
use crate::measure::headline::{Asked, Counts, Headlines, quantiles_of, spread};
use crate::measure::mis::Terms;
use crate::vocabulary::AgeRule;
use std::ops::Range;

/// Lengths in days that have a counter of their own in each group.
const DAYS: usize = 256;
/// Counters in an array: 32 MB.
const MOST: usize = 16 << 20;

impl Cases {
    /// The headlines of each group of a column of this table that has received a case before the
    /// first instant of the terms' day; with `chosen`, of those cases only. Quantiles and means are
    /// exact, in days by the terms' rule: calendar or working days, or fractions of 24 hours.
    ///
    /// The work is spread over `threads` threads, which are joined before the answer; with 0 or 1
    /// it is done on the caller's. The answer does not depend on it.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit`] when the column or the choice is of another table, or the terms ask for another zone than
    /// the days were counted in.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{CaseRow, Ending};
    /// use grievance_core::measure::cases::table::Cases;
    /// use grievance_core::measure::headline::Asked;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let mut row = CaseRow::new("2026-03-02T06:00:00Z".parse()?, "works");
    /// row.ended = Some(("2026-03-04T18:00:00Z".parse()?, Ending::Disposed(None)));
    /// let cases = Cases::read(zone, "2026-03-31T00:00:00Z".parse()?, [row]).cases;
    /// let terms = Terms::new("2026-03-17".parse()?, zone, AgeRule::Elapsed);
    /// let headlines = cases.headlines(cases.unit(), None, &terms, &Asked::default(), 1)?;
    /// let works = headlines.iter().next().ok_or("one office")?;
    /// assert_eq!((works.mean_days(), works.quantile_days(0)), (Some(2.5), Some(2.5)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn headlines(
        &self,
        by: &Column,
        chosen: Option<&Chosen>,
        terms: &Terms,
        asked: &Asked,
        threads: usize,
    ) -> Result<Headlines, DoesNotFit> {
        if by.len() != self.len() {
            return Err(DoesNotFit::Column);
        }
        Chosen::fits(chosen, self)?;
        if self.zone != terms.zone {
            return Err(DoesNotFit::Zone);
        }
        let groups = by.codes().len();
        let threads = threads.max(1);
        let days = DaysOf::new(self, terms);
        let calendar = |_, from, to| i64::from(to) - i64::from(from);
        let pass = |rows: Range<usize>| match terms.rule {
            AgeRule::Calendar => self.pass::<true>(by, chosen, terms, rows, calendar),
            AgeRule::Elapsed => self.pass::<false>(by, chosen, terms, rows, calendar),
            AgeRule::Working => {
                self.pass::<true>(by, chosen, terms, rows, |case, from, to| days.between(case, from, to))
            }
        };
        let passes = spread(threads, self.len(), pass);
        let finish = |groups: Range<usize>| finish(&passes, groups, terms, asked);
        let units_per_day = terms.rule.units_per_day();
        let mut headlines =
            Headlines::new(groups, terms.bands.count(), asked.quantiles().len(), units_per_day);
        let mut sought = Sought::empty();
        for own in spread(threads, groups, finish) {
            headlines.codes.extend(own.groups.into_iter().map(|group| by.codes()[group].clone()));
            headlines.counts.extend(own.counts);
            headlines.bands.extend(own.bands);
            headlines.quantiles.extend(own.quantiles);
            sought.append(own.sought);
        }
        if terms.rule == AgeRule::Elapsed {
            self.find(&mut sought, by, chosen, terms, threads);
            headlines.quantiles.extend(sought.quantiles());
        }
        Ok(headlines)
    }

    /// One pass over some of the rows. Which came and ended before the day, their dates say; only
    /// about the day itself, and the night in which clocks change, the instants are asked.
    fn pass<const BY_DATE: bool>(
        &self,
        by: &Column,
        chosen: Option<&Chosen>,
        terms: &Terms,
        rows: Range<usize>,
        days: impl Fn(usize, i32, i32) -> i64,
    ) -> Pass {
        let (at, day) = (terms.at.timestamp_millis(), number_of(terms.day));
        let mut pass = Pass::new(by.codes().len(), terms.bands.count());
        let cuts = terms.bands.cuts();
        let keys = by.keys();
        let keys = &keys[rows.clone()];
        let (received_on, ended_on) = (&self.received_on[rows.clone()], &self.ended_on[rows.clone()]);
        let (received_at, ended_at) = (&self.received_at[rows.clone()], &self.ended_at[rows.clone()]);
        let ending = &self.ending[rows.clone()];
        let groups = pass.counts.len();
        for (row, key) in keys.iter().enumerate() {
            let group = *key as usize;
            if group >= groups || chosen.is_some_and(|chosen| !chosen.has(rows.start + row)) {
                continue;
            }
            let came = received_on[row];
            if came >= day - 1 && received_at[row] >= at {
                continue;
            }
            let counts = &mut pass.counts[group];
            counts.received += 1;
            counts.reopened += u32::from(self.reopened[rows.start + row] > 0);
            counts.appealed += u32::from(self.appealed[rows.start + row] > 0);
            let went = ended_on[row];
            let ended = went < day - 1 || (went != NO_DAY && went <= day + 1 && ended_at[row] < at);
            if !ended {
                let age = if BY_DATE {
                    days(rows.start + row, came, day)
                } else {
                    (at - received_at[row]).div_euclid(DAY_MILLIS)
                };
                let band = cuts.iter().map(|cut| usize::from(i64::from(*cut) <= age)).sum::<usize>();
                pass.bands[group * pass.width + band] += 1;
                continue;
            }
            if ending[row] == OTHERWISE {
                counts.otherwise += 1;
                continue;
            }
            let said = self.said[rows.start + row];
            let rated = said <= HIGHEST_RATING;
            counts.rated += u32::from(rated);
            counts.rating_sum += if rated { u64::from(said) } else { 0 };
            if BY_DATE {
                let days = days(rows.start + row, came, went);
                pass.days.add(group, days, days);
            } else {
                let length = ended_at[row] - received_at[row];
                counts.length_sum += i128::from(length);
                pass.days.add(group, length.div_euclid(DAY_MILLIS), length);
            }
        }
        pass
    }
}

/// The counters of one group in one pass: a pass has fewer rows than 2^32, or more groups would
/// not help.
#[derive(Clone, Copy, Default)]
struct Tallied {
    // Of milliseconds: the days of dates are added up by their counters.
    length_sum: i128,
    rating_sum: u64,
    received: u32,
    otherwise: u32,
    reopened: u32,
    appealed: u32,
    rated: u32,
}

/// How often each length in whole days occurs in each group; a long one is kept as it is, in the units of the rule.
struct Days {
    width: usize,
    // Small, so that the array stays in the cache; a full turn of one is in `turns`.
    near: Vec<u16>,
    turns: Vec<usize>,
    beyond: Vec<(usize, i64)>,
}

impl Days {
    #[inline]
    fn add(&mut self, group: usize, days: i64, length: i64) {
        match usize::try_from(days) {
            Ok(days) if days < self.width => {
                let place = group * self.width + days;
                let times = self.near[place].wrapping_add(1);
                self.near[place] = times;
                if times == 0 {
                    self.turns.push(place);
                }
            }
            _ => self.beyond.push((group, length)),
        }
    }
}

/// What one pass found.
struct Pass {
    counts: Vec<Tallied>,
    width: usize,
    bands: Vec<u32>,
    days: Days,
}

impl Pass {
    fn new(groups: usize, bands: usize) -> Self {
        let width = DAYS.min(MOST / groups.max(1));
        Self {
            counts: vec![Tallied::default(); groups],
            width: bands,
            bands: vec![0; groups * bands],
            days: Days { width, near: vec![0; groups * width], turns: Vec::new(), beyond: Vec::new() },
        }
    }
}

/// The figures of some of the groups.
struct Own {
    groups: Vec<usize>,
    counts: Vec<Counts>,
    bands: Vec<u64>,
    quantiles: Vec<f64>,
    // Under the elapsed rule, the places of the quantiles: the days are known, their milliseconds not yet.
    sought: Sought,
}

fn finish(passes: &[Pass], groups: Range<usize>, terms: &Terms, asked: &Asked) -> Own {
    let (quantiles, sought) = (Vec::new(), Sought::empty());
    let mut own = Own { groups: Vec::new(), counts: Vec::new(), bands: Vec::new(), quantiles, sought };
    let by_date = terms.rule != AgeRule::Elapsed;
    let units = terms.rule.units_per_day();
    let beyond_limit = (i64::from(asked.within()) + 1) * units;
    let mut beyond = beyond_of(passes, &groups);
    let mut turns: Vec<usize> = passes.iter().flat_map(|pass| &pass.days.turns).copied().collect();
    turns.sort_unstable();
    let mut near = Vec::new();
    for group in groups {
        let mut counts = Counts::default();
        for tallied in passes.iter().map(|pass| &pass.counts[group]) {
            counts.received += u64::from(tallied.received);
            counts.closed_otherwise += u64::from(tallied.otherwise);
            counts.reopened += u64::from(tallied.reopened);
            counts.appealed += u64::from(tallied.appealed);
            counts.rated += u64::from(tallied.rated);
            counts.rating_sum += tallied.rating_sum;
            counts.length_sum += tallied.length_sum;
        }
        if counts.received == 0 {
            continue;
        }
        let bands = terms.bands.count();
        let from = own.bands.len();
        own.bands.resize(from + bands, 0);
        for pass in passes {
            let theirs = &pass.bands[group * bands..(group + 1) * bands];
            own.bands[from..].iter_mut().zip(theirs).for_each(|(sum, times)| *sum += u64::from(*times));
        }
        let pending: u64 = own.bands[from..].iter().sum();
        counts.disposed = counts.received - counts.closed_otherwise - pending;
        let far = beyond.take(group);
        gather(passes, group, &turns, &mut near);
        for (run, times) in runs(far, &near) {
            let (days, length) = run.known(units);
            counts.within += if length < beyond_limit { times } else { 0 };
            counts.length_sum += if by_date { i128::from(days) * i128::from(times) } else { 0 };
        }
        if by_date {
            let at = |place| nth(far, &near, place).0.known(units).0;
            quantiles_of(asked.quantiles(), counts.disposed, units, at, &mut own.quantiles);
        } else {
            let found = asked.quantiles().iter().map(|share| {
                let (low, high, part) = places(counts.disposed, *share)?;
                let place = |at| match nth(far, &near, at) {
                    (Run::Of(length), _) => Place::Known(length),
                    (Run::Day(day), before) => Place::OfDay { day, nth: at - before },
                };
                Some((place(low), place(high), part))
            });
            own.sought.put(group, found);
        }
        own.groups.push(group);
        own.counts.push(counts);
    }
    own
}

/// Lengths that have no counter of their own, by group and rising.
struct Beyond(Vec<(usize, i64)>, usize);

impl Beyond {
    /// Those of a group; groups are asked for in their order.
    fn take(&mut self, group: usize) -> &[(usize, i64)] {
        let Self(all, from) = self;
        *from += all[*from..].partition_point(|(own, _)| *own < group);
        let until = *from + all[*from..].partition_point(|(own, _)| *own == group);
        &all[*from..until]
    }
}

fn beyond_of(passes: &[Pass], groups: &Range<usize>) -> Beyond {
    let all = passes.iter().flat_map(|pass| &pass.days.beyond);
    let mut own: Vec<_> = all.filter(|(group, _)| groups.contains(group)).copied().collect();
    own.sort_unstable();
    Beyond(own, 0)
}

/// How often each near length occurs in a group, in all passes.
fn gather(passes: &[Pass], group: usize, turns: &[usize], near: &mut Vec<u64>) {
    let width = passes.first().map_or(0, |pass| pass.days.width);
    let places = group * width..(group + 1) * width;
    near.clear();
    near.resize(width, 0);
    for pass in passes {
        let theirs = &pass.days.near[places.clone()];
        near.iter_mut().zip(theirs).for_each(|(sum, times)| *sum += u64::from(*times));
    }
    let first = turns.partition_point(|place| *place < places.start);
    for place in turns[first..].iter().take_while(|place| **place < places.end) {
        near[place - places.start] += 1 << 16;
    }
}

/// Lengths that were counted together.
#[derive(Clone, Copy)]
enum Run {
    /// All of so many whole days.
    Day(i64),
    /// One of exactly so much, in the units of the rule.
    Of(i64),
}

impl Run {
    /// Days and units, of a day at its beginning: by the rules of dates the two are one.
    const fn known(self, units: i64) -> (i64, i64) {
        match self {
            Self::Day(days) => (days, days * units),
            Self::Of(length) => (length, length),
        }
    }
}

/// Each length and how often, shortest first.
fn runs<'a>(far: &'a [(usize, i64)], near: &'a [u64]) -> impl Iterator<Item = (Run, u64)> {
    let below = far.partition_point(|(_, length)| *length < 0);
    let one = |(_, length): &(usize, i64)| (Run::Of(*length), 1);
    let counted = (0..).map(Run::Day).zip(near.iter().copied());
    far[..below].iter().map(one).chain(counted).chain(far[below..].iter().map(one))
}

/// The length at a place of the sorted ones, and how many come before those that were counted with it.
fn nth(far: &[(usize, i64)], near: &[u64], place: u64) -> (Run, u64) {
    let mut before = 0;
    let found = runs(far, near).find_map(|(run, times)| {
        before += times;
        (place < before).then_some((run, before - times))
    });
    found.unwrap_or((Run::Of(0), 0))
}
