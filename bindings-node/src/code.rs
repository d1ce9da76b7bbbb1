//! One-time codes to mobiles.

use crate::convert::{instant, may_read, read};
use crate::desk::Opened;
use crate::fault::{Fault, guarded};
use crate::keys::MacKeys;
use crate::later::{Answer, Later, later};
use crate::message::Sending;
use crate::record::{CodeSent, CodeToSend};
use grievance_core::ErrorCode;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::otp;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use std::sync::Arc;

pub(crate) fn mobile(text: &str) -> Result<Mobile, Fault> {
    Mobile::parse(text).map_err(|problem| Fault::new(ErrorCode::InvalidCommand, "mobile", problem))
}

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
            let (purpose, mobile) = (read("purpose", &purpose)?, self::mobile(&mobile)?);
            let (at, language) = (instant("at", &at)?, may_read("language", language.as_deref())?);
            let sent = desk.otp(&keys).request_code(purpose, &mobile, &request, language.as_ref(), at)?;
            Ok(CodeToSend::from(sent))
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
            let (purpose, mobile) = (read("purpose", &purpose)?, self::mobile(&mobile)?);
            let (at, language) = (instant("at", &at)?, may_read("language", language.as_deref())?);
            let way = (at, gateway);
            Ok(CodeSent::from(desk.otp(&keys).send_code(
                purpose,
                &mobile,
                &request,
                language.as_ref(),
                way,
            )?))
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
                let (mobile, at) = (self::mobile(&mobile)?, instant("at", &at)?);
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
        self.desk.answer(move |desk| Ok(desk.otp(&keys).unlock(&self::mobile(&mobile)?)?))
    }
}
