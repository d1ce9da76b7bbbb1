//! Opening a connection: its settings, and the schema.

use crate::sql::Dialect;
use crate::sql::migrate::{SCHEMA_VERSION, migrations, version_table};
use crate::sql::postgres::Durability;
use crate::sql::postgres::session::PostgresSession;
use crate::sql::read::Columns as _;
use crate::sql::session::{Halt, Session as _};
use crate::sql::{Cell, SqlValue};
use crate::store::{StoreError, Stored};
use postgres::Client;

/// How the host makes a connection.
pub(super) type Connect = Box<dyn Fn() -> Result<Client, postgres::Error> + Send + Sync>;

/// How often an opener looks again that met another one.
const TRIES: usize = 8;

/// What the server does with a commit, and how it writes text. A setting that a relative of
/// PostgreSQL does not know is NULL.
const SETTINGS: &str = "SELECT current_setting('synchronous_commit', true), current_setting('fsync', true), \
                        current_setting('full_page_writes', true), current_setting('server_encoding', true)";

/// Makes a connection and looks at its settings.
pub(super) fn open(connect: &Connect, durability: Durability) -> Stored<PostgresSession> {
    let session = PostgresSession::new(connect().map_err(|problem| unreachable(&problem))?);
    let settings = session.first(SETTINGS, &[], |row| {
        let setting = |column| Ok::<_, StoreError>(row.text(column)?.unwrap_or_default().to_owned());
        Ok([setting(0)?, setting(1)?, setting(2)?, setting(3)?])
    })?;
    let [synchronous_commit, fsync, full_page_writes, encoding] = settings.unwrap_or_default();
    if durability == Durability::Asserted {
        let switched = [
            ("synchronous_commit", synchronous_commit),
            ("fsync", fsync),
            ("full_page_writes", full_page_writes),
        ];
        if let Some((setting, _)) = switched.into_iter().find(|(_, value)| value == "off") {
            return Err(StoreError::NotDurable { setting });
        }
    }
    if !["", "UTF8"].contains(&encoding.as_str()) {
        return Err(StoreError::Backend("PostgreSQL: the database is not encoded as UTF-8".to_owned()));
    }
    Ok(session)
}

/// Why no connection could be made. Nothing has been said on it.
fn unreachable(problem: &postgres::Error) -> StoreError {
    match problem.code().map(postgres::error::SqlState::code) {
        Some("53300" | "57P03") => StoreError::Busy,
        Some(code) => StoreError::Backend(format!("PostgreSQL refuses the connection: SQLSTATE {code}")),
        None => StoreError::Backend("PostgreSQL cannot be reached".to_owned()),
    }
}

/// Takes the database to this library's schema, one migration and one transaction after the other.
///
/// Of many who open at once, one holds the row of the version and the others wait for it.
pub(super) fn migrate(session: &PostgresSession) -> Stored<()> {
    let known = SCHEMA_VERSION;
    let mut found = found(session)?;
    if found.is_none() {
        first_row(session)?;
    }
    if found != Some(known) {
        for (version, migration) in (1..).zip(migrations(Dialect::Postgres)) {
            session.transact(|session| {
                let held = "SELECT version FROM schema_version WHERE id = 1 FOR UPDATE";
                let held = session.first(held, &[], |row| Ok(row.integer(0)?))?.flatten().unwrap_or(0);
                if held >= version {
                    return Ok::<_, StoreError>(());
                }
                for statement in &migration {
                    session.change(statement, &[])?;
                }
                let next = "UPDATE schema_version SET version = $1 WHERE id = 1";
                Ok(session.one(next, &[Cell::from(&SqlValue::Integer(version))])?)
            })?;
        }
        found = self::found(session)?;
    }
    match found.unwrap_or(0) {
        found if found > known => Err(StoreError::NewerSchema { found, known }),
        _ => Ok(()),
    }
}

/// The schema version of the database, if it has one.
fn found(session: &PostgresSession) -> Stored<Option<i64>> {
    let there = "SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL";
    if session.first(there, &[], |_| Ok(()))?.is_none() {
        return Ok(None);
    }
    let version = "SELECT version FROM schema_version WHERE id = 1";
    Ok(session.first(version, &[], |row| Ok(row.integer(0)?))?.flatten())
}

/// Makes the table of the schema version and its one row.
fn first_row(session: &PostgresSession) -> Stored<()> {
    // Of two who make a table of the same name at once, one is refused, `IF NOT EXISTS` or not.
    for tried in 1.. {
        match session.change(&version_table(Dialect::Postgres), &[]) {
            Ok(_) => break,
            Err(Halt::Refused) if tried < TRIES => {}
            Err(halt) => return Err(halt.into()),
        }
    }
    let row = "INSERT INTO schema_version (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING";
    Ok(session.change(row, &[]).map(drop)?)
}
