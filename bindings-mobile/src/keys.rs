//! Keys of the host's. The library makes none and keeps none; nothing here shows a secret.

use crate::fault::{GrievanceError, Result};
use grievance_core::store::keys;
use grievance_core::{ErrorCode, otp};
use std::sync::Arc;
use zeroize::Zeroizing;

fn refused(problem: impl std::fmt::Display) -> GrievanceError {
    GrievanceError::new(ErrorCode::InvalidCommand, "keys", problem)
}

/// A secret with the identity under which what it sealed names it.
#[derive(Clone, uniffi::Record)]
pub struct Key {
    /// Its identity.
    pub key_id: String,
    /// The secret: 32 to 1,024 random bytes.
    pub secret: Vec<u8>,
}

/// The keys under which texts and identities are sealed: the current one, and old ones that still open.
#[derive(uniffi::Object)]
pub struct KeyRing(pub(crate) keys::KeyRing);

#[uniffi::export]
impl KeyRing {
    /// A ring of the current key and old ones.
    #[uniffi::constructor(default(old = []))]
    pub fn new(key_id: String, secret: Vec<u8>, old: Vec<Key>) -> Result<Arc<Self>> {
        let read = |key_id: &str, secret: Vec<u8>| keys::Key::new(key_id, &Zeroizing::new(secret));
        let current = read(&key_id, secret).map_err(refused)?;
        let old = old.into_iter().map(|key| read(&key.key_id, key.secret));
        let old = old.collect::<std::result::Result<_, _>>().map_err(refused)?;
        Ok(Arc::new(Self(keys::KeyRing::new(current, old).map_err(refused)?)))
    }

    /// A ring that everybody knows, for tests and for desks in memory alone.
    #[uniffi::constructor]
    pub fn for_tests() -> Arc<Self> {
        Arc::new(Self(keys::KeyRing::for_tests()))
    }
}

/// The keys under which one-time codes and the tokens of verified mobiles are made.
#[derive(uniffi::Object)]
pub struct MacKeys(pub(crate) otp::MacKeys);

#[uniffi::export]
impl MacKeys {
    /// The current key alone.
    #[uniffi::constructor]
    pub fn new(key_id: String, secret: Vec<u8>) -> Result<Arc<Self>> {
        let key = otp::MacKey::new(&key_id, &Zeroizing::new(secret)).map_err(refused)?;
        Ok(Arc::new(Self(otp::MacKeys::new(key, Vec::new()).map_err(refused)?)))
    }
}
