//! The measures of a desk: a method for each row of the measure table.

use crate::acting::Acting;
use crate::convert::{Arg, python_type, raises};
use crate::fault::Fault;
use crate::frame::Table;
use crate::rows::{Day, rows};
use chrono::NaiveDate;
use grievance_core::desk::{self, Measure};
use grievance_core::host::given;
use grievance_core::render::pack::review_html;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use std::sync::Arc;

/// The cases that an actor sees, measured. Days are those of the zone of the rulebook in force; sealed cases are in no
/// figure. What was asked, and what is said of the whole, is in `about` of each answer.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Measures(pub(crate) Py<Acting>);

macro_rules! measures {
    ($($row:tt)+) => {
        rows! { Measures Measure Table, "Table\n    What was asked, and what is said of the whole, is in ``about``.": $($row)+ }
    };
}
grievance_core::for_measures!(measures);

#[pymethods]
impl Measures {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.0)
    }

    /// The weekly review as one self-contained page of HTML, with what stands behind its figures: no script, nothing loaded
    /// from elsewhere.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     As of the first instant of this day.
    /// unit : str, optional
    ///     Of this office and those below it.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent.
    /// index : str, optional
    ///     The code of the index by which offices are ranked.
    /// title : str, optional
    ///     The heading; the office's name if absent.
    /// language : str, optional
    ///     ``en``, ``bn`` or ``hi``; ``en`` if absent.
    /// lists : str, optional
    ///     An address such as ``/cases?unit={unit}&span={span}&of={of}``: each number opens there to its cases, which `behind`
    ///     answers by the same three words.
    ///
    /// Returns
    /// -------
    /// str
    ///     The page.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    #[pyo3(signature = (
        *, as_of, unit = None, rule = None, index = None, title = None, language = None, lists = None,
    ))]
    fn review_html(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        unit: Option<Arg<String>>,
        rule: Option<Arg<String>>,
        index: Option<Arg<String>>,
        title: Option<Arg<String>>,
        language: Option<Arg<String>>,
        lists: Option<Arg<String>>,
    ) -> PyResult<String> {
        let question = Measure::Review {
            as_of: as_of.named("as_of")?,
            unit: Arg::if_given(unit, "unit")?,
            rule: Arg::if_given(rule, "rule")?,
            index: Arg::if_given(index, "index")?,
        };
        let (title, lists) = (Arg::if_given(title, "title")?, Arg::if_given(lists, "lists")?);
        let language = Arg::or(language, "language", "en")?;
        let language = given::read("language", &language).map_err(Fault::from)?;
        let page = |acting: &desk::Acting<'_>| {
            review_html(acting, &question, title.as_deref(), language, lists.as_deref())
        };
        self.0.get().ask(py, page)
    }
}

impl Measures {
    fn ask(&self, py: Python<'_>, question: &Measure) -> PyResult<Table> {
        let sheet = self.0.get().ask(py, |acting| acting.measure(question))?;
        Ok(Table::of(sheet, Arc::default()))
    }
}
