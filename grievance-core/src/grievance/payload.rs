//! What each kind of event says. Plain data: absent fields are left out of the stored text.

use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, KindCode, LanguageCode, PlaceCode, PostCode, PriorityCode,
    ReasonCode, RecordCode, RuleCode, UnitCode,
};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::{Digest, TextRef};
use crate::kernel::time::MaybeMillis;
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{
    Action, DisposalClass, ErasureBecause, EvidenceKind, FeedbackOutcome, HoldFor, MessageChannel, Outcome,
    TargetKind, VerificationFinding, Waiver,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Declares payloads: fields that are always there, `;`, fields that may be absent.
macro_rules! payload {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$must_doc:meta])* $must:ident: $must_type:ty,)*
        ;
        $($(#[$may_doc:meta])* $may:ident: $may_type:ty,)*
    })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name {
            $($(#[$must_doc])* pub $must: $must_type,)*
            $(
                $(#[$may_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $may: Option<$may_type>,
            )*
        }
    )+};
}

mod adopted;
mod clock;
mod lodged;

pub use crate::grievance::payload::adopted::{Adopted, AdoptedFact, AdoptedStep};
pub use crate::grievance::payload::clock::{
    ClockPaused, ClockResumed, EscalationProposed, TargetBreached, TargetMoved, TargetSet,
};
pub use crate::grievance::payload::lodged::{
    Allegation, Complainant, Lodged, PartClosed, PartNamed, PartOpened, PartSketch, Reference, SplitIntoParts,
};

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A day.
    Date(NaiveDate),
    /// Words, kept in the vault.
    Text(TextRef),
    /// A number under which something is filed: up to 64 printable characters, no personal data.
    Number(SmolStr),
    /// An office.
    Unit(UnitCode),
    /// How many attempts to reach the complainant are on record.
    Attempts(u32),
}

/// The evidence of a closure, by kind.
pub type Evidence = BTreeMap<EvidenceKind, Shown>;

/// A field of a recorded step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Words, kept in the vault.
    Text(TextRef),
    /// A day.
    Date(NaiveDate),
    /// A whole number.
    Number(u32),
    /// An office.
    Unit(UnitCode),
    /// Yes or no.
    Flag(bool),
}

payload! {
    /// A step that says nothing but remarks.
    Noted {
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// A step that consists of words: a question, an answer, information.
    Worded {
        /// The words.
        text: TextRef,
        ;
    }

    /// A case that went to another office: the one that the event led to.
    Sent {
        /// Whether the receiving office may not pass it on: the cell decided after the cap.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        binding: bool,
        /// Whether the transfers were used up, so that it went to the cell instead.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_cap: bool,
        ;
        /// The post in the office.
        post: PostCode,
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::Recategorised`](crate::vocabulary::EventKind::Recategorised).
    Recategorised {
        ;
        /// The subject now.
        category: CategoryCode,
        /// The jurisdiction now.
        place: PlaceCode,
        /// Remarks.
        remarks: TextRef,
        /// The subject that seals the case from now on.
        sealed: CategoryCode,
    }

    /// See [`EventKind::Reclassified`](crate::vocabulary::EventKind::Reclassified).
    Reclassified {
        /// The kind of matter now.
        kind: KindCode,
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::Consulted`](crate::vocabulary::EventKind::Consulted).
    Consulted {
        /// The question.
        text: TextRef,
        /// The office that is asked.
        to: UnitCode,
        ;
    }

    /// See [`EventKind::Answered`](crate::vocabulary::EventKind::Answered).
    Answered {
        /// The office that answers.
        by: UnitCode,
        /// The answer.
        text: TextRef,
        ;
    }

    /// See [`EventKind::InterimReplied`](crate::vocabulary::EventKind::InterimReplied).
    InterimReplied {
        /// The date by which it will end.
        expected_by: NaiveDate,
        /// The reply.
        text: TextRef,
        ;
    }

    /// See [`EventKind::Commented`](crate::vocabulary::EventKind::Commented).
    Commented {
        /// Whether the complainant may see it.
        public: bool,
        /// The note.
        text: TextRef,
        ;
    }

    /// See [`EventKind::Attached`](crate::vocabulary::EventKind::Attached).
    Attached {
        /// Its size.
        bytes: u32,
        /// Its media type.
        media_type: SmolStr,
        /// Its name.
        name: TextRef,
        /// Whether the complainant may see it.
        public: bool,
        /// SHA-256 of its bytes.
        sha256: Digest,
        ;
    }

    /// A report, or its approval: a reason proposed or selected, with evidence.
    Judged {
        /// The evidence.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = { "enum": EvidenceKind::ALL })))]
        evidence: Evidence,
        ;
        /// The reason.
        reason: ReasonCode,
        /// The report, or the remarks.
        text: TextRef,
    }

    /// See [`EventKind::CallRecorded`](crate::vocabulary::EventKind::CallRecorded).
    CallRecorded {
        /// The day of the attempt, in the office's zone.
        day: NaiveDate,
        /// Whether the complainant was reached.
        reached: bool,
        /// The slot of the day: 0 before noon, 1 before 17:00, 2 after.
        slot: u8,
        ;
        /// What was said.
        note: TextRef,
    }

    /// See [`EventKind::FeedbackRecorded`](crate::vocabulary::EventKind::FeedbackRecorded).
    FeedbackRecorded {
        /// What the complainant said.
        outcome: FeedbackOutcome,
        ;
        /// Rating, 1 to 5.
        rating: u8,
        /// In the complainant's words.
        said: TextRef,
    }

    /// See [`EventKind::FeedbackWaived`](crate::vocabulary::EventKind::FeedbackWaived).
    FeedbackWaived {
        /// Why.
        because: Waiver,
        ;
    }

    /// See [`EventKind::Disposed`](crate::vocabulary::EventKind::Disposed).
    Disposed {
        /// What it did for the complainant.
        class: DisposalClass,
        /// The evidence.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = { "enum": EvidenceKind::ALL })))]
        evidence: Evidence,
        /// The reason.
        reason: ReasonCode,
        /// Remarks.
        remarks: TextRef,
        ;
        /// What the complainant is told, if other than the reason's text.
        reply: TextRef,
    }

    /// See [`EventKind::OutcomeShared`](crate::vocabulary::EventKind::OutcomeShared).
    OutcomeShared {
        /// What it did for the complainants.
        class: DisposalClass,
        /// The case that carried this one on.
        master: GrievanceId,
        /// The reason.
        reason: ReasonCode,
        ;
    }

    /// See [`EventKind::Reopened`](crate::vocabulary::EventKind::Reopened).
    Reopened {
        ;
        /// When its letter was received, if before it was recorded.
        #[serde(with = "MaybeMillis")]
        received_at: DateTime<Utc>,
        /// Why.
        remarks: TextRef,
    }

    /// See [`EventKind::Appealed`](crate::vocabulary::EventKind::Appealed).
    Appealed {
        /// The grounds.
        text: TextRef,
        ;
        /// When its letter was received, if before it was recorded.
        #[serde(with = "MaybeMillis")]
        received_at: DateTime<Utc>,
    }

    /// See [`EventKind::AppealDecided`](crate::vocabulary::EventKind::AppealDecided).
    AppealDecided {
        /// Allowed or dismissed.
        outcome: Outcome,
        /// The decision.
        remarks: TextRef,
        ;
    }

    /// The case that goes on.
    Merged {
        /// The case.
        into: GrievanceId,
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::Absorbed`](crate::vocabulary::EventKind::Absorbed).
    Absorbed {
        /// The case that was joined, and those that had been joined to it before.
        members: Vec<GrievanceId>,
        ;
    }

    /// See [`EventKind::Extended`](crate::vocabulary::EventKind::Extended).
    Extended {
        /// The reason.
        remarks: TextRef,
        /// The new date.
        until: NaiveDate,
        ;
    }

    /// See [`EventKind::Escalated`](crate::vocabulary::EventKind::Escalated).
    Escalated {
        /// The superior office.
        to: UnitCode,
        ;
        /// The level of the ladder; none when an officer did it of their own accord.
        level: u32,
        /// The post in that office.
        post: PostCode,
        /// Remarks.
        remarks: TextRef,
        /// The rule of the ladder.
        rule: RuleCode,
        /// The target whose time had come; none where something that happened brought the level.
        target: TargetKind,
    }

    /// See [`EventKind::Corrected`](crate::vocabulary::EventKind::Corrected).
    Corrected {
        /// Why.
        remarks: TextRef,
        ;
        /// What is complained of.
        narrative: TextRef,
        /// The complainant's name.
        name: TextRef,
        /// The complainant's mobile number.
        mobile: TextRef,
        /// The complainant's e-mail address.
        email: TextRef,
        /// The complainant's postal address.
        address: TextRef,
        /// The complainant's language.
        language: LanguageCode,
        /// Priority class.
        priority: PriorityCode,
        /// The mobile number of a representative, who gets text messages in their place.
        representative: TextRef,
        /// Whether there is no representative any more.
        unrepresented: bool,
        /// Ways by which they want no message from now on; none, if empty.
        refuses: Vec<MessageChannel>,
        /// When they may be written to from now on.
        safe_hours: SafeHours,
    }

    /// See [`EventKind::Rescinded`](crate::vocabulary::EventKind::Rescinded).
    Rescinded {
        /// Why.
        remarks: TextRef,
        /// The version of the event that was undone.
        undone: u64,
        ;
    }

    /// See [`EventKind::StepRecorded`](crate::vocabulary::EventKind::StepRecorded).
    StepRecorded {
        /// Its fields.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        fields: BTreeMap<SmolStr, FieldValue>,
        /// Which step.
        step: RecordCode,
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::Remapped`](crate::vocabulary::EventKind::Remapped).
    Remapped {
        /// The rulebook version it was moved to.
        to: Digest,
        ;
        /// The reason that a proposed or selected one became.
        reason: ReasonCode,
    }

    /// See [`EventKind::FourEyesWaived`](crate::vocabulary::EventKind::FourEyesWaived).
    FourEyesWaived {
        /// The step that the same person takes.
        action: Action,
        ;
    }

    /// See [`EventKind::Unsealed`](crate::vocabulary::EventKind::Unsealed).
    Unsealed {
        /// The order: its number, its date and who made it.
        order: TextRef,
        /// Why.
        remarks: TextRef,
        ;
    }

    /// What became of a message to the complainant. See
    /// [`EventKind::ComplainantInformed`](crate::vocabulary::EventKind::ComplainantInformed) and
    /// [`EventKind::NoticeParked`](crate::vocabulary::EventKind::NoticeParked).
    Told {
        /// The version of the event that the message was to tell of.
        of: u64,
        ;
    }

    /// See [`EventKind::Verified`](crate::vocabulary::EventKind::Verified).
    Verified {
        /// What was found.
        finding: VerificationFinding,
        /// What was looked at, and how it came to that.
        remarks: TextRef,
        ;
        /// The day for which the sample was drawn that the case was in.
        sample: NaiveDate,
    }

    /// See [`EventKind::Classified`](crate::vocabulary::EventKind::Classified). The latest one counts.
    Classified {
        /// The root cause.
        root_cause: CauseCode,
        ;
        /// The change of a procedure that would have made the case needless.
        change: ChangeCode,
        /// What the office could change.
        suggestion: TextRef,
    }

    /// See [`EventKind::HoldPlaced`](crate::vocabulary::EventKind::HoldPlaced).
    HoldPlaced {
        /// For what.
        because: HoldFor,
        /// Why.
        remarks: TextRef,
        ;
        /// The number of the order or the request.
        reference: TextRef,
        /// The last day, in the office's zone; until it is released, if absent.
        until: NaiveDate,
    }

    /// See [`EventKind::HoldReleased`](crate::vocabulary::EventKind::HoldReleased).
    HoldReleased {
        /// The version of the event that placed it.
        hold: u64,
        /// Why.
        remarks: TextRef,
        ;
    }

    /// See [`EventKind::Erased`](crate::vocabulary::EventKind::Erased). It says nothing in anybody's
    /// words. Texts, tokens and fingerprints of the case go with the commit that records it.
    Erased {
        /// Why.
        because: ErasureBecause,
        ;
    }

}
