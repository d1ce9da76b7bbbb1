//! Layer 3: the life of a case.

pub mod adopt;
pub mod clock;
pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
mod field;
pub mod judged;
pub mod moment;
pub mod notice;
pub mod options;
pub mod outlook;
pub mod payload;
mod permit;
pub mod project;
pub mod read;
pub mod refusal;
pub mod request;
pub mod state;
pub mod tell;
pub mod timer;
mod tracking;
pub mod upcast;
pub mod verified;
pub mod wire;
pub mod words;
