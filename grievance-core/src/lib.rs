//! Public grievance redressal as an embeddable library.

pub mod grievance;
#[cfg(feature = "import")]
pub mod import;
pub mod kernel;
pub mod proof;
pub mod rulebook;
pub mod vocabulary;
