//! What becomes of the units, stages and reasons of an older rulebook under a newer one.
//!
//! A new version says in its `mapping` what becomes of everything that the version before it had
//! and it has no longer. The look-ups hang on the new rulebook alone and are total, so that a
//! case last touched under a version long before finds a place too.

use crate::kernel::code::{CategoryCode, ReasonCode, StageCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::rulebook::document::UnitMapping;
use crate::rulebook::finding::{Finding, Findings, Lint, RulebookInvalid};
use crate::rulebook::hint::shown;
use crate::vocabulary::Phase;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Where a case goes whose unit may be no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It stays with its unit.
    Same,
    /// It goes to this unit.
    To(UnitCode),
    /// It is routed anew, by its subject and place.
    Reroute,
}

impl Rulebook {
    /// Where a case of that subject goes on a day (in the offices' zone) that an older version
    /// left with `unit`.
    ///
    /// A unit that this rulebook has keeps its cases; when it has ended before the day and is
    /// mapped, it loses them. The first mapping that fits the subject wins, and is followed on if
    /// its unit has itself ended. Nothing is ever lost: a unit that is unknown and not mapped for
    /// the subject leaves its cases to the cell.
    ///
    /// A subject that this rulebook does not have fits only mappings for every subject;
    /// [`Succession::unit`] looks for a wider one first.
    pub fn successor_of_unit(
        &self,
        unit: &UnitCode,
        category: Option<&CategoryCode>,
        day: NaiveDate,
    ) -> Moved {
        let mut at = unit.clone();
        // A chain longer than the mapping has come back to itself.
        for _ in 0..=self.document.mapping.unit.len() {
            let known = self.directory.get(&at).is_some();
            if known && !self.has_ended(&at, day) {
                return if at == *unit { Moved::Same } else { Moved::To(at) };
            }
            match self.unit_mapping(&at, category) {
                Some(UnitMapping { to: None, .. }) => return Moved::Reroute,
                Some(UnitMapping { to: Some(to), .. }) => match UnitCode::new(to) {
                    Ok(to) => at = to,
                    Err(_) => break,
                },
                None if known && at == *unit => return Moved::Same,
                None if known => return Moved::To(at),
                None => break,
            }
        }
        let cell = self.directory.cell().clone();
        if cell == *unit { Moved::Same } else { Moved::To(cell) }
    }

    /// The stage in which a case goes on that an older version left in `stage`: the same if this
    /// rulebook has it, else the one it is mapped to, else the one that lodging leads to.
    pub fn successor_of_stage(&self, stage: &StageCode) -> StageCode {
        let known = |code: &StageCode| self.workflow.stage(code).is_some();
        if known(stage) {
            return stage.clone();
        }
        let mapped = self.document.mapping.stage.iter().find(|entry| entry.from == stage.as_str());
        mapped
            .and_then(|entry| StageCode::new(&entry.to).ok())
            .filter(known)
            .or_else(|| self.workflow.start().map(|start| start.code.clone()))
            .unwrap_or_else(|| stage.clone())
    }

    /// The reason that stands for one of an older version: the same if this rulebook has it, else
    /// the one it is mapped to. One that is unknown and not mapped stays what it was; it cannot be
    /// used again.
    pub fn successor_of_reason(&self, reason: &ReasonCode) -> ReasonCode {
        if self.reasons.get(reason).is_some() {
            return reason.clone();
        }
        let mapped = self.document.mapping.reason.iter().find(|entry| entry.from == reason.as_str());
        mapped.and_then(|entry| ReasonCode::new(&entry.to).ok()).unwrap_or_else(|| reason.clone())
    }

    fn has_ended(&self, unit: &UnitCode, day: NaiveDate) -> bool {
        self.directory.get(unit).and_then(|unit| unit.valid_to).is_some_and(|last| last < day)
    }

    fn unit_mapping(&self, unit: &UnitCode, category: Option<&CategoryCode>) -> Option<&UnitMapping> {
        let subject = category.and_then(|code| self.categories.at(code));
        self.document.mapping.unit.iter().filter(|entry| entry.from == unit.as_str()).find(|entry| {
            let Some(wanted) = &entry.category else { return true };
            let wanted = CategoryCode::new(wanted).ok().and_then(|code| self.categories.at(&code));
            matches!((subject, wanted), (Some(it), Some(top)) if self.categories.forest().within(it, top))
        })
    }
}

/// A checked step from one rulebook to the next.
#[derive(Clone, Debug)]
pub struct Succession<'a> {
    old: &'a Rulebook,
    new: &'a Rulebook,
    units: Vec<UnitCode>,
    stages: Vec<StageCode>,
    reasons: Vec<ReasonCode>,
    findings: Vec<Finding>,
}

impl<'a> Succession<'a> {
    /// Checks that the new rulebook says what becomes of all that it lacks of the old one.
    ///
    /// A mapping of a unit for some subjects alone needs one for every other subject too. A stage
    /// may neither be mapped nor change so that its cases would end, come back from an end, or go
    /// into or out of appeal.
    ///
    /// # Errors
    ///
    /// [`RulebookInvalid`] that names each unit, stage and reason without a mapping.
    pub fn check(old: &'a Rulebook, new: &'a Rulebook) -> Result<Self, RulebookInvalid> {
        let mut findings = Findings::default();
        let units = units_gone(old, new, &mut findings);
        let stages = stages_gone(old, new, &mut findings);
        let reasons: Vec<ReasonCode> = old
            .reasons
            .iter()
            .map(|reason| &reason.code)
            .filter(|code| new.reasons.get(code).is_none())
            .cloned()
            .collect();
        for reason in reasons.iter().filter(|reason| new.successor_of_reason(reason) == **reason) {
            let message = format!("nothing says what becomes of the reason {}", shown(reason.as_str()));
            findings.error(Lint::MappingMissing, "mapping.reason", message);
        }
        if findings.has_errors() {
            return Err(RulebookInvalid { findings: findings.into_sorted() });
        }
        Ok(Self { old, new, units, stages, reasons, findings: findings.into_sorted() })
    }

    /// Warnings: units that end, without a word on their cases.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The old rulebook's units that the new one lacks.
    pub fn units_gone(&self) -> &[UnitCode] {
        &self.units
    }

    /// The old rulebook's stages that the new one lacks.
    pub fn stages_gone(&self) -> &[StageCode] {
        &self.stages
    }

    /// The old rulebook's reasons that the new one lacks.
    pub fn reasons_gone(&self) -> &[ReasonCode] {
        &self.reasons
    }

    /// As [`Rulebook::successor_of_unit`] of the new rulebook; a subject that it lacks counts as
    /// the nearest wider one of the old rulebook that it has.
    pub fn unit(&self, unit: &UnitCode, category: Option<&CategoryCode>, day: NaiveDate) -> Moved {
        let known = |code: &CategoryCode| self.new.categories.contains(code);
        let category = category.cloned().and_then(|code| {
            let at = self.old.categories.at(&code);
            let wider = at.into_iter().flat_map(|at| self.old.categories.forest().upward(at));
            let wider = wider
                .filter_map(|at| CategoryCode::new(&self.old.document.category.get(at as usize)?.code).ok());
            std::iter::once(code).chain(wider).find(known)
        });
        self.new.successor_of_unit(unit, category.as_ref(), day)
    }

    /// As [`Rulebook::successor_of_stage`] of the new rulebook.
    pub fn stage(&self, stage: &StageCode) -> StageCode {
        self.new.successor_of_stage(stage)
    }

    /// As [`Rulebook::successor_of_reason`] of the new rulebook.
    pub fn reason(&self, reason: &ReasonCode) -> ReasonCode {
        self.new.successor_of_reason(reason)
    }
}

fn units_gone(old: &Rulebook, new: &Rulebook, findings: &mut Findings) -> Vec<UnitCode> {
    // Whether each mapped unit is mapped for every subject.
    let mut mapped: HashMap<&str, bool> = HashMap::new();
    for entry in &new.document.mapping.unit {
        *mapped.entry(&entry.from).or_default() |= entry.category.is_none();
    }
    let mut gone = Vec::new();
    for unit in old.directory.iter().map(|unit| &unit.code) {
        if new.directory.get(unit).is_some() {
            continue;
        }
        let named = shown(unit.as_str());
        match mapped.get(unit.as_str()) {
            None => {
                let message = format!("nothing says what becomes of the unit {named}");
                findings.error(Lint::MappingMissing, "mapping.unit", message);
            }
            Some(false) => {
                let message =
                    format!("the unit {named} is mapped for some categories, but not for all others");
                findings.error(Lint::MappingMissing, "mapping.unit", message);
            }
            Some(true) => {}
        }
        gone.push(unit.clone());
    }
    for (n, unit) in new.document.unit.iter().enumerate() {
        if let Some(last) = unit.valid_to.filter(|_| !mapped.contains_key(unit.code.as_str())) {
            let message = format!("ends on {last}, and nothing says what becomes of its cases: they stay");
            findings.warning(Lint::MappingMissing, format!("unit[{n}].valid_to"), message);
        }
    }
    gone
}

fn stages_gone(old: &Rulebook, new: &Rulebook, findings: &mut Findings) -> Vec<StageCode> {
    // What only its own action may bring about, or undo.
    let decided = |phase: Phase| phase.is_terminal() || phase == Phase::UnderAppeal;
    let mut gone = Vec::new();
    for stage in old.workflow.stages() {
        let stays = new.workflow.stage(&stage.code).is_some();
        if !stays {
            gone.push(stage.code.clone());
        }
        let mapping = &new.document.mapping.stage;
        let mapped = mapping.iter().position(|entry| entry.from == stage.code.as_str());
        let (named, path) = (shown(stage.code.as_str()), mapped.map(|n| format!("mapping.stage[{n}].to")));
        if !stays && mapped.is_none() {
            let message = format!("nothing says what becomes of the stage {named}");
            findings.error(Lint::MappingMissing, "mapping.stage", message);
            continue;
        }
        let after = new.workflow.stage(&new.successor_of_stage(&stage.code)).map(|after| after.phase);
        if let Some(after) = after.filter(|after| *after != stage.phase)
            && (decided(after) || decided(stage.phase))
        {
            let at = new.workflow.stages().iter().position(|it| it.code == stage.code);
            let path = at.map(|n| format!("workflow.stage[{n}].phase")).or(path).unwrap_or_default();
            let message = format!("would bring the cases of {named} from {} to {after}", stage.phase);
            findings.error(Lint::MappingChangesPhase, path, message);
        }
    }
    gone
}
