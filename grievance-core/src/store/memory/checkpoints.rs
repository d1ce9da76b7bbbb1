//! Checkpoints in memory.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::store::Stored;
use crate::store::checkpoints::{Checkpoints, KeptCheckpoint};
use crate::store::memory::MemoryTenant;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// What was taken down, and the checkpoints made over it.
#[derive(Default)]
pub(super) struct Marks {
    /// The last number that was given.
    number: u64,
    /// By case and version, the hash and the number under which it was taken down.
    heads: BTreeMap<(GrievanceId, u64), (Digest, u64)>,
    /// Cases that were written to since heads were taken.
    moved: BTreeSet<GrievanceId>,
    /// By number, with the hash of the one before.
    checkpoints: BTreeMap<u64, (Option<Digest>, String)>,
}

impl Marks {
    /// Notes that a case was written to.
    pub(super) fn moved(&mut self, case: GrievanceId) {
        self.moved.insert(case);
    }
}

impl Checkpoints for MemoryTenant {
    fn take_heads(&self) -> Stored<u64> {
        let mut shelves = self.shelves();
        let shelves = &mut *shelves;
        let marks = &mut shelves.marks;
        marks.number += 1;
        for case in &std::mem::take(&mut marks.moved) {
            let Some(file) = shelves.cases.get(case) else { continue };
            let version = file.fact.version;
            let Some(last) = file.events.iter().rev().find(|event| event.version == version) else {
                continue;
            };
            let known =
                marks.heads.range((*case, version)..).next().is_some_and(|((known, _), _)| known == case);
            if !known {
                marks.heads.insert((*case, version), (last.hash, marks.number));
            }
        }
        Ok(marks.number)
    }

    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>> {
        let shelves = self.shelves();
        let after = after.map_or(Bound::Unbounded, |case| Bound::Excluded((case, u64::MAX)));
        let mut heads: Vec<CaseHead> = Vec::new();
        let taken = shelves.marks.heads.range((after, Bound::Unbounded));
        for ((case, version), (hash, _)) in taken.filter(|(_, (_, taken))| *taken <= number) {
            let head = CaseHead { case: *case, version: *version, hash: *hash };
            if heads.last().is_some_and(|last| last.case == *case) {
                heads.pop();
            } else if heads.len() == limit {
                break;
            }
            heads.push(head);
        }
        Ok(heads)
    }

    fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Stored<bool> {
        let kept = &mut self.shelves().marks.checkpoints;
        let Checkpoint { number, previous, .. } = *checkpoint;
        if kept.contains_key(&number) || kept.values().any(|(other, _)| *other == previous) {
            return Ok(false);
        }
        kept.insert(number, (previous, checkpoint.text()));
        Ok(true)
    }

    fn checkpoints(&self, after: u64, limit: usize) -> Stored<Vec<KeptCheckpoint>> {
        let shelves = self.shelves();
        let later = shelves.marks.checkpoints.range((Bound::Excluded(after), Bound::Unbounded));
        Ok(later.take(limit).map(kept).collect())
    }

    fn last_checkpoint(&self) -> Stored<Option<KeptCheckpoint>> {
        Ok(self.shelves().marks.checkpoints.last_key_value().map(kept))
    }
}

fn kept((number, (_, text)): (&u64, &(Option<Digest>, String))) -> KeptCheckpoint {
    KeptCheckpoint { number: *number, text: text.clone() }
}
