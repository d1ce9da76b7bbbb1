//! The pattern of a number: compiled once per rulebook, then only filled in.

use crate::kernel::number::check::CheckRule;
use crate::kernel::number::series::{SerialReset, YearStart};
use crate::kernel::number::{LONGEST, RegistrationNumber};
use chrono::{Datelike as _, NaiveDate};
use smol_str::SmolStr;
use std::fmt::Write as _;

const LONGEST_PREFIX: usize = 16;
/// Digits of the largest serial, `u64::MAX`.
pub(super) const LONGEST_SERIAL: usize = 20;

/// Whether a character may stand in a number as it is: `A-Z 0-9 / - . _`.
pub(super) const fn is_literal(c: char) -> bool {
    matches!(c, 'A'..='Z' | '0'..='9' | '/' | '-' | '.' | '_')
}

/// Why a text is not a prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prefix is 1 to 16 characters of A-Z, 0-9, `/`, `-`, `.` and `_`")]
pub struct NotAPrefix;

/// What `{prefix}` stands for: the short name of a government or office in its numbers.
///
/// Two prefixes in one store should not begin alike (`WB` and `WB1`) when a pattern puts nothing
/// between prefix and digits, or two numbers could read the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct NumberPrefix(SmolStr);

impl NumberPrefix {
    /// Reads a prefix of 1 to 16 characters of `A-Z 0-9 / - . _`.
    ///
    /// # Errors
    ///
    /// [`NotAPrefix`] otherwise; small letters are refused, not changed.
    pub fn new(text: &str) -> Result<Self, NotAPrefix> {
        if (1..=LONGEST_PREFIX).contains(&text.len()) && text.chars().all(is_literal) {
            Ok(Self(SmolStr::new(text)))
        } else {
            Err(NotAPrefix)
        }
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for NumberPrefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for NumberPrefix {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(&SmolStr::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Why a pattern cannot be used. Positions are counted in characters of the pattern, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// A character that is neither literal nor part of a placeholder.
    #[error("{found:?} at position {position} cannot stand in a number; use A-Z, 0-9, `/`, `-`, `.` and `_`")]
    UnexpectedCharacter {
        /// Where.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// A `{` without its `}`.
    #[error("the placeholder that opens at position {position} is never closed")]
    Unclosed {
        /// Where the `{` stands.
        position: usize,
    },
    /// A placeholder of another name.
    #[error(
        "there is no placeholder {{{name}}} (position {position}); there are prefix, year, year:2, month, day, serial and check"
    )]
    UnknownPlaceholder {
        /// Where its `{` stands.
        position: usize,
        /// What stands between the braces.
        name: String,
    },
    /// `{serial:…}` with something else than a width from 1 to 12.
    #[error("the serial at position {position} needs a width from 1 to 12, such as {{serial:6}}")]
    SerialWidth {
        /// Where its `{` stands.
        position: usize,
    },
    /// A placeholder that stands there a second time (`year` and `year:2` are one).
    #[error("the placeholder {{{name}}} stands a second time at position {position}")]
    Repeated {
        /// Where the second one's `{` stands.
        position: usize,
        /// What stands between the braces.
        name: String,
    },
    /// Something follows the check character.
    #[error("nothing may follow {{check}}, but something does at position {position}")]
    CheckNotLast {
        /// Where that begins.
        position: usize,
    },
    /// `{check}` is there, but the rule is `none`.
    #[error("the pattern has {{check}} at position {position}, but the check rule is `none`")]
    CheckWithoutRule {
        /// Where its `{` stands.
        position: usize,
    },
    /// A check rule is set, but the pattern has no `{check}`.
    #[error("a check rule is set, but the pattern does not end in {{check}}")]
    RuleWithoutCheck,
    /// No `{serial}`: every number would be the same.
    #[error("the pattern needs {{serial}}, or every number would be the same")]
    SerialMissing,
    /// Filled in with the longest prefix and serial it would exceed 64 characters.
    #[error("the pattern could print {longest} characters; a registration number has at most 64")]
    TooLong {
        /// The most characters it could print.
        longest: usize,
    },
}

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(char),
    Prefix,
    Year,
    ShortYear,
    Month,
    Day,
    Serial(usize),
    Check,
}

impl Piece {
    fn read(name: &str, position: usize) -> Result<Self, PatternError> {
        Ok(match name {
            "prefix" => Self::Prefix,
            "year" => Self::Year,
            "year:2" => Self::ShortYear,
            "month" => Self::Month,
            "day" => Self::Day,
            "check" => Self::Check,
            "serial" => Self::Serial(1),
            _ => match name.strip_prefix("serial:") {
                Some(width) => Self::Serial(
                    (1..=12)
                        .find(|allowed: &usize| allowed.to_string() == width)
                        .ok_or(PatternError::SerialWidth { position })?,
                ),
                None => {
                    return Err(PatternError::UnknownPlaceholder { position, name: name.to_owned() });
                }
            },
        })
    }

    /// Whether both say the same thing about a case, so that one of them is too many.
    fn repeats(self, other: Self) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Prefix => other == Self::Prefix,
            Self::Year | Self::ShortYear => matches!(other, Self::Year | Self::ShortYear),
            Self::Month => other == Self::Month,
            Self::Day => other == Self::Day,
            Self::Serial(_) => matches!(other, Self::Serial(_)),
            Self::Check => other == Self::Check,
        }
    }

    /// How many characters it prints, given the prefix's and the serial's length.
    pub(super) const fn len(self, prefix: usize, serial: usize) -> usize {
        match self {
            Self::Literal(_) | Self::Check => 1,
            Self::Prefix => prefix,
            Self::Year => 4,
            Self::ShortYear | Self::Month | Self::Day => 2,
            Self::Serial(_) => serial,
        }
    }
}

/// How a government writes its registration numbers, compiled from the text in its rulebook.
///
/// Placeholders: `{prefix}`, `{year}` (4 digits), `{year:2}`, `{month}` and `{day}` (2 digits),
/// `{serial}` or `{serial:6}` (filled up with zeros to a width of 1 to 12; a larger serial simply
/// takes more digits), `{check}` (one character, last). Each at most once, the serial exactly
/// once. Literal characters: `A-Z 0-9 / - . _`.
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use grievance_core::kernel::number::{CheckRule, NumberPattern, NumberPrefix};
///
/// let pattern = NumberPattern::compile("{prefix}/E/{year}/{serial:7}/{check}", CheckRule::Mod37_36)?;
/// let prefix = NumberPrefix::new("WBCMO").expect("capitals only");
/// let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
///
/// let number = pattern.format(&prefix, day, 421);
/// assert_eq!(number.as_str(), "WBCMO/E/2026/0000421/F");
///
/// let parsed = pattern.parse(&prefix, " wbcmo/e/2026/0000421/f ").expect("small letters are forgiven");
/// assert_eq!((parsed.year, parsed.serial), (Some(2026), 421));
///
/// let slip = pattern.parse(&prefix, "WBCMO/E/2026/0000412/F").expect_err("two digits exchanged");
/// assert_eq!(slip.to_string(), "check character is F, expected H");
/// # Ok::<(), grievance_core::kernel::number::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    text: SmolStr,
    // INVARIANT: exactly one serial; at most one check, last; the rule is not `None` exactly when
    // there is a check; nothing else repeats but literals.
    pub(super) pieces: Vec<Piece>,
    pub(super) check: CheckRule,
    pub(super) year_start: YearStart,
}

impl NumberPattern {
    /// Compiles a rulebook's pattern; its year begins in January.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its position: see [`PatternError`].
    pub fn compile(text: &str, check: CheckRule) -> Result<Self, PatternError> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut chars = text.chars().zip(1..);
        while let Some((found, position)) = chars.next() {
            if pieces.last() == Some(&Piece::Check) {
                return Err(PatternError::CheckNotLast { position });
            }
            if found != '{' {
                if !is_literal(found) {
                    return Err(PatternError::UnexpectedCharacter { position, found });
                }
                pieces.push(Piece::Literal(found));
                continue;
            }
            let mut name = String::new();
            loop {
                match chars.next() {
                    Some(('}', _)) => break,
                    Some((c, _)) => name.push(c),
                    None => return Err(PatternError::Unclosed { position }),
                }
            }
            let piece = Piece::read(&name, position)?;
            if pieces.iter().any(|earlier| piece.repeats(*earlier)) {
                return Err(PatternError::Repeated { position, name });
            }
            if piece == Piece::Check && check == CheckRule::None {
                return Err(PatternError::CheckWithoutRule { position });
            }
            pieces.push(piece);
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Serial(_))) {
            return Err(PatternError::SerialMissing);
        }
        if check != CheckRule::None && pieces.last() != Some(&Piece::Check) {
            return Err(PatternError::RuleWithoutCheck);
        }
        let longest = pieces.iter().map(|piece| piece.len(LONGEST_PREFIX, LONGEST_SERIAL)).sum();
        if longest > LONGEST {
            return Err(PatternError::TooLong { longest });
        }
        Ok(Self { text: SmolStr::new(text), pieces, check, year_start: YearStart::JANUARY })
    }

    /// The same pattern for an office whose year begins in another month.
    ///
    /// `{year}` then prints the calendar year in which that year began: with April, 31 March 2026
    /// is in 2025. Months and days stay those of the calendar.
    #[must_use]
    pub fn with_year_start(mut self, year_start: YearStart) -> Self {
        self.year_start = year_start;
        self
    }

    /// The text it was compiled from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The rule of its check character.
    pub const fn check(&self) -> CheckRule {
        self.check
    }

    /// The key under which a number given on `date` reserves its serial.
    pub fn series(&self, reset: SerialReset, date: NaiveDate) -> String {
        reset.series(date, self.year_start)
    }

    /// Whether no two series of `reset` can print the same number, so that serials may begin
    /// again: a yearly series needs a year in the pattern, a monthly one year and month, a daily
    /// one year, month and day.
    ///
    /// `{year:2}` counts as a year, though its numbers come again after a century.
    pub fn keeps_apart(&self, reset: SerialReset) -> bool {
        let has = |wanted: Piece| self.pieces.iter().any(|piece| wanted.repeats(*piece));
        match reset {
            SerialReset::Never => true,
            SerialReset::Yearly => has(Piece::Year),
            SerialReset::Monthly => has(Piece::Year) && has(Piece::Month),
            SerialReset::Daily => has(Piece::Year) && has(Piece::Month) && has(Piece::Day),
        }
    }

    /// Prints the number of a serial, for a case registered on `date` in the office's zone.
    ///
    /// Years outside 0 to 9999 print their last four digits; no office has one.
    pub fn format(&self, prefix: &NumberPrefix, date: NaiveDate, serial: u64) -> RegistrationNumber {
        let year = self.year_start.year_of(date);
        let mut text = String::with_capacity(LONGEST);
        for piece in &self.pieces {
            match *piece {
                Piece::Literal(c) => text.push(c),
                Piece::Prefix => text.push_str(prefix.as_str()),
                Piece::Check => text.extend(self.check.character(&text)),
                Piece::Year => print(&mut text, year.rem_euclid(10_000), 4),
                Piece::ShortYear => print(&mut text, year.rem_euclid(100), 2),
                Piece::Month => print(&mut text, date.month(), 2),
                Piece::Day => print(&mut text, date.day(), 2),
                Piece::Serial(width) => print(&mut text, serial, width),
            }
        }
        RegistrationNumber(SmolStr::from(text))
    }
}

fn print(text: &mut String, count: impl std::fmt::Display, width: usize) {
    write!(text, "{count:0width$}").expect("a string takes whatever is written to it");
}

impl std::fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text)
    }
}
