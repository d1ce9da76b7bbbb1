//! The guides say nothing that the linter refuses, and the rulebook of the one on time counts as it is
//! drawn.

use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::DisposalClass;

const GUIDE: &str = include_str!("../../../docs/guide/time.md");

const PRIVACY: &str = include_str!("../../../docs/guide/privacy.md");

/// What stands between the fences of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    blocks_of(GUIDE, language)
}

fn blocks_of(guide: &'static str, language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    guide.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
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
