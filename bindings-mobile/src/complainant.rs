//! What an app uses.

use crate::draft::Draft;
use crate::fault::{Failure, GrievanceError, Result};
use crate::host::{Clock, Host, KeyVault, Randomness, Storage, Transport};
use crate::phone::{Kept, Phone};
use crate::record::{Branch, Done, Tracking, Unsent};
use crate::verb::Lodge;
use grievance_core::desk::{AskStep, AskTrack, StepDone};
use grievance_core::host::given::read;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::{CommandId, ErrorCode, GrievanceId, Request};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use uuid::Uuid;

/// A complainant's side of a desk: categories and places, drafts, the verbs, tracking.
///
/// It may be shared by threads. What it asks the desk suspends; the rest works offline, too.
#[derive(uniffi::Object)]
pub struct Complainant {
    phone: Arc<Phone>,
}

/// What became of a step that was sent again.
#[derive(Clone, uniffi::Record)]
pub struct Resent {
    /// Its command identity.
    pub command: String,
    /// What it came to.
    pub done: Option<Done>,
    /// Why it came to nothing; with the remedy `retry` or `wait` it is kept.
    pub failure: Option<Failure>,
}

#[uniffi::export]
impl Complainant {
    /// Takes what the host provides. Nothing is asked of it yet.
    #[uniffi::constructor]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        keys: Arc<dyn KeyVault>,
        storage: Arc<dyn Storage>,
    ) -> Arc<Self> {
        let host = Host { transport, clock, randomness, keys, storage };
        Arc::new(Self { phone: Arc::new(Phone { host, rules: RwLock::default(), taken: Mutex::default() }) })
    }

    /// Fetches the rules that are in force, unless the phone has them, and keeps them. Once is enough
    /// to work offline; each time that the app is online is better.
    ///
    /// Answers whether whoever lodges must have verified a mobile with the desk.
    pub async fn refresh(&self) -> Result<bool> {
        let known = self.phone.rules().ok();
        let mut sent = self.phone.ask_rules(known.as_ref().map(|rules| rules.version.clone())).await?;
        // The part depends on the role, too: somebody else may have logged in.
        if sent.rulebook.is_none() && known.is_some_and(|rules| rules.role() != sent.role) {
            sent = self.phone.ask_rules(None).await?;
        }
        if sent.rulebook.is_some() {
            self.phone.keep_rules(&sent)?;
        }
        Ok(sent.verify_mobile)
    }

    /// The version of the rules that the phone has, a hash; none before the first `refresh`.
    pub fn rules_version(&self) -> Option<String> {
        self.phone.rules().ok().map(|rules| rules.version.clone())
    }

    /// The subjects, each with the wider one, in the order of the rulebook.
    #[uniffi::method(default(language = None))]
    pub fn categories(&self, language: Option<String>) -> Result<Vec<Branch>> {
        Ok(self.phone.rules()?.categories(language.as_deref()))
    }

    /// The jurisdictions, each with the one around it, in the order of the rulebook.
    #[uniffi::method(default(language = None))]
    pub fn places(&self, language: Option<String>) -> Result<Vec<Branch>> {
        Ok(self.phone.rules()?.places(language.as_deref()))
    }

    /// The offices, each with the one above it: what `unit` of a tracked case stands for.
    #[uniffi::method(default(language = None))]
    pub fn offices(&self, language: Option<String>) -> Result<Vec<Branch>> {
        Ok(self.phone.rules()?.offices(language.as_deref()))
    }

    /// The stages: what `stage` of a tracked case stands for.
    #[uniffi::method(default(language = None))]
    pub fn stages(&self, language: Option<String>) -> Result<Vec<Branch>> {
        Ok(self.phone.rules()?.stages(language.as_deref()))
    }

    /// Begins a draft, which is kept sealed until it is lodged or discarded.
    pub fn draft(&self, fields: Lodge) -> Result<Arc<Draft>> {
        let draft = Draft { phone: Arc::clone(&self.phone), id: self.phone.host.new_command()? };
        draft.change(fields)?;
        Ok(Arc::new(draft))
    }

    /// The identities of the drafts that are kept.
    pub fn drafts(&self) -> Result<Vec<String>> {
        let ids = self.phone.all_kept(Kept::Draft)?;
        Ok(ids.into_iter().map(|id| CommandId::from_uuid(id).to_string()).collect())
    }

    /// A draft that is kept, by its identity.
    pub fn draft_of(&self, id: String) -> Result<Arc<Draft>> {
        let draft = Draft { phone: Arc::clone(&self.phone), id: read("id", &id)? };
        draft.fields()?;
        Ok(Arc::new(draft))
    }

    /// Lodges a draft. Sent again after a lost answer, it is lodged once: the draft's identity is the
    /// command's. It is let go of when the desk has answered that it was lodged.
    pub async fn lodge(&self, draft: Arc<Draft>) -> Result<Done> {
        let request = draft.request()?.to_json();
        let step = AskStep { command: draft.id, case: None, code: None, request: request.clone() };
        let done = self.phone.ask_step(step).await?;
        // The case exists. What is left behind of the draft is answered as it was when it is sent again; what
        // was written into it meanwhile was not lodged, and is kept.
        if draft.request().is_ok_and(|now| now.to_json() == request) {
            let _ = draft.discard();
        }
        Ok(done.into())
    }

    /// Where a case stands, with its timeline and public due date: `grv_…`, or the tracking code of a
    /// complainant who stays unknown. What came is kept, sealed, for `last_tracked`.
    pub async fn track(&self, case: String) -> Result<Tracking> {
        let (case, code) = named(&case)?;
        let tracked = self.phone.ask_track(AskTrack { case, code }).await?;
        if let Ok(text) = to_canonical(&tracked) {
            // The answer is there. That it cannot be kept for later takes nothing from it.
            let _ = self.phone.keep(Kept::Case, tracked.case.uuid(), text);
        }
        Ok(tracked.into())
    }

    /// A case as it stood when it was last tracked, offline, too; none if it was not.
    pub fn last_tracked(&self, case: String) -> Result<Option<Tracking>> {
        let case: GrievanceId = read("case", &case)?;
        let kept = self.phone.kept(Kept::Case, case.uuid())?;
        let tracked =
            kept.and_then(|text| serde_json::from_str::<grievance_core::desk::TrackedCase>(&text).ok());
        Ok(tracked.map(Tracking::from))
    }

    /// The steps of which nobody knows whether they were done. Drafts are not among them.
    pub fn unsent(&self) -> Result<Vec<Unsent>> {
        let mut unsent = Vec::new();
        for step in self.steps()? {
            let action = step.request["action"].as_str().unwrap_or_default().to_owned();
            let case = step.case.map(|case| case.to_string()).or(step.code).unwrap_or_default();
            unsent.push(Unsent { command: step.command.to_string(), case, action });
        }
        Ok(unsent)
    }

    /// Sends them again. Each is done once, however often it is sent.
    pub async fn resend(&self) -> Result<Vec<Resent>> {
        let mut resent = Vec::new();
        for step in self.steps()? {
            let command = step.command.to_string();
            let (done, failure) = match self.send(step).await {
                Ok(done) => (Some(done.into()), None),
                Err(problem) => (None, Some(problem.failure())),
            };
            resent.push(Resent { command, done, failure });
        }
        Ok(resent)
    }
}

impl Complainant {
    /// Takes a step: kept sealed until the desk has answered, so that the same one taken again is the
    /// same command.
    pub(crate) async fn step(&self, case: &str, request: &Request) -> Result<StepDone> {
        let (case, code) = named(case)?;
        let command = CommandId::from_uuid(Uuid::nil());
        let step = AskStep { command, case, code, request: request.to_json() };
        // Held until the answer is there.
        let command = self.phone.taken(&written(&step)?);
        let step = self.kept_as(step, &command)?;
        self.send(step).await
    }

    /// The step as it is kept: under the command of an equal one that waits for its answer or is being taken, or a new
    /// one.
    fn kept_as(&self, step: AskStep, command: &OnceLock<CommandId>) -> Result<AskStep> {
        let same = |kept: &AskStep| AskStep { command: step.command, ..kept.clone() } == step;
        let kept = self.steps()?.into_iter().find(same).map(|kept| kept.command);
        let own = kept.map_or_else(|| self.phone.host.new_command(), Ok)?;
        let command = *command.get_or_init(|| own);
        let step = AskStep { command, ..step };
        if kept != Some(command) {
            self.phone.keep(Kept::Step, command.uuid(), written(&step)?)?;
        }
        Ok(step)
    }

    async fn send(&self, step: AskStep) -> Result<StepDone> {
        let command = step.command.uuid();
        let answer = self.phone.ask_step(step).await;
        if !answer.as_ref().is_err_and(GrievanceError::may_send_again) {
            // Done or refused for good. What is left behind is answered as it was.
            let _ = self.phone.forget(Kept::Step, command);
        }
        answer
    }

    /// The steps that are kept and open: one whose seal is broken nobody can send.
    fn steps(&self) -> Result<Vec<AskStep>> {
        let mut steps = Vec::new();
        for id in self.phone.all_kept(Kept::Step)? {
            let kept = match self.phone.kept(Kept::Step, id) {
                Err(problem) if problem.failure().code == ErrorCode::SealBroken.as_str() => continue,
                kept => kept?,
            };
            steps.extend(kept.and_then(|text| serde_json::from_str::<AskStep>(&text).ok()));
        }
        Ok(steps)
    }
}

fn written(step: &AskStep) -> Result<String> {
    to_canonical(step).map_err(|problem| GrievanceError::new(ErrorCode::InvalidCommand, "fields", problem))
}

/// A case by its identity, or by a tracking code.
fn named(case: &str) -> Result<(Option<GrievanceId>, Option<String>)> {
    if case.starts_with("grv_") {
        Ok((Some(read("case", case)?), None))
    } else {
        Ok((None, Some(case.to_owned())))
    }
}
