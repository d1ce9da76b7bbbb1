//! Tests.

mod mobile;
mod number;
mod presets;
