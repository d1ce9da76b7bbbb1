//! The messages of a desk: handed to a gateway, and answers to those that came.

use crate::convert::Arg;
use crate::desk::{Desk, LIMIT};
use crate::message::Callable;
use crate::record::{Delivered, Parked, Posted, Written};
use chrono::{DateTime, Utc};
use grievance_core::GrievanceId;
use grievance_core::desk::flat::{self, Flat as _};
use grievance_core::host::{Taken as _, given};
use grievance_core::kernel::id::NoticeId;
use pyo3::prelude::*;
use std::time::Instant;

#[pymethods]
impl Desk {
    /// Hands up to `limit` messages that may go out to a gateway of the host's, and records what became
    /// of each. Several workers may do so at the same time.
    ///
    /// Parameters
    /// ----------
    /// at : datetime
    ///     Now: aware, in any zone.
    /// gateway : callable
    ///     A callable that takes a `Message` and answers the carrier's reference, or none. What it raises is a failure that
    ///     may pass: the message is tried again under the same identity, up to fourteen times, and then parked.
    ///     `MessageRefusedError` parks it at once.
    /// limit : int, optional
    ///     How many at most; 1,000 if absent.
    ///
    /// Returns
    /// -------
    /// Delivered
    ///     How many were sent, and what became of the others. What the gateway raised is told by the
    ///     name of its class, since its words may hold an address.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> def send(message):
    /// ...     return carrier.send(message.address, message.written.text, once=message.id)
    /// >>> desk.deliver(now, send).sent
    /// 1
    #[pyo3(signature = (at, gateway, limit = None))]
    fn deliver(
        &self,
        py: Python<'_>,
        at: Arg<DateTime<Utc>>,
        gateway: &Bound<'_, PyAny>,
        limit: Option<Arg<usize>>,
    ) -> PyResult<Delivered> {
        let (at, gateway) = (at.named("at")?, Callable::of(gateway)?);
        let limit = Arg::or(limit, "limit", LIMIT)?;
        let began = Instant::now();
        let taken = || given::taken(began.elapsed());
        let round = self.0.ask(py, |desk| desk.deliver_timed(at, &taken, &gateway, limit));
        let raised = gateway.problems()?;
        round.map(|round| flat::Delivered { raised, ..round.flat() }.taken())
    }

    /// Records when a carrier says that a message was received, under the reference that the gateway answered
    /// when it took it. The first word counts.
    ///
    /// Parameters
    /// ----------
    /// reference : str
    ///     The carrier's.
    /// received_at : datetime
    ///     When; aware, in any zone.
    ///
    /// Returns
    /// -------
    /// list of str
    ///     The messages that it is of: none for a reference that nobody knows, or not yet.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> desk.delivery_report("carrier-17", received_at)
    /// ['ntc_…']
    fn delivery_report(
        &self,
        py: Python<'_>,
        reference: Arg<String>,
        received_at: Arg<DateTime<Utc>>,
    ) -> PyResult<Vec<String>> {
        let (reference, received_at) = (reference.named("reference")?, received_at.named("received_at")?);
        let found = self.0.ask(py, |desk| desk.delivery_report(&reference, received_at))?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    /// Every message of a case, whoever asks, and how far it has come: no words, and no address.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// list of Posted
    ///     The oldest first.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn notices(&self, py: Python<'_>, case: Arg<String>) -> PyResult<Vec<Posted>> {
        let case: GrievanceId = case.read("case")?;
        self.0.show(py, |desk| Ok(desk.store().notices_of(case)?))
    }

    /// Messages that were given up and wait for a person to look at them.
    ///
    /// Parameters
    /// ----------
    /// limit : int, optional
    ///     How many at most; 1,000 if absent.
    ///
    /// Returns
    /// -------
    /// list of Parked
    ///     The oldest first.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (limit = None))]
    fn parked(&self, py: Python<'_>, limit: Option<Arg<usize>>) -> PyResult<Vec<Parked>> {
        let limit = Arg::or(limit, "limit", LIMIT)?;
        self.0.show(py, |desk| Ok(desk.store().parked(limit)?))
    }

    /// Lets a parked message wait again, as if it had never been tried.
    ///
    /// Parameters
    /// ----------
    /// notice : str
    ///     The message: ``ntc_…``.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// bool
    ///     False for one that is not parked.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn revive(&self, py: Python<'_>, notice: Arg<String>, at: Arg<DateTime<Utc>>) -> PyResult<bool> {
        let (notice, at): (NoticeId, _) = (notice.read("notice")?, at.named("at")?);
        self.0.ask(py, |desk| Ok(desk.store().revive(notice, at)?))
    }

    /// The answer to a short message that somebody sent, such as ``GRV STATUS`` and a number. Whatever
    /// the text holds, there is an answer, and it says nothing of other mobiles' cases.
    ///
    /// Parameters
    /// ----------
    /// mobile : str
    ///     Who sent it.
    /// text : str
    ///     What it says.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Written
    ///     The words, and under what they are registered.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> desk.answer_sms("98300 01234", "GRV STATUS CITY-2026-000001", now).template
    /// 'pull_status'
    fn answer_sms(
        &self,
        py: Python<'_>,
        mobile: Arg<String>,
        text: Arg<String>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<Written> {
        let (mobile, text, at) = (mobile.mobile()?, text.named("text")?, at.named("at")?);
        self.0.show(py, |desk| desk.answer_sms(&mobile, &text, at))
    }
}
