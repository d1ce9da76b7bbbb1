//! Proof: one way to write a value as text, and a chain of hashes over what is stored.
//!
//! Stands beside the grievance in layer 3 and knows nothing of it.

pub mod canonical;
pub mod chain;
