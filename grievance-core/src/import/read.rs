//! Reading a file of case records, one row after the other.

use crate::import::bytes::NotText;
use crate::import::case::ImportedCase;
use crate::import::map::{ColumnMap, MapInvalid};
use crate::import::reject::Reject;
use crate::import::row::{Fault, Layout, Line};
use crate::import::split::{Cut, Fields, MOST_FIELDS, Splitter};
use crate::kernel::unseen::in_text;
use crate::vocabulary::ErrorCode;
use chrono::TimeDelta;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::io::Read;

/// Most bytes of an overlong row that a reject keeps of each field.
const SHOWN: usize = 200;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// A closing at most this much before the lodging counts as at lodging, with a warning;
    /// beyond it the row is rejected. Two minutes by default; zero rejects any.
    pub skew: TimeDelta,
    /// Longest field in bytes; a row with a longer one is rejected. 1,000,000 by default.
    pub field_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { skew: TimeDelta::minutes(2), field_bytes: 1_000_000 }
    }
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// The map names columns that the file does not have, or has twice.
    #[error(transparent)]
    Map(#[from] MapInvalid),
    /// The file is empty, damaged at its very beginning, or no text that we read.
    #[error("{0}")]
    File(String),
}

impl CannotOpen {
    /// The code that every language reports.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Map(invalid) => invalid.code(),
            Self::File(_) => ErrorCode::FileInvalid,
        }
    }
}

/// One record of a file.
#[derive(Clone, Debug)]
pub enum Row {
    /// It can be used.
    Accepted(Box<ImportedCase>),
    /// It cannot.
    Rejected(Box<Reject>),
}

/// Reads a CSV file, plain or gzip, with a header; an iterator of [`Row`]s.
///
/// A number belongs to the first row of the file that has it, even if that row is rejected for
/// another fault: later rows with it are rejected. Memory stays bounded by the limits of
/// [`Options`] and the numbers seen. A file that ends too early (gzip cut short, a quote never
/// closed) gives the rows before, and one reject with the code `file_invalid` for the rest.
///
/// # Examples
///
/// ```
/// use grievance_core::import::{map::ColumnMap, read::{Options, Reader, Row}};
///
/// let map = ColumnMap::from_toml(r#"
///     source = "riverton"
///     zone = "UTC"
///     units = "from-file"
///     columns = { number = "Id", lodged = "Opened", disposed = "Closed", unit = "Office" }
/// "#)?;
/// let file = "Id,Opened,Closed,Office\n1,2026-11-02,,Works\n2,2026-11-31,,Works\n";
/// let rows: Vec<Row> = Reader::open(file.as_bytes(), &map, Options::default())?.collect();
/// assert!(matches!(&rows[0], Row::Accepted(case) if case.number == "1" && case.unit_value == "Works"));
/// assert!(matches!(&rows[1], Row::Rejected(reject) if reject.record == 2 && reject.column.as_deref() == Some("Opened")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Reader<'r> {
    layout: Layout<'r>,
    splitter: Splitter<'r>,
    fields: Fields,
    record: u64,
    first: HashMap<SmolStr, u64>,
    ended: bool,
}

impl<'r> Reader<'r> {
    /// Opens a file: unpacks gzip (told by its magic bytes), drops a UTF-8 byte order mark, reads
    /// the header and finds the map's columns in it.
    ///
    /// # Errors
    ///
    /// [`CannotOpen`] when the file has no readable header, or lacks a column of the map.
    pub fn open(from: impl Read + 'r, map: &'r ColumnMap, options: Options) -> Result<Self, CannotOpen> {
        let from = crate::import::bytes::open(from).map_err(|why| {
            CannotOpen::File(match why {
                NotText::Utf16 => "the file is UTF-16; save it as UTF-8".to_owned(),
                NotText::Unreadable(error) => format!("the file cannot be read: {}", error.kind()),
            })
        })?;
        let mut splitter = Splitter::new(from, map.delimiter, options.field_bytes);
        let mut fields = Fields::default();
        let file = |sentence: &str| Err(CannotOpen::File(sentence.to_owned()));
        match splitter.next(&mut fields) {
            Cut::Record => {}
            Cut::End => return file("the file is empty"),
            Cut::Unclosed => return file("the header has a quote that is never closed"),
            Cut::Broken => return file("the file breaks off in its header"),
        }
        if fields.count > MOST_FIELDS || fields.overlong.is_some() {
            return file("the first line is too long to be a header");
        }
        if fields.bytes().contains(&0) {
            return file("the header has NUL bytes; the file is no UTF-8 text");
        }
        let header = fields.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let layout = Layout::new(map, options, header)?;
        Ok(Self { layout, splitter, fields, record: 0, first: HashMap::new(), ended: false })
    }

    /// The map that it reads by.
    pub fn column_map(&self) -> &'r ColumnMap {
        self.layout.map()
    }

    /// The names of the file's columns.
    pub fn header(&self) -> &[String] {
        self.layout.header()
    }

    /// The fields of the row that was read last, with a NUL between two. An accepted row has no
    /// NUL of its own.
    pub(crate) fn original(&self) -> Vec<u8> {
        let mut row = Vec::with_capacity(self.fields.bytes().len() + self.fields.count);
        for (at, field) in self.fields.iter().enumerate() {
            if at > 0 {
                row.push(0);
            }
            row.extend_from_slice(field);
        }
        row
    }

    /// How many records have been read.
    pub const fn records(&self) -> u64 {
        self.record
    }

    fn row(&mut self) -> Result<ImportedCase, Fault> {
        let bad = |column, sentence: String| Fault { column, code: ErrorCode::RowInvalid, sentence };
        let expected = self.layout.header().len();
        if let Some(column) = self.fields.overlong {
            let sentence = "a field is longer than an import takes".to_owned();
            return Err(bad(Some(column).filter(|at| *at < expected), sentence));
        }
        if self.fields.count != expected {
            let sentence = format!("the row has {} fields, the header has {expected}", self.fields.count);
            return Err(bad(None, sentence));
        }
        let ends = self.fields.ends();
        if self.fields.bytes().contains(&0) {
            let column = self.fields.iter().position(|field| field.contains(&0));
            return Err(bad(column, "a NUL byte".to_owned()));
        }
        let text = std::str::from_utf8(self.fields.bytes())
            .ok()
            .filter(|text| ends.iter().all(|end| text.is_char_boundary(*end)));
        let Some(text) = text else {
            let column = self.fields.iter().position(|field| std::str::from_utf8(field).is_err());
            return Err(bad(column, "the text is not UTF-8".to_owned()));
        };
        let line = Line { text, ends };
        if let Err(unseen) = in_text(text) {
            let column = self
                .fields
                .iter()
                .position(|field| std::str::from_utf8(field).is_ok_and(|text| in_text(text).is_err()));
            return Err(bad(column, unseen.to_string()));
        }
        let number = self.layout.number(&line)?;
        match self.first.entry(SmolStr::new(number)) {
            std::collections::hash_map::Entry::Vacant(free) => free.insert(self.record),
            std::collections::hash_map::Entry::Occupied(taken) => {
                return Err(Fault {
                    column: Some(self.layout.number_column()),
                    code: ErrorCode::DuplicateNumber,
                    sentence: format!("record {} has the same number", taken.get()),
                });
            }
        };
        self.layout.case(self.record, number, &line)
    }

    fn reject(&self, fault: Fault) -> Row {
        let longest = if self.fields.overlong.is_some() { SHOWN } else { usize::MAX };
        let shown = |field: &[u8]| {
            let mut text = String::from_utf8_lossy(&field[..field.len().min(longest)]).into_owned();
            if field.len() > longest {
                text.push('…');
            }
            text
        };
        Row::Rejected(Box::new(Reject {
            record: self.record,
            column: fault.column.map(|at| self.layout.header()[at].clone()),
            code: fault.code,
            sentence: fault.sentence,
            original: self.fields.iter().map(shown).collect(),
        }))
    }
}

impl Iterator for Reader<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.ended {
            return None;
        }
        let cut = self.splitter.next(&mut self.fields);
        self.ended = !matches!(cut, Cut::Record);
        let sentence = match cut {
            Cut::End => return None,
            Cut::Record => {
                self.record += 1;
                return Some(match self.row() {
                    Ok(case) => Row::Accepted(Box::new(case)),
                    Err(fault) => self.reject(fault),
                });
            }
            Cut::Unclosed => "a quote is never closed: the file from here on cannot be read",
            Cut::Broken => "the file breaks off: what follows cannot be read",
        };
        self.record += 1;
        let sentence = sentence.to_owned();
        Some(self.reject(Fault { column: None, code: ErrorCode::FileInvalid, sentence }))
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("record", &self.record).finish_non_exhaustive()
    }
}
