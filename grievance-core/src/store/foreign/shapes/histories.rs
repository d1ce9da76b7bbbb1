//! Events, histories, commits, checkpoints.

use crate::grievance::event::Recorded;
use crate::grievance::wire::{self, WireError};
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::text::Digest;
use crate::proof::checkpoint::Checkpoint;
use crate::proof::folio::Folio;
use crate::store::checkpoints::Advance;
use crate::store::commit::{Commit, Kept, Receipt, Sealed, Stream};
use crate::store::foreign::shapes::{After, Bytes, Hex, Told};
use crate::store::foreign::told::{Fields, Hear, Heard, Tell, Wrong, object};
use crate::store::{Further, History};
use serde_json::Value;

/// What one column of a page holds where it is whole.
#[derive(Clone, Copy)]
enum Column {
    Case,
    Command,
    Digest,
    Text,
}

/// Bytes of a column: as the text that they stand for, or as `{"bytes": …}` where they are damaged.
fn tell_column(column: Column, bytes: &[u8]) -> Value {
    let uuid = || uuid::Uuid::from_slice(bytes).ok();
    let whole = match column {
        Column::Case => uuid().map(|raw| GrievanceId::from_uuid(raw).tell()),
        Column::Command => uuid().map(|raw| CommandId::from_uuid(raw).tell()),
        Column::Digest => bytes.try_into().ok().map(|raw| Digest::from_bytes(raw).tell()),
        Column::Text => std::str::from_utf8(bytes).ok().map(Tell::tell),
    };
    whole.unwrap_or_else(|| object! { "bytes" => Hex(bytes) })
}

/// The bytes that were told. A text that is none of its column is what it is: a page is heard
/// whatever it holds.
fn hear_column(column: Column, told: Value) -> Heard<Vec<u8>> {
    let text = match told {
        Value::String(text) => text,
        damaged => {
            let mut fields = Fields::of(damaged).map_err(|_| Wrong::here("must be a text"))?;
            return fields.take("bytes").map(|Bytes(bytes)| bytes);
        }
    };
    let whole = match column {
        Column::Case => text.parse().ok().map(|id: GrievanceId| id.as_bytes().to_vec()),
        Column::Command => text.parse().ok().map(|id: CommandId| id.as_bytes().to_vec()),
        Column::Digest => text.parse().ok().map(|digest: Digest| digest.as_bytes().to_vec()),
        Column::Text => None,
    };
    Ok(whole.unwrap_or_else(|| text.into_bytes()))
}

impl Tell for Folio {
    fn tell(&self) -> Value {
        let Self { case, version, at, actor, rulebook, command, kind, body, hash } = self;
        object! {
            "case" => Told(tell_column(Column::Case, case)),
            "version" => *version,
            "at" => *at,
            "actor" => Told(tell_column(Column::Text, actor)),
            "rulebook" => Told(tell_column(Column::Digest, rulebook)),
            "command" => Told(tell_column(Column::Command, command)),
            "kind" => Told(tell_column(Column::Text, kind)),
            "body" => Told(tell_column(Column::Text, body)),
            "hash" => Told(tell_column(Column::Digest, hash)),
        }
    }
}

impl Hear for Folio {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let mut column = |name: &str, column| {
            let Told(told) = fields.take(name)?;
            hear_column(column, told).map_err(|wrong| wrong.within(format_args!(".{name}")))
        };
        Ok(Self {
            case: column("case", Column::Case)?,
            actor: column("actor", Column::Text)?,
            rulebook: column("rulebook", Column::Digest)?,
            command: column("command", Column::Command)?,
            kind: column("kind", Column::Text)?,
            body: column("body", Column::Text)?,
            hash: column("hash", Column::Digest)?,
            version: fields.take("version")?,
            at: fields.take("at")?,
        })
    }
}

impl Tell for After {
    fn tell(&self) -> Value {
        object! { "case" => Told(tell_column(Column::Case, &self.0)), "version" => self.1 }
    }
}

impl Hear for After {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let Told(case) = fields.take("case")?;
        Ok(Self(hear_column(Column::Case, case)?, fields.take("version")?))
    }
}

impl Tell for Recorded {
    fn tell(&self) -> Value {
        let Self { case, version, at, actor, rulebook, event } = self;
        object! {
            "case" => case,
            "version" => *version,
            "at" => at,
            "actor" => wire::encode_actor(actor),
            "rulebook" => rulebook,
            "body" => wire::encode(event),
        }
    }
}

/// The event that the columns of a row say.
fn recorded(fields: &mut Fields) -> Heard<(Recorded, String, String)> {
    let (actor, body): (String, String) = (fields.take("actor")?, fields.take("body")?);
    let kept = Kept {
        case: fields.take("case")?,
        version: fields.take("version")?,
        at: fields.take("at")?,
        actor: &actor,
        rulebook: fields.take("rulebook")?,
        body: &body,
    };
    let recorded = kept.read().map_err(Wrong::Stored)?;
    Ok((recorded, actor, body))
}

impl Hear for Recorded {
    fn hear(told: Value) -> Heard<Self> {
        Ok(recorded(&mut Fields::of(told)?)?.0)
    }
}

impl Hear for Sealed {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let hash = fields.take("hash")?;
        let (recorded, actor, body) = recorded(&mut fields)?;
        Ok(Self { recorded, actor, body, hash })
    }
}

impl Tell for History {
    fn tell(&self) -> Value {
        let Self { events, head } = self;
        object! { "events" => events, "head" => head }
    }
}

impl Hear for History {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok(Self { events: fields.take("events")?, head: fields.take("head")? })
    }
}

impl Tell for Further {
    fn tell(&self) -> Value {
        let (whole, History { events, head }) = match self {
            Self::After(history) => (false, history),
            Self::Whole(history) => (true, history),
        };
        object! { "whole" => whole, "events" => events, "head" => head }
    }
}

impl Hear for Further {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let history = History { events: fields.take("events")?, head: fields.take("head")? };
        Ok(if fields.take("whole")? { Self::Whole(history) } else { Self::After(history) })
    }
}

impl Tell for (Option<Digest>, History) {
    fn tell(&self) -> Value {
        object! { "rulebook" => self.0, "history" => self.1 }
    }
}

impl Tell for (Option<Digest>, Further) {
    fn tell(&self) -> Value {
        object! { "rulebook" => self.0, "history" => self.1 }
    }
}

impl<T: Hear> Hear for (Option<Digest>, T) {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok((fields.take("rulebook")?, fields.take("history")?))
    }
}

impl Tell for Advance {
    fn tell(&self) -> Value {
        let Self { case, from, to } = self;
        object! { "case" => case, "since" => *from, "to" => *to }
    }
}

impl Hear for Advance {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok(Self { case: fields.take("case")?, from: fields.take("since")?, to: fields.take("to")? })
    }
}

impl Tell for Commit {
    fn tell(&self) -> Value {
        let Self { command, fingerprint, streams, texts } = self;
        let streams: Vec<_> = streams.iter().map(|stream| Told(tell_stream(stream, *command))).collect();
        object! {
            "command" => command,
            "fingerprint" => fingerprint,
            "streams" => streams,
            "texts" => texts,
            // What it is answered with follows from the rest, and is said so that nobody works it out.
            "receipt" => self.streams.first().map(|_| self.receipt()),
        }
    }
}

fn tell_stream(stream: &Stream, command: CommandId) -> Value {
    let Stream { case, expected, events, fact, due, notices } = stream;
    let rows = events.iter().map(|Sealed { recorded, actor, body, hash }| {
        let Recorded { case, version, at, actor: _, rulebook, event } = recorded;
        Told(object! {
            "case" => case,
            "version" => *version,
            "at" => at,
            "actor" => actor,
            "rulebook" => rulebook,
            "command" => command,
            "kind" => event.what.kind(),
            "body" => body,
            "hash" => hash,
        })
    });
    object! {
        "case" => case,
        "expected" => *expected,
        "events" => rows.collect::<Vec<_>>(),
        "fact" => fact,
        "due" => due,
        "notices" => notices,
        "erases" => stream.erases(),
    }
}

impl Hear for Stream {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok(Self {
            case: fields.take("case")?,
            expected: fields.take("expected")?,
            events: fields.take("events")?,
            fact: fields.take("fact")?,
            due: fields.take("due")?,
            notices: fields.take("notices")?,
        })
    }
}

impl Hear for Commit {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let streams: Vec<Stream> = fields.take("streams")?;
        if streams.is_empty() {
            return Err(Wrong::here("must have a stream").within(".streams"));
        }
        Ok(Self {
            command: fields.take("command")?,
            fingerprint: fields.take("fingerprint")?,
            streams,
            texts: fields.take("texts")?,
        })
    }
}

impl Tell for (Digest, Receipt) {
    fn tell(&self) -> Value {
        object! { "fingerprint" => self.0, "receipt" => self.1 }
    }
}

impl Hear for (Digest, Receipt) {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok((fields.take("fingerprint")?, fields.take("receipt")?))
    }
}

impl Tell for Checkpoint {
    fn tell(&self) -> Value {
        object! { "number" => self.number, "previous" => self.previous, "text" => self.text() }
    }
}

impl Hear for Checkpoint {
    fn hear(told: Value) -> Heard<Self> {
        let text: String = Fields::of(told)?.take("text")?;
        Self::read(&text).map_err(|problem| Wrong::here(problem).within(".text"))
    }
}

impl Tell for WireError {
    fn tell(&self) -> Value {
        match self {
            Self::Damaged(problem) => object! { "damaged" => problem },
            Self::UnknownType { kind } => object! { "unknown_type" => kind },
            Self::NewerVersion { kind, found, known } => {
                object! { "newer_version" => kind, "found" => *found, "known" => *known }
            }
        }
    }
}

impl Hear for WireError {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        if let Ok(problem) = fields.take("damaged") {
            return Ok(Self::Damaged(problem));
        }
        if let Ok(kind) = fields.take("unknown_type") {
            return Ok(Self::UnknownType { kind });
        }
        Ok(Self::NewerVersion {
            kind: fields.take("newer_version")?,
            found: fields.take("found")?,
            known: fields.take("known")?,
        })
    }
}
