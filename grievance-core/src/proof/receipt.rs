//! The receipt of a lodging: the beginning of its hash, short enough for a text message.

use crate::kernel::text::Digest;

/// Crockford's alphabet: no I, L, O or U, so that a code read aloud is written right.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of the hash: 75 bits.
const SIGNIFICANT: usize = 15;

/// What shows that a grievance was lodged as it stands: the first 75 bits of the hash of its first
/// event, as 15 letters or digits, and a check letter that finds a slip of the pen.
///
/// Whoever changes the lodging afterwards, or puts another in its place, has to find one whose
/// hash begins with the same 75 bits, out of some 10²². It says nothing about the words. Why it
/// is as long as it is: ADR 88.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::text::Digest;
/// use grievance_core::proof::receipt::ReceiptCode;
///
/// let receipt = ReceiptCode::of(Digest::of(&[b"the first event"]));
/// assert_eq!(receipt.as_str().len(), 19);
/// let typed = receipt.as_str().to_lowercase().replace('-', " ");
/// assert_eq!(ReceiptCode::parse(&typed), Ok(receipt));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ReceiptCode(
    // INVARIANT: four groups of four letters with dashes between, the last letter fits the rest.
    String,
);

/// Why a text is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAReceipt {
    /// It is too short, too long or has a character that no receipt has.
    #[error("a receipt has 16 letters or digits, without U")]
    Malformed,
    /// It was copied wrongly.
    #[error("the last character of the receipt does not fit the others: one of them is wrong")]
    Miscopied,
}

impl ReceiptCode {
    /// The receipt of the lodging whose first event has that hash.
    pub fn of(hash: Digest) -> Self {
        let mut values = [0; SIGNIFICANT];
        let (mut bits, mut held) = (0_u32, 0_u32);
        let mut bytes = hash.as_bytes().iter();
        for value in &mut values {
            if held < 5 {
                bits = bits << 8 | u32::from(*bytes.next().expect("75 bits are less than 256"));
                held += 8;
            }
            held -= 5;
            *value = (bits >> held & 31) as u8;
        }
        Self::written(&values)
    }

    /// Reads a receipt as people type it: blanks and dashes do not count, small letters are large
    /// ones, and the letters that look like digits are those digits.
    ///
    /// # Errors
    ///
    /// [`NotAReceipt`]: a receipt that was copied wrongly is told from one that does not hold.
    pub fn parse(typed: &str) -> Result<Self, NotAReceipt> {
        let mut values = [0; SIGNIFICANT + 1];
        let mut letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        for value in &mut values {
            let letter = letters.next().ok_or(NotAReceipt::Malformed)?;
            *value = value_of(letter).ok_or(NotAReceipt::Malformed)?;
        }
        if letters.next().is_some() {
            return Err(NotAReceipt::Malformed);
        }
        let [significant @ .., check] = &values;
        if check_of(significant) == *check {
            Ok(Self::written(significant))
        } else {
            Err(NotAReceipt::Miscopied)
        }
    }

    /// The receipt, as it is sent: four groups of four, with dashes between.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn written(values: &[u8]) -> Self {
        let mut text = String::with_capacity(19);
        for (at, value) in values.iter().chain([&check_of(values)]).enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS[usize::from(*value)]));
        }
        Self(text)
    }
}

impl std::fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReceiptCode({})", self.0)
    }
}

fn value_of(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    let place = LETTERS.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(place).ok()
}

/// The check letter by the algorithm of Luhn, modulo 32: from the right every other value, with
/// the last, is doubled, and its digits to the base 32 are added up.
fn check_of(values: &[u8]) -> u8 {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(from_right, value)| {
            let value = u32::from(*value) << u32::from(from_right % 2 == 0);
            value / 32 + value % 32
        })
        .sum();
    ((32 - sum % 32) % 32) as u8
}
