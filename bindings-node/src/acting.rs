//! The desk as one actor uses it at one instant: the table of its verbs, and looks.

use crate::cases::{Cases, Table};
use crate::convert::{day, may_be_instant, may_read, read, read_all};
use crate::desk::{Opened, texts};
use crate::fault::Fault;
use crate::later::{Answer, Later, json, later};
use crate::record::{self, CaseView, Done, EventView, Offer, Preparation, Progress, RowPage, ShownWord};
use chrono::{DateTime, Utc};
use grievance_core::desk;
use grievance_core::grievance::request::Request;
use grievance_core::measure::cases::sheets::{self, within_calendar};
use grievance_core::measure::statement::Mis;
use grievance_core::otp::VerifiedMobile;
use grievance_core::render::mis::mis_page;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::blind::Sought;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::Field;
use grievance_core::{CommandId, ErrorCode};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who asks the desk, when and under which conditions.
pub(crate) struct Terms {
    pub(crate) desk: Arc<Opened>,
    pub(crate) actor: Actor,
    pub(crate) now: DateTime<Utc>,
    pub(crate) command: Option<CommandId>,
    pub(crate) expecting: Option<u64>,
    pub(crate) verified: Option<VerifiedMobile>,
}

impl Terms {
    /// Asks the desk as this actor.
    pub(crate) fn ask<T>(
        &self,
        question: impl FnOnce(&desk::Acting<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.desk.ask(|desk| {
            let mut acting = desk.by(&self.actor, self.now);
            if let Some(command) = self.command {
                acting = acting.command(command);
            }
            if let Some(version) = self.expecting {
                acting = acting.expecting(version);
            }
            if let Some(mobile) = &self.verified {
                acting = acting.verified(mobile);
            }
            question(&acting)
        })
    }
}

/// What a search asks for, as texts.
#[derive(Deserialize)]
struct SearchTexts {
    number: Option<String>,
    name: Option<String>,
    mobile: Option<String>,
    email: Option<String>,
    external_number: Option<String>,
    source: Option<String>,
    lodged_from: Option<String>,
    lodged_before: Option<String>,
    units: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    stages: Option<Vec<String>>,
    phases: Option<Vec<String>>,
    after: Option<String>,
    limit: Option<u32>,
}

impl SearchTexts {
    fn search(self) -> Result<Search, Fault> {
        let all = |texts: Option<Vec<String>>| texts.unwrap_or_default();
        Ok(Search {
            number: self.number,
            name: self.name.map(Sought::Words),
            mobile: self.mobile.map(Sought::Words),
            email: self.email.map(Sought::Words),
            external_number: self.external_number,
            source: may_read("source", self.source.as_deref())?,
            lodged_from: may_be_instant("lodged_from", self.lodged_from.as_deref())?,
            lodged_before: may_be_instant("lodged_before", self.lodged_before.as_deref())?,
            units: read_all("units", &all(self.units))?,
            categories: read_all("categories", &all(self.categories))?,
            stages: read_all("stages", &all(self.stages))?,
            phases: read_all("phases", &all(self.phases))?,
            after: may_read("after", self.after.as_deref())?,
            limit: self.limit.unwrap_or_default(),
        })
    }
}

/// The weekly statement of the cases that the actor sees.
fn statement(acting: &desk::Acting<'_>, as_of: &str, rule: &str) -> Result<Mis, Fault> {
    Ok(acting.mis(within_calendar(day("as_of", as_of)?)?, sheets::rule(rule)?)?)
}

/// The desk as one actor uses it at one instant.
#[napi]
pub struct Acting(pub(crate) Arc<Terms>);

impl Acting {
    /// A promise of what the desk answers this actor.
    fn answer<T: Serialize>(
        &self,
        question: impl FnOnce(&desk::Acting<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Answer {
        let terms = Arc::clone(&self.0);
        later(move || Ok(json(&terms.ask(question)?)))
    }
}

#[napi]
impl Acting {
    #[napi]
    pub fn submit(&self, request: String, case: Option<String>) -> Answer {
        self.answer(move |acting| {
            let case = may_read("case", case.as_deref())?;
            Ok(Done::from(
                acting.submit(case, &Request::from_json(&request).map_err(desk::DeskError::from)?)?,
            ))
        })
    }

    #[napi]
    pub fn prepare(&self, request: String, case: Option<String>) -> Answer {
        let opened = Arc::clone(&self.0.desk);
        self.answer(move |acting| {
            let Some(dialect) = opened.dialect else {
                let problem = "a desk in memory has no statements that a host could run";
                return Err(Fault::new(ErrorCode::InvalidCommand, "desk", problem));
            };
            let case = may_read("case", case.as_deref())?;
            let request = Request::from_json(&request).map_err(desk::DeskError::from)?;
            let prepared = acting.prepare(case, &request)?;
            opened.ask(|desk| Ok(Preparation::of(prepared, desk.tenant(), dialect)))
        })
    }

    #[napi]
    pub fn case(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(CaseView::from(acting.case(read("case", &case)?)?)))
    }

    #[napi]
    pub fn history(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(record::all::<EventView, _>(acting.history(read("case", &case)?)?)))
    }

    #[napi]
    pub fn progress(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(Progress::from(acting.progress(read("case", &case)?)?)))
    }

    #[napi]
    pub fn options(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(record::all::<Offer, _>(acting.options(read("case", &case)?)?)))
    }

    #[napi]
    pub fn words(&self, case: String, purpose: String, fields: Vec<String>) -> Answer {
        self.answer(move |acting| {
            let (case, purpose) = (read("case", &case)?, read("purpose", &purpose)?);
            let fields: Vec<Field> = read_all("fields", &fields)?;
            Ok(record::all::<ShownWord, _>(acting.words(case, purpose, &fields)?))
        })
    }

    #[napi]
    pub fn cases(&self, as_of: String) -> AsyncTask<Later<Cases>> {
        let terms = Arc::clone(&self.0);
        later(move || {
            let as_of = within_calendar(day("as_of", &as_of)?)?;
            terms.ask(|acting| Ok(Cases::of(acting.cases(as_of)?)))
        })
    }

    #[napi]
    pub fn mis(&self, as_of: String, rule: String) -> Answer {
        self.answer(move |acting| Ok(Table::of(statement(acting, &as_of, &rule)?.sheet())))
    }

    #[napi]
    pub fn mis_json(&self, as_of: String, rule: String) -> Answer {
        let terms = Arc::clone(&self.0);
        later(move || terms.ask(|acting| Ok(statement(acting, &as_of, &rule)?.to_json())))
    }

    #[napi]
    pub fn mis_html(&self, as_of: String, rule: String, title: String) -> Answer {
        let terms = Arc::clone(&self.0);
        later(move || {
            let rulebook = terms.desk.ask(|desk| Ok(desk.rulebook(terms.now)?))?;
            terms.ask(|acting| Ok(mis_page(&statement(acting, &as_of, &rule)?, &title, &rulebook)))
        })
    }

    #[napi]
    pub fn serve(&self, question: String) -> Answer {
        let terms = Arc::clone(&self.0);
        later(move || terms.ask(|acting| Ok(acting.serve(&question))))
    }

    #[napi]
    pub fn search(&self, search: String) -> Answer {
        self.answer(move |acting| {
            let search = texts::<SearchTexts>("search", &search)?.search()?;
            Ok(RowPage::from(acting.search(&search)?))
        })
    }
}

macro_rules! verbs {
    ($($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        /// Every verb: its action, its sentence, and of each field name, type, whether it must be
        /// there, and its sentence. `index.cjs` makes a method of each row.
        pub(crate) const VERBS: &[(&str, &str, &[(&str, &str, bool, &str)])] = &[
            $((stringify!($method), $doc, &[
                $((stringify!($must), stringify!($must_type), true, $must_doc),)*
                $((stringify!($may), stringify!($may_type), false, $may_doc),)*
            ]),)+
        ];
    };
}
grievance_core::for_verbs!(verbs);
