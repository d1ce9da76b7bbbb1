//! Flags: what a weekly statement points out.
//!
//! The origin's statement is published as "colour coding and flagging"; which flags it raises is
//! not. These three are ours.

use crate::measure::statement::Figures;
use crate::vocabulary::Flag;

/// Fewer pending cases than this raise no flag: one case is no trend.
pub const FEWEST: u64 = 5;

impl Flag {
    /// The flags that an office's figures raise, in the order of the list.
    pub fn raised(figures: &Figures) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|flag| flag.holds(figures)).collect()
    }

    fn holds(self, figures: &Figures) -> bool {
        let Figures { pending, flow, bands, .. } = figures;
        if *pending < FEWEST {
            return false;
        }
        match self {
            Self::OldBacklog => bands.last().is_some_and(|oldest| oldest.count * 2 >= *pending),
            Self::Growing => {
                *pending > flow.brought_forward
                    && (pending - flow.brought_forward) * 10 >= flow.brought_forward
            }
            Self::NothingDisposed => flow.disposed == 0,
        }
    }
}
