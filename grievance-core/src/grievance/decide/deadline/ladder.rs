//! Levels of the ladder.

use crate::grievance::decide::deadline::Watch;
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::{Event, Position, What};
use crate::grievance::payload::{Escalated, EscalationProposed};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::EpisodeKind;
use crate::kernel::code::RuleCode;
use crate::kernel::text::TextRef;
use crate::rulebook::Rulebook;
use crate::rulebook::document::Trigger;
use crate::rulebook::escalation::{Level, Superior};
use crate::vocabulary::{FeedbackOutcome, LadderMode, LadderStep, TargetKind};

impl Watch<'_> {
    /// Levels of the ladder that an event brings.
    pub(super) fn bring_up(&mut self, what: &What) {
        let Some(case) = self.case else { return };
        let (trigger, times) = match what {
            What::Reopened(_) => (Trigger::Reopened, case.count_episodes(EpisodeKind::Reopening) + 1),
            What::FeedbackRecorded(said) if said.outcome == FeedbackOutcome::NotSatisfied => {
                (Trigger::NotSatisfied, case.rounds + 1)
            }
            What::Reminded(_) => (Trigger::Reminded, case.reminders + 1),
            _ => return,
        };
        let (holder, priority) = (self.position.unit.clone(), self.priority.clone());
        let rulebook = self.at.rulebook;
        let levels: Vec<&Level> =
            rulebook.ladder().brought_by(trigger, times, &holder, priority.as_ref(), rulebook).collect();
        for level in levels {
            self.take_level(level, level.target, true);
        }
    }

    /// Takes a level of the ladder, or proposes it. One that an event brought is on no target's
    /// account: those that time brings still come.
    pub(super) fn take_level(&mut self, level: &Level, target: TargetKind, by_event: bool) {
        let rulebook = self.at.rulebook;
        let (accused, sealed) = (self.accused.as_ref(), self.sealed.as_ref());
        let superior = level.superior(&self.position.unit, accused, sealed, rulebook, self.at.vacant);
        if level.taken == LadderMode::Approval {
            return self.tell(What::EscalationProposed(Box::new(EscalationProposed {
                level: level.level,
                rule: level.code.clone(),
                target: Some(target).filter(|_| !by_event),
                to: superior.unit,
                post: superior.post,
            })));
        }
        let mut led_to = taken_over(level, &self.position, &superior, rulebook);
        if let Some(seal) = sealed {
            led_to.unit = rulebook.keeper(led_to.unit, seal, accused);
        }
        let escalated = Escalated {
            to: superior.unit,
            level: Some(level.level),
            post: superior.post,
            remarks: None,
            rule: Some(level.code.clone()),
            target: Some(target).filter(|_| !by_event),
        };
        self.say(Event { led_to, what: What::Escalated(Box::new(escalated)) });
    }
}

/// An officer takes a level of the ladder: one that was proposed, or one that is left to them.
/// It is a step of theirs, so it is no rung of a target's; the levels that time brings still come.
pub(in crate::grievance::decide) fn take_by_hand(
    turn: &Turn<'_, '_>,
    code: &RuleCode,
    remarks: Option<TextRef>,
) -> Decision {
    let (case, at) = (turn.case, turn.at);
    let unknown = || Refusal::Unknown { field: "level", code: code.to_string() };
    let level = at.rulebook.ladder().get(code).ok_or_else(unknown)?;
    if !level.fits(case.unit(), case.subject.priority.as_ref(), at.rulebook) {
        return Err(Refusal::Invalid { field: "level", problem: "is not one of this case's" });
    }
    let sealed = case.sealed.as_ref();
    let superior = level.superior(case.unit(), turn.accused(), sealed, at.rulebook, at.vacant);
    let mut led_to = taken_over(level, &turn.position(None)?, &superior, at.rulebook);
    if let Some(seal) = sealed {
        led_to.unit = at.rulebook.keeper(led_to.unit, seal, turn.accused());
    }
    let rule = Some(level.code.clone());
    let escalated =
        Escalated { to: superior.unit, level: None, post: superior.post, remarks, rule, target: None };
    Ok(vec![Event { led_to, what: What::Escalated(Box::new(escalated)) }])
}

/// Where a level leaves a case: with whoever takes it over, else where it is.
fn taken_over(level: &Level, from: &Position, superior: &Superior, rulebook: &Rulebook) -> Position {
    let mut led_to = from.clone();
    if level.does == LadderStep::Reassign {
        led_to.unit = superior.unit.clone();
        if let Some(stage) = rulebook.workflow().leads_to(crate::vocabulary::Action::Escalate, &led_to.stage)
        {
            (led_to.stage, led_to.phase) = (stage.code.clone(), stage.phase);
        }
    }
    led_to
}
