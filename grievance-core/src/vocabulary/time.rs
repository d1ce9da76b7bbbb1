//! Lists about time and messages.

use crate::vocabulary::closed::core_enum;

/// The table of units of time allowed.
#[doc(hidden)]
#[macro_export]
macro_rules! for_time_unit {
    ($then:ident) => {
        $then! {
            "In what a time allowed is counted."
            TimeUnit {
                WorkingDays = "working_days", "Days on which the office opens; due at closing time of the last one.";
                WorkingHours = "working_hours", "Hours during which the office is open.";
                CalendarDays = "calendar_days", "All days; due when the last one ends.";
            }
        }
    };
}
for_time_unit!(core_enum);

/// The table of instants a target is counted from.
#[doc(hidden)]
#[macro_export]
macro_rules! for_counted_from {
    ($then:ident) => {
        $then! {
            "From which instant of an event a target is counted."
            CountedFrom {
                Received = "received", "When the office received what the event tells of, which may be earlier than its recording.";
                Recorded = "recorded", "When the event was recorded.";
            }
        }
    };
}
for_counted_from!(core_enum);

/// The table of what becomes of a running target.
#[doc(hidden)]
#[macro_export]
macro_rules! for_on_change {
    ($then:ident) => {
        $then! {
            "What becomes of a running target when the case changes hands or subject."
            OnChange {
                Keep = "keep", "The due date stays.";
                Carry = "carry", "Time used stays used: what the new rule allows, less that, is left.";
                Restart = "restart", "The new rule's time begins anew.";
            }
        }
    };
}
for_on_change!(core_enum);

/// The table of reasons for moving a target.
#[doc(hidden)]
#[macro_export]
macro_rules! for_because {
    ($then:ident) => {
        $then! {
            "Why a due date moved or a target began anew."
            Because {
                Extended = "extended", "An officer extended it, with a reason that the complainant is told.";
                Transferred = "transferred", "The case passed to another office.";
                Recategorised = "recategorised", "Its subject or place was corrected.";
                Priority = "priority", "Its priority class was corrected.";
                Rulebook = "rulebook", "A new rulebook version changed the rule or the calendar: a holiday was declared, say.";
                SentBack = "sent_back", "The report was sent back: the time under review does not count.";
            }
        }
    };
}
for_because!(core_enum);

/// The table of ends of a pause.
#[doc(hidden)]
#[macro_export]
macro_rules! for_resumed {
    ($then:ident) => {
        $then! {
            "Why a clock that had stopped goes on."
            Resumed {
                Phase = "phase", "The case left the phase in which the clock stands.";
                Informed = "informed", "The complainant got the message about the closure.";
                Maximum = "maximum", "The pause had lasted as long as one may.";
            }
        }
    };
}
for_resumed!(core_enum);

/// The table of what a level of the ladder does.
#[doc(hidden)]
#[macro_export]
macro_rules! for_ladder_step {
    ($then:ident) => {
        $then! {
            "What a level of the escalation ladder does."
            LadderStep {
                Notify = "notify", "The superior is told; the office keeps the case.";
                Reassign = "reassign", "The superior takes the case over.";
            }
        }
    };
}
for_ladder_step!(core_enum);

/// The table of ways a level of the ladder is taken.
#[doc(hidden)]
#[macro_export]
macro_rules! for_ladder_mode {
    ($then:ident) => {
        $then! {
            "How a level of the escalation ladder is taken."
            LadderMode {
                Automatic = "automatic", "When its time has come.";
                Approval = "approval", "When its time has come it is proposed; an officer takes it.";
                Manual = "manual", "Only when an officer takes it.";
            }
        }
    };
}
for_ladder_mode!(core_enum);

/// The table of due jobs.
#[doc(hidden)]
#[macro_export]
macro_rules! for_job_kind {
    ($then:ident) => {
        $then! {
            "What a schedule of the rulebook calls for."
            JobKind {
                Statement = "statement", "The MIS statement.";
                Review = "review", "An administrative review meeting.";
                FeedbackCalls = "feedback_calls", "The round of outbound calls to complainants.";
                Checkpoint = "checkpoint", "A checkpoint over all histories, which the sweep makes itself.";
                VerificationSample = "verification_sample", "A sample of disposed cases for a second look.";
            }
        }
    };
}
for_job_kind!(core_enum);

/// The table of ways out.
#[doc(hidden)]
#[macro_export]
macro_rules! for_message_channel {
    ($then:ident) => {
        $then! {
            "By which way a message goes out."
            MessageChannel {
                Sms = "sms", "A text message.";
                Email = "email", "An e-mail.";
                Inbox = "inbox", "The recipient's list in the portal or the office.";
                Letter = "letter", "Paper.";
            }
        }
    };
}
for_message_channel!(core_enum);

/// The table of states of a message.
#[doc(hidden)]
#[macro_export]
macro_rules! for_notice_state {
    ($then:ident) => {
        $then! {
            "How far a message has come on its way out."
            NoticeState {
                Waiting = "waiting", "It is yet to be delivered, or a try is under way.";
                Delivered = "delivered", "The gateway took it.";
                Parked = "parked", "It failed so often, or in such a way, that somebody must look at it.";
                Dropped = "dropped", "There is nobody any more to whom it could go.";
            }
        }
    };
}
for_notice_state!(core_enum);
