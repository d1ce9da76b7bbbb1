//! Messages and codes: what they are for, whom they tell, what they carry.

use crate::vocabulary::closed::core_enum;

/// The table of purposes of a code.
#[doc(hidden)]
#[macro_export]
macro_rules! for_purpose {
    ($then:ident) => {
        $then! {
            "What a code that is sent to a mobile opens. A code for one purpose opens no other."
            Purpose {
                Lodge = "lodge", "Lodge a grievance by oneself.";
                Track = "track", "See where a case of that mobile stands.";
                Act = "act", "Act on an own case: remind, withdraw, reopen, appeal.";
                Feedback = "feedback", "Say whether one is satisfied.";
                ChangeMobile = "change_mobile", "Make another mobile that of the case.";
                OfficerLogin = "officer_login", "Log in as an officer.";
            }
        }
    };
}
for_purpose!(core_enum);

/// The table of audiences.
#[doc(hidden)]
#[macro_export]
macro_rules! for_audience {
    ($then:ident) => {
        $then! {
            "Whom a notice tells."
            Audience {
                Complainant = "complainant", "Who complained, or their representative.";
                Signatories = "signatories", "Who signed with the complainant.";
                Unit = "unit", "The office that holds the case.";
                HeadOfUnit = "head_of_unit", "The post that heads that office.";
                NodalOfficer = "nodal_officer", "The nodal officer of that office.";
                EscalatedPost = "escalated_post", "The post that the case was escalated to.";
                EscalatedUnit = "escalated_unit", "The office that the case was escalated to.";
            }
        }
    };
}
for_audience!(core_enum);

impl Audience {
    /// Whether the public reads it: then an office's internal words have no place in it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Complainant | Self::Signatories)
    }
}

/// The table of times at which a notice is sent.
#[doc(hidden)]
#[macro_export]
macro_rules! for_tell_when {
    ($then:ident) => {
        $then! {
            "When a notice is sent."
            TellWhen {
                AtOnce = "at_once", "At once, unless the recipient's safe hours forbid it.";
                WorkingHours = "working_hours", "In the office's hours.";
            }
        }
    };
}
for_tell_when!(core_enum);

/// The table of kinds of variables.
#[doc(hidden)]
#[macro_export]
macro_rules! for_variable_kind {
    ($then:ident) => {
        $then! {
            "What a variable of a template holds."
            VariableKind {
                Text = "text", "Words, as they are.";
                Number = "number", "A whole number; plural rules apply.";
                Date = "date", "A calendar date, written as the language writes it.";
                Mark = "mark", "The registration number, or another mark that is not for translation.";
                Unit = "unit", "An office, by its name in the language.";
                Reason = "reason", "A closure reason, by the complainant's text.";
                OfficerReason = "officer_reason", "A closure reason, by the officer's text.";
            }
        }
    };
}
for_variable_kind!(core_enum);

/// The table of occasions.
#[doc(hidden)]
#[macro_export]
macro_rules! for_occasion {
    ($then:ident) => {
        $then! {
            "What a notice tells of besides the events of a case."
            Occasion {
                DueSoon = "due_soon", "A target falls due soon.";
                Overdue = "overdue", "A target was missed.";
                FeedbackCall = "feedback_call", "The complainant will be called to be heard.";
                Statement = "statement", "An office's weekly statement was given out.";
            }
        }
    };
}
for_occasion!(core_enum);
