//! The edges of bands as instants: when a case was received whose age has reached so many days.

use crate::calendar::{Calendar, days_up_to};
use crate::measure::days::DAY_MILLIS;
use crate::measure::mis::Terms;
use crate::vocabulary::AgeRule;
use chrono::{Days, NaiveDate};
use std::ops::Range;

/// Milliseconds since 1970 in UTC; `i64::MIN` is the beginning of time. One span, but where a zone
/// has set its clocks back over midnight: then the date before came back for an hour.
pub(crate) type Spans = Vec<Range<i64>>;

/// The edges for the cases of some offices.
pub(crate) struct Edges<'a> {
    /// The offices; `None` for all that were not named before.
    pub(crate) units: Option<Vec<&'a str>>,
    /// For each cut point of the bands, when the cases were received that are at least so old. An age
    /// that no case can have, since the calendar does not go back so far, has no span.
    pub(crate) cuts: Vec<Spans>,
}

impl Terms {
    /// The edges of every office: one set, but for working days, where each calendar has its own. The
    /// last is that of the offices that were not named.
    pub(crate) fn edges(&self) -> Vec<Edges<'_>> {
        let (AgeRule::Working, Some(workdays)) = (self.rule, &self.workdays) else {
            return vec![Edges { units: None, cuts: self.cuts(|cut| self.received_by(cut)) }];
        };
        let (apart, common) = workdays.apart();
        let of = |calendar: &Calendar| {
            self.cuts(|cut| {
                let before = calendar.working_days_before(self.day.to_epoch_days()) - i64::from(cut);
                let day = calendar.latest_with(before);
                if day == NaiveDate::MIN { Vec::new() } else { days_up_to(self.zone, day) }
            })
        };
        let own = apart.into_iter().map(|(calendar, units)| Edges { units: Some(units), cuts: of(calendar) });
        own.chain([Edges { units: None, cuts: of(common) }]).collect()
    }

    fn cuts(&self, received: impl Fn(u32) -> Spans) -> Vec<Spans> {
        self.bands.cuts().iter().map(|cut| received(*cut)).collect()
    }

    /// When a case was received that is at least so many days old.
    fn received_by(&self, days: u32) -> Spans {
        match self.rule {
            AgeRule::Calendar | AgeRule::Working => self
                .day
                .checked_sub_days(Days::new(days.into()))
                .map_or_else(Vec::new, |day| days_up_to(self.zone, day)),
            // A whole day less a millisecond is no day yet.
            AgeRule::Elapsed => {
                let latest = self.at.timestamp_millis() - i64::from(days) * DAY_MILLIS;
                std::iter::once(i64::MIN..latest + 1).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::time::from_millis;
    use crate::measure::mis::Terms;
    use crate::measure::pendency::PendencyBands;
    use crate::vocabulary::AgeRule;
    use proptest::prelude::*;

    proptest! {
        /// A receipt lies within as many edges as its age has reached cut points: on ordinary nights,
        /// and on those in which a zone's clocks went over midnight, or were set anew.
        #[test]
        fn edges_are_where_ages_reach_the_cuts(
            (zone, day) in prop::sample::select(vec![
                (chrono_tz::Asia::Kolkata, "2026-03-17"),
                (chrono_tz::America::St_Johns, "2006-10-29"),
                (chrono_tz::America::Sao_Paulo, "2018-11-04"),
                (chrono_tz::America::Juneau, "1867-10-18"),
                (chrono_tz::Africa::Monrovia, "1972-01-07"),
                (chrono_tz::Pacific::Apia, "2011-12-30"),
            ]),
            rule in prop::sample::select(AgeRule::ALL),
            later in 0..6_u64,
            seconds in prop_oneof![-90_000..90_000_i64, -3_600..3_600_i64],
            millis in 0..1_000_i64,
        ) {
            let day: chrono::NaiveDate = day.parse().unwrap();
            let bands = PendencyBands::new([1, 2, 3, 5, 4_000_000]).unwrap();
            let terms = Terms::new(day + chrono::Days::new(later), zone, rule).with_bands(bands);
            let midnight = crate::kernel::time::start_of_day(day, zone).timestamp_millis();
            let received = midnight + seconds * 1_000 + millis;
            let at = from_millis(received).unwrap();
            // The scan counts the days of dates; the date of the terms' instant is their day, but where
            // the zone had no such day.
            let age = match rule {
                AgeRule::Elapsed => rule.whole_days(at, terms.at(), zone),
                AgeRule::Calendar | AgeRule::Working => {
                    (terms.day - crate::kernel::time::day_of(at, zone)).num_days()
                }
            };
            let reached = terms.edges()[0].cuts.iter().filter(|spans| spans.iter().any(|span| span.contains(&received))).count();
            prop_assert_eq!(reached, terms.bands.index(age), "{} days", age);
        }
    }
}
