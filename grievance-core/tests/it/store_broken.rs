//! Stores that are broken on purpose. Each fault is one line that somebody forgot, planted around the
//! reference in memory; `store_faults` says which promises find it.

mod fault;
mod keeping;
mod messages;

pub(crate) use crate::store_broken::fault::Fault;

use Fault::{
    AllOrNothing, BatchForgets, BatchStops, CompanionsOutboxRow, ConflictGuessed, CountUnscoped,
    CursorIncluded, DueReversed, EarlyAcknowledgement, ExternalUniqueness, FilterIgnored, HeadMissing,
    IdentityRow, NumberUniqueness, OpeningHalf, OrderOfCase, OutboxRow, RenewedAtAnyVersion, RestRepeats,
    RestUnchecked, RowStale, ScanUnscoped, SearchUnscoped, SerialBlock, SerialFloor, StaleScan,
    SurveyUnscoped, TextOverwritten, TimerLeft, UnknownFails, VaultRow, VersionCheck, WordsIgnored,
};
use chrono::{DateTime, Utc};
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::notice::Notice;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::SourceCode;
use grievance_core::kernel::id::{ClaimId, CommandId, GrievanceId, NoticeId, VaultId};
use grievance_core::kernel::text::{Compartment, Digest};
use grievance_core::measure::question::Question;
use grievance_core::proof::checkpoint::CaseHead;
use grievance_core::proof::folio::Folio;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::commit::{Commit, Receipt};
use grievance_core::store::memory::MemoryTenant;
use grievance_core::store::search::{Page, Search};
use grievance_core::store::survey::Survey;
use grievance_core::store::vault::StoredText;
use grievance_core::store::{
    Archive as _, Due, Further, History, Holding, Journal, Pages, Store, StoreError, Stored, Vault as _,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// What a broken store remembers for its fault.
#[derive(Default)]
struct Notes {
    queued: Option<Commit>,
    commands: u64,
    timers: HashMap<GrievanceId, DateTime<Utc>>,
    rows: HashMap<GrievanceId, CaseFact>,
    texts: HashMap<VaultId, StoredText>,
    scanned: Option<Vec<Vec<Recorded>>>,
    holders: Vec<Holding>,
    claims: HashMap<NoticeId, ClaimId>,
    notices: BTreeMap<NoticeId, Notice>,
    editions: HashMap<Digest, String>,
    activated: Option<Digest>,
}

pub(crate) struct Broken {
    within: Arc<MemoryTenant>,
    fault: Fault,
    notes: Mutex<Notes>,
}

impl Broken {
    /// A tenant of the reference with a fault.
    pub(crate) fn around(within: Arc<MemoryTenant>, fault: Fault) -> Self {
        Self { within, fault, notes: Mutex::default() }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn notes<T>(&self, with: impl FnOnce(&mut Notes) -> T) -> T {
        with(&mut self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The commit as the fault leaves it.
    fn mangled(&self, commit: &Commit) -> Stored<Commit> {
        let mut commit = commit.clone();
        match self.fault {
            VersionCheck => {
                for stream in &mut commit.streams {
                    stream.expected = self.within.fact(stream.case)?.map_or(0, |fact| fact.version);
                }
            }
            Fault::Command => {
                commit.command = self.notes(|notes| {
                    notes.commands += 1;
                    CommandId::from_uuid(uuid::Uuid::from_u128(notes.commands.into()))
                });
            }
            OutboxRow => commit.streams.iter_mut().for_each(|stream| stream.notices.clear()),
            CompanionsOutboxRow => {
                commit.streams.iter_mut().skip(1).for_each(|stream| stream.notices.clear());
            }
            VaultRow => commit.texts.clear(),
            IdentityRow => commit.texts.retain(|row| row.compartment != Compartment::Identity),
            TextOverwritten => {
                for row in std::mem::take(&mut commit.texts) {
                    if self.within.texts(&[row.id])?.is_empty() {
                        commit.texts.push(row);
                    } else {
                        self.notes(|notes| notes.texts.insert(row.id, row));
                    }
                }
            }
            AllOrNothing => {
                let mut fit = Vec::new();
                for stream in std::mem::take(&mut commit.streams) {
                    let found = self.within.fact(stream.case)?.map_or(0, |fact| fact.version);
                    if found == stream.expected || commit.streams.len() + fit.len() == 0 {
                        fit.push(stream);
                    }
                }
                commit.streams = fit;
            }
            TimerLeft => {
                for stream in &mut commit.streams {
                    self.notes(|notes| match stream.due {
                        Some(at) => drop(notes.timers.insert(stream.case, at)),
                        None => stream.due = notes.timers.get(&stream.case).copied(),
                    });
                }
            }
            OrderOfCase => {
                for stream in &mut commit.streams {
                    for notice in &mut stream.notices {
                        self.notes(|notes| notes.notices.insert(notice.id, notice.clone()));
                        notice.case = GrievanceId::from_uuid(notice.id.uuid());
                    }
                }
            }
            _ => {}
        }
        Ok(commit)
    }

    fn one(&self, commit: &Commit) -> Stored<Receipt> {
        if self.has(Fault::Fingerprint)
            && let Some((_, receipt)) = self.within.receipt(commit.command)?
        {
            return Ok(receipt);
        }
        if self.has(EarlyAcknowledgement) {
            let before = self.notes(|notes| notes.queued.replace(commit.clone()));
            if let Some(before) = before {
                self.within.commit(&before)?;
            }
            return Ok(commit.receipt());
        }
        let mut mangled = self.mangled(commit)?;
        let mut answer = self.within.commit(&mangled);
        match (self.fault, &mut answer) {
            (NumberUniqueness, Err(StoreError::NumberTaken { .. })) => {
                mangled.streams.iter_mut().for_each(|stream| stream.fact.number = None);
                answer = self.within.commit(&mangled);
            }
            (ExternalUniqueness, Err(StoreError::NumberTaken { .. })) => {
                mangled.streams.iter_mut().for_each(|stream| stream.fact.external_number = None);
                answer = self.within.commit(&mangled);
            }
            (ConflictGuessed, Err(StoreError::Conflict { expected, found, .. })) => *found = *expected + 1,
            (RowStale, Ok(_)) => self.notes(|notes| {
                for stream in &commit.streams {
                    notes.rows.entry(stream.case).or_insert_with(|| stream.fact.clone());
                }
            }),
            _ => {}
        }
        answer
    }

    /// A message as it was put in.
    fn own(&self, notice: Notice) -> Notice {
        self.notes(|notes| notes.notices.get(&notice.id).cloned()).unwrap_or(notice)
    }
}

impl Journal for Broken {
    fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        self.one(commit)
    }

    fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        let mut answers: Vec<Stored<Receipt>> = Vec::new();
        for commit in commits {
            let mut commit = commit.clone();
            if self.has(BatchForgets) {
                commit.texts.clear();
                for stream in &mut commit.streams {
                    (stream.due, stream.notices) = (None, Vec::new());
                }
            }
            if self.has(BatchStops) && answers.last().is_some_and(Result::is_err) {
                answers.push(Err(StoreError::Busy));
            } else {
                answers.push(self.one(&commit));
            }
        }
        Ok(answers)
    }

    fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>> {
        self.within.receipt(command)
    }

    fn history(&self, case: GrievanceId) -> Stored<History> {
        let mut history = self.within.history(case)?;
        if self.has(HeadMissing) {
            history.head = None;
        }
        Ok(history)
    }

    fn history_after(&self, read: &CaseHead) -> Stored<Further> {
        let (history, further) = (self.history(read.case)?, self.within.history_after(read)?);
        let place = usize::try_from(read.version).expect("a short history");
        let rest = match (self.fault, &further) {
            (RestUnchecked, _) if history.events.len() >= place => place,
            (RestRepeats, Further::After(_)) => place - 1,
            (RestRepeats, _) => return Ok(further),
            _ => return Ok(Further::Whole(history)),
        };
        Ok(Further::After(History { events: history.events[rest..].to_vec(), ..history }))
    }

    fn scan(&self, scope: &Scope, each: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()> {
        let scope = if self.has(ScanUnscoped) { &Scope::All } else { scope };
        if !self.has(StaleScan) {
            return self.within.scan(scope, each);
        }
        let mut now = Vec::new();
        self.within.scan(scope, &mut |history| {
            now.push(history.to_vec());
            true
        })?;
        let first = self.notes(|notes| notes.scanned.get_or_insert(now).clone());
        let _ = first.iter().all(|history| each(history));
        Ok(())
    }

    fn count(&self, scope: &Scope) -> Stored<u64> {
        self.within.count(if self.has(CountUnscoped) { &Scope::All } else { scope })
    }

    fn survey(&self, scope: &Scope, question: &Question, until: DateTime<Utc>) -> Stored<Survey> {
        Survey::by_rows(self, if self.has(SurveyUnscoped) { &Scope::All } else { scope }, question, until)
    }

    fn fact(&self, case: GrievanceId) -> Stored<Option<CaseFact>> {
        let stale = self.notes(|notes| notes.rows.get(&case).cloned());
        Ok(stale.or(self.within.fact(case)?))
    }

    fn renew(&self, fact: &CaseFact) -> Stored<bool> {
        if !self.has(RenewedAtAnyVersion) {
            return self.within.renew(fact);
        }
        let Some(found) = self.within.fact(fact.id)? else { return Ok(false) };
        let moved = CaseFact { version: found.version, ..fact.clone() };
        self.within.renew(&moved)
    }

    fn file(&self, case: GrievanceId) -> Stored<Pages> {
        self.within.file(case)
    }

    fn folios(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>> {
        self.within.folios(after, limit)
    }

    fn version(&self, case: GrievanceId) -> Stored<Option<u64>> {
        self.within.version(case)
    }

    fn empty_files(&self, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        self.within.empty_files(after, limit)
    }

    fn find_external(&self, source: &SourceCode, number: &str) -> Stored<Option<GrievanceId>> {
        self.within.find_external(source, number)
    }

    fn find_tracking(&self, tracking: Digest) -> Stored<Option<GrievanceId>> {
        match self.within.find_tracking(tracking)? {
            None if self.has(UnknownFails) => Err(StoreError::Backend("there is no such case".to_owned())),
            found => Ok(found),
        }
    }

    fn search(&self, scope: &Scope, search: &Search) -> Stored<Page> {
        let mut search = search.clone();
        if self.has(FilterIgnored) {
            search.stages.clear();
        }
        if self.has(CursorIncluded)
            && let Some(after) = &mut search.after
        {
            after.case = GrievanceId::from_uuid(uuid::Uuid::from_u128(after.case.uuid().as_u128() + 1));
        }
        if self.has(WordsIgnored) {
            for sought in [&mut search.name, &mut search.mobile, &mut search.email] {
                *sought = sought.take().filter(|sought| sought.tokens().is_some());
            }
        }
        let scope = if self.has(SearchUnscoped) { &Scope::All } else { scope };
        self.within.search(scope, &search)
    }

    fn reserve(&self, series: &str, floor: u64, count: u64) -> Stored<u64> {
        match self.fault {
            SerialBlock => self.within.reserve(series, floor, 1),
            SerialFloor => self.within.reserve(series, 1, count),
            _ => self.within.reserve(series, floor, count),
        }
    }

    fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Stored<Vec<Due>> {
        let mut due = self.within.due(now, after, limit)?;
        if self.has(DueReversed) {
            due.reverse();
        }
        Ok(due)
    }

    fn next_due(&self) -> Stored<Option<DateTime<Utc>>> {
        self.within.next_due()
    }
}

impl Store for Broken {
    fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
        let rulebook = if self.has(OpeningHalf) { None } else { self.in_force(at)? };
        Ok((rulebook, self.history(case)?))
    }
}
