//! Layer 1: the closed lists that every language shares.
//!
//! Each list is one table, exported as a `for_*!(callback)` macro: the callback receives the
//! list's doc, its name and its variants with their words and docs. The core makes its enums
//! from the tables; so does every binding, so no list can differ between languages.

mod access;
mod case;
mod closed;
mod failure;
mod lists;
mod measure;
mod measures;
mod message;
mod office;
mod papers;
mod proof;
mod quality;
mod records;
mod time;
mod vault;
mod verbs;

pub use access::{Field, Sight, Tenure};
pub use case::{Action, EventKind, Outcome, Phase};
pub use closed::NotInList;
pub use failure::{ErrorCode, Remedy};
pub use lists::{CLOSED_LISTS, ClosedList, ListWord, MEASURES, PAPERS, RECORDS, TableField, TableRow, VERBS};
pub use measure::{AgeRule, CaseField, Flag, MisLine, Quantity, TargetState};
pub use message::{Audience, Occasion, Purpose, TellWhen, VariableKind};
pub use office::{
    Custody, DisposalClass, EvidenceKind, FeedbackOutcome, Gap, Gate, HolidayClass, Reach, ReferenceFrom,
    Relation, TargetKind, Waiver,
};
pub use proof::{Discrepancy, FileAudience};
pub use quality::{ChangeState, PracticeFacet, Suspicion, TrendKind, VerificationFinding};
pub use time::{
    Because, CountedFrom, JobKind, LadderMode, LadderStep, MessageChannel, NoticeState, OnChange, Resumed,
    TimeUnit,
};
pub use vault::{ErasureBecause, HoldFor, LookPurpose};
