//! Thresholds of the weekly statement that no share can mean.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::mis::MisEntry;

/// A stock may grow to many times what it was; beyond this nobody means it.
const MOST_GROWTH: u32 = 1_000;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    let mis = &document.mis;
    let shares = [
        ("old_backlog_percent", mis.old_backlog_percent, 100),
        ("growing_percent", mis.growing_percent, MOST_GROWTH),
        ("often_reopened_percent", mis.often_reopened_percent, MOST_GROWTH),
        ("dissatisfied_percent", mis.dissatisfied_percent, 100),
    ];
    for (field, percent, most) in shares {
        if !(1..=most).contains(&percent) {
            findings.error(Lint::OutOfRange, format!("mis.{field}"), format!("is not 1 to {most} per cent"));
        }
    }
    if mis.fewest == 0 {
        findings.error(Lint::OutOfRange, "mis.fewest", "is 0: nothing is concluded from no case");
    }
    let scales = [
        ("oldest_percent", &mis.oldest_percent, MisEntry::AGE_STEPS),
        ("past_due_percent", &mis.past_due_percent, MisEntry::TARGET_STEPS),
    ];
    for (field, thresholds, steps) in scales {
        let path = format!("mis.{field}");
        if thresholds.len() != steps {
            findings.error(Lint::OutOfRange, path, format!("are not {steps} thresholds"));
        } else if thresholds.iter().any(|percent| !(1..=100).contains(percent))
            || thresholds.windows(2).any(|pair| pair[0] >= pair[1])
        {
            findings.error(Lint::OutOfRange, path, "do not rise within 1 to 100 per cent");
        }
    }
}
