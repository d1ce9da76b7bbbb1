//! What one command produced: the plain value that is stored.

use crate::grievance::event::Recorded;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::grievance::wire;
use crate::kernel::code::{SourceCode, TenantCode};
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Digest;
use crate::proof::canonical::to_canonical;
use crate::proof::chain::{self, Link};
use crate::rulebook::access::Actor;
use crate::store::vault::StoredText;
use crate::store::{StoreError, Stored};
use crate::vocabulary::EventKind;
use chrono::{DateTime, Utc};
use smol_str::SmolStr;

/// Everything that one command produced: all of it is stored, or nothing.
///
/// A contract for hosts that write it in a transaction of their own: every stream's case still
/// has the version before its first event, every row is inserted, every case row is replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// The command that produced it, with the fingerprint of its body.
    pub command: CommandId,
    /// A keyed MAC over the command identity, its case, its actor and its canonical body: whoever has
    /// no key cannot try out what was said.
    pub fingerprint: Digest,
    /// The cases it touches, each once; the first is the one the command was for.
    pub streams: Vec<Stream>,
    /// Texts for the vault, as they are kept: sealed, unless the host left that off.
    pub texts: Vec<StoredText>,
}

/// What a commit adds to one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The case.
    pub case: GrievanceId,
    /// The version it must still have; 0 for a new one.
    pub expected: u64,
    /// The events, as they are stored.
    pub events: Vec<Sealed>,
    /// The case's row after them.
    pub fact: CaseFact,
    /// When the case next has something due, in whole milliseconds; `None` when nothing is. It
    /// takes the place of what was due before.
    pub due: Option<DateTime<Utc>>,
    /// Messages that the events call for, for the outbox.
    pub notices: Vec<Notice>,
}

/// An event with its stored text and its place in the chain of hashes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// The event.
    pub recorded: Recorded,
    /// Its actor as stored.
    pub actor: String,
    /// Its stored text.
    pub body: String,
    /// Its hash.
    pub hash: Digest,
}

impl Stream {
    /// Whether the words of the case go with this commit: an event says that they were erased. Then
    /// every text and every token of the case is deleted, and the fingerprint of every earlier
    /// command of the case is overwritten by [`Commit::NO_FINGERPRINT`], before anything is written.
    pub fn erases(&self) -> bool {
        self.events.iter().any(|event| event.recorded.event.what.kind() == EventKind::Erased)
    }
}

impl Sealed {
    /// Seals events one after the other, onto the hash of the case's last event.
    pub fn chain(tenant: &TenantCode, previous: Option<Digest>, events: Vec<Recorded>) -> Vec<Self> {
        let mut previous = previous;
        events
            .into_iter()
            .map(|recorded| {
                let (actor, body) = (wire::encode_actor(&recorded.actor), wire::encode(&recorded.event));
                let hash = chain::hash(
                    previous,
                    &Link {
                        tenant: tenant.as_str(),
                        case: &recorded.case.to_string(),
                        version: recorded.version,
                        at: recorded.at.timestamp_millis(),
                        actor: &actor,
                        rulebook: recorded.rulebook,
                        body: &body,
                    },
                );
                previous = Some(hash);
                Self { recorded, actor, body, hash }
            })
            .collect()
    }
}

/// An event as a store holds it, on its way out.
pub(crate) struct Kept<'a> {
    pub(crate) case: GrievanceId,
    pub(crate) version: u64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: &'a str,
    pub(crate) rulebook: Digest,
    pub(crate) body: &'a str,
}

impl Kept<'_> {
    /// The event that the stored text says.
    pub(crate) fn read(&self) -> Stored<Recorded> {
        let Self { case, version, at, rulebook, .. } = *self;
        let unreadable = |problem| StoreError::Unreadable { case, version, problem };
        let actor: Actor = wire::decode_actor(self.actor).map_err(unreadable)?;
        let event = wire::decode(self.body).map_err(unreadable)?;
        Ok(Recorded { case, version, at, actor, rulebook, event })
    }
}

/// What a command came to: the same however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The case that the command was for.
    pub case: GrievanceId,
    /// Its version after the command.
    pub version: u64,
    /// Its registration number.
    pub number: Option<RegistrationNumber>,
}

impl Commit {
    /// What stands for the fingerprint of a command whose words were erased: it fits no command.
    pub const NO_FINGERPRINT: Digest = Digest::from_bytes([0; 32]);

    /// The receipt that the commit is answered with.
    ///
    /// # Panics
    ///
    /// When it has no stream, which no command makes.
    pub fn receipt(&self) -> Receipt {
        let stream = self.first();
        Receipt { case: stream.case, version: stream.fact.version, number: stream.fact.number.clone() }
    }
}

impl Commit {
    /// The stream of the case that the command was for.
    pub(crate) fn first(&self) -> &Stream {
        self.streams.first().expect("a commit is made for a case")
    }

    /// The first of two cases of this commit that want the same number, which cannot both have it.
    pub(crate) fn claimed_twice(&self) -> Option<GrievanceId> {
        self.streams.iter().enumerate().find_map(|(n, stream)| {
            let fact = &stream.fact;
            let same = |other: &&Stream| {
                (owned_number(fact).is_some() && owned_number(&other.fact) == owned_number(fact))
                    || (external_key(fact).is_some() && external_key(&other.fact) == external_key(fact))
            };
            self.streams[..n].iter().find(same).map(|other| other.case)
        })
    }
}

/// The registration number that a case owns: a part shares the number of the whole.
pub(crate) fn owned_number(fact: &CaseFact) -> Option<&RegistrationNumber> {
    fact.number.as_ref().filter(|_| fact.part_of.is_none())
}

/// The external number with its source; without a source it binds nothing.
pub(crate) fn external_key(fact: &CaseFact) -> Option<(&SourceCode, &SmolStr)> {
    Some((fact.source.as_ref()?, fact.external_number.as_ref()?))
}

/// The stored text of a notice.
pub(crate) fn write_notice(notice: &Notice) -> String {
    to_canonical(notice).expect("a notice has names for keys and whole numbers")
}

/// The notice that a stored text says.
pub(crate) fn read_notice(text: &str) -> Stored<Notice> {
    // What is wrong is not repeated: the words may be of the stored text.
    serde_json::from_str(text).map_err(|_| StoreError::Backend("a stored notice cannot be read".to_owned()))
}
