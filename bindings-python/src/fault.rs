//! Failures as Python sees them: a class for each remedy, with code, place and hint.

use crate::record::Finding;
use grievance_core::desk::DeskError;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::Taken as _;
use grievance_core::measure::answer::sheet::NotAsked;
use grievance_core::rulebook::finding::RulebookInvalid;
use grievance_core::store::StoreError;
use grievance_core::{ErrorCode, Remedy};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A failure on its way to Python: a code of the closed list and a sentence without personal data.
pub(crate) struct Fault {
    code: ErrorCode,
    sentence: String,
    place: Option<String>,
    hint: Option<String>,
    findings: Vec<Finding>,
    /// Whether an argument is not of the type that it must be: also a `TypeError` then.
    of_type: bool,
}

impl Fault {
    pub(crate) fn new(code: ErrorCode, place: &str, problem: impl std::fmt::Display) -> Self {
        let sentence = format!("{place}: {problem}");
        Self {
            code,
            sentence,
            place: Some(place.to_owned()),
            hint: None,
            findings: Vec::new(),
            of_type: false,
        }
    }

    /// An argument of another type.
    pub(crate) fn of_type(place: &str, problem: impl std::fmt::Display) -> Self {
        Self { of_type: true, ..Self::new(ErrorCode::InvalidCommand, place, problem) }
    }

    /// What a panic of the library is told as.
    fn panicked() -> Self {
        let sentence = "the library failed, and should not; report it".to_owned();
        let (place, hint, findings) = (None, None, Vec::new());
        Self { code: ErrorCode::Storage, sentence, place, hint, findings, of_type: false }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<DeskError> for Fault {
    fn from(problem: DeskError) -> Self {
        let findings = match &problem {
            DeskError::Rulebook(refused) => refused.findings.clone().flat().taken(),
            _ => Vec::new(),
        };
        Self {
            code: problem.code(),
            sentence: problem.to_string(),
            place: problem.place().map(str::to_owned),
            hint: problem.hint().map(str::to_owned),
            findings,
            of_type: false,
        }
    }
}

impl From<NotAsked> for Fault {
    fn from(problem: NotAsked) -> Self {
        let sentence = problem.to_string();
        let NotAsked { code, place, hint, .. } = problem;
        Self { code, sentence, place: Some(place), hint, findings: Vec::new(), of_type: false }
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

/// The Python class of failures with a remedy.
fn class(py: Python<'_>, remedy: Remedy, of_type: bool) -> PyResult<Bound<'_, PyType>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || py.import("grievance._errors").map(Bound::unbind))?;
    let name = match remedy {
        Remedy::Amend if of_type => "WrongTypeError",
        Remedy::Amend => "AmendError",
        Remedy::Reload => "ReloadError",
        Remedy::Retry => "RetryError",
        Remedy::Wait => "WaitError",
    };
    Ok(module.bind(py).getattr(name)?.cast_into()?)
}

impl Fault {
    fn raise(self, py: Python<'_>) -> PyResult<PyErr> {
        let remedy = self.code.remedy();
        let fields = PyDict::new(py);
        fields.set_item("code", self.code.as_str())?;
        fields.set_item("remedy", remedy.as_str())?;
        fields.set_item("where", self.place)?;
        fields.set_item("hint", self.hint)?;
        fields.set_item("findings", self.findings)?;
        let raised = class(py, remedy, self.of_type)?.call((self.sentence,), Some(&fields))?;
        Ok(PyErr::from_value(raised))
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| fault.raise(py).unwrap_or_else(|problem| problem))
    }
}

/// Does what may not unwind into the interpreter, where nothing that catches exceptions would catch it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    // What was being changed when a panic came is a lock of the core's, which says so to the next.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Fault::panicked())
}

/// The same, with the interpreter's lock let go of.
pub(crate) fn detached<T: Send, E: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, Fault>
where
    Fault: From<E>,
{
    Ok(py.detach(|| guarded(work))??)
}
