//! Checkpoints in memory.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::store::Stored;
use crate::store::checkpoints::{Checkpoints, KeptCheckpoint};
use crate::store::memory::MemoryTenant;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// What was taken down, and the checkpoints made over it.
#[derive(Default)]
pub(super) struct Marks {
    /// The last number that was given.
    number: u64,
    /// How far each case had come when it was last taken down.
    heads: BTreeMap<GrievanceId, Mark>,
    /// What was taken down of a case before that, lower versions first.
    earlier: HashMap<GrievanceId, Vec<Mark>>,
    /// Cases that were written to since heads were taken.
    moved: BTreeSet<GrievanceId>,
    /// By number, with the hash of the one before.
    checkpoints: BTreeMap<u64, (Option<Digest>, String)>,
}

/// One row of the list of heads.
#[derive(Clone, Copy)]
struct Mark {
    version: u64,
    hash: Digest,
    /// The number under which it was taken down.
    taken: u64,
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
            if marks.heads.get(case).is_some_and(|known| known.version >= version) {
                continue;
            }
            let mark = Mark { version, hash: last.hash, taken: marks.number };
            if let Some(before) = marks.heads.insert(*case, mark) {
                marks.earlier.entry(*case).or_default().push(before);
            }
        }
        Ok(marks.number)
    }

    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>> {
        let shelves = self.shelves();
        let marks = &shelves.marks;
        let of = |case: &GrievanceId, last: &Mark| {
            if last.taken <= number {
                return Some(*last);
            }
            marks.earlier.get(case)?.iter().rev().find(|mark| mark.taken <= number).copied()
        };
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let heads = marks.heads.range((after, Bound::Unbounded)).filter_map(|(case, last)| {
            let Mark { version, hash, .. } = of(case, last)?;
            Some(CaseHead { case: *case, version, hash })
        });
        Ok(heads.take(limit).collect())
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
