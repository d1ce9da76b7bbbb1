//! The check character at the end of a number.

/// How a number guards against slips of the pen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckRule {
    /// No check character.
    #[default]
    None,
    /// One character by ISO/IEC 7064 MOD 37,36: see [`mod37_36`].
    Mod37_36,
}

impl CheckRule {
    /// The check character that belongs after `text`, if the rule has one.
    pub fn character(self, text: &str) -> Option<char> {
        match self {
            Self::None => None,
            Self::Mod37_36 => Some(mod37_36(text)),
        }
    }
}

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The check character of a text by ISO/IEC 7064 MOD 37,36, one of `0-9A-Z`.
///
/// Small ASCII letters count as capitals; every other character (separators, other scripts) is
/// passed over, so a separator in the wrong place is not noticed by the check alone.
///
/// Among digits and capitals it notices **every** single substitution, that of the check
/// character included. It notices every exchange of two neighbours **except** some of two
/// characters that follow each other in `0-9A-Z` (`1` and `2`, `9` and `A`, also `Z` and `0`):
/// of those, one in 36 passes, depending on what stands before.
///
/// # Examples
///
/// The example of the Global Release Identifier (`GRid`) standard, which uses this system:
///
/// ```
/// use grievance_core::kernel::number::mod37_36;
///
/// assert_eq!(mod37_36("A1-2425G-ABC1234002"), 'M');
/// ```
pub fn mod37_36(text: &str) -> char {
    let product = text.bytes().filter_map(value).fold(36, |product, value| {
        let sum = (product + value) % 36;
        2 * (if sum == 0 { 36 } else { sum }) % 37
    });
    // The product is 1 to 36, and product plus check must be 1 modulo 36.
    char::from(ALPHABET[(37 - product) % 36])
}

fn value(byte: u8) -> Option<usize> {
    match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        b'a'..=b'z' => Some(usize::from(byte - b'a') + 10),
        _ => None,
    }
}
