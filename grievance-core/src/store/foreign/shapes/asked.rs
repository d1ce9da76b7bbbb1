//! What a store is asked for.

use crate::rulebook::access::{Chart, Scope};
use crate::store::blind::{Sought, Token};
use crate::store::foreign::shapes::Told;
use crate::store::foreign::told::{Fields, Hear, Heard, Tell, Wrong, hex, object, unhex_of};
use crate::store::search::Search;
use serde_json::Value;
use std::collections::BTreeSet;

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
