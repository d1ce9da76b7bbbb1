//! The reference store: everything in memory, one lock, nothing clever.
//!
//! It holds events as the text that a database would hold and reads them back from it, so that a
//! test on memory tests the wire format too.

mod challenges;
mod checkpoints;
mod keeping;
mod looks;
mod time;

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{PostCode, SourceCode, TenantCode, UnitCode};
use crate::kernel::id::{CommandId, GrievanceId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Digest;
use crate::measure::question::Question;
use crate::proof::checkpoint::CaseHead;
use crate::proof::folio::Folio;
use crate::rulebook::access::Scope;
use crate::store::commit::{Commit, Kept, Receipt, Sealed, Stream, external_key, owned_number};
use crate::store::looks::LookRow;
use crate::store::memory::time::{Jobs, PostRoom, Timers};
use crate::store::scope::Charts;
use crate::store::search::{Cursor, Page, Search};
use crate::store::survey::Survey;
use crate::store::vault::StoredText;
use crate::store::{Archive, Due, Further, History, Holding, Journal, Pages, Store, StoreError, Stored};
use crate::vocabulary::{EventKind, Tenure};
use chrono::{DateTime, Utc};
use smol_str::SmolStr;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Many tenants in memory. Clones share what they hold.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::code::TenantCode;
/// use grievance_core::store::Journal as _;
/// use grievance_core::store::memory::MemoryStore;
///
/// let store = MemoryStore::default();
/// let tenant = store.tenant(&TenantCode::new("west-bengal")?);
/// assert_eq!(tenant.reserve("2026", 1, 1)?, 1);
/// assert_eq!(tenant.reserve("2026", 1, 1)?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tenants: Arc<Mutex<HashMap<TenantCode, Arc<MemoryTenant>>>>,
}

impl MemoryStore {
    /// One tenant's store, the same each time; empty for a tenant it has not seen.
    pub fn tenant(&self, tenant: &TenantCode) -> Arc<MemoryTenant> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tenants.entry(tenant.clone()).or_default())
    }
}

/// One tenant's cases, texts, rulebooks and roster in memory.
#[derive(Default)]
pub struct MemoryTenant {
    shelves: Mutex<Shelves>,
    codes: challenges::Codes,
}

impl std::fmt::Debug for MemoryTenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryTenant").field("cases", &self.shelves().cases.len()).finish_non_exhaustive()
    }
}

/// Office, post, first instant and person.
type RosterKey = (UnitCode, PostCode, DateTime<Utc>, PersonId);
/// In which capacity, and until when.
type Term = (Tenure, Option<DateTime<Utc>>);

#[derive(Default)]
struct Shelves {
    cases: BTreeMap<GrievanceId, File>,
    commands: HashMap<CommandId, (Digest, Receipt)>,
    /// Who owns a registration number; parts own none.
    numbers: HashMap<RegistrationNumber, GrievanceId>,
    external: HashMap<(SourceCode, SmolStr), GrievanceId>,
    texts: HashMap<VaultId, StoredText>,
    looks: Vec<LookRow>,
    serials: HashMap<String, u64>,
    editions: HashMap<Digest, String>,
    charts: Charts,
    activations: BTreeMap<DateTime<Utc>, Digest>,
    roster: BTreeMap<RosterKey, Term>,
    timers: Timers,
    post: PostRoom,
    jobs: Jobs,
    marks: checkpoints::Marks,
}

struct File {
    events: Vec<Written>,
    fact: CaseFact,
}

/// An event as a row of a database.
struct Written {
    version: u64,
    at: DateTime<Utc>,
    actor: String,
    rulebook: Digest,
    command: CommandId,
    kind: EventKind,
    body: String,
    hash: Digest,
}

impl Written {
    fn of(sealed: &Sealed, command: CommandId) -> Self {
        let Sealed { recorded, actor, body, hash } = sealed;
        Self {
            version: recorded.version,
            at: recorded.at,
            actor: actor.clone(),
            rulebook: recorded.rulebook,
            command,
            kind: recorded.event.what.kind(),
            body: body.clone(),
            hash: *hash,
        }
    }

    fn folio(&self, case: GrievanceId) -> Folio {
        let Self { version, at, actor, rulebook, command, kind, body, hash } = self;
        Folio {
            case: case.as_bytes().to_vec(),
            version: i64::try_from(*version).unwrap_or(i64::MAX),
            at: at.timestamp_millis(),
            actor: actor.as_bytes().to_vec(),
            rulebook: rulebook.as_bytes().to_vec(),
            command: command.as_bytes().to_vec(),
            kind: kind.as_str().as_bytes().to_vec(),
            body: body.as_bytes().to_vec(),
            hash: hash.as_bytes().to_vec(),
        }
    }

    fn read(&self, case: GrievanceId) -> Stored<Recorded> {
        let Self { version, at, rulebook, ref actor, ref body, .. } = *self;
        Kept { case, version, at, actor, rulebook, body }.read()
    }
}

impl Shelves {
    fn version(&self, case: GrievanceId) -> u64 {
        self.cases.get(&case).map_or(0, |file| file.fact.version)
    }

    /// Refuses a commit, or writes all of it.
    fn commit(&mut self, commit: &Commit) -> Stored<Receipt> {
        if let Some((fingerprint, receipt)) = self.commands.get(&commit.command) {
            return if *fingerprint == commit.fingerprint {
                Ok(receipt.clone())
            } else {
                Err(StoreError::CommandReused { command: commit.command })
            };
        }
        self.check(commit)?;
        for stream in &commit.streams {
            let Stream { case, expected: _, events, fact, due, notices } = stream;
            self.replace(*case, fact);
            self.marks.moved(*case);
            self.timers.replace(*case, *due);
            for notice in notices {
                self.post.put(notice);
            }
            if stream.erases() {
                self.texts.retain(|_, text| text.case != *case);
                let theirs = self.commands.values_mut().filter(|(_, receipt)| receipt.case == *case);
                theirs.for_each(|(fingerprint, _)| *fingerprint = Commit::NO_FINGERPRINT);
            }
            let file = self.cases.get_mut(case).expect("its row was just put there");
            file.events.extend(events.iter().map(|event| Written::of(event, commit.command)));
        }
        self.texts.extend(commit.texts.iter().map(|text| (text.id, text.clone())));
        let receipt = commit.receipt();
        self.commands.insert(commit.command, (commit.fingerprint, receipt.clone()));
        Ok(receipt)
    }

    fn check(&self, commit: &Commit) -> Stored<()> {
        for Stream { case, expected, .. } in &commit.streams {
            let (case, expected, found) = (*case, *expected, self.version(*case));
            if expected != found {
                return Err(StoreError::Conflict { case, expected, found });
            }
        }
        if let Some(case) = commit.claimed_twice() {
            return Err(StoreError::NumberTaken { case });
        }
        for Stream { case, fact, .. } in &commit.streams {
            let number = owned_number(fact).and_then(|number| self.numbers.get(number));
            taken(*case, number.copied())?;
            taken(*case, external(fact).and_then(|key| self.external.get(&key)).copied())?;
        }
        let mut texts = commit.texts.iter().enumerate();
        if texts.any(|(n, row)| {
            self.texts.contains_key(&row.id) || commit.texts[..n].iter().any(|other| other.id == row.id)
        }) {
            return Err(StoreError::Backend("a text of that identity is there already".to_owned()));
        }
        self.post.check(commit.streams.iter().flat_map(|stream| &stream.notices))
    }

    fn replace(&mut self, case: GrievanceId, fact: &CaseFact) {
        if let Some(file) = self.cases.get_mut(&case) {
            if let Some(number) = owned_number(&file.fact) {
                self.numbers.remove(number);
            }
            if let Some(key) = external(&file.fact) {
                self.external.remove(&key);
            }
            file.fact = fact.clone();
        } else {
            self.cases.insert(case, File { events: Vec::new(), fact: fact.clone() });
        }
        if let Some(number) = owned_number(fact) {
            self.numbers.insert(number.clone(), case);
        }
        if let Some(key) = external(fact) {
            self.external.insert(key, case);
        }
    }
}

impl Shelves {
    /// Whether everybody who is sought is in the case.
    fn has_people(&self, case: GrievanceId, search: &Search) -> bool {
        let texts = || self.texts.values().filter(|text| text.case == case);
        search.people().all(|sought| {
            let mut tokens = texts().filter_map(|text| text.indexed.as_ref());
            tokens.any(|indexed| sought.fits(|token| indexed.tokens.contains(token)))
        })
    }

    /// What the roster says of a post, by first instant, then by person.
    fn holdings(&self, unit: &UnitCode, post: &PostCode) -> impl Iterator<Item = Holding> {
        let nobody = PersonId::from_uuid(uuid::Uuid::nil());
        let first = (unit.clone(), post.clone(), DateTime::<Utc>::MIN_UTC, nobody);
        let of_post = self
            .roster
            .range(first.clone()..)
            .take_while(move |((unit, post, ..), _)| (unit, post) == (&first.0, &first.1));
        of_post.map(|((unit, post, from, person), (tenure, until))| Holding {
            unit: unit.clone(),
            post: post.clone(),
            person: *person,
            tenure: *tenure,
            from: *from,
            until: *until,
        })
    }
}

fn external(fact: &CaseFact) -> Option<(SourceCode, SmolStr)> {
    external_key(fact).map(|(source, number)| (source.clone(), number.clone()))
}

fn taken(case: GrievanceId, owner: Option<GrievanceId>) -> Stored<()> {
    match owner {
        Some(owner) if owner != case => Err(StoreError::NumberTaken { case: owner }),
        _ => Ok(()),
    }
}

impl MemoryTenant {
    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        // A commit is checked before it is written, so that a panic leaves nothing half done.
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryTenant {
    fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        self.shelves().commit(commit)
    }

    fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        let mut shelves = self.shelves();
        Ok(commits.iter().map(|commit| shelves.commit(commit)).collect())
    }

    fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>> {
        Ok(self.shelves().commands.get(&command).cloned())
    }

    fn history(&self, case: GrievanceId) -> Stored<History> {
        let shelves = self.shelves();
        let Some(file) = shelves.cases.get(&case) else { return Ok(History::default()) };
        let events = file.events.iter().map(|event| event.read(case)).collect::<Stored<_>>()?;
        Ok(History { events, head: file.events.last().map(|event| event.hash) })
    }

    fn history_after(&self, read: &CaseHead) -> Stored<Further> {
        let CaseHead { case, version, hash } = *read;
        let shelves = self.shelves();
        let events = shelves.cases.get(&case).map(|file| file.events.as_slice()).unwrap_or_default();
        let place = events.iter().rposition(|event| (event.version, event.hash) == (version, hash));
        let rest = place.map_or(events, |place| &events[place + 1..]);
        let history = History {
            events: rest.iter().map(|event| event.read(case)).collect::<Stored<_>>()?,
            head: events.last().map(|event| event.hash),
        };
        Ok(if place.is_some() { Further::After(history) } else { Further::Whole(history) })
    }

    fn file(&self, case: GrievanceId) -> Stored<Pages> {
        let shelves = self.shelves();
        let Some(file) = shelves.cases.get(&case) else { return Ok(Pages::default()) };
        let folios = file.events.iter().map(|event| event.folio(case)).collect();
        Ok(Pages { version: Some(file.fact.version), folios })
    }

    fn folios(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>> {
        let after = after.and_then(|(case, version)| Some((uuid::Uuid::from_slice(case).ok()?, version)));
        let first = after.map(|(case, _)| GrievanceId::from_uuid(case));
        let shelves = self.shelves();
        let files = shelves.cases.range((first.map_or(Bound::Unbounded, Bound::Included), Bound::Unbounded));
        let pages = files.flat_map(|(case, file)| file.events.iter().map(|event| event.folio(*case)));
        let is_seen = |page: &Folio| {
            after.is_some_and(|(case, version)| page.case == case.as_bytes() && page.version <= version)
        };
        Ok(pages.filter(|page| !is_seen(page)).take(limit).collect())
    }

    fn version(&self, case: GrievanceId) -> Stored<Option<u64>> {
        Ok(self.shelves().cases.get(&case).map(|file| file.fact.version))
    }

    fn empty_files(&self, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let shelves = self.shelves();
        let files = shelves.cases.range((after, Bound::Unbounded));
        Ok(files.filter(|(_, file)| file.events.is_empty()).map(|(case, _)| *case).take(limit).collect())
    }

    fn scan(&self, scope: &Scope, each: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()> {
        let mut after = Bound::Unbounded;
        loop {
            // The lock is let go before `each` runs, which may use the store.
            let next = {
                let shelves = self.shelves();
                let mut rest = shelves.cases.range((after, Bound::Unbounded));
                let Some((case, file)) = rest.find(|(_, file)| scope.covers(&file.fact, &shelves.charts))
                else {
                    return Ok(());
                };
                after = Bound::Excluded(*case);
                file.events.iter().map(|event| event.read(*case)).collect::<Stored<Vec<_>>>()?
            };
            if !each(&next) {
                return Ok(());
            }
        }
    }

    fn count(&self, scope: &Scope) -> Stored<u64> {
        let shelves = self.shelves();
        let covered = shelves.cases.values().filter(|file| scope.covers(&file.fact, &shelves.charts));
        Ok(covered.count() as u64)
    }

    fn survey(&self, scope: &Scope, question: &Question, until: DateTime<Utc>) -> Stored<Survey> {
        let shelves = self.shelves();
        let facts = shelves.cases.values().map(|file| &file.fact);
        let covered = facts.filter(|fact| scope.covers(fact, &shelves.charts));
        Ok(Survey::of(covered, question, until))
    }

    fn fact(&self, case: GrievanceId) -> Stored<Option<CaseFact>> {
        Ok(self.shelves().cases.get(&case).map(|file| file.fact.clone()))
    }

    fn renew(&self, fact: &CaseFact) -> Stored<bool> {
        let mut shelves = self.shelves();
        let same = shelves.version(fact.id) == fact.version;
        if same {
            shelves.replace(fact.id, fact);
        }
        Ok(same)
    }

    fn find_external(&self, source: &SourceCode, number: &str) -> Stored<Option<GrievanceId>> {
        Ok(self.shelves().external.get(&(source.clone(), SmolStr::new(number))).copied())
    }

    fn find_tracking(&self, tracking: Digest) -> Stored<Option<GrievanceId>> {
        let shelves = self.shelves();
        let mut whole = shelves.cases.values().map(|file| &file.fact).filter(|fact| fact.part_of.is_none());
        Ok(whole.find(|fact| fact.tracking == Some(tracking)).map(|fact| fact.id))
    }

    fn search(&self, scope: &Scope, search: &Search) -> Stored<Page> {
        let shelves = self.shelves();
        let place = |fact: &CaseFact| Cursor { lodged_at: fact.lodged_at, case: fact.id };
        let mut found: Vec<&CaseFact> = shelves
            .cases
            .values()
            .map(|file| &file.fact)
            .filter(|fact| scope.covers(fact, &shelves.charts))
            .filter(|fact| shelves.has_people(fact.id, search))
            .filter(|fact| search.fits(fact) && search.after.is_none_or(|after| place(fact) < after))
            .collect();
        found.sort_unstable_by_key(|fact| Reverse(place(fact)));
        let cases = found.into_iter().take(search.page_size() as usize + 1).cloned().collect();
        Ok(Page::cut(cases, search.page_size()))
    }

    fn reserve(&self, series: &str, floor: u64, count: u64) -> Stored<u64> {
        let mut shelves = self.shelves();
        let next = shelves.serials.entry(series.to_owned()).or_insert(floor);
        let first = (*next).max(floor);
        *next = first
            .checked_add(count)
            .filter(|next| i64::try_from(*next).is_ok())
            .ok_or_else(|| StoreError::Backend("the serials of the series are used up".to_owned()))?;
        Ok(first)
    }

    fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Stored<Vec<Due>> {
        Ok(self.shelves().timers.due(now, after, limit))
    }

    fn next_due(&self) -> Stored<Option<DateTime<Utc>>> {
        Ok(self.shelves().timers.next())
    }
}

impl Store for MemoryTenant {
    fn opening_after(&self, read: &CaseHead, at: DateTime<Utc>) -> Stored<(Option<Digest>, Further)> {
        Ok((self.in_force(at)?, self.history_after(read)?))
    }
}
