//! Layer 8: what every language's binding does for its host in the same way.
//!
//! A host of another language gives texts and has handles that its garbage collector lets go of.
//! [`given`] reads the texts, [`Address`] opens the store that one names, [`Shared`] is a desk that several
//! handles have until one shuts it, and [`Terms`] are who asks, when and under which conditions. What is
//! answered is told by [`desk::flat`](crate::desk::flat), and becomes a record of the other language by
//! [`Taken`].
//!
//! ```
//! use grievance_core::desk::flat::Flat as _;
//! use grievance_core::host::given::{self, ActorTexts};
//! use grievance_core::host::{Address, Shared, Terms, desk};
//! use grievance_core::{DeskError, Request, Rulebook};
//!
//! let address = Address::of(":memory:")?;
//! let keys = address.keys(None, "KeyRing::new(…)")?;
//! let tenant = given::read("tenant", "haldia")?;
//! let desk = Shared::new(desk(address.open(&tenant)?, tenant, keys, Some(7)));
//! let at = given::instant("at", "2026-11-23T10:00:00+05:30")?;
//! # let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
//! desk.ask(|desk| desk.activate(rulebook, at))?;
//!
//! let actor = ActorTexts {
//!     person: "per_00000000000000000000000000000001".to_owned(),
//!     role: "complainant".to_owned(),
//!     ..ActorTexts::default()
//! };
//! let terms = Terms::of(actor.read()?, at);
//! let request = r#"{"action": "lodge", "narrative": "The lamp at the ferry is dark."}"#;
//! let done = desk.ask(|desk| terms.acting(desk).submit(None, &Request::from_json(request)?))?.flat();
//! assert_eq!(done.number.as_deref(), Some("CITY-2026-000001"));
//!
//! desk.shut();
//! let problem = desk.ask(|desk| desk.next_due(at)).unwrap_err();
//! assert_eq!(problem.to_string(), "desk: the desk was closed");
//! # Ok::<(), DeskError>(())
//! ```

mod address;
pub mod given;
mod shared;
mod taken;

pub use address::{Address, desk, open};
pub use shared::{Shared, Terms};
pub use taken::Taken;
