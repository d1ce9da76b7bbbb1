//! What a role sees of the cases that it reaches: fields, in full, masked or not at all.

use crate::vocabulary::{Field, FileAudience, Sight};
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

    /// What a case file for that audience may show at most. The choice is ours: an office that knows
    /// better makes the file by a role that sees less.
    ///
    /// A court is shown everything. An auditor is shown every word masked, and which officers acted,
    /// but nothing of who complains. A complainant is shown what they wrote and what was said to
    /// them, in full, with the report, its evidence and decisions; nothing that officers wrote to
    /// each other. Whoever asks under the law on information is shown, masked, what is complained
    /// of, what was reported, decided and replied, the remarks beside the steps and what offices
    /// asked one another; no persons, no internal notes and no calls.
    pub fn of_file(audience: FileAudience) -> Self {
        let sight = |field: Field| -> Option<Sight> {
            match (audience, field) {
                (FileAudience::Court, _) | (FileAudience::Auditor, Field::Officers) => Some(Sight::Full),
                (FileAudience::Auditor, field) => Some(Sight::Masked).filter(|_| !field.is_identity()),
                (
                    FileAudience::Complainant,
                    Field::Remarks
                    | Field::CommentInternal
                    | Field::FileInternal
                    | Field::Consultation
                    | Field::CallNote
                    | Field::Signatories
                    | Field::SignatoryMobiles
                    | Field::Officers,
                ) => None,
                (FileAudience::Complainant, _) => Some(Sight::Full),
                (
                    FileAudience::RtiApplicant,
                    Field::CommentInternal | Field::FileInternal | Field::CallNote | Field::Officers,
                ) => None,
                (FileAudience::RtiApplicant, field) => Some(Sight::Masked).filter(|_| !field.is_identity()),
            }
        };
        Self(Field::ALL.iter().filter_map(|field| Some((*field, sight(*field)?))).collect())
    }

    /// What both see: the less of the two.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        let less = |(field, sight): (Field, Sight)| Some((field, sight.min(other.of(field)?)));
        Self(self.iter().filter_map(less).collect())
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
