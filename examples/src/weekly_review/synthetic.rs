//! A generated year of an office: every step is a command that the desk decides.
//!
//! Nothing is written into the store behind the rules' back. At each turn the generator asks what
//! the rulebook offers to the people around a case, throws dice and submits; so reports are sent
//! back, complainants are unhappy, cases wander, are divided, joined, reopened and appealed just
//! as often as the dice say, under any rulebook.

mod dice;
mod people;
mod words;

use crate::Problem;
use crate::args::Args;
use crate::synthetic::dice::Dice;
use crate::synthetic::people::People;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::{Verdict, options};
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::time::start_of_day;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::vocabulary::{Action, Outcome, Phase, Remedy};
use indicatif::{ProgressBar, ProgressStyle};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// A generated year: the desk that decided it, and what to tell of it.
pub(crate) struct Year {
    pub(crate) desk: Desk,
    pub(crate) told: String,
}

/// Generates `cases` cases, lodged over the 365 days before the day of the statement.
pub(crate) fn run(
    store: Arc<dyn Store>,
    tenant: TenantCode,
    rulebook: Rulebook,
    args: &Args,
    cases: u32,
) -> Result<Year, Problem> {
    let desk = Desk::with_mint(store, tenant, Box::new(SeededMint::new(args.seed)));
    let until = start_of_day(args.as_of, rulebook.zone());
    let from = until - TimeDelta::days(365);
    desk.activate(rulebook, from)?;
    let rulebook = desk.rulebook(from)?;
    let mut dice = Dice::new(args.seed.wrapping_add(1));
    let mut office = Simulation {
        people: People::of(&rulebook),
        desk,
        rulebook,
        until,
        agenda: BinaryHeap::new(),
        open: Vec::new(),
        commands: 0,
        refused: 0,
    };
    for _ in 0..cases {
        // The last day is left out: a lodging in the evening waits for the next morning.
        let minute = TimeDelta::minutes(dice.below(364 * 24 * 60));
        let at = dice.office_hour(from + minute, office.rulebook.zone());
        if at < until {
            office.agenda.push(Reverse((at, None)));
        }
    }
    let bar = ProgressBar::new(u64::from(cases));
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {human_pos} of {human_len} cases lodged, {msg} steps",
    )?);
    office.play(&mut dice, &bar)?;
    bar.finish_and_clear();
    let told = format!(
        "{} commands decided, {} of them refused by a rule; seed {}",
        office.commands, office.refused, args.seed
    );
    Ok(Year { desk: office.desk, told })
}

struct Simulation {
    desk: Desk,
    rulebook: Arc<Rulebook>,
    people: People,
    until: DateTime<Utc>,
    /// What is to be done next, earliest first: a lodging, or a turn of a case.
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, Option<GrievanceId>)>>,
    /// Cases that others may be joined to.
    open: Vec<GrievanceId>,
    commands: u64,
    refused: u64,
}

impl Simulation {
    fn play(&mut self, dice: &mut Dice, bar: &ProgressBar) -> Result<(), Problem> {
        while let Some(Reverse((at, case))) = self.agenda.pop() {
            match case {
                None => {
                    self.lodge(dice, at)?;
                    bar.inc(1);
                }
                Some(case) => self.turn(dice, at, case)?,
            }
            if self.commands.is_multiple_of(1_000) {
                bar.set_message(self.commands.to_string());
            }
        }
        Ok(())
    }

    fn lodge(&mut self, dice: &mut Dice, at: DateTime<Utc>) -> Result<(), Problem> {
        let (actor, request) = self.people.lodging(dice, &self.rulebook, at);
        self.commands += 1;
        match self.desk.by(&actor, at).lodge(request) {
            Ok(done) => {
                self.open.push(done.case);
                self.again(dice, at, done.case, Action::Lodge, 1.0);
            }
            Err(problem) if problem.remedy() == Remedy::Amend => self.refused += 1,
            Err(problem) => return Err(problem.into()),
        }
        Ok(())
    }

    /// One turn of a case: somebody around it does something, if anybody can.
    fn turn(&mut self, dice: &mut Dice, at: DateTime<Utc>, id: GrievanceId) -> Result<(), Problem> {
        let case = self.desk.case(id)?.case;
        let some = self.choose(dice, at, &case, 0.4);
        let Some((actor, action, outcome)) = some.or_else(|| self.choose(dice, at, &case, 1.0)) else {
            // Nobody has anything to do: parts must end first, or the complainant is waited for.
            if case.phase().is_pending() {
                self.again(dice, at, id, Action::Remind, 1.0);
            }
            return Ok(());
        };
        let twin = dice.pick(&self.open).copied().unwrap_or(id);
        let request = words::request(dice, &self.rulebook, &case, (action, outcome), at, twin);
        self.commands += 1;
        match self.desk.by(&actor, at).submit(Some(id), &request) {
            Ok(_) => {}
            Err(problem) if problem.remedy() == Remedy::Amend => self.refused += 1,
            Err(problem) => return Err(problem.into()),
        }
        if action == Action::Split {
            for part in self.desk.case(id)?.case.parts {
                self.again(dice, at, part.case, Action::Assign, 1.0);
            }
        }
        if matches!(action, Action::Withdraw | Action::Merge | Action::Decline) {
            return Ok(());
        }
        let pace = self.people.pace(case.unit());
        if action != Action::Dispose || dice.chance(0.12) {
            self.again(dice, at, id, action, pace);
        }
        Ok(())
    }

    /// Who does what: one of the people around the case, of whom that share is present, and one of
    /// the actions that are offered.
    fn choose(
        &self,
        dice: &mut Dice,
        at: DateTime<Utc>,
        case: &Grievance,
        present: f64,
    ) -> Option<(Actor, Action, Option<Outcome>)> {
        let mut choices = Vec::new();
        for actor in self.people.around(dice, &self.rulebook, case, present) {
            for offer in options(Some(case), &Moment::new(at, &actor, &self.rulebook)) {
                if matches!(offer.verdict, Verdict::Allowed { .. }) {
                    let weight = weight(case, offer.action, offer.outcome);
                    if weight > 0.0 {
                        choices.push((weight, actor.clone(), offer.action, offer.outcome));
                    }
                }
            }
        }
        let total: f64 = choices.iter().map(|(weight, ..)| weight).sum();
        let mut mark = dice.unit() * total;
        let at = choices.iter().position(|(weight, ..)| {
            mark -= weight;
            mark <= 0.0
        });
        let (_, actor, action, outcome) = choices.swap_remove(at?);
        Some((actor, action, outcome))
    }

    /// The case's next turn, if it falls into the year.
    fn again(&mut self, dice: &mut Dice, at: DateTime<Utc>, case: GrievanceId, after: Action, pace: f64) {
        let days = match after {
            Action::Lodge => 0.5,
            Action::Acknowledge | Action::SeekInformation => 2.0,
            Action::Dispose | Action::Appeal | Action::Split => 6.0,
            Action::Remind => 7.0,
            _ => 0.8,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a waiting time is some days")]
        let wait = TimeDelta::seconds((dice.wait(days * pace) * 86_400.0) as i64 + 60);
        let next = dice.office_hour(at + wait, self.rulebook.zone());
        if next < self.until {
            self.agenda.push(Reverse((next, Some(case))));
        }
    }
}

/// How likely an action is among those that are offered. What brings a case to its end is likely,
/// what sends it back or astray is rare; nothing is impossible but what would repeat itself.
fn weight(case: &Grievance, action: Action, outcome: Option<Outcome>) -> f64 {
    let open = case.phase() != Phase::Disposed;
    match (action, outcome) {
        (Action::Dispose, _) if open => 60.0,
        (Action::Approve, _) => 40.0,
        (Action::RecordFeedback, Some(Outcome::Satisfied)) if case.course.heard.is_none() => 12.0,
        (Action::RecordFeedback, Some(Outcome::Unreachable)) if case.course.heard.is_none() => 12.0,
        (Action::RecordFeedback, Some(_)) if case.course.heard.is_none() => 4.0,
        (Action::RecordCall, _) if case.course.report.is_some() && case.course.heard.is_none() => 3.0,
        (Action::RecordCall, _) if case.attempts.is_empty() && open => 1.0,
        (Action::ReportAction, _) if case.course.report.is_none() || case.course.approval.is_none() => 16.0,
        (Action::Admit, _) => 15.0,
        (Action::Assign, _) if case.phase() == Phase::Registered => 40.0,
        (Action::Acknowledge, _) if !case.course.opened => 8.0,
        (Action::Forward, _) => 4.0,
        (Action::ProvideInformation | Action::Answer, _) => 15.0,
        (Action::DecideAppeal, Some(Outcome::Dismissed)) => 14.0,
        (Action::DecideAppeal, _) => 8.0,
        (Action::Reopen, _) => 3.0,
        (Action::Appeal, _) => 2.0,
        (Action::SendBackReport, _) => 1.5,
        (Action::Refuse, _) => 1.0,
        (Action::Transfer, _) => 0.6,
        (Action::Return, _) => 0.4,
        (Action::SeekInformation, _) => 0.8,
        (Action::InterimReply, _) => 0.4,
        (Action::Consult, _) if case.consulted.is_empty() => 0.3,
        (Action::Merge, _) if case.members.is_empty() => 0.25,
        (Action::Split, _) if case.parts.is_empty() => 0.12,
        (Action::Withdraw, _) => 0.15,
        (Action::Decline, _) => 0.3,
        (Action::Escalate | Action::Extend, _) => 0.15,
        (Action::Recall | Action::Rescind | Action::Correct | Action::Recategorise, _) => 0.1,
        (Action::Comment | Action::Attach | Action::Record, _) => 0.15,
        (Action::Remind, _) => 0.2,
        _ => 0.0,
    }
}
