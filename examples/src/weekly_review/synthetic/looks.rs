//! Rounds of second looks: a sample of each month's closings is looked at again.

use crate::Problem;
use crate::synthetic::dice::Dice;
use crate::synthetic::hours::at_work;
use crate::synthetic::{Entry, Simulation, words};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::request;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::store::agenda::Job;
use grievance_core::vocabulary::{Action, VerificationFinding};

impl Simulation {
    /// Draws the sample that a job calls for; each case of it is looked at within two weeks.
    pub(super) fn second_looks(
        &mut self,
        dice: &mut Dice,
        job: &Job,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        // Nobody could know its hash before the month was over, and everybody can repeat the draw.
        let seed = self.desk.checkpoint(now)?.hash();
        let round = self.desk.by(&Desk::system(), now).second_look(job, seed)?;
        self.account.drawn(&round);
        let cell = self.rulebook.directory().cell().clone();
        for drawn in &round.sample.drawn {
            let at = now + TimeDelta::minutes(dice.below(14 * 24 * 60));
            let at = at_work(dice, &self.rulebook, (&cell, None), at);
            self.enter(at, Entry::Look(drawn.case, round.sample.day));
        }
        Ok(())
    }

    /// One second look, if the case still stands disposed and somebody may take it.
    pub(super) fn look(
        &mut self,
        dice: &mut Dice,
        at: DateTime<Utc>,
        id: GrievanceId,
        day: NaiveDate,
    ) -> Result<(), Problem> {
        let case = self.case(id)?;
        let who = self.people.verifier(dice, &self.rulebook);
        let Some(who) = who.filter(|who| self.may(&case, who, (Action::Verify, None), at)) else {
            return Ok(());
        };
        let deficient = dice.chance(0.08);
        let found = if deficient { VerificationFinding::Deficient } else { VerificationFinding::Confirmed };
        let verify = request::Verify {
            finding: found.as_str().to_owned(),
            remarks: "Generated remarks.".to_owned(),
            sample: Some(day.to_string()),
        };
        if self.submit(&who, at, id, &verify.into())? {
            self.account.looked(deficient);
            self.classify(dice, at, id)?;
        }
        Ok(())
    }

    /// Whoever may say so writes down what the case came from; of some cases nobody finds the time.
    fn classify(&mut self, dice: &mut Dice, at: DateTime<Utc>, id: GrievanceId) -> Result<(), Problem> {
        let case = self.case(id)?;
        let officers = self.people.looking_back(dice, &self.rulebook, &case);
        let who = officers.into_iter().find(|who| self.may(&case, who, (Action::Classify, None), at));
        if let Some(who) = who.filter(|_| dice.chance(0.8)) {
            let classify = words::request(dice, &self.rulebook, &case, (Action::Classify, None), at, id);
            self.submit(&who, at, id, &classify)?;
        }
        Ok(())
    }
}
