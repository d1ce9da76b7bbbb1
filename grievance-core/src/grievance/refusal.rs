//! Why a command was refused.

use crate::kernel::code::{ReasonCode, StageCode, UnitCode};
use crate::vocabulary::{Action, ErrorCode, EvidenceKind, Gate};
use chrono::NaiveDate;

/// Why a command was refused. It names codes and dates, never a person or a person's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such case, or none that the actor may see: the answer is the same.
    #[error("there is no such case")]
    NotFound,
    /// The case has been lodged.
    #[error("the case has been lodged already")]
    AlreadyLodged,
    /// The workflow has no step for it.
    #[error("the action {action} is not offered {} to this role", .stage.as_ref().map_or("before lodging".to_owned(), |stage| format!("at the stage {stage}")))]
    ActionNotOffered {
        /// The action.
        action: Action,
        /// The stage; `None` before lodging.
        stage: Option<StageCode>,
    },
    /// The case is not the actor's.
    #[error("the case is not within the actor's reach")]
    OutOfReach,
    /// The roster says otherwise.
    #[error("the roster does not say that the actor holds the post that they act in")]
    PostNotHeld,
    /// Nobody there may know.
    #[error("the case is sealed, and nobody of the office {unit} may know of it")]
    UnitNotNamed {
        /// The office.
        unit: UnitCode,
    },
    /// There is no seal.
    #[error("the case is not sealed")]
    NotSealed,
    /// Time ran backwards.
    #[error("the clock is behind the case's last event")]
    ClockBehind,
    /// The instant of receipt is wrong.
    #[error("a receipt may be dated back by {allowed} day(s) in this role, and not into the future")]
    Backdated {
        /// How many days the role allows.
        allowed: u32,
    },
    /// The rulebook has no such thing.
    #[error("{field}: the rulebook has nothing of the code {code}")]
    Unknown {
        /// The field of the command.
        field: &'static str,
        /// The code.
        code: String,
    },
    /// A field cannot be so.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field of the command.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The case is led here now.
    #[error("the case has been carried on here since it was imported; other facts do not replace that")]
    ContinuedHere,
    /// Remarks are needed.
    #[error("remarks are needed")]
    RemarksMissing,
    /// A reason is needed.
    #[error("exactly one closure reason is needed")]
    ReasonMissing,
    /// The reason is not valid.
    #[error("the closure reason {reason} is not valid on this day")]
    ReasonNotValid {
        /// The reason.
        reason: ReasonCode,
    },
    /// Another reason was selected.
    #[error("the closure reason {selected} was selected; it may be sent back, not altered")]
    ReasonAlreadySelected {
        /// The reason that was selected.
        selected: ReasonCode,
    },
    /// Evidence is missing.
    #[error("the closure reason asks for: {}", list(.kinds))]
    EvidenceMissing {
        /// What is missing.
        kinds: Vec<EvidenceKind>,
    },
    /// Evidence cannot be so.
    #[error("the evidence {kind} {problem}")]
    EvidenceNotValid {
        /// Which evidence.
        kind: EvidenceKind,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The complainant must be heard.
    #[error("feedback must be recorded before disposal")]
    FeedbackMissing,
    /// The reporting office may not take the feedback.
    #[error("feedback must be taken outside the office that reported")]
    FeedbackNotOutside,
    /// Too few attempts.
    #[error(
        "{made} attempt(s) are on record; {needed} are needed, on {days} day(s) and in {slots} time slot(s)"
    )]
    AttemptsMissing {
        /// Attempts on record.
        made: u32,
        /// Attempts needed.
        needed: u32,
        /// Days needed.
        days: u32,
        /// Time slots needed.
        slots: u32,
    },
    /// Too late.
    #[error("the time allowed for it ended on {ended}")]
    WindowClosed {
        /// The last day, in the office's zone.
        ended: NaiveDate,
    },
    /// The same person.
    #[error("another officer must take this step")]
    SameOfficer,
    /// Approval is needed.
    #[error("a superior must approve it first")]
    ApprovalMissing,
    /// Parts are open.
    #[error("{open} part(s) of the case are still open")]
    PartsOpen {
        /// How many.
        open: usize,
    },
    /// It is a part.
    #[error("the step is taken on the whole case, not on a part of it")]
    PartNotAllowed,
    /// Other cases depend on it.
    #[error("other complainants' cases are joined to this one")]
    OthersJoined,
    /// Not below.
    #[error("the office {unit} is not below the holder")]
    UnitNotBelow {
        /// The office.
        unit: UnitCode,
    },
    /// Below, where beside is meant.
    #[error("the office {unit} is below the holder: forward the case instead")]
    UnitNotBeside {
        /// The office.
        unit: UnitCode,
    },
    /// Not on this day.
    #[error("the office {unit} does not exist on this day")]
    UnitClosed {
        /// The office.
        unit: UnitCode,
    },
    /// It is there.
    #[error("the case is with that office already")]
    AlreadyThere,
    /// It is accused.
    #[error("the grievance is about that office or its line")]
    UnitAccused,
    /// Nobody sent it.
    #[error("no office sent the case to its holder")]
    NobodySent,
    /// Nobody is above.
    #[error("no office is above the holder")]
    NobodyAbove,
    /// It was opened.
    #[error("the holder has opened the case")]
    AlreadyOpened,
    /// The cell decided.
    #[error("the cell's assignment is binding")]
    AssignmentBinding,
    /// It must be transferred.
    #[error("a matter of another office is transferred, not closed")]
    MustTransfer,
    /// Nobody asked.
    #[error("that office was not asked")]
    NotConsulted,
    /// They cannot be joined.
    #[error("these cases cannot be joined: {because}")]
    MergeImpossible {
        /// Why.
        because: &'static str,
    },
    /// Whoever lodges must show to have the mobile.
    #[error("who lodges in this role must verify the mobile first")]
    MobileNotVerified,
    /// Another mobile was verified.
    #[error("mobile: the one that was verified is another")]
    MobileDiffers,
    /// Nothing to undo.
    #[error("the last step cannot be undone")]
    NothingToRescind,
    /// A limit is reached.
    #[error("the rulebook allows {most} {of}")]
    TooMany {
        /// Of what.
        of: &'static str,
        /// How many.
        most: u32,
    },
}

fn list(kinds: &[EvidenceKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}

impl Refusal {
    /// The code every binding reports for this refusal.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => ErrorCode::NotFound,
            Self::AlreadyLodged => ErrorCode::AlreadyLodged,
            Self::ActionNotOffered { .. } => ErrorCode::ActionNotOffered,
            Self::OutOfReach => ErrorCode::OutOfReach,
            Self::PostNotHeld => ErrorCode::PostNotHeld,
            Self::UnitNotNamed { .. } => ErrorCode::UnitNotNamed,
            Self::NotSealed => ErrorCode::NotSealed,
            Self::ClockBehind => ErrorCode::ClockBehind,
            Self::Backdated { .. } => ErrorCode::Backdated,
            Self::Unknown { .. } => ErrorCode::UnknownCode,
            Self::Invalid { .. } => ErrorCode::InvalidCommand,
            Self::ContinuedHere => ErrorCode::ContinuedHere,
            Self::RemarksMissing => ErrorCode::RemarksMissing,
            Self::ReasonMissing => ErrorCode::ReasonMissing,
            Self::ReasonNotValid { .. } => ErrorCode::ReasonNotValid,
            Self::ReasonAlreadySelected { .. } => ErrorCode::ReasonAlreadySelected,
            Self::EvidenceMissing { .. } => ErrorCode::EvidenceMissing,
            Self::EvidenceNotValid { .. } => ErrorCode::EvidenceNotValid,
            Self::FeedbackMissing => ErrorCode::FeedbackMissing,
            Self::FeedbackNotOutside => ErrorCode::FeedbackNotOutside,
            Self::AttemptsMissing { .. } => ErrorCode::AttemptsMissing,
            Self::WindowClosed { .. } => ErrorCode::WindowClosed,
            Self::SameOfficer => ErrorCode::SameOfficer,
            Self::ApprovalMissing => ErrorCode::ApprovalMissing,
            Self::PartsOpen { .. } => ErrorCode::PartsOpen,
            Self::PartNotAllowed => ErrorCode::PartNotAllowed,
            Self::OthersJoined | Self::MergeImpossible { .. } => ErrorCode::MergeImpossible,
            Self::UnitNotBelow { .. } => ErrorCode::UnitNotBelow,
            Self::UnitNotBeside { .. } => ErrorCode::UnitNotBeside,
            Self::UnitClosed { .. } => ErrorCode::UnitClosed,
            Self::AlreadyThere => ErrorCode::AlreadyThere,
            Self::UnitAccused => ErrorCode::UnitAccused,
            Self::NobodySent => ErrorCode::NobodySent,
            Self::NobodyAbove => ErrorCode::NobodyAbove,
            Self::AlreadyOpened => ErrorCode::AlreadyOpened,
            Self::AssignmentBinding => ErrorCode::AssignmentBinding,
            Self::MustTransfer => ErrorCode::MustTransfer,
            Self::NotConsulted => ErrorCode::NotConsulted,
            Self::MobileNotVerified => ErrorCode::MobileNotVerified,
            Self::MobileDiffers => ErrorCode::MobileDiffers,
            Self::NothingToRescind => ErrorCode::NothingToRescind,
            Self::TooMany { .. } => ErrorCode::TooMany,
        }
    }

    /// The gate that is missing, where the refusal is one.
    pub const fn gate(&self) -> Option<Gate> {
        match self {
            Self::RemarksMissing => Some(Gate::Remarks),
            Self::ReasonMissing => Some(Gate::Reason),
            Self::EvidenceMissing { .. } => Some(Gate::Evidence),
            Self::FeedbackMissing => Some(Gate::Feedback),
            Self::WindowClosed { .. } => Some(Gate::Window),
            Self::SameOfficer => Some(Gate::DifferentOfficer),
            Self::ApprovalMissing => Some(Gate::Approval),
            Self::PartsOpen { .. } => Some(Gate::Parts),
            _ => None,
        }
    }
}
