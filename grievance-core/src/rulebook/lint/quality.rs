//! Second looks of which there are none or too many, and changes of procedures that change nothing.

use crate::rulebook::document::{Document, SuspicionEntry, VerificationEntry};
use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::hint::shown;
use crate::vocabulary::{Action, ChangeState};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    sample(&document.verification, findings);
    suspicion(&document.suspicion, findings);
    for (n, change) in document.process_change.iter().enumerate() {
        let path = |field: &str| format!("process_change[{n}].{field}");
        for (field, codes) in
            [("root_cause", &change.root_cause), ("category", &change.category), ("unit", &change.unit)]
        {
            let is_known = |code: &str| match field {
                "root_cause" => document.root_cause.iter().any(|it| it.code == code),
                "category" => document.category.iter().any(|it| it.code == code),
                _ => document.unit.iter().any(|it| it.code == code),
            };
            for (i, code) in codes.iter().enumerate().filter(|(_, code)| !is_known(code)) {
                let message = format!("there is no {} of the code {}", field.replace('_', " "), shown(code));
                findings.error(Lint::Undefined, path(&format!("{field}[{i}]")), message);
            }
        }
        match (change.state, change.implemented_on) {
            (ChangeState::Implemented, None) => {
                let message = "a change that is in force has the day since when it is";
                findings.error(Lint::Missing, path("implemented_on"), message);
            }
            (ChangeState::Proposed | ChangeState::Accepted | ChangeState::Dropped, Some(_)) => {
                let message = format!("a change that is {} is in force since no day", change.state);
                findings.error(Lint::ChangeContradiction, path("implemented_on"), message);
            }
            _ => {}
        }
    }
    let classifies = document.workflow.step.iter().any(|step| step.action == Action::Classify.as_str());
    if classifies && document.root_cause.is_empty() {
        let message = "disposed cases are classified by root cause, and there is none";
        findings.error(Lint::Missing, "root_cause".to_owned(), message);
    }
}

fn sample(entry: &VerificationEntry, findings: &mut Findings) {
    let VerificationEntry { percent, suspicious_percent, at_least: _ } = *entry;
    if percent > 100 {
        findings.error(
            Lint::OutOfRange,
            "verification.percent".to_owned(),
            "is more than 100 in the hundred",
        );
    }
    if !(percent..=100).contains(&suspicious_percent) {
        let message = "is less than `percent`, or more than 100 in the hundred";
        findings.error(Lint::OutOfRange, "verification.suspicious_percent".to_owned(), message);
    }
}

fn suspicion(entry: &SuspicionEntry, findings: &mut Findings) {
    let SuspicionEntry {
        bulk_in_a_day,
        before_due_hours,
        before_due_percent,
        same_remarks,
        reopened_percent,
        at_least,
    } = *entry;
    // A threshold of nothing points at everybody.
    for (field, value) in [
        ("bulk_in_a_day", bulk_in_a_day),
        ("before_due_hours", before_due_hours),
        ("before_due_percent", before_due_percent),
        ("same_remarks", same_remarks),
        ("reopened_percent", reopened_percent),
        ("at_least", at_least),
    ] {
        let is_percent = field.ends_with("percent");
        if value == 0 || (is_percent && value > 100) {
            let message = if is_percent {
                "is not 1 to 100 in the hundred"
            } else {
                "is 0, and would point at everybody"
            };
            findings.error(Lint::OutOfRange, format!("suspicion.{field}"), message);
        }
    }
}
