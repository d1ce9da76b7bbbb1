//! The keys of the vault: the host's. The library makes none and keeps none.

use crate::kernel::code::{TenantCode, is_code};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::{Compartment, Digest, VaultRow};
use crate::otp::KeyError;
use crate::store::vault::{Content, OpenText, SealError, StoredText};
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use smol_str::SmolStr;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of a nonce; they stand before the sealed bytes.
const NONCE: usize = 24;
/// Bytes of a salt; they are sealed with the text, since salt and digest together let a short text
/// be guessed.
const SALT: usize = 16;

/// A secret with the identity under which rows name it.
///
/// Three secrets are derived from it (HKDF with SHA-256, RFC 5869): one seals texts, one makes the
/// tokens of the blind index, one the fingerprints of commands. All are overwritten when the key is
/// dropped. `Debug` shows the identity only.
pub struct Key {
    id: SmolStr,
    sealing: XChaCha20Poly1305,
    index: Zeroizing<[u8; 32]>,
    commands: Zeroizing<[u8; 32]>,
}

impl Key {
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
        let from = Hkdf::<Sha256>::new(None, secret);
        let derived = |what: &[u8]| {
            let mut bytes = Zeroizing::new([0; 32]);
            from.expand(what, &mut *bytes).expect("32 bytes are less than HKDF can give");
            bytes
        };
        let sealing = derived(b"grievance vault v1: sealing");
        Ok(Self {
            id: SmolStr::new(id),
            sealing: XChaCha20Poly1305::new((&*sealing).into()),
            index: derived(b"grievance vault v1: blind index"),
            commands: derived(b"grievance vault v1: fingerprints"),
        })
    }

    /// Its identity.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn seal(
        &self,
        tenant: &TenantCode,
        text: &StoredText,
        words: (&[u8; SALT], &str),
        nonce: [u8; NONCE],
    ) -> Content {
        let (salt, words) = words;
        let mut bytes = Vec::with_capacity(NONCE + SALT + words.len() + 16);
        let mut plain = Vec::with_capacity(SALT + words.len() + 16);
        plain.extend_from_slice(salt);
        plain.extend_from_slice(words.as_bytes());
        self.sealing
            .encrypt_in_place(&XNonce::from(nonce), &bound(tenant, text), &mut plain)
            .expect("a text is far shorter than the cipher's limit");
        bytes.extend_from_slice(&nonce);
        bytes.append(&mut plain);
        Content::Sealed { key: self.id.clone(), bytes }
    }

    fn open(&self, tenant: &TenantCode, text: &StoredText, bytes: &[u8]) -> Option<([u8; SALT], String)> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let mut plain = Zeroizing::new(sealed.to_vec());
        self.sealing.decrypt_in_place(&XNonce::from(*nonce), &bound(tenant, text), &mut *plain).ok()?;
        let (salt, words) = plain.split_first_chunk::<SALT>()?;
        let opened = (*salt, std::str::from_utf8(words).ok()?.to_owned());
        Some(opened)
    }

    fn mac(secret: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// 32 bytes that only this key can make of these parts, for the blind index.
    pub(super) fn index(&self, parts: &[&[u8]]) -> [u8; 32] {
        Self::mac(&self.index, parts)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// What a sealed text is bound to: a row that is moved to another tenant, case, identity,
/// compartment or field does not open.
fn bound(tenant: &TenantCode, text: &StoredText) -> Vec<u8> {
    let StoredText { id, case, compartment, field, content: _, indexed: _ } = text;
    let mut bytes = b"grievance vault text v1".to_vec();
    for part in [tenant.as_str(), compartment.as_str(), field.as_str()] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(case.as_bytes());
    bytes.extend_from_slice(id.as_bytes());
    bytes
}

/// The key that new texts are sealed with, and old ones that still open what they sealed.
///
/// A host passes a ring when it opens a desk. To rotate, put a new key first, keep the old one, and
/// let [`Desk::reindex`](crate::desk::Desk::reindex) run until nothing of the old one is left.
/// Clones share their keys. `Debug` shows identities only.
///
/// # Examples
///
/// ```
/// use grievance_core::store::keys::{Key, KeyRing};
///
/// let secret = [7; 32]; // 32 random bytes out of the host's key store
/// let ring = KeyRing::new(Key::new("2026-11", &secret)?, Vec::new())?;
/// assert_eq!(format!("{ring:?}"), "KeyRing([\"2026-11\"])");
/// # Ok::<(), grievance_core::otp::KeyError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    /// INVARIANT: at least one, the current one first; no identity twice.
    keys: Arc<[Key]>,
    seals: bool,
    /// Whether a text that stands open is taken for one. INVARIANT: so where new ones are left open.
    takes_open: bool,
}

impl KeyRing {
    /// A ring of the current key and old ones.
    ///
    /// # Errors
    ///
    /// [`KeyError::DuplicateId`] when two have the same identity.
    pub fn new(current: Key, old: Vec<Key>) -> Result<Self, KeyError> {
        let keys: Vec<Key> = std::iter::once(current).chain(old).collect();
        let mut ids: Vec<&str> = keys.iter().map(Key::id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(KeyError::DuplicateId);
        }
        Ok(Self { keys: keys.into(), seals: true, takes_open: false })
    }

    /// A ring whose one secret is printed in this library: for tests, examples in documentation and
    /// cases that nobody keeps. It hides nothing from anybody.
    pub fn for_tests() -> Self {
        let key = Key::new("test", b"published with the library: hides nothing").expect("a sound key");
        Self::new(key, Vec::new()).expect("one key is no duplicate")
    }

    /// The same ring, with new texts left as they are: for a host whose disk or database encrypts
    /// already and whose backups do. Tokens and fingerprints are keyed all the same, and sealed
    /// texts still open. A desk says that it does so in its `Debug`.
    #[must_use]
    pub fn leaving_texts_unsealed(self) -> Self {
        Self { seals: false, takes_open: true, ..self }
    }

    /// The same ring, which also reads texts that stand open: for the time in which a host goes over
    /// from unsealed to sealed texts, until [`Desk::reindex`](crate::desk::Desk::reindex) has sealed
    /// them all. Otherwise a ring that seals refuses an open text, since anybody who can write to the
    /// database could have put it there.
    #[must_use]
    pub fn reading_unsealed_texts(self) -> Self {
        Self { takes_open: true, ..self }
    }

    /// Whether new texts are sealed.
    pub const fn seals(&self) -> bool {
        self.seals
    }

    /// The key that new texts are sealed with.
    pub fn current(&self) -> &Key {
        &self.keys[0]
    }

    /// Every key, the current one first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key of that identity, if the ring has it.
    pub fn get(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// A text as it is to be kept: sealed under the current key, unless the ring leaves it as it is.
    ///
    /// `random` must be fresh for each text.
    pub fn keep(
        &self,
        tenant: &TenantCode,
        case: GrievanceId,
        row: VaultRow,
        random: [u8; 16],
    ) -> StoredText {
        let VaultRow { id, compartment, field, salt, content } = row;
        let opened = OpenText { id, case, compartment, field: SmolStr::new_static(field), salt, content };
        self.keep_again(tenant, opened, random)
    }

    /// The same of a text that was kept before.
    pub(crate) fn keep_again(&self, tenant: &TenantCode, opened: OpenText, random: [u8; 16]) -> StoredText {
        let OpenText { id, case, compartment, field, salt, content } = opened;
        let indexed = (compartment == Compartment::Identity).then(|| self.indexed(tenant, &field, &content));
        let open = Content::Open { salt, text: content };
        let mut text = StoredText { id, case, compartment, field, content: open, indexed };
        if self.seals
            && let Content::Open { salt, text: words } = &text.content
        {
            let mut nonce = [0; NONCE];
            nonce[..16].copy_from_slice(&random);
            nonce[16..].copy_from_slice(&text.id.as_bytes()[..8]);
            text.content = self.current().seal(tenant, &text, (salt, words), nonce);
        }
        text
    }

    /// The words of a kept text.
    ///
    /// # Errors
    ///
    /// [`SealError::KeyMissing`] when the ring has no key of the identity that the text names,
    /// [`SealError::Broken`] when that key does not open it: the text was altered, it was moved from
    /// another tenant, case or field, or the key has another secret; [`SealError::Unsealed`] when it
    /// stands open and the ring takes sealed texts only.
    pub fn open(&self, tenant: &TenantCode, text: &StoredText) -> Result<OpenText, SealError> {
        let (salt, content) = match &text.content {
            Content::Open { .. } if !self.takes_open => return Err(SealError::Unsealed),
            Content::Open { salt, text } => (*salt, text.clone()),
            Content::Sealed { key, bytes } => {
                let found = self.get(key).ok_or_else(|| SealError::KeyMissing { key: key.clone() })?;
                found.open(tenant, text, bytes).ok_or_else(|| SealError::Broken { key: key.clone() })?
            }
        };
        let StoredText { id, case, compartment, ref field, .. } = *text;
        Ok(OpenText { id, case, compartment, field: field.clone(), salt, content })
    }

    /// The fingerprint of a command under the current key, then under each old one: a command that
    /// was committed before a rotation is known again after it.
    pub(crate) fn fingerprints(&self, parts: &[&[u8]]) -> impl Iterator<Item = Digest> {
        self.keys.iter().map(|key| Digest::from_bytes(Key::mac(&key.commands, parts)))
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(Key::id).collect();
        let how = match (self.seals, self.takes_open) {
            (false, _) => ", leaving texts unsealed",
            (true, true) => ", reading unsealed texts",
            (true, false) => "",
        };
        write!(f, "KeyRing({ids:?}{how})")
    }
}
