//! The desk: opened by an address, closed when it is no longer needed.

use crate::acting::{Acting, Terms};
use crate::actor::Actor;
use crate::code::{CodeDesk, VerifiedMobile};
use crate::convert::{Instant, Json, may_read, read};
use crate::fault::Fault;
use crate::keys::{KeyRing, MacKeys};
use crate::record::{Activation, StoredHistory, Swept};
use crate::rulebook::Rulebook;
use grievance_core::desk::{DeskError, SeededMint, SystemMint};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::text::Mint;
use grievance_core::store::{Holding, Store};
use grievance_core::vocabulary::Tenure;
use grievance_core::{Desk as Core, ErrorCode, GrievanceId, MemoryStore};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::{Arc, RwLock};

/// A desk that several handles share, until one of them closes it.
pub(crate) struct Opened(RwLock<Option<Arc<Core>>>);

impl Opened {
    /// Asks the desk with the interpreter's lock let go of, and takes the answer over.
    pub(crate) fn ask<T: Send, R: From<T>>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&Core) -> Result<T, DeskError> + Send,
    ) -> PyResult<R> {
        let answer = py.detach(|| {
            let desk = self.0.read().ok().and_then(|desk| desk.clone());
            desk.map(|desk| question(&desk))
        });
        let closed = || Fault::new(ErrorCode::DeskClosed, "desk", "the desk was closed");
        Ok(answer.ok_or_else(closed)?.map_err(Fault::from)?.into())
    }

    fn close(&self) {
        if let Ok(mut desk) = self.0.write() {
            *desk = None;
        }
    }
}

/// Where a desk's cases are kept.
enum Place {
    Memory,
    Sqlite(String),
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a build may leave the store out"))]
    Postgres(String),
}

impl Place {
    fn of(url: &str) -> Result<Self, Fault> {
        if url == ":memory:" {
            return Ok(Self::Memory);
        }
        if let Some(path) = url.strip_prefix("sqlite:///").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(Fault::new(ErrorCode::InvalidCommand, "url", "is no address of a store")
            .hint("one of :memory:, sqlite:///path, postgresql://…"))
    }

    fn open(&self, tenant: &TenantCode) -> Result<Arc<dyn Store>, Fault> {
        match self {
            Self::Memory => Ok(MemoryStore::default().tenant(tenant)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) => Ok(grievance_core::SqliteStore::open(path)?.tenant(tenant)),
            #[cfg(feature = "postgres")]
            Self::Postgres(config) => Ok(grievance_core::PostgresStore::open(config)?.tenant(tenant)),
            #[expect(unreachable_patterns, reason = "a build may leave a store out")]
            Self::Sqlite(_) | Self::Postgres(_) => {
                Err(Fault::new(ErrorCode::Storage, "url", "this build of the package has no such store"))
            }
        }
    }
}

/// One government's grievance desk: its rulebook versions, its store, its rules.
///
/// It has no clock: the host says who acts and when. Handles may be used from many threads.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Desk(Arc<Opened>);

#[pymethods]
impl Desk {
    /// Opens a desk on a store: `:memory:`, `sqlite:///path` or `postgresql://…`.
    ///
    /// Texts are sealed under the keys of the ring. Only a desk in memory may do without: it takes the
    /// ring that everybody knows. With a `seed` identities and salts are the same in every run, for
    /// tests and simulations alone.
    #[staticmethod]
    #[pyo3(signature = (url, *, tenant = "default", keys = None, seed = None))]
    fn open(
        py: Python<'_>,
        url: &str,
        tenant: &str,
        keys: Option<&KeyRing>,
        seed: Option<u64>,
    ) -> PyResult<Self> {
        let place = Place::of(url)?;
        let keys = match (keys, &place) {
            (Some(keys), _) => keys.0.clone(),
            (None, Place::Memory) => grievance_core::KeyRing::for_tests(),
            (None, Place::Sqlite(_) | Place::Postgres(_)) => {
                return Err(Fault::new(
                    ErrorCode::KeyMissing,
                    "keys",
                    "a desk that is kept needs a key ring",
                )
                .hint("KeyRing(\"2026-11\", secrets.token_bytes(32)), and keep the secret")
                .into());
            }
        };
        let tenant: TenantCode = read("tenant", tenant)?;
        let mint: Box<dyn Mint + Send> = match seed {
            Some(seed) => Box::new(SeededMint::new(seed)),
            None => Box::new(SystemMint),
        };
        let store = py.detach(|| place.open(&tenant))?;
        let desk = Core::with_mint(store, tenant, keys, mint);
        Ok(Self(Arc::new(Opened(RwLock::new(Some(Arc::new(desk)))))))
    }

    /// Closes the desk for every handle of it. Asked afterwards, they raise `desk_closed`.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.0.close());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    /// Keeps a rulebook version and brings it into force from an instant on.
    fn activate(&self, py: Python<'_>, rulebook: &Rulebook, at: Instant) -> PyResult<Activation> {
        let rulebook = rulebook.rulebook.clone();
        self.0.ask(py, |desk| desk.activate(rulebook, at.0))
    }

    /// The desk as used by one actor at one instant: the verbs, and what that actor sees.
    ///
    /// With a `command`, an identity `cmd_…`, a step that is sent twice is done once; with
    /// `expecting`, it is refused where the case no longer has that version.
    #[pyo3(signature = (actor, at, *, command = None, expecting = None, verified = None))]
    fn by(
        &self,
        actor: &Actor,
        at: Instant,
        command: Option<&str>,
        expecting: Option<u64>,
        verified: Option<&VerifiedMobile>,
    ) -> PyResult<Acting> {
        Ok(Acting(Terms {
            desk: Arc::clone(&self.0),
            actor: actor.0.clone(),
            now: at.0,
            command: may_read("command", command)?,
            expecting,
            verified: verified.map(|mobile| mobile.0.clone()),
        }))
    }

    /// Records everything that is due at an instant, in up to `limit` cases.
    #[pyo3(signature = (at, limit = 1_000))]
    fn sweep(&self, py: Python<'_>, at: Instant, limit: usize) -> PyResult<Swept> {
        self.0.ask(py, |desk| desk.sweep(at.0, limit))
    }

    /// Says who holds a post in an office from an instant on.
    #[pyo3(signature = (*, unit, post, person, since, until = None, tenure = "holder"))]
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn appoint(
        &self,
        py: Python<'_>,
        unit: &str,
        post: &str,
        person: &str,
        since: Instant,
        until: Option<Instant>,
        tenure: &str,
    ) -> PyResult<()> {
        let tenure: Tenure = read("tenure", tenure)?;
        let holding = Holding {
            unit: read("unit", unit)?,
            post: read("post", post)?,
            person: read("person", person)?,
            tenure,
            from: since.0,
            until: until.map(|until| until.0),
        };
        self.0.ask(py, |desk| desk.appoint(&holding))
    }

    /// One-time codes to mobiles, under keys of the host's.
    fn otp(&self, keys: &MacKeys) -> CodeDesk {
        CodeDesk { desk: Arc::clone(&self.0), keys: keys.0.clone() }
    }

    /// Everything that is recorded of a case but words, whoever asks: for a host that may see all.
    fn facts(&self, py: Python<'_>, case: &str) -> PyResult<Json> {
        let case: GrievanceId = read("case", case)?;
        self.0.ask(py, |desk| desk.facts(case).map(Json::of))
    }

    /// A case's events as they are kept, whoever asks: canonical JSON and the hash over it.
    fn stored_history(&self, py: Python<'_>, case: &str) -> PyResult<StoredHistory> {
        let case: GrievanceId = read("case", case)?;
        self.0.ask(py, |desk| desk.stored_history(case))
    }
}
