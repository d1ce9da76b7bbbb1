//! What waits, and on whom: how long an office has had a case, how long nobody told the complainant
//! anything, what was promised and is owed, and what was sent away.
//!
//! The age of a case since its receipt is the citizen's; how long the office has had it that has it
//! now is the office's own, and one without the other blames the wrong one.

use crate::grievance::event::Recorded;
use crate::grievance::state::Grievance;
use crate::grievance::tell::told_at;
use crate::kernel::code::{CategoryCode, UnitCode};
use crate::kernel::time::{day_of, from_millis};
use crate::measure::as_of::{dated, grievance_as_of};
use crate::measure::cases::tally::{Basis, DoesNotFit};
use crate::measure::duration::{Durations, Share};
use crate::measure::groups::{Counted, Groups};
use crate::measure::mis::{Terms, is_sealed};
use crate::measure::picked::Picked;
use crate::rulebook::Rulebook;
use crate::vocabulary::{AgeRule, EventKind, Phase, TargetKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// What waits at some offices, and what they sent away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Pending at the instant of the terms.
    pub pending: u64,
    /// The pending by age since they were received, youngest band first.
    pub in_total: Vec<u64>,
    /// The pending by how long the office that has them has had them.
    pub with_unit: Vec<u64>,
    /// Since when the office has had the one that it has had longest, in milliseconds since 1970 UTC.
    pub longest_held: Option<i64>,
    /// Calendar days since the complainant of each pending case was last told anything.
    pub silence: Durations,
    /// Pending cases whose complainant was never told anything: there is no way to, or another system
    /// had the case until now.
    pub never_told: u64,
    /// Disposed cases of which an outcome is owed: what was promised has not been done yet.
    pub owed: u64,
    /// Those of them whose review date has passed.
    pub owed_overdue: u64,
    /// How often the office got a case.
    pub custodies: u64,
    /// How often it returned one to where it came from.
    pub returned: u64,
    /// How often it sent one to an office that is not below it.
    pub transferred: u64,
}

impl Counted for Wait {
    fn none(terms: &Terms) -> Self {
        let bands = || vec![0; terms.bands.count()];
        Self {
            pending: 0,
            in_total: bands(),
            with_unit: bands(),
            longest_held: None,
            silence: Durations::new(AgeRule::Calendar),
            never_told: 0,
            owed: 0,
            owed_overdue: 0,
            custodies: 0,
            returned: 0,
            transferred: 0,
        }
    }

    fn add(&mut self, other: &Self) {
        let Self {
            pending,
            in_total,
            with_unit,
            longest_held,
            silence,
            never_told,
            owed,
            owed_overdue,
            custodies,
            returned,
            transferred,
        } = other;
        self.pending += pending;
        for (mine, theirs) in [(&mut self.in_total, in_total), (&mut self.with_unit, with_unit)] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.longest_held = [self.longest_held, *longest_held].into_iter().flatten().min();
        self.silence.merge(silence);
        self.never_told += never_told;
        self.owed += owed;
        self.owed_overdue += owed_overdue;
        self.custodies += custodies;
        self.returned += returned;
        self.transferred += transferred;
    }

    fn weight(&self) -> u128 {
        let counts = [self.pending, self.silence.count(), self.never_told, self.owed, self.owed_overdue];
        let moves = [self.custodies, self.returned, self.transferred];
        let bands = self.in_total.iter().chain(&self.with_unit);
        counts.iter().chain(&moves).chain(bands).map(|count| u128::from(*count)).sum()
    }

    fn fits(&self, basis: &Basis) -> bool {
        self.in_total.len() == basis.bands()
            && self.with_unit.len() == basis.bands()
            && self.silence.rule() == AgeRule::Calendar
    }
}

impl Wait {
    /// Since when the office has had the case that it has had longest.
    pub fn longest_held_since(&self) -> Option<DateTime<Utc>> {
        from_millis(self.longest_held?)
    }

    /// How many of the cases that the office got it sent away again, returned or transferred.
    pub const fn bounced(&self) -> Share {
        Share { count: self.returned + self.transferred, out_of: self.custodies }
    }
}

/// Whose cases are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitGroup {
    /// The office.
    pub unit: UnitCode,
    /// The subject of the cases as of the day.
    pub category: Option<CategoryCode>,
}

/// What waits, by office and subject, as of a day: a part that merges with those of other cases, in any
/// order, to the same whole, and is stored as JSON.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::picked::Picked;
/// use grievance_core::measure::waiting::Waiting;
/// use grievance_core::vocabulary::AgeRule;
///
/// let terms = Terms::new("2026-04-01".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar);
/// let mut waiting = Waiting::new(&terms);
/// // desk.by(&auditor, now).scan(&mut |history| waiting.add_history(history, &terms, &rulebook).is_ok())?;
/// assert!(waiting.of(&Picked::all()).is_none()); // no case yet
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Waiting(Groups<WaitGroup, Wait>);

impl Waiting {
    /// Without a case yet.
    pub fn new(terms: &Terms) -> Self {
        Self(Groups::new(terms))
    }

    /// Counts a case by its history, as it stood at the instant of the terms; its subject is the one of
    /// then. Sealed cases and the parts of divided ones are not counted.
    ///
    /// The complainant counts as told by a step of which the rulebook tells complainants by a way that
    /// they can be reached; whether the message arrived is the outbox's to say. A step back (`return`)
    /// and a transfer count at the office that took it; an assignment, a step down and a recall send
    /// nothing away. What another system did is known by its routing alone, each a transfer.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the terms are others than those of [`new`](Self::new); nothing is
    /// counted.
    pub fn add_history(
        &mut self,
        history: &[Recorded],
        terms: &Terms,
        rulebook: &Rulebook,
    ) -> Result<(), DoesNotFit> {
        self.0.is_by(terms)?;
        let Some(case) = grievance_as_of(history, terms.at) else { return Ok(()) };
        if is_sealed(history) || case.part_of.is_some() {
            return Ok(());
        }
        let category = case.subject.category.as_ref();
        let mut had: Option<&UnitCode> = None;
        for step in dated(history).filter(|step| step.at < terms.at) {
            let unit = &step.led_to.unit;
            if had == Some(unit) {
                continue;
            }
            if let Some(left) = had {
                let wait = self.wait(left, category, terms);
                wait.returned += u64::from(step.kind == EventKind::Returned);
                wait.transferred += u64::from(step.kind == EventKind::Transferred);
            }
            self.wait(unit, category, terms).custodies += 1;
            had = Some(unit);
        }
        self.standing(&case, history, terms, rulebook);
        Ok(())
    }

    /// How a case stands at the instant.
    fn standing(&mut self, case: &Grievance, history: &[Recorded], terms: &Terms, rulebook: &Rulebook) {
        let unit = case.unit();
        let wait = self.wait(unit, case.subject.category.as_ref(), terms);
        if case.phase() == Phase::Disposed {
            let owed = case.clock(TargetKind::Review).filter(|clock| clock.met_at.is_none());
            wait.owed += u64::from(owed.is_some());
            wait.owed_overdue += u64::from(owed.is_some_and(|clock| clock.due_at < terms.at));
        }
        if !case.phase().is_pending() {
            return;
        }
        let held = case.course.held_since;
        wait.pending += 1;
        for (bands, since) in [(&mut wait.in_total, case.subject.received_at), (&mut wait.with_unit, held)] {
            bands[terms.bands.index(terms.whole_days(unit.as_str(), since, terms.at))] += 1;
        }
        wait.longest_held = [wait.longest_held, Some(held.timestamp_millis())].into_iter().flatten().min();
        match last_told(history, terms.at, rulebook) {
            Some(told) => {
                let days = (terms.day - day_of(told, terms.zone)).num_days();
                wait.silence.add_length(days, 1);
            }
            None => wait.never_told += 1,
        }
    }

    fn wait(&mut self, unit: &UnitCode, category: Option<&CategoryCode>, terms: &Terms) -> &mut Wait {
        self.0.at(WaitGroup { unit: unit.clone(), category: category.cloned() }, terms)
    }

    /// The groups, by office and subject.
    pub const fn groups(&self) -> &BTreeMap<WaitGroup, Wait> {
        self.0.all()
    }

    /// What waits at some offices and of some subjects; `None` when no case was ever there.
    pub fn of(&self, picked: &Picked) -> Option<Wait> {
        self.0.sum(|WaitGroup { unit, category }| {
            picked.has(unit.as_str(), category.as_ref().map(AsRef::as_ref))
        })
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

/// When the complainant was last told anything before an instant, by a rulebook.
fn last_told(history: &[Recorded], before: DateTime<Utc>, rulebook: &Rulebook) -> Option<DateTime<Utc>> {
    let known = &history[..history.partition_point(|next| next.at < before)];
    let Ok(told) = told_at(known, |_| Ok::<_, Infallible>(Some(rulebook)));
    told.last().copied()
}
