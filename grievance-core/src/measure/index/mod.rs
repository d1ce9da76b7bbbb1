//! Disposal indexes: how offices are graded and ranked, as data that everybody can read.
//!
//! An index is a [`Definition`]: terms made of counts, each normalised to a score between 0 and 1 and
//! weighted. [`Board::of`] applies it to the counts of several offices. Every result holds its
//! definition, the counts, the weights that were used, the rulebook version and the day, so that
//! anybody can compute it again.
//!
//! Nothing here is official. The origin speaks of "periodical grievance disposal indexes" and
//! publishes no formula; the weights of the Government of India's GRAI are not public. The indexes of
//! [`shipped`] are ours, and say so.

mod board;
mod definition;
mod funnel;
mod rounding;
mod verified;

pub use crate::measure::index::board::{Board, Counts, Graded, TermScore};
pub use crate::measure::index::definition::{
    Band, Better, Definition, Group, Groups, IndexProblem, Missing, Normaliser, Term, WhenEmpty, shipped,
};
pub use crate::measure::index::funnel::{Funnel, Standing};
pub use crate::measure::index::rounding::{Rounding, RoundingMode};
pub use crate::measure::index::verified::{
    Answered, Correction, Looks, LooksContradict, Take, Unverified, Verified,
};
