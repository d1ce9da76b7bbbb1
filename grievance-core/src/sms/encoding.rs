//! The two alphabets of a short message (3GPP TS 23.038).

/// How a short message is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet and its extension table: 160 septets, 153 in each of several
    /// parts.
    Gsm7,
    /// UTF-16 code units: 70, and 67 in each of several parts. Every text can be written in it.
    Ucs2,
}

impl Encoding {
    /// Its usual name: `GSM-7` or `UCS-2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units that fit a message of a single part.
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that fit each part of several: six bytes go to the header that joins them (an 8-bit
    /// reference).
    pub const fn joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// What a character costs; `None` where the encoding does not have it.
    ///
    /// A character of the extension table costs two septets (an escape and itself), a character
    /// beyond the basic plane two UTF-16 units (a surrogate pair).
    pub const fn units(self, c: char) -> Option<usize> {
        match self {
            Self::Gsm7 => septets(c),
            Self::Ucs2 => Some(c.len_utf16()),
        }
    }
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a character costs in the GSM 7-bit alphabet: 1 in the default table, 2 in the extension
/// table (`^ { } \ [ ] ~ | €` and the form feed), `None` in neither.
///
/// The rupee sign is in neither, nor is the backtick or `ç` (the table has `Ç`).
pub const fn septets(c: char) -> Option<usize> {
    match c {
        '@' | '£' | '$' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | '\n' | 'Ø' | 'ø' | '\r' | 'Å' | 'å' => {
            Some(1)
        }
        'Δ' | '_' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' | 'Æ' | 'æ' | 'ß' | 'É' => {
            Some(1)
        }
        // Space to `?` but for `$`, which has its place above.
        ' '..='#' | '%'..='?' | '¤' | '¡' | 'A'..='Z' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' => Some(1),
        '¿' | 'a'..='z' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => None,
    }
}
