//! What a measure answers: a small table that any dataframe takes, dicts take and a notebook shows.

use crate::convert::{Json, Listed};
use crate::fault::Fault;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use arrow_schema::{Field, Schema};
use chrono::NaiveDate;
use grievance_core::ErrorCode;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use std::fmt::Write as _;
use std::sync::Arc;

/// A column.
#[derive(Clone)]
pub(crate) enum Cells {
    Text(Vec<Option<String>>),
    Count(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    Day(Vec<Option<NaiveDate>>),
}

/// A count of cases: far below 2^63.
pub(crate) fn count(of: u64) -> Option<i64> {
    i64::try_from(of).ok()
}

/// A row of the data that was not counted, and why. It says where, never what was in it.
#[pyclass(frozen, get_all, module = "grievance")]
#[derive(Clone)]
pub(crate) struct Rejected {
    /// Which row, from 0, in the order of the data.
    pub(crate) row: u64,
    /// The column.
    pub(crate) column: String,
    /// A word of `ErrorCode`.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) problem: String,
}

#[pymethods]
impl Rejected {
    fn __repr__(&self) -> String {
        format!("Rejected(row={}, column={:?}, code='{}')", self.row, self.column, self.code)
    }
}

/// The answer of a measure: columns of one length, and the rows that could not be counted.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Table {
    pub(crate) columns: Vec<(String, Cells)>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) about: Json,
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Day(cells) => cells.len(),
        }
    }

    fn array(&self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(cells.iter().map(Option::as_deref).collect::<StringArray>()),
            Self::Count(cells) => Arc::new(Int64Array::from(cells.clone())),
            Self::Number(cells) => Arc::new(Float64Array::from(cells.clone())),
            Self::Day(cells) => {
                let days = |day: &NaiveDate| i32::try_from((*day - EPOCH).num_days()).ok();
                Arc::new(cells.iter().map(|day| day.as_ref().and_then(days)).collect::<Date32Array>())
            }
        }
    }

    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Text(cells) => cells.into_bound_py_any(py),
            Self::Count(cells) => cells.into_bound_py_any(py),
            Self::Number(cells) => cells.into_bound_py_any(py),
            Self::Day(cells) => cells.into_bound_py_any(py),
        }
    }

    /// A cell as a page shows it; nothing for what is not known.
    fn shown(&self, row: usize) -> String {
        let shown = match self {
            Self::Text(cells) => cells[row].as_deref().map(escaped),
            Self::Count(cells) => cells[row].map(|count| count.to_string()),
            Self::Number(cells) => cells[row].map(|number| format!("{number:.3}")),
            Self::Day(cells) => cells[row].map(|day| day.to_string()),
        };
        shown.unwrap_or_default()
    }

    const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day of the calendar");
/// Rows that a notebook shows.
const SHOWN: usize = 60;

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

impl Table {
    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }

    fn batch(&self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let arrays: Vec<ArrayRef> = self.columns.iter().map(|(_, cells)| cells.array()).collect();
        let field = |(name, array): (&String, &ArrayRef)| Field::new(name, array.data_type().clone(), true);
        let fields: Vec<Field> = self.columns.iter().map(|(name, _)| name).zip(&arrays).map(field).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The rows of the data that were not counted, each with its place and what is wrong with it.
    #[getter]
    fn rejected(&self) -> Vec<Rejected> {
        self.rejected.clone()
    }

    /// What was asked, and what is said of the whole.
    #[getter]
    fn about(&self) -> Json {
        self.about.clone()
    }

    /// The columns by name, each a list; what is not known is None.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        self.columns.iter().try_for_each(|(name, cells)| dict.set_item(name, cells.python(py)?))?;
        Ok(dict)
    }

    /// The rows, each a dict.
    fn rows_as_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|(name, cells)| Ok((name, cells.python(py)?)))
            .collect::<PyResult<_>>()?;
        let rows = PyList::empty(py);
        for row in 0..self.rows() {
            let dict = PyDict::new(py);
            columns.iter().try_for_each(|(name, cells)| dict.set_item(name, cells.get_item(row)?))?;
            rows.append(dict)?;
        }
        Ok(rows)
    }

    /// Some of the columns, in the order in which they are named.
    fn select(&self, columns: Listed<String>) -> PyResult<Self> {
        let named = |name: &String| {
            let found = self.columns.iter().find(|(own, _)| own == name).cloned();
            found.ok_or_else(|| Fault::new(ErrorCode::InvalidCommand, name, "the table has no such column"))
        };
        let columns = columns.0.iter().map(named).collect::<Result<_, _>>()?;
        Ok(Self { columns, rejected: self.rejected.clone(), about: self.about.clone() })
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __repr__(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        format!("Table({} rows: {}; {} rejected)", self.rows(), names.join(", "), self.rejected.len())
    }

    /// The table as a page of HTML, for a notebook.
    fn _repr_html_(&self) -> String {
        let mut page = String::from("<table><thead><tr>");
        for (name, _) in &self.columns {
            let _ = write!(page, "<th>{}</th>", escaped(name));
        }
        page.push_str("</tr></thead><tbody>");
        for row in 0..self.rows().min(SHOWN) {
            page.push_str("<tr>");
            for (_, cells) in &self.columns {
                let side = if cells.is_text() { "left" } else { "right" };
                let _ = write!(page, "<td style=\"text-align:{side}\">{}</td>", cells.shown(row));
            }
            page.push_str("</tr>");
        }
        let _ = write!(page, "</tbody></table><p>{} rows", self.rows());
        if !self.rejected.is_empty() {
            let _ = write!(page, ", {} rows of the data rejected", self.rejected.len());
        }
        page.push_str("</p>");
        page
    }

    /// The table as an Arrow stream: `polars.DataFrame(table)`, `pyarrow.table(table)`.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer answer with its own schema; the consumer casts.
        let _ = requested_schema;
        let failed = |problem: arrow_schema::ArrowError| PyRuntimeError::new_err(problem.to_string());
        let batch = self.batch().map_err(failed)?;
        let schema = batch.schema();
        let reader = RecordBatchIterator::new([Ok(batch)], schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}
