//! Tests.

mod mobile;
mod number;
mod presets;
mod rulebook_lint;
mod rulebook_read;
mod rulebook_succession;
