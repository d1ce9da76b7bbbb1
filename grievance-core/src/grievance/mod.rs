//! Layer 3: the life of a case.

pub mod event;
pub mod payload;
pub mod upcast;
pub mod wire;
