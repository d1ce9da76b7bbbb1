//! Registration numbers: what a citizen is given, quotes on the phone and types into a form.
//!
//! A rulebook writes its number as a [`NumberPattern`], says when serials begin again
//! ([`SerialReset`]) and whether a check character guards against slips ([`CheckRule`]). A number
//! is made of the government's prefix, a date and a serial; never of personal data.

mod check;
mod pattern;
mod reading;
mod series;

pub use crate::kernel::number::check::{CheckRule, mod37_36};
pub use crate::kernel::number::pattern::{NotAPrefix, NumberPattern, NumberPrefix, PatternError};
pub use crate::kernel::number::reading::{NumberError, NumberPart, ParsedNumber};
pub use crate::kernel::number::series::{NotAYearStart, SerialReset, YearStart};

use smol_str::SmolStr;

/// The most characters that a registration number may have.
pub const LONGEST: usize = 64;

/// Why a text is not a registration number of any pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a registration number is 1 to 64 printable ASCII characters without spaces")]
pub struct NotARegistrationNumber;

/// The number under which a citizen knows a case, of whatever pattern was in force when it was
/// given.
///
/// Its order is the order of the text, which is that of time only within one pattern and width.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[!-~]{1,64}$", "maxLength" = 64)))]
#[serde(transparent)]
pub struct RegistrationNumber(
    // INVARIANT: 1 to 64 printable ASCII characters without spaces.
    SmolStr,
);

impl RegistrationNumber {
    /// Reads back a stored number, exactly as it stands and of any pattern.
    ///
    /// For what a citizen typed, use [`NumberPattern::parse`], which forgives blanks and small
    /// letters and explains what is wrong.
    ///
    /// # Errors
    ///
    /// [`NotARegistrationNumber`] unless it is 1 to 64 printable ASCII characters without spaces.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::kernel::number::RegistrationNumber;
    ///
    /// assert!(RegistrationNumber::read("DARPG/E/2024/0001234").is_ok());
    /// assert!(RegistrationNumber::read("no spaces").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, NotARegistrationNumber> {
        if is_number(text) { Ok(Self(SmolStr::new(text))) } else { Err(NotARegistrationNumber) }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_number(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

impl std::fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for RegistrationNumber {
    type Err = NotARegistrationNumber;
    fn from_str(text: &str) -> Result<Self, NotARegistrationNumber> {
        Self::read(text)
    }
}

impl AsRef<str> for RegistrationNumber {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for RegistrationNumber {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for RegistrationNumber {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = SmolStr::deserialize(from)?;
        if is_number(&text) { Ok(Self(text)) } else { Err(serde::de::Error::custom(NotARegistrationNumber)) }
    }
}

/// Whether a text has the shape of a number of CPGRAMS, the portal of the Government of India:
/// `^[A-Z]{4,6}/[A-Z]/\d{4}/\d{5,8}$`, with ASCII digits.
///
/// The serial has had 5 to 8 digits over the years. Only the shape is looked at: such numbers
/// have no check character.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::number::is_cpgrams_shape;
///
/// assert!(is_cpgrams_shape("DARPG/E/2024/0001234"));
/// assert!(!is_cpgrams_shape("DARPG/E/24/0001234"));
/// ```
pub fn is_cpgrams_shape(text: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_uppercase());
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('/');
    let [Some(office), Some(kind), Some(year), Some(serial), None] = std::array::from_fn(|_| parts.next())
    else {
        return false;
    };
    (4..=6).contains(&office.len())
        && letters(office)
        && kind.len() == 1
        && letters(kind)
        && year.len() == 4
        && digits(year)
        && (5..=8).contains(&serial.len())
        && digits(serial)
}
