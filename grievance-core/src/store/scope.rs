//! A scope, asked of a case's row: the reference for what SQL must answer.

use crate::grievance::project::CaseFact;
use crate::kernel::text::Digest;
use crate::rulebook::access::{Chart, Scope};
use std::collections::HashMap;

/// The lines of the rulebook versions that a store keeps.
pub type Charts = HashMap<Digest, Chart>;

impl Scope {
    /// Whether a case is in the scope. A version whose lines are not kept has nobody below
    /// anybody, and no place inside another.
    pub fn covers(&self, case: &CaseFact, charts: &Charts) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::AnyOf(parts) => parts.iter().any(|part| part.covers(case, charts)),
            Self::AllOf(parts) => parts.iter().all(|part| part.covers(case, charts)),
            Self::Not(part) => !part.covers(case, charts),
            Self::HeldBy(unit) => case.unit == *unit,
            Self::HeldBelow(version, top) => {
                charts.get(version).is_some_and(|chart| chart.oversees(top, &case.unit))
            }
            Self::Within(version, around) => case
                .place
                .as_ref()
                .is_some_and(|place| charts.get(version).is_some_and(|chart| chart.contains(around, place))),
            Self::ComplainantIs(person) => case.complainant == Some(*person),
            Self::LodgedBy(person) => case.lodged_by == *person,
            Self::SentBy(unit) => case.sender.as_ref() == Some(unit),
            Self::MovedBy(unit) => case.last_mover.as_ref() == Some(unit),
            Self::Consulted(unit) => case.consulted.contains(unit),
            Self::About(units) => case.against.as_ref().is_some_and(|against| units.contains(against)),
            Self::Sealed => case.sealed.is_some(),
            Self::SealedAs(subjects) => case.sealed.as_ref().is_some_and(|seal| subjects.contains(seal)),
        }
    }
}
