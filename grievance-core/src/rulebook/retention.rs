//! How long the words of an ended case are kept.

use crate::kernel::code::ReasonCode;
use crate::vocabulary::DisposalClass;
use serde::{Deserialize, Serialize};

/// A rule of retention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    rules: Vec<(Option<ReasonCode>, Option<DisposalClass>, u32)>,
}

impl Retention {
    pub(crate) fn new(entries: &[RetentionEntry]) -> Option<Self> {
        let rule = |entry: &RetentionEntry| {
            let reason = entry.reason.as_deref().map(ReasonCode::new).transpose().ok()?;
            Some((reason, entry.class, entry.years))
        };
        Some(Self { rules: entries.iter().map(rule).collect::<Option<_>>()? })
    }

    /// Years for which the words are kept: as the rule of the reason says, else that of the class,
    /// else the one that names neither, which is also for cases that ended without a disposal.
    /// `None`: for ever.
    pub fn years(&self, reason: Option<&ReasonCode>, class: Option<DisposalClass>) -> Option<u32> {
        let find = |fits: &dyn Fn(&(Option<ReasonCode>, Option<DisposalClass>, u32)) -> bool| {
            self.rules.iter().find(|rule| fits(rule)).map(|rule| rule.2)
        };
        find(&|rule| rule.0.is_some() && rule.0.as_ref() == reason)
            .or_else(|| find(&|rule| rule.0.is_none() && rule.1.is_some() && rule.1 == class))
            .or_else(|| find(&|rule| rule.0.is_none() && rule.1.is_none()))
    }

    /// The shortest time of any rule.
    pub fn least_years(&self) -> Option<u32> {
        self.rules.iter().map(|rule| rule.2).min()
    }
}
