//! Every lint by name: a base rulebook that is clean, one thing made wrong in it.

use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{Document, StepEntry, UnitEntry};
use grievance_core::rulebook::finding::{Finding, Lint, Severity};
use grievance_core::rulebook::lint::lint;
use grievance_core::rulebook::presets;
use grievance_core::rulebook::read::{Format, read};
use grievance_core::vocabulary::{Action, Custody, ErrorCode, EvidenceKind, Gate, Outcome};

pub(crate) fn base() -> Document {
    read(include_str!("../../testdata/rulebooks/base.toml"), Format::Toml).expect("the base is well formed")
}

/// What the linter finds after the change.
pub(crate) fn after(change: impl FnOnce(&mut Document)) -> Vec<Finding> {
    let mut document = base();
    change(&mut document);
    let findings = lint(&document);
    let refused = Rulebook::new(document).err();
    assert_eq!(
        refused.is_some(),
        findings.iter().any(Finding::is_error),
        "refused exactly when there is an error: {findings:#?}"
    );
    if let Some(refused) = refused {
        assert_eq!(refused.code(), ErrorCode::RulebookInvalid);
    }
    findings
}

/// Checks that exactly this is found: severity, lint, and the whole sentence.
#[track_caller]
pub(crate) fn only(findings: &[Finding], severity: Severity, lint: Lint, sentence: &str) {
    let found: Vec<_> = findings.iter().map(|it| (it.severity, it.lint, it.to_string())).collect();
    assert_eq!(found, [(severity, lint, sentence.to_owned())]);
}

/// Checks that this is found, among what follows from it.
#[track_caller]
pub(crate) fn among(findings: &[Finding], severity: Severity, lint: Lint, path: &str) {
    let hit = findings.iter().any(|it| (it.severity, it.lint, &*it.path) == (severity, lint, path));
    assert!(hit, "{lint:?} at {path} is not among {findings:#?}");
}

fn step(document: &mut Document, action: Action, from: &[&str], to: Option<&str>) -> usize {
    document.workflow.step.push(StepEntry {
        action: action.to_string(),
        from: from.iter().map(ToString::to_string).collect(),
        to: to.map(str::to_owned),
        role: vec!["hod".to_owned()],
        ..StepEntry::default()
    });
    document.workflow.step.len() - 1
}

pub(crate) fn find(document: &mut Document, action: Action) -> &mut StepEntry {
    document.workflow.step.iter_mut().find(|step| step.action == action.as_str()).expect("the base has it")
}

use Severity::{Advice, Error, Warning};

#[test]
fn the_base_is_clean() {
    assert_eq!(after(|_| {}), []);
}

#[test]
fn every_preset_is_accepted() {
    for (name, text) in presets::PRESETS {
        let read = Rulebook::read(text, Format::Toml);
        let read = read.unwrap_or_else(|refused| panic!("{name}: {:#?}", refused.findings));
        assert!(read.rulebook.workflow().start().is_some());
    }
}

#[test]
fn bad_code() {
    let found = after(|it| it.root_cause[0].code = "Too Late".to_owned());
    let sentence =
        "root_cause[0].code: \"Too Late\" is no code: a code is 1 to 40 characters of a-z, 0-9, `_` and `-`";
    only(&found, Error, Lint::BadCode, sentence);
    only(&after(|it| it.kind[1].code.clear()), Error, Lint::BadCode, "kind[1].code: a code is missing");
}

#[test]
fn a_long_code_is_not_repeated_whole() {
    let found = after(|it| it.root_cause[0].code = "é\n".repeat(100_000));
    assert!(found[0].to_string().len() < 300, "{}", found[0]);
    assert!(!found[0].to_string().contains('\n'));
}

#[test]
fn duplicate_code() {
    let found = after(|it| it.root_cause.push(it.root_cause[0].clone()));
    let sentence = "root_cause[1].code: \"delay\" is the code of root_cause[0] already";
    only(&found, Error, Lint::DuplicateCode, sentence);
    let found = after(|it| {
        let field = it.record[0].field[0].clone();
        it.record[0].field.push(field);
    });
    among(&found, Error, Lint::DuplicateCode, "record[0].field[1].code");
}

#[test]
fn undefined_says_what_was_meant() {
    let found = after(|it| find(it, Action::Withdraw).to = Some("withdrwan".to_owned()));
    let hint = "workflow.step[21].to: no stage \"withdrwan\"; did you mean \"withdrawn\"?";
    assert_eq!(found[0].to_string(), hint);
    assert_eq!((found[0].lint, found[0].severity), (Lint::Undefined, Error));
}

#[test]
fn undefined_everywhere() {
    let found = after(|it| {
        let nope = || "nope".to_owned();
        it.unit[3] = UnitEntry {
            kind: nope(),
            parent: Some(nope()),
            second_superior: Some(nope()),
            head: Some(nope()),
            appellate: Some(nope()),
            ..it.unit[3].clone()
        };
        it.post[2].role = nope();
        it.place[1].parent = Some(nope());
        it.category[1].parent = Some(nope());
        it.category[1].unit = Some(nope());
        it.category[1].priority = Some(nope());
        it.route[0].category = Some(nope());
        it.route[0].place = Some(nope());
        it.route[0].unit = nope();
        it.workflow.step[4].action = nope();
        it.workflow.step[4].from = vec![nope()];
        it.workflow.step[4].to = Some(nope());
        it.workflow.step[4].role = vec![nope()];
        it.mapping.unit.push(grievance_core::rulebook::document::UnitMapping {
            from: "old".to_owned(),
            category: Some(nope()),
            to: Some(nope()),
        });
        let gone = grievance_core::rulebook::document::CodeMapping { from: "old".to_owned(), to: nope() };
        it.mapping.stage.push(gone.clone());
        it.mapping.reason.push(gone);
        it.cell = nope();
    });
    let undefined: Vec<&str> =
        found.iter().filter(|it| it.lint == Lint::Undefined).map(|it| it.path.as_str()).collect();
    let expected = [
        "category[1].parent",
        "category[1].priority",
        "category[1].unit",
        "cell",
        "mapping.reason[0].to",
        "mapping.stage[0].to",
        "mapping.unit[0].category",
        "mapping.unit[0].to",
        "place[1].parent",
        "post[2].role",
        "route[0].category",
        "route[0].place",
        "route[0].unit",
        "unit[3].appellate",
        "unit[3].head",
        "unit[3].kind",
        "unit[3].parent",
        "unit[3].second_superior",
        "workflow.step[4].action",
        "workflow.step[4].from[0]",
        "workflow.step[4].role[0]",
        "workflow.step[4].to",
    ];
    assert_eq!(undefined, expected);
}

#[test]
fn unreachable_stage() {
    let found = after(|it| find(it, Action::SeekInformation).to = None);
    among(&found, Warning, Lint::UnreachableStage, "workflow.stage[2]");
}

#[test]
fn no_way_out() {
    let found = after(|it| {
        it.workflow.step.retain(|step| step.action != "provide_information" && step.action != "withdraw");
    });
    among(&found, Error, Lint::NoWayOut, "workflow.stage[2]");
    assert!(found.iter().any(|it| it.message == "no step of an office leads out of the stage \"waiting\""));
}

#[test]
fn withdrawal_is_no_way_out() {
    // Only the complainant could end such a case.
    let found = after(|it| it.workflow.step.retain(|step| step.action != "provide_information"));
    among(&found, Error, Lint::NoWayOut, "workflow.stage[2]");
}

#[test]
fn information_leads_back_to_where_it_was_sought() {
    // Without withdrawing, `provide_information` without a stage of its own is the only way on.
    let found = after(|it| {
        it.workflow.step.retain(|step| step.action != "withdraw");
    });
    assert!(found.iter().all(|it| it.lint != Lint::NoWayOut), "{found:#?}");
}

#[test]
fn no_way_to_an_end() {
    let found = after(|it| {
        it.workflow.step.retain(|step| step.action != "withdraw");
        find(it, Action::Dispose).from = vec!["closed".to_owned()];
        it.workflow.step.retain(|step| step.action != "decide_appeal");
    });
    for stage in [0, 1, 2, 3] {
        among(&found, Error, Lint::NoWayOut, &format!("workflow.stage[{stage}]"));
    }
    assert!(found.iter().any(|it| it.message.starts_with("no way leads from the stage \"work\" to an end")));
    // Nobody gets there, so nobody is stuck there.
    among(&found, Warning, Lint::NoWayOut, "workflow.stage[5]");
}

#[test]
fn several_starts_and_none() {
    let found = after(|it| {
        let n = step(it, Action::Lodge, &[], Some("work"));
        it.workflow.step[n].role = vec!["officer".to_owned()];
    });
    let sentence = "workflow.step[23].to: a case starts at one stage: workflow.step[0] leads to \"new\"";
    only(&found, Error, Lint::Starts, sentence);
    among(&after(|it| find(it, Action::Lodge).to = None), Error, Lint::Starts, "workflow.step[0].to");
    let found = after(|it| find(it, Action::Lodge).to = Some("closed".to_owned()));
    among(&found, Error, Lint::Starts, "workflow.step[0].to");
    let found = after(|it| it.workflow.step.retain(|step| step.action != "lodge"));
    only(&found, Error, Lint::Starts, "workflow.step: no step lodges a case");
}

#[test]
fn exit_from_a_terminal_stage() {
    let found = after(|it| {
        step(it, Action::Admit, &["*"], Some("work"));
    });
    let sentence = "workflow.step[23].from: admit leaves the stage \"closed\", which is an end; \
                    write \"*open\" for the stages that are not an end";
    only(&found, Error, Lint::ExitFromTerminal, sentence);
    // Going back without a stage of its own is an exit too.
    let found = after(|it| find(it, Action::Return).from.push("closed".to_owned()));
    among(&found, Error, Lint::ExitFromTerminal, "workflow.step[3].from");
}

#[test]
fn ambiguous_step() {
    let found = after(|it| {
        step(it, Action::Dispose, &["reported"], Some("closed"));
    });
    let sentence = "workflow.step[23]: workflow.step[16] answers dispose by hod from the same stage already";
    only(&found, Error, Lint::AmbiguousStep, sentence);
    // Another outcome is another question.
    let found = after(|it| {
        let n = step(it, Action::RecordFeedback, &["reported"], Some("work"));
        it.workflow.step[n].role = vec!["cell-officer".to_owned()];
        it.workflow.step[n].when = Some(Outcome::Unreachable);
    });
    assert_eq!(found, []);
}

#[test]
fn impossible_steps() {
    type Change = fn(&mut Document);
    let rows: &[(&str, Change)] = &[
        ("workflow.step[0].from", |it| find(it, Action::Lodge).from = vec!["new".to_owned()]),
        ("workflow.step[1].from", |it| find(it, Action::Assign).from.clear()),
        ("workflow.step[1].role", |it| find(it, Action::Assign).role.clear()),
        ("workflow.step[1].when", |it| find(it, Action::Assign).when = Some(Outcome::Satisfied)),
        ("workflow.step[1].custody", |it| find(it, Action::Assign).custody = Some(Custody::Appellate)),
        ("workflow.step[5].custody", |it| it.workflow.step[5].custody = None),
        ("workflow.step[15].custody", |it| find(it, Action::Comment).custody = Some(Custody::Named)),
        ("workflow.step[15].to", |it| find(it, Action::Comment).to = Some("closed".to_owned())),
        ("workflow.step[16].to", |it| find(it, Action::Dispose).to = None),
        ("workflow.step[16].to", |it| find(it, Action::Dispose).to = Some("work".to_owned())),
        ("workflow.step[17].to", |it| find(it, Action::Reopen).to = Some("closed".to_owned())),
        ("workflow.step[17].from", |it| find(it, Action::Reopen).from = vec!["work".to_owned()]),
        ("workflow.step[18].to", |it| find(it, Action::Appeal).to = Some("work".to_owned())),
        ("workflow.step[19].from", |it| find(it, Action::DecideAppeal).from = vec!["work".to_owned()]),
        ("workflow.step[19].when", |it| find(it, Action::DecideAppeal).when = Some(Outcome::AtCap)),
        ("workflow.step[21].to", |it| find(it, Action::Withdraw).to = Some("closed".to_owned())),
        ("workflow.step[22].to", |it| find(it, Action::Rescind).to = Some("work".to_owned())),
        ("workflow.step[2].gate[1]", |it| {
            it.workflow.step.retain(|step| step.action != "approve");
            find(it, Action::Forward).gate.push(Gate::Approval);
        }),
        ("workflow.step[23].to", |it| {
            step(it, Action::Merge, &["work"], Some("withdrawn"));
        }),
        ("workflow.step[23].to", |it| {
            step(it, Action::Decline, &["new"], Some("work"));
        }),
    ];
    for (path, change) in rows {
        among(&after(change), Error, Lint::ImpossibleStep, path);
    }
    let found = after(|it| find(it, Action::Forward).gate.push(Gate::Window));
    among(&found, Warning, Lint::ImpossibleStep, "workflow.step[2].gate[1]");
    let found = after(|it| find(it, Action::ReportAction).to = None);
    among(&found, Warning, Lint::ImpossibleStep, "workflow.step[8].to");
}

#[test]
fn unknown_zone() {
    let found = after(|it| it.zone = "Asia/Kolkatta".to_owned());
    let sentence = "zone: no time zone \"Asia/Kolkatta\"; did you mean \"Asia/Kolkata\"?";
    only(&found, Error, Lint::UnknownZone, sentence);
}

#[test]
fn numbering() {
    let found = after(|it| it.numbering.prefix = "haldia".to_owned());
    among(&found, Error, Lint::Numbering, "numbering.prefix");
    let found = after(|it| it.numbering.pattern = "{prefix}/{yaer}/{serial}".to_owned());
    among(&found, Error, Lint::Numbering, "numbering.pattern");
    let found = after(|it| it.numbering.pattern = "{prefix}/{serial}".to_owned());
    among(&found, Error, Lint::Numbering, "numbering.reset");
}

#[test]
fn out_of_range() {
    let found = after(|it| {
        it.feedback.attempts = 0;
        it.feedback.days = 4;
        it.feedback.slots = 4;
        it.feedback.rounds = 0;
        it.window.reopen_days = 3_661;
        it.numbering.floor = 0;
        it.intake.parts = 0;
        it.role[1].backdate_days = 100_000;
        it.reason[1].within_days = Some(0);
    });
    let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
    let expected = [
        "feedback.attempts",
        "feedback.days",
        "feedback.rounds",
        "feedback.slots",
        "intake.parts",
        "numbering.floor",
        "reason[1].within_days",
        "role[1].backdate_days",
        "window.reopen_days",
    ];
    assert_eq!(paths, expected);
    assert!(found.iter().all(|it| it.lint == Lint::OutOfRange && it.is_error()));
    let found = after(|it| it.feedback.days = 4);
    only(&found, Error, Lint::OutOfRange, "feedback.days: 4 lies outside 1 to 3");
}

#[test]
fn a_floor_that_json_cannot_hold_is_refused() {
    among(&after(|it| it.numbering.floor = u64::MAX), Error, Lint::OutOfRange, "numbering.floor");
    assert_eq!(after(|it| it.numbering.floor = (1 << 53) - 1), []);
}

#[test]
fn a_workflow_too_large_to_compile_is_refused() {
    let found = after(|it| it.workflow.step = vec![it.workflow.step[15].clone(); 2_001]);
    among(&found, Error, Lint::OutOfRange, "workflow.step");
}

#[test]
fn missing() {
    let findings = lint(&Document::default());
    for path in ["name", "zone", "cell", "language", "kind", "channel", "role", "priority", "reason"] {
        among(&findings, Error, Lint::Missing, path);
    }
    among(&findings, Error, Lint::Missing, "workflow.step");
    among(&findings, Advice, Lint::Missing, "category");
    let found = after(|it| it.workflow.stage[1].phase = None);
    among(&found, Error, Lint::Missing, "workflow.stage[1].phase");
    let found = after(|it| it.workflow.step.retain(|step| step.action != "record_feedback"));
    among(&found, Error, Lint::Missing, "feedback.before_disposal");
}

#[test]
fn reason_contradictions() {
    let error = |change: fn(&mut Document), path: &str| {
        among(&after(change), Error, Lint::ReasonContradiction, path);
    };
    error(|it| it.reason[0].class = None, "reason[0].class");
    error(|it| it.reason[0].owed = true, "reason[0].owed");
    error(|it| it.reason[0].within_days = Some(9), "reason[0].within_days");
    error(|it| it.reason[0].beyond_days = Some(9), "reason[0].beyond_days");
    error(|it| it.reason[1].beyond_days = Some(90), "reason[1].within_days");
    // Later than a month ahead, but within three: a range.
    assert_eq!(after(|it| it.reason[1].beyond_days = Some(30)), []);
    let found = after(|it| it.transfer.must_transfer = true);
    among(&found, Advice, Lint::ReasonContradiction, "reason[3].not_ours");
    let found = after(|it| it.reason[3].not_ours = false);
    among(&found, Advice, Lint::ReasonContradiction, "reason[3].evidence");
    let found = after(|it| it.reason[1].evidence = vec![EvidenceKind::DelayReason]);
    among(&found, Warning, Lint::ReasonContradiction, "reason[1].class");
    let found = after(|it| it.workflow.step.retain(|step| step.action != "record_call"));
    among(&found, Warning, Lint::ReasonContradiction, "reason[4].evidence");
}

#[test]
fn errors_come_first_then_paths_in_order() {
    let found = after(|it| {
        it.unit[0].head = None;
        for n in 0..12 {
            it.root_cause.push(grievance_core::rulebook::document::Entry::default());
            assert_eq!(it.root_cause.len(), n + 2);
        }
        it.zone = "Mars/Olympus".to_owned();
    });
    let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
    let mut expected: Vec<String> = (1..=12).map(|n| format!("root_cause[{n}].code")).collect();
    expected.extend(["zone".to_owned(), "unit[0].head".to_owned()]);
    assert_eq!(paths, expected);
}

#[test]
fn a_large_directory_is_linted_and_findings_are_counted() {
    let mut document = base();
    for n in 0..5_000 {
        document.unit.push(UnitEntry {
            code: format!("office-{n}"),
            parent: Some(if n % 2 == 0 { "works".to_owned() } else { format!("offic-{}", n - 1) }),
            ..UnitEntry::default()
        });
    }
    let found = lint(&document);
    // Of the 2,500 dangling parents 1,000 are listed, and the rest is counted.
    assert_eq!(found.iter().filter(|it| it.lint == Lint::Undefined).count(), 1_001);
    assert!(found.iter().any(|it| it.message == "1500 more findings of this sort are not listed"));
}
