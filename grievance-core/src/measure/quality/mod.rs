//! What is looked at a second time among the disposed, and what that tells.
//!
//! The origin verifies the quality of disposed grievances as a routine (HUDCO *Shelter*, vol. 24 no. 1,
//! 2023). How it draws them is not published; what stands here is ours, with its numbers in the
//! rulebook (`verification`, `suspicion`):
//!
//! - [`Disposal`]: one closing of a case, read off its history;
//! - [`Closings`]: those of a time, gathered in shards;
//! - [`Mix`]: how many of them by reason, and by class;
//! - [`Suspected`]: what points at closings that may be bad, and at how many of how many;
//! - [`Sample`]: a stratified draw that anybody can repeat who has the seed;
//! - [`Quality`]: what the second looks of a sample tell of all the disposed.
//!
//! Sealed cases are in none of these.

mod closings;
mod disposal;
mod estimate;
mod mix;
mod sample;
mod suspicion;

pub use crate::measure::quality::closings::Closings;
pub use crate::measure::quality::disposal::Disposal;
pub use crate::measure::quality::estimate::{Looked, Quality};
pub use crate::measure::quality::mix::Mix;
pub use crate::measure::quality::sample::{Drawn, Sample, Stratum};
pub use crate::measure::quality::suspicion::Suspected;
