//! Measures of cases, counted by the core.

use crate::acting::Acting;
use crate::cases::Cases;
use crate::convert::{Arg, Readable as _, Wrong};
use crate::document::json;
use crate::fault::{Fault, detached};
use crate::frame::Table;
use chrono::NaiveDate;
use grievance_core::ErrorCode;
use grievance_core::measure::answer::sheet::NotAsked;
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::sheets::{Asked, Lengths, index_of, rule as age_rule, within_calendar};
use grievance_core::measure::index::{Definition, shipped};
use grievance_core::measure::statement::Mis;
use grievance_core::render::mis as page;
use grievance_core::vocabulary::AgeRule;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

#[pymethods]
impl Cases {
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
