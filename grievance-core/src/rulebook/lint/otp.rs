//! The policy on codes: within bounds that make sense, and not the only lock of an officer's door.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    let otp = &document.otp;
    let rows = [
        ("digits", otp.digits, 6, 7),
        ("tries", otp.tries, 1, 10),
        ("life_minutes", otp.life_minutes, 1, 10),
        ("resend_seconds", otp.resend_seconds, 10, 600),
        ("number_daily_cap", otp.number_daily_cap, 1, 100),
        ("global_hourly_cap", otp.global_hourly_cap, 1, u32::MAX),
        ("global_daily_cap", otp.global_daily_cap, 1, u32::MAX),
        ("free_failures", otp.free_failures, 1, 10),
        ("wait_seconds", otp.wait_seconds, 1, 600),
        ("longest_wait_seconds", otp.longest_wait_seconds, otp.wait_seconds.clamp(1, 600), 86_400),
        ("lock_after", otp.lock_after, 5, 100),
        ("token_minutes", otp.token_minutes, 1, 1_440),
    ];
    for (field, found, least, most) in rows {
        if !(least..=most).contains(&found) {
            let message = if most == u32::MAX {
                format!("{found} is too small: at least {least}")
            } else {
                format!("{found} lies outside {least} to {most}")
            };
            findings.error(Lint::OutOfRange, format!("otp.{field}"), message);
        }
    }
    if !otp.officers_have_second_factor {
        let message = "a code by message would be the only factor of an officer's log-in, and messages can be read by others";
        findings.warning(Lint::WeakFactor, "otp.officers_have_second_factor", message);
    }
    for (n, purpose) in otp.required.iter().enumerate() {
        if otp.required[..n].contains(purpose) {
            findings.warning(
                Lint::DuplicateCode,
                format!("otp.required[{n}]"),
                format!("{purpose} is there already"),
            );
        }
    }
}
