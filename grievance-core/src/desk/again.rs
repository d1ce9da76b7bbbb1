//! Committing again, when the database gave no answer of its own.
//!
//! The command's identity makes it safe: what was written is answered with the receipt of then.

use crate::desk::Desk;
use crate::store::commit::{Commit, Receipt};
use crate::store::{StoreError, Stored};

/// How often the same is said.
const TRIES: usize = 8;

impl Desk {
    /// Commits. When the connection breaks before the answer, the same is said again.
    pub(super) fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        again(|problem| matches!(problem, StoreError::Lost), || self.store.commit(commit))
    }

    /// Commits, also when the database takes it back for another's sake: for what was decided in a
    /// loop that decides again after a conflict.
    pub(super) fn commit_firmly(&self, commit: &Commit) -> Stored<Receipt> {
        again(StoreError::may_be_repeated, || self.store.commit(commit))
    }

    /// Commits many, in the same way. Each still says itself whether somebody else was first.
    pub(super) fn commit_all_firmly(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        again(StoreError::may_be_repeated, || self.store.commit_all(commits))
    }
}

fn again<T>(repeats: impl Fn(&StoreError) -> bool, mut act: impl FnMut() -> Stored<T>) -> Stored<T> {
    for _ in 1..TRIES {
        match act() {
            Err(problem) if repeats(&problem) => {}
            answer => return answer,
        }
    }
    act()
}
