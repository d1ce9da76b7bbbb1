//! A page of the register.

use crate::kernel::code::{CategoryCode, ChannelCode, PostCode, PracticeCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::kernel::{mask, unseen};
use crate::measure::practice::PracticeError;
use crate::rulebook::Rulebook;
use crate::vocabulary::PracticeFacet;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most steps of a page: what takes more is no practice that is easily repeated.
const STEPS: usize = 40;
/// Most characters of a text, of a title a tenth of it.
const LONGEST: usize = 4_000;

/// What an office writes down of what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its code, one of each in a register.
    pub code: PracticeCode,
    /// What it is called.
    pub title: String,
    /// What was changed.
    pub facet: PracticeFacet,
    /// The subject in which it was tried; none where it suits any.
    pub domain: Option<CategoryCode>,
    /// The office that did it.
    pub unit: UnitCode,
    /// What was wrong before.
    pub situation: String,
    /// What another office does to repeat it, in order; at least one step.
    pub steps: Vec<String>,
    /// The day on which it was written.
    pub written_on: NaiveDate,
}

/// A good practice. Its texts are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Its code.
    pub code: PracticeCode,
    /// The subject in which it was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<CategoryCode>,
    /// What was changed.
    pub facet: PracticeFacet,
    /// The cases behind it, by identity.
    pub linked: Vec<Linked>,
    /// Since when it is published; none while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    /// The offices that did it after the first one, the earliest first.
    pub repeated: Vec<Repetition>,
    /// What was wrong before.
    pub situation: String,
    /// What another office does to repeat it.
    pub steps: Vec<String>,
    /// What it is called.
    pub title: String,
    /// The office that did it.
    pub unit: UnitCode,
    /// When and why it was taken back; none unless that was the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
    /// The day on which it was written.
    pub written_on: NaiveDate,
}

/// A case behind a good practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// The case.
    pub case: GrievanceId,
    /// That its complainant consents; none until it is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// What the complainant said, as it may be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testimonial: Option<String>,
}

/// A complainant's consent to be in a published page, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// By which way it was given.
    pub channel: ChannelCode,
    /// The day on which it was given.
    pub given_on: NaiveDate,
    /// The post that recorded it.
    pub recorded_by: PostCode,
    /// That post's office.
    pub unit: UnitCode,
}

impl Consent {
    pub(super) fn check(&self, rulebook: &Rulebook) -> Result<(), PracticeError> {
        let refuse = |field| Err(PracticeError::NotInTheRulebook { field });
        if rulebook.directory().get(&self.unit).is_none() {
            return refuse("unit");
        }
        if rulebook.role_of_post(&self.recorded_by).is_none() {
            return refuse("recorded_by");
        }
        if !rulebook.channels().contains(&self.channel) {
            return refuse("channel");
        }
        Ok(())
    }
}

/// An office that did it, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repetition {
    /// Since which day.
    pub on: NaiveDate,
    /// The office.
    pub unit: UnitCode,
}

/// A page that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// On which day.
    pub on: NaiveDate,
    /// Why; `consent_ended` where a case was taken out of it.
    pub why: String,
}

impl Practice {
    pub(super) fn written(draft: Draft, rulebook: &Rulebook) -> Result<Self, PracticeError> {
        let Draft { code, title, facet, domain, unit, situation, steps, written_on } = draft;
        if rulebook.directory().get(&unit).is_none() {
            return Err(PracticeError::NotInTheRulebook { field: "unit" });
        }
        if domain.as_ref().is_some_and(|domain| !rulebook.categories().contains(domain)) {
            return Err(PracticeError::NotInTheRulebook { field: "domain" });
        }
        let wrong = |problem| PracticeError::Text { field: "steps", problem };
        if steps.is_empty() {
            return Err(wrong("there is none: nobody could repeat it"));
        }
        if steps.len() > STEPS {
            return Err(wrong("there are more than forty"));
        }
        let title = text("title", &title)?;
        if title.chars().count() > LONGEST / 10 {
            return Err(PracticeError::Text { field: "title", problem: "is longer than 400 characters" });
        }
        Ok(Self {
            code,
            domain,
            facet,
            linked: Vec::new(),
            published_on: None,
            repeated: Vec::new(),
            situation: text("situation", &situation)?,
            steps: steps.iter().map(|step| text("steps", step)).collect::<Result<_, _>>()?,
            title,
            unit,
            withdrawn: None,
            written_on,
        })
    }

    pub(super) fn is_draft(&self) -> Result<(), PracticeError> {
        match self.published_on {
            None => Ok(()),
            Some(_) => Err(PracticeError::IsPublished { code: self.code.clone() }),
        }
    }

    pub(super) fn published(&self) -> Result<NaiveDate, PracticeError> {
        self.published_on.ok_or_else(|| PracticeError::NotPublished { code: self.code.clone() })
    }

    /// Whether another page of this code says the same, written on the same day: what a consent is to.
    pub(super) fn says_what(&self, other: &Self) -> bool {
        let of = |page: &Self| {
            let Self { domain, facet, situation, steps, title, unit, written_on, .. } = page.clone();
            (domain, facet, situation, steps, title, unit, written_on)
        };
        of(self) == of(other)
    }

    /// Whether a consent is to this page, and was given by a day: one from before it was written is to other words.
    pub(super) fn is_consented(&self, consent: &Consent, by: NaiveDate) -> bool {
        (self.written_on..=by).contains(&consent.given_on)
    }

    /// What a page says that none could come to.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let texts = [&self.title, &self.situation].into_iter().chain(&self.steps);
        let mut texts = texts.chain(self.linked.iter().filter_map(|one| one.testimonial.as_ref()));
        if self.steps.is_empty() || !texts.all(|kept| text("", kept).as_ref() == Ok(kept)) {
            return Some("a page has no steps, or a text that is not as it may be published");
        }
        let on = self.published_on?;
        let consented =
            |one: &Linked| one.consent.as_ref().is_some_and(|consent| self.is_consented(consent, on));
        if on < self.written_on || self.withdrawn.is_some() || !self.linked.iter().all(consented) {
            return Some("a page is published that could not be");
        }
        None
    }
}

/// A text as it may be published.
pub(super) fn text(field: &'static str, text: &str) -> Result<String, PracticeError> {
    let refuse = |problem| Err(PracticeError::Text { field, problem });
    let text = text.trim();
    if text.is_empty() {
        return refuse("is missing");
    }
    if text.chars().count() > LONGEST {
        return refuse("is longer than 4,000 characters");
    }
    if unseen::in_text(text).is_err() {
        return refuse("has a character that is not seen and turns or ends the text");
    }
    Ok(mask::for_publication(text))
}
