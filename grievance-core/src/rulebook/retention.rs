//! How long the words of an ended case are kept.

use crate::kernel::code::ReasonCode;
use crate::vocabulary::DisposalClass;
use serde::{Deserialize, Serialize};

/// A rule of retention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RetentionEntry {
    /// For cases that were closed with this reason.
    pub reason: Option<String>,
    /// For cases whose closure did this for the complainant.
    pub class: Option<DisposalClass>,
    /// Years after the day on which the case ended.
    pub years: u32,
}

/// The rules of retention. Without any, words are kept for ever.
#[derive(Clone, Debug, Default)]
pub struct Retention {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    reason: Option<ReasonCode>,
    class: Option<DisposalClass>,
    years: u32,
}

impl Retention {
    pub(crate) fn new(entries: &[RetentionEntry]) -> Option<Self> {
        let rule = |entry: &RetentionEntry| {
            let reason = entry.reason.as_deref().map(ReasonCode::new).transpose().ok()?;
            Some(Rule { reason, class: entry.class, years: entry.years })
        };
        Some(Self { rules: entries.iter().map(rule).collect::<Option<_>>()? })
    }

    /// Years for which the words are kept: as the rule of the reason says, else that of the class,
    /// else the one that names neither, which is also for cases that ended without a disposal.
    /// `None`: for ever.
    pub fn years(&self, reason: Option<&ReasonCode>, class: Option<DisposalClass>) -> Option<u32> {
        let find =
            |fits: &dyn Fn(&Rule) -> bool| self.rules.iter().find(|rule| fits(rule)).map(|rule| rule.years);
        find(&|rule| rule.reason.is_some() && rule.reason.as_ref() == reason)
            .or_else(|| find(&|rule| rule.reason.is_none() && rule.class.is_some() && rule.class == class))
            .or_else(|| find(&|rule| rule.reason.is_none() && rule.class.is_none()))
    }

    /// The shortest time of any rule.
    pub fn least_years(&self) -> Option<u32> {
        self.rules.iter().map(|rule| rule.years).min()
    }
}
