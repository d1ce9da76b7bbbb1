//! Languages as a government writes them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A language. How English (`en`), Bengali (`bn`) and Hindi (`hi`) write dates and digits comes with the
/// library; any other language brings it here, and one of the three may be written otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LanguageEntry {
    /// Its code: its lower-case BCP 47 tag, by which Fluent finds its plural rules.
    pub code: String,
    /// Its name in the default language; the code if empty.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// The months of the year, January first; without them a date is `2026-12-03`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<String>,
    /// The ten digits, nought first; those of Europe if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digits: String,
    /// How a date is written, with `{day}`, `{month}` and `{year}` once each; `{day} {month} {year}` if
    /// empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
}
