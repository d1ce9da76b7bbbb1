//! The register of good practices: what an office did that other offices can do after it.
//!
//! The origin publishes testimonials as good practices, "easy to replicate" elsewhere (HUDCO
//! *Shelter*, vol. 24 no. 1, April 2023, pages 65 to 74). What a page of its register says is not
//! published; this one is ours.
//!
//! A [`Register`] is a value that the host keeps beside its editions and agendas. It holds nothing
//! that it may not publish: every text is masked when it is written in.

mod page;
mod publication;
mod sought;

pub use crate::measure::practice::page::{Consent, Draft, Linked, Practice, Repetition, Withdrawn};
pub use crate::measure::practice::publication::Published;
pub use crate::measure::practice::sought::Sought;

use crate::grievance::project::CaseFact;
use crate::kernel::code::PracticeCode;
use crate::kernel::id::GrievanceId;
use crate::rulebook::Rulebook;
use crate::vocabulary::{ErrorCode, Phase};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The version of the format that this library writes.
const FORMAT: u32 = 1;

/// The good practices of a government or an office, in the order of their codes.
///
/// A page is written, linked with cases, consented to and published; then it stands as it was read,
/// until it is withdrawn. Days are those of the rulebook's zone.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::practice::{Draft, Register, Sought};
/// use grievance_core::vocabulary::PracticeFacet;
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let mut register = Register::default();
/// register.write(Draft {
///     code: "one-camp".parse()?,
///     title: "One camp for every certificate".to_owned(),
///     facet: PracticeFacet::Outreach,
///     domain: None,
///     unit: rulebook.directory().cell().clone(),
///     situation: "People came three times for three papers.".to_owned(),
///     steps: vec!["List who waits for what.".to_owned(), "Bring all three desks to the block office.".to_owned()],
///     written_on: "2026-04-01".parse()?,
/// }, &rulebook)?;
/// let code = "one-camp".parse()?;
/// register.publish(&code, "2026-04-06".parse()?, |_| None)?;
/// let found = register.search(&Sought { words: "camp certif", ..Sought::default() }, &rulebook);
/// assert_eq!(found[0].title, "One camp for every certificate");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    practices: Vec<Practice>,
    v: u32,
}

impl Default for Register {
    fn default() -> Self {
        Self { practices: Vec::new(), v: FORMAT }
    }
}

/// Why a page cannot be written, changed or published so. No sentence repeats a text of the page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PracticeError {
    /// The register has no page of that code.
    #[error("the register has no good practice {code}")]
    Unknown {
        /// The code that was given.
        code: PracticeCode,
    },
    /// The rulebook does not know an office or a subject, or has no such channel or post.
    #[error("the rulebook has no such {field}")]
    NotInTheRulebook {
        /// `unit`, `domain`, `channel` or `recorded_by`.
        field: &'static str,
    },
    /// A text is missing, too long, or has characters that nobody should read.
    #[error("{field}: {problem}")]
    Text {
        /// Which text.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// It is published: a page that was read is not written anew under the same code.
    #[error("{code} is published; withdraw it, or write another page")]
    IsPublished {
        /// The page.
        code: PracticeCode,
    },
    /// It is not published.
    #[error("{code} is not published")]
    NotPublished {
        /// The page.
        code: PracticeCode,
    },
    /// A case is not linked with the page.
    #[error("the case {case} is not linked with {code}")]
    NotLinked {
        /// The page.
        code: PracticeCode,
        /// The case.
        case: GrievanceId,
    },
    /// A case is sealed, is not disposed of, or is not there any more.
    #[error(
        "the case {case} cannot stand behind a good practice: it does not stand disposed, or is not known"
    )]
    NotDisposed {
        /// The case.
        case: GrievanceId,
    },
    /// Nobody recorded that the complainant of a linked case consents, by that day, to the page as it is written.
    #[error(
        "no consent to the page as it is written is recorded for the case {case} by that day; record it, or take the case out"
    )]
    NoConsent {
        /// The case.
        case: GrievanceId,
    },
    /// Something would come before what it rests on.
    #[error("{field}: the day lies before that of what it rests on")]
    TooEarly {
        /// Which day.
        field: &'static str,
    },
    /// The document is not one of this version, or says what no register could come to.
    #[error("the register cannot be read: {0}")]
    Unreadable(&'static str),
}

impl PracticeError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Unknown { .. } | Self::NotInTheRulebook { .. } | Self::NotLinked { .. } => {
                ErrorCode::UnknownCode
            }
            Self::TooEarly { .. } => ErrorCode::DatesContradict,
            Self::Text { .. }
            | Self::IsPublished { .. }
            | Self::NotPublished { .. }
            | Self::NotDisposed { .. }
            | Self::NoConsent { .. }
            | Self::Unreadable(_) => ErrorCode::InvalidCommand,
        }
    }
}

impl Register {
    /// Writes a page, or writes one anew that is not published. Its links stay; a consent stays only while the
    /// page says what it said: whoever consented did so to those words.
    ///
    /// Numbers that look like Aadhaar, telephone numbers and addresses of e-mail are crossed out of
    /// every text, as [`for_publication`](crate::kernel::mask::for_publication) says. **Names are
    /// not found by any machine**: whoever writes a page leaves them out.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NotInTheRulebook`], [`PracticeError::Text`], and
    /// [`PracticeError::IsPublished`] for a page that stands.
    pub fn write(&mut self, draft: Draft, rulebook: &Rulebook) -> Result<(), PracticeError> {
        let written = Practice::written(draft, rulebook)?;
        match self.practices.binary_search_by(|one| one.code.cmp(&written.code)) {
            Ok(at) => {
                let before = &mut self.practices[at];
                before.is_draft()?;
                if !before.says_what(&written) {
                    before.linked.iter_mut().for_each(|one| one.consent = None);
                }
                let (linked, repeated) =
                    (std::mem::take(&mut before.linked), std::mem::take(&mut before.repeated));
                *before = Practice { linked, repeated, withdrawn: before.withdrawn.take(), ..written };
            }
            Err(at) => self.practices.insert(at, written),
        }
        Ok(())
    }

    /// Links a page with a case that stands disposed, and with what its complainant said of it.
    ///
    /// Linking it once more replaces what was said, and takes back the consent to it.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NotDisposed`] for a case that is open or sealed; [`PracticeError::Unknown`],
    /// [`PracticeError::IsPublished`], [`PracticeError::Text`].
    pub fn link(
        &mut self,
        code: &PracticeCode,
        case: &CaseFact,
        testimonial: Option<&str>,
    ) -> Result<(), PracticeError> {
        let practice = self.at(code)?;
        practice.is_draft()?;
        if !may_stand(case) {
            return Err(PracticeError::NotDisposed { case: case.id });
        }
        let testimonial = testimonial.map(|text| page::text("testimonial", text)).transpose()?;
        practice.linked.retain(|one| one.case != case.id);
        practice.linked.push(Linked { case: case.id, consent: None, testimonial });
        practice.linked.sort_unstable_by_key(|one| one.case);
        Ok(())
    }

    /// Records that the complainant of a linked case consents to what the page says.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NotLinked`], [`PracticeError::NotInTheRulebook`] for an office, a post or a
    /// channel that the rulebook has not, [`PracticeError::TooEarly`] for a day before the page was
    /// written; [`PracticeError::Unknown`], [`PracticeError::IsPublished`].
    pub fn consent(
        &mut self,
        code: &PracticeCode,
        case: GrievanceId,
        consent: Consent,
        rulebook: &Rulebook,
    ) -> Result<(), PracticeError> {
        let practice = self.at(code)?;
        practice.is_draft()?;
        consent.check(rulebook)?;
        if consent.given_on < practice.written_on {
            return Err(PracticeError::TooEarly { field: "given_on" });
        }
        let linked = practice.linked.iter_mut().find(|one| one.case == case);
        let linked = linked.ok_or_else(|| PracticeError::NotLinked { code: code.clone(), case })?;
        linked.consent = Some(consent);
        Ok(())
    }

    /// Takes a case out of every page: its complainant no longer consents, or was erased, or the
    /// case was sealed. A page that was published with it is withdrawn on that day. Answers which
    /// pages had it.
    pub fn take_out(&mut self, case: GrievanceId, on: NaiveDate) -> Vec<PracticeCode> {
        let mut had = Vec::new();
        for practice in &mut self.practices {
            let before = practice.linked.len();
            practice.linked.retain(|one| one.case != case);
            if practice.linked.len() < before {
                had.push(practice.code.clone());
                if practice.published_on.take().is_some() {
                    practice.withdrawn = Some(Withdrawn { on, why: "consent_ended".to_owned() });
                }
            }
        }
        had
    }

    /// Publishes a page on a day. `fact` answers how a linked case stands now.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NoConsent`] and [`PracticeError::NotDisposed`] name the first case that
    /// stands in the way, [`PracticeError::TooEarly`] is for a day before the page was written or
    /// withdrawn, [`PracticeError::Unknown`] and [`PracticeError::IsPublished`].
    pub fn publish<'a>(
        &mut self,
        code: &PracticeCode,
        on: NaiveDate,
        fact: impl Fn(GrievanceId) -> Option<&'a CaseFact>,
    ) -> Result<(), PracticeError> {
        let practice = self.at(code)?;
        practice.is_draft()?;
        if on < practice.written_on || practice.withdrawn.as_ref().is_some_and(|gone| on < gone.on) {
            return Err(PracticeError::TooEarly { field: "published_on" });
        }
        for Linked { case, consent, .. } in &practice.linked {
            if !fact(*case).is_some_and(may_stand) {
                return Err(PracticeError::NotDisposed { case: *case });
            }
            if !consent.as_ref().is_some_and(|consent| practice.is_consented(consent, on)) {
                return Err(PracticeError::NoConsent { case: *case });
            }
        }
        (practice.published_on, practice.withdrawn) = (Some(on), None);
        Ok(())
    }

    /// Takes a page back, on a day, for a reason; it can be written anew and published again.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NotPublished`]; [`PracticeError::TooEarly`] for a day before it was published;
    /// [`PracticeError::Text`], [`PracticeError::Unknown`].
    pub fn withdraw(&mut self, code: &PracticeCode, on: NaiveDate, why: &str) -> Result<(), PracticeError> {
        let practice = self.at(code)?;
        let since = practice.published()?;
        let why = page::text("why", why)?;
        if on < since {
            return Err(PracticeError::TooEarly { field: "withdrawn_on" });
        }
        practice.published_on = None;
        practice.withdrawn = Some(Withdrawn { on, why });
        Ok(())
    }

    /// Records that another office does it, too. Said twice of one office, the earlier day counts.
    ///
    /// # Errors
    ///
    /// [`PracticeError::NotPublished`]; [`PracticeError::NotInTheRulebook`];
    /// [`PracticeError::TooEarly`] for a day before it was published; [`PracticeError::Text`] for the
    /// office that it comes from; [`PracticeError::Unknown`].
    pub fn repeat(
        &mut self,
        code: &PracticeCode,
        repetition: Repetition,
        rulebook: &Rulebook,
    ) -> Result<(), PracticeError> {
        let practice = self.at(code)?;
        let since = practice.published()?;
        if rulebook.directory().get(&repetition.unit).is_none() {
            return Err(PracticeError::NotInTheRulebook { field: "unit" });
        }
        if repetition.unit == practice.unit {
            return Err(PracticeError::Text { field: "unit", problem: "is the office that it comes from" });
        }
        if repetition.on < since {
            return Err(PracticeError::TooEarly { field: "repeated_on" });
        }
        match practice.repeated.iter_mut().find(|one| one.unit == repetition.unit) {
            Some(before) => before.on = before.on.min(repetition.on),
            None => practice.repeated.push(repetition),
        }
        practice.repeated.sort_unstable_by(|one, other| (one.on, &one.unit).cmp(&(other.on, &other.unit)));
        Ok(())
    }

    /// Every page, published or not, in the order of their codes.
    pub fn practices(&self) -> &[Practice] {
        &self.practices
    }

    /// The page of that code.
    pub fn get(&self, code: &PracticeCode) -> Option<&Practice> {
        self.practices.binary_search_by(|one| one.code.cmp(code)).ok().map(|at| &self.practices[at])
    }

    fn at(&mut self, code: &PracticeCode) -> Result<&mut Practice, PracticeError> {
        match self.practices.binary_search_by(|one| one.code.cmp(code)) {
            Ok(at) => Ok(&mut self.practices[at]),
            Err(_) => Err(PracticeError::Unknown { code: code.clone() }),
        }
    }

    /// The register as a document, one text for one register.
    pub fn text(&self) -> String {
        crate::proof::canonical::to_canonical(self).expect("a register has no fractions")
    }

    /// Reads a register that was kept.
    ///
    /// # Errors
    ///
    /// [`PracticeError::Unreadable`] when it is no such document, is of a later version, or says what
    /// no register could come to: two pages of one code, or a published page without steps or consent.
    pub fn read(text: &str) -> Result<Self, PracticeError> {
        let unreadable = PracticeError::Unreadable;
        let read: Self = serde_json::from_str(text).map_err(|_| unreadable("it is no register"))?;
        if read.v != FORMAT {
            return Err(unreadable("it is of another version"));
        }
        if !read.practices.is_sorted_by(|one, next| one.code < next.code) {
            return Err(unreadable("its pages are not in the order of their codes"));
        }
        match read.practices.iter().find_map(Practice::fault) {
            Some(fault) => Err(unreadable(fault)),
            None => Ok(read),
        }
    }
}

/// Whether a case may stand behind a page.
fn may_stand(case: &CaseFact) -> bool {
    case.sealed.is_none() && case.phase == Phase::Disposed
}
