//! Cases of a dataframe or a desk, read once. What is counted of them is in `counted`.

use crate::acting::Acting;
use crate::arrow::{Batch, batches, guarded, of_one_zone};
use crate::convert::Arg;
use crate::document::Document;
use crate::fault::{Fault, detached};
use crate::frame::{Rejected, Table};
use crate::rulebook::Rulebook;
use arrow_array::RecordBatch;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::host::given;
use grievance_core::measure::answer::sheet::{NotAsked, Sheet};
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::sheets::{Asked, within_calendar};
use grievance_core::measure::cases::tally::Part;
use grievance_core::measure::cases::told::FieldMap;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};

/// Many cases in columns, read once and asked often.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Cases {
    pub(crate) book: Casebook,
    rejected: Arc<Vec<Rejected>>,
    counted: Counted,
}

/// What was counted last, for whoever asks several things of one day.
#[derive(Default)]
struct Counted(Mutex<Option<(Question, Arc<Part>)>>);

/// The day, the grouping, the rule and the cuts.
type Question = (NaiveDate, String, String, Option<Vec<u32>>);

/// As many as there are cores; what comes of a count does not depend on it.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

fn zone(place: &str, name: Arg<String>) -> Result<Tz, Fault> {
    name.named(place)?
        .parse()
        .map_err(|_| Fault::new(ErrorCode::InvalidCommand, place, "is no IANA time zone"))
}

impl Cases {
    pub(crate) fn of(book: Casebook, rejected: Vec<Rejected>) -> Self {
        Self { book, rejected: Arc::new(rejected), counted: Counted::default() }
    }

    /// What is counted for a question, on every core.
    pub(crate) fn part(&self, asked: &Asked<'_>) -> Result<Arc<Part>, NotAsked> {
        let question = (asked.as_of, asked.by.to_owned(), asked.rule.to_owned(), asked.cuts.clone());
        let last = || self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, part)) = last().as_ref().filter(|(known, _)| *known == question) {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(self.book.part(asked, threads())?);
        *last() = Some((question, Arc::clone(&part)));
        Ok(part)
    }

    /// Asks the cases without the interpreter's lock.
    pub(crate) fn ask(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&Self) -> Result<Sheet, NotAsked> + Send,
    ) -> PyResult<Table> {
        let sheet = detached(py, || question(self))?;
        Ok(Table::of(sheet, Arc::clone(&self.rejected)))
    }
}

#[pymethods]
impl Cases {
    /// Reads a dataframe once, on every core, to be measured often.
    ///
    /// Parameters
    /// ----------
    /// data : object
    ///     Anything that has ``__arrow_c_stream__``: a polars, pyarrow, pandas or DuckDB table.
    /// columns : dict of str to str, optional
    ///     Field to column; a field that is not named is sought under its own name. ``received_at`` and ``unit`` must be there.
    /// zone : str
    ///     The IANA zone in which days are counted.
    /// naive : str, optional
    ///     The zone in which timestamps without one were written; without it they are refused.
    /// until : datetime, optional
    ///     What lies after it is rejected.
    /// groups : list of str, optional
    ///     Columns of texts by which cases may be grouped as by their office.
    ///
    /// Returns
    /// -------
    /// Cases
    ///     Rows that cannot be counted are in ``rejected``.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``map_invalid`` for a field or column that is not there, a column of another type, and naive timestamps, with the
    ///     nearest that there is as ``hint``; ``file_invalid`` for what is no Arrow stream.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> cases = gr.Cases.read(frame, {"received_at": "opened"}, zone="Asia/Kolkata", until=now)
    #[staticmethod]
    #[pyo3(
        name = "read",
        signature = (data, columns = None, *, zone, naive = None, until = None, groups = None)
    )]
    fn of_data(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        columns: Option<Arg<BTreeMap<String, String>>>,
        zone: Arg<String>,
        naive: Option<Arg<String>>,
        until: Option<Arg<DateTime<Utc>>>,
        groups: Option<Arg<Vec<String>>>,
    ) -> PyResult<Self> {
        let zone = self::zone("zone", zone)?;
        let naive = naive.map(|name| self::zone("naive", name)).transpose()?;
        let columns = Arg::if_given(columns, "columns")?.unwrap_or_default();
        let batches = batches(data)?;
        let schema =
            batches.first().map(RecordBatch::schema).expect("a table without rows is an empty batch");
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let map = FieldMap::of(&columns, &names).map_err(Fault::from)?;
        of_one_zone(data, &schema, &map)?;
        let until = Arg::if_given(until, "until")?.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let groups = Arg::if_given(groups, "groups")?.unwrap_or_default();
        Ok(py.detach(|| {
            guarded(|| {
                let read = |batch| Batch::of(batch, &map, zone, naive);
                let parts: Vec<Batch<'_>> = batches.iter().map(read).collect::<Result<_, _>>()?;
                let mut book = Casebook::read_on(&parts, zone, until, threads());
                for name in &groups {
                    book.column(name, Batch::texts(&batches, name)?)?;
                }
                let rejected = book.rejected.iter().map(|row| Rejected::of(row, &map)).collect();
                Ok(Self::of(book, rejected))
            })
        })?)
    }

    /// The same cases under the rulebook of their offices: grouped by the levels of its trees, too, and aged in its working days.
    ///
    /// Parameters
    /// ----------
    /// rulebook : Rulebook
    ///     An office that it does not have keeps the days that are everybody's.
    ///
    /// Returns
    /// -------
    /// Cases
    ///     New ones; the columns are copied once.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at ``rulebook`` for one of another time zone.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> cases.under(rulebook).pendency(as_of=date(2026, 4, 1), by="unit_1", rule="working")
    fn under(&self, py: Python<'_>, rulebook: Arg<Py<Rulebook>>) -> PyResult<Self> {
        let rulebook = rulebook.named("rulebook")?;
        let rules = &rulebook.get().rulebook;
        let book = detached(py, || self.book.clone().under(rules))?;
        Ok(Self { book, rejected: Arc::clone(&self.rejected), counted: Counted::default() })
    }

    /// Some of the cases, to be measured like all of them.
    ///
    /// Parameters
    /// ----------
    /// only : dict of str to str or list of str
    ///     Of each column that is named, the cases that have that code or one of those: a column by which cases are grouped, a level
    ///     of a tree among them, so that ``unit_1`` keeps to an office and everything below it.
    ///
    /// Returns
    /// -------
    /// Cases
    ///     New ones. The rows that could not be taken are in ``rejected`` of the whole alone.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at ``only`` for a column that there is not, ``unknown_code`` at ``only.<column>`` for a code that neither
    ///     a case nor the rulebook has, with the nearest as ``hint``.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> cases.only({"category": ("roads", "drains")}).pendency(as_of=date(2026, 4, 1))
    fn only(&self, py: Python<'_>, only: Arg<Document>) -> PyResult<Self> {
        let only = only.named("only")?.0.map_err(|wrong| wrong.within("only"))?;
        let only = given::only(&only).map_err(Fault::from)?;
        let book = detached(py, || self.book.only(&only))?;
        Ok(Self::of(book, Vec::new()))
    }

    /// The rows that were not taken, each with its place and what is wrong with it.
    #[getter]
    fn rejected(&self) -> Vec<Rejected> {
        self.rejected.to_vec()
    }

    /// The zone in which days are counted.
    #[getter]
    fn zone(&self) -> &'static str {
        self.book.cases.zone().name()
    }

    fn __len__(&self) -> usize {
        self.book.cases.len()
    }

    fn __repr__(&self) -> String {
        format!("Cases({} cases, {} rejected)", self.book.cases.len(), self.rejected.len())
    }
}

/// The cases that somebody sees, as they stood on a day.
pub(crate) fn of_desk(asks: &Acting, py: Python<'_>, as_of: NaiveDate) -> PyResult<Cases> {
    let as_of = within_calendar(as_of).map_err(Fault::from)?;
    asks.ask(py, |acting| {
        let book = acting.cases(as_of)?;
        let rejected = book.rejected.iter().map(|row| Rejected::of(row, &FieldMap::default())).collect();
        Ok(Cases::of(book, rejected))
    })
}
