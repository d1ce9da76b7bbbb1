//! The desk: opened by an address, closed when it is no longer needed.

use crate::acting::{Acting, Terms};
use crate::code::{self, CodeDesk, VerifiedMobile};
use crate::convert::{Instant, Shown, instant, may_be_instant, may_read, read};
use crate::fault::{Fault, guarded};
use crate::keys::{KeyRing, MacKeys};
use crate::later::{Answer, Later, json, later};
use crate::message::Sending;
use crate::record::{
    Activation, Delivered, Parked, Posted, Progress, StoredHistory, Swept, Tracked, Written, all,
};
use crate::rulebook::Rulebook;
use grievance_core::desk::{SeededMint, SystemMint};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::NoticeId;
use grievance_core::kernel::text::Mint;
use grievance_core::rulebook::access::Actor;
use grievance_core::sql::Dialect;
use grievance_core::store::{Holding, Store};
use grievance_core::{Desk as Core, ErrorCode, MemoryStore};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, RwLock};

/// A desk that several handles share, until one of them closes it.
pub(crate) struct Opened {
    desk: RwLock<Option<Arc<Core>>>,
    /// What its database speaks, where it has one.
    pub(crate) dialect: Option<Dialect>,
}

impl Opened {
    /// Asks the desk, which may be closed.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Core) -> Result<T, Fault>) -> Result<T, Fault> {
        let desk = self.desk.read().ok().and_then(|desk| desk.clone());
        let closed = || Fault::new(ErrorCode::DeskClosed, "desk", "the desk was closed");
        question(&*desk.ok_or_else(closed)?)
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

/// Where a desk's cases are kept.
enum Place {
    Memory,
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "a build may leave the store out"))]
    Sqlite(String),
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a build may leave the store out"))]
    Postgres(String),
}

impl Place {
    fn of(url: &str) -> Result<Self, Fault> {
        if url == ":memory:" {
            return Ok(Self::Memory);
        }
        if let Some(path) = url.strip_prefix("sqlite:///").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(Fault::new(ErrorCode::InvalidCommand, "url", "is no address of a store")
            .hint("one of :memory:, sqlite:///path, postgresql://…"))
    }

    const fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Memory => None,
            Self::Sqlite(_) => Some(Dialect::Sqlite),
            Self::Postgres(_) => Some(Dialect::Postgres),
        }
    }

    fn open(&self, tenant: &TenantCode) -> Result<Arc<dyn Store>, Fault> {
        match self {
            Self::Memory => Ok(MemoryStore::default().tenant(tenant)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) => Ok(grievance_core::SqliteStore::open(path)?.tenant(tenant)),
            #[cfg(feature = "postgres")]
            Self::Postgres(config) => Ok(grievance_core::PostgresStore::open(config)?.tenant(tenant)),
            #[allow(unreachable_patterns, reason = "a build may leave a store out")]
            Self::Sqlite(_) | Self::Postgres(_) => {
                Err(Fault::new(ErrorCode::Storage, "url", "this build of the package has no such store"))
            }
        }
    }
}

/// Who acts, as texts.
#[derive(Deserialize)]
struct ActorTexts {
    on_behalf_of: Option<String>,
    person: String,
    post: Option<String>,
    role: String,
    tenure: Option<String>,
    unit: Option<String>,
}

impl ActorTexts {
    fn actor(&self) -> Result<Actor, Fault> {
        let Self { on_behalf_of, person, post, role, tenure, unit } = self;
        Ok(Actor {
            on_behalf_of: may_read("on_behalf_of", on_behalf_of.as_deref())?,
            person: read("person", person)?,
            post: may_read("post", post.as_deref())?,
            role: read("role", role)?,
            tenure: may_read("tenure", tenure.as_deref())?,
            unit: may_read("unit", unit.as_deref())?,
        })
    }
}

/// Who holds which post since when, as texts.
#[derive(Deserialize)]
struct HoldingTexts {
    unit: String,
    post: String,
    person: String,
    since: String,
    until: Option<String>,
    tenure: Option<String>,
}

impl HoldingTexts {
    fn holding(&self) -> Result<Holding, Fault> {
        let Self { unit, post, person, since, until, tenure } = self;
        Ok(Holding {
            unit: read("unit", unit)?,
            post: read("post", post)?,
            person: read("person", person)?,
            tenure: read("tenure", tenure.as_deref().unwrap_or("holder"))?,
            from: instant("since", since)?,
            until: may_be_instant("until", until.as_deref())?,
        })
    }
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
            let place = Place::of(&url)?;
            let keys = match (keys, &place) {
                (Some(keys), _) => keys,
                (None, Place::Memory) => grievance_core::KeyRing::for_tests(),
                (None, Place::Sqlite(_) | Place::Postgres(_)) => {
                    let fault =
                        Fault::new(ErrorCode::KeyMissing, "keys", "a desk that is kept needs a key ring");
                    return Err(fault.hint("new KeyRing(\"2026-11\", randomBytes(32)), and keep the secret"));
                }
            };
            let tenant: TenantCode = read("tenant", &tenant)?;
            let mint: Box<dyn Mint + Send> = match seed {
                Some(seed) => Box::new(SeededMint::new(read("seed", &seed)?)),
                None => Box::new(SystemMint),
            };
            let desk = Core::with_mint(place.open(&tenant)?, tenant, keys, mint);
            let desk = RwLock::new(Some(Arc::new(desk)));
            Ok(Self(Arc::new(Opened { desk, dialect: place.dialect() })))
        })
    }

    #[napi]
    pub fn close(&self) -> Answer {
        let opened = Arc::clone(&self.0);
        later(move || {
            let desk = opened.desk.write().ok().and_then(|mut desk| desk.take());
            drop(desk);
            Ok(json(&()))
        })
    }

    #[napi]
    pub fn activate(&self, rulebook: &Rulebook, at: String) -> Answer {
        let rulebook = rulebook.rulebook.clone();
        self.0.answer(move |desk| Ok(Activation::from(desk.activate(rulebook, instant("at", &at)?)?)))
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
            Ok(Acting(Arc::new(Terms {
                desk: Arc::clone(&self.0),
                actor: texts::<ActorTexts>("actor", &actor)?.actor()?,
                now: instant("now", &now)?,
                command: may_read("command", command.as_deref())?,
                // A whole number that JavaScript tells apart from its neighbours: `index.cjs` looks.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as it says")]
                expecting: expecting.map(|version| version as u64),
                verified: verified.map(|mobile| mobile.0.clone()),
            })))
        })
    }

    #[napi]
    pub fn sweep(&self, at: String, limit: u32) -> Answer {
        self.0.answer(move |desk| Ok(Swept::from(desk.sweep(instant("at", &at)?, limit as usize)?)))
    }

    #[napi]
    pub fn appoint(&self, holding: String) -> Answer {
        self.0.answer(move |desk| {
            let holding = texts::<HoldingTexts>("holding", &holding)?.holding()?;
            Ok(desk.appoint(&holding)?)
        })
    }

    #[napi]
    pub fn deliver(&self, at: String, limit: u32) -> napi::Result<Sending> {
        Sending::begin(&self.0, move |desk, gateway| {
            Ok(Delivered::from(desk.deliver(instant("at", &at)?, gateway, limit as usize)?))
        })
    }

    #[napi]
    pub fn delivery_report(&self, reference: String, received_at: String) -> Answer {
        self.0.answer(move |desk| {
            let found = desk.delivery_report(&reference, instant("received_at", &received_at)?)?;
            Ok(Shown::<Vec<String>>::shown(found))
        })
    }

    #[napi]
    pub fn notices(&self, case: String) -> Answer {
        self.0.answer(move |desk| Ok(all::<Posted, _>(desk.store().notices_of(read("case", &case)?)?)))
    }

    #[napi]
    pub fn parked(&self, limit: u32) -> Answer {
        self.0.answer(move |desk| Ok(all::<Parked, _>(desk.store().parked(limit as usize)?)))
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
        self.0.answer(move |desk| Ok(Shown::<Option<Instant>>::shown(desk.next_due(instant("at", &at)?)?)))
    }

    #[napi]
    pub fn answer_sms(&self, mobile: String, text: String, at: String) -> Answer {
        self.0.answer(move |desk| {
            let mobile = code::mobile(&mobile)?;
            Ok(Written::from(desk.answer_sms(&mobile, &text, instant("at", &at)?)?))
        })
    }

    #[napi]
    pub fn track(&self, code: String, at: String) -> Answer {
        self.0.answer(move |desk| Ok(desk.track(&code, instant("at", &at)?)?.map(Tracked::from)))
    }

    #[napi]
    pub fn track_by_mobile(&self, verified: &VerifiedMobile, number: String, at: String) -> Answer {
        let mobile = verified.0.clone();
        self.0.answer(move |desk| {
            let at = instant("at", &at)?;
            Ok(desk.track_by_mobile(&mobile, &number, at)?.map(Progress::from))
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
        self.0.answer(move |desk| Ok(StoredHistory::from(desk.stored_history(read("case", &case)?)?)))
    }
}
