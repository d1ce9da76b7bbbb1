//! Calendars that are refused, each with its path; and nothing that panics.

use crate::rulebook_lint::base;
use grievance_core::calendar::check::{MOST_HOLIDAYS, check};
use grievance_core::calendar::entry::HolidayEntry;
use grievance_core::calendar::{Calendar, CalendarEntry};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::finding::{Finding, Lint};
use grievance_core::rulebook::lint::lint;
use grievance_core::rulebook::read::{Format, read};
use proptest::prelude::*;

/// What the linter says of a rulebook with this calendar.
fn said(calendar: &str) -> Vec<String> {
    let mut document = base();
    document.calendar = toml::from_str(calendar).expect("an entry");
    let findings = lint(&document);
    assert_eq!(Rulebook::new(document).is_err(), findings.iter().any(Finding::is_error), "{findings:#?}");
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn each_mistake_has_its_path() {
    let table = [
        (
            r#"hours = { mon = ["09:00-13:00", "12:00-17:00"] }"#,
            "calendar.hours.mon[1]: 12:00-17:00 overlaps 09:00-13:00",
        ),
        (
            r#"hours = { mon = ["09:00-25:00"] }"#,
            "calendar.hours.mon[0]: no such time of day; a day goes from 00:00 to 24:00",
        ),
        (
            r#"hours = { mon = ["09:00-12:60"] }"#,
            "calendar.hours.mon[0]: no such time of day; a day goes from 00:00 to 24:00",
        ),
        (r#"hours = { mon = ["17:00-09:00"] }"#, "calendar.hours.mon[0]: closes before it opens"),
        (r#"hours = { mon = ["09:00-00:00"] }"#, "calendar.hours.mon[0]: closes before it opens"),
        (r#"hours = { mon = ["09:00-09:00"] }"#, "calendar.hours.mon[0]: closes before it opens"),
        (
            r#"hours = { mon = ["nine to five"] }"#,
            "calendar.hours.mon[0]: expected a period such as 09:00-13:00",
        ),
        ("hours = {}", "calendar.hours: there is no open time: no deadline would ever come"),
        (
            "hours = { sat = [\"09:00-13:00\"] }\nrest = [\"first saturday\", \"second saturday\", \"third saturday\", \"fourth saturday\", \"fifth saturday\"]",
            "calendar.hours: there is no open time: no deadline would ever come",
        ),
        (
            r#"rest = ["sixth saturday"]"#,
            "calendar.rest[0]: expected a day such as \"second saturday\" or \"last friday\"",
        ),
        (r#"holiday = [{ name = "Never" }]"#, "calendar.holiday[0]: there is no date"),
        (
            r#"holiday = [{ yearly = "02-30" }]"#,
            "calendar.holiday[0].yearly: expected a day of the year that exists, MM-DD",
        ),
        (
            r#"holiday = [{ yearly = "13-01" }]"#,
            "calendar.holiday[0].yearly: expected a day of the year that exists, MM-DD",
        ),
        (
            r#"holiday = [{ yearly = "01-26", date = "2026-01-26" }]"#,
            "calendar.holiday[0].yearly: either a date or a day of every year, not both",
        ),
        (
            r#"holiday = [{ date = "2026-01-26", valid_to = "2025-12-31" }]"#,
            "calendar.holiday[0].date: the holiday is outside its own validity",
        ),
        (
            r#"holiday = [{ yearly = "01-26", valid_from = "2026-01-01", valid_to = "2025-12-31" }]"#,
            "calendar.holiday[0].valid_to: ends on 2025-12-31, before it begins on 2026-01-01",
        ),
        (
            r#"holiday = [{ date = "2026-02-02", until = "2026-02-01" }]"#,
            "calendar.holiday[0].until: ends on 2026-02-01, before it begins on 2026-02-02",
        ),
        (
            r#"holiday = [{ date = "2026-02-02", until = "2028-02-01" }]"#,
            "calendar.holiday[0].until: at most 366 days",
        ),
        (
            r#"holiday = [{ date = "2206-02-02" }]"#,
            "calendar.holiday[0].date: a calendar names dates of the years 1900 to 2199",
        ),
        (
            r#"holiday = [{ date = "2026-02-02", hours = [] }]"#,
            "calendar.holiday[0].hours: a half-day has hours; without the field the whole day is closed",
        ),
        (
            r#"holiday = [{ date = "2026-02-02", name = "A" }, { date = "2026-02-02", name = "A" }]"#,
            "calendar.holiday[1]: holiday[0] says the same",
        ),
        (
            r#"holiday = [{ date = "2026-02-02", code = "a" }, { date = "2026-02-03", code = "a" }]"#,
            "calendar.holiday[1].code: \"a\" is the code of calendar.holiday[0] already",
        ),
        (
            r#"override = [{ date = "2026-02-01", until = "2026-02-09" }, { date = "2026-02-03", hours = ["09:00-10:00"] }]"#,
            "calendar.override[1]: override[0] gives the hours of 2026-02-03 already",
        ),
        (r#"override = [{ hours = ["09:00-10:00"] }]"#, "calendar.override[0].date: there is no date"),
    ];
    for (calendar, sentence) in table {
        assert_eq!(said(calendar), [sentence], "{calendar}");
    }
}

#[test]
fn units_and_places_must_be_there() {
    let found = said("holiday = [{ date = \"2026-02-02\", unit = [\"nowhere\"], place = [\"no-place\"] }]");
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("calendar.holiday[0].place[0]: no place \"no-place\""), "{found:?}");
    assert!(found[1].starts_with("calendar.holiday[0].unit[0]: no unit \"nowhere\""), "{found:?}");
}

#[test]
fn malformed_fields_are_told_with_their_place() {
    let text = r#"
        extends = "city-311"
        [calendar]
        hours = { mon = ["09:00-17:00"], monday = [] }
        holiday = [{ date = "2026-02-30" }, { date = "2026-03-01", class = "bank" }]
        closed = true
    "#;
    let refused = read(text, Format::Toml).expect_err("three mistakes");
    let told: Vec<String> = refused.findings.iter().map(ToString::to_string).collect();
    for sentence in [
        "calendar.closed: unknown key",
        "calendar.hours.monday: unknown key",
        "calendar.holiday[0].date: expected a date that exists, YYYY-MM-DD",
        "calendar.holiday[1].class: no such word \"bank\"",
    ] {
        assert!(told.iter().any(|it| it.starts_with(sentence)), "{sentence} is not among {told:#?}");
    }
}

#[test]
fn a_million_holidays_are_refused() {
    let holiday = HolidayEntry { yearly: Some("01-26".to_owned()), ..HolidayEntry::default() };
    let entry = CalendarEntry { holiday: vec![holiday; 1_000_000], ..CalendarEntry::default() };
    let mut document = base();
    document.calendar = entry;
    let findings = lint(&document);
    let found: Vec<_> = findings.iter().map(|it| (it.lint, &*it.path)).collect();
    assert_eq!(found, [(Lint::Calendar, "calendar.holiday")]);
    assert!(Rulebook::new(document).is_err());
    let written = "{ yearly = \"01-26\" }, ".repeat(1_000_000);
    let text = format!("extends = \"city-311\"\n[calendar]\nholiday = [{written}]");
    assert!(Rulebook::from_toml(&text).is_err(), "nor are they read");
}

#[test]
fn as_many_as_are_allowed_compile() {
    let first = chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
    let holiday = first.iter_days().take(MOST_HOLIDAYS);
    let holiday = holiday.map(|day| HolidayEntry { date: Some(day), ..HolidayEntry::default() });
    let entry = CalendarEntry { holiday: holiday.collect(), ..CalendarEntry::default() };
    let calendar = Calendar::new(&entry, chrono_tz::UTC).expect("a long strike");
    assert_eq!(calendar.next_working_day(first), first + chrono::TimeDelta::days(10_000));
}

fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}",
        "(first|second|last|fifth) (monday|sunday|saturday)",
        "[01][0-9]-[0-3][0-9]",
        ".{0,12}",
    ]
}

proptest! {
    /// What the checks let pass compiles and answers; the rest is refused. Nothing panics.
    #[test]
    fn nothing_panics(
        mon in prop::collection::vec(scrap(), 0..3),
        sat in prop::collection::vec(scrap(), 0..3),
        rest in prop::collection::vec(scrap(), 0..2),
        yearly in prop::option::of(scrap()),
        dates in (any::<i32>(), any::<i32>()),
        half in prop::option::of(prop::collection::vec(scrap(), 0..2)),
    ) {
        let date = |n: i32| chrono::NaiveDate::from_epoch_days(n);
        let mut entry = CalendarEntry { rest, ..CalendarEntry::default() };
        entry.hours = Some(grievance_core::calendar::entry::HoursEntry { mon, sat, ..Default::default() });
        let holiday = HolidayEntry { yearly, hours: half, valid_from: date(dates.1), ..HolidayEntry::default() };
        entry.holiday.push(holiday.clone());
        entry.holiday.push(HolidayEntry { yearly: None, date: date(dates.0 % 80_000), until: date(dates.1 % 80_000), ..holiday });
        let refused = check(&entry);
        match Calendar::new(&entry, chrono_tz::Asia::Kolkata) {
            Ok(calendar) => {
                prop_assert!(refused.is_empty());
                let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
                prop_assert!(calendar.closing(calendar.next_working_day(day)).is_some());
            }
            Err(error) => prop_assert_eq!(error.problems, refused),
        }
    }
}
