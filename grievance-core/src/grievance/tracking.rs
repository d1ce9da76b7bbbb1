//! The code by which an anonymous complainant follows a case.

use crate::kernel::text::Digest;

/// What an anonymous complainant follows the case with: 80 random bits in letters and digits.
#[derive(Clone, PartialEq, Eq)]
pub struct TrackingCode(String);

impl TrackingCode {
    pub(super) fn draw(random: [u8; 16]) -> Self {
        // Crockford's alphabet: no I, L, O or U, so that a code read aloud is written right.
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let code = random.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
        let mut text = String::with_capacity(19);
        for (at, letter) in code.enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        Self(text)
    }

    /// The code, as the complainant writes it down: four groups of four, with dashes between.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest under which a typed code is looked up: blanks and dashes do not count, small
    /// letters are large ones, and the letters that look like digits are those digits.
    pub fn digest(typed: &str) -> Digest {
        let plain: String = typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        Digest::of(&[b"grievance tracking code v1\n", plain.as_bytes()])
    }
}

impl std::fmt::Debug for TrackingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrackingCode(..)")
    }
}
