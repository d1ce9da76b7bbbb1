//! In which language an office, or whoever holds a post in it, is written to.

use crate::desk_support::{at, citizen, desks_under, lodging, officer, open, stores, take};
use grievance_core::desk::Desk;
use grievance_core::grievance::notice::{Notice, Recipient};
use grievance_core::grievance::request::Lodge;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::finding::{Lint, Severity};

const NOW: &str = "2026-03-02T09:00:00Z";

/// The offices of the works are written to in Bengali, those of the water below the city in the
/// default language.
const TOWN: &str = r#"
extends = "city-311"
name = "Two languages"
zone = "Asia/Kolkata"
language = [{ code = "en", name = "English" }, { code = "bn", name = "Bengali" }]

[[unit]]
code = "works"
language = "bn"

[[unit]]
code = "works-east"
name = "Works, east"
parent = "works"
head = "head"

[[inform]]
code = "all"
event = ["acknowledged", "assigned", "escalated"]
audience = ["complainant", "unit", "head_of_unit", "nodal_officer", "escalated_post"]
template = "reopened"
channel = ["inbox"]
"#;

/// What the rule above made: the language of each recipient.
fn told(desk: &Desk, body: Lodge, unit: Option<&str>) -> Vec<String> {
    let case = desk.by(&citizen(), at(NOW)).lodge(body).unwrap().case;
    match unit {
        Some(unit) => {
            let assign = format!(r#"{{"action":"assign","unit":"{unit}"}}"#);
            take(desk, &officer("cell_officer", "desk"), NOW, case, &assign);
        }
        None => {
            take(desk, &officer("hod", "works"), NOW, case, r#"{"action":"acknowledge"}"#);
        }
    }
    let whom = |it: &Notice| match &it.to {
        Recipient::Contact(_) | Recipient::Person(_) => "complainant".to_owned(),
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::Post { unit, post } => format!("{post} of {unit}"),
    };
    let all = desk.store().notices_of(case).unwrap().into_iter().map(|posted| posted.notice);
    all.filter(|it| it.template == "reopened").map(|it| format!("{}: {}", whom(&it), it.language)).collect()
}

/// An office is written to in its own language, an office below it in that of the nearest office
/// above it that names one, any other in the default. The complainant's language is the case's own.
#[test]
fn an_office_is_written_to_in_its_own_language() {
    for (name, desk) in desks_under(TOWN, "") {
        let bengali = ["complainant: en", "works: bn", "head of works: bn", "nodal of works: bn"];
        assert_eq!(told(&desk, lodging("pothole"), None), bengali, "{name}");
        let below = told(&desk, lodging("pothole"), Some("works-east"));
        assert_eq!(below[1..3], ["works-east: bn", "head of works-east: bn"], "{name}: inherited");
        let body = Lodge { language: Some("bn".to_owned()), ..lodging("pothole") };
        let english = ["complainant: bn", "water: en", "head of water: en", "nodal of water: en"];
        assert_eq!(told(&desk, body, Some("water")), english, "{name}: the default");
    }
}

/// A post that names a language is written to in it, in whatever office: its holders come from
/// elsewhere. The office as a whole is not.
#[test]
fn a_post_may_have_a_language_of_its_own() {
    let more =
        "[[post]]\ncode = \"nodal\"\nlanguage = \"en\"\n[[post]]\ncode = \"head\"\nlanguage = \"bn\"\n";
    for (name, desk) in desks_under(TOWN, more) {
        let works = ["complainant: en", "works: bn", "head of works: bn", "nodal of works: en"];
        assert_eq!(told(&desk, lodging("pothole"), None), works, "{name}");
        let water = ["complainant: en", "water: en", "head of water: bn", "nodal of water: en"];
        assert_eq!(told(&desk, lodging("pothole"), Some("water")), water, "{name}");
    }
}

/// Whoever a case is escalated to reads it in the language of that office, not of the one it is at.
#[test]
fn a_superior_is_written_to_in_the_superiors_language() {
    for (name, desk) in desks_under(TOWN, "") {
        let case = desk.by(&citizen(), at(NOW)).lodge(lodging("pothole")).unwrap().case;
        desk.sweep(at("2026-06-01T09:00:00Z"), 10).unwrap();
        let all = desk.store().notices_of(case).unwrap();
        let of = |unit: &str| {
            let to = all.iter().map(|posted| &posted.notice).filter(|it| {
                it.template == "reopened" && matches!(&it.to, Recipient::Post { unit: of, .. } if *of == unit)
            });
            to.map(|it| it.language.to_string()).collect::<Vec<_>>()
        };
        assert!(!of("city").is_empty() && of("city").iter().all(|language| language == "en"), "{name}");
        assert!(!of("works").is_empty() && of("works").iter().all(|language| language == "bn"), "{name}");
    }
}

/// A text that is not there in the language of an office is sent in the default one.
#[test]
fn a_text_that_the_offices_language_lacks_is_sent_in_the_default() {
    let mut without = Rulebook::from_toml(TOWN).unwrap().document().clone();
    let text = without.template.iter_mut().find(|entry| entry.code == "reopened").expect("the preset has it");
    text.body.remove("bn");
    for (name, store) in stores() {
        let desk = open(store);
        desk.activate(Rulebook::new(without.clone()).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
        assert!(told(&desk, lodging("pothole"), None).iter().all(|line| line.ends_with(": en")), "{name}");
    }
}

/// A language that the rulebook does not have is an error where it is named.
#[test]
fn a_language_that_is_not_there_is_an_error_with_its_path() {
    let mut document = Rulebook::from_toml(TOWN).unwrap().document().clone();
    document.unit[1].language = Some("bm".to_owned());
    document.post[0].language = Some("xx".to_owned());
    let refused = Rulebook::new(document).unwrap_err();
    let told: Vec<_> = refused.findings.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(told.iter().all(|it| it.lint == Lint::Undefined), "{told:?}");
    let paths: Vec<_> = told.iter().map(|it| (it.path.as_str(), it.hint.as_deref())).collect();
    let expected =
        [("post[0].language", Some("there are en, bn")), ("unit[1].language", Some("did you mean \"bn\"?"))];
    assert_eq!(paths, expected);
}
