//! Working time: open or not, rolling, adding, subtracting, between.

use crate::calendar::compiled::Calendar;
use crate::calendar::span::{YEARS, instant};
use chrono::{DateTime, TimeDelta, Utc};

impl Calendar {
    /// Open time from the beginning of the horizon to an instant, negative before it.
    fn sum(&self, at: i64) -> i64 {
        let horizon = self.horizon();
        if horizon.time.start <= at && at <= horizon.time.end {
            return horizon.before(at);
        }
        let years = &self.years().millis;
        match self.year_of(at) {
            Some((year, table)) => years.before(year) + table.before(at),
            None if at < 0 => years.before(YEARS.start),
            None => years.before(YEARS.end),
        }
    }

    /// The last instant with no more open time before it than `sum`.
    fn latest(&self, sum: i64) -> i64 {
        let horizon = self.horizon();
        if (0..horizon.total()).contains(&sum) {
            return horizon.latest(sum);
        }
        let years = &self.years().millis;
        match years.holding(sum) {
            Some(year) => self.year(year).latest(sum - years.before(year)),
            None if sum < 0 => i64::MIN,
            None => i64::MAX,
        }
    }

    /// The first instant with as much open time before it as `sum`.
    fn earliest(&self, sum: i64) -> i64 {
        // One millisecond further is open, and nothing in between is closed.
        match self.latest(sum.saturating_sub(1)) {
            end @ (i64::MIN | i64::MAX) => end,
            open => open + 1,
        }
    }

    /// Whether an instant is open: in some `[open, close)`.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let at = at.timestamp_millis();
        self.latest(self.sum(at)) == at
    }

    /// The instant itself if it is open, else the next opening.
    pub fn roll_forward(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        instant(self.latest(self.sum(at.timestamp_millis())))
    }

    /// The instant itself if it is in some `(open, close]`, else the last closing before it.
    pub fn roll_back(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        instant(self.earliest(self.sum(at.timestamp_millis())))
    }

    /// The instant at which so much working time has passed.
    ///
    /// It may be a closing time. Adding nothing rolls forward; a negative amount is subtracted.
    pub fn add(&self, at: DateTime<Utc>, amount: TimeDelta) -> DateTime<Utc> {
        let sum = self.sum(at.timestamp_millis());
        match amount.num_milliseconds() {
            0 => instant(self.latest(sum)),
            amount => instant(self.moved(sum, amount)),
        }
    }

    /// The instant from which so much working time passes until `at`.
    ///
    /// It may be an opening time. Subtracting nothing rolls back; a negative amount is added.
    pub fn sub(&self, at: DateTime<Utc>, amount: TimeDelta) -> DateTime<Utc> {
        let sum = self.sum(at.timestamp_millis());
        match amount.num_milliseconds() {
            0 => instant(self.earliest(sum)),
            amount => instant(self.moved(sum, amount.saturating_neg())),
        }
    }

    fn moved(&self, sum: i64, amount: i64) -> i64 {
        let sum = sum.saturating_add(amount);
        if amount > 0 { self.earliest(sum) } else { self.latest(sum) }
    }

    /// The working time from one instant to another; negative when they are in reverse order.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::{TimeDelta, TimeZone as _, Utc};
    /// use grievance_core::calendar::{Calendar, CalendarEntry};
    ///
    /// let entry = toml::from_str(r#"hours = { mon = ["22:00-24:00"], tue = ["00:00-02:00"] }"#)?;
    /// let night = Calendar::new(&entry, chrono_tz::UTC)?;
    /// let monday = Utc.with_ymd_and_hms(2026, 11, 23, 0, 0, 0).unwrap();
    /// let wednesday = monday + TimeDelta::days(2);
    /// assert_eq!(night.between(monday, wednesday), TimeDelta::hours(4));
    /// assert_eq!(night.between(wednesday, monday), TimeDelta::hours(-4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        TimeDelta::milliseconds(self.sum(to.timestamp_millis()) - self.sum(from.timestamp_millis()))
    }
}
