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
