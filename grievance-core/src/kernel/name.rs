//! Names of people as they are sought: however they are capitalised, accented or addressed.
//!
//! A name becomes a set of words. What counts as the same word:
//!
//! - compatibility forms (NFKC) and case, by folding each character up and down again, so that `ß`
//!   is `ss`;
//! - Latin letters with and without marks: `Mukhopādhyāẏa` is `mukhopadhyaya`;
//! - Bengali with and without chandrabindu, long and short i and u, `ৎ` and `ত্`;
//! - Devanagari with and without nukta, chandrabindu and anusvara, and a nasal before a consonant
//!   of its own row written as a letter or as anusvara: `हिन्दी` is `हिंदी`;
//! - invisible joiners, apostrophes and the order of the words.
//!
//! Words by which people are addressed are left out ([`HONORIFICS`]), as are single letters beside
//! whole words.
//!
//! What is *not* the same: the name in another script (`Das` and `দাস`), another spelling (`Roy` and
//! `Ray`, `Banerjee` and `Bandyopadhyay`), an initial and the word it stands for, a part of a word, a
//! slip of the pen.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Most words of a name that count; a longer text is no name.
const MOST: usize = 12;

/// Words by which people are addressed, folded as names are. They are left out of a name, unless it
/// has no other word.
pub const HONORIFICS: &[&str] = &[
    // Latin
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "shri",
    "sri",
    "shree",
    "smt",
    "shrimati",
    "srimati",
    "kumari",
    "km",
    "adv",
    "er",
    "late",
    "janab",
    "begum",
    "haji",
    "alhaj",
    // Bengali: শ্রী, শ্রীমতী, শ্রীমান, জনাব, জনাবা, ডাঃ, ডঃ, মিঃ, মিসেস, কুমারী, প্রয়াত, হাজী
    "শ্রি",
    "শ্রিমতি",
    "শ্রিমান",
    "জনাব",
    "জনাবা",
    "ডাঃ",
    "ডঃ",
    "ডা",
    "ড",
    "মিঃ",
    "মিসেস",
    "কুমারি",
    "প্রয়াত",
    "হাজি",
    // Devanagari: श्री, श्रीमती, श्रीमान, कुमारी, डॉ, डा, सुश्री, स्व, जनाब, प्रो
    "श्री",
    "श्रीमती",
    "श्रीमान",
    "कुमारी",
    "डॉ",
    "डा",
    "सुश्री",
    "स्व",
    "जनाब",
    "प्रो",
];

/// The words of a name, folded, each once, in order; empty when nothing in it is a letter or digit.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::name::words_of_name;
///
/// assert_eq!(words_of_name("Smt. Mīnā DAS"), ["das", "mina"]);
/// assert_eq!(words_of_name("শ্রী চাঁদ দাস"), words_of_name("চাদ দাস"));
/// assert_eq!(words_of_name("O'Brien, J."), ["obrien"]);
/// assert!(words_of_name(" . ").is_empty());
/// ```
pub fn words_of_name(name: &str) -> Vec<String> {
    let mut words = folded(name, MOST * 2);
    if words.iter().any(|word| !is_aside(word)) {
        words.retain(|word| !is_aside(word));
    }
    words.truncate(MOST);
    words.sort_unstable();
    words.dedup();
    words
}

/// The words of a text, folded as names are, in their order and as often as they come.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::name::words_of_text;
///
/// assert_eq!(words_of_text("One register, one CAMP."), ["one", "register", "one", "camp"]);
/// assert_eq!(words_of_text("সীমা ও চাঁদ"), words_of_text("সিমা ও চাদ"));
/// ```
pub fn words_of_text(text: &str) -> Vec<String> {
    folded(text, usize::MAX)
}

fn folded(text: &str, most: usize) -> Vec<String> {
    let folded: String = text.nfkc().flat_map(fold_case).collect();
    // Marks apart from their letters, so that those of Latin letters can be left out.
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut latin = false;
    for c in folded.nfd() {
        match c {
            // Joiners, soft hyphens, marks of direction and apostrophes part no word.
            '\u{00AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' => {}
            '\'' | '\u{2019}' | '\u{02BC}' | '`' => {}
            // Visarga and the sign nukta are marks; a mark belongs to the word it follows.
            c if is_combining_mark(c) => {
                if !latin && !word.is_empty() {
                    word.push(c);
                }
            }
            c if c.is_alphanumeric() => {
                let c = digit(c).unwrap_or(c);
                latin = c.is_ascii() || ('\u{00C0}'..='\u{024F}').contains(&c);
                word.push(c);
            }
            _ => end(&mut words, &mut word),
        }
        if words.len() >= most {
            break;
        }
    }
    end(&mut words, &mut word);
    words
}

/// Full case folding, near enough: up, then down, each character on its own.
fn fold_case(c: char) -> impl Iterator<Item = char> {
    c.to_uppercase().flat_map(char::to_lowercase)
}

fn end(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        let composed: String = word.nfc().collect();
        words.push(fold_script(&composed));
        word.clear();
    }
}

/// Whether a word is left out where there are others.
fn is_aside(word: &str) -> bool {
    HONORIFICS.contains(&word) || word.chars().nth(1).is_none()
}

/// What Bengali and Devanagari write in two ways.
fn fold_script(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // Bengali: chandrabindu; long i and u, as sign and as letter.
            '\u{0981}' => {}
            '\u{09C0}' => folded.push('\u{09BF}'),
            '\u{09C2}' => folded.push('\u{09C1}'),
            '\u{0988}' => folded.push('\u{0987}'),
            '\u{098A}' => folded.push('\u{0989}'),
            // A ta without vowel at the end of a word or before another consonant is khanda ta.
            '\u{09A4}' if rest.peek() == Some(&'\u{09CD}') => {
                rest.next();
                folded.push('\u{09CE}');
            }
            // Devanagari: nukta; chandrabindu; a nasal before a consonant of its row.
            '\u{093C}' => {}
            '\u{0901}' => folded.push('\u{0902}'),
            '\u{0919}' | '\u{091E}' | '\u{0923}' | '\u{0928}' | '\u{092E}' if nasal_before(c, &rest) => {
                rest.next();
                folded.push('\u{0902}');
            }
            c => folded.push(c),
        }
    }
    folded
}

/// Whether virama and a consonant of the nasal's own row follow.
fn nasal_before(nasal: char, rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    if rest.next() != Some('\u{094D}') {
        return false;
    }
    let row = match nasal {
        '\u{0919}' => '\u{0915}'..='\u{0918}',
        '\u{091E}' => '\u{091A}'..='\u{091D}',
        '\u{0923}' => '\u{091F}'..='\u{0922}',
        '\u{0928}' => '\u{0924}'..='\u{0927}',
        _ => '\u{092A}'..='\u{092D}',
    };
    rest.next().is_some_and(|next| row.contains(&next))
}

/// A decimal digit of one of the scripts that the library knows, as the ASCII one.
pub(crate) fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{0966}'..='\u{096F}' => '\u{0966}',
        '\u{09E6}'..='\u{09EF}' => '\u{09E6}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}
