//! Slips of those who embed a desk: a wrong secret, a mistyped role, a message that does not open, a carrier that is slow.

use crate::desk_support::{TOWN, at, citizen, lodge, lodging, officer, stores, tenant};
use chrono::TimeDelta;
use grievance_core::Rulebook;
use grievance_core::desk::{Desk, DeskError, Measure};
use grievance_core::grievance::request::Lodge;
use grievance_core::host;
use grievance_core::message::{Gateway, GatewayError, Message, RecordingGateway, Sent};
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, NoticeState};
use std::sync::{Arc, Mutex};

const NOW: &str = "2026-03-02T09:00:00Z";

fn key(id: &str, byte: u8) -> Key {
    Key::new(id, &[byte; 32]).unwrap()
}

fn ring(id: &str, byte: u8) -> KeyRing {
    KeyRing::new(key(id, byte), Vec::new()).unwrap()
}

fn desk(store: &Arc<dyn Store>, keys: KeyRing, seed: u64) -> Desk {
    host::desk(Arc::clone(store), tenant(), keys, Some(seed))
}

fn opened(store: &Arc<dyn Store>, keys: KeyRing) -> Desk {
    let desk = desk(store, keys, 7);
    desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    desk
}

fn reachable(desk: &Desk, now: &str) -> grievance_core::kernel::id::GrievanceId {
    let body = Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") };
    desk.by(&citizen(), at(now)).lodge(body).unwrap().case
}

/// Another secret of the same name is noticed when the desk is opened, not when a text is read years later. A ring that has
/// not every key, and one damaged text among others, are no such slip.
#[test]
fn another_secret_under_a_known_name_is_noticed() {
    for (name, store) in stores() {
        let first = opened(&store, ring("k", 1));
        assert_eq!(first.check_keys(), Ok(()), "{name}: nothing is kept yet");
        reachable(&first, NOW);
        assert_eq!(desk(&store, ring("k", 1), 8).check_keys(), Ok(()), "{name}");
        let other = desk(&store, ring("k", 2), 9).check_keys();
        assert_eq!(other.unwrap_err().code(), ErrorCode::SealBroken, "{name}");
        assert_eq!(desk(&store, ring("new", 2), 10).check_keys(), Ok(()), "{name}: a key is missing");
        let rotated = KeyRing::new(key("new", 2), vec![key("k", 1)]).unwrap();
        assert_eq!(desk(&store, rotated, 11).check_keys(), Ok(()), "{name}");
        let mistaken = KeyRing::new(key("new", 2), vec![key("k", 3)]).unwrap();
        assert_eq!(
            desk(&store, mistaken, 12).check_keys().unwrap_err().code(),
            ErrorCode::SealBroken,
            "{name}"
        );
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn a_desk_is_not_opened_with_another_secret() {
    let folder = tempfile::tempdir().unwrap();
    let address =
        host::Address::of(&format!("sqlite:///{}", folder.path().join("desk.sqlite").display())).unwrap();
    let open = |keys| host::open(&address, tenant(), keys, Some(1));
    let first = open(ring("k", 1)).unwrap();
    first.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    lodge(&first, "pothole", NOW);
    drop(first);
    match open(ring("k", 2)) {
        Err(DeskError::NotAsked(refused)) => {
            assert_eq!((refused.code, refused.place.as_str()), (ErrorCode::SealBroken, "keys"));
            assert!(refused.hint.is_some());
        }
        other => panic!("{:?}", other.map(|_| ())),
    }
    assert!(open(ring("k", 1)).is_ok());
}

/// A role, an office or a post that the rulebook does not have is refused by its field, whatever is asked.
#[test]
fn whoever_the_rulebook_does_not_know_is_told_so() {
    for (name, store) in stores() {
        let desk = opened(&store, KeyRing::for_tests());
        let case = lodge(&desk, "pothole", NOW).case;
        let known = officer("hod", "works");
        let at_post = |post: &str| known.clone().at(post.parse().unwrap());
        let slips = [
            ("role", Actor { role: "hodd".parse().unwrap(), ..known.clone() }),
            ("unit", Actor { unit: Some("wroks".parse().unwrap()), ..known.clone() }),
            ("post", at_post("haed")),
        ];
        for (field, who) in &slips {
            let acting = desk.by(who, at("2026-03-02T10:00:00Z"));
            let ask = Measure::from_json(r#"{"what": "pendency", "as_of": "2026-03-09"}"#).unwrap();
            let refused = [
                acting.search(&Search::default()).map(|_| ()).unwrap_err(),
                acting.case(case).map(|_| ()).unwrap_err(),
                acting.measure(&ask).map(|_| ()).unwrap_err(),
                acting.lodge(lodging("pothole")).map(|_| ()).unwrap_err(),
            ];
            for problem in refused {
                assert_eq!(problem.code(), ErrorCode::UnknownCode, "{name}: {field}");
                assert!(problem.to_string().starts_with(field), "{name}: {problem}");
            }
        }
        assert!(desk.by(&at_post("head"), at("2026-03-02T10:00:00Z")).case(case).is_ok(), "{name}");
    }
}

/// A message that does not open holds no other back, is tried again while its key may come back, and is parked in the end.
#[test]
fn a_message_that_does_not_open_holds_no_other_back() {
    for (name, store) in stores() {
        let lost = opened(&store, ring("lost", 1));
        let shut = reachable(&lost, NOW);
        let desk = desk(&store, ring("new", 2), 8);
        let open = reachable(&desk, NOW);
        let gateway = RecordingGateway::default();
        let done = desk.deliver(at(NOW), &gateway, 100).unwrap();
        assert_eq!((done.sent, done.retried), (1, 1), "{name}: {done:?}");
        let state = |desk: &Desk, case| {
            let told = desk.store().notices_of(case).unwrap().remove(0);
            (told.state, told.problem.map(|problem| problem.to_string()))
        };
        assert_eq!(state(&desk, open), (NoticeState::Delivered, None), "{name}");
        assert_eq!(state(&desk, shut), (NoticeState::Waiting, Some("does_not_open".to_owned())), "{name}");
        // Whoever has the key again delivers it.
        let both = KeyRing::new(key("new", 2), vec![key("lost", 1)]).unwrap();
        let again = self::desk(&store, both, 9);
        let mut now = at(NOW);
        for _ in 0..3 {
            now += TimeDelta::hours(7);
            desk.deliver(now, &gateway, 100).unwrap();
        }
        assert_eq!(state(&desk, shut).0, NoticeState::Waiting, "{name}");
        let second = reachable(&lost, "2026-03-03T10:00:00Z");
        now = at("2026-03-04T10:00:00Z");
        let done = again.deliver(now, &gateway, 100).unwrap();
        assert_eq!(done.sent, 2, "{name}: {done:?}");
        // Nobody has it: in the end it is parked, and seen.
        let third = reachable(&lost, "2026-03-04T11:00:00Z");
        for _ in 0..20 {
            now += TimeDelta::hours(13);
            desk.deliver(now, &gateway, 100).unwrap();
        }
        assert_eq!(state(&desk, third), (NoticeState::Parked, Some("does_not_open".to_owned())), "{name}");
        assert_eq!(state(&desk, second).0, NoticeState::Delivered, "{name}");
    }
}

/// A carrier for which each message takes a while; meanwhile another worker comes by.
struct Slow<'a> {
    takes: TimeDelta,
    taken: &'a Mutex<TimeDelta>,
    handed: Mutex<Vec<String>>,
    meanwhile: Box<dyn Fn(TimeDelta) + Send + Sync + 'a>,
}

impl Gateway for Slow<'_> {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        self.handed.lock().unwrap().push(message.id.to_string());
        let taken = *self.taken.lock().unwrap() + self.takes;
        *self.taken.lock().unwrap() = taken;
        (self.meanwhile)(taken);
        Ok(Sent { reference: None })
    }
}

/// Of two rounds, one of which is slow, no message is handed over by both: what a claim does not hold any more is left.
#[test]
fn a_slow_round_leaves_what_its_claim_does_not_hold_any_more() {
    for (name, store) in stores() {
        let desk = opened(&store, KeyRing::for_tests());
        for _ in 0..8 {
            reachable(&desk, NOW);
        }
        let (taken, fast) = (Mutex::new(TimeDelta::zero()), RecordingGateway::default());
        let slow = Slow {
            takes: TimeDelta::minutes(2),
            taken: &taken,
            handed: Mutex::default(),
            meanwhile: Box::new(|after| {
                desk.deliver(at(NOW) + after, &fast, 100).unwrap();
            }),
        };
        let done = desk.deliver_timed(at(NOW), &|| *taken.lock().unwrap(), &slow, 100).unwrap();
        let slowly = slow.handed.lock().unwrap().clone();
        let fast: Vec<String> = fast.messages().iter().map(|message| message.id.to_string()).collect();
        // The third was on its way when the claim ended: that one alone may go out twice.
        let twice: Vec<&String> = slowly.iter().filter(|id| fast.contains(id)).collect();
        assert!(twice.len() <= 1, "{name}: {slowly:?} {fast:?}");
        assert_eq!(slowly.len(), 3, "{name}: {done:?}");
        let mut all: Vec<&String> = slowly.iter().chain(&fast).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 8, "{name}: each was handed over");
    }
}
