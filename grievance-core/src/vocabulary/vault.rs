//! Lists about the vault: why somebody looks, what keeps words from being erased, why they go.

use crate::vocabulary::closed::core_enum;

/// The table of purposes of a look.
#[doc(hidden)]
#[macro_export]
macro_rules! for_look_purpose {
    ($then:ident) => {
        $then! {
            "For what somebody looks at what the vault keeps."
            LookPurpose {
                Handling = "handling", "Work on the case.";
                FeedbackCall = "feedback_call", "A call to the complainant.";
                Verification = "verification", "A check that what was reported is so.";
                Audit = "audit", "An audit of the office.";
                Rti = "rti", "A request under the law on information.";
                LegalOrder = "legal_order", "An order of a court or of an authority.";
                Delivery = "delivery", "A message on its way to its recipient.";
                Tracking = "tracking", "Whether whoever asks has a mobile of the case.";
                OwnCase = "own_case", "The complainant's own case, shown to them.";
                Search = "search", "A search by name or mobile.";
            }
        }
    };
}
for_look_purpose!(core_enum);

/// The table of what a hold is for.
#[doc(hidden)]
#[macro_export]
macro_rules! for_hold_for {
    ($then:ident) => {
        $then! {
            "For what the words of a case are kept, whatever else would let them go."
            HoldFor {
                Court = "court", "A court has the matter before it.";
                Rti = "rti", "A request under the law on information is open.";
                Vigilance = "vigilance", "A vigilance inquiry is open.";
                Appeal = "appeal", "An appeal to another authority is open.";
            }
        }
    };
}
for_hold_for!(core_enum);

/// The table of reasons for an erasure.
#[doc(hidden)]
#[macro_export]
macro_rules! for_erasure_because {
    ($then:ident) => {
        $then! {
            "Why the words of a case are erased."
            ErasureBecause {
                Request = "request", "The person whose case it is asked for it.";
                Retention = "retention", "The rulebook keeps them no longer.";
                Order = "order", "A court or an authority ordered it.";
            }
        }
    };
}
for_erasure_because!(core_enum);
