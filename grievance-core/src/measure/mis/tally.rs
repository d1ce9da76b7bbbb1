//! One office's counts.

use crate::grievance::project::CaseFact;
use crate::kernel::code::ReasonCode;
use crate::measure::duration::Durations;
use crate::measure::escalation::Climbed;
use crate::measure::flow::Flow;
use crate::measure::groups::pairs;
use crate::measure::index::Counts;
use crate::measure::mis::{OVER_30, Terms, WITHIN_DAYS};
use crate::measure::statement::{
    BandCount, BreachCount, ByLevel, ClassCount, Escalations, Figures, LevelCount, ReasonCount, TargetCount,
};
use crate::measure::target::{Breaches, Missed};
use crate::vocabulary::{DisposalClass, Flag, Phase, Quantity, TargetState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One office's counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tally {
    pub(super) received: u64,
    /// Of these, the ones that were lodged here: of them it is known what became of them.
    pub(super) own: u64,
    pub(super) disposed: u64,
    pub(super) closed_otherwise: u64,
    pub(super) bands: Vec<u64>,
    pub(super) durations: Durations,
    pub(super) reopenings: u64,
    pub(super) appeals: u64,
    pub(super) parts_pending: u64,
    #[serde(with = "pairs")]
    pub(super) classes: BTreeMap<Option<DisposalClass>, u64>,
    #[serde(with = "pairs")]
    pub(super) reasons: BTreeMap<Option<ReasonCode>, u64>,
    pub(super) flow: Flow,
    pub(super) targets: BTreeMap<TargetState, u64>,
    pub(super) missed: Missed,
    pub(super) climbed: Climbed,
    pub(super) waivers: u64,
    /// What only an index asks.
    pub(super) beside: Counts,
}

impl Tally {
    pub(super) fn new(terms: &Terms) -> Self {
        Self {
            received: 0,
            own: 0,
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
            beside: Counts::new(),
        }
    }

    pub(super) fn add(&mut self, fact: &CaseFact, terms: &Terms) {
        if fact.part_of.is_some() {
            // One number for the citizen, one case in the counts: the divided case.
            self.parts_pending += u64::from(fact.phase.is_pending());
            return;
        }
        self.received += 1;
        self.own += u64::from(fact.source.is_none());
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

    pub(super) fn weight(&self) -> u128 {
        let Self {
            received,
            own: _,
            disposed,
            closed_otherwise,
            bands,
            durations,
            reopenings,
            appeals,
            parts_pending,
            classes,
            reasons,
            flow,
            targets,
            missed,
            climbed,
            waivers,
            beside,
        } = self;
        let lasted = durations.count();
        let counts =
            [received, disposed, closed_otherwise, reopenings, appeals, parts_pending, waivers, &lasted];
        let words = classes.values().chain(reasons.values()).chain(targets.values());
        let missed = missed.values().flat_map(|own| [&own.count, &own.week, &own.standing]);
        let counted = counts.into_iter().chain(bands).chain(words).chain(missed);
        counted.map(|count| u128::from(*count)).sum::<u128>()
            + flow.weight()
            + climbed.weight()
            + beside.weight()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.received += other.received;
        self.disposed += other.disposed;
        self.closed_otherwise += other.closed_otherwise;
        for (mine, theirs) in self.bands.iter_mut().zip(&other.bands) {
            *mine += theirs;
        }
        self.durations.merge(&other.durations);
        self.own += other.own;
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
        self.beside.merge(&other.beside);
    }

    pub(super) fn figures(&self, terms: &Terms) -> Figures {
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

    pub(super) fn counts(&self, terms: &Terms) -> Counts {
        let days = u64::try_from(self.durations.whole_days());
        let of_class = |class: Option<DisposalClass>| self.classes.get(&class).copied().unwrap_or(0);
        let with_class = self.classes.values().sum::<u64>() - of_class(None);
        let overdue = self.targets.get(&TargetState::Breached).copied().unwrap_or(0);
        let counted = [
            (Quantity::Received, self.received),
            (Quantity::Disposed, self.disposed),
            (Quantity::ClosedOtherwise, self.closed_otherwise),
            (Quantity::Pending, self.bands.iter().sum()),
            (Quantity::DisposedWithin30, self.durations.within(WITHIN_DAYS).count),
            (Quantity::DisposedWithClass, with_class),
            (Quantity::BenefitProvided, of_class(Some(DisposalClass::Benefit))),
            (Quantity::PendingOverdue, overdue),
            (Quantity::Reopened, self.reopenings),
            (Quantity::Appealed, self.appeals),
            (Quantity::Escalated, self.climbed.count),
            (Quantity::Breached, self.missed.values().map(|breaches| breaches.count).sum()),
        ];
        // A disposal before the receipt, which an import may bring, leaves no sum to speak of.
        let days = days.ok().map(|days| (Quantity::DisposalDays, days));
        let old = terms.bands.beyond(OVER_30).map(|first| self.bands[first..].iter().sum());
        let old = old.map(|old| (Quantity::PendingOver30, old));
        let mut counts: Counts = counted.into_iter().chain(days).chain(old).collect();
        counts.merge(&self.beside);
        counts
    }

    /// What is known of its cases: nearly nothing but the dates of those that another system told of.
    pub(super) fn tells(&self, quantity: Quantity) -> bool {
        let some = |count: u64| self.own > 0 || count > 0;
        match quantity {
            Quantity::Reopened => some(self.reopenings),
            Quantity::Appealed => some(self.appeals),
            Quantity::Escalated => some(self.climbed.count),
            Quantity::Breached => some(self.missed.values().map(|breaches| breaches.count).sum()),
            Quantity::PendingOverdue => {
                let without = self.targets.get(&TargetState::NoTarget).copied().unwrap_or(0);
                some(self.targets.values().sum::<u64>() - without)
            }
            Quantity::DisposedWithClass | Quantity::BenefitProvided => {
                self.classes.keys().any(Option::is_some)
            }
            other => self.beside.get(other).is_some_and(|count| count > 0),
        }
    }

    pub(super) fn escalations(&self) -> Escalations {
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
