//! The time zone, the registration number, and numbers outside what makes sense.

use crate::kernel::number::{NumberPattern, NumberPrefix};
use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{cut, did_you_mean, shown};

/// Ten years of days: no window is longer.
const MOST_DAYS: u64 = 3_660;
/// The largest whole number that every language and JSON keep exact.
const LARGEST_EXACT: u64 = (1 << 53) - 1;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    zone(document, findings);
    numbering(document, findings);
    ranges(document, findings);
}

fn zone(document: &Document, findings: &mut Findings) {
    if !document.zone.is_empty() && document.zone.parse::<chrono_tz::Tz>().is_err() {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let message = format!("no time zone {}", shown(&document.zone));
        let hint = did_you_mean(&document.zone, known)
            .or_else(|| Some("use an IANA name such as \"Asia/Kolkata\"".to_owned()));
        findings.add(Severity::Error, Lint::UnknownZone, "zone", message, hint);
    }
}

fn numbering(document: &Document, findings: &mut Findings) {
    let numbering = &document.numbering;
    if let Err(error) = NumberPrefix::new(&numbering.prefix) {
        findings.error(Lint::Numbering, "numbering.prefix", error.to_string());
    }
    match NumberPattern::compile(&numbering.pattern, numbering.check) {
        Err(error) => findings.error(Lint::Numbering, "numbering.pattern", cut(&error.to_string())),
        Ok(pattern) if !pattern.keeps_apart(numbering.reset) => {
            let message =
                "serials begin anew, but the pattern does not say when: two numbers would be the same";
            let hint = Some("add {year}, {month} or {day} to the pattern, or reset less often".to_owned());
            findings.add(Severity::Error, Lint::Numbering, "numbering.reset", message, hint);
        }
        Ok(_) => {}
    }
}

fn ranges(document: &Document, findings: &mut Findings) {
    let mut within = |path: String, found: u64, least: u64, most: u64| {
        if !(least..=most).contains(&found) {
            let message = if most == u64::from(u32::MAX) {
                format!("{found} is too small: at least {least}")
            } else {
                format!("{found} lies outside {least} to {most}")
            };
            findings.error(Lint::OutOfRange, path, message);
        }
    };
    let any = u64::from(u32::MAX);
    let feedback = &document.feedback;
    let attempts = u64::from(feedback.attempts.max(1));
    let window = &document.window;
    let intake = &document.intake;
    let rows = [
        ("feedback.rounds", feedback.rounds.into(), 1, 100),
        ("feedback.attempts", feedback.attempts.into(), 1, 100),
        ("feedback.days", feedback.days.into(), 1, attempts),
        ("feedback.slots", feedback.slots.into(), 1, attempts.min(3)),
        ("transfer.cap", document.transfer.cap.into(), 0, 1_000),
        ("window.reopen_days", window.reopen_days.into(), 0, MOST_DAYS),
        ("window.appeal_days", window.appeal_days.into(), 0, MOST_DAYS),
        ("window.rescind_hours", window.rescind_hours.into(), 0, MOST_DAYS * 24),
        ("window.extensions", window.extensions.into(), 0, 1_000),
        ("numbering.floor", document.numbering.floor, 1, LARGEST_EXACT),
        ("intake.narrative_chars", intake.narrative_chars.into(), 1, any),
        ("intake.text_chars", intake.text_chars.into(), 1, any),
        ("intake.signatories", intake.signatories.into(), 1, any),
        ("intake.attachments", intake.attachments.into(), 1, any),
        ("intake.attachment_bytes", intake.attachment_bytes.into(), 1, any),
        ("intake.parts", intake.parts.into(), 1, any),
    ];
    for (path, found, least, most) in rows {
        within(path.to_owned(), found, least, most);
    }
    for (n, role) in document.role.iter().enumerate() {
        within(format!("role[{n}].backdate_days"), role.backdate_days.into(), 0, MOST_DAYS);
    }
    for (n, reason) in document.reason.iter().enumerate() {
        for (field, days) in [("within_days", reason.within_days), ("beyond_days", reason.beyond_days)] {
            if let Some(days) = days {
                within(format!("reason[{n}].{field}"), days.into(), 1, MOST_DAYS);
            }
        }
    }
}
