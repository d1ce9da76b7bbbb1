//! The one place where words are read: opened, and written down who looked for what.

use crate::desk::{Desk, DeskError};
use crate::grievance::refusal::Refusal;
use crate::kernel::code::TenantCode;
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::{Compartment, Digest};
use crate::kernel::time::whole_millis;
use crate::proof::checkpoint::Checkpoint;
use crate::rulebook::access::Actor;
use crate::store::StoreError;
use crate::store::blind::Sought;
use crate::store::keys::KeyRing;
use crate::store::looks::{LookRow, Looked};
use crate::store::search::Search;
use crate::store::vault::{OpenText, SealError, StoredText};
use crate::vocabulary::LookPurpose;
use chrono::{DateTime, Utc};

/// How often an entry of the access log is written anew because somebody else was first. Each time
/// somebody has got further; who is beaten so often is told that the store is busy, and sees nothing.
const TRIES: usize = 64;

/// Entries of the access log that a check reads at a time.
const TOGETHER: usize = 1_000;

/// Who looks at what is kept of a case, when and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    /// Who looks.
    pub(super) actor: &'a Actor,
    /// The case that is looked at. A part's complainant is written down for the part.
    pub(super) case: GrievanceId,
    /// For what.
    pub(super) purpose: LookPurpose,
    /// When.
    pub(super) now: DateTime<Utc>,
}

/// What a check of the access log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookCheck {
    /// Every entry stands where it was written, and those are there that the checkpoint covers. What
    /// came later may have been cut off again: that is not seen.
    Whole {
        /// The place and the hash of the last entry; `None` for an empty log.
        last: Option<(u64, Digest)>,
    },
    /// The first place at which an entry is altered, missing or not its own.
    Broken {
        /// The place.
        place: u64,
    },
    /// The entries that are there follow each other, but the one that the checkpoint names is not
    /// among them: the end was cut off, or the log was written anew.
    Cut {
        /// The place and the hash of the last entry; `None` for an empty log.
        last: Option<(u64, Digest)>,
    },
}

impl Desk {
    /// The words of those references that are still there, in the order asked for; an erased one is
    /// absent. Whether this actor may see them is not asked here, therefore no host reaches this: a
    /// view asks.
    ///
    /// Where one of them says who somebody is, the look is first written to the access log: without
    /// an entry nobody sees anything. A look that then fails stays written down.
    ///
    /// # Errors
    ///
    /// [`DeskError::Seal`] when a text does not open, [`StoreError::Busy`] when others keep writing
    /// to the log, [`DeskError::Store`] when the store fails.
    pub(super) fn words(&self, look: &Look<'_>, ids: &[VaultId]) -> Result<Vec<OpenText>, DeskError> {
        let opened = self.words_of(&[(*look, ids.to_vec())])?.pop();
        Ok(opened.transpose()?.unwrap_or_default())
    }

    /// The same for several looks at once, each with its own words and its own entry: a text that does not open fails its
    /// own look alone.
    pub(super) fn words_of(
        &self,
        looks: &[(Look<'_>, Vec<VaultId>)],
    ) -> Result<Vec<Result<Vec<OpenText>, SealError>>, DeskError> {
        let all: Vec<VaultId> = looks.iter().flat_map(|(_, ids)| ids).copied().collect();
        if all.is_empty() {
            return Ok(vec![Ok(Vec::new()); looks.len()]);
        }
        let mut kept = self.store.texts(&all)?.into_iter().peekable();
        let mut found: Vec<Vec<StoredText>> = Vec::with_capacity(looks.len());
        for (_, ids) in looks {
            // The store answers in the order of the question and leaves out what is not there.
            let mut of_look = Vec::with_capacity(ids.len());
            for id in ids {
                of_look.extend(kept.next_if(|text| text.id == *id));
            }
            found.push(of_look);
        }
        let seen: Vec<_> = looks
            .iter()
            .zip(&found)
            .filter_map(|((look, _), texts)| Some((look, looked(look, texts)?)))
            .collect();
        let entries: Vec<_> =
            seen.iter().map(|(look, looked)| (look.actor, whole_millis(look.now), looked)).collect();
        self.write_down(&entries)?;
        let open = |text: &StoredText| self.keys.open(&self.tenant, text);
        Ok(found.iter().map(|texts| texts.iter().map(open).collect()).collect())
    }

    /// A search with the tokens of whoever is sought in the place of the words.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] for a name without a word to seek, or a mobile that is none.
    pub(super) fn blinded(&self, search: &Search) -> Result<Search, DeskError> {
        type Seek = fn(&KeyRing, &TenantCode, &str) -> Option<Sought>;
        let blind = |field, sought: &Option<Sought>, seek: Seek| match sought {
            Some(Sought::Words(words)) => match seek(&self.keys, &self.tenant, words) {
                Some(tokens) => Ok(Some(tokens)),
                None => Err(Refusal::Invalid { field, problem: "has nothing in it that can be sought" }),
            },
            given => Ok(given.clone()),
        };
        Ok(Search {
            name: blind("name", &search.name, KeyRing::seek_name)?,
            mobile: blind("mobile", &search.mobile, KeyRing::seek_mobile)?,
            email: blind("email", &search.email, KeyRing::seek_email)?,
            ..search.clone()
        })
    }

    /// A search as the store takes it, after who asks for whom by which field was written to the
    /// access log, if anybody is sought: asking for a name is a look, too. The name itself is not
    /// written down.
    pub(super) fn seeking(
        &self,
        search: &Search,
        (actor, now): (&Actor, DateTime<Utc>),
    ) -> Result<Search, DeskError> {
        let blinded = self.blinded(search)?;
        let fields = [("email", &search.email), ("mobile", &search.mobile), ("name", &search.name)];
        let fields = fields.into_iter().filter(|(_, sought)| sought.is_some());
        let fields: Vec<_> = fields.map(|(field, _)| smol_str::SmolStr::new_static(field)).collect();
        if !fields.is_empty() {
            let looked = Looked { case: None, fields, purpose: LookPurpose::Search, texts: Vec::new() };
            self.write_down(&[(actor, whole_millis(now), &looked)])?;
        }
        Ok(blinded)
    }

    /// Adds entries to the access log.
    pub(super) fn write_down<'a>(
        &self,
        looks: &[(&'a Actor, DateTime<Utc>, &'a Looked)],
    ) -> Result<(), DeskError> {
        if looks.is_empty() {
            return Ok(());
        }
        // Looks of one desk do not race each other.
        let _turn = self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for _ in 0..TRIES {
            let last = self.store.last_look()?;
            if self.store.add_looks(&LookRow::chain(&self.tenant, last, looks.iter().copied()))? {
                return Ok(());
            }
        }
        Err(StoreError::Busy.into())
    }

    /// The looks at a case, in order, after a place of the log, at most so many: who saw who the
    /// complainant is, when and for what.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Result<Vec<LookRow>, DeskError> {
        Ok(self.store.looks_at(case, after, limit)?)
    }

    /// Reads the access log from its beginning and checks that each entry stands where it was
    /// written, and that the log goes at least as far as a checkpoint says, which the caller has from
    /// a printed statement. Without one, an end that was cut off is not seen.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn verify_looks(&self, printed: Option<&Checkpoint>) -> Result<LookCheck, DeskError> {
        let mut wanted = printed.and_then(|printed| printed.looks);
        let mut last = None;
        loop {
            let page = self.store.looks(last.map_or(0, |(place, _)| place), TOGETHER)?;
            if page.is_empty() {
                let is_whole = wanted.is_none();
                return Ok(if is_whole { LookCheck::Whole { last } } else { LookCheck::Cut { last } });
            }
            for row in page {
                if !row.follows(&self.tenant, last) {
                    return Ok(LookCheck::Broken { place: last.map_or(0, |(place, _)| place) + 1 });
                }
                last = Some((row.place, row.hash));
                wanted = wanted.filter(|wanted| *wanted != row.hash);
            }
        }
    }
}

/// What an entry says of these texts; `None` when none of them says who somebody is.
fn looked(look: &Look<'_>, texts: &[StoredText]) -> Option<Looked> {
    let who = || texts.iter().filter(|text| text.compartment == Compartment::Identity);
    let mut fields: Vec<_> = who().map(|text| text.field.clone()).collect();
    let mut rows: Vec<_> = who().map(|text| text.id).collect();
    fields.sort_unstable();
    fields.dedup();
    rows.sort_unstable();
    rows.dedup();
    let looked = Looked { case: Some(look.case), fields, purpose: look.purpose, texts: rows };
    (!looked.fields.is_empty()).then_some(looked)
}
