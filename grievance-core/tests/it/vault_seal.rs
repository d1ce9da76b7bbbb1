//! Sealed texts: they open under their key and in their place, and nowhere else.

use crate::desk_support::{at, citizen, lodging, officer, open, stores, words_under};
use grievance_core::desk::{Desk, DeskError, LookCheck, SeededMint};
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{GrievanceId, VaultId};
use grievance_core::kernel::text::{Compartment, VaultRow};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::looks::LookRow;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::vault::{Content, SealError, StoredText};
use grievance_core::store::{Rekept, Store};
use grievance_core::vocabulary::{ErrorCode, Field, LookPurpose};
use proptest::prelude::*;
use std::sync::Arc;

const NOW: &str = "2026-03-02T09:00:00Z";
const CANARY: &str = "Kanari Pakhi 9831077755";

fn key(id: &str, byte: u8) -> Key {
    Key::new(id, &[byte; 32]).unwrap()
}

fn ring(id: &str, byte: u8) -> KeyRing {
    KeyRing::new(key(id, byte), Vec::new()).unwrap()
}

fn tenant(code: &str) -> TenantCode {
    TenantCode::new(code).unwrap()
}

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn row(compartment: Compartment, words: &str) -> VaultRow {
    VaultRow {
        id: VaultId::from_uuid(id(7)),
        compartment,
        field: "name",
        salt: [9; 16],
        content: words.to_owned(),
    }
}

fn sealed(ring: &KeyRing, words: &str) -> StoredText {
    let case = GrievanceId::from_uuid(id(1));
    ring.keep(&tenant("one"), case, row(Compartment::Identity, words), [3; 16])
}

proptest! {
    /// What is sealed opens to what it was, with its salt; and what is kept shows none of it.
    #[test]
    fn a_sealed_text_opens_to_what_it_was(words in "\\PC{0,60}", random in any::<[u8; 16]>(), byte in any::<u8>()) {
        let ring = ring("k", byte);
        let case = GrievanceId::from_uuid(id(1));
        let kept = ring.keep(&tenant("one"), case, row(Compartment::Texts, &words), random);
        let Content::Sealed { key, bytes } = &kept.content else { panic!("it is sealed") };
        prop_assert_eq!(key.as_str(), "k");
        prop_assert_eq!(bytes.len(), 24 + 16 + words.len() + 16);
        if words.len() > 3 {
            prop_assert!(!bytes.windows(words.len()).any(|part| part == words.as_bytes()));
        }
        let opened = ring.open(&tenant("one"), &kept).unwrap();
        prop_assert_eq!((opened.content, opened.salt), (words, [9; 16]));
    }
}

/// Every byte of a sealed text, flipped in each of its bits: refused, naming the key and no more.
#[test]
fn every_flipped_byte_is_refused() {
    let ring = ring("k", 1);
    let kept = sealed(&ring, CANARY);
    let Content::Sealed { bytes, .. } = &kept.content else { panic!("it is sealed") };
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            let content = Content::Sealed { key: "k".into(), bytes: changed };
            let problem = ring.open(&tenant("one"), &StoredText { content, ..kept.clone() }).unwrap_err();
            assert_eq!(problem, SealError::Broken { key: "k".into() }, "byte {place}, bit {bit}");
        }
    }
    for cut in 0..bytes.len() {
        let content = Content::Sealed { key: "k".into(), bytes: bytes[..cut].to_vec() };
        assert!(ring.open(&tenant("one"), &StoredText { content, ..kept.clone() }).is_err(), "cut at {cut}");
    }
}

/// A row that is moved to another tenant, case, identity, compartment or field does not open.
#[test]
fn a_moved_text_does_not_open() {
    let ring = ring("k", 1);
    let kept = sealed(&ring, CANARY);
    assert!(ring.open(&tenant("one"), &kept).is_ok());
    let moved = [
        StoredText { case: GrievanceId::from_uuid(id(2)), ..kept.clone() },
        StoredText { id: VaultId::from_uuid(id(8)), ..kept.clone() },
        StoredText { compartment: Compartment::Texts, ..kept.clone() },
        StoredText { field: "signatory".into(), ..kept.clone() },
    ];
    for (n, text) in moved.iter().enumerate() {
        assert_eq!(ring.open(&tenant("one"), text).unwrap_err().code(), ErrorCode::SealBroken, "{n}");
    }
    assert_eq!(ring.open(&tenant("two"), &kept).unwrap_err().code(), ErrorCode::SealBroken);
    // The parts of what a text is bound to do not run into each other.
    let near = StoredText { field: "am".into(), ..kept.clone() };
    assert!(ring.open(&tenant("onen"), &near).is_err());
}

#[test]
fn another_key_opens_nothing_and_is_named() {
    let kept = sealed(&ring("2026", 1), CANARY);
    let missing = ring("2027", 1).open(&tenant("one"), &kept).unwrap_err();
    assert_eq!(
        (missing.code(), missing.to_string()),
        (ErrorCode::KeyMissing, "the ring has no key 2026".into())
    );
    let other = ring("2026", 2).open(&tenant("one"), &kept).unwrap_err();
    assert_eq!(other.code(), ErrorCode::SealBroken);
    assert_eq!(other.to_string(), "a text kept under the key 2026 does not open");
    // An old key of the ring still opens what it sealed.
    let rotated = KeyRing::new(key("2027", 7), vec![key("2026", 1)]).unwrap();
    assert_eq!(rotated.open(&tenant("one"), &kept).unwrap().content, CANARY);
}

#[test]
fn rings_are_sound_and_tell_no_secret() {
    assert!(Key::new("Bad id", &[1; 32]).is_err() && Key::new("k", &[1; 31]).is_err());
    assert!(KeyRing::new(key("k", 1), vec![key("k", 2)]).is_err());
    let open = ring("k", 77).leaving_texts_unsealed();
    assert_eq!(format!("{open:?}"), "KeyRing([\"k\"], leaving texts unsealed)");
    let shown = format!("{:?} {:?} {:?}", ring("k", 77), key("k", 77), sealed(&ring("k", 77), CANARY));
    assert!(!shown.contains("77") && !shown.contains("Kanari"), "{shown}");
    let Content::Open { text, salt } = sealed(&open, CANARY).content else { panic!("it is left open") };
    assert_eq!((text.as_str(), salt), (CANARY, [9; 16]));
}

fn somebody() -> Lodge {
    Lodge { name: Some(CANARY.to_owned()), mobile: Some("98300-12345".to_owned()), ..lodging("pothole") }
}

fn in_force(store: Arc<dyn Store>, keys: KeyRing) -> Desk {
    let desk = Desk::with_mint(store, crate::desk_support::tenant(), keys, Box::new(SeededMint::new(7)));
    let town = Rulebook::from_toml(crate::desk_support::TOWN).unwrap();
    desk.activate(town, at("2020-01-01T00:00:00Z")).unwrap();
    desk
}

fn who(desk: &Desk, case: GrievanceId) -> (VaultId, VaultId, VaultId) {
    let history = desk.store().history(case).unwrap().events;
    let What::Lodged(lodged) = &history[0].event.what else { panic!("a lodging") };
    let who = &lodged.complainant;
    (lodged.narrative.id, who.name.unwrap().id, who.mobile.unwrap().id)
}

fn clerk() -> Actor {
    officer("cell_officer", "desk")
}

/// The complainant's name, as a clerk of the desk sees it.
fn named(desk: &Desk, case: GrievanceId) -> Result<String, DeskError> {
    let words = desk.by(&clerk(), at(NOW)).words(case, LookPurpose::Handling, &[Field::Name])?;
    Ok(words[0].words.clone().expect("it is still there"))
}

fn open_with(store: &Arc<dyn Store>, keys: KeyRing) -> Desk {
    Desk::open(Arc::clone(store), crate::desk_support::tenant(), keys)
}

/// What reaches a store is sealed; a desk without the key names it and shows nothing.
#[test]
fn a_desk_hands_sealed_texts_to_its_store() {
    for (name, store) in stores() {
        let desk = in_force(Arc::clone(&store), ring("2026", 1));
        let done = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap();
        let (narrative, person, mobile) = who(&desk, done.case);
        for text in store.texts(&[narrative, person, mobile]).unwrap() {
            assert!(
                matches!(&text.content, Content::Sealed { key, .. } if key == "2026"),
                "{name}: {text:?}"
            );
        }
        assert_eq!(words_under(&ring("2026", 1), &desk, &[person])[0].content, CANARY, "{name}");

        let stranger = in_force(Arc::clone(&store), ring("2027", 1));
        let problem = named(&stranger, done.case).unwrap_err();
        assert_eq!(
            (problem.code(), problem.to_string()),
            (ErrorCode::KeyMissing, "the ring has no key 2026".into())
        );
        let shown = format!("{problem:?} {desk:?}");
        assert!(!shown.contains("Kanari"), "{name}: {shown}");
    }
}

/// A host may leave texts as they are, by name; what was sealed before still opens.
#[test]
fn texts_are_left_unsealed_only_when_the_host_says_so() {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&crate::desk_support::tenant());
    let before = in_force(Arc::clone(&store), ring("2026", 1));
    let sealed = before.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
    let desk = Desk::with_mint(
        Arc::clone(&store),
        crate::desk_support::tenant(),
        ring("2026", 1).leaving_texts_unsealed(),
        Box::new(SeededMint::new(8)),
    );
    assert!(format!("{desk:?}").contains("leaving texts unsealed"));
    let open = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
    for (case, is_open) in [(sealed, false), (open, true)] {
        let (narrative, person, _) = who(&desk, case);
        let texts = store.texts(&[narrative, person]).unwrap();
        assert!(texts.iter().all(|text| matches!(text.content, Content::Open { .. }) == is_open));
        assert_eq!(named(&desk, case).unwrap(), CANARY);
    }
    // Going over to sealed texts: open ones are read when the host says so, and at no other time.
    let strict = open_with(&store, ring("2026", 1));
    assert_eq!(named(&strict, sealed).unwrap(), CANARY);
    let problem = named(&strict, open).unwrap_err();
    assert_eq!(problem.code(), ErrorCode::SealBroken);
    assert_eq!(problem.to_string(), "a text stands unsealed, and the ring takes sealed texts only");
    assert_eq!(strict.reindex(None, 100).unwrap_err().code(), ErrorCode::SealBroken);
    let going_over = open_with(&store, ring("2026", 1).reading_unsealed_texts());
    assert!(format!("{going_over:?}").contains("reading unsealed texts"));
    assert_eq!(named(&going_over, open).unwrap(), CANARY);
    assert!(going_over.reindex(None, 100).unwrap().kept > 0);
    assert_eq!(named(&strict, open).unwrap(), CANARY);
}

/// Whoever can write to the database and has no key puts nobody's words in the place of others.
#[test]
fn an_open_text_in_the_place_of_a_sealed_one_is_refused() {
    for (name, store) in stores() {
        let desk = in_force(Arc::clone(&store), ring("2026", 1));
        let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        let before = store.texts(&[who(&desk, case).1]).unwrap().remove(0);
        let content = Content::Open { salt: [0; 16], text: "Somebody Else".to_owned() };
        let after = StoredText { content, ..before.clone() };
        assert_eq!(store.keep_anew(&[Rekept { before, after }]).unwrap(), 1, "{name}");
        let problem = named(&desk, case).unwrap_err();
        assert_eq!(problem.code(), ErrorCode::SealBroken, "{name}");
        assert!(!format!("{problem:?} {problem}").contains("Else"), "{name}");
    }
}

/// A look at who somebody is is written down before anything is seen; one at what they wrote is not.
#[test]
fn every_look_at_identity_is_written_down() {
    for (name, store) in stores() {
        let desk = in_force(Arc::clone(&store), ring("2026", 1));
        let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        let other = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        let (_, person, mobile) = who(&desk, case);
        let clerk = clerk();
        let look = |case, fields: &[Field]| {
            desk.by(&clerk, at(NOW)).words(case, LookPurpose::FeedbackCall, fields).unwrap();
        };
        look(case, &[Field::Narrative]);
        assert_eq!(desk.verify_looks(None).unwrap(), LookCheck::Whole { last: None }, "{name}");
        look(case, &[Field::Mobile, Field::Narrative, Field::Name, Field::Mobile]);
        look(other, &[Field::Name]);

        let seen = store.looks(0, 10).unwrap();
        assert_eq!(seen.len(), 2, "{name}");
        let said = seen[0].said().unwrap();
        assert_eq!(
            (seen[0].case, said.case, said.purpose),
            (Some(case), Some(case), LookPurpose::FeedbackCall)
        );
        assert_eq!(said.fields, ["mobile", "name"], "{name}");
        let mut rows = [person, mobile];
        rows.sort_unstable();
        assert_eq!(
            (said.texts.as_slice(), seen[0].who().unwrap(), seen[0].at),
            (&rows[..], clerk.clone(), at(NOW))
        );
        assert_eq!(desk.looks_at(other, 0, 10).unwrap(), seen[1..], "{name}");
        assert!(desk.looks_at(case, 1, 10).unwrap().is_empty(), "{name}");
        let last = Some((2, seen[1].hash));
        assert_eq!(desk.verify_looks(None).unwrap(), LookCheck::Whole { last }, "{name}");
        assert!(!format!("{seen:?}").contains("Kanari"), "{name}");
    }
}

/// An entry that is altered in any part, or moved, no longer follows the one before it.
#[test]
fn an_altered_entry_is_seen() {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&crate::desk_support::tenant());
    let desk = in_force(Arc::clone(&store), ring("2026", 1));
    let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
    for field in [Field::Name, Field::Mobile] {
        desk.by(&clerk(), at(NOW)).words(case, LookPurpose::Handling, &[field]).unwrap();
    }
    let [first, second] = store.looks(0, 10).unwrap().try_into().unwrap();
    let (own, before) = (crate::desk_support::tenant(), Some((first.place, first.hash)));
    assert!(first.follows(&own, None) && second.follows(&own, before));
    let changed = [
        LookRow { place: 3, ..second.clone() },
        LookRow { at: second.at + chrono::TimeDelta::milliseconds(1), ..second.clone() },
        LookRow { case: None, ..second.clone() },
        LookRow { actor: second.actor.replace("cell_officer", "call_officer"), ..second.clone() },
        LookRow { body: second.body.replace("mobile", "nobody"), ..second.clone() },
        LookRow { hash: first.hash, ..second.clone() },
    ];
    for (n, row) in changed.iter().enumerate() {
        assert_ne!(*row, second, "{n}");
        assert!(!row.follows(&own, before), "{n}");
    }
    assert!(!second.follows(&own, None) && !second.follows(&tenant("other"), before));
}

/// A checkpoint holds the last entry: a log whose end was cut off, or that was written anew, is not
/// the one that was printed.
#[test]
fn a_log_that_was_cut_off_is_seen() {
    let desk_of = |looks: usize| {
        let store: Arc<dyn Store> = MemoryStore::default().tenant(&crate::desk_support::tenant());
        let desk = in_force(store, ring("2026", 1));
        let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        for _ in 0..looks {
            named(&desk, case).unwrap();
        }
        desk
    };
    let desk = desk_of(3);
    let printed = desk.checkpoint(at(NOW)).unwrap();
    let last = desk.store().last_look().unwrap();
    assert_eq!(printed.looks, last.map(|(_, hash)| hash));
    assert_eq!(desk.verify_looks(Some(&printed)).unwrap(), LookCheck::Whole { last });
    // It may have grown since.
    let case = desk.store().looks(0, 1).unwrap()[0].case.unwrap();
    named(&desk, case).unwrap();
    let LookCheck::Whole { last: Some((4, _)) } = desk.verify_looks(Some(&printed)).unwrap() else {
        panic!("the log has grown")
    };
    // The same host with its last look cut off, and with no look at all.
    for looks in [2, 0] {
        let cut = desk_of(looks);
        let last = cut.store().last_look().unwrap();
        assert_eq!(cut.verify_looks(Some(&printed)).unwrap(), LookCheck::Cut { last });
        assert_eq!(cut.verify_looks(None).unwrap(), LookCheck::Whole { last });
    }
    let empty = desk_of(0).checkpoint(at(NOW)).unwrap();
    assert!(empty.looks.is_none() && !empty.text().contains("looks"));
}

/// Many desks write one log at the same time: no entry is lost, none written twice.
#[test]
fn many_write_one_log() {
    for (name, store) in stores() {
        let desk = in_force(Arc::clone(&store), ring("2026", 1));
        let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let desk = open(Arc::clone(&store));
                    for _ in 0..25 {
                        // The desk of another ring sees nothing, but its look is written down.
                        assert_eq!(named(&desk, case).unwrap_err().code(), ErrorCode::KeyMissing);
                    }
                });
            }
        });
        let LookCheck::Whole { last: Some((200, _)) } = desk.verify_looks(None).unwrap() else {
            panic!("{name}: the log is not whole")
        };
    }
}

/// A command that was committed under an old key is known again under the new one.
#[test]
fn a_command_is_known_again_after_a_rotation() {
    for (name, store) in stores() {
        let desk = in_force(Arc::clone(&store), ring("2026", 1));
        let command = crate::desk_support::command(77);
        let lodged = desk.by(&citizen(), at(NOW)).command(command).lodge(somebody()).unwrap();
        let rotated = KeyRing::new(key("2027", 2), vec![key("2026", 1)]).unwrap();
        let desk = in_force(Arc::clone(&store), rotated);
        let again = desk.by(&citizen(), at(NOW)).command(command).lodge(somebody()).unwrap();
        assert_eq!(again, lodged, "{name}");
        let other = desk.by(&citizen(), at(NOW)).command(command).lodge(lodging("trees")).unwrap_err();
        assert_eq!(other.code(), ErrorCode::CommandReused, "{name}");
        // Without the old key nobody can tell: refused, and nothing is done twice.
        let desk = in_force(Arc::clone(&store), ring("2027", 2));
        let unknown = desk.by(&citizen(), at(NOW)).command(command).lodge(somebody()).unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::CommandReused, "{name}");
    }
}
