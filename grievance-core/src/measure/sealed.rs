//! What a statement may say of sealed cases: a total, and no small one.

use serde::{Deserialize, Serialize};

/// The fewest that a published figure tells; below it, it says only that.
pub const FEWEST: u64 = 5;

/// How many sealed cases there are, as far as it may be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SealedTotal {
    /// Whoever asked does not reach every case.
    #[default]
    NotTold,
    /// Fewer than [`FEWEST`]: perhaps none.
    Few,
    /// So many.
    Count(u64),
}

impl SealedTotal {
    /// What may be said of so many.
    pub const fn of(count: u64) -> Self {
        if count < FEWEST { Self::Few } else { Self::Count(count) }
    }

    /// What two parts of one statement say of it: either knows it of all cases, not of its own.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if let Self::NotTold = self { other } else { self }
    }

    /// In words; `None` where nothing is told.
    pub fn words(self) -> Option<String> {
        match self {
            Self::NotTold => None,
            Self::Few => Some(format!("fewer than {FEWEST}")),
            Self::Count(count) => Some(count.to_string()),
        }
    }
}
