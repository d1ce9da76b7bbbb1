//! Flat records: what a desk answers, field by field. What a desk in the process answers is made from the
//! core's table; what an app is told over its transport stands here.
//!
//! Each is made by taking the core's own struct apart, so that a field which the core gains breaks
//! this build instead of being forgotten.

use crate::convert::Shown;
use grievance_core::desk;
use grievance_core::desk::flat::{self, Flat as _};
use grievance_core::host::Taken;
use std::time::SystemTime;

// What the table's names of types stand for.
type Instant = SystemTime;
type Day = String;

macro_rules! record {
    ($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ }) => {
        #[doc = $doc]
        #[derive(Clone, uniffi::Record)]
        pub struct $name { $(#[doc = $about] pub $field: $kind,)+ }
    };
}

macro_rules! table {
    ($($doc:literal $name:ident $fields:tt)+) => { $(row!($name $doc $fields);)+ };
}

/// Of the core's table what a desk in the process answers here; another record costs a line.
macro_rules! row {
    (Done $doc:literal $fields:tt) => { flat_record!($doc Done $fields); };
    (Problem $doc:literal $fields:tt) => { flat_record!($doc Problem $fields); };
    (Offer $doc:literal $fields:tt) => { flat_record!($doc Offer $fields); };
    (Ahead $doc:literal $fields:tt) => { flat_record!($doc Ahead $fields); };
    (Progress $doc:literal $fields:tt) => { flat_record!($doc Progress $fields); };
    (DueJob $doc:literal $fields:tt) => { flat_record!($doc DueJob $fields); };
    (Unhandled $doc:literal $fields:tt) => { flat_record!($doc Unhandled $fields); };
    (Swept $doc:literal $fields:tt) => { flat_record!($doc Swept $fields); };
    (Finding $doc:literal $fields:tt) => { flat_record!($doc Finding $fields); };
    (Activation $doc:literal $fields:tt) => { flat_record!($doc Activation $fields); };
    (StoredEvent $doc:literal $fields:tt) => { flat_record!($doc StoredEvent $fields); };
    (StoredHistory $doc:literal $fields:tt) => { flat_record!($doc StoredHistory $fields); };
    (CodeToSend $doc:literal $fields:tt) => { flat_record!($doc CodeToSend $fields); };
    ($other:ident $doc:literal $fields:tt) => {};
}

macro_rules! flat_record {
    ($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ }) => {
        record!($doc $name { $($about $field: $kind,)+ });

        impl Taken<$name> for flat::$name {
            fn taken(self) -> $name {
                let Self { $($field,)+ } = self;
                $name { $($field: $field.taken(),)+ }
            }
        }
    };
}
grievance_core::for_records!(table);

/// Makes records of the rows; `from` says of which struct of the core, whose fields have the same names.
macro_rules! records {
    ($($doc:literal $name:ident $fields:tt $(from ($core:path))?)+) => {
        $(
            record!($doc $name $fields);
            $(taken_apart!($core, $name $fields);)?
        )+
    };
}

macro_rules! taken_apart {
    ($core:path, $name:ident { $($about:literal $field:ident: $kind:ty,)+ }) => {
        impl From<$core> for $name {
            fn from(it: $core) -> Self {
                let $core { $($field,)+ } = it;
                Self { $($field: Shown::shown($field),)+ }
            }
        }
    };
}

records! {
    "A subject, a jurisdiction, an office or a stage."
    Branch {
        "Its code." code: String,
        "Its name in the language asked for, else in the default one." name: String,
        "The code of the wider one." parent: Option<String>,
    }
    "Words beside a step."
    Said {
        "What they are: a word of `Field`." field: String,
        "The words; none where they have been erased." words: Option<String>,
    } from (desk::Said)
    "Something that happened to a case."
    CaseStep {
        "Its place in the history; a place that is left out is not for complainants." version: u64,
        "When it was recorded." at: SystemTime,
        "What: a word of `EventKind`." kind: String,
        "The role of whoever did it." role: String,
        "The stage it led to." stage: String,
        "What that stage means: a word of `Phase`." phase: String,
        "The office it led to." unit: String,
        "What was said." words: Vec<Said>,
    } from (desk::CaseStep)
    "A case as its complainant is shown it."
    Tracking {
        "The case." case: String,
        "Its version." version: u64,
        "Its registration number." number: Option<String>,
        "When it was lodged." lodged_at: SystemTime,
        "Its subject." category: Option<String>,
        "Its jurisdiction." place: Option<String>,
        "The stage." stage: String,
        "What the stage means: a word of `Phase`." phase: String,
        "The office that has it." unit: String,
        "The public due date." due_at: Option<SystemTime>,
        "The day of it, in the offices' zone: `2026-11-23`." due_on: Option<String>,
        "What happens if nobody acts, in order." ahead: Vec<Ahead>,
        "What happened, oldest first." timeline: Vec<CaseStep>,
        "What the complainant may do now: words of `Action`." may: Vec<String>,
    } from (desk::TrackedCase)
    "A step of which nobody knows whether it was done."
    Unsent {
        "Its command identity." command: String,
        "The case, or the tracking code." case: String,
        "What was asked: a word of `Action`." action: String,
    }
}

// What comes next is one record, whether a desk in the process says it or one behind a transport.
impl From<desk::Coming> for Ahead {
    fn from(it: desk::Coming) -> Self {
        let desk::Coming { at, on, what, target, unit, level } = it;
        flat::Ahead { at, on, what, target, unit, level }.taken()
    }
}

impl From<desk::StepDone> for Done {
    fn from(it: desk::StepDone) -> Self {
        it.flat().taken()
    }
}
