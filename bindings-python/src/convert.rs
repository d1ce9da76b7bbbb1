//! Values over the border: instants, days, identities, codes, JSON.

use crate::fault::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::ErrorCode;
use grievance_core::host::given;
use grievance_core::kernel::mobile::Mobile;
use pyo3::IntoPyObjectExt as _;
use pyo3::PyClass;
use pyo3::exceptions::PyOverflowError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{
    PyBool, PyDate, PyDateTime, PyDelta, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyTzInfo,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// What is wrong with an argument, before anybody has said which one it is.
pub(crate) struct Wrong {
    problem: String,
    hint: Option<&'static str>,
    kind: WrongIn,
}

/// In what it is wrong.
enum WrongIn {
    Type,
    Value,
    Time,
}

impl Wrong {
    pub(crate) fn kind(wanted: &str, given: &Bound<'_, PyAny>) -> Self {
        let kind = given.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
        Self { problem: format!("must be {wanted}, not {kind}"), hint: None, kind: WrongIn::Type }
    }

    pub(crate) fn value(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), hint: None, kind: WrongIn::Value }
    }

    fn time(problem: &str) -> Self {
        Self { problem: problem.to_owned(), hint: None, kind: WrongIn::Time }
    }

    pub(crate) fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub(crate) fn at(self, place: &str) -> Fault {
        let fault = match self.kind {
            WrongIn::Type => Fault::of_type(place, self.problem),
            WrongIn::Value => Fault::new(ErrorCode::InvalidCommand, place, self.problem),
            WrongIn::Time => Fault::new(ErrorCode::DateInvalid, place, self.problem),
        };
        match self.hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }

    /// The sentence without a place, and what may help.
    pub(crate) fn told(self) -> (String, Option<String>) {
        (self.problem, self.hint.map(str::to_owned))
    }
}

/// An argument, which says by its name what is wrong with it.
pub(crate) struct Arg<T>(Result<T, Wrong>);

impl<'a, 'py, T: Readable> FromPyObject<'a, 'py> for Arg<T> {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(T::of(&given)))
    }
}

impl<T> Arg<T> {
    pub(crate) fn named(self, name: &str) -> Result<T, Fault> {
        self.0.map_err(|wrong| wrong.at(name))
    }

    /// The same of an argument that may be absent.
    pub(crate) fn if_given(given: Option<Self>, name: &str) -> Result<Option<T>, Fault> {
        given.map(|given| given.named(name)).transpose()
    }

    /// The same, or what is meant where it is absent.
    pub(crate) fn or(given: Option<Self>, name: &str, absent: impl Into<T>) -> Result<T, Fault> {
        Ok(Self::if_given(given, name)?.unwrap_or_else(|| absent.into()))
    }
}

impl Arg<String> {
    /// Reads an identity, a code or a word of a closed list.
    pub(crate) fn read<T: FromStr<Err: Display>>(self, name: &str) -> Result<T, Fault> {
        Ok(given::read(name, &self.named(name)?)?)
    }

    /// The same, of what may be absent.
    pub(crate) fn may_read<T: FromStr<Err: Display>>(
        given: Option<Self>,
        name: &str,
    ) -> Result<Option<T>, Fault> {
        given.map(|given| given.read(name)).transpose()
    }

    /// Reads a mobile, as people write it.
    pub(crate) fn mobile(self) -> Result<Mobile, Fault> {
        Ok(given::mobile(&self.named("mobile")?)?)
    }
}

/// What an argument may be.
pub(crate) trait Readable: Sized {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong>;
}

impl Readable for String {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        let text = given.cast::<PyString>().map_err(|_| {
            let wrong = Wrong::kind("a str", given);
            let is_a_date = given.is_instance_of::<PyDate>();
            if is_a_date { wrong.hint("isoformat() tells an instant or a day as text") } else { wrong }
        })?;
        text.extract().map_err(|_| Wrong::value("holds half a character"))
    }
}

impl Readable for bool {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        given.cast::<PyBool>().map(PyBoolMethods::is_true).map_err(|_| Wrong::kind("a bool", given))
    }
}

macro_rules! whole {
    ($($kind:ty)+) => { $(
        impl Readable for $kind {
            fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
                if given.is_instance_of::<PyBool>() {
                    return Err(Wrong::kind("a whole number", given));
                }
                given.extract().map_err(|problem: PyErr| {
                    if problem.is_instance_of::<PyOverflowError>(given.py()) {
                        Wrong::value(format!("is no whole number from 0 to {}", Self::MAX))
                    } else {
                        Wrong::kind("a whole number", given)
                    }
                })
            }
        }
    )+ };
}
whole!(u32 u64 usize);

impl Readable for f64 {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        if given.is_instance_of::<PyBool>()
            || !(given.is_instance_of::<PyInt>() || given.is_instance_of::<PyFloat>())
        {
            return Err(Wrong::kind("a number", given));
        }
        given.extract().map_err(|_| Wrong::value("is no number of 64 bits"))
    }
}

/// A list or a tuple. Nothing else that says it is a sequence is believed: of one that names a length of
/// 2^40, room would be made for as much, which ends the process.
impl<T: Readable> Readable for Vec<T> {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        if let Ok(list) = given.cast::<PyList>() {
            return list.iter().map(|item| T::of(&item)).collect();
        }
        if let Ok(tuple) = given.cast::<PyTuple>() {
            return tuple.iter().map(|item| T::of(&item)).collect();
        }
        Err(Wrong::kind("a list or a tuple", given))
    }
}

/// Bytes, such as a secret.
impl Readable for PyBackedBytes {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        given.extract().map_err(|_| Wrong::kind("bytes", given))
    }
}

/// A handle of the package's: an actor, a rulebook, keys.
impl<T: PyClass> Readable for Py<T> {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        let own = given.cast::<T>().map_err(|_| {
            let name = T::type_object(given.py()).name();
            Wrong::kind(
                &name.map_or_else(|_| "another".to_owned(), |name| format!("a grievance.{name}")),
                given,
            )
        })?;
        Ok(own.clone().unbind())
    }
}

/// A pair: the name of a key and its secret.
impl Readable for (String, PyBackedBytes) {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        let wanted = "a tuple of str and bytes";
        let pair = given.cast::<PyTuple>().map_err(|_| Wrong::kind(wanted, given))?;
        pair.extract().map_err(|_| Wrong::value("holds something else than a str and bytes"))
    }
}

impl Readable for BTreeMap<String, String> {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        let dict = given.cast::<PyDict>().map_err(|_| Wrong::kind("a dict", given))?;
        dict.iter().map(|(key, value)| Ok((String::of(&key)?, String::of(&value)?))).collect()
    }
}

/// An aware datetime of any zone, as UTC. A naive one is refused: nobody can say which instant it is.
impl Readable for DateTime<Utc> {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        if !given.is_instance_of::<PyDateTime>() {
            return Err(Wrong::kind("an aware datetime", given));
        }
        let no_instant = |_| Wrong::time("is no instant that can be told in UTC");
        // A zone that does not say how far it is from UTC is none: Python would take that of the machine.
        let zone = given.getattr(intern!(given.py(), "tzinfo")).map_err(no_instant)?;
        let away = given.call_method0(intern!(given.py(), "utcoffset"));
        if zone.is_none() || !away.map_err(no_instant)?.is_instance_of::<PyDelta>() {
            return Err(Wrong::time("has no time zone")
                .hint("give it one: datetime(2026, 3, 2, 10, tzinfo=timezone.utc), or a ZoneInfo"));
        }
        let moved = PyTzInfo::utc(given.py())
            .and_then(|utc| given.call_method1(intern!(given.py(), "astimezone"), (utc,)));
        moved.and_then(|moved| moved.extract()).map_err(no_instant)
    }
}

/// A day. A datetime is an instant, and on which day it lies depends on where one is.
impl Readable for NaiveDate {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        if given.is_instance_of::<PyDateTime>() {
            return Err(Wrong::kind("a date", given)
                .hint("on which day it lies depends on the zone: at.astimezone(zone).date()"));
        }
        if !given.is_instance_of::<PyDate>() {
            return Err(Wrong::kind("a date", given));
        }
        given.extract().map_err(|_| Wrong::time("is no day of the calendar"))
    }
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

/// How the documentation of a field in the core's tables names its type.
macro_rules! python_type {
    (String) => {
        "str"
    };
    (bool) => {
        "bool"
    };
    (u32) => {
        "int"
    };
    (f64) => {
        "float"
    };
    (Day) => {
        "date"
    };
    (Vec $of:ident) => {
        concat!("list of ", python_type!($of))
    };
    (BTreeMap $of:ident $to:ident) => {
        concat!("dict of ", python_type!($of), " to ", python_type!($to))
    };
}
pub(crate) use python_type;

/// What the documentation of a method that asks the desk says of failures.
macro_rules! raises {
    () => {
        concat!(
            "\nRaises\n------\nGrievanceError\n",
            "    What the desk refuses or its store fails in: by class what to do, by ``code`` why, at ``where``.\n",
            "WrongTypeError\n    An argument of another type; ``where`` is its name.\n",
        )
    };
}
pub(crate) use raises;
