//! One-time codes to mobiles.

use crate::convert::Arg;
use crate::desk::Desk;
use crate::keys::MacKeys;
use crate::message::Callable;
use crate::record::{CodeSent, CodeToSend};
use chrono::{DateTime, Utc};
use grievance_core::message::Gateway;
use grievance_core::otp;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

/// A mobile whose code was brought back: what a lodging or a tracking may ask for.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct VerifiedMobile(pub(crate) otp::VerifiedMobile);

#[pymethods]
impl VerifiedMobile {
    /// The token that carries it to another request of the host's.
    ///
    /// Parameters
    /// ----------
    /// keys : MacKeys
    ///     Under which it is signed.
    ///
    /// Returns
    /// -------
    /// str
    ///     For `CodeDesk.read_token`. It opens for whoever has it, until it expires.
    ///
    /// Raises
    /// ------
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn to_token(&self, keys: Arg<Py<MacKeys>>) -> PyResult<String> {
        Ok(self.0.to_token(&keys.named("keys")?.get().0).as_str().to_owned())
    }

    fn __repr__(&self) -> String {
        format!("VerifiedMobile(…{})", self.0.mobile().last_four())
    }
}

/// The desk as it sends and verifies one-time codes.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct CodeDesk {
    pub(crate) desk: Py<Desk>,
    pub(crate) keys: otp::MacKeys,
}

#[pymethods]
impl CodeDesk {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.desk)
    }

    /// Draws a code for a mobile. The host sends its digits.
    ///
    /// Parameters
    /// ----------
    /// purpose : str
    ///     What for, a word of `grievance.words.Purpose`: ``lodge``, ``track``, ``act``.
    /// mobile : str
    ///     The number, as people write it.
    /// request : str
    ///     Whatever the host can tell again when the code comes back: a session, a form.
    /// at : datetime
    ///     Now: aware, in any zone.
    /// language : str, optional
    ///     The language of the text; the rulebook's if absent.
    ///
    /// Returns
    /// -------
    /// CodeToSend
    ///     The digits and the words to send, and the challenge to verify by. It is a secret: not for a log.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     ``code_too_often`` where too many were asked for lately, and whatever else the desk refuses.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (purpose, mobile, *, request, at, language = None))]
    fn request_code(
        &self,
        py: Python<'_>,
        purpose: Arg<String>,
        mobile: Arg<String>,
        request: Arg<String>,
        at: Arg<DateTime<Utc>>,
        language: Option<Arg<String>>,
    ) -> PyResult<CodeToSend> {
        let (purpose, mobile) = (purpose.read("purpose")?, mobile.mobile()?);
        let (language, at) = (Arg::may_read(language, "language")?, at.named("at")?);
        let request = request.named("request")?;
        self.desk.get().0.show(py, |desk| {
            desk.otp(&self.keys).request_code(purpose, &mobile, &request, language.as_ref(), at)
        })
    }

    /// Draws a code and hands it to a gateway of the host's at once, in the words of the rulebook. What
    /// the gateway does not take is asked for anew; it counts as sent.
    ///
    /// Parameters
    /// ----------
    /// purpose : str
    ///     What for, a word of `grievance.words.Purpose`: ``lodge``, ``track``, ``act``.
    /// mobile : str
    ///     The number, as people write it.
    /// request : str
    ///     Whatever the host can tell again when the code comes back: a session, a form.
    /// at : datetime
    ///     Now: aware, in any zone.
    /// gateway : callable
    ///     Takes a `Message` and answers the carrier's reference, or None.
    /// language : str, optional
    ///     The language of the text; the rulebook's if absent.
    ///
    /// Returns
    /// -------
    /// CodeSent
    ///     The challenge to verify by, without the digits.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     ``code_too_often`` where too many were asked for lately, and whatever else the desk refuses. ``message_not_sent`` where the gateway did not take it.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> sent = codes.send_code("track", "98300 01234", request=session, at=now, gateway=send)
    /// >>> codes.verify_code(sent.challenge, "track", "98300 01234", request=session, code=typed, at=later)
    /// VerifiedMobile(…1234)
    #[pyo3(signature = (purpose, mobile, *, request, at, gateway, language = None))]
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn send_code(
        &self,
        py: Python<'_>,
        purpose: Arg<String>,
        mobile: Arg<String>,
        request: Arg<String>,
        at: Arg<DateTime<Utc>>,
        gateway: &Bound<'_, PyAny>,
        language: Option<Arg<String>>,
    ) -> PyResult<CodeSent> {
        let (purpose, mobile) = (purpose.read("purpose")?, mobile.mobile()?);
        let (language, gateway) = (Arg::may_read(language, "language")?, Callable::of(gateway)?);
        let (at, request) = (at.named("at")?, request.named("request")?);
        let sent = self.desk.get().0.show(py, |desk| {
            let way = (at, &gateway as &dyn Gateway);
            desk.otp(&self.keys).send_code(purpose, &mobile, &request, language.as_ref(), way)
        });
        gateway.problems()?;
        sent
    }

    /// Tries a code that somebody typed.
    ///
    /// Parameters
    /// ----------
    /// challenge : str
    ///     What was answered when the code was drawn.
    /// purpose : str
    ///     What for, a word of `grievance.words.Purpose`: ``lodge``, ``track``, ``act``.
    /// mobile : str
    ///     The number, as people write it.
    /// request : str
    ///     What was said when the code was drawn.
    /// code : str
    ///     The digits as they were typed.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// VerifiedMobile
    ///     What a lodging or a tracking may ask for.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     ``code_wrong`` and its like, each by what may be done.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (challenge, purpose, mobile, *, request, code, at))]
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn verify_code(
        &self,
        py: Python<'_>,
        challenge: Arg<String>,
        purpose: Arg<String>,
        mobile: Arg<String>,
        request: Arg<String>,
        code: Arg<String>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<VerifiedMobile> {
        let (challenge, purpose) = (challenge.read("challenge")?, purpose.read("purpose")?);
        let (mobile, at) = (mobile.mobile()?, at.named("at")?);
        let (request, code) = (request.named("request")?, code.named("code")?);
        let verified = |desk: &grievance_core::Desk| {
            desk.otp(&self.keys).verify_code(challenge, purpose, &mobile, &request, &code, at)
        };
        self.desk.get().0.ask(py, verified).map(VerifiedMobile)
    }

    /// Reads the token of a mobile that was verified in another request.
    ///
    /// Parameters
    /// ----------
    /// token : str
    ///     Of `VerifiedMobile.to_token`.
    /// purpose : str
    ///     For which it was verified.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// VerifiedMobile
    ///     The same mobile.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     ``token_invalid`` for one that expired, was made for something else or under other keys.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (token, purpose, *, at))]
    fn read_token(
        &self,
        py: Python<'_>,
        token: Arg<String>,
        purpose: Arg<String>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<VerifiedMobile> {
        let (token, purpose, at) = (token.named("token")?, purpose.read("purpose")?, at.named("at")?);
        let read = |desk: &grievance_core::Desk| desk.otp(&self.keys).read_token(&token, purpose, at);
        self.desk.get().0.ask(py, read).map(VerifiedMobile)
    }

    /// Lets a mobile that was locked ask for codes again.
    ///
    /// Parameters
    /// ----------
    /// mobile : str
    ///     The number, as people write it.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn unlock(&self, py: Python<'_>, mobile: Arg<String>) -> PyResult<()> {
        let mobile = mobile.mobile()?;
        self.desk.get().0.ask(py, |desk| desk.otp(&self.keys).unlock(&mobile))
    }
}
