//! Layer 7: statements as people read them.

pub mod colour;
pub mod mis;
mod mis_view;
pub mod rejects;
