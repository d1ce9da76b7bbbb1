//! Cases that hang together: parts of one, and several that become one.
//!
//! What one command does to the other cases is told by [`companions`]; each is decided by
//! [`decide_companion`] on its own history, and all of it is committed together or not at all.

use crate::grievance::decide::deadline;
use crate::grievance::decide::moved;
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::{Event, Position, What};
use crate::grievance::moment::Moment;
use crate::grievance::payload::{
    Absorbed, Complainant, Merged, OutcomeShared, PartClosed, PartNamed, PartOpened, PartSketch,
    SplitIntoParts,
};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::code::{ReasonCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::TextRef;
use crate::rulebook::access;
use crate::vocabulary::{Action, DisposalClass};

/// Divides the case. Each part begins at its office; the case itself stays where it is.
pub(super) fn split(turn: &Turn<'_, '_>, parts: &[PartSketch], remarks: Option<TextRef>) -> Decision {
    let rulebook = turn.at.rulebook;
    let most = rulebook.intake().parts;
    if parts.len() < 2 && turn.case.parts.is_empty() {
        return Err(Refusal::Invalid { field: "units", problem: "fewer than two parts" });
    }
    if parts.is_empty() {
        return Err(Refusal::Invalid { field: "units", problem: "no part" });
    }
    if turn.case.parts.len() + parts.len() > most as usize {
        return Err(Refusal::TooMany { of: "parts", most });
    }
    for part in parts {
        if rulebook.directory().get(&part.unit).is_none() {
            return Err(Refusal::Unknown { field: "units", code: part.unit.to_string() });
        }
        if !rulebook.directory().exists_on(&part.unit, turn.at.today()) {
            return Err(Refusal::UnitClosed { unit: part.unit.clone() });
        }
        if rulebook.is_accused(&part.unit, turn.accused()) {
            return Err(Refusal::UnitAccused);
        }
        turn.check_named(&part.unit)?;
        if turn.case.sealed.is_none() && rulebook.seal_of(part.category.as_ref()).is_some() {
            // The whole would tell of its part.
            return Err(Refusal::Invalid {
                field: "categories",
                problem: "has a sealed subject; the case is not sealed",
            });
        }
        if let Some(category) = part.category.as_ref().filter(|code| !rulebook.categories().contains(code)) {
            return Err(Refusal::Unknown { field: "categories", code: category.to_string() });
        }
    }
    turn.one(What::SplitIntoParts(SplitIntoParts { parts: parts.to_vec(), remarks }))
}

/// Joins the case to another one, which carries it on.
pub(super) fn merge(turn: &Turn<'_, '_>, into: GrievanceId, remarks: Option<TextRef>) -> Decision {
    let impossible = |because| Err(Refusal::MergeImpossible { because });
    let Some(other) = turn.at.other.filter(|other| other.id == into) else { return Err(Refusal::NotFound) };
    // One that the actor does not see is not there.
    if !access::sees(turn.at.rulebook, turn.at.actor, &other.standing()) {
        return Err(Refusal::NotFound);
    }
    if other.sealed != turn.case.sealed {
        return impossible("they are not sealed alike");
    }
    if other.id == turn.case.id {
        return impossible("a case cannot be joined to itself");
    }
    if other.merged_into.is_some() {
        return impossible("the other case has been joined to a third one");
    }
    if other.is_part() {
        return impossible("the other case is a part");
    }
    if !other.phase().is_pending() {
        return impossible("the other case has come to its end");
    }
    if turn.at.now < other.updated_at {
        return Err(Refusal::ClockBehind);
    }
    turn.one(What::Merged(Merged { into, remarks }))
}

/// What a command does to another case.
#[derive(Clone, Debug, PartialEq)]
pub enum Companion {
    /// A part begins: a case of its own.
    BeginPart {
        /// The office that gets it.
        unit: UnitCode,
        /// What it begins as.
        opened: Box<PartOpened>,
    },
    /// A part came to its end, or was opened again: the divided case is told.
    TellParent {
        /// The part.
        part: GrievanceId,
        /// Whether it ended.
        closed: bool,
        /// The reason it was closed with.
        reason: Option<ReasonCode>,
    },
    /// A case takes another one in, with those that had been joined to it.
    Absorb {
        /// The cases.
        members: Vec<GrievanceId>,
    },
    /// The case that a member was joined to was itself joined to another.
    Remaster {
        /// The case that goes on.
        into: GrievanceId,
    },
    /// The case that a member was joined to was closed.
    ShareOutcome {
        /// That case.
        master: GrievanceId,
        /// The reason.
        reason: ReasonCode,
        /// What it did for the complainants.
        class: DisposalClass,
    },
}

/// What the events of a command do to other cases, each named with what it is told.
///
/// `case` is the case before the events.
pub fn companions(case: &Grievance, events: &[Event]) -> Vec<(GrievanceId, Companion)> {
    let mut told = Vec::new();
    for event in events {
        match &event.what {
            What::SplitIntoParts(split) => {
                let known = case.parts.len();
                for (at, sketch) in split.parts.iter().enumerate() {
                    let part = u32::try_from(known + at + 1).unwrap_or(u32::MAX);
                    let opened = Box::new(part_begins(case, part, sketch));
                    told.push((sketch.case, Companion::BeginPart { unit: sketch.unit.clone(), opened }));
                }
            }
            What::Merged(merged) => {
                let members = std::iter::once(case.id).chain(case.members.iter().copied()).collect();
                told.push((merged.into, Companion::Absorb { members }));
                let into = merged.into;
                told.extend(case.members.iter().map(|member| (*member, Companion::Remaster { into })));
            }
            What::Disposed(disposed) => {
                for member in &case.members {
                    let (reason, class) = (disposed.reason.clone(), disposed.class);
                    told.push((*member, Companion::ShareOutcome { master: case.id, reason, class }));
                }
            }
            _ => {}
        }
        if let Some((parent, _)) = case.part_of
            && !event.what.is_clockwork()
            && event.led_to.phase.is_terminal() != case.phase().is_terminal()
        {
            let reason = match &event.what {
                What::Disposed(disposed) => Some(disposed.reason.clone()),
                _ => None,
            };
            let closed = event.led_to.phase.is_terminal();
            told.push((parent, Companion::TellParent { part: case.id, closed, reason }));
        }
    }
    told
}

/// What a part begins as: what the divided case is, but for its own subject.
fn part_begins(case: &Grievance, part: u32, sketch: &PartSketch) -> PartOpened {
    let subject = case.subject.clone();
    PartOpened {
        complainant: Complainant { tracking: None, ..subject.complainant },
        kind: subject.kind,
        lodged_by: subject.lodged_by,
        parent: case.id,
        part,
        received_at: subject.received_at,
        against: subject.against,
        category: sketch.category.clone().or(subject.category),
        channel: subject.channel,
        language: subject.language,
        narrative: subject.narrative,
        number: subject.number,
        place: subject.place,
        priority: subject.priority,
        sealed: case.sealed.clone(),
    }
}

/// Decides what a companion does to its case, which is `None` for a part that begins.
///
/// # Errors
///
/// [`Refusal::NotFound`] when the case is not there, [`Refusal::ClockBehind`] when it has an event
/// later than now, [`Refusal::ActionNotOffered`] when the rulebook has no way to begin a part.
pub fn decide_companion(of: Option<&Grievance>, companion: &Companion, at: &Moment<'_>) -> Decision {
    let (mut events, moved) = match of.map_or(Ok(None), |case| moved(case, at))? {
        Some((events, moved)) => (events, Some(moved)),
        None => (Vec::new(), None),
    };
    let of = moved.as_ref().or(of);
    let before = of.map_or_else(Vec::new, |case| deadline::overdue(case, at));
    events.extend(deadline::follow(of, before, companion_step(of, companion, at)?, at));
    Ok(events)
}

fn companion_step(of: Option<&Grievance>, companion: &Companion, at: &Moment<'_>) -> Decision {
    if let Companion::BeginPart { unit, opened } = companion {
        return begin_part(unit, opened, at);
    }
    let case = of.ok_or(Refusal::NotFound)?;
    if at.now < case.updated_at {
        return Err(Refusal::ClockBehind);
    }
    let what = match companion {
        Companion::BeginPart { .. } => return Err(Refusal::AlreadyLodged),
        Companion::TellParent { part, closed: true, reason } => {
            What::PartClosed(PartClosed { part: *part, reason: reason.clone() })
        }
        Companion::TellParent { part, closed: false, .. } => What::PartReopened(PartNamed { part: *part }),
        Companion::Absorb { members } => What::Absorbed(Absorbed { members: members.clone() }),
        Companion::Remaster { into } => What::Remastered(Merged { into: *into, remarks: None }),
        Companion::ShareOutcome { master, reason, class } => {
            What::OutcomeShared(OutcomeShared { class: *class, master: *master, reason: reason.clone() })
        }
    };
    Ok(vec![Event { led_to: case.course.position.clone(), what }])
}

/// A part begins where an assigned case goes on: in the stage that assigning from the start leads
/// to, or the start itself where the rulebook has no such step.
fn begin_part(unit: &UnitCode, opened: &PartOpened, at: &Moment<'_>) -> Decision {
    let workflow = at.rulebook.workflow();
    let start = workflow.start().ok_or(Refusal::ActionNotOffered { action: Action::Split, stage: None })?;
    let stage = workflow.leads_to(Action::Assign, &start.code).unwrap_or(start);
    let led_to = Position { phase: stage.phase, stage: stage.code.clone(), unit: unit.clone() };
    Ok(vec![Event { led_to, what: What::PartOpened(Box::new(opened.clone())) }])
}
