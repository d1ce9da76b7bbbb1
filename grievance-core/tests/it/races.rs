//! Many at once, on every store of ours: one wins, the others are told, and nothing is done twice.
//!
//! `GRIEVANCE_RACES` sets the rounds and `GRIEVANCE_LODGINGS` the lodgings; `make soak` does.

use crate::desk_support::{TOWN, at, citizen, lodging, officer, person, tenant};
use grievance_core::desk::{Desk, DeskError, Done};
use grievance_core::grievance::request::{Comment, Merge};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::{Store, StoreError};
use grievance_core::vocabulary::ErrorCode;
use std::collections::BTreeSet;
use std::sync::{Arc, Barrier, Mutex};

const NOW: &str = "2026-11-23T05:00:00Z";
const MANY: usize = 64;

/// How often, unless the environment says otherwise.
fn times(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().map_or(otherwise, |said| said.parse().expect("a number"))
}

/// Runs a race on a desk.
fn on(store: Arc<dyn Store>, race: fn(&Desk)) {
    let desk = Desk::open(store, tenant(), grievance_core::store::keys::KeyRing::for_tests());
    let rulebook = Rulebook::from_toml(TOWN).expect("a sound rulebook");
    desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
    race(&desk);
}

macro_rules! on_every_store {
    ($($race:ident)+) => {
        mod memory { $(#[test] fn $race() {
            super::on(super::MemoryStore::default().tenant(&super::tenant()), super::$race);
        })+ }

        #[cfg(feature = "sqlite")]
        mod sqlite_in_memory { $(#[test] fn $race() {
            let store = grievance_core::SqliteStore::open_in_memory().unwrap();
            super::on(store.tenant(&super::tenant()), super::$race);
        })+ }

        #[cfg(feature = "sqlite")]
        mod sqlite_file { $(#[test] fn $race() {
            use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
            let folder = tempfile::tempdir().unwrap();
            let options = SqliteOptions { synchronous: Synchronous::Off, ..SqliteOptions::default() };
            let store = SqliteStore::open_with(folder.path().join("cases.sqlite"), &options).unwrap();
            super::on(store.tenant(&super::tenant()), super::$race);
        })+ }

        #[cfg(feature = "postgres")]
        mod postgres { $(#[test] fn $race() {
            let wait = std::time::Duration::from_secs(120);
            let options = grievance_core::sql::postgres::PostgresOptions {
                connections: 32, wait, ..crate::pg::options()
            };
            let Some(store) = crate::pg::store_with(&options) else { return };
            super::on(store.tenant(&super::tenant()), super::$race);
        })+ }
    };
}
on_every_store! {
    of_64_officers_with_one_version_one_wins
    of_64_writers_none_gets_a_number_twice
    of_two_crossed_merges_one_is_done
    serials_of_64_threads_never_repeat
}

/// Each of many does something at the same time, `rounds` times; `between` sees what they got.
fn together<T: Send>(
    rounds: usize,
    mut prepare: impl FnMut() -> GrievanceId,
    act: impl Fn(usize, GrievanceId) -> T + Sync,
    mut between: impl FnMut(GrievanceId, Vec<T>),
) {
    let (start, end) = (Barrier::new(MANY + 1), Barrier::new(MANY + 1));
    let (case, got) = (Mutex::new(None), Mutex::new(Vec::new()));
    std::thread::scope(|threads| {
        for n in 0..MANY {
            let (start, end, case, got, act) = (&start, &end, &case, &got, &act);
            threads.spawn(move || {
                loop {
                    start.wait();
                    let Some(case) = *case.lock().unwrap() else { return };
                    let mine = act(n, case);
                    got.lock().unwrap().push(mine);
                    end.wait();
                }
            });
        }
        for _ in 0..rounds {
            let next = prepare();
            *case.lock().unwrap() = Some(next);
            start.wait();
            end.wait();
            between(next, std::mem::take(&mut *got.lock().unwrap()));
        }
        *case.lock().unwrap() = None;
        start.wait();
    });
}

/// 64 officers who hold the same version of a case write at once: exactly one wins, and 63 are told
/// of a conflict that names the version which the case has now.
fn of_64_officers_with_one_version_one_wins(desk: &Desk) {
    let officers: Vec<Actor> = (0..MANY as u128)
        .map(|n| Actor { person: person(1_000 + n), ..officer("cell_officer", "desk") })
        .collect();
    let lodge = || desk.by(&citizen(), at(NOW)).lodge(lodging("street-light")).unwrap();
    let version = lodge().version;
    let write = |n: usize, case| {
        let comment = Comment { text: format!("officer {n} was here"), public: None };
        desk.by(&officers[n], at(NOW)).expecting(version).comment(case, comment)
    };
    let look = |case, got: Vec<Result<Done, DeskError>>| {
        let (won, lost): (Vec<_>, Vec<_>) = got.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, MANY - 1));
        let now = won[0].as_ref().unwrap().version;
        assert_eq!(now, version + 1);
        let told = DeskError::Store(StoreError::Conflict { case, expected: version, found: now });
        assert!(lost.into_iter().all(|answer| answer.unwrap_err() == told));
        assert_eq!(desk.store().history(case).unwrap().events.len() as u64, now);
    };
    together(times("GRIEVANCE_RACES", 100), || lodge().case, write, look);
}

/// 64 writers lodge at once: each case has a number of its own.
fn of_64_writers_none_gets_a_number_twice(desk: &Desk) {
    let each = times("GRIEVANCE_LODGINGS", 2_000).div_ceil(MANY);
    let numbers: Vec<String> = std::thread::scope(|threads| {
        let writer = |n: u128| {
            threads.spawn(move || {
                let by = Actor { person: person(1_000 + n), ..citizen() };
                let lodge = |_| desk.by(&by, at(NOW)).lodge(lodging("street-light")).unwrap();
                (0..each).map(lodge).map(|done| done.number.unwrap().to_string()).collect::<Vec<_>>()
            })
        };
        let writers: Vec<_> = (0..MANY as u128).map(writer).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let different: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!((numbers.len(), different.len()), (each * MANY, each * MANY));
}

/// A is joined to B while B is joined to A: one of the two is done, never both.
fn of_two_crossed_merges_one_is_done(desk: &Desk) {
    let clerk = officer("cell_officer", "desk");
    for _ in 0..times("GRIEVANCE_RACES", 100) {
        let lodge = || desk.by(&citizen(), at(NOW)).lodge(lodging("street-light")).unwrap().case;
        let (one, two) = (lodge(), lodge());
        let ready = Barrier::new(2);
        let merge = |case, into: GrievanceId| {
            ready.wait();
            desk.by(&clerk, at(NOW))
                .merge(case, Merge { into: into.to_string(), remarks: Some("same".to_owned()) })
        };
        let answers = std::thread::scope(|threads| {
            let other = threads.spawn(|| merge(two, one));
            [merge(one, two), other.join().unwrap()]
        });
        let merged = |case| desk.store().fact(case).unwrap().unwrap().merged_into;
        let told: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(told.len(), 1, "{answers:?}");
        assert_eq!(told[0].code(), ErrorCode::MergeImpossible, "{answers:?} {one} {two}");
        let expected = if answers[0].is_ok() { (Some(two), None) } else { (None, Some(one)) };
        assert_eq!((merged(one), merged(two)), expected);
    }
}

/// 10^5 serials of one series, reserved by 64 threads, are 10^5 different ones.
fn serials_of_64_threads_never_repeat(desk: &Desk) {
    let each = 100_000_usize.div_ceil(MANY);
    let given: Vec<u64> = std::thread::scope(|threads| {
        let ask = |_| {
            threads.spawn(move || {
                (0..each).map(|_| desk.store().reserve("2026", 1, 1).unwrap()).collect::<Vec<_>>()
            })
        };
        let asking: Vec<_> = (0..MANY).map(ask).collect();
        asking.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let different: BTreeSet<u64> = given.iter().copied().collect();
    assert_eq!((given.len(), different.len()), (each * MANY, each * MANY));
}
