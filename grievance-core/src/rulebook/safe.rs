//! Safe hours: when people may be written to.

use crate::rulebook::message::minute_of_day;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Quarters of an hour in which the first instant after one that a zone skips is found.
const SKIPPED: i64 = 24 * 4;

/// A span of the wall clock, in minutes since midnight; it contains `from` and not `until`. One that
/// ends before it begins goes over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SafeHours {
    /// The minute at which it begins, 0 to 1439.
    pub from: u16,
    /// The minute at which it ends, 0 to 1440.
    pub until: u16,
}

impl SafeHours {
    /// Fewest minutes that somebody's own hours must have in common with the rulebook's: who leaves
    /// less could hardly be told anything.
    pub const FEWEST: u16 = 60;

    /// Reads `HH:MM` and `HH:MM`, the end up to `24:00`; `None` for what is no such time, and where
    /// both are the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::rulebook::safe::SafeHours;
    ///
    /// let evening = SafeHours::read("18:30", "21:00").unwrap();
    /// assert_eq!((evening.from, evening.until), (1110, 1260));
    /// assert!(SafeHours::read("22:00", "06:00").unwrap().contains(0)); // over midnight
    /// assert_eq!(SafeHours::read("9", "10"), None);
    /// ```
    pub fn read(from: &str, until: &str) -> Option<Self> {
        let minute = |text| u16::try_from(minute_of_day(text)?).ok();
        let (from, until) = (minute(from)?, minute(until)?);
        (from != until && from < DAY).then_some(Self { from, until })
    }

    /// Whether it contains a minute of the day.
    pub const fn contains(self, minute: u16) -> bool {
        if self.from < self.until {
            self.from <= minute && minute < self.until
        } else {
            self.from <= minute || minute < self.until
        }
    }

    /// How many minutes of a day it has in common with another.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::rulebook::safe::SafeHours;
    ///
    /// let day = SafeHours::read("08:00", "21:00").unwrap();
    /// assert_eq!(day.common(SafeHours::read("20:00", "23:00").unwrap()), 60);
    /// assert_eq!(day.common(SafeHours::read("22:00", "06:00").unwrap()), 0);
    /// ```
    pub fn common(self, other: Self) -> u16 {
        (0..DAY).map(|minute| u16::from(self.contains(minute) && other.contains(minute))).sum()
    }
}

/// The first instant, not before `now`, whose wall clock in `zone` shows a minute of all of these
/// hours; `now` where they have none in common.
///
/// Where a zone skips the minute at which they begin, they begin at the first instant after it.
pub(crate) fn first_safe(all: &[SafeHours], now: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let safe = |at: DateTime<Utc>| {
        let wall = at.with_timezone(&zone);
        let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap_or(0);
        all.iter().all(|hours| hours.contains(minute))
    };
    if safe(now) {
        return now;
    }
    let today = now.with_timezone(&zone).date_naive();
    // What all have in common begins where one of them does. The zone may skip it on one day, and
    // show it twice on another.
    let begins = (0..3).filter_map(|ahead| today.checked_add_days(Days::new(ahead))).flat_map(|day| {
        let midnight = day.and_time(NaiveTime::MIN);
        all.iter().map(move |hours| midnight + TimeDelta::minutes(hours.from.into()))
    });
    let instants = begins.filter_map(|begins| {
        (0..=SKIPPED).find_map(|quarters| {
            let wall = begins + TimeDelta::minutes(15 * quarters);
            let shown = chrono::TimeZone::from_local_datetime(&zone, &wall);
            Some([shown.earliest()?, shown.latest()?])
        })
    });
    instants
        .flatten()
        .map(|at| at.with_timezone(&Utc))
        .filter(|at| *at >= now && safe(*at))
        .min()
        .unwrap_or(now)
}
