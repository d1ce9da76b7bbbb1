//! What stands between a case and an action before anybody has written a word: the workflow's
//! step, the actor's reach, the gates.
//!
//! [`decide`](crate::grievance::decide::decide) and [`options`](crate::grievance::options) both
//! ask here, so what is offered and what is decided cannot differ.

use crate::grievance::decide::hearing::enough_attempts;
use crate::grievance::decide::keeping;
use crate::grievance::moment::Moment;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::time::day_of;
use crate::rulebook::access;
use crate::rulebook::target::Amount;
use crate::rulebook::workflow::Step;
use crate::vocabulary::{Action, FeedbackOutcome, Gate, Outcome, Phase, TargetKind, TimeUnit, Waiver};
use chrono::{DateTime, TimeDelta, Utc};

/// The step for an action that came to `outcome`, if nothing stands in the way.
pub(crate) fn permit<'m>(
    case: &Grievance,
    action: Action,
    outcome: Option<Outcome>,
    at: &Moment<'m>,
) -> Result<&'m Step, Refusal> {
    let step = offered(case, action, outcome, at)?;
    match hurdles(case, action, outcome, step, at).into_iter().next() {
        Some(first) => Err(first),
        None => Ok(step),
    }
}

/// The step, if the actor sees the case, the workflow offers one and the case is within reach.
///
/// Whoever does not see the case is told so before anything else is looked at, in the words for a
/// case that does not exist.
pub(crate) fn offered<'m>(
    case: &Grievance,
    action: Action,
    outcome: Option<Outcome>,
    at: &Moment<'m>,
) -> Result<&'m Step, Refusal> {
    if !access::sees(at.rulebook, at.actor, &case.standing()) {
        return Err(Refusal::NotFound);
    }
    let step = at
        .rulebook
        .workflow()
        .find(action, Some(case.stage()), &at.actor.role, outcome)
        .ok_or_else(|| Refusal::ActionNotOffered { action, stage: Some(case.stage().clone()) })?;
    if !access::reaches(at.rulebook, at.actor, action, &case.standing()) {
        return Err(Refusal::OutOfReach);
    }
    if at.now < case.updated_at {
        return Err(Refusal::ClockBehind);
    }
    Ok(step)
}

/// Whether the action demands remarks in every rulebook.
pub(crate) const fn demands_remarks(action: Action) -> bool {
    matches!(
        action,
        Action::Decline
            | Action::Return
            | Action::Transfer
            | Action::SendBackReport
            | Action::Refuse
            | Action::Dispose
            | Action::Reopen
            | Action::DecideAppeal
            | Action::Extend
            | Action::Correct
            | Action::Rescind
            | Action::Verify
            | Action::Unseal
            | Action::Hold
            | Action::ReleaseHold
    )
}

/// Everything that stands in the way, gates first. Empty, and without an allocation, for a step
/// that may be taken.
pub(crate) fn hurdles(
    case: &Grievance,
    action: Action,
    outcome: Option<Outcome>,
    step: &Step,
    at: &Moment<'_>,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    found.extend(of_the_part(case, action).err());
    if (action == Action::Dispose || step.gates.contains(Gate::Parts))
        && let Err(open) = parts_closed(case)
    {
        found.push(open);
    }
    let feedback = action == Action::Dispose && at.rulebook.feedback().before_disposal;
    if (feedback || step.gates.contains(Gate::Feedback)) && hearing_owed(case, at).is_err() {
        found.push(Refusal::FeedbackMissing);
    }
    if matches!(action, Action::Reopen | Action::Appeal | Action::Rescind)
        || step.gates.contains(Gate::Window)
    {
        found.extend(window(case, action, at).err());
    }
    if needs_a_second(action, step) && judges_themselves(case, action, at) && !excepted(at) {
        found.push(Refusal::SameOfficer);
    }
    if step.gates.contains(Gate::Approval) && case.course.approval.is_none() {
        found.push(Refusal::ApprovalMissing);
    }
    found.extend(of_the_action(case, action, outcome, at).err());
    found
}

/// A part is worked on like a case, but the complainant's own steps are taken on the whole.
fn of_the_part(case: &Grievance, action: Action) -> Result<(), Refusal> {
    let whole = matches!(
        action,
        Action::Reopen
            | Action::Appeal
            | Action::DecideAppeal
            | Action::Withdraw
            | Action::Merge
            | Action::Split
            | Action::RecordFeedback
            | Action::Erase
    );
    if whole && case.is_part() { Err(Refusal::PartNotAllowed) } else { Ok(()) }
}

fn parts_closed(case: &Grievance) -> Result<(), Refusal> {
    match case.parts.iter().filter(|part| !part.closed).count() {
        0 => Ok(()),
        open => Err(Refusal::PartsOpen { open }),
    }
}

/// Whether the complainant was heard as the policy wants before a disposal: `Ok(None)` if so,
/// `Ok(Some(…))` if it is waived, and why.
pub(crate) fn hearing_owed(case: &Grievance, at: &Moment<'_>) -> Result<Option<Waiver>, Refusal> {
    let policy = at.rulebook.feedback();
    let complainant = &case.subject.complainant;
    if !policy.before_disposal {
        return Ok(None);
    }
    if case.is_part() {
        return Ok(Some(Waiver::Part));
    }
    match case.course.heard {
        Some(FeedbackOutcome::Satisfied | FeedbackOutcome::Unreachable) => return Ok(None),
        Some(FeedbackOutcome::NotSatisfied)
            if case.rounds >= policy.rounds && case.course.approval.is_some() =>
        {
            return Ok(Some(Waiver::Exhausted));
        }
        Some(FeedbackOutcome::NotSatisfied) => return Err(Refusal::FeedbackMissing),
        None => {}
    }
    let contact = complainant.mobile.or(complainant.email).or(complainant.address);
    if complainant.person.is_none() && contact.is_none() {
        Ok(Some(Waiver::SuoMotu))
    } else if complainant.anonymous {
        Ok(Some(Waiver::Anonymous))
    } else if contact.is_none() {
        Ok(Some(Waiver::NoContact))
    } else {
        Err(Refusal::FeedbackMissing)
    }
}

/// The time allowed for the step: reopening and appeal as long as the window that the disposal
/// opened is; undoing by hours after the step.
///
/// A window that waits for the complainant to be informed is open. A case of which an outcome is
/// owed may be reopened at any time: that is what the review date is for.
fn window(case: &Grievance, action: Action, at: &Moment<'_>) -> Result<(), Refusal> {
    let allowed = at.rulebook.window();
    let undoing = || case.undo.as_ref().map_or(Ok(()), |undo| by_hours(undo.at, allowed.rescind_hours, at));
    let Some(closed_at) = case.course.closure.as_ref().map(|closure| closure.at) else {
        return if action == Action::Rescind { undoing() } else { Ok(()) };
    };
    match action {
        Action::Rescind => undoing(),
        Action::Appeal | Action::DecideAppeal => {
            still_open(case, TargetKind::AppealFiling, closed_at, allowed.appeal_days, at)
        }
        _ if case.clock(TargetKind::Review).is_some_and(|owed| owed.met_at.is_none()) => Ok(()),
        _ => still_open(case, TargetKind::Reopening, closed_at, allowed.reopen_days, at),
    }
}

/// Whether a window of the complainant's is open; the last day belongs to it. A history from
/// before windows were recorded has the calendar days that the rulebook allows, to the end of the
/// next day on which the office opens.
fn still_open(
    case: &Grievance,
    kind: TargetKind,
    closed_at: DateTime<Utc>,
    days: u32,
    at: &Moment<'_>,
) -> Result<(), Refusal> {
    let calendar = at.rulebook.calendar(case.unit(), case.subject.place.as_ref());
    let due = match case.clock(kind) {
        Some(clock) if clock.standing.is_some() => return Ok(()),
        Some(clock) => clock.due_at,
        None => Amount { within: days, counted: TimeUnit::CalendarDays, keep_clock: false }.due(
            calendar,
            closed_at,
            &[],
            true,
        ),
    };
    if at.received.unwrap_or(at.now) < due {
        return Ok(());
    }
    Err(Refusal::WindowClosed { ended: calendar.day_of(due - TimeDelta::milliseconds(1)) })
}

fn by_hours(since: DateTime<Utc>, hours: u32, at: &Moment<'_>) -> Result<(), Refusal> {
    let ended = since + TimeDelta::hours(i64::from(hours));
    if at.now <= ended {
        Ok(())
    } else {
        Err(Refusal::WindowClosed { ended: day_of(ended, at.rulebook.zone()) })
    }
}

/// Whether another person than the one judged must take the step. A second look by the same eyes
/// is none, whatever the rulebook says.
pub(crate) fn needs_a_second(action: Action, step: &Step) -> bool {
    action == Action::Verify || step.gates.contains(Gate::DifferentOfficer)
}

/// Whether the actor would judge a step of their own: who reported, approved or disposed, for an
/// appeal and for a second look; who reported, otherwise.
pub(crate) fn judges_themselves(case: &Grievance, action: Action, at: &Moment<'_>) -> bool {
    let course = &case.course;
    let all = matches!(action, Action::DecideAppeal | Action::Verify);
    let reported = course.report.as_ref().map(|report| report.by);
    let closed = [course.closure.as_ref().map(|it| it.by), course.approval.as_ref().map(|it| it.by)];
    let judged = closed.into_iter().filter(|_| all).chain([reported]);
    judged.flatten().any(|by| by == at.actor.person)
}

/// Whether one person may take both steps here: the rulebook allows it, and the roster knows no
/// second.
pub(crate) fn excepted(at: &Moment<'_>) -> bool {
    at.rulebook.four_eyes().exception && at.alone
}

/// What the action itself needs of the case.
fn of_the_action(
    case: &Grievance,
    action: Action,
    outcome: Option<Outcome>,
    at: &Moment<'_>,
) -> Result<(), Refusal> {
    let (rulebook, course) = (at.rulebook, &case.course);
    let cell = rulebook.directory().cell();
    let most =
        |count: u32, most: u32, of| if count < most { Ok(()) } else { Err(Refusal::TooMany { of, most }) };
    match action {
        Action::Return if course.trail.is_empty() && case.unit() == cell => Err(Refusal::NobodySent),
        Action::Return if course.binding => Err(Refusal::AssignmentBinding),
        Action::Recall if course.trail.is_empty() => Err(Refusal::NobodySent),
        Action::Recall if course.opened => Err(Refusal::AlreadyOpened),
        Action::Transfer if course.binding => Err(Refusal::AssignmentBinding),
        Action::Transfer if outcome == Some(Outcome::AtCap) && case.unit() == cell => {
            Err(Refusal::AlreadyThere)
        }
        Action::Answer => match &at.actor.unit {
            Some(unit) if case.consulted.contains(unit) => Ok(()),
            _ => Err(Refusal::NotConsulted),
        },
        Action::Attach => most(case.attachments, rulebook.intake().attachments, "documents"),
        Action::Extend => most(case.extensions, rulebook.window().extensions, "extensions"),
        Action::Split => {
            most(u32::try_from(case.parts.len()).unwrap_or(u32::MAX), rulebook.intake().parts, "parts")
        }
        Action::Merge => parts_closed(case),
        Action::Withdraw if !case.members.is_empty() => Err(Refusal::OthersJoined),
        Action::Withdraw => parts_closed(case),
        Action::Decline if !case.members.is_empty() => Err(Refusal::OthersJoined),
        Action::Decline => parts_closed(case),
        Action::Escalate if rulebook.directory().parent(case.unit()).is_none() => Err(Refusal::NobodyAbove),
        Action::RecordFeedback => feedback(case, outcome, at),
        Action::Rescind => rescindable(case),
        Action::Unseal if case.sealed.is_none() => Err(Refusal::NotSealed),
        Action::ReleaseHold if case.holds.is_empty() => Err(Refusal::NotOnHold),
        Action::Erase => keeping::erasable(case, at),
        _ => Ok(()),
    }
}

/// Feedback is taken outside the office that reported; "unreachable" only after the attempts.
fn feedback(case: &Grievance, outcome: Option<Outcome>, at: &Moment<'_>) -> Result<(), Refusal> {
    let policy = at.rulebook.feedback();
    let reported = case.course.report.as_ref().map(|report| &report.unit);
    if policy.outside_office && reported.is_some() && at.actor.unit.as_ref() == reported {
        return Err(Refusal::FeedbackNotOutside);
    }
    match outcome {
        Some(Outcome::Unreachable) => enough_attempts(&case.attempts, policy).map(drop),
        _ => Ok(()),
    }
}

/// The last step can be undone unless its end was told to other cases.
fn rescindable(case: &Grievance) -> Result<(), Refusal> {
    let undo = case.undo.as_ref().ok_or(Refusal::NothingToRescind)?;
    let ended = case.phase().is_terminal() && undo.course.position.phase != case.phase();
    let told = ended && (case.is_part() || (case.phase() == Phase::Disposed && !case.members.is_empty()));
    if told { Err(Refusal::NothingToRescind) } else { Ok(()) }
}
