//! What an app keeps, and what it asks: drafts and unanswered steps sealed, questions in the protocol.

use crate::fault::{Failure, GrievanceError, Result};
use crate::host::Host;
use crate::rules::Rules;
use grievance_core::desk::{
    Answered, AskRules, AskStep, AskTrack, PROTOCOL, PublicRules, StepDone, TrackedCase,
};
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Compartment, Digest, VaultRow};
use grievance_core::proof::canonical::to_canonical;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::vault::{Content, StoredText};
use grievance_core::{CommandId, ErrorCode, GrievanceId, TenantCode};
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The name under which the rules are kept: they are public, and not sealed.
const RULES: &str = "rules";
/// The identity of the phone's one key.
const KEY: &str = "phone";

/// What is kept sealed.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    /// A lodging that was not sent, or not answered, by its command.
    Draft,
    /// A step that was not answered, by its command.
    Step,
    /// A case as it was last shown, by its identity.
    Case,
}

impl Kept {
    const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Step => "step",
            Self::Case => "case",
        }
    }

    fn name(self, id: Uuid) -> String {
        format!("{}.{}", self.word(), id.simple())
    }
}

/// The app's side: the host, and the rules once they are known.
pub(crate) struct Phone {
    pub(crate) host: Host,
    pub(crate) rules: RwLock<Option<Arc<Rules>>>,
    /// The steps that are being taken, by what they ask, and under which command: two equal ones at the same time are
    /// one. It is never held while the host is asked for something, for the host may ask back.
    pub(crate) taken: Mutex<HashMap<Digest, Weak<OnceLock<CommandId>>>>,
}

impl Phone {
    /// Asks the desk.
    async fn ask(&self, ask: &str, question: impl Serialize + Send) -> Result<Answered> {
        let written = serde_json::to_value(question).ok().and_then(|mut question| {
            let fields = question.as_object_mut()?;
            fields.insert("ask".to_owned(), json!(ask));
            fields.insert("v".to_owned(), json!(PROTOCOL));
            to_canonical(&question).ok()
        });
        let unwritten = || GrievanceError::new(ErrorCode::InvalidCommand, ask, "cannot be written as JSON");
        let answer = self.host.send(written.ok_or_else(unwritten)?).await?;
        match Answered::from_json(&answer) {
            Some(Answered::Failed(failed)) => Err(Failure::from(failed).into()),
            Some(answered) => Ok(answered),
            None => Err(no_answer()),
        }
    }

    /// The command of a step, for as long as one of those who take it holds on to it.
    pub(crate) fn taken(&self, asked: &str) -> Arc<OnceLock<CommandId>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|_, command| command.strong_count() > 0);
        let command = taken.entry(Digest::of(&[asked.as_bytes()])).or_default();
        command.upgrade().unwrap_or_else(|| {
            let fresh = Arc::default();
            *command = Arc::downgrade(&fresh);
            fresh
        })
    }

    pub(crate) async fn ask_rules(&self, have: Option<String>) -> Result<PublicRules> {
        match self.ask("rules", AskRules { have }).await? {
            Answered::Rules(rules) => Ok(*rules),
            _ => Err(no_answer()),
        }
    }

    pub(crate) async fn ask_track(&self, track: AskTrack) -> Result<TrackedCase> {
        match self.ask("track", track).await? {
            Answered::Tracked(tracked) => Ok(*tracked),
            _ => Err(no_answer()),
        }
    }

    pub(crate) async fn ask_step(&self, step: AskStep) -> Result<StepDone> {
        match self.ask("step", step).await? {
            Answered::Done(done) => Ok(done),
            _ => Err(no_answer()),
        }
    }

    fn ring(&self) -> Result<KeyRing> {
        let missing =
            |problem: &dyn std::fmt::Display| GrievanceError::new(ErrorCode::KeyMissing, "keys", problem);
        let secret = self.host.keys.secret();
        let secret = Zeroizing::new(secret.map_err(|thrown| thrown.of_host(ErrorCode::KeyMissing, "keys"))?);
        let key = Key::new(KEY, &secret).map_err(|problem| missing(&problem))?;
        KeyRing::new(key, Vec::new()).map_err(|problem| missing(&problem))
    }

    /// Keeps words sealed, bound to their name.
    pub(crate) fn keep(&self, kept: Kept, id: Uuid, words: String) -> Result<()> {
        let row = VaultRow {
            id: VaultId::from_uuid(id),
            compartment: Compartment::Texts,
            field: kept.word(),
            salt: self.host.random()?,
            content: words,
        };
        let sealed = self.ring()?.keep(&tenant(), nobodys(), row, self.host.random()?);
        match sealed.content {
            Content::Sealed { bytes, .. } => self.host.put(&kept.name(id), bytes),
            Content::Open { .. } => {
                Err(GrievanceError::new(ErrorCode::SealBroken, "keys", "nothing was sealed"))
            }
        }
    }

    /// Opens what was kept; `None` for what is not there.
    pub(crate) fn kept(&self, kept: Kept, id: Uuid) -> Result<Option<Zeroizing<String>>> {
        let Some(bytes) = self.host.get(&kept.name(id))? else { return Ok(None) };
        let text = StoredText {
            id: VaultId::from_uuid(id),
            case: nobodys(),
            compartment: Compartment::Texts,
            field: kept.word().into(),
            content: Content::Sealed { key: KEY.into(), bytes },
            indexed: None,
        };
        let opened = self.ring()?.open(&tenant(), &text);
        let opened =
            opened.map_err(|problem| GrievanceError::new(ErrorCode::SealBroken, "storage", problem))?;
        Ok(Some(Zeroizing::new(opened.content)))
    }

    /// Lets something go that is no longer needed.
    pub(crate) fn forget(&self, kept: Kept, id: Uuid) -> Result<()> {
        self.host.remove(&kept.name(id))
    }

    /// What is kept, in the order of the names. Names of somebody else's are overlooked.
    pub(crate) fn all_kept(&self, kept: Kept) -> Result<Vec<Uuid>> {
        let prefix = format!("{}.", kept.word());
        let names = self.host.list(&prefix)?;
        let mut ids: Vec<Uuid> = names
            .iter()
            .filter_map(|name| name.strip_prefix(&prefix).and_then(|id| Uuid::try_parse(id).ok()))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// The rules, as they were last kept.
    pub(crate) fn rules(&self) -> Result<Arc<Rules>> {
        if let Some(rules) = &*self.rules.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(Arc::clone(rules));
        }
        let unknown = || {
            GrievanceError::new(ErrorCode::RulebookUnknown, "rules", "the rules were not fetched yet")
                .hint("call `refresh` once while the phone is online")
        };
        let kept = self.host.get(RULES)?.ok_or_else(unknown)?;
        let rules = Arc::new(Rules::read(&kept).ok_or_else(unknown)?);
        self.remember(&rules);
        Ok(rules)
    }

    /// Keeps the rules that a desk sent.
    pub(crate) fn keep_rules(&self, sent: &PublicRules) -> Result<Arc<Rules>> {
        let newer = || {
            GrievanceError::new(ErrorCode::RulebookInvalid, "rules", "this version cannot read the rulebook")
                .hint("a newer version of the app can; lodging and tracking work without it")
        };
        let (rules, text) = Rules::of(sent).ok_or_else(newer)?;
        self.host.put(RULES, text.into_bytes())?;
        let rules = Arc::new(rules);
        self.remember(&rules);
        Ok(rules)
    }

    fn remember(&self, rules: &Arc<Rules>) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(rules));
    }
}

/// What came is no answer of the protocol: a page of a hotel's network, say, or half a text.
fn no_answer() -> GrievanceError {
    let problem = "what came back is no answer of version 1 of the protocol";
    GrievanceError::new(ErrorCode::AnswerLost, "transport", problem)
}

fn tenant() -> TenantCode {
    TenantCode::new("phone").expect("a code")
}

/// What is sealed on a phone belongs to no case yet.
fn nobodys() -> GrievanceId {
    GrievanceId::from_uuid(Uuid::nil())
}
