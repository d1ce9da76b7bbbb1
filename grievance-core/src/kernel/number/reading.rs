//! Reading a number that a person typed, and saying exactly what is wrong with it.

use crate::kernel::number::pattern::{LONGEST_SERIAL, Piece, is_literal};
use crate::kernel::number::{LONGEST, NumberPattern, NumberPrefix, RegistrationNumber};
use chrono::NaiveDate;
use smol_str::SmolStr;

/// A part of a registration number, as an error names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberPart {
    /// A character that the pattern prescribes.
    Literal(char),
    /// The prefix.
    Prefix,
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day of the month.
    Day,
    /// The serial.
    Serial,
    /// The check character.
    Check,
}

impl std::fmt::Display for NumberPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(c) => write!(f, "`{c}`"),
            Self::Prefix => f.write_str("the prefix"),
            Self::Year => f.write_str("the year"),
            Self::Month => f.write_str("the month"),
            Self::Day => f.write_str("the day"),
            Self::Serial => f.write_str("the serial"),
            Self::Check => f.write_str("the check character"),
        }
    }
}

/// Why a text is not a number of the pattern.
///
/// Positions are counted in characters from 1, without leading blanks. At most one character of
/// the text is repeated, for it may be something else than a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Nothing but blanks.
    #[error("the registration number is empty")]
    Empty,
    /// A character that the pattern does not have in that place.
    #[error("unexpected character {found:?} at position {position}")]
    UnexpectedCharacter {
        /// Where.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// It begins with, or has in the prefix's place, something else.
    #[error("the prefix is wrong, expected {expected}")]
    WrongPrefix {
        /// The prefix of this office.
        expected: NumberPrefix,
    },
    /// It ends too early.
    #[error("the number ends too early: {expected} should follow at position {position}")]
    TooShort {
        /// Where the missing part should begin.
        position: usize,
        /// What is missing.
        expected: NumberPart,
    },
    /// It goes on where it should end.
    #[error("the number is too long: it should end before position {position}")]
    TooLong {
        /// The first character too many.
        position: usize,
    },
    /// No year in the year's place.
    #[error("not a year at position {position}: expected {digits} digits")]
    NotAYear {
        /// Where the year begins.
        position: usize,
        /// How many digits the pattern gives it.
        digits: usize,
    },
    /// No month in the month's place.
    #[error("not a month at position {position}: expected 01 to 12")]
    NotAMonth {
        /// Where the month begins.
        position: usize,
    },
    /// No day in the day's place.
    #[error("not a day at position {position}: expected 01 to 31")]
    NotADay {
        /// Where the day begins.
        position: usize,
    },
    /// Its year, month and day are no date together, such as 30 February.
    #[error("the number's date does not exist in the calendar")]
    NotADate,
    /// The serial has fewer digits than the pattern prints.
    #[error("the serial is too short: it has {digits} digits, expected {expected}")]
    SerialTooShort {
        /// How many it has.
        digits: usize,
        /// How many it should have at least.
        expected: usize,
    },
    /// The serial has leading zeros beyond its width, or is larger than any serial can be.
    #[error("the serial is too long: it has {digits} digits, expected {expected}")]
    SerialTooLong {
        /// How many it has.
        digits: usize,
        /// How many the pattern gives it, unless the serial needs more.
        expected: usize,
    },
    /// The check character does not fit the rest: somewhere in the number is a slip.
    #[error("check character is {found}, expected {expected}")]
    WrongCheck {
        /// What stands there.
        found: char,
        /// What the rest of the number asks for.
        expected: char,
    },
}

/// What a registration number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedNumber {
    /// The number as it is stored: without blanks around it, in capitals.
    pub number: RegistrationNumber,
    /// The calendar year in which the office's year began, when the pattern has a year; two
    /// digits are read as 2000 to 2099.
    pub year: Option<i32>,
    /// The calendar month, 1 to 12, when the pattern has one.
    pub month: Option<u32>,
    /// The day of the month, when the pattern has one.
    pub day: Option<u32>,
    /// The serial.
    pub serial: u64,
}

impl NumberPattern {
    /// Reads a number of this pattern as a person types it.
    ///
    /// Blanks around it are dropped and small ASCII letters become capitals; nothing else is
    /// changed, so a blank inside is an unexpected character and `O` is not `0`.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong from left to right: see [`NumberError`].
    pub fn parse(&self, prefix: &NumberPrefix, text: &str) -> Result<ParsedNumber, NumberError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        let mut upper = String::with_capacity(LONGEST);
        for (found, position) in text.chars().zip(1..) {
            if position > LONGEST {
                return Err(NumberError::TooLong { position });
            }
            let capital = found.to_ascii_uppercase();
            if !is_literal(capital) {
                return Err(NumberError::UnexpectedCharacter { position, found });
            }
            upper.push(capital);
        }

        let mut reader = Reader { text: &upper, at: 0 };
        let (mut year, mut month, mut day, mut serial) = (None, None, None, 0);
        for (index, piece) in self.pieces.iter().enumerate() {
            match *piece {
                Piece::Literal(c) => reader.literal(c)?,
                Piece::Prefix => reader.prefix(prefix)?,
                Piece::Year => year = Some(reader.year(4)?),
                Piece::ShortYear => year = Some(2000 + reader.year(2)?),
                Piece::Month => month = Some(reader.month()?),
                Piece::Day => day = Some(reader.day()?),
                Piece::Serial(width) => serial = reader.serial(width, &self.pieces[index + 1..], prefix)?,
                Piece::Check => reader.check(self.check.character(reader.done()))?,
            }
        }
        if reader.at < upper.len() {
            return Err(NumberError::TooLong { position: reader.at + 1 });
        }
        if !self.is_date(year, month, day) {
            return Err(NumberError::NotADate);
        }
        Ok(ParsedNumber { number: RegistrationNumber(SmolStr::from(upper)), year, month, day, serial })
    }

    /// Whether the parts that are there can belong to one date.
    fn is_date(&self, year: Option<i32>, month: Option<u32>, day: Option<u32>) -> bool {
        let (Some(month), Some(day)) = (month, day) else {
            return true;
        };
        // Without a year any 29 February may be meant.
        let year = year.map_or(2000, |year| self.year_start.calendar_year(year, month));
        NaiveDate::from_ymd_opt(year, month, day).is_some()
    }
}

/// Goes through a text from left to right.
struct Reader<'t> {
    // INVARIANT: ASCII, so that every index is a character; `at` is never beyond its end.
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn done(&self) -> &'t str {
        &self.text[..self.at]
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn next(&mut self, expected: NumberPart) -> Result<char, NumberError> {
        let found = self.rest().chars().next();
        let found = found.ok_or(NumberError::TooShort { position: self.at + 1, expected })?;
        self.at += 1;
        Ok(found)
    }

    fn literal(&mut self, expected: char) -> Result<(), NumberError> {
        let found = self.next(NumberPart::Literal(expected))?;
        if found == expected {
            Ok(())
        } else {
            Err(NumberError::UnexpectedCharacter { position: self.at, found })
        }
    }

    fn prefix(&mut self, prefix: &NumberPrefix) -> Result<(), NumberError> {
        if self.rest().starts_with(prefix.as_str()) {
            self.at += prefix.as_str().len();
            Ok(())
        } else if prefix.as_str().starts_with(self.rest()) {
            Err(NumberError::TooShort { position: self.at + 1, expected: NumberPart::Prefix })
        } else {
            Err(NumberError::WrongPrefix { expected: prefix.clone() })
        }
    }

    /// The next `count` digits as a number; `otherwise` when they are not digits.
    fn digits(
        &mut self,
        count: usize,
        expected: NumberPart,
        otherwise: NumberError,
    ) -> Result<u32, NumberError> {
        if self.rest().is_empty() {
            return Err(NumberError::TooShort { position: self.at + 1, expected });
        }
        let found = self.rest().get(..count).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let value = found.and_then(|text| text.parse().ok()).ok_or(otherwise)?;
        self.at += count;
        Ok(value)
    }

    fn year(&mut self, digits: usize) -> Result<i32, NumberError> {
        let error = NumberError::NotAYear { position: self.at + 1, digits };
        let year = self.digits(digits, NumberPart::Year, error)?;
        Ok(i32::try_from(year).expect("four digits fit"))
    }

    fn month(&mut self) -> Result<u32, NumberError> {
        let error = NumberError::NotAMonth { position: self.at + 1 };
        let month = self.digits(2, NumberPart::Month, error.clone())?;
        if (1..=12).contains(&month) { Ok(month) } else { Err(error) }
    }

    fn day(&mut self) -> Result<u32, NumberError> {
        let error = NumberError::NotADay { position: self.at + 1 };
        let day = self.digits(2, NumberPart::Day, error.clone())?;
        if (1..=31).contains(&day) { Ok(day) } else { Err(error) }
    }

    /// The serial: the only part without a fixed length. It reaches to the next character that
    /// is no digit where the pattern puts such a character behind it; otherwise it is what the
    /// parts behind it leave over.
    fn serial(&mut self, width: usize, behind: &[Piece], prefix: &NumberPrefix) -> Result<u64, NumberError> {
        let rest = self.rest();
        if rest.is_empty() {
            return Err(NumberError::TooShort { position: self.at + 1, expected: NumberPart::Serial });
        }
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = match behind.first() {
            None => run,
            Some(Piece::Literal(c)) if !c.is_ascii_digit() => run,
            Some(_) => {
                let behind: usize = behind.iter().map(|piece| piece.len(prefix.as_str().len(), 0)).sum();
                rest.len().saturating_sub(behind)
            }
        };
        if run < digits || run == 0 {
            // The run ends inside the text, at a character that is no digit.
            let found = char::from(rest.as_bytes()[run]);
            return Err(NumberError::UnexpectedCharacter { position: self.at + run + 1, found });
        }
        if digits < width {
            let short = NumberError::SerialTooShort { digits, expected: width };
            // A letter among the digits (O for 0) is told as such, not as a serial cut short.
            let letter = rest[digits..].chars().next().filter(char::is_ascii_alphabetic);
            return Err(match (letter, behind.first()) {
                (Some(found), Some(Piece::Literal(end))) if found == *end => short,
                (Some(found), None | Some(Piece::Literal(_))) => {
                    NumberError::UnexpectedCharacter { position: self.at + digits + 1, found }
                }
                _ => short,
            });
        }
        let too_long = NumberError::SerialTooLong { digits, expected: width };
        if digits > LONGEST_SERIAL || (digits > width && rest.starts_with('0')) {
            return Err(too_long);
        }
        let serial = rest[..digits].parse().map_err(|_| too_long)?;
        self.at += digits;
        Ok(serial)
    }

    fn check(&mut self, expected: Option<char>) -> Result<(), NumberError> {
        let found = self.next(NumberPart::Check)?;
        match expected {
            Some(expected) if expected != found => Err(NumberError::WrongCheck { found, expected }),
            _ => Ok(()),
        }
    }
}
