//! Instants in whole milliseconds, and days as an office counts them.

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};

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

/// The calendar day of an instant in an office's zone.
pub fn day_of(at: DateTime<Utc>, zone: chrono_tz::Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant of a day in an office's zone.
///
/// Midnight, or the first instant after a gap where a zone skips midnight; the earlier of two
/// where it repeats.
pub fn start_of_day(day: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    (0..=24 * 4)
        .find_map(|quarters| {
            let wall = midnight + chrono::TimeDelta::minutes(15 * quarters);
            zone.from_local_datetime(&wall).earliest()
        })
        .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// A calendar date as an event writes it (`2026-11-23`), or `None`.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Serialises instants as whole milliseconds since 1970.
pub mod millis {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

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
        super::from_millis(count).ok_or_else(|| D::Error::custom("instant out of range"))
    }

    /// The same for instants that may be absent.
    pub mod option {
        use super::{DateTime, Deserializer, Serializer, Utc};
        use serde::{Deserialize as _, de::Error as _};

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
            Option::<i64>::deserialize(from)?
                .map(|count| {
                    crate::kernel::time::from_millis(count)
                        .ok_or_else(|| D::Error::custom("instant out of range"))
                })
                .transpose()
        }
    }
}
