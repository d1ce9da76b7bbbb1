//! What closings were closed with.

use crate::kernel::code::ReasonCode;
use crate::measure::quality::Disposal;
use crate::vocabulary::DisposalClass;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many closings were closed with each reason, and with each class. Those that have none on record are counted,
/// too, so that either way the counts are the closings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mix {
    /// How many closings, whether they stood or not.
    pub closings: u64,
    /// By reason.
    pub by_reason: BTreeMap<ReasonCode, u64>,
    /// Closings without a reason on record.
    pub without_reason: u64,
    /// By what they did for the complainant, as it was written at the closing.
    pub by_class: BTreeMap<DisposalClass, u64>,
    /// Closings without a class on record.
    pub without_class: u64,
}

impl Mix {
    /// The mix of closings.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::quality::Mix;
    ///
    /// assert_eq!(Mix::of(&[]).closings, 0);
    /// ```
    pub fn of(disposals: &[Disposal]) -> Self {
        let mut mix = Self { closings: disposals.len() as u64, ..Self::default() };
        for disposal in disposals {
            *disposal.reason.as_ref().map_or(&mut mix.without_reason, |reason| {
                mix.by_reason.entry(reason.clone()).or_default()
            }) += 1;
            *disposal.class.map_or(&mut mix.without_class, |class| mix.by_class.entry(class).or_default()) +=
                1;
        }
        mix
    }
}
