//! A sweep of what is due, in an office with a million open cases beside the same in a small one.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use grievance_benches::life::{morning, west_bengal, west_bengal_life};
use grievance_benches::rows::{connect, options};
use grievance_benches::timing::{alternate, say, say_target, say_time, timed, title};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::timer::next_due;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId};
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::Rulebook;
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::sql::{Dialect, fixed};
use grievance_core::store::Journal as _;
use grievance_core::store::commit::{Commit, Sealed, Stream};
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use rusqlite::{Connection, StatementStatus, params};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Open cases of the two offices, and timers that are due in each.
const MANY: usize = 1_000_000;
const FEW: usize = 20_000;
const DUE: usize = 10_000;

/// The most that the many may cost more than the few.
const MOST: f64 = 1.5;

/// Cases written in one transaction.
const BATCH: usize = 2_000;

fn tenant() -> TenantCode {
    TenantCode::new("west-bengal").expect("a code")
}

/// Histories to make cases from: at the instant of the sweep something is due in the first lot,
/// and in the second nothing.
struct Templates {
    due: Vec<Vec<Recorded>>,
    open: Vec<Vec<Recorded>>,
    now: DateTime<Utc>,
}

/// Cases of four offices as they stand after the first steps of their lives, lodged on each of
/// two days.
fn templates() -> Templates {
    let store = MemoryStore::default();
    let desk = Desk::open(store.tenant(&tenant()), tenant(), KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    let lodged_after = |days: i64| -> Vec<Vec<Recorded>> {
        let one = |seed: u64| {
            let mut case = None;
            // Some are not even assigned, some are with an office.
            for step in west_bengal_life(seed).iter().take(1 + usize::try_from(seed % 5).expect("a few")) {
                let done = desk.by(&step.actor, step.now + TimeDelta::days(days)).submit(case, &step.request);
                case = Some(done.expect("the script is allowed").case);
            }
            desk.store().history(case.expect("it was lodged")).expect("it reads").events
        };
        (0..20).map(one).collect()
    };
    // Lodged on Monday the 2nd. On the evening of the 10th, 75 % of seven working days are over.
    let due = lodged_after(0);
    let open = lodged_after(7);
    Templates { due, open, now: Utc.with_ymd_and_hms(2026, 3, 10, 15, 0, 0).single().expect("an instant") }
}

/// The n-th case: a template under another identity and number.
fn nth(n: usize, history: &[Recorded], rulebook: &Rulebook, now: DateTime<Utc>, due: bool) -> Commit {
    // As good as random, so that those that are due lie everywhere, and the same in both offices.
    let digest = Digest::of(&[b"case", &n.to_be_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let (case, number) = (GrievanceId::from_uuid(id), format!("CMO/2026/{n:07}"));
    let number = RegistrationNumber::read(&number).expect("printable");
    let mut events = history.to_vec();
    for event in &mut events {
        event.case = case;
        if let What::Lodged(lodged) = &mut event.event.what {
            lodged.number = number.clone();
        }
    }
    let live = Grievance::replay(&events).expect("it begins with a lodging");
    let timer = next_due(&live, rulebook);
    assert_eq!(timer.is_some_and(|at| at <= now), due, "the template is what it is meant to be");
    let stream = Stream {
        case,
        expected: 0,
        fact: CaseFact::of(&live),
        due: timer,
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

/// An office in a file, with what it takes to sweep it again and again.
struct Office {
    path: PathBuf,
    cases: usize,
    /// The last event that was there before any sweep.
    last: i64,
}

impl Office {
    /// Every `cases / DUE`-th case is one in which something is due.
    fn build(path: PathBuf, cases: usize, due: usize, from: &Templates) -> Self {
        let store = SqliteStore::open_with(&path, &options(Synchronous::Off)).expect("the database opens");
        let own = store.tenant(&tenant());
        let desk = Desk::open(own.clone(), tenant(), KeyRing::for_tests());
        desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
        let rulebook = desk.rulebook(from.now).expect("it is in force");
        let every = cases / due;
        // Those that are due have the same numbers in both offices.
        let (mut next_due_one, mut next_open) = (0, due);
        let (took, ()) = timed(|| {
            for batch in (0..cases).collect::<Vec<_>>().chunks(BATCH) {
                let commits: Vec<Commit> = batch
                    .iter()
                    .map(|place| {
                        let is_due = place.is_multiple_of(every) && next_due_one < due;
                        let (next, lot) = if is_due {
                            (&mut next_due_one, &from.due)
                        } else {
                            (&mut next_open, &from.open)
                        };
                        let n = *next;
                        *next += 1;
                        nth(n, &lot[n % lot.len()], &rulebook, from.now, is_due)
                    })
                    .collect();
                for answer in own.commit_all(&commits).expect("the store works") {
                    answer.expect("every case is new");
                }
            }
        });
        say(&format!("  {cases} open cases, {due} of them due, written in {:.0} s", took.as_secs_f64()));
        drop((desk, own, store));
        let look = connect(&path, Synchronous::Off);
        let last = look.query_row("SELECT max(rowid) FROM event", [], |row| row.get(0)).expect("it reads");
        let keep = format!(
            "CREATE TABLE kept_timer AS SELECT * FROM timer WHERE due_at <= {};
             CREATE TABLE kept_grievance AS SELECT grievance.* FROM kept_timer
               JOIN grievance USING (tenant, case_id);",
            from.now.timestamp_millis()
        );
        look.execute_batch(&keep).expect("the rows are kept");
        look.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("the log is emptied");
        Self { path, cases, last }
    }

    /// Sweeps everything that is due; the store is opened anew, as after a start.
    fn sweep(&self, now: DateTime<Utc>, due: usize) -> (Duration, [u64; 3]) {
        let store = SqliteStore::open_with(&self.path, &options(Synchronous::Off)).expect("it opens");
        let desk = Arc::new(Desk::open(store.tenant(&tenant()), tenant(), KeyRing::for_tests()));
        desk.rulebook(now).expect("it is in force");
        let (took, swept) = timed(|| desk.sweep(now, due).expect("the store works"));
        assert_eq!((swept.cases, swept.more, swept.failed.len()), (due as u64, false, 0));
        (took, [swept.cases, swept.breaches, swept.escalations])
    }

    /// Makes the sweep undone.
    fn undo(&self) {
        let look = connect(&self.path, Synchronous::Off);
        let sql = format!(
            "BEGIN;
             DELETE FROM command WHERE command IN (SELECT command FROM event WHERE rowid > {last});
             DELETE FROM event WHERE rowid > {last};
             DELETE FROM outbox;
             REPLACE INTO grievance SELECT * FROM kept_grievance;
             REPLACE INTO timer SELECT * FROM kept_timer;
             COMMIT;",
            last = self.last
        );
        look.execute_batch(&sql).expect("it is undone");
        look.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("the log is emptied");
    }

    /// Rows, steps of `SQLite`'s machine and steps of full scans that listing what is due takes, page
    /// by page as a sweep does, and then reading each of the histories.
    fn reading(&self, now: DateTime<Utc>) -> [i64; 4] {
        let look: Connection = connect(&self.path, Synchronous::Off);
        let (sql, own) = (fixed(Dialect::Sqlite), tenant());
        let mut due = look.prepare(&sql.due).expect("the statement is sound");
        let mut found: Vec<(i64, Vec<u8>)> = Vec::new();
        let now = now.timestamp_millis();
        loop {
            let (at, case) = found.last().cloned().unwrap_or((i64::MIN, Vec::new()));
            let page = due
                .query_map(params![own.as_str(), now, at, case, 100], |row| Ok((row.get(0)?, row.get(1)?)));
            let page: Vec<(i64, Vec<u8>)> = page.and_then(Iterator::collect).expect("the rows read");
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        let mut history = look.prepare(&sql.history).expect("the statement is sound");
        let mut events = 0;
        for (_, case) in &found {
            let mut rows = history.query(params![own.as_str(), case]).expect("it runs");
            while rows.next().expect("it reads").is_some() {
                events += 1;
            }
        }
        let status = |kind| i64::from(due.get_status(kind)) + i64::from(history.get_status(kind));
        let rows = i64::try_from(found.len()).expect("not so many") + events;
        [
            rows,
            status(StatementStatus::VmStep),
            status(StatementStatus::FullscanStep),
            status(StatementStatus::Sort),
        ]
    }
}

fn main() {
    title(
        "sweep",
        "desk.sweep of 10 000 due timers among many open cases and among few, SQLite file, WAL, synchronous=OFF; one thread",
    );
    let many: usize = std::env::var("SIZE").ok().and_then(|text| text.parse().ok()).unwrap_or(MANY);
    let few = FEW.min(many);
    let due = DUE.min(few / 2);
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let from = templates();
    let at = |name: &str| Path::new(folder.path()).join(name);
    let small = Office::build(at("few.sqlite"), few, due, &from);
    let large = Office::build(at("many.sqlite"), many, due, &from);

    let (of_many, of_few) = (large.reading(from.now), small.reading(from.now));
    for (office, [rows, steps, scanned, sorts]) in [(&large, of_many), (&small, of_few)] {
        say(&format!(
            "  among {:>9}: {rows} rows read, {steps} machine steps, {scanned} of a full scan, {sorts} sorts",
            office.cases
        ));
        assert_eq!((scanned, sorts), (0, 0), "both statements follow an index");
    }
    assert_eq!(of_many[0], of_few[0], "both offices have the same due");
    #[expect(clippy::cast_precision_loss, reason = "not so many steps")]
    let steps = of_many[1] as f64 / of_few[1] as f64;
    say_target(&format!("{steps:.3} times the steps"), "≤ 1.5 times", steps <= MOST);

    let came_to = std::cell::Cell::new(None);
    let round = |office: &Office| {
        let (took, said) = office.sweep(from.now, due);
        assert_eq!(came_to.replace(Some(said)).unwrap_or(said), said, "every round does the same");
        office.undo();
        took
    };
    let (of_many, of_few) = alternate(due, |_| round(&large), |_| round(&small));
    if let Some([cases, breaches, escalations]) = came_to.get() {
        say(&format!("  each sweep: {cases} cases, {breaches} breaches, {escalations} levels taken"));
    }
    say_time(&format!("a case, among {many}"), &of_many);
    say_time(&format!("a case, among {few}"), &of_few);
    let ratio = of_many.median() / of_few.median();
    say_target(&format!("{ratio:.2} times the time"), "≤ 1.5 times", ratio <= MOST);
}
