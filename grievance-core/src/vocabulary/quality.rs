//! Lists about the second look at what was disposed, and about what is learnt from it.

use crate::vocabulary::closed::core_enum;

/// The table of findings.
#[doc(hidden)]
#[macro_export]
macro_rules! for_verification_finding {
    ($then:ident) => {
        $then! {
            "What a second look at a disposed case found."
            VerificationFinding {
                Confirmed = "confirmed", "What was reported is so.";
                Deficient = "deficient", "What was reported is not so, or not wholly.";
                NotVerifiable = "not_verifiable", "It could not be found out.";
            }
        }
    };
}
for_verification_finding!(core_enum);

/// The table of suspicions.
#[doc(hidden)]
#[macro_export]
macro_rules! for_suspicion {
    ($then:ident) => {
        $then! {
            "What points at closings that may be bad. It proves nothing: it says where to look."
            Suspicion {
                BulkClosing = "bulk_closing", "One person closed very many on one day.";
                JustBeforeDue = "just_before_due", "Many were reported in the last hours before they were due.";
                SameRemarks = "same_remarks", "One officer wrote the same remarks many times.";
                UnreachableWithoutAttempts = "unreachable_without_attempts", "The complainant was not reached, and too few attempts are on record.";
                OftenReopened = "often_reopened", "Many did not stand: they were opened again, or an appeal was allowed.";
            }
        }
    };
}
for_suspicion!(core_enum);

/// The table of trends.
#[doc(hidden)]
#[macro_export]
macro_rules! for_trend_kind {
    ($then:ident) => {
        $then! {
            "What the receipts of a group do, more than chance does."
            TrendKind {
                SuddenRise = "sudden_rise", "Many more came in the last week than in those before.";
                SteadyRise = "steady_rise", "More came in the later half of the weeks than in the earlier.";
                SuddenFall = "sudden_fall", "Far fewer came in the last week: a way in may be blocked.";
                SteadyFall = "steady_fall", "Fewer came in the later half of the weeks.";
            }
        }
    };
}
for_trend_kind!(core_enum);

/// The table of states of a change.
#[doc(hidden)]
#[macro_export]
macro_rules! for_change_state {
    ($then:ident) => {
        $then! {
            "How far a change of a procedure has come."
            ChangeState {
                Proposed = "proposed", "Somebody suggested it.";
                Accepted = "accepted", "It is to be made.";
                Implemented = "implemented", "It is in force since a day.";
                Dropped = "dropped", "It will not be made.";
            }
        }
    };
}
for_change_state!(core_enum);

/// A change that somebody writes down is proposed, until more is said.
impl Default for ChangeState {
    fn default() -> Self {
        Self::Proposed
    }
}

/// The table of facets.
#[doc(hidden)]
#[macro_export]
macro_rules! for_practice_facet {
    ($then:ident) => {
        $then! {
            "What a good practice changed. The list is ours."
            PracticeFacet {
                Procedure = "procedure", "A form, a rule or a step of the work.";
                Outreach = "outreach", "How people are told, or met where they live.";
                Technology = "technology", "What a machine does that people did.";
                Coordination = "coordination", "How offices work together.";
                Training = "training", "What those who do the work know.";
            }
        }
    };
}
for_practice_facet!(core_enum);
