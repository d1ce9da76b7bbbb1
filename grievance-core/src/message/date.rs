//! Calendar dates and digits as a language writes them.

use crate::kernel::written::{BENGALI_NOUGHT, date, in_digits};
use chrono::NaiveDate;

/// A date in words: `3 December 2026`; in a language without a table, `2026-12-03`.
pub(super) fn written(day: NaiveDate, language: &str) -> String {
    let words = date(day, language).unwrap_or_else(|| day.format("%Y-%m-%d").to_string());
    digits(&words, language)
}

/// A text with its ASCII digits as the language writes numbers: Bengali in its own digits, Hindi in
/// the international ones, as offices print them.
pub(super) fn digits(text: &str, language: &str) -> String {
    if language.split('-').next() == Some("bn") { in_digits(text, BENGALI_NOUGHT) } else { text.to_owned() }
}
