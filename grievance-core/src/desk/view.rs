//! Looking at cases: what a desk shows.
//!
//! Who may see what comes with a later milestone; until then a host shows views only to those
//! who may see the whole case.

use crate::desk::{Desk, DeskError};
use crate::grievance::event::Recorded;
use crate::grievance::moment::Moment;
use crate::grievance::options::{Offer, options};
use crate::grievance::outlook::{Explanation, Progress, explain, progress};
use crate::grievance::project::CaseFact;
use crate::grievance::read::TrackingCode;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::kernel::time::whole_millis;
use crate::rulebook::access::Actor;
use crate::store::Holding;
use crate::store::search::{Page, Search};
use crate::vocabulary::TargetKind;
use chrono::{DateTime, Utc};

/// A case as a desk shows it: as it stands, and how it came there.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseView {
    /// The case.
    pub case: Grievance,
    /// Its flat row.
    pub fact: CaseFact,
    /// Its history, oldest event first.
    pub history: Vec<Recorded>,
}

impl Desk {
    /// A case with its history.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for an unknown case; [`DeskError::Store`] when the store fails.
    pub fn case(&self, case: GrievanceId) -> Result<CaseView, DeskError> {
        let history = self.store.history(case)?.events;
        let case = Grievance::replay(&history).ok_or(Refusal::NotFound)?;
        Ok(CaseView { fact: CaseFact::of(&case), case, history })
    }

    /// A case's history, oldest event first; empty for an unknown case.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn history(&self, case: GrievanceId) -> Result<Vec<Recorded>, DeskError> {
        Ok(self.store.history(case)?.events)
    }

    /// What a complainant is shown of a case: where it is, the public due date with its reasons,
    /// and what comes next if nobody acts.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for an unknown case; [`DeskError::Store`] when the store fails.
    pub fn progress(&self, case: GrievanceId, now: DateTime<Utc>) -> Result<Progress, DeskError> {
        let rulebook = self.rulebook(whole_millis(now))?;
        let case = Grievance::replay(&self.store.history(case)?.events).ok_or(Refusal::NotFound)?;
        Ok(progress(&case, &rulebook, &Self::system()))
    }

    /// Why a deadline of a case is due when it is; `None` when it has none of that kind.
    ///
    /// # Errors
    ///
    /// As [`progress`](Self::progress).
    pub fn explain(
        &self,
        case: GrievanceId,
        target: TargetKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Explanation>, DeskError> {
        let rulebook = self.rulebook(whole_millis(now))?;
        let case = Grievance::replay(&self.store.history(case)?.events).ok_or(Refusal::NotFound)?;
        Ok(explain(&case, target, &rulebook))
    }

    /// A page of cases.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] for a name without a word to seek, or a mobile that is none;
    /// [`DeskError::Store`] when the store fails.
    pub fn search(&self, search: &Search) -> Result<Page, DeskError> {
        Ok(self.store.search(&self.blinded(search)?)?)
    }

    /// The case of an anonymous complainant's tracking code, however it was typed; `None` for a
    /// code that was never given.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn track(&self, typed: &str) -> Result<Option<GrievanceId>, DeskError> {
        Ok(self.store.find_tracking(TrackingCode::digest(typed))?)
    }

    /// What an actor can do with a case at an instant: every action, allowed or with what is
    /// missing.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for an unknown case; [`DeskError::Store`] when the store fails.
    pub fn options(
        &self,
        case: GrievanceId,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<Offer>, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let case = Grievance::replay(&self.store.history(case)?.events).ok_or(Refusal::NotFound)?;
        let since = self.since(&case, now, &rulebook)?;
        Ok(options(Some(&case), &Moment { since, ..Moment::new(now, actor, &rulebook) }))
    }

    /// Records who holds a post.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] when the rulebook in force at its beginning has no such unit or post,
    /// [`Refusal::Invalid`] when it ends before it begins.
    pub fn appoint(&self, holding: &Holding) -> Result<(), DeskError> {
        let rulebook = self.rulebook(holding.from)?;
        if rulebook.directory().get(&holding.unit).is_none() {
            return Err(Refusal::Unknown { field: "unit", code: holding.unit.to_string() }.into());
        }
        if !rulebook.document().post.iter().any(|entry| holding.post == entry.code.as_str()) {
            return Err(Refusal::Unknown { field: "post", code: holding.post.to_string() }.into());
        }
        if holding.until.is_some_and(|until| until <= holding.from) {
            return Err(
                Refusal::Invalid { field: "until", problem: "does not lie after the beginning" }.into()
            );
        }
        Ok(self.store.appoint(holding)?)
    }

    /// Who holds a post in an office at an instant.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn holders(
        &self,
        unit: &UnitCode,
        post: &PostCode,
        at: DateTime<Utc>,
    ) -> Result<Vec<Holding>, DeskError> {
        Ok(self.store.holders(unit, post, at)?)
    }
}
