//! What may be seen of a case, and in which capacity somebody acts.

use crate::vocabulary::closed::core_enum;

/// The table of fields.
#[doc(hidden)]
#[macro_export]
macro_rules! for_field {
    ($then:ident) => {
        $then! {
            "What a role may see of a case, or not: the words that people wrote and who they are."
            Field {
                Person = "person", "Under which identity the host knows the complainant.";
                Name = "name", "The complainant's name.";
                Mobile = "mobile", "The complainant's mobile number.";
                Email = "email", "The complainant's e-mail address.";
                Address = "address", "The complainant's postal address.";
                Representative = "representative", "The mobile number of a representative.";
                Signatories = "signatories", "The names of those who sign with the complainant.";
                SignatoryMobiles = "signatory_mobiles", "Their mobile numbers.";
                Narrative = "narrative", "What is complained of.";
                Reference = "reference", "The letter that brought the case in.";
                Remarks = "remarks", "What officers write beside a step.";
                CommentPublic = "comment_public", "Notes that the complainant may see.";
                CommentInternal = "comment_internal", "Notes that the complainant may not see.";
                FilePublic = "file_public", "Names of documents that the complainant may see.";
                FileInternal = "file_internal", "Names of documents that the complainant may not see.";
                Consultation = "consultation", "What offices ask one another and answer.";
                Information = "information", "What the complainant was asked for and gave.";
                CallNote = "call_note", "What was said in a call.";
                Feedback = "feedback", "What the complainant said to the report.";
                Report = "report", "What an office reports having done.";
                Evidence = "evidence", "The words of the evidence of a closure.";
                Reply = "reply", "What the complainant is told: interim and final replies, reasons of an extension.";
                Appeal = "appeal", "The grounds of an appeal.";
                Decision = "decision", "The decision on an appeal.";
                Record = "record", "The words of steps that the rulebook names: visits, hearings, orders.";
                Order = "order", "The order by which a sealed case was unsealed, or for which a case is on hold.";
                Officers = "officers", "Which persons took the steps; their office and role are always seen.";
            }
        }
    };
}
for_field!(core_enum);

impl Field {
    /// Whether it tells who the complainant is or how to reach them. Of these the words are shown
    /// only with an entry in the access log; `person` is the host's own pseudonym and has none.
    pub const fn is_identity(self) -> bool {
        matches!(
            self,
            Self::Person
                | Self::Name
                | Self::Mobile
                | Self::Email
                | Self::Address
                | Self::Representative
                | Self::Signatories
                | Self::SignatoryMobiles
        )
    }
}

/// The table of ways to see a field.
#[doc(hidden)]
#[macro_export]
macro_rules! for_sight {
    ($then:ident) => {
        $then! {
            "How much of a field is seen. What is not listed is not seen at all."
            Sight {
                Masked = "masked", "That it is there, and as much as tells one from another: the last four digits of a mobile, initials of a name, words without numbers and addresses.";
                Full = "full", "As it was written.";
            }
        }
    };
}
for_sight!(core_enum);

/// The table of tenures.
#[doc(hidden)]
#[macro_export]
macro_rules! for_tenure {
    ($then:ident) => {
        $then! {
            "In which capacity somebody holds a post."
            Tenure {
                Holder = "holder", "It is theirs.";
                Acting = "acting", "They stand in while it is vacant or its holder is away.";
                Delegated = "delegated", "Its holder has given it to them for a time.";
            }
        }
    };
}
for_tenure!(core_enum);
