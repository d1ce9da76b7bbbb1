//! Flags: what a weekly statement points out.
//!
//! The origin's statement is published as "colour coding and flagging"; which flags it raises is
//! not. These are ours; what it takes to raise one is the rulebook's word
//! ([`MisEntry`]), and the statement takes the default.

use crate::measure::statement::Figures;
use crate::rulebook::mis::MisEntry;
use crate::vocabulary::Flag;

/// What flags are raised by. What was not counted is `None` and raises nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flagged {
    /// Pending at the end of the week.
    pub pending: u64,
    /// Of them in the oldest band.
    pub oldest: u64,
    /// Pending when the week began.
    pub brought_forward: u64,
    /// Disposed in the week.
    pub disposed: u64,
    /// Opened again in four weeks, and disposed in them.
    pub reopened: Option<(u64, u64)>,
    /// Not satisfied in four weeks, and heard in them.
    pub not_satisfied: Option<(u64, u64)>,
}

impl Flag {
    /// The flags that an office's figures raise by the default thresholds, in the order of the list.
    pub fn raised(figures: &Figures) -> Vec<Self> {
        let flagged = Flagged {
            pending: figures.pending,
            oldest: figures.bands.last().map_or(0, |oldest| oldest.count),
            brought_forward: figures.flow.brought_forward,
            disposed: figures.flow.disposed,
            ..Flagged::default()
        };
        Self::raised_by(&flagged, &MisEntry::default())
    }

    /// The flags that counts raise by a rulebook's thresholds, in the order of the list. On a
    /// threshold it is reached.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::flag::Flagged;
    /// use grievance_core::rulebook::mis::MisEntry;
    /// use grievance_core::vocabulary::Flag;
    ///
    /// let office = Flagged { pending: 10, oldest: 5, disposed: 1, brought_forward: 10, ..Flagged::default() };
    /// assert_eq!(Flag::raised_by(&office, &MisEntry::default()), [Flag::OldBacklog]);
    /// ```
    pub fn raised_by(flagged: &Flagged, thresholds: &MisEntry) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|flag| flag.holds(flagged, thresholds)).collect()
    }

    fn holds(self, flagged: &Flagged, thresholds: &MisEntry) -> bool {
        let Flagged { pending, oldest, brought_forward, disposed, reopened, not_satisfied } = *flagged;
        let fewest = u64::from(thresholds.fewest);
        let many = |counted: Option<(u64, u64)>, percent| {
            counted.is_some_and(|(count, of)| of >= fewest && MisEntry::reaches(count, of, percent))
        };
        match self {
            Self::OldBacklog => {
                pending >= fewest && MisEntry::reaches(oldest, pending, thresholds.old_backlog_percent)
            }
            // From nothing to something is growth, too.
            Self::Growing => {
                pending >= fewest
                    && pending > brought_forward
                    && (brought_forward == 0
                        || MisEntry::reaches(
                            pending - brought_forward,
                            brought_forward,
                            thresholds.growing_percent,
                        ))
            }
            Self::NothingDisposed => pending >= fewest && disposed == 0,
            Self::OftenReopened => many(reopened, thresholds.often_reopened_percent),
            Self::Dissatisfied => many(not_satisfied, thresholds.dissatisfied_percent),
        }
    }
}
