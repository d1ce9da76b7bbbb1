//! Layer 7: a store as SQL, in text that SQLite and everything that speaks PostgreSQL understand.
//!
//! The text is built once per dialect and kept beside golden files; only a search is built when
//! it is asked. Values are bound by our own code. Nothing here asks for the time, a sequence, a
//! trigger or a lock: what may race is decided by primary keys and unique indexes, each with the
//! tenant first.

mod cell;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod challenges;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod checkpoints;
mod commit;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod heard;
mod migrate;
mod people;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod read;
mod row;
mod schema;
mod search;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod session;
mod statements;
mod survey;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod tenant;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod time;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod vault;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod write;

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(all(feature = "conformance", any(feature = "sqlite", feature = "postgres")))]
pub use crate::sql::heard::{heard, listen};
pub use crate::sql::migrate::{SCHEMA_VERSION, migrations, search_text, text};
pub use crate::sql::statements::fixed;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use crate::sql::tenant::SqlTenant;

pub(crate) use crate::sql::cell::Cell;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.37 or later: parameters are `?`.
    Sqlite,
    /// PostgreSQL 12 or later, CockroachDB, YugabyteDB, Citus: parameters are `$1`, `$2` ….
    Postgres,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Its name, as in the golden files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A value to be bound. Its `Debug` shows what kind it is, never what it holds.
#[derive(Clone, PartialEq, Eq)]
pub enum SqlValue {
    /// `INTEGER` or `BIGINT`.
    Integer(i64),
    /// `TEXT`.
    Text(String),
    /// `BLOB` or `BYTEA`.
    Blob(Vec<u8>),
    /// `NULL`.
    Null,
}

impl std::fmt::Debug for SqlValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Integer(_) => "Integer",
            Self::Text(_) => "Text",
            Self::Blob(_) => "Blob",
            Self::Null => "Null",
        })
    }
}

/// A statement for a host to run in a transaction of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its text: the same for every commit, so a driver may keep it prepared.
    pub sql: &'static str,
    /// Its parameters, in order.
    pub values: Vec<SqlValue>,
    /// How many rows it must write; with any other count the transaction is rolled back. `None`
    /// for a change of a timer, which writes a row or none.
    pub expect_rows: Option<u64>,
}
