//! Lints of roles, subjects, offices and places, by name.

use crate::rulebook_lint::{after, among, find, only};
use grievance_core::rulebook::document::{Document, NamedEntry};
use grievance_core::rulebook::finding::Severity::{Error, Warning};
use grievance_core::rulebook::finding::{Finding, Lint};
use grievance_core::vocabulary::Action;

#[test]
fn role_without_step() {
    let found = after(|it| {
        for step in &mut it.workflow.step {
            step.role.retain(|role| role != "officer");
        }
        find(it, Action::Return).role = vec!["hod".to_owned()];
        find(it, Action::Record).role = vec!["hod".to_owned()];
    });
    only(&found, Warning, Lint::RoleWithoutStep, "role[3]: the role takes no step");
}

#[test]
fn role_never_granted() {
    let found = after(|it| it.post[2].role = "hod".to_owned());
    only(&found, Warning, Lint::RoleNeverGranted, "role[3]: no post grants the role: nobody can act in it");
}

#[test]
fn too_many_roles() {
    let found = after(|it| {
        for n in it.role.len()..65 {
            it.role.push(grievance_core::rulebook::document::RoleEntry {
                code: format!("role-{n}"),
                ..Default::default()
            });
        }
    });
    among(&found, Error, Lint::OutOfRange, "role");
}

#[test]
fn category_without_office() {
    let found = after(|it| it.category[2].unit = None);
    among(&found, Warning, Lint::CategoryWithoutOffice, "category[2].unit");
    assert_eq!(found.len(), 1);
    // A catch-all route is an office for every subject.
    let found = after(|it| {
        it.category[2].unit = None;
        it.route.push(grievance_core::rulebook::document::RouteEntry {
            unit: "water".to_owned(),
            ..Default::default()
        });
    });
    assert_eq!(found, []);
}

#[test]
fn shadowed_route() {
    let found = after(|it| it.route.push(it.route[0].clone()));
    let sentence = "route[1]: never wins: route[0] has the same subject and place";
    only(&found, Warning, Lint::ShadowedRoute, sentence);
    let found = after(|it| it.route[0].place = None);
    among(&found, Warning, Lint::ShadowedRoute, "category[0].unit");
}

#[test]
fn unit_without_head() {
    let found = after(|it| it.unit[3].head = None);
    let sentence = "unit[3].head: the unit has no head: what concerns its head falls upward";
    only(&found, Warning, Lint::UnitWithoutHead, sentence);
}

#[test]
fn cycles() {
    let found = after(|it| it.unit[1].parent = Some("ward-1".to_owned()));
    only(&found, Error, Lint::Cycle, "unit[1].parent: the parents run in a circle: works, ward-1, works");
    among(&after(|it| it.place[0].parent = Some("haldia".to_owned())), Error, Lint::Cycle, "place[0].parent");
    let found = after(|it| it.category[0].parent = Some("potholes".to_owned()));
    among(&found, Error, Lint::Cycle, "category[0].parent");
    among(&after(|it| it.unit[0].parent = Some("cell".to_owned())), Error, Lint::Cycle, "unit[0].parent");
}

#[test]
fn overlapping_validity() {
    let day = |text: &str| Some(text.parse().expect("a date"));
    let found = after(|it| it.reason[4].valid_to = day("2025-12-31"));
    let sentence = "reason[4].valid_to: ends on 2025-12-31, before it begins on 2026-01-01";
    only(&found, Error, Lint::OverlappingValidity, sentence);
    // One day long is long enough.
    assert_eq!(after(|it| it.reason[4].valid_to = day("2026-01-01")), []);
    let found = after(|it| {
        it.unit[1].valid_to = day("2026-03-31");
        it.unit[3].valid_from = day("2026-04-01");
    });
    among(&found, Warning, Lint::OverlappingValidity, "unit[3].parent");
    let found = after(|it| {
        let entry = grievance_core::rulebook::document::UnitMapping {
            from: "old".to_owned(),
            category: None,
            to: Some("works".to_owned()),
        };
        it.mapping.unit = vec![entry.clone(), entry];
    });
    among(&found, Error, Lint::OverlappingValidity, "mapping.unit[1].from");
}

/// A complaint about an office that all who may know stand above: one of them would keep it.
#[test]
fn sealed_in_its_own_line() {
    let seal = |it: &mut Document, units: [&str; 2]| {
        let post = it.post[0].code.clone();
        let named = |unit: &str| NamedEntry {
            unit: Some(unit.to_owned()),
            post: Some(post.clone()),
            ..NamedEntry::default()
        };
        it.category[0].sealed = units.map(named).to_vec();
    };
    let lines = |found: &[Finding]| found.iter().filter(|it| it.lint == Lint::SealedInLine).count();
    // The ward answers to both departments, until it answers to one.
    let found = after(|it| seal(it, ["works", "water"]));
    among(&found, Warning, Lint::SealedInLine, "category[0].sealed");
    let found = after(|it| {
        it.unit[3].second_superior = None;
        seal(it, ["works", "water"]);
    });
    assert_eq!(lines(&found), 0, "{found:#?}");
}
