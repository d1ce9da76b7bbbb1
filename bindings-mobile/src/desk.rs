//! A desk in the process: opened by an address, shut when it is no longer needed.

use crate::acting::Acting;
use crate::actor::Actor;
use crate::code::{CodeDesk, VerifiedMobile};
use crate::convert::{instant, json};
use crate::fault::Result;
use crate::keys::{KeyRing, MacKeys};
use crate::record::{Activation, StoredHistory, Swept};
use crate::rulebook::Rulebook;
use grievance_core::GrievanceId;
use grievance_core::desk::flat::Flat as _;
use grievance_core::host::given::{HoldingTexts, may_read, read};
use grievance_core::host::{self, Address, Shared, Taken as _, Terms};
use grievance_core::kernel::code::TenantCode;
use std::sync::Arc;
use std::time::SystemTime;

/// One government's grievance desk in the process: its rulebook versions, its store, its rules.
///
/// The other end of an app's transport in tests, examples and kiosks. It has no clock: the host says who
/// acts and when. Handles may be used from many threads.
#[derive(uniffi::Object)]
pub struct LocalDesk(Arc<Shared>);

#[uniffi::export]
impl LocalDesk {
    /// Opens a desk on a store: `:memory:` or `sqlite:///path`.
    ///
    /// Texts are sealed under the keys of the ring. Only a desk in memory may do without: it takes the
    /// ring that everybody knows. With a `seed` identities and salts are the same in every run, for
    /// tests and simulations alone.
    #[uniffi::constructor(default(tenant = "default", keys = None, seed = None))]
    pub fn open(
        url: String,
        tenant: String,
        keys: Option<Arc<KeyRing>>,
        seed: Option<u64>,
    ) -> Result<Arc<Self>> {
        let address = Address::of(&url)?;
        let how = "KeyRing(\"2026-11\", secret), of 32 random bytes that are kept";
        let keys = address.keys(keys.map(|keys| keys.0.clone()), how)?;
        let tenant: TenantCode = read("tenant", &tenant)?;
        let desk = host::open(&address, tenant, keys, seed)?;
        Ok(Arc::new(Self(Arc::new(Shared::new(desk)))))
    }

    /// Shuts the desk for every handle of it. Asked afterwards, they fail with `desk_closed`.
    pub fn shut(&self) {
        self.0.shut();
    }

    /// Keeps a rulebook version and brings it into force from an instant on.
    pub fn activate(&self, rulebook: Arc<Rulebook>, at: SystemTime) -> Result<Activation> {
        let at = instant("at", at)?;
        Ok(self.0.ask(|desk| desk.activate(rulebook.rulebook.clone(), at))?.flat().taken())
    }

    /// The desk as used by one actor at one instant: the verbs, and what that actor sees.
    ///
    /// With a `command`, an identity `cmd_…`, a step that is sent twice is done once; with
    /// `expecting`, it is refused where the case no longer has that version.
    #[uniffi::method(default(command = None, expecting = None, verified = None))]
    pub fn by(
        &self,
        actor: Actor,
        at: SystemTime,
        command: Option<String>,
        expecting: Option<u64>,
        verified: Option<Arc<VerifiedMobile>>,
    ) -> Result<Arc<Acting>> {
        let terms = Terms {
            actor: actor.read()?,
            now: instant("at", at)?,
            command: may_read("command", command.as_deref())?,
            expecting,
            verified: verified.map(|mobile| mobile.0.clone()),
        };
        Ok(Arc::new(Acting { desk: Arc::clone(&self.0), terms }))
    }

    /// Records everything that is due at an instant, in up to `limit` cases.
    #[uniffi::method(default(limit = 1000))]
    pub fn sweep(&self, at: SystemTime, limit: u32) -> Result<Swept> {
        let at = instant("at", at)?;
        Ok(self.0.ask(|desk| desk.sweep(at, limit as usize))?.flat().taken())
    }

    /// Says who holds a post in an office from an instant on.
    #[uniffi::method(default(until = None, tenure = "holder"))]
    pub fn appoint(
        &self,
        unit: String,
        post: String,
        person: String,
        since: SystemTime,
        until: Option<SystemTime>,
        tenure: String,
    ) -> Result<()> {
        let texts = HoldingTexts { unit, post, person, tenure: Some(tenure) };
        let until = until.map(|until| instant("until", until)).transpose()?;
        let holding = texts.read(instant("since", since)?, until)?;
        Ok(self.0.ask(|desk| desk.appoint(&holding))?)
    }

    /// One-time codes to mobiles, under keys of the host's.
    pub fn otp(&self, keys: Arc<MacKeys>) -> Arc<CodeDesk> {
        Arc::new(CodeDesk { desk: Arc::clone(&self.0), keys })
    }

    /// Everything that is recorded of a case but words, whoever asks, as canonical JSON.
    pub fn facts(&self, case: String) -> Result<String> {
        let case: GrievanceId = read("case", &case)?;
        json(&self.0.ask(|desk| desk.facts(case))?)
    }

    /// A case's events as they are kept, whoever asks: canonical JSON and the hash over it.
    pub fn stored_history(&self, case: String) -> Result<StoredHistory> {
        let case: GrievanceId = read("case", &case)?;
        Ok(self.0.ask(|desk| desk.stored_history(case))?.flat().taken())
    }
}
