//! Messages, jobs and codes of a broken store.

use crate::store_broken::Broken;
use crate::store_broken::Fault::{
    ClaimUnchecked, CodeUsedTwice, CountLost, CountsStay, JobForAll, LeaseIgnored, OrderOfCase, PostedAgain,
    RevisionUnchecked,
};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::notice::Notice;
use grievance_core::kernel::code::ScheduleCode;
use grievance_core::kernel::id::{ChallengeId, ClaimId, GrievanceId, NoticeId};
use grievance_core::otp::{ChallengeState, LimiterKey};
use grievance_core::store::Stored;
use grievance_core::store::agenda::{Agenda, Job};
use grievance_core::store::challenges::{Challenges, KeptLimiter, LimiterMove};
use grievance_core::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};

impl Outbox for Broken {
    fn post(&self, notices: &[Notice]) -> Stored<u64> {
        let mut notices = notices.to_vec();
        for notice in &mut notices {
            let again =
                self.within.notices_of(notice.case)?.iter().any(|posted| posted.notice.id == notice.id);
            if again && self.has(PostedAgain) {
                let (high, low) = notice.id.uuid().as_u64_pair();
                notice.id = NoticeId::from_uuid(uuid::Uuid::from_u64_pair(high, low ^ (1 << 40)));
            }
            if self.has(OrderOfCase) {
                self.notes(|notes| notes.notices.insert(notice.id, notice.clone()));
                notice.case = GrievanceId::from_uuid(notice.id.uuid());
            }
        }
        self.within.post(&notices)
    }

    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>> {
        let lease = if self.has(LeaseIgnored) { TimeDelta::zero() } else { lease };
        let claimed = self.within.claim(now, lease, limit, by)?;
        self.notes(|notes| notes.claims.extend(claimed.iter().map(|claimed| (claimed.notice.id, by))));
        Ok(claimed
            .into_iter()
            .map(|claimed| Claimed { notice: self.own(claimed.notice), ..claimed })
            .collect())
    }

    fn settle(&self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> Stored<bool> {
        let holder = self.notes(|notes| notes.claims.get(&id).copied());
        let by = holder.filter(|_| self.has(ClaimUnchecked)).unwrap_or(by);
        self.within.settle(id, by, settlement)
    }

    fn parked(&self, limit: usize) -> Stored<Vec<Parked>> {
        let parked = self.within.parked(limit)?;
        Ok(parked.into_iter().map(|parked| Parked { notice: self.own(parked.notice), ..parked }).collect())
    }

    fn revive(&self, id: NoticeId, now: DateTime<Utc>) -> Stored<bool> {
        self.within.revive(id, now)
    }

    fn delivery_report(&self, id: NoticeId, received_at: DateTime<Utc>) -> Stored<bool> {
        self.within.delivery_report(id, received_at)
    }

    fn referred(&self, reference: &str) -> Stored<Vec<NoticeId>> {
        self.within.referred(reference)
    }

    fn outbox_next(&self) -> Stored<Option<DateTime<Utc>>> {
        self.within.outbox_next()
    }

    fn notices_of(&self, case: GrievanceId) -> Stored<Vec<Posted>> {
        if !self.has(OrderOfCase) {
            return self.within.notices_of(case);
        }
        let own = self.notes(|notes| notes.notices.clone());
        let mut all = Vec::new();
        for notice in own.values().filter(|notice| notice.case == case) {
            all.extend(self.within.notices_of(GrievanceId::from_uuid(notice.id.uuid()))?);
        }
        for posted in &mut all {
            posted.notice = own[&posted.notice.id].clone();
        }
        all.sort_by_key(|posted| (posted.notice.about, posted.notice.place, posted.notice.id));
        Ok(all)
    }
}

impl Agenda for Broken {
    fn last_job(&self, schedule: &ScheduleCode) -> Stored<Option<DateTime<Utc>>> {
        self.within.last_job(schedule)
    }

    fn add_job(&self, job: &Job) -> Stored<bool> {
        Ok(self.within.add_job(job)? || self.has(JobForAll))
    }

    fn open_jobs(&self, limit: usize) -> Stored<Vec<Job>> {
        self.within.open_jobs(limit)
    }

    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool> {
        Ok(self.within.finish_job(schedule, due_at)? || self.has(JobForAll))
    }
}

impl Challenges for Broken {
    fn challenge(&self, id: ChallengeId) -> Stored<Option<ChallengeState>> {
        self.within.challenge(id)
    }

    fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter> {
        self.within.limiter(key)
    }

    fn put_challenge(&self, challenge: &ChallengeState, limiters: &[LimiterMove]) -> Stored<bool> {
        let limiters = if self.has(CountLost) { &[] } else { limiters };
        self.within.put_challenge(challenge, limiters)
    }

    fn spend(
        &self,
        expected_tries: u32,
        challenge: &ChallengeState,
        limiters: &[LimiterMove],
    ) -> Stored<bool> {
        let limiters = if self.has(CountLost) { &[] } else { limiters };
        let first = self.within.spend(expected_tries, challenge, limiters)?;
        Ok(first || (self.has(CodeUsedTwice) && challenge.used))
    }

    fn put_limiter(&self, limiter: &LimiterMove) -> Stored<bool> {
        let mut limiter = limiter.clone();
        if self.has(RevisionUnchecked) {
            limiter.expected = self.within.limiter(&limiter.key)?.revision;
            self.within.put_limiter(&limiter)?;
            return Ok(true);
        }
        self.within.put_limiter(&limiter)
    }

    fn forget_challenges(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        self.within.forget_challenges(before, limit)
    }

    fn forget_limiters(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        if self.has(CountsStay) { Ok(0) } else { self.within.forget_limiters(before, limit) }
    }
}
