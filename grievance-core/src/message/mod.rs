//! Layer 5: messages in words: written from a rulebook's templates, handed to a gateway.
//!
//! The templates and the rules that send them are data of the
//! [rulebook](crate::rulebook::message); here they become text. Values are told by type, so that a
//! date reads as the language writes dates and a count follows its plural rules.

mod gateway;
mod render;
mod value;

pub use crate::message::gateway::{
    Address, FileGateway, Gateway, GatewayError, Message, RecordingGateway, Sent,
};
pub use crate::message::render::{Registered, Render, RenderError, Rendered};
pub use crate::message::value::Value;
