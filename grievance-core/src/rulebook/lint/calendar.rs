//! The office hours: what a calendar's own checks find, and codes that are not there.

use crate::calendar::check::{MOST_HOLIDAYS, check};
use crate::kernel::code::{NotACode, is_code};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::shown;
use crate::rulebook::lint::survey::{Codes, Survey};
use std::collections::HashMap;

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    let entry = &survey.document.calendar;
    for problem in check(entry) {
        findings.error(Lint::Calendar, format!("calendar.{}", problem.path), problem.message);
    }
    let lists = [("holiday", entry.holiday.len()), ("override", entry.overrides.len())];
    if lists.iter().any(|(_, length)| *length > MOST_HOLIDAYS) {
        return;
    }
    let mut named = |codes: &Codes<'_>, list: &[String], path: &str| {
        for (i, code) in list.iter().enumerate().filter(|(_, code)| codes.at(code).is_none()) {
            let (message, hint) = survey.dangling(codes, code);
            findings.add(Severity::Error, Lint::Undefined, format!("{path}[{i}]"), message, hint);
        }
    };
    for (n, holiday) in entry.holiday.iter().enumerate() {
        named(&survey.units, &holiday.unit, &format!("calendar.holiday[{n}].unit"));
        named(&survey.places, &holiday.place, &format!("calendar.holiday[{n}].place"));
    }
    for (n, exception) in entry.overrides.iter().enumerate() {
        named(&survey.units, &exception.unit, &format!("calendar.override[{n}].unit"));
        named(&survey.places, &exception.place, &format!("calendar.override[{n}].place"));
    }
    codes("calendar.holiday", entry.holiday.iter().map(|it| it.code.as_str()), findings);
    codes("calendar.override", entry.overrides.iter().map(|it| it.code.as_str()), findings);
}

/// Codes that may be left out.
fn codes<'a>(list: &str, codes: impl Iterator<Item = &'a str>, findings: &mut Findings) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (n, code) in codes.enumerate().filter(|(_, code)| !code.is_empty()) {
        let path = format!("{list}[{n}].code");
        if !is_code(code) {
            findings.error(Lint::BadCode, path, format!("{} is no code: {NotACode}", shown(code)));
        } else if let Some(first) = first.get(code) {
            let message = format!("{} is the code of {list}[{first}] already", shown(code));
            findings.error(Lint::DuplicateCode, path, message);
        } else {
            first.insert(code, n);
        }
    }
}
