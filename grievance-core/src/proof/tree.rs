//! A Merkle tree over a list: its root binds every leaf, a short path shows that one is among them.
//!
//! RFC 9162, section 2.1: a leaf is hashed behind the byte 0, a node behind the byte 1, and of a
//! list that is no power of two the left part is the largest one that is. Only inclusion is
//! proved here; that a later list keeps an earlier one is shown case by case, since leaves stand
//! in the order of their cases and not of time.

use crate::kernel::text::Digest;

/// The most hashes a path can have: as many as a count of leaves has bits.
pub const LONGEST_PATH: usize = 64;

/// The hash of a leaf.
pub fn leaf(content: &[u8]) -> Digest {
    Digest::of(&[&[0], content])
}

/// The hash of two neighbours.
pub fn node(left: Digest, right: Digest) -> Digest {
    Digest::of(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// A tree that grows leaf by leaf and keeps only the roots of its whole parts: one hash for each
/// bit of its size, however many leaves it has.
///
/// # Examples
///
/// ```
/// use grievance_core::proof::tree::{Tree, includes, leaf};
///
/// let leaves = ["roads", "water", "lights"].map(|text| leaf(text.as_bytes()));
/// let mut tree = Tree::following(1);
/// leaves.iter().for_each(|leaf| tree.push(*leaf));
/// let (root, path) = (tree.root(), tree.path().expect("it has a leaf of that place"));
/// assert!(includes(root, 3, 1, leaves[1], &path).is_ok());
/// assert!(includes(root, 3, 0, leaves[1], &path).is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tree {
    // INVARIANT: one peak for each bit that is set in `size`, the largest first.
    peaks: Vec<Peak>,
    size: u64,
    /// The place of the leaf whose path is kept, with what of the path is known.
    followed: Option<u64>,
    path: Vec<Digest>,
}

/// The root of a part that is whole.
#[derive(Clone, Copy, Debug)]
struct Peak {
    root: Digest,
    /// Whether the leaf whose path is kept lies below it.
    holds: bool,
}

impl Tree {
    /// A tree without leaves, whose root is wanted.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree without leaves that keeps the path of the leaf in a place, from 0.
    pub fn following(place: u64) -> Self {
        Self { followed: Some(place), ..Self::default() }
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut last = Peak { root: leaf, holds: self.followed == Some(self.size) };
        let mut size = self.size;
        while size & 1 == 1 {
            let left = self.peaks.pop().expect("there is a peak for each bit that is set");
            last = Self::join(&mut self.path, left, last);
            size >>= 1;
        }
        self.peaks.push(last);
        self.size += 1;
    }

    /// Adds so many leaves at once by the root over them: a power of two, where as many or a multiple
    /// of it are there already. `false`, and nothing is added, for another count or place, or where
    /// the leaf whose path is kept is among them.
    pub fn push_part(&mut self, root: Digest, leaves: u64) -> bool {
        let fits = leaves.is_power_of_two() && self.size.is_multiple_of(leaves);
        let holds = |place| (self.size..self.size.saturating_add(leaves)).contains(&place);
        if !fits || self.followed.is_some_and(holds) {
            return false;
        }
        let mut last = Peak { root, holds: false };
        let mut parts = self.size / leaves;
        while parts & 1 == 1 {
            let left = self.peaks.pop().expect("there is a peak for each bit that is set");
            last = Self::join(&mut self.path, left, last);
            parts >>= 1;
        }
        self.peaks.push(last);
        self.size += leaves;
        true
    }

    /// Follows the next leaf that is added: for a list whose places are not known beforehand.
    pub const fn follow_next(&mut self) {
        self.followed = Some(self.size);
    }

    /// How many leaves it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The place of the leaf that is followed, if it has been added.
    pub fn followed(&self) -> Option<u64> {
        self.followed.filter(|place| *place < self.size)
    }

    /// The root; of no leaves the hash of nothing.
    pub fn root(&self) -> Digest {
        self.closed().0
    }

    /// The path of the followed leaf, from the leaf up; `None` when there is no such leaf.
    pub fn path(&self) -> Option<Vec<Digest>> {
        self.followed().map(|_| self.closed().1)
    }

    /// Joins what is left from the right, as the definition has it: the left part is the largest.
    fn closed(&self) -> (Digest, Vec<Digest>) {
        let mut path = self.path.clone();
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return (Digest::of(&[]), path) };
        let root = peaks.fold(last, |right, left| Self::join(&mut path, left, right)).root;
        (root, path)
    }

    fn join(path: &mut Vec<Digest>, left: Peak, right: Peak) -> Peak {
        if left.holds {
            path.push(right.root);
        } else if right.holds {
            path.push(left.root);
        }
        Peak { root: node(left.root, right.root), holds: left.holds || right.holds }
    }
}

/// Why a path does not show that a leaf is in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The place lies outside the tree.
    #[error("the tree has no leaf in that place")]
    NoSuchLeaf,
    /// The path has another length than one to that place has.
    #[error("the path is too short or too long for a tree of that size")]
    WrongLength,
    /// The path leads to another root.
    #[error("the path does not lead to the root")]
    OtherRoot,
}

/// Checks that a leaf is in a place of a tree of so many leaves (RFC 9162, section 2.1.3.2).
///
/// # Errors
///
/// [`PathError`]: there is no such place, the path has not the length it must have, or it leads
/// elsewhere.
pub fn includes(root: Digest, size: u64, place: u64, leaf: Digest, path: &[Digest]) -> Result<(), PathError> {
    if place >= size {
        return Err(PathError::NoSuchLeaf);
    }
    let (mut place, mut last) = (place, size - 1);
    let mut found = leaf;
    for step in path {
        if last == 0 {
            return Err(PathError::WrongLength);
        }
        if place & 1 == 1 || place == last {
            found = node(*step, found);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            found = node(found, *step);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(PathError::WrongLength);
    }
    if found == root { Ok(()) } else { Err(PathError::OtherRoot) }
}
