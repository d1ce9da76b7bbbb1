//! Tests.

mod mobile;
mod number;
