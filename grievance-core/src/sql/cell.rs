//! Values on their way into a row.

use crate::kernel::code::UnitCode;
use crate::sql::{SqlValue, row};
use uuid::Uuid;

/// A value on its way into a row, borrowed from where it is.
#[derive(Clone, Copy)]
pub enum Cell<'a> {
    Integer(i64),
    Text(&'a str),
    Blob(&'a [u8]),
    Id(Uuid),
    /// Offices, stored as one text.
    Units(&'a [UnitCode]),
    Null,
}

/// Shows what kind it is, never what it holds.
impl std::fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        SqlValue::from(*self).fmt(f)
    }
}

impl<'a> From<&'a SqlValue> for Cell<'a> {
    fn from(value: &'a SqlValue) -> Self {
        match value {
            SqlValue::Integer(number) => Self::Integer(*number),
            SqlValue::Text(text) => Self::Text(text),
            SqlValue::Blob(bytes) => Self::Blob(bytes),
            SqlValue::Null => Self::Null,
        }
    }
}

impl From<Cell<'_>> for SqlValue {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Integer(number) => Self::Integer(number),
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Blob(bytes) => Self::Blob(bytes.to_vec()),
            Cell::Id(id) => Self::Blob(id.as_bytes().to_vec()),
            Cell::Units(units) => Self::Text(row::barred(units)),
            Cell::Null => Self::Null,
        }
    }
}
