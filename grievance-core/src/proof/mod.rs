//! Proof: one way to write a value as text, and a chain of hashes over what is stored.
//!
//! A base beside the vocabulary, in layer 1: it knows digests and JSON, no government and no
//! grievance. A rulebook is named by the hash of its canonical text, so the rulebook uses it too.

pub mod canonical;
pub mod chain;
