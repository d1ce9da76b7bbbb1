//! The papers of a desk: a method for each row of the paper table.

use crate::acting::Acting;
use crate::convert::{Arg, python_type, raises};
use crate::rows::{Day, rows};
use grievance_core::desk::Paper;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

/// What an office gives out of its reviews, and keeps: editions of the weekly statement, agendas of review meetings, the
/// register of good practices. Each paper is a text of canonical JSON, which the host keeps and hands in again as it was:
/// ``json.loads`` shows what it says.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Papers(pub(crate) Py<Acting>);

macro_rules! papers {
    ($($row:tt)+) => {
        rows! { Papers Paper String, "str\n    Canonical JSON.": $($row)+ }
    };
}
grievance_core::for_papers!(papers);

#[pymethods]
impl Papers {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.0)
    }
}

impl Papers {
    fn ask(&self, py: Python<'_>, question: &Paper) -> PyResult<String> {
        self.0.get().ask(py, |acting| acting.paper(question))
    }
}
