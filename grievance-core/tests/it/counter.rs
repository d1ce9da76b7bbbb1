//! The counter for complainants' apps, and what such an app can judge by itself.

use crate::desk_support::{TOWN, at, desks};
use crate::dice::Dice;
use chrono::{DateTime, Utc};
use grievance_core::desk::{Answered, Coming, Desk, DeskError, PublicRules, TrackedCase, draft_problems};
use grievance_core::grievance::request::Lodge;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::document::{SuspicionEntry, VerificationEntry};
use grievance_core::rulebook::presets;
use grievance_core::{ErrorCode, KeyRing, MemoryStore, PersonId, TenantCode};
use serde_json::Value;

fn citizen(number: u128) -> Actor {
    Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(number)), "complainant".parse().expect("a role"))
}

fn now() -> DateTime<Utc> {
    at("2026-03-02T10:00:00Z")
}

/// The part of a rulebook as an app gets and compiles it.
fn part(whole: &Rulebook) -> Rulebook {
    let text = to_canonical(&whole.part_for(&"complainant".parse().expect("a role"))).expect("canonical");
    Rulebook::from_stored(&text).expect("the part compiles")
}

fn drawn(dice: &mut Dice, rulebook: &Rulebook) -> Lodge {
    let document = rulebook.document();
    let mut codes: Vec<String> = document.category.iter().map(|entry| entry.code.clone()).collect();
    codes.extend(document.place.iter().map(|entry| entry.code.clone()));
    codes.extend(document.unit.iter().map(|entry| entry.code.clone()));
    codes.extend(["", "no code", "nowhere", "en", "online"].map(str::to_owned));
    let code = |dice: &mut Dice| (dice.below(6) == 0).then(|| codes[dice.below(codes.len())].clone());
    let word =
        |dice: &mut Dice, words: &[&'static str]| (dice.below(4) == 0).then(|| dice.of(words).to_owned());
    Lodge {
        narrative: dice
            .of(&["No water.", "Dark.", "A hole.", " ", "\u{202e}hidden", "No water since Monday."])
            .to_owned(),
        category: code(dice),
        place: code(dice),
        kind: (dice.below(4) == 0).then(|| "wish".to_owned()),
        language: (dice.below(4) == 0).then(|| dice.of(&["en", "tlh"]).to_owned()),
        mobile: word(dice, &["9830001234", "12", ""]),
        email: word(dice, &["a@example.org", "\u{200b}@example.org"]),
        anonymous: (dice.below(4) == 0).then(|| dice.of(&[true, false])),
        refuses: word(dice, &["sms", "smoke"]).map(|way| vec![way]),
        safe_from: (dice.below(9) == 0).then(|| dice.of(&["08:00", "8"]).to_owned()),
        safe_until: (dice.below(9) == 0).then(|| dice.of(&["20:00", "08:00"]).to_owned()),
        against_unit: code(dice),
        received_at: word(dice, &["2026-03-02T09:00:00Z", "2026-01-01T00:00:00Z", "yesterday"]),
        ..Lodge::default()
    }
}

/// Law: an app judges a draft as the desk does. The first problem is what the desk answers; without a
/// problem the desk lodges; and the public part finds the same ones as the whole.
#[test]
fn an_app_judges_a_draft_as_the_desk_does() {
    let mut dice = Dice(41);
    let (mut lodged, mut refused, mut several) = (0, 0, 0);
    for name in presets::names() {
        let text =
            format!("extends = \"{name}\"\nname = \"Test\"\nzone = \"Asia/Kolkata\"\notp.required = []");
        let whole = Rulebook::from_toml(&text).expect("a rulebook");
        let part = part(&whole);
        let tenant = TenantCode::new("test").expect("a code");
        let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
        desk.activate(whole.clone(), at("2020-01-01T00:00:00Z")).expect("in force");
        for _ in 0..400 {
            let lodge = drawn(&mut dice, &whole);
            let problems = draft_problems(&lodge, &citizen(1), &part, now());
            assert_eq!(problems, draft_problems(&lodge, &citizen(1), &whole, now()), "{name}");
            match desk.by(&citizen(1), now()).lodge(lodge) {
                Ok(_) => {
                    lodged += 1;
                    assert_eq!(problems, Vec::new(), "{name}");
                }
                Err(refusal) => {
                    refused += 1;
                    several += usize::from(problems.len() > 1);
                    assert_eq!(problems.first(), Some(&refusal), "{name}");
                }
            }
        }
    }
    assert!(lodged > 20 && refused > 200 && several > 100, "{lodged} lodged, {refused} refused, {several}");
}

/// Each field is blamed once, and no problem hides behind another that names its field.
#[test]
fn every_field_that_is_wrong_is_named() {
    let rulebook = part(&Rulebook::from_toml("extends = \"west-bengal\"").expect("a rulebook"));
    let draft = Lodge {
        category: Some("waterworks".to_owned()),
        place: Some("atlantis".to_owned()),
        mobile: Some("12".to_owned()),
        received_at: Some("2031-01-01T00:00:00Z".to_owned()),
        ..Lodge::default()
    };
    let problems = draft_problems(&draft, &citizen(1), &rulebook, now());
    let mut named: Vec<_> = problems.iter().filter_map(DeskError::place).collect();
    named.sort_unstable();
    assert_eq!(named, ["category", "mobile", "narrative", "place", "received_at"]);
    let backdated = problems.iter().find(|problem| problem.place() == Some("received_at")).expect("named");
    assert_eq!(backdated.code(), ErrorCode::Backdated);
}

#[test]
fn the_public_part_tells_nothing_of_how_an_office_works() {
    let whole = Rulebook::from_toml("extends = \"west-bengal\"").expect("a rulebook");
    let part = whole.part_for(&"complainant".parse().expect("a role"));
    let empty = part.route.is_empty()
        && part.escalation.is_empty()
        && part.target.is_empty()
        && part.reason.is_empty()
        && part.root_cause.is_empty()
        && part.template.is_empty()
        && part.inform.is_empty()
        && part.schedule.is_empty();
    assert!(empty);
    assert_eq!(part.suspicion, SuspicionEntry::default());
    assert_eq!(part.verification, VerificationEntry::default());
    assert!(part.category.iter().all(|entry| entry.sealed.is_empty() && entry.unit.is_none()));
    assert!(part.workflow.step.iter().all(|step| step.action == "lodge"));
    assert!(part.role.iter().all(|role| role.code == "complainant"));
    assert_eq!(part.category.len(), whole.document().category.len());
}

fn ask(desk: &Desk, who: u128, question: &str) -> Value {
    let answer = desk.by(&citizen(who), now()).serve(question);
    let value: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    assert_eq!(to_canonical(&value).expect("canonical"), answer, "an answer is canonical JSON");
    assert_eq!(value["v"], 1);
    value
}

fn lodging(command: u128, words: &str) -> String {
    format!(
        r#"{{"ask":"step","v":1,"command":"cmd_{command:032x}","request":{{"action":"lodge","narrative":"{words}"}}}}"#
    )
}

#[test]
fn a_step_is_done_once_however_often_it_is_asked() {
    for (name, desk) in desks() {
        let first = ask(&desk, 1, &lodging(1, "Dark."));
        assert_eq!(first, ask(&desk, 1, &lodging(1, "Dark.")), "{name}");
        let other = ask(&desk, 1, &lodging(1, "Dark again."));
        assert_eq!(other["failed"]["code"], "command_reused", "{name}");
        let case = first["done"]["case"].as_str().expect("a case");
        let tracked = ask(&desk, 1, &format!(r#"{{"ask":"track","v":1,"case":"{case}"}}"#));
        assert_eq!(tracked["tracked"]["number"], first["done"]["number"], "{name}");
        assert_eq!(tracked["tracked"]["timeline"][0]["words"][0]["words"], "Dark.", "{name}");
        let strange = ask(&desk, 2, &format!(r#"{{"ask":"track","v":1,"case":"{case}"}}"#));
        let nobodys = ask(&desk, 2, r#"{"ask":"track","v":1,"case":"grv_00000000000000000000000000000000"}"#);
        assert_eq!(strange, nobodys, "{name}: what is not theirs is not there");
    }
}

/// A tracking code opens its case to whoever has it, in a complainant's role; an officer who was told it does
/// nothing in the complainant's name, and learns nothing by it.
#[test]
fn a_code_opens_nothing_to_an_officer() {
    for (name, desk) in desks() {
        let lodged = ask(
            &desk,
            1,
            r#"{"ask":"step","v":1,"command":"cmd_00000000000000000000000000000009","request":{"action":"lodge","narrative":"Dark.","anonymous":true}}"#,
        );
        let code = lodged["done"]["tracking_code"].as_str().expect("it is shown once");
        let track = format!(r#"{{"ask":"track","v":1,"code":"{code}"}}"#);
        let remind = format!(
            r#"{{"ask":"step","v":1,"command":"cmd_0000000000000000000000000000000a","code":"{code}","request":{{"action":"remind"}}}}"#
        );
        assert_eq!(ask(&desk, 2, &track)["tracked"]["case"], lodged["done"]["case"], "{name}");
        let officer = Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(3)), "auditor".parse().unwrap());
        for question in [&track, &remind] {
            let answer: Value = serde_json::from_str(&desk.by(&officer, now()).serve(question)).unwrap();
            assert_eq!(answer["failed"]["code"], "not_found", "{name}");
        }
    }
}

#[test]
fn rules_are_sent_once_for_each_version() {
    for (name, desk) in desks() {
        let first = ask(&desk, 1, r#"{"ask":"rules","v":1}"#);
        let version = first["rules"]["version"].as_str().expect("a version");
        assert_eq!(first["rules"]["role"], "complainant", "{name}");
        assert!(first["rules"]["rulebook"].is_object(), "{name}");
        let again = ask(&desk, 1, &format!(r#"{{"ask":"rules","have":"{version}","v":1}}"#));
        assert!(again["rules"]["rulebook"].is_null(), "{name}");
        let changed =
            Rulebook::from_toml(&format!("{TOWN}\nintake.narrative_chars = 99")).expect("a rulebook");
        desk.activate(changed, at("2026-01-01T00:00:00Z")).expect("in force");
        let newer = ask(&desk, 1, &format!(r#"{{"ask":"rules","have":"{version}","v":1}}"#));
        assert!(newer["rules"]["rulebook"].is_object(), "{name}");
        assert_ne!(newer["rules"]["version"], version, "{name}");
    }
}

#[test]
fn what_is_no_question_is_answered_with_a_place() {
    let (_, desk) = desks().into_iter().next().expect("a desk");
    for (question, place) in [
        ("", Value::Null),
        ("[1]", Value::Null),
        ("{}", "v".into()),
        (r#"{"v":2,"ask":"rules"}"#, "v".into()),
        (r#"{"v":1,"ask":"all"}"#, "ask".into()),
        (r#"{"v":1,"ask":"track","cose":1}"#, "cose".into()),
        (r#"{"v":1,"ask":"track","case":7}"#, "case".into()),
        (r#"{"v":1,"ask":"step","request":{}}"#, "command".into()),
        (
            r#"{"v":1,"ask":"step","command":"cmd_00000000000000000000000000000001","request":[]}"#,
            Value::Null,
        ),
    ] {
        let failed = ask(&desk, 1, question);
        assert_eq!(failed["failed"]["code"], "invalid_command", "{question}");
        assert_eq!(failed["failed"]["remedy"], "amend", "{question}");
        assert_eq!(failed["failed"]["where"], place, "{question}");
    }
}

/// An older app reads what a newer desk says, as far as it knows it; another version it does not.
#[test]
fn an_older_app_overlooks_what_it_does_not_know() {
    let rules = Answered::Rules(Box::new(PublicRules {
        version: "v".to_owned(),
        role: "complainant".to_owned(),
        verify_mobile: false,
        rulebook: None,
    }));
    let text = rules.to_json();
    assert_eq!(Answered::from_json(&text), Some(rules.clone()));
    let newer = text.replace("{\"rules\":{", "{\"greeting\":\"hello\",\"rules\":{\"mood\":1,");
    assert_eq!(Answered::from_json(&newer), Some(rules));
    assert_eq!(Answered::from_json(&text.replace("\"v\":1}", "\"v\":2}")), None);
    assert_eq!(Answered::from_json("<html>"), None);
    assert!(serde_json::from_str::<TrackedCase>("{}").is_err());
}

#[test]
fn an_older_desk_does_not_say_the_level_of_what_comes_next() {
    let older =
        r#"{"at":"2026-03-03T10:00:00Z","on":"2026-03-03","target":null,"unit":"works","what":"goes_to"}"#;
    let level = |text: &str| serde_json::from_str::<Coming>(text).expect("what comes next").level;
    assert_eq!(level(older), None);
    assert_eq!(level(&older.replace("\"on\"", "\"level\":2,\"on\"")), Some(2));
}
