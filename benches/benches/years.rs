//! Years of an office on a host that has bad days, and a holiday with many cases open.
//!
//! The office and the model that checks it are those of the tests.

#[allow(dead_code, reason = "the tests look at more of it")]
#[path = "../../grievance-core/tests/it/sim_model.rs"]
mod sim_model;
#[allow(dead_code, reason = "the tests look at more of it")]
#[path = "../../grievance-core/tests/it/sim_office.rs"]
mod sim_office;

use crate::sim_model::check;
use crate::sim_office::{Plan, run};
use grievance_benches::life::{morning, west_bengal, west_bengal_life};
use grievance_benches::rows::options;
use grievance_benches::timing::{say, say_target, timed, title};
use grievance_core::desk::{Desk, Submission};
use grievance_core::grievance::event::What;
use grievance_core::kernel::code::TenantCode;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use std::sync::Arc;
use std::time::Duration;

/// The most that a hundred years may take on the memory store.
const MOST: Duration = Duration::from_secs(60);

fn tenant() -> TenantCode {
    TenantCode::new("test").expect("a code")
}

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn years(name: &str, store: &Arc<dyn Store>, plan: Plan) -> Duration {
    let (took, diary) = timed(|| run(Arc::clone(store), plan));
    let (checking, tally) = timed(|| check(&**store, &diary));
    let Plan { years, cases_a_year, seed } = plan;
    say(&format!(
        "\n  {name}: {years} years of {cases_a_year} cases, seed {seed}: {:.1} s",
        took.as_secs_f64()
    ));
    say(&format!(
        "    {} commands, {} refused; {} sweeps, {} cases swept, {} jobs; {} deaths, {} restarts, {} times \
         a clock behind",
        diary.commands,
        diary.refused,
        diary.sweeps.len(),
        diary.cases_swept,
        diary.jobs,
        diary.deaths,
        diary.restarts,
        diary.behind,
    ));
    say(&format!(
        "    checked in {:.1} s: {} events, {} runs of a target, {} moves, {} pauses, {} breaches, {} levels, \
         {} cases moved to another rulebook",
        checking.as_secs_f64(),
        tally.events,
        tally.runs,
        tally.moves,
        tally.pauses,
        tally.breaches,
        tally.levels,
        tally.remapped,
    ));
    took
}

/// Declares a holiday with so many cases open.
fn holiday(name: &str, store: Arc<dyn Store>, cases: usize) {
    let desk = Desk::open(store, tenant(), KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let step = west_bengal_life(0).swap_remove(0);
    let lodge = Submission {
        command: None,
        actor: step.actor,
        now: step.now,
        case: None,
        expected: None,
        request: step.request,
        verified: None,
    };
    let batch = vec![lodge; 500];
    for _ in 0..cases.div_ceil(500) {
        assert!(desk.submit_all(&batch).iter().all(Result::is_ok));
    }
    let late = "extends = \"west-bengal\"\n[[calendar.holiday]]\ncode = \"late\"\nname = \"Late\"\ndate = \
                \"2026-03-05\"\n";
    let now = step.now + chrono::TimeDelta::days(1);
    let rulebook = Rulebook::from_toml(late).expect("sound");
    let (took, moved) = timed(|| {
        desk.activate(rulebook, now).expect("it comes into force");
        let (mut moved, mut after) = (0, None);
        loop {
            let batch = desk.move_cases(&Desk::system(), now, after, 5_000).expect("they are moved");
            (moved, after) = (moved + batch.moved, batch.next);
            if after.is_none() {
                return moved;
            }
        }
    });
    let (mut retimed, mut seen) = (0_u64, 0_u64);
    let scanned = desk.store().scan(&Scope::All, &mut |history| {
        seen += 1;
        let moved = history.iter().filter(|it| matches!(it.event.what, What::TargetMoved(_))).count();
        let remapped = history.iter().filter(|it| matches!(it.event.what, What::Remapped(_))).count();
        // The acknowledgement was due before the holiday.
        assert_eq!((moved, remapped), (1, 1));
        retimed += 1;
        true
    });
    scanned.expect("the store works");
    assert_eq!((moved, retimed), (seen, seen));
    let each =
        took.as_secs_f64() * 1e6 / f64::from(u32::try_from(seen).expect("fewer than four thousand million"));
    say(&format!(
        "\n  a late holiday, {name}: {seen} open cases each re-timed once in {:.1} s, {each:.0} µs each",
        took.as_secs_f64()
    ));
}

fn main() {
    title("years", "Simulated years of an office, checked day by day by a naive model; one thread");
    let years_of = i32::try_from(size("YEARS", 100)).expect("some years");
    let plan = Plan { years: years_of, cases_a_year: size("CASES", 1_000), seed: size("SEED", 7) as u64 };
    let took = years("memory", &(MemoryStore::default().tenant(&tenant()) as Arc<dyn Store>), plan);
    say_target(&format!("{:.1} s", took.as_secs_f64()), "under 60 s for 100 years", took < MOST);

    let folder = tempfile::tempdir().expect("a folder for the databases");
    let open = |name: &str| -> Arc<dyn Store> {
        let store = SqliteStore::open_with(folder.path().join(name), &options(Synchronous::Off));
        store.expect("the database opens").tenant(&tenant())
    };
    years("SQLite file, synchronous=OFF", &open("years.sqlite"), Plan { years: 1, ..plan });

    let cases = size("SIZE", 100_000);
    holiday("memory", MemoryStore::default().tenant(&tenant()), cases);
    holiday("SQLite file, synchronous=OFF", open("holiday.sqlite"), cases);
}
