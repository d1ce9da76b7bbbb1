//! The desk: opened by an address, closed when it is no longer needed. Its messages are in `outbox`, what strangers
//! ask it in `stranger`.

use crate::acting::Acting;
use crate::actor::Actor;
use crate::code::VerifiedMobile;
use crate::convert::{Arg, Json};
use crate::fault::{Fault, detached};
use crate::keys::KeyRing;
use crate::opened::Opened;
use crate::record::{Acknowledged, Activation, Checkpoint, Moved, StoredHistory, Swept};
use crate::rulebook::Rulebook;
use crate::store::{self, Answerer};
use chrono::{DateTime, Utc};
use grievance_core::host::given::{self, HoldingTexts};
use grievance_core::host::{self, Address, Shared, Terms};
use grievance_core::kernel::code::TenantCode;
use grievance_core::{Desk as Core, GrievanceId};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::{Arc, Mutex, PoisonError};

/// How many at most, where nobody says.
pub(crate) const LIMIT: usize = 1_000;

/// One government's grievance desk: its rulebook versions, its store, its rules.
///
/// It has no clock: the host says who acts and when. Handles may be used from many threads.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Desk(pub(crate) Opened);

fn tenant_of(given: Option<Arg<String>>) -> Result<TenantCode, Fault> {
    given.map_or_else(|| Ok(given::read("tenant", "default")?), |given| given.read("tenant"))
}

impl Desk {
    fn made(desk: Core, store: Option<Arc<Answerer>>) -> Self {
        Self(Opened { shared: Shared::new(desk), store: Mutex::new(store) })
    }
}

/// What nobody closed is closed when nobody holds it any more: without the interpreter's lock, as `close` does.
impl Drop for Desk {
    fn drop(&mut self) {
        // Nobody is there to be told that it failed.
        let _ = Python::try_attach(|py| self.close(py));
    }
}

#[pymethods]
impl Desk {
    /// Opens a desk on a store.
    ///
    /// Parameters
    /// ----------
    /// url : str
    ///     ``:memory:``, ``sqlite:///path`` (a fourth slash for an absolute one) or ``postgresql://…``.
    /// tenant : str, optional
    ///     Whose cases they are, a code; ``default`` if absent. It is bound into every hash: a store is opened with the same one
    ///     each time.
    /// keys : KeyRing, optional
    ///     Under which texts are sealed. Only a desk in memory may do without: it takes the ring that everybody knows.
    /// seed : int, optional
    ///     With it identities and salts are the same in every run, for tests and simulations alone.
    ///
    /// Returns
    /// -------
    /// Desk
    ///     A context manager, which closes it.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` at ``url`` for an address of no store, ``key_missing`` without keys, ``seal_broken`` at ``keys`` where the
    ///     secret is another than that of the words that are kept there.
    /// GrievanceError
    ///     What the store fails in.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[staticmethod]
    #[pyo3(signature = (url, *, tenant = None, keys = None, seed = None))]
    fn open(
        py: Python<'_>,
        url: Arg<String>,
        tenant: Option<Arg<String>>,
        keys: Option<Arg<Py<KeyRing>>>,
        seed: Option<Arg<u64>>,
    ) -> PyResult<Self> {
        let address = Address::of(&url.named("url")?).map_err(Fault::from)?;
        let (keys, seed) = (Arg::if_given(keys, "keys")?, Arg::if_given(seed, "seed")?);
        let how = "KeyRing(\"2026-11\", secrets.token_bytes(32)), and keep the secret";
        let keys = address.keys(keys.map(|keys| keys.get().0.clone()), how).map_err(Fault::from)?;
        let tenant = tenant_of(tenant)?;
        Ok(Self::made(detached(py, || host::open(&address, tenant, keys, seed))?, None))
    }

    /// Opens a desk over a store of Python's, which keeps the cases of one tenant.
    ///
    /// Parameters
    /// ----------
    /// store : grievance.store.Store
    ///     It is called from several threads, and asks no desk. It may hold the desk: they are collected together.
    /// keys : KeyRing
    ///     Under which texts are sealed before the store has them.
    /// tenant : str, optional
    ///     Whose cases they are; ``default`` if absent. It is bound into every hash: a store is opened with the same one each time.
    /// seed : int, optional
    ///     As in `open`.
    ///
    /// Returns
    /// -------
    /// Desk
    ///     A context manager, which closes it.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` for a tenant that is no code.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> desk = gr.Desk.over(MyStore(), keys=gr.KeyRing("2026-11", secret), tenant="haldia")
    #[staticmethod]
    #[pyo3(signature = (store, *, keys, tenant = None, seed = None))]
    fn over(
        store: &Bound<'_, PyAny>,
        keys: Arg<Py<KeyRing>>,
        tenant: Option<Arg<String>>,
        seed: Option<Arg<u64>>,
    ) -> PyResult<Self> {
        let (tenant, keys) = (tenant_of(tenant)?, keys.named("keys")?);
        let seed = Arg::if_given(seed, "seed")?;
        let (store, answerer) = store::over(store)?;
        Ok(Self::made(host::desk(store, tenant, keys.get().0.clone(), seed), Some(answerer)))
    }

    /// Closes the desk for every handle of it. Asked afterwards, they raise `desk_closed`.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        // What is being answered still asks the store; that is then all that holds it.
        let store = self.0.store.lock().unwrap_or_else(PoisonError::into_inner).take();
        let shut = || {
            drop(store);
            self.0.shared.shut();
            Ok::<_, Fault>(())
        };
        Ok(detached(py, shut)?)
    }

    /// A store of Python's may hold the desk that asks it. The desk holds the store once, however many handles of the desk
    /// there are: these hold the desk. It needs no `__clear__`, for it can be no cycle's only changeable part: it got its
    /// store before anybody could have had the desk.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.store.try_lock() {
            Ok(store) => store.as_ref().map_or(Ok(()), |store| visit.call(&store.0)),
            Err(_) => Ok(()),
        }
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }

    /// Keeps a rulebook version and brings it into force from an instant on.
    ///
    /// Parameters
    /// ----------
    /// rulebook : Rulebook
    ///     The rules.
    /// at : datetime
    ///     From when on; aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Activation
    ///     The version, and what was in force before.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``rulebook_invalid`` where what open cases name disappears.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn activate(
        &self,
        py: Python<'_>,
        rulebook: Arg<Py<Rulebook>>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<Activation> {
        let rulebook = rulebook.named("rulebook")?.get().rulebook.clone();
        let at = at.named("at")?;
        self.0.show(py, |desk| desk.activate(rulebook, at))
    }

    /// Moves open cases of earlier versions to the one in force, each to the office, stage and reason that the new rulebook's mapping
    /// names: what a dissolved office has goes to its successor by this alone. Run it until ``next`` is None.
    ///
    /// Parameters
    /// ----------
    /// actor : Actor
    ///     In whose name; it is in the history.
    /// at : datetime
    ///     Now: aware, in any zone.
    /// after : str, optional
    ///     Where the round before stopped: its ``next``.
    /// limit : int, optional
    ///     How many cases at most; 1,000 if absent.
    ///
    /// Returns
    /// -------
    /// Moved
    ///     How many moved, and where the next round goes on.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (actor, at, *, after = None, limit = None))]
    fn move_cases(
        &self,
        py: Python<'_>,
        actor: Arg<Py<Actor>>,
        at: Arg<DateTime<Utc>>,
        after: Option<Arg<String>>,
        limit: Option<Arg<usize>>,
    ) -> PyResult<Moved> {
        let (actor, at) = (actor.named("actor")?.get().0.clone(), at.named("at")?);
        let after: Option<GrievanceId> = Arg::may_read(after, "after")?;
        let limit = Arg::or(limit, "limit", LIMIT)?;
        self.0.show(py, |desk| desk.move_cases(&actor, at, after, limit))
    }

    /// The desk as used by one actor at one instant: the verbs, and what that actor sees.
    ///
    /// Parameters
    /// ----------
    /// actor : Actor
    ///     Who acts.
    /// at : datetime
    ///     Now: aware, in any zone.
    /// command : str, optional
    ///     An identity ``cmd_…``: a step that is sent twice under it is done once.
    /// expecting : int, optional
    ///     A version: a step is refused with ``conflict`` where the case no longer has it.
    /// verified : VerifiedMobile, optional
    ///     The mobile that the actor has verified.
    ///
    /// Returns
    /// -------
    /// Acting
    ///     A method for each verb, and what may be looked at. Nothing is asked before one is called.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``invalid_command`` for a command that is no identity, ``date_invalid`` for a naive instant.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (actor, at, *, command = None, expecting = None, verified = None))]
    fn by(
        slf: &Bound<'_, Self>,
        actor: Arg<Py<Actor>>,
        at: Arg<DateTime<Utc>>,
        command: Option<Arg<String>>,
        expecting: Option<Arg<u64>>,
        verified: Option<Arg<Py<VerifiedMobile>>>,
    ) -> PyResult<Acting> {
        let terms = Terms {
            actor: actor.named("actor")?.get().0.clone(),
            now: at.named("at")?,
            command: Arg::may_read(command, "command")?,
            expecting: Arg::if_given(expecting, "expecting")?,
            verified: Arg::if_given(verified, "verified")?.map(|mobile| mobile.get().0.clone()),
        };
        Ok(Acting { desk: slf.clone().unbind(), terms })
    }

    /// Records everything that is due at an instant.
    ///
    /// Parameters
    /// ----------
    /// at : datetime
    ///     Now: aware, in any zone.
    /// limit : int, optional
    ///     In how many cases at most; 1,000 if absent.
    ///
    /// Returns
    /// -------
    /// Swept
    ///     Counts, the jobs that have come round, and in ``failed`` each case that could not be handled, which stays due. With
    ///     ``more`` it is to be asked again.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (at, limit = None))]
    fn sweep(&self, py: Python<'_>, at: Arg<DateTime<Utc>>, limit: Option<Arg<usize>>) -> PyResult<Swept> {
        let (at, limit) = (at.named("at")?, Arg::or(limit, "limit", LIMIT)?);
        self.0.show(py, |desk| desk.sweep(at, limit))
    }

    /// Makes a checkpoint over all cases as they stand, and keeps it.
    ///
    /// Print its hash where people see it who do not keep the storage: from then on nobody can change what it covers without
    /// being found out. A sample is drawn by it.
    ///
    /// Parameters
    /// ----------
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Checkpoint
    ///     With its hash.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``busy`` where others are faster time and again.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> drawn = desk.by(auditor, now).measures.sample(since=spring, until=day, seed=desk.checkpoint(now).hash)
    fn checkpoint(&self, py: Python<'_>, at: Arg<DateTime<Utc>>) -> PyResult<Checkpoint> {
        let at = at.named("at")?;
        self.0.show(py, |desk| desk.checkpoint(at))
    }

    /// The last checkpoint that was made, by this or by a sweep's schedule.
    ///
    /// Returns
    /// -------
    /// Checkpoint or None
    ///     None before the first.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    fn last_checkpoint(&self, py: Python<'_>) -> PyResult<Option<Checkpoint>> {
        self.0.show(py, Core::last_checkpoint)
    }

    /// Holds a receipt (`Done.receipt`) to the stored history: whether the grievance of that number was lodged as it now stands.
    ///
    /// Parameters
    /// ----------
    /// number : str
    ///     As people type it.
    /// receipt : str
    ///     As people type it.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Acknowledged or None
    ///     None when it was not, or the number is nobody's: which, is not told.
    ///
    /// Raises
    /// ------
    /// AmendError
    ///     ``receipt_invalid`` when the receipt was copied wrongly.
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn check_receipt(
        &self,
        py: Python<'_>,
        number: Arg<String>,
        receipt: Arg<String>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<Option<Acknowledged>> {
        let (number, receipt, at) = (number.named("number")?, receipt.named("receipt")?, at.named("at")?);
        self.0.show(py, |desk| desk.check_receipt(&number, &receipt, at))
    }

    /// Says who holds a post in an office from an instant on.
    ///
    /// Parameters
    /// ----------
    /// unit : str
    ///     The office.
    /// post : str
    ///     The post, a code.
    /// person : str
    ///     Who: ``per_…``.
    /// since : datetime
    ///     From when on; aware, in any zone.
    /// until : datetime, optional
    ///     Until when.
    /// tenure : str, optional
    ///     How, a word of `grievance.words.Tenure`; ``holder`` if absent.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, unit, post, person, since, until = None, tenure = None))]
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn appoint(
        &self,
        py: Python<'_>,
        unit: Arg<String>,
        post: Arg<String>,
        person: Arg<String>,
        since: Arg<DateTime<Utc>>,
        until: Option<Arg<DateTime<Utc>>>,
        tenure: Option<Arg<String>>,
    ) -> PyResult<()> {
        let holding = HoldingTexts {
            unit: unit.named("unit")?,
            post: post.named("post")?,
            person: person.named("person")?,
            tenure: Arg::if_given(tenure, "tenure")?,
        };
        let (since, until) = (since.named("since")?, Arg::if_given(until, "until")?);
        let holding = holding.read(since, until).map_err(Fault::from)?;
        self.0.ask(py, |desk| desk.appoint(&holding))
    }

    /// When there is something to sweep or to deliver next.
    ///
    /// Parameters
    /// ----------
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// datetime or None
    ///     In UTC; it may have passed. None when nothing waits.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn next_due(&self, py: Python<'_>, at: Arg<DateTime<Utc>>) -> PyResult<Option<DateTime<Utc>>> {
        let at = at.named("at")?;
        self.0.ask(py, |desk| desk.next_due(at))
    }

    /// Everything that is recorded of a case but words, whoever asks: for a host that may see all.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// dict
    ///     As JSON has it.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that is not there.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn facts(&self, py: Python<'_>, case: Arg<String>) -> PyResult<Json> {
        let case: GrievanceId = case.read("case")?;
        self.0.ask(py, |desk| Ok(Json::of(desk.facts(case)?)))
    }

    /// A case's events as they are kept, whoever asks: canonical JSON and the hash over it.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// StoredHistory
    ///     The oldest first.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that is not there.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn stored_history(&self, py: Python<'_>, case: Arg<String>) -> PyResult<StoredHistory> {
        let case: GrievanceId = case.read("case")?;
        self.0.show(py, |desk| desk.stored_history(case))
    }
}
