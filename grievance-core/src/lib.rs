//! Public grievance redressal as an embeddable library.

pub mod grievance;
pub mod kernel;
pub mod proof;
pub mod rulebook;
pub mod vocabulary;
