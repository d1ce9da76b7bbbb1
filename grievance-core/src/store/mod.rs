//! Layer 5: what a store promises, as traits and plain values.

pub mod agenda;
pub mod archive;
pub mod audit;
pub mod blind;
pub mod challenges;
pub mod checkpoints;
pub mod commit;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod foreign;
pub mod keys;
pub mod looks;
pub mod memory;
pub mod outbox;
pub mod scope;
pub mod search;
pub mod survey;
pub mod vault;

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::kernel::code::SourceCode;
use crate::kernel::id::{CommandId, GrievanceId, VaultId};
use crate::kernel::text::Digest;
use crate::measure::question::Question;
use crate::proof::checkpoint::CaseHead;
use crate::proof::folio::Folio;
use crate::rulebook::access::Scope;
use crate::store::agenda::Agenda;
pub use crate::store::archive::{Archive, Holding};
use crate::store::challenges::Challenges;
use crate::store::checkpoints::Checkpoints;
use crate::store::commit::{Commit, Receipt};
use crate::store::looks::AccessLog;
use crate::store::outbox::Outbox;
use crate::store::search::{Page, Search};
use crate::store::survey::Survey;
use crate::store::vault::StoredText;
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, Utc};

/// Why a store could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else added events first.
    #[error("the case {case} has moved on to version {found}; {expected} was expected")]
    Conflict {
        /// The case.
        case: GrievanceId,
        /// The version the commit was made for.
        expected: u64,
        /// The version that the store holds.
        found: u64,
    },
    /// The command identity was used for another command.
    #[error("the command {command} was used before for another request")]
    CommandReused {
        /// The command.
        command: CommandId,
    },
    /// The number, or the external number of the same source, is taken.
    #[error("the number is taken by the case {case}")]
    NumberTaken {
        /// The case that has it.
        case: GrievanceId,
    },
    /// A stored event cannot be read.
    #[error("the event {version} of the case {case} cannot be read: {problem}")]
    Unreadable {
        /// The case.
        case: GrievanceId,
        /// The event's place in the history.
        version: u64,
        /// What is wrong with it.
        problem: crate::grievance::wire::WireError,
    },
    /// A stored history was changed after it was written.
    #[error("the history of the case {case} was changed: the event {version} does not fit")]
    Altered {
        /// The case.
        case: GrievanceId,
        /// The first event that is not what was recorded, or does not follow the one before it.
        version: u64,
    },
    /// A rulebook version was to be put in force that is not kept.
    #[error("the store keeps no rulebook of the version {version}")]
    EditionUnknown {
        /// The version.
        version: Digest,
    },
    /// A newer library wrote the database.
    #[error("the database has schema version {found}; this library knows up to {known}")]
    NewerSchema {
        /// The version found.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// Others are writing.
    #[error("the database is busy")]
    Busy,
    /// The database took the work back for the sake of another transaction, or the connection
    /// broke before the commit was asked for. Nothing was written.
    #[error("the database took the transaction back; nothing was written")]
    Undone,
    /// The connection broke when the commit had been asked for. It may have been written: the same
    /// command, sent again, is answered as it was.
    #[error("the connection to the database broke before it answered")]
    Lost,
    /// The database may forget what it answered, or keep what was erased.
    #[error(
        "the database does not keep to the setting {setting}: it may forget what it answered, or keep what was erased"
    )]
    NotDurable {
        /// The setting.
        setting: &'static str,
    },
    /// The calling thread drives an async runtime, and the store would block it.
    #[error("the store blocks: call it from a thread that may, such as one of spawn_blocking")]
    MayNotBlock,
    /// A store that is written elsewhere gave an answer that is none.
    #[error("the store's answer cannot be used: {place} {problem}")]
    BadAnswer {
        /// The method, and where in its answer: `history.events[2].version`.
        place: String,
        /// What is wrong there. No value is repeated.
        problem: String,
    },
    /// The storage failed. The text is the driver's, without any stored value.
    #[error("the storage failed: {0}")]
    Backend(String),
}

impl StoreError {
    /// Whether the same commit may be sent again at once: the command's identity decides what was
    /// written.
    pub const fn may_be_repeated(&self) -> bool {
        matches!(self, Self::Undone | Self::Lost)
    }

    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Conflict { .. } => ErrorCode::Conflict,
            Self::CommandReused { .. } => ErrorCode::CommandReused,
            Self::NumberTaken { .. } => ErrorCode::DuplicateNumber,
            Self::Unreadable { .. } => ErrorCode::EventUnreadable,
            Self::Altered { .. } => ErrorCode::HistoryAltered,
            Self::EditionUnknown { .. } => ErrorCode::RulebookUnknown,
            Self::NewerSchema { .. } => ErrorCode::SchemaUnknown,
            Self::Busy => ErrorCode::Busy,
            Self::Undone => ErrorCode::Undone,
            Self::Lost => ErrorCode::AnswerLost,
            Self::NotDurable { .. } => ErrorCode::NotDurable,
            Self::MayNotBlock => ErrorCode::MayNotBlock,
            Self::BadAnswer { .. } | Self::Backend(_) => ErrorCode::Storage,
        }
    }
}

/// What every store operation gives.
pub type Stored<T> = Result<T, StoreError>;

/// A case's history: its events, oldest first, and the hash of the last one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The events.
    pub events: Vec<Recorded>,
    /// The hash of the last one.
    pub head: Option<Digest>,
}

/// How a history goes on for whoever read it up to an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Further {
    /// The event is there: what came after it, which may be nothing, and the hash of the last event
    /// of the case.
    After(History),
    /// The case has no such event, or the store does not look: its whole history.
    Whole(History),
}

/// What the storage holds of a case, before anything of it is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// The version that the case's row names; `None` where there is no row.
    pub version: Option<u64>,
    /// Its pages, in the order of versions.
    pub folios: Vec<Folio>,
}

/// Keeps the history of each case, in order, for ever; one tenant's.
///
/// Implementors promise that [`commit`](Self::commit) is all or nothing, that of two writers who
/// hold the same version of a case only one succeeds, and that a command identity is answered the
/// same way every time.
pub trait Journal: Send + Sync {
    /// Writes everything a command produced, or nothing.
    ///
    /// A command identity that was committed before with the same fingerprint answers with the
    /// receipt of then, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when a case has moved on, [`StoreError::CommandReused`] when the
    /// command identity had another fingerprint, [`StoreError::NumberTaken`] when a registration
    /// number or an external number of the same source belongs to another case;
    /// [`StoreError::Undone`] and [`StoreError::Lost`] when the same commit may be sent again.
    fn commit(&self, commit: &Commit) -> Stored<Receipt>;

    /// Writes many commits in one transaction: each on its own terms. A commit that is refused
    /// leaves no trace and does not stop the others.
    ///
    /// # Errors
    ///
    /// Only when the storage fails as a whole; then nothing is written.
    fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>>;

    /// The receipt of a command that was committed before, with its fingerprint.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>>;

    /// A whole history; empty for an unknown case.
    ///
    /// # Errors
    ///
    /// When the storage fails or an event cannot be read.
    fn history(&self, case: GrievanceId) -> Stored<History>;

    /// How a case's history goes on after an event that was read before: what came since, if the case
    /// has an event of that version and that hash, and otherwise the whole history. A hash binds all
    /// that came before it, so whoever has what it stands for need not read it again.
    ///
    /// A store that is not written for this gives the whole history, as ever.
    ///
    /// # Errors
    ///
    /// As [`history`](Self::history).
    fn history_after(&self, read: &CaseHead) -> Stored<Further> {
        Ok(Further::Whole(self.history(read.case)?))
    }

    /// The pages of a case's file as they lie in the storage, in the order of versions, with the
    /// version that the case's row names: both as they stand at one moment.
    ///
    /// # Errors
    ///
    /// When the storage fails; never because of what a page holds.
    fn file(&self, case: GrievanceId) -> Stored<Pages>;

    /// Pages of all files, by case and version, after that of a case's bytes and version.
    ///
    /// # Errors
    ///
    /// As [`file`](Self::file).
    fn folios(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>>;

    /// The version that a case's row names; `None` where there is no row.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn version(&self, case: GrievanceId) -> Stored<Option<u64>>;

    /// Cases that have a row and no page, in the order of their identities, after `after`: there
    /// are none, unless somebody removed the pages.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn empty_files(&self, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>>;

    /// Every history of the cases in a scope, case by case in the order of their identities. Stops
    /// early when `each` returns `false`. Never holds more than some of the histories in memory.
    ///
    /// What is committed meanwhile may or may not be seen; each history that is given is whole up
    /// to some version. `each` may use the store.
    ///
    /// # Errors
    ///
    /// When the storage fails or an event cannot be read.
    fn scan(&self, scope: &Scope, each: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()>;

    /// How many cases are in a scope. Nothing of them is loaded.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn count(&self, scope: &Scope) -> Stored<u64>;

    /// How much there is in a scope and how old it is, counted by the rows of the cases as they are
    /// today. What a row tells of the time after `until` is refused, as a table refuses it.
    ///
    /// Sealed cases count nowhere, whatever the scope. A store that can count by itself does; what it
    /// says is what [`Survey::of`] counts of the same rows.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn survey(&self, scope: &Scope, question: &Question, until: DateTime<Utc>) -> Stored<Survey> {
        Survey::by_rows(self, scope, question, until)
    }

    /// The flat row of a case.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn fact(&self, case: GrievanceId) -> Stored<Option<CaseFact>>;

    /// Puts a row in the place of a case's row, if the case still has the row's version: for rows
    /// that an older version of the library wrote. Answers whether it did.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn renew(&self, fact: &CaseFact) -> Stored<bool>;

    /// The case that another system knows under that number.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn find_external(&self, source: &SourceCode, number: &str) -> Stored<Option<GrievanceId>>;

    /// The case of an anonymous complainant's tracking code; of a divided case the whole, not a
    /// part.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn find_tracking(&self, tracking: Digest) -> Stored<Option<GrievanceId>>;

    /// A page of the cases in a scope. Nothing out of it is loaded.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn search(&self, scope: &Scope, search: &Search) -> Stored<Page>;

    /// Reserves `count` serials of a series and returns the first: in a transaction of its own,
    /// never twice, never below `floor`. Serials that are reserved and not used leave a gap.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn reserve(&self, series: &str, floor: u64, count: u64) -> Stored<u64>;

    /// Cases that have something due at `now`, what was due first at the head, then by identity;
    /// only those after `after`, so that a case which cannot be dealt with holds up nobody.
    ///
    /// Costs what it answers, however many cases are open.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Stored<Vec<Due>>;

    /// The earliest instant at which a case has something due; it may have passed.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn next_due(&self) -> Stored<Option<DateTime<Utc>>>;
}

/// A case that has something due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// Since when.
    pub at: DateTime<Utc>,
    /// The case.
    pub case: GrievanceId,
}

/// Keeps texts that people wrote, apart from the history; one tenant's.
pub trait Vault: Send + Sync {
    /// The texts of those references that are there, in the order asked for; an erased one is
    /// absent.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>>;

    /// Whether any text of a case is there.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn has_texts(&self, case: GrievanceId) -> Stored<bool>;

    /// Texts that are not kept under these keys, in the order of their identities, after `after`:
    /// those sealed under another key than `seal` or, where `seal` is `None`, under any; and those
    /// of the identity compartment whose tokens are of another key than `index`, or that have none.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn stale_texts(
        &self,
        seal: Option<&str>,
        index: &str,
        after: Option<VaultId>,
        limit: usize,
    ) -> Stored<Vec<StoredText>>;

    /// Keeps texts anew, in one transaction: each as it is now given, with its tokens, where it is
    /// still kept under the keys of the text before. One that was erased or kept anew meanwhile is
    /// left as it is. Says how many were kept.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn keep_anew(&self, texts: &[Rekept]) -> Stored<u64>;
}

/// A text before and after it is kept under another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rekept {
    /// As it was read.
    pub before: StoredText,
    /// As it is to be kept.
    pub after: StoredText,
}

/// Everything a desk needs of a store.
pub trait Store: Journal + Vault + AccessLog + Archive + Outbox + Agenda + Challenges + Checkpoints {
    /// What a command begins with: the rulebook version in force at an instant, and the history
    /// of its case. A store that can reads both at once.
    ///
    /// # Errors
    ///
    /// When the storage fails or an event cannot be read.
    fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
        Ok((self.in_force(at)?, self.history(case)?))
    }

    /// The same for whoever read the history up to an event. A store with a
    /// [`history_after`](Journal::history_after) of its own has one of this too.
    ///
    /// # Errors
    ///
    /// As [`opening`](Self::opening).
    fn opening_after(&self, read: &CaseHead, at: DateTime<Utc>) -> Stored<(Option<Digest>, Further)> {
        let (version, history) = self.opening(read.case, at)?;
        Ok((version, Further::Whole(history)))
    }
}
