//! Opening a connection, and what its failures mean.

use crate::sql::Dialect;
use crate::sql::heard::hear;
use crate::sql::migrate::{SCHEMA_VERSION, migrations, version_table};
use crate::sql::session::Session as _;
use crate::sql::sqlite::{SqliteOptions, Synchronous};
use crate::store::{StoreError, Stored};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _};
use std::path::{Path, PathBuf};

/// Where a database lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Memory,
}

/// Opens the connection that writes, and brings the schema up to date.
pub(super) fn open(place: &Place, options: &SqliteOptions) -> Stored<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match place {
        Place::File(path) => Connection::open_with_flags(path, flags),
        Place::Memory => Connection::open_in_memory_with_flags(flags),
    };
    let connection = connection.map_err(|problem| failed(&problem))?;
    prepare(&connection, options).map_err(|problem| failed(&problem))?;
    let mode = keep_a_log(&connection)?;
    if mode != "wal" && matches!(place, Place::File(_)) {
        return Err(StoreError::NotDurable { setting: "journal_mode" });
    }
    assert_durable(&connection, options)?;
    migrate(&connection)?;
    Ok(connection)
}

/// Switches to a write-ahead log and answers which mode the database is in; in memory there is no log.
///
/// The switch itself does not wait for a lock, so that of several who open a new file at once some are told `Busy` at
/// once. Whoever is told so waits for the lock as a writer does, within the busy timeout, and asks again: once one of
/// them has switched, the others find it done.
fn keep_a_log(connection: &Connection) -> Stored<String> {
    const TRIES: usize = 64;
    let switch = || connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
    let mut mode = switch().map_err(|problem| failed(&problem));
    for _ in 1..TRIES {
        if mode != Err(StoreError::Busy) {
            break;
        }
        connection.execute_batch("BEGIN IMMEDIATE; COMMIT").map_err(|problem| failed(&problem))?;
        mode = switch().map_err(|problem| failed(&problem));
    }
    mode
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path, options: &SqliteOptions) -> Stored<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|problem| failed(&problem))?;
    prepare(&connection, options).map_err(|problem| failed(&problem))?;
    assert_durable(&connection, options)?;
    Ok(connection)
}

/// Looks whether SQLite took what it was told: it answers a pragma that it cannot follow by doing
/// nothing.
fn assert_durable(connection: &Connection, options: &SqliteOptions) -> Stored<()> {
    let synchronous = match options.synchronous {
        Synchronous::Off => 0,
        Synchronous::Normal => 1,
        Synchronous::Full => 2,
    };
    for (setting, wanted) in [("synchronous", synchronous), ("foreign_keys", 1), ("secure_delete", 1)] {
        let found: i64 = connection
            .pragma_query_value(None, setting, |row| row.get(0))
            .map_err(|problem| failed(&problem))?;
        if found != wanted {
            return Err(StoreError::NotDurable { setting });
        }
    }
    Ok(())
}

fn prepare(connection: &Connection, options: &SqliteOptions) -> rusqlite::Result<()> {
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(96);
    // Without this, a statement whose plan may hang on a parameter (`LIMIT ?`) is compiled anew
    // each time it is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
        Synchronous::Off => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is erased is overwritten, not only let go.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -i64::from(options.cache_kib))
}

/// Takes the database to this library's schema, one migration and one transaction after the other.
fn migrate(connection: &Connection) -> Stored<()> {
    let known = SCHEMA_VERSION;
    if found(connection).map_err(|problem| failed(&problem))? == Some(known) {
        return Ok(());
    }
    for (version, migration) in (1..).zip(migrations(Dialect::Sqlite)) {
        connection.transact(|connection| {
            let apply = |connection: &Connection| -> rusqlite::Result<()> {
                connection.execute_batch(&version_table(Dialect::Sqlite))?;
                // Read again under the lock: another process may have been first.
                if found(connection)?.unwrap_or(0) >= version {
                    return Ok(());
                }
                for statement in &migration {
                    hear(Dialect::Sqlite, statement);
                    connection.execute_batch(statement)?;
                }
                let sql = "INSERT OR REPLACE INTO schema_version (id, version) VALUES (1, ?)";
                connection.execute(sql, [version]).map(drop)
            };
            apply(connection).map_err(|problem| failed(&problem))
        })?;
    }
    match found(connection).map_err(|problem| failed(&problem))?.unwrap_or(0) {
        found if found > known => Err(StoreError::NewerSchema { found, known }),
        _ => Ok(()),
    }
}

/// The schema version of the database, if it has one.
fn found(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'";
    if !connection.prepare(table)?.exists([])? {
        return Ok(None);
    }
    connection.query_row("SELECT version FROM schema_version WHERE id = 1", [], |row| row.get(0)).optional()
}

/// What a failure of the driver means. SQLite's own sentence for the code, without the message
/// beside it, which may quote what was said.
pub(super) fn failed(problem: &rusqlite::Error) -> StoreError {
    match problem.sqlite_error() {
        Some(error) if matches!(error.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy
        }
        Some(error) => StoreError::Backend(format!("SQLite: {error}")),
        None => StoreError::Backend("SQLite: the driver was used wrongly".to_owned()),
    }
}

/// Whether a statement met a key that is there already.
pub(super) fn is_refusal(problem: &rusqlite::Error) -> bool {
    problem.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}

#[cfg(test)]
mod tests {
    use super::{Place, assert_durable, open, open_reader};
    use crate::sql::sqlite::{SqliteOptions, Synchronous};
    use crate::store::StoreError;
    use rusqlite::Connection;

    /// A setting that was not taken, whichever it is: no connection can be made to refuse one, so it
    /// is turned back here.
    #[test]
    fn a_setting_that_was_not_taken_is_named() {
        let connection = Connection::open_in_memory().expect("it opens");
        let take = |pragma: &str| connection.execute_batch(pragma).expect("it is taken");
        for (synchronous, name) in
            [(Synchronous::Full, "FULL"), (Synchronous::Normal, "NORMAL"), (Synchronous::Off, "OFF")]
        {
            let options = SqliteOptions { synchronous, ..SqliteOptions::default() };
            for found in ["FULL", "NORMAL", "OFF"] {
                take("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON");
                take(&format!("PRAGMA synchronous = {found}"));
                let refused = Err(StoreError::NotDurable { setting: "synchronous" });
                let expected = if found == name { Ok(()) } else { refused };
                assert_eq!(assert_durable(&connection, &options), expected, "{name} asked, {found} found");
            }
            take(&format!("PRAGMA foreign_keys = OFF; PRAGMA synchronous = {name}"));
            let refused = Err(StoreError::NotDurable { setting: "foreign_keys" });
            assert_eq!(assert_durable(&connection, &options), refused);
            for found in ["OFF", "FAST"] {
                take(&format!("PRAGMA foreign_keys = ON; PRAGMA secure_delete = {found}"));
                let refused = Err(StoreError::NotDurable { setting: "secure_delete" });
                assert_eq!(assert_durable(&connection, &options), refused, "{found}");
            }
        }
    }

    /// Each way to open a connection asks, readers too.
    #[test]
    fn every_connection_overwrites_what_it_erases() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cases.sqlite");
        let options = SqliteOptions::default();
        let writer = open(&Place::File(path.clone()), &options).expect("it opens");
        let reader = open_reader(&path, &options).expect("it opens");
        for connection in [writer, reader, open(&Place::Memory, &options).expect("it opens")] {
            let found: i64 =
                connection.pragma_query_value(None, "secure_delete", |row| row.get(0)).expect("it answers");
            assert_eq!(found, 1);
        }
    }
}
