//! Periods of a day, and days by their place in the month.

use chrono::{Datelike as _, NaiveDate, Weekday};

/// Seconds of a day on a clock that goes on to 24:00.
pub const DAY_SECONDS: u32 = 24 * 3_600;

/// An open stretch of a day, in seconds after midnight on the wall clock: from the first, up to
/// and without the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    from: u32,
    to: u32,
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPeriod {
    /// Not of the form `HH:MM-HH:MM`.
    #[error("expected a period such as 09:00-13:00")]
    Form,
    /// A time that no clock shows, such as 25:00; 24:00 can only end a period.
    #[error("no such time of day; a day goes from 00:00 to 24:00")]
    NoSuchTime,
    /// It closes when it opens, or before.
    #[error("closes before it opens")]
    Backward,
}

impl Period {
    /// From 00:00 to 24:00.
    pub const WHOLE_DAY: Self = Self { from: 0, to: DAY_SECONDS };

    /// A period between two seconds of a day, or `None` when it is empty or ends after 24:00.
    pub const fn new(from: u32, to: u32) -> Option<Self> {
        if from < to && to <= DAY_SECONDS { Some(Self { from, to }) } else { None }
    }

    /// Whether some of it lies after a second of the day, or begins with it.
    pub const fn ends_after(self, second: u32) -> bool {
        second < self.to
    }

    /// Reads `09:00-13:00`. Seconds, blanks around the times and a single digit for the hour are
    /// allowed: `9:00 - 12:59:30`.
    ///
    /// # Errors
    ///
    /// [`NotAPeriod`], saying why.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::calendar::hours::{NotAPeriod, Period};
    ///
    /// assert_eq!(Period::read("00:00-24:00"), Ok(Period::WHOLE_DAY));
    /// assert_eq!(Period::read("09:00-25:00"), Err(NotAPeriod::NoSuchTime));
    /// assert_eq!(Period::read("17:00-09:00"), Err(NotAPeriod::Backward));
    /// ```
    pub fn read(text: &str) -> Result<Self, NotAPeriod> {
        let (from, to) = text.split_once('-').ok_or(NotAPeriod::Form)?;
        let (from, to) = (second(from)?, second(to)?);
        Self::new(from, to).ok_or(NotAPeriod::Backward)
    }

    /// The opening second.
    pub const fn from(self) -> u32 {
        self.from
    }

    /// The closing second, at most 86,400.
    pub const fn to(self) -> u32 {
        self.to
    }

    fn meets(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, after) in [(self.from, "-"), (self.to, "")] {
            write!(f, "{:02}:{:02}", at / 3_600, at / 60 % 60)?;
            if !at.is_multiple_of(60) {
                write!(f, ":{:02}", at % 60)?;
            }
            f.write_str(after)?;
        }
        Ok(())
    }
}

/// The second of a day that a clock shows.
fn second(text: &str) -> Result<u32, NotAPeriod> {
    let parts: Vec<&str> = text.trim().splitn(4, ':').collect();
    let number = |text: &str, widths: std::ops::RangeInclusive<usize>| -> Result<u32, NotAPeriod> {
        let well_formed = widths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        well_formed.then(|| text.parse().ok()).flatten().ok_or(NotAPeriod::Form)
    };
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, &"00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(NotAPeriod::Form),
    };
    let (hour, minute, second) = (number(hour, 1..=2)?, number(minute, 2..=2)?, number(second, 2..=2)?);
    let all = (hour * 60 + minute) * 60 + second;
    if minute < 60 && second < 60 && all <= DAY_SECONDS { Ok(all) } else { Err(NotAPeriod::NoSuchTime) }
}

/// What is open in both lists; each is sorted and free of overlaps.
pub(crate) fn common(one: &[Period], other: &[Period]) -> Vec<Period> {
    let mut both = Vec::new();
    for period in one {
        both.extend(other.iter().filter_map(|other| period.meets(*other)));
    }
    both
}

/// Days of rest within a month, as bits per weekday: bit 0 the last, bits 1 to 5 the n-th.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MonthRest([u8; 7]);

const NTH: [&str; 6] = ["last", "first", "second", "third", "fourth", "fifth"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl MonthRest {
    /// Reads `second saturday`: which of the month, and the weekday counted from Monday.
    pub(crate) fn read(text: &str) -> Option<(usize, usize)> {
        let lower = text.trim().to_ascii_lowercase();
        let (nth, weekday) = lower.split_once(char::is_whitespace)?;
        let weekday = WEEKDAYS.iter().position(|name| *name == weekday.trim())?;
        Some((NTH.iter().position(|name| *name == nth)?, weekday))
    }

    pub(crate) fn add(&mut self, (nth, weekday): (usize, usize)) {
        self.0[weekday] |= 1 << nth;
    }

    pub(crate) fn has(self, day: NaiveDate) -> bool {
        let bits = self.0[day.weekday().num_days_from_monday() as usize];
        bits != 0 && {
            let nth = (day.day() - 1) / 7 + 1;
            bits & (1 << nth) != 0 || (bits & 1 != 0 && day.day() + 7 > days_of_month(day))
        }
    }
}

fn days_of_month(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}

/// The slot of a weekday in tables that begin with Monday.
pub(crate) const fn slot(weekday: Weekday) -> usize {
    weekday.num_days_from_monday() as usize
}
