//! The rulebook of a desk: read, linted, named by its version.

use crate::convert::json;
use crate::fault::Result;
use crate::record::Finding;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::{Taken as _, given};
use grievance_core::rulebook;
use grievance_core::rulebook::read::Format;
use std::sync::Arc;

/// One government's rules under one version: data, checked as a whole, never changed.
#[derive(uniffi::Object)]
pub struct Rulebook {
    pub(crate) rulebook: rulebook::Rulebook,
    findings: Vec<Finding>,
}

impl Rulebook {
    fn read(text: &str, format: Format) -> Result<Arc<Self>> {
        let read = rulebook::Rulebook::read(text, format)?;
        Ok(Arc::new(Self { rulebook: read.rulebook, findings: read.findings.flat().taken() }))
    }
}

#[uniffi::export]
impl Rulebook {
    /// One of the rulebooks that come with the library, unofficial and to be extended.
    #[uniffi::constructor]
    pub fn preset(name: String) -> Result<Arc<Self>> {
        Self::read(given::preset(&name)?, Format::Toml)
    }

    /// Reads, checks and compiles TOML.
    #[uniffi::constructor]
    pub fn from_toml(text: String) -> Result<Arc<Self>> {
        Self::read(&text, Format::Toml)
    }

    /// Reads, checks and compiles JSON.
    #[uniffi::constructor]
    pub fn from_json(text: String) -> Result<Arc<Self>> {
        Self::read(&text, Format::Json)
    }

    /// What is worth a second look: warnings and advice. What is refused is in the exception.
    pub fn lint(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    /// The hash of its content, which names it.
    pub fn version(&self) -> String {
        self.rulebook.version().to_string()
    }

    /// The time zone of its offices, an IANA name.
    pub fn zone(&self) -> String {
        self.rulebook.zone().name().to_owned()
    }

    /// The whole document as canonical JSON, with what it extends merged in.
    pub fn to_json(&self) -> Result<String> {
        json(self.rulebook.document())
    }
}
