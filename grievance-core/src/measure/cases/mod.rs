//! Many cases at once: a table of columns, and the measures over it.
//!
//! [`Cases`](table::Cases) holds a case in at most 64 bytes where a host brings it, 92 of facts. A question is asked of it once,
//! by any column of codes, and answered by a [`Part`](tally::Part): whole numbers only, so that
//! parts of shards add up to the whole bit for bit, in whatever order they come.
//!
//! A table knows of a case what its flat row says ([`CaseFact`](crate::grievance::project::CaseFact)).
//! It answers as of past days by the dates in it; a case that was reopened has lost its first
//! disposal there. Where that matters, the rows are to be taken with
//! [`fact_as_of`](crate::measure::as_of::fact_as_of).

mod answer;
mod block;
pub mod casebook;
pub(crate) mod check;
pub mod column;
mod count;
mod days;
mod headline;
mod lengths;
mod lot;
pub mod period;
mod rates;
mod reading;
pub mod row;
mod seldom;
pub mod sheets;
mod statement;
mod storage;
pub mod survival;
pub mod table;
pub mod tally;
pub mod told;
pub mod trend;
