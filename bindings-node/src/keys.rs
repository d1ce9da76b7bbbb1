//! Keys of the host's. The library makes none and keeps none; nothing here shows a secret.

use crate::fault::{Fault, guarded};
use grievance_core::ErrorCode;
use grievance_core::otp::{self, KeyError};
use grievance_core::store::keys;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

fn refused(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::InvalidCommand, "keys", problem)
}

/// What is wrong with a key, at the argument that is to blame: the current one's first, then the old ones'.
fn wrong(at: usize, problem: KeyError) -> Fault {
    let (own, part) = match problem {
        KeyError::BadSecret => ("secret", 1),
        KeyError::DuplicateId => ("old", 0),
        _ => ("key_id", 0),
    };
    let place = if at == 0 { own.to_owned() } else { format!("old[{}][{part}]", at - 1) };
    Fault::new(ErrorCode::InvalidCommand, &place, problem)
}

/// Makes each key of an identity and its secret.
fn each<K>(
    ids: &[String],
    secrets: &[Uint8Array],
    make: fn(&str, &[u8]) -> Result<K, KeyError>,
) -> Result<Vec<K>, Fault> {
    let keys = ids.iter().zip(secrets).enumerate();
    keys.map(|(at, (id, secret))| make(id, secret).map_err(|problem| wrong(at, problem))).collect()
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
            let mut keys = each(&ids, &secrets, keys::Key::new)?.into_iter();
            let current = keys.next().ok_or_else(|| refused("there is none"))?;
            Ok(Self(keys::KeyRing::new(current, keys.collect()).map_err(|problem| wrong(0, problem))?))
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
            let mut keys = each(&ids, &secrets, otp::MacKey::new)?.into_iter();
            let current = keys.next().ok_or_else(|| refused("there is none"))?;
            Ok(Self(otp::MacKeys::new(current, keys.collect()).map_err(|problem| wrong(0, problem))?))
        })
    }
}
