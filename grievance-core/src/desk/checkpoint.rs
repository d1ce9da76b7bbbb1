//! Checkpoints over everything that is recorded, and what can be shown against them.

use crate::desk::verify::{Files, TOGETHER};
use crate::desk::{Desk, DeskError};
use crate::grievance::refusal::Refusal;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::proof::case::{CaseProof, Content, Shown};
use crate::proof::checkpoint::{CaseHead, Checkpoint, FORMAT, Heads, Roots};
use crate::proof::folio::Chain;
use crate::store::StoreError;
use crate::store::audit::{CaseAudit, Found};
use crate::vocabulary::Discrepancy;
use chrono::{DateTime, Utc};

/// How often a checkpoint is begun anew when others make one meanwhile.
const TRIES: usize = 8;
/// How much that is wrong is listed; the rest is only counted.
const LISTED: usize = 1_000;

/// What an audit against a checkpoint came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Cases that the checkpoint covers.
    pub cases: u64,
    /// Their events that it covers and that are sound.
    pub events: u64,
    /// What is wrong, of each case the first thing: at most a thousand of them.
    pub found: Vec<Found>,
    /// How much more is wrong.
    pub more: u64,
}

impl Covered {
    fn find(&mut self, found: Found) {
        if self.found.len() < LISTED {
            self.found.push(found);
        } else {
            self.more += 1;
        }
    }

    fn differs(&mut self, number: u64, what: Discrepancy) {
        self.find(Found { case: None, version: Some(number), what });
    }
}

impl Desk {
    /// Makes a checkpoint over all cases as they stand at one moment, with the last entry of the
    /// access log, and keeps it. Others may write meanwhile: what they commit is in it wholly or not
    /// at all.
    ///
    /// Two who make one at the same time make one after the other; who comes second may be given
    /// the other's. Print it, with its hash, where people see it who do not keep the storage:
    /// the statement does.
    ///
    /// # Errors
    ///
    /// When the store fails, [`StoreError::Altered`] when the last checkpoint cannot be read, and
    /// [`StoreError::Busy`] when others are faster time and again.
    pub fn checkpoint(&self, now: DateTime<Utc>) -> Result<Checkpoint, DeskError> {
        let now = whole_millis(now);
        let looks = self.store.last_look()?.map(|(_, hash)| hash);
        let number = self.store.take_heads()?;
        let heads = self.all_heads(number)?;
        for _ in 0..TRIES {
            let last = self.last_checkpoint()?;
            let previous = match last {
                // Somebody took the heads later than this call and was faster.
                Some(last) if last.number >= number => return Ok(last),
                last => last.map(|last| last.hash()),
            };
            let checkpoint = Checkpoint::over(&heads, &self.tenant, number, now, previous).with_looks(looks);
            if self.store.keep_checkpoint(&checkpoint)? {
                return Ok(checkpoint);
            }
        }
        Err(StoreError::Busy.into())
    }

    /// The last checkpoint that was made.
    ///
    /// # Errors
    ///
    /// When the store fails, or what it keeps is no checkpoint.
    pub fn last_checkpoint(&self) -> Result<Option<Checkpoint>, DeskError> {
        let Some(kept) = self.store.last_checkpoint()? else { return Ok(None) };
        Ok(Some(kept.read().ok_or_else(damaged)?))
    }

    /// The checkpoint of a number.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotCovered`] when there is none of that number; otherwise as
    /// [`last_checkpoint`](Self::last_checkpoint).
    pub fn checkpoint_numbered(&self, number: u64) -> Result<Checkpoint, DeskError> {
        let kept = self.store.checkpoints(number.saturating_sub(1), 1)?.into_iter().next();
        let kept = kept.filter(|kept| kept.number == number).ok_or(DeskError::NotCovered)?;
        kept.read().ok_or_else(damaged)
    }

    /// Holds everything that is stored to a checkpoint, which the caller has from a printed
    /// statement: names cases that vanished, were cut, or were changed below the version that it
    /// covers. A case that has grown since is sound.
    ///
    /// What a whole audit finds in cases that came later, [`verify_all`](Self::verify_all) tells.
    /// Nobody can tell what was recorded after the last printed checkpoint and then removed with
    /// everything that depends on it.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn verify_checkpoint(&self, printed: &Checkpoint) -> Result<Covered, DeskError> {
        let mut covered = Covered::default();
        self.verify_succession(printed, &mut covered)?;
        let tenant = self.tenant.as_str();
        let mut files = Files::new(self);
        let heads = self.heads(printed.number, Heads::new(), &mut |head| {
            let mut audit = CaseAudit::begin(tenant, head.case);
            while let Some(page) = files.next_up_to(head.case)? {
                if page.case == head.case.as_bytes() && audit.chain().version() < head.version {
                    audit.add(&page, &mut |command| Ok(self.store.receipt(command)?.is_some()))?;
                }
            }
            let verified = audit.close_at(head);
            covered.events += verified.events;
            if let Some(found) = verified.found {
                covered.find(found);
            }
            Ok(())
        })?;
        covered.cases = heads.cases();
        if !printed.covers(&heads) {
            covered.differs(printed.number, Discrepancy::HeadsDiffer);
        }
        Ok(covered)
    }

    /// Whether the stored checkpoints are a chain, and the printed one is a link of it.
    fn verify_succession(&self, printed: &Checkpoint, covered: &mut Covered) -> Result<(), DeskError> {
        let (mut after, mut before, mut is_there): (u64, Option<Digest>, bool) = (0, None, false);
        loop {
            let page = self.store.checkpoints(after, TOGETHER)?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for kept in &page {
                let read = kept.read();
                if read.as_ref().is_none_or(|read| read.previous != before || read.tenant != self.tenant) {
                    covered.differs(kept.number, Discrepancy::CheckpointDiffers);
                }
                is_there |= read.as_ref() == Some(printed);
                before = read.map(|read| read.hash());
            }
        }
        if !is_there {
            covered.differs(printed.number, Discrepancy::CheckpointDiffers);
        }
        Ok(())
    }

    /// The proof for a case, with those events open for which `content` gives what is to be shown.
    pub(super) fn prove_with(
        &self,
        case: GrievanceId,
        number: Option<u64>,
        content: &mut dyn FnMut(u64, &crate::proof::folio::Folio) -> Option<Content>,
    ) -> Result<CaseProof, DeskError> {
        if self.store.version(case)?.is_none() {
            return Err(Refusal::NotFound.into());
        }
        let checkpoint = match number {
            Some(number) => self.checkpoint_numbered(number)?,
            None => self.last_checkpoint()?.ok_or(DeskError::NotCovered)?,
        };
        let heads = self.heads(checkpoint.number, Heads::following(case), &mut |_| Ok(()))?;
        let (head, place, path) = heads.path().ok_or(DeskError::NotCovered)?;
        let mut chain = Chain::begin(self.tenant.as_str(), case);
        let mut events = Vec::new();
        let altered = |version| StoreError::Altered { case, version };
        for page in self.store.file(case)?.folios {
            let version = chain.version() + 1;
            let digest = chain.content(&page);
            chain.add(&page).map_err(|_| altered(version))?;
            let hash = chain.head().expect("a page was added");
            if version == head.version && hash != head.hash {
                return Err(altered(version).into());
            }
            let content = content(version, &page);
            let digest = digest.filter(|_| content.is_none());
            events.push(Shown { content, digest, hash });
        }
        if chain.version() < head.version {
            return Err(altered(chain.version() + 1).into());
        }
        Ok(CaseProof { case, checkpoint, events, path, place, v: FORMAT, version: head.version })
    }

    /// What was taken down under a number. Runs of cases that rest are not hashed anew.
    fn all_heads(&self, number: u64) -> Result<Heads, DeskError> {
        let kept = || self.roots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Not held while the store reads: whoever makes a checkpoint meanwhile hashes everything.
        let mut roots = std::mem::take(&mut *kept());
        roots.turn();
        let (mut heads, mut after) = (Heads::new(), None);
        loop {
            let page = self.store.heads(number, after, Roots::RUN)?;
            let Some(last) = page.last() else { break };
            after = Some(last.case);
            heads.add_all(&page, &mut roots);
        }
        *kept() = roots;
        Ok(heads)
    }

    /// Goes through what was taken down under a number, in the order of cases.
    fn heads(
        &self,
        number: u64,
        mut heads: Heads,
        each: &mut dyn FnMut(&CaseHead) -> Result<(), DeskError>,
    ) -> Result<Heads, DeskError> {
        let mut after = None;
        loop {
            let page = self.store.heads(number, after, TOGETHER)?;
            let Some(last) = page.last() else { return Ok(heads) };
            after = Some(last.case);
            for head in &page {
                heads.add(head);
                each(head)?;
            }
        }
    }
}

fn damaged() -> DeskError {
    StoreError::Backend("a stored checkpoint cannot be read".to_owned()).into()
}
