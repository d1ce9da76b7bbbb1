//! Layer 2: short messages: how a text is encoded and cut into parts, and what a citizen may ask by one.
//!
//! [`Preview::of`] says what a text will cost before anybody sends it; [`pull::Keyword`] reads the
//! inbound grammar (`GRV STATUS <number>`, `GRV HELP`).

mod encoding;
mod preview;
pub mod pull;

pub use crate::sms::encoding::{Encoding, septets};
pub use crate::sms::preview::{Forced, Part, Preview};
