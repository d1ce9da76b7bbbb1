//! The standing state: what each office has open and what it has done, kept current with every
//! step and never counted anew.
//!
//! A [`Ledger`](keep::Ledger) holds for each office and subject what changed on which day: cases
//! that came, cases that were disposed after so many days, cases that went elsewhere. From that it
//! answers as of any day, for any offices and any subject, what a scan of the table of cases
//! ([`Cases`](crate::measure::cases::table::Cases)) counts, without touching a case.
//!
//! What it keeps are calendar days. Lengths in milliseconds it does not have: terms by the elapsed
//! rule are refused, and of the oldest pending case it knows the day on which it was received, not
//! the hour.
//!
//! # What a past day means
//!
//! There are two ways to keep it, and they must not be mixed for one case:
//!
//! - **By table** ([`enter`](keep::Ledger::enter), [`take_out`](keep::Ledger::take_out), or
//!   [`of`](keep::Ledger::of) a whole table): the ledger is what the scan counts from *today's* rows.
//!   A case that was reopened has lost its first disposal, as in the table.
//! - **By step** ([`post`](keep::Ledger::post), or
//!   [`enter_history`](keep::Ledger::enter_history)): the ledger is what the scan counts from the rows
//!   *as they stood* on that day ([`fact_as_of`](crate::measure::as_of::fact_as_of)). A past figure
//!   never changes, unless a history is taken out or a step of the past is posted.
//!
//! # Following a store
//!
//! A [`Standing`](standing::Standing) is a ledger by step that knows how far it has come. A desk
//! brings it further by what was committed since, by whichever process, and reads those cases alone
//! that went on.
//!
//! # Asked again and again
//!
//! A [`Dashboard`](dashboard::Dashboard) keeps the figures of each office and counts those anew in which
//! something was posted since.
//!
//! # Parts
//!
//! A ledger is a sum of signed postings. Those of shards, merged in any order, are the ledger of
//! the whole, and its stored form is the same to the last byte.

pub mod answer;
mod book;
mod clock;
mod codes;
mod contribution;
pub mod dashboard;
mod entry;
pub mod error;
mod headline;
mod history;
pub mod keep;
mod lines;
mod question;
pub mod standing;
mod state;
mod stored;

pub use crate::measure::picked::{Picked, Subject};
