//! The calendars of a rulebook: local holidays, what a document inherits, and what costs nothing.

use chrono::NaiveDate;
use grievance_core::calendar::Calendar;
use grievance_core::kernel::code::{PlaceCode, UnitCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{Document, UnitEntry};
use grievance_core::rulebook::presets::PRESETS;

const DISTRICTS: &str = r#"
    extends = "city-311"
    name = "Two districts"
    zone = "Asia/Kolkata"
    unit = [
        { code = "hills", name = "Hills", kind = "office", parent = "city" },
        { code = "hills-lands", name = "Land office of the hills", kind = "office", parent = "hills" },
        { code = "delta", name = "Delta", kind = "office", parent = "city" },
    ]
    place = [
        { code = "hills" },
        { code = "high-street", parent = "hills" },
        { code = "delta" },
    ]
    [[calendar.holiday]]
    date = "2026-11-23"
    name = "Harvest in the hills"
    unit = ["hills"]
    place = ["hills"]
    source = "order 7 of the district"
    [[calendar.holiday]]
    date = "2026-11-24"
    name = "Everywhere"
    [[calendar.override]]
    date = "2026-11-24"
    name = "Ferries in the delta run"
    unit = ["delta"]
    hours = ["10:00-11:00"]
"#;

fn unit(code: &str) -> UnitCode {
    UnitCode::new(code).expect("a code")
}

fn place(code: &str) -> PlaceCode {
    PlaceCode::new(code).expect("a code")
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, n).expect("a day")
}

#[test]
fn a_local_holiday_is_for_the_units_below_and_the_places_within() {
    let rulebook = Rulebook::from_toml(DISTRICTS).expect("a sound rulebook");
    let open = |code: &str, within: Option<&str>, n: u32| {
        rulebook.calendar(&unit(code), within.map(place).as_ref()).is_working_day(day(n))
    };
    assert!(open("works", None, 23));
    assert!(!open("hills", None, 23));
    assert!(!open("hills-lands", None, 23), "the office above has a holiday");
    assert!(open("delta", None, 23));
    assert!(!open("works", Some("hills"), 23), "the place has a holiday");
    assert!(!open("works", Some("high-street"), 23), "a place in it");
    assert!(open("works", Some("delta"), 23));
    assert!(!open("works", None, 24));
    assert!(open("delta", None, 24), "an exception beats a holiday");
    assert!(
        open("no-such-unit", Some("no-such-place"), 23),
        "a code of another version has no days of its own"
    );
}

#[test]
fn units_with_the_same_days_share_one_calendar() {
    let rulebook = Rulebook::from_toml(DISTRICTS).expect("a sound rulebook");
    let of = |code: &str, within: Option<&str>| -> *const Calendar {
        rulebook.calendar(&unit(code), within.map(place).as_ref())
    };
    assert_eq!(of("works", None), of("water", None));
    assert_eq!(of("works", None), of("works", Some("delta")));
    assert_eq!(of("hills", None), of("hills-lands", None));
    assert_ne!(of("hills", None), of("works", None));
}

#[test]
fn a_clone_and_the_stored_text_keep_the_calendar() {
    let rulebook = Rulebook::from_toml(DISTRICTS).expect("a sound rulebook");
    let stored = Rulebook::from_stored(&rulebook.to_stored()).expect("our own text");
    assert_eq!(stored.version(), rulebook.version());
    for rulebook in [rulebook.clone(), stored] {
        assert!(!rulebook.calendar(&unit("hills"), None).is_working_day(day(23)));
    }
}

#[test]
fn a_rulebook_without_a_calendar_is_always_open_and_keeps_its_text() {
    let mut document = crate::rulebook_lint::base();
    document.calendar = grievance_core::calendar::CalendarEntry::default();
    let rulebook = Rulebook::new(document).expect("a sound rulebook");
    assert!(!rulebook.to_stored().contains("calendar"), "texts and versions of before stay what they were");
    let sunday = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    assert!(rulebook.calendar(rulebook.directory().cell(), None).is_working_day(sunday));
}

#[test]
fn a_document_adds_to_inherited_holidays_changes_one_and_drops_one() {
    let text = r#"
        extends = "cpgrams"
        name = "An office"
        zone = "Asia/Kolkata"
        [calendar]
        hours = { sat = ["10:00-13:00"], fri = [] }
        holiday = [
            { date = "2026-11-24", name = "Guru Nanak's birthday" },
            { code = "republic-day", valid_from = "2027-01-01" },
            { code = "gandhi-jayanti", remove = true },
        ]
    "#;
    let rulebook = Rulebook::from_toml(text).expect("a sound rulebook");
    let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    let open = |text: &str| calendar.is_working_day(text.parse().expect("a date"));
    assert!(!open("2026-11-24"));
    assert!(open("2026-01-26"), "not valid yet, a Monday");
    assert!(!open("2027-01-26"));
    assert!(open("2028-10-02"), "a Monday");
    assert!(open("2026-11-28"), "Saturday");
    assert!(!open("2026-11-27"), "Friday");
    assert!(!open("2025-08-15") && !open("2026-08-15"), "inherited");
}

#[test]
fn each_preset_has_a_calendar_with_its_source() {
    for (name, text) in PRESETS {
        let rulebook = Rulebook::from_toml(text).expect("a sound rulebook");
        let entry = &rulebook.document().calendar;
        assert!(entry.hours.is_some() && entry.source.contains("our own choice"), "{name}");
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        let republic_day = NaiveDate::from_ymd_opt(2027, 1, 26).unwrap();
        assert_eq!(calendar.is_working_day(republic_day), *name == "city-311", "{name}");
        let saturday = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        assert_eq!(calendar.is_working_day(saturday), *name == "west-bengal", "{name}");
    }
}

#[test]
fn five_thousand_units_are_not_five_thousand_compilations() {
    let mut document: Document =
        grievance_core::rulebook::read::read(DISTRICTS, grievance_core::rulebook::read::Format::Toml)
            .expect("well formed");
    document.unit.extend((0..5_000).map(|n| UnitEntry {
        code: format!("office-{n}"),
        parent: Some(if n % 2 == 0 { "hills" } else { "delta" }.to_owned()),
        head: Some("head".to_owned()),
        ..UnitEntry::default()
    }));
    let rulebook = Rulebook::new(document).expect("a sound rulebook");
    let mut distinct = std::collections::BTreeSet::new();
    for n in 0..5_000 {
        let calendar = rulebook.calendar(&unit(&format!("office-{n}")), None);
        assert_eq!(calendar.is_working_day(day(23)), n % 2 == 1);
        distinct.insert(std::ptr::from_ref(calendar) as usize);
    }
    assert_eq!(distinct.len(), 2, "two calendars serve them all");
}
