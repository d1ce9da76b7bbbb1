//! One question that a table, a ledger and a database answer alike.

use crate::measure::mis::Terms;
use crate::measure::picked::Picked;
use serde::{Deserialize, Serialize};

/// By what cases are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The office that has custody.
    Unit,
    /// Subject.
    Category,
    /// Priority class.
    Priority,
    /// Reason of the closure; what is pending has none.
    Reason,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 4] = [Self::Unit, Self::Category, Self::Priority, Self::Reason];
}

/// How much there is, and how old: as of a day, by a dimension, of some offices and subjects.
///
/// It is asked of a table ([`Cases::answer`](crate::measure::cases::table::Cases::answer)), of a
/// ledger ([`Ledger::answer`](crate::measure::ledger::keep::Ledger::answer)) or of a store
/// ([`Journal::survey`](crate::store::Journal::survey)), and each gives the same
/// [`Answer`](crate::measure::answer::Answer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub(crate) terms: Terms,
    pub(crate) by: Dimension,
    pub(crate) picked: Picked,
}

impl Question {
    /// About every case.
    pub fn new(terms: Terms, by: Dimension) -> Self {
        Self { terms, by, picked: Picked::all() }
    }

    /// The same about some of them.
    #[must_use]
    pub fn about(self, picked: Picked) -> Self {
        Self { picked, ..self }
    }

    /// As of which day, in which zone, by which rule, in which bands.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// By what they are grouped.
    pub const fn by(&self) -> Dimension {
        self.by
    }
}
