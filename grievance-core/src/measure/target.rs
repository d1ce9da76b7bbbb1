//! Targets: how pending cases stand to their due dates, and which deadlines were missed.
//!
//! Everything follows from the recorded clocks of a case as it stood at an instant; no calendar
//! and no rulebook is asked. A deadline that has passed is missed from the next millisecond on,
//! whether a sweep has recorded it yet or not, so a statement of a past day does not depend on
//! when the office's sweep ran.

use crate::grievance::clock::Clock;
use crate::grievance::event::{Recorded, What};
use crate::grievance::judged::Judged;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::vocabulary::{TargetKind, TargetState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

impl TargetState {
    /// How a case that is pending at an instant, and stood so before it, stands to its due date.
    ///
    /// The due date is the public one, that of the resolution; under appeal, that of the decision; of a
    /// case without such a clock, the one that another system gave it ([`Judged::of`]).
    /// It is missed when it lies before the instant: on the deadline itself a case is in time.
    /// Due soon is our own measure: three quarters of the time from the start of the target to the
    /// due date have gone, closed hours included. A clock that stands still is judged as it was
    /// when it stopped. A target that was met in time stays so.
    pub fn of(case: &Grievance, at: DateTime<Utc>) -> Self {
        Judged::of(case).map_or(Self::NoTarget, |judged| judged.state(at))
    }
}

/// Deadlines that were missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Breaches {
    /// All of them. A deadline that was missed stays missed.
    pub count: u64,
    /// Those that were missed in the week before: in it the due date passed, or became known when
    /// it had already passed.
    pub week: u64,
    /// Those where what was due had still not been done.
    pub standing: u64,
}

impl Breaches {
    /// Adds another office's, or another part's.
    pub fn merge(&mut self, other: &Self) {
        let Self { count, week, standing } = other;
        self.count += count;
        self.week += week;
        self.standing += standing;
    }
}

/// Missed deadlines by target.
pub(crate) type Missed = BTreeMap<TargetKind, Breaches>;

/// Tells `book` each deadline that a case missed before `until`: the office that had custody when
/// it passed, the target, whether that was since `since` and whether it is still unmet. `case` is
/// the case as the history left it before `until`.
///
/// A deadline is missed when its due date passes; one that was known only later, of a paper that
/// was keyed in late, say, is missed when it was known. When a sweep recorded it does not matter.
///
/// A part of a divided case misses nothing: the divided case is the one that counts.
pub(crate) fn missed<'a>(
    history: &'a [Recorded],
    case: &'a Grievance,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    mut book: impl FnMut(&'a UnitCode, TargetKind, Breaches),
) {
    missed_when(history, case, until, |unit, target, when, standing| {
        let breaches = Breaches { count: 1, week: u64::from(when >= since), standing: u64::from(standing) };
        book(unit, target, breaches);
    });
}

/// The same, with the instant at which each was missed.
pub(crate) fn missed_when<'a>(
    history: &'a [Recorded],
    case: &'a Grievance,
    until: DateTime<Utc>,
    mut tell: impl FnMut(&'a UnitCode, TargetKind, DateTime<Utc>, bool),
) {
    if case.part_of.is_some() {
        return;
    }
    let mut left = BTreeMap::<TargetKind, usize>::new();
    for breach in &case.breaches {
        *left.entry(breach.target).or_default() += 1;
    }
    // Since when the due date of each target has been what it is.
    let mut known = BTreeMap::<TargetKind, DateTime<Utc>>::new();
    for next in history.iter().filter(|next| next.at < until) {
        match &next.event.what {
            What::TargetSet(set) => drop(known.insert(set.target, next.at)),
            What::TargetMoved(moved) => drop(known.insert(moved.target, next.at)),
            What::ClockResumed(resumed) => drop(known.insert(resumed.target, resumed.resumed_at)),
            What::TargetBreached(breach) => {
                let later = left.get_mut(&breach.target).map_or(0, |left| {
                    *left = left.saturating_sub(1);
                    *left
                });
                // A clock that was set anew has no more to do with the deadline before.
                let unmet = |clock: &Clock| clock.breached && clock.met_at.is_none();
                let standing = later == 0 && case.clock(breach.target).is_some_and(unmet);
                let when = known.get(&breach.target).map_or(breach.due_at, |known| breach.due_at.max(*known));
                tell(&next.event.led_to.unit, breach.target, when, standing);
            }
            _ => {}
        }
    }
    for clock in case.course.clocks.iter().filter(|clock| is_missed_unrecorded(clock, until)) {
        // It is recorded before anything else happens to the case: the office has not changed.
        let when = known.get(&clock.target).map_or(clock.due_at, |known| clock.due_at.max(*known));
        tell(case.unit(), clock.target, when, true);
    }
}

/// Whether the deadline has passed and nothing has happened to the case since.
pub(crate) fn is_missed_unrecorded(clock: &Clock, at: DateTime<Utc>) -> bool {
    clock.is_running() && !clock.target.is_window() && !clock.breached && clock.due_at < at
}
