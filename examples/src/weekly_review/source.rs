//! Where the cases come from: another system's records, or a generated year.

use crate::Problem;
use crate::args::Args;
use grievance_core::kernel::code::{ReasonCode, UnitCode};
use grievance_core::store::Store;
use std::collections::HashMap;

/// An office whose cases are in a store, and what was found on the way there.
pub(crate) struct Office {
    /// Where the cases are.
    pub(crate) store: Box<dyn Store>,
    /// What the statement is headed with.
    pub(crate) title: String,
    /// The zone whose days are counted.
    pub(crate) zone: chrono_tz::Tz,
    /// Printed names of offices: of imported cases the file's own value, which may be blank.
    pub(crate) units: HashMap<UnitCode, String>,
    /// Printed names of closure reasons.
    pub(crate) reasons: HashMap<ReasonCode, String>,
    /// The file's own columns.
    pub(crate) columns: Vec<String>,
    /// Rows that were not taken.
    pub(crate) rejects: Vec<Reject>,
    /// What is odd about rows that were taken, in words, and about how many.
    pub(crate) warnings: Vec<(String, u64)>,
}

/// A row that was not taken.
pub(crate) struct Reject {
    /// Which record: from 1, the header not counted.
    pub(crate) record: u64,
    /// The column at fault, where there is one.
    pub(crate) column: Option<String>,
    /// The code of what is wrong.
    pub(crate) code: String,
    /// What is wrong, in one sentence.
    pub(crate) sentence: String,
    /// The row's fields.
    pub(crate) original: Vec<String>,
}

/// Brings the cases into a store.
pub(crate) fn open(args: &Args) -> Result<Office, Problem> {
    match args {
        Args { cases: Some(_), columns: Some(_), rulebook: _, db: _, skew_tolerance: _, .. } => {
            Err("importing is not wired yet".into())
        }
        Args { synthetic, seed: _, .. } => Err(format!("{synthetic:?} cases: not wired yet").into()),
    }
}
