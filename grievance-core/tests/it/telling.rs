//! Who is told of an event, by which way, in which language and from when on.

use crate::desk_support::{Unscoped as _, at, citizen, desks_under, lodging, officer, take, words};
use chrono::{DateTime, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::notice::{Notice, Recipient, Variable};
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::blank::Blank;
use grievance_core::vocabulary::{EventKind, VariableKind};

/// Monday, 14:30 in India: an office hour, and a safe one.
const NOW: &str = "2026-03-02T09:00:00Z";

const TOWN: &str = r#"
extends = "city-311"
name = "Telling town"
zone = "Asia/Kolkata"
language = [{ code = "en", name = "English" }, { code = "bn", name = "Bengali" }]
"#;

fn lodge(desk: &Desk, body: Lodge) -> GrievanceId {
    desk.by(&citizen(), at(NOW)).lodge(body).unwrap_or_else(|problem| panic!("{problem}")).case
}

/// A recipient in one word: what the vault has of a contact, an office, or a post of one.
fn whom(desk: &Desk, to: &Recipient) -> String {
    match to {
        Recipient::Contact(id) => words(desk, &[*id]).remove(0).content,
        Recipient::Person(who) => format!("person {}", who.uuid().as_u128()),
        Recipient::Unit(unit) => unit.to_string(),
        Recipient::Post { unit, post } => format!("{post} of {unit}"),
    }
}

fn notices(desk: &Desk, case: GrievanceId) -> Vec<Notice> {
    desk.store().notices_of(case).unwrap().into_iter().map(|posted| posted.notice).collect()
}

/// Everybody who is told, with the channel and the text.
fn told(desk: &Desk, case: GrievanceId) -> Vec<String> {
    let all = notices(desk, case);
    all.iter().map(|it| format!("{} {} to {}", it.channel, it.template, whom(desk, &it.to))).collect()
}

/// What the linter lets a template say of an event, the event fills: each blank of the table, with
/// what the table says it holds.
#[test]
fn each_event_fills_the_blanks_that_the_table_says() {
    let holds = |value: &Variable, blank: Blank| match value {
        Variable::Mark(_) => blank.holds() == VariableKind::Mark,
        Variable::Unit(_) => blank.holds() == VariableKind::Unit,
        Variable::Date(_) => blank.holds() == VariableKind::Date,
        Variable::Count(_) => blank.holds() == VariableKind::Number,
        Variable::Reason(_) => blank.holds() == VariableKind::Reason,
        Variable::Text(_) => blank.holds() == VariableKind::Text,
    };
    let life = [
        (EventKind::Lodged, citizen(), ""),
        (EventKind::Acknowledged, officer("hod", "works"), r#"{"action":"acknowledge"}"#),
        (
            EventKind::InterimReplied,
            officer("hod", "works"),
            r#"{"action":"interim_reply","reply":"Soon.","expected_by":"2026-03-20"}"#,
        ),
        (
            EventKind::Extended,
            officer("cell_officer", "desk"),
            r#"{"action":"extend","until":"2026-04-20","remarks":"The roller is late."}"#,
        ),
        (
            EventKind::InformationSought,
            officer("hod", "works"),
            r#"{"action":"seek_information","question":"Where?"}"#,
        ),
        (
            EventKind::InformationProvided,
            citizen(),
            r#"{"action":"provide_information","information":"Here."}"#,
        ),
        (
            EventKind::Disposed,
            officer("hod", "works"),
            r#"{"action":"dispose","remarks":"r","reply":"Done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#,
        ),
        (EventKind::Reopened, citizen(), r#"{"action":"reopen","remarks":"It is back."}"#),
    ];
    let text = |blank: Blank| {
        let (code, kind) = (blank.as_str(), blank.holds());
        format!(
            "[[template]]\ncode = \"b-{code}\"\nchannel = [\"inbox\"]\n\
             variable = [{{ code = \"{code}\", holds = \"{kind}\" }}]\nbody.en = \"{{ ${code} }}\"\n"
        )
    };
    let rule = |event: EventKind, code: &str| {
        format!(
            "[[inform]]\ncode = \"{event}-{code}\"\nevent = [\"{event}\"]\naudience = [\"unit\"]\n\
             template = \"b-{code}\"\nchannel = [\"inbox\"]\n"
        )
    };
    let rules = life.iter().flat_map(|(event, ..)| {
        let filled = Blank::ALL.into_iter().filter(|blank| blank.is_filled_by(*event));
        filled.map(|blank| rule(*event, blank.as_str()))
    });
    let more: String = Blank::ALL.into_iter().map(text).chain(rules).collect();
    for (name, desk) in desks_under(TOWN, &more) {
        let case = lodge(&desk, lodging("pothole"));
        for (_, who, body) in &life[1..] {
            take(&desk, who, NOW, case, body);
        }
        let history = desk.history(case).unwrap();
        let made = notices(&desk, case);
        for (event, ..) in &life {
            let about = history.iter().find(|next| next.event.what.kind() == *event).expect("it happened");
            for blank in Blank::ALL.into_iter().filter(|blank| blank.is_filled_by(*event)) {
                let text = format!("b-{}", blank.as_str());
                let one = made.iter().find(|it| it.about == about.version && it.template == text.as_str());
                let one = one.unwrap_or_else(|| panic!("{name}: {event} does not fill {}", blank.as_str()));
                assert!(holds(&one.variables[blank.as_str()], blank), "{name}: {event} {}", blank.as_str());
            }
        }
    }
}

/// Whoever has left a mobile and nothing else is told of an extension with its reason.
#[test]
fn an_extension_is_told_by_sms_with_its_reason() {
    for (name, desk) in desks_under(TOWN, "") {
        let case = lodge(&desk, Lodge { mobile: Some("98300 01234".to_owned()), ..lodging("pothole") });
        let extend = r#"{"action":"extend","until":"2026-04-20","remarks":"The roller is late."}"#;
        take(&desk, &officer("cell_officer", "desk"), NOW, case, extend);
        let made = notices(&desk, case);
        let sms = made.iter().find(|it| it.template == "extended").expect("it is told");
        let Variable::Text(because) = &sms.variables["because"] else { panic!("{name}: {sms:?}") };
        assert_eq!(words(&desk, &[*because])[0].content, "The roller is late.", "{name}");
    }
}

/// One rule that tells each audience there is, of one event.
#[test]
fn each_audience_is_whom_its_name_says() {
    let rule = |event: &str| {
        format!(
            "[[inform]]\ncode = \"all\"\nevent = [\"{event}\"]\ntemplate = \"reopened\"\nchannel = [\"sms\", \"inbox\"]\n\
             audience = [\"complainant\", \"signatories\", \"unit\", \"head_of_unit\", \"nodal_officer\", \"escalated_post\", \"escalated_unit\"]\n"
        )
    };
    for (name, desk) in desks_under(TOWN, &rule("acknowledged")) {
        let case = lodge(
            &desk,
            Lodge {
                mobile: Some("98300 12345".to_owned()),
                signatory_mobiles: Some(vec!["98300 00001".to_owned(), "98300 00002".to_owned()]),
                ..lodging("pothole")
            },
        );
        take(&desk, &officer("hod", "works"), NOW, case, r#"{"action":"acknowledge"}"#);
        let all = told(&desk, case);
        let of_rule: Vec<_> = all.iter().filter(|line| line.starts_with("sms reopened")).collect();
        assert_eq!(
            of_rule,
            [
                "sms reopened to +919830012345",
                "sms reopened to +919830000001",
                "sms reopened to +919830000002",
                "sms reopened to works",
                "sms reopened to head of works",
                "sms reopened to nodal of works",
            ],
            "{name}: nobody is escalated to"
        );
    }
    for (name, desk) in desks_under(TOWN, &rule("escalated")) {
        let case = lodge(&desk, lodging("pothole"));
        desk.sweep(at("2026-06-01T09:00:00Z"), 10).unwrap();
        let all = told(&desk, case);
        let of_rule: Vec<_> = all.iter().filter(|line| line.ends_with("of city")).collect();
        // The preset's own rule, and this one: where the post is known the office is not told beside it.
        assert_eq!(of_rule, ["inbox escalated to head of city", "sms reopened to head of city"], "{name}");
        assert!(!all.iter().any(|line| line.ends_with("to city")), "{name}: {all:?}");
    }
}

/// The first way by which the complainant can be reached and that they have not refused.
#[test]
fn who_refuses_a_way_is_reached_by_the_next() {
    let both = || Lodge {
        mobile: Some("98300 12345".to_owned()),
        email: Some("petitioner@example.org".to_owned()),
        address: Some("1 A Street".to_owned()),
        ..lodging("pothole")
    };
    let refusing =
        |ways: &[&str]| Lodge { refuses: Some(ways.iter().map(|way| (*way).to_owned()).collect()), ..both() };
    let table = [
        (both(), Some("sms registered to +919830012345")),
        (refusing(&["sms"]), Some("email registered to petitioner@example.org")),
        (refusing(&["sms", "email"]), Some("inbox registered to person 1")),
        (refusing(&["sms", "email", "inbox"]), Some("letter registered to 1 A Street")),
        (refusing(&["sms", "email", "inbox", "letter"]), None),
        (lodging("pothole"), Some("inbox registered to person 1")),
        (Lodge { anonymous: Some(true), ..lodging("pothole") }, None),
        (
            Lodge {
                anonymous: Some(true),
                representative: Some("98300 54321".to_owned()),
                ..lodging("pothole")
            },
            Some("sms registered to +919830054321"),
        ),
    ];
    for (name, desk) in desks_under(TOWN, "") {
        for (body, expected) in &table {
            let case = lodge(&desk, body.clone());
            let expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
            assert_eq!(told(&desk, case), expected, "{name}: {:?}", body.refuses);
        }
        // Who was helped may never look into a portal.
        let kiosk = Actor { unit: None, ..officer("kiosk_operator", "desk") };
        let helped = desk.by(&kiosk, at(NOW)).lodge(lodging("pothole")).unwrap().case;
        assert_eq!(told(&desk, helped), Vec::<String>::new(), "{name}");
    }
}

/// A representative who left a mobile gets the text messages, and no other message, in the
/// complainant's place; a refusal of text messages counts for both.
#[test]
fn a_representative_is_written_to_in_the_complainants_place() {
    let body = || Lodge {
        mobile: Some("98300 12345".to_owned()),
        representative: Some("98300 54321".to_owned()),
        email: Some("petitioner@example.org".to_owned()),
        ..lodging("pothole")
    };
    for (name, desk) in desks_under(TOWN, "") {
        let case = lodge(&desk, body());
        assert_eq!(told(&desk, case), ["sms registered to +919830054321"], "{name}");
        let case = lodge(&desk, Lodge { refuses: Some(vec!["sms".to_owned()]), ..body() });
        assert_eq!(told(&desk, case), ["email registered to petitioner@example.org"], "{name}");
    }
}

/// Those who signed have text messages of their own, of the lodging and of the end.
#[test]
fn who_signed_hears_of_the_beginning_and_of_the_end() {
    for (name, desk) in desks_under(TOWN, "") {
        let case = lodge(
            &desk,
            Lodge { signatory_mobiles: Some(vec!["98300 00001".to_owned()]), ..lodging("pothole") },
        );
        let works = officer("hod", "works");
        take(&desk, &works, NOW, case, r#"{"action":"acknowledge"}"#);
        take(
            &desk,
            &works,
            NOW,
            case,
            r#"{"action":"interim_reply","reply":"We are on it.","expected_by":"2026-03-20"}"#,
        );
        let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        take(&desk, &works, NOW, case, done);
        let all = told(&desk, case);
        let signed: Vec<_> = all.iter().filter(|line| line.ends_with("+919830000001")).collect();
        assert_eq!(
            signed,
            ["sms registered to +919830000001", "sms disposed to +919830000001"],
            "{name}: {all:?}"
        );
    }
}

/// The public is written to in the language of the case if there is a text in it, an office in the
/// rulebook's first.
#[test]
fn each_is_written_to_in_their_language() {
    let more = "template = [{ code = \"own\", channel = [\"sms\", \"inbox\"], variable = [{ code = \"number\", holds = \"mark\" }], body.en = \"{ $number }\" }]\n\
                inform = [{ code = \"own\", event = [\"acknowledged\"], audience = [\"complainant\", \"head_of_unit\"], template = \"own\", channel = [\"inbox\"] }, \
                { code = \"again\", event = [\"acknowledged\"], audience = [\"complainant\", \"head_of_unit\"], template = \"reopened\", channel = [\"inbox\"] }]";
    for (name, desk) in desks_under(TOWN, more) {
        let case = lodge(&desk, Lodge { language: Some("bn".to_owned()), ..lodging("pothole") });
        take(&desk, &officer("hod", "works"), NOW, case, r#"{"action":"acknowledge"}"#);
        let languages: Vec<_> = notices(&desk, case)
            .iter()
            .map(|it| format!("{} {} {}", it.template, it.language, it.to.is_office()))
            .collect();
        let expected =
            ["registered bn false", "own en false", "own en true", "reopened bn false", "reopened en true"];
        assert_eq!(languages, expected, "{name}: `own` has no text in Bengali");
    }
}

/// At once or in working hours, and the public never out of the safe hours.
#[test]
fn offices_are_told_in_working_hours_and_people_in_safe_ones() {
    for (name, desk) in desks_under(TOWN, "") {
        // Friday, 22:30 in India: the offices open on Monday at nine, people may be written to from eight.
        let night = "2026-03-06T17:00:00Z";
        let body = Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") };
        let case = desk.by(&citizen(), at(night)).lodge(body).unwrap().case;
        let assign = r#"{"action":"assign","unit":"water"}"#;
        take(&desk, &officer("cell_officer", "desk"), night, case, assign);
        let from: Vec<(String, DateTime<Utc>)> =
            notices(&desk, case).iter().map(|it| (whom(&desk, &it.to), it.not_before)).collect();
        let (saturday, monday) = (at("2026-03-07T02:30:00Z"), at("2026-03-09T03:30:00Z"));
        let expected = [
            ("+919830012345".to_owned(), saturday),
            ("+919830012345".to_owned(), saturday),
            ("head of water".to_owned(), monday),
            ("nodal of water".to_owned(), monday),
        ];
        assert_eq!(from, expected, "{name}");
        let day = lodge(&desk, Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") });
        assert_eq!(notices(&desk, day)[0].not_before, at(NOW), "{name}: at once");
    }
}

/// Before it is late the office's own head is reminded; when it is late, the office and whoever is
/// above it hear of it. A level that came late reminds nobody of what is over.
#[test]
fn what_is_due_soon_late_and_escalated_goes_to_its_posts() {
    let ladder = "escalation = [{ code = \"early\", level = 1, percent = 75, up = 0 }, { code = \"when-late\", level = 2 }]";
    for (name, desk) in desks_under(TOWN, ladder) {
        let case = lodge(&desk, Lodge { anonymous: Some(true), ..lodging("pothole") });
        // The eighth of ten working days; the tenth.
        desk.sweep(at("2026-03-12T12:00:00Z"), 10).unwrap();
        let soon = ["sms due_soon to head of works", "sms due_soon to nodal of works"];
        assert_eq!(told(&desk, case), soon, "{name}");
        desk.sweep(at("2026-03-16T12:00:00Z"), 10).unwrap();
        let late = [
            "sms overdue to head of works",
            "sms overdue to nodal of works",
            "inbox escalated to head of city",
        ];
        assert_eq!(told(&desk, case)[2..], late, "{name}");

        let asleep = lodge(&desk, Lodge { anonymous: Some(true), ..lodging("pothole") });
        desk.sweep(at("2026-06-01T12:00:00Z"), 10).unwrap();
        let all = told(&desk, asleep);
        assert!(!all.iter().any(|line| line.contains("due_soon")), "{name}: {all:?}");
        assert!(all.contains(&"inbox escalated to head of works".to_owned()), "{name}: {all:?}");
    }
}

/// One person in two of a rule's audiences is told once: an office may be headed by its nodal
/// officer, and a rulebook may name an audience twice, or an event with its occasion.
#[test]
fn nobody_is_told_twice_by_one_rule() {
    let more = "unit = [{ code = \"water\", head = \"nodal\" }]\n\
        inform = [{ code = \"registered\", audience = [\"complainant\", \"complainant\"] }, \
        { code = \"escalated\", audience = [\"escalated_post\", \"head_of_unit\"] }]\n\
        escalation = [{ code = \"own\", level = 2, after = 1, up = 0 }]";
    for (name, desk) in desks_under(TOWN, more) {
        let case = lodge(&desk, Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") });
        take(&desk, &officer("cell_officer", "desk"), NOW, case, r#"{"action":"assign","unit":"water"}"#);
        desk.sweep(at("2026-06-01T12:00:00Z"), 10).unwrap();
        let mut all = told(&desk, case);
        let expected = [
            "sms registered to +919830012345",
            "sms forwarded to +919830012345",
            "inbox case_came to nodal of water",
            "sms overdue to nodal of water",
            "inbox escalated to head of city",
            "inbox escalated to nodal of water",
            "inbox escalated to nodal of water",
        ];
        all.sort();
        let mut expected = expected.map(str::to_owned).to_vec();
        expected.sort();
        assert_eq!(all, expected, "{name}: of two levels, once of each");
    }
}

/// An office that is complained of is told of nothing, its superior is.
#[test]
fn nobody_is_told_of_a_case_about_their_own_office() {
    for (name, desk) in desks_under(TOWN, "") {
        let case = lodge(&desk, Lodge { against_unit: Some("works".to_owned()), ..lodging("pothole") });
        let desk_officer = officer("cell_officer", "desk");
        if desk.case(case).unwrap().fact.unit.as_str() != "water" {
            take(&desk, &desk_officer, NOW, case, r#"{"action":"assign","unit":"water"}"#);
        }
        desk.sweep(at("2026-06-01T12:00:00Z"), 10).unwrap();
        let all = told(&desk, case);
        assert!(all.iter().any(|line| line.ends_with("of water")), "{name}: {all:?}");
        assert!(!all.iter().any(|line| line.ends_with("works")), "{name}: {all:?}");
    }
}

/// What a citizen reads of the closure and what the officers read are two texts, and the message
/// holds neither: it names the reason.
#[test]
fn a_message_holds_no_words_and_no_address() {
    for (name, desk) in desks_under(TOWN, "") {
        let body = Lodge {
            mobile: Some("98300 12345".to_owned()),
            name: Some("Somebody of the street".to_owned()),
            ..lodging("pothole")
        };
        let case = lodge(&desk, body);
        let done = r#"{"action":"dispose","remarks":"Filled with asphalt.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        take(&desk, &officer("hod", "works"), NOW, case, done);
        for notice in notices(&desk, case) {
            let stored = serde_json::to_string(&notice).unwrap();
            for word in ["98300", "9830012345", "Somebody", "asphalt", "words of a complainant"] {
                assert!(!stored.contains(word), "{name}: {stored}");
            }
        }
        let disposed = notices(&desk, case).pop().unwrap();
        let variables = serde_json::to_value(&disposed.variables).unwrap();
        assert_eq!(variables["reason"]["reason"], "benefit_provided", "{name}: {variables}");
    }
}
