//! Instants in whole milliseconds, and days as an office counts them.

use chrono::{DateTime, NaiveDate, Offset as _, TimeZone as _, Utc};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

/// The instant cut down to whole milliseconds, as every event is recorded.
pub fn whole_millis(at: DateTime<Utc>) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(at.timestamp_millis())
        .single()
        .expect("an instant that chrono holds stays in range when cut to milliseconds")
}

/// The instant of a count of milliseconds since 1970, or `None` outside what chrono can hold.
pub fn from_millis(millis: i64) -> Option<DateTime<Utc>> {
    Utc.timestamp_millis_opt(millis).single()
}

/// The calendar day of an instant in an office's zone. Of the first and the last hours that chrono can hold a zone may
/// have a day beyond its calendar: then it is the first or the last one there is.
pub fn day_of(at: DateTime<Utc>, zone: chrono_tz::Tz) -> NaiveDate {
    let utc = at.naive_utc();
    let beyond = if at < DateTime::UNIX_EPOCH { NaiveDate::MIN } else { NaiveDate::MAX };
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).map_or(beyond, |wall| wall.date())
}

/// The first instant of a day in an office's zone.
///
/// Midnight, or the first instant after a gap where a zone skips midnight; the earlier of two
/// where it repeats.
pub fn start_of_day(day: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    time_on(day, chrono::NaiveTime::MIN, zone)
}

/// The instant at which an office's clocks show a time on a day: the first one after a gap that they jump over,
/// the earlier of two where they show it twice.
pub fn time_on(day: NaiveDate, time: chrono::NaiveTime, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let shown = day.and_time(time);
    (0..=24 * 4)
        .find_map(|quarters| {
            let wall = shown + chrono::TimeDelta::minutes(15 * quarters);
            zone.from_local_datetime(&wall).earliest()
        })
        .map_or_else(|| shown.and_utc(), |at| at.with_timezone(&Utc))
}

/// A calendar date as an event writes it (`2026-11-23`), or `None`.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// How an instant is written: as whole milliseconds since 1970, UTC. For a field's attribute
/// `#[serde(with = "Millis")]`.
#[derive(Clone, Copy, Debug)]
pub enum Millis {}

impl Millis {
    /// Writes the count of milliseconds.
    ///
    /// # Errors
    ///
    /// What the serialiser reports.
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.timestamp_millis())
    }

    /// Reads a count of milliseconds.
    ///
    /// # Errors
    ///
    /// When it is no integer, or an instant out of range.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        let count = i64::deserialize(from)?;
        from_millis(count).ok_or_else(|| D::Error::custom("instant out of range"))
    }
}

/// The same for an instant that may be absent.
#[derive(Clone, Copy, Debug)]
pub enum MaybeMillis {}

impl MaybeMillis {
    /// Writes the count, or null.
    ///
    /// # Errors
    ///
    /// What the serialiser reports.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => to.serialize_some(&at.timestamp_millis()),
            None => to.serialize_none(),
        }
    }

    /// Reads a count, or null.
    ///
    /// # Errors
    ///
    /// When it is no integer, or an instant out of range.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        let count = Option::<i64>::deserialize(from)?;
        count
            .map(|count| from_millis(count).ok_or_else(|| D::Error::custom("instant out of range")))
            .transpose()
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{DateTime, MaybeMillis, Millis, Utc};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for Millis {
        fn schema_name() -> Cow<'static, str> {
            "Instant".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "An instant: whole milliseconds since 1970, UTC.",
                "type": "integer",
                "minimum": DateTime::<Utc>::MIN_UTC.timestamp_millis(),
                "maximum": DateTime::<Utc>::MAX_UTC.timestamp_millis(),
            })
        }
    }

    impl JsonSchema for MaybeMillis {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> Cow<'static, str> {
            "MaybeInstant".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            generator.subschema_for::<Option<Millis>>()
        }
    }
}
