//! Languages: how each writes, and that offices and posts are written to in one that is there.

use crate::kernel::written::months_of;
use crate::rulebook::document::{Document, LanguageEntry};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{one_of, shown};

/// Most characters of a month's name, and of how a date is written.
const LONGEST: usize = 40;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    for (n, language) in document.language.iter().enumerate() {
        writing(language, &|field| format!("language[{n}].{field}"), findings);
    }
    who_is_written_to(document, findings);
}

/// A language says all of what it says, and one that does not come with the library says how it
/// writes dates.
fn writing(language: &LanguageEntry, at: &dyn Fn(&str) -> String, findings: &mut Findings) {
    let base = language.code.split('-').next().unwrap_or_default();
    if language.months.is_empty() {
        if months_of(base).is_none() {
            let message = format!(
                "how {} writes dates is not known: they would be written 2026-12-03",
                shown(&language.code)
            );
            let hint = Some("give its twelve months, and its digits if they are its own".to_owned());
            findings.add(Severity::Warning, Lint::Missing, at("months"), message, hint);
        }
    } else if language.months.len() != 12 {
        let message = format!("a year has 12 months, and here are {}", language.months.len());
        findings.error(Lint::Malformed, at("months"), message);
    }
    for (month, name) in language.months.iter().enumerate() {
        if name.trim().is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
            let message = format!("a month's name has 1 to {LONGEST} characters");
            findings.error(Lint::Malformed, at(&format!("months[{month}]")), message);
        }
    }
    let digits: Vec<char> = language.digits.chars().collect();
    let apart = digits.iter().all(|digit| digits.iter().filter(|other| *other == digit).count() == 1);
    let sound = digits.iter().all(|digit| !digit.is_whitespace() && !digit.is_control());
    let whole = digits.is_empty() || (digits.len() == 10 && apart && sound);
    if !whole {
        let message = format!("there are ten different digits, nought first, and here are {}", digits.len());
        findings.error(Lint::Malformed, at("digits"), message);
    }
    let blanks = ["{day}", "{month}", "{year}"];
    let once = blanks.iter().all(|blank| language.date.matches(blank).count() == 1);
    let rest = blanks.iter().fold(language.date.clone(), |rest, blank| rest.replace(blank, ""));
    let plain = !rest.contains(['{', '}']) && !rest.contains(char::is_control);
    let short = rest.chars().count() <= LONGEST;
    let whole = language.date.is_empty() || (once && plain && short);
    if !whole {
        let message = "a date has {day}, {month} and {year}, each once, and little else";
        findings.error(Lint::Malformed, at("date"), message);
    }
}

/// Offices and posts are written to in a language that the rulebook has.
fn who_is_written_to(document: &Document, findings: &mut Findings) {
    let known: Vec<&str> = document.language.iter().map(|language| language.code.as_str()).collect();
    let units = document.unit.iter().map(|unit| unit.language.as_deref());
    let posts = document.post.iter().map(|post| post.language.as_deref());
    let named = units.enumerate().map(|at| ("unit", at)).chain(posts.enumerate().map(|at| ("post", at)));
    for (list, (n, language)) in named {
        let Some(language) = language.filter(|language| !known.contains(language)) else { continue };
        let message = format!("no language {}", shown(language));
        let path = format!("{list}[{n}].language");
        findings.add(Severity::Error, Lint::Undefined, path, message, one_of(language, &known));
    }
}
