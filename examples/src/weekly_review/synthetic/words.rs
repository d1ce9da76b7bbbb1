//! What the people say: complete, plain requests.

use crate::synthetic::dice::Dice;
use chrono::{DateTime, Days, NaiveDate, Utc};
use grievance_core::grievance::request::{self, Request};
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::kernel::time::day_of;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::closure::Reason;
use grievance_core::rulebook::document::FieldKind;
use grievance_core::vocabulary::{Action, EvidenceKind, Outcome};
use std::collections::BTreeMap;

/// A request for an action that was offered. It may still be refused for what it brings: an
/// office that is not below, a case that has ended.
pub(crate) fn request(
    dice: &mut Dice,
    rulebook: &Rulebook,
    case: &Grievance,
    (action, outcome): (Action, Option<Outcome>),
    at: DateTime<Utc>,
    twin: GrievanceId,
) -> Request {
    let today = day_of(at, rulebook.zone());
    let remarks = "Generated remarks.".to_owned();
    let some = || Some("Generated remarks.".to_owned());
    let word = |outcome: Option<Outcome>| {
        outcome.map_or("satisfied", Outcome::as_str).replace("exhausted", "not_satisfied")
    };
    match action {
        Action::Lodge => request::Lodge { narrative: remarks, ..Default::default() }.into(),
        Action::Admit => request::Admit { remarks: some() }.into(),
        Action::Decline => request::Decline { remarks }.into(),
        Action::Acknowledge => request::Acknowledge { remarks: None }.into(),
        Action::Assign => request::Assign { remarks: some(), ..Default::default() }.into(),
        Action::Forward => {
            let below: Vec<_> = units(rulebook, |unit| rulebook.directory().is_below(unit, case.unit()));
            request::Forward { unit: unit(dice, &below, case), remarks: some(), ..Default::default() }.into()
        }
        Action::Return => request::Return { remarks }.into(),
        Action::Recall => request::Recall { remarks: some() }.into(),
        Action::Transfer => {
            let beside: Vec<_> = units(rulebook, |unit| {
                rulebook.directory().parent(unit) == rulebook.directory().parent(case.unit())
            });
            request::Transfer { unit: unit(dice, &beside, case), remarks }.into()
        }
        Action::Recategorise => {
            let subjects: Vec<_> =
                rulebook.document().category.iter().map(|entry| entry.code.clone()).collect();
            request::Recategorise {
                category: dice.pick(&subjects).cloned(),
                remarks: some(),
                ..Default::default()
            }
            .into()
        }
        Action::Reclassify => {
            request::Reclassify { kind: case.subject.kind.to_string(), remarks: some() }.into()
        }
        Action::Split => {
            let beside: Vec<_> = units(rulebook, |unit| {
                rulebook.directory().parent(unit).is_some() && unit != rulebook.directory().cell()
            });
            let units = (0..2 + dice.below(2)).map(|_| unit(dice, &beside, case)).collect();
            request::Split { units, categories: None, remarks: some() }.into()
        }
        Action::Consult => {
            let all = units(rulebook, |_| true);
            request::Consult { unit: unit(dice, &all, case), question: remarks }.into()
        }
        Action::Answer => request::Answer { answer: remarks }.into(),
        Action::SeekInformation => request::SeekInformation { question: remarks }.into(),
        Action::ProvideInformation => request::ProvideInformation { information: remarks }.into(),
        Action::InterimReply => {
            request::InterimReply { reply: remarks, expected_by: ahead(today, 14) }.into()
        }
        Action::Comment => request::Comment { text: remarks, public: None }.into(),
        Action::Attach => request::Attach {
            name: "generated.pdf".to_owned(),
            sha256: Digest::of(&[b"generated"]).to_string(),
            media_type: "application/pdf".to_owned(),
            bytes: 1_000,
            public: None,
        }
        .into(),
        Action::Remind => request::Remind { remarks: None }.into(),
        Action::ReportAction => {
            let (reason, evidence) = reason(dice, rulebook, case, today);
            request::ReportAction { report: remarks, reason, evidence }.into()
        }
        Action::SendBackReport => request::SendBackReport { remarks }.into(),
        Action::Approve => {
            let proposed = case.course.report.as_ref().and_then(|report| report.reason.as_ref());
            let (reason, evidence) = match proposed {
                Some(_) => (None, None),
                None => reason(dice, rulebook, case, today),
            };
            request::Approve { reason, evidence, remarks: some() }.into()
        }
        Action::Refuse => request::Refuse { remarks }.into(),
        Action::RecordCall => request::RecordCall { reached: dice.chance(0.3), note: None }.into(),
        Action::RecordFeedback => {
            request::RecordFeedback { outcome: word(outcome), rating: None, said: None }.into()
        }
        Action::Dispose => {
            let selected = case.course.approval.as_ref().and_then(|approval| approval.reason.as_ref());
            let (reason, evidence) = match selected {
                Some(_) => (None, None),
                None => reason(dice, rulebook, case, today),
            };
            // Every tenth time somebody pastes what they always write.
            let own = format!("Generated remarks {}.", dice.below(1_000_000));
            let remarks = if dice.chance(0.1) { remarks } else { own };
            request::Dispose { remarks, reason, evidence, reply: None }.into()
        }
        Action::Reopen => request::Reopen { remarks, received_at: None }.into(),
        Action::Appeal => request::Appeal { grounds: remarks, received_at: None }.into(),
        Action::DecideAppeal => request::DecideAppeal { outcome: word(outcome), remarks }.into(),
        Action::Withdraw => request::Withdraw { remarks: None }.into(),
        Action::Merge => request::Merge { into: twin.to_string(), remarks: some() }.into(),
        Action::Extend => request::Extend { until: ahead(today, 60), remarks }.into(),
        Action::Escalate => request::Escalate { level: None, unit: None, remarks: some() }.into(),
        Action::Correct => {
            request::Correct { remarks, narrative: Some("Corrected.".to_owned()), ..Default::default() }
                .into()
        }
        Action::Rescind => request::Rescind { remarks }.into(),
        Action::Record => record(rulebook, case, today),
        Action::Verify => {
            let found = if dice.chance(0.9) { "confirmed" } else { "deficient" };
            request::Verify { finding: found.to_owned(), remarks, sample: None }.into()
        }
        Action::Classify => {
            let causes: Vec<_> =
                rulebook.document().root_cause.iter().map(|entry| entry.code.clone()).collect();
            let root_cause = dice.pick(&causes).cloned().unwrap_or_default();
            // Where a change of procedure is known that answers it, the officer names it.
            let changes = &rulebook.document().process_change;
            let change = changes.iter().find(|change| change.root_cause.contains(&root_cause));
            let change = change.map(|change| change.code.clone());
            request::Classify { root_cause, suggestion: None, change }.into()
        }
        // No preset seals a subject.
        Action::Unseal => request::Unseal { remarks, order: "A generated order.".to_owned() }.into(),
        Action::Hold => {
            request::Hold { because: "rti".to_owned(), remarks, until: None, reference: None }.into()
        }
        Action::ReleaseHold => {
            let hold = case.holds.first().map_or(0, |hold| u32::try_from(hold.version).unwrap_or(u32::MAX));
            request::ReleaseHold { hold, remarks }.into()
        }
        // What a statement counts stays, so the year may as well keep its words.
        Action::Erase => request::Erase { because: "order".to_owned() }.into(),
    }
}

/// A recorded step that the rulebook names, with all its fields.
fn record(rulebook: &Rulebook, case: &Grievance, today: NaiveDate) -> Request {
    let Some(entry) = rulebook.document().record.first() else {
        return request::Comment { text: "Nothing to record.".to_owned(), public: None }.into();
    };
    let value = |holds| match holds {
        FieldKind::Text => "Generated.".to_owned(),
        FieldKind::Date => today.to_string(),
        FieldKind::Number => "1".to_owned(),
        FieldKind::Unit => case.unit().to_string(),
        FieldKind::Flag => "true".to_owned(),
    };
    let fields = entry.field.iter().map(|field| (field.code.clone(), value(field.holds))).collect();
    request::Record { step: entry.code.clone(), fields: Some(fields), remarks: None }.into()
}

fn units(rulebook: &Rulebook, fits: impl Fn(&UnitCode) -> bool) -> Vec<UnitCode> {
    rulebook.directory().iter().map(|unit| unit.code.clone()).filter(|unit| fits(unit)).collect()
}

fn unit(dice: &mut Dice, of: &[UnitCode], case: &Grievance) -> String {
    dice.pick(of).unwrap_or_else(|| case.unit()).to_string()
}

fn ahead(today: NaiveDate, days: u64) -> String {
    (today + Days::new(days)).to_string()
}

/// A reason that fits the case, with its evidence; benefits are the most common.
fn reason(
    dice: &mut Dice,
    rulebook: &Rulebook,
    case: &Grievance,
    today: NaiveDate,
) -> (Option<String>, Option<BTreeMap<String, String>>) {
    let usable: Vec<&Reason> = rulebook
        .reasons()
        .iter()
        .filter(|reason| reason.is_valid_on(today))
        .filter(|reason| !(reason.not_ours && rulebook.transfer().must_transfer))
        .filter(|reason| !reason.evidence.contains(&EvidenceKind::ContactAttempts))
        .collect();
    let usual = usable.first().copied().filter(|_| dice.chance(0.7));
    let Some(reason) = usual.or_else(|| dice.pick(&usable).copied()) else { return (None, None) };
    let other = rulebook.directory().iter().map(|unit| &unit.code).find(|unit| *unit != case.unit());
    let evidence = reason.evidence.iter().map(|kind| {
        let shown = match kind {
            EvidenceKind::Date => today.to_string(),
            EvidenceKind::FollowUpDate => {
                ahead(today, reason.beyond_days.map_or(60, |days| u64::from(days) + 60))
            }
            EvidenceKind::ReviewDate => ahead(today, 90),
            EvidenceKind::AcceptingOffice => other.map_or_else(String::new, ToString::to_string),
            EvidenceKind::OtherNumber => "GEN-0001".to_owned(),
            _ => "Generated evidence.".to_owned(),
        };
        (kind.as_str().to_owned(), shown)
    });
    (Some(reason.code.to_string()), Some(evidence.collect()))
}
