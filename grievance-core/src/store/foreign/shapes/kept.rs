//! What is kept beside cases: texts, looks, posts, messages, codes.

use crate::grievance::notice::Notice;
use crate::kernel::text::{Compartment, Digest};
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::store::Holding;
use crate::store::foreign::shapes::{Bytes, Hex, Told};
use crate::store::foreign::told::{Fields, Hear, Heard, Tell, Wrong, object, unhex_of};
use crate::store::outbox::Settlement;
use crate::store::vault::Content;
use serde_json::Value;

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
