//! What is learnt from disposed cases: second looks, and changes of procedures.

use crate::kernel::code::CauseCode;
use crate::vocabulary::ChangeState;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A change of a procedure: an implementation-level suggestion, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ChangeEntry {
    /// Its code.
    pub code: String,
    /// What is to change.
    pub name: String,
    /// The same in other languages.
    pub names: BTreeMap<String, String>,
    /// The root causes that it answers; any, if none is named.
    pub root_cause: Vec<String>,
    /// The subjects whose procedure it changes; all, if none is named.
    pub category: Vec<String>,
    /// The offices whose procedure it changes, with all below them; all, if none is named.
    pub unit: Vec<String>,
    /// How far it has come.
    pub state: ChangeState,
    /// The first day on which it is in force: of an implemented change, and of no other.
    pub implemented_on: Option<NaiveDate>,
}

impl ChangeEntry {
    /// Whether it answers a root cause.
    pub fn answers(&self, cause: &CauseCode) -> bool {
        self.root_cause.is_empty() || self.root_cause.iter().any(|own| own == cause.as_str())
    }
}

/// How many disposed cases are looked at a second time, in the hundred of each stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct VerificationEntry {
    /// Of a stratum, in the hundred.
    pub percent: u32,
    /// Of a stratum that something points at: closed in bulk, just before the deadline, with pasted
    /// remarks.
    pub suspicious_percent: u32,
    /// Of each stratum at least so many, or all there are.
    pub at_least: u32,
}

impl VerificationEntry {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for VerificationEntry {
    fn default() -> Self {
        Self { percent: 5, suspicious_percent: 25, at_least: 1 }
    }
}

/// From when on closings are pointed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SuspicionEntry {
    /// So many closings by one person on one day, in the office's zone.
    pub bulk_in_a_day: u32,
    /// In the last hours before the due date: so many.
    pub before_due_hours: u32,
    /// So many in the hundred of those that had a due date.
    pub before_due_percent: u32,
    /// The same remarks by one officer, so many times.
    pub same_remarks: u32,
    /// So many in the hundred opened again, or allowed on appeal.
    pub reopened_percent: u32,
    /// Shares are looked at where there are at least so many.
    pub at_least: u32,
}

impl SuspicionEntry {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for SuspicionEntry {
    fn default() -> Self {
        Self {
            bulk_in_a_day: 40,
            before_due_hours: 4,
            before_due_percent: 50,
            same_remarks: 10,
            reopened_percent: 25,
            at_least: 10,
        }
    }
}
