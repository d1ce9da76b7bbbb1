//! A measure's answer in columns: the same names, in the same order, in every language.

use crate::vocabulary::ErrorCode;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

/// The cells of one column. What is not known is `None`, never 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Codes and names.
    Text(Vec<Option<String>>),
    /// Whole numbers: cases, days, places.
    Count(Vec<Option<i64>>),
    /// Days, shares and scores; never NaN.
    Number(Vec<Option<f64>>),
    /// Days of the calendar in the zone of the cases.
    Day(Vec<Option<NaiveDate>>),
}

impl Cells {
    /// Of each of some things its count.
    pub(crate) fn counts<T>(of: &[T], each: impl Fn(&T) -> Option<u64>) -> Self {
        // A count of cases is far below 2^63.
        Self::Count(of.iter().map(|one| each(one).and_then(|count| i64::try_from(count).ok())).collect())
    }

    pub(crate) fn numbers<T>(of: &[T], each: impl Fn(&T) -> Option<f64>) -> Self {
        Self::Number(of.iter().map(each).collect())
    }

    pub(crate) fn texts<T>(of: &[T], each: impl Fn(&T) -> Option<String>) -> Self {
        Self::Text(of.iter().map(each).collect())
    }

    pub(crate) fn days<T>(of: &[T], each: impl Fn(&T) -> Option<NaiveDate>) -> Self {
        Self::Day(of.iter().map(each).collect())
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Day(cells) => cells.len(),
        }
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A cell as JSON; `null` for what is not known and beyond the end.
    fn json(&self, row: usize) -> Value {
        match self {
            Self::Text(cells) => json!(cells.get(row).cloned().flatten()),
            Self::Count(cells) => json!(cells.get(row).copied().flatten()),
            Self::Number(cells) => json!(cells.get(row).copied().flatten()),
            Self::Day(cells) => json!(cells.get(row).copied().flatten()),
        }
    }
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetColumn {
    /// Its name: a fixed word, a band in words, or the code of an index's term with what is said of it.
    pub name: Cow<'static, str>,
    /// Its cells, a row each.
    pub cells: Cells,
}

/// The answer of a measure as a table: columns of one length, and what is said of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The columns in their order. The first says what a row is about.
    pub columns: Vec<SheetColumn>,
    /// What was asked, and what is said of the whole.
    pub about: Value,
}

impl Sheet {
    pub(crate) fn new(about: Value) -> Self {
        Self { columns: Vec::new(), about }
    }

    pub(crate) fn with(mut self, name: impl Into<Cow<'static, str>>, cells: Cells) -> Self {
        self.columns.push(SheetColumn { name: name.into(), cells });
        self
    }

    /// A column of counts, and of their shares under its name with `_share` behind it.
    pub(crate) fn pair(self, name: &'static str, (counts, shares): (Cells, Cells)) -> Self {
        self.with(name, counts).with(format!("{name}_share"), shares)
    }

    /// The sheet, if no column bears the name by which its rows are grouped.
    pub(crate) fn distinct(self) -> Result<Self, NotAsked> {
        let mut names = self.columns.iter().map(|column| &column.name);
        match names.next() {
            Some(first) if names.any(|other| other == first) => {
                Err(NotAsked::of("by", "the answer has a column of that name: give the host's another"))
            }
            _ => Ok(self),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&Cells> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.cells)
    }

    /// The rows, each as an object of its cells by the names of the columns.
    pub fn objects(&self) -> Vec<Map<String, Value>> {
        let cell = |column: &SheetColumn, row| (column.name.to_string(), column.cells.json(row));
        (0..self.rows()).map(|row| self.columns.iter().map(|column| cell(column, row)).collect()).collect()
    }
}

/// A question that cannot be answered as it was put, or an argument that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct NotAsked {
    /// The code every binding reports for this failure.
    pub code: ErrorCode,
    /// The argument or the column that is to blame.
    pub place: String,
    /// What is wrong with it.
    pub problem: String,
    /// What may help, where the library has a guess.
    pub hint: Option<String>,
}

impl NotAsked {
    /// Reads an identity, a code or a word of a closed list that stood at a place.
    pub(crate) fn read<T: FromStr<Err: Display>>(place: &str, text: &str) -> Result<T, Self> {
        text.parse().map_err(|problem| Self::of(place, problem))
    }

    pub(crate) fn of(place: &str, problem: impl Display) -> Self {
        Self {
            code: ErrorCode::InvalidCommand,
            place: place.to_owned(),
            problem: problem.to_string(),
            hint: None,
        }
    }

    pub(crate) fn code(self, code: ErrorCode) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }
}
