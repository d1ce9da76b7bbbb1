//! SQLite in the process: the embedded default.
//!
//! One connection writes, a few read beside it (write-ahead log); in memory there is one for
//! both. The host may use [`rusqlite`], re-exported here, on the same file.

mod connection;
mod session;

pub use rusqlite;

use crate::kernel::code::TenantCode;
use crate::sql::Dialect;
use crate::sql::session::{Connections, Session as _};
use crate::sql::sqlite::connection::{Place, open};
use crate::sql::tenant::SqlTenant;
use crate::store::Stored;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One tenant's store in a SQLite database.
pub type SqliteTenant = SqlTenant<Pool>;

/// How hard a commit is pressed to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Synchronous {
    /// What was answered survives a power cut.
    #[default]
    Full,
    /// A power cut may take the last commits, whole ones; the database stays sound.
    Normal,
    /// A power cut may ruin the database: for what can be made again.
    Off,
}

/// How a database is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How hard a commit is pressed to the disk; fully unless told otherwise.
    pub synchronous: Synchronous,
    /// How long to wait for another process that writes; 5 seconds unless told otherwise.
    pub busy_timeout: Duration,
    /// How many reading connections are kept open; 4 unless told otherwise. More are opened when
    /// more threads read at once.
    pub readers: usize,
    /// Page cache of each connection in KiB; 16 MiB unless told otherwise.
    pub cache_kib: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            readers: 4,
            cache_kib: 16 * 1024,
        }
    }
}

/// Many tenants in one SQLite database. Clones share its connections.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::code::TenantCode;
/// use grievance_core::sql::sqlite::SqliteStore;
/// use grievance_core::store::Journal as _;
///
/// let store = SqliteStore::open_in_memory()?;
/// let tenant = store.tenant(&TenantCode::new("west-bengal")?);
/// assert_eq!(tenant.reserve("2026", 1_000, 1)?, 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pool: Arc<Pool>,
}

impl SqliteStore {
    /// Opens a database, makes it where there is none, and brings an older schema up to date.
    ///
    /// # Errors
    ///
    /// [`NewerSchema`](crate::store::StoreError::NewerSchema) when a newer library wrote it,
    /// [`Busy`](crate::store::StoreError::Busy) when another process keeps it locked,
    /// [`Backend`](crate::store::StoreError::Backend) when it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Stored<Self> {
        Self::open_with(path, &SqliteOptions::default())
    }

    /// The same, with options.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: &SqliteOptions) -> Stored<Self> {
        Self::at(Place::File(path.as_ref().to_owned()), options)
    }

    /// A new database in memory, gone with the last handle. Everything goes through one
    /// connection.
    ///
    /// # Errors
    ///
    /// [`Backend`](crate::store::StoreError::Backend) when memory is short.
    pub fn open_in_memory() -> Stored<Self> {
        Self::at(Place::Memory, &SqliteOptions::default())
    }

    fn at(place: Place, options: &SqliteOptions) -> Stored<Self> {
        let writer = Mutex::new(open(&place, options)?);
        let pool = Pool { writer, readers: Mutex::default(), place, options: options.clone() };
        Ok(Self { pool: Arc::new(pool) })
    }

    /// One tenant's store; empty for a tenant the database has not seen.
    pub fn tenant(&self, tenant: &TenantCode) -> Arc<SqliteTenant> {
        Arc::new(SqliteTenant::new(Arc::clone(&self.pool), tenant.clone()))
    }
}

/// The connections to one database.
#[derive(Debug)]
pub struct Pool {
    writer: Mutex<Connection>,
    /// Readers that nobody uses right now. Empty in memory.
    readers: Mutex<Vec<Connection>>,
    place: Place,
    options: SqliteOptions,
}

impl Connections for Pool {
    type Session = Connection;

    const DIALECT: Dialect = Dialect::Sqlite;

    fn write<T>(&self, mut act: impl FnMut(&Connection) -> Stored<T>) -> Stored<T> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // A writer may have panicked in the middle of a transaction.
        writer.give_up()?;
        act(&writer)
    }

    /// On the connection that writes if nobody uses it, since its cache holds what it wrote, while
    /// that of another connection is void after each commit.
    fn look_up<T>(&self, mut act: impl FnMut(&Connection) -> Stored<T>) -> Stored<T> {
        if let Ok(writer) = self.writer.try_lock()
            && writer.is_autocommit()
        {
            return act(&writer);
        }
        self.read(act)
    }

    /// In memory this waits for whoever writes.
    fn read<T>(&self, mut act: impl FnMut(&Connection) -> Stored<T>) -> Stored<T> {
        let Place::File(path) = &self.place else { return self.write(act) };
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => connection::open_reader(path, &self.options)?,
        };
        let answer = act(&reader);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < self.options.readers {
            readers.push(reader);
        }
        answer
    }
}
