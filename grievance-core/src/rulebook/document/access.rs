//! Who may see what, as written: reach, fields, seals, the roster, four eyes.

use crate::vocabulary::Reach;
use serde::de::{Error, IntoDeserializer as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How far a role reaches: one word, or a list of words where an office has several reaches.
///
/// One word is written as a word, so that a document that knows no list reads and is kept as it
/// always was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "OneOrMore"))]
pub struct Reaches(pub Vec<Reach>);

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it says how reaches are written, and is never made")]
enum OneOrMore {
    One(Reach),
    More(Vec<Reach>),
}

impl From<Reach> for Reaches {
    fn from(reach: Reach) -> Self {
        Self(vec![reach])
    }
}

impl Serialize for Reaches {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.0[..] {
            return only.serialize(to);
        }
        let mut list = to.serialize_seq(Some(self.0.len()))?;
        for reach in &self.0 {
            list.serialize_element(reach)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Reaches {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Reaches;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a word or a list of words")
            }
            fn visit_str<E: Error>(self, word: &str) -> Result<Reaches, E> {
                Reach::deserialize(word.into_deserializer()).map(Reaches::from)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Reaches, A::Error> {
                let mut reaches = Vec::new();
                while let Some(reach) = list.next_element()? {
                    reaches.push(reach);
                }
                Ok(Reaches(reaches))
            }
        }
        from.deserialize_any(OneOrMore)
    }
}

/// Who may know of the sealed cases of a subject: a post, in one office or wherever it is held; or
/// a role in one office.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NamedEntry {
    /// The office; without one, the post in any office.
    pub unit: Option<String>,
    /// The post.
    pub post: Option<String>,
    /// The role, where no post is named.
    pub role: Option<String>,
}

/// How actors are taken at their word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AccessEntry {
    /// Whether posts are checked against the roster: whoever acts in a role that posts grant must
    /// hold such a post then and there. Without it the host's word counts.
    pub roster: bool,
}

impl AccessEntry {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// When one person may take two steps that two persons should take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FourEyesEntry {
    /// Whether the gate `different_officer` gives way where the roster knows no second person in
    /// the office who could take the step. Each time is recorded, counted and shown.
    pub exception: bool,
}

impl FourEyesEntry {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
