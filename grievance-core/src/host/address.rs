//! Where a desk's cases are kept, as one text.

use crate::desk::{Desk, DeskError, SeededMint, SystemMint};
use crate::kernel::code::TenantCode;
use crate::kernel::text::Mint;
use crate::measure::answer::sheet::NotAsked;
#[cfg(feature = "sql")]
use crate::sql::Dialect;
use crate::store::Store;
use crate::store::keys::KeyRing;
use crate::store::memory::MemoryStore;
use crate::vocabulary::ErrorCode;
use std::sync::Arc;

/// Where a desk's cases are kept. What a server's address holds is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// `:memory:`: nowhere, once the desk is shut.
    Memory,
    /// `sqlite:///path`: in a file.
    Sqlite(String),
    /// `postgresql://…`: on a server. The address as it was given.
    Postgres(String),
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Sqlite(_) => "Sqlite(…)",
            Self::Postgres(_) => "Postgres(…)",
        })
    }
}

impl Address {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `url` for what is none; the text itself is not repeated.
    pub fn of(url: &str) -> Result<Self, NotAsked> {
        if url == ":memory:" {
            return Ok(Self::Memory);
        }
        if let Some(path) = url.strip_prefix("sqlite:///").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let known = if cfg!(feature = "postgres") {
            "one of :memory:, sqlite:///path, postgresql://…"
        } else {
            "one of :memory:, sqlite:///path"
        };
        Err(NotAsked::of("url", "is no address of a store").hint(Some(known.to_owned())))
    }

    /// The keys for a desk that is kept there. Only one in memory may do without: it takes the ring
    /// that everybody knows. `how` is how the host makes one.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `keys`, with `how` as the hint.
    pub fn keys(&self, given: Option<KeyRing>, how: &str) -> Result<KeyRing, NotAsked> {
        match (given, self) {
            (Some(keys), _) => Ok(keys),
            (None, Self::Memory) => Ok(KeyRing::for_tests()),
            (None, Self::Sqlite(_) | Self::Postgres(_)) => {
                Err(NotAsked::of("keys", "a desk that is kept needs a key ring")
                    .code(ErrorCode::KeyMissing)
                    .hint(Some(how.to_owned())))
            }
        }
    }

    /// What its database speaks, where it is one.
    #[cfg(feature = "sql")]
    pub const fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Memory => None,
            Self::Sqlite(_) => Some(Dialect::Sqlite),
            Self::Postgres(_) => Some(Dialect::Postgres),
        }
    }

    /// Opens the store for a tenant.
    ///
    /// # Errors
    ///
    /// [`DeskError::Store`] when it cannot be opened; [`DeskError::NotAsked`] at `url` for a store that
    /// this build was made without.
    pub fn open(&self, tenant: &TenantCode) -> Result<Arc<dyn Store>, DeskError> {
        match self {
            Self::Memory => Ok(MemoryStore::default().tenant(tenant)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) => Ok(crate::sql::sqlite::SqliteStore::open(path)?.tenant(tenant)),
            #[cfg(feature = "postgres")]
            Self::Postgres(config) => Ok(crate::sql::postgres::PostgresStore::open(config)?.tenant(tenant)),
            #[allow(unreachable_patterns, reason = "a build may leave a store out")]
            Self::Sqlite(_) | Self::Postgres(_) => {
                Err(NotAsked::of("url", "this build has no such store").code(ErrorCode::Storage).into())
            }
        }
    }
}

/// A desk over a store. With a `seed` identities and salts are the same in every run, for tests and
/// simulations alone.
pub fn desk(store: Arc<dyn Store>, tenant: TenantCode, keys: KeyRing, seed: Option<u64>) -> Desk {
    let mint: Box<dyn Mint + Send> = match seed {
        Some(seed) => Box::new(SeededMint::new(seed)),
        None => Box::new(SystemMint),
    };
    Desk::with_mint(store, tenant, keys, mint)
}

/// The desk that is kept at an address, once its keys were looked at.
///
/// # Errors
///
/// As of [`Address::open`], and [`DeskError::NotAsked`] at `keys` for a ring whose secrets are others than those of the words
/// that are kept there ([`Desk::check_keys`]).
pub fn open(
    address: &Address,
    tenant: TenantCode,
    keys: KeyRing,
    seed: Option<u64>,
) -> Result<Desk, DeskError> {
    let desk = desk(address.open(&tenant)?, tenant, keys, seed);
    match desk.check_keys() {
        Ok(()) => Ok(desk),
        Err(problem @ DeskError::Seal(_)) => {
            let hint = "give the secret that the desk was opened with before; another one needs another name";
            Err(NotAsked::of("keys", &problem).code(problem.code()).hint(Some(hint.to_owned())).into())
        }
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_store_or_is_refused_without_being_repeated() {
        assert_eq!(Address::of(":memory:"), Ok(Address::Memory));
        assert_eq!(Address::of("sqlite:///a/b.db"), Ok(Address::Sqlite("a/b.db".to_owned())));
        assert_eq!(Address::of("sqlite:////a/b.db"), Ok(Address::Sqlite("/a/b.db".to_owned())));
        for server in ["postgresql://h/x", "postgres://h/x"] {
            assert_eq!(Address::of(server), Ok(Address::Postgres(server.to_owned())));
        }
        for none in ["", "memory", ":memory: ", "sqlite:///", "sqlite://a.db", "mysql://secret@h/x", "a.db"] {
            let problem = Address::of(none).unwrap_err();
            assert_eq!((problem.code, &*problem.place), (ErrorCode::InvalidCommand, "url"));
            assert!(problem.hint.as_deref().is_some_and(|hint| hint.contains(":memory:")));
            assert!(!problem.to_string().contains("secret"));
        }
        let shown = format!("{:?}", Address::of("postgresql://user:secret@h/x"));
        assert!(!shown.contains("secret") && !shown.contains("user"), "{shown}");
    }

    #[test]
    fn only_a_desk_in_memory_does_without_keys() {
        let (file, server) = (Address::of("sqlite:///a.db").unwrap(), Address::of("postgres://h/x").unwrap());
        assert!(Address::Memory.keys(None, "a ring").is_ok());
        for kept in [file, server] {
            let problem = kept.keys(None, "a ring").unwrap_err();
            assert_eq!((problem.code, problem.hint.as_deref()), (ErrorCode::KeyMissing, Some("a ring")));
            assert!(kept.keys(Some(KeyRing::for_tests()), "a ring").is_ok());
        }
    }

    #[test]
    fn a_seed_makes_every_run_the_same() {
        let drawn = |seed| {
            let tenant = TenantCode::new("haldia").expect("a code");
            let store = Address::Memory.open(&tenant).expect("memory opens");
            desk(store, tenant, KeyRing::for_tests(), seed).new_command()
        };
        assert_eq!(drawn(Some(7)), drawn(Some(7)));
        assert_ne!(drawn(Some(7)), drawn(Some(8)));
        assert_ne!(drawn(None), drawn(None));
    }
}
