//! Values over the border: instants, identities, codes, JSON.

use crate::fault::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::{ErrorCode, sql};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt::{Display, Write as _};
use std::str::FromStr;

/// An instant as a record shows it: milliseconds since 1970, of which JavaScript makes a `Date`.
#[derive(Clone, Copy)]
pub(crate) struct Instant(DateTime<Utc>);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.0.timestamp_millis())
    }
}

/// Reads an instant: RFC 3339 with an offset. Without one nobody can say which instant it is.
pub(crate) fn instant(place: &str, text: &str) -> Result<DateTime<Utc>, Fault> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| at.to_utc()).map_err(|_| {
        Fault::new(ErrorCode::DateInvalid, place, "is no instant with a time zone")
            .hint("a Date, or a text such as 2026-03-02T10:00:00+05:30")
    })
}

/// The same, of what may be absent.
pub(crate) fn may_be_instant(place: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>, Fault> {
    text.map(|text| instant(place, text)).transpose()
}

/// Reads a day.
pub(crate) fn day(place: &str, text: &str) -> Result<NaiveDate, Fault> {
    // Of a day as the calendar has it in one form alone, so that no two texts mean one day.
    let read = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
    read.ok_or_else(|| Fault::new(ErrorCode::DateInvalid, place, "is no day").hint("YYYY-MM-DD"))
}

/// Reads an identity, a code or a word of a closed list; `place` is the argument's name.
pub(crate) fn read<T>(place: &str, text: &str) -> Result<T, Fault>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|problem| Fault::new(ErrorCode::InvalidCommand, place, problem))
}

/// The same, of what may be absent.
pub(crate) fn may_read<T>(place: &str, text: Option<&str>) -> Result<Option<T>, Fault>
where
    T: FromStr<Err: Display>,
{
    text.map(|text| read(place, text)).transpose()
}

/// The same, of several.
pub(crate) fn read_all<T>(place: &str, texts: &[String]) -> Result<Vec<T>, Fault>
where
    T: FromStr<Err: Display>,
{
    texts.iter().map(|text| read(place, text)).collect()
}

/// A JSON value, as it is.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Json(pub(crate) Value);

impl Json {
    pub(crate) fn of(value: impl Serialize) -> Self {
        // What cannot be told as JSON does not occur among the core's views: their keys are texts.
        Self(serde_json::to_value(value).unwrap_or_default())
    }
}

/// A parameter of a statement: a text, or, as an object, what JSON has no kind for.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SqlValue {
    /// Of 64 bits, in decimal digits.
    Integer(String),
    /// In hexadecimal digits.
    Blob(String),
    #[serde(untagged)]
    Text(String),
    #[serde(untagged)]
    Null(()),
}

impl From<sql::SqlValue> for SqlValue {
    fn from(it: sql::SqlValue) -> Self {
        match it {
            sql::SqlValue::Integer(whole) => Self::Integer(whole.to_string()),
            sql::SqlValue::Text(text) => Self::Text(text),
            sql::SqlValue::Blob(bytes) => {
                Self::Blob(bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                }))
            }
            sql::SqlValue::Null => Self::Null(()),
        }
    }
}

/// A value of the core, as a field of a record shows it.
pub(crate) trait Shown<T> {
    fn shown(self) -> T;
}

impl<T: Display> Shown<String> for T {
    fn shown(self) -> String {
        self.to_string()
    }
}

impl<T: Display> Shown<Option<String>> for Option<T> {
    fn shown(self) -> Option<String> {
        self.map(|it| it.to_string())
    }
}

impl<T: Display> Shown<Vec<String>> for Vec<T> {
    fn shown(self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }
}

impl Shown<Instant> for DateTime<Utc> {
    fn shown(self) -> Instant {
        Instant(self)
    }
}

impl Shown<Option<Instant>> for Option<DateTime<Utc>> {
    fn shown(self) -> Option<Instant> {
        self.map(Instant)
    }
}

macro_rules! shown_as_it_is {
    ($($kind:ty)+) => { $(impl Shown<$kind> for $kind { fn shown(self) -> Self { self } })+ };
}
shown_as_it_is! { bool u32 u64 i64 NaiveDate Option<NaiveDate> }
