//! The weeks of a pack, and where each begins.

use crate::kernel::time::start_of_day;
use crate::measure::mis::Terms;
use chrono::{DateTime, Days, NaiveDate, Utc};

/// Weeks that a pack counts: the latest one and those before it.
pub const WEEKS: usize = 12;
/// Weeks that a mean, a rate and an index are taken over.
pub const MEAN_WEEKS: usize = 4;

/// What a pack counts: the terms of a statement, and the twelve weeks that end with it.
///
/// The latest week ends where the terms' day begins, in the office's zone; each is seven calendar
/// days, so one in which a clock is put forward or back has an hour less or more. What happened in
/// the first instant of a week is in it, what happened in the first instant after it is not.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::Weeks;
/// use grievance_core::vocabulary::AgeRule;
///
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar));
/// assert_eq!(weeks.first_day(0).to_string(), "2026-03-23");
/// assert_eq!(weeks.first_day(11).to_string(), "2026-01-05");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weeks {
    pub(crate) terms: Terms,
    /// Where each week begins, the oldest first, and at last where the latest ends.
    pub(crate) cuts: [(NaiveDate, DateTime<Utc>); WEEKS + 1],
}

impl Weeks {
    /// The twelve weeks up to the terms' day.
    pub fn to(terms: Terms) -> Self {
        let cuts = std::array::from_fn(|nth| {
            let days = Days::new(7 * (WEEKS - nth) as u64);
            let day = terms.day.checked_sub_days(days).unwrap_or(terms.day);
            (day, start_of_day(day, terms.zone))
        });
        Self { terms, cuts }
    }

    /// The terms: the day, the zone, the rule of age, the bands.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The first day of the week that is so many weeks before the latest one; of the oldest for any
    /// beyond it.
    pub fn first_day(&self, ago: usize) -> NaiveDate {
        self.cuts[WEEKS - 1 - ago.min(WEEKS - 1)].0
    }

    /// The first and the last instant of the week in that place, the last one excluded.
    pub(crate) const fn week(&self, nth: usize) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.cuts[nth].1, self.cuts[nth + 1].1)
    }

    /// The place of the week in which an instant lies, from 0, the oldest first.
    pub(crate) fn place(&self, at: DateTime<Utc>) -> Option<usize> {
        let begun = self.cuts.iter().take_while(|cut| cut.1 <= at).count();
        (1..=WEEKS).contains(&begun).then(|| begun - 1)
    }
}
