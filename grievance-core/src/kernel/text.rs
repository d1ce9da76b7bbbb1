//! Sealed text: what an event holds instead of words a person wrote.

use crate::kernel::id::VaultId;
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, 64 lower-case hexadecimal digits in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^[0-9a-f]{64}$")))]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digest of the concatenation of `parts`.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// Wraps 32 bytes read from storage.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn hex(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        text
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lower-case hexadecimal digits")]
pub struct NotADigest;

/// What each character is worth as a lower-case hexadecimal digit; 255 if it is none.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut value = 0_u8;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    values
};

impl std::str::FromStr for Digest {
    type Err = NotADigest;
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        if text.len() != 64 {
            return Err(NotADigest);
        }
        let mut bytes = [0; 32];
        // Any digit that is none leaves a bit beyond the lower four.
        let mut all = 0;
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
            all |= high | low;
            *byte = high << 4 | low & 15;
        }
        if all > 15 {
            return Err(NotADigest);
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Digest;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("64 lower-case hexadecimal digits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Digest, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Text)
    }
}

/// Stands in an event for a text that the vault keeps: where it is, and a salted digest of it.
///
/// The digest is SHA-256 over salt and text, so that a text can be proved later and cannot be
/// guessed from the event. Erasing the vault row leaves the event and its hash as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TextRef {
    /// SHA-256 over salt and text.
    pub digest: Digest,
    /// The vault row that holds the text.
    pub id: VaultId,
}

/// The two compartments of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Compartment {
    /// Who somebody is and how to reach them. Each look is itself logged.
    Identity,
    /// What somebody wrote. Ruled by field access.
    Texts,
}

impl Compartment {
    /// The word that storage uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Texts => "texts",
        }
    }
}

/// One text on its way into the vault. Its `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct VaultRow {
    /// Names the row.
    pub id: VaultId,
    /// Which compartment it lies in.
    pub compartment: Compartment,
    /// What the text is: `narrative`, `remarks`, `name`, `mobile` and so on.
    pub field: &'static str,
    /// Random bytes that the digest was salted with.
    pub salt: [u8; 16],
    /// The text.
    pub content: String,
}

impl std::fmt::Debug for VaultRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VaultRow({}, {}, {})", self.id, self.compartment.as_str(), self.field)
    }
}

/// Takes texts out of a command on its way in: each becomes a [`TextRef`] and a [`VaultRow`].
///
/// Identities and salts come from the `mint` that the host passes, so the same input and the
/// same mint give the same references.
pub struct Sealer<'m> {
    mint: &'m mut dyn Mint,
    rows: Vec<VaultRow>,
}

/// Draws the identities and salts that the pure layers may not draw themselves.
pub trait Mint {
    /// A fresh UUID, never returned before.
    fn uuid(&mut self) -> uuid::Uuid;
    /// 16 fresh random bytes.
    fn salt(&mut self) -> [u8; 16];
}

impl<'m> Sealer<'m> {
    /// Begins with no rows.
    pub fn new(mint: &'m mut dyn Mint) -> Self {
        Self { mint, rows: Vec::new() }
    }

    /// Seals a text; a blank one is no text at all.
    pub fn seal(&mut self, compartment: Compartment, field: &'static str, text: &str) -> Option<TextRef> {
        if text.trim().is_empty() {
            return None;
        }
        let (id, salt) = (VaultId::from_uuid(self.mint.uuid()), self.mint.salt());
        let digest = Digest::of(&[&salt, text.as_bytes()]);
        self.rows.push(VaultRow { id, compartment, field, salt, content: text.to_owned() });
        Some(TextRef { digest, id })
    }

    /// The mint, for identities that are no text.
    pub fn mint(&mut self) -> &mut dyn Mint {
        self.mint
    }

    /// The rows to commit beside the events.
    pub fn into_rows(self) -> Vec<VaultRow> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn a_digest_reads_back_and_nothing_else_does() {
        let digest = Digest::of(&[b"text"]);
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!(serde_json::from_str::<Digest>(&format!("\"{text}\"")).expect("a digest"), digest);
        for byte in (0..=127_u8).map(char::from) {
            for at in [0, 31, 63] {
                let mut changed = text.clone();
                changed.replace_range(at..=at, &byte.to_string());
                let reads = changed.parse::<Digest>().is_ok();
                assert_eq!(reads, byte.is_ascii_digit() || ('a'..='f').contains(&byte), "{byte:?}");
            }
        }
        assert!(text[1..].parse::<Digest>().is_err());
    }
}
