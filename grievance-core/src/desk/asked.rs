//! Questions of a table as JSON, and how what they say is read.

use crate::measure::answer::sheet::NotAsked;
use crate::rulebook::hint::one_of;
use crate::vocabulary::ErrorCode;
use chrono::NaiveDate;
use serde_json::{Map, Value};

/// A day, in the words of the tables.
pub(super) type Day = NaiveDate;

/// A question of a table.
pub(super) trait Question: Sized {
    /// What the rows are called, in a sentence.
    const ROW: &'static str;
    /// The rows.
    const NAMES: &'static [&'static str];

    /// Takes the fields of a row; `None` when there is no such row.
    fn take(what: &str, fields: &mut Map<String, Value>) -> Option<Result<Self, NotAsked>>;
}

/// Reads a question: `what` names the row, and nothing is in it that the row does not have.
pub(super) fn read<Q: Question>(text: &str) -> Result<Q, NotAsked> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| NotAsked::of("question", "is no JSON object"))?;
    let what: String = must(&mut fields, "what")?;
    let question = Q::take(&what, &mut fields).ok_or_else(|| {
        let none = NotAsked::of("what", format!("no {} has that name", Q::ROW));
        none.code(ErrorCode::UnknownCode).hint(one_of(&what, Q::NAMES))
    })??;
    match fields.keys().next() {
        Some(field) => Err(NotAsked::of(field, format!("the {} has no such field", Q::ROW))),
        None => Ok(question),
    }
}

/// Makes the questions of a table: an enum, its JSON, and how it is read.
macro_rules! questions {
    ($(#[$about:meta])* $Question:ident $row:literal: $($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
        pub enum $Question {
            $(
                #[doc = $doc]
                $name {
                    $(#[doc = $must_doc] $must: $must_type,)*
                    $(
                        #[doc = $may_doc]
                        #[serde(default, skip_serializing_if = "Option::is_none")]
                        $may: Option<$may_type>,
                    )*
                },
            )+
        }

        impl $crate::desk::asked::Question for $Question {
            const ROW: &'static str = $row;
            const NAMES: &'static [&'static str] = &[$(stringify!($method)),+];

            fn take(
                what: &str,
                fields: &mut serde_json::Map<String, serde_json::Value>,
            ) -> Option<Result<Self, $crate::measure::answer::sheet::NotAsked>> {
                use $crate::desk::asked::{may, must};
                $(
                    if what == stringify!($method) {
                        let mut read = || Ok(Self::$name {
                            $($must: must(fields, stringify!($must))?,)*
                            $($may: may(fields, stringify!($may))?,)*
                        });
                        return Some(read());
                    }
                )+
                None
            }
        }
    };
}
pub(super) use questions;

/// A value that a field may have.
pub(super) trait Given: Sized {
    const KIND: &'static str;
    const CODE: ErrorCode;

    fn given(value: Value) -> Option<Self>;
}

macro_rules! given {
    ($($kind:ty = $words:literal $code:ident,)+) => {
        $(
            impl Given for $kind {
                const KIND: &'static str = $words;
                const CODE: ErrorCode = ErrorCode::$code;

                fn given(value: Value) -> Option<Self> {
                    serde_json::from_value(value).ok()
                }
            }
        )+
    };
}
given! {
    Day = "must be a day: YYYY-MM-DD" DateInvalid,
    String = "must be a text" InvalidCommand,
    u32 = "must be a whole number from 0 to 4294967295" InvalidCommand,
    f64 = "must be a number" InvalidCommand,
    Vec<String> = "must be a list of texts" InvalidCommand,
    Vec<u32> = "must be a list of whole numbers" InvalidCommand,
    Vec<f64> = "must be a list of numbers" InvalidCommand,
}

/// A field that may be there.
pub(super) fn may<T: Given>(fields: &mut Map<String, Value>, name: &str) -> Result<Option<T>, NotAsked> {
    let Some(value) = fields.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
    T::given(value).map(Some).ok_or_else(|| NotAsked::of(name, T::KIND).code(T::CODE))
}

/// A field that must be there.
pub(super) fn must<T: Given>(fields: &mut Map<String, Value>, name: &str) -> Result<T, NotAsked> {
    may(fields, name)?.ok_or_else(|| NotAsked::of(name, "is missing"))
}
