//! Calendar dates and digits as a language writes them.

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

/// A date in words: `3 December 2026`; in a language without a table, `2026-12-03`.
pub(super) fn written(date: NaiveDate, language: &str) -> String {
    let months = match language.split('-').next() {
        Some("en") => ENGLISH,
        Some("bn") => BENGALI,
        Some("hi") => HINDI,
        _ => return date.format("%Y-%m-%d").to_string(),
    };
    let month = months[date.month0() as usize];
    digits(&format!("{} {month} {}", date.day(), date.year()), language)
}

/// A text with its ASCII digits as the language writes numbers: Bengali in its own digits, Hindi in
/// the international ones, as offices print them.
pub(super) fn digits(text: &str, language: &str) -> String {
    if language.split('-').next() != Some("bn") {
        return text.to_owned();
    }
    let bengali = |c: char| c.to_digit(10).and_then(|value| char::from_u32(0x9e6 + value));
    text.chars().map(|c| bengali(c).unwrap_or(c)).collect()
}
