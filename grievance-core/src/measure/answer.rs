//! What a table, a ledger and a database say alike: counts and bands.

pub mod sheet;

use crate::kernel::text::Digest;
use crate::kernel::time::day_of;
use crate::measure::cases::tally::{Basis, DoesNotFit, MOST, NoPart, Tally};
use crate::measure::ledger::answer::Balance;
use crate::measure::question::{Dimension, Question};
use crate::vocabulary::{DisposalClass, FeedbackOutcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The counts of one group as of a day, and the bands of what is pending.
///
/// It is a [`Tally`] without what only a table knows: how long each case took or was silent, and
/// its rating.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pendency {
    /// Received before the day.
    pub received: u64,
    /// Disposed before it.
    pub disposed: u64,
    /// Withdrawn, declined or joined to another before it.
    pub closed_otherwise: u64,
    /// The pending by age, youngest band first.
    pub bands: Vec<u64>,
    /// Pending past its due date. On the due instant itself a case is in time.
    pub overdue: u64,
    /// Pending and in time, with three quarters of their time gone.
    pub due_soon: u64,
    /// Pending, and nothing says by when.
    pub no_target: u64,
    /// The disposed of which it is known by when they were due.
    pub disposed_with_target: u64,
    /// Those of them that were in time.
    pub disposed_on_time: u64,
    /// The date on which the oldest pending case was received.
    pub oldest_on: Option<NaiveDate>,
    /// The disposed by the word of the complainant.
    pub outcomes: BTreeMap<FeedbackOutcome, u64>,
    /// The disposed by what it did for the complainant.
    pub classes: BTreeMap<DisposalClass, u64>,
    /// The disposed by reason.
    pub reasons: BTreeMap<SmolStr, u64>,
    /// Cases of the received that were opened again at least once.
    pub reopened: u64,
    /// Cases of the received that were appealed at least once.
    pub appealed: u64,
    /// Cases of the received that were escalated at least once.
    pub escalated: u64,
    /// Cases of the received that went to another office at least once.
    pub transferred: u64,
    /// Cases of the received that missed a target at least once.
    pub breached: u64,
}

impl Pendency {
    /// Of no case, in so many bands.
    pub(crate) fn none(bands: usize) -> Self {
        Self { bands: vec![0; bands], ..Self::default() }
    }

    /// What a scan counted, with the date of the oldest receipt in a zone.
    pub fn of(tally: &Tally, zone: chrono_tz::Tz) -> Self {
        Self {
            received: tally.received,
            disposed: tally.disposed,
            closed_otherwise: tally.closed_otherwise,
            bands: tally.bands.clone(),
            overdue: tally.overdue,
            due_soon: tally.due_soon,
            no_target: tally.no_target,
            disposed_with_target: tally.disposed_with_target,
            disposed_on_time: tally.disposed_on_time,
            oldest_on: tally.oldest_at().map(|at| day_of(at, zone)),
            outcomes: tally.outcomes.clone(),
            classes: tally.classes.clone(),
            reasons: tally.reasons.clone(),
            reopened: tally.reopened,
            appealed: tally.appealed,
            escalated: tally.escalated,
            transferred: tally.transferred,
            breached: tally.breached,
        }
    }

    /// Pending as of the day.
    pub fn pending(&self) -> u64 {
        self.bands.iter().sum()
    }

    /// All that it counts, added up.
    fn weight(&self) -> u128 {
        let Self {
            received,
            disposed,
            closed_otherwise,
            bands,
            overdue,
            due_soon,
            no_target,
            disposed_with_target,
            disposed_on_time,
            oldest_on: _,
            outcomes,
            classes,
            reasons,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = self;
        let counts = [
            received,
            disposed,
            closed_otherwise,
            overdue,
            due_soon,
            no_target,
            disposed_with_target,
            disposed_on_time,
        ];
        let flags = [reopened, appealed, escalated, transferred, breached];
        let words = outcomes.values().chain(classes.values()).chain(reasons.values());
        let counted = counts.into_iter().chain(flags).chain(bands).chain(words);
        counted.map(|count| u128::from(*count)).sum()
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        let Self {
            received,
            disposed,
            closed_otherwise,
            bands,
            overdue,
            due_soon,
            no_target,
            disposed_with_target,
            disposed_on_time,
            oldest_on,
            outcomes,
            classes,
            reasons,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = other;
        self.received += received;
        self.disposed += disposed;
        self.closed_otherwise += closed_otherwise;
        for (mine, theirs) in self.bands.iter_mut().zip(bands) {
            *mine += theirs;
        }
        self.overdue += overdue;
        self.due_soon += due_soon;
        self.no_target += no_target;
        self.disposed_with_target += disposed_with_target;
        self.disposed_on_time += disposed_on_time;
        self.oldest_on = [self.oldest_on, *oldest_on].into_iter().flatten().min();
        add(&mut self.outcomes, outcomes);
        add(&mut self.classes, classes);
        add(&mut self.reasons, reasons);
        self.reopened += reopened;
        self.appealed += appealed;
        self.escalated += escalated;
        self.transferred += transferred;
        self.breached += breached;
    }
}

impl From<Balance> for Pendency {
    fn from(balance: Balance) -> Self {
        let Balance {
            received,
            disposed,
            closed_otherwise,
            bands,
            overdue,
            due_soon,
            no_target,
            disposed_with_target,
            disposed_on_time,
            oldest_on,
            silence: _,
            durations: _,
            ratings: _,
            outcomes,
            classes,
            reasons,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = balance;
        Self {
            received,
            disposed,
            closed_otherwise,
            bands,
            overdue,
            due_soon,
            no_target,
            disposed_with_target,
            disposed_on_time,
            oldest_on,
            outcomes,
            classes,
            reasons,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        }
    }
}

fn add<K: Ord + Clone>(mine: &mut BTreeMap<K, u64>, theirs: &BTreeMap<K, u64>) {
    for (key, times) in theirs {
        *mine.entry(key.clone()).or_default() += times;
    }
}

/// What a question is answered with: each group that has a case, and the cases without a code. Answers to the
/// same question merge, in any order, into the answer of all.
///
/// A stored answer is checked when it is read: one that is malformed, or counts more than 2^56, is refused
/// ([`NoPart`] in the text of the error).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Answer {
    basis: Basis,
    by: Dimension,
    /// Which cases, by which level, where it is not all by their codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<Digest>,
    groups: BTreeMap<SmolStr, Pendency>,
    without: Pendency,
}

/// An answer as it is stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    basis: Basis,
    by: Dimension,
    #[serde(default)]
    about: Option<Digest>,
    groups: BTreeMap<SmolStr, Pendency>,
    without: Pendency,
}

impl TryFrom<Stored> for Answer {
    type Error = NoPart;

    fn try_from(stored: Stored) -> Result<Self, NoPart> {
        let Stored { basis, by, about, groups, without } = stored;
        let answer = Self { basis, by, about, groups, without };
        let bands = answer.basis.bands();
        if !answer.counts().all(|counts| counts.bands.len() == bands) {
            return Err(NoPart::Malformed);
        }
        if answer.weight() > MOST { Err(NoPart::TooMany) } else { Ok(answer) }
    }
}

impl Answer {
    fn counts(&self) -> impl Iterator<Item = &Pendency> {
        self.groups.values().chain([&self.without])
    }

    fn weight(&self) -> u128 {
        self.counts().map(Pendency::weight).sum()
    }

    /// Of no case.
    pub(crate) fn none(question: &Question) -> Self {
        Self {
            basis: Basis::of(&question.terms),
            by: question.by,
            about: question.about_what(),
            groups: BTreeMap::new(),
            without: Pendency::none(question.terms.bands.count()),
        }
    }

    /// Puts counts to a group, or to the cases without a code.
    pub(crate) fn put(&mut self, code: Option<&str>, counts: &Pendency) {
        match code {
            None => self.without.merge(counts),
            Some(code) => match self.groups.get_mut(code) {
                Some(group) => group.merge(counts),
                None => drop(self.groups.insert(SmolStr::new(code), counts.clone())),
            },
        }
    }

    /// The groups that have a case, by code.
    pub const fn groups(&self) -> &BTreeMap<SmolStr, Pendency> {
        &self.groups
    }

    /// The cases that have no code in the dimension.
    pub const fn without(&self) -> &Pendency {
        &self.without
    }

    /// All cases, whatever their group.
    pub fn total(&self) -> Pendency {
        let mut total = self.without.clone();
        for group in self.groups.values() {
            total.merge(group);
        }
        total
    }

    /// Takes in the answer of another shard or database to the same question.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it answers another one, about other cases too, [`DoesNotFit::TooMany`] when they count more than
    /// there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if (&self.basis, self.by, self.about) != (&other.basis, other.by, other.about) {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        for (code, theirs) in &other.groups {
            self.put(Some(code), theirs);
        }
        self.without.merge(&other.without);
        Ok(())
    }
}
