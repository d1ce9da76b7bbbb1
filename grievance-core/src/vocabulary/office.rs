//! What a rulebook is made of: gates, custody, reach, reasons, feedback.

use crate::vocabulary::closed::core_enum;

/// The table of gates.
#[doc(hidden)]
#[macro_export]
macro_rules! for_gate {
    ($then:ident) => {
        $then! {
            "What must be there before a step may be taken."
            Gate {
                Remarks = "remarks", "The command brings remarks.";
                Reason = "reason", "Exactly one valid closure reason is named or was selected.";
                Evidence = "evidence", "The evidence that the reason asks for is there.";
                Feedback = "feedback", "The complainant was heard, or the policy waives it.";
                Window = "window", "The time allowed for the step has not run out.";
                DifferentOfficer = "different_officer", "Not the person who took the step that this one judges.";
                Approval = "approval", "A superior approved it.";
                Parts = "parts", "Every part of the case has come to its end.";
            }
        }
    };
}
for_gate!(core_enum);

/// The table of custody rules.
#[doc(hidden)]
#[macro_export]
macro_rules! for_custody {
    ($then:ident) => {
        $then! {
            "Where a step leaves the case."
            Custody {
                Stay = "stay", "With the office that holds it.";
                Routed = "routed", "With the office that the routing rules name.";
                Named = "named", "With the office that the command names.";
                Sender = "sender", "With the office that sent it to the holder; the cell, if none did.";
                Reporter = "reporter", "With the office that made the report.";
                Cell = "cell", "With the cell, where cases come in.";
                Appellate = "appellate", "With the appellate authority of the office that disposed of it.";
                Disposer = "disposer", "With the office that disposed of it.";
            }
        }
    };
}
for_custody!(core_enum);

/// The table of reaches.
#[doc(hidden)]
#[macro_export]
macro_rules! for_reach {
    ($then:ident) => {
        $then! {
            "Which cases a role may touch. Which actions it may take is the workflow's word alone."
            Reach {
                OwnCases = "own_cases", "The cases that the person lodged, or that were lodged for them.";
                OwnUnit = "own_unit", "The cases that the actor's office holds.";
                UnitsBelow = "units_below", "The cases that the actor's office holds, or one below it by either line.";
                Places = "places", "The cases that lie in the jurisdictions of the actor's office, whoever holds them.";
                Everywhere = "everywhere", "Every case.";
            }
        }
    };
}
for_reach!(core_enum);

/// The table of relations.
#[doc(hidden)]
#[macro_export]
macro_rules! for_relation {
    ($then:ident) => {
        $then! {
            "How an actor stands to a case."
            Relation {
                Complainant = "complainant", "It is their grievance.";
                LodgedBy = "lodged_by", "They brought it in for somebody else.";
                Holder = "holder", "Their office holds it.";
                Superior = "superior", "Their office stands above the holder.";
                Sender = "sender", "Their office sent it to the holder.";
                Consulted = "consulted", "Their office was asked.";
                Accused = "accused", "The grievance is about their office or post.";
                Outsider = "outsider", "None of these.";
            }
        }
    };
}
for_relation!(core_enum);

/// The table of disposal classes.
#[doc(hidden)]
#[macro_export]
macro_rules! for_disposal_class {
    ($then:ident) => {
        $then! {
            "What a closure did for the complainant."
            DisposalClass {
                Benefit = "benefit", "The benefit or service was provided.";
                TakenUp = "taken_up", "Work is promised by a date that is followed up.";
                NotActionable = "not_actionable", "Nothing further could be done, and why.";
            }
        }
    };
}
for_disposal_class!(core_enum);

/// The table of evidence kinds.
#[doc(hidden)]
#[macro_export]
macro_rules! for_evidence_kind {
    ($then:ident) => {
        $then! {
            "What a closure reason must be shown with."
            EvidenceKind {
                Date = "date", "The date on which it was done.";
                Reference = "reference", "A letter, order or file number.";
                FollowUpDate = "follow_up_date", "The date by which it will be done; later than the closure.";
                DelayReason = "delay_reason", "Why it takes that long.";
                ReviewDate = "review_date", "The date on which the case is looked at again; later than the closure.";
                RuleCited = "rule", "The rule of the scheme.";
                Finding = "finding", "What the enquiry found.";
                OtherNumber = "other_number", "The other registration number.";
                CourtCase = "court_case", "The court and the case number.";
                AcceptingOffice = "accepting_office", "The office that accepted the matter.";
                AdviceGiven = "advice", "What the complainant was advised.";
                ContactAttempts = "contact_attempts", "The recorded attempts to reach the complainant.";
                Explanation = "explanation", "What was explained.";
            }
        }
    };
}
for_evidence_kind!(core_enum);

/// The table of feedback outcomes.
#[doc(hidden)]
#[macro_export]
macro_rules! for_feedback_outcome {
    ($then:ident) => {
        $then! {
            "What the complainant said."
            FeedbackOutcome {
                Satisfied = "satisfied", "Satisfied.";
                NotSatisfied = "not_satisfied", "Not satisfied.";
                Unreachable = "unreachable", "Not reached after the attempts that the policy asks for.";
            }
        }
    };
}
for_feedback_outcome!(core_enum);

/// The table of waivers.
#[doc(hidden)]
#[macro_export]
macro_rules! for_waiver {
    ($then:ident) => {
        $then! {
            "Why feedback was not owed before a disposal."
            Waiver {
                Anonymous = "anonymous", "Nobody is known to ask.";
                NoContact = "no_contact", "No way to reach the complainant was given.";
                Part = "part", "A part: the complainant is heard once, on the whole case.";
                Exhausted = "exhausted", "Heard as often as the policy asks; closed specially, with approval.";
                SuoMotu = "suo_motu", "No complainant is on record: the office began the case itself.";
            }
        }
    };
}
for_waiver!(core_enum);

/// The table of target kinds.
#[doc(hidden)]
#[macro_export]
macro_rules! for_target_kind {
    ($then:ident) => {
        $then! {
            "A named deadline."
            TargetKind {
                Acknowledgement = "acknowledgement", "To open the case.";
                FirstAction = "first_action", "To take a first step.";
                Resolution = "resolution", "To report the action taken.";
                InterimReply = "interim_reply", "To tell the complainant where the case stands.";
                ReferenceReply = "reference_reply", "To answer whoever referred the case.";
                AppealFiling = "appeal_filing", "For the complainant to appeal.";
                AppealDecision = "appeal_decision", "To decide the appeal.";
                Reopening = "reopening", "For the complainant to have it opened again.";
                Review = "review", "To look again at an outcome that is owed.";
            }
        }
    };
}
for_target_kind!(core_enum);

/// The table of references.
#[doc(hidden)]
#[macro_export]
macro_rules! for_reference_from {
    ($then:ident) => {
        $then! {
            "Who referred a case to the office."
            ReferenceFrom {
                Minister = "minister", "A Minister.";
                Legislator = "legislator", "A member of the legislature or of parliament.";
                Court = "court", "A court.";
                Commission = "commission", "A commission or an ombudsman.";
                Office = "office", "Another public office.";
            }
        }
    };
}
for_reference_from!(core_enum);

/// The table of gaps.
#[doc(hidden)]
#[macro_export]
macro_rules! for_gap {
    ($then:ident) => {
        $then! {
            "What an imported history does not record. A gap is never filled with a default."
            Gap {
                Unit = "unit", "Which office held it.";
                Category = "category", "What it was about.";
                Place = "place", "Where.";
                Channel = "channel", "How it came in.";
                Complainant = "complainant", "Who complained.";
                Reason = "reason", "Why it was closed.";
                Remarks = "remarks", "What was said on closing.";
                Feedback = "feedback", "Whether the complainant was heard.";
                Movements = "movements", "The steps between lodging and closing.";
                Target = "target", "By when it was due.";
                DisposedAt = "disposed_at", "When it was closed, though its status says so.";
            }
        }
    };
}
for_gap!(core_enum);

/// The table of classes of holiday.
#[doc(hidden)]
#[macro_export]
macro_rules! for_holiday_class {
    ($then:ident) => {
        $then! {
            "By whose word a day is a holiday."
            HolidayClass {
                Public = "public", "Under the law on public holidays or negotiable instruments.";
                StateOrder = "state_order", "By order of the government, beyond the law.";
                Sectional = "sectional", "For one community or section.";
            }
        }
    };
}
for_holiday_class!(core_enum);

impl Default for HolidayClass {
    fn default() -> Self {
        Self::Public
    }
}
