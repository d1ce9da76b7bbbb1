//! How the complainant is heard: interim replies, calls, feedback.

use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::What;
use crate::grievance::moment::Moment;
use crate::grievance::payload::{CallRecorded, FeedbackRecorded, InterimReplied};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Attempt;
use crate::kernel::text::TextRef;
use crate::rulebook::document::FeedbackEntry;
use crate::vocabulary::FeedbackOutcome;
use chrono::Timelike as _;

/// The complainant is told when it will end.
pub(super) fn interim_reply(turn: &Turn<'_, '_>, reply: &InterimReplied) -> Decision {
    if reply.expected_by <= turn.at.today() {
        return Err(Refusal::Invalid { field: "expected_by", problem: "does not lie in the future" });
    }
    turn.one(What::InterimReplied(reply.clone()))
}

/// An attempt to reach the complainant, on a day and in a slot of it.
pub(super) fn call(turn: &Turn<'_, '_>, reached: bool, note: Option<TextRef>) -> Decision {
    turn.one(What::CallRecorded(CallRecorded { day: turn.at.today(), reached, slot: slot_of(turn.at), note }))
}

/// The slot of the office's day: before noon, before 17:00, after.
fn slot_of(at: &Moment<'_>) -> u8 {
    match at.now.with_timezone(&at.rulebook.zone()).hour() {
        0..12 => 0,
        12..17 => 1,
        _ => 2,
    }
}

/// What the complainant said. "Unreachable" is believed only after the attempts that the policy
/// asks for, which the module `permit` checks.
pub(super) fn feedback(turn: &Turn<'_, '_>, feedback: &FeedbackRecorded) -> Decision {
    if feedback.rating.is_some_and(|rating| !(1..=5).contains(&rating)) {
        return Err(Refusal::Invalid { field: "rating", problem: "is not 1 to 5" });
    }
    if feedback.outcome == FeedbackOutcome::Unreachable && feedback.rating.is_some() {
        return Err(Refusal::Invalid {
            field: "rating",
            problem: "cannot come from somebody who was not reached",
        });
    }
    turn.one(What::FeedbackRecorded(feedback.clone()))
}

/// Whether the attempts on record are enough to call the complainant unreachable: so many, on so
/// many days, in so many slots of the day; and none of them reached anybody.
///
/// # Errors
///
/// [`Refusal::AttemptsMissing`] says what the policy asks for.
pub(crate) fn enough_attempts(attempts: &[Attempt], policy: &FeedbackEntry) -> Result<u32, Refusal> {
    let failed: Vec<_> = attempts.iter().filter(|attempt| !attempt.reached).collect();
    let distinct = |mut values: Vec<i64>| {
        values.sort_unstable();
        values.dedup();
        u32::try_from(values.len()).unwrap_or(u32::MAX)
    };
    let made = u32::try_from(failed.len()).unwrap_or(u32::MAX);
    let days = distinct(
        failed.iter().map(|attempt| i64::from(chrono::Datelike::num_days_from_ce(&attempt.day))).collect(),
    );
    let slots = distinct(failed.iter().map(|attempt| i64::from(attempt.slot)).collect());
    if made >= policy.attempts && days >= policy.days && slots >= policy.slots {
        Ok(made)
    } else {
        Err(Refusal::AttemptsMissing {
            made,
            needed: policy.attempts,
            days: policy.days,
            slots: policy.slots,
        })
    }
}
