//! When people are at work: by the rulebook's calendar.

use crate::synthetic::dice::Dice;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::calendar::Calendar;
use grievance_core::kernel::code::{PlaceCode, UnitCode};
use grievance_core::rulebook::Rulebook;

/// How often the office's worker looks whether something is due.
const ROUND: TimeDelta = TimeDelta::minutes(15);

/// The instant itself if the office is at work, or one in its next working time.
pub(crate) fn at_work(
    dice: &mut Dice,
    rulebook: &Rulebook,
    (unit, place): (&UnitCode, Option<&PlaceCode>),
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    if rulebook.document().calendar.is_empty() {
        // A rulebook without hours has an office that never closes; its people sleep.
        return dice.waking_hour(at, (9, 18), rulebook.zone());
    }
    let calendar = rulebook.calendar(unit, place);
    if calendar.is_open(at) { at } else { within(dice, calendar, at) }
}

/// An instant in the working day that comes next: what waited for the opening is not all done in
/// the first minute.
fn within(dice: &mut Dice, calendar: &Calendar, at: DateTime<Utc>) -> DateTime<Utc> {
    let opening = calendar.roll_forward(at);
    let later = opening + TimeDelta::minutes(dice.below(8 * 60));
    if calendar.is_open(later) { later } else { opening }
}

/// The next working day of the office, at some other time of the day.
pub(crate) fn next_day(
    dice: &mut Dice,
    rulebook: &Rulebook,
    unit: &UnitCode,
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    let midnight = grievance_core::kernel::time::day_of(at, rulebook.zone())
        .succ_opt()
        .map_or(at, |day| grievance_core::kernel::time::start_of_day(day, rulebook.zone()));
    at_work(dice, rulebook, (unit, None), midnight)
}

/// The round in which the worker meets what is due at an instant: on the quarter of an hour, at
/// the instant or after it.
pub(crate) fn round_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let (round, millis) = (ROUND.num_milliseconds(), at.timestamp_millis());
    at + TimeDelta::milliseconds((round - millis.rem_euclid(round)).rem_euclid(round))
}

#[cfg(test)]
mod tests {
    use super::{at_work, next_day, round_of};
    use crate::synthetic::dice::Dice;
    use chrono::{DateTime, Utc};
    use grievance_core::rulebook::Rulebook;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_worker_comes_on_the_quarter_and_never_before() {
        assert_eq!(round_of(at("2026-01-05T10:15:00Z")), at("2026-01-05T10:15:00Z"));
        assert_eq!(round_of(at("2026-01-05T10:15:00.001Z")), at("2026-01-05T10:30:00Z"));
    }

    #[test]
    fn nobody_works_on_a_closed_day() {
        let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").unwrap();
        let cell = rulebook.directory().cell();
        let calendar = rulebook.calendar(cell, None);
        let mut dice = Dice::new(3);
        // The eve of Republic Day, in the evening, and a Saturday night.
        for evening in ["2026-01-25T14:00:00Z", "2026-01-24T20:00:00Z", "2026-01-28T05:00:00Z"] {
            for _ in 0..50 {
                let worked = at_work(&mut dice, &rulebook, (cell, None), at(evening));
                assert!(calendar.is_open(worked) && worked >= at(evening), "{worked}");
                let later = next_day(&mut dice, &rulebook, cell, at(evening));
                assert!(calendar.is_open(later) && later > at(evening), "{later}");
            }
        }
    }
}
