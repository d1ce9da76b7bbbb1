//! What a citizen may ask by short message: `GRV STATUS <number>` and `GRV HELP`.
//!
//! No grammar for it is published; this one is ours. Words are taken in English, Bengali and Hindi,
//! and the language of the word is the language of the answer. The keyword (`GRV`) is the office's
//! and may be another, or several. The answer is given by the host: stage and due date only, since a
//! sender id is weaker proof than an OTP.

use crate::kernel::code::LanguageCode;

/// Most characters of a message that are looked at: ten parts, far beyond any request.
const MOST_CHARACTERS: usize = 1_530;

/// The most characters that a number may have.
const LONGEST_NUMBER: usize = crate::kernel::number::LONGEST;

/// What a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Where a case stands.
    Status {
        /// The number as typed, in ASCII capitals and without spaces; not checked against any
        /// pattern.
        number: String,
        /// The language of the answer.
        language: LanguageCode,
    },
    /// How to ask.
    Help {
        /// The language of the answer.
        language: LanguageCode,
    },
    /// Something that was not understood: answered with the help text.
    NotUnderstood {
        /// The language of the answer, guessed from the script; `None` where nothing tells.
        language: Option<LanguageCode>,
    },
}

impl Pull {
    /// The language to answer in, where the message tells one.
    pub const fn language(&self) -> Option<&LanguageCode> {
        match self {
            Self::Status { language, .. } | Self::Help { language } => Some(language),
            Self::NotUnderstood { language } => language.as_ref(),
        }
    }
}

/// The words for each request, by language; compared after folding, in which `-` has no place.
const WORDS: &[(&str, &[&str], &[&str])] = &[
    ("en", &["STATUS", "STAT", "TRACK"], &["HELP", "INFO"]),
    ("bn", &["অবস্থা", "স্থিতি", "স্ট্যাটাস"], &["সাহায্য", "সহায়তা", "হেল্প"]),
    ("hi", &["स्थिति", "स्टेटस"], &["सहायता", "मदद", "हेल्प"]),
];

/// Why a keyword cannot begin a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a keyword is 1 to 20 letters or digits without spaces")]
pub struct NotAKeyword;

/// The word that begins a message to the office, such as `GRV`.
///
/// # Examples
///
/// ```
/// use grievance_core::sms::pull::{Keyword, Pull};
///
/// let keyword = Keyword::new("GRV")?;
/// let Pull::Status { number, language } = keyword.read("grv অবস্থা wb/২০২৬/০০০১২৩") else { panic!() };
/// assert_eq!((number.as_str(), language.as_str()), ("WB/2026/000123", "bn"));
/// assert!(matches!(keyword.read("GRV"), Pull::Help { .. }));
/// assert!(matches!(keyword.read("where is my file?"), Pull::NotUnderstood { .. }));
/// # Ok::<(), grievance_core::sms::pull::NotAKeyword>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword(
    // INVARIANT: folded, 1 to 20 characters, none of them a space.
    String,
);

impl Keyword {
    /// Takes a keyword, in any script.
    ///
    /// # Errors
    ///
    /// [`NotAKeyword`] unless it is 1 to 20 letters or digits.
    pub fn new(word: &str) -> Result<Self, NotAKeyword> {
        let folded: String = word.chars().take(64).filter_map(fold).collect();
        let fits = (1..=20).contains(&folded.chars().count())
            && word.chars().count() <= 64
            && folded.chars().any(char::is_alphanumeric)
            && folded.chars().all(|c| c.is_alphanumeric() || is_mark(c));
        if fits { Ok(Self(folded)) } else { Err(NotAKeyword) }
    }

    /// Reads a message. Spaces, case, Bengali, Devanagari and full-width digits and letters,
    /// zero-width and direction characters make no difference; nothing makes it panic.
    ///
    /// A keyword alone, or with a request for help, asks for help. A status without a number, and
    /// anything else, is not understood.
    pub fn read(&self, text: &str) -> Pull {
        let folded: String = text.chars().take(MOST_CHARACTERS).filter_map(fold).collect();
        let not_understood = || Pull::NotUnderstood { language: script_of(&folded) };
        let mut words = folded.split_whitespace();
        let Some(first) = words.next() else { return not_understood() };
        let verb = match first.strip_prefix(self.0.as_str()) {
            // `GRV: STATUS …`, `GRV-STATUS …` and `GRVSTATUS …` are meant well.
            Some(rest) => match rest.trim_start_matches([':', '-', '.', ',', '_', '*']) {
                "" => words.next(),
                rest => Some(rest),
            },
            None => None,
        };
        if first == self.0 && verb.is_none() {
            return Pull::Help { language: script_of(&folded).unwrap_or_else(|| code("en")) };
        }
        let Some(verb) = verb else { return not_understood() };
        let verb = verb.trim_end_matches([':', '.', ',', '?', '!', '।']);
        for (language, status, help) in WORDS {
            if help.iter().any(|word| same(word, verb)) {
                return Pull::Help { language: code(language) };
            }
            if status.iter().any(|word| same(word, verb)) {
                return match number(words) {
                    Some(number) => Pull::Status { number, language: code(language) },
                    None => Pull::NotUnderstood { language: Some(code(language)) },
                };
            }
        }
        not_understood()
    }
}

fn code(language: &str) -> LanguageCode {
    LanguageCode::new(language).expect("the table holds codes")
}

fn same(word: &str, folded: &str) -> bool {
    word.chars().filter_map(fold).eq(folded.chars())
}

/// The words joined, if they are one number: printable ASCII after folding, with a digit in it.
fn number<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut number = String::new();
    for word in words {
        number.push_str(word);
        if number.len() > 2 * LONGEST_NUMBER {
            return None;
        }
    }
    let number =
        number.trim_matches(|c: char| matches!(c, '#' | ':' | '.' | ',' | '?' | '!' | '।' | '"' | '\''));
    let sound = number.len() <= LONGEST_NUMBER
        && number.chars().all(|c| c.is_ascii_graphic())
        && number.bytes().any(|b| b.is_ascii_digit());
    sound.then(|| number.to_owned())
}

/// One character as it is compared: capitals, ASCII digits, plain spaces; `None` for what has no
/// shape of its own.
fn fold(c: char) -> Option<char> {
    let digit = |zero: char| {
        let value = u32::from(c) - u32::from(zero);
        char::from_digit(value, 10)
    };
    match c {
        // Zero-width, joiners, direction, variation selectors, soft hyphen, byte order mark. Bengali
        // and Hindi words are written with or without joiners.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => None,
        // The nukta, so that য় written as one character or as two is the same word.
        '\u{9bc}' | '\u{93c}' => None,
        '\u{9dc}' => Some('ড'),
        '\u{9dd}' => Some('ঢ'),
        '\u{9df}' => Some('য'),
        '\u{958}'..='\u{95f}' => Some(['क', 'ख', 'ग', 'ज', 'ड', 'ढ', 'फ', 'य'][c as usize - 0x958]),
        '০'..='৯' => digit('০'),
        '०'..='९' => digit('०'),
        // Full-width forms lie in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map(|c| c.to_ascii_uppercase()),
        // Dashes and slashes that a keyboard puts in their place.
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        c if c.is_whitespace() || c.is_control() => Some(' '),
        c => Some(c.to_ascii_uppercase()),
    }
}

/// A vowel sign or other mark of the two scripts, which is a part of a word.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{981}'..='\u{983}' | '\u{9be}'..='\u{9cd}' | '\u{9d7}' | '\u{901}'..='\u{903}' | '\u{93e}'..='\u{94d}')
}

/// The language whose script is used first; Latin letters tell nothing but English.
fn script_of(folded: &str) -> Option<LanguageCode> {
    folded
        .chars()
        .find_map(|c| match c {
            '\u{980}'..='\u{9ff}' => Some("bn"),
            '\u{900}'..='\u{963}' | '\u{966}'..='\u{97f}' => Some("hi"),
            _ => None,
        })
        .or_else(|| folded.chars().any(|c| c.is_ascii_alphabetic()).then_some("en"))
        .map(code)
}
