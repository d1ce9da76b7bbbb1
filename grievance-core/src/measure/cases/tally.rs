//! What is counted of each group, and how parts add up.

use crate::measure::cases::row::HIGHEST_RATING;
use crate::measure::duration::{Durations, Share};
use crate::measure::index::Counts;
use crate::measure::mis::{OVER_30, Terms, WITHIN_DAYS};
use crate::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome, Quantity};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Why a table does not answer a question, or two parts do not merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoesNotFit {
    /// The column has another number of cases than the table.
    #[error("the column is not of this table")]
    Column,
    /// The table counts days in another zone than the terms ask for.
    #[error("the table counts days in another zone")]
    Zone,
    /// The parts count as of different days, zones, rules or bands.
    #[error("the parts count different things")]
    Terms,
    /// Together they count more than there can be: a part was forged.
    #[error("the parts count more than there can be")]
    TooMany,
}

/// The most that a part may count: each of its figures, and all of them together, however often a
/// rating is taken, stay below 2^64.
pub(crate) const MOST: u128 = 1 << 56;

/// Why the text of a part is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPart {
    /// It counts more than there can be.
    #[error("the part counts more than there can be")]
    TooMany,
    /// Its groups are not of its rule and bands, or a rating is above the highest.
    #[error("the part is not what it says")]
    Malformed,
    /// It is no JSON of a part: a field is unknown or missing, or one is malformed.
    #[error("the text is not one of a part")]
    Unreadable,
    /// It counts by other terms than those that it is read with.
    #[error("the part counts by other terms")]
    Terms,
    /// More is closed than was received.
    #[error("the part closes more than it received")]
    Overdrawn,
}

/// What a part counts, as it is stored beside the counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Basis {
    day: NaiveDate,
    zone: String,
    rule: AgeRule,
    cuts: Vec<u32>,
    /// The version of the rulebook whose working days were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workdays: Option<String>,
}

impl Basis {
    pub(crate) fn of(terms: &Terms) -> Self {
        Self {
            day: terms.day,
            zone: terms.zone.name().into(),
            rule: terms.rule,
            cuts: terms.bands.cuts().to_vec(),
            workdays: terms.workdays.as_ref().map(|days| days.version().to_string()),
        }
    }

    pub(crate) const fn rule(&self) -> AgeRule {
        self.rule
    }

    pub(crate) const fn day(&self) -> NaiveDate {
        self.day
    }

    pub(crate) fn zone(&self) -> &str {
        &self.zone
    }

    /// Of lengths alone: bands are nothing to them, nor are working days where others are counted.
    pub(crate) fn of_lengths(&self) -> Self {
        let workdays = self.workdays.clone().filter(|_| self.rule == AgeRule::Working);
        Self { cuts: Vec::new(), workdays, ..self.clone() }
    }

    /// The same by calendar days.
    pub(crate) fn by_calendar(self) -> Self {
        Self { rule: AgeRule::Calendar, ..self }
    }

    /// How many bands there are.
    pub(crate) const fn bands(&self) -> usize {
        self.cuts.len() + 1
    }
}

/// The counts of some of the cases, by group. Whole numbers only: parts that are merged in any
/// order are equal to the whole bit for bit, stored and read back in between or not.
///
/// A stored part is checked when it is read: one that is malformed, or counts more than 2^56, is
/// refused ([`NoPart`] in the text of the error).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredPart")]
pub struct Part {
    pub(crate) basis: Basis,
    pub(crate) groups: BTreeMap<SmolStr, Tally>,
    pub(crate) without: Tally,
}

/// A part as it is stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPart {
    basis: Basis,
    groups: BTreeMap<SmolStr, Tally>,
    without: Tally,
}

impl TryFrom<StoredPart> for Part {
    type Error = NoPart;

    fn try_from(stored: StoredPart) -> Result<Self, NoPart> {
        let StoredPart { basis, groups, without } = stored;
        let part = Self { basis, groups, without };
        if part.weight() > MOST {
            return Err(NoPart::TooMany);
        }
        let rated = |tally: &Tally| tally.ratings.keys().all(|rating| *rating <= HIGHEST_RATING);
        if !part.tallies().all(|tally| tally.fits(&part.basis) && rated(tally)) {
            return Err(NoPart::Malformed);
        }
        Ok(part)
    }
}

impl Part {
    fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.groups.values().chain([&self.without])
    }

    /// All that it counts, added up.
    fn weight(&self) -> u128 {
        self.tallies().map(Tally::weight).sum()
    }

    /// A part with no case yet.
    pub fn new(terms: &Terms) -> Self {
        Self { basis: Basis::of(terms), groups: BTreeMap::new(), without: Tally::new(terms) }
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the two do not count the same thing, [`DoesNotFit::TooMany`] when
    /// they count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        let fits = |part: &Self| part.tallies().all(|tally| tally.fits(&self.basis));
        if self.basis != other.basis || !fits(self) || !fits(other) {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        for (code, theirs) in &other.groups {
            match self.groups.get_mut(code) {
                Some(mine) => mine.merge(theirs),
                None => drop(self.groups.insert(code.clone(), theirs.clone())),
            }
        }
        self.without.merge(&other.without);
        Ok(())
    }

    /// The groups that have a case, by code.
    pub const fn groups(&self) -> &BTreeMap<SmolStr, Tally> {
        &self.groups
    }

    /// The cases that have no code in the column.
    pub const fn without(&self) -> &Tally {
        &self.without
    }

    /// What an index is made of, group by group, in the order of their codes ([`Tally::quantities`]). Due dates
    /// that one group has are known of every group: a table that tells them tells that there is none. Where
    /// no case of any has one, nothing is known of them, which is not that all were late, nor that none was. How many have
    /// been pending for more than 30 days is known where a band begins at 31.
    pub fn quantities(&self) -> impl Iterator<Item = (&SmolStr, Counts)> {
        let of_disposed = self.tallies().any(Tally::tells_due_of_disposed);
        let has_due = |tally: &Tally| tally.pending() > tally.no_target;
        let due = of_disposed || self.tallies().any(has_due);
        let old = self.basis.cuts.iter().position(|cut| *cut == OVER_30).map(|place| place + 1);
        self.groups.iter().map(move |(code, tally)| {
            let mut counts = tally.quantities_where(due || tally.tells_due(), of_disposed);
            if let Some(first) = old {
                counts.add(Quantity::PendingOver30, tally.bands[first..].iter().sum());
            }
            (code, counts)
        })
    }

    /// All cases, whatever their group.
    pub fn total(&self) -> Tally {
        let mut total = self.without.clone();
        for tally in self.groups.values() {
            total.merge(tally);
        }
        total
    }
}

/// The counts of one group, of the cases that were received before the instant of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Received before the instant.
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
    /// Those of them that were disposed, or reported as done, by then: on the due instant itself, in time.
    pub disposed_on_time: u64,
    /// When the oldest pending case was received, in milliseconds since 1970 UTC.
    pub oldest: Option<i64>,
    /// Calendar days since the complainant of each pending case was last told anything before the
    /// day; a case of which that is not known is not in it.
    pub silence: Durations,
    /// How long the disposed took.
    pub durations: Durations,
    /// The disposed by rating.
    pub ratings: BTreeMap<u8, u64>,
    /// The disposed by the word of the complainant.
    pub outcomes: BTreeMap<FeedbackOutcome, u64>,
    /// The disposed by what it did for the complainant; those not listed have no class.
    pub classes: BTreeMap<DisposalClass, u64>,
    /// The disposed by reason; those not listed have none.
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

impl Tally {
    pub(crate) fn new(terms: &Terms) -> Self {
        Self {
            received: 0,
            disposed: 0,
            closed_otherwise: 0,
            bands: vec![0; terms.bands.count()],
            overdue: 0,
            due_soon: 0,
            no_target: 0,
            disposed_with_target: 0,
            disposed_on_time: 0,
            oldest: None,
            silence: Durations::new(AgeRule::Calendar),
            durations: Durations::new(terms.rule),
            ratings: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            classes: BTreeMap::new(),
            reasons: BTreeMap::new(),
            reopened: 0,
            appealed: 0,
            escalated: 0,
            transferred: 0,
            breached: 0,
        }
    }

    /// Pending at the instant.
    pub fn pending(&self) -> u64 {
        self.bands.iter().sum()
    }

    /// When the oldest pending case was received.
    pub fn oldest_at(&self) -> Option<DateTime<Utc>> {
        crate::kernel::time::from_millis(self.oldest?)
    }

    /// How many of the received are of a kind: reopened, appealed, overdue.
    pub const fn of_received(&self, count: u64) -> Share {
        Share { count, out_of: self.received }
    }

    /// The disposed out of the received.
    pub const fn disposal_ratio(&self) -> Share {
        self.of_received(self.disposed)
    }

    /// The disposed that gave the benefit or service, out of those with a class.
    pub fn benefit_ratio(&self) -> Share {
        let count = self.classes.get(&DisposalClass::Benefit).copied().unwrap_or(0);
        Share { count, out_of: self.classes.values().sum() }
    }

    /// The sum of the ratings, and how many there are: their mean as a fraction.
    pub fn rating(&self) -> (u64, u64) {
        self.ratings
            .iter()
            .fold((0, 0), |(sum, count), (rating, times)| (sum + u64::from(*rating) * times, count + times))
    }

    /// What an index is made of, as far as a table counts it. What it does not count is absent, which
    /// is not zero: how often cases were opened again or escalated, of which it knows only whether.
    /// Words and classes are absent, too, where no case has one, and what follows from due dates where no
    /// case has one ([`Part::quantities`] asks all groups together).
    pub fn quantities(&self) -> Counts {
        self.quantities_where(self.tells_due(), self.tells_due_of_disposed())
    }

    /// Whether it is known of the pending which are past their due date: one has one, or none is pending.
    fn tells_due(&self) -> bool {
        self.pending() == 0 || self.pending() > self.no_target || self.disposed_with_target > 0
    }

    /// Whether it is known of the disposed which were due by when.
    const fn tells_due_of_disposed(&self) -> bool {
        self.disposed_with_target > 0
    }

    fn quantities_where(&self, tells_due: bool, tells_due_of_disposed: bool) -> Counts {
        let within = self.durations.within(WITHIN_DAYS).count;
        let counted = [
            (Quantity::Received, self.received),
            (Quantity::Disposed, self.disposed),
            (Quantity::ClosedOtherwise, self.closed_otherwise),
            (Quantity::Pending, self.pending()),
            (Quantity::DisposedWithin30, within),
        ];
        // A disposal on a date before the receipt's leaves no sum to speak of.
        let days = u64::try_from(self.durations.whole_days()).ok();
        let (benefit, (points, rated)) = (self.benefit_ratio(), self.rating());
        let given = self.outcomes.iter().filter(|(word, _)| **word != FeedbackOutcome::Unreachable);
        let satisfied = self.outcomes.get(&FeedbackOutcome::Satisfied).copied().unwrap_or(0);
        let mut counts: Counts = counted.into_iter().collect();
        let mut add_some = |some: bool, quantity, count| {
            if some {
                counts.add(quantity, count);
            }
        };
        add_some(tells_due, Quantity::PendingOverdue, self.overdue);
        add_some(tells_due_of_disposed, Quantity::DisposedWithTarget, self.disposed_with_target);
        add_some(tells_due_of_disposed, Quantity::DisposedOnTime, self.disposed_on_time);
        add_some(days.is_some(), Quantity::DisposalDays, days.unwrap_or(0));
        add_some(benefit.out_of > 0, Quantity::DisposedWithClass, benefit.out_of);
        add_some(benefit.out_of > 0, Quantity::BenefitProvided, benefit.count);
        add_some(!self.outcomes.is_empty(), Quantity::FeedbackGiven, given.map(|(_, count)| count).sum());
        add_some(!self.outcomes.is_empty(), Quantity::FeedbackSatisfied, satisfied);
        add_some(rated > 0, Quantity::RatingSum, points);
        add_some(rated > 0, Quantity::Rated, rated);
        counts
    }

    /// All that it counts, added up: never less than any sum of its figures.
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
            oldest: _,
            silence,
            durations,
            ratings,
            outcomes,
            classes,
            reasons,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = self;
        let (silent, lasted) = (silence.count(), durations.count());
        let counts = [received, disposed, closed_otherwise, overdue, no_target, &silent, &lasted];
        let dues = [due_soon, disposed_with_target, disposed_on_time];
        let flags = [reopened, appealed, escalated, transferred, breached];
        let words = ratings.values().chain(outcomes.values()).chain(classes.values()).chain(reasons.values());
        counts
            .into_iter()
            .chain(dues)
            .chain(flags)
            .chain(bands)
            .chain(words)
            .map(|count| u128::from(*count))
            .sum()
    }

    fn fits(&self, basis: &Basis) -> bool {
        self.bands.len() == basis.cuts.len() + 1
            && self.durations.rule() == basis.rule
            && self.silence.rule() == AgeRule::Calendar
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
            oldest,
            silence,
            durations,
            ratings,
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
        self.oldest = match (self.oldest, *oldest) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        self.silence.merge(silence);
        self.durations.merge(durations);
        add(&mut self.ratings, ratings);
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

fn add<K: Ord + Clone>(mine: &mut BTreeMap<K, u64>, theirs: &BTreeMap<K, u64>) {
    for (key, times) in theirs {
        *mine.entry(key.clone()).or_default() += times;
    }
}
