//! From a request to the plain value that is committed.

use crate::desk::draft::tried;
use crate::desk::mint::new_case;
use crate::desk::vacancy::{Roster, may_bring_a_level};
use crate::desk::{Desk, DeskError, Done, Handed};
use crate::grievance::command::Command;
use crate::grievance::decide::{companions, decide, decide_companion, moved};
use crate::grievance::event::{Event, Recorded, What};
use crate::grievance::moment::Moment;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::grievance::read::{NotACommand, Reading, read};
use crate::grievance::refusal::Refusal;
use crate::grievance::request::Request;
use crate::grievance::state::Grievance;
use crate::grievance::tell::{notices, tells_public, told_at};
use crate::grievance::timer::next_due;
use crate::grievance::verified::MobileProof;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, Sealer, VaultRow};
use crate::kernel::time::{day_of, whole_millis};
use crate::otp::VerifiedMobile;
use crate::proof::canonical::to_canonical;
use crate::proof::checkpoint::CaseHead;
use crate::proof::receipt::ReceiptCode;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, sees};
use crate::store::commit::{Commit, Receipt, Sealed, Stream};
use crate::store::vault::StoredText;
use crate::store::{History, StoreError};
use crate::vocabulary::Purpose;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// How often a command is decided when others change its cases meanwhile, or the database takes it
/// back for their sake.
const TRIES: u32 = 8;

/// A case as it stands, with the hash of its last event.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) case: Grievance,
    pub(super) head: Option<Digest>,
    pub(super) told: Told,
}

/// When the complainant was last told anything, as far as that was looked up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// The row in the store says it.
    Stored,
    /// Then, or never.
    At(Option<DateTime<Utc>>),
}

impl Loaded {
    /// `None` for an empty history.
    pub(super) fn of(history: &History) -> Option<Self> {
        Grievance::replay(&history.events).map(|case| Self { case, head: history.head, told: Told::Stored })
    }

    /// Its last event; `None` where a store gave no hash.
    pub(super) fn last(&self) -> Option<CaseHead> {
        Some(CaseHead { case: self.case.id, version: self.case.version, hash: self.head? })
    }
}

/// Cases as a batch leaves them before it is committed.
pub(super) type Pending = HashMap<GrievanceId, Arc<Loaded>>;

/// Who asks what of which case.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) command: CommandId,
    pub(super) actor: &'a Actor,
    pub(super) now: DateTime<Utc>,
    pub(super) case: Option<GrievanceId>,
    pub(super) expected: Option<u64>,
    pub(super) request: &'a Request,
    /// For a lodging: the mobile that was verified. Not a part of the command's fingerprint.
    pub(super) verified: Option<&'a VerifiedMobile>,
}

/// A command as its fingerprint is taken.
struct Body {
    case: String,
    actor: String,
    request: String,
}

impl Body {
    fn of(ask: &Ask<'_>) -> Self {
        Self {
            case: ask.case.map(|case| case.to_string()).unwrap_or_default(),
            actor: crate::grievance::wire::encode_actor(ask.actor),
            request: to_canonical(&ask.request.to_json()).expect("a request is JSON already"),
        }
    }

    fn parts<'a>(&'a self, ask: &'a Ask<'_>) -> [&'a [u8]; 4] {
        let Self { case, actor, request } = self;
        [ask.command.as_bytes(), case.as_bytes(), actor.as_bytes(), request.as_bytes()]
    }
}

/// A command that is decided and not stored, for a host that stores it in a transaction of its own.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What to store, whole or not at all; with the feature `sql`, as `Commit::statements`.
    pub commit: Commit,
    /// What the command has come to once that is stored. Until then the tracking code opens
    /// nothing.
    pub done: Done,
}

/// What preparing a command came to.
#[derive(Clone, Debug)]
pub enum Preparation {
    /// It is to be stored.
    Ready(Box<Ready>),
    /// The command of that identity was stored before; this is its answer.
    Done(Done),
}

/// What is ready to be committed.
pub(super) struct Prepared {
    pub(super) commit: Commit,
    pub(super) handed: Handed,
    /// The cases as the commit leaves them.
    pub(super) after: Vec<Loaded>,
}

impl Desk {
    /// Decides and commits one command.
    ///
    /// `known` tells that the command's identity came from the host, so it may have been used
    /// before.
    pub(super) fn submit_one(&self, ask: Ask<'_>, known: bool) -> Result<Done, DeskError> {
        let ask = Ask { now: whole_millis(ask.now), ..ask };
        let fingerprint = self.fingerprint(&ask);
        if known && let Some(done) = self.answered(&ask)? {
            return Ok(done);
        }
        let mut tries = 1;
        loop {
            let Prepared { commit, handed, .. } = self.prepare(&ask, fingerprint, &Pending::new())?;
            match self.commit(&commit) {
                Ok(receipt) => return self.done(&ask, receipt, Some(handed)),
                Err(StoreError::Conflict { .. }) if ask.expected.is_none() && tries < TRIES => tries += 1,
                // Whoever expected no version is told to wait, not to read the case again.
                Err(StoreError::Conflict { .. }) if ask.expected.is_none() => {
                    return Err(StoreError::Busy.into());
                }
                Err(StoreError::Undone) if tries < TRIES => tries += 1,
                // Committed meanwhile, perhaps by a desk with another current key.
                Err(reused @ StoreError::CommandReused { .. }) => {
                    return self.answered(&ask)?.ok_or_else(|| reused.into());
                }
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// Decides one command and stores nothing but the serial of a lodging's number.
    pub(super) fn prepare_one(&self, ask: Ask<'_>, known: bool) -> Result<Preparation, DeskError> {
        let ask = Ask { now: whole_millis(ask.now), ..ask };
        let fingerprint = self.fingerprint(&ask);
        if known && let Some(done) = self.answered(&ask)? {
            return Ok(Preparation::Done(done));
        }
        let Prepared { commit, handed, .. } = self.prepare(&ask, fingerprint, &Pending::new())?;
        let done = self.done(&ask, commit.receipt(), Some(handed))?;
        Ok(Preparation::Ready(Box::new(Ready { commit, done })))
    }

    /// The answer to a command that was committed before.
    ///
    /// What the desk does by itself, such as to record what time has brought, has identities that
    /// everybody can work out who sees the case. A host that used one up beforehand would keep it
    /// from being done, so none is taken from a host.
    pub(super) fn answered(&self, ask: &Ask<'_>) -> Result<Option<Done>, DeskError> {
        if ask.command.is_named() {
            let problem = "is of the kind that this library gives to what it does by itself";
            return Err(NotACommand::of("command", problem).into());
        }
        match self.store.receipt(ask.command)? {
            Some((before, receipt)) if self.is_fingerprint(ask, before) => {
                Ok(Some(self.done(ask, receipt, None)?))
            }
            Some(_) => Err(StoreError::CommandReused { command: ask.command }.into()),
            None => Ok(None),
        }
    }

    /// What a command came to. Of a lodging that was committed before, the receipt is read from the
    /// history; a tracking code is kept nowhere.
    pub(super) fn done(
        &self,
        ask: &Ask<'_>,
        receipt: Receipt,
        handed: Option<Handed>,
    ) -> Result<Done, DeskError> {
        let Receipt { case, version, number } = receipt;
        let (tracking_code, receipt) = match handed.filter(|handed| handed.case == case) {
            Some(Handed { tracking_code, receipt, .. }) => (tracking_code, receipt),
            None if ask.case.is_none() => (None, self.first_event(case)?.map(|(_, receipt)| receipt)),
            None => (None, None),
        };
        Ok(Done { case, version, number, tracking_code, receipt })
    }

    /// A MAC under the current key over the command's identity, its case, its actor and its body.
    pub(super) fn fingerprint(&self, ask: &Ask<'_>) -> Digest {
        let body = Body::of(ask);
        self.keys.fingerprints(&body.parts(ask)).next().expect("a ring has a current key")
    }

    /// Whether a kept fingerprint is that of this command: under any key of the ring, or without a
    /// key, as it was made before there were any.
    fn is_fingerprint(&self, ask: &Ask<'_>, kept: Digest) -> bool {
        let body = Body::of(ask);
        let parts = body.parts(ask);
        self.keys.fingerprints(&parts).any(|own| own == kept) || Digest::of(&parts) == kept
    }

    /// Decides a command and makes its commit, on the cases as `pending` or the store has them.
    pub(super) fn prepare(
        &self,
        ask: &Ask<'_>,
        fingerprint: Digest,
        pending: &Pending,
    ) -> Result<Prepared, DeskError> {
        let (rulebook, opened) = match ask.case.filter(|case| !pending.contains_key(case)) {
            Some(case) => {
                let (version, opened) = self.opening(case, ask.now)?;
                (self.edition(version.ok_or(DeskError::NoRulebook)?)?, opened)
            }
            None => (self.rulebook(ask.now)?, None),
        };
        let actor = self.seated(ask.actor, ask.now, &rulebook)?;
        let ask = &Ask { actor: &actor, ..*ask };
        let (reading, texts) = self.minting(|mint| {
            let mut sealer = Sealer::new(mint);
            let reading = read(ask.request, ask.actor, &rulebook, &mut sealer)?;
            Ok::<_, DeskError>((reading, sealer.into_rows()))
        })?;
        let Reading { command, tracking_code } = reading;
        let verified = ask.verified.filter(|_| ask.case.is_none());
        let proof = verified
            .map(|mobile| MobileProof::of(mobile, (&self.tenant, Purpose::Lodge), ask.now, &texts))
            .transpose()?;
        let mut work = Work {
            desk: self,
            ask,
            rulebook: &rulebook,
            proof,
            pending,
            streams: Vec::new(),
            after: Vec::new(),
            receipt: None,
        };
        let case = match ask.case {
            None => work.lodge(&command)?,
            Some(case) => work.step(case, opened, &command)?,
        };
        let texts = self.sealed(case, texts);
        let Work { streams, after, receipt, .. } = work;
        Ok(Prepared {
            commit: Commit { command: ask.command, fingerprint, streams, texts },
            handed: Handed { case, tracking_code, receipt },
            after,
        })
    }

    /// Texts as the vault keeps them.
    pub(super) fn sealed(&self, case: GrievanceId, rows: Vec<VaultRow>) -> Vec<StoredText> {
        self.minting(|mint| {
            let keep = |row| self.keys.keep(&self.tenant, case, row, mint.salt());
            rows.into_iter().map(keep).collect()
        })
    }

    /// Loads a case with its head; `None` for one that is unknown.
    pub(super) fn load(
        &self,
        case: GrievanceId,
        pending: &Pending,
    ) -> Result<Option<Arc<Loaded>>, DeskError> {
        match pending.get(&case) {
            Some(loaded) => Ok(Some(Arc::clone(loaded))),
            None => self.read(case),
        }
    }

    /// When the complainant was last told anything, after a commit of messages: a row is read only where
    /// the commit tells them nothing.
    pub(super) fn last_told(
        &self,
        case: GrievanceId,
        before: Told,
        (now, notices): (DateTime<Utc>, &[Notice]),
    ) -> Result<Option<DateTime<Utc>>, DeskError> {
        if tells_public(notices) {
            return Ok(Some(now));
        }
        match before {
            Told::At(at) => Ok(at),
            Told::Stored => Ok(self.store.fact(case)?.and_then(|fact| fact.last_told_at)),
        }
    }

    /// When the complainant of a case was told anything, by the rulebooks of those times. No count fails for
    /// want of a version that is not kept, or that today's linter refuses.
    pub(super) fn told_at(&self, history: &[Recorded]) -> Result<Vec<DateTime<Utc>>, DeskError> {
        told_at(history, |version| match self.edition(version) {
            Ok(rulebook) => Ok(Some(rulebook)),
            Err(DeskError::NoRulebook | DeskError::Rulebook(_)) => Ok(None),
            Err(problem) => Err(problem),
        })
    }

    /// Reserves the number of a case that comes in now.
    fn new_number(&self, rulebook: &Rulebook, now: DateTime<Utc>) -> Result<RegistrationNumber, DeskError> {
        let (numbers, numbering) = (rulebook.numbers(), rulebook.numbering());
        let today = day_of(now, rulebook.zone());
        let series = format!("{}:{}", rulebook.number_prefix(), numbers.series(numbering.reset, today));
        let serial = self.store.reserve(&series, numbering.floor, 1)?;
        Ok(numbers.format(rulebook.number_prefix(), today, serial))
    }
}

/// A command at work: the streams it has come to so far.
struct Work<'a> {
    desk: &'a Desk,
    ask: &'a Ask<'a>,
    rulebook: &'a Arc<Rulebook>,
    proof: Option<MobileProof>,
    pending: &'a Pending,
    streams: Vec<Stream>,
    after: Vec<Loaded>,
    /// Of a lodging.
    receipt: Option<ReceiptCode>,
}

impl Work<'_> {
    fn moment(&self) -> Moment<'_> {
        let proof = self.proof.as_ref();
        Moment { proof, ..Moment::new(self.ask.now, self.ask.actor, self.rulebook) }
    }

    /// Whether the case is there for the actor, as it will stand under the rulebook in force.
    fn sees(&self, case: &Grievance) -> bool {
        let moved = moved(case, &self.moment()).ok().flatten().map(|(_, moved)| moved);
        sees(self.rulebook, self.ask.actor, &moved.as_ref().unwrap_or(case).standing())
    }

    fn lodge(&mut self, command: &Command) -> Result<GrievanceId, DeskError> {
        tried(command, &self.moment())?;
        let number = self.desk.new_number(self.rulebook, self.ask.now)?;
        let events = decide(None, command, &Moment { number: Some(&number), ..self.moment() })?;
        let case = self.desk.minting(|mint| new_case(mint, self.ask.now));
        self.record(case, None, events)?;
        Ok(case)
    }

    /// `opened` is the case as the store has it, unless the batch has it already.
    fn step(
        &mut self,
        case: GrievanceId,
        opened: Option<Arc<Loaded>>,
        command: &Command,
    ) -> Result<GrievanceId, DeskError> {
        let loaded = self.pending.get(&case).cloned().or(opened).ok_or(Refusal::NotFound)?;
        // Whoever does not see the case learns nothing of it, not even its version.
        if !self.sees(&loaded.case) {
            return Err(Refusal::NotFound.into());
        }
        if let Some(expected) = self.ask.expected
            && expected != loaded.case.version
        {
            return Err(StoreError::Conflict { case, expected, found: loaded.case.version }.into());
        }
        let (command, other) = self.master_of(&loaded.case, command)?;
        let vacant = if may_bring_a_level(&command, self.rulebook) {
            self.desk.vacancies(&loaded.case, self.rulebook, self.ask.now, &mut Roster::new())?
        } else {
            Vec::new()
        };
        let other = other.as_ref().map(|other| &other.case);
        let since = self.desk.since(&loaded.case, self.ask.now, self.rulebook)?;
        let judges = loaded.case.was_taken_by(self.ask.actor.person);
        let alone = judges && self.desk.is_alone(self.ask.actor, self.ask.now, self.rulebook)?;
        let moment = Moment { other, since, vacant: &vacant, alone, ..self.moment() };
        let events = decide(Some(&loaded.case), &command, &moment)?;
        let told = companions(&loaded.case, &events);
        self.record(case, Some(loaded), events)?;
        for (case, companion) in told {
            let loaded = self.desk.load(case, self.pending)?;
            let of = loaded.as_ref().map(|loaded| &loaded.case);
            let since = match of {
                Some(case) => self.desk.since(case, self.ask.now, self.rulebook)?,
                None => None,
            };
            let events = decide_companion(of, &companion, &Moment { since, ..self.moment() })?;
            self.record(case, loaded, events)?;
        }
        Ok(case)
    }

    /// For a merge, the case that goes on: one that was itself joined stands for its master. For an
    /// erasure, the case that this one was joined to.
    fn master_of(
        &self,
        case: &Grievance,
        command: &Command,
    ) -> Result<(Command, Option<Arc<Loaded>>), DeskError> {
        let (into, remarks) = match command {
            Command::Merge(into, remarks) => (into, remarks),
            // What was joined to another case is that case's too.
            Command::Erase(_) => {
                let master = case.merged_into.map(|master| self.desk.load(master, self.pending));
                return Ok((command.clone(), master.transpose()?.flatten()));
            }
            _ => return Ok((command.clone(), None)),
        };
        let there = |case: GrievanceId| {
            let loaded = self.desk.load(case, self.pending)?;
            Ok::<_, DeskError>(loaded.filter(|loaded| self.sees(&loaded.case)).ok_or(Refusal::NotFound)?)
        };
        let mut other = there(*into)?;
        if let Some(master) = other.case.merged_into {
            other = there(master)?;
        }
        Ok((Command::Merge(other.case.id, *remarks), Some(other)))
    }

    /// Records events of a case: one stream of the commit.
    fn record(
        &mut self,
        case: GrievanceId,
        before: Option<Arc<Loaded>>,
        events: Vec<Event>,
    ) -> Result<(), DeskError> {
        let (expected, head) = before.as_ref().map_or((0, None), |before| (before.case.version, before.head));
        let told = before.as_ref().map_or(Told::At(None), |before| before.told);
        let recorded: Vec<_> = (expected + 1..)
            .zip(events)
            .map(|(version, event)| Recorded {
                case,
                version,
                at: self.ask.now,
                actor: self.ask.actor.clone(),
                rulebook: self.rulebook.version(),
                event,
            })
            .collect();
        let mut state = before.map(|before| Arc::unwrap_or_clone(before).case);
        for next in &recorded {
            match &mut state {
                Some(case) => case.evolve(next),
                None => state = Grievance::begin(next),
            }
        }
        let state = state.ok_or(Refusal::NotFound)?;
        let events = Sealed::chain(&self.desk.tenant, head, recorded);
        let recorded = events.iter().map(|event| &event.recorded);
        let receipt =
            events.first().filter(|first| is_lodging(first)).map(|first| ReceiptCode::of(first.hash));
        let notices = notices(&state, recorded, self.rulebook, receipt.as_ref());
        self.receipt = self.receipt.take().or(receipt);
        let head = events.last().map_or(head, |last| Some(last.hash));
        let due = next_due(&state, self.rulebook);
        let last_told_at = self.desk.last_told(case, told, (self.ask.now, &notices))?;
        let fact = CaseFact { last_told_at, ..CaseFact::of(&state) };
        self.streams.push(Stream { case, expected, events, fact, due, notices });
        self.after.push(Loaded { case: state, head, told: Told::At(last_told_at) });
        Ok(())
    }
}

fn is_lodging(event: &Sealed) -> bool {
    matches!(event.recorded.event.what, What::Lodged(_))
}
