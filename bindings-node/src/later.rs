//! Work that is done on the pool of threads, so that the event loop never waits for a store.

use crate::fault::{Fault, guarded};
use napi::bindgen_prelude::{AsyncTask, ToNapiValue, TypeName};
use napi::{Env, Task};
use serde::Serialize;

type Work<T> = Box<dyn FnOnce() -> Result<T, Fault> + Send>;

/// A question that is answered once, by a promise.
pub struct Later<T>(Option<Work<T>>);

impl<T: Send + ToNapiValue + TypeName + 'static> Task for Later<T> {
    type Output = T;
    type JsValue = T;

    fn compute(&mut self) -> napi::Result<T> {
        // Node asks once.
        let work = self.0.take().ok_or_else(|| napi::Error::from_reason("was asked before"))?;
        guarded(work)
    }

    fn resolve(&mut self, _: Env, output: T) -> napi::Result<T> {
        Ok(output)
    }
}

/// A promise of a value or a handle.
pub(crate) fn later<T>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> AsyncTask<Later<T>>
where
    T: Send + ToNapiValue + TypeName + 'static,
{
    AsyncTask::new(Later(Some(Box::new(work))))
}

/// A promise of records, which cross as one text.
pub type Answer = AsyncTask<Later<String>>;

/// What a handle answers, as one JSON text.
pub(crate) fn json(value: &impl Serialize) -> String {
    // What cannot be told as JSON does not occur among records: their keys are texts.
    serde_json::to_string(value).unwrap_or_default()
}
