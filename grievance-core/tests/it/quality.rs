//! A second look at what was disposed, and what is learnt from it.

use crate::desk_support::{Unscoped as _, at, citizen, desks, lodge, officer, person, request, take};
use grievance_core::desk::Desk;
use grievance_core::grievance::refusal::Refusal;
use grievance_core::kernel::code::ChangeCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::finding::Lint;
use grievance_core::vocabulary::{ErrorCode, VerificationFinding};
use grievance_core::{DeskError, Rulebook};

const TOWN: &str = r#"
extends = "city-311"
name = "Test town"
zone = "Asia/Kolkata"
[[process_change]]
code = "shared-register"
name = "One register of patches that contractors can see"
root_cause = ["contractor"]
[[process_change]]
code = "any-cause"
name = "A form in plain words"
state = "implemented"
implemented_on = "2026-02-01"
"#;
const DISPOSE: &str = r#"{"action":"dispose","remarks":"Filled.","reason":"benefit_provided","evidence":{"date":"2026-03-03","reference":"1"}}"#;
const LATER: &str = "2026-03-04T09:00:00Z";

fn town(desk: &Desk) -> GrievanceId {
    desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    lodge(desk, "pothole", "2026-03-02T09:00:00Z").case
}

fn works() -> Actor {
    officer("hod", "works")
}

fn auditor() -> Actor {
    officer("auditor", "desk")
}

#[track_caller]
fn refused(desk: &Desk, who: &Actor, case: GrievanceId, json: &str) -> DeskError {
    desk.by(who, at(LATER)).submit(Some(case), &request(json)).unwrap_err()
}

fn verify(finding: &str) -> String {
    format!(r#"{{"action":"verify","finding":"{finding}","remarks":"The place was looked at."}}"#)
}

/// Neither who reported nor who closed looks a second time, though the step has no gate that says so.
#[test]
fn nobody_looks_a_second_time_at_their_own_work() {
    for (name, desk) in desks() {
        let case = town(&desk);
        let works = works();
        take(&desk, &works, "2026-03-03T07:00:00Z", case, r#"{"action":"acknowledge"}"#);
        take(&desk, &works, "2026-03-03T08:00:00Z", case, r#"{"action":"report_action","report":"Filled."}"#);
        let clerk = Actor { person: person(900), ..officer("cell_officer", "desk") };
        take(&desk, &clerk, "2026-03-03T09:00:00Z", case, DISPOSE);
        for own in [person(900), works.person] {
            let same = Actor { person: own, ..auditor() };
            let answer = refused(&desk, &same, case, &verify("confirmed"));
            assert_eq!(answer, DeskError::Refused(Refusal::SameOfficer), "{name}");
            let options = desk.by(&same, at(LATER)).options(case).unwrap();
            let offer = options.iter().find(|offer| offer.action.as_str() == "verify").unwrap();
            assert!(!offer.verdict.is_allowed(), "{name}: it is not offered either");
        }
        take(&desk, &auditor(), LATER, case, &verify("confirmed"));
        let fact = desk.case(case).unwrap().fact;
        assert_eq!(fact.finding, Some(VerificationFinding::Confirmed), "{name}");
    }
}

/// A change is named with a cause that it answers; one that names no cause answers any.
#[test]
fn a_change_answers_its_causes_alone() {
    for (name, desk) in desks() {
        let case = town(&desk);
        take(&desk, &works(), "2026-03-03T09:00:00Z", case, DISPOSE);
        let classify = |rest: &str| format!(r#"{{"action":"classify","root_cause":{rest}}}"#);
        for (rest, code) in [
            (r#""sunspots""#, ErrorCode::UnknownCode),
            (r#""funds","change":"no-such-change""#, ErrorCode::UnknownCode),
            (r#""funds","change":"shared-register""#, ErrorCode::InvalidCommand),
        ] {
            assert_eq!(refused(&desk, &works(), case, &classify(rest)).code(), code, "{name}: {rest}");
        }
        for (rest, change) in [
            (r#""contractor","change":"shared-register""#, Some("shared-register")),
            (r#""funds","change":"any-cause""#, Some("any-cause")),
            (r#""funds""#, None),
        ] {
            take(&desk, &works(), LATER, case, &classify(rest));
            let fact = desk.case(case).unwrap().fact;
            assert_eq!(fact.change.as_ref().map(ChangeCode::as_str), change, "{name}: the latest counts");
        }
        let mine = desk.by(&citizen(), at(LATER)).case(case).unwrap();
        assert_eq!((mine.row.root_cause, mine.row.finding), (None, None), "{name}: it is the office's own");
    }
}

/// A finding and a cause are of one disposal: what is opened again is looked at and classified anew.
#[test]
fn a_case_that_is_opened_again_is_unverified_and_unclassified() {
    for (name, desk) in desks() {
        let case = town(&desk);
        take(&desk, &works(), "2026-03-03T09:00:00Z", case, DISPOSE);
        take(&desk, &works(), LATER, case, r#"{"action":"classify","root_cause":"funds"}"#);
        take(&desk, &auditor(), LATER, case, &verify("deficient"));
        let learnt = || {
            let fact = desk.case(case).unwrap().fact;
            (fact.finding.map(VerificationFinding::as_str), fact.root_cause.map(|code| code.to_string()))
        };
        assert_eq!(learnt(), (Some("deficient"), Some("funds".to_owned())), "{name}");
        let again = "2026-03-05T09:00:00Z";
        take(&desk, &citizen(), again, case, r#"{"action":"reopen","remarks":"It is back."}"#);
        assert_eq!(learnt(), (None, None), "{name}");
        take(&desk, &works(), "2026-03-06T09:00:00Z", case, DISPOSE);
        assert_eq!(learnt(), (None, None), "{name}");
    }
}

/// A disposal taken back takes its classification along; one that was looked at stands.
#[test]
fn a_second_look_makes_a_disposal_final() {
    for (name, desk) in desks() {
        let (one, other) = (town(&desk), lodge(&desk, "pothole", "2026-03-02T09:00:00Z").case);
        let soon = "2026-03-03T10:00:00Z";
        for case in [one, other] {
            take(&desk, &works(), "2026-03-03T09:00:00Z", case, DISPOSE);
            take(&desk, &works(), soon, case, r#"{"action":"classify","root_cause":"funds"}"#);
        }
        take(&desk, &auditor(), soon, other, &verify("confirmed"));
        let rescind = r#"{"action":"rescind","remarks":"Another street."}"#;
        take(&desk, &works(), soon, one, rescind);
        assert_eq!(desk.case(one).unwrap().fact.root_cause, None, "{name}");
        let answer = desk.by(&works(), at(soon)).submit(Some(other), &request(rescind)).unwrap_err();
        assert_eq!(answer, DeskError::Refused(Refusal::OutOfReach), "{name}: nobody's step can be undone");
    }
}

/// What a rulebook says of second looks and changes is read as a whole, and each mistake is named.
#[test]
fn mistakes_are_named_where_they_stand() {
    let lints = |more: &str| -> Vec<(Lint, String)> {
        let refused = Rulebook::from_toml(&format!("{TOWN}{more}")).unwrap_err();
        refused.errors().map(|finding| (finding.lint, finding.path.clone())).collect()
    };
    let change = |rest: &str| lints(&format!("[[process_change]]\ncode = \"third\"\nname = \"x\"\n{rest}"));
    let at_third = |field: &str| format!("process_change[2].{field}");
    assert_eq!(change("root_cause = [\"sunspots\"]"), [(Lint::Undefined, at_third("root_cause[0]"))]);
    assert_eq!(change("category = [\"pothole\", \"tides\"]"), [(Lint::Undefined, at_third("category[1]"))]);
    assert_eq!(change("unit = [\"moon\"]"), [(Lint::Undefined, at_third("unit[0]"))]);
    assert_eq!(change("state = \"implemented\""), [(Lint::Missing, at_third("implemented_on"))]);
    let early = change("state = \"accepted\"\nimplemented_on = \"2026-02-01\"");
    assert_eq!(early, [(Lint::ChangeContradiction, at_third("implemented_on"))]);
    for (rest, field) in [
        ("percent = 101\nsuspicious_percent = 101", "percent"),
        ("percent = 30\nsuspicious_percent = 25", "suspicious_percent"),
        ("suspicious_percent = 400", "suspicious_percent"),
    ] {
        let found = lints(&format!("[verification]\n{rest}"));
        assert!(found.contains(&(Lint::OutOfRange, format!("verification.{field}"))), "{rest}: {found:?}");
    }
    for field in ["bulk_in_a_day", "before_due_hours", "same_remarks", "at_least"] {
        let found = lints(&format!("[suspicion]\n{field} = 0"));
        assert_eq!(found, [(Lint::OutOfRange, format!("suspicion.{field}"))]);
    }
    for rest in ["before_due_percent = 101", "reopened_percent = 0"] {
        assert_eq!(lints(&format!("[suspicion]\n{rest}")).len(), 1, "{rest}");
    }
    let open = "[[workflow.step]]\naction = \"verify\"\nfrom = [\"received\"]\nrole = [\"auditor\"]\n";
    let found = lints(open);
    assert!(
        found.iter().any(|(lint, path)| *lint == Lint::ImpossibleStep && path.contains(".from")),
        "{found:?}"
    );
}

/// The rulebook that the guide shows is sound.
#[test]
fn the_guide_shows_what_the_linter_takes() {
    const GUIDE: &str = include_str!("../../../docs/guide/quality.md");
    let shown = GUIDE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let rulebook = Rulebook::from_toml(&format!("extends = \"city-311\"\n{shown}")).unwrap();
    let change = rulebook.process_change(&"shared-register".parse().unwrap()).unwrap();
    assert!(change.answers(&"contractor".parse().unwrap()) && !change.answers(&"funds".parse().unwrap()));
    let (sample, suspicion) = (rulebook.verification(), rulebook.suspicion());
    assert_eq!((sample.percent, sample.suspicious_percent, sample.at_least), (5, 25, 1));
    assert_eq!((suspicion.bulk_in_a_day, suspicion.same_remarks, suspicion.at_least), (40, 10, 10));
    assert_eq!(
        (suspicion.before_due_hours, suspicion.before_due_percent, suspicion.reopened_percent),
        (4, 50, 25)
    );
}
