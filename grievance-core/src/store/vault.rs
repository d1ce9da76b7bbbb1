//! Texts that people wrote, as they are kept: sealed under a key of the host's.

use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::Compartment;
use crate::store::blind::Indexed;
use crate::vocabulary::ErrorCode;
use smol_str::SmolStr;

/// A text as the vault keeps it. Its `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredText {
    /// Names the row.
    pub id: VaultId,
    /// The case it was written in.
    pub case: GrievanceId,
    /// Which compartment it lies in.
    pub compartment: Compartment,
    /// What the text is: `narrative`, `remarks`, `name`, `mobile` and so on.
    pub field: SmolStr,
    /// What is kept.
    pub content: Content,
    /// By what the text is found, if it says who somebody is; of old texts that is not known.
    pub indexed: Option<Indexed>,
}

impl std::fmt::Debug for StoredText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredText({}, {}, {})", self.id, self.compartment.as_str(), self.field)
    }
}

impl StoredText {
    /// The keys it is kept under: of its seal and of its tokens.
    pub fn keys(&self) -> (Option<&str>, Option<&str>) {
        let seal = match &self.content {
            Content::Open { .. } => None,
            Content::Sealed { key, .. } => Some(key.as_str()),
        };
        (seal, self.indexed.as_ref().map(|indexed| indexed.key.as_str()))
    }
}

/// What is kept of a text. Its `Debug` says how it is kept, not what.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// The words as they are: from before texts were sealed, or of a host that leaves them so.
    Open {
        /// Random bytes that the digest was salted with.
        salt: [u8; 16],
        /// The words.
        text: String,
    },
    /// Salt and words, sealed (XChaCha20-Poly1305): 24 bytes of nonce, the sealed bytes, 16 bytes of
    /// tag.
    Sealed {
        /// The identity of the key.
        key: SmolStr,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open { .. } => f.write_str("Open(..)"),
            Self::Sealed { key, .. } => write!(f, "Sealed({key})"),
        }
    }
}

/// A text, opened. Its `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenText {
    /// Names the row.
    pub id: VaultId,
    /// The case it was written in.
    pub case: GrievanceId,
    /// Which compartment it lies in.
    pub compartment: Compartment,
    /// What the text is.
    pub field: SmolStr,
    /// Random bytes that the digest was salted with.
    pub salt: [u8; 16],
    /// The words.
    pub content: String,
}

impl std::fmt::Debug for OpenText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenText({}, {}, {})", self.id, self.compartment.as_str(), self.field)
    }
}

/// Why a kept text does not open. It names the key's identity and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The ring has no such key.
    #[error("the ring has no key {key}")]
    KeyMissing {
        /// The identity that the text names.
        key: SmolStr,
    },
    /// The text stands open where the ring takes sealed ones only: it was put there by somebody who
    /// has no key, or is from before texts were sealed.
    #[error("a text stands unsealed, and the ring takes sealed texts only")]
    Unsealed,
    /// The text was altered or moved, or the key is another one of the same identity.
    #[error("a text kept under the key {key} does not open")]
    Broken {
        /// The identity that the text names.
        key: SmolStr,
    },
}

impl SealError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::KeyMissing { .. } => ErrorCode::KeyMissing,
            Self::Broken { .. } | Self::Unsealed => ErrorCode::SealBroken,
        }
    }
}
