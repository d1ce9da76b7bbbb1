//! What a case waits for: the instants at which something happens if nobody acts.

use crate::grievance::clock::Clock;
use crate::grievance::state::Grievance;
use crate::kernel::code::{PlaceCode, PriorityCode, RuleCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::rulebook::escalation::Level;
use crate::rulebook::escalation::When;
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
    let mut timers = Vec::new();
    waiting(case, rulebook).each(false, &mut |timer| timers.push(timer.owned()));
    timers.sort_by_key(|timer| timer.at);
    timers
}

/// The first instant at which something becomes due in a case: its row among a store's timers.
pub fn next_due(case: &Grievance, rulebook: &Rulebook) -> Option<DateTime<Utc>> {
    waiting(case, rulebook).first(None, true).map(|timer| timer.at)
}

/// Whether something other than a level of the ladder has become due on a clock.
pub(crate) fn overdue(clock: &Clock, now: DateTime<Utc>) -> bool {
    is_the_office_s(clock)
        && match clock.standing {
            Some(stands) => stands.until.is_some_and(|until| until <= now),
            None => !clock.breached && clock.due_at < now,
        }
}

fn waiting<'a>(case: &'a Grievance, rulebook: &'a Rulebook) -> Waiting<'a> {
    let subject = &case.subject;
    Waiting {
        clocks: &case.course.clocks,
        unit: case.unit(),
        place: subject.place.as_ref(),
        priority: subject.priority.as_ref(),
        rulebook,
    }
}

fn is_the_office_s(clock: &Clock) -> bool {
    clock.met_at.is_none() && !clock.target.is_window()
}

/// A timer that is only looked at.
#[derive(Clone, Copy)]
struct Seen<'a> {
    at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    target: TargetKind,
    what: Sight<'a>,
}

#[derive(Clone, Copy)]
enum Sight<'a> {
    PauseEnds,
    Breach,
    Level(&'a Level),
}

impl Seen<'_> {
    fn owned(self) -> Timer {
        let what = match self.what {
            Sight::PauseEnds => Due::PauseEnds,
            Sight::Breach => Due::Breach,
            Sight::Level(level) => Due::Level(level.code.clone()),
        };
        Timer { at: self.at, due_at: self.due_at, target: self.target, what }
    }
}

impl<'a> Waiting<'a> {
    /// The earliest timer that is due at `now`; levels of the ladder only if they are asked for.
    pub(crate) fn next(&self, now: DateTime<Utc>, levels: bool) -> Option<Timer> {
        self.first(Some(now), levels).map(Seen::owned)
    }

    /// The earliest timer, of those due by `limit` if there is one. Of several at one instant the
    /// first in the order of the clocks, a breach before the levels it brings.
    fn first(&self, limit: Option<DateTime<Utc>>, levels: bool) -> Option<Seen<'a>> {
        let mut first: Option<Seen<'a>> = None;
        let mut see = |timer: Seen<'a>| {
            if limit.is_none_or(|limit| timer.at <= limit) && first.is_none_or(|first| timer.at < first.at) {
                first = Some(timer);
            }
        };
        if levels {
            self.each(true, &mut see);
        } else {
            self.own(&mut see);
        }
        first
    }

    /// Ends of pauses and breaches.
    fn own(&self, see: &mut impl FnMut(Seen<'a>)) {
        for clock in self.clocks.iter().filter(|clock| is_the_office_s(clock)) {
            Self::own_of(clock, see);
        }
    }

    fn own_of(clock: &Clock, see: &mut impl FnMut(Seen<'a>)) {
        if let Some(stands) = clock.standing {
            if let Some(until) = stands.until {
                see(Seen { at: until, due_at: until, target: clock.target, what: Sight::PauseEnds });
            }
        } else if !clock.breached {
            see(after(clock, clock.due_at, Sight::Breach));
        }
    }

    /// Everything; with `earliest`, without the levels that come after the breach that is still to
    /// come.
    fn each(&self, earliest: bool, see: &mut impl FnMut(Seen<'a>)) {
        let mut calendar = None;
        for clock in self.clocks.iter().filter(|clock| is_the_office_s(clock)) {
            Self::own_of(clock, see);
            if clock.standing.is_some() {
                continue;
            }
            let ladder = self.rulebook.ladder();
            for level in ladder.above(clock.level, clock.target, self.unit, self.priority, self.rulebook) {
                let later = matches!(level.when, When::After(amount) if amount.within > 0);
                if level.taken == LadderMode::Manual || (earliest && later && !clock.breached) {
                    continue;
                }
                let calendar = *calendar.get_or_insert_with(|| self.rulebook.calendar(self.unit, self.place));
                if let Some(at) = level.instant(calendar, clock.amount, clock.due_at) {
                    see(after(clock, at, Sight::Level(level)));
                }
            }
        }
    }
}

fn after<'a>(clock: &Clock, due_at: DateTime<Utc>, what: Sight<'a>) -> Seen<'a> {
    Seen { at: due_at + TimeDelta::milliseconds(1), due_at, target: clock.target, what }
}
