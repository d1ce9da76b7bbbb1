//! The register of good practices, for whoever acts: each takes the register as a text, and answers it as one.

use crate::desk::paper::{may_read, written, wrong};
use crate::desk::{Acting, DeskError};
use crate::grievance::project::CaseFact;
use crate::grievance::refusal::Refusal;
use crate::kernel::code::{CategoryCode, PracticeCode};
use crate::kernel::id::GrievanceId;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::sheets::within;
use crate::measure::practice::{Consent, Draft, Practice, PracticeError, Register, Repetition, Sought};
use chrono::NaiveDate;
use std::collections::HashMap;

/// By the argument that is to blame.
fn refused(problem: &PracticeError) -> DeskError {
    let place = match problem {
        PracticeError::Unknown { .. }
        | PracticeError::IsPublished { .. }
        | PracticeError::NotPublished { .. }
        | PracticeError::NoConsent { .. } => "practice",
        PracticeError::NotLinked { .. } | PracticeError::NotDisposed { .. } => "case",
        PracticeError::TooEarly { field: "given_on" } => "given_on",
        PracticeError::TooEarly { .. } => "on",
        PracticeError::NotInTheRulebook { field } | PracticeError::Text { field, .. } => field,
        PracticeError::Unreadable(_) => "register",
    };
    wrong(place, problem.code(), problem)
}

/// A register with what is done to it.
fn with(
    text: &str,
    change: impl FnOnce(&mut Register) -> Result<(), PracticeError>,
) -> Result<String, DeskError> {
    let mut register = Register::read(text).map_err(|problem| refused(&problem))?;
    change(&mut register).map_err(|problem| refused(&problem))?;
    Ok(register.text())
}

impl Acting<'_> {
    /// A case as it stands, for those who see it.
    fn fact(&self, case: GrievanceId) -> Result<CaseFact, DeskError> {
        self.case(case)?;
        Ok(self.desk.store.fact(case)?.ok_or(Refusal::NotFound)?)
    }

    pub(super) fn write_practice(&self, register: Option<&str>, draft: Draft) -> Result<String, DeskError> {
        let rulebook = self.rulebook()?;
        let none = Register::default().text();
        with(register.unwrap_or(&none), |register| register.write(draft, &rulebook))
    }

    pub(super) fn link_practice(
        &self,
        register: &str,
        practice: &str,
        case: &str,
        testimonial: Option<&str>,
    ) -> Result<String, DeskError> {
        let (practice, case) =
            (NotAsked::read("practice", practice)?, self.fact(NotAsked::read("case", case)?)?);
        with(register, |register| register.link(&practice, &case, testimonial))
    }

    pub(super) fn consent_to_practice(
        &self,
        register: &str,
        practice: &str,
        case: &str,
        consent: Consent,
    ) -> Result<String, DeskError> {
        let (rulebook, practice, case) =
            (self.rulebook()?, NotAsked::read("practice", practice)?, NotAsked::read("case", case)?);
        with(register, |register| register.consent(&practice, case, consent, &rulebook))
    }

    pub(super) fn publish_practice(
        &self,
        register: &str,
        practice: &str,
        on: NaiveDate,
    ) -> Result<String, DeskError> {
        let (practice, on): (PracticeCode, _) = (NotAsked::read("practice", practice)?, within("on", on)?);
        let known = Register::read(register).map_err(|problem| refused(&problem))?;
        let mut facts: HashMap<GrievanceId, CaseFact> = HashMap::new();
        for linked in known.get(&practice).into_iter().flat_map(|page| &page.linked) {
            match self.fact(linked.case) {
                Ok(fact) => facts.extend([(linked.case, fact)]),
                // Sealed, or not for whoever acts: it does not stand behind a page.
                Err(DeskError::Refused(Refusal::NotFound)) => {}
                Err(problem) => return Err(problem),
            }
        }
        with(register, |register| register.publish(&practice, on, |case| facts.get(&case)))
    }

    pub(super) fn repeat_practice(
        &self,
        register: &str,
        practice: &str,
        repetition: Repetition,
    ) -> Result<String, DeskError> {
        let (rulebook, practice) = (self.rulebook()?, NotAsked::read("practice", practice)?);
        with(register, |register| register.repeat(&practice, repetition, &rulebook))
    }

    pub(super) fn practices(
        &self,
        register: &str,
        words: Option<&str>,
        facet: Option<&str>,
        domain: Option<&str>,
        unit: Option<&str>,
    ) -> Result<String, DeskError> {
        let register = Register::read(register).map_err(|problem| refused(&problem))?;
        let domain: Option<CategoryCode> = may_read("domain", domain)?;
        let unit = unit.map(|unit| self.office(unit)).transpose()?;
        let sought = Sought {
            words: words.unwrap_or_default(),
            facet: may_read("facet", facet)?,
            domain: domain.as_ref(),
            unit: unit.as_ref(),
        };
        let found = register.search(&sought, &*self.rulebook()?);
        let found: Vec<_> = found.into_iter().filter_map(Practice::publication).collect();
        Ok(written(&found))
    }
}

pub(super) fn take_out_of_practices(register: &str, case: &str, on: NaiveDate) -> Result<String, DeskError> {
    let (case, on) = (NotAsked::read("case", case)?, within("on", on)?);
    with(register, |register| {
        register.take_out(case, on);
        Ok(())
    })
}

pub(super) fn withdraw_practice(
    register: &str,
    practice: &str,
    on: NaiveDate,
    why: &str,
) -> Result<String, DeskError> {
    let (practice, on) = (NotAsked::read("practice", practice)?, within("on", on)?);
    with(register, |register| register.withdraw(&practice, on, why))
}
