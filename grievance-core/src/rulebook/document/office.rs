//! Offices and posts as a government writes them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An office.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UnitEntry {
    /// Its code.
    pub code: String,
    /// Its name in the default language; the code if empty.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// Its kind.
    pub kind: String,
    /// The office above it; the cell's root has none, others default to the cell's root.
    pub parent: Option<String>,
    /// A second superior (district or functional line) for copies, reach and reports.
    pub second_superior: Option<String>,
    /// The post that heads it.
    pub head: Option<String>,
    /// The unit that decides appeals against it; the office above it if absent.
    pub appellate: Option<String>,
    /// The jurisdictions that it answers for, with all that lies in them: what the reach `places`
    /// covers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub place: Vec<String>,
    /// The language in which it is written to, and the offices below it that name none; the default
    /// language if neither it nor an office above it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How a public list names it, such as `LGD 303`.
    pub reference: Option<String>,
    /// First day on which it exists.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it exists.
    pub valid_to: Option<NaiveDate>,
}

/// A post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PostEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// The role that its holder takes.
    pub role: String,
    /// The language in which its holders are written to, in every office; that of the office if
    /// absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}
