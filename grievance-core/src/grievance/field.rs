//! One field of a request: a code, a word, a date or a number, and what is wrong with it.

use crate::kernel::time::{read_date, whole_millis};
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, NaiveDate, Utc};
use smol_str::SmolStr;

/// A field of a request that cannot be read. It names the field, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct NotACommand {
    /// The field, as `evidence.date` where it lies deeper.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
    code: ErrorCode,
}

impl NotACommand {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) fn of(field: &str, problem: &str) -> Self {
        Self { field: field.to_owned(), problem: problem.to_owned(), code: ErrorCode::InvalidCommand }
    }
}

pub(super) fn wrong<T>(field: &str, problem: &str, code: ErrorCode) -> Result<T, NotACommand> {
    Err(NotACommand { field: field.to_owned(), problem: problem.to_owned(), code })
}

pub(super) type Read<T> = Result<T, NotACommand>;

pub(super) fn code<T: std::str::FromStr>(field: &str, text: &str) -> Read<T> {
    text.parse()
        .or_else(|_| wrong(field, "is not a code: 1 to 40 of a-z, 0-9, `_`, `-`", ErrorCode::InvalidCommand))
}

pub(super) fn may_code<T: std::str::FromStr>(field: &str, text: Option<&str>) -> Read<Option<T>> {
    text.map(|text| code(field, text)).transpose()
}

pub(super) fn word<T: std::str::FromStr>(field: &str, text: &str) -> Read<T> {
    text.parse().or_else(|_| wrong(field, "is not a word of the closed list", ErrorCode::InvalidCommand))
}

pub(super) fn id<T: std::str::FromStr>(field: &str, text: &str) -> Read<T> {
    text.parse().or_else(|_| wrong(field, "is not an identity", ErrorCode::InvalidCommand))
}

pub(super) fn date(field: &str, text: &str) -> Read<NaiveDate> {
    match read_date(text) {
        Some(day) => Ok(day),
        None => wrong(field, "is not a date of the form 2026-11-23", ErrorCode::DateInvalid),
    }
}

pub(super) fn instant(field: &str, text: &str) -> Read<DateTime<Utc>> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => Ok(whole_millis(at.with_timezone(&Utc))),
        Err(_) => wrong(field, "is not an instant of RFC 3339 with its offset", ErrorCode::DateInvalid),
    }
}

pub(crate) fn may_instant(field: &str, text: Option<&str>) -> Read<Option<DateTime<Utc>>> {
    text.map(|text| instant(field, text)).transpose()
}

/// A number under which something is filed elsewhere.
pub(super) fn number(field: &str, text: &str) -> Read<SmolStr> {
    let text = text.trim();
    let printable = |c: char| c.is_ascii_graphic() || c == ' ';
    if text.is_empty() || text.len() > 64 || !text.chars().all(printable) {
        return wrong(field, "is not 1 to 64 printable ASCII characters", ErrorCode::NumberInvalid);
    }
    Ok(SmolStr::new(text))
}
