//! Mobile numbers under the Indian rule.

/// Why a text is not an Indian mobile number. No variant repeats any digit of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MobileError {
    /// Nothing was given but spaces and separators.
    #[error("a mobile number is needed: ten digits beginning with 6, 7, 8 or 9")]
    Empty,
    /// Something stands there that is neither digit nor separator.
    #[error("the character at position {position} cannot stand in a mobile number; use digits only")]
    UnexpectedCharacter {
        /// Where, counted in characters from 1, without leading blanks.
        position: usize,
    },
    /// It begins with `+` and another country's code.
    #[error("only Indian mobile numbers are accepted here: +91 and ten digits")]
    OtherCountry,
    /// There are too few or too many digits.
    #[error("a mobile number has ten digits, or ten after +91, 91 or 0; {digits} were given in all")]
    WrongLength {
        /// How many digits were given, a prefix among them.
        digits: usize,
    },
    /// The ten digits begin with 0 to 5, so it is a landline or a slip.
    #[error("an Indian mobile number begins with 6, 7, 8 or 9 after its prefix")]
    NotMobile,
}

/// An Indian mobile number, kept as E.164: `+91` and ten digits beginning 6 to 9.
///
/// `Debug` and `Display` show the last four digits only. It has no serde on purpose: a mobile
/// number is stored through the vault, and whoever sends the full number somewhere calls
/// [`e164`](Self::e164) by name.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::mobile::Mobile;
///
/// let mobile = Mobile::parse("0 98300-01234")?;
/// assert_eq!(mobile.e164(), "+919830001234");
/// assert_eq!(mobile.to_string(), "…1234");
/// # Ok::<(), grievance_core::kernel::mobile::MobileError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mobile(
    // INVARIANT: `+91` and ten ASCII digits, the first of them 6 to 9.
    [u8; 13],
);

impl Mobile {
    /// Reads a number as a person types it: with `+91`, `91`, `0` or nothing before ten digits,
    /// and spaces, dashes, dots or parentheses anywhere.
    ///
    /// Ten digits that happen to begin with 91 are the whole number. Nothing narrower is checked:
    /// which series an operator has been given changes.
    ///
    /// # Errors
    ///
    /// A [`MobileError`] whose sentence may be shown to the person; it repeats no digit.
    pub fn parse(text: &str) -> Result<Self, MobileError> {
        let mut digits = [0_u8; 12];
        let (mut count, mut plus) = (0, false);
        for (index, c) in text.trim().chars().enumerate() {
            match c {
                '0'..='9' => {
                    if let Some(slot) = digits.get_mut(count) {
                        // ASCII by the pattern above.
                        *slot = c as u8;
                    }
                    count += 1;
                }
                '+' if count == 0 && !plus => plus = true,
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => {
                    return Err(MobileError::UnexpectedCharacter { position: index + 1 });
                }
            }
        }
        let wrong_length = MobileError::WrongLength { digits: count };
        let national = match (plus, count) {
            (_, 0) => return Err(MobileError::Empty),
            (true, _) if !digits.starts_with(b"91") => return Err(MobileError::OtherCountry),
            (_, 12) if digits.starts_with(b"91") => &digits[2..],
            (false, 11) if digits[0] == b'0' => &digits[1..11],
            (false, 10) => &digits[..10],
            _ => return Err(wrong_length),
        };
        if !(b'6'..=b'9').contains(&national[0]) {
            return Err(MobileError::NotMobile);
        }
        let mut e164 = *b"+910000000000";
        e164[3..].copy_from_slice(national);
        Ok(Self(e164))
    }

    /// The full number, `+91` and ten digits: personal data, so not for logs, errors or events.
    pub fn e164(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a plus sign and digits are ASCII")
    }

    /// The last four digits, which is all that an officer's screen shows.
    pub fn last_four(&self) -> &str {
        &self.e164()[9..]
    }
}

impl std::fmt::Display for Mobile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "…{}", self.last_four())
    }
}

impl std::fmt::Debug for Mobile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mobile(…{})", self.last_four())
    }
}

impl std::str::FromStr for Mobile {
    type Err = MobileError;
    fn from_str(text: &str) -> Result<Self, MobileError> {
        Self::parse(text)
    }
}
