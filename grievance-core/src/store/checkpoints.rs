//! Checkpoints, and how far each case had come at each of them.

use crate::kernel::id::GrievanceId;
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::store::Stored;

/// Heads that are read together.
const TOGETHER: usize = 1_024;

/// How a case went on between two times when heads were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The case.
    pub case: GrievanceId,
    /// The version of its last event at the earlier time; 0 for a case that has come since.
    pub from: u64,
    /// The version of its last event at the later time.
    pub to: u64,
}

/// Keeps checkpoints; one tenant's.
///
/// Implementors promise that what was taken down under a number never changes, and that of many
/// who make a checkpoint after the same one, one succeeds.
pub trait Checkpoints: Send + Sync {
    /// Takes down the last event of every case that has come further than was taken down before,
    /// all as they stand at one moment, under a number of their own, which is higher than any
    /// before.
    ///
    /// Costs no more room than there is news: a case that rests is not written again. What was
    /// taken down of a case stays, whatever becomes of its events.
    ///
    /// # Errors
    ///
    /// When the storage fails; then nothing is taken down.
    fn take_heads(&self) -> Stored<u64>;

    /// How far each case had come under a number: what was last taken down of it up to there. In
    /// the order of identities, after `after`.
    ///
    /// # Errors
    ///
    /// When the storage fails or a row is damaged.
    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>>;

    /// The cases that went on from one number to a later one: of those whose last event under
    /// `number` is another than under `since`, both versions. In the order of identities, after
    /// `after`.
    ///
    /// Unless a store knows a better way, the heads under both numbers are read.
    ///
    /// # Errors
    ///
    /// As [`heads`](Self::heads).
    fn advances(
        &self,
        since: u64,
        number: u64,
        after: Option<GrievanceId>,
        limit: usize,
    ) -> Stored<Vec<Advance>> {
        advances_by_heads(self, since, number, after, limit)
    }

    /// Keeps a checkpoint. `false` when another one was made after the same previous one, or has
    /// the same number; then nothing is kept.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Stored<bool>;

    /// The texts of the checkpoints as they are stored, by number, those after `after`.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn checkpoints(&self, after: u64, limit: usize) -> Stored<Vec<KeptCheckpoint>>;

    /// The checkpoint with the highest number.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn last_checkpoint(&self) -> Stored<Option<KeptCheckpoint>>;
}

/// The cases that went on, from the heads under both numbers.
pub(crate) fn advances_by_heads(
    store: &(impl Checkpoints + ?Sized),
    since: u64,
    number: u64,
    mut after: Option<GrievanceId>,
    limit: usize,
) -> Stored<Vec<Advance>> {
    let mut found = Vec::new();
    while found.len() < limit {
        let page = store.heads(number, after, TOGETHER)?;
        let Some(last) = page.last() else { break };
        // Every case that had a head has one still, so these are among as many.
        let before = store.heads(since, after, TOGETHER)?;
        after = Some(last.case);
        found.extend(page.iter().filter_map(|head| {
            let place = before.binary_search_by_key(&head.case, |known| known.case);
            let from = place.map_or(0, |place| before[place].version);
            (head.version > from).then_some(Advance { case: head.case, from, to: head.version })
        }));
    }
    found.truncate(limit);
    Ok(found)
}

/// A checkpoint as the storage holds it, before anything of it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// Its number, by which it is found.
    pub number: u64,
    /// Its text.
    pub text: String,
}

impl KeptCheckpoint {
    /// The checkpoint that the text says; `None` when it says none, or one of another number.
    pub fn read(&self) -> Option<Checkpoint> {
        Checkpoint::read(&self.text).ok().filter(|checkpoint| checkpoint.number == self.number)
    }
}
