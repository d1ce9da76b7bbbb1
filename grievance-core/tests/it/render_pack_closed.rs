//! What the disposed were closed with, and what points at it, on the page: counted as the closings are, and no officer.

use crate::measure_histories::{at, imported};
use chrono::{TimeDelta, Utc};
use grievance_core::Rulebook;
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::{Pack, PackPart, Weeks};
use grievance_core::measure::quality::{Closings, Disposal};
use grievance_core::render::language::Language;
use grievance_core::render::pack::{Closed, PackPage, pack_html};
use grievance_core::vocabulary::{AgeRule, DisposalClass};

fn book() -> Rulebook {
    let text = r#"
extends = "west-bengal"
name = "Haldia"
zone = "Asia/Kolkata"
"#;
    Rulebook::from_toml(text).expect("the book is sound")
}

fn weeks(book: &Rulebook) -> Weeks {
    Weeks::to(Terms::new("2026-03-30".parse().unwrap(), book.zone(), AgeRule::Calendar))
}

fn pack(book: &Rulebook) -> Pack {
    let mut part = PackPart::new(weeks(book));
    part.add_history(&imported(1, book.directory().cell().as_str(), at("2026-03-02T09:00:00"), None));
    part.finish(book, book.directory().cell(), None, ToString::to_string).unwrap()
}

fn closing(n: u128, when: chrono::DateTime<Utc>, unit: &str) -> Disposal {
    let officer = Some(PersonId::from_uuid(uuid::Uuid::from_u128(7)));
    Disposal {
        case: GrievanceId::from_uuid(uuid::Uuid::from_u128(n)),
        version: 3,
        at: when,
        unit: unit.parse().unwrap(),
        reason: None,
        class: None,
        officer,
        closed_by: officer,
        due: None,
        unreachable: false,
        attempts: 0,
        remarks: None,
        reopened: false,
        looks: Vec::new(),
    }
}

fn page(closings: &Closings, book: &Rulebook, language: Language) -> String {
    let closed = Some(Closed { rulebook: book, closings });
    pack_html(&pack(book), &PackPage { closed, ..PackPage::in_language(language) })
}

#[test]
fn closings_stand_by_class_and_reason_and_what_points_at_them_names_nobody() {
    let book = book();
    let cell = book.directory().cell().as_str();
    let mut closings = Closings::of_weeks(&weeks(&book));
    let reason = &book.document().reason[0];
    let many = u128::from(book.suspicion().bulk_in_a_day) + 1;
    for n in 0..many {
        let own = Disposal {
            reason: (n % 3 > 0).then(|| reason.code.parse().unwrap()),
            class: (n % 2 > 0).then_some(DisposalClass::Benefit),
            ..closing(n, at("2026-03-20T09:00:00"), cell)
        };
        closings.add(own, None);
    }
    // The weeks begin on 2 March in the zone; an instant before it and the day of the pack are not of them.
    let first = at("2026-03-01T18:30:00");
    for (n, when) in
        [(900, first - TimeDelta::milliseconds(1)), (901, first), (902, at("2026-03-29T18:30:00"))]
    {
        closings.add(closing(n, when, cell), None);
    }
    let mix = closings.mix();
    assert_eq!(u128::from(mix.closings), many + 1);
    assert_eq!(mix.by_reason.values().sum::<u64>() + mix.without_reason, mix.closings);
    assert_eq!(mix.by_class.values().sum::<u64>() + mix.without_class, mix.closings);
    let stored: Closings = serde_json::from_str(&serde_json::to_string(&closings).unwrap()).unwrap();
    assert_eq!(stored.mix(), mix);

    let page = page(&closings, &book, Language::English);
    let row = |name: &str, count: u64| {
        let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('/', "&#x2f;");
        let (_, rest) =
            page.split_once(&format!("<th scope=\"row\">{name}")).unwrap_or_else(|| panic!("{name}"));
        let field = rest.split("</td>").next().unwrap();
        assert!(
            field.ends_with(&format!(">{count}")) || field.trim_end().ends_with(&format!("{count}")),
            "{field}"
        );
    };
    row("benefit or service provided", mix.by_class[&DisposalClass::Benefit]);
    row("without a class on record", mix.without_class);
    row("without a reason on record", mix.without_reason);
    assert!(page.contains("very many closed on one day") && page.contains("one officer"));
    assert!(page.contains("2 March 2026 – 29 March 2026"));
    let officer = PersonId::from_uuid(uuid::Uuid::from_u128(7)).to_string();
    assert!(!page.contains(&officer));
}

#[test]
fn without_a_closing_there_is_no_mix_and_nothing_points_anywhere() {
    let book = book();
    let page = page(&Closings::of_weeks(&weeks(&book)), &book, Language::English);
    assert!(page.contains("Nothing points at these closings.") && !page.contains("id=\"classes-t\""));
}
