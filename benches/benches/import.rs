//! The import of another system's records, beside a bare loop that writes the same rows in the
//! same transactions.

use chrono::{DateTime, TimeZone as _, Utc};
use grievance_benches::rows::{
    Bare, CommandRows, Mark, assert_same, connect, make_tables, options, written_since,
};
use grievance_benches::timing::{Sample, alternate, say, say_rate, say_target, timed, title};
use grievance_benches::{city, life};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::Options;
use grievance_core::import::run::{Import, ImportReport};
use grievance_core::kernel::code::{RoleCode, TenantCode};
use grievance_core::kernel::id::PersonId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::keys::KeyRing;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Records that the import writes in one transaction, and so does the bare loop.
const BATCH: usize = 1_000;

/// The least share of the bare loop's rate.
const LEAST: f64 = 0.6;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 4, 1, 0, 0, 0).single().expect("a plain UTC instant")
}

/// Imports a file into a new database: everything, from opening the database to the last commit.
fn import(
    to: &Path,
    synchronous: Synchronous,
    map: &ColumnMap,
    file: &[u8],
    base: &Rulebook,
) -> ImportReport {
    let tenant = TenantCode::new("riverton").expect("a code");
    let store = SqliteStore::open_with(to, &options(synchronous)).expect("the database opens");
    // The same identities and salts in every round, so that the bare loop's rows are ours.
    let desk =
        Desk::with_mint(store.tenant(&tenant), tenant, KeyRing::for_tests(), Box::new(SeededMint::new(5)));
    let actor = Actor {
        on_behalf_of: None,
        person: PersonId::from_uuid(uuid::Uuid::nil()),
        post: None,
        role: RoleCode::new("system").expect("a code"),
        tenure: None,
        unit: None,
    };
    let import = Import {
        desk: &desk,
        map,
        options: Options::default(),
        actor: &actor,
        now: now(),
        base: base.document(),
    };
    import.run(|| Ok(Cursor::new(file)), |_| {}).expect("the file is imported")
}

fn compare(name: &str, columns: &str, file: &[u8], synchronous: Synchronous) -> (Sample, Sample) {
    let map = ColumnMap::from_toml(columns).expect("the map reads");
    let base = life::city();
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let path = |side: &str, round: usize| folder.path().join(format!("{side}-{round}.sqlite"));

    let ours = path("first", 0);
    let report = import(&ours, synchronous, &map, file, &base);
    let rows = written_since(&connect(&ours, synchronous), &mut Mark::default());
    assert_eq!(rows.len() as u64, report.new);
    let count: usize = rows.iter().map(CommandRows::count).sum();
    say(&format!(
        "\n  {name}: {} records, {} taken, {} rejected; {count} rows, {} bytes of CSV",
        report.records,
        report.new,
        report.rejects.len(),
        file.len(),
    ));

    let (of_import, of_loop) = alternate(
        rows.len(),
        |round| {
            let to = path("ours", round);
            let (took, again) = timed(|| import(&to, synchronous, &map, file, &base));
            assert_eq!(again.new, report.new);
            checked(&ours, &to, count, round);
            took
        },
        |round| {
            let to = path("bare", round);
            let took = bare(&to, synchronous, &rows, count);
            checked(&ours, &to, count, round);
            took
        },
    );
    (of_import, of_loop)
}

/// Writes the rows into a new database, a transaction for each batch.
fn bare(to: &Path, synchronous: Synchronous, rows: &[CommandRows], count: usize) -> Duration {
    let (took, written) = timed(|| {
        make_tables(to);
        let connection = connect(to, synchronous);
        let mut bare = Bare::new(&connection);
        rows.chunks(BATCH).map(|batch| bare.write(batch)).sum::<usize>()
    });
    assert_eq!(written, count);
    took
}

/// Compares a round's database with the first one, once, and throws it away.
fn checked(first: &Path, now: &PathBuf, count: usize, round: usize) {
    if round == 0 {
        assert_eq!(usize::try_from(assert_same(first, now)), Ok(count));
    }
    std::fs::remove_file(now).expect("the database is there");
}

fn judge(name: &str, (of_import, of_loop): &(Sample, Sample)) -> (f64, bool) {
    say_rate(&format!("  import, {name}"), of_import, "records");
    say_rate(&format!("  bare loop, {name}"), of_loop, "records");
    let share = of_loop.median() / of_import.median();
    (share, share >= LEAST)
}

fn main() {
    title(
        "import",
        "Import of a CSV file into a new SQLite file (WAL), 1,000 records a transaction; one thread",
    );
    let mut files = vec![("made-up city", city::COLUMNS.to_owned(), city::file(20_000, 311).into_bytes())];
    files.extend(boston());
    for (name, columns, file) in &files {
        for (word, synchronous) in [("OFF", Synchronous::Off), ("FULL", Synchronous::Full)] {
            let (share, reached) =
                judge(&format!("synchronous={word}"), &compare(name, columns, file, synchronous));
            say_target(&format!("{:.0} % of the bare loop's rate", share * 100.0), "≥ 60 %", reached);
        }
    }
}

/// The public file of Boston's requests, where it lies beside the project.
fn boston() -> Option<(&'static str, String, Vec<u8>)> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, PathBuf::from).join("boston311");
    let columns = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/columns/boston311.toml");
    let Ok(file) = std::fs::read(folder.join("dev.csv.gz")) else {
        say("  skipped: no boston311 in GRIEVANCE_DATA or ../shared/data");
        return None;
    };
    Some(("boston311 (gzip)", std::fs::read_to_string(columns).expect("the map is there"), file))
}
