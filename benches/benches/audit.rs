//! An audit of every stored history, beside a bare loop that reads the same rows and hashes each
//! once; and what checkpoints and proofs cost.

use grievance_benches::life::{Step, morning, west_bengal, west_bengal_life};
use grievance_benches::rows::{connect, options};
use grievance_benches::timing::{alternate, say, say_rate, timed, title};
use grievance_core::desk::{Desk, Submission};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::keys::KeyRing;
use std::time::Duration;

/// Cases in the office, unless `AUDIT_CASES` says otherwise.
const CASES: usize = 20_000;
/// Cases that move between two checkpoints.
const MOVED: usize = 500;

fn cases() -> usize {
    std::env::var("AUDIT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

/// Takes so many cases through the first ten steps of their lives.
fn fill(desk: &Desk, cases: usize) -> Vec<GrievanceId> {
    let mut filled = Vec::with_capacity(cases);
    let seeds: Vec<u64> = (0..cases as u64).collect();
    for seeds in seeds.chunks(400) {
        let lives: Vec<Vec<Step>> = seeds.iter().map(|seed| west_bengal_life(*seed)).collect();
        let mut ids: Vec<Option<GrievanceId>> = vec![None; lives.len()];
        for nth in 0..10 {
            let batch: Vec<Submission> = lives
                .iter()
                .zip(&ids)
                .map(|(steps, case)| {
                    let Step { actor, now, request } = steps[nth].clone();
                    Submission {
                        command: None,
                        actor,
                        now,
                        case: *case,
                        expected: None,
                        request,
                        verified: None,
                    }
                })
                .collect();
            for (id, done) in ids.iter_mut().zip(desk.submit_all(&batch)) {
                *id = Some(done.expect("the script is allowed").case);
            }
        }
        filled.extend(ids.into_iter().flatten());
    }
    filled
}

fn say_took(what: &str, took: Duration) {
    say(&format!("  {what:<64}{:>10.1} ms", took.as_secs_f64() * 1e3));
}

fn main() {
    title("audit", "Every stored history verified; SQLite file, WAL; one thread");
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("desk.sqlite");
    let tenant = TenantCode::new("west-bengal").expect("a code");
    let store = SqliteStore::open_with(&path, &options(Synchronous::Off)).expect("the database opens");
    let desk = Desk::open(store.tenant(&tenant), tenant, KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let filled = fill(&desk, cases());

    let later = morning() + chrono::TimeDelta::days(30);
    let (first, checkpoint) = timed(|| desk.checkpoint(later).expect("it is made"));
    let events = usize::try_from(checkpoint.events).expect("they were just written");
    say(&format!("  {} cases with {events} events", checkpoint.cases));

    let beside = connect(&path, Synchronous::Off);
    let sql = "SELECT case_id, version, at, actor, rulebook, command, kind, body, hash FROM event ORDER BY case_id, version";
    let bare = || {
        let mut statement = beside.prepare_cached(sql).expect("the table is there");
        let mut rows = statement.query([]).expect("it reads");
        let mut seen = 0;
        while let Some(row) = rows.next().expect("it reads") {
            let column = |n| row.get_ref(n).expect("a column").as_bytes().expect("text or bytes");
            let hash = Digest::of(&[column(0), column(3), column(4), column(5), column(6), column(7)]);
            assert_ne!(hash.as_bytes().as_slice(), column(8));
            seen += 1;
        }
        assert_eq!(seen, events);
    };
    let (ours, theirs) = alternate(
        events,
        |_| {
            let (took, audited) = timed(|| desk.verify_all(None, usize::MAX).expect("it reads"));
            assert!(audited.found.is_empty() && audited.events == events as u64);
            took
        },
        |_| timed(bare).0,
    );
    say_rate("  verify_all", &ours, "events");
    say_rate("  bare loop", &theirs, "events");

    say_took("the first checkpoint", first);
    let (again, second) = timed(|| desk.checkpoint(later).expect("it is made"));
    assert_eq!(second.root, checkpoint.root);
    say_took("a checkpoint when nothing moved", again);
    let lives = filled.iter().take(MOVED).zip(0..);
    let moved: Vec<Submission> = lives
        .map(|(case, seed)| {
            let Step { actor, now, request } = west_bengal_life(seed)[10].clone();
            Submission {
                command: None,
                actor,
                now,
                case: Some(*case),
                expected: None,
                request,
                verified: None,
            }
        })
        .collect();
    assert!(desk.submit_all(&moved).iter().all(Result::is_ok));
    let (next, _) = timed(|| desk.checkpoint(later).expect("it is made"));
    say_took(&format!("a checkpoint when {MOVED} cases moved"), next);
    let (held, covered) = timed(|| desk.verify_checkpoint(&checkpoint).expect("it reads"));
    assert!(covered.found.is_empty());
    say_took("everything held to the first checkpoint", held);
    let (proved, proof) = timed(|| {
        desk.by(&Desk::system(), later).prove(filled[filled.len() / 2], None).expect("it is covered")
    });
    say_took(&format!("a proof for one case ({} bytes)", proof.text().len()), proved);
    let printed = desk.last_checkpoint().expect("it reads").expect("it was made").hash();
    let (checked, holds) = timed(|| (0..1_000).all(|_| proof.check(printed, None).is_ok()));
    assert!(holds);
    say_took("a thousand checks of it", checked);
}
