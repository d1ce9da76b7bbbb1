//! Dates, digits and groups of digits as a language writes them.

use chrono::{Datelike as _, NaiveDate};

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const BENGALI: [&str; 12] = [
    "জানুয়ারি",
    "ফেব্রুয়ারি",
    "মার্চ",
    "এপ্রিল",
    "মে",
    "জুন",
    "জুলাই",
    "আগস্ট",
    "সেপ্টেম্বর",
    "অক্টোবর",
    "নভেম্বর",
    "ডিসেম্বর",
];
const HINDI: [&str; 12] =
    ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्तूबर", "नवंबर", "दिसंबर"];

/// The digit nought of Bengali, from which the others follow.
pub const BENGALI_NOUGHT: char = '০';
/// The digit nought of Devanagari.
pub const DEVANAGARI_NOUGHT: char = '०';

/// The months of a language that comes with the library, January first; `None` for any other.
pub fn months_of(language: &str) -> Option<[&'static str; 12]> {
    match language {
        "en" => Some(ENGLISH),
        "bn" => Some(BENGALI),
        "hi" => Some(HINDI),
        _ => None,
    }
}

/// A date with the language's month and plain digits, `3 December 2026`; `None` in a language
/// without a table.
pub fn date(date: NaiveDate, language: &str) -> Option<String> {
    let months = months_of(language.split('-').next()?)?;
    Some(format!("{} {} {}", date.day(), months[date.month0() as usize], date.year()))
}

/// The ten digits of a script in which they follow one another from `nought` on.
pub fn ten_from(nought: char) -> [char; 10] {
    let digit = |value: u32| char::from_u32(u32::from(nought) + value).unwrap_or(nought);
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit)
}

/// A text with its ASCII digits in a script whose digits begin with `nought`.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::written::{BENGALI_NOUGHT, in_digits};
///
/// assert_eq!(in_digits("1,204", BENGALI_NOUGHT), "১,২০৪");
/// ```
pub fn in_digits(text: &str, nought: char) -> String {
    in_these(text, &ten_from(nought))
}

/// A text with its ASCII digits as these ten, nought first.
pub fn in_these(text: &str, digits: &[char; 10]) -> String {
    let own = |c: char| c.to_digit(10).map(|value| digits[value as usize]);
    text.chars().map(|c| own(c).unwrap_or(c)).collect()
}

/// A whole number in groups as they are read in India: the last three digits, then pairs.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::written::in_lakhs;
///
/// assert_eq!(in_lakhs(999), "999");
/// assert_eq!(in_lakhs(1_000), "1,000");
/// assert_eq!(in_lakhs(12_345_678), "1,23,45,678");
/// ```
pub fn in_lakhs(number: u64) -> String {
    let plain = number.to_string();
    let Some(split) = plain.len().checked_sub(3).filter(|split| *split > 0) else { return plain };
    let (front, last) = plain.split_at(split);
    let mut written = String::with_capacity(plain.len() + plain.len() / 2);
    for (nth, digit) in front.chars().enumerate() {
        if nth > 0 && (front.len() - nth) % 2 == 0 {
            written.push(',');
        }
        written.push(digit);
    }
    written.push(',');
    written.push_str(last);
    written
}
