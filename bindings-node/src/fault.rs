//! Failures on their way to JavaScript: a code, a remedy, a place, a hint, and a sentence.

use grievance_core::desk::DeskError;
use grievance_core::desk::flat::{Finding, Flat as _};
use grievance_core::measure::answer::sheet::NotAsked;
use grievance_core::rulebook::finding::RulebookInvalid;
use grievance_core::store::StoreError;
use grievance_core::{ErrorCode, Remedy};
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A failure: a code of the closed list and a sentence without personal data.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Fault(Box<Told>);

#[derive(Serialize)]
struct Told {
    code: &'static str,
    remedy: &'static str,
    sentence: String,
    #[serde(rename = "where")]
    place: Option<String>,
    hint: Option<String>,
    findings: Vec<Finding>,
}

impl Fault {
    pub(crate) fn new(code: ErrorCode, place: &str, problem: impl std::fmt::Display) -> Self {
        let mut fault = Self::of(code, format!("{place}: {problem}"));
        fault.0.place = Some(place.to_owned());
        fault
    }

    /// What a panic of the library is told as.
    pub(crate) fn panicked() -> Self {
        Self::of(ErrorCode::Storage, "the library failed, and should not; report it".to_owned())
    }

    pub(crate) fn of(code: ErrorCode, sentence: String) -> Self {
        let remedy: Remedy = code.remedy();
        let (place, hint, findings) = (None, None, Vec::new());
        Self(Box::new(Told { code: code.as_str(), remedy: remedy.as_str(), sentence, place, hint, findings }))
    }

    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.0.hint = Some(hint.to_owned());
        self
    }
}

impl From<DeskError> for Fault {
    fn from(problem: DeskError) -> Self {
        let mut fault = Self::of(problem.code(), problem.to_string());
        fault.0.place = problem.place().map(str::to_owned);
        fault.0.hint = problem.hint().map(str::to_owned);
        if let DeskError::Rulebook(refused) = problem {
            fault.0.findings = refused.findings.flat();
        }
        fault
    }
}

impl From<RulebookInvalid> for Fault {
    fn from(refused: RulebookInvalid) -> Self {
        DeskError::from(refused).into()
    }
}

impl From<StoreError> for Fault {
    fn from(problem: StoreError) -> Self {
        DeskError::from(problem).into()
    }
}

impl From<NotAsked> for Fault {
    fn from(problem: NotAsked) -> Self {
        DeskError::from(problem).into()
    }
}

/// Node-API carries one text with an error, on the loop's thread and from the pool alike: the whole
/// fault crosses in it, and `index.cjs` makes the class of its remedy.
impl From<Fault> for napi::Error {
    fn from(fault: Fault) -> Self {
        // A struct of texts is always told.
        Self::from_reason(serde_json::to_string(&fault).unwrap_or_default())
    }
}

/// Does what may not unwind into Node, which it would end.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> napi::Result<T> {
    // What was being changed when a panic came is a lock of the core's, which says so to the next.
    let caught = catch_unwind(AssertUnwindSafe(work));
    Ok(caught.map_err(|_| Fault::panicked())??)
}
