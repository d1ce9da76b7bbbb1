//! Rules of retention that fit nothing, or that another one hides.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use crate::vocabulary::Action;

/// No word is kept for longer by rule than a person lives.
const MOST_YEARS: u32 = 100;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    for (n, rule) in document.retention.iter().enumerate() {
        let at = |field: &str| format!("retention[{n}].{field}");
        if !(1..=MOST_YEARS).contains(&rule.years) {
            findings.error(Lint::OutOfRange, at("years"), format!("is not 1 to {MOST_YEARS} years"));
        }
        if let Some(reason) = &rule.reason {
            if !document.reason.iter().any(|entry| entry.code == *reason) {
                findings.error(Lint::Undefined, at("reason"), format!("there is no reason {reason}"));
            }
            if rule.class.is_some() {
                findings.error(
                    Lint::ReasonContradiction,
                    at("class"),
                    "a rule names a reason or a class, not both",
                );
            }
        }
        let same = |other: &&crate::rulebook::retention::RetentionEntry| {
            (&other.reason, other.class) == (&rule.reason, rule.class)
        };
        if document.retention[..n].iter().any(|other| same(&other)) {
            findings.error(
                Lint::ReasonContradiction,
                format!("retention[{n}]"),
                "an earlier rule is for the same cases",
            );
        }
    }
    let erases = document.workflow.step.iter().any(|step| step.action == Action::Erase.as_str());
    if !document.retention.is_empty() && !erases {
        findings.warning(
            Lint::ReasonContradiction,
            "retention".to_owned(),
            "nothing is erased: the workflow has no step `erase`",
        );
    }
}
