//! Layer 3: the life of a case.

pub mod event;
pub mod evolve;
pub mod payload;
pub mod project;
pub mod state;
pub mod upcast;
pub mod wire;
