//! PostgreSQL for tests: a database each, on the server that `GRIEVANCE_PG` names.
//!
//! `scripts/pg cargo test …` starts a throw-away server and names it; `make test` does. Without a
//! server the tests that need one skip, and say so.

use grievance_core::sql::postgres::postgres::{Client, Config, Error, NoTls};
use grievance_core::sql::postgres::{Durability, PostgresOptions, PostgresStore};
use std::io::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// The server's setting does not matter: what a test loses, nobody misses.
pub(crate) fn options() -> PostgresOptions {
    PostgresOptions { durability: Durability::AsConfigured, ..PostgresOptions::default() }
}

/// A database of its own; gone with the value.
pub(crate) struct Database {
    name: String,
    server: Config,
}

impl Database {
    /// An empty one; `None` where there is no server.
    pub(crate) fn fresh() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static SAID: Once = Once::new();
        let Ok(server) = std::env::var("GRIEVANCE_PG") else {
            SAID.call_once(|| {
                // Past the test harness, which keeps what passing tests print.
                let said = b"\nPostgreSQL: GRIEVANCE_PG is not set, so its tests SKIP (scripts/pg starts a server)\n";
                std::io::stderr().write_all(said).unwrap();
            });
            return None;
        };
        let server: Config = server.parse().expect("GRIEVANCE_PG is a connection string");
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("grievance_test_{}_{count}", std::process::id());
        let mut client = server.connect(NoTls).expect("the server of GRIEVANCE_PG answers");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("its role may make databases");
        Some(Self { name, server })
    }

    /// An empty one on a server that forgets nothing, as `make test` starts one for the crash tests;
    /// `None` where there is no such server, and that is said.
    pub(crate) fn durable() -> Option<Self> {
        let database = Self::fresh()?;
        let setting = database.client().query_one("SHOW fsync", &[]).expect("it answers");
        if setting.get::<_, &str>(0) == "on" {
            return Some(database);
        }
        let said = b"\nPostgreSQL: this server has fsync=off, so the crash test SKIPS on it \
                     (GRIEVANCE_PG_FSYNC=on scripts/pg starts another)\n";
        std::io::stderr().write_all(said).unwrap();
        None
    }

    /// Its name on the server.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits until nobody is connected to it any more: the server ends what a client that died had
    /// under way, and only then it is known what became of it.
    pub(crate) fn wait_until_left(&self) {
        let mut client = self.server.connect(NoTls).expect("the server answers");
        let connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1";
        while client.query_one(connected, &[&self.name]).expect("it answers").get::<_, i64>(0) > 0 {
            std::thread::yield_now();
        }
    }

    /// How to get to it.
    pub(crate) fn config(&self) -> Config {
        let mut config = self.server.clone();
        config.dbname(&self.name);
        config
    }

    /// A host's own connection.
    pub(crate) fn client(&self) -> Client {
        self.config().connect(NoTls).expect("the server answers")
    }

    /// How a store connects.
    pub(crate) fn connect(&self) -> impl Fn() -> Result<Client, Error> + Send + Sync + use<> {
        let config = self.config();
        move || config.connect(NoTls)
    }

    /// A store in it, which does not keep it alive.
    pub(crate) fn store(&self) -> PostgresStore {
        PostgresStore::open_with(self.connect(), &options()).expect("it opens")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut client) = self.server.connect(NoTls) {
            // A test that fails for another reason must not fail here.
            let _ = client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// A store in a database that somebody else keeps alive, on a server that forgets nothing.
pub(crate) fn durable_store_of(name: &str) -> PostgresStore {
    let server = std::env::var("GRIEVANCE_PG").expect("a database has a server");
    let mut config: Config = server.parse().expect("GRIEVANCE_PG is a connection string");
    config.dbname(name);
    let durable = PostgresOptions { durability: Durability::Asserted, ..options() };
    PostgresStore::open_with(move || config.connect(NoTls), &durable).expect("it opens")
}

/// A store in a database of its own, which lives as long as the store.
pub(crate) fn store() -> Option<PostgresStore> {
    store_with(&options())
}

/// The same with options.
pub(crate) fn store_with(options: &PostgresOptions) -> Option<PostgresStore> {
    let database = Database::fresh()?;
    let connect = database.connect();
    let connect = move || {
        let _alive = &database;
        connect()
    };
    Some(PostgresStore::open_with(connect, options).expect("it opens"))
}
