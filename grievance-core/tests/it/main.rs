//! Tests, a module per concept.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod canonical;
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
mod measure_as_of;
mod measure_figures;
mod measure_flow;
mod measure_histories;
mod measure_laws;
mod measure_oracle;
mod mobile;
mod number;
mod presets;
#[cfg(feature = "render")]
mod render_rejects;
#[cfg(feature = "render")]
mod render_statement;
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
