//! How long words are kept: holds, erasure, retention, and the change of keys.

use crate::desk_support::{
    TOWN, at, citizen, command, lodge, lodging, officer, person, seek, stores, take, tenant, words_under,
};
use grievance_core::desk::{Desk, DeskError, SeededMint};
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::{Erase, Hold, Lodge, ReleaseHold};
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::{GrievanceId, VaultId};
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::commit::Commit;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErasureBecause, ErrorCode, Field, HoldFor, LookPurpose};
use std::sync::Arc;

pub(crate) const NOW: &str = "2026-03-02T09:00:00Z";
const RETENTION: &str = "
[[retention]]
years = 1
[[retention]]
class = \"benefit\"
years = 3
[[retention]]
reason = \"not_eligible\"
years = 2
";

pub(crate) fn ring(id: &str, byte: u8, old: &[(&str, u8)]) -> KeyRing {
    let key = |id: &str, byte: u8| Key::new(id, &[byte; 32]).unwrap();
    KeyRing::new(key(id, byte), old.iter().map(|(id, byte)| key(id, *byte)).collect()).unwrap()
}

pub(crate) fn desk_with(store: Arc<dyn Store>, keys: KeyRing, town: &str) -> Desk {
    let desk = Desk::with_mint(store, tenant(), keys, Box::new(SeededMint::new(7)));
    desk.activate(Rulebook::from_toml(town).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    desk
}

pub(crate) fn desks(town: &str) -> Vec<(&'static str, Desk)> {
    stores().into_iter().map(|(name, store)| (name, desk_with(store, ring("k", 1, &[]), town))).collect()
}

pub(crate) fn administrator() -> Actor {
    officer("administrator", "desk")
}

pub(crate) fn clerk() -> Actor {
    officer("cell_officer", "desk")
}

pub(crate) fn close(desk: &Desk, case: GrievanceId, now: &str) {
    let day = &now[..10];
    let json = format!(
        r#"{{"action":"dispose","remarks":"It is done.","reason":"benefit_provided","evidence":{{"date":"{day}","reference":"1"}}}}"#
    );
    take(desk, &officer("hod", "works"), now, case, &json);
}

fn live(desk: &Desk, case: GrievanceId) -> Grievance {
    Grievance::replay(&desk.store().history(case).unwrap().events).unwrap()
}

pub(crate) fn erase(desk: &Desk, case: GrievanceId, now: &str) -> Result<(), DeskError> {
    let because = "request".to_owned();
    desk.by(&administrator(), at(now)).erase(case, Erase { because }).map(drop)
}

pub(crate) fn court(until: Option<&str>) -> Hold {
    Hold {
        because: "court".to_owned(),
        remarks: "The matter is before the court.".to_owned(),
        until: until.map(str::to_owned),
        reference: Some("WP 12/2026".to_owned()),
    }
}

/// Every reference to a text that the events of a case hold.
pub(crate) fn references(desk: &Desk, case: GrievanceId) -> Vec<VaultId> {
    fn collect(value: &serde_json::Value, found: &mut Vec<VaultId>) {
        match value {
            serde_json::Value::Object(fields) => {
                if let (Some(serde_json::Value::String(id)), Some(_)) =
                    (fields.get("id"), fields.get("digest"))
                {
                    found.push(id.parse().unwrap());
                }
                fields.values().for_each(|field| collect(field, found));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for next in desk.store().history(case).unwrap().events {
        let text = grievance_core::grievance::wire::encode(&next.event);
        collect(&serde_json::from_str(&text).unwrap(), &mut found);
    }
    found
}

pub(crate) fn somebody() -> Lodge {
    Lodge {
        name: Some("Ratan Kumar Das".to_owned()),
        mobile: Some("98300-12345".to_owned()),
        ..lodging("pothole")
    }
}

#[test]
fn erasure_takes_words_tokens_and_fingerprints_and_leaves_the_history() {
    for (name, desk) in desks(TOWN) {
        let (own, other) = (command(1), command(2));
        let case = desk.by(&citizen(), at(NOW)).command(own).lodge(somebody()).unwrap().case;
        let kept = desk.by(&citizen(), at(NOW)).command(other).lodge(somebody()).unwrap().case;
        close(&desk, case, "2026-03-03T09:00:00Z");
        let by_name = Search { name: Some("ratan das".into()), ..Search::default() };
        let by_mobile = Search { mobile: Some("9830012345".into()), ..Search::default() };
        let found = |search: &Search| -> Vec<_> {
            seek(&desk, search).unwrap().cases.into_iter().map(|fact| fact.id).collect()
        };
        assert_eq!((found(&by_name).len(), found(&by_mobile).len()), (2, 2), "{name}");
        let texts = references(&desk, case);
        assert_eq!(texts.len(), 5, "{name}: {texts:?}");
        let clerk = officer("cell_officer", "desk");
        desk.by(&clerk, at(NOW)).words(case, LookPurpose::Handling, &[Field::Name]).unwrap();
        assert_eq!(words_under(&ring("k", 1, &[]), &desk, &texts).len(), 5, "{name}");
        let before = desk.store().history(case).unwrap();
        let fact = desk.store().fact(case).unwrap().unwrap();

        erase(&desk, case, "2026-03-04T09:00:00Z").unwrap();

        assert!(
            words_under(&ring("k", 1, &[]), &desk, &texts).is_empty()
                && !desk.store().has_texts(case).unwrap(),
            "{name}"
        );
        assert_eq!((found(&by_name), found(&by_mobile)), (vec![kept], vec![kept]), "{name}");
        // The history goes on; what was there is there, with its hashes.
        let after = desk.store().history(case).unwrap();
        let told = after.events.len() - before.events.len();
        assert_eq!(after.events[..before.events.len()], before.events, "{name}");
        let What::Erased(erased) = &after.events[before.events.len()].event.what else { panic!("{name}") };
        assert_eq!((told, erased.because), (1, ErasureBecause::Request), "{name}");
        let row = desk.store().fact(case).unwrap().unwrap();
        let same = grievance_core::grievance::project::CaseFact {
            version: row.version,
            updated_at: row.updated_at,
            // Nothing is left to undo.
            last_mover: row.last_mover.clone(),
            ..fact
        };
        assert_eq!(row, same, "{name}: what measures are made of stays");
        // Nothing is left to try words out on; the other case's command is known as before.
        assert_eq!(desk.store().receipt(own).unwrap().unwrap().0, Commit::NO_FINGERPRINT, "{name}");
        let again = desk.by(&citizen(), at(NOW)).command(own).lodge(somebody()).unwrap_err();
        assert_eq!(again.code(), ErrorCode::CommandReused, "{name}");
        assert_eq!(
            desk.by(&citizen(), at(NOW)).command(other).lodge(somebody()).unwrap().case,
            kept,
            "{name}"
        );
        // The log of looks stays too.
        assert!(!desk.looks_at(case, 0, 10).unwrap().is_empty(), "{name}");
    }
}

/// A fingerprint is of a key: whoever has the database alone cannot try words out on it.
#[test]
fn a_fingerprint_is_not_a_plain_hash() {
    let (_, desk) = desks(TOWN).remove(0);
    let own = command(1);
    desk.by(&citizen(), at(NOW)).command(own).lodge(lodging("pothole")).unwrap();
    let (kept, _) = desk.store().receipt(own).unwrap().unwrap();
    let body = grievance_core::proof::canonical::to_canonical(
        &grievance_core::grievance::request::Request::from(lodging("pothole")).to_json(),
    )
    .unwrap();
    let actor = grievance_core::grievance::wire::encode_actor(&citizen());
    let guessed = Digest::of(&[own.as_bytes(), b"", actor.as_bytes(), body.as_bytes()]);
    assert_ne!(kept, guessed);
}

#[test]
fn a_hold_keeps_the_words_until_it_is_released_or_over() {
    for (name, desk) in desks(TOWN) {
        let case = lodge(&desk, "pothole", NOW).case;
        assert_eq!(erase(&desk, case, NOW).unwrap_err().code(), ErrorCode::ActionNotOffered, "{name}: open");
        close(&desk, case, "2026-03-03T09:00:00Z");
        let day = "2026-03-04T09:00:00Z";
        desk.by(&clerk(), at(day)).hold(case, court(None)).unwrap();
        desk.by(&clerk(), at(day)).hold(case, court(Some("2026-03-06"))).unwrap();
        let holds = live(&desk, case).holds;
        assert_eq!(holds.iter().map(|hold| hold.because).collect::<Vec<_>>(), [HoldFor::Court; 2], "{name}");
        let refused = erase(&desk, case, day).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::OnHold, "{name}");
        assert_eq!(refused.to_string(), "a hold (court) keeps the words of the case", "{name}");

        let release = |hold: u64| ReleaseHold {
            hold: u32::try_from(hold).unwrap(),
            remarks: "The court has decided.".to_owned(),
        };
        let unknown = desk.by(&clerk(), at(day)).release_hold(case, release(99)).unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::NotOnHold, "{name}");
        desk.by(&clerk(), at(day)).release_hold(case, release(holds[0].version)).unwrap();
        // The last day of the other belongs to it; it is counted in the office's zone.
        assert_eq!(
            erase(&desk, case, "2026-03-06T18:29:59Z").unwrap_err().code(),
            ErrorCode::OnHold,
            "{name}"
        );
        erase(&desk, case, "2026-03-06T18:30:00Z").unwrap();

        let past = desk.by(&clerk(), at("2026-03-08T09:00:00Z")).hold(case, court(Some("2026-03-07")));
        assert!(past.unwrap_err().to_string().starts_with("until"), "{name}");
    }
}

/// Of a divided case the words are the parts' too: they go together, and a held part keeps all.
#[test]
fn parts_lose_their_words_with_the_whole() {
    for (name, desk) in desks(TOWN) {
        let case = desk.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
        let split = r#"{"action":"split","units":["works","water"],"remarks":"Two offices."}"#;
        take(&desk, &clerk(), NOW, case, split);
        let parts: Vec<_> = live(&desk, case).parts.iter().map(|part| part.case).collect();
        let close = r#"{"action":"dispose","remarks":"Done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        for (part, unit) in parts.iter().zip(["works", "water"]) {
            take(&desk, &officer("hod", unit), NOW, *part, close);
        }
        take(&desk, &officer("hod", "works"), NOW, case, close);
        let refused = erase(&desk, parts[0], NOW).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::PartNotAllowed, "{name}");
        desk.by(&clerk(), at(NOW)).hold(parts[1], court(None)).unwrap();
        let refused = erase(&desk, case, NOW).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::OnHold, "{name}: a part is held");
        assert!(desk.store().has_texts(parts[0]).unwrap(), "{name}: all or nothing");
        let hold = u32::try_from(live(&desk, parts[1]).holds[0].version).unwrap();
        let release = ReleaseHold { hold, remarks: "Over.".to_owned() };
        desk.by(&clerk(), at(NOW)).release_hold(parts[1], release).unwrap();
        erase(&desk, case, NOW).unwrap();
        for gone in [case, parts[0], parts[1]] {
            assert!(!desk.store().has_texts(gone).unwrap() && live(&desk, gone).erased.is_some(), "{name}");
        }
    }
}

/// What was joined to another case stays until that one has ended.
#[test]
fn a_joined_case_waits_for_its_master() {
    for (name, desk) in desks(TOWN) {
        let (case, master) = (lodge(&desk, "pothole", NOW).case, lodge(&desk, "pothole", NOW).case);
        let merge = format!(r#"{{"action":"merge","into":"{master}"}}"#);
        take(&desk, &clerk(), NOW, case, &merge);
        assert_eq!(erase(&desk, case, NOW).unwrap_err().code(), ErrorCode::CaseOpen, "{name}");
        close(&desk, master, NOW);
        erase(&desk, case, NOW).unwrap();
        assert!(desk.store().has_texts(master).unwrap(), "{name}: the master's own words stay");
    }
}

#[test]
fn a_persons_cases_are_erased_together_but_for_held_and_open_ones() {
    for (name, desk) in desks(TOWN) {
        let cases: Vec<_> = (0..4).map(|_| lodge(&desk, "pothole", NOW).case).collect();
        let stranger = Actor { person: person(9), ..citizen() };
        let other = desk.by(&stranger, at(NOW)).lodge(lodging("pothole")).unwrap().case;
        for case in [cases[0], cases[1], cases[2], other] {
            close(&desk, case, NOW);
        }
        desk.by(&clerk(), at(NOW)).hold(cases[1], court(None)).unwrap();
        let asked = |desk: &Desk, actor: &Actor| {
            desk.erase_person(citizen().person, ErasureBecause::Request, (actor, at(NOW)))
        };
        let refused = asked(&desk, &officer("hod", "works")).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ActionNotOffered, "{name}");
        // The open one is not offered to be erased at its stage; it is told apart.
        let done = asked(&desk, &administrator());
        let done = done.unwrap();
        let mut erased = done.erased.clone();
        erased.sort_unstable();
        let mut expected = vec![cases[0], cases[2]];
        expected.sort_unstable();
        assert_eq!((erased, done.held, done.open), (expected, vec![cases[1]], vec![cases[3]]), "{name}");
        assert!(desk.store().has_texts(other).unwrap(), "{name}");
        let again = asked(&desk, &administrator()).unwrap();
        assert_eq!((again.erased.len(), again.held.len()), (0, 1), "{name}");
    }
}

#[test]
fn retention_erases_what_the_rulebook_keeps_no_longer() {
    for (name, desk) in desks(&format!("{TOWN}\n{RETENTION}")) {
        let system = officer("system", "desk");
        let benefit = lodge(&desk, "pothole", "2024-02-29T09:00:00Z").case;
        let refused = lodge(&desk, "pothole", "2024-02-29T09:00:00Z").case;
        let withdrawn = lodge(&desk, "pothole", "2024-02-29T09:00:00Z").case;
        let held = lodge(&desk, "pothole", "2024-02-29T09:00:00Z").case;
        let open = lodge(&desk, "pothole", "2024-02-29T09:00:00Z").case;
        let day = "2024-02-29T10:00:00Z";
        close(&desk, benefit, day);
        let no = r#"{"action":"dispose","remarks":"No.","reason":"not_eligible","evidence":{"rule":"7"}}"#;
        take(&desk, &officer("hod", "works"), day, refused, no);
        for case in [withdrawn, held] {
            take(&desk, &citizen(), day, case, r#"{"action":"withdraw"}"#);
        }
        desk.by(&clerk(), at(day)).hold(held, court(None)).unwrap();
        let sweep = |now: &str| -> (Vec<GrievanceId>, Vec<GrievanceId>) {
            let (mut after, mut erased, mut kept) = (None, Vec::new(), Vec::new());
            loop {
                // Two at a time: it can be stopped and taken up again anywhere.
                let done = desk.erase_expired(after, 2, (&system, at(now))).unwrap();
                erased.extend(done.erased);
                kept.extend(done.held);
                after = done.next;
                if after.is_none() {
                    return (erased, kept);
                }
            }
        };
        // A year from 29 February ends on 28 February, which belongs to it.
        assert_eq!(sweep("2025-02-28T18:29:59Z"), (vec![], vec![]), "{name}");
        assert_eq!(sweep("2025-02-28T18:30:00Z"), (vec![withdrawn], vec![held]), "{name}");
        assert_eq!(sweep("2025-06-01T09:00:00Z"), (vec![], vec![held]), "{name}: done once");
        let early = Erase { because: "retention".to_owned() };
        let early = desk.by(&system, at("2026-02-28T09:00:00Z")).erase(refused, early).unwrap_err();
        assert_eq!(early.code(), ErrorCode::RetentionNotOver, "{name}");
        assert_eq!(early.to_string(), "the rulebook keeps the words of the case until 2026-02-28", "{name}");
        assert_eq!(sweep("2026-03-01T09:00:00Z").0, [refused], "{name}");
        assert_eq!(sweep("2027-03-01T09:00:00Z").0, [benefit], "{name}");
        assert!(desk.store().has_texts(open).unwrap(), "{name}: an open case keeps its words");
    }
}

/// Without a rule words are kept for ever, and nobody erases for retention.
#[test]
fn without_a_rule_words_are_kept() {
    for (name, desk) in desks(TOWN) {
        let case = lodge(&desk, "pothole", NOW).case;
        close(&desk, case, NOW);
        let late = at("2090-01-01T09:00:00Z");
        let done = desk.erase_expired(None, 10, (&administrator(), late)).unwrap();
        assert_eq!(done, grievance_core::desk::Erasure::default(), "{name}");
        let early = Erase { because: "retention".to_owned() };
        let refused = desk.by(&administrator(), late).erase(case, early).unwrap_err();
        assert_eq!(refused.to_string(), "the rulebook keeps the words of the case for ever", "{name}");
    }
}

/// Nothing that was erased is in the file after a vacuum, nor in its log; and of what is still kept
/// there is no plain word either.
#[cfg(feature = "sqlite")]
#[test]
fn no_word_is_left_in_the_file() {
    use grievance_core::sql::sqlite::{SqliteStore, rusqlite::Connection};
    const CANARIES: [&str; 4] = ["Kanarinarrative", "Kanariname", "9831077755", "Kanariremark"];
    for sealed in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        let keys = if sealed { ring("k", 1, &[]) } else { ring("k", 1, &[]).leaving_texts_unsealed() };
        let desk = desk_with(store.tenant(&tenant()), keys, TOWN);
        let lodging = Lodge {
            narrative: "Kanarinarrative of a broken road.".to_owned(),
            name: Some("Kanariname Das".to_owned()),
            mobile: Some("9831077755".to_owned()),
            ..lodging("pothole")
        };
        let case = desk.by(&citizen(), at(NOW)).lodge(lodging).unwrap().case;
        let json = r#"{"action":"dispose","remarks":"Kanariremark: done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        take(&desk, &officer("hod", "works"), NOW, case, json);
        let seen = || -> Vec<&str> {
            let mut found = Vec::new();
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                let has = |word: &&&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
                found.extend(CANARIES.iter().filter(has));
            }
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(seen().len(), if sealed { 0 } else { 4 }, "before: {:?}", seen());
        erase(&desk, case, "2026-03-04T09:00:00Z").unwrap();
        drop((desk, store));
        let host = Connection::open(&path).unwrap();
        host.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
        assert!(seen().is_empty(), "after: {:?}", seen());
    }
}
