//! Subjects that no rule sends anywhere, and rules that can never win.

use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::lint::survey::Survey;
use std::collections::{HashMap, HashSet};

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    shadowed(survey, findings);
    without_office(survey, findings);
}

fn shadowed(survey: &Survey<'_>, findings: &mut Findings) {
    let mut first: HashMap<(Option<&str>, Option<&str>), usize> = HashMap::new();
    for (n, route) in survey.document.route.iter().enumerate() {
        let key = (route.category.as_deref(), route.place.as_deref());
        if let Some(winner) = first.get(&key) {
            let message = format!("never wins: route[{winner}] has the same subject and place");
            findings.warning(Lint::ShadowedRoute, format!("route[{n}]"), message);
        } else {
            first.insert(key, n);
        }
    }
    for (n, category) in survey.document.category.iter().enumerate().filter(|(_, it)| it.unit.is_some()) {
        if let Some(winner) = first.get(&(Some(&category.code), None)) {
            let message = format!("never wins: route[{winner}] sends the category elsewhere");
            findings.warning(Lint::ShadowedRoute, format!("category[{n}].unit"), message);
        }
    }
}

/// Only the narrowest subjects are told: a wider one may be a mere heading.
fn without_office(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    if document.route.iter().any(|route| route.category.is_none()) {
        return;
    }
    let routed: HashSet<&str> = document.route.iter().filter_map(|route| route.category.as_deref()).collect();
    let wider: HashSet<&str> = document.category.iter().filter_map(|it| it.parent.as_deref()).collect();
    let up = |n: usize| document.category[n].parent.as_deref().and_then(|code| survey.categories.at(code));
    let sent = |n: usize| {
        let category = &document.category[n];
        category.unit.is_some() || routed.contains(category.code.as_str())
    };
    // Whether a subject or one above it is sent somewhere, each found once.
    let mut known: Vec<Option<bool>> = vec![None; document.category.len()];
    for start in 0..document.category.len() {
        let mut way = Vec::new();
        let mut next = Some(start);
        let answer = loop {
            let Some(n) = next else { break false };
            match known[n] {
                Some(answer) => break answer,
                None if sent(n) => {
                    way.push(n);
                    break true;
                }
                None => {
                    // Not yet known while on the way: a circle comes back to a plain no.
                    known[n] = Some(false);
                    way.push(n);
                    next = up(n);
                }
            }
        };
        for n in way {
            known[n] = Some(answer);
        }
        let category = &document.category[start];
        if !answer && !wider.contains(category.code.as_str()) {
            let message = "no unit and no route, here or in a wider category: cases stay with the cell";
            findings.warning(Lint::CategoryWithoutOffice, format!("category[{start}].unit"), message);
        }
    }
}
