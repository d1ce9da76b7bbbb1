//! The lengths in milliseconds at a few places of each group, found without keeping all of them.
//!
//! One pass has counted lengths by whole days, so that the day is known in which the length at a place lies, and
//! at which place of that day. A second pass keeps the lengths of those days alone: a few in a hundred.

use crate::measure::cases::column::Column;
use crate::measure::cases::table::{Cases, Chosen, OTHERWISE};
use crate::measure::days::DAY_MILLIS;
use crate::measure::duration::between;
use crate::measure::headline::spread;
use crate::measure::mis::Terms;
use std::ops::Range;

/// A length at a place of a group.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// So many milliseconds.
    Known(i64),
    /// The one at a place, from 0, of those of so many whole days.
    OfDay { day: i64, nth: u64 },
}

/// Between which two lengths a quantile lies, and how far along; none for a group that disposed of nothing.
type Between = Option<(Place, Place, f64)>;

/// What is sought in each group.
pub(crate) struct Sought {
    asked: Vec<(usize, Between)>,
    // The days of each group in which something is sought, and the lengths that were found in them.
    days: Vec<Vec<(i64, Vec<i64>)>>,
}

impl Sought {
    pub(crate) const fn empty() -> Self {
        Self { asked: Vec::new(), days: Vec::new() }
    }

    /// What is sought in a group.
    pub(crate) fn put(&mut self, group: usize, found: impl IntoIterator<Item = Between>) {
        self.asked.extend(found.into_iter().map(|place| (group, place)));
    }

    /// What is sought in groups behind these.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.asked.append(&mut other.asked);
    }

    /// The quantiles in the order in which they are sought, in days; 0 where there is nothing.
    #[expect(clippy::cast_precision_loss, reason = "lengths are below 2^53 milliseconds: 285,000 years")]
    pub(crate) fn quantiles(&self) -> impl Iterator<Item = f64> {
        let length = |group: usize, place| match place {
            Place::Known(length) => Some(length),
            Place::OfDay { day, nth } => {
                let (_, lengths) = self.days.get(group)?.iter().find(|(known, _)| *known == day)?;
                lengths.get(usize::try_from(nth).ok()?).copied()
            }
        };
        let days = move |group, place| {
            let length = length(group, place).expect("the second pass finds what the first has counted");
            length as f64 / DAY_MILLIS as f64
        };
        self.asked.iter().map(move |(group, sought)| {
            sought.map_or(0.0, |(low, high, part)| between(days(*group, low), days(*group, high), part))
        })
    }

    fn note_days(&mut self, groups: usize) {
        self.days = vec![Vec::new(); groups];
        for (group, sought) in &self.asked {
            for place in sought.iter().flat_map(|(low, high, _)| [low, high]) {
                let own = &mut self.days[*group];
                if let Place::OfDay { day, .. } = place
                    && own.iter().all(|(known, _)| known != day)
                {
                    own.push((*day, Vec::new()));
                }
            }
        }
    }
}

/// Which whole days are sought in which group.
struct Marked {
    width: usize,
    days: Vec<bool>,
}

impl Marked {
    fn of(sought: &Sought) -> Self {
        let all = sought.days.iter().flatten().map(|(day, _)| usize::try_from(*day).unwrap_or(0));
        let width = all.max().map_or(0, |day| day + 1);
        let mut days = vec![false; width * sought.days.len()];
        for (group, own) in sought.days.iter().enumerate() {
            for (day, _) in own {
                days[group * width + usize::try_from(*day).expect("a counted day is not negative")] = true;
            }
        }
        Self { width, days }
    }

    #[inline]
    fn has(&self, group: usize, day: i64) -> bool {
        usize::try_from(day).is_ok_and(|day| day < self.width && self.days[group * self.width + day])
    }
}

impl Cases {
    /// Finds what is sought, among the cases that were disposed before the terms' instant.
    pub(crate) fn find(
        &self,
        sought: &mut Sought,
        by: &Column,
        chosen: Option<&Chosen>,
        terms: &Terms,
        threads: usize,
    ) {
        sought.note_days(by.codes().len());
        let marked = Marked::of(sought);
        let found = spread(threads, self.len(), |rows| self.lengths_of(&marked, by, chosen, terms, rows));
        for (group, length) in found.into_iter().flatten() {
            let day = length.div_euclid(DAY_MILLIS);
            if let Some((_, lengths)) = sought.days[group].iter_mut().find(|(known, _)| *known == day) {
                lengths.push(length);
            }
        }
        sought.days.iter_mut().flatten().for_each(|(_, lengths)| lengths.sort_unstable());
    }

    /// The lengths of the marked days in some of the rows.
    fn lengths_of(
        &self,
        marked: &Marked,
        by: &Column,
        chosen: Option<&Chosen>,
        terms: &Terms,
        rows: Range<usize>,
    ) -> Vec<(usize, i64)> {
        let (at, groups) = (terms.at.timestamp_millis(), by.codes().len());
        let mut found = Vec::new();
        for row in rows {
            let (group, received_at) = (by.key(row) as usize, self.received_at[row]);
            let ended_at = self.ended_at[row];
            // One that ended before the instant was received before it, too.
            if group >= groups || ended_at >= at || self.ending[row] == OTHERWISE {
                continue;
            }
            let length = ended_at - received_at;
            if marked.has(group, length.div_euclid(DAY_MILLIS)) && chosen.is_none_or(|some| some.has(row)) {
                found.push((group, length));
            }
        }
        found
    }
}
