//! Values as JSON tells them, and as they are heard back: told whole, heard with the place of what is
//! wrong.

use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, PlaceCode, PostCode, PriorityCode,
    ProblemCode, ReasonCode, ScheduleCode, SourceCode, StageCode, UnitCode,
};
use crate::kernel::id::{ChallengeId, ClaimId, CommandId, GrievanceId, NoticeId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Digest;
use crate::kernel::time::{from_millis, read_date};
use crate::store::StoreError;
use crate::vocabulary::{
    DisposalClass, EventKind, FeedbackOutcome, JobKind, NoticeState, Phase, Tenure, VerificationFinding,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// No limit is told that another language could not hold as a whole number.
const MOST: u64 = (1 << 53) - 1;

/// Why what was told cannot be used.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It has another shape than it should: where, and what is wrong there. No value is repeated.
    Shape {
        /// From the outermost value inwards: `.events[2].version`.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// It has the right shape and says that something stored is wrong.
    Stored(StoreError),
}

impl Wrong {
    /// At this very value.
    pub(super) fn here(problem: impl std::fmt::Display) -> Self {
        Self::Shape { path: String::new(), problem: problem.to_string() }
    }

    /// The same, seen from the value around it.
    pub(super) fn within(self, step: impl std::fmt::Display) -> Self {
        match self {
            Self::Shape { path, problem } => Self::Shape { path: format!("{step}{path}"), problem },
            stored @ Self::Stored(_) => stored,
        }
    }
}

/// What can be heard, or why not.
pub(super) type Heard<T> = Result<T, Wrong>;

/// A value that can be told.
pub(super) trait Tell {
    /// The value as JSON.
    fn tell(&self) -> Value;
}

/// A value that can be heard.
pub(super) trait Hear: Sized {
    /// The value that JSON tells.
    fn hear(told: Value) -> Heard<Self>;
}

/// An argument of a store's method, lent by what was heard of it.
pub(super) trait Lent<'a> {
    /// What is heard.
    type Owned: Hear;

    /// The argument.
    fn lend(owned: &'a Self::Owned) -> Self;
}

impl<'a, T: Hear> Lent<'a> for &'a T {
    type Owned = T;
    fn lend(owned: &'a T) -> Self {
        owned
    }
}

impl<'a> Lent<'a> for &'a str {
    type Owned = String;
    fn lend(owned: &'a String) -> Self {
        owned
    }
}

impl<'a, T: Hear> Lent<'a> for &'a [T] {
    type Owned = Vec<T>;
    fn lend(owned: &'a Vec<T>) -> Self {
        owned
    }
}

impl<'a> Lent<'a> for Option<&'a str> {
    type Owned = Option<String>;
    fn lend(owned: &'a Option<String>) -> Self {
        owned.as_deref()
    }
}

macro_rules! lent_as_it_is {
    ($($kind:ty)+) => {
        $(impl Lent<'_> for $kind {
            type Owned = Self;
            fn lend(owned: &Self) -> Self {
                *owned
            }
        })+
    };
}
lent_as_it_is! {
    u32 u64 usize Digest DateTime<Utc> TimeDelta
    ChallengeId ClaimId CommandId GrievanceId NoticeId VaultId
    Option<GrievanceId> Option<VaultId>
}

/// The fields of an object, each to be heard once.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of what must be an object.
    pub(super) fn of(told: Value) -> Heard<Self> {
        match told {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Wrong::here("must be an object")),
        }
    }

    /// The field of that name. It must be there: one that is misspelt would else be taken for none.
    pub(super) fn take<T: Hear>(&mut self, name: &str) -> Heard<T> {
        let told = self.0.remove(name).ok_or_else(|| Wrong::here("is missing"));
        told.and_then(T::hear).map_err(|wrong| wrong.within(format_args!(".{name}")))
    }

    /// The one field that an object has.
    pub(super) fn only(self) -> Heard<(String, Value)> {
        let mut fields = self.0.into_iter();
        match (fields.next(), fields.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Wrong::here("must have one field")),
        }
    }
}

/// An object of these fields.
macro_rules! object {
    ($($name:expr => $field:expr),* $(,)?) => {
        serde_json::Value::Object([$(($name.to_owned(), $crate::store::foreign::told::Tell::tell(&$field)),)*]
            .into_iter()
            .collect())
    };
}
pub(super) use object;

/// Structs as objects with a field for each of theirs. Taken apart, so that a field which a struct
/// gains breaks the build until it is told. What stands behind an arrow is told too, and not heard.
macro_rules! field_by_field {
    ($($kind:ident { $($field:ident),+ $(,)? } $(=> $own:ident $beside:literal: $more:expr;)?)+) => {$(
        impl Tell for $kind {
            fn tell(&self) -> Value {
                let $kind { $($field),+ } = self;
                let mut fields = serde_json::Map::new();
                $(fields.insert(stringify!($field).to_owned(), $field.tell());)+
                $(
                    let $own = self;
                    fields.insert($beside.to_owned(), $more.tell());
                )?
                Value::Object(fields)
            }
        }

        impl Hear for $kind {
            fn hear(told: Value) -> Heard<Self> {
                let mut fields = Fields::of(told)?;
                Ok($kind { $($field: fields.take(stringify!($field))?),+ })
            }
        }
    )+};
}
pub(super) use field_by_field;

impl<T: Tell + ?Sized> Tell for &T {
    fn tell(&self) -> Value {
        (**self).tell()
    }
}

impl<T: Tell> Tell for Option<T> {
    fn tell(&self) -> Value {
        self.as_ref().map_or(Value::Null, Tell::tell)
    }
}

impl<T: Hear> Hear for Option<T> {
    fn hear(told: Value) -> Heard<Self> {
        if told.is_null() { Ok(None) } else { T::hear(told).map(Some) }
    }
}

impl<T: Tell> Tell for [T] {
    fn tell(&self) -> Value {
        Value::Array(self.iter().map(Tell::tell).collect())
    }
}

impl<T: Tell> Tell for Vec<T> {
    fn tell(&self) -> Value {
        self.as_slice().tell()
    }
}

impl<T: Hear> Hear for Vec<T> {
    fn hear(told: Value) -> Heard<Self> {
        let Value::Array(items) = told else { return Err(Wrong::here("must be a list")) };
        let one = |(n, item)| T::hear(item).map_err(|wrong| wrong.within(format_args!("[{n}]")));
        items.into_iter().enumerate().map(one).collect()
    }
}

impl Tell for () {
    fn tell(&self) -> Value {
        Value::Null
    }
}

impl Hear for () {
    fn hear(told: Value) -> Heard<Self> {
        if told.is_null() { Ok(()) } else { Err(Wrong::here("must be null")) }
    }
}

impl Tell for bool {
    fn tell(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Hear for bool {
    fn hear(told: Value) -> Heard<Self> {
        told.as_bool().ok_or_else(|| Wrong::here("must be true or false"))
    }
}

macro_rules! whole_numbers {
    ($($kind:ty)+) => {$(
        impl Tell for $kind {
            fn tell(&self) -> Value {
                Value::from(*self)
            }
        }

        impl Hear for $kind {
            fn hear(told: Value) -> Heard<Self> {
                let refused = || Wrong::here("must be a whole number in range");
                let whole = told.as_i64().map(i128::from).or(told.as_u64().map(i128::from));
                whole.and_then(|whole| whole.try_into().ok()).ok_or_else(refused)
            }
        }
    )+};
}
whole_numbers!(u32 u64 i64);

impl Tell for usize {
    fn tell(&self) -> Value {
        Value::from(u64::try_from(*self).unwrap_or(MOST).min(MOST))
    }
}

impl Hear for usize {
    fn hear(told: Value) -> Heard<Self> {
        u64::hear(told).map(|count| Self::try_from(count).unwrap_or(Self::MAX))
    }
}

impl Tell for str {
    fn tell(&self) -> Value {
        Value::from(self)
    }
}

impl Tell for String {
    fn tell(&self) -> Value {
        self.as_str().tell()
    }
}

impl Hear for String {
    fn hear(told: Value) -> Heard<Self> {
        match told {
            Value::String(text) => Ok(text),
            _ => Err(Wrong::here("must be a text")),
        }
    }
}

impl Tell for SmolStr {
    fn tell(&self) -> Value {
        self.as_str().tell()
    }
}

impl Hear for SmolStr {
    fn hear(told: Value) -> Heard<Self> {
        String::hear(told).map(Self::from)
    }
}

impl Tell for DateTime<Utc> {
    fn tell(&self) -> Value {
        self.timestamp_millis().tell()
    }
}

impl Hear for DateTime<Utc> {
    fn hear(told: Value) -> Heard<Self> {
        from_millis(i64::hear(told)?).ok_or_else(|| Wrong::here("must be an instant in range"))
    }
}

impl Tell for TimeDelta {
    fn tell(&self) -> Value {
        self.num_milliseconds().tell()
    }
}

impl Hear for TimeDelta {
    fn hear(told: Value) -> Heard<Self> {
        Self::try_milliseconds(i64::hear(told)?).ok_or_else(|| Wrong::here("must be a duration in range"))
    }
}

impl Tell for NaiveDate {
    fn tell(&self) -> Value {
        self.format("%Y-%m-%d").to_string().tell()
    }
}

impl Hear for NaiveDate {
    fn hear(told: Value) -> Heard<Self> {
        read_date(&String::hear(told)?).ok_or_else(|| Wrong::here("must be a date, YYYY-MM-DD"))
    }
}

/// What is one text in every language: identities, codes, words of closed lists, digests.
macro_rules! one_text {
    ($($kind:ty)+) => {$(
        impl Tell for $kind {
            fn tell(&self) -> Value {
                Value::String(self.to_string())
            }
        }

        impl Hear for $kind {
            fn hear(told: Value) -> Heard<Self> {
                String::hear(told)?.parse().map_err(Wrong::here)
            }
        }
    )+};
}
one_text! {
    ChallengeId ClaimId CommandId GrievanceId NoticeId PersonId VaultId
    CategoryCode CauseCode ChangeCode ChannelCode KindCode PlaceCode PostCode PriorityCode ProblemCode
    ReasonCode ScheduleCode SourceCode StageCode UnitCode
    DisposalClass EventKind FeedbackOutcome JobKind NoticeState Phase Tenure VerificationFinding
    Digest RegistrationNumber
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> Value {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a text takes more text");
    }
    Value::String(text)
}

/// The bytes of hexadecimal digits.
pub(super) fn unhex(told: Value) -> Heard<Vec<u8>> {
    let refused = || Wrong::here("must be lower-case hexadecimal digits, two for each byte");
    let text = String::hear(told)?;
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect::<Option<_>>().ok_or_else(refused)
}

/// As many bytes as there must be.
pub(super) fn unhex_of<const N: usize>(told: Value) -> Heard<[u8; N]> {
    unhex(told)?.try_into().map_err(|_| Wrong::here(format_args!("must be {N} bytes")))
}
