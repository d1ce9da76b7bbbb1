//! One-time codes to mobiles, at a desk in the process.

use crate::convert::instant;
use crate::fault::Result;
use crate::keys::MacKeys;
use crate::record::CodeToSend;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::given::{self, may_read, read};
use grievance_core::host::{Shared, Taken as _};
use grievance_core::otp;
use std::sync::Arc;
use std::time::SystemTime;

/// A mobile whose code was brought back: what a lodging or a tracking may ask for.
#[derive(uniffi::Object)]
pub struct VerifiedMobile(pub(crate) otp::VerifiedMobile);

/// The desk as it sends and verifies one-time codes.
#[derive(uniffi::Object)]
pub struct CodeDesk {
    pub(crate) desk: Arc<Shared>,
    pub(crate) keys: Arc<MacKeys>,
}

#[uniffi::export]
impl CodeDesk {
    /// Draws a code for a mobile. The host sends its digits; `request` is whatever the host can tell
    /// again when the code comes back: a session, a form.
    #[uniffi::method(default(language = None))]
    pub fn request_code(
        &self,
        purpose: String,
        mobile: String,
        request: String,
        at: SystemTime,
        language: Option<String>,
    ) -> Result<CodeToSend> {
        let (purpose, mobile, at) = (read("purpose", &purpose)?, given::mobile(&mobile)?, instant("at", at)?);
        let language = may_read("language", language.as_deref())?;
        let sent = self.desk.ask(|desk| {
            desk.otp(&self.keys.0).request_code(purpose, &mobile, &request, language.as_ref(), at)
        })?;
        Ok(sent.flat().taken())
    }

    /// Tries a code that somebody typed.
    pub fn verify_code(
        &self,
        challenge: String,
        purpose: String,
        mobile: String,
        request: String,
        code: String,
        at: SystemTime,
    ) -> Result<Arc<VerifiedMobile>> {
        let (challenge, purpose) = (read("challenge", &challenge)?, read("purpose", &purpose)?);
        let (mobile, at) = (given::mobile(&mobile)?, instant("at", at)?);
        let verified = self.desk.ask(|desk| {
            desk.otp(&self.keys.0).verify_code(challenge, purpose, &mobile, &request, &code, at)
        })?;
        Ok(Arc::new(VerifiedMobile(verified)))
    }
}
