//! What a measure answers: a small table that any dataframe takes, dicts take and a notebook shows.

use crate::convert::{Arg, Json};
use crate::fault::{Fault, detached};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use arrow_schema::{Field, Schema};
use chrono::NaiveDate;
use grievance_core::ErrorCode;
use grievance_core::measure::answer::sheet::{Cells, Sheet, SheetColumn};
use grievance_core::measure::cases::told::{self, FieldMap};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use std::fmt::Write as _;
use std::sync::Arc;

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

impl Rejected {
    pub(crate) fn of(row: &told::Rejected, map: &FieldMap) -> Self {
        Self {
            row: row.row,
            column: map.name(row.field).to_owned(),
            code: row.code.as_str(),
            problem: row.problem.to_owned(),
        }
    }
}

#[pymethods]
impl Rejected {
    fn __repr__(&self) -> String {
        let Self { row, column, code, problem } = self;
        format!("Rejected(row={row}, column={column:?}, code='{code}', problem={problem:?})")
    }
}

/// The answer of a measure: columns of one length, and the rows that could not be counted.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Table {
    sheet: Sheet,
    rejected: Arc<Vec<Rejected>>,
}

fn array(cells: &Cells) -> ArrayRef {
    match cells {
        Cells::Text(cells) => Arc::new(cells.iter().map(Option::as_deref).collect::<StringArray>()),
        Cells::Count(cells) => Arc::new(Int64Array::from(cells.clone())),
        Cells::Number(cells) => Arc::new(Float64Array::from(cells.clone())),
        Cells::Day(cells) => {
            let days = |day: &NaiveDate| i32::try_from((*day - EPOCH).num_days()).ok();
            Arc::new(cells.iter().map(|day| day.as_ref().and_then(days)).collect::<Date32Array>())
        }
    }
}

fn list<'py>(cells: &Cells, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    match cells {
        Cells::Text(cells) => cells.into_bound_py_any(py),
        Cells::Count(cells) => cells.into_bound_py_any(py),
        Cells::Number(cells) => cells.into_bound_py_any(py),
        Cells::Day(cells) => cells.into_bound_py_any(py),
    }
}

/// A cell as a page shows it; nothing for what is not known.
fn shown(cells: &Cells, row: usize) -> String {
    let shown = match cells {
        Cells::Text(cells) => cells[row].as_deref().map(escaped),
        Cells::Count(cells) => cells[row].map(|count| count.to_string()),
        Cells::Number(cells) => cells[row].map(|number| format!("{number:.3}")),
        Cells::Day(cells) => cells[row].map(|day| day.to_string()),
    };
    shown.unwrap_or_default()
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
    pub(crate) const fn of(sheet: Sheet, rejected: Arc<Vec<Rejected>>) -> Self {
        Self { sheet, rejected }
    }

    fn batch(&self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let columns = &self.sheet.columns;
        let arrays: Vec<ArrayRef> = columns.iter().map(|column| array(&column.cells)).collect();
        let field = |(column, array): (&SheetColumn, &ArrayRef)| {
            Field::new(&*column.name, array.data_type().clone(), true)
        };
        let fields: Vec<Field> = columns.iter().zip(&arrays).map(field).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.sheet.columns.iter().map(|column| &*column.name).collect()
    }

    /// The rows of the data that were not counted, each with its place and what is wrong with it.
    #[getter]
    fn rejected(&self) -> Vec<Rejected> {
        self.rejected.to_vec()
    }

    /// What was asked, and what is said of the whole.
    #[getter]
    fn about(&self) -> Json {
        Json(self.sheet.about.clone())
    }

    /// The columns by name.
    ///
    /// Returns
    /// -------
    /// dict of str to list
    ///     What is not known is None, never 0.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let mut columns = self.sheet.columns.iter();
        columns.try_for_each(|column| dict.set_item(&column.name, list(&column.cells, py)?))?;
        Ok(dict)
    }

    /// The rows, each a dict.
    ///
    /// Returns
    /// -------
    /// list of dict
    ///     What is not known is None, never 0.
    fn rows_as_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let columns = self.sheet.columns.iter();
        let columns: Vec<_> =
            columns.map(|column| Ok((&column.name, list(&column.cells, py)?))).collect::<PyResult<_>>()?;
        let rows = PyList::empty(py);
        for row in 0..self.sheet.rows() {
            let dict = PyDict::new(py);
            columns.iter().try_for_each(|(name, cells)| dict.set_item(name, cells.get_item(row)?))?;
            rows.append(dict)?;
        }
        Ok(rows)
    }

    /// Some of the columns, in the order in which they are named.
    ///
    /// Parameters
    /// ----------
    /// columns : list of str
    ///     Their names.
    ///
    /// Returns
    /// -------
    /// Table
    ///     With the same ``about`` and ``rejected``.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` for a column that the table does not have.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn select(&self, columns: Arg<Vec<String>>) -> PyResult<Self> {
        let named = |name: &String| {
            let found = self.sheet.columns.iter().find(|column| column.name == *name).cloned();
            found.ok_or_else(|| Fault::new(ErrorCode::InvalidCommand, name, "the table has no such column"))
        };
        let columns = columns.named("columns")?.iter().map(named).collect::<Result<_, _>>()?;
        let sheet = Sheet { columns, about: self.sheet.about.clone() };
        Ok(Self { sheet, rejected: Arc::clone(&self.rejected) })
    }

    fn __len__(&self) -> usize {
        self.sheet.rows()
    }

    fn __repr__(&self) -> String {
        let names: Vec<_> = self.sheet.columns.iter().map(|column| &*column.name).collect();
        format!("Table({} rows: {}; {} rejected)", self.sheet.rows(), names.join(", "), self.rejected.len())
    }

    /// The table as a page of HTML, for a notebook.
    fn _repr_html_(&self) -> String {
        let mut page = String::from("<table><thead><tr>");
        for column in &self.sheet.columns {
            let _ = write!(page, "<th>{}</th>", escaped(&column.name));
        }
        page.push_str("</tr></thead><tbody>");
        for row in 0..self.sheet.rows().min(SHOWN) {
            page.push_str("<tr>");
            for SheetColumn { cells, .. } in &self.sheet.columns {
                let side = if matches!(cells, Cells::Text(_)) { "left" } else { "right" };
                let _ = write!(page, "<td style=\"text-align:{side}\">{}</td>", shown(cells, row));
            }
            page.push_str("</tr>");
        }
        let _ = write!(page, "</tbody></table><p>{} rows", self.sheet.rows());
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
        let failed = |problem| Fault::new(ErrorCode::Storage, "table", problem);
        let batch = detached(py, || self.batch().map_err(failed))?;
        let schema = batch.schema();
        let reader = RecordBatchIterator::new([Ok(batch)], schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}
