//! The workflow as written: its stages and steps.

use crate::vocabulary::{Custody, Gate, Outcome, Phase};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The workflow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WorkflowEntry {
    /// Named steps of the case's way.
    pub stage: Vec<StageEntry>,
    /// What may be done when, by whom.
    pub step: Vec<StepEntry>,
}

/// A stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct StageEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// What it means to measures.
    pub phase: Option<Phase>,
}

/// A step: this action, from these stages, to that stage, by these roles, behind these gates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct StepEntry {
    /// The action's word.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::Action"))]
    pub action: String,
    /// Stages it is taken from: codes, `*` for all, `*open` for those that are not terminal,
    /// `*closed` for those that are. Empty for the action `lodge`.
    pub from: Vec<String>,
    /// The stage it leads to. Absent: it stays, except that a return or recall goes back to the
    /// stage in which the sender held the case, information brings it back to where it was
    /// sought, and rescinding to where it was.
    pub to: Option<String>,
    /// The roles that may take it.
    pub role: Vec<String>,
    /// What must be there besides what the action itself demands.
    pub gate: Vec<Gate>,
    /// Where it leaves the case; each action has a usual place.
    pub custody: Option<Custody>,
    /// Only when the action came to this.
    pub when: Option<Outcome>,
}
