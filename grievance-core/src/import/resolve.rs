//! From the file's values to a rulebook's codes, and from a case to the facts of its history.

use crate::grievance::event::Position;
use crate::grievance::payload::{Adopted, AdoptedFact, AdoptedStep};
use crate::import::case::ImportedCase;
use crate::import::derive::is_not_recorded;
use crate::import::map::{ColumnMap, Dimension, MapInvalid, Problems};
use crate::import::reject::{Warning, WarningKind};
use crate::kernel::code::{
    CategoryCode, ChannelCode, KindCode, NotACode, PlaceCode, ReasonCode, StageCode, UnitCode,
};
use crate::rulebook::Rulebook;
use crate::rulebook::workflow::Stage;
use crate::vocabulary::{DisposalClass, Gap, Phase};
use std::collections::HashMap;

/// The file's values, by the codes that they stand for.
type Names<C> = HashMap<String, C>;

/// A column map read against one rulebook: every value that the rulebook knows has its code.
///
/// A value is looked up in the map's own list, then among the rulebook's names, then among its
/// codes. Open cases stand in the workflow's start stage, ended ones in the first stage of their
/// phase.
#[derive(Debug)]
pub struct Resolution<'a> {
    map: &'a ColumnMap,
    rulebook: &'a Rulebook,
    start: Stage,
    ends: HashMap<Phase, StageCode>,
    units: Names<UnitCode>,
    categories: Names<CategoryCode>,
    channels: Names<ChannelCode>,
    places: Names<PlaceCode>,
    kinds: Names<KindCode>,
    kind: KindCode,
    classes: HashMap<ReasonCode, DisposalClass>,
}

/// What an imported history begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The payload, but for its texts, which the desk seals.
    pub adopted: Adopted,
    /// What was noticed on looking its values up.
    pub warnings: Vec<Warning>,
}

impl<'a> Resolution<'a> {
    /// Reads a map against a rulebook.
    ///
    /// # Errors
    ///
    /// [`MapInvalid`] with every code of the map that the rulebook does not have, and every phase
    /// that its status words need and the workflow has no stage for.
    pub fn new(map: &'a ColumnMap, rulebook: &'a Rulebook) -> Result<Self, MapInvalid> {
        let mut problems = Problems::default();
        let document = rulebook.document();
        let units = document.unit.iter().map(|entry| (entry.code.as_str(), entry.name.as_str()));
        let units = names(map, Dimension::Unit, units, UnitCode::new, &mut problems);
        let categories = document.category.iter().map(|entry| (entry.code.as_str(), entry.name.as_str()));
        let categories = names(map, Dimension::Category, categories, CategoryCode::new, &mut problems);
        let channels = document.channel.iter().map(|entry| (entry.code.as_str(), entry.name.as_str()));
        let channels = names(map, Dimension::Channel, channels, ChannelCode::new, &mut problems);
        let places = document.place.iter().map(|entry| (entry.code.as_str(), entry.name.as_str()));
        let places = names(map, Dimension::Place, places, PlaceCode::new, &mut problems);
        let kinds = document.kind.iter().map(|entry| (entry.code.as_str(), entry.name.as_str()));
        let kinds = names(map, Dimension::Kind, kinds, KindCode::new, &mut problems);
        let mut classes = HashMap::new();
        for (nth, rule) in map.reasons.iter().enumerate() {
            match rulebook.reasons().get(&rule.reason) {
                Some(reason) => {
                    classes.insert(reason.code.clone(), reason.class);
                }
                None => problems.unknown(
                    format!("reason[{nth}].reason"),
                    format!("the rulebook has no closure reason {:?}", rule.reason.as_str()),
                    rule.reason.as_str(),
                    rulebook.reasons().iter().map(|reason| reason.code.as_str()),
                ),
            }
        }
        let mut ends = HashMap::new();
        for stage in rulebook.workflow().stages() {
            ends.entry(stage.phase).or_insert_with(|| stage.code.clone());
        }
        for phase in map.status.endings().chain([Phase::Disposed]) {
            if !ends.contains_key(&phase) {
                problems.add(format!("status.{phase}"), "the rulebook's workflow has no stage of this phase");
            }
        }
        let start = rulebook.workflow().start().cloned();
        let kind = rulebook.kinds().first().cloned();
        if start.is_none() {
            problems.add("", "the rulebook's workflow has no stage that lodging leads to");
        }
        if kind.is_none() {
            problems.add("", "the rulebook has no kind of matter");
        }
        problems.done()?;
        Ok(Self {
            map,
            rulebook,
            start: start.expect("missing, it would be a problem"),
            kind: kind.expect("missing, it would be a problem"),
            ends,
            units,
            categories,
            channels,
            places,
            kinds,
            classes,
        })
    }

    /// The office that a value of the file names; `None` if the rulebook has none of that name.
    pub fn unit(&self, value: &str) -> Option<&UnitCode> {
        self.units.get(value)
    }

    /// What happened to the case, oldest first; the first fact is the lodging. A case whose
    /// office the rulebook does not know stands with the cell.
    pub fn facts(&self, case: &ImportedCase) -> Vec<AdoptedFact> {
        let unit = self.unit(&case.unit_value).unwrap_or_else(|| self.rulebook.directory().cell());
        let fact = |at, what, phase: Phase, stage: &StageCode| AdoptedFact {
            at,
            led_to: Position { phase, stage: stage.clone(), unit: unit.clone() },
            what,
            reason: None,
            class: None,
        };
        let open = |at, what| fact(at, what, self.start.phase, &self.start.code);
        let mut facts = Vec::with_capacity(2);
        facts.push(open(case.lodged_at, AdoptedStep::Lodged));
        let ended_at = case.ending.as_ref().map(|ending| ending.at);
        if let Some(at) = case.routed_at.filter(|at| ended_at.is_none_or(|end| *at <= end)) {
            facts.push(open(at, AdoptedStep::Routed));
        }
        if let Some(ending) = &case.ending {
            let what = match ending.phase {
                Phase::Disposed => AdoptedStep::Disposed,
                _ => AdoptedStep::Ended,
            };
            let stage = &self.ends[&ending.phase];
            facts.push(AdoptedFact {
                reason: ending.reason.clone(),
                class: ending.reason.as_ref().and_then(|reason| self.classes.get(reason).copied()),
                ..fact(ending.at, what, ending.phase, stage)
            });
        }
        if let Some(at) = case.reopened_at {
            facts.push(open(at, AdoptedStep::Reopened));
        }
        facts
    }

    /// The payload that the case's history begins with, but for its texts.
    pub fn adopted(&self, case: &ImportedCase) -> Resolved {
        let mut look = Lookup { map: self.map, case, warnings: Vec::new(), gaps: Vec::new() };
        let facts = self.facts(case);
        look.find(&self.units, Dimension::Unit, &case.unit_value);
        let category = look.find(&self.categories, Dimension::Category, &case.category_value);
        let place = look.find(&self.places, Dimension::Place, &case.place_value);
        let channel = look.find(&self.channels, Dimension::Channel, &case.channel_value);
        let kind = look.find(&self.kinds, Dimension::Kind, &case.kind_value);
        let Lookup { warnings, mut gaps, .. } = look;
        if case.unit_value.is_empty() && !gaps.contains(&Gap::Unit) {
            gaps.push(Gap::Unit);
        }
        gaps.extend([Gap::Complainant, Gap::Feedback, Gap::Movements]);
        let closed = case.ending.as_ref().filter(|ending| ending.phase == Phase::Disposed);
        if case.ending_undated || closed.is_some_and(|ending| ending.reason.is_none()) {
            gaps.push(Gap::Reason);
        }
        if case.closure_text.is_none() && (case.ending.is_some() || case.ending_undated) {
            gaps.push(Gap::Remarks);
        }
        if case.due_at.is_none() {
            gaps.push(Gap::Target);
        }
        // Opened again without a closing on record: it must have been closed before.
        if case.ending_undated || (case.reopened_at.is_some() && case.ending.is_none()) {
            gaps.push(Gap::DisposedAt);
        }
        gaps.sort_unstable();
        let adopted = Adopted {
            // The desk says so when the case is taken over.
            sealed: None,
            facts,
            gaps,
            kind: kind.unwrap_or_else(|| self.kind.clone()),
            number: case.number.clone(),
            source: self.map.source.clone(),
            category,
            channel,
            due_at: case.due_at,
            closure_text: None,
            place,
            narrative: None,
            received_at: case.received_at,
        };
        Resolved { adopted, warnings }
    }
}

/// The names that a rulebook's entries answer to.
fn names<'d, C: Clone>(
    map: &ColumnMap,
    of: Dimension,
    entries: impl Iterator<Item = (&'d str, &'d str)>,
    read: impl Fn(&str) -> Result<C, NotACode>,
    problems: &mut Problems,
) -> Names<C> {
    let entries: Vec<(&str, &str, C)> =
        entries.filter_map(|(code, name)| Some((code, name, read(code).ok()?))).collect();
    let mut names: Names<C> =
        entries.iter().map(|(text, _, code)| ((*text).to_owned(), code.clone())).collect();
    // Backwards: of two entries with the same name the first one wins.
    for (text, name, code) in entries.iter().rev() {
        if !name.is_empty() {
            names.insert((*name).to_owned(), code.clone());
        } else if is_not_recorded(text) {
            names.insert(String::new(), code.clone());
        }
    }
    for (value, text) in map.values.get(&of).into_iter().flatten() {
        match entries.iter().find(|(code, _, _)| code == text) {
            Some((_, _, code)) => {
                names.insert(value.clone(), code.clone());
            }
            None => problems.unknown(
                format!("{}.values.{value:?}", of.as_str()),
                format!("the rulebook has no {} {text:?}", of.as_str()),
                text,
                entries.iter().map(|(code, _, _)| *code),
            ),
        }
    }
    names
}

/// Looks one case's values up.
struct Lookup<'a> {
    map: &'a ColumnMap,
    case: &'a ImportedCase,
    warnings: Vec<Warning>,
    gaps: Vec<Gap>,
}

impl Lookup<'_> {
    fn find<C: Clone>(&mut self, names: &Names<C>, of: Dimension, value: &str) -> Option<C> {
        if let Some(code) = names.get(value) {
            return Some(code.clone());
        }
        let (kind, gap) = match of {
            Dimension::Unit => (WarningKind::UnitUnmapped, Some(Gap::Unit)),
            Dimension::Category => (WarningKind::CategoryUnmapped, Some(Gap::Category)),
            Dimension::Channel => (WarningKind::ChannelUnmapped, Some(Gap::Channel)),
            Dimension::Place => (WarningKind::PlaceUnmapped, Some(Gap::Place)),
            Dimension::Kind => (WarningKind::KindUnmapped, None),
        };
        self.gaps.extend(gap);
        if !value.is_empty() {
            self.warnings.push(Warning {
                record: self.case.record,
                column: self.map.column(of).unwrap_or_default().to_owned(),
                kind,
                sentence: format!("the rulebook has no {} of this name", of.as_str()),
            });
        }
        None
    }
}
