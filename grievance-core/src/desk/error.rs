//! Why a desk could not do what it was asked.

use crate::grievance::read::NotACommand;
use crate::grievance::refusal::Refusal;
use crate::grievance::request::NotARequest;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::ledger::error::LedgerError;
#[cfg(feature = "messages")]
use crate::message::{GatewayError, RenderError};
use crate::otp::{OtpRefusal, TokenError};
use crate::proof::case::ProofError;
use crate::proof::receipt::NotAReceipt;
use crate::rulebook::finding::RulebookInvalid;
use crate::store::StoreError;
use crate::store::vault::SealError;
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
    /// A kept text does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The rulebook has errors.
    #[error(transparent)]
    Rulebook(#[from] RulebookInvalid),
    /// No code is sent, or the code does not open anything.
    #[error(transparent)]
    Code(#[from] OtpRefusal),
    /// The verified mobile cannot serve here.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A message cannot be written.
    #[cfg(feature = "messages")]
    #[error(transparent)]
    Message(#[from] RenderError),
    /// The gateway did not take a message.
    #[cfg(feature = "messages")]
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The receipt was copied wrongly.
    #[error(transparent)]
    Receipt(#[from] NotAReceipt),
    /// A proof does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A ledger cannot follow the store.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A question over cases cannot be answered as it was put.
    #[error(transparent)]
    NotAsked(#[from] NotAsked),
    /// No checkpoint covers the case, or there is none of that number.
    #[error("no checkpoint of that number covers the case")]
    NotCovered,
    /// No rulebook is in force.
    #[error(
        "no rulebook is in force at that instant: activate one, or open the desk of the tenant that has one"
    )]
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
            Self::Seal(problem) => problem.code(),
            Self::Rulebook(refused) => refused.code(),
            Self::Code(refusal) => refusal.code(),
            Self::Token(problem) => problem.code(),
            #[cfg(feature = "messages")]
            Self::Message(problem) => problem.code(),
            #[cfg(feature = "messages")]
            Self::Gateway(problem) => problem.code(),
            Self::Receipt(_) => ErrorCode::ReceiptInvalid,
            Self::Ledger(problem) => problem.code(),
            Self::Proof(_) => ErrorCode::ProofInvalid,
            Self::NotAsked(problem) => problem.code,
            Self::NotCovered => ErrorCode::NotCovered,
            Self::NoRulebook => ErrorCode::RulebookUnknown,
        }
    }

    /// Where in what was asked the fault lies: the field of a command, the path in a rulebook. `None`
    /// where no one place is to blame.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Refused(Refusal::Unknown { field, .. } | Refusal::Invalid { field, .. }) => Some(field),
            Self::Refused(Refusal::FieldNotSeen { field }) => Some(field.as_str()),
            Self::Refused(Refusal::MobileDiffers) => Some("mobile"),
            Self::Refused(Refusal::Backdated { .. }) => Some("received_at"),
            Self::NotACommand(problem) => Some(&problem.field),
            Self::NotARequest(NotARequest::Field { path, .. }) => Some(path),
            Self::NotARequest(NotARequest::NoAction) => Some("action"),
            Self::Rulebook(refused) => refused.errors().next().map(|finding| finding.path.as_str()),
            Self::NotAsked(problem) => Some(&problem.place),
            Self::Store(StoreError::BadAnswer { place, .. }) => Some(place),
            _ => None,
        }
    }

    /// What may help, where the library has a guess.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Rulebook(refused) => refused.errors().next()?.hint.as_deref(),
            Self::NotAsked(problem) => problem.hint.as_deref(),
            _ => None,
        }
    }

    /// What the caller can do about it.
    pub fn remedy(&self) -> Remedy {
        self.code().remedy()
    }
}
