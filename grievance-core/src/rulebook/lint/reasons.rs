//! Closure reasons that do not go with what they ask for.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use crate::vocabulary::{Action, DisposalClass, EvidenceKind};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    let calls = document.workflow.step.iter().any(|step| step.action == Action::RecordCall.as_str());
    for (n, reason) in document.reason.iter().enumerate() {
        let at = |field: &str| format!("reason[{n}].{field}");
        let asks = |kind: EvidenceKind| reason.evidence.contains(&kind);
        let lint = Lint::ReasonContradiction;
        if reason.class.is_none() {
            findings.error(lint, at("class"), "the reason does not say what it did for the complainant");
        }
        if reason.owed && !asks(EvidenceKind::ReviewDate) {
            findings.error(lint, at("owed"), "an outcome is owed, but no review_date is asked for");
        }
        for (field, days) in [("within_days", reason.within_days), ("beyond_days", reason.beyond_days)] {
            if days.is_some() && !asks(EvidenceKind::FollowUpDate) {
                findings.error(lint, at(field), "bounds a follow_up_date that is not asked for");
            }
        }
        if reason.within_days.zip(reason.beyond_days).is_some_and(|(within, beyond)| within <= beyond) {
            let message = "no date lies beyond beyond_days and yet within within_days";
            findings.error(lint, at("within_days"), message);
        }
        if reason.class == Some(DisposalClass::TakenUp)
            && !asks(EvidenceKind::FollowUpDate)
            && !asks(EvidenceKind::ReviewDate)
        {
            findings.warning(lint, at("class"), "work is promised, but no follow_up_date is asked for");
        }
        if reason.not_ours && document.transfer.must_transfer {
            let message = "can never be used: transfer.must_transfer asks to transfer such a matter";
            findings.advice(lint, at("not_ours"), message);
        }
        if asks(EvidenceKind::AcceptingOffice) && !reason.not_ours {
            findings.advice(lint, at("evidence"), "names an accepting_office, but is not marked not_ours");
        }
        if asks(EvidenceKind::ContactAttempts) && !calls {
            let message = "asks for contact_attempts, but no step records a call";
            findings.warning(lint, at("evidence"), message);
        }
    }
}
