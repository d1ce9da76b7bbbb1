//! One-time codes to mobiles.

use crate::desk::Opened;
use crate::fault::guarded;
use crate::keys::MacKeys;
use crate::later::{Answer, Later, later};
use crate::message::Sending;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::given::{self, instant, may_read, read};
use grievance_core::otp;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use std::sync::Arc;

/// A mobile whose code was brought back.
#[napi]
pub struct VerifiedMobile(pub(crate) otp::VerifiedMobile);

#[napi]
impl VerifiedMobile {
    #[napi]
    pub fn to_token(&self, keys: &MacKeys) -> napi::Result<String> {
        guarded(|| Ok(self.0.to_token(&keys.0).as_str().to_owned()))
    }
}

/// The desk as it sends and verifies one-time codes.
#[napi]
pub struct CodeDesk {
    pub(crate) desk: Arc<Opened>,
    pub(crate) keys: otp::MacKeys,
}

#[napi]
impl CodeDesk {
    #[napi]
    pub fn request_code(
        &self,
        purpose: String,
        mobile: String,
        request: String,
        at: String,
        language: Option<String>,
    ) -> Answer {
        let keys = self.keys.clone();
        self.desk.answer(move |desk| {
            let (purpose, mobile) = (read("purpose", &purpose)?, given::mobile(&mobile)?);
            let (at, language) = (instant("at", &at)?, may_read("language", language.as_deref())?);
            let sent = desk.otp(&keys).request_code(purpose, &mobile, &request, language.as_ref(), at)?;
            Ok(sent.flat())
        })
    }

    #[napi]
    pub fn send_code(
        &self,
        purpose: String,
        mobile: String,
        request: String,
        at: String,
        language: Option<String>,
    ) -> napi::Result<Sending> {
        let keys = self.keys.clone();
        Sending::begin(&self.desk, move |desk, gateway| {
            let (purpose, mobile) = (read("purpose", &purpose)?, given::mobile(&mobile)?);
            let (at, language) = (instant("at", &at)?, may_read("language", language.as_deref())?);
            let way = (at, gateway);
            let sent = desk.otp(&keys).send_code(purpose, &mobile, &request, language.as_ref(), way)?;
            Ok(sent.flat())
        })
    }

    #[napi]
    pub fn verify_code(
        &self,
        challenge: String,
        purpose: String,
        mobile: String,
        request: String,
        code: String,
        at: String,
    ) -> AsyncTask<Later<VerifiedMobile>> {
        let (opened, keys) = (Arc::clone(&self.desk), self.keys.clone());
        later(move || {
            opened.ask(|desk| {
                let (challenge, purpose) = (read("challenge", &challenge)?, read("purpose", &purpose)?);
                let (mobile, at) = (given::mobile(&mobile)?, instant("at", &at)?);
                let codes = desk.otp(&keys);
                Ok(VerifiedMobile(codes.verify_code(challenge, purpose, &mobile, &request, &code, at)?))
            })
        })
    }

    #[napi]
    pub fn read_token(&self, token: String, purpose: String, at: String) -> AsyncTask<Later<VerifiedMobile>> {
        let (opened, keys) = (Arc::clone(&self.desk), self.keys.clone());
        later(move || {
            opened.ask(|desk| {
                let (purpose, at) = (read("purpose", &purpose)?, instant("at", &at)?);
                Ok(VerifiedMobile(desk.otp(&keys).read_token(&token, purpose, at)?))
            })
        })
    }

    #[napi]
    pub fn unlock(&self, mobile: String) -> Answer {
        let keys = self.keys.clone();
        self.desk.answer(move |desk| Ok(desk.otp(&keys).unlock(&given::mobile(&mobile)?)?))
    }
}
