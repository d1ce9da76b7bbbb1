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
        let minute = TimeDelta::minutes(dice.below(365 * 24 * 60));
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
