//! One closing of a case, as its history tells it.

use crate::grievance::event::{Recorded, What};
use crate::grievance::payload::{AdoptedStep, Disposed};
use crate::grievance::state::Grievance;
use crate::kernel::code::{ReasonCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::TextRef;
use crate::measure::as_of::known_at;
use crate::measure::mis::is_sealed;
use crate::vocabulary::{
    DisposalClass, EvidenceKind, FeedbackOutcome, Outcome, TargetKind, VerificationFinding,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::borrow::Cow;

/// One closing of a case. Instants are UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Disposal {
    /// The case.
    pub case: GrievanceId,
    /// The version of its event; of an imported one that of the import.
    pub version: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// The office that had custody.
    pub unit: UnitCode,
    /// The reason; an imported closing may have none on record.
    pub reason: Option<ReasonCode>,
    /// What it did for the complainant; an imported closing may have none on record.
    pub class: Option<DisposalClass>,
    /// Who reported the action taken or, where nobody did, closed the case. Not known of an import.
    pub officer: Option<PersonId>,
    /// Who closed it. Not known of an import.
    pub closed_by: Option<PersonId>,
    /// When the resolution was due, and when the target was met: by the report, as a rule.
    pub due: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether it says that the complainant could not be reached.
    pub unreachable: bool,
    /// Attempts to reach them that failed, on record at the closing.
    pub attempts: u32,
    /// The officer's remarks.
    pub remarks: Option<TextRef>,
    /// Whether it did not stand: the case was opened again, or an appeal against it was allowed.
    pub reopened: bool,
    /// What second looks found, the oldest first, each with the day of the sample that it was for: one that was taken
    /// for another reason does not undo that of a sample.
    pub looks: Vec<(VerificationFinding, Option<NaiveDate>)>,
}

impl Disposal {
    /// Every closing in a whole history, oldest first. One that was rescinded is none, and a sealed
    /// case has none.
    pub fn all_of(history: &[Recorded]) -> Vec<Self> {
        let Some((first, rest)) = history.split_first().filter(|_| !is_sealed(history)) else {
            return Vec::new();
        };
        Self::among(first, rest.iter().map(Cow::Borrowed))
    }

    /// The same, as it was known at an instant: by the rule of [`fact_as_of`](crate::measure::as_of::fact_as_of), so that
    /// what an import tells counts by its own dates. A case that is sealed today has none.
    pub fn all_as_of(history: &[Recorded], at: DateTime<Utc>) -> Vec<Self> {
        let known = known_at(history, at).filter(|_| !is_sealed(history));
        known.map_or_else(Vec::new, |(first, rest)| Self::among(&first, rest))
    }

    fn among<'a>(first: &Recorded, rest: impl Iterator<Item = Cow<'a, Recorded>>) -> Vec<Self> {
        let Some(mut case) = Grievance::begin(first) else { return Vec::new() };
        let mut found = Vec::new();
        take(&mut found, &case, first);
        for next in rest {
            case.evolve(&next);
            take(&mut found, &case, &next);
        }
        found
    }

    /// Whether it is the one that the case stands at, as far as its history goes.
    pub const fn stands(&self) -> bool {
        !self.reopened
    }

    fn here(case: &Grievance, next: &Recorded, disposed: &Disposed) -> Self {
        let report = case.course.report.as_ref();
        let met = case.clock(TargetKind::Resolution).map(|clock| {
            // A target that the closing itself meets is met at its instant.
            (clock.due_at, clock.met_at.unwrap_or(next.at))
        });
        let failed = case.attempts.iter().filter(|attempt| !attempt.reached).count();
        Self {
            case: case.id,
            version: next.version,
            at: next.at,
            unit: case.unit().clone(),
            reason: Some(disposed.reason.clone()),
            class: Some(disposed.class),
            officer: Some(report.map_or(next.actor.person, |report| report.by)),
            closed_by: Some(next.actor.person),
            due: met,
            unreachable: disposed.evidence.contains_key(&EvidenceKind::ContactAttempts)
                || case.course.heard == Some(FeedbackOutcome::Unreachable),
            attempts: u32::try_from(failed).unwrap_or(u32::MAX),
            remarks: Some(disposed.remarks),
            reopened: false,
            looks: Vec::new(),
        }
    }
}

fn take(found: &mut Vec<Disposal>, case: &Grievance, next: &Recorded) {
    match &next.event.what {
        What::Disposed(disposed) => found.push(Disposal::here(case, next, disposed)),
        What::Rescinded(rescinded) => found.retain(|disposal| disposal.version != rescinded.undone),
        What::Reopened(_) => overturn(found),
        What::AppealDecided(decided) if decided.outcome == Outcome::Allowed => overturn(found),
        What::Verified(verified) => {
            if let Some(last) = found.last_mut() {
                last.looks.push((verified.finding, verified.sample));
            }
        }
        What::Adopted(adopted) => {
            // The latest import replaces what earlier ones said.
            found.clear();
            for fact in &adopted.facts {
                match fact.what {
                    AdoptedStep::Disposed => found.push(Disposal {
                        case: case.id,
                        version: next.version,
                        at: fact.at,
                        unit: fact.led_to.unit.clone(),
                        reason: fact.reason.clone(),
                        class: fact.class,
                        officer: None,
                        closed_by: None,
                        due: adopted.due_at.map(|due| (due, fact.at)),
                        unreachable: false,
                        attempts: 0,
                        remarks: adopted.closure_text,
                        reopened: false,
                        looks: Vec::new(),
                    }),
                    AdoptedStep::Reopened => overturn(found),
                    AdoptedStep::Lodged | AdoptedStep::Routed | AdoptedStep::Ended => {}
                }
            }
        }
        _ => {}
    }
}

fn overturn(found: &mut [Disposal]) {
    if let Some(last) = found.last_mut() {
        last.reopened = true;
    }
}
