//! What another system told of a case.

use crate::grievance::event::Position;
use crate::kernel::code::{CategoryCode, ChannelCode, KindCode, PlaceCode, ReasonCode, SourceCode};
use crate::kernel::text::TextRef;
use crate::kernel::time::{MaybeMillis, Millis};
use crate::vocabulary::{DisposalClass, Gap};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

payload! {
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
        #[serde(with = "MaybeMillis")]
        due_at: DateTime<Utc>,
        /// What was said on closing.
        closure_text: TextRef,
        /// Jurisdiction.
        place: PlaceCode,
        /// What is complained of.
        narrative: TextRef,
        /// When it was received, if before it was keyed in.
        #[serde(with = "MaybeMillis")]
        received_at: DateTime<Utc>,
        /// The subject that seals the case here.
        sealed: CategoryCode,
    }

    /// One thing that happened in the other system, and where it left the case.
    AdoptedFact {
        /// When.
        #[serde(with = "Millis")]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
