//! The dates that a calendar may name, and the time it can be asked about.

use chrono::{DateTime, NaiveDate, Utc};

/// First and last year that a holiday, an exception or a validity may name. Before and after
/// them a calendar repeats every 400 years.
pub(crate) const DATED_YEARS: std::ops::Range<i32> = 1900..2200;

/// The years that are compiled into one table.
pub(crate) const HORIZON: std::ops::Range<i32> = 2000..2061;

/// The years in which the zone database has clock changes, with room to spare.
pub(crate) const CHANGING_YEARS: std::ops::Range<i32> = 1800..2200;

/// The years that sums are given for; beyond them answers stop at the ends of time.
pub(crate) const YEARS: std::ops::Range<i32> = -262_000..262_000;

pub(crate) const DAY_MS: i64 = 86_400_000;

/// The day number of 1 January: days since 1970-01-01.
pub(crate) fn new_year(year: i32) -> i32 {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).expect("a year that is held to what chrono has");
    day.to_epoch_days()
}

/// The place in a table of something that was counted from its beginning.
#[expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "counted from the beginning of a table"
)]
pub(crate) const fn place(count: i64) -> usize {
    count as usize
}

/// The date of a day number, held to the dates that chrono has.
pub(crate) fn date(day: i64) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(end)
}

/// The instant of a count of milliseconds, held to the instants that chrono has.
pub(crate) fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(if millis < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        crate::kernel::time::whole_millis(DateTime::<Utc>::MAX_UTC)
    })
}
