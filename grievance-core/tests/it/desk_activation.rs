//! A department renamed: a new rulebook version comes into force, and the open cases with it.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{TOWN, at, citizen, desks, lodge, officer, open, take};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::document::{CodeMapping, Document, UnitMapping};
use grievance_core::vocabulary::ErrorCode;

const BEFORE: &str = "2026-03-02T09:00:00Z";
const CHANGE: &str = "2026-04-01T00:00:00Z";
const AFTER: &str = "2026-04-02T09:00:00Z";

/// Lighting is gone, the stage `reported` is gone, the reason `not_eligible` is gone.
fn successor(mapped: bool) -> Rulebook {
    let mut document: Document = Rulebook::from_toml(TOWN).unwrap().document().clone();
    document.unit.retain(|unit| unit.code != "lighting");
    for category in &mut document.category {
        if category.unit.as_deref() == Some("lighting") {
            category.unit = Some("works".to_owned());
        }
    }
    document.reason.retain(|reason| reason.code != "not_eligible");
    document.workflow.stage.retain(|stage| stage.code != "reported");
    for step in &mut document.workflow.step {
        step.from.retain(|stage| stage != "reported");
    }
    let kept = |action: &str, from: &[String]| action == "lodge" || !from.is_empty();
    document
        .workflow
        .step
        .retain(|step| kept(&step.action, &step.from) && step.to.as_deref() != Some("reported"));
    if mapped {
        let to = |from: &str, to: &str| CodeMapping { from: from.to_owned(), to: to.to_owned() };
        let works = Some("works".to_owned());
        document.mapping.unit = vec![UnitMapping { from: "lighting".to_owned(), category: None, to: works }];
        document.mapping.stage = vec![to("reported", "in_progress")];
        document.mapping.reason = vec![to("not_eligible", "not_sustained")];
    }
    Rulebook::new(document).unwrap_or_else(|refused| panic!("{:#?}", refused.findings))
}

fn system() -> Actor {
    Actor { role: "system".parse().unwrap(), unit: None, ..officer("system", "desk") }
}

struct Cases {
    lamp: GrievanceId,
    closed_lamp: GrievanceId,
    reported: GrievanceId,
    tree: GrievanceId,
}

fn cases(desk: &Desk) -> Cases {
    let lamp = lodge(desk, "street-light", BEFORE).case;
    let closed_lamp = lodge(desk, "street-light", BEFORE).case;
    let lighting = officer("hod", "lighting");
    let done = r#"{"action":"dispose","remarks":"Done.","reason":"not_eligible","evidence":{"rule":"One"}}"#;
    take(desk, &lighting, BEFORE, closed_lamp, done);
    let reported = lodge(desk, "pothole", BEFORE).case;
    let works = officer("hod", "works");
    take(desk, &works, BEFORE, reported, r#"{"action":"acknowledge"}"#);
    let report =
        r#"{"action":"report_action","report":"No.","reason":"not_eligible","evidence":{"rule":"One"}}"#;
    take(desk, &works, BEFORE, reported, report);
    let tree = lodge(desk, "trees", BEFORE).case;
    Cases { lamp, closed_lamp, reported, tree }
}

#[test]
fn what_disappears_must_be_mapped() {
    for (name, desk) in desks() {
        let before = desk.rulebook(at(AFTER)).unwrap().version();
        let refused = desk.activate(successor(false), at(CHANGE)).unwrap_err();
        let code = refused.code();
        let grievance_core::desk::DeskError::Rulebook(refused) = refused else { panic!("{name}") };
        let told: Vec<_> = refused.errors().map(ToString::to_string).collect();
        assert_eq!((told.len(), code), (3, ErrorCode::MappingMissing), "{name}: {told:?}");
        for gone in ["lighting", "reported", "not_eligible"] {
            assert!(told.iter().any(|sentence| sentence.contains(gone)), "{name}: {gone} in {told:?}");
        }
        assert_eq!(desk.rulebook(at(AFTER)).unwrap().version(), before, "{name}: nothing changed");
    }
}

#[test]
fn open_cases_move_and_closed_ones_stay() {
    for (name, desk) in desks() {
        let Cases { lamp, closed_lamp, reported, tree } = cases(&desk);
        let old = desk.rulebook(at(BEFORE)).unwrap().version();
        let new = successor(true);
        let version = new.version();
        let activation = desk.activate(new, at(CHANGE)).unwrap();
        assert_eq!((activation.version, activation.before), (version, Some(old)), "{name}");
        let again = desk.activate(successor(true), at(CHANGE)).unwrap();
        assert_eq!(again.before, Some(version), "{name}: again changes nothing");
        assert_eq!(desk.rulebook(at("2026-03-31T23:59:59Z")).unwrap().version(), old, "{name}");
        assert_eq!(desk.rulebook(at(CHANGE)).unwrap().version(), version, "{name}");

        let history = desk.history(closed_lamp).unwrap();
        let moved = desk.move_cases(&system(), at(AFTER), None, 10).unwrap();
        assert_eq!((moved.moved, moved.changed, moved.next), (3, 2, None), "{name}");

        let view = |case| desk.case(case).unwrap();
        assert_eq!(view(lamp).fact.unit.as_str(), "works", "{name}");
        assert_eq!(view(lamp).fact.stage.as_str(), "received");
        let case = view(reported).case;
        assert_eq!((case.stage().as_str(), case.unit().as_str()), ("in_progress", "desk"), "{name}");
        let proposed = case.course.report.as_ref().and_then(|report| report.reason.clone());
        assert_eq!(proposed.unwrap().as_str(), "not_sustained", "{name}");
        assert_eq!((view(tree).fact.unit.as_str(), view(tree).fact.rulebook), ("parks", version), "{name}");
        assert_eq!(desk.history(closed_lamp).unwrap(), history, "{name}: past closures stay");
        assert_eq!(view(closed_lamp).fact.reason.unwrap().as_str(), "not_eligible");

        // The events say which version; the old ones still say the old one.
        let versions: Vec<_> = view(lamp).history.iter().map(|next| next.rulebook).collect();
        assert_eq!(versions, [old, old, version, version], "{name}: lodged with a target; missed it, moved");
        let last = view(lamp).history.pop().unwrap();
        assert!(matches!(last.event.what, What::Remapped(_)) && last.actor == system(), "{name}");

        // The new office works on under the new rules.
        let done =
            r#"{"action":"dispose","remarks":"Done.","reason":"not_eligible","evidence":{"rule":"One"}}"#;
        let works = officer("hod", "works");
        let gone = desk.by(&works, at(AFTER)).submit(Some(lamp), &crate::desk_support::request(done));
        assert_eq!(gone.unwrap_err().code(), ErrorCode::UnknownCode, "{name}");
        let sound =
            r#"{"action":"dispose","remarks":"Done.","reason":"not_sustained","evidence":{"finding":"One"}}"#;
        take(&desk, &works, AFTER, lamp, sound);

        // A case closed at an office that is gone comes back to its successor.
        let reopen = r#"{"action":"reopen","remarks":"Dark again."}"#;
        let reopened = take(&desk, &citizen(), "2026-04-01T09:00:00Z", closed_lamp, reopen);
        assert_eq!(view(closed_lamp).fact.unit.as_str(), "works", "{name}");
        assert_eq!(
            reopened.version, 7,
            "{name}: each of three steps with its deadline, and moved before the last"
        );
    }
}

/// Stopped and taken up again at any place, a case is moved once.
#[test]
fn moving_is_resumable() {
    for (name, desk) in desks() {
        let lamps: Vec<_> = (0..7).map(|_| lodge(&desk, "street-light", BEFORE).case).collect();
        desk.activate(successor(true), at(CHANGE)).unwrap();
        let first = desk.move_cases(&system(), at(AFTER), None, 3).unwrap();
        assert_eq!((first.moved, first.changed), (3, 3), "{name}");
        assert!(first.next.is_some(), "{name}");
        // From the beginning, as if the place had been lost: those three are not seen again.
        let second = desk.move_cases(&system(), at(AFTER), None, 3).unwrap();
        assert_eq!(second.moved, 3, "{name}");
        let last = desk.move_cases(&system(), at(AFTER), second.next, 3).unwrap();
        assert_eq!((last.moved, last.next), (1, None), "{name}");
        let none = desk.move_cases(&system(), at(AFTER), None, 3).unwrap();
        assert_eq!((none.moved, none.next), (0, None), "{name}");
        for lamp in lamps {
            let moved = desk.history(lamp).unwrap();
            let moved = moved.iter().filter(|next| matches!(next.event.what, What::Remapped(_)));
            assert_eq!(moved.count(), 1, "{name}");
            assert_eq!(desk.case(lamp).unwrap().fact.unit.as_str(), "works", "{name}");
        }
    }
}

/// Another process opens the same store: it reads the versions that the store keeps.
#[test]
fn old_versions_are_read_from_the_store() {
    for (name, store) in crate::desk_support::stores() {
        let desk = open(store.clone());
        let rulebook = Rulebook::from_toml(TOWN).unwrap();
        let old = rulebook.version();
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).unwrap();
        let Cases { lamp, .. } = cases(&desk);
        desk.activate(successor(true), at(CHANGE)).unwrap();
        desk.move_cases(&system(), at(AFTER), None, 100).unwrap();
        let other = open(store);
        assert_eq!(other.case(lamp).unwrap(), desk.case(lamp).unwrap(), "{name}");
        let kept = other.edition(old).unwrap();
        assert_eq!(
            (kept.version(), kept.directory().get(&"lighting".parse().unwrap()).is_some()),
            (old, true)
        );
        assert_eq!(other.rulebook(at(AFTER)).unwrap().version(), successor(true).version(), "{name}");
    }
}
