//! What may follow: appeals decided, dates moved, steps undone or recorded.

use crate::grievance::decide::{Decision, Turn, deadline};
use crate::grievance::event::{Event, What};
use crate::grievance::payload::{
    AppealDecided, Classified, Extended, FieldValue, Rescinded, StepRecorded, Unsealed, Verified,
};
use crate::grievance::refusal::Refusal;
use crate::kernel::text::TextRef;
use crate::rulebook::document::FieldKind;
use crate::vocabulary::Outcome;
use chrono::NaiveDate;

/// The appeal is allowed, and the case is worked on anew; or it is dismissed.
pub(super) fn decide_appeal(turn: &Turn<'_, '_>, outcome: Outcome, remarks: Option<TextRef>) -> Decision {
    if !matches!(outcome, Outcome::Allowed | Outcome::Dismissed) {
        return Err(Refusal::Invalid { field: "outcome", problem: "is neither `allowed` nor `dismissed`" });
    }
    let remarks = remarks.ok_or(Refusal::RemarksMissing)?;
    turn.one(What::AppealDecided(AppealDecided { outcome, remarks }))
}

/// The due date moves; the complainant is told why.
pub(super) fn extend(turn: &Turn<'_, '_>, until: NaiveDate, remarks: Option<TextRef>) -> Decision {
    let remarks = remarks.ok_or(Refusal::RemarksMissing)?;
    let now = turn.case.course.extended_until.map_or(turn.at.today(), |before| before.max(turn.at.today()));
    let due = deadline::extendable(&turn.case.course.clocks).map(|clock| {
        let calendar = turn.at.rulebook.calendar(turn.case.unit(), turn.case.subject.place.as_ref());
        // A day that ends at midnight is the day before that midnight.
        calendar.day_of(clock.due_at - chrono::TimeDelta::milliseconds(1))
    });
    if until <= now || due.is_some_and(|due| until <= due) {
        return Err(Refusal::Invalid { field: "until", problem: "is not later than the date it had" });
    }
    turn.one(What::Extended(Extended { remarks, until }))
}

/// The last step is undone: the case goes back to where it was.
pub(super) fn rescind(turn: &Turn<'_, '_>, remarks: Option<TextRef>) -> Decision {
    let remarks = remarks.ok_or(Refusal::RemarksMissing)?;
    let undo = turn.case.undo.as_ref().ok_or(Refusal::NothingToRescind)?;
    Ok(vec![Event {
        led_to: undo.course.position.clone(),
        what: What::Rescinded(Rescinded { remarks, undone: undo.version }),
    }])
}

/// Somebody looked a second time. The case stays as it is: what a finding leads to is for a
/// person to decide.
pub(super) fn verify(turn: &Turn<'_, '_>, verified: &Verified) -> Decision {
    if verified.sample.is_some_and(|day| day > turn.at.today()) {
        return Err(Refusal::Invalid { field: "sample", problem: "lies in the future" });
    }
    turn.one(What::Verified(verified.clone()))
}

/// The root cause of a disposed case, and the change that would have made it needless.
pub(super) fn classify(turn: &Turn<'_, '_>, classified: &Classified) -> Decision {
    let rulebook = turn.at.rulebook;
    let Classified { root_cause, change, suggestion: _ } = classified;
    if rulebook.root_cause(root_cause).is_none() {
        return Err(Refusal::Unknown { field: "root_cause", code: root_cause.to_string() });
    }
    if let Some(code) = change {
        let change = rulebook
            .process_change(code)
            .ok_or_else(|| Refusal::Unknown { field: "change", code: code.to_string() })?;
        if !change.answers(root_cause) {
            return Err(Refusal::Invalid { field: "change", problem: "does not answer that root cause" });
        }
    }
    turn.one(What::Classified(classified.clone()))
}

/// The seal is lifted. The case stays where it is; who may see it follows from its place again.
pub(super) fn unseal(turn: &Turn<'_, '_>, order: TextRef, remarks: Option<TextRef>) -> Decision {
    let remarks = remarks.ok_or(Refusal::RemarksMissing)?;
    turn.one(What::Unsealed(Unsealed { order, remarks }))
}

/// A step that the rulebook names, with the fields that it asks for.
pub(super) fn record(turn: &Turn<'_, '_>, record: &StepRecorded) -> Decision {
    let entry = turn
        .at
        .rulebook
        .record(&record.step)
        .ok_or_else(|| Refusal::Unknown { field: "step", code: record.step.to_string() })?;
    for (name, value) in &record.fields {
        let field = entry.field.iter().find(|field| *name == field.code.as_str());
        let fits = field.is_some_and(|field| {
            matches!(
                (field.holds, value),
                (FieldKind::Text, FieldValue::Text(_))
                    | (FieldKind::Date, FieldValue::Date(_))
                    | (FieldKind::Number, FieldValue::Number(_))
                    | (FieldKind::Unit, FieldValue::Unit(_))
                    | (FieldKind::Flag, FieldValue::Flag(_))
            )
        });
        if !fits {
            return Err(Refusal::Invalid {
                field: "fields",
                problem: "the step has no such field, or of another kind",
            });
        }
        if let FieldValue::Unit(unit) = value
            && turn.at.rulebook.directory().get(unit).is_none()
        {
            return Err(Refusal::Unknown { field: "fields", code: unit.to_string() });
        }
    }
    if entry.field.iter().any(|field| field.required && !record.fields.contains_key(field.code.as_str())) {
        return Err(Refusal::Invalid { field: "fields", problem: "a required field is missing" });
    }
    turn.one(What::StepRecorded(record.clone()))
}
