//! What happened to a case. An event is a fact: nothing is asked of a rulebook to read it.

use crate::grievance::payload::{
    Absorbed, Adopted, Answered, AppealDecided, Appealed, Attached, CallRecorded, Classified, ClockPaused,
    ClockResumed, Commented, Consulted, Corrected, Disposed, Erased, Escalated, EscalationProposed, Extended,
    FeedbackRecorded, FeedbackWaived, FourEyesWaived, HoldPlaced, HoldReleased, InterimReplied, Judged,
    Lodged, Merged, Noted, OutcomeShared, PartClosed, PartNamed, PartOpened, Recategorised, Reclassified,
    Remapped, Reopened, Rescinded, Sent, SplitIntoParts, StepRecorded, TargetBreached, TargetMoved,
    TargetSet, Told, Unsealed, Verified, Worded,
};
use crate::kernel::code::{StageCode, UnitCode};
use crate::kernel::id::GrievanceId;
#[cfg(feature = "schema")]
use crate::kernel::schema::{beside, told_by};
use crate::kernel::text::Digest;
use crate::rulebook::access::Actor;
use crate::vocabulary::{EventKind, Phase};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An event, and where it left the case: stage, phase and the one office that has custody.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Where it left the case.
    pub led_to: Position,
    /// What happened.
    pub what: What,
}

/// Where a case stands: one stage, one phase, one office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// What the stage means.
    pub phase: Phase,
    /// The stage.
    pub stage: StageCode,
    /// The office that has custody.
    pub unit: UnitCode,
}

/// An event as it was recorded: by whom, when, under which rulebook version, at which place of
/// the case's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The case.
    pub case: GrievanceId,
    /// Position in the case's history, from 1, without a gap.
    pub version: u64,
    /// When it was recorded, in whole milliseconds.
    pub at: DateTime<Utc>,
    /// Who acted.
    pub actor: Actor,
    /// The rulebook version it was decided under.
    pub rulebook: Digest,
    /// The event.
    pub event: Event,
}

/// Declares the kinds of event with their payloads: one row each, in the order of [`EventKind`].
macro_rules! events {
    ($($kind:ident($payload:ty) = $version:literal,)+) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq)]
        pub enum What { $(
            #[doc = concat!("See [`EventKind::", stringify!($kind), "`].")]
            $kind($payload),
        )+ }

        impl What {
            /// The kind of event.
            pub const fn kind(&self) -> EventKind {
                match self { $(Self::$kind(_) => EventKind::$kind,)+ }
            }

            /// The version of the kind's wire format that this library writes.
            pub const fn wire_version(kind: EventKind) -> u32 {
                match kind { $(EventKind::$kind => $version,)+ }
            }

            /// Writes the payload's fields.
            pub(crate) fn payload<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$kind(payload) => serde::Serialize::serialize(payload, to),)+ }
            }

            /// Reads the payload's fields, at the current wire version.
            pub(crate) fn read(kind: EventKind, text: &str) -> serde_json::Result<Self> {
                Ok(match kind { $(EventKind::$kind => Self::$kind(serde_json::from_str(text)?),)+ })
            }
        }

        /// As it is stored: see [`wire`](crate::grievance::wire).
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for Event {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Event".into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let kinds = vec![$({
                    let kind = EventKind::$kind;
                    let marks = [("type", kind.as_str().into()), ("v", What::wire_version(kind).into())];
                    let marked = told_by(stringify!($kind), kind.about(), &marks);
                    beside::<$payload>(beside::<Position>(marked, generator), generator)
                },)+];
                schemars::json_schema!({ "description": "What happened, and where it left the case.", "oneOf": kinds })
            }
        }
    };
}

impl What {
    /// When what it records was received: of a lodging and a part always, of a reopening and an appeal
    /// where that was before it was recorded.
    pub fn received_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Lodged(lodged) => Some(lodged.received_at),
            Self::PartOpened(part) => Some(part.received_at),
            Self::Reopened(reopened) => reopened.received_at,
            Self::Appealed(appealed) => appealed.received_at,
            _ => None,
        }
    }
}

events! {
    Lodged(Box<Lodged>) = 1,
    Admitted(Noted) = 1,
    Declined(Noted) = 1,
    Acknowledged(Noted) = 1,
    Assigned(Sent) = 1,
    Forwarded(Sent) = 1,
    Returned(Noted) = 1,
    Recalled(Noted) = 1,
    Transferred(Sent) = 1,
    Recategorised(Recategorised) = 1,
    Reclassified(Reclassified) = 1,
    SplitIntoParts(SplitIntoParts) = 1,
    PartOpened(Box<PartOpened>) = 1,
    PartClosed(PartClosed) = 1,
    PartReopened(PartNamed) = 1,
    Consulted(Consulted) = 1,
    Answered(Answered) = 1,
    InformationSought(Worded) = 1,
    InformationProvided(Worded) = 1,
    InterimReplied(InterimReplied) = 1,
    Commented(Commented) = 1,
    Attached(Attached) = 1,
    Reminded(Noted) = 1,
    ActionReported(Box<Judged>) = 1,
    ReportSentBack(Noted) = 1,
    Approved(Box<Judged>) = 1,
    Refused(Noted) = 1,
    CallRecorded(CallRecorded) = 1,
    FeedbackRecorded(FeedbackRecorded) = 1,
    FeedbackWaived(FeedbackWaived) = 1,
    Disposed(Box<Disposed>) = 1,
    OutcomeShared(OutcomeShared) = 1,
    Reopened(Reopened) = 1,
    Appealed(Appealed) = 1,
    AppealDecided(AppealDecided) = 1,
    Withdrawn(Noted) = 1,
    Merged(Merged) = 1,
    Absorbed(Absorbed) = 1,
    Remastered(Merged) = 1,
    Extended(Extended) = 1,
    Escalated(Box<Escalated>) = 1,
    Corrected(Box<Corrected>) = 1,
    Rescinded(Rescinded) = 1,
    StepRecorded(StepRecorded) = 1,
    Remapped(Remapped) = 1,
    Adopted(Box<Adopted>) = 1,
    TargetSet(Box<TargetSet>) = 1,
    TargetMoved(Box<TargetMoved>) = 1,
    ClockPaused(ClockPaused) = 1,
    ClockResumed(ClockResumed) = 1,
    TargetBreached(Box<TargetBreached>) = 1,
    EscalationProposed(Box<EscalationProposed>) = 1,
    ComplainantInformed(Told) = 1,
    NoticeParked(Told) = 1,
    FourEyesWaived(FourEyesWaived) = 1,
    Verified(Verified) = 1,
    Classified(Classified) = 1,
    Unsealed(Unsealed) = 1,
    HoldPlaced(HoldPlaced) = 1,
    HoldReleased(HoldReleased) = 1,
    Erased(Erased) = 1,
}
