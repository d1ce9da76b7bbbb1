//! How a case is closed: the report, its review, and the disposal with a reason.

use crate::grievance::command::Judgement;
use crate::grievance::decide::hearing::enough_attempts;
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::{Event, What};
use crate::grievance::payload::{Disposed, Evidence, FeedbackWaived, Judged, Shown};
use crate::grievance::permit::hearing_owed;
use crate::grievance::refusal::Refusal;
use crate::kernel::code::ReasonCode;
use crate::kernel::text::TextRef;
use crate::rulebook::closure::Reason;
use crate::vocabulary::{EvidenceKind, Gate};
use chrono::NaiveDate;

/// The office reports what it did, and may propose a reason. What is shown must hold; what is
/// missing may still come.
pub(super) fn report(turn: &Turn<'_, '_>, judgement: &Judgement) -> Decision {
    let mut judged = judged(turn, judgement)?;
    // The office's own attempts to reach the complainant are its evidence: they are counted now,
    // because what counts for the complainant's feedback begins anew with the report.
    let reason = judged.reason.as_ref().and_then(|code| turn.at.rulebook.reasons().get(code));
    if reason.is_some_and(|reason| reason.evidence.contains(&EvidenceKind::ContactAttempts))
        && let Ok(made) = enough_attempts(&turn.case.attempts, turn.at.rulebook.feedback())
    {
        judged.evidence.insert(EvidenceKind::ContactAttempts, Shown::Attempts(made));
    }
    turn.one(What::ActionReported(Box::new(judged)))
}

/// The report, or the special closure, is approved. The reason it names, or else the proposed
/// one, is the one that the disposal must use; so it must be complete now.
pub(super) fn approve(turn: &Turn<'_, '_>, judgement: &Judgement) -> Decision {
    let mut judged = judged(turn, judgement)?;
    let reported = turn.case.course.report.as_ref();
    let proposed = || reported.and_then(|report| report.reason.clone());
    judged.reason = judged.reason.or_else(proposed);
    if judged.reason.is_none() && turn.step.gates.contains(Gate::Reason) {
        return Err(Refusal::ReasonMissing);
    }
    if let Some(code) = &judged.reason {
        let reason = usable(turn, code)?;
        let shown = all_shown(turn, &judged.evidence);
        complete(turn, reason, shown)?;
    }
    turn.one(What::Approved(Box::new(judged)))
}

fn judged(turn: &Turn<'_, '_>, judgement: &Judgement) -> Result<Judged, Refusal> {
    not_claimed(&judgement.evidence)?;
    if let Some(code) = &judgement.reason {
        let reason = usable(turn, code)?;
        check_shown(turn, Some(reason), &judgement.evidence)?;
    } else {
        check_shown(turn, None, &judgement.evidence)?;
    }
    Ok(Judged {
        evidence: judgement.evidence.clone(),
        reason: judgement.reason.clone(),
        text: judgement.text,
    })
}

/// The disposal: exactly one reason, valid today, with all its evidence and with remarks. A
/// reason that was selected before may be used, not altered.
pub(super) fn dispose(turn: &Turn<'_, '_>, judgement: &Judgement, reply: Option<TextRef>) -> Decision {
    let remarks = judgement.text.ok_or(Refusal::RemarksMissing)?;
    let selected = turn.case.course.approval.as_ref().and_then(|approval| approval.reason.as_ref());
    let code = match (&judgement.reason, selected) {
        (Some(given), Some(selected)) if given != selected => {
            return Err(Refusal::ReasonAlreadySelected { selected: selected.clone() });
        }
        (Some(given), _) => given,
        (None, Some(selected)) => selected,
        (None, None) => return Err(Refusal::ReasonMissing),
    };
    let reason = usable(turn, code)?;
    not_claimed(&judgement.evidence)?;
    check_shown(turn, Some(reason), &judgement.evidence)?;
    let evidence = complete(turn, reason, all_shown(turn, &judgement.evidence))?;
    let led_to = turn.position(None)?;
    let mut events = Vec::with_capacity(2);
    // The gate was passed: by feedback, or by a waiver, which is put on record.
    if let Ok(Some(because)) = hearing_owed(turn.case, turn.at) {
        events.push(Event {
            led_to: turn.case.course.position.clone(),
            what: What::FeedbackWaived(FeedbackWaived { because }),
        });
    }
    let disposed = Disposed { class: reason.class, evidence, reason: reason.code.clone(), remarks, reply };
    events.push(Event { led_to, what: What::Disposed(Box::new(disposed)) });
    Ok(events)
}

/// Attempts to reach somebody are counted from the recorded calls, never claimed.
fn not_claimed(evidence: &Evidence) -> Result<(), Refusal> {
    let kind = EvidenceKind::ContactAttempts;
    if evidence.contains_key(&kind) {
        return Err(Refusal::EvidenceNotValid { kind, problem: "is counted from the recorded calls" });
    }
    Ok(())
}

/// A reason that the rulebook has, that is valid today and that may be used here.
fn usable<'a>(turn: &Turn<'a, '_>, code: &ReasonCode) -> Result<&'a Reason, Refusal> {
    let reason = turn
        .at
        .rulebook
        .reasons()
        .get(code)
        .ok_or_else(|| Refusal::Unknown { field: "reason", code: code.to_string() })?;
    if !reason.is_valid_on(turn.at.today()) {
        return Err(Refusal::ReasonNotValid { reason: code.clone() });
    }
    if reason.not_ours && turn.at.rulebook.transfer().must_transfer {
        return Err(Refusal::MustTransfer);
    }
    Ok(reason)
}

/// What was shown with the report, its approval and now; later overrides earlier.
fn all_shown(turn: &Turn<'_, '_>, now: &Evidence) -> Evidence {
    let course = &turn.case.course;
    let mut shown = course.report.as_ref().map(|report| report.evidence.clone()).unwrap_or_default();
    shown.extend(course.approval.iter().flat_map(|approval| approval.evidence.clone()));
    shown.extend(now.clone());
    shown
}

/// The evidence that the reason asks for, and nothing that it does not; or what is missing.
fn complete(turn: &Turn<'_, '_>, reason: &Reason, mut shown: Evidence) -> Result<Evidence, Refusal> {
    let attempts = EvidenceKind::ContactAttempts;
    if reason.evidence.contains(&attempts) && !shown.contains_key(&attempts) {
        let made = enough_attempts(&turn.case.attempts, turn.at.rulebook.feedback())?;
        shown.insert(attempts, Shown::Attempts(made));
    }
    let missing: Vec<_> = reason.evidence.iter().copied().filter(|kind| !shown.contains_key(kind)).collect();
    if !missing.is_empty() {
        return Err(Refusal::EvidenceMissing { kinds: missing });
    }
    shown.retain(|kind, _| reason.evidence.contains(kind));
    // Dates that were sound when they were reported may have passed since.
    check_shown(turn, Some(reason), &shown)?;
    Ok(shown)
}

/// Each piece of evidence is of its kind's shape and can be so on this day.
fn check_shown(turn: &Turn<'_, '_>, reason: Option<&Reason>, evidence: &Evidence) -> Result<(), Refusal> {
    evidence.iter().try_for_each(|(kind, shown)| {
        check_piece(turn, reason, *kind, shown)
            .map_err(|problem| Refusal::EvidenceNotValid { kind: *kind, problem })
    })
}

fn check_piece(
    turn: &Turn<'_, '_>,
    reason: Option<&Reason>,
    kind: EvidenceKind,
    shown: &Shown,
) -> Result<(), &'static str> {
    match (kind, shown) {
        (EvidenceKind::Date, Shown::Date(day)) if *day > turn.at.today() => Err("lies in the future"),
        (EvidenceKind::FollowUpDate | EvidenceKind::ReviewDate, Shown::Date(day))
            if *day <= turn.at.today() =>
        {
            Err("does not lie in the future")
        }
        (EvidenceKind::FollowUpDate, Shown::Date(day)) => follow_up(turn, reason, *day),
        (EvidenceKind::Date | EvidenceKind::ReviewDate, Shown::Date(_)) => Ok(()),
        (EvidenceKind::AcceptingOffice, Shown::Unit(unit)) => match turn.at.rulebook.directory().get(unit) {
            None => Err("names no office of the rulebook"),
            Some(_) if unit == turn.case.unit() => Err("names the office that holds the case"),
            Some(_) => Ok(()),
        },
        (EvidenceKind::OtherNumber, Shown::Number(number)) => {
            if turn.case.subject.number.as_ref().is_some_and(|own| own.as_str() == number) {
                Err("is the case's own number")
            } else {
                Ok(())
            }
        }
        (EvidenceKind::Reference | EvidenceKind::CourtCase, Shown::Number(_) | Shown::Text(_)) => Ok(()),
        (EvidenceKind::ContactAttempts, Shown::Attempts(_)) => Ok(()),
        (
            EvidenceKind::DelayReason
            | EvidenceKind::RuleCited
            | EvidenceKind::Finding
            | EvidenceKind::AdviceGiven
            | EvidenceKind::Explanation,
            Shown::Text(_),
        ) => Ok(()),
        _ => Err("is of the wrong kind"),
    }
}

/// Work that is taken up within so many days, or beyond them, as the reason says.
fn follow_up(turn: &Turn<'_, '_>, reason: Option<&Reason>, day: NaiveDate) -> Result<(), &'static str> {
    let ahead = (day - turn.at.today()).num_days();
    let Some(reason) = reason else { return Ok(()) };
    if reason.within_days.is_some_and(|days| ahead > i64::from(days)) {
        return Err("lies further ahead than the reason allows");
    }
    if reason.beyond_days.is_some_and(|days| ahead <= i64::from(days)) {
        return Err("lies nearer than the reason says");
    }
    Ok(())
}
