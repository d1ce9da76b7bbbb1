//! The proof for one case: what somebody can check who has a printed checkpoint and does not
//! trust the office.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::canonical::to_canonical;
use crate::proof::chain::{Link, follows, join};
use crate::proof::checkpoint::{CaseHead, Checkpoint, FORMAT};
use crate::proof::receipt::ReceiptCode;
use crate::proof::tree::{LONGEST_PATH, PathError, includes};
use serde::{Deserialize, Serialize};

/// The longest text of a proof that is looked at: 16 MiB.
pub const LONGEST_PROOF: usize = 16 << 20;

/// Numbers from here on are written as others (RFC 8785): two proofs would have one text.
const LARGEST: u64 = 1 << 53;

/// That a case's history is what a checkpoint covers: its events in order, each by its hash, and
/// the way from the last covered one to the root.
///
/// An event stands open, with its content, or closed, with the digest of its content alone. Either
/// way its hash must be that of its content and of the event before it, so nothing can be left
/// out, put in or changed. Events that came after the checkpoint may follow those it covers; that
/// none came after them is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseProof {
    /// The case.
    pub case: GrievanceId,
    /// The checkpoint that it is held to.
    pub checkpoint: Checkpoint,
    /// The case's events, from the first.
    pub events: Vec<Shown>,
    /// The hashes beside the way from the case's leaf to the root, from the leaf up.
    pub path: Vec<Digest>,
    /// The place of the case's leaf, from 0.
    pub place: u64,
    /// The version of the format.
    pub v: u32,
    /// The version of the case that the checkpoint covers.
    pub version: u64,
}

/// An event in a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// What was recorded, of an open event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// The digest of what was recorded, of a closed event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Its hash.
    pub hash: Digest,
}

/// What was recorded: the parts that are hashed beside tenant, case, version and the hash before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The actor's text.
    pub actor: String,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The event's text.
    pub body: String,
    /// The rulebook version it was decided under.
    pub rulebook: Digest,
}

/// What a proof that holds shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The case.
    pub case: GrievanceId,
    /// So many of its events are covered by the checkpoint.
    pub covered: u64,
    /// So many events are in the proof, covered or not.
    pub events: u64,
    /// So many of them are open.
    pub open: u64,
    /// The receipt of its lodging.
    pub receipt: ReceiptCode,
}

/// Why a proof does not hold. No variant repeats what the proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// It is longer than any proof is.
    #[error("the proof has more than 16 MiB")]
    TooLong,
    /// It is no proof of this format.
    #[error("the text is not a proof of format 1")]
    Malformed,
    /// It is held to another checkpoint than the one that was printed.
    #[error("the proof is of another checkpoint than the one given")]
    OtherCheckpoint,
    /// It has no events, or fewer than the checkpoint covers.
    #[error("the proof has fewer events than the checkpoint covers")]
    EventsMissing,
    /// An event is not what was recorded, or does not follow the one before it.
    #[error("the event {version} is not the one that was recorded there")]
    EventAltered {
        /// Its version.
        version: u64,
    },
    /// The case is not in the checkpoint.
    #[error("the case is not in the checkpoint: {0}")]
    NotCovered(#[from] PathError),
    /// The case was lodged under another receipt.
    #[error("the case has another receipt than the one given")]
    OtherReceipt,
}

impl CaseProof {
    /// Its text: canonical JSON.
    pub fn text(&self) -> String {
        to_canonical(self).expect("a proof has names for keys and whole numbers")
    }

    /// Reads the text of a proof. That it is written in canonical form is not asked; that its
    /// numbers lie below 2^53, as those of every proof do, is.
    ///
    /// # Errors
    ///
    /// [`ProofError::TooLong`] and [`ProofError::Malformed`].
    pub fn read(text: &str) -> Result<Self, ProofError> {
        if text.len() > LONGEST_PROOF {
            return Err(ProofError::TooLong);
        }
        let read: Self = serde_json::from_str(text).map_err(|_| ProofError::Malformed)?;
        if read.numbers().all(|number| number < LARGEST) { Ok(read) } else { Err(ProofError::Malformed) }
    }

    /// Every number of it, without its sign.
    fn numbers(&self) -> impl Iterator<Item = u64> {
        let Checkpoint { at, cases, events, number, .. } = &self.checkpoint;
        let opened = self.events.iter().filter_map(|event| event.content.as_ref());
        [at.timestamp_millis().unsigned_abs(), *cases, *events, *number, self.place, self.version]
            .into_iter()
            .chain(opened.map(|content| content.at.unsigned_abs()))
    }

    /// Checks the proof against a checkpoint's hash, which the checker has from a printed
    /// statement and not from whoever made the proof, and against the receipt of the lodging,
    /// where there is one.
    ///
    /// # Errors
    ///
    /// [`ProofError`] says what does not hold.
    pub fn check(&self, printed: Digest, receipt: Option<&ReceiptCode>) -> Result<Checked, ProofError> {
        let Self { case, checkpoint, events, path, place, v, version } = self;
        if *v != FORMAT || checkpoint.v != FORMAT || path.len() > LONGEST_PATH {
            return Err(ProofError::Malformed);
        }
        if checkpoint.hash() != printed {
            return Err(ProofError::OtherCheckpoint);
        }
        let last = usize::try_from(*version).ok().and_then(|version| version.checked_sub(1));
        let covered = last.and_then(|last| events.get(last)).ok_or(ProofError::EventsMissing)?;
        let leaf = CaseHead { case: *case, version: *version, hash: covered.hash }.leaf();
        includes(checkpoint.root, checkpoint.cases, *place, leaf, path)?;
        let name = case.to_string();
        let mut before = None;
        for (version, Shown { content, digest, hash }) in (1..).zip(events) {
            let holds = match (content, digest) {
                (Some(Content { actor, at, body, rulebook }), None) => {
                    let tenant = checkpoint.tenant.as_str();
                    let link =
                        Link { tenant, case: &name, version, at: *at, actor, rulebook: *rulebook, body };
                    follows(before, &link, *hash)
                }
                (None, Some(content)) => join(before, *content) == *hash,
                _ => return Err(ProofError::Malformed),
            };
            if !holds {
                return Err(ProofError::EventAltered { version });
            }
            before = Some(*hash);
        }
        let of_lodging = ReceiptCode::of(events.first().ok_or(ProofError::EventsMissing)?.hash);
        if receipt.is_some_and(|receipt| *receipt != of_lodging) {
            return Err(ProofError::OtherReceipt);
        }
        let open = events.iter().filter(|event| event.content.is_some()).count();
        Ok(Checked {
            case: *case,
            covered: *version,
            events: events.len() as u64,
            open: open as u64,
            receipt: of_lodging,
        })
    }
}
