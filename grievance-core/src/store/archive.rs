//! Rulebook versions as they are kept, and who holds which post.

use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::rulebook::access::Chart;
use crate::store::Stored;
use crate::vocabulary::Tenure;
use chrono::{DateTime, Utc};

/// Keeps rulebook versions and the roster; one tenant's.
pub trait Archive: Send + Sync {
    /// Keeps a rulebook version; keeping it again changes nothing.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn keep(&self, version: Digest, document: &str) -> Stored<()>;

    /// Keeps the lines of a version: what scopes that name it look below and into. Keeping them
    /// again changes nothing.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()>;

    /// Puts a kept version in force from an instant on. Of two for the same instant the one that
    /// was said last counts.
    ///
    /// # Errors
    ///
    /// [`StoreError::EditionUnknown`](crate::store::StoreError::EditionUnknown) for a version that is not kept.
    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()>;

    /// The document of a kept version: canonical JSON with everything it extends merged in.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn edition(&self, version: Digest) -> Stored<Option<String>>;

    /// The version in force at an instant: the one with the latest activation that is not after
    /// it.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>>;

    /// Since when the version in force at an instant is in force: its latest activation that is
    /// not after it.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>>;

    /// Open cases whose last event was decided under another version than this, in the order of
    /// their identities, after `after`: what an activation still has to move.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>>;

    /// Records who holds a post in an office from one instant to another. Saying it again for the
    /// same office, post, person and first instant replaces the rest: so a holding is ended.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn appoint(&self, holding: &Holding) -> Stored<()>;

    /// Who holds a post in an office at an instant, by first instant, then by person.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>>;

    /// Whether a post stands vacant at an instant: the roster says who held it or will hold it,
    /// and nobody does then. A post of which the roster says nothing is not known to be vacant.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool>;
}

/// One row of the roster: who holds a post, where, from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The office.
    pub unit: UnitCode,
    /// The post.
    pub post: PostCode,
    /// The person.
    pub person: PersonId,
    /// In which capacity: it is theirs, they stand in, or it was delegated to them.
    pub tenure: Tenure,
    /// First instant.
    pub from: DateTime<Utc>,
    /// The instant it ends, not included; `None` while it lasts.
    pub until: Option<DateTime<Utc>>,
}

impl Holding {
    /// Whether the post is held at an instant.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}
