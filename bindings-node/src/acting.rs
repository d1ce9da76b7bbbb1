//! The desk as one actor uses it at one instant: requests and looks. `index.cjs` makes a method of each row of the verb table.

use crate::cases::{Cases, Table};
use crate::desk::{Opened, texts};
use crate::fault::Fault;
use crate::later::{Answer, Later, json, later};
use crate::record::Preparation;
use grievance_core::ErrorCode;
use grievance_core::desk;
use grievance_core::desk::flat::Flat as _;
use grievance_core::grievance::request::Request;
use grievance_core::host::Terms;
use grievance_core::host::given::{SearchTexts, day, may_be_instant, may_read, read, read_all};
use grievance_core::measure::cases::sheets::{self, within_calendar};
use grievance_core::measure::statement::Mis;
use grievance_core::render::mis::mis_page;
use grievance_core::render::pack::review_html;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::Field;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a search asks for, as texts.
#[derive(Deserialize)]
struct Sought {
    lodged_from: Option<String>,
    lodged_before: Option<String>,
    #[serde(flatten)]
    texts: SearchTexts,
}

/// The weekly statement of the cases that the actor sees.
fn statement(acting: &desk::Acting<'_>, as_of: &str, rule: &str) -> Result<Mis, Fault> {
    Ok(acting.mis(within_calendar(day("as_of", as_of)?)?, sheets::rule(rule)?)?)
}

/// The desk as one actor uses it at one instant.
#[napi]
pub struct Acting(pub(crate) Arc<Asking>);

/// A desk, and who asks it.
pub(crate) struct Asking {
    pub(crate) desk: Arc<Opened>,
    pub(crate) terms: Terms,
}

impl Asking {
    fn ask<T>(&self, question: impl FnOnce(&desk::Acting<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.desk.ask(|desk| question(&self.terms.acting(desk)))
    }
}

impl Acting {
    /// A promise of what the desk answers this actor.
    fn answer<T: Serialize>(
        &self,
        question: impl FnOnce(&desk::Acting<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || Ok(json(&asking.ask(question)?)))
    }
}

#[napi]
impl Acting {
    #[napi]
    pub fn submit(&self, request: String, case: Option<String>) -> Answer {
        self.answer(move |acting| {
            let case = may_read("case", case.as_deref())?;
            let request = Request::from_json(&request).map_err(desk::DeskError::from)?;
            Ok(acting.submit(case, &request)?.flat())
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
        self.answer(move |acting| Ok(acting.case(read("case", &case)?)?.flat()))
    }

    #[napi]
    pub fn history(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(acting.history(read("case", &case)?)?.flat()))
    }

    #[napi]
    pub fn progress(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(acting.progress(read("case", &case)?)?.flat()))
    }

    #[napi]
    pub fn options(&self, case: String) -> Answer {
        self.answer(move |acting| Ok(acting.options(read("case", &case)?)?.flat()))
    }

    #[napi]
    pub fn words(&self, case: String, purpose: String, fields: Vec<String>) -> Answer {
        self.answer(move |acting| {
            let (case, purpose) = (read("case", &case)?, read("purpose", &purpose)?);
            let fields: Vec<Field> = read_all("fields", &fields)?;
            Ok(acting.words(case, purpose, &fields)?.flat())
        })
    }

    #[napi]
    pub fn measure(&self, question: String) -> Answer {
        self.answer(move |acting| Ok(Table::of(acting.measure(&desk::Measure::from_json(&question)?)?)))
    }

    /// A question of the paper table, as JSON with its `what`.
    #[napi]
    pub fn paper(&self, question: String) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || {
            let question = desk::Paper::from_json(&question)?;
            asking.ask(|acting| Ok(acting.paper(&question)?))
        })
    }

    #[napi]
    pub fn review_html(
        &self,
        question: String,
        title: Option<String>,
        language: String,
        lists: Option<String>,
    ) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || {
            let (question, language) = (desk::Measure::from_json(&question)?, read("language", &language)?);
            let (title, lists) = (title.as_deref(), lists.as_deref());
            asking.ask(|acting| Ok(review_html(acting, &question, title, language, lists)?))
        })
    }

    #[napi]
    pub fn cases(&self, as_of: String) -> AsyncTask<Later<Cases>> {
        let asking = Arc::clone(&self.0);
        later(move || {
            let as_of = within_calendar(day("as_of", &as_of)?)?;
            asking.ask(|acting| Ok(Cases::of(acting.cases(as_of)?)))
        })
    }

    #[napi]
    pub fn mis(&self, as_of: String, rule: String) -> Answer {
        self.answer(move |acting| Ok(Table::of(statement(acting, &as_of, &rule)?.sheet())))
    }

    #[napi]
    pub fn mis_json(&self, as_of: String, rule: String) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || asking.ask(|acting| Ok(statement(acting, &as_of, &rule)?.to_json())))
    }

    #[napi]
    pub fn mis_html(&self, as_of: String, rule: String, title: String) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || {
            let rulebook = asking.desk.ask(|desk| Ok(desk.rulebook(asking.terms.now)?))?;
            asking.ask(|acting| Ok(mis_page(&statement(acting, &as_of, &rule)?, &title, &rulebook)))
        })
    }

    #[napi]
    pub fn serve(&self, question: String) -> Answer {
        let asking = Arc::clone(&self.0);
        later(move || asking.ask(|acting| Ok(acting.serve(&question))))
    }

    #[napi]
    pub fn search(&self, search: String) -> Answer {
        self.answer(move |acting| {
            let Sought { lodged_from, lodged_before, texts } = texts("search", &search)?;
            let search = Search {
                lodged_from: may_be_instant("lodged_from", lodged_from.as_deref())?,
                lodged_before: may_be_instant("lodged_before", lodged_before.as_deref())?,
                ..texts.read()?
            };
            Ok(acting.search(&search)?.flat())
        })
    }
}
