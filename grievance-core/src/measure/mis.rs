//! The MIS statement, counted: parts that merge into one.

mod tally;

use crate::grievance::event::{Recorded, What};
use crate::grievance::judged::Judged;
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::kernel::time::{day_of, start_of_day};
use crate::measure::as_of::{dated, grievance_as_of};
use crate::measure::beside::{acknowledged, closes_specially, owed, sent_away};
use crate::measure::cases::tally::{Basis, DoesNotFit, MOST, NoPart};
use crate::measure::escalation::escalations;
use crate::measure::flow::{Flow, movements};
use crate::measure::index::Counts;
use crate::measure::mis::tally::Tally;
use crate::measure::pendency::PendencyBands;
use crate::measure::sealed::SealedTotal;
use crate::measure::statement::{Mis, UnitFigures};
use crate::measure::target::missed;
use crate::measure::workdays::Workdays;
use crate::vocabulary::{AgeRule, FeedbackOutcome, Phase, Quantity, TargetState, VerificationFinding};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The limit in `within_30_days`.
pub(crate) const WITHIN_DAYS: i64 = 30;
/// Bands that begin above 30 days.
pub(crate) const OVER_30: u32 = 31;
/// The length of the flow's period.
const FLOW_DAYS: Days = Days::new(7);

/// What a statement is about: as of which day, in which zone, by which rule, in which bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub(crate) day: NaiveDate,
    pub(crate) zone: chrono_tz::Tz,
    pub(crate) rule: AgeRule,
    pub(crate) bands: PendencyBands,
    pub(crate) at: DateTime<Utc>,
    pub(crate) workdays: Option<Workdays>,
    since: (NaiveDate, DateTime<Utc>),
}

impl Terms {
    /// Counts as of the first instant of `day` in the office's zone, in the default bands.
    ///
    /// By working days every day is one until [`with_workdays`](Self::with_workdays) says which are.
    pub fn new(day: NaiveDate, zone: chrono_tz::Tz, rule: AgeRule) -> Self {
        let since = day.checked_sub_days(FLOW_DAYS).unwrap_or(day);
        Self {
            day,
            zone,
            rule,
            bands: PendencyBands::default(),
            at: start_of_day(day, zone),
            workdays: None,
            since: (since, start_of_day(since, zone)),
        }
    }

    /// The same in other bands.
    #[must_use]
    pub fn with_bands(self, bands: PendencyBands) -> Self {
        Self { bands, ..self }
    }

    /// The same by the working days of the offices. By another rule they change nothing, but parts of
    /// other working days do not merge.
    #[must_use]
    pub fn with_workdays(self, workdays: Workdays) -> Self {
        Self { workdays: Some(workdays), ..self }
    }

    /// Whole days from one instant to another by the rule: working days are those of the office.
    pub fn whole_days(&self, unit: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        match (self.rule, &self.workdays) {
            (AgeRule::Working, Some(workdays)) => {
                workdays.between(unit, day_of(from, self.zone), day_of(to, self.zone))
            }
            (rule, _) => rule.whole_days(from, to, self.zone),
        }
    }

    /// The exact length in the rule's own unit: days, or milliseconds under the elapsed rule.
    pub(crate) fn length(&self, unit: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        match self.rule {
            AgeRule::Working => self.whole_days(unit, from, to),
            rule => rule.length(from, to, self.zone),
        }
    }

    /// The instant: what happened before it counts, what happened at it does not.
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

/// A part of a statement: some of the cases. Parts merge, in any order, into the same whole, stored as JSON and
/// [read](Self::read) back in between or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisPart {
    terms: Terms,
    rejected: u64,
    sealed: SealedTotal,
    units: BTreeMap<UnitCode, Tally>,
}

impl MisPart {
    /// A part with no case yet.
    pub const fn new(terms: Terms) -> Self {
        Self { terms, rejected: 0, sealed: SealedTotal::NotTold, units: BTreeMap::new() }
    }

    /// Counts a case by its history: how it stood at the instant, its movements in the week
    /// before, the deadlines it missed and its escalations. A case that did not exist yet only puts its office on the list.
    ///
    /// A case that is sealed today counts nowhere, and puts no office on the list.
    pub fn add_history(&mut self, history: &[Recorded]) {
        if is_sealed(history) {
            return;
        }
        let week = (self.terms.since.1, self.terms.at);
        if let Some(case) = grievance_as_of(history, self.terms.at) {
            self.add(&case);
            if case.part_of.is_none() {
                self.beside(history, &case);
            }
            let Self { terms, units, .. } = self;
            missed(history, &case, week, |unit, target, breaches| {
                tally(units, terms, unit).missed.entry(target).or_default().merge(&breaches);
            });
        } else if let Some(first) = dated(history).next() {
            self.list(&first.led_to.unit);
        }
        let Self { terms, units, .. } = self;
        movements(history, week, |unit, count| {
            *count(&mut tally(units, terms, unit).flow) += 1;
        });
        escalations(history, terms.at, |unit, when, level| {
            let climbed = &mut tally(units, terms, unit).climbed;
            climbed.count += 1;
            *climbed.by_level.entry(level).or_default() += 1;
            climbed.week += u64::from(when >= week.0);
        });
    }

    /// Counts a case as it stood at the instant, at the office that held it. Which office held it
    /// when it moved, was escalated or missed a deadline is not in the case:
    /// [`add_history`](Self::add_history) counts that, too. A sealed case is counted nowhere.
    pub fn add(&mut self, case: &Grievance) {
        if case.sealed.is_some() {
            return;
        }
        let Self { terms, units, .. } = self;
        let own = tally(units, terms, case.unit());
        let fact = CaseFact::of(case);
        own.add(&fact, terms);
        if fact.part_of.is_none() && fact.phase.is_pending() {
            *own.targets.entry(TargetState::of(case, terms.at)).or_default() += 1;
            if fact.level > 0 {
                *own.climbed.levels.entry(fact.level).or_default() += 1;
            }
        }
    }

    /// What only an index asks of a case. Of one that was lodged here it is known that there is none; what an
    /// import does not tell is not known.
    fn beside(&mut self, history: &[Recorded], case: &Grievance) {
        let Self { terms, units, .. } = self;
        let lodged_here = case.adopted.is_none();
        let mut put = |unit: &UnitCode, quantity, is: bool| {
            if is || lodged_here {
                tally(units, terms, unit).beside.add(quantity, u64::from(is));
            }
        };
        let unit = case.unit();
        for quantity in [Quantity::AcknowledgedWithTarget, Quantity::AcknowledgedOnTime, Quantity::Returned] {
            put(unit, quantity, false);
        }
        acknowledged(history, case, terms.at, |unit, _, on_time| {
            put(unit, Quantity::AcknowledgedWithTarget, true);
            put(unit, Quantity::AcknowledgedOnTime, on_time);
        });
        sent_away(history, terms.at, |unit, _| put(unit, Quantity::Returned, true));
        let closure = case.course.closure.as_ref().filter(|_| case.phase() == Phase::Disposed);
        let specially = |at| history.iter().any(|next| next.at == at && closes_specially(&next.event.what));
        let judged = closure.and_then(|_| Judged::of(case)).map(|judged| judged.late_at.is_none());
        let said = case.course.heard.filter(|_| closure.is_some());
        let finding = closure.and_then(|closure| closure.verified).map(|(finding, _)| finding);
        let owed = owed(case);
        for (quantity, is) in [
            (Quantity::DisposedWithTarget, judged.is_some()),
            (Quantity::DisposedOnTime, judged == Some(true)),
            (Quantity::SpecialClosed, closure.is_some_and(|closure| specially(closure.at))),
            (Quantity::Classified, closure.is_some_and(|closure| closure.classified.is_some())),
            (Quantity::OutcomesOwed, owed.is_some()),
            (Quantity::OutcomesOverdue, owed.is_some_and(|clock| clock.due_at < terms.at)),
            (Quantity::FeedbackGiven, said.is_some_and(|said| said != FeedbackOutcome::Unreachable)),
            (Quantity::FeedbackSatisfied, said == Some(FeedbackOutcome::Satisfied)),
            (Quantity::Verified, finding.is_some_and(|it| it != VerificationFinding::NotVerifiable)),
            (Quantity::VerifiedSound, finding == Some(VerificationFinding::Confirmed)),
        ] {
            put(unit, quantity, is);
        }
    }

    /// Puts an office on the list, whether it has a case or not.
    pub fn list(&mut self, unit: &UnitCode) {
        tally(&mut self.units, &self.terms, unit);
    }

    /// Counts rows that an import rejected.
    pub const fn reject(&mut self, rows: u64) {
        self.rejected += rows;
    }

    /// Says what may be said of sealed cases.
    pub const fn seal(&mut self, total: SealedTotal) {
        self.sealed = total;
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the two do not count the same thing, [`DoesNotFit::TooMany`] when they
    /// count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if self.terms != other.terms {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        self.rejected += other.rejected;
        self.sealed = self.sealed.or(other.sealed);
        for (unit, theirs) in &other.units {
            tally(&mut self.units, &self.terms, unit).merge(theirs);
        }
        Ok(())
    }

    /// Reads a stored part: the JSON that it is serialised as. What terms know and a text does not, the working
    /// days of offices, is taken from the terms, which must be those that it was counted by.
    ///
    /// # Errors
    ///
    /// [`NoPart`] when it is no part, counts by other terms, or counts more than 2^56.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::tally::NoPart;
    /// use grievance_core::measure::mis::{MisPart, Terms};
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let terms = |day: &str| -> Result<Terms, chrono::ParseError> {
    ///     Ok(Terms::new(day.parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar))
    /// };
    /// let part = MisPart::new(terms("2026-04-01")?);
    /// let text = serde_json::to_string(&part)?;
    /// assert_eq!(MisPart::read(&text, terms("2026-04-01")?), Ok(part));
    /// assert_eq!(MisPart::read(&text, terms("2026-04-02")?), Err(NoPart::Terms));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(text: &str, terms: Terms) -> Result<Self, NoPart> {
        let stored: Stored<'_> = serde_json::from_str(text).map_err(|_| NoPart::Unreadable)?;
        if stored.basis != Basis::of(&terms) {
            return Err(NoPart::Terms);
        }
        let units = stored.units.into_owned();
        let part = Self { terms, rejected: stored.rejected, sealed: stored.sealed, units };
        let fits = |tally: &Tally| {
            let Flow { closing, difference, .. } = tally.flow;
            tally.bands.len() == stored.basis.bands()
                && tally.durations.rule() == stored.basis.rule()
                && (closing, difference) == (0, 0)
        };
        if !part.units.values().all(fits) {
            return Err(NoPart::Malformed);
        }
        if part.weight() > MOST { Err(NoPart::TooMany) } else { Ok(part) }
    }

    /// All that it counts, added up: never less than any of its figures.
    fn weight(&self) -> u128 {
        let sealed = if let SealedTotal::Count(count) = self.sealed { count } else { 0 };
        let tallies: u128 = self.units.values().map(Tally::weight).sum();
        tallies + u128::from(self.rejected) + u128::from(sealed)
    }

    /// What this part counted of each office, to grade it by an index
    /// ([`Board::of`](crate::measure::index::Board::of)). What a statement does not count, ratings say, is
    /// absent: that is not zero. Root causes, second looks and classes are absent where no case has one: an office is
    /// not graded by what nobody does. So are due dates that were missed, reopenings, appeals and escalations where
    /// every case was told of by another system that knows none.
    pub fn counts(&self) -> impl Iterator<Item = (UnitCode, Counts)> {
        use Quantity as Q;
        let told = [
            Q::Classified,
            Q::Verified,
            Q::Reopened,
            Q::Appealed,
            Q::Escalated,
            Q::Breached,
            Q::PendingOverdue,
        ];
        let told = told.into_iter().chain([Q::DisposedWithClass, Q::BenefitProvided]);
        let never = |quantity: &Q| !self.units.values().any(|tally| tally.tells(*quantity));
        let mut unknown: Vec<Q> = told.filter(never).collect();
        if unknown.contains(&Q::Verified) {
            unknown.push(Q::VerifiedSound);
        }
        self.units.iter().map(move |(unit, tally)| {
            let mut counts = tally.counts(&self.terms);
            for quantity in &unknown {
                counts.forget(*quantity);
            }
            (unit.clone(), counts)
        })
    }

    /// The statement, without a checkpoint. `name` gives an office's printed name.
    pub fn finish(&self, name: impl Fn(&UnitCode) -> String) -> Mis {
        let mut all = Tally::new(&self.terms);
        for unit in self.units.values() {
            all.merge(unit);
        }
        let mut units: Vec<_> = self
            .units
            .iter()
            .map(|(code, tally)| UnitFigures {
                unit: name(code),
                code: code.clone(),
                figures: tally.figures(&self.terms),
            })
            .collect();
        units.sort_by(|one, other| (&one.unit, &one.code).cmp(&(&other.unit, &other.code)));
        Mis {
            as_of: self.terms.day,
            age_rule: self.terms.rule,
            zone: self.terms.zone.name().into(),
            flow_since: self.terms.since.0,
            rejected: self.rejected,
            checkpoint: None,
            sealed: self.sealed,
            all: all.figures(&self.terms),
            units,
        }
    }
}

/// Whether it is the history of a part of a divided case, which counts nowhere beside it.
pub(crate) fn is_part(history: &[Recorded]) -> bool {
    history.first().is_some_and(|first| matches!(first.event.what, What::PartOpened(_)))
}

/// Whether a case is sealed after the last of its events.
pub(crate) fn is_sealed(history: &[Recorded]) -> bool {
    history.iter().fold(false, |sealed, next| match &next.event.what {
        What::Lodged(it) => it.sealed.is_some(),
        What::PartOpened(it) => it.sealed.is_some(),
        What::Recategorised(it) => sealed || it.sealed.is_some(),
        What::Adopted(it) => sealed || it.sealed.is_some(),
        What::Unsealed(_) => false,
        _ => sealed,
    })
}

fn tally<'a>(units: &'a mut BTreeMap<UnitCode, Tally>, terms: &Terms, unit: &UnitCode) -> &'a mut Tally {
    // Asked first: `entry` would copy the code for every case.
    if !units.contains_key(unit) {
        units.insert(unit.clone(), Tally::new(terms));
    }
    units.get_mut(unit).expect("it was there or has just been put there")
}

/// A part as it is stored, not yet checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    basis: Basis,
    rejected: u64,
    sealed: SealedTotal,
    units: Cow<'a, BTreeMap<UnitCode, Tally>>,
}

impl Serialize for MisPart {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { terms, rejected, sealed, units } = self;
        let (basis, units) = (Basis::of(terms), Cow::Borrowed(units));
        Stored { basis, rejected: *rejected, sealed: *sealed, units }.serialize(to)
    }
}
