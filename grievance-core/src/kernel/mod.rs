//! Layer 0: values that know nothing of grievances.
//!
//! Codes, identities, instants, references to sealed text, registration numbers, and the two
//! closed lists that every failure carries across a language border.

pub mod code;
pub mod id;
pub mod mask;
pub mod mobile;
pub mod name;
pub mod number;
#[cfg(feature = "schema")]
pub(crate) mod schema;
pub mod text;
pub mod time;
pub mod unseen;
pub mod written;
