//! A desk in the process: opened by an address, shut when it is no longer needed.

use crate::acting::{Acting, Terms};
use crate::actor::Actor;
use crate::code::{CodeDesk, VerifiedMobile};
use crate::convert::{instant, json, may_read, read};
use crate::fault::{GrievanceError, Result};
use crate::keys::{KeyRing, MacKeys};
use crate::record::{Activation, StoredHistory, Swept};
use crate::rulebook::Rulebook;
use grievance_core::desk::{DeskError, SeededMint, SystemMint};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::text::Mint;
use grievance_core::store::{Holding, Store};
use grievance_core::vocabulary::Tenure;
use grievance_core::{Desk as Core, ErrorCode, GrievanceId, MemoryStore};
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

/// A desk that several handles share, until one of them shuts it.
pub(crate) struct Opened(RwLock<Option<Arc<Core>>>);

impl Opened {
    pub(crate) fn ask<T>(
        &self,
        question: impl FnOnce(&Core) -> std::result::Result<T, DeskError>,
    ) -> Result<T> {
        let desk = self.0.read().ok().and_then(|desk| desk.clone());
        let closed = || GrievanceError::new(ErrorCode::DeskClosed, "desk", "the desk was closed");
        Ok(question(&*desk.ok_or_else(closed)?)?)
    }
}

/// Where a desk's cases are kept.
enum Place {
    Memory,
    Sqlite(String),
}

impl Place {
    fn of(url: &str) -> Result<Self> {
        if url == ":memory:" {
            return Ok(Self::Memory);
        }
        if let Some(path) = url.strip_prefix("sqlite:///").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        Err(GrievanceError::new(ErrorCode::InvalidCommand, "url", "is no address of a store")
            .hint("one of :memory:, sqlite:///path"))
    }

    fn open(&self, tenant: &TenantCode) -> Result<Arc<dyn Store>> {
        match self {
            Self::Memory => Ok(MemoryStore::default().tenant(tenant)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) => Ok(grievance_core::SqliteStore::open(path)?.tenant(tenant)),
            #[cfg(not(feature = "sqlite"))]
            Self::Sqlite(_) => {
                Err(GrievanceError::new(ErrorCode::Storage, "url", "this build has no such store"))
            }
        }
    }
}

/// One government's grievance desk in the process: its rulebook versions, its store, its rules.
///
/// The other end of an app's transport in tests, examples and kiosks. It has no clock: the host says who
/// acts and when. Handles may be used from many threads.
#[derive(uniffi::Object)]
pub struct LocalDesk(Arc<Opened>);

#[uniffi::export]
impl LocalDesk {
    /// Opens a desk on a store: `:memory:` or `sqlite:///path`.
    ///
    /// Texts are sealed under the keys of the ring. Only a desk in memory may do without: it takes the
    /// ring that everybody knows. With a `seed` identities and salts are the same in every run, for
    /// tests and simulations alone.
    #[uniffi::constructor(default(tenant = "default", keys = None, seed = None))]
    pub fn open(
        url: String,
        tenant: String,
        keys: Option<Arc<KeyRing>>,
        seed: Option<u64>,
    ) -> Result<Arc<Self>> {
        let place = Place::of(&url)?;
        let keys = match (keys, &place) {
            (Some(keys), _) => keys.0.clone(),
            (None, Place::Memory) => grievance_core::KeyRing::for_tests(),
            (None, Place::Sqlite(_)) => {
                let problem = "a desk that is kept needs a key ring";
                return Err(GrievanceError::new(ErrorCode::KeyMissing, "keys", problem)
                    .hint("KeyRing(\"2026-11\", secret), of 32 random bytes that are kept"));
            }
        };
        let tenant: TenantCode = read("tenant", &tenant)?;
        let mint: Box<dyn Mint + Send> = match seed {
            Some(seed) => Box::new(SeededMint::new(seed)),
            None => Box::new(SystemMint),
        };
        let desk = Core::with_mint(place.open(&tenant)?, tenant, keys, mint);
        Ok(Arc::new(Self(Arc::new(Opened(RwLock::new(Some(Arc::new(desk))))))))
    }

    /// Shuts the desk for every handle of it. Asked afterwards, they fail with `desk_closed`.
    pub fn shut(&self) {
        if let Ok(mut desk) = self.0.0.write() {
            *desk = None;
        }
    }

    /// Keeps a rulebook version and brings it into force from an instant on.
    pub fn activate(&self, rulebook: Arc<Rulebook>, at: SystemTime) -> Result<Activation> {
        let at = instant("at", at)?;
        self.0.ask(|desk| desk.activate(rulebook.rulebook.clone(), at)).map(Activation::from)
    }

    /// The desk as used by one actor at one instant: the verbs, and what that actor sees.
    ///
    /// With a `command`, an identity `cmd_…`, a step that is sent twice is done once; with
    /// `expecting`, it is refused where the case no longer has that version.
    #[uniffi::method(default(command = None, expecting = None, verified = None))]
    pub fn by(
        &self,
        actor: Actor,
        at: SystemTime,
        command: Option<String>,
        expecting: Option<u64>,
        verified: Option<Arc<VerifiedMobile>>,
    ) -> Result<Arc<Acting>> {
        Ok(Arc::new(Acting(Terms {
            desk: Arc::clone(&self.0),
            actor: actor.read()?,
            now: instant("at", at)?,
            command: may_read("command", command.as_deref())?,
            expecting,
            verified,
        })))
    }

    /// Records everything that is due at an instant, in up to `limit` cases.
    #[uniffi::method(default(limit = 1000))]
    pub fn sweep(&self, at: SystemTime, limit: u32) -> Result<Swept> {
        let at = instant("at", at)?;
        self.0.ask(|desk| desk.sweep(at, limit as usize)).map(Swept::from)
    }

    /// Says who holds a post in an office from an instant on.
    #[uniffi::method(default(until = None, tenure = "holder"))]
    pub fn appoint(
        &self,
        unit: String,
        post: String,
        person: String,
        since: SystemTime,
        until: Option<SystemTime>,
        tenure: String,
    ) -> Result<()> {
        let tenure: Tenure = read("tenure", &tenure)?;
        let holding = Holding {
            unit: read("unit", &unit)?,
            post: read("post", &post)?,
            person: read("person", &person)?,
            tenure,
            from: instant("since", since)?,
            until: until.map(|until| instant("until", until)).transpose()?,
        };
        self.0.ask(|desk| desk.appoint(&holding))
    }

    /// One-time codes to mobiles, under keys of the host's.
    pub fn otp(&self, keys: Arc<MacKeys>) -> Arc<CodeDesk> {
        Arc::new(CodeDesk { desk: Arc::clone(&self.0), keys })
    }

    /// Everything that is recorded of a case but words, whoever asks, as canonical JSON.
    pub fn facts(&self, case: String) -> Result<String> {
        let case: GrievanceId = read("case", &case)?;
        json(&self.0.ask(|desk| desk.facts(case))?)
    }

    /// A case's events as they are kept, whoever asks: canonical JSON and the hash over it.
    pub fn stored_history(&self, case: String) -> Result<StoredHistory> {
        let case: GrievanceId = read("case", &case)?;
        self.0.ask(|desk| desk.stored_history(case)).map(StoredHistory::from)
    }
}
