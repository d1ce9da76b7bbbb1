//! How offices are measured: what a day is, and what is pointed out.

use crate::vocabulary::closed::core_enum;

/// The table of age rules.
#[doc(hidden)]
#[macro_export]
macro_rules! for_age_rule {
    ($then:ident) => {
        $then! {
            "What counts as a day of age."
            AgeRule {
                Calendar = "calendar", "Calendar days in the office's zone: the difference of two dates.";
                Elapsed = "elapsed", "Days of 24 hours from instant to instant.";
                Working = "working", "Working days of the office, from the first day on and without the last.";
            }
        }
    };
}

for_age_rule!(core_enum);

/// The table of flags.
#[doc(hidden)]
#[macro_export]
macro_rules! for_flag {
    ($then:ident) => {
        $then! {
            "What a statement points out about an office."
            Flag {
                OldBacklog = "old_backlog", "Half or more of what is pending is in the oldest band.";
                Growing = "growing", "More is pending than a week ago, by a tenth or more.";
                NothingDisposed = "nothing_disposed", "Cases are pending and none was disposed in the week.";
                OftenReopened = "often_reopened", "Many of what was disposed in four weeks came back.";
                Dissatisfied = "dissatisfied", "Many of those who were heard in four weeks were not satisfied.";
            }
        }
    };
}

for_flag!(core_enum);

/// The table of states of a target.
#[doc(hidden)]
#[macro_export]
macro_rules! for_target_state {
    ($then:ident) => {
        $then! {
            "How a pending case stands to its due date."
            TargetState {
                InTime = "in_time", "The target runs, stands still or is met, and was not missed.";
                DueSoon = "due_soon", "Three quarters of the time to the due date have gone.";
                Breached = "breached", "The due date has passed. What happens later does not take it back.";
                NoTarget = "no_target", "No target was set: nothing says by when.";
            }
        }
    };
}

for_target_state!(core_enum);

/// The table of quantities.
#[doc(hidden)]
#[macro_export]
macro_rules! for_quantity {
    ($then:ident) => {
        $then! {
            "What is counted of an office, to make indexes of. Cases unless it says otherwise."
            Quantity {
                Received = "received", "Received.";
                Disposed = "disposed", "Disposed.";
                ClosedOtherwise = "closed_otherwise", "Withdrawn, declined or merged.";
                Pending = "pending", "Pending.";
                PendingOver30 = "pending_over_30", "Pending for more than 30 days.";
                PendingOverdue = "pending_overdue", "Pending after their due date.";
                DisposalDays = "disposal_days", "Whole days from receipt to disposal, of all the disposed together.";
                DisposedWithin30 = "disposed_within_30", "Disposed within 30 days.";
                DisposedWithTarget = "disposed_with_target", "Disposed, of those that had a due date.";
                DisposedOnTime = "disposed_on_time", "Disposed by their due date.";
                AcknowledgedWithTarget = "acknowledged_with_target", "Whose acknowledgement had a due date.";
                AcknowledgedOnTime = "acknowledged_on_time", "Acknowledged by that date.";
                DisposedWithClass = "disposed_with_class", "Disposed, of those of which it is on record what that did for the complainant.";
                BenefitProvided = "benefit_provided", "Of those, the ones with the benefit or service provided.";
                SpecialClosed = "special_closed", "Closed specially, against the complainant's word.";
                FeedbackGiven = "feedback_given", "Whose complainant answered.";
                FeedbackSatisfied = "feedback_satisfied", "Whose complainant was satisfied.";
                RatingSum = "rating_sum", "Points of all ratings together.";
                Rated = "rated", "Rated.";
                Reopened = "reopened", "Reopenings.";
                Appealed = "appealed", "Appeals.";
                Escalated = "escalated", "Levels of the ladder that were taken.";
                Breached = "breached", "Due dates that were missed.";
                Returned = "returned", "Returned by an office, or passed on as not its own.";
                Verified = "verified", "Closures that were verified.";
                VerifiedSound = "verified_sound", "Closures that were found sound.";
                Classified = "classified", "Disposed and given a root cause.";
                OutcomesOwed = "outcomes_owed", "Disposed with an outcome that is still owed.";
                OutcomesOverdue = "outcomes_overdue", "Of those, past their review date.";
            }
        }
    };
}

for_quantity!(core_enum);

/// The table of lines of the weekly pack.
#[doc(hidden)]
#[macro_export]
macro_rules! for_mis_line {
    ($then:ident) => {
        $then! {
            "What the weekly pack counts of an office: in a week, or at its end."
            MisLine {
                BroughtForward = "brought_forward", "Pending when the week began.";
                Received = "received", "Lodged in the week.";
                Reopened = "reopened", "Opened again in the week: by a reopening or an appeal.";
                Undone = "undone", "Closed by mistake and taken back in the week.";
                TransferredIn = "transferred_in", "Came from another office in the week.";
                Disposed = "disposed", "Disposed in the week; a dismissed appeal counts.";
                ClosedOtherwise = "closed_otherwise", "Withdrawn, declined or merged in the week.";
                TransferredOut = "transferred_out", "Went to another office in the week.";
                Pending = "pending", "Pending when the week ended.";
                InTime = "in_time", "Of the pending, those that are in time.";
                DueSoon = "due_soon", "Of the pending, those of whose time three quarters have gone.";
                PastDue = "past_due", "Of the pending, those past their due date.";
                NoTarget = "no_target", "Of the pending, those without a due date.";
                Climbed = "climbed", "Of the pending, those that time has brought up the ladder.";
                Breached = "breached", "Deadlines that were missed in the week, at the office that then had custody.";
                Escalated = "escalated", "Escalations of the week, at the office that had the case until then.";
                Appealed = "appealed", "Appeals of the week, at the office that had the case until then.";
                BenefitProvided = "benefit_provided", "Of the disposed, those with the benefit or service provided.";
                DisposedWithin30 = "disposed_within_30", "Of the disposed, those within 30 days of their receipt.";
                DisposedWithTarget = "disposed_with_target", "Of the disposed, those that had a due date.";
                DisposedOnTime = "disposed_on_time", "Of those, the ones disposed without having missed it.";
                Satisfied = "satisfied", "Complainants heard in the week who were satisfied.";
                NotSatisfied = "not_satisfied", "Complainants heard in the week who were not satisfied.";
                Unreachable = "unreachable", "Complainants who could not be reached in the week after the attempts that are asked for.";
                Verified = "verified", "Closures that were looked at a second time in the week, with an answer.";
                VerifiedSound = "verified_sound", "Of those, the ones found sound.";
            }
        }
    };
}

for_mis_line!(core_enum);

/// The table of fields that a column may be mapped to.
#[doc(hidden)]
#[macro_export]
macro_rules! for_case_field {
    ($then:ident) => {
        $then! {
            "A field of a case that a column of a host's table may be. The first two must be there."
            CaseField {
                ReceivedAt = "received_at", "When it was received: ages are counted from here.";
                Unit = "unit", "The office that has custody.";
                EndedAt = "ended_at", "When it ended. Without a phase that is its disposal.";
                Phase = "phase", "A word of the list of phases.";
                Class = "class", "What the disposal did for the complainant: a word of that list.";
                Category = "category", "Subject.";
                Priority = "priority", "Priority class.";
                Reason = "reason", "Reason of the closure.";
                Feedback = "feedback", "What the complainant said: a word of that list.";
                Rating = "rating", "What the complainant said, as a number from 0 to 10.";
                DueAt = "due_at", "The due date: of a pending case the running one, of an ended one that which it was measured by.";
                LastToldAt = "last_told_at", "When the complainant was last told anything.";
                Reopened = "reopened", "How often it was opened again.";
                Appealed = "appealed", "How often it was appealed.";
                Escalated = "escalated", "How often it was escalated.";
                Transferred = "transferred", "How often it went to another office.";
                Breached = "breached", "How many targets were missed.";
            }
        }
    };
}

for_case_field!(core_enum);
