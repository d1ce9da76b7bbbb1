//! What a rulebook cannot do without.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use crate::vocabulary::Action;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    let needed = [
        ("name", document.name.trim().is_empty(), "the government or office has no name"),
        ("zone", document.zone.is_empty(), "there is no time zone"),
        ("cell", document.cell.is_empty(), "no unit is named as the cell, where cases come in"),
        ("language", document.language.is_empty(), "there is no language"),
        ("kind", document.kind.is_empty(), "there is no kind of matter"),
        ("channel", document.channel.is_empty(), "there is no channel: no case could come in"),
        ("role", document.role.is_empty(), "there is no role: nobody could act"),
        ("priority", document.priority.is_empty(), "there is no priority class"),
        ("reason", document.reason.is_empty(), "there is no closure reason: nothing could be disposed of"),
    ];
    for (path, missing, message) in needed {
        if missing {
            findings.error(Lint::Missing, path, message);
        }
    }
    if document.category.is_empty() {
        findings.advice(
            Lint::Missing,
            "category",
            "there is no category: routes by subject cannot be told apart",
        );
    }
    for (n, stage) in document.workflow.stage.iter().enumerate() {
        if stage.phase.is_none() {
            findings.error(Lint::Missing, format!("workflow.stage[{n}].phase"), "the stage has no phase");
        }
    }
    for (n, post) in document.post.iter().enumerate() {
        if post.role.is_empty() {
            findings.warning(Lint::Missing, format!("post[{n}].role"), "the post gives its holder no role");
        }
    }
    let taken = |action: Action| document.workflow.step.iter().any(|step| step.action == action.as_str());
    if !taken(Action::Dispose) {
        findings.error(Lint::Missing, "workflow.step", "no step disposes of a case");
    }
    if document.feedback.before_disposal && !taken(Action::RecordFeedback) {
        let message = "the complainant must be heard before disposal, but no step records feedback";
        findings.error(Lint::Missing, "feedback.before_disposal", message);
    }
}
