//! What somebody asks a desk whom it does not know: by a tracking code, or by a mobile that they verify.

use crate::code::{CodeDesk, VerifiedMobile};
use crate::convert::Arg;
use crate::desk::Desk;
use crate::keys::MacKeys;
use crate::record::{Progress, Tracked};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;

#[pymethods]
impl Desk {
    /// One-time codes to mobiles, under keys of the host's.
    ///
    /// Parameters
    /// ----------
    /// keys : MacKeys
    ///     Under which they are made.
    ///
    /// Returns
    /// -------
    /// CodeDesk
    ///     Sends and verifies them.
    ///
    /// Raises
    /// ------
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn otp(slf: &Bound<'_, Self>, keys: Arg<Py<MacKeys>>) -> PyResult<CodeDesk> {
        Ok(CodeDesk { desk: slf.clone().unbind(), keys: keys.named("keys")?.get().0.clone() })
    }

    /// The case that a tracking code opens, and where it stands.
    ///
    /// Parameters
    /// ----------
    /// code : str
    ///     As people type it.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Tracked or None
    ///     With the identity under which whoever has the code acts; None for a code that opens nothing.
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
    /// >>> tracked = desk.track("k7qm-2xwe-93hd", now)
    /// >>> complainant = gr.Actor(tracked.person, "complainant")
    fn track(&self, py: Python<'_>, code: Arg<String>, at: Arg<DateTime<Utc>>) -> PyResult<Option<Tracked>> {
        let (code, at) = (code.named("code")?, at.named("at")?);
        self.0.show(py, |desk| desk.track(&code, at))
    }

    /// Where the case of a number stands, for whoever has verified a mobile that it has.
    ///
    /// Parameters
    /// ----------
    /// verified : VerifiedMobile
    ///     The mobile.
    /// number : str
    ///     The case's, as people type it.
    /// at : datetime
    ///     Now: aware, in any zone.
    ///
    /// Returns
    /// -------
    /// Progress or None
    ///     None for a number that nobody has, and just so for a case of other mobiles.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn track_by_mobile(
        &self,
        py: Python<'_>,
        verified: Arg<Py<VerifiedMobile>>,
        number: Arg<String>,
        at: Arg<DateTime<Utc>>,
    ) -> PyResult<Option<Progress>> {
        let (verified, number, at) = (verified.named("verified")?, number.named("number")?, at.named("at")?);
        let verified = &verified.get().0;
        self.0.show(py, |desk| desk.track_by_mobile(verified, &number, at))
    }
}
