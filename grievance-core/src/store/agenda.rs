//! What the rulebook's schedules call for, each once.

use crate::kernel::code::ScheduleCode;
use crate::store::Stored;
use crate::vocabulary::JobKind;
use chrono::{DateTime, Utc};

/// Keeps the jobs that have come due by a schedule; one tenant's.
///
/// Implementors promise that of many who add or finish the same job one is told that it was them.
pub trait Agenda: Send + Sync {
    /// The latest instant for which a job of the schedule was added, finished or not.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn last_job(&self, schedule: &ScheduleCode) -> Stored<Option<DateTime<Utc>>>;

    /// Adds a job. `true` for the one who wrote it; `false` when it is there already.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn add_job(&self, job: &Job) -> Stored<bool>;

    /// Jobs that nobody has finished, oldest first, then by schedule.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn open_jobs(&self, limit: usize) -> Stored<Vec<Job>>;

    /// Marks a job as done. `true` for the one who did; `false` when it was done before or is
    /// not there.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool>;
}

/// Something that a schedule calls for: one of each schedule and instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// When it was due, in whole milliseconds.
    pub due_at: DateTime<Utc>,
    /// The schedule.
    pub schedule: ScheduleCode,
    /// What is to be done.
    pub kind: JobKind,
}
