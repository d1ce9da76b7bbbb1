//! Chance, from a seed.

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use grievance_core::desk::SeededMint;

/// Dice: the same seed throws the same numbers.
pub(crate) struct Dice(SeededMint);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(SeededMint::new(seed))
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
        let (bits, all) = ((self.0.next() >> 11) as f64, (1_u64 << 53) as f64);
        bits / all
    }

    /// From 0 to below `most`, which is at least 1.
    pub(crate) fn below(&mut self, most: i64) -> i64 {
        i64::try_from(self.0.next() % u64::try_from(most.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(crate) fn chance(&mut self, of: f64) -> bool {
        self.unit() < of
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(i64::try_from(of.len()).unwrap_or(1));
        of.get(usize::try_from(at).unwrap_or(0))
    }

    /// A waiting time with that mean: most are short, a few very long.
    pub(crate) fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// The instant itself between two hours of the day, or one in the next such span, in a zone.
    pub(crate) fn waking_hour(
        &mut self,
        at: DateTime<Utc>,
        (from, until): (u32, u32),
        zone: chrono_tz::Tz,
    ) -> DateTime<Utc> {
        let wall = at.with_timezone(&zone);
        let day = match wall.hour() {
            hour if hour < from => wall.date_naive(),
            hour if hour < until => return at,
            _ => wall.date_naive() + TimeDelta::days(1),
        };
        let minute = TimeDelta::minutes(self.below(i64::from(until - from) * 60));
        let first = NaiveTime::from_hms_opt(from, 0, 0).expect("an hour of the day");
        zone.from_local_datetime(&(day.and_time(first) + minute))
            .earliest()
            .map_or(at + TimeDelta::hours(15), |at| at.with_timezone(&Utc))
    }
}
