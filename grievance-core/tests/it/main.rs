//! Tests.

mod mobile;
mod number;
mod presets;
mod rulebook_foreign;
mod rulebook_lint;
mod rulebook_mutations;
mod rulebook_read;
mod rulebook_succession;
