//! Rounds of outbound calls: the complainant is asked before a case is closed.

use crate::Problem;
use crate::synthetic::dice::Dice;
use crate::synthetic::hours::{at_work, next_day};
use crate::synthetic::{Entry, Simulation};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::options;
use grievance_core::grievance::request;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::{Actor, Scope};
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{Action, FeedbackOutcome, Outcome, Phase};

/// Whether there is somebody to call.
pub(crate) const fn can_be_called(case: &Grievance) -> bool {
    case.subject.complainant.mobile.is_some()
}

impl Simulation {
    /// Whether the next thing that happens to a case is a call to its complainant.
    pub(super) fn waits_for_call(&self, case: &Grievance) -> bool {
        self.calls
            && case.phase() == Phase::ActionReported
            && case.course.approval.is_some()
            && case.course.heard.is_none_or(|heard| heard == FeedbackOutcome::NotSatisfied)
            && can_be_called(case)
    }

    /// Puts every complainant who waits to be heard on the list of today's calls; what is too much
    /// for a day is called on the next ones.
    pub(super) fn call_round(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Result<(), Problem> {
        let mut search =
            Search { phases: vec![Phase::ActionReported], limit: Search::MOST, ..Search::default() };
        loop {
            let page = self.desk.store().search(&Scope::All, &search)?;
            for fact in page.cases {
                let at = now + TimeDelta::minutes(dice.below(7 * 60));
                let cell = self.rulebook.directory().cell().clone();
                let at = at_work(dice, &self.rulebook, (&cell, None), at);
                self.enter(at, Entry::Call(fact.id));
            }
            if page.next.is_none() {
                return Ok(());
            }
            search.after = page.next;
        }
    }

    /// One call, if the complainant is still to be heard.
    pub(super) fn call(
        &mut self,
        dice: &mut Dice,
        at: DateTime<Utc>,
        id: GrievanceId,
    ) -> Result<(), Problem> {
        let case = self.case(id)?;
        let Some(caller) = self.people.caller(dice, &self.rulebook) else { return Ok(()) };
        if !self.waits_for_call(&case) || !self.may_hear(&case, &caller, Outcome::Satisfied, at) {
            return Ok(());
        }
        let reached = dice.chance(0.72);
        let rung = request::RecordCall { reached, note: None };
        if !self.submit(&caller, at, id, &rung.into())? {
            return Ok(());
        }
        self.account.called(reached);
        let minutes = TimeDelta::minutes(1 + dice.below(6));
        let said = if reached {
            if dice.chance(0.86) { FeedbackOutcome::Satisfied } else { FeedbackOutcome::NotSatisfied }
        } else {
            let case = self.case(id)?;
            if !self.may_hear(&case, &caller, Outcome::Unreachable, at) {
                // Somebody tries again another day, at another time of the day.
                let cell = self.rulebook.directory().cell().clone();
                let again = next_day(dice, &self.rulebook, &cell, at);
                self.enter(again, Entry::Call(id));
                return Ok(());
            }
            FeedbackOutcome::Unreachable
        };
        let heard = request::RecordFeedback { outcome: said.as_str().to_owned(), rating: None, said: None };
        // What is said is written down at once.
        if self.submit(&caller, at, id, &heard.into())? {
            self.account.heard(said);
        }
        let cell = self.rulebook.directory().cell().clone();
        let next = at_work(dice, &self.rulebook, (&cell, None), at + minutes * 30);
        self.enter(next, Entry::Turn(id));
        Ok(())
    }

    fn may_hear(&self, case: &Grievance, caller: &Actor, outcome: Outcome, at: DateTime<Utc>) -> bool {
        self.may(case, caller, (Action::RecordFeedback, Some(outcome)), at)
    }

    /// Whether somebody is offered an action.
    pub(super) fn may(
        &self,
        case: &Grievance,
        actor: &Actor,
        (action, outcome): (Action, Option<Outcome>),
        at: DateTime<Utc>,
    ) -> bool {
        let offers = options(Some(case), &Moment::new(at, actor, &self.rulebook));
        offers
            .iter()
            .any(|offer| offer.action == action && offer.outcome == outcome && offer.verdict.is_allowed())
    }
}
