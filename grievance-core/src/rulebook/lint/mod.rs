//! Everything that is wrong with a document, at once.
//!
//! Whatever [`Rulebook`](crate::rulebook::Rulebook) cannot compile is an error; so is what would
//! leave a case without a way on, or end it unheard. What works but is probably not meant is a
//! warning, what deserves a thought is advice.

mod access;
mod blanks;
mod calendar;
mod codes;
mod flow;
mod languages;
mod messages;
mod mis;
mod numbers;
mod offices;
mod otp;
mod presence;
mod quality;
mod reasons;
mod retention;
mod roles;
mod routes;
mod steps;
mod survey;
mod targets;
mod time;
mod trees;
mod validity;

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Finding, Findings};
use crate::rulebook::lint::survey::Survey;

/// Lists everything that is wrong with a document: errors first, then by path, the entries of a
/// list in its order.
///
/// Of one kind of finding at most 1,000 are listed and the rest is counted.
///
/// # Examples
///
/// ```
/// use grievance_core::rulebook::document::Document;
/// use grievance_core::rulebook::finding::Lint;
/// use grievance_core::rulebook::lint::lint;
///
/// let findings = lint(&Document::default());
/// assert!(findings.iter().any(|finding| finding.lint == Lint::Missing && finding.path == "zone"));
/// ```
pub fn lint(document: &Document) -> Vec<Finding> {
    let survey = Survey::new(document);
    let mut findings = Findings::default();
    presence::lint(document, &mut findings);
    codes::lint(document, &mut findings);
    targets::lint(&survey, &mut findings);
    trees::lint(document, &mut findings);
    validity::lint(&survey, &mut findings);
    calendar::lint(&survey, &mut findings);
    numbers::lint(document, &mut findings);
    otp::lint(document, &mut findings);
    languages::lint(document, &mut findings);
    messages::lint(document, &mut findings);
    mis::lint(document, &mut findings);
    blanks::lint(document, &mut findings);
    reasons::lint(document, &mut findings);
    retention::lint(document, &mut findings);
    quality::lint(document, &mut findings);
    offices::lint(document, &mut findings);
    routes::lint(&survey, &mut findings);
    roles::lint(document, &mut findings);
    access::lint(&survey, &mut findings);
    time::lint(&survey, &mut findings);
    if steps::within_limits(document, &mut findings) {
        steps::lint(&survey, &mut findings);
        flow::lint(&survey, &mut findings);
    }
    findings.into_sorted()
}
