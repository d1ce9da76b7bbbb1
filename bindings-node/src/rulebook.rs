//! The rulebook: read, linted, named by its version.

use crate::fault::guarded;
use crate::later::json;
use grievance_core::desk::flat::{Finding, Flat as _};
use grievance_core::host::given;
use grievance_core::rulebook::read::Format;
use grievance_core::rulebook::{self, presets};
use napi_derive::napi;

/// One government's rules under one version: data, checked as a whole, never changed.
#[napi]
pub struct Rulebook {
    pub(crate) rulebook: rulebook::Rulebook,
    findings: Vec<Finding>,
}

#[napi]
impl Rulebook {
    fn read(text: &str, format: Format) -> napi::Result<Self> {
        guarded(|| {
            let read = rulebook::Rulebook::read(text, format)?;
            Ok(Self { rulebook: read.rulebook, findings: read.findings.flat() })
        })
    }

    #[napi(factory)]
    pub fn preset(name: String) -> napi::Result<Self> {
        Self::read(guarded(|| Ok(given::preset(&name)?))?, Format::Toml)
    }

    #[napi]
    pub fn presets() -> Vec<String> {
        presets::names().map(str::to_owned).collect()
    }

    #[napi(factory)]
    pub fn from_toml(text: String) -> napi::Result<Self> {
        Self::read(&text, Format::Toml)
    }

    #[napi(factory)]
    pub fn from_json(text: String) -> napi::Result<Self> {
        Self::read(&text, Format::Json)
    }

    #[napi]
    pub fn lint(&self) -> String {
        json(&self.findings)
    }

    #[napi]
    pub fn version(&self) -> String {
        self.rulebook.version().to_string()
    }

    #[napi]
    pub fn zone(&self) -> String {
        self.rulebook.zone().name().to_owned()
    }

    #[napi]
    pub fn document(&self) -> String {
        json(self.rulebook.document())
    }
}
