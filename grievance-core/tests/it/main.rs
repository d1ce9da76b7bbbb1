//! Tests.

#[cfg(feature = "import")]
mod import_bad;
#[cfg(feature = "import")]
mod import_cities;
#[cfg(feature = "import")]
mod import_derive;
#[cfg(feature = "import")]
mod import_kinds;
#[cfg(feature = "import")]
mod import_map;
#[cfg(feature = "import")]
mod import_support;
mod mobile;
mod number;
mod presets;
mod rulebook_foreign;
mod rulebook_lint;
mod rulebook_mutations;
mod rulebook_read;
mod rulebook_succession;
#[cfg(feature = "conformance")]
mod store_conformance;
#[cfg(all(feature = "sqlite", feature = "conformance"))]
mod store_model;
#[cfg(feature = "sql")]
mod store_sql;
