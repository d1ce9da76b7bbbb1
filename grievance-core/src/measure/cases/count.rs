//! One pass over the columns: every count of every group.
//!
//! Each group has its counters in arrays, found by the place of its code. Durations in days are
//! counted in a small array for each group; a longer one, or one in milliseconds, is set aside and
//! counted afterwards.

use crate::measure::cases::column::{Column, NONE};
use crate::measure::cases::days::DaysOf;
use crate::measure::cases::table::{Cases, Chosen, NEVER, OTHERWISE, SILENT, UNCLASSED, WORDS, number_of};
use crate::measure::cases::tally::{DoesNotFit, Part, Tally};
use crate::measure::days::DAY_MILLIS;
use crate::measure::headline::spread;
use crate::measure::mis::Terms;
use crate::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Days that have their own counter in each group.
const DAYS: usize = 1024;
/// Counters of one grid that stand in an array: 32 MB.
const MOST: usize = 16 << 20;
/// Endings that are no class have the highest bytes of their column; counted from the first of them, round the end,
/// they come before the classes.
const FIRST_CLASS: usize = 3;

/// How often each small number occurs in each group.
struct Grid {
    width: usize,
    // Small, so that most of it stays in the cache; a full turn of one is in `turns`.
    dense: Vec<u16>,
    turns: Vec<usize>,
    // Numbers at or above the width, and negative ones.
    beyond: HashMap<(u32, i64), u64, RandomState>,
}

impl Grid {
    fn new(groups: usize, width: usize) -> Self {
        let width = width.min(MOST / groups);
        Self { width, dense: vec![0; groups * width], turns: Vec::new(), beyond: HashMap::default() }
    }

    #[inline]
    fn add(&mut self, group: u32, number: i64) {
        match usize::try_from(number) {
            Ok(number) if number < self.width => {
                let place = group as usize * self.width + number;
                let times = self.dense[place].wrapping_add(1);
                self.dense[place] = times;
                if times == 0 {
                    self.turns.push(place);
                }
            }
            _ => self.add_beyond(group, number),
        }
    }

    #[inline(never)]
    fn add_beyond(&mut self, group: u32, number: i64) {
        *self.beyond.entry((group, number)).or_default() += 1;
    }

    /// Each group and number and how often it occurs, in pieces that add up.
    fn counted(&self) -> impl Iterator<Item = (usize, i64, u64)> {
        let told = |place: usize, times: u64| {
            let number = i64::try_from(place % self.width).expect("below the width");
            (place / self.width, number, times)
        };
        let near = self.dense.iter().enumerate().filter(|(_, times)| **times > 0);
        let near = near.map(move |(place, times)| told(place, u64::from(*times)));
        let turns = self.turns.iter().map(move |place| told(*place, 1 << u16::BITS));
        let beyond = self.beyond.iter().map(|((group, number), times)| (*group as usize, *number, *times));
        near.chain(turns).chain(beyond)
    }
}

/// The counters of one group that have a place of their own.
#[derive(Clone, Default)]
struct Counters {
    received: u64,
    overdue: u64,
    due_soon: u64,
    no_target: u64,
    with_target: u64,
    on_time: u64,
    oldest: i64,
    flags: [u64; 5],
}

impl Cases {
    /// Counts the cases as of the first instant of the terms' day, by a column of this table (see
    /// [`unit`](Self::unit), [`rolled_up`](Self::rolled_up)); with `chosen`, only those.
    ///
    /// A case counts when it was received before the instant. It is pending unless it ended before
    /// it. On an empty table everything is 0, and every ratio is of nothing.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit`] when the column or the choice is of another table, or the terms ask for another zone than
    /// the days were counted in.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let rows = [CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works")];
    /// let cases = Cases::read(zone, "2026-03-31T00:00:00Z".parse()?, rows).cases;
    /// let terms = Terms::new("2026-03-17".parse()?, zone, AgeRule::Calendar);
    /// let part = cases.count(cases.unit(), None, &terms)?;
    /// let works = &part.groups()["works"];
    /// assert_eq!(works.bands, [0, 0, 1, 0]); // 15 days: the third band
    /// assert_eq!(works.benefit_ratio().value(), None); // nothing disposed: no ratio
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, by: &Column, chosen: Option<&Chosen>, terms: &Terms) -> Result<Part, DoesNotFit> {
        self.count_on(by, chosen, terms, 1)
    }

    /// The same on several threads at once; what comes of it does not depend on how many.
    ///
    /// # Errors
    ///
    /// As of [`count`](Self::count).
    pub fn count_on(
        &self,
        by: &Column,
        chosen: Option<&Chosen>,
        terms: &Terms,
        threads: usize,
    ) -> Result<Part, DoesNotFit> {
        if by.len() != self.len() {
            return Err(DoesNotFit::Column);
        }
        Chosen::fits(chosen, self)?;
        if self.zone != terms.zone {
            return Err(DoesNotFit::Zone);
        }
        let mut parts = spread(threads.max(1), self.len(), |cases| {
            let mut counting = Counting::new(self, by.codes().len() + 1, terms);
            match chosen {
                None => cases.for_each(|case| counting.add(case, by.key(case))),
                Some(chosen) => {
                    cases.filter(|case| chosen.has(*case)).for_each(|case| counting.add(case, by.key(case)));
                }
            }
            counting.part(by)
        })
        .into_iter();
        let mut whole = parts.next().unwrap_or_else(|| Part::new(terms));
        parts.try_for_each(|part| whole.merge(&part))?;
        Ok(whole)
    }
}

struct Counting<'a> {
    cases: &'a Cases,
    terms: &'a Terms,
    days: DaysOf<'a>,
    at: i64,
    day: i32,
    has_counts: bool,
    counters: Vec<Counters>,
    bands: Grid,
    lengths: Grid,
    silence: Grid,
    endings: Grid,
    said: Grid,
    reasons: Grid,
}

impl<'a> Counting<'a> {
    fn new(cases: &'a Cases, groups: usize, terms: &'a Terms) -> Self {
        let grid = |width| Grid::new(groups, width);
        let none = Counters { oldest: NEVER, ..Counters::default() };
        let counts =
            [&cases.reopened, &cases.appealed, &cases.escalated, &cases.transferred, &cases.breached];
        Self {
            cases,
            terms,
            days: DaysOf::new(cases, terms),
            at: terms.at.timestamp_millis(),
            day: number_of(terms.day),
            has_counts: counts.iter().any(|column| column.says()),
            counters: vec![none; groups],
            bands: grid(terms.bands.count()),
            lengths: grid(if terms.rule == AgeRule::Elapsed { 0 } else { DAYS }),
            silence: grid(DAYS),
            endings: grid(FIRST_CLASS + DisposalClass::ALL.len()),
            said: grid(usize::from(WORDS) + FeedbackOutcome::ALL.len()),
            reasons: grid(cases.reason.codes().len()),
        }
    }

    #[inline]
    fn add(&mut self, case: usize, key: u32) {
        let cases = self.cases;
        // Which came and ended before the day, their dates say; only about the day itself, and the night in
        // which clocks change, the instants are asked.
        let received_on = cases.received_on[case];
        if received_on >= self.day - 1 && cases.received_at[case] >= self.at {
            return;
        }
        // Cases without a code are the last group.
        let group = key.min(u32::try_from(self.counters.len() - 1).expect("fewer codes than 2^32"));
        let counters = &mut self.counters[group as usize];
        counters.received += 1;
        if self.has_counts {
            let flags = [
                cases.reopened[case],
                cases.appealed[case],
                cases.escalated[case],
                cases.transferred[case],
                cases.breached[case],
            ];
            for (flag, count) in counters.flags.iter_mut().zip(flags) {
                *flag += u64::from(count > 0);
            }
        }
        let ended_on = cases.ended_on[case];
        if ended_on >= self.day - 1 && cases.ended_at[case] >= self.at {
            let received_at = cases.received_at[case];
            if cases.due_at[case] == NEVER {
                counters.no_target += 1;
            } else if cases.late_at(case) < self.at {
                counters.overdue += 1;
            } else {
                counters.due_soon += u64::from(cases.soon_at(case) <= self.at);
            }
            counters.oldest = counters.oldest.min(received_at);
            let age = match self.terms.rule {
                AgeRule::Calendar | AgeRule::Working => self.days.between(case, received_on, self.day),
                AgeRule::Elapsed => (self.at - received_at).div_euclid(DAY_MILLIS),
            };
            let band = i64::try_from(self.terms.bands.index(age)).expect("a handful of bands");
            self.bands.add(group, band);
            let told_on = cases.last_told_on[case];
            if told_on < self.day {
                self.silence.add(group, i64::from(self.day) - i64::from(told_on));
            }
            return;
        }
        let ending = cases.ending[case];
        self.endings.add(group, i64::from(ending.wrapping_sub(UNCLASSED)));
        if ending == OTHERWISE {
            return;
        }
        if cases.due_at[case] != NEVER {
            counters.with_target += 1;
            counters.on_time += u64::from(cases.late_at(case) >= self.at);
        }
        let length = match self.terms.rule {
            AgeRule::Calendar | AgeRule::Working => self.days.between(case, received_on, ended_on),
            AgeRule::Elapsed => cases.ended_at[case] - cases.received_at[case],
        };
        self.lengths.add(group, length);
        let said = cases.said[case];
        if said != SILENT {
            self.said.add(group, i64::from(said));
        }
        let reason = cases.reason.key(case);
        if reason != NONE {
            self.reasons.add(group, i64::from(reason));
        }
    }

    fn part(self, by: &Column) -> Part {
        let terms = self.terms;
        let mut tallies: Vec<Tally> = self
            .counters
            .iter()
            .map(|counters| {
                let [reopened, appealed, escalated, transferred, breached] = counters.flags;
                Tally {
                    received: counters.received,
                    overdue: counters.overdue,
                    due_soon: counters.due_soon,
                    no_target: counters.no_target,
                    disposed_with_target: counters.with_target,
                    disposed_on_time: counters.on_time,
                    oldest: (counters.oldest != NEVER).then_some(counters.oldest),
                    reopened,
                    appealed,
                    escalated,
                    transferred,
                    breached,
                    ..Tally::new(terms)
                }
            })
            .collect();
        for (group, band, times) in self.bands.counted() {
            tallies[group].bands[place(band)] += times;
        }
        for (group, length, times) in self.lengths.counted() {
            tallies[group].durations.add_length(length, times);
        }
        for (group, days, times) in self.silence.counted() {
            tallies[group].silence.add_length(days, times);
        }
        for (group, ending, times) in self.endings.counted() {
            let tally = &mut tallies[group];
            if ending == i64::from(OTHERWISE - UNCLASSED) {
                tally.closed_otherwise += times;
                continue;
            }
            tally.disposed += times;
            if let Some(class) = place(ending).checked_sub(FIRST_CLASS) {
                *tally.classes.entry(DisposalClass::ALL[class]).or_default() += times;
            }
        }
        for (group, said, times) in self.said.counted() {
            let tally = &mut tallies[group];
            if let Some(word) = place(said).checked_sub(usize::from(WORDS)) {
                *tally.outcomes.entry(FeedbackOutcome::ALL[word]).or_default() += times;
            } else {
                let rating = u8::try_from(said).expect("a rating of the table is a byte");
                *tally.ratings.entry(rating).or_default() += times;
            }
        }
        for (group, reason, times) in self.reasons.counted() {
            let reason = self.cases.reason.codes()[place(reason)].clone();
            *tallies[group].reasons.entry(reason).or_default() += times;
        }
        let without = tallies.pop().unwrap_or_else(|| Tally::new(terms));
        let groups = by.codes().iter().cloned().zip(tallies).filter(|(_, tally)| tally.received > 0);
        Part { groups: groups.collect(), without, ..Part::new(terms) }
    }
}

fn place(number: i64) -> usize {
    usize::try_from(number).expect("the table holds no negative place")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A counter is small: what it counts beyond its turn is kept, and so is a number that has none.
    #[test]
    fn a_grid_counts_past_a_turn_of_its_counters() {
        let mut grid = Grid::new(2, 4);
        let turn = 1 << u16::BITS;
        for (group, number, times) in [(0, 3, turn), (1, 0, 2 * turn + 5), (1, 3, 1), (1, 4, 2), (0, -1, 1)] {
            (0..times).for_each(|_| grid.add(group, number));
        }
        let mut counted = std::collections::BTreeMap::<(usize, i64), u64>::new();
        for (group, number, times) in grid.counted() {
            *counted.entry((group, number)).or_default() += times;
        }
        let expected = [((0, -1), 1), ((0, 3), turn), ((1, 0), 2 * turn + 5), ((1, 3), 1), ((1, 4), 2)];
        assert_eq!(counted, expected.into());
    }
}
