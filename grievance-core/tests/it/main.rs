//! Tests.

mod mobile;
