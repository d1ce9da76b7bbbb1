//! Everything that is recorded of a case, whoever asks: for a host that may see all of it.
//!
//! What an actor may see is the views' business ([`Acting::case`](crate::desk::Acting::case)). What
//! stands here knows no actor, like the store itself; it holds no words, but it names persons.

use crate::desk::{Desk, DeskError};
use crate::grievance::project::CaseFact;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::grievance::wire;
use crate::kernel::code::LanguageCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::vocabulary::{EventKind, Tenure};
use serde::Serialize;

/// A case as its history left it, flat: its facts, who it is joined to, what it went through.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// The facts that lists and measures ask for.
    #[serde(flatten)]
    pub fact: CaseFact,
    /// The complainant's language.
    pub language: Option<LanguageCode>,
    /// Whether the complainant stays unknown.
    pub anonymous: bool,
    /// How many sign with the complainant.
    pub signatories: u64,
    /// Whether the holder may not pass it on.
    pub binding: bool,
    /// Attempts to reach the complainant since the last report.
    pub attempts: u64,
    /// Its parts, if it was divided.
    pub parts: Vec<GrievanceId>,
    /// The cases joined to it.
    pub members: Vec<GrievanceId>,
    /// What happened, in order.
    pub events: Vec<EventKind>,
    /// In which capacity the actor of each event held their post.
    pub tenures: Vec<Option<Tenure>>,
    /// The messages owed or sent about it, in order: channel and template.
    pub told: Vec<String>,
}

/// An event as it is kept: its texts byte for byte, and the hash over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredEvent {
    /// Its place in the case's history, from 1.
    pub version: u64,
    /// When it was recorded, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Who acted, as canonical JSON.
    pub actor: String,
    /// The rulebook version it was decided under.
    pub rulebook: Digest,
    /// The event, as canonical JSON.
    pub event: String,
}

/// A case's events as they are kept, and the hash that binds them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredHistory {
    /// The events, oldest first.
    pub events: Vec<StoredEvent>,
    /// The hash of the last one: over its texts and the hash of the one before.
    pub head: Digest,
}

impl Desk {
    /// What a case's history says, in one flat record, whoever asks.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for an unknown case; [`DeskError::Store`] when the store fails.
    pub fn facts(&self, case: GrievanceId) -> Result<Facts, DeskError> {
        let history = self.store.history(case)?.events;
        let Some(found) = Grievance::replay(&history) else { return Err(Refusal::NotFound.into()) };
        let told = self.store.notices_of(case)?;
        let signatories = found.subject.complainant.signatories.as_ref().map_or(0, Vec::len);
        Ok(Facts {
            fact: CaseFact { last_told_at: self.told_at(&history)?.last().copied(), ..CaseFact::of(&found) },
            language: found.subject.language,
            anonymous: found.subject.complainant.anonymous,
            signatories: signatories as u64,
            binding: found.course.binding,
            attempts: found.attempts.len() as u64,
            parts: found.parts.iter().map(|part| part.case).collect(),
            members: found.members,
            events: history.iter().map(|next| next.event.what.kind()).collect(),
            tenures: history.iter().map(|next| next.actor.tenure).collect(),
            told: told.iter().map(|it| format!("{} {}", it.notice.channel, it.notice.template)).collect(),
        })
    }

    /// A case's events as they are kept, whoever asks: what an archive or an auditor takes along.
    ///
    /// # Errors
    ///
    /// As [`facts`](Self::facts).
    pub fn stored_history(&self, case: GrievanceId) -> Result<StoredHistory, DeskError> {
        let history = self.store.history(case)?;
        let Some(head) = history.head else { return Err(Refusal::NotFound.into()) };
        let events = history.events.iter().map(|next| StoredEvent {
            version: next.version,
            at: next.at.timestamp_millis(),
            actor: wire::encode_actor(&next.actor),
            rulebook: next.rulebook,
            event: wire::encode(&next.event),
        });
        Ok(StoredHistory { events: events.collect(), head })
    }
}
