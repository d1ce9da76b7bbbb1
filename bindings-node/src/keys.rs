//! Keys of the host's. The library makes none and keeps none; nothing here shows a secret.

use crate::fault::{Fault, guarded};
use grievance_core::ErrorCode;
use grievance_core::otp;
use grievance_core::store::keys;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

fn refused(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::InvalidCommand, "keys", problem)
}

/// The keys under which texts and identities are sealed: the current one, then old ones that still open.
#[napi]
pub struct KeyRing(pub(crate) keys::KeyRing);

#[napi]
impl KeyRing {
    /// Of key identities and their secrets, the current one first.
    #[napi(factory)]
    pub fn of(ids: Vec<String>, secrets: Vec<Uint8Array>) -> napi::Result<Self> {
        guarded(|| {
            let keys = ids.iter().zip(&secrets).map(|(id, secret)| keys::Key::new(id, secret));
            let mut keys = keys.collect::<Result<Vec<_>, _>>().map_err(refused)?.into_iter();
            let current = keys.next().ok_or_else(|| refused("there is none"))?;
            Ok(Self(keys::KeyRing::new(current, keys.collect()).map_err(refused)?))
        })
    }

    /// A ring that everybody knows.
    #[napi(factory)]
    pub fn for_tests() -> Self {
        Self(keys::KeyRing::for_tests())
    }
}

/// The keys under which one-time codes and the tokens of verified mobiles are made.
#[napi]
pub struct MacKeys(pub(crate) otp::MacKeys);

#[napi]
impl MacKeys {
    /// As of a key ring.
    #[napi(factory)]
    pub fn of(ids: Vec<String>, secrets: Vec<Uint8Array>) -> napi::Result<Self> {
        guarded(|| {
            let keys = ids.iter().zip(&secrets).map(|(id, secret)| otp::MacKey::new(id, secret));
            let mut keys = keys.collect::<Result<Vec<_>, _>>().map_err(refused)?.into_iter();
            let current = keys.next().ok_or_else(|| refused("there is none"))?;
            Ok(Self(otp::MacKeys::new(current, keys.collect()).map_err(refused)?))
        })
    }
}
