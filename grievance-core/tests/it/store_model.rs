//! The stores in SQL against the reference in memory: whatever is committed, in whatever order, all
//! answer the same.

use crate::measure_histories::histories;
use chrono::TimeDelta;
use grievance_core::kernel::code::{ProblemCode, ScheduleCode};
use grievance_core::kernel::text::Compartment;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::agenda::Job;
use grievance_core::store::commit::Commit;
use grievance_core::store::conformance::sample::{
    Sample, at, case, claim, command, commit, kept, notice, rulebook, tenant, text,
};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::outbox::Settlement;
use grievance_core::store::search::Search;
use grievance_core::store::{Journal as _, Store, StoreError, Stored};
use grievance_core::vocabulary::JobKind;
use proptest::prelude::*;
use std::sync::Arc;

/// One thing that is tried: of few cases, so that attempts meet each other.
#[derive(Clone, Debug)]
struct Attempt {
    command: u64,
    /// Whether the command has another body than others of its identity.
    other_body: bool,
    cases: Vec<u64>,
    /// How many events the writer believes each case has, and adds one or more to.
    believes: usize,
    adds: usize,
    text: Option<u64>,
    due: Option<i64>,
    notice: Option<u64>,
}

/// Something that is done with what waits, between the commits.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Claim { by: u64, limit: usize },
    Settle { notice: u64, by: u64, how: u8 },
    Revive { notice: u64 },
    Report { notice: u64 },
    Job { schedule: u8, due: i64, done: bool },
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        (0_u64..3, 0_usize..4).prop_map(|(by, limit)| Turn::Claim { by, limit }),
        (0_u64..8, 0_u64..3, 0_u8..4).prop_map(|(notice, by, how)| Turn::Settle { notice, by, how }),
        (0_u64..8).prop_map(|notice| Turn::Revive { notice }),
        (0_u64..8).prop_map(|notice| Turn::Report { notice }),
        (0_u8..3, 0_i64..3, any::<bool>()).prop_map(|(schedule, due, done)| Turn::Job {
            schedule,
            due,
            done
        }),
    ]
}

/// What a store says to a turn at a millisecond.
fn taken(store: &dyn Store, turn: Turn, millis: i64) -> String {
    let now = at(millis);
    let id = |n| notice(n, case(1), (1, 0), now).id;
    match turn {
        Turn::Claim { by, limit } => {
            format!("{:?}", store.claim(now, TimeDelta::milliseconds(7), limit, claim(by)))
        }
        Turn::Settle { notice, by, how } => {
            let problem = ProblemCode::new("timeout").unwrap();
            let settlement = match how {
                0 => Settlement::Delivered { at: now, reference: Some(format!("r{}", notice % 3).into()) },
                1 => Settlement::Retry { at: at(millis + 9), problem },
                2 => Settlement::Parked { at: now, problem },
                _ => Settlement::Dropped { at: now },
            };
            format!("{:?}", store.settle(id(notice), claim(by), &settlement))
        }
        Turn::Revive { notice } => format!("{:?}", store.revive(id(notice), now)),
        Turn::Report { notice } => {
            let found = store.referred(&format!("r{}", notice % 3));
            format!("{found:?} {:?}", store.delivery_report(id(notice), now))
        }
        Turn::Job { schedule, due, done } => {
            let schedule = ScheduleCode::new(&format!("s{schedule}")).unwrap();
            if done {
                format!("{:?}", store.finish_job(&schedule, at(due)))
            } else {
                format!("{:?}", store.add_job(&Job { due_at: at(due), schedule, kind: JobKind::Review }))
            }
        }
    }
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let cases = prop::collection::vec(1_u64..6, 1..3);
    let waits = (prop::option::of(0_i64..30), prop::option::weighted(0.7, 0_u64..8));
    let body = (1_u64..40, prop::bool::weighted(0.1), cases, 0_usize..3, 1_usize..3);
    (body, prop::option::of(1_u64..20), waits).prop_map(|(body, text, (due, notice))| {
        let (command, other_body, mut cases, believes, adds) = body;
        cases.sort_unstable();
        cases.dedup();
        Attempt { command, other_body, cases, believes, adds, text, due, notice }
    })
}

fn made(attempt: &Attempt) -> Commit {
    let stream = |n: &u64| {
        // 2 and 3 come with the same number.
        let mut sample = if [2, 3, 5].contains(n) {
            Sample::adopted(*n, "nyc", &(n / 2).to_string())
        } else {
            Sample::lodged(*n)
        };
        while sample.history().len() < attempt.believes + attempt.adds {
            sample = sample.commented();
        }
        sample.after(attempt.believes)
    };
    let mut commit = commit(attempt.command, attempt.cases.iter().map(stream).collect());
    if attempt.other_body {
        commit.fingerprint = rulebook(7);
    }
    let first = &mut commit.streams[0];
    first.due = attempt.due.map(at);
    if let Some(n) = attempt.notice {
        let place = (1 + n / 3, u32::try_from(n).unwrap());
        first.notices.push(notice(n, first.case, place, at(n.cast_signed() * 3)));
    }
    if let Some(n) = attempt.text {
        let (_, row) = text(n, Compartment::Identity, "a text");
        commit.texts.push(kept(commit.streams[0].case, &row, &[n % 5]));
    }
    commit
}

fn everything(store: &dyn Store) -> String {
    let histories = histories(store);
    let cases: Vec<_> = (1..6).map(|n| (store.history(case(n)), store.fact(case(n)))).collect();
    let commands: Vec<_> = (1..40).map(|n| store.receipt(command(n))).collect();
    let ids: Vec<_> = (1..20).map(|n| text(n, Compartment::Texts, "").1.id).collect();
    let page = store.search(&Scope::All, &Search::default());
    let due = (store.due(at(20), None, 100), store.next_due());
    let posted: Vec<_> = (1..6).map(|n| store.notices_of(case(n))).collect();
    let waiting = (posted, store.parked(100), store.outbox_next(), store.open_jobs(100));
    format!("{histories:?} {cases:?} {commands:?} {:?} {page:?} {due:?} {waiting:?}", store.texts(&ids))
}

/// What storage says of itself may differ in words.
fn in_kind<T>(answer: Stored<T>) -> Stored<T> {
    answer.map_err(|problem| match problem {
        StoreError::Backend(_) => StoreError::Backend(String::new()),
        other => other,
    })
}

/// Every commit, alone or in a batch, is answered the same and leaves the same behind.
fn answers_as_the_reference(
    store: &dyn Store,
    attempts: &[Attempt],
    turns: Vec<Turn>,
    batch: usize,
) -> Result<(), TestCaseError> {
    let (mut turns, mut now) = (turns.into_iter(), 0);
    let memory: Arc<dyn Store> = MemoryStore::default().tenant(&tenant("first"));
    let commits: Vec<Commit> = attempts.iter().map(made).collect();
    for together in commits.chunks(batch) {
        if let [alone] = together {
            prop_assert_eq!(in_kind(store.commit(alone)), in_kind(memory.commit(alone)));
        } else {
            let answers = |store: &dyn Store| -> Vec<_> {
                store.commit_all(together).unwrap().into_iter().map(in_kind).collect()
            };
            prop_assert_eq!(answers(store), answers(&*memory));
        }
        for turn in turns.by_ref().take(6) {
            now += 2;
            prop_assert_eq!(taken(store, turn, now), taken(&*memory, turn, now), "{:?}", turn);
        }
    }
    prop_assert_eq!(everything(store), everything(&*memory));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn sqlite_answers_as_the_reference(
        attempts in prop::collection::vec(attempt(), 1..40),
        turns in prop::collection::vec(turn(), 0..80),
        batch in 1_usize..6,
    ) {
        let sqlite: Arc<dyn Store> = SqliteStore::open_in_memory().unwrap().tenant(&tenant("first"));
        answers_as_the_reference(&*sqlite, &attempts, turns, batch)?;
    }
}

#[cfg(feature = "postgres")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One database, and a tenant of it for each sequence.
    #[test]
    fn postgres_answers_as_the_reference(
        attempts in prop::collection::vec(attempt(), 1..40),
        turns in prop::collection::vec(turn(), 0..80),
        batch in 1_usize..6,
    ) {
        use grievance_core::sql::postgres::PostgresStore;
        use std::sync::LazyLock;
        use std::sync::atomic::{AtomicU32, Ordering};
        static STORE: LazyLock<Option<PostgresStore>> = LazyLock::new(crate::pg::store);
        static TENANT: AtomicU32 = AtomicU32::new(0);
        let Some(store) = &*STORE else { return Ok(()) };
        let own = tenant(&format!("t{}", TENANT.fetch_add(1, Ordering::Relaxed)));
        answers_as_the_reference(&*store.tenant(&own), &attempts, turns, batch)?;
    }
}

/// Processes that share a file race as threads do: each case goes on without a gap, and each
/// serial is given once.
#[test]
fn connections_of_their_own_race_as_threads_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.sqlite");
    let open = || SqliteStore::open(&path).unwrap().tenant(&tenant("first"));

    let first = open();
    first.commit(&Sample::lodged(1).commit(1)).unwrap();
    let serials: Vec<u64> = std::thread::scope(|threads| {
        let writer = |writer: u64| {
            let (open, first) = (&open, &first);
            threads.spawn(move || {
                let mine = open();
                let mut serials = Vec::new();
                for n in 0..20 {
                    serials.push(mine.reserve("2026", 1, 1).unwrap());
                    // Read, decide, commit; again after a conflict.
                    let mut tries = 0;
                    loop {
                        let version = mine.history(case(1)).unwrap().events.len();
                        let mut further = Sample::lodged(1);
                        while further.history().len() <= version {
                            further = further.commented();
                        }
                        tries += 1;
                        let id = 1_000 * (writer + 1) + 40 * n + tries;
                        match mine.commit(&commit(id, vec![further.after(version)])) {
                            Ok(_) => break,
                            Err(StoreError::Conflict { .. } | StoreError::Busy) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                    assert!(!first.history(case(1)).unwrap().events.is_empty());
                }
                serials
            })
        };
        let writers: Vec<_> = (0..4).map(writer).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let versions: Vec<u64> =
        first.history(case(1)).unwrap().events.iter().map(|event| event.version).collect();
    assert_eq!(versions, (1..=81).collect::<Vec<_>>());
    let mut different = serials.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), serials.len());
}
