//! Where a case stands, for whoever has shown to have one of its mobiles.

use crate::desk::{Desk, DeskError, Look};
use crate::grievance::outlook::Progress;
use crate::grievance::state::Grievance;
use crate::kernel::id::VaultId;
use crate::kernel::mobile::Mobile;
use crate::kernel::time::whole_millis;
use crate::otp::VerifiedMobile;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Scope;
use crate::store::search::Search;
use crate::vocabulary::{LookPurpose, Purpose};
use chrono::{DateTime, Utc};

impl Desk {
    /// Where the case of a registration number stands, for whoever has verified a mobile that it
    /// has: the complainant's, a representative's or a signatory's. The number is read as people
    /// type it, and may be that of another system. Of a divided case it is the whole.
    ///
    /// `None` for a number that nobody has, and just so for a case of other mobiles.
    ///
    /// # Errors
    ///
    /// [`DeskError::Token`] when the mobile was verified for something else than to
    /// [`Track`](Purpose::Track), for another government, or too long ago; [`DeskError::Store`] and
    /// [`DeskError::NoRulebook`].
    pub fn track_by_mobile(
        &self,
        verified: &VerifiedMobile,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Progress>, DeskError> {
        let now = whole_millis(now);
        verified.check(&self.tenant, Purpose::Track, now)?;
        let rulebook = self.rulebook(now)?;
        self.how_it_stands(verified.mobile(), number, (&rulebook, now))
    }

    /// Where the case of a number stands, if it is one of this mobile's.
    pub(super) fn how_it_stands(
        &self,
        mobile: &Mobile,
        number: &str,
        (rulebook, now): (&Rulebook, DateTime<Utc>),
    ) -> Result<Option<Progress>, DeskError> {
        let read = rulebook.numbers().parse(rulebook.number_prefix(), number);
        // A number of before the pattern, or of another office, is taken as it is.
        let number = read.map_or_else(|_| number.trim().to_owned(), |read| read.number.to_string());
        let external_number = Some(number.clone());
        let mut found = self.numbered(Search { number: Some(number), ..Search::default() })?;
        if found.is_empty() {
            found = self.numbered(Search { external_number, ..Search::default() })?;
        }
        for case in found {
            let system = Self::system();
            let look = Look { actor: &system, case: case.id, purpose: LookPurpose::Tracking, now };
            let theirs = self.words(&look, &mobiles(&case))?;
            if theirs.iter().any(|text| text.content == mobile.e164()) {
                return Ok(Some(self.progress_of(&case, rulebook, now)?));
            }
        }
        Ok(None)
    }

    /// The cases of a number, without the parts that share it.
    fn numbered(&self, search: Search) -> Result<Vec<Grievance>, DeskError> {
        let page = self.store.search(&Scope::All, &Search { limit: Search::MOST, ..search })?;
        let mut cases = Vec::new();
        for fact in page.cases.into_iter().filter(|fact| fact.part_of.is_none()) {
            cases.extend(Grievance::replay(&self.store.history(fact.id)?.events));
        }
        Ok(cases)
    }
}

/// The mobiles by which somebody may ask for a case.
fn mobiles(case: &Grievance) -> Vec<VaultId> {
    let who = &case.subject.complainant;
    let signed = who.signatory_mobiles.iter().flatten();
    who.mobile.iter().chain(&who.representative).chain(signed).map(|text| text.id).collect()
}
