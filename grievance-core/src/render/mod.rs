//! Layer 7: statements and case files as people read them.

pub mod case_file;
pub mod colour;
pub mod mis;
mod mis_view;
pub mod rejects;
