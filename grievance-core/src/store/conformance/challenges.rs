//! What is promised of codes: each counts once, and every try counts.

use crate::kernel::id::ChallengeId;
use crate::kernel::text::Digest;
use crate::otp::{ChallengeState, GlobalLimiter, LimiterKey, LimiterState, NumberLimiter};
use crate::store::Store;
use crate::store::challenges::{KeptLimiter, LimiterMove};
use crate::store::conformance::sample::at;
use crate::vocabulary::Purpose;

const WORKS: &str = "the store works";

fn number(n: u8) -> LimiterKey {
    LimiterKey::Number(Digest::of(&[&[n]]))
}

fn sample(n: u8) -> ChallengeState {
    ChallengeState {
        id: ChallengeId::from_uuid(uuid::Uuid::from_u128(n.into())),
        purpose: Purpose::Track,
        subject: Digest::of(&[&[n]]),
        request: Digest::of(&[b"request"]),
        key: "key-1".into(),
        mac: Digest::of(&[b"mac", &[n]]),
        issued_at: at(0),
        expires_at: at(300_000 + i64::from(n)),
        tries: 0,
        used: false,
    }
}

fn failed(n: u8, expected: u64, failures: u32) -> LimiterMove {
    let wait_until = (failures > 1).then(|| at(failures.into()));
    let state = NumberLimiter { sent: vec![0, -5], failures, wait_until };
    LimiterMove { key: number(n), expected, state: LimiterState::Number(state) }
}

fn sent(expected: u64, in_hour: u32) -> LimiterMove {
    let state = GlobalLimiter { hour: -7, in_hour, in_day: in_hour + 1 };
    LimiterMove { key: LimiterKey::Global, expected, state: LimiterState::Global(state) }
}

/// A row and its counts come back as they were written; what was never written is fresh.
pub fn a_code_comes_back(store: &dyn Store) {
    assert_eq!(store.challenge(sample(1).id).expect(WORKS), None);
    for key in [LimiterKey::Global, number(1)] {
        let fresh = KeptLimiter { revision: 0, state: LimiterState::fresh(&key) };
        assert_eq!(store.limiter(&key).expect(WORKS), fresh);
    }
    let (one, all) = (failed(1, 0, 2), sent(0, 1));
    assert!(store.put_challenge(&sample(1), &[one.clone(), all.clone()]).expect(WORKS));
    assert_eq!(store.challenge(sample(1).id).expect(WORKS), Some(sample(1)));
    for LimiterMove { key, state, .. } in [one, all] {
        assert_eq!(store.limiter(&key).expect(WORKS), KeptLimiter { revision: 1, state });
    }
    assert_eq!(store.limiter(&number(2)).expect(WORKS).revision, 0);
}

/// A code that is there, or a count that has moved on, and nothing at all is written.
pub fn a_new_code_is_written_whole_or_not(store: &dyn Store) {
    assert!(store.put_challenge(&sample(1), &[failed(1, 0, 0), sent(0, 1)]).expect(WORKS));
    let refused = [
        (sample(1), vec![failed(1, 1, 9), sent(1, 9)]),
        (sample(2), vec![failed(2, 0, 9), sent(0, 9)]),
        (sample(2), vec![failed(2, 1, 9), sent(1, 9)]),
        (sample(2), vec![sent(2, 9), failed(2, 0, 9)]),
    ];
    for (challenge, limiters) in refused {
        assert!(!store.put_challenge(&challenge, &limiters).expect(WORKS));
        assert_eq!(store.challenge(sample(2).id).expect(WORKS), None);
        assert_eq!(store.limiter(&number(2)).expect(WORKS).revision, 0);
        assert_eq!(store.limiter(&LimiterKey::Global).expect(WORKS).revision, 1);
        assert_eq!(store.limiter(&number(1)).expect(WORKS).revision, 1);
    }
    assert!(store.put_challenge(&sample(2), &[failed(2, 0, 0), sent(1, 2)]).expect(WORKS));
    assert_eq!(store.limiter(&LimiterKey::Global).expect(WORKS).revision, 2);
}

/// A try is written only over the row that was read; a used code stays used.
pub fn a_stale_try_is_refused(store: &dyn Store) {
    let fresh = sample(1);
    let tried = |tries, used| ChallengeState { tries, used, ..sample(1) };
    assert!(!store.spend(0, &tried(1, false), &[]).expect(WORKS), "there is nothing to try yet");
    assert!(store.put_challenge(&fresh, &[]).expect(WORKS));
    assert!(store.spend(0, &tried(1, false), &[failed(1, 0, 1)]).expect(WORKS));
    assert!(!store.spend(0, &tried(1, false), &[failed(1, 1, 2)]).expect(WORKS), "one try, counted once");
    assert!(!store.spend(1, &tried(2, false), &[failed(1, 0, 2)]).expect(WORKS), "the count has moved on");
    assert_eq!(store.challenge(fresh.id).expect(WORKS), Some(tried(1, false)));
    assert_eq!(store.limiter(&number(1)).expect(WORKS).revision, 1);
    assert!(store.spend(1, &tried(1, true), &[failed(1, 1, 0)]).expect(WORKS));
    for tries in [0, 1, 2] {
        assert!(!store.spend(tries, &tried(tries, true), &[]).expect(WORKS), "it is used");
        assert!(!store.spend(tries, &tried(tries + 1, false), &[]).expect(WORKS), "it is used");
    }
    assert_eq!(store.challenge(fresh.id).expect(WORKS), Some(tried(1, true)));
}

/// Of 64 who answer with the same code at once, one is first.
pub fn a_code_is_used_once_by_many(store: &dyn Store) {
    assert!(store.put_challenge(&sample(1), &[]).expect(WORKS));
    let used = ChallengeState { used: true, ..sample(1) };
    let won: usize = std::thread::scope(|threads| {
        let verify = || store.spend(0, &used, &[]).expect(WORKS);
        let all: Vec<_> = (0..64).map(|_| threads.spawn(verify)).collect();
        all.into_iter().map(|one| usize::from(one.join().expect("no panic"))).sum()
    });
    assert_eq!(won, 1);
}

/// Counts are replaced only by those that were computed from them.
pub fn a_stale_count_is_refused(store: &dyn Store) {
    assert!(!store.put_limiter(&failed(1, 1, 1)).expect(WORKS), "nothing is kept yet");
    assert!(store.put_limiter(&failed(1, 0, 1)).expect(WORKS));
    for stale in [0, 2] {
        assert!(!store.put_limiter(&failed(1, stale, 9)).expect(WORKS), "computed from revision {stale}");
    }
    let kept = store.limiter(&number(1)).expect(WORKS);
    assert_eq!((kept.revision, kept.state), (1, failed(1, 0, 1).state));
    assert!(store.put_limiter(&failed(1, 1, 2)).expect(WORKS));
}

/// However many count at once, each who is told that it was written has counted.
pub fn counts_are_never_lost(store: &dyn Store) {
    let written: u64 = std::thread::scope(|threads| {
        let all: Vec<_> = (0..16)
            .map(|_| {
                threads.spawn(|| {
                    let mut written = 0;
                    for _ in 0..8 {
                        let kept = store.limiter(&number(1)).expect(WORKS);
                        let LimiterState::Number(counts) = kept.state else { panic!("counts of a number") };
                        let move_on = failed(1, kept.revision, counts.failures + 1);
                        written += u64::from(store.put_limiter(&move_on).expect(WORKS));
                    }
                    written
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().expect("no panic")).sum()
    });
    let kept = store.limiter(&number(1)).expect(WORKS);
    let LimiterState::Number(counts) = kept.state else { panic!("counts of a number") };
    assert_eq!((kept.revision, u64::from(counts.failures)), (written, written));
    assert!(written >= 8, "somebody always gets further");
}

/// Only codes that expired before the instant are forgotten, the earliest first and no more than
/// asked for; counts stay.
pub fn expired_codes_are_forgotten(store: &dyn Store) {
    for n in 1..=4 {
        assert!(store.put_challenge(&sample(n), &[failed(n, 0, 1)]).expect(WORKS));
    }
    assert_eq!(store.forget_challenges(at(300_001), 10).expect(WORKS), 0);
    assert_eq!(store.forget_challenges(at(300_002), 10).expect(WORKS), 1);
    assert_eq!(store.challenge(sample(1).id).expect(WORKS), None);
    assert_eq!(store.challenge(sample(2).id).expect(WORKS), Some(sample(2)));
    assert_eq!(store.forget_challenges(at(999_999), 2).expect(WORKS), 2);
    assert_eq!(store.challenge(sample(4).id).expect(WORKS), Some(sample(4)));
    assert_eq!(store.forget_challenges(at(999_999), 0).expect(WORKS), 0);
    assert_eq!(store.forget_challenges(at(999_999), 2).expect(WORKS), 1);
    assert_eq!(store.limiter(&number(1)).expect(WORKS).revision, 1);
}

/// Counts are forgotten when they may be, by what was written last; those of all numbers never.
/// What is forgotten begins anew.
pub fn stale_counts_are_forgotten(store: &dyn Store) {
    const DAY: i64 = 86_400_000;
    let counts = |sent: &[i64], failures| {
        let sent = sent.iter().map(|millis| at(*millis).timestamp_millis()).collect();
        NumberLimiter { sent, failures, wait_until: None }
    };
    let written =
        |n, expected, counts| LimiterMove { key: number(n), expected, state: LimiterState::Number(counts) };
    let rows = [
        written(1, 0, counts(&[1, 2], 0)),
        written(2, 0, counts(&[5], 0)),
        written(3, 0, counts(&[1], 1)),
        sent(0, 1),
    ];
    for row in &rows {
        assert!(store.put_limiter(row).expect(WORKS));
    }
    let kept = |key| store.limiter(&key).expect(WORKS).revision;
    assert_eq!(store.forget_limiters(at(DAY + 2), 10).expect(WORKS), 0);
    assert_eq!(store.forget_limiters(at(DAY + 3), 10).expect(WORKS), 1);
    assert_eq!([kept(number(1)), kept(number(2)), kept(number(3))], [0, 1, 1]);
    // Another code moves the instant.
    assert!(store.put_limiter(&written(2, 1, counts(&[5, DAY], 0))).expect(WORKS));
    assert_eq!(store.forget_limiters(at(DAY + 6), 10).expect(WORKS), 0);
    // Who was forgotten begins anew, and the next in time goes first.
    assert!(store.put_limiter(&written(1, 0, counts(&[2 * DAY], 0))).expect(WORKS));
    assert_eq!(store.forget_limiters(at(4 * DAY), 1).expect(WORKS), 1);
    assert_eq!([kept(number(1)), kept(number(2)), kept(number(3))], [1, 0, 1]);
    // A wrong try is remembered for a year.
    assert_eq!(store.forget_limiters(at(365 * DAY + 1), 10).expect(WORKS), 1);
    assert_eq!([kept(number(1)), kept(number(3))], [0, 1]);
    assert_eq!(store.forget_limiters(at(400 * DAY), 10).expect(WORKS), 1);
    assert_eq!((kept(number(3)), kept(LimiterKey::Global)), (0, 1));
}
