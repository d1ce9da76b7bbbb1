//! What an index is made of beside movements and stocks: acknowledgements, root causes, special closures,
//! outcomes that are owed, cases that were sent away. Statement and pack ask the same functions.

use crate::grievance::clock::Clock;
use crate::grievance::event::{Recorded, What};
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::measure::as_of::{dated, grievance_as_of};
use crate::measure::target::missed_when;
use crate::vocabulary::{EventKind, Phase, TargetKind, Waiver};
use chrono::{DateTime, TimeDelta, Utc};

/// Tells each acknowledgement that had a due date when that was decided, by being met or by passing before
/// `until`: the office that had the case until then, the instant, and whether it was met. While neither has
/// happened nothing is said of it. `case` is the case as the history left it before `until`.
pub(crate) fn acknowledged<'a>(
    history: &'a [Recorded],
    case: &'a Grievance,
    until: DateTime<Utc>,
    mut tell: impl FnMut(&'a UnitCode, DateTime<Utc>, bool),
) {
    missed_when(history, case, until, |unit, target, when, _| {
        if target == TargetKind::Acknowledgement {
            tell(unit, when, false);
        }
    });
    let clock = case.clock(TargetKind::Acknowledgement).filter(|clock| !clock.breached);
    if let Some(met) = clock.and_then(|clock| clock.met_at).filter(|met| *met < until) {
        // The step that met it may have sent the case on.
        let before = dated(history).take_while(|step| step.at < met).last();
        let held_by = before.or_else(|| dated(history).next()).map_or(case.unit(), |step| &step.led_to.unit);
        tell(held_by, met, true);
    }
}

/// Whether a step took a case from its office because it was not that office's: returned, or passed on to
/// another as not its own.
pub(crate) fn sends_away(kind: EventKind) -> bool {
    matches!(kind, EventKind::Returned | EventKind::Transferred)
}

/// Tells each time that a case that was lodged here was sent away before `until`: by which office, and when.
pub(crate) fn sent_away<'a>(
    history: &'a [Recorded],
    until: DateTime<Utc>,
    mut tell: impl FnMut(&'a UnitCode, DateTime<Utc>),
) {
    // Where an import says that a case was, it does not say why it left.
    for pair in history.windows(2).filter(|pair| pair[1].at < until) {
        let (from, to) = (&pair[0].event.led_to.unit, &pair[1].event.led_to.unit);
        if from != to && sends_away(pair[1].event.what.kind()) {
            tell(from, pair[1].at);
        }
    }
}

/// Whether an event closes a case specially: the complainant was heard as often as the policy asks, and is
/// not satisfied.
pub(crate) fn closes_specially(what: &What) -> bool {
    matches!(what, What::FeedbackWaived(waived) if waived.because == Waiver::Exhausted)
}

/// Tells each disposal that was given a root cause before `until`: the office that disposed, when it did, and
/// when the cause was first given.
pub(crate) fn classified(
    history: &[Recorded],
    until: DateTime<Utc>,
    mut tell: impl FnMut(&UnitCode, DateTime<Utc>, DateTime<Utc>),
) {
    let mut last: Option<DateTime<Utc>> = None;
    let given = history.iter().filter(|next| matches!(next.event.what, What::Classified(_)));
    for next in given.filter(|next| next.at < until) {
        // The instant after: what happened at it counts.
        let Some(case) = grievance_as_of(history, next.at + TimeDelta::milliseconds(1)) else { continue };
        if let Some(closure) = case.course.closure.filter(|closure| last != Some(closure.at)) {
            last = Some(closure.at);
            tell(&closure.unit, closure.at, next.at);
        }
    }
}

/// The clock of the outcome that a disposed case still owes.
pub(crate) fn owed(case: &Grievance) -> Option<&Clock> {
    let clock = case.clock(TargetKind::Review).filter(|clock| clock.met_at.is_none());
    clock.filter(|_| case.phase() == Phase::Disposed)
}
