//! The register as everybody may read it.

use crate::kernel::code::{CategoryCode, PracticeCode, UnitCode};
use crate::measure::practice::Register;
use crate::measure::practice::page::{Practice, Repetition};
use crate::measure::published::LEAST;
use crate::vocabulary::PracticeFacet;
use chrono::NaiveDate;
use serde::Serialize;

/// A good practice as it is published: no case and no post is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Published<'a> {
    /// How many cases stand behind it; none from one to below [`LEAST`]: too few to hide anybody.
    pub cases: Option<u64>,
    /// Its code.
    pub code: &'a PracticeCode,
    /// The subject in which it was tried.
    pub domain: Option<&'a CategoryCode>,
    /// What was changed.
    pub facet: PracticeFacet,
    /// Since when it is published.
    pub published_on: NaiveDate,
    /// The offices that did it, too.
    pub repeated: &'a [Repetition],
    /// What was wrong before.
    pub situation: &'a str,
    /// What another office does to repeat it.
    pub steps: &'a [String],
    /// What complainants said who consent, in the order of the alphabet: the order of the cases
    /// would tell which came first.
    pub testimonials: Vec<&'a str>,
    /// What it is called.
    pub title: &'a str,
    /// The office that did it.
    pub unit: &'a UnitCode,
}

impl Register {
    /// What is published, in the order of the codes.
    pub fn published(&self) -> Vec<Published<'_>> {
        self.practices().iter().filter_map(Practice::publication).collect()
    }
}

impl Practice {
    /// The page as everybody may read it; none while it is not published.
    pub fn publication(&self) -> Option<Published<'_>> {
        let published_on = self.published_on?;
        let mut testimonials: Vec<_> =
            self.linked.iter().filter_map(|one| one.testimonial.as_deref()).collect();
        testimonials.sort_unstable();
        let cases = self.linked.len() as u64;
        Some(Published {
            cases: Some(cases).filter(|cases| *cases == 0 || *cases >= LEAST),
            code: &self.code,
            domain: self.domain.as_ref(),
            facet: self.facet,
            published_on,
            repeated: &self.repeated,
            situation: &self.situation,
            steps: &self.steps,
            testimonials,
            title: &self.title,
            unit: &self.unit,
        })
    }
}
