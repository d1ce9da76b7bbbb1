//! The Kotlin and Swift packages: the complainant's part of Grievance, and a desk in the process. It
//! translates, and decides nothing.
//!
//! [`Complainant`](complainant::Complainant) is what an app uses: it asks a desk over a transport of the
//! host's, keeps drafts and unanswered steps sealed, and judges drafts by the rulebook's public part
//! with the core's own functions. [`LocalDesk`](desk::LocalDesk) is a whole desk: the other end of the
//! transport in tests, examples and kiosks. A method's body is parse, core call, into: a rule that
//! belongs to grievances goes into `grievance-core`.

#![expect(clippy::needless_pass_by_value, reason = "what the other language gives is handed over")]
#![expect(
    unreachable_pub,
    reason = "what is exported to the other languages is public, and to Rust nothing is"
)]

mod acting;
mod actor;
mod code;
mod complainant;
mod convert;
mod desk;
mod draft;
mod fault;
mod host;
mod keys;
mod phone;
mod record;
mod rulebook;
mod rules;
mod verb;
mod word;

uniffi::setup_scaffolding!();
