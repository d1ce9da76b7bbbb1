//! Roles that do nothing, or that nobody can have.

use crate::rulebook::document::{Document, Reaches};
use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::workflow::MOST_ROLES;
use crate::vocabulary::Reach;
use std::collections::HashSet;

/// Roles whose work lies outside the workflow and that no post grants.
const OUTSIDE: [&str; 3] = ["system", "auditor", "administrator"];

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    if document.role.len() > MOST_ROLES {
        let message = format!("{} roles; a rulebook has at most {MOST_ROLES}", document.role.len());
        findings.error(Lint::OutOfRange, "role", message);
    }
    let acting: HashSet<&str> =
        document.workflow.step.iter().flat_map(|step| &step.role).map(|r| &**r).collect();
    let granted: HashSet<&str> = document.post.iter().map(|post| post.role.as_str()).collect();
    for (n, role) in document.role.iter().enumerate() {
        let code = role.code.as_str();
        if OUTSIDE.contains(&code) {
            continue;
        }
        if !acting.contains(code) {
            findings.warning(Lint::RoleWithoutStep, format!("role[{n}]"), "the role takes no step");
        }
        let office = |it: &Reaches| it.0.iter().any(|reach| *reach != Reach::OwnCases);
        if role.reach.as_ref().is_some_and(office) && !granted.contains(code) {
            let message = "no post grants the role: nobody can act in it";
            findings.warning(Lint::RoleNeverGranted, format!("role[{n}]"), message);
        }
    }
}
