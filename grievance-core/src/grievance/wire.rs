//! Wire format v1: an event as the text that is stored, hashed and never written again.
//!
//! RFC 8785 canonical JSON: `{type, v, phase, stage, unit, …}` with the payload's fields beside
//! them. No floats, integers below 2^53, instants in whole milliseconds since 1970, days as
//! `YYYY-MM-DD`. Golden files in `testdata/wire/v1` stay readable for ever.

use crate::grievance::event::{Event, Position, What};
use crate::grievance::upcast;
use crate::kernel::code::{StageCode, UnitCode};
use crate::proof::canonical::to_canonical;
use crate::vocabulary::{ErrorCode, EventKind, Phase};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Why a stored event cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// It is not the JSON that this library writes.
    #[error("the stored text of the event is damaged: {0}")]
    Damaged(String),
    /// A newer library wrote it.
    #[error("the event type {kind:?} is unknown to this version of the library")]
    UnknownType {
        /// The type it names.
        kind: String,
    },
    /// A newer library wrote it.
    #[error("the event {kind} is of version {found}; this library reads up to {known}")]
    NewerVersion {
        /// Its type.
        kind: EventKind,
        /// The version it names.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
}

impl WireError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::EventUnreadable
    }
}

/// An event with its fields laid side by side.
struct Flat<'a>(&'a Event);

impl Serialize for Flat<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Laid<'a> {
            #[serde(rename = "type")]
            kind: EventKind,
            v: u32,
            phase: Phase,
            stage: &'a str,
            unit: &'a str,
            #[serde(flatten)]
            payload: Payload<'a>,
        }
        struct Payload<'a>(&'a What);
        impl Serialize for Payload<'_> {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.0.payload(to)
            }
        }
        let Event { led_to, what } = self.0;
        let kind = what.kind();
        Laid {
            kind,
            v: What::wire_version(kind),
            phase: led_to.phase,
            stage: led_to.stage.as_str(),
            unit: led_to.unit.as_str(),
            payload: Payload(what),
        }
        .serialize(to)
    }
}

/// What every event begins with.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    v: u32,
    phase: Phase,
    stage: StageCode,
    unit: UnitCode,
}

/// The text of an event, to be stored byte for byte.
pub fn encode(event: &Event) -> String {
    to_canonical(&Flat(event)).expect("every payload is a struct with text keys")
}

/// Reads a stored event.
///
/// # Errors
///
/// [`WireError`]: damaged text, a type or a version that a newer library wrote.
pub fn decode(text: &str) -> Result<Event, WireError> {
    let head: Head<'_> = serde_json::from_str(text).map_err(|problem| damaged(&problem))?;
    let Ok(kind) = head.kind.parse::<EventKind>() else {
        return Err(WireError::UnknownType { kind: head.kind.into_owned() });
    };
    let what = upcast::read(kind, head.v, text)?;
    Ok(Event { led_to: Position { phase: head.phase, stage: head.stage, unit: head.unit }, what })
}

pub(crate) fn damaged(problem: &serde_json::Error) -> WireError {
    // Only where, never what: the text may be anybody's.
    WireError::Damaged(format!("{:?} at character {}", problem.classify(), problem.column()))
}

/// The text of an actor, as it is stored and hashed.
pub fn encode_actor(actor: &crate::rulebook::access::Actor) -> String {
    to_canonical(actor).expect("an actor is a struct with text keys")
}

/// Reads a stored actor.
///
/// # Errors
///
/// [`WireError::Damaged`].
pub fn decode_actor(text: &str) -> Result<crate::rulebook::access::Actor, WireError> {
    serde_json::from_str(text).map_err(|problem| damaged(&problem))
}
