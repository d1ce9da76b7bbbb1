//! Cases of a dataframe or a desk, counted by the core.

use crate::acting::Acting;
use crate::arrow::{Batch, batches, guarded, of_one_zone};
use crate::convert::{Arg, Readable as _, Wrong};
use crate::document::{Document, json};
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
use grievance_core::measure::cases::sheets::{Asked, Lengths, index_of, rule as age_rule, within_calendar};
use grievance_core::measure::cases::tally::Part;
use grievance_core::measure::cases::told::FieldMap;
use grievance_core::measure::index::{Definition, shipped};
use grievance_core::measure::statement::Mis;
use grievance_core::render::mis as page;
use grievance_core::vocabulary::AgeRule;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};

/// Many cases in columns, read once and asked often.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Cases {
    book: Casebook,
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
    fn part(&self, asked: &Asked<'_>) -> Result<Arc<Part>, NotAsked> {
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
    fn ask(
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
    ///     New ones; ``rejected`` stays that of the whole.
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
        Ok(Self { book, rejected: Arc::clone(&self.rejected), counted: Counted::default() })
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

    /// What is pending, by age, in each group.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// by : str, optional
    ///     ``unit``, ``category``, ``priority``, ``reason`` or a column of ``groups``; ``unit`` if absent.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent. Working days are those of a rulebook (`Cases.under`).
    /// cuts : list of int, optional
    ///     Where a band of ages ends, in days; 7, 15, 31 if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.pendency`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, by = None, rule = None, cuts = None))]
    fn pendency(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        by: Option<Arg<String>>,
        rule: Option<Arg<String>>,
        cuts: Option<Arg<Vec<u32>>>,
    ) -> PyResult<Table> {
        let (by, rule) = (by_of(by)?, rule_of(rule)?);
        let cuts = Arg::if_given(cuts, "cuts")?;
        let asked = Asked { as_of: as_of.named("as_of")?, by: &by, rule: rule.as_str(), cuts };
        self.ask(py, |cases| cases.book.pendency_of(&*cases.part(&asked)?, &asked))
    }

    /// How long the disposed took, in days, in each group.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// by : str, optional
    ///     ``unit``, ``category``, ``priority``, ``reason`` or a column of ``groups``; ``unit`` if absent.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent. Working days are those of a rulebook (`Cases.under`).
    /// percentiles : list of float, optional
    ///     From 0 to 100; 50 and 90 if absent.
    /// within : list of int, optional
    ///     Whole days; 30 if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.durations`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, by = None, rule = None, percentiles = None, within = None))]
    fn durations(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        by: Option<Arg<String>>,
        rule: Option<Arg<String>>,
        percentiles: Option<Arg<Vec<f64>>>,
        within: Option<Arg<Vec<u32>>>,
    ) -> PyResult<Table> {
        let (by, rule) = (by_of(by)?, rule_of(rule)?);
        let asked = Asked { by: &by, rule: rule.as_str(), ..Asked::of(as_of.named("as_of")?) };
        let percentiles = Arg::if_given(percentiles, "percentiles")?;
        let within = Arg::if_given(within, "within")?;
        let lengths = Lengths::of(percentiles.as_deref(), within.as_deref()).map_err(Fault::from)?;
        self.ask(py, |cases| Casebook::durations_of(&*cases.part(&asked)?, &asked, &lengths))
    }

    /// The part of the cases that takes longer than so many days: open cases count as far as they go.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// unit : str, optional
    ///     Of one office alone.
    /// percentiles : list of float, optional
    ///     From 0 to 100, each in ``about``; the median is there always.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.kaplan_meier`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, unit = None, percentiles = None))]
    fn kaplan_meier(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        unit: Option<Arg<String>>,
        percentiles: Option<Arg<Vec<f64>>>,
    ) -> PyResult<Table> {
        let (as_of, unit) = (as_of.named("as_of")?, Arg::if_given(unit, "unit")?);
        let percentiles = Arg::if_given(percentiles, "percentiles")?;
        self.ask(py, |cases| cases.book.kaplan_meier(as_of, unit.as_deref(), percentiles.as_deref()))
    }

    /// How often cases came back, moved, were late and satisfied, in each group.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// by : str, optional
    ///     ``unit``, ``category``, ``priority``, ``reason`` or a column of ``groups``; ``unit`` if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.rates`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, by = None))]
    fn rates(&self, py: Python<'_>, as_of: Arg<NaiveDate>, by: Option<Arg<String>>) -> PyResult<Table> {
        let by = by_of(by)?;
        let asked = Asked { by: &by, ..Asked::of(as_of.named("as_of")?) };
        self.ask(py, |cases| cases.book.rates(&asked))
    }

    /// With which reasons cases were disposed of, and what that did for the complainants, in each group.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// by : str, optional
    ///     ``unit``, ``category``, ``priority``, ``reason`` or a column of ``groups``; ``unit`` if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.closures`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, by = None))]
    fn closures(&self, py: Python<'_>, as_of: Arg<NaiveDate>, by: Option<Arg<String>>) -> PyResult<Table> {
        let by = by_of(by)?;
        let asked = Asked { by: &by, ..Asked::of(as_of.named("as_of")?) };
        self.ask(py, |cases| cases.book.closures(&asked))
    }

    /// Groups of which more or fewer cases came lately than chance brings.
    ///
    /// Parameters
    /// ----------
    /// until : date
    ///     Of the weeks of seven days that end before this day.
    /// by : str, optional
    ///     As in `pendency`; ``category`` if absent.
    /// weeks : int, optional
    ///     So many of them, from 4 to 260; 13 if absent.
    /// at_most : float, optional
    ///     How often chance alone may name a group; 0.01 if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.trends`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, until, by = None, weeks = None, at_most = None))]
    fn trends(
        &self,
        py: Python<'_>,
        until: Arg<NaiveDate>,
        by: Option<Arg<String>>,
        weeks: Option<Arg<u32>>,
        at_most: Option<Arg<f64>>,
    ) -> PyResult<Table> {
        let (until, by) = (until.named("until")?, Arg::or(by, "by", "category")?);
        let (weeks, at_most) = (Arg::or(weeks, "weeks", 13_u32)?, Arg::or(at_most, "at_most", 0.01)?);
        self.ask(py, |cases| cases.book.trends(until, &by, weeks, at_most))
    }

    /// What came in and went out in each week, month or financial year.
    ///
    /// Parameters
    /// ----------
    /// since : date
    ///     From the period that has this day.
    /// until : date
    ///     To the one that has this.
    /// period : str, optional
    ///     ``week`` (from Monday), ``month`` or ``financial_year`` (from 1 April); ``month`` if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.flow`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, since, until, period = None))]
    fn flow(
        &self,
        py: Python<'_>,
        since: Arg<NaiveDate>,
        until: Arg<NaiveDate>,
        period: Option<Arg<String>>,
    ) -> PyResult<Table> {
        let (since, until) = (since.named("since")?, until.named("until")?);
        let period = Arg::or(period, "period", "month")?;
        self.ask(py, |cases| cases.book.flow(since, until, &period))
    }

    /// Offices under an index: each term's value and score, the score, the place.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// index : str or dict
    ///     The code of an index that comes with the library (`indexes`), or a definition.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent. Working days are those of a rulebook (`Cases.under`).
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.disposal_index`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, index, rule = None))]
    fn board(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        index: &Bound<'_, PyAny>,
        rule: Option<Arg<String>>,
    ) -> PyResult<Table> {
        let definition = definition(index)?;
        let rule = rule_of(rule)?;
        let asked = Asked { rule: rule.as_str(), ..Asked::of(as_of.named("as_of")?) };
        self.ask(py, |cases| cases.book.board_of(&*cases.part(&asked)?, &asked, &definition))
    }

    /// The weekly statement; all of ``mis.json`` is in ``about``.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent. Working days are those of a rulebook (`Cases.under`).
    ///
    /// Returns
    /// -------
    /// Table
    ///     The columns are those of `grievance.mis`.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, rule = None))]
    fn mis(&self, py: Python<'_>, as_of: Arg<NaiveDate>, rule: Option<Arg<String>>) -> PyResult<Table> {
        let rule = rule_of(rule)?;
        let asked = Asked { rule: rule.as_str(), ..Asked::of(as_of.named("as_of")?) };
        self.ask(py, |cases| Ok(cases.book.mis(&asked)?.sheet()))
    }

    /// ``mis.json``, byte for byte as every language writes it.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the cases, is counted.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent. Working days are those of a rulebook (`Cases.under`).
    ///
    /// Returns
    /// -------
    /// str
    ///     Canonical JSON.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of range.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, rule = None))]
    fn mis_json(&self, py: Python<'_>, as_of: Arg<NaiveDate>, rule: Option<Arg<String>>) -> PyResult<String> {
        let rule = rule_of(rule)?;
        let asked = Asked { rule: rule.as_str(), ..Asked::of(as_of.named("as_of")?) };
        Ok(detached(py, || Ok::<_, NotAsked>(self.book.mis(&asked)?.to_json()))?)
    }

    /// The indexes that come with the library. All are ours, none is official.
    ///
    /// Returns
    /// -------
    /// list of tuple of str and str
    ///     Code and name.
    #[staticmethod]
    fn indexes() -> Vec<(String, String)> {
        shipped().into_iter().map(|index| (index.code, index.name)).collect()
    }
}

/// A definition by its code, or as a dict.
fn definition(index: &Bound<'_, PyAny>) -> PyResult<Definition> {
    let unread = |problem| Fault::new(ErrorCode::InvalidCommand, "index", problem);
    if let Ok(document) = index.cast::<PyDict>() {
        let text = json(document).map_err(|problem| problem.within("index"))?;
        return Ok(Definition::from_json(&text).map_err(unread)?);
    }
    if !index.is_instance_of::<PyString>() {
        return Err(Wrong::kind("a str or a dict", index).at("index").into());
    }
    let code = String::of(index).map_err(|wrong| wrong.at("index"))?;
    Ok(index_of(&code).map_err(Fault::from)?)
}

fn by_of(by: Option<Arg<String>>) -> Result<String, Fault> {
    Arg::or(by, "by", "unit")
}

/// What counts as a day of age: calendar days where nobody says.
pub(crate) fn rule_of(rule: Option<Arg<String>>) -> Result<AgeRule, Fault> {
    Ok(age_rule(&Arg::or(rule, "rule", "calendar")?)?)
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

/// The weekly statement of the cases that somebody sees, as it is to be shown.
pub(crate) fn mis<T: Send>(
    asks: &Acting,
    py: Python<'_>,
    as_of: NaiveDate,
    rule: AgeRule,
    shown: impl FnOnce(&Mis) -> T + Send,
) -> PyResult<T> {
    let as_of = within_calendar(as_of).map_err(Fault::from)?;
    asks.ask(py, |acting| Ok(shown(&acting.mis(as_of, rule)?)))
}

/// The same as a page of HTML, with the reasons by their names.
pub(crate) fn mis_page(
    asks: &Acting,
    py: Python<'_>,
    as_of: NaiveDate,
    rule: AgeRule,
    title: &str,
) -> PyResult<String> {
    let rulebook = asks.desk.get().0.ask(py, |desk| desk.rulebook(asks.terms.now))?;
    mis(asks, py, as_of, rule, |mis| page::mis_page(mis, title, &rulebook))
}
