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
        let bits = (self.0.next() >> 11) as f64;
        bits / (1_u64 << 53) as f64
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

    /// The instant itself in office hours, or one in the next office hours: 9 to 18, in the
    /// office's zone.
    pub(crate) fn office_hour(&mut self, at: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
        let wall = at.with_timezone(&zone);
        let day = match wall.hour() {
            9..18 => return at,
            0..9 => wall.date_naive(),
            _ => wall.date_naive() + TimeDelta::days(1),
        };
        let minute = TimeDelta::minutes(self.below(9 * 60));
        let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock exists");
        let wall = day.and_time(nine) + minute;
        zone.from_local_datetime(&wall)
            .earliest()
            .map_or(at + TimeDelta::hours(15), |at| at.with_timezone(&Utc))
    }
}
