//! A desk in the process as one actor uses it at one instant.

use crate::code::VerifiedMobile;
use crate::convert::{Shown, json, may_read, read};
use crate::desk::Opened;
use crate::fault::Result;
use crate::record::{Done, Offer, Progress};
use chrono::{DateTime, Utc};
use grievance_core::desk::{self, DeskError, Measure, StepDone};
use grievance_core::rulebook::access::Actor;
use grievance_core::store::search::Search;
use grievance_core::{CommandId, Request};
use std::sync::Arc;

/// Who asks the desk, when and under which conditions.
pub(crate) struct Terms {
    pub(crate) desk: Arc<Opened>,
    pub(crate) actor: Actor,
    pub(crate) now: DateTime<Utc>,
    pub(crate) command: Option<CommandId>,
    pub(crate) expecting: Option<u64>,
    pub(crate) verified: Option<Arc<VerifiedMobile>>,
}

impl Terms {
    fn ask<T>(
        &self,
        question: impl FnOnce(&desk::Acting<'_>) -> std::result::Result<T, DeskError>,
    ) -> Result<T> {
        self.desk.ask(|desk| {
            let mut acting = desk.by(&self.actor, self.now);
            if let Some(command) = self.command {
                acting = acting.command(command);
            }
            if let Some(version) = self.expecting {
                acting = acting.expecting(version);
            }
            if let Some(mobile) = &self.verified {
                acting = acting.verified(&mobile.0);
            }
            question(&acting)
        })
    }
}

/// The desk as one actor uses it at one instant.
#[derive(uniffi::Object)]
pub struct Acting(pub(crate) Terms);

#[uniffi::export]
impl Acting {
    /// Answers a question of a complainant's app: the other end of a transport. What cannot be
    /// answered, too, is an answer.
    pub fn serve(&self, question: String) -> Result<String> {
        self.0.ask(|acting| Ok(acting.serve(&question)))
    }

    /// Submits a request of any verb, as JSON with its `action`; no case for a lodging only.
    #[uniffi::method(default(case = None))]
    pub fn submit(&self, request: String, case: Option<String>) -> Result<Done> {
        let case = may_read("case", case.as_deref())?;
        let done = self.0.ask(|acting| acting.submit(case, &Request::from_json(&request)?))?;
        Ok(StepDone::from(done).into())
    }

    /// A measure over the cases that the actor sees, asked as JSON with its `what`; the rows of the
    /// answer as canonical JSON. The office's guide to measures says what each counts.
    pub fn measure(&self, question: String) -> Result<String> {
        let sheet = self.0.ask(|acting| acting.measure(&Measure::from_json(&question)?))?;
        json(&sheet.objects())
    }

    /// A case as it stands, with what may be read of it and its history, as canonical JSON.
    pub fn case(&self, case: String) -> Result<String> {
        let case = read("case", &case)?;
        json(&self.0.ask(|acting| acting.case(case))?)
    }

    /// A case's history, oldest event first, as canonical JSON.
    pub fn history(&self, case: String) -> Result<String> {
        let case = read("case", &case)?;
        json(&self.0.ask(|acting| acting.history(case))?)
    }

    /// What a complainant is shown of a case: where it is, by when, and what comes next.
    pub fn progress(&self, case: String) -> Result<Progress> {
        let case = read("case", &case)?;
        self.0.ask(|acting| acting.progress(case)).map(Progress::from)
    }

    /// What the actor can do with a case: every action, allowed or with what is missing.
    pub fn options(&self, case: String) -> Result<Vec<Offer>> {
        let case = read("case", &case)?;
        self.0.ask(|acting| acting.options(case)).map(Shown::shown)
    }

    /// The identities of the cases that the actor sees, newest lodging first, up to a page of them.
    pub fn cases(&self) -> Result<Vec<String>> {
        let page = self.0.ask(|acting| acting.search(&Search::default()))?;
        Ok(page.cases.iter().map(|row| row.id.to_string()).collect())
    }
}
