//! Ages: how many days lie between two instants.

use crate::kernel::time::day_of;
use crate::vocabulary::AgeRule;
use chrono::{DateTime, Utc};

/// Milliseconds in a day of 24 hours.
pub const DAY_MILLIS: i64 = 86_400_000;

impl AgeRule {
    /// Whole days from one instant to another, negative when they are reversed.
    ///
    /// By the calendar: the difference of the two dates in the zone, so an hour over midnight is
    /// one day, and a day of 23 or 25 hours is one day. Elapsed: completed days of 24 hours. Working
    /// days are those of an office, which terms know ([`Terms::whole_days`]); here every day is one, and
    /// they are the calendar's.
    ///
    /// [`Terms::whole_days`]: crate::measure::mis::Terms::whole_days
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use chrono_tz::UTC;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let evening = "2026-03-01T23:30:00Z".parse()?;
    /// let night = "2026-03-02T00:30:00Z".parse()?;
    /// assert_eq!(AgeRule::Calendar.whole_days(evening, night, UTC), 1);
    /// assert_eq!(AgeRule::Elapsed.whole_days(evening, night, UTC), 0);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn whole_days(self, from: DateTime<Utc>, to: DateTime<Utc>, zone: chrono_tz::Tz) -> i64 {
        match self {
            Self::Calendar | Self::Working => (day_of(to, zone) - day_of(from, zone)).num_days(),
            Self::Elapsed => millis(from, to).div_euclid(DAY_MILLIS),
        }
    }

    /// The exact length from one instant to another, in the rule's own unit: days, or milliseconds under the elapsed rule.
    pub(crate) fn length(self, from: DateTime<Utc>, to: DateTime<Utc>, zone: chrono_tz::Tz) -> i64 {
        match self {
            Self::Calendar | Self::Working => self.whole_days(from, to, zone),
            Self::Elapsed => millis(from, to),
        }
    }

    /// How many of the rule's units are a day.
    pub(crate) const fn units_per_day(self) -> i64 {
        match self {
            Self::Calendar | Self::Working => 1,
            Self::Elapsed => DAY_MILLIS,
        }
    }
}

fn millis(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    to.timestamp_millis() - from.timestamp_millis()
}
