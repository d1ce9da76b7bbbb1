//! Layer 4: what offices are measured by.
//!
//! Every measure is a fold over cases with a partial state that merges: a shard, a partition or a
//! thread gives a part, and the parts add up exactly.

pub mod answer;
pub mod as_of;
mod beside;
pub mod cases;
pub mod cutoff;
pub mod days;
pub mod duration;
#[cfg(feature = "sql")]
pub(crate) mod edge;
pub mod escalation;
mod exact;
pub mod flag;
pub mod flow;
pub mod flows;
pub mod gpr;
mod groups;
pub mod headline;
pub mod index;
pub mod ledger;
pub mod mis;
pub mod pack;
pub mod pendency;
pub mod picked;
pub mod practice;
pub mod published;
pub mod quality;
pub mod question;
pub mod rollup;
pub mod sealed;
mod sheets;
pub mod statement;
pub mod stay;
pub mod target;
pub mod waiting;
pub mod workdays;
mod zone_days;
