//! What a stakeholder is owed a word about: the plain value that waits in the outbox.

use crate::kernel::code::{LanguageCode, PostCode, TemplateCode, UnitCode};
use crate::kernel::id::{GrievanceId, NoticeId, PersonId, VaultId};
use crate::kernel::text::Digest;
use crate::kernel::time::Millis;
use crate::vocabulary::MessageChannel;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A message owed to somebody about one event of a case.
///
/// It holds no words and no name: a template, references to whom it goes to, and variables that
/// say nothing about a person. It is rendered when it is claimed for delivery. Its identity
/// follows from the case, the event, the rule and the recipient, so a gateway that has seen it
/// before can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Its identity, the same however often it is sent.
    pub id: NoticeId,
    /// The case.
    pub case: GrievanceId,
    /// The version of the event that it tells of.
    pub about: u64,
    /// Its place among the notices of that event, from 0. Notices of one case to the public are
    /// delivered in the order of (`about`, `place`), and so are those to offices.
    pub place: u32,
    /// The rulebook version that it was written under, whose texts and names it is rendered with;
    /// `None` for one from before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rulebook: Option<Digest>,
    /// The template.
    pub template: TemplateCode,
    /// The recipient's language.
    pub language: LanguageCode,
    /// By which channel.
    pub channel: MessageChannel,
    /// To whom.
    pub to: Recipient,
    /// The ways by which the complainant may be told of it, the preferred one first: another of them
    /// is taken where they no longer want this one. Empty for other recipients, and where there is
    /// one way only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<MessageChannel>,
    /// What the template's variables stand for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<SmolStr, Variable>,
    /// Not to be sent earlier than this (working hours, safe hours).
    #[serde(with = "Millis")]
    pub not_before: DateTime<Utc>,
    /// The complainant's time to reopen or to appeal begins when this one has arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub informs: bool,
}

/// To whom a notice goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A person outside the office, by a contact that the vault keeps: the complainant, a
    /// signatory or a representative.
    Contact(VaultId),
    /// A person's own list in the portal.
    Person(PersonId),
    /// An office as a whole.
    Unit(UnitCode),
    /// Whoever holds a post in an office.
    Post {
        /// The office.
        unit: UnitCode,
        /// The post.
        post: PostCode,
    },
}

impl Recipient {
    /// Whether it is an office or a post. What offices are told waits for working hours, and does
    /// not hold back what the public is told.
    pub const fn is_office(&self) -> bool {
        matches!(self, Self::Unit(_) | Self::Post { .. })
    }
}

/// What a variable of a template stands for. Never a name, a number of a person or an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    /// A calendar date in the office's zone.
    Date(NaiveDate),
    /// A count.
    Count(u64),
    /// The case's registration number, or another mark that is not for translation.
    Mark(SmolStr),
    /// An office, shown by its name in the recipient's language.
    Unit(UnitCode),
    /// A closure reason, shown by its text for the complainant in the recipient's language.
    Reason(crate::kernel::code::ReasonCode),
    /// A text of the case's own that the vault keeps, such as a reply: shown as it was written.
    Text(VaultId),
}
