//! What a case waits for: the instants at which something happens if nobody acts.

use crate::grievance::clock::Clock;
use crate::grievance::state::Grievance;
use crate::kernel::code::{PlaceCode, PriorityCode, RuleCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::vocabulary::{LadderMode, TargetKind};
use chrono::{DateTime, TimeDelta, Utc};

/// An instant at which something becomes due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// The first instant at which it is due: the millisecond after the deadline, since an action
    /// on the deadline itself is in time.
    pub at: DateTime<Utc>,
    /// The deadline.
    pub due_at: DateTime<Utc>,
    /// Which target.
    pub target: TargetKind,
    /// What happens.
    pub what: Due,
}

/// What happens at a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The clock goes on: the pause has lasted as long as it may.
    PauseEnds,
    /// The target is breached.
    Breach,
    /// A level of the ladder is taken or proposed.
    Level(RuleCode),
}

/// What the timers of a case depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting<'a> {
    pub(crate) clocks: &'a [Clock],
    pub(crate) unit: &'a UnitCode,
    pub(crate) place: Option<&'a PlaceCode>,
    pub(crate) priority: Option<&'a PriorityCode>,
    pub(crate) rulebook: &'a Rulebook,
}

/// Every timer of a case that stands as it does, the earliest first. What is past due and not
/// recorded yet is among them.
pub fn timers(case: &Grievance, rulebook: &Rulebook) -> Vec<Timer> {
    let subject = &case.subject;
    Waiting {
        clocks: &case.course.clocks,
        unit: case.unit(),
        place: subject.place.as_ref(),
        priority: subject.priority.as_ref(),
        rulebook,
    }
    .timers()
}

/// The first instant at which something becomes due in a case: its row among a store's timers.
pub fn next_due(case: &Grievance, rulebook: &Rulebook) -> Option<DateTime<Utc>> {
    if case.course.clocks.is_empty() {
        return None;
    }
    timers(case, rulebook).first().map(|timer| timer.at)
}

impl Waiting<'_> {
    pub(crate) fn timers(&self) -> Vec<Timer> {
        let mut timers = Vec::new();
        let office = |clock: &&Clock| clock.met_at.is_none() && !clock.target.is_window();
        for clock in self.clocks.iter().filter(office) {
            if let Some(stands) = clock.standing {
                timers.extend(stands.until.map(|until| Timer {
                    at: until,
                    due_at: until,
                    target: clock.target,
                    what: Due::PauseEnds,
                }));
                continue;
            }
            if !clock.breached {
                timers.push(after(clock, clock.due_at, Due::Breach));
            }
            self.levels(clock, &mut timers);
        }
        timers.sort_by_key(|timer| timer.at);
        timers
    }

    fn levels(&self, clock: &Clock, timers: &mut Vec<Timer>) {
        let calendar = self.rulebook.calendar(self.unit, self.place);
        let ladder = self.rulebook.ladder();
        for level in ladder.above(clock.level, clock.target, self.unit, self.priority, self.rulebook) {
            if level.taken == LadderMode::Manual {
                continue;
            }
            if let Some(at) = level.instant(calendar, clock.amount, clock.due_at) {
                timers.push(after(clock, at, Due::Level(level.code.clone())));
            }
        }
    }
}

fn after(clock: &Clock, due_at: DateTime<Utc>, what: Due) -> Timer {
    Timer { at: due_at + TimeDelta::milliseconds(1), due_at, target: clock.target, what }
}
