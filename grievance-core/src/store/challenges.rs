//! What is kept of codes that were sent: their rows, and how often codes were sent and tried.

use crate::kernel::id::ChallengeId;
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::store::Stored;
use chrono::{DateTime, Utc};

/// Counts as they are kept, with the revision that the next ones must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLimiter {
    /// How often they were written; 0 for counts of which nothing is kept.
    pub revision: u64,
    /// The counts.
    pub state: LimiterState,
}

/// Counts on their way into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimiterMove {
    /// Whose counts they are.
    pub key: LimiterKey,
    /// The revision that they were computed from.
    pub expected: u64,
    /// The new counts.
    pub state: LimiterState,
}

/// Keeps codes that were sent and the limits on them; one tenant's.
///
/// Implementors promise that a write is all or nothing, and that it is refused (`false`, nothing
/// written) when a row is not as the writer last saw it. So of many who answer with the same code
/// one succeeds, and no wrong try goes uncounted.
pub trait Challenges: Send + Sync {
    /// The row of a code.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn challenge(&self, id: ChallengeId) -> Stored<Option<ChallengeState>>;

    /// Counts; fresh ones of revision 0 where nothing is kept.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter>;

    /// Writes the row of a new code and the counts that go with it. `false` when a row of that
    /// identity is there already or any count has another revision than expected.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn put_challenge(&self, challenge: &ChallengeState, limiters: &[LimiterMove]) -> Stored<bool>;

    /// Replaces `tries` and `used` of a code's row that has been tried `expected_tries` times and is
    /// unused, and the counts that go with it. `false` when the row is not so, or any count has
    /// another revision than expected.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn spend(
        &self,
        expected_tries: u32,
        challenge: &ChallengeState,
        limiters: &[LimiterMove],
    ) -> Stored<bool>;

    /// Replaces counts alone: to unlock a number. `false` when their revision is another.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn put_limiter(&self, limiter: &LimiterMove) -> Stored<bool>;

    /// Forgets up to `limit` codes that expired before an instant, the earliest first; says how
    /// many. Counts stay. Costs what it forgets.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn forget_challenges(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64>;

    /// Forgets up to `limit` counts that [may be forgotten](LimiterState::forget_at) before an
    /// instant, the earliest first; says how many. Counts that are forgotten are as if nothing had
    /// been written. Costs what it forgets.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn forget_limiters(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64>;
}
