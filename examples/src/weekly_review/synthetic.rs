//! A generated year of an office: every step is a command that the desk decides.
//!
//! Nothing is written into the store behind the rules' back. At each turn the generator asks what
//! the rulebook offers to the people around a case, throws dice and submits; so reports are sent
//! back, complainants are unhappy, cases wander, are divided, joined, reopened and appealed just
//! as often as the dice say, under any rulebook.

pub(crate) mod account;
mod calls;
pub(crate) mod carrier;
mod dice;
mod hours;
mod looks;
pub(crate) mod meeting;
mod people;
#[cfg(test)]
mod tests;
mod words;

use crate::Problem;
use crate::args::Args;
use crate::synthetic::account::Account;
use crate::synthetic::carrier::Carrier;
use crate::synthetic::dice::Dice;
use crate::synthetic::hours::{at_work, round_of};
use crate::synthetic::people::People;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::{Verdict, options};
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::{TenantCode, UnitCode};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::time::{day_of, start_of_day};
use grievance_core::message::FileGateway;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::agenda::Job;
use grievance_core::store::keys::KeyRing;
use grievance_core::vocabulary::{Action, JobKind, Outcome, Phase, Remedy, TargetKind};
use indicatif::{ProgressBar, ProgressStyle};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// A generated year: the desk that decided it, what to tell of it, and who carries its messages.
pub(crate) struct Year {
    pub(crate) desk: Desk,
    pub(crate) account: Account,
    pub(crate) carrier: Carrier,
}

/// How many cases and messages one sweep or delivery takes on.
const AT_ONCE: usize = 10_000;

/// Generates `cases` cases, lodged over the 365 days before the day of the statement. Messages go
/// to the file gateway.
pub(crate) fn run(
    store: Arc<dyn Store>,
    (tenant, keys): (TenantCode, KeyRing),
    rulebook: Rulebook,
    args: &Args,
    (cases, notices): (u32, FileGateway),
) -> Result<Year, Problem> {
    let desk = Desk::with_mint(store, tenant, keys, Box::new(SeededMint::new(args.seed)));
    let until = start_of_day(args.as_of, rulebook.zone());
    let from = until - TimeDelta::days(365);
    desk.activate(rulebook, from)?;
    let rulebook = desk.rulebook(from)?;
    let mut dice = Dice::new(args.seed.wrapping_add(1));
    let mut office = Simulation {
        people: People::of(&rulebook),
        calls: rulebook.schedules().iter().any(|schedule| schedule.kind == JobKind::FeedbackCalls),
        desk,
        rulebook,
        carrier: Carrier::new(notices),
        until,
        round: Some(round_of(from)),
        agenda: BinaryHeap::new(),
        open: Vec::new(),
        account: Account::new(args.seed),
    };
    for _ in 0..cases {
        // The last day is left out: a lodging in the evening waits for the next morning.
        let at = from + TimeDelta::minutes(dice.below(364 * 24 * 60));
        let assisted = dice.chance(0.6);
        let zone = office.rulebook.zone();
        let at = if assisted {
            at_work(&mut dice, &office.rulebook, (office.rulebook.directory().cell(), None), at)
        } else {
            dice.waking_hour(at, (7, 23), zone)
        };
        office.enter(at, Entry::Lodge { assisted });
    }
    let bar = ProgressBar::new(u64::from(cases));
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {human_pos} of {human_len} cases lodged, {msg} steps",
    )?);
    office.play(&mut dice, &bar)?;
    bar.finish_and_clear();
    let Simulation { desk, carrier, account, .. } = office;
    Ok(Year { desk, account, carrier })
}

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    /// A case comes in, by the complainant or with help.
    Lodge { assisted: bool },
    /// Somebody looks at a case.
    Turn(GrievanceId),
    /// The complainant is called.
    Call(GrievanceId),
    /// Somebody looks a second time at a case of the sample of a day.
    Look(GrievanceId, NaiveDate),
}

struct Simulation {
    desk: Desk,
    rulebook: Arc<Rulebook>,
    people: People,
    carrier: Carrier,
    /// Whether complainants are called in rounds that the rulebook's schedule brings.
    calls: bool,
    until: DateTime<Utc>,
    /// When the worker next looks whether something is due.
    round: Option<DateTime<Utc>>,
    /// What is to be done next, earliest first.
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, Entry)>>,
    /// Cases that others may be joined to.
    open: Vec<GrievanceId>,
    account: Account,
}

impl Simulation {
    /// Time goes on from one thing to the next: people act, and on the quarter of an hour the
    /// worker looks whether something is due.
    fn play(&mut self, dice: &mut Dice, bar: &ProgressBar) -> Result<(), Problem> {
        loop {
            let next = self.agenda.peek().map(|Reverse((at, _))| *at);
            match self.round.filter(|round| *round < self.until) {
                // On the same instant people come first: the round is for what they did, too.
                Some(round) if next.is_none_or(|next| round < next) => self.work(dice, round)?,
                _ => {
                    let Some(Reverse((at, entry))) = self.agenda.pop() else { return Ok(()) };
                    match entry {
                        Entry::Lodge { assisted } => {
                            self.lodge(dice, at, assisted)?;
                            bar.inc(1);
                        }
                        Entry::Turn(case) => self.turn(dice, at, case)?,
                        Entry::Call(case) => self.call(dice, at, case)?,
                        Entry::Look(case, day) => self.look(dice, at, case, day)?,
                    }
                    // Whatever they did has messages to go out.
                    let round = round_of(at);
                    self.round = Some(self.round.map_or(round, |known| known.min(round)));
                    if self.account.commands.is_multiple_of(1_000) {
                        bar.set_message(self.account.commands.to_string());
                    }
                }
            }
        }
    }

    /// The worker's round: what is due is swept, what waits to go out is delivered.
    fn work(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.desk.next_due(now)?.is_some_and(|due| due <= now) {
            loop {
                let swept = self.desk.sweep(now, AT_ONCE)?;
                if let Some((_, problem)) = swept.failed.into_iter().next() {
                    return Err(problem.into());
                }
                if let Some(Err(problem)) = swept.checkpoint {
                    return Err(problem.into());
                }
                for job in &swept.jobs {
                    self.job(dice, job, now)?;
                }
                if !swept.more {
                    break;
                }
            }
        }
        if self.desk.store().outbox_next()?.is_some_and(|next| next <= now) {
            self.account.delivered(&self.desk.deliver(now, &self.carrier, AT_ONCE)?);
        }
        // What is due now has been done; a message that has to wait has an instant of its own.
        let soonest = now + TimeDelta::milliseconds(1);
        self.round = self.desk.next_due(now)?.map(|due| round_of(due.max(soonest)));
        Ok(())
    }

    /// A job that has come round.
    fn job(&mut self, dice: &mut Dice, job: &Job, now: DateTime<Utc>) -> Result<(), Problem> {
        match job.kind {
            JobKind::Statement => {
                self.account.statements.push(day_of(job.due_at, self.rulebook.zone()));
            }
            JobKind::FeedbackCalls => self.call_round(dice, now)?,
            JobKind::VerificationSample => self.second_looks(dice, job, now)?,
            // A meeting is people's work: here it is only counted.
            JobKind::Review => {}
            // The sweep has made it.
            JobKind::Checkpoint => {}
        }
        *self.account.jobs.entry(job.kind).or_default() += 1;
        self.desk.store().finish_job(&job.schedule, job.due_at)?;
        Ok(())
    }

    fn enter(&mut self, at: DateTime<Utc>, entry: Entry) {
        if at < self.until {
            self.agenda.push(Reverse((at, entry)));
        }
    }

    /// A case as it stands. The generator plays everybody, so it looks past what each may see.
    fn case(&self, id: GrievanceId) -> Result<Grievance, Problem> {
        let history = self.desk.store().history(id)?.events;
        Ok(Grievance::replay(&history).ok_or("a case that was lodged is gone")?)
    }

    /// Submits a step; `false` when a rule refused it.
    fn submit(
        &mut self,
        actor: &Actor,
        at: DateTime<Utc>,
        case: GrievanceId,
        request: &Request,
    ) -> Result<bool, Problem> {
        self.account.commands += 1;
        match self.desk.by(actor, at).submit(Some(case), request) {
            Ok(_) => Ok(true),
            Err(problem) if problem.remedy() == Remedy::Amend => {
                self.account.refused += 1;
                Ok(false)
            }
            Err(problem) => Err(problem.into()),
        }
    }

    fn lodge(&mut self, dice: &mut Dice, at: DateTime<Utc>, assisted: bool) -> Result<(), Problem> {
        let (actor, request) = self.people.lodging(dice, &self.rulebook, assisted);
        self.account.commands += 1;
        match self.desk.by(&actor, at).lodge(request) {
            Ok(done) => {
                self.open.push(done.case);
                let cell = self.rulebook.directory().cell().clone();
                self.again(dice, at, (done.case, &cell), Action::Lodge, 1.0);
            }
            Err(problem) if problem.remedy() == Remedy::Amend => self.account.refused += 1,
            Err(problem) => return Err(problem.into()),
        }
        Ok(())
    }

    /// One turn of a case: somebody around it does something, if anybody can.
    fn turn(&mut self, dice: &mut Dice, at: DateTime<Utc>, id: GrievanceId) -> Result<(), Problem> {
        let case = self.case(id)?;
        if self.waits_for_call(&case) {
            // Nobody touches it until the complainant was heard: the round of calls goes on.
            return Ok(());
        }
        let some = self.choose(dice, at, &case, 0.4);
        let Some((actor, action, outcome)) = some.or_else(|| self.choose(dice, at, &case, 1.0)) else {
            // Nobody has anything to do: parts must end first, or the complainant is waited for.
            if case.phase().is_pending() {
                self.again(dice, at, (id, case.unit()), Action::SeekInformation, 1.0);
            }
            return Ok(());
        };
        let twin = dice.pick(&self.open).copied().unwrap_or(id);
        let request = words::request(dice, &self.rulebook, &case, (action, outcome), at, twin);
        self.submit(&actor, at, id, &request)?;
        if action == Action::Split {
            for part in self.case(id)?.parts {
                self.again(dice, at, (part.case, case.unit()), Action::Assign, 1.0);
            }
        }
        if matches!(action, Action::Withdraw | Action::Merge | Action::Decline) {
            return Ok(());
        }
        let pace = self.people.pace(case.unit());
        if action != Action::Dispose || dice.chance(0.06) {
            self.again(dice, at, (id, case.unit()), action, pace);
        }
        if action == Action::Dispose {
            self.note_review(dice, id)?;
        }
        Ok(())
    }

    /// An outcome that is owed is looked at when it has to be; now and then it is forgotten.
    fn note_review(&mut self, dice: &mut Dice, id: GrievanceId) -> Result<(), Problem> {
        let case = self.case(id)?;
        if let Some(owed) = case.clock(TargetKind::Review).filter(|owed| owed.met_at.is_none())
            && dice.chance(0.85)
        {
            let cell = self.rulebook.directory().cell();
            let day_before = owed.due_at - TimeDelta::days(1 + dice.below(3));
            let at = at_work(dice, &self.rulebook, (cell, None), day_before.max(case.updated_at));
            self.enter(at, Entry::Turn(id));
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
        for actor in self.people.around(dice, &self.rulebook, (case, at), present) {
            for offer in options(Some(case), &Moment::new(at, &actor, &self.rulebook)) {
                if matches!(offer.verdict, Verdict::Allowed { .. }) {
                    let mut weight = weight(case, offer.action, offer.outcome);
                    if self.calls && offer.action == Action::RecordFeedback {
                        // Complainants with a telephone are heard in the rounds of calls.
                        weight *= if calls::can_be_called(case) { 0.0 } else { 1.0 };
                    }
                    if offer.action == Action::Correct && self.rulebook.acts_for_complainants(&actor.role) {
                        // How somebody is written to is in none of the figures.
                        weight = 0.0;
                    }
                    if weight > 0.0 {
                        choices.push((weight, actor.clone(), offer.action, offer.outcome));
                    }
                }
            }
        }
        // Where nothing much is to be done, mostly nothing is done.
        let total: f64 = choices.iter().map(|(weight, ..)| weight).sum::<f64>().max(6.0);
        let mut mark = dice.unit() * total;
        let at = choices.iter().position(|(weight, ..)| {
            mark -= weight;
            mark <= 0.0
        });
        let (_, actor, action, outcome) = choices.swap_remove(at?);
        Some((actor, action, outcome))
    }

    /// The case's next turn, in the working hours of the office that has it.
    fn again(
        &mut self,
        dice: &mut Dice,
        at: DateTime<Utc>,
        (case, unit): (GrievanceId, &UnitCode),
        after: Action,
        pace: f64,
    ) {
        let days = match after {
            Action::Lodge => 0.4,
            Action::Acknowledge | Action::SeekInformation => 1.5,
            Action::Dispose | Action::Appeal | Action::Split => 6.0,
            Action::Remind => 7.0,
            _ => 0.7,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a waiting time is some days")]
        let wait = TimeDelta::seconds((dice.wait(days * pace) * 86_400.0) as i64 + 60);
        let next = at_work(dice, &self.rulebook, (unit, None), at + wait);
        self.enter(next, Entry::Turn(case));
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
        (Action::InterimReply, _) => 0.2,
        (Action::Consult, _) if case.consulted.is_empty() => 0.3,
        (Action::Merge, _) if case.members.is_empty() => 0.25,
        (Action::Split, _) if case.parts.is_empty() => 0.12,
        (Action::Withdraw, _) => 0.15,
        (Action::Decline, _) => 0.3,
        (Action::Escalate | Action::Extend, _) => 0.06,
        (Action::Recall | Action::Rescind | Action::Correct | Action::Recategorise, _) => 0.1,
        (Action::Comment | Action::Attach | Action::Record, _) => 0.15,
        (Action::Remind, _) => 0.2,
        _ => 0.0,
    }
}
