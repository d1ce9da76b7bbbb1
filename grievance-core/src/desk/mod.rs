//! Layer 6: the service that a host talks to.
//!
//! A [`Desk`] joins a rulebook and a store. A command goes one way: the request is read and its
//! texts sealed, the case is replayed, [`decide`](crate::grievance::decide::decide) says what
//! happens, and the events, the texts and the case's row are committed together or not at all.

mod activate;
mod adopt;
mod again;
mod asked;
mod batch;
mod carrier;
mod checkpoint;
mod counted;
mod counter;
#[cfg(feature = "messages")]
mod deliver;
mod draft;
mod error;
pub mod flat;
#[cfg(feature = "messages")]
mod inbound;
mod keeping;
mod measured;
mod mint;
mod otp;
mod paper;
mod prepare;
mod receipt;
mod roster;
mod second_look;
mod shelf;
mod standing;
mod statement;
mod sweep;
mod tracking;
mod tray;
mod vacancy;
mod verbs;
mod verify;
mod view;
mod whole;
mod words;

pub use crate::desk::activate::{Activation, Moved};
pub use crate::desk::adopt::{Adopting, Taken};
pub use crate::desk::batch::Submission;
pub use crate::desk::checkpoint::Covered;
pub use crate::desk::counted::Measure;
pub use crate::desk::counter::{
    Answered, AskRules, AskStep, AskTrack, CaseStep, Coming, Failed, PROTOCOL, PublicRules, Said, StepDone,
    TrackedCase,
};
#[cfg(feature = "messages")]
pub use crate::desk::deliver::Delivered;
pub use crate::desk::draft::draft_problems;
pub use crate::desk::error::DeskError;
#[cfg(feature = "messages")]
pub use crate::desk::inbound::CodeSent;
pub use crate::desk::keeping::{Erasure, Reindexed};
pub use crate::desk::mint::{SeededMint, SystemMint};
pub use crate::desk::otp::{CodeDesk, CodeToSend};
pub use crate::desk::paper::Paper;
pub use crate::desk::prepare::{Preparation, Ready};
pub use crate::desk::receipt::Acknowledged;
pub use crate::desk::second_look::SecondLook;
pub use crate::desk::sweep::{Live, Swept};
use crate::desk::tray::Tray;
pub use crate::desk::verbs::Acting;
pub use crate::desk::verify::{AuditPlace, Audited};
pub use crate::desk::view::{
    CaseFile, CaseRow, CaseView, ContactView, EventView, FileEntry, FileWord, PartView, ReferenceView,
    RowPage, ShownWord, TakenBy, TextView, Tracked,
};
pub use crate::desk::whole::{Facts, StoredEvent, StoredHistory};
use crate::desk::words::Look;
pub use crate::desk::words::LookCheck;

use crate::grievance::read::TrackingCode;
use crate::kernel::code::TenantCode;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, Mint};
use crate::proof::checkpoint::Roots;
use crate::proof::receipt::ReceiptCode;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, Chart};
use crate::store::Store;
use crate::store::keys::KeyRing;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

/// One government's grievance desk: its rulebook versions, its store, its rules.
///
/// Cheap to share behind an `Arc`; every method takes `&self`. It has no clock: the host says
/// when. Of cases that it read lately it remembers how they stood
/// ([`remembering`](Self::remembering)), never what anybody wrote; before it uses that, it asks the
/// store what came since, so that several desks and processes may work on one store.
pub struct Desk {
    store: Arc<dyn Store>,
    tenant: TenantCode,
    mint: Mutex<Box<dyn Mint + Send>>,
    keys: KeyRing,
    /// Held while an entry of the access log is written.
    log: Mutex<()>,
    /// Rulebook versions that were asked for; a version never changes.
    shelf: RwLock<HashMap<Digest, Arc<Rulebook>>>,
    /// Cases that were read lately.
    tray: Tray,
    /// What the last checkpoint was hashed from.
    roots: Mutex<Roots>,
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The case.
    pub case: GrievanceId,
    /// Its version after the command.
    pub version: u64,
    /// Its registration number; none for an imported case.
    pub number: Option<RegistrationNumber>,
    /// The code that an anonymous complainant is given: shown once, kept nowhere, and absent when
    /// a command is answered a second time.
    pub tracking_code: Option<TrackingCode>,
    /// Of a lodging, what the complainant holds the office to it with: the message says it too.
    pub receipt: Option<ReceiptCode>,
}

/// What a complainant is handed when a lodging is committed.
#[derive(Clone, Debug)]
struct Handed {
    /// The case that was made ready. Where the command turns out to have been committed before, it
    /// is another one, and nothing of this is handed out.
    case: GrievanceId,
    tracking_code: Option<TrackingCode>,
    receipt: Option<ReceiptCode>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tenant, keys, .. } = self;
        f.debug_struct("Desk").field("tenant", tenant).field("keys", keys).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens a desk on one tenant's store. Its rulebook versions are those that the store keeps;
    /// [`activate`](Self::activate) brings the first one.
    ///
    /// Texts are sealed under the current key of the ring before they reach the store, and open
    /// under each of its keys. A host that leaves them unsealed says so in the ring.
    pub fn open(store: Arc<dyn Store>, tenant: TenantCode, keys: KeyRing) -> Self {
        Self::with_mint(store, tenant, keys, Box::new(SystemMint))
    }

    /// Opens a desk that draws identities and salts from a mint of the host's.
    pub fn with_mint(
        store: Arc<dyn Store>,
        tenant: TenantCode,
        keys: KeyRing,
        mint: Box<dyn Mint + Send>,
    ) -> Self {
        Self {
            store,
            tenant,
            mint: Mutex::new(mint),
            keys,
            log: Mutex::new(()),
            shelf: RwLock::default(),
            tray: Tray::with_room(tray::ROOM),
            roots: Mutex::default(),
        }
    }

    /// The same desk, remembering at most so many cases that it read; 0 for none. Unless it is told,
    /// a desk remembers 2,048, of some kilobytes each.
    ///
    /// It answers the same however many these are.
    #[must_use]
    pub fn remembering(self, cases: usize) -> Self {
        Self { tray: Tray::with_room(cases), ..self }
    }

    /// The store. It knows no actor: what it answers is for whoever may see everything.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The tenant whose cases these are.
    pub const fn tenant(&self) -> &TenantCode {
        &self.tenant
    }

    /// The rulebook in force at an instant.
    ///
    /// # Errors
    ///
    /// [`DeskError::NoRulebook`] when none is, [`DeskError::Store`] when the store fails,
    /// [`DeskError::Rulebook`] when the kept text no longer passes the linter.
    pub fn rulebook(&self, at: DateTime<Utc>) -> Result<Arc<Rulebook>, DeskError> {
        let version = self.store.in_force(at)?.ok_or(DeskError::NoRulebook)?;
        self.edition(version)
    }

    /// A rulebook version that the store keeps.
    ///
    /// # Errors
    ///
    /// As [`rulebook`](Self::rulebook).
    pub fn edition(&self, version: Digest) -> Result<Arc<Rulebook>, DeskError> {
        let known = self.shelf.read().expect("no holder of this lock panics").get(&version).map(Arc::clone);
        if let Some(rulebook) = known {
            return Ok(rulebook);
        }
        let document = self.store.edition(version)?.ok_or(DeskError::NoRulebook)?;
        let rulebook = shelf::compiled(&document)?;
        // A version that was kept before its lines were.
        self.store.chart(version, &Chart::of(&rulebook))?;
        let mut editions = self.shelf.write().expect("no holder of this lock panics");
        Ok(Arc::clone(editions.entry(version).or_insert(rulebook)))
    }

    /// The desk as used by one actor at one instant: the typed verbs.
    ///
    /// # Examples
    ///
    /// See the crate's front page.
    pub fn by<'a>(&'a self, actor: &'a Actor, now: DateTime<Utc>) -> Acting<'a> {
        Acting::new(self, actor, now)
    }

    /// The identities of the keys it was opened with, the current one first.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().iter().map(crate::store::keys::Key::id)
    }

    fn minting<T>(&self, with: impl FnOnce(&mut dyn Mint) -> T) -> T {
        with(&mut **self.mint.lock().expect("no holder of this lock panics"))
    }

    pub(crate) fn new_command(&self) -> CommandId {
        CommandId::from_uuid(self.minting(|mint| mint.uuid()))
    }
}
