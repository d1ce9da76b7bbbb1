//! Values over the border: instants, days, identities, codes, JSON.

use crate::fault::Fault;
use chrono::{DateTime, Utc};
use grievance_core::ErrorCode;
use grievance_core::host::given;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// An aware datetime of any zone, as UTC. A naive one is refused: nobody can say which instant it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instant(pub(crate) DateTime<Utc>);

impl<'a, 'py> FromPyObject<'a, 'py> for Instant {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = given.py();
        let datetime = py.import(intern!(py, "datetime"))?;
        if !given.is_instance(&datetime.getattr(intern!(py, "datetime"))?)? {
            let kind = given.get_type().name()?;
            return Err(PyTypeError::new_err(format!("expected an aware datetime, not {kind}")));
        }
        let refused = |problem| Fault::new(ErrorCode::DateInvalid, "datetime", problem);
        if given.getattr(intern!(py, "tzinfo"))?.is_none() {
            return Err(refused("has no time zone")
                .hint("give it one: datetime(2026, 3, 2, 10, tzinfo=timezone.utc), or a ZoneInfo")
                .into());
        }
        let utc = datetime.getattr(intern!(py, "timezone"))?.getattr(intern!(py, "utc"))?;
        let moved = given.call_method1(intern!(py, "astimezone"), (utc,));
        let instant = moved.and_then(|moved| moved.extract::<DateTime<Utc>>());
        instant.map(Self).map_err(|_| refused("is no instant that can be told in UTC").into())
    }
}

/// A list or a tuple. Nothing else that says it is a sequence is believed: of one that names a length
/// of 2^40, room would be made for as much, which ends the process.
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, 'py, T> FromPyObject<'a, 'py> for Listed<T>
where
    T: for<'b> FromPyObject<'b, 'py>,
{
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let one = |item: Bound<'py, PyAny>| item.extract::<T>().map_err(Into::into);
        if let Ok(list) = given.cast::<PyList>() {
            return list.iter().map(one).collect::<PyResult<_>>().map(Self);
        }
        if let Ok(tuple) = given.cast::<PyTuple>() {
            return tuple.iter().map(one).collect::<PyResult<_>>().map(Self);
        }
        let kind = given.get_type().name()?;
        Err(PyTypeError::new_err(format!("expected a list or a tuple, not {kind}")))
    }
}

/// A value of the verb table's types.
pub(crate) struct Given<T>(pub(crate) T);

macro_rules! given_as_it_is {
    ($($kind:ty)+) => {
        $(impl<'a, 'py> FromPyObject<'a, 'py> for Given<$kind> {
            type Error = PyErr;

            fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
                given.extract::<$kind>().map(Self).map_err(Into::into)
            }
        })+
    };
}
given_as_it_is!(String bool u32 BTreeMap<String, String>);

impl<'a, 'py> FromPyObject<'a, 'py> for Given<Vec<String>> {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        given.extract().map(|Listed(texts)| Self(texts))
    }
}

/// Reads an identity, a code or a word of a closed list; `place` is the argument's name.
pub(crate) fn read<T: FromStr<Err: Display>>(place: &str, text: &str) -> PyResult<T> {
    Ok(given::read(place, text).map_err(Fault::from)?)
}

/// The same, of what may be absent.
pub(crate) fn may_read<T: FromStr<Err: Display>>(place: &str, text: Option<&str>) -> PyResult<Option<T>> {
    text.map(|text| read(place, text)).transpose()
}

/// A JSON value, as Python's own types.
#[derive(Clone, Debug)]
pub(crate) struct Json(pub(crate) Value);

impl Json {
    pub(crate) fn of(value: impl serde::Serialize) -> Self {
        // What cannot be told as JSON does not occur among the core's views: their keys are texts.
        Self(serde_json::to_value(value).unwrap_or_default())
    }
}

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, &self.0)
    }
}

fn python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(it) => it.into_bound_py_any(py),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(count), _) => count.into_bound_py_any(py),
            (None, Some(count)) => count.into_bound_py_any(py),
            (None, None) => number.as_f64().into_bound_py_any(py),
        },
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(items) => {
            let list = PyList::empty(py);
            items.iter().try_for_each(|item| list.append(python(py, item)?))?;
            Ok(list.into_any())
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            fields.iter().try_for_each(|(key, field)| dict.set_item(key, python(py, field)?))?;
            Ok(dict.into_any())
        }
    }
}
