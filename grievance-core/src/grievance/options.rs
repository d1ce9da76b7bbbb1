//! What an actor can do with a case: every action, allowed or with what is missing.

use crate::grievance::decide::{came_to, moved};
use crate::grievance::moment::Moment;
use crate::grievance::permit::{demands_remarks, hurdles, offered};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::code::StageCode;
use crate::rulebook::workflow::{Gates, Step};
use crate::vocabulary::{Action, Gate, Outcome};

/// One action as it stands for a case and an actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The action.
    pub action: Action,
    /// What it would have to come to, where that decides the stage.
    pub outcome: Option<Outcome>,
    /// The stage that it leads to; `None` where it stays or goes back.
    pub to: Option<StageCode>,
    /// Whether it may be taken.
    pub verdict: Verdict,
}

/// Whether an action may be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It may be taken by a command that brings these: remarks, a reason, evidence.
    Allowed {
        /// What the command must bring.
        asks: Gates,
    },
    /// It may not, for want of this; gates first.
    Missing {
        /// The gates that are not passed.
        gates: Gates,
        /// Everything that stands in the way; never empty.
        because: Vec<Refusal>,
    },
}

impl Verdict {
    /// Whether the action may be taken.
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// Every action for this case, actor and instant: one offer for each outcome that leads
/// elsewhere. `of` is `None` before lodging, when only lodging can be offered.
///
/// An action that is allowed here is refused by [`decide`](crate::grievance::decide::decide) only
/// for what the command itself brings; one that is not allowed here is refused whatever it brings.
pub fn options(of: Option<&Grievance>, at: &Moment<'_>) -> Vec<Offer> {
    let mut offers = Vec::with_capacity(Action::ALL.len());
    // A clock that is behind moves nothing; each action says so.
    let moved = of.and_then(|case| moved(case, at).ok().flatten()).map(|(_, moved)| moved);
    let of = moved.as_ref().or(of);
    for action in Action::ALL.iter().copied() {
        match of {
            Some(case) => of_case(case, action, at, &mut offers),
            None => offers.push(before_lodging(action, at)),
        }
    }
    offers
}

fn of_case(case: &Grievance, action: Action, at: &Moment<'_>, offers: &mut Vec<Offer>) {
    let mut outcomes: Vec<Option<Outcome>> = said_outcomes(action).iter().copied().map(Some).collect();
    if outcomes.is_empty() {
        outcomes.push(None);
    }
    for said in outcomes {
        let outcome = came_to(case, action, said, at);
        offers.push(match offered(case, action, outcome, at) {
            Err(refusal) => not_allowed(action, outcome, None, vec![refusal]),
            Ok(step) => {
                let because = hurdles(case, action, outcome, step, at);
                let to = step.to.as_ref().map(|stage| stage.code.clone());
                if because.is_empty() {
                    Offer {
                        action,
                        outcome,
                        to,
                        verdict: Verdict::Allowed { asks: asks(case, action, step) },
                    }
                } else {
                    not_allowed(action, outcome, to, because)
                }
            }
        });
    }
}

/// The outcomes that a command of the action may say.
const fn said_outcomes(action: Action) -> &'static [Outcome] {
    match action {
        Action::RecordFeedback => &[Outcome::Satisfied, Outcome::NotSatisfied, Outcome::Unreachable],
        Action::DecideAppeal => &[Outcome::Allowed, Outcome::Dismissed],
        _ => &[],
    }
}

fn before_lodging(action: Action, at: &Moment<'_>) -> Offer {
    let step = at.rulebook.workflow().find(Action::Lodge, None, &at.actor.role, None);
    match step.filter(|_| action == Action::Lodge) {
        Some(step) => Offer {
            action,
            outcome: None,
            to: step.to.as_ref().map(|stage| stage.code.clone()),
            verdict: Verdict::Allowed { asks: Gates::default() },
        },
        None if action == Action::Lodge => {
            not_allowed(action, None, None, vec![Refusal::ActionNotOffered { action, stage: None }])
        }
        None => not_allowed(action, None, None, vec![Refusal::NotFound]),
    }
}

fn not_allowed(
    action: Action,
    outcome: Option<Outcome>,
    to: Option<StageCode>,
    because: Vec<Refusal>,
) -> Offer {
    let gates = because.iter().filter_map(Refusal::gate).collect();
    Offer { action, outcome, to, verdict: Verdict::Missing { gates, because } }
}

/// What a command must bring for the step.
fn asks(case: &Grievance, action: Action, step: &Step) -> Gates {
    let mut asks = Gates::default();
    if demands_remarks(action) || step.gates.contains(Gate::Remarks) {
        asks = asks.with(Gate::Remarks);
    }
    let proposed = case.course.report.as_ref().is_some_and(|report| report.reason.is_some());
    if action == Action::Approve && step.gates.contains(Gate::Reason) && !proposed {
        asks = asks.with(Gate::Reason).with(Gate::Evidence);
    }
    if action == Action::Dispose {
        asks = asks.with(Gate::Evidence);
        if case.course.approval.as_ref().is_none_or(|approval| approval.reason.is_none()) {
            asks = asks.with(Gate::Reason);
        }
    }
    asks
}
