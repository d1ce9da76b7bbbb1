//! Documents of Python's own dicts, lists, texts and numbers, as JSON, with the place of what JSON cannot say.

use crate::convert::{Readable, Wrong};
use crate::fault::Fault;
use grievance_core::rulebook::finding::{Finding, Lint, RulebookInvalid, Severity};
use grievance_core::rulebook::read::MOST_BYTES;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Number, Value};
use std::fmt::Write as _;

/// So deep may a document be: what holds itself ends here.
const DEEPEST: usize = 100;

/// What JSON cannot say of a document, and where in it.
pub(crate) struct Unsayable {
    path: String,
    wrong: Wrong,
}

impl Unsayable {
    /// As what is wrong with an argument of that name.
    pub(crate) fn within(self, name: &str) -> Fault {
        let between = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.wrong.at(&format!("{name}{between}{}", self.path))
    }

    /// As a finding of a rulebook, whose paths begin within the document.
    pub(crate) fn in_rulebook(self) -> Fault {
        let (message, hint) = self.wrong.told();
        let finding =
            Finding { severity: Severity::Error, lint: Lint::Malformed, path: self.path, message, hint };
        RulebookInvalid { findings: vec![finding] }.into()
    }
}

/// A dict that an argument must be, and what its JSON is.
pub(crate) struct Document(pub(crate) Result<String, Unsayable>);

impl Readable for Document {
    fn of(given: &Bound<'_, PyAny>) -> Result<Self, Wrong> {
        given.cast::<PyDict>().map(|dict| Self(json(dict))).map_err(|_| Wrong::kind("a dict", given))
    }
}

/// The JSON of a dict.
pub(crate) fn json(document: &Bound<'_, PyDict>) -> Result<String, Unsayable> {
    let mut writing = Writing::default();
    match writing.value(document, 0) {
        Ok(()) => Ok(writing.text),
        Err(wrong) => Err(Unsayable { path: writing.path, wrong }),
    }
}

#[derive(Default)]
struct Writing {
    text: String,
    /// Where it is; where it failed, once it has.
    path: String,
}

impl Writing {
    fn value(&mut self, given: &Bound<'_, PyAny>, depth: usize) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return Err(Wrong::value(format!("is nested deeper than {DEEPEST} levels, or holds itself")));
        }
        if given.is_none() {
            self.put("null")
        } else if let Ok(truth) = given.cast::<PyBool>() {
            self.put(if truth.is_true() { "true" } else { "false" })
        } else if given.is_instance_of::<PyString>() {
            self.text(&String::of(given)?)
        } else if given.is_instance_of::<PyInt>() || given.is_instance_of::<PyFloat>() {
            let number = number(given).ok_or_else(|| Wrong::value("is no number of 64 bits"))?;
            self.put(&number.to_string())
        } else if let Ok(dict) = given.cast::<PyDict>() {
            self.table(dict, depth)
        } else if let Ok(list) = given.cast::<PyList>() {
            self.list(list.iter(), depth)
        } else if let Ok(tuple) = given.cast::<PyTuple>() {
            self.list(tuple.iter(), depth)
        } else {
            let wrong = Wrong::kind("what JSON has: a dict, a list, a str, a number, a bool or None", given);
            let is_a_date = given.is_instance_of::<PyDate>();
            Err(if is_a_date { wrong.hint("isoformat() tells an instant or a day as text") } else { wrong })
        }
    }

    fn table(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Result<(), Wrong> {
        let mut between = "{";
        for (key, value) in dict.iter() {
            if !key.is_instance_of::<PyString>() {
                return Err(Wrong::kind("a dict whose keys are all str", &key));
            }
            let key = String::of(&key)?;
            self.put(between)?;
            self.text(&key)?;
            self.put(":")?;
            let here = self.path.len();
            self.path.push_str(if here > 0 { "." } else { "" });
            // A path is for people.
            self.path.extend(key.chars().take(80));
            self.value(&value, depth + 1)?;
            self.path.truncate(here);
            between = ",";
        }
        self.put(if between == "{" { "{}" } else { "}" })
    }

    fn list<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> Result<(), Wrong> {
        let here = self.path.len();
        self.put("[")?;
        for (place, item) in items.enumerate() {
            self.put(if place > 0 { "," } else { "" })?;
            let _ = write!(self.path, "[{place}]");
            self.value(&item, depth + 1)?;
            self.path.truncate(here);
        }
        self.put("]")
    }

    fn text(&mut self, text: &str) -> Result<(), Wrong> {
        self.put(&Value::from(text).to_string())
    }

    /// One list may stand in a document a thousand times: what comes of it has its limit.
    fn put(&mut self, text: &str) -> Result<(), Wrong> {
        if self.text.len() + text.len() > MOST_BYTES {
            return Err(Wrong::value(format!("is where the document has more than {MOST_BYTES} bytes")));
        }
        self.text.push_str(text);
        Ok(())
    }
}

fn number(given: &Bound<'_, PyAny>) -> Option<Number> {
    if given.is_instance_of::<PyFloat>() {
        return given.extract().ok().and_then(Number::from_f64);
    }
    let above = given.extract::<u64>().map(Number::from);
    above.or_else(|_| given.extract::<i64>().map(Number::from)).ok()
}
