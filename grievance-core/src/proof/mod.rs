//! Proof: one way to write a value as text, a chain of hashes over what is stored, and what can be
//! shown of it to somebody who does not trust us.
//!
//! A base beside the vocabulary, in layer 1: it knows digests and JSON, no government and no
//! grievance. A rulebook is named by the hash of its canonical text, so the rulebook uses it too.
//!
//! `docs/reference/proofs.md` says all of it precisely enough to write a checker in another
//! language.

pub mod canonical;
pub mod case;
pub mod chain;
pub mod checkpoint;
pub mod folio;
pub mod receipt;
pub mod tree;
