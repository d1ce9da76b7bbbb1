//! How a case moves among departments, offices and sub-offices.

use crate::grievance::command::Sending;
use crate::grievance::decide::{Decision, Turn, place};
use crate::grievance::event::{Event, What};
use crate::grievance::payload::{Answered, Consulted, Escalated, Sent};
use crate::grievance::refusal::Refusal;
use crate::kernel::code::UnitCode;
use crate::kernel::text::TextRef;
use crate::vocabulary::{Action, Custody};

/// Assigns, forwards or transfers. `at_cap`: the transfers are used up, so the case goes to the
/// cell, whose assignment is then binding.
pub(super) fn send(turn: &Turn<'_, '_>, sending: &Sending, at_cap: bool) -> Decision {
    let (case, action) = (turn.case, turn.action);
    let named = match &sending.unit {
        Some(unit) => Some(unit.clone()),
        None if action == Action::Assign => Some(place::routed(turn)),
        None => None,
    };
    if let Some(unit) = &named {
        check_receiver(turn, unit)?;
    }
    let mut led_to = turn.position(named.as_ref())?;
    if at_cap && turn.step.custody != Custody::Cell {
        // The rulebook has no step of its own for the cap: the usual one, but to the cell.
        // An accused cell is led around here as anywhere.
        let cell = turn.at.rulebook.directory().cell().clone();
        led_to.unit = turn.led_around(cell);
    }
    if let Some(post) = &sending.post
        && !turn.at.rulebook.document().post.iter().any(|entry| *post == entry.code.as_str())
    {
        return Err(Refusal::Unknown { field: "post", code: post.to_string() });
    }
    if led_to == case.course.position && sending.post.is_none() {
        return Err(Refusal::AlreadyThere);
    }
    let sent = Sent {
        binding: action == Action::Assign && case.transfers >= turn.at.rulebook.transfer().cap,
        at_cap,
        post: sending.post.clone(),
        remarks: sending.remarks,
    };
    let what = match action {
        Action::Assign => What::Assigned(sent),
        Action::Forward => What::Forwarded(sent),
        Action::Transfer => What::Transferred(sent),
        // A command built by hand: no other action is a sending.
        _ => return Err(Refusal::ActionNotOffered { action, stage: Some(case.stage().clone()) }),
    };
    Ok(vec![Event { led_to, what }])
}

/// The office that is named exists on this day, is not complained about, and stands where the
/// action wants it: a forward goes below the holder, a transfer does not.
fn check_receiver(turn: &Turn<'_, '_>, unit: &UnitCode) -> Result<(), Refusal> {
    let directory = turn.at.rulebook.directory();
    let holder = turn.case.unit();
    if directory.get(unit).is_none() {
        return Err(Refusal::Unknown { field: "unit", code: unit.to_string() });
    }
    if !directory.exists_on(unit, turn.at.today()) {
        return Err(Refusal::UnitClosed { unit: unit.clone() });
    }
    if turn.at.rulebook.is_accused(unit, turn.accused()) {
        return Err(Refusal::UnitAccused);
    }
    turn.check_named(unit)?;
    match turn.action {
        Action::Forward if !directory.is_below(unit, holder) => {
            Err(Refusal::UnitNotBelow { unit: unit.clone() })
        }
        Action::Transfer if unit == holder => Err(Refusal::AlreadyThere),
        Action::Transfer if directory.is_below(unit, holder) => {
            Err(Refusal::UnitNotBeside { unit: unit.clone() })
        }
        _ => Ok(()),
    }
}

/// Another office is asked; custody stays.
pub(super) fn consult(turn: &Turn<'_, '_>, asked: &Consulted) -> Decision {
    let directory = turn.at.rulebook.directory();
    if directory.get(&asked.to).is_none() {
        return Err(Refusal::Unknown { field: "unit", code: asked.to.to_string() });
    }
    if !directory.exists_on(&asked.to, turn.at.today()) {
        return Err(Refusal::UnitClosed { unit: asked.to.clone() });
    }
    turn.check_named(&asked.to)?;
    if asked.to == *turn.case.unit() || turn.case.consulted.contains(&asked.to) {
        return Err(Refusal::AlreadyThere);
    }
    turn.one(What::Consulted(asked.clone()))
}

/// The office that was asked answers.
pub(super) fn answer(turn: &Turn<'_, '_>, text: TextRef) -> Decision {
    let by = turn.at.actor.unit.clone().ok_or(Refusal::NotConsulted)?;
    turn.one(What::Answered(Answered { by, text }))
}

/// A superior office is told; custody stays.
pub(super) fn escalate(turn: &Turn<'_, '_>, to: Option<&UnitCode>, remarks: Option<TextRef>) -> Decision {
    let directory = turn.at.rulebook.directory();
    let holder = turn.case.unit();
    let to = match to {
        Some(unit) if directory.get(unit).is_none() => {
            return Err(Refusal::Unknown { field: "unit", code: unit.to_string() });
        }
        Some(unit) if unit == holder || !directory.oversees(unit, holder) => {
            return Err(Refusal::Invalid { field: "unit", problem: "is not above the holder" });
        }
        Some(unit) => {
            turn.check_named(unit)?;
            unit.clone()
        }
        None => match &turn.case.sealed {
            Some(seal) => {
                let named = turn.at.rulebook.named_posts(seal, turn.accused());
                let other = named.into_iter().map(|superior| superior.unit).find(|unit| unit != holder);
                other.ok_or(Refusal::NobodyAbove)?
            }
            None => directory.parent(holder).cloned().ok_or(Refusal::NobodyAbove)?,
        },
    };
    let escalated = Escalated { to, level: None, post: None, remarks, rule: None, target: None };
    turn.one(What::Escalated(Box::new(escalated)))
}
