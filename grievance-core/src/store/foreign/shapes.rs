//! The records of a store as objects.

use crate::grievance::event::Recorded;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::grievance::wire::{self, WireError};
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::text::{Compartment, Digest};
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::proof::folio::Folio;
use crate::rulebook::access::{Chart, Scope};
use crate::store::agenda::Job;
use crate::store::blind::{Indexed, Sought, Token};
use crate::store::challenges::{KeptLimiter, LimiterMove};
use crate::store::checkpoints::{Advance, KeptCheckpoint};
use crate::store::commit::{Commit, Kept, Receipt, Sealed, Stream};
use crate::store::foreign::told::{
    Fields, Hear, Heard, Lent, Tell, Wrong, field_by_field, hex, object, unhex, unhex_of,
};
use crate::store::looks::LookRow;
use crate::store::outbox::{Claimed, Parked, Posted, Settlement};
use crate::store::search::{Cursor, Page, Search};
use crate::store::vault::{Content, StoredText};
use crate::store::{Due, Further, History, Holding, Pages, Rekept};
use serde_json::Value;
use std::collections::BTreeSet;

field_by_field! {
    CaseFact {
        id, version, number, source, external_number, kind, category, place, channel, priority, stage,
        phase, unit, held_since, lodged_at, received_at, first_disposed_at, disposed_at, disposed_by,
        reason, class, feedback, reopenings, appeals, transfers, part_of, merged_into, tracking, rulebook,
        updated_at, due_at, breaches, breached_at, breached_by, escalations, level, reminders, extensions,
        sender, last_mover, consulted, against, complainant, lodged_by, sealed, waivers, finding,
        sampled_for, root_cause, change, judged_due_at, late_at, soon_at, last_told_at, suggestion,
    } => fact "pending": fact.phase.is_pending();
    Receipt { case, version, number }
    Pages { version, folios }
    Due { at, case }
    Cursor { lodged_at, case }
    Page { cases, next }
    CaseHead { case, version, hash }
    KeptCheckpoint { number, text }
    Job { due_at, schedule, kind }
    Indexed { key, tokens }
    StoredText { id, case, compartment, field, content, indexed }
    Rekept { before, after }
    LookRow { place, at, case, actor, body, hash }
    KeptLimiter { revision, state }
    LimiterMove { key, expected, state } => counts "forget_at": counts.state.forget_at();
    Claimed { notice, attempts, by }
    Parked { notice, attempts, at, problem }
    Posted { notice, state, attempts, settled_at, reference, received_at, problem }
}

impl<'a> Lent<'a> for Option<Due> {
    type Owned = Self;
    fn lend(owned: &'a Self) -> Self {
        *owned
    }
}

// Events.

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

struct Hex<'a>(&'a [u8]);

impl Tell for Hex<'_> {
    fn tell(&self) -> Value {
        hex(self.0)
    }
}

struct Bytes(Vec<u8>);

impl Hear for Bytes {
    fn hear(told: Value) -> Heard<Self> {
        unhex(told).map(Self)
    }
}

/// A value that is told already.
struct Told(Value);

impl Tell for Told {
    fn tell(&self) -> Value {
        self.0.clone()
    }
}

impl Hear for Told {
    fn hear(told: Value) -> Heard<Self> {
        Ok(Self(told))
    }
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

/// After which page others are asked for: the bytes of its case, and its version.
pub(super) struct After(pub(super) Vec<u8>, pub(super) i64);

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

// Commits.

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

// What is asked for.

impl Tell for Scope {
    fn tell(&self) -> Value {
        match self {
            Self::All => object! { "all" => true },
            Self::Nothing => object! { "nothing" => true },
            Self::AnyOf(parts) => object! { "any_of" => parts },
            Self::AllOf(parts) => object! { "all_of" => parts },
            Self::Not(part) => object! { "not" => **part },
            Self::HeldBy(unit) => object! { "held_by" => unit },
            Self::HeldBelow(version, unit) => {
                object! { "held_below" => Told(object! { "rulebook" => version, "unit" => unit }) }
            }
            Self::Within(version, place) => {
                object! { "within" => Told(object! { "rulebook" => version, "place" => place }) }
            }
            Self::ComplainantIs(person) => object! { "complainant_is" => person },
            Self::LodgedBy(person) => object! { "lodged_by" => person },
            Self::SentBy(unit) => object! { "sent_by" => unit },
            Self::MovedBy(unit) => object! { "moved_by" => unit },
            Self::Consulted(unit) => object! { "consulted" => unit },
            Self::About(units) => object! { "about" => units },
            Self::Sealed => object! { "sealed" => true },
            Self::SealedAs(subjects) => object! { "sealed_as" => subjects },
        }
    }
}

impl Hear for Scope {
    fn hear(told: Value) -> Heard<Self> {
        let (name, told) = Fields::of(told)?.only()?;
        let heard = match name.as_str() {
            "all" => Ok(Self::All),
            "nothing" => Ok(Self::Nothing),
            "any_of" => Vec::hear(told).map(Self::AnyOf),
            "all_of" => Vec::hear(told).map(Self::AllOf),
            "not" => Self::hear(told).map(|part| Self::Not(Box::new(part))),
            "held_by" => Hear::hear(told).map(Self::HeldBy),
            "held_below" => Fields::of(told)
                .and_then(|mut within| Ok(Self::HeldBelow(within.take("rulebook")?, within.take("unit")?))),
            "within" => Fields::of(told)
                .and_then(|mut within| Ok(Self::Within(within.take("rulebook")?, within.take("place")?))),
            "complainant_is" => Hear::hear(told).map(Self::ComplainantIs),
            "lodged_by" => Hear::hear(told).map(Self::LodgedBy),
            "sent_by" => Hear::hear(told).map(Self::SentBy),
            "moved_by" => Hear::hear(told).map(Self::MovedBy),
            "consulted" => Hear::hear(told).map(Self::Consulted),
            "about" => Vec::hear(told).map(Self::About),
            "sealed" => Ok(Self::Sealed),
            "sealed_as" => Vec::hear(told).map(Self::SealedAs),
            _ => return Err(Wrong::here("must be a scope")),
        };
        heard.map_err(|wrong| wrong.within(format_args!(".{name}")))
    }
}

impl Tell for Chart {
    fn tell(&self) -> Value {
        let Self { units, places } = self;
        let units: Vec<_> =
            units.iter().map(|(top, unit)| Told(object! { "top" => top, "unit" => unit })).collect();
        let places: Vec<_> = places
            .iter()
            .map(|(around, place)| Told(object! { "around" => around, "place" => place }))
            .collect();
        object! { "units" => units, "places" => places }
    }
}

/// Two codes of a chart's line.
struct Line<A, B>(A, B);

impl Hear for Chart {
    fn hear(told: Value) -> Heard<Self> {
        fn pairs<A: Hear + Ord, B: Hear + Ord>(
            fields: &mut Fields,
            name: &str,
            (one, other): (&str, &str),
        ) -> Heard<BTreeSet<(A, B)>> {
            let lines: Vec<Told> = fields.take(name)?;
            let line = |(n, Told(line)): (usize, Told)| {
                let read = || {
                    let mut line = Fields::of(line)?;
                    Ok(Line(line.take(one)?, line.take(other)?))
                };
                let placed = |wrong: Wrong| wrong.within(format_args!(".{name}[{n}]"));
                read().map(|Line(one, other)| (one, other)).map_err(placed)
            };
            lines.into_iter().enumerate().map(line).collect()
        }
        let mut fields = Fields::of(told)?;
        Ok(Self {
            units: pairs(&mut fields, "units", ("top", "unit"))?,
            places: pairs(&mut fields, "places", ("around", "place"))?,
        })
    }
}

impl Tell for Sought {
    /// The tokens for each word. Words that nobody has blinded do not leave the desk: they are told
    /// as none, which is nobody.
    fn tell(&self) -> Value {
        self.tokens().unwrap_or_default().tell()
    }
}

impl Hear for Sought {
    fn hear(told: Value) -> Heard<Self> {
        Vec::hear(told).map(Self::Tokens)
    }
}

impl Tell for Token {
    fn tell(&self) -> Value {
        hex(self.as_bytes())
    }
}

impl Hear for Token {
    fn hear(told: Value) -> Heard<Self> {
        unhex_of(told).map(Self::from_bytes)
    }
}

impl Tell for Search {
    fn tell(&self) -> Value {
        let Self {
            number,
            name,
            mobile,
            email,
            external_number,
            source,
            lodged_from,
            lodged_before,
            units,
            categories,
            stages,
            phases,
            after,
            limit: _,
        } = self;
        object! {
            "number" => number,
            "name" => name,
            "mobile" => mobile,
            "email" => email,
            "external_number" => external_number,
            "source" => source,
            "lodged_from" => lodged_from,
            "lodged_before" => lodged_before,
            "units" => units,
            "categories" => categories,
            "stages" => stages,
            "phases" => phases,
            "after" => after,
            // As many as are meant, though none were named.
            "limit" => self.page_size(),
        }
    }
}

impl Hear for Search {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok(Self {
            number: fields.take("number")?,
            name: fields.take("name")?,
            mobile: fields.take("mobile")?,
            email: fields.take("email")?,
            external_number: fields.take("external_number")?,
            source: fields.take("source")?,
            lodged_from: fields.take("lodged_from")?,
            lodged_before: fields.take("lodged_before")?,
            units: fields.take("units")?,
            categories: fields.take("categories")?,
            stages: fields.take("stages")?,
            phases: fields.take("phases")?,
            after: fields.take("after")?,
            limit: fields.take("limit")?,
        })
    }
}

// Texts and looks.

impl Tell for Compartment {
    fn tell(&self) -> Value {
        self.as_str().tell()
    }
}

impl Hear for Compartment {
    fn hear(told: Value) -> Heard<Self> {
        let word = String::hear(told)?;
        let known = [Self::Identity, Self::Texts].into_iter().find(|known| known.as_str() == word);
        known.ok_or_else(|| Wrong::here("must be `identity` or `texts`"))
    }
}

impl Tell for Content {
    fn tell(&self) -> Value {
        match self {
            Self::Open { salt, text } => {
                object! { "key" => None::<&str>, "salt" => Hex(salt), "text" => text }
            }
            Self::Sealed { key, bytes } => object! { "key" => key, "bytes" => Hex(bytes) },
        }
    }
}

impl Hear for Content {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        if let Some(key) = fields.take("key")? {
            return Ok(Self::Sealed { key, bytes: fields.take::<Bytes>("bytes")?.0 });
        }
        let Told(salt) = fields.take("salt")?;
        let salt = unhex_of(salt).map_err(|wrong| wrong.within(".salt"))?;
        Ok(Self::Open { salt, text: fields.take("text")? })
    }
}

impl Tell for (u64, Digest) {
    fn tell(&self) -> Value {
        object! { "place" => self.0, "hash" => self.1 }
    }
}

impl Hear for (u64, Digest) {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok((fields.take("place")?, fields.take("hash")?))
    }
}

// The roster.

impl Tell for Holding {
    fn tell(&self) -> Value {
        let Self { unit, post, person, tenure, from, until } = self;
        object! {
            "unit" => unit,
            "post" => post,
            "person" => person,
            "tenure" => tenure,
            "since" => from,
            "until" => until,
        }
    }
}

impl Hear for Holding {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        Ok(Self {
            unit: fields.take("unit")?,
            post: fields.take("post")?,
            person: fields.take("person")?,
            tenure: fields.take("tenure")?,
            from: fields.take("since")?,
            until: fields.take("until")?,
        })
    }
}

// Messages.

/// What serde says of a value that has a stored form of its own.
fn by_serde(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("a record has texts for keys and whole numbers")
}

/// The same, back.
fn from_serde<T: serde::de::DeserializeOwned>(told: Value) -> Heard<T> {
    serde_path_to_error::deserialize(told).map_err(|problem| {
        // What is wrong may repeat what was told: where it is says enough.
        let path = problem.path().to_string();
        let wrong = Wrong::here("is not what it was given as");
        if path == "." { wrong } else { wrong.within(format_args!(".{path}")) }
    })
}

impl Tell for Notice {
    fn tell(&self) -> Value {
        let mut told = by_serde(self);
        if let Value::Object(fields) = &mut told {
            // Which of the two lines of its case it stands in.
            fields.insert("office".to_owned(), self.to.is_office().tell());
        }
        told
    }
}

impl Hear for Notice {
    fn hear(told: Value) -> Heard<Self> {
        from_serde(told)
    }
}

impl Tell for Settlement {
    fn tell(&self) -> Value {
        let (became, at, reference, problem) = match self {
            Self::Delivered { at, reference } => ("delivered", at, reference.as_ref(), None),
            Self::Retry { at, problem } => ("retry", at, None, Some(problem)),
            Self::Parked { at, problem } => ("parked", at, None, Some(problem)),
            Self::Dropped { at } => ("dropped", at, None, None),
        };
        object! { "became" => became, "at" => at, "reference" => reference, "problem" => problem }
    }
}

impl Hear for Settlement {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let at = fields.take("at")?;
        Ok(match fields.take::<String>("became")?.as_str() {
            "delivered" => Self::Delivered { at, reference: fields.take("reference")? },
            "retry" => Self::Retry { at, problem: fields.take("problem")? },
            "parked" => Self::Parked { at, problem: fields.take("problem")? },
            "dropped" => Self::Dropped { at },
            _ => return Err(Wrong::here("must be a word for what became of it").within(".became")),
        })
    }
}

// Codes and the limits on them.

impl Tell for ChallengeState {
    fn tell(&self) -> Value {
        by_serde(self)
    }
}

impl Hear for ChallengeState {
    fn hear(told: Value) -> Heard<Self> {
        from_serde(told)
    }
}

impl Tell for LimiterState {
    fn tell(&self) -> Value {
        by_serde(self)
    }
}

impl Hear for LimiterState {
    fn hear(told: Value) -> Heard<Self> {
        from_serde(told)
    }
}

impl Tell for LimiterKey {
    fn tell(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Hear for LimiterKey {
    fn hear(told: Value) -> Heard<Self> {
        let text = String::hear(told)?;
        if text == "global" { Ok(Self::Global) } else { text.parse().map(Self::Number).map_err(Wrong::here) }
    }
}

// Checkpoints.

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

// What an event cannot be read for.

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
