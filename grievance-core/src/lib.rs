//! Public grievance redressal as an embeddable library.
//!
//! A citizen lodges a grievance; the library decides who must answer and what may happen next,
//! keeps the history, insists on a reasoned closure after the citizen was heard, and measures the
//! offices. It is not a portal: portals, notebooks and phone apps embed it.
//!
//! Four nouns carry it:
//!
//! - a [`Rulebook`] is one government's configuration: offices, categories, workflow, closure
//!   reasons; data, checked as a whole by a linter;
//! - a [`Grievance`] is one case, folded from its events; every rule of its life is in
//!   [`decide`](grievance::decide::decide), a pure function;
//! - a [`Store`] keeps histories, texts and rulebook versions: in memory, in SQLite, in
//!   PostgreSQL, or a host's own;
//! - a [`Desk`] joins them and is what a host talks to.
//!
//! ```
//! use chrono::DateTime;
//! use grievance_core::grievance::request::{Dispose, Lodge};
//! use grievance_core::{Actor, Desk, KeyRing, MemoryStore, PersonId, Rulebook, TenantCode};
//!
//! // A desk of the preset `city-311`, with one officer and one citizen. The host says who and when.
//! let tenant = TenantCode::new("haldia")?;
//! let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
//! let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:30")?.to_utc();
//! let person = |n| PersonId::from_uuid(uuid::Uuid::from_u128(n));
//! let citizen = Actor::new(person(1), "complainant".parse()?);
//! let officer = Actor::new(person(2), "cell_officer".parse()?).of("desk".parse()?);
//!
//! // Lodged, and closed with one of the list's reasons, its evidence and remarks.
//! let narrative = "The street light at the ferry has been dark for a week.".to_owned();
//! let remarks = "Lamp replaced.".to_owned();
//! let evidence = [("date", "2026-11-23"), ("reference", "EL/17")].map(|(k, v)| (k.to_owned(), v.to_owned()));
//! let evidence = Some(evidence.into());
//! desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
//! let lodged = desk.by(&citizen, now).lodge(Lodge { narrative, ..Lodge::default() })?;
//! let reason = Some("benefit_provided".to_owned());
//! let done = desk.by(&officer, now).dispose(lodged.case, Dispose { remarks, reason, evidence, ..Dispose::default() })?;
//! assert_eq!(done.number.unwrap().as_str(), "CITY-2026-000001");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A deadline over a holiday; the guide `docs/guide/time.md` has each policy of time with a picture:
//!
//! ```
//! # use grievance_core::Rulebook;
//! let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
//! let calendar = rulebook.calendar(rulebook.directory().cell(), None);
//! let received = "2026-01-22".parse()?; // a Thursday; Monday the 26th is Republic Day
//! assert_eq!(calendar.add_working_days(received, 7).to_string(), "2026-01-31");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//!
//! No user interface, no log-in, no carrier of messages, no clock of its own: the host says who
//! acts and when, and hands messages on. The bindings for other languages come with a later
//! milestone; the change log says what is there.
//!
//! # Features
//!
//! `sqlite` (default) brings the embedded store and `postgres` the one beside it; `sql` alone the
//! statements for a host's own transaction; `import` reads other systems' case records; `render` makes
//! the pages of the statement and the weekly pack, `xlsx` the pack's workbook;
//! `messages` writes messages from their templates;
//! `schema` says as JSON Schema what is read and written as JSON;
//! `conformance` is the test suite for whoever writes a store.

#![forbid(unsafe_code)]

pub mod calendar;
pub mod desk;
pub mod grievance;
pub mod host;
#[cfg(feature = "import")]
pub mod import;
pub mod kernel;
pub mod measure;
#[cfg(feature = "messages")]
pub mod message;
pub mod otp;
pub mod proof;
#[cfg(feature = "render")]
pub mod render;
pub mod rulebook;
#[cfg(feature = "schema")]
pub mod schema;
pub mod sms;
#[cfg(feature = "sql")]
pub mod sql;
pub mod store;
pub mod vocabulary;

pub use crate::desk::{Desk, DeskError, Done};
pub use crate::grievance::request::Request;
pub use crate::grievance::state::Grievance;
pub use crate::kernel::code::{RoleCode, TenantCode, UnitCode};
pub use crate::kernel::id::{CommandId, GrievanceId, PersonId};
pub use crate::rulebook::Rulebook;
pub use crate::rulebook::access::Actor;
#[cfg(feature = "postgres")]
pub use crate::sql::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use crate::sql::sqlite::SqliteStore;
pub use crate::store::Store;
pub use crate::store::keys::KeyRing;
pub use crate::store::memory::MemoryStore;
pub use crate::vocabulary::{ErrorCode, Remedy};
pub use chrono;
