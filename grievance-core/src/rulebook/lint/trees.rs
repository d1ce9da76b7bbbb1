//! Chains of parents that come back to themselves.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use std::collections::HashMap;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    macro_rules! trees {
        ($($path:literal: $list:expr;)+) => {$(
            tree($path, $list.iter().map(|entry| (entry.code.as_str(), entry.parent.as_deref())), findings);
        )+};
    }
    trees! {
        "unit": document.unit;
        "place": document.place;
        "category": document.category;
    }
}

/// Each circle is told once, at its entry that the walk reaches first.
fn tree<'a>(list: &str, entries: impl Iterator<Item = (&'a str, Option<&'a str>)>, findings: &mut Findings) {
    let entries: Vec<_> = entries.collect();
    // As when compiling, the last entry of a code is the one that is meant.
    let at: HashMap<&str, usize> = entries.iter().enumerate().map(|(n, (code, _))| (*code, n)).collect();
    let up = |n: usize| entries[n].1.and_then(|parent| at.get(parent).copied());
    // 0: not seen; otherwise the number of the walk that saw it.
    let mut walked = vec![0; entries.len()];
    for start in 0..entries.len() {
        let walk = start + 1;
        let mut next = Some(start);
        while let Some(n) = next.filter(|n| walked[*n] == 0) {
            walked[n] = walk;
            next = up(n);
        }
        let Some(first) = next.filter(|n| walked[*n] == walk) else { continue };
        let mut circle = vec![entries[first].0];
        let mut n = up(first);
        while let Some(on) = n.filter(|n| *n != first && circle.len() < 5) {
            circle.push(entries[on].0);
            n = up(on);
        }
        circle.push(if n == Some(first) { entries[first].0 } else { "…" });
        let circle: Vec<String> = circle.into_iter().map(|code| code.chars().take(40).collect()).collect();
        let message = format!("the parents run in a circle: {}", circle.join(", "));
        findings.error(Lint::Cycle, format!("{list}[{first}].parent"), message);
    }
}
