//! Flat records: what a desk answers, field by field, as classes made from the core's table.

use crate::convert::Json;
use grievance_core::desk::flat;
use grievance_core::host::Taken;
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

        impl Taken<$name> for flat::$name {
            fn taken(self) -> $name {
                let Self { $($own,)+ } = self;
                $name { $($field: $own.taken(),)+ }
            }
        }
    };
}
grievance_core::for_records!(records);
