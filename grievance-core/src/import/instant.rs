//! Dates as another system printed them, read into instants of its zone.

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{DateTime, Datelike as _, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use std::fmt::Write as _;

/// Why a pattern is no date format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date format: a full date in strftime's letters is needed, such as %m/%d/%Y %I:%M:%S %p")]
pub struct NotAFormat;

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInstant {
    /// It is written in none of the formats.
    #[error("no date in the form that the column map gives")]
    Form,
    /// It has the form, but there is no such day or time, such as 30 February.
    #[error("a date or time that does not exist")]
    NoSuchTime,
}

/// What had to be decided about a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallClock {
    /// Clocks showed it once.
    Once,
    /// Clocks showed it twice, when they were put back: the first is taken.
    Twice,
    /// Clocks skipped it, when they were put forward: it is moved forward by as much.
    Skipped,
}

/// The formats that a column's dates may have, compiled once.
///
/// A format without a time of day means midnight at the start of that day in the zone, or the
/// first instant of the day where the zone skips midnight. A format with an offset or `%s` gives
/// the instant itself, whatever the zone. Years have four digits.
///
/// # Examples
///
/// ```
/// use grievance_core::import::instant::{Formats, NotAnInstant, WallClock};
///
/// let formats = Formats::compile(["%m/%d/%Y %I:%M:%S %p"]).expect("a format");
/// let (at, wall) = formats.read("11/01/2015 01:16:00 AM", chrono_tz::America::New_York)?;
/// assert_eq!(at.to_rfc3339(), "2015-11-01T05:16:00+00:00"); // the first of two
/// assert_eq!(wall, WallClock::Twice);
/// let february = formats.read("02/30/2015 01:16:00 AM", chrono_tz::UTC);
/// assert_eq!(february, Err(NotAnInstant::NoSuchTime));
/// # Ok::<(), NotAnInstant>(())
/// ```
#[derive(Clone, Debug)]
pub struct Formats(Vec<Vec<Item<'static>>>);

impl Formats {
    /// Compiles patterns in strftime's letters, tried in this order.
    ///
    /// # Errors
    ///
    /// [`NotAFormat`] when a pattern is malformed, or gives no full date.
    pub fn compile<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, NotAFormat> {
        patterns.into_iter().map(compile).collect::<Result<_, _>>().map(Self)
    }

    /// Reads a text in the first format that fits.
    ///
    /// # Errors
    ///
    /// [`NotAnInstant`] when none fits, or the one that does names a time that does not exist.
    pub fn read(&self, text: &str, zone: Tz) -> Result<(DateTime<Utc>, WallClock), NotAnInstant> {
        let mut why = NotAnInstant::Form;
        for items in &self.0 {
            match read(items, text, zone) {
                Ok(read) => return Ok(read),
                Err(NotAnInstant::NoSuchTime) => why = NotAnInstant::NoSuchTime,
                Err(NotAnInstant::Form) => {}
            }
        }
        Err(why)
    }
}

fn compile(pattern: &str) -> Result<Vec<Item<'static>>, NotAFormat> {
    let parts = |pattern: &str| StrftimeItems::new(pattern).parse_to_owned().map_err(|_| NotAFormat);
    // `%#z`, which also reads `Z` and bare hours, can be read and not printed.
    let (items, printable) = (parts(pattern)?, parts(&pattern.replace("%#z", "%z"))?);
    // A format that cannot read back what it prints cannot read a file either.
    let sample = chrono::NaiveDate::from_ymd_opt(2015, 11, 21)
        .and_then(|day| day.and_hms_opt(13, 14, 15))
        .expect("an afternoon in November")
        .and_utc();
    let mut printed = String::new();
    write!(printed, "{}", sample.format_with_items(printable.iter())).map_err(|_| NotAFormat)?;
    match read(&items, &printed, Tz::UTC) {
        Ok((at, _)) if at.date_naive() == sample.date_naive() => Ok(items),
        _ => Err(NotAFormat),
    }
}

fn read(items: &[Item<'static>], text: &str, zone: Tz) -> Result<(DateTime<Utc>, WallClock), NotAnInstant> {
    let why = |error: chrono::ParseError| match error.kind() {
        chrono::format::ParseErrorKind::OutOfRange | chrono::format::ParseErrorKind::Impossible => {
            NotAnInstant::NoSuchTime
        }
        _ => NotAnInstant::Form,
    };
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, items.iter()).map_err(why)?;
    if parsed.timestamp().is_some() {
        let wall = parsed.to_naive_datetime_with_offset(0).map_err(why)?;
        return Ok((crate::kernel::time::whole_millis(wall.and_utc()), WallClock::Once));
    }
    let day = parsed.to_naive_date().map_err(why)?;
    if !(1000..=9999).contains(&day.year()) {
        return Err(NotAnInstant::Form);
    }
    if parsed.offset().is_some() {
        let at = parsed.to_datetime().map_err(why)?;
        return Ok((crate::kernel::time::whole_millis(at.to_utc()), WallClock::Once));
    }
    if parsed.hour_mod_12().is_none() {
        return Ok((crate::kernel::time::start_of_day(day, zone), WallClock::Once));
    }
    let (at, wall) = on_the_wall(day.and_time(parsed.to_naive_time().map_err(why)?), zone);
    Ok((crate::kernel::time::whole_millis(at), wall))
}

/// The instant at which clocks of the zone showed a time.
fn on_the_wall(shown: NaiveDateTime, zone: Tz) -> (DateTime<Utc>, WallClock) {
    if zone == Tz::UTC {
        return (shown.and_utc(), WallClock::Once);
    }
    match zone.from_local_datetime(&shown) {
        chrono::LocalResult::Single(at) => (at.to_utc(), WallClock::Once),
        chrono::LocalResult::Ambiguous(first, _) => (first.to_utc(), WallClock::Twice),
        chrono::LocalResult::None => {
            // The offset of the day before still counts, so the gap's length is added.
            let before = zone
                .offset_from_local_datetime(&(shown - TimeDelta::days(1)))
                .earliest()
                .map_or(0, |offset| offset.fix().local_minus_utc());
            ((shown - TimeDelta::seconds(i64::from(before))).and_utc(), WallClock::Skipped)
        }
    }
}
