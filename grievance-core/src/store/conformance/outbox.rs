//! What is promised of messages: none lost, none claimed twice, each case in order.

use crate::grievance::notice::{Notice, Recipient};
use crate::kernel::code::ProblemCode;
use crate::kernel::id::{GrievanceId, NoticeId, VaultId};
use crate::store::conformance::sample::{Sample, at, case, claim, notice};
use crate::store::outbox::{Claimed, Posted, Settlement};
use crate::store::{Store, StoreError};
use crate::vocabulary::NoticeState;
use chrono::TimeDelta;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

const WORKS: &str = "the store works";
const LEASE: TimeDelta = TimeDelta::milliseconds(100);

fn problem(code: &str) -> ProblemCode {
    ProblemCode::new(code).expect("a code")
}

/// Puts messages into the outbox, each with its case, which is new.
fn post(store: &dyn Store, notices: &[Notice]) {
    let mut of_case: BTreeMap<GrievanceId, Vec<Notice>> = BTreeMap::new();
    for notice in notices {
        of_case.entry(notice.case).or_default().push(notice.clone());
    }
    for (case, notices) in of_case {
        let n = case.uuid().as_u64_pair().1 & 0xFFFF;
        let mut commit = Sample::lodged(n).commit(n);
        commit.streams[0].notices = notices;
        store.commit(&commit).expect(WORKS);
    }
}

/// Claims at a millisecond, for so long as a lease lasts.
fn claimed(store: &dyn Store, by: u64, millis: i64, limit: usize) -> Vec<Claimed> {
    let claimed = store.claim(at(millis), LEASE, limit, claim(by)).expect(WORKS);
    assert!(claimed.iter().all(|claimed| claimed.by == claim(by)));
    claimed
}

fn ids(claimed: &[Claimed]) -> Vec<NoticeId> {
    claimed.iter().map(|claimed| claimed.notice.id).collect()
}

fn settle(store: &dyn Store, id: NoticeId, by: u64, settlement: &Settlement) -> bool {
    store.settle(id, claim(by), settlement).expect(WORKS)
}

fn one(store: &dyn Store, id: NoticeId, case: GrievanceId) -> Posted {
    let mut posted = store.notices_of(case).expect(WORKS);
    posted.retain(|posted| posted.notice.id == id);
    posted.pop().expect("it is there")
}

fn next(store: &dyn Store) -> Option<i64> {
    let next = store.outbox_next().expect(WORKS);
    next.map(|next| (next - at(0)).num_milliseconds())
}

/// A message is claimed from its instant on, the longest waiting first, and comes back as it went
/// in.
pub fn notices_wait_for_their_time(store: &dyn Store) {
    assert_eq!(next(store), None);
    let notices: Vec<Notice> =
        [(1, 30), (2, 10), (3, 20)].map(|(n, millis)| notice(n, case(n), (1, 0), at(millis))).into();
    post(store, &notices);
    assert_eq!(next(store), Some(10));
    assert!(claimed(store, 1, 9, 10).is_empty(), "not a millisecond early");
    assert_eq!(claimed(store, 1, 20, 1)[0].notice, notices[1], "the longest waiting first");
    let rest = claimed(store, 1, 30, 10);
    assert_eq!(rest.iter().map(|claimed| &claimed.notice).collect::<Vec<_>>(), [&notices[2], &notices[0]]);
    assert!(claimed(store, 2, 119, 10).is_empty());
    assert_eq!(next(store), Some(120), "the first lease ends");
    assert!(store.claim(at(0), LEASE, 0, claim(3)).expect(WORKS).is_empty());
}

/// Of a case one message is under way at a time, in the order of event and place, however early
/// the later ones could go.
pub fn notices_go_out_in_the_order_of_their_case(store: &dyn Store) {
    let order = [(1, 0), (1, 1), (2, 0), (10, 0)];
    let notices: Vec<Notice> =
        (1..).zip(order).map(|(n, place)| notice(n, case(1), place, at(40 - 10 * n.cast_signed()))).collect();
    let mut shuffled = notices.clone();
    shuffled.swap(0, 3);
    shuffled.push(notice(9, case(2), (1, 0), at(0)));
    post(store, &shuffled);
    assert_eq!(next(store), Some(0));
    assert_eq!(ids(&claimed(store, 9, 0, 10)), [shuffled[4].id], "the other case does not wait");
    assert_eq!(next(store), Some(30), "the first message decides when its case goes on");
    for (n, expected) in (0..).zip(&notices) {
        let now = 30 + n;
        let got = claimed(store, 1, now, 10);
        assert_eq!(ids(&got), [expected.id]);
        assert!(claimed(store, 2, now, 10).is_empty(), "the next waits until this one is settled");
        assert!(settle(store, expected.id, 1, &Settlement::Delivered { at: at(now), reference: None }));
    }
    let posted = store.notices_of(case(1)).expect(WORKS);
    assert_eq!(
        posted.iter().map(|posted| &posted.notice).collect::<Vec<_>>(),
        notices.iter().collect::<Vec<_>>()
    );
    assert!(posted.iter().all(|posted| posted.state == NoticeState::Delivered && posted.attempts == 1));
}

/// What offices are told and what the public is told are two lines of a case: neither waits for
/// the other.
pub fn offices_hold_nobody_back(store: &dyn Store) {
    let to_office = notice(1, case(1), (1, 0), at(900));
    let public = |n, about| {
        let contact = Recipient::Contact(VaultId::from_uuid(to_office.id.uuid()));
        Notice { to: contact, ..notice(n, case(1), (about, 1), at(0)) }
    };
    let (first, second) = (public(2, 1), public(3, 2));
    post(store, &[to_office.clone(), second.clone(), first.clone()]);
    assert_eq!(next(store), Some(0));
    assert_eq!(ids(&claimed(store, 1, 0, 10)), [first.id], "the office's waits for its hours");
    settle(store, first.id, 1, &Settlement::Retry { at: at(1_000), problem: problem("timeout") });
    assert_eq!(next(store), Some(900));
    assert_eq!(ids(&claimed(store, 1, 900, 10)), [to_office.id], "and is not held back either");
    settle(store, to_office.id, 1, &Settlement::Delivered { at: at(900), reference: None });
    for expected in [first.id, second.id] {
        assert_eq!(ids(&claimed(store, 1, 1_000, 10)), [expected]);
        settle(store, expected, 1, &Settlement::Delivered { at: at(1_000), reference: None });
    }
    let posted = store.notices_of(case(1)).expect(WORKS);
    assert_eq!(
        posted.iter().map(|posted| posted.notice.id).collect::<Vec<_>>(),
        [to_office.id, first.id, second.id],
        "listed as they stand in the history"
    );
}

/// A message is settled once, and what became of it can be read.
pub fn a_notice_settles_once(store: &dyn Store) {
    let notices: Vec<Notice> = (1..=4).map(|n| notice(n, case(n), (1, 0), at(0))).collect();
    post(store, &notices);
    assert!(
        !settle(store, notices[0].id, 1, &Settlement::Delivered { at: at(1), reference: None }),
        "nobody has claimed it"
    );
    assert_eq!(claimed(store, 1, 0, 10).len(), 4);
    let became = [
        Settlement::Delivered { at: at(5), reference: None },
        Settlement::Retry { at: at(50), problem: problem("timeout") },
        Settlement::Parked { at: at(6), problem: problem("refused") },
        Settlement::Dropped { at: at(7) },
    ];
    for (notice, settlement) in notices.iter().zip(&became) {
        assert!(!settle(store, notice.id, 2, settlement), "it is another's");
        assert!(settle(store, notice.id, 1, settlement));
        for again in &became {
            assert!(!settle(store, notice.id, 1, again), "it is settled");
        }
    }
    let expected = [
        (NoticeState::Delivered, Some(at(5)), None),
        (NoticeState::Waiting, None, Some(problem("timeout"))),
        (NoticeState::Parked, Some(at(6)), Some(problem("refused"))),
        (NoticeState::Dropped, Some(at(7)), None),
    ];
    for (notice, expected) in notices.iter().zip(expected) {
        let Posted { state, attempts, settled_at, received_at, problem, .. } =
            one(store, notice.id, notice.case);
        assert_eq!((state, settled_at, problem), expected);
        assert_eq!((attempts, received_at), (1, None));
    }
    assert!(!settle(store, notice(99, case(99), (1, 0), at(0)).id, 1, &became[0]), "it is unknown");
    assert_eq!(next(store), Some(50));
    let again = claimed(store, 3, 50, 10);
    assert_eq!((ids(&again), again[0].attempts), (vec![notices[1].id], 2));
}

/// A message whose worker died is claimed again when the lease has run out, and the try counts.
pub fn a_dead_workers_notice_comes_back(store: &dyn Store) {
    let notice = notice(1, case(1), (1, 0), at(0));
    post(store, std::slice::from_ref(&notice));
    for n in 0..4 {
        let now = 100 * i64::from(n);
        if n > 0 {
            assert!(claimed(store, 9, now - 1, 10).is_empty(), "the lease lasts");
        }
        let got = claimed(store, n.into(), now, 10);
        assert_eq!((got.len(), got[0].attempts), (1, n + 1));
    }
    // Late, but nobody else has it.
    assert!(settle(store, notice.id, 3, &Settlement::Delivered { at: at(9_000), reference: None }));
}

/// Who comes back after another has claimed the message changes nothing.
pub fn a_lost_lease_settles_nothing(store: &dyn Store) {
    let notice = notice(1, case(1), (1, 0), at(0));
    post(store, std::slice::from_ref(&notice));
    claimed(store, 1, 0, 1);
    assert_eq!(claimed(store, 2, 100, 1).len(), 1);
    let before = one(store, notice.id, case(1));
    for late in [
        Settlement::Delivered { at: at(101), reference: None },
        Settlement::Retry { at: at(5_000), problem: problem("late") },
        Settlement::Parked { at: at(101), problem: problem("late") },
    ] {
        assert!(!settle(store, notice.id, 1, &late));
    }
    assert_eq!((one(store, notice.id, case(1)), next(store)), (before, Some(200)));
    assert!(settle(store, notice.id, 2, &Settlement::Delivered { at: at(150), reference: None }));
}

/// While a message is to be tried again, what comes after it in its case waits; nobody else does.
pub fn a_retry_holds_back_its_case(store: &dyn Store) {
    let late = notice(3, case(1), (3, 0), at(900));
    let [first, second] = [1, 2].map(|n| notice(n, case(1), (n, 0), at(0)));
    let other = notice(4, case(2), (1, 0), at(200));
    post(store, &[first.clone(), second.clone(), late.clone(), other.clone()]);
    claimed(store, 1, 0, 10);
    assert!(settle(store, first.id, 1, &Settlement::Retry { at: at(500), problem: problem("timeout") }));
    assert_eq!(next(store), Some(200));
    assert_eq!(ids(&claimed(store, 1, 499, 10)), [other.id]);
    settle(store, other.id, 1, &Settlement::Delivered { at: at(499), reference: None });
    assert_eq!(ids(&claimed(store, 1, 500, 10)), [first.id]);
    settle(store, first.id, 1, &Settlement::Delivered { at: at(510), reference: None });
    assert_eq!(ids(&claimed(store, 1, 510, 10)), [second.id]);
    settle(store, second.id, 1, &Settlement::Dropped { at: at(510) });
    assert_eq!(next(store), Some(900));
    assert_eq!(ids(&claimed(store, 1, 900, 10)), [late.id]);
    // A try before its time is not made earlier by a retry.
    settle(store, late.id, 1, &Settlement::Retry { at: at(0), problem: problem("timeout") });
    assert_eq!(next(store), Some(900));
}

/// A parked message is listed, stands in nobody's way, and can be sent on its way again as new.
pub fn parked_notices_block_nobody_and_revive(store: &dyn Store) {
    let [first, second] = [1, 2].map(|n| notice(n, case(1), (n, 0), at(0)));
    let other = notice(3, case(2), (1, 0), at(0));
    post(store, &[first.clone(), second.clone(), other.clone()]);
    assert!(!store.revive(first.id, at(0)).expect(WORKS), "it is not parked");
    claimed(store, 1, 0, 10);
    let parked = |millis| Settlement::Parked { at: at(millis), problem: problem("refused") };
    settle(store, first.id, 1, &parked(20));
    settle(store, other.id, 1, &parked(10));
    let listed = store.parked(10).expect(WORKS);
    assert_eq!(
        listed.iter().map(|parked| (parked.notice.id, parked.at)).collect::<Vec<_>>(),
        [(other.id, at(10)), (first.id, at(20))]
    );
    assert_eq!((listed[0].attempts, &listed[0].problem), (1, &problem("refused")));
    assert_eq!(store.parked(1).expect(WORKS).len(), 1);
    assert_eq!(ids(&claimed(store, 1, 20, 10)), [second.id], "the case goes on");
    settle(store, second.id, 1, &Settlement::Delivered { at: at(21), reference: None });
    assert_eq!(next(store), None);

    assert!(store.revive(first.id, at(300)).expect(WORKS));
    assert!(!store.revive(first.id, at(300)).expect(WORKS), "once");
    assert!(!store.revive(notice(99, case(1), (1, 0), at(0)).id, at(300)).expect(WORKS), "it is unknown");
    assert_eq!(next(store), Some(300));
    assert!(
        !settle(store, first.id, 1, &Settlement::Delivered { at: at(300), reference: None }),
        "the old claim is void"
    );
    let got = claimed(store, 2, 300, 10);
    assert_eq!((ids(&got), got[0].attempts), (vec![first.id], 1));
    assert_eq!(one(store, first.id, case(1)).problem, None);
    assert_eq!(store.parked(10).expect(WORKS).len(), 1);
}

/// The carrier's word is kept, the first one, whatever state the message is in.
pub fn delivery_reports_are_kept(store: &dyn Store) {
    let sent = notice(1, case(1), (1, 0), at(0));
    post(store, std::slice::from_ref(&sent));
    claimed(store, 1, 0, 1);
    settle(store, sent.id, 1, &Settlement::Delivered { at: at(1), reference: None });
    let report = |id, millis| store.delivery_report(id, at(millis)).expect(WORKS);
    assert!(report(sent.id, 40));
    assert!(report(sent.id, 50));
    let posted = one(store, sent.id, case(1));
    assert_eq!((posted.state, posted.received_at), (NoticeState::Delivered, Some(at(40))));
    assert!(!report(notice(2, case(1), (1, 0), at(0)).id, 40), "it is unknown");
}

/// Messages of no commit: each once, however often it is put in, whatever has become of it; the rest of
/// those put in beside it as if it had not been there.
pub fn messages_of_no_commit_are_put_in_once(store: &dyn Store) {
    let notices: Vec<Notice> = (0..3).map(|n| notice(u64::from(n) + 1, case(9), (7, n), at(0))).collect();
    assert_eq!(store.post(&notices[..2]).expect(WORKS), 2);
    claimed(store, 1, 0, 1);
    settle(store, notices[0].id, 1, &Settlement::Delivered { at: at(1), reference: None });
    assert_eq!(store.post(&notices).expect(WORKS), 1);
    assert_eq!((store.post(&notices).expect(WORKS), store.post(&[]).expect(WORKS)), (0, 0));
    let posted = store.notices_of(case(9)).expect(WORKS);
    let states: Vec<_> = posted.iter().map(|posted| (posted.notice.clone(), posted.state)).collect();
    let wait = NoticeState::Waiting;
    let expected = notices.into_iter().zip([NoticeState::Delivered, wait, wait]).collect::<Vec<_>>();
    assert_eq!(states, expected);
    assert!(store.history(case(9)).expect(WORKS).events.is_empty(), "it is of no case");
}

/// A message is found by the reference under which a gateway took it; one that was not delivered, or
/// delivered without, by none. Two that a gateway gave the same are both told.
pub fn a_message_is_found_by_the_carriers_reference(store: &dyn Store) {
    let notices: Vec<Notice> = (1..=4).map(|n| notice(n, case(n), (1, 0), at(0))).collect();
    post(store, &notices);
    claimed(store, 1, 0, 4);
    let delivered = |reference: Option<&str>| Settlement::Delivered {
        at: at(1),
        reference: reference.map(smol_str::SmolStr::new),
    };
    settle(store, notices[0].id, 1, &delivered(Some("SMSC-1/é")));
    settle(store, notices[1].id, 1, &delivered(Some("SMSC-2")));
    settle(store, notices[2].id, 1, &delivered(None));
    settle(store, notices[3].id, 1, &delivered(Some("SMSC-2")));
    let referred = |reference| store.referred(reference).expect(WORKS);
    assert_eq!(referred("SMSC-1/é"), [notices[0].id]);
    assert_eq!(referred("SMSC-2"), [notices[1].id, notices[3].id]);
    assert_eq!((referred(""), referred("smsc-1/é"), referred("SMSC")), (vec![], vec![], vec![]));
    let of = |n: u64, notice: &Notice| one(store, notice.id, case(n)).reference;
    assert_eq!(of(1, &notices[0]).as_deref(), Some("SMSC-1/é"));
    assert_eq!(of(3, &notices[2]), None);
}

/// Eight workers, of whom some die before they settle: no two hold the same message at the same
/// time, each case is told in order, and nothing is left.
pub fn workers_never_share_a_claim(store: &dyn Store) {
    let notices: Vec<Notice> = (0..90).map(|n| notice(n, case(1 + n % 15), (1 + n / 15, 0), at(0))).collect();
    post(store, &notices);
    // Time stands still during a round, so that no lease runs out in it.
    let mut told: HashMap<GrievanceId, Vec<u64>> = HashMap::new();
    let mut rounds = 0_u64;
    while store.outbox_next().expect(WORKS).is_some() {
        rounds += 1;
        assert!(rounds < 100, "it comes to an end");
        let now = 200 * rounds.cast_signed();
        let held = Mutex::new(Vec::new());
        let worker = |n: u64| {
            let by = rounds * 8 + n;
            let got = loop {
                match store.claim(at(now), LEASE, 4, claim(by)) {
                    Err(StoreError::Busy) => {}
                    got => break got.expect(WORKS),
                }
            };
            held.lock()
                .expect("nobody panics")
                .extend(got.iter().map(|claimed| (claimed.notice.clone(), by)));
        };
        std::thread::scope(|threads| (0..8).for_each(|n| drop(threads.spawn(move || worker(n)))));
        let held = held.into_inner().expect("nobody panics");
        let mut cases: Vec<GrievanceId> = held.iter().map(|(notice, _)| notice.case).collect();
        cases.sort_unstable();
        cases.dedup();
        assert_eq!(cases.len(), held.len(), "one of each case, held by one");
        for (n, (notice, by)) in (0..).zip(&held) {
            if n % 7 == rounds % 7 {
                continue;
            }
            assert!(settle(store, notice.id, *by, &Settlement::Delivered { at: at(now), reference: None }));
            told.entry(notice.case).or_default().push(notice.about);
        }
    }
    assert_eq!(told.len(), 15);
    assert!(told.values().all(|about| about == &[1, 2, 3, 4, 5, 6]), "each once and in order");
}
