//! An erasure that meets a change of keys on PostgreSQL, forced step by step: whoever erases waits for
//! whoever keeps the texts anew, and takes what that one wrote (ADR 83).

use crate::desk_support::{TOWN, at, citizen, lodging, officer, seek, take, tenant};
use crate::pg::Database;
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::request::{Erase, Lodge};
use grievance_core::rulebook::Rulebook;
use grievance_core::store::Vault as _;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::search::Search;
use std::time::{Duration, Instant};

const NOW: &str = "2026-03-02T09:00:00Z";

fn key(id: &str, byte: u8) -> Key {
    Key::new(id, &[byte; 32]).unwrap()
}

/// Waits until so many connections of the database wait for a lock.
fn until_waiting(database: &Database, many: i64) {
    let mut client = database.client();
    let begun = Instant::now();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    while client.query_one(waiting, &[]).unwrap().get::<_, i64>(0) < many {
        assert!(begun.elapsed() < Duration::from_secs(60), "{many} connections wait for a lock");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A third connection stops the change of keys between the old tokens and the new ones: it holds, not
/// committed, the very rows that the change will write. Then the erasure begins, and must wait; then
/// the third one lets go.
///
/// With the tokens deleted before the texts, the erasure would wait at the tokens it had seen, and leave
/// the new ones behind.
#[test]
fn an_erasure_takes_the_tokens_of_a_change_of_keys_that_it_met() {
    let Some(database) = Database::fresh() else { return };
    let store = database.store().tenant(&tenant());
    let desk = |ring, seed| Desk::with_mint(store.clone(), tenant(), ring, Box::new(SeededMint::new(seed)));
    let old = desk(KeyRing::new(key("old", 1), vec![]).unwrap(), 1);
    let new = || KeyRing::new(key("new", 2), vec![key("old", 1)]).unwrap();
    old.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    let somebody = || Lodge {
        name: Some("Ratan Das".to_owned()),
        mobile: Some("98300-12345".to_owned()),
        ..lodging("pothole")
    };
    let case = old.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;
    let json = r#"{"action":"dispose","remarks":"It is done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
    take(&old, &officer("hod", "works"), NOW, case, json);
    // What the change will write is learnt from a case of the same words under the new key.
    let twin = desk(new(), 2).by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case;

    let mut holder = database.client();
    let mut held = holder.transaction().unwrap();
    let of = |case: grievance_core::GrievanceId| case.uuid().as_bytes().to_vec();
    let rows = "INSERT INTO blind (tenant, token, lodged_at, case_id, text_id)
                SELECT DISTINCT own.tenant, other.token, own.lodged_at, own.case_id, own.text_id
                FROM blind AS own CROSS JOIN blind AS other WHERE own.case_id = $1 AND other.case_id = $2";
    assert!(held.execute(rows, &[&of(case), &of(twin)]).unwrap() >= 6, "two texts, three words");

    std::thread::scope(|scope| {
        let changing = scope.spawn(|| desk(new(), 3).reindex(None, 1_000).unwrap());
        until_waiting(&database, 1);
        let erasing = scope.spawn(|| {
            let erase = Erase { because: "request".to_owned() };
            old.by(&officer("administrator", "desk"), at(NOW)).erase(case, erase).unwrap()
        });
        until_waiting(&database, 2);
        held.rollback().unwrap();
        assert!(changing.join().unwrap().kept >= 2, "the change of keys went first");
        erasing.join().unwrap();
    });

    assert!(!store.has_texts(case).unwrap());
    let left = "SELECT count(*) FROM blind WHERE case_id = $1";
    let mut client = database.client();
    assert_eq!(client.query_one(left, &[&of(case)]).unwrap().get::<_, i64>(0), 0, "no token is left");
    assert!(client.query_one(left, &[&of(twin)]).unwrap().get::<_, i64>(0) > 0);
    let by_name = Search { name: Some("Ratan Das".into()), ..Search::default() };
    let found: Vec<_> =
        seek(&desk(new(), 4), &by_name).unwrap().cases.into_iter().map(|fact| fact.id).collect();
    assert_eq!(found, [twin], "nobody is found by words that were erased");
}
