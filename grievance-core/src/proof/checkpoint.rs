//! Checkpoints: one hash for everything that a tenant had recorded at a moment.
//!
//! A checkpoint is the root of a [`Tree`] over the heads of all cases, with how much that was, and
//! the hash of the checkpoint before it. It is printed where many people see it; from then on
//! nobody can change what it covers without being found out.

use crate::kernel::code::TenantCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::kernel::time::Millis;
use crate::proof::canonical::to_canonical;
use crate::proof::tree::{Tree, leaf};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The version of the format that this library writes.
pub const FORMAT: u32 = 1;

/// How far a case had come: its last event, by version and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseHead {
    /// The case.
    pub case: GrievanceId,
    /// The version of its last event.
    pub version: u64,
    /// The hash of that event.
    pub hash: Digest,
}

impl CaseHead {
    /// The hash of its leaf: over the 16 bytes of the identity, the version as 8 bytes with the
    /// greatest first, and the 32 bytes of the hash.
    pub fn leaf(&self) -> Digest {
        leaf(&self.content())
    }

    fn content(&self) -> [u8; 56] {
        let mut content = [0; 56];
        content[..16].copy_from_slice(self.case.as_bytes());
        content[16..24].copy_from_slice(&self.version.to_be_bytes());
        content[24..].copy_from_slice(self.hash.as_bytes());
        content
    }
}

/// The roots over runs of heads, as they were the last time.
///
/// Most cases rest from one checkpoint to the next, and a run of heads that are what they were has
/// the root that it had. A run is known by a digest over all that is in its heads: one hash over
/// much takes a fifth of the time of two for each.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    before: HashMap<Digest, Digest>,
    now: HashMap<Digest, Digest>,
}

impl Roots {
    /// So many heads are a run.
    pub const RUN: usize = 1_024;

    /// Begins another checkpoint: what the last one did not need is forgotten.
    pub fn turn(&mut self) {
        self.before = std::mem::take(&mut self.now);
    }

    /// The root over a run.
    fn root(&mut self, run: &[CaseHead]) -> Digest {
        let mut content = Vec::with_capacity(56 * run.len());
        for head in run {
            content.extend_from_slice(&head.content());
        }
        let name = Digest::of(&[&content]);
        let root = self.before.get(&name).copied().unwrap_or_else(|| {
            let mut tree = Tree::new();
            for head in run {
                tree.push(head.leaf());
            }
            tree.root()
        });
        self.now.insert(name, root);
        root
    }
}

/// The heads of all cases, taken in one by one in the order of their identities.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    tree: Tree,
    events: u64,
    last: Option<GrievanceId>,
    wanted: Option<GrievanceId>,
    found: Option<CaseHead>,
}

impl Heads {
    /// No heads yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No heads yet; the path of one case is kept.
    pub fn following(case: GrievanceId) -> Self {
        Self { wanted: Some(case), ..Self::default() }
    }

    /// Takes the next head in; `false` when its case does not come after the last one, and nothing
    /// is taken.
    pub fn add(&mut self, head: &CaseHead) -> bool {
        if self.last.is_some_and(|last| last >= head.case) {
            return false;
        }
        if self.wanted == Some(head.case) {
            self.tree.follow_next();
            self.found = Some(*head);
        }
        self.tree.push(head.leaf());
        self.events = self.events.saturating_add(head.version);
        self.last = Some(head.case);
        true
    }

    /// Takes the next heads in, as [`add`](Self::add) does with each of them. A whole run in its place
    /// is not hashed anew where its root is known.
    pub fn add_all(&mut self, heads: &[CaseHead], roots: &mut Roots) {
        for run in heads.chunks(Roots::RUN) {
            if !self.add_run(run, roots) {
                for head in run {
                    self.add(head);
                }
            }
        }
    }

    /// `false`, and nothing is taken in, unless they are a whole run in its place, in order, and
    /// without the case that is followed.
    fn add_run(&mut self, run: &[CaseHead], roots: &mut Roots) -> bool {
        let Some(last) = run.last().filter(|_| run.len() == Roots::RUN) else { return false };
        let in_order = run.is_sorted_by(|one, next| one.case < next.case)
            && self.last.is_none_or(|before| before < run[0].case);
        let followed = self.wanted.is_some_and(|wanted| (run[0].case..=last.case).contains(&wanted));
        let leaves = Roots::RUN as u64;
        if !in_order || followed || !self.tree.size().is_multiple_of(leaves) {
            return false;
        }
        let is_added = self.tree.push_part(roots.root(run), leaves);
        assert!(is_added, "a run stands in its place, and the case that is followed is not in it");
        self.events = run.iter().fold(self.events, |events, head| events.saturating_add(head.version));
        self.last = Some(last.case);
        true
    }

    /// How many cases.
    pub const fn cases(&self) -> u64 {
        self.tree.size()
    }

    /// How many events they have together.
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The root over all of them.
    pub fn root(&self) -> Digest {
        self.tree.root()
    }

    /// The head of the case that is followed, its place and its path; `None` when it has not come.
    pub fn path(&self) -> Option<(CaseHead, u64, Vec<Digest>)> {
        Some((self.found?, self.tree.followed()?, self.tree.path()?))
    }
}

/// What a tenant had recorded at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// When it was made, in whole milliseconds.
    #[serde(with = "Millis")]
    pub at: DateTime<Utc>,
    /// How many cases there were.
    pub cases: u64,
    /// How many events they had together.
    pub events: u64,
    /// The hash of the last entry of the access log; none while the log is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<Digest>,
    /// Its number, rising; there may be gaps.
    pub number: u64,
    /// The hash of the checkpoint before it; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// The root of the tree over the heads of all cases, in the order of their identities.
    pub root: Digest,
    /// Whose cases.
    pub tenant: TenantCode,
    /// The version of the format.
    pub v: u32,
}

impl Checkpoint {
    /// The checkpoint over heads.
    pub fn over(
        heads: &Heads,
        tenant: &TenantCode,
        number: u64,
        at: DateTime<Utc>,
        previous: Option<Digest>,
    ) -> Self {
        Self {
            at,
            cases: heads.cases(),
            events: heads.events(),
            looks: None,
            number,
            previous,
            root: heads.root(),
            tenant: tenant.clone(),
            v: FORMAT,
        }
    }

    /// The same, with the access log as far as it had come: the hash of its last entry.
    #[must_use]
    pub fn with_looks(self, looks: Option<Digest>) -> Self {
        Self { looks, ..self }
    }

    /// Whether these heads are those it was made over.
    pub fn covers(&self, heads: &Heads) -> bool {
        (self.cases, self.events, self.root) == (heads.cases(), heads.events(), heads.root())
    }

    /// Its text: canonical JSON, as it is stored, printed and hashed.
    pub fn text(&self) -> String {
        to_canonical(self).expect("a checkpoint has names for keys and whole numbers")
    }

    /// Its hash: SHA-256 over the line `grievance checkpoint v1` with its line break, and the text.
    /// Who has it from a printed statement holds everything that the checkpoint covers to it.
    pub fn hash(&self) -> Digest {
        Digest::of(&[b"grievance checkpoint v1\n", self.text().as_bytes()])
    }

    /// Reads a checkpoint's text.
    ///
    /// # Errors
    ///
    /// [`NotACheckpoint`] unless it is, byte for byte, what [`text`](Self::text) writes.
    pub fn read(text: &str) -> Result<Self, NotACheckpoint> {
        let read: Self = serde_json::from_str(text).map_err(|_| NotACheckpoint)?;
        if read.v == FORMAT && read.text() == text { Ok(read) } else { Err(NotACheckpoint) }
    }
}

/// Why a text is not a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a checkpoint of format 1 in canonical form")]
pub struct NotACheckpoint;

/// A checkpoint as a statement prints it: with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Printed {
    /// The checkpoint.
    #[serde(flatten)]
    pub checkpoint: Checkpoint,
    /// Its hash.
    pub hash: Digest,
}

impl From<Checkpoint> for Printed {
    fn from(checkpoint: Checkpoint) -> Self {
        Self { hash: checkpoint.hash(), checkpoint }
    }
}
