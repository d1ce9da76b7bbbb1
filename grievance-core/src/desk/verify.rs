//! Whether the stored histories are what was recorded.

use crate::desk::{Desk, DeskError};
use crate::grievance::refusal::Refusal;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::folio::{Chain, Folio};
use crate::store::Stored;
use crate::store::audit::{CaseAudit, Found, Verified};
use crate::vocabulary::Discrepancy;
use serde::{Deserialize, Serialize};

/// Pages that are read together.
pub(super) const TOGETHER: usize = 1_000;

/// What a part of an audit came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// Cases whose file was gone through to its end.
    pub cases: u64,
    /// Pages that were looked at.
    pub events: u64,
    /// What is wrong: of each case the first thing.
    pub found: Vec<Found>,
    /// Where the next part begins; `None` when everything was seen.
    pub next: Option<AuditPlace>,
}

/// Where an audit goes on: a plain value, to be kept between two parts of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPlace {
    /// The last page that was looked at, by its case's bytes and its version.
    after: Option<(Vec<u8>, i64)>,
    /// The case it belongs to, as far as its chain was sound.
    within: Option<Within>,
    /// Whether all pages were seen, and cases without pages are looked for.
    pages_seen: bool,
    /// The last case without pages that was told.
    told: Option<GrievanceId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Within {
    case: GrievanceId,
    version: u64,
    head: Option<Digest>,
    /// Something was found in it, and told.
    told: bool,
}

impl Desk {
    /// Goes through a case's file: whether each event is what was recorded and follows the one
    /// before it, and whether the file ends where the case's row says. Names the first that does
    /// not.
    ///
    /// Somebody who can write to the storage can compute the hashes of a whole history anew:
    /// [`verify_checkpoint`](Self::verify_checkpoint) finds that.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for a case of which nothing is stored; [`DeskError::Store`].
    pub fn verify(&self, case: GrievanceId) -> Result<Verified, DeskError> {
        let file = self.store.file(case)?;
        if file.version.is_none() && file.folios.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let mut audit = CaseAudit::begin(self.tenant.as_str(), case);
        for page in &file.folios {
            audit.add(page, &mut |command| Ok(self.store.receipt(command)?.is_some()))?;
        }
        Ok(audit.close(file.version))
    }

    /// Goes through all files, at least `limit` pages of them and some more at most, and says where
    /// to go on. Never holds more than a thousand pages. What is committed meanwhile may or may
    /// not be seen, and is never taken for damage.
    ///
    /// # Errors
    ///
    /// When the store fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use grievance_core::{Desk, MemoryStore, TenantCode};
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let keys = grievance_core::store::keys::KeyRing::for_tests();
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, keys);
    /// let (mut place, mut found) = (None, Vec::new());
    /// loop {
    ///     let part = desk.verify_all(place.as_ref(), 10_000)?;
    ///     found.extend(part.found);
    ///     let Some(next) = part.next else { break };
    ///     place = Some(next);
    /// }
    /// assert!(found.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_all(&self, from: Option<&AuditPlace>, limit: usize) -> Result<Audited, DeskError> {
        let mut place = from.cloned().unwrap_or_default();
        let mut audited = Audited::default();
        if !place.pages_seen && !self.go_through(&mut place, limit, &mut audited)? {
            audited.next = Some(place);
            return Ok(audited);
        }
        let empty = self.store.empty_files(place.told, TOGETHER)?;
        if empty.len() == TOGETHER {
            let told = empty.last().copied();
            audited.next = Some(AuditPlace { pages_seen: true, told, ..AuditPlace::default() });
        }
        let vanished = |case| Found { case: Some(case), version: Some(1), what: Discrepancy::Vanished };
        audited.found.extend(empty.into_iter().map(vanished));
        Ok(audited)
    }

    /// Looks at pages until `limit` is reached; `true` when there are no more.
    fn go_through(
        &self,
        place: &mut AuditPlace,
        limit: usize,
        audited: &mut Audited,
    ) -> Result<bool, DeskError> {
        let tenant = self.tenant.as_str();
        let mut open: Option<CaseAudit<'_>> = place.within.take().map(|within| {
            let Within { case, version, head, told } = within;
            let found = Found { case: Some(case), version: None, what: Discrepancy::Altered };
            CaseAudit::resume(Chain::resume(tenant, case, version, head), told.then_some(found))
        });
        let mut seen = 0;
        loop {
            let after = place.after.as_ref().map(|(case, version)| (case.as_slice(), *version));
            let pages = self.store.folios(after, TOGETHER)?;
            for page in &pages {
                let Some(case) = page.case_id() else {
                    let version = u64::try_from(page.version).ok();
                    audited.found.push(Found { case: None, version, what: Discrepancy::Damaged });
                    continue;
                };
                if open.as_ref().is_none_or(|open| open.chain().case() != case) {
                    self.close(open.take(), audited)?;
                }
                let audit = open.get_or_insert_with(|| CaseAudit::begin(tenant, case));
                let told = audit.found();
                audit.add(page, &mut |command| Ok(self.store.receipt(command)?.is_some()))?;
                audited.found.extend(audit.found().filter(|_| told.is_none()));
            }
            seen += pages.len();
            audited.events += pages.len() as u64;
            let Some(last) = pages.last() else { break };
            place.after = Some((last.case.clone(), last.version));
            if pages.len() < TOGETHER {
                break;
            }
            if seen >= limit {
                place.within = open.map(|open| {
                    let (chain, told) = (open.chain(), open.found().is_some());
                    Within { case: chain.case(), version: chain.version(), head: chain.head(), told }
                });
                return Ok(false);
            }
        }
        self.close(open, audited)?;
        Ok(true)
    }

    /// Holds a file that ended to the case's row.
    fn close(&self, audit: Option<CaseAudit<'_>>, audited: &mut Audited) -> Result<(), DeskError> {
        let Some(audit) = audit else { return Ok(()) };
        audited.cases += 1;
        if audit.found().is_some() {
            return Ok(());
        }
        let case = audit.chain().case();
        let row = self.store.version(case)?;
        if audit.close(row).found.is_some() {
            // Perhaps it has only grown since its last page was read: both are read again, as
            // they stand at one moment.
            audited.found.extend(self.verify(case)?.found);
        }
        Ok(())
    }
}

/// Files as they come from the store, one case after the other, some pages at a time.
pub(super) struct Files<'d> {
    desk: &'d Desk,
    pages: std::collections::VecDeque<Folio>,
    after: Option<(Vec<u8>, i64)>,
    ended: bool,
}

impl<'d> Files<'d> {
    pub(super) const fn new(desk: &'d Desk) -> Self {
        Self { desk, pages: std::collections::VecDeque::new(), after: None, ended: false }
    }

    /// The next page, if it is of that case or of one before it.
    pub(super) fn next_up_to(&mut self, case: GrievanceId) -> Stored<Option<Folio>> {
        if self.pages.is_empty() && !self.ended {
            let after = self.after.as_ref().map(|(case, version)| (case.as_slice(), *version));
            self.pages = self.desk.store.folios(after, TOGETHER)?.into();
            self.ended = self.pages.len() < TOGETHER;
            self.after =
                self.pages.back().map(|last| (last.case.clone(), last.version)).or(self.after.take());
        }
        let is_wanted = self.pages.front().is_some_and(|page| page.case.as_slice() <= &case.as_bytes()[..]);
        Ok(if is_wanted { self.pages.pop_front() } else { None })
    }
}
