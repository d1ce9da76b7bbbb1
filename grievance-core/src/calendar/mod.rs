//! Layer 2: when an office is open, and every sum over its open time.
//!
//! A [`CalendarEntry`] is what a government writes: weekly hours, rest days,
//! holidays, exceptions. Checked, it becomes a [`Calendar`]: prefix sums over
//! UTC instants for the years 2000 to 2060, by year outside them, cheap to clone and never changed.
//!
//! An instant is open when the wall clock of the zone shows an open hour on a day that is not
//! closed. So a day of 25 hours counts what elapsed, and an hour that the zone skips is not there.
//! Every amount is in whole milliseconds; what is smaller is cut off.

pub mod check;
pub mod compiled;
mod days;
pub mod entry;
pub mod hours;
mod instants;
mod rules;
mod span;
mod table;
mod years;
mod zone;

pub use compiled::Calendar;
pub use days::{MOST_SKIPPED, Skipped, Why};
pub use entry::CalendarEntry;
#[cfg(feature = "sql")]
pub(crate) use zone::days_up_to;
