//! What each kind of event says. Plain data: absent fields are left out of the stored text.

use crate::grievance::event::Position;
use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, LanguageCode, PlaceCode, PostCode,
    PriorityCode, ReasonCode, RecordCode, RuleCode, SourceCode, UnitCode,
};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, TextRef};
use crate::kernel::time::millis;
use crate::rulebook::routing::Routed;
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{
    Action, Because, DisposalClass, ErasureBecause, EvidenceKind, FeedbackOutcome, Gap, HoldFor,
    MessageChannel, Outcome, ReferenceFrom, Resumed, TargetKind, TimeUnit, VerificationFinding, Waiver,
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

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Who complains. Names and addresses are in the vault.
    Complainant {
        /// Whether they stay unknown.
        anonymous: bool,
        ;
        /// Their identity.
        person: PersonId,
        /// Their name.
        name: TextRef,
        /// Their mobile number.
        mobile: TextRef,
        /// Their e-mail address.
        email: TextRef,
        /// Their postal address.
        address: TextRef,
        /// SHA-256 of the tracking code that an anonymous complainant was given.
        tracking: Digest,
        /// Those who sign with them.
        signatories: Vec<TextRef>,
        /// Their mobile numbers, as far as they want messages of their own.
        signatory_mobiles: Vec<TextRef>,
        /// The mobile number of a representative, who gets text messages in their place.
        representative: TextRef,
        /// Ways by which they want no message.
        refuses: Vec<MessageChannel>,
        /// When they may be written to, within the rulebook's safe hours; whenever those allow it, if
        /// absent.
        safe_hours: SafeHours,
    }

    /// Whom a grievance is about.
    Allegation {
        ;
        /// The office.
        unit: UnitCode,
        /// The post.
        post: PostCode,
    }

    /// The letter that brought a case in.
    Reference {
        /// Who wrote it.
        from: ReferenceFrom,
        ;
        /// Its number or title.
        letter: TextRef,
        /// Its date.
        date: NaiveDate,
        /// The date by which a reply is owed.
        reply_due: NaiveDate,
    }

    /// See [`EventKind::Lodged`](crate::vocabulary::EventKind::Lodged).
    Lodged {
        /// How it came in.
        channel: ChannelCode,
        /// Who complains.
        complainant: Complainant,
        /// Kind of matter.
        kind: KindCode,
        /// The complainant's language.
        language: LanguageCode,
        /// Whether the complainant had just shown to have the mobile that is given.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mobile_verified: bool,
        /// What is complained of.
        narrative: TextRef,
        /// The registration number.
        number: RegistrationNumber,
        /// When it was received: not after it was recorded.
        #[serde(with = "millis")]
        received_at: DateTime<Utc>,
        /// The office that the routing rules name, and the rule.
        routed: Routed,
        ;
        /// Whom it is about.
        against: Allegation,
        /// Subject.
        category: CategoryCode,
        /// The number under which another system knows it.
        external_number: SmolStr,
        /// Jurisdiction.
        place: PlaceCode,
        /// Priority class.
        priority: PriorityCode,
        /// The letter that brought it in.
        reference: Reference,
        /// The subject that seals the case.
        sealed: CategoryCode,
    }

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

    /// One part of a divided case.
    PartSketch {
        /// The part's own case.
        case: GrievanceId,
        /// The office that gets it.
        unit: UnitCode,
        ;
        /// What it is about.
        category: CategoryCode,
    }

    /// See [`EventKind::SplitIntoParts`](crate::vocabulary::EventKind::SplitIntoParts).
    SplitIntoParts {
        /// The parts.
        parts: Vec<PartSketch>,
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::PartOpened`](crate::vocabulary::EventKind::PartOpened).
    PartOpened {
        /// Who complains: as in the divided case.
        complainant: Complainant,
        /// Kind of matter.
        kind: KindCode,
        /// Who lodged the divided case.
        lodged_by: PersonId,
        /// The divided case.
        parent: GrievanceId,
        /// The part's place among the parts, from 1.
        part: u32,
        /// When the divided case was received.
        #[serde(with = "millis")]
        received_at: DateTime<Utc>,
        ;
        /// Whom it is about.
        against: Allegation,
        /// The part's own subject.
        category: CategoryCode,
        /// How it came in.
        channel: ChannelCode,
        /// The complainant's language.
        language: LanguageCode,
        /// What is complained of.
        narrative: TextRef,
        /// The number of the divided case, which the part shares.
        number: RegistrationNumber,
        /// Jurisdiction.
        place: PlaceCode,
        /// Priority class.
        priority: PriorityCode,
        /// The subject that seals the part.
        sealed: CategoryCode,
    }

    /// See [`EventKind::PartClosed`](crate::vocabulary::EventKind::PartClosed).
    PartClosed {
        /// The part.
        part: GrievanceId,
        ;
        /// The reason it was closed with.
        reason: ReasonCode,
    }

    /// Names a part.
    PartNamed {
        /// The part.
        part: GrievanceId,
        ;
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
        #[serde(with = "millis::option")]
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
        #[serde(with = "millis::option")]
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

    /// See [`EventKind::TargetSet`](crate::vocabulary::EventKind::TargetSet).
    TargetSet {
        /// How much time is allowed.
        amount: u32,
        /// In what it is counted.
        counted: TimeUnit,
        /// The instant by which the target must be met.
        #[serde(with = "millis")]
        due_at: DateTime<Utc>,
        /// The instant it is counted from.
        #[serde(with = "millis")]
        from_at: DateTime<Utc>,
        /// Whether it is due at the start's time of day instead of closing time.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keep_clock: bool,
        /// The rule.
        rule: RuleCode,
        /// What must have happened by then.
        target: TargetKind,
        ;
        /// Why it began anew, if it had begun before.
        because: Because,
    }

    /// See [`EventKind::TargetMoved`](crate::vocabulary::EventKind::TargetMoved).
    TargetMoved {
        /// Why.
        because: Because,
        /// The instant by which the target must now be met.
        #[serde(with = "millis")]
        due_at: DateTime<Utc>,
        /// With `amount`: whether it is due at the start's time of day.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keep_clock: bool,
        /// Which target.
        target: TargetKind,
        ;
        /// How much time is now allowed, where another rule counts.
        amount: u32,
        /// In what that is counted.
        counted: TimeUnit,
        /// The rule that now counts, where it is another one.
        rule: RuleCode,
        /// The day to which it was extended.
        until: NaiveDate,
    }

    /// See [`EventKind::ClockPaused`](crate::vocabulary::EventKind::ClockPaused).
    ClockPaused {
        /// Which target.
        target: TargetKind,
        ;
        /// When the clock goes on at the latest.
        #[serde(with = "millis::option")]
        until: DateTime<Utc>,
    }

    /// See [`EventKind::ClockResumed`](crate::vocabulary::EventKind::ClockResumed).
    ClockResumed {
        /// Why.
        because: Resumed,
        /// The instant by which the target must now be met.
        #[serde(with = "millis")]
        due_at: DateTime<Utc>,
        /// The instant at which the clock went on.
        #[serde(with = "millis")]
        resumed_at: DateTime<Utc>,
        /// Which target.
        target: TargetKind,
        ;
    }

    /// See [`EventKind::TargetBreached`](crate::vocabulary::EventKind::TargetBreached). It is recorded
    /// before anything else happens to the case, so the office where the event leaves the case is
    /// the one that had custody at the due instant.
    TargetBreached {
        /// The instant that passed.
        #[serde(with = "millis")]
        due_at: DateTime<Utc>,
        /// The rule.
        rule: RuleCode,
        /// Which target.
        target: TargetKind,
        ;
    }

    /// See [`EventKind::EscalationProposed`](crate::vocabulary::EventKind::EscalationProposed).
    EscalationProposed {
        /// The level of the ladder.
        level: u32,
        /// The rule of the ladder.
        rule: RuleCode,
        /// The superior office.
        to: UnitCode,
        ;
        /// The post in that office.
        post: PostCode,
        /// The target whose time had come; none for a level that an event brought.
        target: TargetKind,
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

    /// See [`EventKind::Adopted`](crate::vocabulary::EventKind::Adopted).
    ///
    /// The latest one replaces what earlier ones said.
    Adopted {
        /// What happened there, oldest first; the first is the lodging.
        facts: Vec<AdoptedFact>,
        /// What is not recorded there.
        gaps: Vec<Gap>,
        /// Kind of matter.
        kind: KindCode,
        /// The number under which the other system knows it.
        number: SmolStr,
        /// The other system.
        source: SourceCode,
        ;
        /// Subject.
        category: CategoryCode,
        /// How it came in.
        channel: ChannelCode,
        /// The date by which the other system said it was due.
        #[serde(with = "millis::option")]
        due_at: DateTime<Utc>,
        /// What was said on closing.
        closure_text: TextRef,
        /// Jurisdiction.
        place: PlaceCode,
        /// What is complained of.
        narrative: TextRef,
        /// When it was received, if before it was keyed in.
        #[serde(with = "millis::option")]
        received_at: DateTime<Utc>,
        /// The subject that seals the case here.
        sealed: CategoryCode,
    }

    /// One thing that happened in the other system, and where it left the case.
    AdoptedFact {
        /// When.
        #[serde(with = "millis")]
        at: DateTime<Utc>,
        /// Where it left the case.
        led_to: Position,
        /// What.
        what: AdoptedStep,
        ;
        /// The reason, for a disposal whose reason could be told.
        reason: ReasonCode,
        /// What that reason does for the complainant.
        class: DisposalClass,
    }
}

/// What can be told of another system's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdoptedStep {
    /// It came in.
    Lodged,
    /// An office got it.
    Routed,
    /// It was closed.
    Disposed,
    /// It was opened again.
    Reopened,
    /// It ended otherwise: withdrawn, declined or merged.
    Ended,
}
