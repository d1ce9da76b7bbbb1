//! Public grievance redressal as an embeddable library.

#![forbid(unsafe_code)]

pub mod grievance;
pub mod kernel;
pub mod measure;
pub mod proof;
#[cfg(feature = "render")]
pub mod render;
pub mod rulebook;
pub mod store;
pub mod vocabulary;
