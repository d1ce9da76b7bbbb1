//! What a desk answers as flat records: texts, numbers, instants, and records of these.
//!
//! A typed answer such as [`desk::Done`] is for Rust; [`flat`](Flat::flat) makes of it
//! what every other language has. The records are rows of one table (`for_records!`), from which the
//! bindings make their classes, types and stubs. Each is made by taking the desk's own struct apart, so
//! that a field which that gains breaks this build instead of being forgotten.
//!
//! `Debug` shows of a record its name and its first field: no words, no address, no secret. JSON shows
//! all of it.
//!
//! ```
//! use grievance_core::desk::flat::Flat as _;
//! # use grievance_core::grievance::request::Lodge;
//! # use grievance_core::{Actor, Desk, KeyRing, MemoryStore, PersonId, Rulebook, TenantCode};
//! # let tenant = TenantCode::new("haldia")?;
//! # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
//! # let now = chrono::DateTime::UNIX_EPOCH;
//! # desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
//! # let citizen = Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(1)), "complainant".parse()?);
//! # let lodge = Lodge { narrative: "The lamp at the ferry is dark.".to_owned(), ..Lodge::default() };
//! let done = desk.by(&citizen, now).lodge(lodge)?;
//! let case = done.case;
//! assert_eq!(done.flat().number.as_deref(), Some("CITY-1970-000001"));
//!
//! let offers = desk.by(&citizen, now).options(case)?.flat();
//! let withdraw = offers.iter().find(|offer| offer.action == "withdraw").expect("every action is there");
//! assert!(withdraw.allowed && withdraw.because.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::desk;
use crate::desk::DeskError;
use crate::grievance::event::Position;
use crate::grievance::notice::Notice;
use crate::grievance::refusal::Refusal;
use crate::grievance::{options, outlook};
#[cfg(feature = "messages")]
use crate::message;
use crate::proof::checkpoint;
use crate::rulebook::finding;
use crate::rulebook::workflow::Gates;
use crate::store::{agenda, outbox};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// An instant.
pub type Instant = DateTime<Utc>;
/// A day.
pub type Day = NaiveDate;
/// Whatever JSON says; null where there is nothing.
pub type Json = serde_json::Value;

/// What has a flat record.
pub trait Flat {
    /// The record.
    type Record;

    /// As a flat record.
    fn flat(self) -> Self::Record;
}

impl<T: Flat> Flat for Vec<T> {
    type Record = Vec<T::Record>;

    fn flat(self) -> Self::Record {
        self.into_iter().map(Flat::flat).collect()
    }
}

impl<T: Flat> Flat for Option<T> {
    type Record = Option<T::Record>;

    fn flat(self) -> Self::Record {
        self.map(Flat::flat)
    }
}

/// A value of the desk's, as a field of a record shows it.
trait Shown<T> {
    fn shown(self) -> T;
}

impl<T: std::fmt::Display> Shown<String> for T {
    fn shown(self) -> String {
        self.to_string()
    }
}

impl<T: std::fmt::Display> Shown<Option<String>> for Option<T> {
    fn shown(self) -> Option<String> {
        self.map(|it| it.to_string())
    }
}

impl<T: std::fmt::Display> Shown<Vec<String>> for Vec<T> {
    fn shown(self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }
}

impl<T: Serialize> Shown<Json> for T {
    fn shown(self) -> Json {
        // What cannot be told as JSON does not occur among views: their keys are texts.
        serde_json::to_value(self).unwrap_or_default()
    }
}

macro_rules! shown_as_it_is {
    ($($kind:ty)+) => { $(impl Shown<$kind> for $kind { fn shown(self) -> Self { self } })+ };
}
shown_as_it_is! { bool u32 u64 i64 Instant Option<Instant> Option<Day> }

macro_rules! records {
    ($($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ })+) => {
        $(
            #[doc = $doc]
            #[derive(Clone, PartialEq, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $name { $(#[doc = $about] pub $field: $kind,)+ }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    first_field!(f, self, $name, $($field)+)
                }
            }

            impl<S: Flat<Record = $name>> Shown<$name> for S {
                fn shown(self) -> $name {
                    self.flat()
                }
            }

            impl<S: Flat<Record = $name>> Shown<Vec<$name>> for Vec<S> {
                fn shown(self) -> Vec<$name> {
                    self.flat()
                }
            }

            of_the_same_fields!($name { $($field)+ });
        )+
    };
}

macro_rules! first_field {
    ($f:ident, $self:ident, $name:ident, $first:ident $($other:ident)*) => {
        $f.debug_struct(stringify!($name)).field(stringify!($first), &$self.$first).finish_non_exhaustive()
    };
}

/// The structs whose fields have the names of a record's.
macro_rules! of_the_same_fields {
    (Done $fields:tt) => { taken_apart!(desk::StepDone, Done $fields); };
    (CaseRow $fields:tt) => { taken_apart!(desk::CaseRow, CaseRow $fields); };
    (RowPage $fields:tt) => { taken_apart!(desk::RowPage, RowPage $fields); };
    (TakenBy $fields:tt) => { taken_apart!(desk::TakenBy, TakenBy $fields); };
    (TextView $fields:tt) => { taken_apart!(desk::TextView, TextView $fields); };
    (CaseView $fields:tt) => { taken_apart!(desk::CaseView, CaseView $fields); };
    (ShownWord $fields:tt) => { taken_apart!(desk::ShownWord, ShownWord $fields); };
    (Tracked $fields:tt) => { taken_apart!(desk::Tracked, Tracked $fields); };
    (Acknowledged $fields:tt) => { taken_apart!(desk::Acknowledged, Acknowledged $fields); };
    (DueJob $fields:tt) => { taken_apart!(agenda::Job, DueJob $fields); };
    (Finding $fields:tt) => { taken_apart!(finding::Finding, Finding $fields); };
    (Activation $fields:tt) => { taken_apart!(desk::Activation, Activation $fields); };
    (Moved $fields:tt) => { taken_apart!(desk::Moved, Moved $fields); };
    (StoredEvent $fields:tt) => { taken_apart!(desk::StoredEvent, StoredEvent $fields); };
    (StoredHistory $fields:tt) => { taken_apart!(desk::StoredHistory, StoredHistory $fields); };
    (CodeSent $fields:tt) => {
        #[cfg(feature = "messages")]
        taken_apart!(desk::CodeSent, CodeSent $fields);
    };
    ($other:ident $fields:tt) => {};
}

macro_rules! taken_apart {
    ($own:path, $name:ident { $($field:ident)+ }) => {
        impl Flat for $own {
            type Record = $name;

            fn flat(self) -> $name {
                let $own { $($field,)+ } = self;
                $name { $($field: Shown::shown($field),)+ }
            }
        }
    };
}

crate::for_records!(records);

impl Flat for desk::Done {
    type Record = Done;

    fn flat(self) -> Done {
        let Self { case, version, number, tracking_code, receipt } = self;
        let tracking_code = tracking_code.map(|code| code.as_str().to_owned());
        Done { case: case.shown(), version, number: number.shown(), tracking_code, receipt: receipt.shown() }
    }
}

impl Flat for desk::EventView {
    type Record = EventView;

    fn flat(self) -> EventView {
        let Self { version, at, kind, by, rulebook, led_to, says } = self;
        let Position { stage, phase, unit } = led_to;
        EventView {
            version,
            at,
            kind: kind.shown(),
            by: by.flat(),
            rulebook: rulebook.shown(),
            stage: stage.shown(),
            phase: phase.shown(),
            unit: unit.shown(),
            says: says.into(),
        }
    }
}

impl Flat for Refusal {
    type Record = Problem;

    fn flat(self) -> Problem {
        Problem { code: self.code().shown(), sentence: self.shown() }
    }
}

impl Flat for DeskError {
    type Record = Problem;

    fn flat(self) -> Problem {
        Problem { code: self.code().shown(), sentence: self.shown() }
    }
}

impl Flat for options::Offer {
    type Record = Offer;

    fn flat(self) -> Offer {
        let Self { action, outcome, to, verdict } = self;
        let allowed = verdict.is_allowed();
        let (asks, missing, because) = match verdict {
            options::Verdict::Allowed { asks } => (asks, Gates::default(), Vec::new()),
            options::Verdict::Missing { gates, because } => (Gates::default(), gates, because),
        };
        let words = |gates: Gates| gates.iter().collect::<Vec<_>>().shown();
        Offer {
            action: action.shown(),
            outcome: outcome.shown(),
            to: to.shown(),
            allowed,
            asks: words(asks),
            missing: words(missing),
            because: because.flat(),
        }
    }
}

impl Flat for outlook::Ahead {
    type Record = Ahead;

    fn flat(self) -> Ahead {
        use outlook::Happens;
        let Self { at, on, what } = self;
        let (what, target, unit, level) = match what {
            Happens::Missed(target) => ("missed", Some(target), None, None),
            Happens::GoesOn(target) => ("goes_on", Some(target), None, None),
            Happens::WindowEnds(target) => ("window_ends", Some(target), None, None),
            Happens::ToldTo { unit, post: _, level } => ("told_to", None, Some(unit), Some(level)),
            Happens::GoesTo { unit, post: _, level } => ("goes_to", None, Some(unit), Some(level)),
            Happens::Proposed { unit, level } => ("proposed", None, Some(unit), Some(level)),
        };
        Ahead { at, on, what: what.to_owned(), target: target.shown(), unit: unit.shown(), level }
    }
}

impl Flat for outlook::Progress {
    type Record = Progress;

    fn flat(self) -> Progress {
        let Self { number, stage, phase, unit, due, ahead } = self;
        Progress {
            number: number.shown(),
            stage: stage.shown(),
            phase: phase.shown(),
            unit: unit.shown(),
            due_at: due.as_ref().map(|due| due.due_at),
            due_on: due.as_ref().map(|due| due.due_on),
            ahead: ahead.flat(),
        }
    }
}

impl Flat for desk::Swept {
    type Record = Swept;

    fn flat(self) -> Swept {
        let Self {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs,
            checkpoint,
            failed,
            forgotten,
            more,
        } = self;
        let unhandled = |(case, problem): (crate::kernel::id::GrievanceId, DeskError)| {
            let Problem { code, sentence } = problem.flat();
            Unhandled { case: case.shown(), code, sentence }
        };
        let (checkpoint, checkpoint_failed) = match checkpoint.transpose() {
            Ok(made) => (made.map(|made| Shown::<Json>::shown(made).to_string()), None),
            Err(problem) => (None, Some(problem.flat())),
        };
        Swept {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs: jobs.flat(),
            checkpoint,
            checkpoint_failed,
            failed: failed.into_iter().map(unhandled).collect(),
            forgotten,
            more,
        }
    }
}

impl Flat for checkpoint::Checkpoint {
    type Record = Checkpoint;

    fn flat(self) -> Checkpoint {
        let (hash, text) = (self.hash().shown(), self.text());
        // What it binds of other hashes is in its text.
        let Self { at, cases, events, number, looks: _, previous: _, root: _, tenant: _, v: _ } = self;
        Checkpoint { hash, number, at, cases, events, text }
    }
}

impl Flat for desk::CodeToSend {
    type Record = CodeToSend;

    fn flat(self) -> CodeToSend {
        let Self { challenge, mobile, language, purpose, code, expires_at } = self;
        CodeToSend {
            challenge: challenge.shown(),
            mobile: mobile.e164().to_owned(),
            language: language.shown(),
            purpose: purpose.shown(),
            code: code.reveal().to_owned(),
            expires_at,
        }
    }
}

#[cfg(feature = "messages")]
impl Flat for message::Rendered {
    type Record = Written;

    fn flat(self) -> Written {
        let Self { text, template, language, registered, preview } = self;
        let said = |message::Registered { id, header, entity }| (Some(id), Some(header), Some(entity));
        let (registered_as, sender_name, sender_entity) = registered.map(said).unwrap_or_default();
        Written {
            template: template.shown(),
            language: language.shown(),
            text,
            parts: u32::try_from(preview.parts.len()).unwrap_or(u32::MAX),
            encoding: preview.encoding.as_str().to_owned(),
            registered_as,
            sender_name,
            sender_entity,
        }
    }
}

#[cfg(feature = "messages")]
impl Flat for message::Message {
    type Record = Message;

    fn flat(self) -> Message {
        use message::Address;
        let Self { id, channel, to, rendered } = self;
        let (to, address, unit, post) = match to {
            Address::Mobile(mobile) => ("mobile", Some(mobile.e164().to_owned()), None, None),
            Address::Email(address) => ("email", Some(address), None, None),
            Address::Postal(address) => ("postal", Some(address), None, None),
            Address::Inbox(reference) => ("inbox", Some(reference), None, None),
            Address::Unit(unit) => ("unit", None, Some(unit), None),
            Address::Post { unit, post } => ("post", None, Some(unit), Some(post)),
        };
        Message {
            id: id.shown(),
            channel: channel.shown(),
            to: to.to_owned(),
            address,
            unit: unit.shown(),
            post: post.shown(),
            written: rendered.flat(),
        }
    }
}

#[cfg(feature = "messages")]
impl Flat for desk::Delivered {
    type Record = Delivered;

    fn flat(self) -> Delivered {
        let Self { sent, retried, parked, dropped, elsewhere, to_call } = self;
        // What a gateway of another language raised, its binding knows and puts in.
        let raised = Vec::new();
        Delivered {
            sent,
            retried,
            parked: parked.shown(),
            dropped,
            elsewhere,
            to_call: to_call.shown(),
            raised,
        }
    }
}

impl Flat for outbox::Posted {
    type Record = Posted;

    fn flat(self) -> Posted {
        let Self { notice, state, attempts, settled_at, reference, received_at, problem } = self;
        // The case is the one that was asked for.
        let Notice {
            id,
            case: _,
            about,
            place: _,
            rulebook: _,
            template,
            language,
            channel,
            to,
            ways: _,
            variables: _,
            not_before,
            informs: _,
        } = notice;
        Posted {
            id: id.shown(),
            about,
            template: template.shown(),
            language: language.shown(),
            channel: channel.shown(),
            to: to.shown(),
            not_before,
            state: state.shown(),
            attempts,
            settled_at,
            reference: reference.shown(),
            received_at,
            problem: problem.shown(),
        }
    }
}

impl Flat for outbox::Parked {
    type Record = Parked;

    fn flat(self) -> Parked {
        let Self { notice, attempts, at, problem } = self;
        Parked {
            id: notice.id.shown(),
            case: notice.case.shown(),
            template: notice.template.shown(),
            channel: notice.channel.shown(),
            attempts,
            at,
            problem: problem.shown(),
        }
    }
}
