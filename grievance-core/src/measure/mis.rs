//! The MIS statement, counted: parts that merge into one.

use crate::grievance::event::{Recorded, What};
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::{ReasonCode, UnitCode};
use crate::kernel::time::{day_of, start_of_day};
use crate::measure::as_of::{dated, grievance_as_of};
use crate::measure::duration::Durations;
use crate::measure::escalation::{Climbed, escalations};
use crate::measure::flow::{Flow, movements};
use crate::measure::index::Counts;
use crate::measure::pendency::PendencyBands;
use crate::measure::sealed::SealedTotal;
use crate::measure::statement::{
    BandCount, BreachCount, ByLevel, ClassCount, Escalations, Figures, LevelCount, Mis, ReasonCount,
    TargetCount, UnitFigures,
};
use crate::measure::target::{Breaches, Missed, missed};
use crate::measure::workdays::Workdays;
use crate::vocabulary::{AgeRule, DisposalClass, Flag, Phase, Quantity, TargetState};
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::BTreeMap;

/// The limit in `within_30_days`.
pub(crate) const WITHIN_DAYS: i64 = 30;
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

/// Why two parts do not merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parts count as of different days, zones, rules or bands")]
pub struct DifferentTerms;

/// A part of a statement: some of the cases. Parts merge, in any order, into the same whole.
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
    /// [`DifferentTerms`] when the two do not count the same thing; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DifferentTerms> {
        if self.terms != other.terms {
            return Err(DifferentTerms);
        }
        self.rejected += other.rejected;
        self.sealed = self.sealed.or(other.sealed);
        for (unit, theirs) in &other.units {
            tally(&mut self.units, &self.terms, unit).merge(theirs);
        }
        Ok(())
    }

    /// What this part counted of each office, to grade it by an index
    /// ([`Board::of`](crate::measure::index::Board::of)). What a statement does not count, feedback say, is
    /// absent: that is not zero.
    pub fn counts(&self) -> impl Iterator<Item = (UnitCode, Counts)> {
        self.units.iter().map(|(unit, tally)| (unit.clone(), tally.counts()))
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

/// One office's counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally {
    received: u64,
    disposed: u64,
    closed_otherwise: u64,
    bands: Vec<u64>,
    durations: Durations,
    reopenings: u64,
    appeals: u64,
    parts_pending: u64,
    classes: BTreeMap<Option<DisposalClass>, u64>,
    reasons: BTreeMap<Option<ReasonCode>, u64>,
    flow: Flow,
    targets: BTreeMap<TargetState, u64>,
    missed: Missed,
    climbed: Climbed,
    waivers: u64,
}

impl Tally {
    fn new(terms: &Terms) -> Self {
        Self {
            received: 0,
            disposed: 0,
            closed_otherwise: 0,
            bands: vec![0; terms.bands.count()],
            durations: Durations::new(terms.rule),
            reopenings: 0,
            appeals: 0,
            parts_pending: 0,
            classes: BTreeMap::new(),
            reasons: BTreeMap::new(),
            flow: Flow::default(),
            targets: BTreeMap::new(),
            missed: Missed::new(),
            climbed: Climbed::default(),
            waivers: 0,
        }
    }

    fn add(&mut self, fact: &CaseFact, terms: &Terms) {
        if fact.part_of.is_some() {
            // One number for the citizen, one case in the counts: the divided case.
            self.parts_pending += u64::from(fact.phase.is_pending());
            return;
        }
        self.received += 1;
        self.reopenings += u64::from(fact.reopenings);
        self.appeals += u64::from(fact.appeals);
        self.waivers += u64::from(fact.waivers);
        match fact.phase {
            Phase::Disposed => {
                self.disposed += 1;
                *self.classes.entry(fact.class).or_default() += 1;
                *self.reasons.entry(fact.reason.clone()).or_default() += 1;
                if let Some(disposed_at) = fact.disposed_at {
                    let length = terms.length(fact.unit.as_str(), fact.received_at, disposed_at);
                    self.durations.add_length(length, 1);
                }
            }
            Phase::Withdrawn | Phase::Declined | Phase::Merged => self.closed_otherwise += 1,
            Phase::Registered
            | Phase::InProgress
            | Phase::AwaitingComplainant
            | Phase::ActionReported
            | Phase::UnderAppeal => {
                let age = terms.whole_days(fact.unit.as_str(), fact.received_at, terms.at);
                self.bands[terms.bands.index(age)] += 1;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.received += other.received;
        self.disposed += other.disposed;
        self.closed_otherwise += other.closed_otherwise;
        for (mine, theirs) in self.bands.iter_mut().zip(&other.bands) {
            *mine += theirs;
        }
        self.durations.merge(&other.durations);
        self.reopenings += other.reopenings;
        self.appeals += other.appeals;
        self.waivers += other.waivers;
        self.parts_pending += other.parts_pending;
        for (class, count) in &other.classes {
            *self.classes.entry(*class).or_default() += count;
        }
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += count;
        }
        self.flow.merge(&other.flow);
        for (state, count) in &other.targets {
            *self.targets.entry(*state).or_default() += count;
        }
        for (target, breaches) in &other.missed {
            self.missed.entry(*target).or_default().merge(breaches);
        }
        self.climbed.merge(&other.climbed);
    }

    fn figures(&self, terms: &Terms) -> Figures {
        let pending = self.bands.iter().sum();
        let within = self.durations.within(WITHIN_DAYS);
        let counted = |(label, count): (String, &u64)| BandCount { label, count: *count };
        let mut figures = Figures {
            received: self.received,
            disposed: self.disposed,
            closed_otherwise: self.closed_otherwise,
            pending,
            bands: terms.bands.labels().into_iter().zip(&self.bands).map(counted).collect(),
            disposal_days: self.durations.days(),
            within_30_days: within.value(),
            within_30_count: within.count,
            reopenings: self.reopenings,
            appeals: self.appeals,
            parts_pending: self.parts_pending,
            classes: self
                .classes
                .iter()
                .map(|(class, count)| ClassCount { class: *class, count: *count })
                .collect(),
            reasons: self
                .reasons
                .iter()
                .map(|(reason, count)| ReasonCount { reason: reason.clone(), count: *count })
                .collect(),
            flow: self.flow.reconciled(pending),
            flags: Vec::new(),
            targets: TargetState::ALL
                .iter()
                .map(|state| TargetCount {
                    state: *state,
                    count: self.targets.get(state).copied().unwrap_or(0),
                })
                .collect(),
            breaches: self.missed.values().fold(Breaches::default(), |mut all, one| {
                all.merge(one);
                all
            }),
            breaches_by_target: self
                .missed
                .iter()
                .map(|(target, breaches)| BreachCount { target: *target, breaches: *breaches })
                .collect(),
            escalations: self.escalations(),
            waivers: self.waivers,
        };
        figures.flags = Flag::raised(&figures);
        figures
    }

    fn counts(&self) -> Counts {
        let days = u64::try_from(self.durations.whole_days());
        let of_class = |class| self.classes.get(&Some(class)).copied().unwrap_or(0);
        let overdue = self.targets.get(&TargetState::Breached).copied().unwrap_or(0);
        let counted = [
            (Quantity::Received, self.received),
            (Quantity::Disposed, self.disposed),
            (Quantity::ClosedOtherwise, self.closed_otherwise),
            (Quantity::Pending, self.bands.iter().sum()),
            (Quantity::PendingOverdue, overdue),
            (Quantity::DisposedWithin30, self.durations.within(WITHIN_DAYS).count),
            (Quantity::BenefitProvided, of_class(DisposalClass::Benefit)),
            (Quantity::Reopened, self.reopenings),
            (Quantity::Appealed, self.appeals),
            (Quantity::Escalated, self.climbed.count),
            (Quantity::Breached, self.missed.values().map(|breaches| breaches.count).sum()),
        ];
        // A disposal before the receipt, which an import may bring, leaves no sum to speak of.
        counted.into_iter().chain(days.ok().map(|days| (Quantity::DisposalDays, days))).collect()
    }

    fn escalations(&self) -> Escalations {
        let Climbed { count, week, by_level, levels } = &self.climbed;
        Escalations {
            count: *count,
            week: *week,
            highest_pending: levels.last_key_value().map_or(0, |(level, _)| *level),
            by_level: by_level
                .iter()
                .map(|(level, count)| ByLevel { level: *level, count: *count })
                .collect(),
            pending_levels: levels
                .iter()
                .map(|(level, count)| LevelCount { level: *level, count: *count })
                .collect(),
        }
    }
}
