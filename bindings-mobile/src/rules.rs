//! The rulebook's public part, as the app keeps it.

use crate::convert::Shown as _;
use crate::fault::Failure;
use crate::record::Branch;
use chrono::{DateTime, Utc};
use grievance_core::desk::{PublicRules, draft_problems};
use grievance_core::grievance::request::Lodge;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::public::name_in;
use grievance_core::{PersonId, Rulebook};
use uuid::Uuid;

/// Entries with a code, a name and names, as branches of their tree.
macro_rules! branches {
    ($entries:expr, $language:expr, |$entry:ident| $parent:expr) => {
        $entries
            .iter()
            .map(|$entry| Branch {
                name: name_in($language, &$entry.code, &$entry.name, &$entry.names).to_owned(),
                code: $entry.code.clone(),
                parent: $parent,
            })
            .collect()
    };
}

/// The rules that a lodging is written and judged by.
pub(crate) struct Rules {
    pub(crate) version: String,
    rulebook: Rulebook,
    /// Somebody in the role of whoever uses the app. Who they are is the desk's business.
    actor: Actor,
}

impl Rules {
    /// In which role whoever uses the app reads them.
    pub(crate) fn role(&self) -> &str {
        self.actor.role.as_str()
    }

    /// Compiles what a desk sent, and gives the text to keep.
    pub(crate) fn of(sent: &PublicRules) -> Option<(Self, String)> {
        let part = to_canonical(sent.rulebook.as_ref()?).ok()?;
        let rules = Self {
            version: sent.version.clone(),
            rulebook: Rulebook::from_stored(&part).ok()?,
            actor: Actor::new(PersonId::from_uuid(Uuid::nil()), sent.role.parse().ok()?),
        };
        Some((rules, to_canonical(sent).ok()?))
    }

    /// Reads what was kept.
    pub(crate) fn read(kept: &[u8]) -> Option<Self> {
        Self::of(&serde_json::from_slice(kept).ok()?).map(|(rules, _)| rules)
    }

    pub(crate) fn problems(&self, lodge: &Lodge, now: DateTime<Utc>) -> Vec<Failure> {
        draft_problems(lodge, &self.actor, &self.rulebook, now).shown()
    }

    pub(crate) fn categories(&self, language: Option<&str>) -> Vec<Branch> {
        branches!(self.rulebook.document().category, language, |entry| entry.parent.clone())
    }

    pub(crate) fn places(&self, language: Option<&str>) -> Vec<Branch> {
        branches!(self.rulebook.document().place, language, |entry| entry.parent.clone())
    }

    pub(crate) fn offices(&self, language: Option<&str>) -> Vec<Branch> {
        branches!(self.rulebook.document().unit, language, |entry| entry.parent.clone())
    }

    pub(crate) fn stages(&self, language: Option<&str>) -> Vec<Branch> {
        branches!(self.rulebook.document().workflow.stage, language, |_entry| None)
    }
}
