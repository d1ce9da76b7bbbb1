//! From when on a weekly statement points something out, and in which colour it shows an office.

use serde::{Deserialize, Serialize};

/// Thresholds of the weekly statement, in whole per cent.
///
/// The origin's statement is published as "colour coding and flagging"; its thresholds are not.
/// What stands here unless a rulebook says otherwise is ours.
///
/// # Examples
///
/// ```
/// use grievance_core::rulebook::mis::MisEntry;
///
/// let ours = MisEntry::default();
/// assert!(MisEntry::reaches(5, 10, ours.old_backlog_percent)); // on the threshold: it is reached
/// assert!(!MisEntry::reaches(0, 0, 0)); // nothing of nothing reaches nothing
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MisEntry {
    /// Fewer pending cases raise no flag and give no colour, and of fewer cases heard or disposed
    /// nothing is concluded: one case is no trend.
    pub fewest: u32,
    /// So much of the pending in the oldest band is an old backlog.
    pub old_backlog_percent: u32,
    /// By so much more pending than a week ago, the stock is growing.
    pub growing_percent: u32,
    /// So many reopenings for each hundred disposals of four weeks are many.
    pub often_reopened_percent: u32,
    /// So many of those who were heard in four weeks not satisfied are many.
    pub dissatisfied_percent: u32,
    /// The share of the pending in the oldest band from which an office has the second, the third
    /// and the last colour of age.
    pub oldest_percent: Vec<u32>,
    /// The share of the pending past the due date from which an office is shown as due soon and as
    /// breached.
    pub past_due_percent: Vec<u32>,
}

impl Default for MisEntry {
    fn default() -> Self {
        Self {
            fewest: 5,
            old_backlog_percent: 50,
            growing_percent: 10,
            often_reopened_percent: 10,
            dissatisfied_percent: 50,
            oldest_percent: vec![10, 25, 50],
            past_due_percent: vec![5, 20],
        }
    }
}

impl MisEntry {
    /// How many thresholds the colours of age have: one fewer than there are colours.
    pub const AGE_STEPS: usize = 3;
    /// How many thresholds the colours of the target have.
    pub const TARGET_STEPS: usize = 2;

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a count is at least so many per cent of another; never of nothing.
    pub fn reaches(count: u64, of: u64, percent: u32) -> bool {
        of > 0 && u128::from(count) * 100 >= u128::from(of) * u128::from(percent)
    }

    /// How many of rising thresholds a share reaches; `None` out of fewer than
    /// [`fewest`](Self::fewest).
    pub fn step(&self, count: u64, of: u64, thresholds: &[u32]) -> Option<usize> {
        (of > 0 && of >= u64::from(self.fewest))
            .then(|| thresholds.iter().take_while(|percent| Self::reaches(count, of, **percent)).count())
    }
}
