//! What an audit of the stored history can find, and for whom a case file is made.

use crate::vocabulary::LookPurpose;
use crate::vocabulary::closed::core_enum;

/// The table of discrepancies.
#[doc(hidden)]
#[macro_export]
macro_rules! for_discrepancy {
    ($then:ident) => {
        $then! {
            "What is found wrong with a stored history."
            Discrepancy {
                Altered = "altered", "The event's hash is not that of what is stored and of the event before it.";
                Missing = "missing", "An event before it is missing.";
                Doubled = "doubled", "Its place is taken by another event, or lies before the first.";
                Damaged = "damaged", "A column does not hold what this library writes there.";
                Unreadable = "unreadable", "It is whole, and of a kind or version that a newer library wrote.";
                KindDiffers = "kind_differs", "The kind that stands beside the event is not its own.";
                OtherCase = "other_case", "It belongs to another case.";
                CommandUnknown = "command_unknown", "The command that it came from was never received.";
                RowDiffers = "row_differs", "The case's row names another version than its last event has.";
                Vanished = "vanished", "The case has no events any more.";
                Cut = "cut", "The history ends before the version that a checkpoint covers.";
                Rewritten = "rewritten", "The history is whole, and another than the one that a checkpoint covers.";
                HeadsDiffer = "heads_differ", "What was taken down for a checkpoint does not give its root.";
                CheckpointDiffers = "checkpoint_differs", "A stored checkpoint is not the one that was made, or does not follow the one before it.";
            }
        }
    };
}
for_discrepancy!(core_enum);

/// The table of those a case file is made for.
#[doc(hidden)]
#[macro_export]
macro_rules! for_file_audience {
    ($then:ident) => {
        $then! {
            "For whom a case file is made."
            FileAudience {
                Complainant = "complainant", "Who complained: what they wrote and what they are told.";
                RtiApplicant = "rti_applicant", "Somebody who asks under the law on information: what was done and decided, without persons.";
                Court = "court", "A court or authority that ordered it: everything.";
                Auditor = "auditor", "Who audits the office: all words without numbers and addresses, and which officers acted.";
            }
        }
    };
}
for_file_audience!(core_enum);

impl FileAudience {
    /// For what a look at the words counts that such a file needs.
    pub const fn purpose(self) -> LookPurpose {
        match self {
            Self::Complainant => LookPurpose::OwnCase,
            Self::RtiApplicant => LookPurpose::Rti,
            Self::Court => LookPurpose::LegalOrder,
            Self::Auditor => LookPurpose::Audit,
        }
    }
}
