//! One-time codes to mobiles, at a desk in the process.

use crate::convert::{Shown as _, instant, may_read, read};
use crate::desk::Opened;
use crate::fault::{GrievanceError, Result};
use crate::keys::MacKeys;
use crate::record::CodeToSend;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::{ErrorCode, otp};
use std::sync::Arc;
use std::time::SystemTime;

fn mobile(text: &str) -> Result<Mobile> {
    Mobile::parse(text).map_err(|problem| GrievanceError::new(ErrorCode::InvalidCommand, "mobile", problem))
}

/// A mobile whose code was brought back: what a lodging or a tracking may ask for.
#[derive(uniffi::Object)]
pub struct VerifiedMobile(pub(crate) otp::VerifiedMobile);

/// The desk as it sends and verifies one-time codes.
#[derive(uniffi::Object)]
pub struct CodeDesk {
    pub(crate) desk: Arc<Opened>,
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
        let (purpose, mobile, at) = (read("purpose", &purpose)?, self::mobile(&mobile)?, instant("at", at)?);
        let language = may_read("language", language.as_deref())?;
        let sent = self.desk.ask(|desk| {
            desk.otp(&self.keys.0).request_code(purpose, &mobile, &request, language.as_ref(), at)
        })?;
        Ok(CodeToSend {
            challenge: sent.challenge.shown(),
            code: sent.code.reveal().to_owned(),
            expires_at: sent.expires_at.shown(),
        })
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
        let (mobile, at) = (self::mobile(&mobile)?, instant("at", at)?);
        let verified = self.desk.ask(|desk| {
            desk.otp(&self.keys.0).verify_code(challenge, purpose, &mobile, &request, &code, at)
        })?;
        Ok(Arc::new(VerifiedMobile(verified)))
    }
}
