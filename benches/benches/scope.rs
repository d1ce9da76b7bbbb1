//! An office's list of open cases, filtered by what the officer sees and not, among many cases.

use chrono::TimeDelta;
use grievance_benches::life::{morning, west_bengal, west_bengal_life};
use grievance_benches::rows::options;
use grievance_benches::timing::{alternate, say, say_target, say_time, timed, title};
use grievance_core::KeyRing;
use grievance_core::desk::Desk;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::{RoleCode, TenantCode, UnitCode};
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId};
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::{Actor, Scope};
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::commit::{Commit, Sealed, Stream};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::{Page, Search};
use grievance_core::store::{Journal as _, Store};
use grievance_core::vocabulary::Phase;

/// Cases of the office; `SIZE` says another number.
const CASES: usize = 200_000;
/// Offices that hold them.
const OFFICES: usize = 40;
/// Cases written in one transaction.
const BATCH: usize = 2_000;
/// The most that a scoped list may cost more than an unscoped one.
const MOST: f64 = 1.3;

fn tenant() -> TenantCode {
    TenantCode::new("west-bengal").expect("a code")
}

/// The history of a case that was just lodged.
fn template() -> Vec<Recorded> {
    let store = MemoryStore::default();
    let own = store.tenant(&tenant());
    let desk = Desk::open(own.clone(), tenant(), KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let step = west_bengal_life(1).into_iter().next().expect("a life begins");
    let done = desk.by(&step.actor, step.now).submit(None, &step.request).expect("it is lodged");
    own.history(done.case).expect("it reads").events
}

/// The n-th case: held by one of the offices, three in four of them open; a few were sent on, are
/// about another office, or asked about.
fn nth(n: usize, template: &[Recorded], offices: &[UnitCode]) -> Commit {
    let digest = Digest::of(&[b"case", &n.to_be_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let case = GrievanceId::from_uuid(id);
    let number = RegistrationNumber::read(&format!("CMO/2026/{n:07}")).expect("printable");
    let mut events = template[..1].to_vec();
    for event in &mut events {
        event.case = case;
        if let What::Lodged(lodged) = &mut event.event.what {
            lodged.number = number.clone();
        }
    }
    let live = Grievance::replay(&events).expect("it begins with a lodging");
    let other = |by: usize| offices[(n / by + 7) % offices.len()].clone();
    let unit = offices[n % offices.len()].clone();
    let fact = CaseFact {
        phase: if n.is_multiple_of(4) { Phase::Disposed } else { Phase::InProgress },
        lodged_at: morning() + TimeDelta::seconds(i64::try_from(n % 1_000_003).expect("few")),
        sender: (n.is_multiple_of(3)).then(|| other(3)),
        last_mover: (n.is_multiple_of(5)).then(|| other(5)),
        consulted: if n.is_multiple_of(50) { vec![other(50)] } else { Vec::new() },
        against: (n.is_multiple_of(20)).then(|| other(20)).filter(|against| *against != unit),
        unit,
        ..CaseFact::of(&live)
    };
    let stream = Stream {
        case,
        expected: 0,
        fact,
        due: None,
        events: Sealed::chain(&tenant(), None, events),
        notices: Vec::new(),
    };
    Commit {
        command: CommandId::from_uuid(id),
        fingerprint: digest,
        streams: vec![stream],
        texts: Vec::new(),
    }
}

fn main() {
    title(
        "scope",
        "a page of 50 of an office's open cases, in the scope of its head and without one, SQLite file; one thread",
    );
    let cases: usize = std::env::var("SIZE").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("scope.sqlite");
    let store = SqliteStore::open_with(&path, &options(Synchronous::Off)).expect("the database opens");
    let own = store.tenant(&tenant());
    let desk = Desk::open(own.clone(), tenant(), KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let rulebook = desk.rulebook(morning()).expect("it is in force");
    // Offices without others below them, so that whoever looks sees no more than the list holds.
    let directory = rulebook.directory();
    let offices: Vec<UnitCode> = directory
        .iter()
        .filter(|unit| !directory.iter().any(|other| directory.is_below(&other.code, &unit.code)))
        .map(|unit| unit.code.clone())
        .take(OFFICES)
        .collect();
    let from = template();
    let (took, ()) = timed(|| {
        for batch in (0..cases).collect::<Vec<_>>().chunks(BATCH) {
            let commits: Vec<Commit> = batch.iter().map(|n| nth(*n, &from, &offices)).collect();
            for answer in own.commit_all(&commits).expect("the store works") {
                answer.expect("every case is new");
            }
        }
    });
    say(&format!("  {cases} cases of {} offices, written in {:.0} s", offices.len(), took.as_secs_f64()));

    let open: Vec<Phase> = Phase::ALL.iter().copied().filter(|phase| phase.is_pending()).collect();
    let list =
        |unit: &UnitCode| Search { units: vec![unit.clone()], phases: open.clone(), ..Search::default() };
    for role in ["hod", "sub_office_officer"] {
        let head = |unit: &UnitCode| {
            let person = PersonId::from_uuid(uuid::Uuid::from_u128(1));
            Actor::new(person, RoleCode::new(role).expect("a code")).of(unit.clone())
        };
        let store: &dyn Store = &*own;
        let unscoped = |unit: &UnitCode| store.search(&Scope::All, &list(unit)).expect("it is found");
        let scoped = |unit: &UnitCode| -> Page {
            store.search(&Scope::of(&rulebook, &head(unit)), &list(unit)).expect("it is found")
        };
        let mut found = 0;
        for unit in &offices {
            let (one, other) = (unscoped(unit), scoped(unit));
            found += one.cases.len();
            // What is about the office itself is held by none of the two.
            assert_eq!(one, other, "{unit}: the same cases");
        }
        let round = |of: &dyn Fn(&UnitCode) -> Page| {
            timed(|| offices.iter().map(of).map(|page| page.cases.len()).sum::<usize>()).0
        };
        let (ours, theirs) = alternate(offices.len(), |_| round(&scoped), |_| round(&unscoped));
        say(&format!("  {role}: {found} cases on {} pages", offices.len()));
        say_time("a page in scope", &ours);
        say_time("a page without scope", &theirs);
        let ratio = ours.median() / theirs.median();
        say_target(&format!("{ratio:.2} times the time"), "≤ 1.3 times", ratio <= MOST);
        let now = morning();
        let (by_desk, _) = alternate(
            offices.len(),
            |_| {
                timed(|| {
                    for unit in &offices {
                        desk.by(&head(unit), now).search(&list(unit)).expect("it is found");
                    }
                })
                .0
            },
            |_| std::time::Duration::ZERO,
        );
        say_time("the same by the desk", &by_desk);
    }
}
