//! The guides say nothing that the linter refuses, and the rulebook of the one on time counts as it is
//! drawn.

use crate::desk_support::at;
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::target::{Amount, Pause};
use grievance_core::vocabulary::{DisposalClass, TimeUnit};

const GUIDE: &str = include_str!("../../../docs/guide/time.md");

const PRIVACY: &str = include_str!("../../../docs/guide/privacy.md");

const README: &str = include_str!("../../../README.md");

/// The crate's front page, whose programs run as doc examples.
const FRONT_PAGE: &str = include_str!("../../src/lib.rs");

/// What stands between the fences of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    blocks_of(GUIDE, language)
}

fn blocks_of(guide: &'static str, language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    guide.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// What the README shows is a piece of what runs, line by line; its rulebook is sound.
#[test]
fn the_readme_shows_what_runs() {
    let programs: Vec<&str> =
        FRONT_PAGE.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim_start).collect();
    let pieces = blocks_of(README, "rust");
    assert_eq!(pieces.len(), 2);
    for piece in pieces {
        let lines: Vec<&str> = piece.lines().collect();
        assert!(programs.windows(lines.len()).any(|window| window == lines), "{piece}");
    }
    let [rulebook] = blocks_of(README, "toml")[..] else { panic!("one rulebook") };
    Rulebook::from_toml(rulebook).unwrap_or_else(|refused| panic!("{refused:?}"));
}

/// Each piece of a rulebook is sound; one that names nothing to extend goes into `west-bengal`.
#[test]
fn every_rulebook_of_the_guide_is_sound() {
    let pieces = blocks("toml");
    assert!(pieces.len() > 10, "the guide has its examples");
    for piece in pieces {
        let whole = piece.contains("extends = ");
        let text = if whole { piece.to_owned() } else { format!("extends = \"west-bengal\"\n{piece}") };
        Rulebook::from_toml(&text).unwrap_or_else(|refused| panic!("{piece}\n{refused:?}"));
    }
}

/// The years of the guide on privacy: the most specific rule counts.
#[test]
fn the_retention_of_the_guide_counts_as_it_says() {
    let [piece] = blocks_of(PRIVACY, "toml")[..] else { panic!("one example") };
    let rulebook = Rulebook::from_toml(&format!("extends = \"west-bengal\"\n{piece}")).expect("sound");
    let years = |reason: Option<&str>, class| {
        let reason = reason.map(|reason| reason.parse().expect("a code"));
        rulebook.retention().years(reason.as_ref(), class)
    };
    assert_eq!(years(None, None), Some(3));
    assert_eq!(years(Some("benefit_provided"), Some(DisposalClass::Benefit)), Some(5));
    assert_eq!(years(Some("sub_judice"), Some(DisposalClass::NotActionable)), Some(10));
    assert_eq!(years(Some("not_eligible"), Some(DisposalClass::NotActionable)), Some(3));
}

/// The dates of the first pictures.
#[test]
fn the_rulebook_of_the_guide_counts_as_it_is_drawn() {
    let rulebook = Rulebook::from_toml(blocks("toml")[0]).expect("sound");
    let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    for (received, days, due) in [
        ("2026-03-02", 7, "2026-03-11"),
        ("2026-03-02", 6, "2026-03-10"),
        ("2026-03-11", 3, "2026-03-14"),
        ("2026-02-23", 7, "2026-03-04"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-06", 5, "2026-03-12"),
        ("2026-04-01", 7, "2026-04-09"),
    ] {
        let day = received.parse().expect("a date");
        assert_eq!(calendar.add_working_days(day, days).to_string(), due, "{received} and {days}");
    }
}

/// A wall clock of India, as the pictures show it.
fn clock(text: &str) -> DateTime<Utc> {
    at(&format!("{}:00+05:30", text.replace(' ', "T")))
}

/// The hours and days of the pictures about units, pauses, extensions, windows and the ladder.
#[test]
fn every_picture_is_as_it_is_drawn() {
    let rulebook = Rulebook::from_toml(blocks("toml")[0]).expect("sound");
    let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    let of = |within, counted| Amount { within, counted, keep_clock: false };
    let seven = of(7, TimeUnit::WorkingDays);
    let due = |amount: Amount, from: &str, stood: Option<(&str, &str)>, window| {
        let pauses: Vec<Pause> =
            stood.into_iter().map(|(from, until)| Pause { from: clock(from), until: clock(until) }).collect();
        amount.due(calendar, clock(from), &pauses, window)
    };
    let hours = of(9, TimeUnit::WorkingHours);
    assert_eq!(due(hours, "2026-02-28 16:00", None, false), clock("2026-03-02 16:00"));
    let calendar_days = of(21, TimeUnit::CalendarDays);
    assert_eq!(due(calendar_days, "2026-03-02 11:00", None, false), clock("2026-03-24 00:00"));
    let asked = Some(("2026-03-05 15:00", "2026-03-09 11:00"));
    assert_eq!(due(seven, "2026-03-02 11:00", asked, false), clock("2026-03-14 18:00"));
    let sent_back = Some(("2026-03-09 12:00", "2026-03-12 12:00"));
    assert_eq!(due(seven, "2026-03-02 11:00", sent_back, false), clock("2026-03-14 18:00"));
    let sunday: NaiveDate = "2026-03-22".parse().expect("a date");
    assert_eq!(seven.until(calendar, sunday, &[]), clock("2026-03-23 18:00"));
    let window = of(30, TimeUnit::CalendarDays);
    assert_eq!(due(window, "2026-09-02 10:00", None, true), clock("2026-10-04 00:00"));
    let missed = clock("2026-03-11 18:00");
    assert_eq!(seven.share(calendar, missed, 75), clock("2026-03-10 18:00"));
    assert_eq!(of(3, TimeUnit::WorkingDays).after(calendar, missed), clock("2026-03-14 18:00"));
    // Schedules of the preset: the review, put off from Doljatra, and the sample, from a Sunday.
    let comes = |code: &str, after: &str| {
        let schedule = rulebook.schedules().iter().find(|it| it.code.as_str() == code).expect("it is there");
        schedule.next_after(calendar, clock(after))
    };
    assert_eq!(comes("review-meeting", "2026-03-01 00:00"), Some(clock("2026-03-04 11:00")));
    assert_eq!(comes("weekly-mis", "2026-03-01 00:00"), Some(clock("2026-03-02 10:00")));
    assert_eq!(comes("verification-sample", "2026-03-01 00:00"), Some(clock("2026-03-05 10:00")));
    assert_eq!(comes("verification-sample", "2026-03-06 00:00"), Some(clock("2026-04-06 10:00")));
}
