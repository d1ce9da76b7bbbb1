//! Blind indexes: who has a name or a mobile can be found without anybody reading them.
//!
//! For each word of a name, each mobile and each e-mail address the desk makes a token, a keyed MAC
//! that is bound to the tenant. The store keeps tokens beside cases and compares them; it never sees
//! a name, and without the key nobody can tell which name a token stands for. Tokens show one
//! thing: that two texts have a word in common, and how often a word comes.

use crate::kernel::code::TenantCode;
use crate::kernel::mobile::Mobile;
use crate::kernel::name::words_of_name;
use crate::store::keys::{Key, KeyRing};
use smol_str::SmolStr;

/// What stands for a word, a mobile or an e-mail address: 128 bits of a keyed MAC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token([u8; 16]);

impl Token {
    /// Wraps 16 bytes read from storage.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn of(key: &Key, tenant: &TenantCode, kind: &str, word: &str) -> Self {
        let mac = key.index(&[kind.as_bytes(), tenant.as_str().as_bytes(), word.as_bytes()]);
        let mut token = [0; 16];
        token.copy_from_slice(&mac[..16]);
        Self(token)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// The tokens of one text, and the key that they were made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The identity of the key.
    pub key: SmolStr,
    /// The tokens, each once. A store that reads a text back leaves them out.
    pub tokens: Vec<Token>,
}

/// What the fields of the identity compartment hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Mobile,
    Email,
}

impl Kind {
    /// What a field holds; nobody is found by the others.
    fn of(field: &str) -> Option<Self> {
        match field {
            "name" | "signatory" => Some(Self::Name),
            "mobile" | "representative" | "signatory_mobiles" => Some(Self::Mobile),
            "email" => Some(Self::Email),
            _ => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Mobile => "mobile",
            Self::Email => "email",
        }
    }

    /// The words by which a text is found.
    fn words(self, text: &str) -> Vec<String> {
        match self {
            Self::Name => words_of_name(text),
            Self::Mobile => Mobile::parse(text).map(|mobile| mobile.e164().to_owned()).into_iter().collect(),
            Self::Email => {
                Some(text.trim().to_lowercase()).filter(|text| !text.is_empty()).into_iter().collect()
            }
        }
    }
}

/// A person who is sought: the words as somebody typed them, or the tokens that a store looks for.
///
/// A desk turns the one into the other. A store that is given words finds nothing, so that a name
/// nobody has blinded is never taken for "any name". `Debug` shows no words.
#[derive(Clone, PartialEq, Eq)]
pub enum Sought {
    /// As it was typed.
    Words(String),
    /// For each word the tokens that stand for it, one for each key of the ring: all words must fit
    /// the same text.
    Tokens(Vec<Vec<Token>>),
}

impl Sought {
    /// For each word its tokens; `None` for words that nobody has blinded, and for none.
    pub fn tokens(&self) -> Option<&[Vec<Token>]> {
        match self {
            Self::Tokens(words) if !words.is_empty() => Some(words),
            _ => None,
        }
    }

    /// Whether a text with these tokens is what is sought.
    pub fn fits(&self, has: impl Fn(&Token) -> bool) -> bool {
        self.tokens().is_some_and(|words| words.iter().all(|any| any.iter().any(&has)))
    }
}

impl From<&str> for Sought {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl std::fmt::Debug for Sought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Words(_) => f.write_str("Words(..)"),
            Self::Tokens(words) => write!(f, "Tokens({})", words.len()),
        }
    }
}

impl KeyRing {
    /// The tokens of a text of that field, under the current key; `None` for a field by which
    /// nobody is found and that says nothing of anybody.
    pub(crate) fn indexed(&self, tenant: &TenantCode, field: &str, text: &str) -> Indexed {
        let key = self.current();
        let mut tokens = Vec::new();
        if let Some(kind) = Kind::of(field) {
            tokens.extend(kind.words(text).iter().map(|word| Token::of(key, tenant, kind.as_str(), word)));
            tokens.sort_unstable();
            tokens.dedup();
        }
        Indexed { key: key.id().into(), tokens }
    }

    /// A typed name as the tokens that a store looks for; `None` when no word of it can be sought.
    pub fn seek_name(&self, tenant: &TenantCode, typed: &str) -> Option<Sought> {
        self.seek(tenant, Kind::Name, typed)
    }

    /// A typed mobile as the tokens that a store looks for; `None` when it is none.
    pub fn seek_mobile(&self, tenant: &TenantCode, typed: &str) -> Option<Sought> {
        self.seek(tenant, Kind::Mobile, typed)
    }

    /// A typed e-mail address as the tokens that a store looks for; `None` when it is blank.
    pub fn seek_email(&self, tenant: &TenantCode, typed: &str) -> Option<Sought> {
        self.seek(tenant, Kind::Email, typed)
    }

    fn seek(&self, tenant: &TenantCode, kind: Kind, typed: &str) -> Option<Sought> {
        let words = kind.words(typed);
        let token = |word: &String| {
            self.keys().iter().map(|key| Token::of(key, tenant, kind.as_str(), word)).collect()
        };
        (!words.is_empty()).then(|| Sought::Tokens(words.iter().map(token).collect()))
    }
}
