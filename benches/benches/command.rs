//! A single command through a desk, beside a bare loop that reads the same history and writes the
//! same rows.

use grievance_benches::life::{Step, morning, west_bengal, west_bengal_life};
use grievance_benches::rows::{Bare, Mark, assert_same, connect, options, written_since};
use grievance_benches::timing::{alternate, rounds, say, say_target, say_time, timed, title};
use grievance_core::desk::{Desk, Submission};
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::wire::{encode, encode_actor};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::{reaches, sees};
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::commit::Sealed;
use grievance_core::store::keys::KeyRing;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Commands of a case before the one that is timed: the first steps of the life, and a comment.
const COMMANDS: usize = 8;

/// The most that a command may cost more than the bare loop, in microseconds.
const MOST: f64 = 30.0;

/// The most that sealing texts, chaining events and access may add to a command, in microseconds.
const MOST_FOR_TRUST: f64 = 25.0;

fn tenant() -> TenantCode {
    TenantCode::new("west-bengal").expect("a code")
}

fn desk(path: &Path, synchronous: Synchronous) -> Desk {
    desk_with(path, synchronous, KeyRing::for_tests())
}

fn desk_with(path: &Path, synchronous: Synchronous, keys: KeyRing) -> Desk {
    let store = SqliteStore::open_with(path, &options(synchronous)).expect("the database opens");
    Desk::open(store.tenant(&tenant()), tenant(), keys)
}

/// The command that is timed: every other case gets a comment, the others a report.
fn timed_step(seed: u64) -> Step {
    let steps = west_bengal_life(seed);
    let wanted = |step: &&Step| match &step.request {
        Request::Comment(_) => seed.is_multiple_of(2),
        Request::ReportAction(_) => !seed.is_multiple_of(2),
        _ => false,
    };
    let found = steps.iter().find(wanted).expect("the life has one of each").clone();
    let last = steps.last().expect("a life has steps").now;
    Step { now: last, ..found }
}

/// Lodges so many cases and takes each through [`COMMANDS`] commands; says its version with it.
fn fill(desk: &Desk, cases: usize) -> Vec<(GrievanceId, u64, Step)> {
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let mut filled = Vec::with_capacity(cases);
    let seeds: Vec<u64> = (0..cases as u64).collect();
    for seeds in seeds.chunks(200) {
        let lives: Vec<Vec<Step>> = seeds
            .iter()
            .map(|seed| {
                let mut steps = west_bengal_life(*seed);
                steps.truncate(COMMANDS - 1);
                let again = steps.iter().find(|step| matches!(step.request, Request::Comment(_)));
                steps.push(Step { now: steps[COMMANDS - 2].now, ..again.expect("a comment").clone() });
                steps
            })
            .collect();
        let mut ids: Vec<Option<(GrievanceId, u64)>> = vec![None; lives.len()];
        for nth in 0..COMMANDS {
            let batch: Vec<_> = lives
                .iter()
                .zip(&ids)
                .map(|(steps, case)| {
                    let Step { actor, now, request } = steps[nth].clone();
                    let case = case.map(|(case, _)| case);
                    Submission { command: None, actor, now, case, expected: None, request, verified: None }
                })
                .collect();
            for (id, done) in ids.iter_mut().zip(desk.submit_all(&batch)) {
                let done = done.expect("the script is allowed");
                *id = Some((done.case, done.version));
            }
        }
        for (seed, id) in seeds.iter().zip(ids) {
            let (case, version) = id.expect("it was lodged");
            filled.push((case, version, timed_step(*seed)));
        }
    }
    filled
}

/// Times `per_round` commands a round on both sides; prints both and returns the difference in
/// microseconds.
fn compare(name: &str, synchronous: Synchronous, per_round: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let (ours, bare) = (folder.path().join("desk.sqlite"), folder.path().join("bare.sqlite"));
    let filled = fill(&desk(&ours, Synchronous::Off), per_round * (rounds() + 1));
    // Both sides begin with the same file.
    let look = connect(&ours, synchronous);
    look.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("the log is emptied");
    std::fs::copy(&ours, &bare).expect("the file is copied");
    let mut mark = Mark::default();
    mark.pass_over(&look);

    let desk = Arc::new(desk(&ours, synchronous));
    let beside = connect(&bare, synchronous);
    let mut loop_ = Bare::new(&beside);
    let mut cases = filled.chunks(per_round);
    // What ours wrote and the bare loop has not written yet: it is always some rounds behind.
    let waiting = std::cell::RefCell::new(std::collections::VecDeque::new());
    let mut write = || {
        let Some(commands): Option<Vec<_>> = waiting.borrow_mut().pop_front() else { return Duration::ZERO };
        let (took, rows) = timed(|| {
            let mut rows = 0;
            for command in &commands {
                assert!(loop_.read_history(command) > 0);
                rows += loop_.write(std::slice::from_ref(command));
            }
            rows
        });
        assert_eq!(rows, commands.iter().map(grievance_benches::rows::CommandRows::count).sum::<usize>());
        took
    };
    let (of_desk, of_loop) = alternate(
        per_round,
        |_| {
            let cases = cases.next().expect("as many chunks as rounds");
            let (took, ()) = timed(|| {
                for (case, version, Step { actor, now, request }) in cases {
                    let done = desk.by(actor, *now).submit(Some(*case), request);
                    assert!(done.expect("the script is allowed").version > *version);
                }
            });
            waiting.borrow_mut().push_back(written_since(&look, &mut mark));
            took
        },
        |round| if round == 0 { Duration::ZERO } else { write() },
    );
    while write() > Duration::ZERO {}
    let rows = assert_same(&ours, &bare);
    let events = filled.iter().map(|(_, version, _)| version).max().expect("there are cases");
    say(&format!(
        "  {name}, histories of {events} events: {per_round} commands a round; {rows} equal rows in both databases at the end"
    ));
    say_time("  desk", &of_desk);
    say_time("  bare loop", &of_loop);
    let more = (of_desk.median() - of_loop.median()) / 1e3;
    let ratio = of_desk.median() / of_loop.median();
    say(&format!("    the desk takes {more:.1} µs more, {ratio:.2} times the bare loop"));
    more
}

/// Times the same commands on a desk that seals texts and on one that leaves them unsealed, and the
/// chain of hashes on the events of the same cases, and the questions of access about them; returns
/// what the three add to a command in microseconds.
fn trust(per_round: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let rings = [KeyRing::for_tests(), KeyRing::for_tests().leaving_texts_unsealed()];
    let mut sides = Vec::new();
    for (name, keys) in ["sealed.sqlite", "open.sqlite"].into_iter().zip(rings) {
        let desk = desk_with(&folder.path().join(name), Synchronous::Off, keys);
        let filled = fill(&desk, per_round * (rounds() + 1));
        sides.push((desk, filled));
    }
    let run = |side: usize, round: usize| {
        let (desk, filled) = &sides[side];
        let cases = filled.chunks(per_round).nth(round).expect("as many chunks as rounds");
        let (took, ()) = timed(|| {
            for (case, version, Step { actor, now, request }) in cases {
                let done = desk.by(actor, *now).submit(Some(*case), request);
                assert!(done.expect("the script is allowed").version > *version);
            }
        });
        took
    };
    let (sealed, open) = alternate(per_round, |round| run(0, round), |round| run(1, round));

    // The events that one timed command wrote, of each case: with their hashes, and only as text.
    let (desk, filled) = &sides[0];
    let written: Vec<_> = filled[..per_round]
        .iter()
        .map(|(case, version, _)| {
            let history = desk.store().history(*case).expect("the history reads");
            let from = usize::try_from(*version).expect("a short history");
            (history.head, history.events[from..].to_vec())
        })
        .collect();
    let (chained, texts) = alternate(
        per_round,
        |_| {
            let events = written.clone();
            timed(|| {
                for (head, events) in events {
                    std::hint::black_box(Sealed::chain(&tenant(), head, events));
                }
            })
            .0
        },
        |_| {
            let events = written.clone();
            timed(|| {
                for event in events.iter().flat_map(|(_, events)| events) {
                    std::hint::black_box((encode(&event.event), encode_actor(&event.actor)));
                }
            })
            .0
        },
    );
    // What access asks of each command: whether the case is there, within reach, and what is seen of it.
    let rulebook = desk.rulebook(filled[0].2.now).expect("a rulebook is in force");
    let cases: Vec<_> = filled[..per_round]
        .iter()
        .map(|(case, _, step)| {
            let events = desk.store().history(*case).expect("the history reads").events;
            (Grievance::replay(&events).expect("a history"), step)
        })
        .collect();
    let (asked, unasked) = alternate(
        per_round,
        |_| {
            timed(|| {
                for (case, Step { actor, request, .. }) in &cases {
                    let standing = std::hint::black_box(case.standing());
                    let there = sees(&rulebook, actor, &standing);
                    let reached = reaches(&rulebook, actor, request.action(), &standing);
                    std::hint::black_box((there && reached, rulebook.sights(&actor.role)));
                }
            })
            .0
        },
        |_| {
            timed(|| {
                for (case, _) in &cases {
                    std::hint::black_box(case.standing());
                }
            })
            .0
        },
    );
    say(&format!("  synchronous=OFF, texts sealed and unsealed in turn: {per_round} commands a round"));
    say_time("  desk, sealing", &sealed);
    say_time("  desk, leaving unsealed", &open);
    say_time("  events as text, chained", &chained);
    say_time("  events as text", &texts);
    say_time("  access, asked", &asked);
    say_time("  access, not asked", &unasked);
    let access = (asked.median() - unasked.median()) / 1e3;
    let more = (sealed.median() - open.median() + chained.median() - texts.median()) / 1e3 + access;
    say(&format!("    access adds {access:.2} µs; with sealing and chaining {more:.1} µs"));
    more
}

fn main() {
    title(
        "command",
        &format!(
            "A single command (comment or report) on a case after {COMMANDS} commands, SQLite file, WAL; one thread"
        ),
    );
    let more = compare("synchronous=OFF", Synchronous::Off, 400);
    say_target(&format!("{more:.1} µs more"), "≤ 30 µs more than the bare loop", more <= MOST);
    compare("synchronous=FULL", Synchronous::Full, 100);
    let more = trust(400);
    say_target(
        &format!("{more:.1} µs more"),
        "≤ 25 µs for sealing, chaining and access",
        more <= MOST_FOR_TRUST,
    );
}
