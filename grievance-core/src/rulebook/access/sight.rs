//! What a role sees of the cases that it reaches: fields, in full, masked or not at all.

use crate::vocabulary::{Field, Sight};
use std::collections::BTreeMap;

/// The group of every field that tells who the complainant is.
pub const IDENTITY: &str = "identity";
/// The group of every other field.
pub const TEXTS: &str = "texts";

/// What a role sees. A field that is not listed is not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sights(BTreeMap<Field, Sight>);

impl Sights {
    /// Compiles a rulebook's list: first the groups, then the fields, which say better; `None` for
    /// a key that is neither.
    pub(crate) fn new(entries: &BTreeMap<String, Sight>) -> Option<Self> {
        let mut sights = BTreeMap::new();
        for field in Field::ALL {
            let group = if field.is_identity() { IDENTITY } else { TEXTS };
            let sight = entries.get(field.as_str()).or_else(|| entries.get(group));
            sights.extend(sight.map(|sight| (*field, *sight)));
        }
        let known = |key: &String| is_group(key) || key.parse::<Field>().is_ok();
        entries.keys().all(known).then_some(Self(sights))
    }

    /// How much of a field is seen; `None` for nothing.
    pub fn of(&self, field: Field) -> Option<Sight> {
        self.0.get(&field).copied()
    }

    /// Whether a field is seen in full.
    pub fn full(&self, field: Field) -> bool {
        self.of(field) == Some(Sight::Full)
    }

    /// The fields that are seen, in the order of the closed list.
    pub fn iter(&self) -> impl Iterator<Item = (Field, Sight)> {
        self.0.iter().map(|(field, sight)| (*field, *sight))
    }
}

/// Whether a key of the list names a group of fields.
pub(crate) fn is_group(key: &str) -> bool {
    key == IDENTITY || key == TEXTS
}
