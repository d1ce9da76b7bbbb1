//! Working days: a unit of their own, of whatever length.

use crate::calendar::compiled::{Calendar, year_of_day};
use crate::calendar::rules::Closed;
use crate::calendar::span::{YEARS, date, instant};
use crate::calendar::table::pieces;
use crate::kernel::time::start_of_day;
use crate::vocabulary::HolidayClass;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone as _, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// Most closed days that [`Calendar::skipped`] lists.
pub const MOST_SKIPPED: usize = 10_000;

/// In the place of an answer: it lies outside the horizon.
const BEYOND: i32 = i32::MIN;

/// A day that does not count as a working day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The day, in the calendar's zone.
    pub day: NaiveDate,
    /// Why it is closed.
    pub why: Why,
}

/// Why a day is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The ordinary week has no hours on its weekday.
    WeeklyRest,
    /// It is a day of rest by its place in the month, such as the second Saturday.
    NthWeekday,
    /// It is a holiday.
    Holiday {
        /// The holiday's name in the default language; of several, the first that closes the day.
        name: Arc<str>,
        /// By whose word.
        class: HolidayClass,
    },
    /// An exception closes it.
    Override {
        /// Why, in the default language; empty if nothing is written.
        name: Arc<str>,
    },
    /// The zone's clocks skipped its open hours.
    ClockChange,
}

impl Calendar {
    /// Working days from the beginning of the horizon to the beginning of a day.
    fn count(&self, day: i64) -> i64 {
        let horizon = self.horizon();
        let years = || &self.years().working;
        let Ok(day) = i32::try_from(day) else {
            return years().before(if day < 0 { YEARS.start } else { YEARS.end });
        };
        if horizon.days.start <= day && day <= horizon.days.end {
            return i64::from(horizon.count(day));
        }
        match year_of_day(day) {
            Some(year) => years().before(year) + i64::from(self.year(year).count(day)),
            None if day < 0 => years().before(YEARS.start),
            None => years().before(YEARS.end),
        }
    }

    /// The working day with so many before it.
    fn nth(&self, count: i64) -> NaiveDate {
        let horizon = self.horizon();
        if let Some(day) = usize::try_from(count).ok().and_then(|count| horizon.working().get(count)) {
            return date(i64::from(*day));
        }
        let years = &self.years().working;
        match years.holding(count) {
            Some(year) => {
                let at = usize::try_from(count - years.before(year)).expect("the year holds the count");
                date(i64::from(self.year(year).working()[at]))
            }
            None if count < 0 => NaiveDate::MIN,
            None => NaiveDate::MAX,
        }
    }

    /// The calendar day of an instant, in the calendar's zone; at the ends of time, where the zone
    /// has none, that of UTC.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.clock(at).unwrap_or_else(|| at.naive_utc()).date()
    }

    /// Whether a day has any open time.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.hours(day).is_some()
    }

    /// The day itself if it is a working day, else the next one.
    pub fn next_working_day(&self, day: NaiveDate) -> NaiveDate {
        self.add_working_days(day, 0)
    }

    /// The day itself if it is a working day, else the last one before it.
    pub fn previous_working_day(&self, day: NaiveDate) -> NaiveDate {
        self.nth(self.count(i64::from(day.to_epoch_days()) + 1) - 1)
    }

    /// The n-th working day after a day, which does not count itself, working day or not.
    ///
    /// Before it for a negative `n`; for 0 the day itself or the next working day.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use grievance_core::calendar::{Calendar, CalendarEntry};
    ///
    /// let entry = toml::from_str(r#"
    ///     hours = { mon = ["10:00-17:00"], thu = ["10:00-17:00"], fri = ["10:00-17:00"] }
    /// "#)?;
    /// let calendar = Calendar::new(&entry, chrono_tz::Asia::Kolkata)?;
    /// let [friday, sunday, monday] = [20, 22, 23].map(|n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap());
    /// assert_eq!(calendar.add_working_days(friday, 1), monday);
    /// assert_eq!(calendar.add_working_days(sunday, 1), monday);
    /// assert_eq!(calendar.add_working_days(sunday, -1), friday);
    /// assert_eq!(calendar.count_working_days(friday, monday), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_working_days(&self, day: NaiveDate, n: i32) -> NaiveDate {
        let day = i64::from(day.to_epoch_days());
        let upto = self.count(if n > 0 { day + 1 } else { day });
        self.nth(upto + i64::from(n) - i64::from(n > 0))
    }

    /// The working days after `from`, up to and with `to`; negative when they are in reverse order.
    ///
    /// So `count_working_days(day, add_working_days(day, n))` is `n` for every `n` above 0.
    pub fn count_working_days(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        let upto = |day: NaiveDate| self.count(i64::from(day.to_epoch_days()) + 1);
        i32::try_from(upto(to) - upto(from)).expect("no more working days than days")
    }

    /// The working days from `from` on, without `to`; negative when they are in reverse order: those
    /// of `[from, to)`, as `numpy.busday_count` has it.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use grievance_core::calendar::{Calendar, CalendarEntry};
    ///
    /// let entry = toml::from_str(r#"hours = { fri = ["10:00-17:00"], mon = ["10:00-17:00"] }"#)?;
    /// let calendar = Calendar::new(&entry, chrono_tz::Asia::Kolkata)?;
    /// let [friday, sunday, monday] = [20, 22, 23].map(|n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap());
    /// assert_eq!(calendar.working_days_between(friday, monday), 1); // Friday
    /// assert_eq!(calendar.working_days_between(sunday, monday), 0);
    /// assert_eq!(calendar.working_days_between(friday, friday), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.working_days_before(to.to_epoch_days()) - self.working_days_before(from.to_epoch_days())
    }

    /// Working days from the beginning of the horizon to the beginning of a day, as a day number since
    /// 1970-01-01. One look into a table for the years 2000 to 2060.
    #[inline]
    pub(crate) fn working_days_before(&self, day: i32) -> i64 {
        let horizon = self.horizon();
        if horizon.days.start <= day && day <= horizon.days.end {
            return i64::from(horizon.count(day));
        }
        self.count(day.into())
    }

    /// The last day that has no more working days before it than so many.
    #[cfg(feature = "sql")]
    pub(crate) fn latest_with(&self, before: i64) -> NaiveDate {
        self.nth(before)
    }

    /// The n-th calendar day after a day, whether or not anything opens on it; before it for a
    /// negative `n`. The first or last date there is, where the answer would lie beyond.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::calendar::Calendar;
    ///
    /// let calendar = Calendar::always_open(chrono_tz::Asia::Kolkata);
    /// let day = "2026-02-27".parse().unwrap();
    /// let later = calendar.add_calendar_days(day, 2);
    /// assert_eq!(later.to_string(), "2026-03-01");
    /// assert_eq!(calendar.count_calendar_days(day, later), 2);
    /// // The day is over at midnight in Kolkata.
    /// assert_eq!(calendar.end_of_day(later).to_rfc3339(), "2026-03-01T18:30:00+00:00");
    /// ```
    pub fn add_calendar_days(&self, day: NaiveDate, n: i32) -> NaiveDate {
        let by = Days::new(n.unsigned_abs().into());
        if n < 0 {
            day.checked_sub_days(by).unwrap_or(NaiveDate::MIN)
        } else {
            day.checked_add_days(by).unwrap_or(NaiveDate::MAX)
        }
    }

    /// The calendar days after `from`, up to and with `to`; negative when they are in reverse order.
    pub fn count_calendar_days(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        to.to_epoch_days() - from.to_epoch_days()
    }

    /// When a day is over: the first instant of the next one in the calendar's zone. It belongs to
    /// the next day, and a deadline at it is the end of this one.
    pub fn end_of_day(&self, day: NaiveDate) -> DateTime<Utc> {
        start_of_day(self.add_calendar_days(day, 1), self.zone())
    }

    /// [`Self::add_working_days`] for many days, as day numbers since 1970-01-01.
    ///
    /// A number that is no date of chrono's, or leads to none, gives the first or last date there is.
    pub fn add_working_days_slice(&self, days: &[i32], n: i32) -> Vec<i32> {
        let mut moved = vec![0; days.len()];
        self.add_working_days_into(days, n, &mut moved);
        moved
    }

    /// [`Self::add_working_days_slice`] into a slice of the same length.
    ///
    /// # Panics
    ///
    /// When the lengths differ.
    pub fn add_working_days_into(&self, days: &[i32], n: i32, moved: &mut [i32]) {
        assert_eq!(days.len(), moved.len(), "a day moved for each day");
        let horizon = self.horizon();
        let (counts, working) = (horizon.counts(), horizon.working());
        let (first, after) = (horizon.days.start, usize::from(n > 0));
        let shift = i64::from(n) - i64::from(n > 0);
        let of_slot = |slot: usize| -> Option<i32> {
            let count = i64::from(*counts.get(slot + after)?);
            working.get(usize::try_from(count + shift).ok()?).copied()
        };
        let slow = |day: i32| self.add_working_days(date(day.into()), n).to_epoch_days();
        // As an unsigned number, a day before the horizon lies beyond it too.
        let slot_of = |day: i32| day.wrapping_sub(first).cast_unsigned() as usize;
        if days.len() < horizon.days.len() {
            for (day, moved) in days.iter().zip(moved) {
                *moved = of_slot(slot_of(*day)).unwrap_or_else(|| slow(*day));
            }
            return;
        }
        // For many days, the answer for each day of the horizon is found once.
        let answers: Vec<i32> = (0..horizon.days.len()).map(|slot| of_slot(slot).unwrap_or(BEYOND)).collect();
        // And for each day beyond it, when it is first met.
        let mut far: HashMap<i32, i32> = HashMap::new();
        for (day, moved) in days.iter().zip(moved) {
            *moved = match answers.get(slot_of(*day)) {
                Some(answer) if *answer != BEYOND => *answer,
                _ => *far.entry(*day).or_insert_with(|| slow(*day)),
            };
        }
    }

    fn hours(&self, day: NaiveDate) -> Option<(i64, i64)> {
        let day = day.to_epoch_days();
        let horizon = self.horizon();
        if horizon.days.contains(&day) {
            return horizon.hours(day);
        }
        year_of_day(day)?;
        let pieces = pieces(self.rules(), day..day + 1);
        Some((pieces.first()?.start, pieces.last()?.end))
    }

    /// When a day opens, or `None` when it is no working day.
    pub fn opening(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        self.hours(day).map(|(opening, _)| instant(opening))
    }

    /// When a day closes for the last time, or `None` when it is no working day.
    pub fn closing(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        self.hours(day).map(|(_, closing)| instant(closing))
    }

    /// The same clock time on the n-th working day after.
    ///
    /// It begins by rolling to working time, forward for `n` of 0 and above, else backward; and it
    /// rolls once more in the same direction where that day is not open at that time. A closing time
    /// is kept. Where the zone skips the clock time, it is the first instant after the gap; where it
    /// is there twice, the earlier one.
    pub fn add_business_days(&self, at: DateTime<Utc>, n: i32) -> DateTime<Utc> {
        let from = if n < 0 { self.roll_back(at) } else { self.roll_forward(at) };
        if n == 0 {
            return from;
        }
        let Some(clock) = self.clock(from) else { return from };
        let day = self.add_working_days(clock.date(), n);
        if day == NaiveDate::MIN || day == NaiveDate::MAX {
            return instant(if n < 0 { i64::MIN } else { i64::MAX });
        }
        let same = self.at_clock(day, clock.time());
        // Both ends of a period stay: an opening going back, a closing going forward.
        if self.roll_forward(same) == same || self.roll_back(same) == same {
            return same;
        }
        if n < 0 { self.roll_back(same) } else { self.roll_forward(same) }
    }

    /// What a wall clock shows, or `None` at the ends of time, where a zone has no date to show.
    fn clock(&self, at: DateTime<Utc>) -> Option<chrono::NaiveDateTime> {
        use chrono::Offset as _;
        let offset = self.zone().offset_from_utc_datetime(&at.naive_utc()).fix();
        at.naive_utc().checked_add_offset(offset)
    }

    /// The instant at which a wall clock shows a time on a day: where the zone skips it, the first
    /// after the gap; where it is there twice, the earlier one.
    pub(crate) fn at_clock(&self, day: NaiveDate, clock: chrono::NaiveTime) -> DateTime<Utc> {
        let wall = day.and_time(clock);
        if let Some(at) = self.zone().from_local_datetime(&wall).earliest() {
            return at.to_utc();
        }
        // A gap: search it by halves for the instant at which the clock jumps over the time.
        let (mut before, mut after) =
            (wall.and_utc() - TimeDelta::days(2), wall.and_utc() + TimeDelta::days(2));
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.clock(middle).is_some_and(|shown| shown < wall) {
                before = middle;
            } else {
                after = middle;
            }
        }
        after
    }

    /// The closed days after `from`, up to and with `to`, and why each is closed.
    ///
    /// At most [`MOST_SKIPPED`] of them, and none later than 400 years after `from`.
    pub fn skipped(&self, from: NaiveDate, to: NaiveDate) -> Vec<Skipped> {
        let days = from.iter_days().take(1 + 146_097).skip(1).take_while(|day| *day <= to);
        let closed = days.filter_map(|day| {
            let why = match self.rules().on(day) {
                Err(Closed::Week) => Why::WeeklyRest,
                Err(Closed::Month) => Why::NthWeekday,
                Err(Closed::Holiday(name, class)) => Why::Holiday { name, class },
                Err(Closed::Exception(name)) => Why::Override { name },
                Ok(_) if self.is_working_day(day) => return None,
                Ok(_) => Why::ClockChange,
            };
            Some(Skipped { day, why })
        });
        closed.take(MOST_SKIPPED).collect()
    }
}
