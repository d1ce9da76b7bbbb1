//! What a case can be, what can be done with it, and what is recorded.

use crate::vocabulary::closed::core_enum;

/// The table of phases.
#[doc(hidden)]
#[macro_export]
macro_rules! for_phase {
    ($then:ident) => {
        $then! {
            "The closed meaning of a stage: what measures count, whatever a government calls its steps."
            Phase {
                Registered = "registered", "Received and numbered; no office works on it yet.";
                InProgress = "in_progress", "An office works on it.";
                AwaitingComplainant = "awaiting_complainant", "The complainant was asked for something.";
                ActionReported = "action_reported", "An office reported its action; the report is under review.";
                Disposed = "disposed", "Closed with a reason and remarks.";
                UnderAppeal = "under_appeal", "Disposed, and the complainant appealed.";
                Withdrawn = "withdrawn", "Taken back by the complainant.";
                Declined = "declined", "Not taken up at intake.";
                Merged = "merged", "Joined to another case that carries it on.";
            }
        }
    };
}
for_phase!(core_enum);

impl Phase {
    /// Whether a case in this phase has come to an end (which a reopening or an appeal may undo).
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Disposed | Self::Withdrawn | Self::Declined | Self::Merged)
    }
}

/// The table of actions.
#[doc(hidden)]
#[macro_export]
macro_rules! for_action {
    ($then:ident) => {
        $then! {
            "A verb that somebody can take on a case."
            Action {
                Lodge = "lodge", "Bring a grievance in.";
                Admit = "admit", "Take a registered case up.";
                Decline = "decline", "Not take a registered case up.";
                Acknowledge = "acknowledge", "Say that the holder has opened the case.";
                Assign = "assign", "Give the case to an office, from the cell.";
                Forward = "forward", "Hand the case down to an office below.";
                Return = "return", "Give the case back to the office that sent it.";
                Recall = "recall", "Take a sent case back before it is opened.";
                Transfer = "transfer", "Pass the case to another office that is not below.";
                Recategorise = "recategorise", "Correct the subject or the place.";
                Reclassify = "reclassify", "Correct the kind of matter.";
                Split = "split", "Divide the case into parts, each at one office.";
                Consult = "consult", "Ask another office; custody stays.";
                Answer = "answer", "Answer a consultation.";
                SeekInformation = "seek_information", "Ask the complainant for something.";
                ProvideInformation = "provide_information", "Give what was asked for.";
                InterimReply = "interim_reply", "Tell the complainant where the case stands and when it ends.";
                Comment = "comment", "Note something in the file.";
                Attach = "attach", "Add a document by reference and digest.";
                Remind = "remind", "Ask the office to move.";
                ReportAction = "report_action", "Report the action taken, with a proposed reason.";
                SendBackReport = "send_back_report", "Send a report back to the office that made it.";
                Approve = "approve", "Approve a report or a special closure, selecting the reason.";
                Refuse = "refuse", "Refuse an approval.";
                RecordCall = "record_call", "Record an attempt to reach the complainant.";
                RecordFeedback = "record_feedback", "Record what the complainant said.";
                Dispose = "dispose", "Close the case with a reason and remarks.";
                Reopen = "reopen", "Open a disposed case again.";
                Appeal = "appeal", "Take a disposed case to the appellate authority.";
                DecideAppeal = "decide_appeal", "Allow or dismiss an appeal.";
                Withdraw = "withdraw", "Take the grievance back.";
                Merge = "merge", "Join the case to another one.";
                Extend = "extend", "Move the due date, with a reason.";
                Escalate = "escalate", "Bring the case to the notice of a superior office.";
                Correct = "correct", "Correct a recorded fact of the case.";
                Rescind = "rescind", "Undo the last step, taken by mistake.";
                Record = "record", "Record a step that the rulebook names: a visit, a hearing, an order.";
                Verify = "verify", "Look a second time at a disposed case: whether what was reported is so.";
                Classify = "classify", "Say what a disposed case came from, and what would keep others away.";
                Unseal = "unseal", "Lift the seal of a sealed case, by order.";
                Hold = "hold", "Keep the words of the case, whatever else would let them go.";
                ReleaseHold = "release_hold", "Let a hold go.";
                Erase = "erase", "Erase every word of an ended case: who complained, and what anybody wrote.";
            }
        }
    };
}
for_action!(core_enum);

/// The table of outcomes.
#[doc(hidden)]
#[macro_export]
macro_rules! for_outcome {
    ($then:ident) => {
        $then! {
            "What an action came to, where one action can lead to several stages."
            Outcome {
                Satisfied = "satisfied", "The complainant is satisfied.";
                NotSatisfied = "not_satisfied", "The complainant is not satisfied.";
                Unreachable = "unreachable", "The complainant could not be reached.";
                Exhausted = "exhausted", "Not satisfied again, and the rounds are used up.";
                Allowed = "allowed", "The appeal is allowed.";
                Dismissed = "dismissed", "The appeal is dismissed.";
                AtCap = "at_cap", "The transfers are used up: the case goes to the cell.";
            }
        }
    };
}
for_outcome!(core_enum);

/// The table of event kinds.
#[doc(hidden)]
#[macro_export]
macro_rules! for_event_kind {
    ($then:ident) => {
        $then! {
            "What happened to a case, in the past tense."
            EventKind {
                Lodged = "lodged", "The grievance came in.";
                Admitted = "admitted", "It was taken up.";
                Declined = "declined", "It was not taken up.";
                Acknowledged = "acknowledged", "The holder opened it.";
                Assigned = "assigned", "The cell gave it to an office.";
                Forwarded = "forwarded", "It was handed down.";
                Returned = "returned", "It was given back.";
                Recalled = "recalled", "It was taken back unopened.";
                Transferred = "transferred", "It passed to another office.";
                Recategorised = "recategorised", "Subject or place were corrected.";
                Reclassified = "reclassified", "The kind of matter was corrected.";
                SplitIntoParts = "split_into_parts", "It was divided.";
                PartOpened = "part_opened", "A part began.";
                PartClosed = "part_closed", "A part of this case came to its end.";
                PartReopened = "part_reopened", "A part of this case was opened again.";
                Consulted = "consulted", "Another office was asked.";
                Answered = "answered", "A consultation was answered.";
                InformationSought = "information_sought", "The complainant was asked for something.";
                InformationProvided = "information_provided", "The complainant gave it.";
                InterimReplied = "interim_replied", "The complainant was told where the case stands.";
                Commented = "commented", "A note was made.";
                Attached = "attached", "A document was added.";
                Reminded = "reminded", "Somebody asked the office to move.";
                ActionReported = "action_reported", "An office reported its action.";
                ReportSentBack = "report_sent_back", "The report was sent back.";
                Approved = "approved", "The report or the special closure was approved.";
                Refused = "refused", "The approval was refused.";
                CallRecorded = "call_recorded", "An attempt to reach the complainant was made.";
                FeedbackRecorded = "feedback_recorded", "The complainant was heard.";
                FeedbackWaived = "feedback_waived", "Feedback was not owed, and why.";
                Disposed = "disposed", "The case was closed.";
                OutcomeShared = "outcome_shared", "The case this one was joined to was closed.";
                Reopened = "reopened", "It was opened again.";
                Appealed = "appealed", "An appeal was lodged.";
                AppealDecided = "appeal_decided", "The appeal was decided.";
                Withdrawn = "withdrawn", "The complainant took it back.";
                Merged = "merged", "It was joined to another case.";
                Absorbed = "absorbed", "Another case was joined to this one.";
                Remastered = "remastered", "The case this one was joined to was itself joined to another.";
                Extended = "extended", "The due date moved.";
                Escalated = "escalated", "It was brought to a superior's notice.";
                Corrected = "corrected", "A recorded fact was corrected.";
                Rescinded = "rescinded", "The last step was undone.";
                StepRecorded = "step_recorded", "A step that the rulebook names was recorded.";
                Remapped = "remapped", "A new rulebook version moved it.";
                Adopted = "adopted", "Its history was taken over from another system.";
                TargetSet = "target_set", "A deadline began.";
                TargetMoved = "target_moved", "A deadline moved, and why.";
                ClockPaused = "clock_paused", "A deadline's clock stopped.";
                ClockResumed = "clock_resumed", "A deadline's clock went on.";
                TargetBreached = "target_breached", "A deadline passed and was not met.";
                EscalationProposed = "escalation_proposed", "A level of the ladder waits for approval.";
                ComplainantInformed = "complainant_informed", "The complainant got the message about an event.";
                NoticeParked = "notice_parked", "A message to the complainant could not be delivered.";
                FourEyesWaived = "four_eyes_waived", "One person took two steps that two should take: there was no second.";
                Verified = "verified", "Somebody looked a second time at what was reported.";
                Classified = "classified", "It was said what the case came from.";
                Unsealed = "unsealed", "The seal was lifted, by order.";
                HoldPlaced = "hold_placed", "The words of the case are to be kept.";
                HoldReleased = "hold_released", "A hold was let go.";
                Erased = "erased", "Every word of the case was erased.";
            }
        }
    };
}
for_event_kind!(core_enum);
