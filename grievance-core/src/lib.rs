//! Public grievance redressal as an embeddable library.

#![forbid(unsafe_code)]

pub mod desk;
pub mod grievance;
#[cfg(feature = "import")]
pub mod import;
pub mod kernel;
pub mod measure;
pub mod proof;
#[cfg(feature = "render")]
pub mod render;
pub mod rulebook;
#[cfg(feature = "sql")]
pub mod sql;
pub mod store;
pub mod vocabulary;
