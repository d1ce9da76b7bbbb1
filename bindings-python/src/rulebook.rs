//! The rulebook: read, linted, named by its version.

use crate::convert::{Arg, Json};
use crate::document::{Document, Unsayable};
use crate::fault::{Fault, detached};
use crate::record::Finding;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::{Taken as _, given};
use grievance_core::rulebook::read::Format;
use grievance_core::rulebook::{self, presets};
use pyo3::prelude::*;

/// One government's rules under one version: data, checked as a whole, never changed.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Rulebook {
    pub(crate) rulebook: rulebook::Rulebook,
    findings: Vec<Finding>,
}

impl Rulebook {
    fn read(py: Python<'_>, text: &str, format: Format) -> PyResult<Self> {
        let read = detached(py, || rulebook::Rulebook::read(text, format))?;
        Ok(Self { rulebook: read.rulebook, findings: read.findings.flat().taken() })
    }
}

#[pymethods]
impl Rulebook {
    /// One of the rulebooks that come with the library, unofficial and to be extended.
    ///
    /// Parameters
    /// ----------
    /// name : str
    ///     One of `presets`.
    ///
    /// Returns
    /// -------
    /// Rulebook
    ///     Compiled.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``unknown_code``, with the names that there are.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[staticmethod]
    fn preset(py: Python<'_>, name: Arg<String>) -> PyResult<Self> {
        Self::read(py, given::preset(&name.named("name")?).map_err(Fault::from)?, Format::Toml)
    }

    /// The names of the presets.
    ///
    /// Returns
    /// -------
    /// list of str
    ///     For `preset`, and for ``extends`` of a rulebook.
    #[staticmethod]
    fn presets() -> Vec<&'static str> {
        presets::names().collect()
    }

    /// Reads, checks and compiles TOML.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     The rulebook. A date may be a date or a text.
    ///
    /// Returns
    /// -------
    /// Rulebook
    ///     Compiled; `lint` lists what is worth a second look.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``rulebook_invalid``, with everything that was found in ``findings``; ``where`` is the path of the first.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[staticmethod]
    fn from_toml(py: Python<'_>, text: Arg<String>) -> PyResult<Self> {
        Self::read(py, &text.named("text")?, Format::Toml)
    }

    /// Reads, checks and compiles JSON.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     The rulebook. A date is a text.
    ///
    /// Returns
    /// -------
    /// Rulebook
    ///     Compiled; `lint` lists what is worth a second look.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``rulebook_invalid``, with everything that was found in ``findings``; ``where`` is the path of the first.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: Arg<String>) -> PyResult<Self> {
        Self::read(py, &text.named("text")?, Format::Json)
    }

    /// Reads, checks and compiles a dict of what JSON has; dates as texts.
    ///
    /// Parameters
    /// ----------
    /// document : dict
    ///     The rulebook: dicts with keys of str, lists, str, numbers, bool and None.
    ///
    /// Returns
    /// -------
    /// Rulebook
    ///     Compiled; `lint` lists what is worth a second look.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``rulebook_invalid``, with everything that was found in ``findings``; ``where`` is the path of the first.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> gr.Rulebook.from_dict({"extends": "city-311", "name": "Haldia", "zone": "Asia/Kolkata"}).zone
    /// 'Asia/Kolkata'
    #[staticmethod]
    fn from_dict(py: Python<'_>, document: Arg<Document>) -> PyResult<Self> {
        let text = document.named("document")?.0.map_err(Unsayable::in_rulebook)?;
        Self::read(py, &text, Format::Json)
    }

    /// What is worth a second look: warnings and advice. What is refused is in the exception.
    ///
    /// Returns
    /// -------
    /// list of Finding
    ///     The worst first.
    fn lint(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    /// The hash of its content, which names it.
    #[getter]
    fn version(&self) -> String {
        self.rulebook.version().to_string()
    }

    /// The time zone of its offices, an IANA name.
    #[getter]
    fn zone(&self) -> &'static str {
        self.rulebook.zone().name()
    }

    /// The whole document, with what it extends merged in.
    ///
    /// Returns
    /// -------
    /// dict
    ///     As JSON has it.
    fn to_dict(&self) -> Json {
        Json::of(self.rulebook.document())
    }

    fn __repr__(&self) -> String {
        format!("Rulebook(version='{}')", self.rulebook.version())
    }
}
