//! Whether a row can be used: what is there, in order, and in range.

use crate::measure::cases::row::{CaseRow, HIGHEST_RATING, LeanRow, RowFault, RowField, Said};
use chrono::{DateTime, Utc};

/// The counts of a row that can be used; else the field that cannot.
pub(crate) fn checked(row: &CaseRow<'_>, until: DateTime<Utc>) -> Result<[u16; 5], (RowField, RowFault)> {
    let ended = row.ended.map(|(at, _)| at);
    in_order(row.unit, row.received_at, [ended, row.last_told_at], until)?;
    let counts = [row.reopened, row.appealed, row.escalated, row.transferred, row.breached];
    in_range(row.said, counts)
}

/// The same of a row in milliseconds.
pub(crate) fn checked_millis(row: &LeanRow<'_>, until: i64) -> Result<[u16; 5], (RowField, RowFault)> {
    let ended = row.ended.map(|(at, _)| at);
    in_order(row.unit, row.received_at, [ended, row.last_told_at], until)?;
    in_range(row.said, row.counts)
}

fn in_order<T: Ord + Copy>(
    unit: &str,
    received_at: T,
    [ended, told]: [Option<T>; 2],
    until: T,
) -> Result<(), (RowField, RowFault)> {
    if unit.is_empty() {
        return Err((RowField::Unit, RowFault::Missing));
    }
    if received_at > until {
        return Err((RowField::ReceivedAt, RowFault::Future));
    }
    for (field, at) in [(RowField::EndedAt, ended), (RowField::LastToldAt, told)] {
        if at.is_some_and(|at| at < received_at) {
            return Err((field, RowFault::BeforeReceived));
        }
        if at.is_some_and(|at| at > until) {
            return Err((field, RowFault::Future));
        }
    }
    Ok(())
}

fn in_range(said: Option<Said>, counts: [u32; 5]) -> Result<[u16; 5], (RowField, RowFault)> {
    if matches!(said, Some(Said::Rating(rating)) if rating > HIGHEST_RATING) {
        return Err((RowField::Said, RowFault::OutOfRange));
    }
    let count = |field, count: u32| u16::try_from(count).map_err(|_| (field, RowFault::OutOfRange));
    let [reopened, appealed, escalated, transferred, breached] = counts;
    Ok([
        count(RowField::Reopened, reopened)?,
        count(RowField::Appealed, appealed)?,
        count(RowField::Escalated, escalated)?,
        count(RowField::Transferred, transferred)?,
        count(RowField::Breached, breached)?,
    ])
}
