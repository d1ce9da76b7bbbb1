//! Messages on their way out: claimed, tried, settled.

use crate::grievance::notice::Notice;
use crate::kernel::code::ProblemCode;
use crate::kernel::id::{ClaimId, GrievanceId, NoticeId};
use crate::store::Stored;
use crate::vocabulary::NoticeState;
use chrono::{DateTime, TimeDelta, Utc};
use smol_str::SmolStr;

/// Keeps the messages that commits have put in, until they are settled; one tenant's.
///
/// What is said about one case to the public is one line of messages, what is said to offices
/// ([`Recipient::is_office`](crate::grievance::notice::Recipient::is_office)) another.
/// Implementors promise that every message is claimed until it is settled, that no two claims
/// hold it at the same time, and that of one line only the first that waits can be claimed, in
/// the order of (`about`, `place`). A message whose worker died comes back when its lease has run
/// out: it may reach the gateway twice, under the same identity.
pub trait Outbox: Send + Sync {
    /// Puts in messages that belong to no commit, such as those about a statement; all of them or
    /// none. One whose identity is there already stays as it is. Answers how many were new.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn post(&self, notices: &[Notice]) -> Stored<u64>;

    /// Claims messages that may go out at `now`, the longest waiting first, at most one of each
    /// line, until `now + lease`.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>>;

    /// Says what became of a message that was claimed. `false`, and nothing is written, when the
    /// claim no longer holds: somebody else has it, or it is settled.
    ///
    /// A lease that has run out holds until somebody else claims the message.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn settle(&self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> Stored<bool>;

    /// Messages that are parked, those that were parked first at the head, then by identity.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn parked(&self, limit: usize) -> Stored<Vec<Parked>>;

    /// Lets a parked message wait again from `now` on, as if it had never been tried. `false` for
    /// one that is not parked.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn revive(&self, id: NoticeId, now: DateTime<Utc>) -> Stored<bool>;

    /// Records when the carrier says that the recipient got it; the first word counts. It changes
    /// nothing else: what waits is still tried. `false` for an unknown message.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn delivery_report(&self, id: NoticeId, received_at: DateTime<Utc>) -> Stored<bool>;

    /// The messages that were delivered under this reference of a gateway's, by identity: one, if
    /// gateways give each reference once.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn referred(&self, reference: &str) -> Stored<Vec<NoticeId>>;

    /// The earliest instant at which a message can be claimed; `None` when none waits.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn outbox_next(&self) -> Stored<Option<DateTime<Utc>>>;

    /// Every message of a case, in the order of (`about`, `place`).
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn notices_of(&self, case: GrievanceId) -> Stored<Vec<Posted>>;
}

/// A message that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The message.
    pub notice: Notice,
    /// Which try this is, from 1. A try whose worker died counts too.
    pub attempts: u32,
    /// The claim under which it is settled.
    pub by: ClaimId,
}

/// What became of a message that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The gateway took it.
    Delivered {
        /// When.
        at: DateTime<Utc>,
        /// Under which reference of the gateway's own, if it gave one.
        reference: Option<SmolStr>,
    },
    /// It is tried again; until then the later messages of its line wait too.
    Retry {
        /// Not before this.
        at: DateTime<Utc>,
        /// What was wrong.
        problem: ProblemCode,
    },
    /// Somebody must look at it. The later messages of its line go on without it.
    Parked {
        /// When.
        at: DateTime<Utc>,
        /// What was wrong.
        problem: ProblemCode,
    },
    /// There is nobody any more to whom it could go: the contact was erased.
    Dropped {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A message that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// The message.
    pub notice: Notice,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it is parked.
    pub at: DateTime<Utc>,
    /// What was wrong.
    pub problem: ProblemCode,
}

/// A message of a case, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The message.
    pub notice: Notice,
    /// How far it has come.
    pub state: NoticeState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was delivered, parked or dropped.
    pub settled_at: Option<DateTime<Utc>>,
    /// The gateway's own reference, under which it was delivered.
    pub reference: Option<SmolStr>,
    /// When the carrier says that the recipient got it.
    pub received_at: Option<DateTime<Utc>>,
    /// What was wrong the last time.
    pub problem: Option<ProblemCode>,
}
