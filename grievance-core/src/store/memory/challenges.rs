//! Codes that were sent and the limits on them, in memory.

use crate::kernel::id::ChallengeId;
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::store::Stored;
use crate::store::challenges::{Challenges, KeptLimiter, LimiterMove};
use crate::store::memory::MemoryTenant;
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The shelf of codes, under a lock of its own: no case hangs on it.
#[derive(Default)]
pub(super) struct Codes(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    challenges: HashMap<ChallengeId, ChallengeState>,
    limiters: HashMap<LimiterKey, (u64, LimiterState)>,
    /// When each may be forgotten.
    expiries: BTreeSet<(DateTime<Utc>, ChallengeId)>,
    stale: BTreeSet<(DateTime<Utc>, LimiterKey)>,
}

impl Codes {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A write is checked before it is made, so that a panic leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn fits(&self, limiters: &[LimiterMove]) -> bool {
        let mut all = limiters.iter().enumerate();
        all.all(|(n, LimiterMove { key, expected, .. })| {
            self.limiters.get(key).map_or(0, |(revision, _)| *revision) == *expected
                && limiters[..n].iter().all(|other| other.key != *key)
        })
    }

    fn count(&mut self, limiters: &[LimiterMove]) {
        for LimiterMove { key, expected, state } in limiters {
            let before = self.limiters.insert(*key, (expected + 1, state.clone()));
            if let Some(at) = before.and_then(|(_, before)| before.forget_at()) {
                self.stale.remove(&(at, *key));
            }
            self.stale.extend(state.forget_at().map(|at| (at, *key)));
        }
    }
}

impl Challenges for MemoryTenant {
    fn challenge(&self, id: ChallengeId) -> Stored<Option<ChallengeState>> {
        Ok(self.codes.kept().challenges.get(&id).cloned())
    }

    fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter> {
        let kept = self.codes.kept().limiters.get(key).cloned();
        let (revision, state) = kept.unwrap_or_else(|| (0, LimiterState::fresh(key)));
        Ok(KeptLimiter { revision, state })
    }

    fn put_challenge(&self, challenge: &ChallengeState, limiters: &[LimiterMove]) -> Stored<bool> {
        let mut kept = self.codes.kept();
        let fits = !kept.challenges.contains_key(&challenge.id) && kept.fits(limiters);
        if fits {
            kept.challenges.insert(challenge.id, challenge.clone());
            kept.expiries.insert((challenge.expires_at, challenge.id));
            kept.count(limiters);
        }
        Ok(fits)
    }

    fn spend(
        &self,
        expected_tries: u32,
        challenge: &ChallengeState,
        limiters: &[LimiterMove],
    ) -> Stored<bool> {
        let mut kept = self.codes.kept();
        let found = kept.challenges.get(&challenge.id);
        let fits =
            found.is_some_and(|found| found.tries == expected_tries && !found.used) && kept.fits(limiters);
        if fits && let Some(found) = kept.challenges.get_mut(&challenge.id) {
            (found.tries, found.used) = (challenge.tries, challenge.used);
            kept.count(limiters);
        }
        Ok(fits)
    }

    fn put_limiter(&self, limiter: &LimiterMove) -> Stored<bool> {
        let mut kept = self.codes.kept();
        let limiters = std::slice::from_ref(limiter);
        let fits = kept.fits(limiters);
        if fits {
            kept.count(limiters);
        }
        Ok(fits)
    }

    fn forget_challenges(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        let mut kept = self.codes.kept();
        let gone = first_before(&mut kept.expiries, before, limit);
        for id in &gone {
            kept.challenges.remove(id);
        }
        Ok(gone.len() as u64)
    }

    fn forget_limiters(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        let mut kept = self.codes.kept();
        let gone = first_before(&mut kept.stale, before, limit);
        for key in &gone {
            kept.limiters.remove(key);
        }
        Ok(gone.len() as u64)
    }
}

/// Takes out the earliest entries before an instant, up to so many.
fn first_before<K: Copy + Ord>(
    entries: &mut BTreeSet<(DateTime<Utc>, K)>,
    before: DateTime<Utc>,
    limit: usize,
) -> Vec<K> {
    let mut taken = Vec::new();
    while taken.len() < limit && entries.first().is_some_and(|(at, _)| *at < before) {
        taken.extend(entries.pop_first().map(|(_, key)| key));
    }
    taken
}
