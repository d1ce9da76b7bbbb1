//! The closure reasons of a government.

use crate::kernel::code::ReasonCode;
use crate::rulebook::document::ReasonEntry;
use crate::vocabulary::{DisposalClass, EvidenceKind};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A closure reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its code.
    pub code: ReasonCode,
    /// The officer's text.
    pub officer_text: String,
    /// The complainant's text.
    pub citizen_text: String,
    /// What it did for the complainant.
    pub class: DisposalClass,
    /// What it must be shown with.
    pub evidence: Vec<EvidenceKind>,
    /// An outcome is still owed on the review date.
    pub owed: bool,
    /// The matter belongs to another office of the same government.
    pub not_ours: bool,
    /// The follow-up date lies at most so many days ahead.
    pub within_days: Option<u32>,
    /// The follow-up date lies more than so many days ahead.
    pub beyond_days: Option<u32>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

impl Reason {
    /// Whether the reason may be used on that day. Both ends of its validity belong to it.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// The list of closure reasons.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    list: Vec<Reason>,
    by_code: HashMap<ReasonCode, usize>,
}

impl Reasons {
    pub(crate) fn new(entries: &[ReasonEntry]) -> Option<Self> {
        let list = entries
            .iter()
            .map(|entry| {
                Some(Reason {
                    code: ReasonCode::new(&entry.code).ok()?,
                    officer_text: if entry.name.is_empty() { entry.code.clone() } else { entry.name.clone() },
                    citizen_text: if entry.citizen.is_empty() {
                        entry.name.clone()
                    } else {
                        entry.citizen.clone()
                    },
                    class: entry.class?,
                    evidence: entry.evidence.clone(),
                    owed: entry.owed,
                    not_ours: entry.not_ours,
                    within_days: entry.within_days,
                    beyond_days: entry.beyond_days,
                    valid_from: entry.valid_from,
                    valid_to: entry.valid_to,
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let by_code = list.iter().map(|reason| reason.code.clone()).zip(0..).collect();
        Some(Self { list, by_code })
    }

    /// The reason of that code.
    pub fn get(&self, code: &ReasonCode) -> Option<&Reason> {
        self.by_code.get(code).map(|at| &self.list[*at])
    }

    /// The reasons, in the order of the rulebook.
    pub fn iter(&self) -> impl Iterator<Item = &Reason> {
        self.list.iter()
    }
}
