//! From one rulebook to the next: nothing disappears without a word.

use crate::rulebook_lint::base;
use chrono::NaiveDate;
use grievance_core::kernel::code::{CategoryCode, ReasonCode, StageCode, UnitCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{CodeMapping, Document, UnitMapping};
use grievance_core::rulebook::finding::{Lint, RulebookInvalid, Severity};
use grievance_core::rulebook::succession::{Moved, Succession};
use grievance_core::vocabulary::{ErrorCode, Phase};

fn rulebook(change: impl FnOnce(&mut Document)) -> Rulebook {
    let mut document = base();
    change(&mut document);
    Rulebook::new(document).unwrap_or_else(|refused| panic!("{:#?}", refused.findings))
}

fn unit(code: &str) -> UnitCode {
    UnitCode::new(code).expect("a code")
}

fn category(code: &str) -> CategoryCode {
    CategoryCode::new(code).expect("a code")
}

fn stage(code: &str) -> StageCode {
    StageCode::new(code).expect("a code")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn mapped(from: &str, category: Option<&str>, to: Option<&str>) -> UnitMapping {
    UnitMapping { from: from.to_owned(), category: category.map(str::to_owned), to: to.map(str::to_owned) }
}

fn coded(from: &str, to: &str) -> CodeMapping {
    CodeMapping { from: from.to_owned(), to: to.to_owned() }
}

fn told(refused: &RulebookInvalid) -> Vec<String> {
    assert_eq!(refused.code(), ErrorCode::MappingMissing);
    refused.errors().map(ToString::to_string).collect()
}

/// Water is gone; what named it is led elsewhere.
fn without_water(it: &mut Document) {
    it.unit.retain(|unit| unit.code != "water");
    it.unit[2].second_superior = None;
    it.category[2].unit = Some("works".to_owned());
}

/// The stage `waiting` is gone with its steps.
fn without_waiting(it: &mut Document) {
    it.workflow.stage.retain(|stage| stage.code != "waiting");
    it.workflow.step.retain(|step| !step.action.ends_with("_information"));
}

#[test]
fn nothing_removed_needs_no_mapping() {
    let (old, new) = (rulebook(|_| {}), rulebook(|it| it.notice = "new".to_owned()));
    let succession = Succession::check(&old, &new).expect("nothing is gone");
    assert!(succession.units_gone().is_empty() && succession.findings().is_empty());
    assert_eq!(succession.unit(&unit("water"), None, day("2026-04-01")), Moved::Same);
    assert_eq!(succession.stage(&stage("work")), stage("work"));
}

#[test]
fn everything_without_a_mapping_is_named_at_once() {
    let old = rulebook(|_| {});
    let new = rulebook(|it| {
        without_water(it);
        without_waiting(it);
        it.reason.retain(|reason| reason.code != "silent" && reason.code != "in-court");
    });
    let refused = Succession::check(&old, &new).expect_err("four things are gone");
    assert!(refused.findings.iter().all(|it| it.lint == Lint::MappingMissing));
    assert_eq!(
        told(&refused),
        [
            "mapping.reason: nothing says what becomes of the reason \"in-court\"",
            "mapping.reason: nothing says what becomes of the reason \"silent\"",
            "mapping.stage: nothing says what becomes of the stage \"waiting\"",
            "mapping.unit: nothing says what becomes of the unit \"water\"",
        ]
    );
}

#[test]
fn a_mapped_unit_stage_and_reason() {
    let old = rulebook(|_| {});
    let new = rulebook(|it| {
        without_water(it);
        without_waiting(it);
        it.reason.retain(|reason| reason.code != "silent");
        it.mapping.unit = vec![mapped("water", None, Some("works"))];
        it.mapping.stage = vec![coded("waiting", "work")];
        it.mapping.reason = vec![coded("silent", "done")];
    });
    let succession = Succession::check(&old, &new).expect("all is mapped");
    assert_eq!(succession.unit(&unit("water"), None, day("2026-04-01")), Moved::To(unit("works")));
    assert_eq!(succession.stage(&stage("waiting")), stage("work"));
    let reason = |code| ReasonCode::new(code).expect("a code");
    assert_eq!(succession.reason(&reason("silent")), reason("done"));
    assert_eq!(succession.units_gone(), [unit("water")]);
    assert_eq!(succession.stages_gone(), [stage("waiting")]);
    assert_eq!(succession.reasons_gone(), [reason("silent")]);
}

#[test]
fn a_split_goes_by_subject_and_needs_a_rest() {
    let old = rulebook(|_| {});
    let split = |it: &mut Document| {
        without_water(it);
        it.mapping.unit =
            vec![mapped("water", Some("roads"), Some("ward-1")), mapped("water", Some("supply"), None)];
    };
    let refused = Succession::check(&old, &rulebook(split)).map(|_| ()).expect_err("no rest");
    let sentence = "mapping.unit: the unit \"water\" is mapped for some categories, but not for all others";
    assert_eq!(told(&refused), [sentence]);

    let new = rulebook(|it| {
        split(it);
        it.mapping.unit.push(mapped("water", None, Some("works")));
    });
    let succession = Succession::check(&old, &new).expect("a rest is there");
    let goes = |subject: Option<&str>| {
        let subject = subject.map(category);
        succession.unit(&unit("water"), subject.as_ref(), day("2026-04-01"))
    };
    assert_eq!(goes(Some("roads")), Moved::To(unit("ward-1")));
    assert_eq!(goes(Some("potholes")), Moved::To(unit("ward-1")), "it lies below roads");
    assert_eq!(goes(Some("supply")), Moved::Reroute);
    assert_eq!(goes(Some("unheard-of")), Moved::To(unit("works")));
    assert_eq!(goes(None), Moved::To(unit("works")));
}

#[test]
fn a_subject_that_is_gone_counts_as_a_wider_one() {
    let old = rulebook(|_| {});
    let new = rulebook(|it| {
        without_water(it);
        it.category.retain(|category| category.code != "potholes");
        it.mapping.unit =
            vec![mapped("water", Some("roads"), Some("ward-1")), mapped("water", None, Some("works"))];
    });
    let succession = Succession::check(&old, &new).expect("all is mapped");
    let (from, subject, on) = (unit("water"), category("potholes"), day("2026-04-01"));
    assert_eq!(succession.unit(&from, Some(&subject), on), Moved::To(unit("ward-1")));
    // The new rulebook alone does not know where it belonged.
    assert_eq!(new.successor_of_unit(&from, Some(&subject), on), Moved::To(unit("works")));
}

#[test]
fn a_unit_that_ends_keeps_its_cases_unless_it_is_mapped() {
    let old = rulebook(|_| {});
    let ends = |it: &mut Document| it.unit[2].valid_to = Some(day("2026-03-31"));
    let new = rulebook(ends);
    let succession = Succession::check(&old, &new).expect("it is still there");
    let warning = &succession.findings()[0];
    assert_eq!((warning.severity, warning.lint), (Severity::Warning, Lint::MappingMissing));
    assert_eq!(warning.path, "unit[2].valid_to");
    assert_eq!(succession.unit(&unit("water"), None, day("2026-04-01")), Moved::Same);

    let new = rulebook(|it| {
        ends(it);
        it.mapping.unit = vec![mapped("water", None, Some("works"))];
    });
    let succession = Succession::check(&old, &new).expect("all is mapped");
    assert!(succession.findings().is_empty());
    assert_eq!(succession.unit(&unit("water"), None, day("2026-03-31")), Moved::Same, "its last day");
    assert_eq!(succession.unit(&unit("water"), None, day("2026-04-01")), Moved::To(unit("works")));
}

#[test]
fn a_mapping_is_followed_on_and_never_runs_in_a_circle() {
    let new = rulebook(|it| {
        for at in [1, 2] {
            it.unit[at].valid_to = Some(day("2026-03-31"));
        }
        it.mapping.unit = vec![mapped("water", None, Some("works")), mapped("works", None, Some("ward-1"))];
    });
    assert_eq!(new.successor_of_unit(&unit("water"), None, day("2026-04-01")), Moved::To(unit("ward-1")));
    let new = rulebook(|it| {
        for at in [1, 2] {
            it.unit[at].valid_to = Some(day("2026-03-31"));
        }
        it.mapping.unit = vec![mapped("water", None, Some("works")), mapped("works", None, Some("water"))];
    });
    assert_eq!(new.successor_of_unit(&unit("water"), None, day("2026-04-01")), Moved::To(unit("cell")));
}

#[test]
fn what_is_older_than_the_version_before_finds_a_place_too() {
    let new = rulebook(|_| {});
    let on = day("2026-04-01");
    assert_eq!(new.successor_of_unit(&unit("long-gone"), None, on), Moved::To(unit("cell")));
    assert_eq!(new.successor_of_stage(&stage("long-gone")), stage("new"));
    let reason = ReasonCode::new("long-gone").expect("a code");
    assert_eq!(new.successor_of_reason(&reason), reason);
}

#[test]
fn no_mapping_ends_a_case_or_brings_it_back() {
    let old = rulebook(|_| {});
    let new = rulebook(|it| {
        without_waiting(it);
        it.mapping.stage = vec![coded("waiting", "closed")];
    });
    let refused = Succession::check(&old, &new).expect_err("it would end cases");
    assert_eq!(
        told(&refused),
        ["mapping.stage[0].to: would bring the cases of \"waiting\" from awaiting_complainant to disposed"]
    );
    assert_eq!(refused.findings[0].lint, Lint::MappingChangesPhase);

    // Nor may a stage keep its code and become an end.
    let new = rulebook(|it| {
        it.workflow.stage[6].phase = Some(Phase::Merged);
        it.workflow.step.iter_mut().find(|step| step.action == "withdraw").expect("it is there").action =
            "merge".to_owned();
        it.workflow.step.iter_mut().find(|step| step.action == "merge").expect("it is there").role =
            vec!["hod".to_owned()];
    });
    let refused = Succession::check(&old, &new).expect_err("it would rewrite what happened");
    assert_eq!(refused.findings[0].path, "workflow.stage[6].phase");
}
