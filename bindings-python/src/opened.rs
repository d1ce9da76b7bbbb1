//! Asking a desk that several handles share, without the interpreter's lock.

use crate::fault::{Fault, guarded};
use crate::store::{self, Answerer};
use grievance_core::Desk;
use grievance_core::desk::DeskError;
use grievance_core::desk::flat::Flat;
use grievance_core::host::{Shared, Taken};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex};

/// A desk until it is closed, and the store of Python's under it, if it is over one.
pub(crate) struct Opened {
    pub(crate) shared: Shared,
    /// Looked at and taken by who holds the interpreter's lock alone.
    pub(crate) store: Mutex<Option<Arc<Answerer>>>,
}

impl Opened {
    /// Asks the desk with the interpreter's lock let go of.
    pub(crate) fn ask<T: Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&Desk) -> Result<T, DeskError> + Send,
    ) -> PyResult<T> {
        store::assert_not_within()?;
        let (answer, raised) = py.detach(|| {
            store::raised();
            (guarded(|| self.shared.ask(question)), store::raised())
        });
        if let Some(ending) = raised.ending {
            return Err(ending);
        }
        answer?.map_err(|problem| because(py, problem, raised.last))
    }

    /// The same, and shows the answer as a record.
    pub(crate) fn show<T: Flat<Record: Taken<R> + Send>, R>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&Desk) -> Result<T, DeskError> + Send,
    ) -> PyResult<R> {
        self.ask(py, |desk| question(desk).map(Flat::flat)).map(Taken::taken)
    }
}

/// The exception for a failure; of one of a store's, what the store raised is its cause.
fn because(py: Python<'_>, problem: DeskError, raised: Option<PyErr>) -> PyErr {
    let is_stores = matches!(problem, DeskError::Store(_));
    let failed = PyErr::from(Fault::from(problem));
    if is_stores {
        failed.set_cause(py, raised);
    }
    failed
}
