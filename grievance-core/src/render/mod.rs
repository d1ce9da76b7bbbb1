//! Layer 7: statements, packs and case files as people read them.

pub mod case_file;
pub mod colour;
pub mod defuse;
pub mod language;
pub mod mis;
mod mis_view;
pub mod pack;
pub mod rejects;
