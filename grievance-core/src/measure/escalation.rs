//! Escalations: how often cases went up, and how high the pending ones stand.

use crate::grievance::event::{Recorded, What};
use crate::kernel::code::UnitCode;
use crate::measure::groups::pairs;
use crate::measure::mis::is_part;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Escalations counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Climbed {
    pub(crate) count: u64,
    pub(crate) week: u64,
    /// All of them by level; none of an officer's own accord.
    #[serde(with = "pairs")]
    pub(crate) by_level: BTreeMap<Option<u32>, u64>,
    /// Pending cases by the highest level that time has brought, from 1.
    pub(crate) levels: BTreeMap<u32, u64>,
}

impl Climbed {
    pub(crate) fn weight(&self) -> u128 {
        let counts = [&self.count, &self.week].into_iter();
        counts.chain(self.by_level.values()).chain(self.levels.values()).map(|count| u128::from(*count)).sum()
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        let Self { count, week, by_level, levels } = other;
        self.count += count;
        self.week += week;
        for (level, times) in by_level {
            *self.by_level.entry(*level).or_default() += times;
        }
        for (level, cases) in levels {
            *self.levels.entry(*level).or_default() += cases;
        }
    }
}

/// Tells `book` each escalation of a case recorded before `until`: the office that had custody
/// until then, which need not be the one that has it afterwards, the instant, and the level if time
/// or an event brought it.
///
/// A part of a divided case climbs nothing: the divided case is the one that counts.
pub(crate) fn escalations<'a>(
    history: &'a [Recorded],
    until: DateTime<Utc>,
    mut book: impl FnMut(&'a UnitCode, DateTime<Utc>, Option<u32>),
) {
    if history.is_empty() || is_part(history) {
        return;
    }
    for pair in history.windows(2) {
        let [before, next] = pair else { continue };
        if let What::Escalated(escalated) = &next.event.what
            && next.at < until
        {
            book(&before.event.led_to.unit, next.at, escalated.level);
        }
    }
}
