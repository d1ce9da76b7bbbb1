//! The calendar day of many instants in one zone.

use crate::kernel::time::{day_of, from_millis};
use crate::measure::cases::table::number_of;
use chrono::{DateTime, Offset as _, TimeZone as _, Utc};

/// How many days of UTC have their difference at hand.
const AT_HAND: usize = 4096;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The number of 1970-01-01, from the first day of the year 1.
const EPOCH: i64 = 719_163;

/// The days of a zone, for millions of instants: the zone is asked once for each day, and not at every
/// instant.
#[derive(Clone, Debug)]
pub(crate) struct ZoneDays {
    zone: chrono_tz::Tz,
    // A day of UTC and the zone's difference from it in milliseconds, in the place of the day's last bits; none
    // when the zone sets its clocks on that day.
    known: Vec<(i64, Option<i32>)>,
}

impl ZoneDays {
    pub(crate) fn new(zone: chrono_tz::Tz) -> Self {
        Self { zone, known: vec![(i64::MIN, None); AT_HAND] }
    }

    /// The number of an instant's day, as of [`day_of`].
    #[inline]
    pub(crate) fn day(&mut self, at: DateTime<Utc>) -> i32 {
        self.known_day(at.timestamp_millis()).unwrap_or_else(|| number_of(day_of(at, self.zone)))
    }

    /// The same of an instant of the calendar in milliseconds since 1970.
    #[inline]
    pub(crate) fn millis(&mut self, millis: i64) -> i32 {
        self.known_day(millis).unwrap_or_else(|| {
            let at = from_millis(millis).expect("the instant of a row lies within the calendar");
            number_of(day_of(at, self.zone))
        })
    }

    #[inline]
    fn known_day(&mut self, millis: i64) -> Option<i32> {
        let utc = millis.div_euclid(DAY);
        let place = usize::try_from(utc.rem_euclid(AT_HAND as i64)).unwrap_or(0);
        if self.known[place].0 != utc {
            self.known[place] = (utc, self.difference(utc));
        }
        let difference = self.known[place].1?;
        i32::try_from((millis + i64::from(difference)).div_euclid(DAY) + EPOCH).ok()
    }

    /// The difference that holds through a whole day of UTC. It is asked for at every hour and at the end: no
    /// zone ever set its clocks and set them back within one.
    fn difference(&self, utc: i64) -> Option<i32> {
        let at = |millis: i64| {
            let wall = from_millis(millis)?.naive_utc();
            Some(self.zone.offset_from_utc_datetime(&wall).fix().local_minus_utc())
        };
        let from = utc.checked_mul(DAY)?;
        let hours = (0..=24).map(|hour| from + (hour * HOUR).min(DAY - 1));
        let first = at(from)?;
        hours.map(at).all(|other| other == Some(first)).then_some(first * 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every zone of the database, at instants of every kind of year, and around each change of clocks that a
    /// quarter of an hour finds in some of them.
    #[test]
    fn a_day_is_that_of_the_zone() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for zone in chrono_tz::TZ_VARIANTS {
            let mut days = ZoneDays::new(zone);
            for _ in 0..400 {
                // The years 1880 to 2060.
                let millis = i64::try_from(random(5_680_000_000_000)).unwrap() - 2_840_000_000_000;
                let at = from_millis(millis).unwrap();
                assert_eq!(days.day(at), number_of(day_of(at, zone)), "{zone} at {at}");
            }
        }
        for zone in [chrono_tz::America::Sao_Paulo, chrono_tz::Africa::Casablanca, chrono_tz::Pacific::Apia] {
            let mut days = ZoneDays::new(zone);
            for quarter in 0..4 * 24 * 365 * 3 {
                let at = from_millis(1_293_840_000_000 + quarter * 900_000).unwrap();
                assert_eq!(days.day(at), number_of(day_of(at, zone)), "{zone} at {at}");
            }
        }
        let mut days = ZoneDays::new(chrono_tz::Asia::Kolkata);
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC - chrono::TimeDelta::days(2)] {
            assert_eq!(days.day(at), number_of(day_of(at, chrono_tz::Asia::Kolkata)));
        }
    }
}
