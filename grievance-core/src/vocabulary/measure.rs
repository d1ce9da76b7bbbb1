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
