//! A desk in the process as one actor uses it at one instant.

use crate::convert::json;
use crate::fault::Result;
use crate::record::{Done, Offer, Progress};
use grievance_core::Request;
use grievance_core::desk::flat::Flat as _;
use grievance_core::desk::{self, DeskError, Measure, Paper};
use grievance_core::host::given::{may_read, read};
use grievance_core::host::{Shared, Taken as _, Terms};
use grievance_core::store::search::Search;
use std::sync::Arc;

/// The desk as one actor uses it at one instant.
#[derive(uniffi::Object)]
pub struct Acting {
    pub(crate) desk: Arc<Shared>,
    pub(crate) terms: Terms,
}

impl Acting {
    fn ask<T>(
        &self,
        question: impl FnOnce(&desk::Acting<'_>) -> std::result::Result<T, DeskError>,
    ) -> Result<T> {
        Ok(self.desk.ask(|desk| question(&self.terms.acting(desk)))?)
    }
}

#[uniffi::export]
impl Acting {
    /// Answers a question of a complainant's app: the other end of a transport. What cannot be
    /// answered, too, is an answer.
    pub fn serve(&self, question: String) -> Result<String> {
        self.ask(|acting| Ok(acting.serve(&question)))
    }

    /// Submits a request of any verb, as JSON with its `action`; no case for a lodging only.
    #[uniffi::method(default(case = None))]
    pub fn submit(&self, request: String, case: Option<String>) -> Result<Done> {
        let case = may_read("case", case.as_deref())?;
        let done = self.ask(|acting| acting.submit(case, &Request::from_json(&request)?))?;
        Ok(done.flat().taken())
    }

    /// A measure over the cases that the actor sees, asked as JSON with its `what`; the rows of the
    /// answer as canonical JSON. The office's guide to measures says what each counts.
    pub fn measure(&self, question: String) -> Result<String> {
        let sheet = self.ask(|acting| acting.measure(&Measure::from_json(&question)?))?;
        json(&sheet.objects())
    }

    /// What an office gives out of its reviews, and keeps, asked as JSON with its `what`; the answer as canonical JSON. To a
    /// complainant who has an edition and a proof, `check_counted` says whether their case stands behind a printed count.
    pub fn paper(&self, question: String) -> Result<String> {
        self.ask(|acting| acting.paper(&Paper::from_json(&question)?))
    }

    /// A case as it stands, with what may be read of it and its history, as canonical JSON: the fields of `CaseView`, as in
    /// every language.
    pub fn case(&self, case: String) -> Result<String> {
        let case = read("case", &case)?;
        json(&self.ask(|acting| acting.case(case))?.flat())
    }

    /// A case's history, oldest event first, as canonical JSON: of each event the fields of `EventView`, as in every
    /// language.
    pub fn history(&self, case: String) -> Result<String> {
        let case = read("case", &case)?;
        json(&self.ask(|acting| acting.history(case))?.flat())
    }

    /// What a complainant is shown of a case: where it is, by when, and what comes next.
    pub fn progress(&self, case: String) -> Result<Progress> {
        let case = read("case", &case)?;
        Ok(self.ask(|acting| acting.progress(case))?.flat().taken())
    }

    /// What the actor can do with a case: every action, allowed or with what is missing.
    pub fn options(&self, case: String) -> Result<Vec<Offer>> {
        let case = read("case", &case)?;
        Ok(self.ask(|acting| acting.options(case))?.flat().taken())
    }

    /// The identities of the cases that the actor sees, newest lodging first, up to a page of them.
    pub fn cases(&self) -> Result<Vec<String>> {
        let page = self.ask(|acting| acting.search(&Search::default()))?;
        Ok(page.cases.iter().map(|row| row.id.to_string()).collect())
    }
}
