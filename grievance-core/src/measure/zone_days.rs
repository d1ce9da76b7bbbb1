//! The calendar day of many instants in one zone.

use crate::kernel::time::{day_of, from_millis};
use crate::measure::cases::table::{NEVER, NO_DAY, number_of};
use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use std::ops::Range;

/// How many days of UTC have their difference at hand.
const AT_HAND: i64 = 4096;
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
    // Days of UTC, one after the other, through which the difference is the same.
    steady: Range<i64>,
    difference: i64,
}

impl ZoneDays {
    pub(crate) fn new(zone: chrono_tz::Tz) -> Self {
        let known = vec![(i64::MIN, None); usize::try_from(AT_HAND).expect("a few thousand")];
        Self { zone, known, steady: 0..0, difference: 0 }
    }

    /// The numbers of the days of several instants of the calendar in milliseconds since 1970; [`NO_DAY`] for
    /// [`NEVER`]. Where the zone's difference is the same through all of them, as mostly, it is not asked for each.
    pub(crate) fn fill(&mut self, millis: &[i64], days: &mut [i32]) {
        let (mut first, mut last) = (NEVER, i64::MIN);
        for at in millis {
            first = first.min(*at);
            last = last.max(if *at == NEVER { i64::MIN } else { *at });
        }
        if first > last || !self.is_steady(first.div_euclid(DAY), last.div_euclid(DAY)) {
            for (at, day) in millis.iter().zip(days) {
                *day = if *at == NEVER { NO_DAY } else { self.millis(*at) };
            }
            return;
        }
        for (at, day) in millis.iter().zip(days) {
            // Of no instant the day is worked out too, and not taken.
            #[expect(clippy::cast_possible_truncation, reason = "a day of the calendar has few digits")]
            let number = (at.wrapping_add(self.difference).div_euclid(DAY) + EPOCH) as i32;
            *day = if *at == NEVER { NO_DAY } else { number };
        }
    }

    /// Whether the difference is the same from one day of UTC to another. What is found out is kept, and the days
    /// next to those that are known are asked first.
    fn is_steady(&mut self, first: i64, last: i64) -> bool {
        if self.steady.contains(&first) && self.steady.contains(&last) {
            return true;
        }
        let whole = self.steady.start.min(first)..self.steady.end.max(last + 1);
        if self.steady.is_empty() || whole.end - whole.start > AT_HAND {
            let Some(difference) = self.known(first) else { return false };
            (self.steady, self.difference) = (first..first + 1, i64::from(difference));
        }
        if last - first >= AT_HAND {
            return false;
        }
        while self.steady.end <= last && self.differs_not(self.steady.end) {
            self.steady.end += 1;
        }
        while self.steady.start > first && self.differs_not(self.steady.start - 1) {
            self.steady.start -= 1;
        }
        self.steady.contains(&first) && self.steady.contains(&last)
    }

    fn differs_not(&mut self, utc: i64) -> bool {
        self.known(utc).is_some_and(|difference| i64::from(difference) == self.difference)
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
        let difference = self.known(millis.div_euclid(DAY))?;
        i32::try_from((millis + i64::from(difference)).div_euclid(DAY) + EPOCH).ok()
    }

    /// The difference of a day of UTC, which is kept.
    #[inline]
    fn known(&mut self, utc: i64) -> Option<i32> {
        let place = usize::try_from(utc.rem_euclid(AT_HAND)).unwrap_or(0);
        if self.known[place].0 != utc {
            self.known[place] = (utc, self.asked(utc));
        }
        self.known[place].1
    }

    /// The difference that holds through a whole day of UTC. It is asked for at every hour and at the end: no
    /// zone ever set its clocks and set them back within one.
    fn asked(&self, utc: i64) -> Option<i32> {
        let at = |millis: i64| {
            let wall = from_millis(millis)?.naive_utc();
            Some(self.zone.offset_from_utc_datetime(&wall).fix().local_minus_utc())
        };
        let from = utc.checked_mul(DAY)?;
        // On the first and the last day of the calendar the zone's may be one that no calendar has.
        from_millis(from - DAY).and(from_millis(from + 2 * DAY - 1))?;
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
        for zone in [chrono_tz::Asia::Kolkata, chrono_tz::Europe::London, chrono_tz::Pacific::Apia] {
            let (mut one, mut several) = (ZoneDays::new(zone), ZoneDays::new(zone));
            for _ in 0..2_000 {
                // Few instants near each other, mostly, so that some lie in one season, and some have no end.
                let (around, wide) = (random(5_680_000_000_000), 1 << (10 + random(32)));
                let mut millis = Vec::new();
                for _ in 0..=random(20) {
                    let at = i64::try_from(around + random(wide)).unwrap() - 2_840_000_000_000;
                    millis.push(if random(5) == 0 { NEVER } else { at });
                }
                let mut filled = vec![0; millis.len()];
                several.fill(&millis, &mut filled);
                for (at, day) in millis.into_iter().zip(filled) {
                    assert_eq!(day, if at == NEVER { NO_DAY } else { one.millis(at) }, "{zone} at {at}");
                }
            }
        }
    }

    /// The calendar's first and last instants have its first and last days, wherever.
    #[test]
    fn the_ends_of_the_calendar_have_a_day() {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        for zone in [chrono_tz::Asia::Kolkata, chrono_tz::UTC, chrono_tz::America::New_York] {
            let mut days = ZoneDays::new(zone);
            for hours in 0..72 {
                let hours = chrono::TimeDelta::hours(hours);
                for at in [first + hours, last - hours] {
                    let day = number_of(day_of(at, zone));
                    assert_eq!(days.day(at), day, "{zone} at {at}");
                    let mut filled = [0; 3];
                    days.fill(&[at.timestamp_millis(), NEVER, at.timestamp_millis()], &mut filled);
                    assert_eq!(filled, [day, NO_DAY, day], "{zone} at {at}");
                    assert!(chrono::NaiveDate::from_num_days_from_ce_opt(day).is_some());
                }
            }
        }
        assert_eq!(day_of(first, chrono_tz::America::New_York), chrono::NaiveDate::MIN);
        assert_eq!(day_of(last, chrono_tz::Asia::Kolkata), chrono::NaiveDate::MAX);
    }
}
