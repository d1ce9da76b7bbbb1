//! Why a ledger refuses.

use crate::measure::cases::row::{RowFault, RowField};
use crate::vocabulary::ErrorCode;

/// Why a ledger does not take a posting, or does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The terms or the other part count days in another zone.
    #[error("the ledger counts days in another zone")]
    Zone,
    /// The days of the ledger, or of the other part, begin at another hour.
    #[error("the days of the ledger begin at another hour")]
    Cutoff,
    /// The terms ask for lengths in milliseconds or working days, of which a ledger keeps only the
    /// calendar days.
    #[error("a ledger keeps calendar days; ask the table of cases by another rule")]
    Rule,
    /// The question is by, or about, something of which a ledger has no books: place, channel, kind,
    /// priority, reason.
    #[error("a ledger keeps offices and subjects; ask the table of cases by another dimension")]
    Dimension,
    /// Headlines of several subjects together.
    #[error("a ledger's headlines are of one subject or of all; ask its balance or the table of cases")]
    Subjects,
    /// A row cannot be used.
    #[error("{fault} ({field:?})")]
    Row {
        /// Which field.
        field: RowField,
        /// What is wrong with it.
        fault: RowFault,
    },
    /// A date lies outside the years 1 to 9999, or a length is longer than 5,000 years.
    #[error("a date lies outside the years 1 to 9999")]
    Date,
    /// More postings than a ledger holds: 2^31 − 1, each a case that came, went or was disposed.
    #[error("a ledger holds no more than 2147483647 postings")]
    Full,
    /// More was taken out than had been entered by that day: a part is missing, or a step was
    /// posted twice.
    #[error("more was taken out of the ledger than had been entered")]
    Overdrawn,
    /// The step seals or unseals the case, which changes what may be said of its past: take its
    /// history out, or enter it.
    #[error("a case that is sealed or unsealed changes the past: take its history out or enter it")]
    Sealed,
    /// The ledger follows the store of another tenant.
    #[error("the ledger is that of another tenant")]
    Elsewhere,
    /// The store was put back to a time before the ledger was last current.
    #[error("the store has gone back behind the ledger: build it anew")]
    Behind,
}

impl LedgerError {
    /// The code every binding reports for this refusal.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Zone | Self::Cutoff | Self::Overdrawn | Self::Elsewhere | Self::Behind => {
                ErrorCode::PartInvalid
            }
            Self::Rule | Self::Dimension | Self::Subjects | Self::Sealed => ErrorCode::FigureNotKept,
            Self::Row { fault: RowFault::BeforeReceived, .. } => ErrorCode::DatesContradict,
            Self::Row { .. } => ErrorCode::RowInvalid,
            Self::Date => ErrorCode::DateInvalid,
            Self::Full => ErrorCode::TooMany,
        }
    }
}

/// Why the text of a part is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// No JSON of a part, a number too large for it, or the form of another version.
    #[error("the text is no part of a ledger in form 2")]
    Form,
    /// No zone of that name.
    #[error("there is no zone of that name")]
    Zone,
    /// An office without a code.
    #[error("a book has no office")]
    Unit,
    /// Two books of one office and subject, or books out of order.
    #[error("books do not rise")]
    Books,
    /// A posting of an unknown kind, outside its limits, of nothing, or out of order.
    #[error("a posting is malformed or out of order")]
    Posting,
    /// More than a ledger can hold.
    #[error("the part holds more postings than there can be")]
    Full,
}

impl StoredError {
    /// The code every binding reports for this refusal.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::PartInvalid
    }
}
