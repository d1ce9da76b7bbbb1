//! A hundred thousand messages through a gateway that fails, loses answers and hangs: none is lost,
//! and each case is told in order.

use crate::desk_support::{at, citizen, lodging, open, request, stores};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, Submission};
use grievance_core::kernel::id::{ClaimId, GrievanceId, NoticeId};
use grievance_core::message::{Gateway, GatewayError, Message, Sent};
use grievance_core::rulebook::Rulebook;
use grievance_core::store::keys::KeyRing;
use grievance_core::vocabulary::NoticeState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

/// A message for each reminder, at any hour.
const CHATTY: &str = r#"
extends = "city-311"
name = "Chatty town"
zone = "UTC"
[messages]
safe_from = "00:00"
safe_until = "24:00"
[[inform]]
code = "reminded"
event = ["reminded"]
audience = ["complainant"]
template = "reopened"
channel = ["sms"]
"#;

/// Fails one message in nine; of those every other had been taken, and its answer was lost.
#[derive(Default)]
struct Moody {
    taken: Mutex<(u64, Vec<NoticeId>)>,
}

impl Moody {
    fn took(&self, id: NoticeId) {
        self.taken.lock().expect("nobody panics").1.push(id);
    }
}

impl Gateway for Moody {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        let mut taken = self.taken.lock().expect("nobody panics");
        taken.0 = taken.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mood = (taken.0 >> 33) % 18;
        if mood != 0 {
            taken.1.push(message.id);
        }
        if mood <= 1 { Err(GatewayError::Transient("away".to_owned())) } else { Ok(Sent { reference: None }) }
    }
}

fn chatter(desk: &Desk, cases: usize, each: usize) -> Vec<GrievanceId> {
    desk.activate(Rulebook::from_toml(CHATTY).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    let now = at("2026-03-02T09:00:00Z");
    let cases: Vec<_> = (0..cases)
        .map(|_| {
            let mut body = lodging("pothole");
            body.mobile = Some("98300 12345".to_owned());
            desk.by(&citizen(), now).lodge(body).unwrap().case
        })
        .collect();
    let remind = request(r#"{"action":"remind","remarks":"Please."}"#);
    for n in 1..each {
        let reminders: Vec<_> = cases
            .iter()
            .map(|case| Submission {
                command: None,
                actor: citizen(),
                now: now + TimeDelta::seconds(i64::try_from(n).unwrap()),
                case: Some(*case),
                expected: None,
                request: remind.clone(),
                verified: None,
            })
            .collect();
        assert!(desk.submit_all(&reminders).iter().all(Result::is_ok));
    }
    cases
}

/// Delivers until nothing waits; every now and then a worker hangs with what it claimed, having
/// sent half of it.
fn deliver_all(desk: &Desk, gateway: &Moody, began: DateTime<Utc>) {
    let (mut now, mut rounds) = (began, 0_u128);
    while let Some(next) = desk.store().outbox_next().unwrap() {
        now = now.max(next);
        rounds += 1;
        if rounds % 5 == 0 {
            let by = ClaimId::from_uuid(uuid::Uuid::from_u128(rounds));
            let held = desk.store().claim(now, TimeDelta::minutes(5), 20, by).unwrap();
            held.iter().step_by(2).for_each(|claimed| gateway.took(claimed.notice.id));
        }
        let done = desk.deliver(now, gateway, 2_000).unwrap();
        assert!(done.parked.is_empty() && done.dropped == 0 && done.elsewhere == 0, "{done:?}");
        now += TimeDelta::seconds(1);
        assert!(rounds < 1_000_000, "it comes to an end");
    }
}

fn nothing_is_lost(name: &str, desk: &Desk, cases: usize, each: usize) {
    let (gateway, cases) = (Moody::default(), chatter(desk, cases, each));
    deliver_all(desk, &gateway, at("2026-03-02T10:00:00Z"));
    let (_, taken) = gateway.taken.into_inner().unwrap();
    let mut place = HashMap::new();
    let mut public = 0;
    for (n, case) in cases.iter().enumerate() {
        let posted = desk.store().notices_of(*case).unwrap();
        assert!(posted.iter().all(|it| it.state == NoticeState::Delivered), "{name}");
        let own = posted.iter().filter(|it| !it.notice.to.is_office()).map(|it| it.notice.id);
        for id in own {
            public += 1;
            place.insert(id, n);
        }
    }
    assert_eq!(public, cases.len() * each, "{name}");
    let mut told: Vec<Vec<NoticeId>> = vec![Vec::new(); cases.len()];
    for id in &taken {
        if let Some(n) = place.get(id) {
            told[*n].push(*id);
        }
    }
    assert!(taken.len() > public, "{name}: some came twice");
    for (case, mut heard) in cases.iter().zip(told) {
        // The same message again, under the same identity, and never after a later one.
        heard.dedup();
        let posted = desk.store().notices_of(*case).unwrap();
        let owed = posted.iter().filter(|it| !it.notice.to.is_office()).map(|it| it.notice.id);
        assert_eq!(heard, owed.collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_hundred_thousand_messages_through_a_moody_gateway() {
    let (name, store) = stores().remove(0);
    nothing_is_lost(name, &open(store), 4_000, 25);
}

#[test]
fn the_same_on_every_store() {
    for (name, store) in stores() {
        nothing_is_lost(name, &open(store), 20, 25);
    }
}

/// Takes longer for one message than a claim lasts, so that another worker has it meanwhile.
struct Slow<'a> {
    other: &'a Desk,
    later: DateTime<Utc>,
    taken: Mutex<Vec<NoticeId>>,
}

impl Gateway for Slow<'_> {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        let first = {
            let mut taken = self.taken.lock().expect("nobody panics");
            taken.push(message.id);
            taken.len() == 1
        };
        if first {
            let meanwhile = self.other.deliver(self.later, self, 1_000).expect("it delivers");
            assert!(meanwhile.sent > 1 && meanwhile.elsewhere == 0);
        }
        Ok(Sent { reference: None })
    }
}

/// A worker that wakes after its claim has run out finds that another has settled: it changes
/// nothing, and what was sent twice has one identity.
#[test]
fn a_worker_that_wakes_too_late_settles_nothing() {
    for (name, store) in stores() {
        let (desk, other) = (
            open(std::sync::Arc::clone(&store)),
            Desk::open(store, crate::desk_support::tenant(), KeyRing::for_tests()),
        );
        let case = chatter(&desk, 1, 5)[0];
        let (now, later) = (at("2026-03-02T10:00:00Z"), at("2026-03-02T10:06:00Z"));
        let gateway = Slow { other: &other, later, taken: Mutex::default() };
        let done = desk.deliver(now, &gateway, 1).unwrap();
        assert_eq!((done.sent, done.elsewhere), (0, 1), "{name}");
        let taken = gateway.taken.into_inner().unwrap();
        let posted = desk.store().notices_of(case).unwrap();
        assert!(posted.iter().all(|it| it.state == NoticeState::Delivered), "{name}");
        assert_eq!(posted.iter().map(|it| it.settled_at).max(), Some(Some(later)), "{name}: by the other");
        assert_eq!(taken[0], taken[1], "{name}: the same message, under the same identity");
        let public: Vec<_> =
            posted.iter().filter(|it| !it.notice.to.is_office()).map(|it| it.notice.id).collect();
        let heard: Vec<_> = taken[1..].iter().copied().filter(|id| public.contains(id)).collect();
        assert_eq!(heard, public, "{name}: in order");
    }
}

/// Kills one worker in so many, before or after it has taken the message.
#[derive(Default)]
struct Murderous {
    taken: Mutex<(u64, Vec<NoticeId>)>,
    killed: AtomicU64,
}

impl Gateway for Murderous {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        let mood = {
            let mut taken = self.taken.lock().expect("nobody panics");
            taken.0 = taken.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mood = (taken.0 >> 33) % 40;
            if mood != 0 {
                taken.1.push(message.id);
            }
            mood
        };
        if mood <= 1 {
            self.killed.fetch_add(1, Ordering::Relaxed);
            // A panic that no hook reports.
            std::panic::resume_unwind(Box::new("killed"));
        }
        Ok(Sent { reference: None })
    }
}

/// Eight workers at once, each killed again and again between claiming a message and settling it,
/// on a clock that runs on whenever nobody who lives has a message in hand and none can be claimed: none
/// is lost, and whoever hears the first of each message hears a case in order. (That a living worker's
/// lease runs out, and its message is parked if that happens again and again, is another matter.)
#[test]
fn workers_that_are_killed_between_claim_and_settlement_lose_nothing() {
    for (name, store) in stores() {
        let cases = chatter(&open(std::sync::Arc::clone(&store)), 60, 10);
        let gateway = Murderous::default();
        let clock = AtomicI64::new(at("2026-03-02T10:00:00Z").timestamp_millis());
        // Held shared by whoever delivers, and alone by whoever moves the clock on.
        let at_work = RwLock::new(());
        let work = || {
            for _ in 0..100_000 {
                let desk = desk_of(&store);
                {
                    let _alone = at_work.write().unwrap_or_else(PoisonError::into_inner);
                    let Some(next) = desk.store().outbox_next().unwrap() else { return };
                    clock.fetch_max(next.timestamp_millis(), Ordering::SeqCst);
                }
                let _together = at_work.read().unwrap_or_else(PoisonError::into_inner);
                let now = DateTime::from_timestamp_millis(clock.load(Ordering::SeqCst)).unwrap();
                let deliver = || desk.deliver(now, &gateway, 7).unwrap();
                if let Ok(done) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(deliver)) {
                    assert!(done.parked.is_empty() && done.dropped == 0, "{name}: {done:?}");
                }
            }
            panic!("{name}: it comes to an end");
        };
        std::thread::scope(|threads| {
            let workers: Vec<_> = (0..8).map(|_| threads.spawn(work)).collect();
            for worker in workers {
                worker.join().unwrap();
            }
        });
        assert!(gateway.killed.into_inner() > 10, "{name}: some were killed");
        let (_, taken) = gateway.taken.into_inner().unwrap();
        for case in cases {
            let posted = desk_of(&store).store().notices_of(case).unwrap();
            assert!(posted.iter().all(|it| it.state == NoticeState::Delivered), "{name}");
            let owed: Vec<_> =
                posted.iter().filter(|it| !it.notice.to.is_office()).map(|it| it.notice.id).collect();
            let mut heard: Vec<NoticeId> = Vec::new();
            for id in taken.iter().filter(|id| owed.contains(id)) {
                if !heard.contains(id) {
                    heard.push(*id);
                }
            }
            assert_eq!(heard, owed, "{name}");
        }
    }
}

fn desk_of(store: &std::sync::Arc<dyn grievance_core::store::Store>) -> Desk {
    Desk::open(
        std::sync::Arc::clone(store),
        crate::desk_support::tenant(),
        grievance_core::store::keys::KeyRing::for_tests(),
    )
}
