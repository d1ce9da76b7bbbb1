//! A store that is written in Python: asked over the core's seam, one text for another.

use crate::convert::Arg;
use crate::fault::Fault;
use grievance_core::ErrorCode;
use grievance_core::kernel::code::TenantCode;
use grievance_core::store::conformance::{self, Capability};
use grievance_core::store::foreign::{self, ForeignStore, Keeper};
use grievance_core::store::{Store, StoreError};
use pyo3::prelude::*;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

thread_local! {
    /// Whether this thread is within a store's method: the desk that asked it may hold locks.
    static WITHIN: Cell<bool> = const { Cell::new(false) };
    /// What a store raised on this thread, for whoever asked the desk.
    static RAISED: RefCell<Raised> = const { RefCell::new(Raised { last: None, ending: None }) };
}

/// What a store raised.
#[derive(Default)]
pub(crate) struct Raised {
    /// By the last method, if it raised.
    pub(crate) last: Option<PyErr>,
    /// What is no failure and ends the program, such as a key that was pressed. The store is asked no more.
    pub(crate) ending: Option<PyErr>,
}

/// Refuses to let a store ask a desk: the one that asks the store would wait for itself.
pub(crate) fn assert_not_within() -> PyResult<()> {
    if !WITHIN.get() {
        return Ok(());
    }
    let problem = "a store is asked by a desk and asks none: the desk would wait for itself";
    Err(Fault::new(ErrorCode::MayNotBlock, "store", problem).into())
}

/// What a store raised on this thread since this was last asked.
pub(crate) fn raised() -> Raised {
    RAISED.take()
}

/// That this thread is within a store's method, until this is let go of: by a panic, too.
struct Within(bool);

impl Within {
    fn begin() -> Self {
        Self(WITHIN.replace(true))
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.set(self.0);
    }
}

/// An answerer of the package: `grievance._answerer` makes it of a `Store`. It is given the method and its
/// arguments as JSON, and answers JSON with the exception, if there was one.
///
/// It is the only owner of the reference, which the handle of the desk shows to the collector of cycles.
pub(crate) struct Answerer(pub(crate) Py<PyAny>);

impl Answerer {
    fn call(&self, method: &str, given: &str) -> PyResult<(String, Option<PyErr>)> {
        Python::attach(|py| {
            let answer = self.0.bind(py).call1((method, given))?;
            let (text, raised): (String, Option<Bound<'_, PyAny>>) = answer.extract()?;
            Ok((text, raised.map(PyErr::from_value)))
        })
    }
}

/// The answerer as the core asks it.
struct Asked(Arc<Answerer>);

impl Keeper for Asked {
    fn ask(&self, method: &str, given: &str) -> Result<String, StoreError> {
        let interrupted = || Err(StoreError::Backend(format!("the store was interrupted in {method}")));
        if RAISED.with_borrow(|raised| raised.ending.is_some()) {
            return interrupted();
        }
        let within = Within::begin();
        let answered = self.0.call(method, given);
        drop(within);
        match answered {
            Ok((text, last)) => {
                RAISED.set(Raised { last, ending: None });
                Ok(text)
            }
            // The answerer catches every exception: what comes here is none.
            Err(ending) => {
                RAISED.set(Raised { last: None, ending: Some(ending) });
                interrupted()
            }
        }
    }
}

/// A store of Python as a store of the core, and what it is asked through.
pub(crate) fn over(store: &Bound<'_, PyAny>) -> PyResult<(Arc<dyn Store>, Arc<Answerer>)> {
    let answerer = store.py().import("grievance._answerer")?.call_method1("answerer", (store,))?;
    let answerer = Arc::new(Answerer(answerer.unbind()));
    Ok((Arc::new(ForeignStore::over(Asked(Arc::clone(&answerer)))), answerer))
}

/// What the core asks a store, by name.
#[pyfunction]
pub(crate) fn store_methods() -> Vec<&'static str> {
    foreign::METHODS.to_vec()
}

/// The promises of a store: of each its name, and what a store that is asked it must be able to do.
#[pyfunction]
pub(crate) fn promises() -> Vec<(&'static str, Vec<String>)> {
    let word = |need: &Capability| format!("{need:?}").to_lowercase();
    let needs = |name| conformance::needs(name).iter().map(word).collect();
    conformance::PROMISES.iter().map(|promise| (promise.name, needs(promise.name))).collect()
}

/// Looks whether a store keeps a promise. `open` opens a tenant of an empty store. Answers what is
/// broken, if anything is, with what the store raised last.
#[pyfunction]
pub(crate) fn examine(
    py: Python<'_>,
    promise: Arg<String>,
    open: Py<PyAny>,
) -> PyResult<Option<(String, Option<PyErr>)>> {
    let promise = promise.named("promise")?;
    let unknown = || Fault::new(ErrorCode::UnknownCode, "promise", "there is no promise of that name");
    let found = conformance::PROMISES.iter().find(|known| known.name == promise).ok_or_else(unknown)?;
    let open = |tenant: &TenantCode| -> Arc<dyn Store> {
        let opened = Python::attach(|py| over(&open.bind(py).call1((tenant.as_str(),))?));
        let opened = opened.map(|(store, _)| store);
        opened.unwrap_or_else(|problem| {
            RAISED.set(Raised { last: Some(problem), ending: None });
            panic!("the store could not be opened")
        })
    };
    let broken = py.detach(|| {
        raised();
        catch_unwind(AssertUnwindSafe(|| (found.examine)(&open))).err()
    });
    let Raised { last, ending } = raised();
    if let Some(ending) = ending {
        return Err(ending);
    }
    Ok(broken.map(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        (text.unwrap_or("it panicked").to_owned(), last)
    }))
}
