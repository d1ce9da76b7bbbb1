//! Workflow definitions of another system, turned into ours and linted: real mistakes are found.
//!
//! The files are not ours to keep: `GRIEVANCE_DATA`, or `../shared/data` beside the project's
//! root, holds them; without it these tests say that they are skipped.

use crate::rulebook_lint::base;
use grievance_core::kernel::code::derive;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{Document, RoleEntry, StageEntry, StepEntry};
use grievance_core::rulebook::finding::{Finding, Lint};
use grievance_core::rulebook::lint::lint;
use grievance_core::vocabulary::{Action, Phase, Reach};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    let data = std::env::var_os("GRIEVANCE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = data.join("digit/workflow");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there are no foreign workflows in {}", folder.display());
    None
}

/// The first service of such a file, under the base's directory, reasons and numbers.
///
/// A crude reading: the action is `dispose` where it leads into an end, `lodge` from the state
/// without a name, and a recorded step otherwise.
fn document(file: &Value) -> Document {
    let states: Vec<&Value> =
        file["BusinessServices"][0]["states"].as_array().into_iter().flatten().collect();
    let code = |name: &Value| derive(name.as_str().unwrap_or_default()).unwrap_or_default();
    let ends = |state: &Value| state["isTerminateState"] == true;
    let mut document = base();
    document.workflow.stage = states
        .iter()
        .filter(|state| state["state"].is_string())
        .map(|state| StageEntry {
            code: code(&state["state"]),
            phase: Some(if ends(state) { Phase::Disposed } else { Phase::InProgress }),
            ..StageEntry::default()
        })
        .collect();
    let mut roles = BTreeSet::new();
    document.workflow.step.clear();
    for state in &states {
        for action in state["actions"].as_array().into_iter().flatten() {
            let to = action.get("nextState").map(&code);
            let end = states.iter().any(|state| Some(code(&state["state"])) == to && ends(state));
            let role: Vec<String> = action["roles"].as_array().into_iter().flatten().map(&code).collect();
            roles.extend(role.iter().cloned());
            let verb = match (state["state"].is_string(), end) {
                (false, _) => Action::Lodge,
                (true, true) => Action::Dispose,
                (true, false) if ends(state) => Action::Reopen,
                (true, false) => Action::Record,
            };
            let from = if verb == Action::Lodge { Vec::new() } else { vec![code(&state["state"])] };
            document.workflow.step.push(StepEntry {
                action: verb.to_string(),
                from,
                to,
                role,
                ..StepEntry::default()
            });
        }
    }
    let entry =
        |code: String| RoleEntry { code, reach: Some(Reach::UnitsBelow.into()), ..RoleEntry::default() };
    document.role = roles.into_iter().map(entry).collect();
    document.feedback.before_disposal = false;
    let first = document.role.first().map(|role| role.code.clone()).unwrap_or_default();
    document.post.iter_mut().for_each(|post| post.role.clone_from(&first));
    document
}

fn findings(path: &str) -> Option<Vec<Finding>> {
    let text = std::fs::read_to_string(folder()?.join(path)).expect("the file can be read");
    let document = document(&serde_json::from_str(&text).expect("the file is JSON"));
    let findings = lint(&document);
    assert_eq!(Rulebook::new(document).is_ok(), !findings.iter().any(Finding::is_error));
    Some(findings)
}

#[test]
fn an_action_that_leads_nowhere_leaves_its_state_without_a_way_out() {
    let Some(found) = findings("ccrs/NEGATIVE__PgrWorkflowConfig-malformed.json") else { return };
    let stuck: Vec<String> =
        found.iter().filter(|it| it.lint == Lint::NoWayOut).map(ToString::to_string).collect();
    let sentence = "no step of an office leads out of the stage \"pendingforassignment\"";
    assert_eq!(stuck, [format!("workflow.stage[0]: {sentence}")]);
}

#[test]
fn targets_that_dangle_are_named() {
    let Some(found) = findings("ccrs/local-setup__PgrWorkflowConfig.json") else { return };
    let dangling: Vec<&str> =
        found.iter().filter(|it| it.lint == Lint::Undefined).map(|it| it.message.as_str()).collect();
    assert_eq!(
        dangling,
        [
            "no stage \"04752227-e267-43e3-bfd8-6e48bdbfd97a\"",
            "no stage \"e80e3dd6-8336-4586-b84a-c191dcd80c98\"",
        ]
    );
}

#[test]
fn every_foreign_workflow_is_linted_and_never_panics() {
    let Some(folder) = folder() else { return };
    let mut seen = 0;
    for part in ["ccrs", "digit-oss"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the folder can be read") {
            let name = entry.expect("an entry").file_name();
            let found = findings(&format!("{part}/{}", name.to_string_lossy())).expect("it is there");
            assert!(found.iter().all(|it| !it.message.is_empty()));
            seen += 1;
        }
    }
    assert!(seen > 0);
}
