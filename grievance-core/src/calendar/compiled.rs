//! The compiled calendar.

use crate::calendar::check::{CalendarInvalid, check};
use crate::calendar::entry::CalendarEntry;
use crate::calendar::rules::{Locality, Rules};
use crate::calendar::span::{CHANGING_YEARS, HORIZON, YEARS, date, new_year};
use crate::calendar::table::Table;
use crate::calendar::years::Years;
use crate::vocabulary::HolidayClass;
use chrono::{DateTime, Datelike as _, NaiveDate};
use std::sync::{Arc, OnceLock};

/// When an office is open, and sums over its open time. Cheap to clone; never changed.
///
/// Periods are `[open, close)` going forward and `(open, close]` going backward, so a deadline on
/// closing time is that instant. Amounts are whole milliseconds of elapsed time.
///
/// Nothing here fails. Sums reach from the year −262,000 to the year 261,999; an answer beyond
/// stops at the first or last instant (or date) that chrono can hold. A calendar made by
/// [`Calendar::new`] is open again and again, so within those years there is always a next opening.
///
/// The table of the years 2000 to 2060 is built when a calendar is first asked (about a
/// millisecond), the sums of the years around them when it is first asked about one of those, and
/// the table of each year from 1800 to 2199 when that year is first asked about. Beyond, a year's
/// table is made for each question.
///
/// # Examples
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use grievance_core::calendar::{Calendar, CalendarEntry};
///
/// let entry: CalendarEntry = toml::from_str(r#"
///     hours = { mon = ["10:00-18:00"], tue = ["10:00-18:00"], wed = ["10:00-18:00"] }
///     holiday = [{ date = "2026-11-24", name = "Guru Nanak's birthday" }]
/// "#)?;
/// let calendar = Calendar::new(&entry, chrono_tz::Asia::Kolkata)?;
/// let at = DateTime::parse_from_rfc3339("2026-11-23T17:00:00+05:30")?.to_utc(); // Monday
/// // One hour on Monday, none on Tuesday's holiday, the rest on Wednesday.
/// let due = calendar.add(at, TimeDelta::hours(3));
/// assert_eq!(due, DateTime::parse_from_rfc3339("2026-11-25T12:00:00+05:30")?.to_utc());
/// assert_eq!(calendar.between(at, due), TimeDelta::hours(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Calendar(Arc<Inner>);

struct Inner {
    rules: Rules,
    horizon: OnceLock<Table>,
    years: OnceLock<Years>,
    /// Tables of single years, one slot for each of `CHANGING_YEARS`.
    near: OnceLock<Box<[OnceLock<Arc<Table>>]>>,
}

impl Calendar {
    /// Checks an entry and compiles it as it is everywhere: local holidays are left out.
    ///
    /// # Errors
    ///
    /// [`CalendarInvalid`] with everything that is wrong.
    pub fn new(entry: &CalendarEntry, zone: chrono_tz::Tz) -> Result<Self, CalendarInvalid> {
        let problems = check(entry);
        if !problems.is_empty() {
            return Err(CalendarInvalid { problems });
        }
        Ok(Self::fitting(entry, zone, everywhere).expect("what the checks let pass compiles"))
    }

    /// A calendar that is open at every instant.
    pub fn always_open(zone: chrono_tz::Tz) -> Self {
        let entry = CalendarEntry::default();
        Self::fitting(&entry, zone, everywhere).expect("an empty entry compiles")
    }

    /// Compiles an entry as it is where `fits` says that a local holiday or exception holds.
    pub(crate) fn fitting(
        entry: &CalendarEntry,
        zone: chrono_tz::Tz,
        fits: impl Fn(Locality<'_>) -> bool,
    ) -> Option<Self> {
        let rules = Rules::new(entry, zone, fits)?;
        Some(Self(Arc::new(Inner {
            rules,
            horizon: OnceLock::new(),
            years: OnceLock::new(),
            near: OnceLock::new(),
        })))
    }

    /// The time zone.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.0.rules.zone
    }

    /// The holidays and half-days of a date, by where they stand in the entry's list, with their
    /// names and classes. One that an exception overrules is there too.
    pub fn holidays_on(&self, day: NaiveDate) -> impl Iterator<Item = (usize, &str, HolidayClass)> {
        self.0.rules.holidays_on(day).map(|holiday| (holiday.entry, &*holiday.name, holiday.class))
    }

    /// Whether it is the same calendar, made once.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.0.rules
    }

    pub(super) fn horizon(&self) -> &Table {
        self.0.horizon.get_or_init(|| Table::new(&self.0.rules, HORIZON))
    }

    pub(super) fn years(&self) -> &Years {
        self.0.years.get_or_init(|| Years::new(&self.0.rules))
    }

    /// The table of one year, which is kept if many may ask about it.
    pub(super) fn year(&self, year: i32) -> Arc<Table> {
        let make = || Arc::new(Table::new(&self.0.rules, year..year + 1));
        let near = self.0.near.get_or_init(|| CHANGING_YEARS.map(|_| OnceLock::new()).collect());
        let slot = usize::try_from(year - CHANGING_YEARS.start).ok().and_then(|at| near.get(at));
        slot.map_or_else(make, |slot| Arc::clone(slot.get_or_init(make)))
    }

    /// The year whose table holds an instant, and the table; `None` beyond the years there are.
    pub(super) fn year_of(&self, instant: i64) -> Option<(i32, Arc<Table>)> {
        let local = DateTime::from_timestamp_millis(instant)?.naive_utc().date();
        // The zone moves it by a day at most, and the table of a year knows its limits.
        let guess = local.year().clamp(YEARS.start, YEARS.end - 1);
        let table = self.year(guess);
        let year = if instant < table.time.start {
            guess - 1
        } else if instant >= table.time.end {
            guess + 1
        } else {
            return Some((guess, table));
        };
        YEARS.contains(&year).then(|| (year, self.year(year)))
    }
}

/// Where no unit and no place is asked for.
fn everywhere(of: Locality<'_>) -> bool {
    of.is_everywhere()
}

/// The year of a day number, if sums reach it.
pub(super) fn year_of_day(day: i32) -> Option<i32> {
    let within = new_year(YEARS.start) <= day && day < new_year(YEARS.end);
    within.then(|| date(day.into()).year())
}

impl std::fmt::Debug for Calendar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calendar").field("zone", &self.zone().name()).finish_non_exhaustive()
    }
}
