//! Why a desk could not do what it was asked.

use crate::grievance::read::NotACommand;
use crate::grievance::refusal::Refusal;
use crate::grievance::request::NotARequest;
use crate::otp::OtpRefusal;
use crate::rulebook::finding::RulebookInvalid;
use crate::store::StoreError;
use crate::vocabulary::{ErrorCode, Remedy};

/// Why a desk could not do what it was asked. No variant holds personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// A rule stands in the way.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A field cannot be read.
    #[error(transparent)]
    NotACommand(#[from] NotACommand),
    /// The JSON is no request.
    #[error(transparent)]
    NotARequest(#[from] NotARequest),
    /// The store failed, or somebody else was first.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rulebook has errors.
    #[error(transparent)]
    Rulebook(#[from] RulebookInvalid),
    /// No code is sent, or the code does not open anything.
    #[error(transparent)]
    Code(#[from] OtpRefusal),
    /// No rulebook is in force.
    #[error("no rulebook is in force at that instant")]
    NoRulebook,
}

impl DeskError {
    /// The code every binding reports for this failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NotACommand(problem) => problem.code(),
            Self::NotARequest(problem) => problem.code(),
            Self::Store(problem) => problem.code(),
            Self::Rulebook(refused) => refused.code(),
            Self::Code(refusal) => refusal.code(),
            Self::NoRulebook => ErrorCode::RulebookUnknown,
        }
    }

    /// What the caller can do about it.
    pub fn remedy(&self) -> Remedy {
        self.code().remedy()
    }
}
