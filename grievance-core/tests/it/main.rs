//! Tests.

mod mobile;
mod number;
#[cfg(feature = "conformance")]
mod store_conformance;
#[cfg(all(feature = "sqlite", feature = "conformance"))]
mod store_model;
#[cfg(feature = "sql")]
mod store_sql;
