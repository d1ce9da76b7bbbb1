//! Cases of a dataframe or a desk, counted.

use crate::acting::Terms as Asks;
use crate::arrow::{batches, guarded};
use crate::convert::{Instant, Json, Kept, Listed, read};
use crate::fault::Fault;
use crate::frame::{Cells, Rejected, Table, count};
use crate::rows::{Mapping, nearest, taken};
use arrow_array::RecordBatch;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::time::start_of_day;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::column::Column;
use grievance_core::measure::cases::period::Period;
use grievance_core::measure::cases::survival::Z_95;
use grievance_core::measure::cases::table;
use grievance_core::measure::cases::tally::{Part, Tally};
use grievance_core::measure::index::{Board, Definition, Graded, shipped};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::measure::statement::{Figures, Mis};
use grievance_core::vocabulary::AgeRule;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;
use std::collections::BTreeMap;

/// Many cases in columns, read once and asked often.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Cases {
    cases: table::Cases,
    rejected: Vec<Rejected>,
}

fn zone(place: &str, name: &str) -> Result<Tz, Fault> {
    name.parse().map_err(|_| Fault::new(ErrorCode::InvalidCommand, place, "is no IANA time zone"))
}

/// As of which day, by which rule, in which bands.
fn terms(cases: &table::Cases, day: NaiveDate, rule: &str, cuts: Option<Vec<u32>>) -> PyResult<Terms> {
    let rule: AgeRule = read("rule", rule)?;
    let terms = Terms::new(near(day)?, cases.zone(), rule);
    let Some(cuts) = cuts else { return Ok(terms) };
    let bands =
        PendencyBands::new(cuts).map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "cuts", problem))?;
    Ok(terms.with_bands(bands))
}

impl Cases {
    fn column(&self, by: &str) -> Result<&Column, Fault> {
        match by {
            "unit" => Ok(self.cases.unit()),
            "category" => Ok(self.cases.category()),
            "priority" => Ok(self.cases.priority()),
            "reason" => Ok(self.cases.reason()),
            _ => Err(Fault::new(ErrorCode::InvalidCommand, "by", "cases are not grouped by that")
                .hint("one of unit, category, priority, reason")),
        }
    }

    fn part(&self, by: &str, terms: &Terms) -> Result<Part, Fault> {
        let fits = |problem| Fault::new(ErrorCode::InvalidCommand, "by", problem);
        self.cases.count(self.column(by)?, None, terms).map_err(fits)
    }

    fn table(&self, columns: Vec<(String, Cells)>, about: serde_json::Value) -> Table {
        Table { columns, rejected: self.rejected.clone(), about: Json(about) }
    }
}

/// The groups in the order of their codes; last the cases without one, where there are any.
fn groups(part: &Part) -> Vec<(Option<String>, &Tally)> {
    let named = part.groups().iter().map(|(code, tally)| (Some(code.to_string()), tally));
    let without = (part.without().received > 0).then(|| (None, part.without()));
    named.chain(without).collect()
}

fn counts<T>(of: &[(Option<String>, T)], each: impl Fn(&T) -> u64) -> Cells {
    Cells::Count(of.iter().map(|(_, one)| count(each(one))).collect())
}

fn numbers<T>(of: &[(Option<String>, T)], each: impl Fn(&T) -> Option<f64>) -> Cells {
    Cells::Number(of.iter().map(|(_, one)| each(one)).collect())
}

fn names<T>(of: &[(Option<String>, T)]) -> Cells {
    Cells::Text(of.iter().map(|(name, _)| name.clone()).collect())
}

#[pymethods]
impl Cases {
    /// Reads any object that has `__arrow_c_stream__`.
    ///
    /// `columns` maps fields to columns; a field that is not named is sought under its own name. Days
    /// are counted in `zone`. Timestamps without a zone are refused unless `naive` says in which they
    /// were written. What lies after `until` is rejected.
    #[staticmethod]
    #[pyo3(name = "read", signature = (data, columns = None, *, zone, naive = None, until = None))]
    fn of_data(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        columns: Option<BTreeMap<String, String>>,
        zone: &str,
        naive: Option<&str>,
        until: Option<Instant>,
    ) -> PyResult<Self> {
        let zone = self::zone("zone", zone)?;
        let naive = naive.map(|name| self::zone("naive", name)).transpose()?;
        let batches = batches(data)?;
        let columns = columns.unwrap_or_default();
        let until = until.map_or(DateTime::<Utc>::MAX_UTC, |until| until.0);
        Ok(py.detach(|| {
            guarded(|| {
                let schema = batches.first().map(RecordBatch::schema);
                let Some(schema) = schema else {
                    return Ok(Self { cases: table::Cases::new(zone), rejected: Vec::new() });
                };
                let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
                let map = Mapping::of(&columns, &names)?;
                let (cases, rejected) = taken(&batches, &map, (zone, naive), until)?;
                Ok(Self { cases, rejected })
            })
        })?)
    }

    /// The rows that were not taken, each with its place and what is wrong with it.
    #[getter]
    fn rejected(&self) -> Vec<Rejected> {
        self.rejected.clone()
    }

    /// The zone in which days are counted.
    #[getter]
    fn zone(&self) -> &'static str {
        self.cases.zone().name()
    }

    fn __len__(&self) -> usize {
        self.cases.len()
    }

    fn __repr__(&self) -> String {
        format!("Cases({} cases, {} rejected)", self.cases.len(), self.rejected.len())
    }

    /// What is pending, by age, in each group.
    #[pyo3(signature = (*, as_of, by = "unit", rule = "calendar", cuts = None))]
    fn pendency(
        &self,
        py: Python<'_>,
        as_of: NaiveDate,
        by: &str,
        rule: &str,
        cuts: Option<Listed<u32>>,
    ) -> PyResult<Table> {
        let cuts = cuts.map(|cuts| cuts.0);
        let terms = terms(&self.cases, as_of, rule, cuts.clone())?;
        let bands = cuts.map_or_else(|| Ok(PendencyBands::default()), PendencyBands::new);
        let labels = bands.map(|bands| bands.labels()).unwrap_or_default();
        let part = py.detach(|| self.part(by, &terms))?;
        let groups = groups(&part);
        let mut columns = vec![
            (by.to_owned(), names(&groups)),
            ("received".to_owned(), counts(&groups, |tally| tally.received)),
            ("disposed".to_owned(), counts(&groups, |tally| tally.disposed)),
            ("closed_otherwise".to_owned(), counts(&groups, |tally| tally.closed_otherwise)),
            ("pending".to_owned(), counts(&groups, |tally| tally.pending())),
        ];
        columns.extend(
            labels
                .into_iter()
                .enumerate()
                .map(|(band, label)| (label, counts(&groups, |tally| tally.bands[band]))),
        );
        columns.push(("overdue".to_owned(), counts(&groups, |tally| tally.overdue)));
        let oldest =
            |tally: &Tally| tally.oldest_at().map(|at| at.with_timezone(&self.cases.zone()).date_naive());
        let oldest = groups.iter().map(|(_, tally)| oldest(tally)).collect();
        columns.push(("oldest_received_on".to_owned(), Cells::Day(oldest)));
        Ok(self.table(columns, json!({ "as_of": as_of, "rule": rule, "by": by })))
    }

    /// How long the disposed took, in days, in each group.
    #[pyo3(signature = (*, as_of, by = "unit", rule = "calendar"))]
    fn durations(&self, py: Python<'_>, as_of: NaiveDate, by: &str, rule: &str) -> PyResult<Table> {
        let terms = terms(&self.cases, as_of, rule, None)?;
        let part = py.detach(|| self.part(by, &terms))?;
        let groups = groups(&part);
        let columns = vec![
            (by.to_owned(), names(&groups)),
            ("disposed".to_owned(), counts(&groups, |tally| tally.durations.count())),
            ("mean_days".to_owned(), numbers(&groups, |tally| tally.durations.mean_days())),
            ("median_days".to_owned(), numbers(&groups, |tally| tally.durations.quantile_days(0.5))),
            ("p90_days".to_owned(), numbers(&groups, |tally| tally.durations.quantile_days(0.9))),
            ("within_30".to_owned(), counts(&groups, |tally| tally.durations.within(30).count)),
        ];
        Ok(self.table(columns, json!({ "as_of": as_of, "rule": rule, "by": by })))
    }

    /// The part of the cases that takes longer than so many days: open cases count as far as they go.
    #[pyo3(signature = (*, as_of, unit = None))]
    fn kaplan_meier(&self, py: Python<'_>, as_of: NaiveDate, unit: Option<&str>) -> PyResult<Table> {
        let terms = terms(&self.cases, as_of, "calendar", None)?;
        let survival = py.detach(|| {
            let chosen = unit.map(|unit| self.cases.chosen(self.cases.unit(), &[unit]));
            self.cases.survival(chosen.as_ref(), &terms)
        });
        let survival = survival.map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "as_of", problem))?;
        let curve = survival.curve(Z_95);
        let median = survival.quantile(0.5, Z_95);
        let columns = vec![
            ("days".to_owned(), Cells::Count(curve.iter().map(|still| Some(still.days)).collect())),
            ("share".to_owned(), Cells::Number(curve.iter().map(|still| Some(still.share)).collect())),
            ("lower".to_owned(), Cells::Number(curve.iter().map(|still| Some(still.lower)).collect())),
            ("upper".to_owned(), Cells::Number(curve.iter().map(|still| Some(still.upper)).collect())),
        ];
        let median = json!({ "days": median.days, "lower": median.lower, "upper": median.upper });
        Ok(self.table(columns, json!({ "as_of": as_of, "unit": unit, "median": median })))
    }

    /// What came in and went out in each week, month or financial year.
    #[pyo3(signature = (*, since, until, period = "month"))]
    fn flow(&self, py: Python<'_>, since: NaiveDate, until: NaiveDate, period: &str) -> PyResult<Table> {
        let divided = match period {
            "week" => Period::Week(chrono::Weekday::Mon),
            "month" => Period::Month,
            "financial_year" => Period::FinancialYear,
            _ => {
                return Err(Fault::new(ErrorCode::InvalidCommand, "period", "time is not divided by that")
                    .hint("one of week, month, financial_year")
                    .into());
            }
        };
        let lines = py.detach(|| self.cases.movements(divided, None).ledger(since, until));
        let column = |of: fn(&grievance_core::measure::cases::period::Line) -> u64| {
            Cells::Count(lines.iter().map(|line| count(of(line))).collect())
        };
        let columns = vec![
            ("start".to_owned(), Cells::Day(lines.iter().map(|line| Some(line.start)).collect())),
            ("brought_forward".to_owned(), column(|line| line.brought_forward)),
            ("received".to_owned(), column(|line| line.moved.received)),
            ("disposed".to_owned(), column(|line| line.moved.disposed)),
            ("closed_otherwise".to_owned(), column(|line| line.moved.closed_otherwise)),
            ("pending".to_owned(), column(|line| line.pending)),
        ];
        Ok(self.table(columns, json!({ "since": since, "until": until, "period": period })))
    }

    /// Offices under an index: each term's value and score, the score, the place.
    #[pyo3(signature = (*, as_of, index, rule = "calendar"))]
    fn board(
        &self,
        py: Python<'_>,
        as_of: NaiveDate,
        index: &Bound<'_, PyAny>,
        rule: &str,
    ) -> PyResult<Table> {
        let definition = definition(index)?;
        let terms = terms(&self.cases, as_of, rule, None)?;
        let part = py.detach(|| self.part("unit", &terms))?;
        let names: Vec<&str> = part.groups().keys().map(AsRef::as_ref).collect();
        let codes = codes(&names)?;
        let counted = part.groups().values().map(Tally::quantities);
        let board = Board::of(&definition, codes.iter().cloned().zip(counted), as_of, None);
        let board = board.map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "index", problem))?;
        let name = |graded: &Graded| {
            let place = codes.iter().position(|code| *code == graded.unit)?;
            names.get(place).map(ToString::to_string)
        };
        let offices = &board.offices;
        let mut columns = vec![
            ("unit".to_owned(), Cells::Text(offices.iter().map(name).collect())),
            ("group".to_owned(), Cells::Text(offices.iter().map(|graded| graded.group.clone()).collect())),
            ("score".to_owned(), Cells::Number(offices.iter().map(|graded| graded.score).collect())),
            (
                "rank".to_owned(),
                Cells::Count(offices.iter().map(|graded| graded.rank.map(Into::into)).collect()),
            ),
        ];
        for (place, term) in definition.terms.iter().enumerate() {
            let terms = || offices.iter().map(|graded| graded.terms.get(place));
            let code = &term.code;
            let whole = |of: Option<u64>| of.and_then(count);
            columns
                .push((format!("{code}_count"), Cells::Count(terms().map(|it| whole(it?.count)).collect())));
            columns.push((format!("{code}_of"), Cells::Count(terms().map(|it| whole(it?.of)).collect())));
            columns.push((format!("{code}_value"), Cells::Number(terms().map(|it| it?.value).collect())));
            columns.push((format!("{code}_score"), Cells::Number(terms().map(|it| it?.score).collect())));
        }
        let about = json!({ "as_of": as_of, "rule": rule, "definition": definition });
        Ok(self.table(columns, about))
    }

    /// The weekly statement; all of `mis.json` is in `about`.
    #[pyo3(signature = (*, as_of, rule = "calendar"))]
    fn mis(&self, py: Python<'_>, as_of: NaiveDate, rule: &str) -> PyResult<Table> {
        let terms = terms(&self.cases, as_of, rule, None)?;
        let mut names: Vec<&str> = self.cases.unit().codes().iter().map(AsRef::as_ref).collect();
        names.sort_unstable();
        let codes = codes(&names)?;
        let code = |name: &str| codes.get(names.binary_search(&name).ok()?).cloned();
        let part = py.detach(|| self.cases.statement(terms, code));
        let mut part = part.map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "zone", problem))?;
        part.reject(self.rejected.len() as u64);
        let printed: BTreeMap<&UnitCode, &str> = codes.iter().zip(names.iter().copied()).collect();
        let mis = part.finish(|code| printed.get(code).map_or_else(String::new, ToString::to_string));
        Ok(statement(&mis, self.rejected.clone()))
    }

    /// The indexes that come with the library: code and name. All are ours, none is official.
    #[staticmethod]
    fn indexes() -> Vec<(String, String)> {
        shipped().into_iter().map(|index| (index.code, index.name)).collect()
    }
}

/// Codes for the names of offices, which a dataframe may choose as it likes: the names, where all of them
/// are codes; else their places, so that what is ordered by code is in the order of names.
fn codes(names: &[&str]) -> Result<Vec<UnitCode>, Fault> {
    if let Ok(codes) = names.iter().map(|name| UnitCode::new(name)).collect::<Result<_, _>>() {
        return Ok(codes);
    }
    let codes = (0..names.len()).map(|place| UnitCode::new(&format!("u{place:09}")));
    let codes: Result<_, _> = codes.collect();
    codes.map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "unit", problem))
}

/// A definition by its code, or as a dict.
fn definition(index: &Bound<'_, PyAny>) -> PyResult<Definition> {
    let unread = |problem| Fault::new(ErrorCode::InvalidCommand, "index", problem);
    if let Ok(document) = index.cast::<PyDict>() {
        let text: String = index.py().import("json")?.call_method1("dumps", (document,))?.extract()?;
        return Ok(Definition::from_json(&text).map_err(unread)?);
    }
    let code: String = index.extract()?;
    let mut known = shipped();
    let Some(place) = known.iter().position(|index| index.code == code) else {
        let fault =
            Fault::new(ErrorCode::UnknownCode, "index", "no index of that code comes with the library");
        return Err(fault.may_hint(nearest(&code, known.iter().map(|index| index.code.as_str()))).into());
    };
    Ok(known.swap_remove(place))
}

fn near(as_of: NaiveDate) -> Result<NaiveDate, Fault> {
    let near = (1..=9_998).contains(&as_of.year());
    near.then_some(as_of)
        .ok_or_else(|| Fault::new(ErrorCode::DateInvalid, "as_of", "lies at the end of the calendar"))
}

/// The cases that somebody sees, as they stood on a day.
pub(crate) fn of_desk(asks: &Asks, py: Python<'_>, as_of: NaiveDate) -> PyResult<Cases> {
    let (as_of, zone) = (near(as_of)?, asks.zone(py)?);
    let at = start_of_day(as_of, zone);
    let facts: Kept<Vec<CaseFact>> = asks.ask(py, |acting| {
        let mut facts = Vec::new();
        acting.scan(&mut |history| {
            facts.extend(fact_as_of(history, at));
            true
        })?;
        Ok(facts)
    })?;
    let read = table::Cases::read_facts(zone, DateTime::<Utc>::MAX_UTC, facts.0);
    Ok(Cases { cases: read.cases, rejected: Vec::new() })
}

/// The weekly statement of the cases that somebody sees, an office a line; all of `mis.json` beside it.
pub(crate) fn mis(asks: &Asks, py: Python<'_>, as_of: NaiveDate, rule: &str) -> PyResult<Table> {
    let (as_of, zone, rule) = (near(as_of)?, asks.zone(py)?, read("rule", rule)?);
    let part: Kept<MisPart> = asks.ask(py, |acting| {
        let mut part = MisPart::new(Terms::new(as_of, zone, rule));
        let sealed = acting.scan(&mut |history| {
            part.add_history(history);
            true
        })?;
        part.seal(sealed);
        Ok(part)
    })?;
    let name = asks.names(py)?;
    let mis = part.0.finish(|unit| name.get(unit).cloned().unwrap_or_else(|| unit.to_string()));
    Ok(statement(&mis, Vec::new()))
}

/// A statement as a table, an office a line.
fn statement(mis: &Mis, rejected: Vec<Rejected>) -> Table {
    let lines: Vec<(Option<String>, &Figures)> =
        mis.units.iter().map(|unit| (Some(unit.unit.clone()), &unit.figures)).collect();
    let mut columns = vec![
        ("unit".to_owned(), names(&lines)),
        ("code".to_owned(), Cells::Text(mis.units.iter().map(|unit| Some(unit.code.to_string())).collect())),
        ("received".to_owned(), counts(&lines, |figures| figures.received)),
        ("disposed".to_owned(), counts(&lines, |figures| figures.disposed)),
        ("closed_otherwise".to_owned(), counts(&lines, |figures| figures.closed_otherwise)),
        ("pending".to_owned(), counts(&lines, |figures| figures.pending)),
    ];
    for (band, counted) in mis.all.bands.iter().enumerate() {
        columns.push((counted.label.clone(), counts(&lines, |figures| figures.bands[band].count)));
    }
    let days = |figures: &&Figures| figures.disposal_days.as_ref().map(|days| days.median);
    columns.push(("median_days".to_owned(), numbers(&lines, days)));
    columns.push(("within_30_days".to_owned(), numbers(&lines, |figures| figures.within_30_days)));
    Table { columns, rejected, about: Json::of(mis) }
}
