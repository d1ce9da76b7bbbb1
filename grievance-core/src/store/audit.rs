//! Whether a case's file is what was recorded: page by page, then against its row and against a
//! checkpoint.

use crate::grievance::event::Recorded;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::text::Digest;
use crate::kernel::time::from_millis;
use crate::proof::checkpoint::CaseHead;
use crate::proof::folio::{Break, Chain, Folio};
use crate::store::Stored;
use crate::store::commit::Kept;
use crate::vocabulary::Discrepancy;

/// Something that is wrong with what is stored, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    /// The case; `None` for what is no case's own.
    pub case: Option<GrievanceId>,
    /// The version of the first event that does not fit; of a checkpoint its number.
    pub version: Option<u64>,
    /// What is wrong.
    pub what: Discrepancy,
}

/// What came of going through a case's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The case.
    pub case: GrievanceId,
    /// So many events, from the first, are sound.
    pub events: u64,
    /// The hash of the last of them.
    pub head: Option<Digest>,
    /// What is wrong with the rest; `None` when everything is sound.
    pub found: Option<Found>,
}

/// Whether a command was ever received.
pub type Register<'r> = &'r mut dyn FnMut(CommandId) -> Stored<bool>;

/// One case's file on its way through an audit. The first thing that is wrong is kept, and the
/// rest of the file is not looked at.
#[derive(Clone, Debug)]
pub struct CaseAudit<'t> {
    chain: Chain<'t>,
    found: Option<Found>,
    /// The last command that was looked up: events of one command stand together.
    command: Option<CommandId>,
}

impl<'t> CaseAudit<'t> {
    /// Before the first page.
    pub fn begin(tenant: &'t str, case: GrievanceId) -> Self {
        Self::resume(Chain::begin(tenant, case), None)
    }

    /// Where an audit was broken off.
    pub const fn resume(chain: Chain<'t>, found: Option<Found>) -> Self {
        Self { chain, found, command: None }
    }

    /// The chain up to the last sound page.
    pub const fn chain(&self) -> &Chain<'t> {
        &self.chain
    }

    /// What is wrong, so far.
    pub const fn found(&self) -> Option<Found> {
        self.found
    }

    /// Looks at the next page, in the order of versions.
    ///
    /// # Errors
    ///
    /// What the register answers.
    pub fn add(&mut self, page: &Folio, register: Register<'_>) -> Stored<()> {
        if self.found.is_some() {
            return Ok(());
        }
        let version = u64::try_from(page.version).unwrap_or(0);
        match self.chain.fits(page) {
            Err(Break::Missing { expected }) => self.find(expected, Discrepancy::Missing),
            Err(broken) => self.find(version, of(broken)),
            Ok(_) if read(page, version).is_none() => self.find(version, Discrepancy::Unreadable),
            Ok(_) if !self.is_received(page, register)? => self.find(version, Discrepancy::CommandUnknown),
            Ok(head) => self.chain.advance(head),
        }
        Ok(())
    }

    fn is_received(&mut self, page: &Folio, register: Register<'_>) -> Stored<bool> {
        let Ok(command) = uuid::Uuid::from_slice(&page.command).map(CommandId::from_uuid) else {
            return Ok(false);
        };
        if self.command != Some(command) {
            if !register(command)? {
                return Ok(false);
            }
            self.command = Some(command);
        }
        Ok(true)
    }

    fn find(&mut self, version: u64, what: Discrepancy) {
        self.found = Some(Found { case: Some(self.chain.case()), version: Some(version), what });
    }

    /// What came of it, after the last page; `row` is the version that the case's row names.
    pub fn close(mut self, row: Option<u64>) -> Verified {
        if self.found.is_none() && row != Some(self.chain.version()) {
            // The row was written with the last event: what the row has and the file has not is
            // gone.
            let last = self.chain.version().min(row.unwrap_or(0)) + 1;
            self.find(last, Discrepancy::RowDiffers);
        }
        self.verified()
    }

    /// What came of it, after the last page that a checkpoint covers.
    pub fn close_at(mut self, head: &CaseHead) -> Verified {
        let (version, hash) = (self.chain.version(), self.chain.head());
        if self.found.is_none() {
            if version == 0 {
                self.find(1, Discrepancy::Vanished);
            } else if version < head.version {
                self.find(version + 1, Discrepancy::Cut);
            } else if hash != Some(head.hash) {
                self.find(head.version, Discrepancy::Rewritten);
            }
        }
        self.verified()
    }

    fn verified(self) -> Verified {
        let Self { chain, found, .. } = self;
        Verified { case: chain.case(), events: chain.version(), head: chain.head(), found }
    }
}

const fn of(broken: Break) -> Discrepancy {
    match broken {
        Break::OtherCase => Discrepancy::OtherCase,
        Break::Missing { .. } => Discrepancy::Missing,
        Break::Doubled => Discrepancy::Doubled,
        Break::Damaged { .. } => Discrepancy::Damaged,
        Break::Altered => Discrepancy::Altered,
        Break::KindDiffers => Discrepancy::KindDiffers,
    }
}

/// The event that a page says, if this library can read it.
pub(crate) fn read(page: &Folio, version: u64) -> Option<Recorded> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let kept = Kept {
        case: page.case_id()?,
        version,
        at: from_millis(page.at)?,
        actor: text(&page.actor)?,
        rulebook: page.rulebook.as_slice().try_into().map(Digest::from_bytes).ok()?,
        body: text(&page.body)?,
    };
    kept.read().ok()
}
