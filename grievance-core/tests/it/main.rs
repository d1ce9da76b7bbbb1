//! Tests, a module per concept.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod behaviour_afterwards;
mod behaviour_closing;
mod behaviour_hearing;
mod behaviour_intake;
mod behaviour_joining;
mod behaviour_movement;
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
mod law_draw;
mod law_life;
mod law_model;
mod law_plan;
mod mobile;
mod number;
mod office;
mod presets;
mod rulebook_foreign;
mod rulebook_lint;
mod rulebook_mutations;
mod rulebook_read;
mod rulebook_succession;
mod workflow_table;
