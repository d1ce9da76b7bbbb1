//! The Python package `grievance`: it translates, and decides nothing.
//!
//! A handle for each big thing (rulebook, desk), a record for each flat one, a method for each row of
//! the verb table. A method's body is parse, core call, into: a rule that belongs to grievances goes
//! into `grievance-core`. Nothing here may panic over the border, and the interpreter's lock is let
//! go of while the core works.

#![expect(clippy::doc_markdown, reason = "it is Python's documentation, which numpydoc wants so")]
#![expect(clippy::needless_pass_by_value, reason = "what Python gives is converted and handed over")]

mod acting;
mod actor;
mod arrow;
mod cases;
mod code;
mod convert;
mod counted;
mod desk;
mod document;
mod fault;
mod frame;
mod keys;
mod looks;
mod measures;
mod message;
mod opened;
mod outbox;
mod papers;
mod record;
mod rows;
mod rulebook;
mod store;
mod stranger;
mod table;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::acting::Acting;
    #[pymodule_export]
    use crate::actor::Actor;
    #[pymodule_export]
    use crate::arrow::addresses;
    #[pymodule_export]
    use crate::cases::Cases;
    #[pymodule_export]
    use crate::code::{CodeDesk, VerifiedMobile};
    #[pymodule_export]
    use crate::desk::Desk;
    #[pymodule_export]
    use crate::frame::{Rejected, Table};
    #[pymodule_export]
    use crate::keys::{KeyRing, MacKeys};
    #[pymodule_export]
    use crate::measures::Measures;
    #[pymodule_export]
    use crate::papers::Papers;
    #[pymodule_export]
    use crate::record::{
        Acknowledged, Activation, Ahead, CaseRow, CaseView, Checkpoint, CodeSent, CodeToSend, Delivered,
        Done, DueJob, EventView, Finding, Message, Moved, Offer, Parked, Posted, Problem, Progress, Raised,
        RowPage, ShownWord, StoredEvent, StoredHistory, Swept, TakenBy, TextView, Tracked, Unhandled,
        Written,
    };
    #[pymodule_export]
    use crate::rulebook::Rulebook;
    #[pymodule_export]
    use crate::store::{examine, promises, store_methods};
    #[pymodule_export]
    use crate::table::{closed_lists, measure_table, paper_table, record_table, verb_table};
}
