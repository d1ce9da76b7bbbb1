//! Tests, a module per concept.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod measure_as_of;
mod measure_figures;
mod measure_flow;
mod measure_histories;
mod measure_laws;
mod measure_oracle;
mod mobile;
mod number;
#[cfg(feature = "render")]
mod render_rejects;
#[cfg(feature = "render")]
mod render_statement;
