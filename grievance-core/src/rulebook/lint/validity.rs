//! Days from which and to which things are valid.

use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::hint::shown;
use crate::rulebook::lint::survey::Survey;
use chrono::NaiveDate;
use std::collections::HashMap;

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    for (n, unit) in document.unit.iter().enumerate() {
        reversed(&format!("unit[{n}]"), unit.valid_from, unit.valid_to, findings);
        let above = unit.parent.as_deref().and_then(|code| survey.units.at(code));
        let Some(above) = above.map(|at| &document.unit[at]) else { continue };
        let ends_before = unit.valid_to.zip(above.valid_from).is_some_and(|(to, from)| to < from);
        let begins_after = unit.valid_from.zip(above.valid_to).is_some_and(|(from, to)| to < from);
        if ends_before || begins_after {
            let message = format!("never exists on a day on which the office above it, {}, does", above.code);
            findings.warning(Lint::OverlappingValidity, format!("unit[{n}].parent"), message);
        }
    }
    for (n, reason) in document.reason.iter().enumerate() {
        reversed(&format!("reason[{n}]"), reason.valid_from, reason.valid_to, findings);
    }
    mappings(survey, findings);
}

fn reversed(path: &str, from: Option<NaiveDate>, to: Option<NaiveDate>, findings: &mut Findings) {
    if let Some((from, to)) = from.zip(to).filter(|(from, to)| to < from) {
        let message = format!("ends on {to}, before it begins on {from}");
        findings.error(Lint::OverlappingValidity, format!("{path}.valid_to"), message);
    }
}

/// A mapping for what is still there, and one that an earlier one leaves nothing to do.
fn mappings(survey: &Survey<'_>, findings: &mut Findings) {
    let mapping = &survey.document.mapping;
    let mut first: HashMap<(&str, &str, Option<&str>), usize> = HashMap::new();
    let units = mapping.unit.iter().map(|entry| ("unit", entry.from.as_str(), entry.category.as_deref()));
    let stages = mapping.stage.iter().map(|entry| ("stage", entry.from.as_str(), None));
    let reasons = mapping.reason.iter().map(|entry| ("reason", entry.from.as_str(), None));
    let numbered = units.enumerate().chain(stages.enumerate()).chain(reasons.enumerate());
    for (n, (list, from, category)) in numbered {
        let path = format!("mapping.{list}[{n}].from");
        // For units, the first that fits wins: after one for every subject nothing else can.
        let earlier = first.get(&(list, from, category)).or_else(|| first.get(&(list, from, None)));
        if let Some(earlier) = earlier {
            let message = format!("mapping.{list}[{earlier}] says already what becomes of {}", shown(from));
            findings.error(Lint::OverlappingValidity, path, message);
            continue;
        }
        first.insert((list, from, category), n);
        let stays = match list {
            "unit" => survey.units.at(from).is_some_and(|at| survey.document.unit[at].valid_to.is_none()),
            "stage" => survey.stages.at(from).is_some(),
            _ => survey.reasons.at(from).is_some(),
        };
        if stays {
            let message = format!("the {list} {} is still there: the mapping does nothing", shown(from));
            findings.warning(Lint::OverlappingValidity, path, message);
        }
    }
}
