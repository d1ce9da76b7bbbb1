//! By which due date a case is judged, and how it stands to it: said once, for facts, statements and packs.

use crate::grievance::clock::Clock;
use crate::grievance::payload::AdoptedStep;
use crate::grievance::state::Grievance;
use crate::vocabulary::{Phase, TargetKind, TargetState};
use chrono::{DateTime, TimeDelta, Utc};

/// The due date by which a case is judged, and from when it is late or soon will be, as long as nothing
/// more happens to it.
///
/// It is three instants, so that a table, a ledger and a database count by comparing numbers and no
/// calendar or rulebook is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// When it was, or is, due: the resolution; under appeal, the decision.
    pub due_at: DateTime<Utc>,
    /// After this instant it is past its due date; never, where the target was met in time or the clock
    /// stands still.
    pub late_at: Option<DateTime<Utc>>,
    /// From this instant on it is due soon; never, where the target was met, or the clock stood still
    /// before.
    pub soon_at: Option<DateTime<Utc>>,
}

impl Judged {
    /// How a case stands to the due date by which it is judged; `None` when nothing says by when.
    ///
    /// The clock of the target says so. A case that another system gave a due date, and that has no clock
    /// here, is judged by that date, counted from its receipt, until it is opened again or appealed here.
    pub fn of(case: &Grievance) -> Option<Self> {
        let phase = case.phase();
        let asked = match phase {
            Phase::UnderAppeal => TargetKind::AppealDecision,
            _ => TargetKind::Resolution,
        };
        if let Some(clock) = case.clock(asked) {
            return Some(Self::by_clock(case, clock));
        }
        let due_at = adopted_due(case)?;
        Some(Self::by_dates(case.subject.received_at, due_at, disposed_at(case)))
    }

    /// How a case stands of which only dates are known: when its time began, when it was due, and when it
    /// was disposed, if it was.
    pub fn by_dates(from: DateTime<Utc>, due_at: DateTime<Utc>, ended_at: Option<DateTime<Utc>>) -> Self {
        let late = ended_at.is_none_or(|ended| ended > due_at);
        Self { due_at, late_at: late.then_some(due_at), soon_at: Some(soon(from, due_at)) }
    }

    fn by_clock(case: &Grievance, clock: &Clock) -> Self {
        let Clock { target, from_at, due_at, .. } = *clock;
        let missed = || {
            let last = case.breaches.iter().rev().find(|breach| breach.target == target);
            last.map_or(due_at, |breach| breach.due_at)
        };
        let late_at = match (clock.met_at, disposed_at(case)) {
            _ if clock.breached => Some(missed()),
            // A disposal is judged by when the target was met, which a report before it has done.
            (met, Some(ended)) => Some(due_at).filter(|due| met.unwrap_or(ended) > *due),
            // Whoever has reported is not asked any more.
            (Some(_), None) => None,
            (None, None) => clock.is_running().then_some(due_at),
        };
        let soon = soon(from_at, due_at);
        let soon_at = match (clock.met_at, clock.standing) {
            (Some(_), _) => None,
            (None, Some(stands)) => Some(soon).filter(|soon| *soon <= stands.since),
            (None, None) => Some(soon),
        };
        Self { due_at, late_at, soon_at }
    }

    /// Whether it is past its due date at an instant: on the deadline itself it is in time.
    pub fn is_late(&self, at: DateTime<Utc>) -> bool {
        self.late_at.is_some_and(|late| late < at)
    }

    /// How a case that is pending at an instant stands.
    pub fn state(&self, at: DateTime<Utc>) -> TargetState {
        if self.is_late(at) {
            TargetState::Breached
        } else if self.soon_at.is_some_and(|soon| soon <= at) {
            TargetState::DueSoon
        } else {
            TargetState::InTime
        }
    }
}

fn disposed_at(case: &Grievance) -> Option<DateTime<Utc>> {
    let closure = case.course.closure.as_ref().filter(|_| case.phase() == Phase::Disposed);
    closure.map(|closure| closure.at)
}

/// The first instant at which three quarters of the time have gone.
fn soon(from: DateTime<Utc>, due_at: DateTime<Utc>) -> DateTime<Utc> {
    let (from_at, due) = (from.timestamp_millis(), due_at.timestamp_millis());
    let wait = TimeDelta::milliseconds(soon_at(from_at, due) - from_at);
    from.checked_add_signed(wait).unwrap_or(due_at)
}

/// The same in milliseconds since 1970.
pub(crate) const fn soon_at(from: i64, due_at: i64) -> i64 {
    // Three quarters, rounded up: at the millisecond before, less has gone.
    from - (-3 * (due_at - from)).div_euclid(4)
}

/// The due date that another system gave a case, while it is the case that the import told: not once it
/// was opened again or appealed here.
pub(crate) fn adopted_due(case: &Grievance) -> Option<DateTime<Utc>> {
    let adopted = &case.adopted.as_ref()?.said;
    let told = 1 + adopted.facts.iter().filter(|fact| fact.what == AdoptedStep::Reopened).count();
    let here = case.episodes.len() > told || case.phase() == Phase::UnderAppeal;
    adopted.due_at.filter(|_| !here)
}

#[cfg(test)]
mod tests {
    use super::soon_at;

    /// Four times what has gone reaches three times the whole, and a millisecond before it does not.
    #[test]
    fn three_quarters_are_the_first_millisecond_that_reaches_them() {
        for (from, due) in
            [(0, 8), (0, 7), (0, 1), (5, 5), (10, 3), (-9, 2), (1_700_000_000_123, 1_700_864_000_000)]
        {
            let soon = soon_at(from, due);
            let reached = |at: i64| (at - from) * 4 >= (due - from) * 3;
            assert!(reached(soon) && !reached(soon - 1), "{from} {due}");
        }
    }
}
