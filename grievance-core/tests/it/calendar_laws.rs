//! The laws of working time.

use crate::calendar_model::{Dice, Plan, ZONES, at};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use grievance_core::calendar::entry::{HolidayEntry, HoursEntry, OverrideEntry};
use grievance_core::calendar::{Calendar, CalendarEntry, MOST_SKIPPED, Skipped, Why};
use grievance_core::rulebook::target::Amount;
use grievance_core::vocabulary::{HolidayClass, TimeUnit};
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn calendar(toml: &str, zone: chrono_tz::Tz) -> Calendar {
    Calendar::new(&toml::from_str(toml).expect("an entry"), zone).expect("a sound calendar")
}

fn plan(seed: u64) -> (Plan, CalendarEntry) {
    let mut dice = Dice(seed);
    let (zone, year) = ZONES[usize::try_from(dice.below(4)).unwrap()];
    let window = (NaiveDate::from_ymd_opt(year, 1, 1).unwrap(), 730);
    let plan = Plan::random(&mut dice, zone, window, &[]);
    let entry = plan.entry();
    (plan, entry)
}

fn day_of_window() -> impl Strategy<Value = NaiveDate> {
    (0_i64..3_000).prop_map(|n| date("2018-01-01") + TimeDelta::days(n))
}

fn week(hours: &mut HoursEntry) -> [&mut Vec<String>; 7] {
    let HoursEntry { mon, tue, wed, thu, fri, sat, sun } = hours;
    [mon, tue, wed, thu, fri, sat, sun]
}

/// Something that closes time, and nothing that opens any.
fn closed_more(entry: &CalendarEntry, how: u8, day: NaiveDate, weekday: usize) -> CalendarEntry {
    let mut more = entry.clone();
    match how {
        0 => more.holiday.push(HolidayEntry {
            date: Some(day),
            name: "more".to_owned(),
            ..HolidayEntry::default()
        }),
        1 => more.holiday.push(HolidayEntry {
            date: Some(day),
            hours: Some(vec!["00:00-11:30".to_owned()]),
            name: "more".to_owned(),
            ..HolidayEntry::default()
        }),
        2 => more.holiday.push(HolidayEntry {
            yearly: Some(day.format("%m-%d").to_string()),
            name: "more".to_owned(),
            ..HolidayEntry::default()
        }),
        3 => {
            more.overrides.retain(|it| it.date != Some(day));
            more.overrides.push(OverrideEntry { date: Some(day), ..OverrideEntry::default() });
        }
        4 => more.rest.push("third monday".to_owned()),
        _ => {
            week(more.hours.as_mut().unwrap())[weekday].pop();
        }
    }
    more
}

/// A deadline is no earlier than before; one that ends with its day may come at the hour at which
/// that same day now closes.
fn not_earlier(
    fewer: &Calendar,
    (before, after): (DateTime<Utc>, DateTime<Utc>),
    ends_with_the_day: bool,
) -> Result<(), TestCaseError> {
    let [day, was] = [after, before].map(|at| fewer.day_of(at - TimeDelta::milliseconds(1)));
    let closes_sooner = ends_with_the_day && day == was && fewer.closing(day) == Some(after);
    prop_assert!(after >= before || closes_sooner, "{before} became {after}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Calendar days are all days, one after the other; each is over when the clock shows the next.
    #[test]
    fn calendar_days_are_all_days(seed: u64, day in day_of_window(), n in -1_000_i32..1_000) {
        let (plan, entry) = plan(seed);
        let calendar = Calendar::new(&entry, plan.zone).unwrap();
        let mut moved = day;
        for _ in 0..n.abs() {
            moved = if n < 0 { moved.pred_opt().unwrap() } else { moved.succ_opt().unwrap() };
        }
        prop_assert_eq!(calendar.add_calendar_days(day, n), moved);
        prop_assert_eq!(calendar.count_calendar_days(day, moved), n);
        let end = calendar.end_of_day(day);
        prop_assert_eq!(calendar.day_of(end), day.succ_opt().unwrap());
        prop_assert_eq!(calendar.day_of(end - TimeDelta::milliseconds(1)), day);
    }

    /// Adding a holiday or closing an hour never makes a deadline come on an earlier day, nor at an
    /// earlier hour but where that very day now closes sooner: in each unit, with the clock kept, as
    /// a window and as the day that an extension names.
    #[test]
    fn closing_more_never_makes_a_deadline_earlier(
        seed: u64,
        how in 0_u8..6,
        day in day_of_window(),
        weekday in 0_usize..7,
        // Near the day: most deadlines have to pass it.
        starts in prop::collection::vec((-500_000_000_i64..100_000_000, 0_i64..200_000_000, 0_i32..8), 10..40),
    ) {
        let (plan, entry) = plan(seed);
        let calendar = Calendar::new(&entry, plan.zone).expect("a sound calendar");
        let Ok(fewer) = Calendar::new(&closed_more(&entry, how, day, weekday), plan.zone) else {
            return Ok(()); // nothing is left open
        };
        for (start, amount, n) in starts {
            let start = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::milliseconds(start);
            let amount = TimeDelta::milliseconds(amount);
            prop_assert!(fewer.add(start, amount) >= calendar.add(start, amount));
            prop_assert!(fewer.sub(start, amount) <= calendar.sub(start, amount));
            prop_assert!(fewer.roll_forward(start) >= calendar.roll_forward(start));
            let received = calendar.day_of(start);
            let (due, before) = (fewer.add_working_days(received, n), calendar.add_working_days(received, n));
            prop_assert!(due >= before);
            // The same day may close earlier: an hour was closed, and the day still counts.
            if due != before {
                prop_assert!(fewer.closing(due) >= calendar.closing(before));
            }
            let within = n.unsigned_abs().max(1);
            for (counted, keep_clock, window) in [
                (TimeUnit::WorkingHours, false, false),
                (TimeUnit::WorkingDays, false, false),
                (TimeUnit::WorkingDays, true, false),
                (TimeUnit::CalendarDays, false, false),
                (TimeUnit::CalendarDays, true, false),
                (TimeUnit::CalendarDays, false, true),
                (TimeUnit::WorkingDays, false, true),
            ] {
                let amount = Amount { within, counted, keep_clock };
                let fresh = |calendar: &Calendar| amount.due(calendar, start, &[], window);
                not_earlier(&fewer, (fresh(&calendar), fresh(&fewer)), !keep_clock && counted == TimeUnit::WorkingDays)?;
                let named = |calendar: &Calendar| amount.until(calendar, received, &[]);
                not_earlier(&fewer, (named(&calendar), named(&fewer)), counted != TimeUnit::CalendarDays)?;
            }
        }
    }

    /// Working time added is working time between, and comes off again.
    #[test]
    fn what_is_added_lies_between(
        seed: u64,
        pairs in prop::collection::vec((-4_000_000_000_000_i64..8_000_000_000_000, -40_000_000_000_i64..40_000_000_000), 1..20),
    ) {
        let (plan, entry) = plan(seed);
        let calendar = Calendar::new(&entry, plan.zone).expect("a sound calendar");
        for (start, amount) in pairs {
            let (start, amount) = (at(start), TimeDelta::milliseconds(amount));
            let due = calendar.add(start, amount);
            prop_assert_eq!(calendar.between(start, due), amount);
            prop_assert_eq!(calendar.between(due, start), -amount);
            // From an open instant, subtracting leads back to it; from a closed one to where it rolls.
            let opening = calendar.roll_forward(start);
            let back = calendar.sub(due, amount);
            if amount > TimeDelta::zero() {
                prop_assert_eq!(back, opening);
            }
            prop_assert_eq!(calendar.add(start, TimeDelta::zero()), opening);
            prop_assert_eq!(calendar.sub(start, -amount), due.max(due));
        }
    }

    /// One by one or as a slice, far from the horizon or in it.
    #[test]
    fn a_slice_is_its_days_one_by_one(
        seed: u64,
        days in prop::collection::vec(prop_oneof![9 => 5_000_i32..40_000, 1 => any::<i32>()], 0..60),
        n in prop_oneof![9 => -400_i32..400, 1 => -20_000_i32..20_000, 1 => any::<i32>()],
    ) {
        let (plan, entry) = plan(seed);
        let calendar = Calendar::new(&entry, plan.zone).expect("a sound calendar");
        let moved = calendar.add_working_days_slice(&days, n);
        for (day, moved) in days.iter().zip(&moved) {
            let end = if *day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
            let day = NaiveDate::from_epoch_days(*day).unwrap_or(end);
            prop_assert_eq!(calendar.add_working_days(day, n).to_epoch_days(), *moved);
        }
        // Longer ones go another way.
        let many: Vec<i32> = days.iter().copied().cycle().take(if days.is_empty() { 0 } else { 25_000 }).collect();
        let longer = calendar.add_working_days_slice(&many, n);
        prop_assert!(longer.iter().eq(moved.iter().cycle().take(longer.len())));
    }

    /// 400 years are whole weeks: what names no date is the same 400 years on.
    #[test]
    fn centuries_without_dates_repeat(seed: u64, start in 946_684_800_000_i64..2_800_000_000_000, cycles in -600_i64..600) {
        let (_, mut entry) = plan(seed);
        entry.holiday.retain(|it| it.yearly.is_some());
        entry.overrides.clear();
        let calendar = Calendar::new(&entry, chrono_tz::UTC).expect("a sound calendar");
        let shift = TimeDelta::days(146_097 * cycles);
        let (amount, far) = (TimeDelta::hours(1_000), at(start) + shift);
        prop_assert_eq!(calendar.add(far, amount), calendar.add(at(start), amount) + shift);
        let (day, far) = (calendar.day_of(at(start)), calendar.day_of(far));
        prop_assert_eq!(calendar.add_working_days(far, 70), calendar.add_working_days(day, 70) + shift);
        prop_assert_eq!(calendar.opening(far), calendar.opening(day).map(|it| it + shift));
    }

    /// Whatever is asked, there is an answer.
    #[test]
    fn the_ends_of_time_are_answers(seed: u64, far: i64, amount: i64, n: i32) {
        let (plan, entry) = plan(seed);
        let calendar = Calendar::new(&entry, plan.zone).expect("a sound calendar");
        let instant = DateTime::from_timestamp_millis(far).unwrap_or(if far < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC });
        let amount = TimeDelta::milliseconds(amount.max(-i64::MAX));
        for at in [instant, DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, Utc.timestamp_opt(0, 0).unwrap()] {
            let (later, earlier) = (calendar.add(at, amount), calendar.sub(at, amount));
            let _ = (calendar.is_open(at), calendar.roll_back(at), calendar.roll_forward(at));
            let _ = (calendar.between(at, later), calendar.between(earlier, at), calendar.add_business_days(at, n));
            let _ = calendar.day_of(instant);
        }
        for day in [NaiveDate::MIN, NaiveDate::MAX, instant.date_naive()] {
            let _ = (calendar.add_working_days(day, n), calendar.opening(day), calendar.closing(day));
            let _ = (calendar.count_working_days(day, NaiveDate::MAX), calendar.count_working_days(NaiveDate::MAX, day));
            let _ = (calendar.next_working_day(day), calendar.previous_working_day(day), calendar.is_working_day(day));
        }
    }
}

#[test]
fn at_the_ends_of_time_answers_stop() {
    let whole = Calendar::always_open(chrono_tz::UTC);
    assert_eq!(whole.add_calendar_days(date("2026-01-01"), i32::MAX), NaiveDate::MAX);
    assert_eq!(whole.add_calendar_days(date("2026-01-01"), i32::MIN), NaiveDate::MIN);
    let calendar = Calendar::always_open(chrono_tz::Asia::Kolkata);
    assert_eq!(
        calendar.add(DateTime::<Utc>::MAX_UTC, TimeDelta::days(1)).timestamp_millis(),
        DateTime::<Utc>::MAX_UTC.timestamp_millis()
    );
    assert_eq!(calendar.sub(DateTime::<Utc>::MIN_UTC, TimeDelta::days(1)), DateTime::<Utc>::MIN_UTC);
    assert_eq!(calendar.add_working_days(NaiveDate::MAX, 1), NaiveDate::MAX);
    assert_eq!(calendar.add_working_days(NaiveDate::MIN, -1), NaiveDate::MIN);
    assert_eq!(calendar.skipped(date("1000-01-01"), NaiveDate::MAX), []);
    assert!(calendar.skipped(NaiveDate::MIN, NaiveDate::MAX).len() <= MOST_SKIPPED);
}

#[test]
fn without_hours_every_instant_is_open() {
    let calendar = Calendar::always_open(chrono_tz::Europe::London);
    let start = instant("2026-03-28T12:00:00Z");
    assert_eq!(calendar.add(start, TimeDelta::days(2)), start + TimeDelta::days(2));
    assert!(calendar.is_working_day(date("2026-03-29")));
    let sunday =
        [calendar.opening(date("2026-03-29")).unwrap(), calendar.closing(date("2026-03-29")).unwrap()];
    assert_eq!(sunday[1] - sunday[0], TimeDelta::hours(23), "the clocks go forward");
}

#[test]
fn a_second_shift_and_midnight_lose_nothing() {
    let calendar = calendar(
        r#"hours = { mon = ["09:00-12:00", "13:00-24:00"], tue = ["00:00-24:00"], wed = ["00:00-06:00"] }"#,
        chrono_tz::UTC,
    );
    let (monday, friday) = (instant("2026-11-23T00:00:00Z"), instant("2026-11-27T00:00:00Z"));
    assert_eq!(calendar.between(monday, friday), TimeDelta::hours(3 + 11 + 24 + 6));
    assert_eq!(calendar.add(monday, TimeDelta::hours(3)), instant("2026-11-23T12:00:00Z"), "on closing time");
    assert_eq!(calendar.add(monday, TimeDelta::minutes(181)), instant("2026-11-23T13:01:00Z"));
    assert_eq!(calendar.roll_forward(instant("2026-11-23T12:00:00Z")), instant("2026-11-23T13:00:00Z"));
    assert_eq!(calendar.roll_back(instant("2026-11-23T12:30:00Z")), instant("2026-11-23T12:00:00Z"));
    assert_eq!(calendar.roll_back(instant("2026-11-23T13:00:00Z")), instant("2026-11-23T12:00:00Z"));
    assert_eq!(
        calendar.roll_back(instant("2026-11-25T00:00:00Z")),
        instant("2026-11-25T00:00:00Z"),
        "touching"
    );
    assert!(!calendar.is_open(instant("2026-11-23T12:00:00Z")));
}

#[test]
fn a_day_that_the_clock_skips_says_so() {
    // Samoa went over the date line: there was no 30 December 2011.
    let calendar = Calendar::always_open(chrono_tz::Pacific::Apia);
    assert_eq!(
        calendar.skipped(date("2011-12-29"), date("2011-12-31")),
        [Skipped { day: date("2011-12-30"), why: Why::ClockChange }]
    );
    assert_eq!(calendar.opening(date("2011-12-30")), None);
    assert_eq!(calendar.add_working_days(date("2011-12-29"), 1), date("2011-12-31"));
}

#[test]
fn midnight_that_the_clock_skips_opens_at_one() {
    // In São Paulo 4 November 2018 began at 01:00.
    let calendar = calendar(r#"hours = { sun = ["00:00-06:00"] }"#, chrono_tz::America::Sao_Paulo);
    let day = date("2018-11-04");
    assert_eq!(calendar.opening(day), Some(instant("2018-11-04T03:00:00Z")));
    assert_eq!(calendar.closing(day), Some(instant("2018-11-04T08:00:00Z")));
}

#[test]
fn every_skipped_day_says_why() {
    let calendar = calendar(
        r#"
        hours = { mon = ["10:00-17:30"], tue = ["10:00-17:30"], wed = ["10:00-17:30"], thu = ["10:00-17:30"], fri = ["10:00-17:30"], sat = ["10:00-14:00"] }
        rest = ["second saturday", "fourth saturday"]
        holiday = [
            { date = "2026-11-24", name = "Guru Nanak's birthday" },
            { date = "2026-11-25", name = "Extra day", class = "state_order" },
        ]
        override = [{ date = "2026-11-26", name = "Flood" }, { date = "2026-11-29", name = "Camp", hours = ["10:00-12:00"] }]
        "#,
        chrono_tz::Asia::Kolkata,
    );
    let from = date("2026-11-23");
    let due = calendar.add_working_days(from, 3);
    assert_eq!(due, date("2026-11-30"), "Friday, the Sunday of the camp, Monday");
    let skipped = calendar.skipped(from, due);
    let day = |n: u32| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
    assert_eq!(
        skipped,
        [
            Skipped {
                day: day(24),
                why: Why::Holiday { name: "Guru Nanak's birthday".into(), class: HolidayClass::Public }
            },
            Skipped {
                day: day(25),
                why: Why::Holiday { name: "Extra day".into(), class: HolidayClass::StateOrder }
            },
            Skipped { day: day(26), why: Why::Override { name: "Flood".into() } },
            Skipped { day: day(28), why: Why::NthWeekday },
        ]
    );
    assert_eq!(calendar.skipped(date("2026-12-05"), date("2026-12-06"))[0].why, Why::WeeklyRest);
    assert_eq!(calendar.closing(due), Some(instant("2026-11-30T17:30:00+05:30")));
}

#[test]
fn half_days_validity_years_and_classes() {
    let toml = r#"
        hours = { mon = ["10:00-17:00"], tue = ["10:00-17:00"], wed = ["10:00-17:00"], thu = ["10:00-17:00"], fri = ["10:00-17:00"] }
        observes = ["public"]
        holiday = [
            { yearly = "12-24", name = "Half", hours = ["08:00-12:00"], valid_from = "2025-01-01" },
            { date = "2025-09-26", until = "2025-10-07", name = "Long" },
            { date = "2026-11-25", name = "Of one section", class = "sectional" },
        ]
    "#;
    let calendar = calendar(toml, chrono_tz::UTC);
    assert_eq!(calendar.closing(date("2024-12-24")), Some(instant("2024-12-24T17:00:00Z")), "not yet valid");
    assert_eq!(calendar.opening(date("2026-12-24")), Some(instant("2026-12-24T10:00:00Z")), "opens nothing");
    assert_eq!(calendar.closing(date("2026-12-24")), Some(instant("2026-12-24T12:00:00Z")));
    assert!(!calendar.is_working_day(date("2028-12-24")), "a Sunday stays closed");
    assert_eq!(calendar.next_working_day(date("2025-09-26")), date("2025-10-08"));
    assert!(calendar.is_working_day(date("2026-11-25")), "sectional holidays are not observed");
    assert_eq!(calendar.closing(date("2104-12-24")), Some(instant("2104-12-24T12:00:00Z")));
}
