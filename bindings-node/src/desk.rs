//! The desk: opened by an address, closed when it is no longer needed.

use crate::acting::{Acting, Asking};
use crate::code::{CodeDesk, VerifiedMobile};
use crate::fault::{Fault, guarded};
use crate::keys::{KeyRing, MacKeys};
use crate::later::{Answer, Later, json, later};
use crate::message::Sending;
use crate::rulebook::Rulebook;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::given::{self, ActorTexts, HoldingTexts, instant, may_be_instant, may_read, read};
use grievance_core::host::{self, Address, Shared, Terms};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::NoticeId;
use grievance_core::sql::Dialect;
use grievance_core::{Desk as Core, ErrorCode};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;

/// A desk that several handles share, until one of them closes it.
pub(crate) struct Opened {
    desk: Shared,
    /// What its database speaks, where it has one.
    pub(crate) dialect: Option<Dialect>,
}

impl Opened {
    /// Asks the desk, which may be closed.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Core) -> Result<T, Fault>) -> Result<T, Fault> {
        self.desk.ask(question)
    }

    /// A promise of what the desk answers.
    pub(crate) fn answer<T: Serialize>(
        self: &Arc<Self>,
        question: impl FnOnce(&Core) -> Result<T, Fault> + Send + 'static,
    ) -> Answer {
        let desk = Arc::clone(self);
        later(move || Ok(json(&desk.ask(question)?)))
    }
}

/// Who holds which post since when, as texts.
#[derive(Deserialize)]
struct Held {
    since: String,
    until: Option<String>,
    #[serde(flatten)]
    texts: HoldingTexts,
}

/// Reads texts that `index.cjs` has put into an object.
pub(crate) fn texts<T: for<'de> Deserialize<'de>>(place: &str, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text)
        .map_err(|_| Fault::new(ErrorCode::InvalidCommand, place, "is not what it should be"))
}

/// One government's grievance desk: its rulebook versions, its store, its rules.
#[napi]
pub struct Desk(Arc<Opened>);

#[napi]
impl Desk {
    #[napi]
    pub fn open(
        url: String,
        tenant: String,
        keys: Option<&KeyRing>,
        seed: Option<String>,
    ) -> AsyncTask<Later<Desk>> {
        let keys = keys.map(|keys| keys.0.clone());
        later(move || {
            let address = Address::of(&url)?;
            let keys =
                address.keys(keys, "new KeyRing(\"2026-11\", randomBytes(32)), and keep the secret")?;
            let tenant: TenantCode = read("tenant", &tenant)?;
            let seed = may_read("seed", seed.as_deref())?;
            let desk = Shared::new(host::open(&address, tenant, keys, seed)?);
            Ok(Self(Arc::new(Opened { desk, dialect: address.dialect() })))
        })
    }

    #[napi]
    pub fn close(&self) -> Answer {
        let opened = Arc::clone(&self.0);
        later(move || {
            opened.desk.shut();
            Ok(json(&()))
        })
    }

    #[napi]
    pub fn activate(&self, rulebook: &Rulebook, at: String) -> Answer {
        let rulebook = rulebook.rulebook.clone();
        self.0.answer(move |desk| Ok(desk.activate(rulebook, instant("at", &at)?)?.flat()))
    }

    #[napi]
    pub fn move_cases(&self, actor: String, at: String, after: Option<String>, limit: u32) -> Answer {
        self.0.answer(move |desk| {
            let actor = texts::<ActorTexts>("actor", &actor)?.read()?;
            let (at, after) = (instant("at", &at)?, may_read("after", after.as_deref())?);
            Ok(desk.move_cases(&actor, at, after, limit as usize)?.flat())
        })
    }

    #[napi]
    pub fn by(
        &self,
        actor: String,
        now: String,
        command: Option<String>,
        expecting: Option<f64>,
        verified: Option<&VerifiedMobile>,
    ) -> napi::Result<Acting> {
        guarded(|| {
            let terms = Terms {
                actor: texts::<ActorTexts>("actor", &actor)?.read()?,
                now: instant("now", &now)?,
                command: may_read("command", command.as_deref())?,
                // A whole number that JavaScript tells apart from its neighbours: `index.cjs` looks.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as it says")]
                expecting: expecting.map(|version| version as u64),
                verified: verified.map(|mobile| mobile.0.clone()),
            };
            Ok(Acting(Arc::new(Asking { desk: Arc::clone(&self.0), terms })))
        })
    }

    #[napi]
    pub fn sweep(&self, at: String, limit: u32) -> Answer {
        self.0.answer(move |desk| Ok(desk.sweep(instant("at", &at)?, limit as usize)?.flat()))
    }

    #[napi]
    pub fn checkpoint(&self, at: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.checkpoint(instant("at", &at)?)?.flat()))
    }

    #[napi]
    pub fn last_checkpoint(&self) -> Answer {
        self.0.answer(move |desk| Ok(desk.last_checkpoint()?.flat()))
    }

    #[napi]
    pub fn check_receipt(&self, number: String, receipt: String, at: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.check_receipt(&number, &receipt, instant("at", &at)?)?.flat()))
    }

    #[napi]
    pub fn appoint(&self, holding: String) -> Answer {
        self.0.answer(move |desk| {
            let Held { since, until, texts } = texts("holding", &holding)?;
            let (since, until) = (instant("since", &since)?, may_be_instant("until", until.as_deref())?);
            Ok(desk.appoint(&texts.read(since, until)?)?)
        })
    }

    #[napi]
    pub fn deliver(&self, at: String, limit: u32) -> napi::Result<Sending> {
        Sending::begin(&self.0, move |desk, gateway| {
            let (at, began) = (instant("at", &at)?, Instant::now());
            let taken = || given::taken(began.elapsed());
            Ok(desk.deliver_timed(at, &taken, gateway, limit as usize)?.flat())
        })
    }

    #[napi]
    pub fn delivery_report(&self, reference: String, received_at: String) -> Answer {
        self.0
            .answer(move |desk| Ok(desk.delivery_report(&reference, instant("received_at", &received_at)?)?))
    }

    #[napi]
    pub fn notices(&self, case: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.store().notices_of(read("case", &case)?)?.flat()))
    }

    #[napi]
    pub fn parked(&self, limit: u32) -> Answer {
        self.0.answer(move |desk| Ok(desk.store().parked(limit as usize)?.flat()))
    }

    #[napi]
    pub fn revive(&self, notice: String, at: String) -> Answer {
        self.0.answer(move |desk| {
            let (notice, at): (NoticeId, _) = (read("notice", &notice)?, instant("at", &at)?);
            Ok(desk.store().revive(notice, at)?)
        })
    }

    #[napi]
    pub fn next_due(&self, at: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.next_due(instant("at", &at)?)?))
    }

    #[napi]
    pub fn answer_sms(&self, mobile: String, text: String, at: String) -> Answer {
        self.0.answer(move |desk| {
            let mobile = given::mobile(&mobile)?;
            Ok(desk.answer_sms(&mobile, &text, instant("at", &at)?)?.flat())
        })
    }

    #[napi]
    pub fn track(&self, code: String, at: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.track(&code, instant("at", &at)?)?.flat()))
    }

    #[napi]
    pub fn track_by_mobile(&self, verified: &VerifiedMobile, number: String, at: String) -> Answer {
        let mobile = verified.0.clone();
        self.0.answer(move |desk| {
            let at = instant("at", &at)?;
            Ok(desk.track_by_mobile(&mobile, &number, at)?.flat())
        })
    }

    #[napi]
    pub fn otp(&self, keys: &MacKeys) -> CodeDesk {
        CodeDesk { desk: Arc::clone(&self.0), keys: keys.0.clone() }
    }

    #[napi]
    pub fn facts(&self, case: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.facts(read("case", &case)?)?))
    }

    #[napi]
    pub fn stored_history(&self, case: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.stored_history(read("case", &case)?)?.flat()))
    }
}
