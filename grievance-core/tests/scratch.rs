#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]
#[path = "it/desk_support.rs"]
mod desk_support;
#[path = "it/flat.rs"]
mod flat;
#[path = "it/json_schema.rs"]
mod json_schema;
#[path = "it/layers.rs"]
mod layers;
#[path = "it/pg.rs"]
mod pg;
#[path = "it/scenario_runner.rs"]
mod scenario_runner;
#[path = "it/schema.rs"]
mod schema;
#[path = "it/schema_truth.rs"]
mod schema_truth;
