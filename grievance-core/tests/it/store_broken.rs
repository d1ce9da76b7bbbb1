//! Stores that are broken on purpose. Each fault is one line that somebody forgot, planted around the
//! reference in memory; `store_faults` says which promises find it.

use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::notice::Notice;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::{PostCode, ScheduleCode, SourceCode, UnitCode};
use grievance_core::kernel::id::{ChallengeId, ClaimId, CommandId, GrievanceId, NoticeId, VaultId};
use grievance_core::kernel::text::{Compartment, Digest};
use grievance_core::otp::{ChallengeState, LimiterKey};
use grievance_core::proof::checkpoint::{CaseHead, Checkpoint};
use grievance_core::proof::folio::Folio;
use grievance_core::rulebook::access::{Chart, Scope};
use grievance_core::store::agenda::{Agenda, Job};
use grievance_core::store::challenges::{Challenges, KeptLimiter, LimiterMove};
use grievance_core::store::checkpoints::{Checkpoints, KeptCheckpoint};
use grievance_core::store::commit::{Commit, Receipt};
use grievance_core::store::conformance::sample;
use grievance_core::store::looks::{AccessLog, LookRow};
use grievance_core::store::memory::MemoryTenant;
use grievance_core::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};
use grievance_core::store::search::{Page, Search};
use grievance_core::store::vault::StoredText;
use grievance_core::store::{
    Archive, Due, History, Holding, Journal, Pages, Rekept, Store, StoreError, Stored, Vault,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// What somebody forgot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    /// A commit is taken whatever version it was made for.
    VersionCheck,
    /// The tenant is in no key.
    Tenant,
    /// A command identity that was seen answers with its receipt, whatever the body.
    Fingerprint,
    /// Commands are not kept.
    Command,
    /// Messages are not written.
    OutboxRow,
    /// Only the messages of a commit's first case are written.
    CompanionsOutboxRow,
    /// Texts are not written.
    VaultRow,
    /// Texts of the identity compartment are not written.
    IdentityRow,
    /// A batch writes events and rows, and forgets texts, timers and messages.
    BatchForgets,
    /// The second text of an identity takes the place of the first.
    TextOverwritten,
    /// A commit is acknowledged when it is queued, and written with the next.
    EarlyAcknowledgement,
    /// A registration number may be given twice.
    NumberUniqueness,
    /// An external number may be given twice.
    ExternalUniqueness,
    /// Of a commit for several cases, those that fit are written.
    AllOrNothing,
    /// Of a batch, nothing after the first refusal is written.
    BatchStops,
    /// A timer that is taken away stays.
    TimerLeft,
    /// A conflict is told with the version that was expected, and one more.
    ConflictGuessed,
    /// The hash of the last event is not given.
    HeadMissing,
    /// The row of a case is that of its first commit.
    RowStale,
    /// Searches do not look at the stage.
    FilterIgnored,
    /// A page begins with the case at which the one before ended.
    CursorIncluded,
    /// A scan answers as it did the first time.
    StaleScan,
    /// A block of serials is one serial.
    SerialBlock,
    /// Serials begin at 1, whatever the floor.
    SerialFloor,
    /// A version is in force from the millisecond after its activation.
    InForceLate,
    /// A post is held at its last instant too.
    PostHeldTooLong,
    /// A lease is over at once.
    LeaseIgnored,
    /// Whoever asks settles a message.
    ClaimUnchecked,
    /// Messages of one case go out as they come.
    OrderOfCase,
    /// Counts are not written beside the row of a code.
    CountLost,
    /// Counts are replaced whatever revision they were computed from.
    RevisionUnchecked,
    /// Whoever answers with the right code is told to be the first.
    CodeUsedTwice,
    /// Whoever adds or finishes a job is told that it was them.
    JobForAll,
    /// A search gives whatever fits, out of whose reach it may be.
    SearchUnscoped,
    /// A scan gives every case.
    ScanUnscoped,
    /// A count counts every case.
    CountUnscoped,
    /// The lines of a version are not kept.
    ChartForgotten,
    /// The lines of every version are kept as those of one.
    ChartOfOneVersion,
    /// A row takes the place of another of whatever version.
    RenewedAtAnyVersion,
    /// Whoever makes a checkpoint is told that it was kept.
    CheckpointForAll,
    /// Nobody remembers which posts there are.
    PostForgotten,
    /// A rulebook is the text that was kept last.
    EditionReplaced,
    /// Whatever version is named comes into force.
    UnknownActivated,
    /// Cases of the version are named with those of others.
    UnmovedUnfiltered,
    /// Looks are given from the newest on.
    LooksReversed,
    /// Counts that say nothing any more stay.
    CountsStay,
    /// What is due comes from the newest on.
    DueReversed,
    /// A name that was not blinded narrows nothing down.
    WordsIgnored,
    /// A case is opened without its rulebook.
    OpeningHalf,
    /// That no case has a tracking code is an error.
    UnknownFails,
}

use Fault::{
    AllOrNothing, BatchForgets, BatchStops, ChartForgotten, ChartOfOneVersion, CheckpointForAll,
    ClaimUnchecked, CodeUsedTwice, CompanionsOutboxRow, ConflictGuessed, CountLost, CountUnscoped,
    CountsStay, CursorIncluded, DueReversed, EarlyAcknowledgement, EditionReplaced, ExternalUniqueness,
    FilterIgnored, HeadMissing, IdentityRow, InForceLate, JobForAll, LeaseIgnored, LooksReversed,
    NumberUniqueness, OpeningHalf, OrderOfCase, OutboxRow, PostForgotten, PostHeldTooLong,
    RenewedAtAnyVersion, RevisionUnchecked, RowStale, ScanUnscoped, SearchUnscoped, SerialBlock, SerialFloor,
    StaleScan, TextOverwritten, TimerLeft, UnknownActivated, UnknownFails, UnmovedUnfiltered, VaultRow,
    VersionCheck, WordsIgnored,
};

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

impl Vault for Broken {
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>> {
        let texts = self.within.texts(ids)?;
        Ok(self.notes(|notes| {
            texts.into_iter().map(|text| notes.texts.get(&text.id).cloned().unwrap_or(text)).collect()
        }))
    }

    fn has_texts(&self, case: GrievanceId) -> Stored<bool> {
        self.within.has_texts(case)
    }

    fn stale_texts(
        &self,
        seal: Option<&str>,
        index: &str,
        after: Option<VaultId>,
        limit: usize,
    ) -> Stored<Vec<StoredText>> {
        self.within.stale_texts(seal, index, after, limit)
    }

    fn keep_anew(&self, texts: &[Rekept]) -> Stored<u64> {
        self.within.keep_anew(texts)
    }
}

impl AccessLog for Broken {
    fn last_look(&self) -> Stored<Option<(u64, Digest)>> {
        self.within.last_look()
    }

    fn add_looks(&self, entries: &[LookRow]) -> Stored<bool> {
        self.within.add_looks(entries)
    }

    fn looks(&self, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        let mut looks = self.within.looks(after, limit)?;
        if self.has(LooksReversed) {
            looks.reverse();
        }
        Ok(looks)
    }

    fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        self.within.looks_at(case, after, limit)
    }
}

impl Checkpoints for Broken {
    fn take_heads(&self) -> Stored<u64> {
        self.within.take_heads()
    }

    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>> {
        self.within.heads(number, after, limit)
    }

    fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Stored<bool> {
        Ok(self.within.keep_checkpoint(checkpoint)? || self.has(CheckpointForAll))
    }

    fn checkpoints(&self, after: u64, limit: usize) -> Stored<Vec<KeptCheckpoint>> {
        self.within.checkpoints(after, limit)
    }

    fn last_checkpoint(&self) -> Stored<Option<KeptCheckpoint>> {
        self.within.last_checkpoint()
    }
}

impl Archive for Broken {
    fn keep(&self, version: Digest, document: &str) -> Stored<()> {
        self.notes(|notes| notes.editions.insert(version, document.to_owned()));
        self.within.keep(version, document)
    }

    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()> {
        match self.fault {
            ChartForgotten => Ok(()),
            ChartOfOneVersion => {
                self.within.keep(sample::rulebook(1), "{}")?;
                self.within.chart(sample::rulebook(1), chart)
            }
            _ => self.within.chart(version, chart),
        }
    }

    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()> {
        match self.within.activate(version, from) {
            Err(StoreError::EditionUnknown { .. }) if self.has(UnknownActivated) => {
                self.notes(|notes| notes.activated = Some(version));
                Ok(())
            }
            answer => answer,
        }
    }

    fn edition(&self, version: Digest) -> Stored<Option<String>> {
        let last = self.notes(|notes| notes.editions.get(&version).cloned());
        if self.has(EditionReplaced) { Ok(last) } else { self.within.edition(version) }
    }

    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        if let Some(version) = self.notes(|notes| notes.activated) {
            return Ok(Some(version));
        }
        self.within.in_force(if self.has(InForceLate) { at - TimeDelta::milliseconds(1) } else { at })
    }

    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
        self.within.in_force_since(at)
    }

    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let version = if self.has(UnmovedUnfiltered) { Digest::of(&[b"none"]) } else { version };
        self.within.unmoved(version, after, limit)
    }

    fn appoint(&self, holding: &Holding) -> Stored<()> {
        self.notes(|notes| notes.holders.push(holding.clone()));
        self.within.appoint(holding)
    }

    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>> {
        let mut holders = self.within.holders(unit, post, at)?;
        if self.has(PostHeldTooLong) {
            let ends = self.notes(|notes| notes.holders.clone());
            holders.extend(ends.into_iter().filter(|holding| holding.until == Some(at)));
        }
        Ok(holders)
    }

    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool> {
        Ok(self.within.vacant(unit, post, at)? && !self.has(PostForgotten))
    }
}

impl Outbox for Broken {
    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>> {
        let lease = if self.has(LeaseIgnored) { TimeDelta::zero() } else { lease };
        let claimed = self.within.claim(now, lease, limit, by)?;
        self.notes(|notes| notes.claims.extend(claimed.iter().map(|claimed| (claimed.notice.id, by))));
        Ok(claimed
            .into_iter()
            .map(|claimed| Claimed { notice: self.own(claimed.notice), ..claimed })
            .collect())
    }

    fn settle(&self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> Stored<bool> {
        let holder = self.notes(|notes| notes.claims.get(&id).copied());
        let by = holder.filter(|_| self.has(ClaimUnchecked)).unwrap_or(by);
        self.within.settle(id, by, settlement)
    }

    fn parked(&self, limit: usize) -> Stored<Vec<Parked>> {
        let parked = self.within.parked(limit)?;
        Ok(parked.into_iter().map(|parked| Parked { notice: self.own(parked.notice), ..parked }).collect())
    }

    fn revive(&self, id: NoticeId, now: DateTime<Utc>) -> Stored<bool> {
        self.within.revive(id, now)
    }

    fn delivery_report(&self, id: NoticeId, received_at: DateTime<Utc>) -> Stored<bool> {
        self.within.delivery_report(id, received_at)
    }

    fn outbox_next(&self) -> Stored<Option<DateTime<Utc>>> {
        self.within.outbox_next()
    }

    fn notices_of(&self, case: GrievanceId) -> Stored<Vec<Posted>> {
        if !self.has(OrderOfCase) {
            return self.within.notices_of(case);
        }
        let own = self.notes(|notes| notes.notices.clone());
        let mut all = Vec::new();
        for notice in own.values().filter(|notice| notice.case == case) {
            all.extend(self.within.notices_of(GrievanceId::from_uuid(notice.id.uuid()))?);
        }
        for posted in &mut all {
            posted.notice = own[&posted.notice.id].clone();
        }
        all.sort_by_key(|posted| (posted.notice.about, posted.notice.place, posted.notice.id));
        Ok(all)
    }
}

impl Agenda for Broken {
    fn last_job(&self, schedule: &ScheduleCode) -> Stored<Option<DateTime<Utc>>> {
        self.within.last_job(schedule)
    }

    fn add_job(&self, job: &Job) -> Stored<bool> {
        Ok(self.within.add_job(job)? || self.has(JobForAll))
    }

    fn open_jobs(&self, limit: usize) -> Stored<Vec<Job>> {
        self.within.open_jobs(limit)
    }

    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool> {
        Ok(self.within.finish_job(schedule, due_at)? || self.has(JobForAll))
    }
}

impl Challenges for Broken {
    fn challenge(&self, id: ChallengeId) -> Stored<Option<ChallengeState>> {
        self.within.challenge(id)
    }

    fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter> {
        self.within.limiter(key)
    }

    fn put_challenge(&self, challenge: &ChallengeState, limiters: &[LimiterMove]) -> Stored<bool> {
        let limiters = if self.has(CountLost) { &[] } else { limiters };
        self.within.put_challenge(challenge, limiters)
    }

    fn spend(
        &self,
        expected_tries: u32,
        challenge: &ChallengeState,
        limiters: &[LimiterMove],
    ) -> Stored<bool> {
        let limiters = if self.has(CountLost) { &[] } else { limiters };
        let first = self.within.spend(expected_tries, challenge, limiters)?;
        Ok(first || (self.has(CodeUsedTwice) && challenge.used))
    }

    fn put_limiter(&self, limiter: &LimiterMove) -> Stored<bool> {
        let mut limiter = limiter.clone();
        if self.has(RevisionUnchecked) {
            limiter.expected = self.within.limiter(&limiter.key)?.revision;
            self.within.put_limiter(&limiter)?;
            return Ok(true);
        }
        self.within.put_limiter(&limiter)
    }

    fn forget_challenges(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        self.within.forget_challenges(before, limit)
    }

    fn forget_limiters(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        if self.has(CountsStay) { Ok(0) } else { self.within.forget_limiters(before, limit) }
    }
}

impl Store for Broken {
    fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
        let rulebook = if self.has(OpeningHalf) { None } else { self.in_force(at)? };
        Ok((rulebook, self.history(case)?))
    }
}
