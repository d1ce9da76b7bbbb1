//! PostgreSQL, and what speaks like it, beside SQLite: the same statements, the same schema version.
//!
//! The store keeps a few connections and asks nothing of them that a pooler in transaction mode
//! could not give: no session settings, no statement that stays prepared, no notification, no
//! advisory lock. READ COMMITTED is enough. The calls block; inside an async runtime they are
//! refused with a code that says so. The host may use [`postgres`], re-exported here.
//!
//! ```no_run
//! use grievance_core::kernel::code::TenantCode;
//! use grievance_core::sql::postgres::PostgresStore;
//! use grievance_core::store::keys::{Key, KeyRing};
//! use grievance_core::Desk;
//!
//! let store = PostgresStore::open("host=/run/postgresql user=grievance dbname=grievance")?;
//! let tenant = TenantCode::new("west-bengal")?;
//! let keys = KeyRing::new(Key::new("2026", &std::fs::read("portal.key")?)?, Vec::new())?;
//! let desk = Desk::open(store.tenant(&tenant), tenant, keys);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caller;
mod connection;
mod pool;
mod session;

pub use postgres;

use crate::kernel::code::TenantCode;
use crate::sql::postgres::connection::Connect;
use crate::sql::postgres::pool::Pool;
use crate::sql::tenant::SqlTenant;
use crate::store::{StoreError, Stored};
use postgres::{Client, Config, NoTls};
use std::sync::Arc;
use std::time::Duration;

/// One tenant's store in a PostgreSQL database.
pub type PostgresTenant = SqlTenant<Pool>;

/// What is asked of the server's settings before a connection is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Durability {
    /// What was answered survives a crash: a server or role with `synchronous_commit`, `fsync` or
    /// `full_page_writes` switched off is refused.
    #[default]
    Asserted,
    /// As the server is set: the host has said that it knows, for a test or for what can be made
    /// again.
    AsConfigured,
}

/// How a database is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresOptions {
    /// How many connections there are at most; 8 unless told otherwise. They are opened when they
    /// are needed.
    pub connections: usize,
    /// How long to wait for one that is free before the database is called busy; 5 seconds unless
    /// told otherwise.
    pub wait: Duration,
    /// What is asked of the server's settings; durability unless told otherwise.
    pub durability: Durability,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { connections: 8, wait: Duration::from_secs(5), durability: Durability::Asserted }
    }
}

/// Many tenants in one PostgreSQL database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    pool: Arc<Pool>,
}

impl PostgresStore {
    /// Opens a database by a connection string, without TLS: for a unix socket or a network of
    /// one's own. The database must exist; an older schema is brought up to date, and of many who
    /// open it at once each migration is made by one.
    ///
    /// # Errors
    ///
    /// [`NewerSchema`](StoreError::NewerSchema) when a newer library wrote it,
    /// [`NotDurable`](StoreError::NotDurable) when the server may forget what it answered,
    /// [`MayNotBlock`](StoreError::MayNotBlock) inside an async runtime,
    /// [`Busy`](StoreError::Busy) when the server takes no more connections,
    /// [`Backend`](StoreError::Backend) when it cannot be reached or is not encoded as UTF-8.
    pub fn open(config: &str) -> Stored<Self> {
        let config: Config = config.parse().map_err(|_| {
            StoreError::Backend("PostgreSQL: the connection string cannot be read".to_owned())
        })?;
        Self::open_with(move || config.connect(NoTls), &PostgresOptions::default())
    }

    /// The same, by connections that the host makes: with TLS, with a password that changes.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use grievance_core::sql::postgres::postgres::{Config, NoTls};
    /// use grievance_core::sql::postgres::{PostgresOptions, PostgresStore};
    ///
    /// // Where `NoTls` stands, a host puts the connector of its TLS library.
    /// let config: Config = "host=db.internal user=grievance dbname=grievance".parse()?;
    /// let options = PostgresOptions { connections: 4, ..PostgresOptions::default() };
    /// let store = PostgresStore::open_with(move || config.connect(NoTls), &options)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_with(
        connect: impl Fn() -> Result<Client, postgres::Error> + Send + Sync + 'static,
        options: &PostgresOptions,
    ) -> Stored<Self> {
        let connect: Connect = Box::new(connect);
        Ok(Self { pool: Arc::new(Pool::open(connect, options)?) })
    }

    /// One tenant's store; empty for a tenant the database has not seen.
    pub fn tenant(&self, tenant: &TenantCode) -> Arc<PostgresTenant> {
        Arc::new(SqlTenant::new(Arc::clone(&self.pool), tenant.clone()))
    }
}
