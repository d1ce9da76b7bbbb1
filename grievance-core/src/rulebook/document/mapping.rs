//! What becomes of what an earlier version had, as written.

use serde::{Deserialize, Serialize};

/// What becomes of what the version before this one had.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MappingEntry {
    /// Units that were split, merged or abolished.
    pub unit: Vec<UnitMapping>,
    /// Stages that were removed.
    pub stage: Vec<CodeMapping>,
    /// Reasons that were removed.
    pub reason: Vec<CodeMapping>,
}

/// What becomes of a unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UnitMapping {
    /// The unit that was.
    pub from: String,
    /// Only cases of this subject (and those below it); the first mapping that fits wins.
    pub category: Option<String>,
    /// The unit that is; absent, the cases are routed anew.
    pub to: Option<String>,
}

/// What becomes of a stage or a reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CodeMapping {
    /// The code that was.
    pub from: String,
    /// The code that is.
    pub to: String,
}
