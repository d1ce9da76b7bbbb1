//! How long cases stayed: in each stage of the work, in each episode, and on the whole.
//!
//! The whole length of a case says that an office is slow; where its time goes, in a queue, with the
//! complainant or before whoever approves, the stages say. A reopened case has an episode for each
//! time that it was open, so that a quick first answer does not hide behind a long second one, nor
//! the second behind the first.

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::grievance::state::{EpisodeKind, Grievance};
use crate::kernel::code::{CategoryCode, StageCode, UnitCode};
use crate::measure::as_of::{Dated, dated, grievance_as_of};
use crate::measure::cases::survival::Survival;
use crate::measure::cases::tally::{Basis, DoesNotFit};
use crate::measure::duration::Durations;
use crate::measure::groups::{Counted, Groups};
use crate::measure::mis::{Terms, is_sealed};
use crate::measure::picked::Picked;
use crate::vocabulary::Phase;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a stay was in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A stage of the workflow, at one office, without a break.
    Stage(StageCode),
    /// An episode that began so: the first one from the receipt of the case, a later one from the step
    /// that opened it, each to its closure.
    Episode(EpisodeKind),
    /// From the receipt to the disposal that stands, as the statement and the table of cases count it.
    Whole,
}

/// Whose stays are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayGroup {
    /// The office: of a stage, where the case lay; of an episode or the whole, the one that closed it,
    /// or has it.
    pub unit: UnitCode,
    /// The subject of the case as of the day.
    pub category: Option<CategoryCode>,
    /// In what.
    pub span: Span,
}

/// Stays of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stay {
    /// Those that are over: of a stage, that the case left; of an episode or the whole, that ended with
    /// a disposal.
    pub over: Durations,
    /// Those that go on, as long as they were at the instant of the terms.
    pub still: Durations,
    /// Episodes and wholes that ended otherwise: withdrawn, declined, joined to another. Their lengths
    /// are nobody's work, but until they ended they waited as the others did.
    pub otherwise: Durations,
}

impl Counted for Stay {
    fn none(terms: &Terms) -> Self {
        let none = || Durations::new(terms.rule);
        Self { over: none(), still: none(), otherwise: none() }
    }

    fn add(&mut self, other: &Self) {
        self.over.merge(&other.over);
        self.still.merge(&other.still);
        self.otherwise.merge(&other.otherwise);
    }

    fn weight(&self) -> u128 {
        [&self.over, &self.still, &self.otherwise].map(|of| u128::from(of.count())).iter().sum()
    }

    fn fits(&self, basis: &Basis) -> bool {
        [&self.over, &self.still, &self.otherwise].iter().all(|of| of.rule() == basis.rule())
    }
}

impl Stay {
    /// How many stays, in one of the three ways.
    pub const fn count(&self) -> u64 {
        self.over.count() + self.still.count() + self.otherwise.count()
    }

    fn survival(&self, basis: &Basis) -> Survival {
        let mut survival = Survival::by(basis);
        let units = self.over.rule().units_per_day();
        let days = |length: i64| length.div_euclid(units);
        self.over.lengths().for_each(|(length, times)| survival.dispose(days(length), times));
        for censored in [&self.still, &self.otherwise] {
            censored.lengths().for_each(|(length, times)| survival.censor(days(length), times));
        }
        survival
    }
}

/// The stays of some cases as of a day: a part that merges with those of other cases, in any order, to
/// the same whole, and is stored as JSON.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::picked::Picked;
/// use grievance_core::measure::stay::{Span, Stays};
/// use grievance_core::vocabulary::AgeRule;
///
/// let terms = Terms::new("2026-04-01".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Elapsed);
/// let mut stays = Stays::new(&terms);
/// // desk.by(&auditor, now).scan(&mut |history| stays.add_history(history, &terms).is_ok())?;
/// let asked = stays.of(&Picked::all(), &Span::Whole);
/// assert!(asked.is_none()); // no case yet
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stays(Groups<StayGroup, Stay>);

impl Stays {
    /// Without a case yet.
    pub fn new(terms: &Terms) -> Self {
        Self(Groups::new(terms))
    }

    /// Counts a case by its history, as it stood at the instant of the terms. A case that had not come
    /// by then, one that is sealed today, and a part of a divided case are not counted.
    ///
    /// A stage begins when the case enters it or comes to another office in it; steps that leave the
    /// case where it is do not end it. Closed cases stay nowhere. A closure that was taken back as a
    /// mistake ended no episode; the stages around it stay as they were.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the terms are others than those of [`new`](Self::new); nothing is
    /// counted.
    pub fn add_history(&mut self, history: &[Recorded], terms: &Terms) -> Result<(), DoesNotFit> {
        self.0.is_by(terms)?;
        let Some(case) = grievance_as_of(history, terms.at) else { return Ok(()) };
        if is_sealed(history) || case.part_of.is_some() {
            return Ok(());
        }
        let steps: Vec<Dated<'_>> = dated(history).filter(|step| step.at < terms.at).collect();
        self.stages(&case, &steps, terms);
        self.episodes(&case, &steps, terms);
        Ok(())
    }

    fn stages(&mut self, case: &Grievance, steps: &[Dated<'_>], terms: &Terms) {
        let mut rest = steps;
        while let Some(first) = rest.first() {
            let here = |step: &Dated<'_>| {
                step.led_to.stage == first.led_to.stage && step.led_to.unit == first.led_to.unit
            };
            let long = rest.iter().position(|step| !here(step)).unwrap_or(rest.len());
            rest = &rest[long..];
            if !first.led_to.phase.is_pending() {
                continue;
            }
            let unit = &first.led_to.unit;
            let stay = self.stay(case, unit, Span::Stage(first.led_to.stage.clone()), terms);
            let until = rest.first().map(|next| next.at);
            let length = terms.length(unit.as_str(), first.at, until.unwrap_or(terms.at));
            if until.is_some() { &mut stay.over } else { &mut stay.still }.add_length(length, 1);
        }
    }

    fn episodes(&mut self, case: &Grievance, steps: &[Dated<'_>], terms: &Terms) {
        let received = case.subject.received_at;
        for (nth, episode) in case.episodes.iter().enumerate() {
            let from = if nth == 0 { received } else { episode.opened_at };
            self.episode(case, steps, episode.began_as, (from, episode.closed_at), terms);
        }
        let fact = CaseFact::of(case);
        let length = |to| terms.length(case.unit().as_str(), received, to);
        let stay = self.stay(case, case.unit(), Span::Whole, terms);
        match (fact.phase, fact.disposed_at) {
            (Phase::Disposed, Some(at)) => stay.over.add_length(length(at), 1),
            (phase, _) if phase.is_pending() => stay.still.add_length(length(terms.at), 1),
            _ => {
                let closed = case.episodes.last().and_then(|last| last.closed_at);
                stay.otherwise.add_length(length(closed.unwrap_or(fact.updated_at)), 1);
            }
        }
    }

    fn episode(
        &mut self,
        case: &Grievance,
        steps: &[Dated<'_>],
        began_as: EpisodeKind,
        (from, closed): (DateTime<Utc>, Option<DateTime<Utc>>),
        terms: &Terms,
    ) {
        let end = closed
            .and_then(|at| steps.iter().rev().find(|step| step.at == at && !step.led_to.phase.is_pending()));
        let unit = end.map_or(case.unit(), |end| &end.led_to.unit);
        let stay = self.stay(case, unit, Span::Episode(began_as), terms);
        let length = |to| terms.length(unit.as_str(), from, to);
        match (closed, end.map(|end| end.led_to.phase)) {
            (None, _) => stay.still.add_length(length(terms.at), 1),
            (Some(at), None | Some(Phase::Disposed)) => stay.over.add_length(length(at), 1),
            (Some(at), Some(_)) => stay.otherwise.add_length(length(at), 1),
        }
    }

    fn stay(&mut self, case: &Grievance, unit: &UnitCode, span: Span, terms: &Terms) -> &mut Stay {
        let category = case.subject.category.clone();
        let group = StayGroup { unit: unit.clone(), category, span };
        self.0.at(group, terms)
    }

    /// The groups that have a stay, by office, subject and what it was in.
    pub const fn groups(&self) -> &BTreeMap<StayGroup, Stay> {
        self.0.all()
    }

    /// Every stage that a case stayed in, in the order of their codes.
    pub fn stages_seen<'a>(&'a self) -> impl Iterator<Item = &'a StageCode> {
        let stage = |group: &'a StayGroup| match &group.span {
            Span::Stage(stage) => Some(stage),
            Span::Episode(_) | Span::Whole => None,
        };
        self.groups().keys().filter_map(stage).collect::<BTreeSet<_>>().into_iter()
    }

    /// The stays of some offices and subjects in one span; `None` when there is none.
    pub fn of(&self, picked: &Picked, span: &Span) -> Option<Stay> {
        self.0.sum(|StayGroup { unit, category, span: own }| {
            own == span && picked.has(unit.as_str(), category.as_ref().map(AsRef::as_ref))
        })
    }

    /// What the lengths so far say of all of them, those that go on as well: a median of what is over
    /// alone makes a stage look quick in which long stays have not ended. In whole days. What ended otherwise is
    /// censored when it did, as in [`Cases::survival`](crate::measure::cases::table::Cases::survival). `None` when
    /// there is no such stay.
    pub fn survival(&self, picked: &Picked, span: &Span) -> Option<Survival> {
        self.of(picked, span).map(|stay| stay.survival(self.0.basis()))
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the two do not count the same thing, [`DoesNotFit::TooMany`] when they
    /// count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        self.0.merge(&other.0)
    }
}
