//! Every rule of a case's life: from a case and a command to events, or a refusal.
//!
//! [`decide`] is a pure function. First it asks the module `permit` for what
//! does not depend on the command's content (the workflow's step, the actor's reach, the gates),
//! then the one file that knows the action.

mod afterwards;
mod closing;
mod correcting;
pub(crate) mod deadline;
pub(crate) mod hearing;
mod intake;
mod joining;
pub(crate) mod keeping;
mod movement;
mod place;

pub use crate::grievance::decide::joining::{Companion, companions, decide_companion};

use crate::grievance::command::{Command, Received};
use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::moment::Moment;
use crate::grievance::payload::{Appealed, FourEyesWaived, Noted, Remapped, Reopened, Worded};
use crate::grievance::permit::{demands_remarks, judges_themselves, needs_a_second, permit};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::kernel::text::TextRef;
use crate::kernel::time::day_of;
use crate::rulebook::access;
use crate::rulebook::succession::Moved;
use crate::rulebook::workflow::Step;
use crate::vocabulary::{Action, Gate, Outcome};

/// What a decision gives.
pub type Decision = Result<Vec<Event>, Refusal>;

/// Decides a command: what happens, or why it may not.
///
/// `of` is the case as its history left it, `None` before lodging. Nothing is read but the
/// arguments, so the same arguments always give the same answer.
///
/// # Errors
///
/// The first [`Refusal`] that stands in the way. A refused command changes nothing.
pub fn decide(of: Option<&Grievance>, command: &Command, at: &Moment<'_>) -> Decision {
    match (of, command) {
        (None, Command::Lodge(lodging)) => {
            Ok(deadline::follow(None, Vec::new(), intake::lodge(lodging, at)?, at))
        }
        (None, _) => Err(Refusal::NotFound),
        (Some(case), Command::Lodge(_)) if !is_seen(case, at) => Err(Refusal::NotFound),
        (Some(_), Command::Lodge(_)) => Err(Refusal::AlreadyLodged),
        (Some(case), command) => match moved(case, at) {
            // Not even that the clock is behind is told to whoever does not see the case.
            Err(_) if command.action().is_some() && !is_seen(case, at) => Err(Refusal::NotFound),
            Err(refusal) => Err(refusal),
            Ok(moved) => decide_moved(case, moved, command, at),
        },
    }
}

fn is_seen(case: &Grievance, at: &Moment<'_>) -> bool {
    access::sees(at.rulebook, at.actor, &case.standing())
}

fn decide_moved(
    case: &Grievance,
    moved: Option<(Vec<Event>, Grievance)>,
    command: &Command,
    at: &Moment<'_>,
) -> Decision {
    match moved {
        None => decide_known(case, command, at),
        Some((mut events, moved)) => {
            let decided = decide_known(&moved, command, at)?;
            // Time that brings nothing is no reason to move a case either.
            if decided.is_empty() {
                events.clear();
            }
            events.extend(decided);
            Ok(events)
        }
    }
}

/// A case that was last decided under another version, as this one sees it: no step is taken, and
/// no time counted, under rules that the case has not been moved to.
pub(crate) fn moved(case: &Grievance, at: &Moment<'_>) -> Result<Option<(Vec<Event>, Grievance)>, Refusal> {
    if case.rulebook == at.rulebook.version() {
        return Ok(None);
    }
    let events = recompute(case, at)?;
    let mut moved = case.clone();
    for (n, event) in (1..).zip(&events) {
        moved.evolve(&Recorded {
            case: case.id,
            version: case.version + n,
            at: at.now,
            actor: at.actor.clone(),
            rulebook: at.rulebook.version(),
            event: event.clone(),
        });
    }
    Ok(Some((events, moved)))
}

/// Decides on a case that is under the rulebook in force.
fn decide_known(case: &Grievance, command: &Command, at: &Moment<'_>) -> Decision {
    match command.action() {
        None => decide_time(case, command, at),
        Some(action) => {
            let step = decide_step(case, action, command, at)?;
            Ok(deadline::follow(Some(case), deadline::overdue(case, at), step, at))
        }
    }
}

/// What the system records when time has passed. Nothing, where nothing is due.
fn decide_time(case: &Grievance, command: &Command, at: &Moment<'_>) -> Decision {
    if at.now < case.updated_at {
        return Err(Refusal::ClockBehind);
    }
    Ok(match command {
        Command::TimerDue => deadline::all_due(case, at),
        Command::GoLive { from } => deadline::begin(case, *from, at),
        Command::NoticeSettled { of, arrived } => deadline::informed(case, *of, *arrived, at),
        _ => Vec::new(),
    })
}

fn decide_step(case: &Grievance, action: Action, command: &Command, at: &Moment<'_>) -> Decision {
    let outcome = came_to(case, action, command.outcome(), at);
    let at = &Moment { received: command.received_at(), ..*at };
    let step = permit(case, action, outcome, at)?;
    check_received(case, at)?;
    if (demands_remarks(action) || step.gates.contains(Gate::Remarks)) && command.remarks().is_none() {
        return Err(Refusal::RemarksMissing);
    }
    let turn = Turn { case, action, step, at };
    let mut events = taken(&turn, command, outcome)?;
    if needs_a_second(action, step) && judges_themselves(case, action, at) {
        // The gate gave way: it is put on record before what it let through.
        let waived = What::FourEyesWaived(FourEyesWaived { action });
        events.insert(0, Event { led_to: case.course.position.clone(), what: waived });
    }
    Ok(events)
}

/// What a letter answers was there before it, and it is entered no later than the role may.
fn check_received(case: &Grievance, at: &Moment<'_>) -> Result<(), Refusal> {
    let Some(received) = at.received else { return Ok(()) };
    let allowed = at.rulebook.backdate_days(&at.actor.role);
    let back = at.today() - day_of(received, at.rulebook.zone());
    if received > at.now || back.num_days() > i64::from(allowed) {
        return Err(Refusal::Backdated { allowed });
    }
    if case.course.closure.as_ref().is_some_and(|closure| received < closure.at) {
        return Err(Refusal::Invalid { field: "received_at", problem: "lies before the disposal" });
    }
    Ok(())
}

/// What a step that may be taken does.
fn taken(turn: &Turn<'_, '_>, command: &Command, outcome: Option<Outcome>) -> Decision {
    let turn = *turn;
    match command {
        Command::Lodge(_) => Err(Refusal::AlreadyLodged),
        Command::Plain(action, remarks) => plain(&turn, *action, *remarks),
        Command::Send(_, sending) => movement::send(&turn, sending, outcome == Some(Outcome::AtCap)),
        Command::Recategorise(change) => intake::recategorise(&turn, change),
        Command::Reclassify(change) => intake::reclassify(&turn, change),
        Command::Split(parts, remarks) => joining::split(&turn, parts, *remarks),
        Command::Consult(asked) => movement::consult(&turn, asked),
        Command::Answer(text) => movement::answer(&turn, *text),
        Command::SeekInformation(text) => turn.one(What::InformationSought(Worded { text: *text })),
        Command::ProvideInformation(text) => turn.one(What::InformationProvided(Worded { text: *text })),
        Command::InterimReply(reply) => hearing::interim_reply(&turn, reply),
        Command::Comment(note) => turn.one(What::Commented(note.clone())),
        Command::Attach(document) => intake::attach(&turn, document),
        Command::ReportAction(judgement) => closing::report(&turn, judgement),
        Command::Approve(judgement) => closing::approve(&turn, judgement),
        Command::RecordCall { reached, note } => hearing::call(&turn, *reached, *note),
        Command::RecordFeedback(feedback) => hearing::feedback(&turn, feedback),
        Command::Dispose { judgement, reply } => closing::dispose(&turn, judgement, *reply),
        Command::Reopen(Received { text, at }) => {
            turn.one(What::Reopened(Reopened { received_at: *at, remarks: *text }))
        }
        Command::Appeal(Received { text: Some(text), at }) => {
            turn.one(What::Appealed(Appealed { text: *text, received_at: *at }))
        }
        Command::Appeal(_) => Err(Refusal::RemarksMissing),
        Command::DecideAppeal(outcome, remarks) => afterwards::decide_appeal(&turn, *outcome, *remarks),
        Command::Merge(into, remarks) => joining::merge(&turn, *into, *remarks),
        Command::Extend(until, remarks) => afterwards::extend(&turn, *until, *remarks),
        Command::Escalate { level: Some(level), to: None, remarks } => {
            deadline::take_by_hand(&turn, level, *remarks)
        }
        Command::Escalate { level: Some(_), .. } => {
            Err(Refusal::Invalid { field: "unit", problem: "is what the level says" })
        }
        Command::Escalate { to, remarks, .. } => movement::escalate(&turn, to.as_ref(), *remarks),
        Command::Correct(correction) => correcting::correct(&turn, correction),
        Command::Record(record) => afterwards::record(&turn, record),
        Command::Verify(verified) => afterwards::verify(&turn, verified),
        Command::Classify(classified) => afterwards::classify(&turn, classified),
        Command::Unseal { order, remarks } => afterwards::unseal(&turn, *order, *remarks),
        Command::Hold(hold) => keeping::hold(&turn, hold),
        Command::ReleaseHold(release) => keeping::release(&turn, release),
        Command::Erase(because) => keeping::erase(&turn, *because),
        Command::TimerDue | Command::GoLive { .. } | Command::NoticeSettled { .. } => Ok(Vec::new()),
    }
}

/// What an action comes to here: what the command says, save that feedback which is not
/// satisfied once too often exhausts the rounds, and a transfer too many is for the cell.
pub(crate) fn came_to(
    case: &Grievance,
    action: Action,
    said: Option<Outcome>,
    at: &Moment<'_>,
) -> Option<Outcome> {
    match (action, said) {
        (Action::Transfer, _) => (case.transfers >= at.rulebook.transfer().cap).then_some(Outcome::AtCap),
        (Action::RecordFeedback, Some(Outcome::NotSatisfied)) => {
            let used_up = case.rounds + 1 >= at.rulebook.feedback().rounds;
            let mut steps = at.rulebook.workflow().steps(action, Some(case.stage()), &at.actor.role);
            let special = used_up && steps.any(|step| step.when == Some(Outcome::Exhausted));
            Some(if special { Outcome::Exhausted } else { Outcome::NotSatisfied })
        }
        _ => said,
    }
}

/// Moves an open case under a new rulebook version: to the unit, the stage and the reason that
/// the version's mapping names. Nothing, where the case needs no moving but its version.
///
/// Past breaches, reports and closures stay as they were recorded.
///
/// # Errors
///
/// [`Refusal::ClockBehind`] when the case has an event later than now.
pub fn recompute(case: &Grievance, at: &Moment<'_>) -> Decision {
    if at.now < case.updated_at {
        return Err(Refusal::ClockBehind);
    }
    let rulebook = at.rulebook;
    let subject = &case.subject;
    let (accused, sealed) = (case.against(), case.sealed.as_ref());
    let unit = match rulebook.successor_of_unit(case.unit(), subject.category.as_ref(), at.today()) {
        Moved::Same => case.unit().clone(),
        Moved::To(unit) => unit,
        Moved::Reroute => rulebook.route(subject.category.as_ref(), subject.place.as_ref(), accused).unit,
    };
    let stage = rulebook.successor_of_stage(case.stage());
    let phase = rulebook.workflow().stage(&stage).map_or(case.phase(), |stage| stage.phase);
    let chosen = case.course.approval.as_ref().and_then(|approval| approval.reason.as_ref());
    let proposed = case.course.report.as_ref().and_then(|report| report.reason.as_ref());
    let reason = chosen.or(proposed).map(|code| (code, rulebook.successor_of_reason(code)));
    let led_to = Position { phase, stage, unit: rulebook.led_around(unit, sealed, accused) };
    let reason = reason.filter(|(old, new)| *old != new).map(|(_, new)| new);
    let remapped = Event { led_to, what: What::Remapped(Remapped { to: rulebook.version(), reason }) };
    Ok(deadline::retime(case, remapped, at))
}

/// A permitted step on its way to being taken.
#[derive(Clone, Copy)]
struct Turn<'a, 'm> {
    case: &'a Grievance,
    action: Action,
    step: &'m Step,
    at: &'a Moment<'m>,
}

impl Turn<'_, '_> {
    /// One event, which leaves the case where the step says.
    fn one(&self, what: What) -> Decision {
        let led_to = self.position(None)?;
        Ok(vec![Event { led_to, what }])
    }

    /// Where the step leaves the case; `named` is the office that the command names.
    fn position(&self, named: Option<&UnitCode>) -> Result<Position, Refusal> {
        place::position(self, named)
    }

    /// The office that the grievance is about.
    fn accused(&self) -> Option<&UnitCode> {
        self.case.against()
    }

    /// An office that a rule names, led around the one complained about and to those who may know.
    fn led_around(&self, unit: UnitCode) -> UnitCode {
        self.at.rulebook.led_around(unit, self.case.sealed.as_ref(), self.accused())
    }

    /// Refuses an office that somebody names and that may not know of the case, or in a sealed one
    /// stands in the line of the office complained about.
    fn check_named(&self, unit: &UnitCode) -> Result<(), Refusal> {
        let Some(seal) = &self.case.sealed else { return Ok(()) };
        let rulebook = self.at.rulebook;
        if rulebook.is_in_line_of(unit, self.accused()) {
            Err(Refusal::UnitAccused)
        } else if !rulebook.may_keep(unit, seal, self.accused()) {
            Err(Refusal::UnitNotNamed { unit: unit.clone() })
        } else {
            Ok(())
        }
    }
}

/// The steps that say nothing but remarks.
fn plain(turn: &Turn<'_, '_>, action: Action, remarks: Option<TextRef>) -> Decision {
    let said = Noted { remarks };
    turn.one(match action {
        Action::Admit => What::Admitted(said),
        Action::Decline => What::Declined(said),
        Action::Acknowledge => What::Acknowledged(said),
        Action::Return => What::Returned(said),
        Action::Recall => What::Recalled(said),
        Action::Remind => What::Reminded(said),
        Action::SendBackReport => What::ReportSentBack(said),
        Action::Refuse => What::Refused(said),
        Action::Withdraw => What::Withdrawn(said),
        Action::Rescind => return afterwards::rescind(turn, remarks),
        other => {
            return Err(Refusal::ActionNotOffered { action: other, stage: Some(turn.case.stage().clone()) });
        }
    })
}
