//! "Was I counted?": a proof that a case stands behind a count that was printed.
//!
//! Behind each count of the latest week, of each office alone, stands a tree over its cases, as many
//! leaves as the count says. Over all counts stands a second tree, whose root is printed with the
//! edition. A leaf is blinded by a salt that follows from the edition's key, so that a path shows
//! nothing of the cases beside it: not who they are, and not whether some case is among them. The
//! leaves stand in the order of their hashes, which says nothing of when a case came.
//!
//! Trees are those of RFC 9162, as in [`tree`](crate::proof::tree).

use crate::grievance::event::Recorded;
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::measure::pack::finish::LAST;
use crate::measure::pack::line::Line;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::weeks::Weeks;
use crate::proof::canonical::to_canonical;
use crate::proof::tree::{LONGEST_PATH, PathError, Tree, includes, leaf};
use crate::vocabulary::ErrorCode;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;

/// The version of the format.
const FORMAT: u32 = 1;
/// The longest text of a proof that is looked at: 64 KiB.
pub const LONGEST_COUNTED: usize = 64 << 10;

/// The secret from which the salts of an edition follow: 32 random bytes that the host draws, keeps
/// as long as it gives proofs, and uses for one edition only. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct EditionKey([u8; 32]);

impl EditionKey {
    /// Wraps 32 random bytes.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    fn salt(&self, unit: &UnitCode, line: Line, case: GrievanceId, nth: u32) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"grievance counted v1\n");
        mac.update(format!("{unit} {line} {nth}\n").as_bytes());
        mac.update(case.as_bytes());
        Digest::from_bytes(mac.finalize().into_bytes().into())
    }
}

impl std::fmt::Debug for EditionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EditionKey(redacted)")
    }
}

/// What an edition prints of the trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedRoot {
    /// The root over all counts.
    pub root: Digest,
    /// How many counts that are not 0 it is over.
    pub counts: u64,
}

/// The cases behind the counts of the latest week, each office alone.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::{EditionKey, Roll, Weeks};
/// use grievance_core::vocabulary::AgeRule;
///
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar));
/// let roll = Roll::new(weeks, EditionKey::new([7; 32])); // 32 random bytes, of course
/// assert_eq!(roll.root().counts, 0);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Roll {
    weeks: Weeks,
    key: EditionKey,
    cells: BTreeMap<(UnitCode, Line), Vec<Leaf>>,
}

/// A leaf of a count: its hash, the case, and the how-manieth time it counts.
type Leaf = (Digest, GrievanceId, u32);

/// That a case stands behind a count: what somebody can check who has the printed edition, and does
/// not trust the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedProof {
    /// The case.
    pub case: GrievanceId,
    /// How many cases the count is of.
    pub count: u64,
    /// How many counts the edition is over.
    pub counts: u64,
    /// The place of the count among them.
    pub counts_place: u64,
    /// The hashes beside the way from the count to the edition's root.
    pub counts_path: Vec<Digest>,
    /// The line.
    pub line: Line,
    /// Which time the case counts here, from 1: a case that was escalated twice counts twice.
    pub nth: u32,
    /// The hashes beside the way from the case to the count's root.
    pub path: Vec<Digest>,
    /// The place of the case's leaf.
    pub place: u64,
    /// The root of the count's tree.
    pub root: Digest,
    /// What blinds the leaf.
    pub salt: Digest,
    /// The office.
    pub unit: UnitCode,
    /// The version of the format.
    pub v: u32,
}

/// Why a proof does not hold. No variant repeats what the proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountedError {
    /// It is longer than any proof is.
    #[error("the proof has more than 64 KiB")]
    TooLong,
    /// It is no proof of this format.
    #[error("the text is not a proof of format 1")]
    Malformed,
    /// The case does not stand behind the count.
    #[error("the case is not among those that the count is of: {0}")]
    NotAmong(PathError),
    /// The count is not in the edition.
    #[error("the count is not in the edition: {0}")]
    NotPrinted(PathError),
    /// The edition prints another count in that row.
    #[error("the edition prints another count in that row")]
    OtherCount,
}

impl CountedError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::ProofInvalid
    }
}

impl Book for Vec<(UnitCode, Line)> {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        if week == LAST {
            self.push((unit.clone(), line));
        }
    }
}

impl Roll {
    /// A roll without a case.
    pub const fn new(weeks: Weeks, key: EditionKey) -> Self {
        Self { weeks, key, cells: BTreeMap::new() }
    }

    /// Puts a case behind the counts that it is in. A sealed case is in none.
    pub fn add_history(&mut self, history: &[Recorded]) {
        let Some(case) = history.first().map(|first| first.case) else { return };
        let mut marks: Vec<(UnitCode, Line)> = Vec::new();
        trace(history, &self.weeks, &mut marks);
        // Those of one cell stand together, so each knows which time it is.
        marks.sort_unstable();
        let mut last: Option<((UnitCode, Line), u32)> = None;
        for cell in marks {
            let nth = last.as_ref().filter(|(before, _)| *before == cell).map_or(1, |(_, nth)| nth + 1);
            let leaf = case_leaf(self.key.salt(&cell.0, cell.1, case, nth), case, nth);
            self.cells.entry(cell.clone()).or_default().push((leaf, case, nth));
            last = Some((cell, nth));
        }
    }

    /// What the edition prints.
    pub fn root(&self) -> CountedRoot {
        let mut tree = Tree::new();
        for ((unit, line), cell) in &self.cells {
            tree.push(count_leaf(unit, *line, cell.len() as u64, cell_tree(cell, None).root()));
        }
        CountedRoot { root: tree.root(), counts: tree.size() }
    }

    /// Every proof for a case: one for each count that it stands behind, by office and line; none for
    /// a case that is in no count of the latest week.
    pub fn prove(&self, case: GrievanceId) -> Vec<CountedProof> {
        let counts = self.cells.len() as u64;
        let roots: Vec<Digest> = self
            .cells
            .iter()
            .map(|((unit, line), cell)| {
                count_leaf(unit, *line, cell.len() as u64, cell_tree(cell, None).root())
            })
            .collect();
        let mut proofs = Vec::new();
        for (nth_cell, ((unit, line), cell)) in (0_u64..).zip(&self.cells) {
            for (own, _, nth) in cell.iter().filter(|one| one.1 == case) {
                let tree = cell_tree(cell, Some(*own));
                let mut over = Tree::following(nth_cell);
                for root in &roots {
                    over.push(*root);
                }
                let (Some(place), Some(path), Some(counts_path)) =
                    (tree.followed(), tree.path(), over.path())
                else {
                    continue;
                };
                proofs.push(CountedProof {
                    case,
                    count: cell.len() as u64,
                    counts,
                    counts_place: nth_cell,
                    counts_path,
                    line: *line,
                    nth: *nth,
                    path,
                    place,
                    root: tree.root(),
                    salt: self.key.salt(unit, *line, case, *nth),
                    unit: unit.clone(),
                    v: FORMAT,
                });
            }
        }
        proofs
    }
}

/// The tree of a count, over its leaves in the order of their hashes.
fn cell_tree(cell: &[Leaf], follow: Option<Digest>) -> Tree {
    let mut leaves: Vec<Digest> = cell.iter().map(|one| one.0).collect();
    leaves.sort_unstable();
    let mut tree = Tree::new();
    for own in leaves {
        if follow == Some(own) {
            tree.follow_next();
        }
        tree.push(own);
    }
    tree
}

/// A case's leaf: over 32 bytes of salt, 16 of its identity and 4 of the time that it counts.
fn case_leaf(salt: Digest, case: GrievanceId, nth: u32) -> Digest {
    let mut content = [0; 52];
    content[..32].copy_from_slice(salt.as_bytes());
    content[32..48].copy_from_slice(case.as_bytes());
    content[48..].copy_from_slice(&nth.to_be_bytes());
    leaf(&content)
}

/// A count's leaf: over its canonical JSON.
fn count_leaf(unit: &UnitCode, line: Line, count: u64, root: Digest) -> Digest {
    #[derive(Serialize)]
    struct Printed<'a> {
        count: u64,
        line: Line,
        root: Digest,
        unit: &'a UnitCode,
    }
    let text =
        to_canonical(&Printed { count, line, root, unit }).expect("a count has names and whole numbers");
    leaf(text.as_bytes())
}

impl CountedProof {
    /// Its text: canonical JSON.
    pub fn text(&self) -> String {
        to_canonical(self).expect("a proof has names for keys and whole numbers")
    }

    /// Reads the text of a proof. That it is written in canonical form is not asked.
    ///
    /// # Errors
    ///
    /// [`CountedError::TooLong`] and [`CountedError::Malformed`].
    pub fn read(text: &str) -> Result<Self, CountedError> {
        if text.len() > LONGEST_COUNTED {
            return Err(CountedError::TooLong);
        }
        serde_json::from_str(text).map_err(|_| CountedError::Malformed)
    }

    /// Checks the proof against what an edition prints, without anything else: the case is one of
    /// exactly `count` that stand behind `line` of `unit`. Whether the edition prints that count in
    /// that row, [`Edition::check_counted`](crate::measure::pack::Edition::check_counted) asks.
    ///
    /// # Errors
    ///
    /// [`CountedError`] says what does not hold.
    pub fn check(&self, printed: CountedRoot) -> Result<(), CountedError> {
        let Self {
            case,
            count,
            counts,
            counts_place,
            counts_path,
            line,
            nth,
            path,
            place,
            root,
            salt,
            unit,
            v,
        } = self;
        if *v != FORMAT || path.len() > LONGEST_PATH || counts_path.len() > LONGEST_PATH {
            return Err(CountedError::Malformed);
        }
        if *counts != printed.counts {
            return Err(CountedError::NotPrinted(PathError::WrongLength));
        }
        includes(*root, *count, *place, case_leaf(*salt, *case, *nth), path)
            .map_err(CountedError::NotAmong)?;
        let leaf = count_leaf(unit, *line, *count, *root);
        includes(printed.root, *counts, *counts_place, leaf, counts_path).map_err(CountedError::NotPrinted)
    }
}
