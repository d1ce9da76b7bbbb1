//! Texts in tables that spreadsheets open.

use std::borrow::Cow;

/// A text that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
/// a line break, or with one of the four signs in full width, gets an apostrophe before it.
///
/// For texts only. A number is written as a number: `-3` stays `-3`.
///
/// Source of the rule: OWASP, *CSV Injection*.
///
/// # Examples
///
/// ```
/// use grievance_core::render::defuse::defuse;
///
/// assert_eq!(defuse("=HYPERLINK(\"…\")"), "'=HYPERLINK(\"…\")");
/// assert_eq!(defuse("Roads = bridges"), "Roads = bridges");
/// ```
pub fn defuse(text: &str) -> Cow<'_, str> {
    const FIRST: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    // A spreadsheet trims blanks before it looks.
    match text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next() {
        Some(first) if FIRST.contains(&first) => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}
