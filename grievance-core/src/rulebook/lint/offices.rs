//! Offices without a head.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    for (n, unit) in document.unit.iter().enumerate() {
        if unit.head.is_none() {
            let message = "the unit has no head: what concerns its head falls upward";
            findings.warning(Lint::UnitWithoutHead, format!("unit[{n}].head"), message);
        }
    }
}
