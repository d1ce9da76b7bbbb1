//! The access log: every look at who somebody is, in a chain of its own.

use crate::kernel::code::TenantCode;
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::Digest;
use crate::proof::canonical::to_canonical;
use crate::proof::chain::{self, Link};
use crate::rulebook::access::Actor;
use crate::store::{StoreError, Stored};
use crate::vocabulary::LookPurpose;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// What stands for the case in the log's links, which bind a tenant's log and no case.
const CHAIN: &str = "access log";

/// Keeps the access log of a tenant: entries from 1, without a gap, each bound to the one before.
///
/// Implementors promise that of two writers who add the same place only one succeeds. No entry is
/// ever changed or taken away, whatever is erased elsewhere: it holds nobody's words.
pub trait AccessLog: Send + Sync {
    /// The place and the hash of the last entry; `None` for an empty log.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn last_look(&self) -> Stored<Option<(u64, Digest)>>;

    /// Adds entries at the end, all or none; `false` when somebody else was first.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn add_looks(&self, entries: &[LookRow]) -> Stored<bool>;

    /// Entries after a place, in order, at most so many.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn looks(&self, after: u64, limit: usize) -> Stored<Vec<LookRow>>;

    /// The looks at a case, in order, after a place, at most so many.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Stored<Vec<LookRow>>;
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookRow {
    /// Its place, from 1.
    pub place: u64,
    /// When, in whole milliseconds.
    pub at: DateTime<Utc>,
    /// The case that was looked at; `None` for a search.
    pub case: Option<GrievanceId>,
    /// Who looked, as canonical JSON.
    pub actor: String,
    /// What was looked at and for what, as canonical JSON.
    pub body: String,
    /// The entry's hash, over all of it and the hash of the one before.
    pub hash: Digest,
}

/// What an entry says besides who and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looked {
    /// The case; in the text too, so that it cannot be moved to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<GrievanceId>,
    /// What was looked at: `name`, `mobile` and so on, each once, in order of the alphabet.
    pub fields: Vec<SmolStr>,
    /// For what.
    pub purpose: LookPurpose,
    /// The rows of the vault, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<VaultId>,
}

impl LookRow {
    /// Writes entries one after the other, behind the last one there is.
    pub fn chain<'a>(
        tenant: &TenantCode,
        last: Option<(u64, Digest)>,
        looks: impl IntoIterator<Item = (&'a Actor, DateTime<Utc>, &'a Looked)>,
    ) -> Vec<Self> {
        let mut last = last;
        let mut rows = Vec::new();
        for (actor, at, looked) in looks {
            let mut row = Self {
                place: last.map_or(0, |(place, _)| place) + 1,
                at,
                case: looked.case,
                actor: crate::grievance::wire::encode_actor(actor),
                body: to_canonical(looked).expect("an entry has text keys and no numbers"),
                hash: Digest::from_bytes([0; 32]),
            };
            row.hash = row.link(tenant, last.map(|(_, hash)| hash));
            last = Some((row.place, row.hash));
            rows.push(row);
        }
        rows
    }

    /// The hash that the entry must have behind one of that hash.
    fn link(&self, tenant: &TenantCode, previous: Option<Digest>) -> Digest {
        let Self { place, at, case: _, actor, body, hash: _ } = self;
        chain::hash(
            previous,
            &Link {
                tenant: tenant.as_str(),
                case: CHAIN,
                version: *place,
                at: at.timestamp_millis(),
                actor,
                rulebook: Digest::from_bytes([0; 32]),
                body,
            },
        )
    }

    /// Whether the entry stands where it was written: behind `previous`, unaltered.
    pub fn follows(&self, tenant: &TenantCode, previous: Option<(u64, Digest)>) -> bool {
        self.place == previous.map_or(0, |(place, _)| place) + 1
            && self.hash == self.link(tenant, previous.map(|(_, hash)| hash))
            && self.said().is_ok_and(|said| said.case == self.case)
    }

    /// What the entry says.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when it cannot be read.
    pub fn said(&self) -> Stored<Looked> {
        let damaged = |_| StoreError::Backend("a stored look cannot be read".to_owned());
        serde_json::from_str(&self.body).map_err(damaged)
    }

    /// Who looked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when it cannot be read.
    pub fn who(&self) -> Stored<Actor> {
        let damaged = |_| StoreError::Backend("a stored look cannot be read".to_owned());
        crate::grievance::wire::decode_actor(&self.actor).map_err(damaged)
    }
}
