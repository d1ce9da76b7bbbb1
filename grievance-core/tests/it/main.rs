//! Tests.

mod mobile;
mod number;
#[cfg(feature = "conformance")]
mod store_conformance;
#[cfg(feature = "sql")]
mod store_sql;
