//! Public grievance redressal as an embeddable library.

pub mod kernel;
