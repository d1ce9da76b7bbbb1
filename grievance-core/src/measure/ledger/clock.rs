//! The day from whose morning on an instant counts.

use crate::measure::cutoff::Cutoff;
use crate::measure::ledger::error::LedgerError;
use crate::measure::zone_days::ZoneDays;
use chrono::{DateTime, NaiveDate, Utc};

/// How many days have their bounds at hand.
const AT_HAND: usize = 4096;

/// The days of a zone.
///
/// A count as of a day takes what happened before the day's first instant, or before the hour at which the ledger
/// is cut off. Nearly always that is
/// what bears an earlier date. Where a zone sets its clocks back over midnight it is not: an hour
/// then bears the date of a day that has been over. `counted` is right there, too.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    zone: chrono_tz::Tz,
    cutoff: Cutoff,
    days: ZoneDays,
    // A day and its first instant, in the place of its last bits.
    starts: Vec<(i32, i64)>,
}

/// The dates of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    /// The calendar date, from which ages are counted.
    pub(crate) on: i32,
    /// It counts as of the day after this one, and not as of this one.
    pub(crate) counted: i32,
}

impl Clock {
    pub(crate) fn new(zone: chrono_tz::Tz, cutoff: Cutoff) -> Self {
        Self { zone, cutoff, days: ZoneDays::new(zone), starts: vec![(i32::MIN, 0); AT_HAND] }
    }

    pub(crate) const fn zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    pub(crate) const fn cutoff(&self) -> Cutoff {
        self.cutoff
    }

    /// The dates of an instant.
    pub(crate) fn dates(&mut self, at: DateTime<Utc>) -> Result<Dates, LedgerError> {
        let on = self.days.day(at);
        self.dated(on, at.timestamp_millis())
    }

    /// The dates of an instant whose calendar date is known.
    pub(crate) fn dated(&mut self, on: i32, at: i64) -> Result<Dates, LedgerError> {
        let mut counted = on;
        while at >= self.start(counted + 1)? {
            counted += 1;
        }
        while at < self.start(counted)? {
            counted -= 1;
        }
        Ok(Dates { on, counted })
    }

    fn start(&mut self, day: i32) -> Result<i64, LedgerError> {
        let place = usize::try_from(day).unwrap_or(0) % AT_HAND;
        let (known, start) = self.starts[place];
        if known == day {
            return Ok(start);
        }
        let date = NaiveDate::from_num_days_from_ce_opt(day).ok_or(LedgerError::Date)?;
        let start = self.cutoff.begin(date, self.zone).timestamp_millis();
        self.starts[place] = (day, start);
        Ok(start)
    }
}
