//! Languages: that offices and posts are written to in one that the rulebook has.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{one_of, shown};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
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
