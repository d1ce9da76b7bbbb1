//! Tests.

mod mobile;
mod number;
mod rulebook_lint;
