//! The keys of the MACs: the host's, never kept by the library.

use crate::kernel::code::is_code;
use crate::kernel::text::Digest;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use smol_str::SmolStr;

/// Why a key or a ring of keys cannot serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The identity is no code.
    #[error("the identity of a key is 1 to 40 characters of a-z, 0-9, `_` and `-`")]
    BadId,
    /// The secret is too short or too long.
    #[error("the secret of a key has 32 to 1,024 bytes")]
    BadSecret,
    /// Two keys of a ring have the same identity.
    #[error("two keys have the same identity")]
    DuplicateId,
}

/// A secret with the identity under which rows and tokens name it. `Debug` shows the identity only.
#[derive(Clone)]
pub struct MacKey {
    id: SmolStr,
    /// INVARIANT: 32 to 1,024 bytes.
    secret: Vec<u8>,
}

impl MacKey {
    /// Takes a secret of 32 to 1,024 random bytes and the identity it is named by.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the identity is no code or the secret has another length.
    pub fn new(id: &str, secret: &[u8]) -> Result<Self, KeyError> {
        if !is_code(id) {
            return Err(KeyError::BadId);
        }
        if !(32..=1_024).contains(&secret.len()) {
            return Err(KeyError::BadSecret);
        }
        Ok(Self { id: SmolStr::new(id), secret: secret.to_vec() })
    }

    /// Its identity.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The MAC's state after a word for what it is about and the parts, each with its length
    /// before it, so that no two lists of parts are the same bytes.
    fn over(&self, about: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        for part in std::iter::once(about.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    pub(super) fn mac(&self, about: &str, parts: &[&[u8]]) -> Digest {
        Digest::from_bytes(self.over(about, parts).finalize().into_bytes().into())
    }

    /// Whether that is the MAC, in a time that does not depend on where they differ.
    pub(super) fn verifies(&self, about: &str, parts: &[&[u8]], mac: &Digest) -> bool {
        self.over(about, parts).verify_slice(mac.as_bytes()).is_ok()
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MacKey({})", self.id)
    }
}

/// The key that new MACs are made with, and old ones that still verify.
///
/// To rotate, put a new key first and keep the old one for as long as codes and tokens live. The
/// number under which a mobile's limits are kept is a MAC too, so a new current key begins its
/// counts anew (ADR 45).
#[derive(Clone, Debug)]
pub struct MacKeys {
    current: MacKey,
    old: Vec<MacKey>,
}

impl MacKeys {
    /// A ring of the current key and old ones.
    ///
    /// # Errors
    ///
    /// [`KeyError::DuplicateId`] when two have the same identity.
    pub fn new(current: MacKey, old: Vec<MacKey>) -> Result<Self, KeyError> {
        let mut ids: Vec<&str> = old.iter().chain([&current]).map(MacKey::id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(KeyError::DuplicateId);
        }
        Ok(Self { current, old })
    }

    /// The key that new MACs are made with.
    pub const fn current(&self) -> &MacKey {
        &self.current
    }

    /// The key of that identity, if the ring has it.
    pub fn get(&self, id: &str) -> Option<&MacKey> {
        std::iter::once(&self.current).chain(&self.old).find(|key| key.id == id)
    }
}
