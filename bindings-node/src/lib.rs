//! The Node package `grievance`: it translates, and decides nothing.
//!
//! A handle for each big thing (rulebook, desk), a record for each flat one. A method's body is parse,
//! core call, into: a rule that belongs to grievances goes into `grievance-core`. What touches a store
//! is done on Node's pool of threads. `index.cjs` looks at what JavaScript gives, so that texts and
//! numbers arrive here; it makes the methods of the verbs from the same table of the core.

// What is exported to Node is described where people read it: in `index.d.ts`.
#![allow(missing_docs, unreachable_pub)]
// Nothing is registered with Node in a build for Rust's tests, of which there are none in here.
#![cfg_attr(test, allow(dead_code))]
#![expect(clippy::needless_pass_by_value, reason = "what JavaScript gives is converted and handed over")]

mod acting;
mod cases;
mod code;
mod columns;
mod desk;
mod fault;
mod keys;
mod later;
mod message;
mod record;
mod rulebook;
mod table;
