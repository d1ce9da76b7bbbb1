//! Flat records: what a desk answers, field by field, as classes made from the core's table.

use crate::convert::Json;
use grievance_core::desk::{self, flat};
use grievance_core::host::Taken;
use grievance_core::proof::checkpoint as proof;
use pyo3::prelude::*;

// What the table's names of types stand for in Python; `Json` is in `convert`.
type Instant = flat::Instant;
type Day = flat::Day;

impl Taken<Json> for flat::Json {
    fn taken(self) -> Json {
        Json(self)
    }
}

macro_rules! records {
    ($($doc:literal $name:ident { $($fields:tt)+ })+) => { $(named!($doc $name [] $($fields)+);)+ };
}

/// Names each field as Python can say it.
macro_rules! named {
    ($doc:literal $name:ident [$($done:tt)*] $about:literal class: $kind:ty, $($rest:tt)*) => {
        named!($doc $name [$($done)* $about class_ of class: $kind,] $($rest)*);
    };
    ($doc:literal $name:ident [$($done:tt)*] $about:literal $field:ident: $kind:ty, $($rest:tt)*) => {
        named!($doc $name [$($done)* $about $field of $field: $kind,] $($rest)*);
    };
    ($doc:literal $name:ident [$($done:tt)*]) => { record!($doc $name { $($done)* }); };
}

macro_rules! record {
    ($doc:literal $name:ident { $($about:literal $field:ident of $own:ident: $kind:ty,)+ }) => {
        class!($doc $name { $($about $field of $own: $kind,)+ });

        impl Taken<$name> for flat::$name {
            fn taken(self) -> $name {
                let Self { $($own,)+ } = self;
                $name { $($field: $own.taken(),)+ }
            }
        }
    };
}

macro_rules! class {
    ($doc:literal $name:ident { $($about:literal $field:ident of $own:ident: $kind:ty,)+ }) => {
        #[doc = $doc]
        #[pyclass(frozen, get_all, module = "grievance")]
        #[derive(Clone)]
        pub(crate) struct $name { $(#[doc = $about] $field: $kind,)+ }

        #[pymethods]
        impl $name {
            /// The fields by name, in a new dict: as in JSON, so `class` and not `class_`.
            fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                let dict = pyo3::types::PyDict::new(slf.py());
                $(dict.set_item(stringify!($own), slf.getattr(stringify!($field))?)?;)+
                Ok(dict)
            }

            /// Its name and its first field: no record shows words or secrets here.
            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let first = [$(stringify!($field)),+][0];
                Ok(format!("{}({first}={}, …)", stringify!($name), slf.getattr(first)?.repr()?))
            }
        }
    };
}
grievance_core::for_records!(records);

class! {
    "What was recorded at a moment, under one hash."
    Checkpoint {
        "Its hash, in hexadecimal digits: what is printed, and what a sample is drawn by." hash of hash: String,
        "Its number, rising; there may be gaps." number of number: u64,
        "When it was made, in whole milliseconds." at of at: Instant,
        "How many cases there were." cases of cases: u64,
        "How many events they had together." events of events: u64,
        "All of it as canonical JSON, as it is stored and hashed, and as a sweep tells it." text of text: String,
    }
}

class! {
    "That a grievance was lodged as its receipt says."
    Acknowledged {
        "Its number." number of number: String,
        "When it was recorded." recorded_at of recorded_at: Instant,
        "When the office received it, which may be earlier." received_at of received_at: Instant,
    }
}

impl From<proof::Checkpoint> for Checkpoint {
    fn from(it: proof::Checkpoint) -> Self {
        let (hash, text) = (it.hash().to_string(), it.text());
        // What it binds of other hashes is in its text.
        let proof::Checkpoint { at, cases, events, number, looks: _, previous: _, root: _, tenant: _, v: _ } =
            it;
        Self { hash, number, at, cases, events, text }
    }
}

impl From<desk::Acknowledged> for Acknowledged {
    fn from(it: desk::Acknowledged) -> Self {
        let desk::Acknowledged { number, recorded_at, received_at } = it;
        Self { number: number.to_string(), recorded_at, received_at }
    }
}
