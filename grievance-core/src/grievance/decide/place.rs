//! Where a step leaves a case.

use crate::grievance::decide::Turn;
use crate::grievance::event::Position;
use crate::grievance::refusal::Refusal;
use crate::kernel::code::{StageCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::vocabulary::{Action, Custody, Phase};

/// The stage, phase and office that a step leads to.
pub(super) fn position(turn: &Turn<'_, '_>, named: Option<&UnitCode>) -> Result<Position, Refusal> {
    let unit = office(turn, named)?;
    let (stage, phase) = stage(turn);
    Ok(Position { phase, stage, unit })
}

fn stage(turn: &Turn<'_, '_>) -> (StageCode, Phase) {
    let (case, rulebook) = (turn.case, turn.at.rulebook);
    if let Some(to) = &turn.step.to {
        return (to.code.clone(), to.phase);
    }
    let back = match turn.action {
        Action::Return | Action::Recall => Some(case.course.trail.last().map(|sender| sender.stage.clone())),
        Action::ProvideInformation => case.course.asked_from.as_ref().map(|(stage, _)| Some(stage.clone())),
        _ => None,
    };
    match back {
        None => (case.stage().clone(), case.phase()),
        // The way back is lost, or its stage is no longer in the rulebook: the start.
        Some(stage) => known(rulebook, stage.as_ref())
            .or_else(|| rulebook.workflow().start().map(|start| (start.code.clone(), start.phase)))
            .unwrap_or_else(|| (case.stage().clone(), case.phase())),
    }
}

fn known(rulebook: &Rulebook, stage: Option<&StageCode>) -> Option<(StageCode, Phase)> {
    rulebook.workflow().stage(stage?).map(|stage| (stage.code.clone(), stage.phase))
}

fn office(turn: &Turn<'_, '_>, named: Option<&UnitCode>) -> Result<UnitCode, Refusal> {
    let (case, directory) = (turn.case, turn.at.rulebook.directory());
    let course = &case.course;
    let unit = match turn.step.custody {
        Custody::Stay => return Ok(case.unit().clone()),
        Custody::Named => named.ok_or(Refusal::Invalid { field: "unit", problem: "is missing" })?,
        Custody::Routed => return Ok(routed(turn)),
        Custody::Sender => course.trail.last().map_or(directory.cell(), |sender| &sender.unit),
        Custody::Reporter => match &course.report {
            Some(report) => &report.unit,
            None => course.trail.last().map_or(case.unit(), |sender| &sender.unit),
        },
        Custody::Cell => directory.cell(),
        Custody::Appellate => {
            directory.appellate_of(course.closure.as_ref().map_or(case.unit(), |closed| &closed.unit))
        }
        Custody::Disposer => course.closure.as_ref().map_or(case.unit(), |closed| &closed.unit),
    };
    let unit = turn.at.rulebook.living(unit, case.subject.category.as_ref(), turn.at.today());
    // An office that the case is about does not get it by a rule either: the one above does.
    // Nor does one that may not know of a sealed case.
    Ok(turn.led_around(unit))
}

/// The office that the routing rules name for the case.
pub(super) fn routed(turn: &Turn<'_, '_>) -> UnitCode {
    let subject = &turn.case.subject;
    let routed = turn.at.rulebook.route(subject.category.as_ref(), subject.place.as_ref(), turn.accused());
    // A case that is still sealed under another subject than its own stays among those who may know.
    turn.led_around(routed.unit)
}
