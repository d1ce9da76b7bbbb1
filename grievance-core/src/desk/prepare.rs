//! From a request to the plain value that is committed.

use crate::desk::mint::new_case;
use crate::desk::vacancy::{Roster, may_bring_a_level};
use crate::desk::{Desk, DeskError, Done};
use crate::grievance::command::Command;
use crate::grievance::decide::{companions, decide, decide_companion};
use crate::grievance::event::{Event, Recorded};
use crate::grievance::moment::Moment;
use crate::grievance::project::CaseFact;
use crate::grievance::read::{Reading, TrackingCode, read};
use crate::grievance::refusal::Refusal;
use crate::grievance::request::Request;
use crate::grievance::state::Grievance;
use crate::grievance::tell::notices;
use crate::grievance::timer::next_due;
use crate::grievance::verified::MobileProof;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, Sealer, VaultRow};
use crate::kernel::time::{day_of, whole_millis};
use crate::otp::VerifiedMobile;
use crate::proof::canonical::to_canonical;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::store::History;
use crate::store::StoreError;
use crate::store::commit::{Commit, Sealed, Stream};
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
}

impl Loaded {
    /// `None` for an empty history.
    fn of(history: &History) -> Option<Self> {
        Grievance::replay(&history.events).map(|case| Self { case, head: history.head })
    }
}

/// Cases as a batch leaves them before it is committed.
pub(super) type Pending = HashMap<GrievanceId, Loaded>;

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
    pub(super) tracking_code: Option<TrackingCode>,
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
        let fingerprint = Self::fingerprint(&ask);
        if known && let Some(done) = self.answered(ask.command, fingerprint)? {
            return Ok(done);
        }
        let mut tries = 1;
        loop {
            let Prepared { commit, tracking_code, .. } = self.prepare(&ask, fingerprint, &Pending::new())?;
            match self.commit(&commit) {
                Ok(receipt) => {
                    // The same command may have been committed by somebody else meanwhile, with
                    // another case and another code.
                    let own = receipt.case == commit.first().case;
                    return Ok(Done::of(receipt, tracking_code.filter(|_| own)));
                }
                Err(StoreError::Conflict { .. }) if ask.expected.is_none() && tries < TRIES => tries += 1,
                Err(StoreError::Undone) if tries < TRIES => tries += 1,
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// Decides one command and stores nothing but the serial of a lodging's number.
    pub(super) fn prepare_one(&self, ask: Ask<'_>, known: bool) -> Result<Preparation, DeskError> {
        let ask = Ask { now: whole_millis(ask.now), ..ask };
        let fingerprint = Self::fingerprint(&ask);
        if known && let Some(done) = self.answered(ask.command, fingerprint)? {
            return Ok(Preparation::Done(done));
        }
        let Prepared { commit, tracking_code, .. } = self.prepare(&ask, fingerprint, &Pending::new())?;
        let done = Done::of(commit.receipt(), tracking_code);
        Ok(Preparation::Ready(Box::new(Ready { commit, done })))
    }

    /// The answer to a command that was committed before.
    pub(super) fn answered(
        &self,
        command: CommandId,
        fingerprint: Digest,
    ) -> Result<Option<Done>, DeskError> {
        match self.store.receipt(command)? {
            Some((before, receipt)) if before == fingerprint => Ok(Some(Done::of(receipt, None))),
            Some(_) => Err(StoreError::CommandReused { command }.into()),
            None => Ok(None),
        }
    }

    /// SHA-256 over the command's identity, its body, its case and its actor.
    pub(super) fn fingerprint(ask: &Ask<'_>) -> Digest {
        let body = to_canonical(&ask.request.to_json()).expect("a request is JSON already");
        let actor = crate::grievance::wire::encode_actor(ask.actor);
        let case = ask.case.map(|case| case.to_string()).unwrap_or_default();
        let command = ask.command.uuid();
        Digest::of(&[command.as_bytes(), case.as_bytes(), actor.as_bytes(), body.as_bytes()])
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
                let (version, history) = self.store.opening(case, ask.now)?;
                (self.edition(version.ok_or(DeskError::NoRulebook)?)?, Loaded::of(&history))
            }
            None => (self.rulebook(ask.now)?, None),
        };
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
        };
        let case = match ask.case {
            None => work.lodge(&command)?,
            Some(case) => work.step(case, opened, &command)?,
        };
        let texts: Vec<(GrievanceId, VaultRow)> = texts.into_iter().map(|row| (case, row)).collect();
        let Work { streams, after, .. } = work;
        Ok(Prepared {
            commit: Commit { command: ask.command, fingerprint, streams, texts },
            tracking_code,
            after,
        })
    }

    /// Loads a case with its head; `None` for one that is unknown.
    pub(super) fn load(&self, case: GrievanceId, pending: &Pending) -> Result<Option<Loaded>, DeskError> {
        if let Some(loaded) = pending.get(&case) {
            return Ok(Some(loaded.clone()));
        }
        Ok(Loaded::of(&self.store.history(case)?))
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
}

impl Work<'_> {
    fn moment(&self) -> Moment<'_> {
        let proof = self.proof.as_ref();
        Moment { proof, ..Moment::new(self.ask.now, self.ask.actor, self.rulebook) }
    }

    fn lodge(&mut self, command: &Command) -> Result<GrievanceId, DeskError> {
        // A lodging that the rules refuse uses up no number.
        let trial = RegistrationNumber::read("0").expect("a digit is a printable character");
        decide(None, command, &Moment { number: Some(&trial), ..self.moment() })?;
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
        opened: Option<Loaded>,
        command: &Command,
    ) -> Result<GrievanceId, DeskError> {
        let loaded = self.pending.get(&case).cloned().or(opened).ok_or(Refusal::NotFound)?;
        if let Some(expected) = self.ask.expected
            && expected != loaded.case.version
        {
            return Err(StoreError::Conflict { case, expected, found: loaded.case.version }.into());
        }
        let (command, other) = self.master_of(command)?;
        let vacant = if may_bring_a_level(&command, self.rulebook) {
            self.desk.vacancies(&loaded.case, self.rulebook, self.ask.now, &mut Roster::new())?
        } else {
            Vec::new()
        };
        let other = other.as_ref().map(|other| &other.case);
        let since = self.desk.since(&loaded.case, self.ask.now, self.rulebook)?;
        let moment = Moment { other, since, vacant: &vacant, ..self.moment() };
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

    /// For a merge, the case that goes on: one that was itself joined stands for its master.
    fn master_of(&self, command: &Command) -> Result<(Command, Option<Loaded>), DeskError> {
        let Command::Merge(into, remarks) = command else { return Ok((command.clone(), None)) };
        let mut other = self.desk.load(*into, self.pending)?.ok_or(Refusal::NotFound)?;
        if let Some(master) = other.case.merged_into {
            other = self.desk.load(master, self.pending)?.ok_or(Refusal::NotFound)?;
        }
        Ok((Command::Merge(other.case.id, *remarks), Some(other)))
    }

    /// Records events of a case: one stream of the commit.
    fn record(
        &mut self,
        case: GrievanceId,
        before: Option<Loaded>,
        events: Vec<Event>,
    ) -> Result<(), DeskError> {
        let (expected, head) = before.as_ref().map_or((0, None), |before| (before.case.version, before.head));
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
        let mut state = before.map(|before| before.case);
        for next in &recorded {
            match &mut state {
                Some(case) => case.evolve(next),
                None => state = Grievance::begin(next),
            }
        }
        let state = state.ok_or(Refusal::NotFound)?;
        let fact = CaseFact::of(&state);
        let notices = notices(&state, &recorded, self.rulebook);
        let events = Sealed::chain(&self.desk.tenant, head, recorded);
        let head = events.last().map_or(head, |last| Some(last.hash));
        let due = next_due(&state, self.rulebook);
        self.streams.push(Stream { case, expected, events, fact, due, notices });
        self.after.push(Loaded { case: state, head });
        Ok(())
    }
}
