//! The weekly pack: an office and everything below it, this week against the weeks before.
//!
//! A [`PackPart`] counts histories over twelve [`Weeks`]; [`PackPart::finish`] lays the counts out
//! by a rulebook's offices and thresholds as a [`Pack`], a plain value. Every count can be opened to
//! its cases by [`CaseLists`], which ask the same histories the same question.
//!
//! What a week's movements are, which deadline was missed when and how a case stood at an instant is
//! said once, by [`flow`](crate::measure::flow), [`target`](crate::measure::target) and
//! [`as_of`](crate::measure::as_of): a pack and a statement of one day agree.

mod agenda;
mod count_of;
mod counted;
mod edition;
mod finish;
mod grade;
mod hindsight;
mod line;
pub(crate) mod list;
mod part;
mod restate;
mod trace;
mod value;
mod weeks;

pub use crate::measure::pack::agenda::{Agenda, AgendaError, Decision, POINTS, Point};
pub use crate::measure::pack::count_of::CountOf;
pub use crate::measure::pack::counted::{
    CountedError, CountedProof, CountedRoot, EditionKey, LONGEST_COUNTED, Roll,
};
pub use crate::measure::pack::edition::{Edition, EditionError};
pub use crate::measure::pack::finish::NoPack;
pub use crate::measure::pack::line::Line;
pub use crate::measure::pack::list::{CaseLists, Cell, Listed, Span};
pub use crate::measure::pack::part::PackPart;
pub(crate) use crate::measure::pack::restate::weeks_of;
pub use crate::measure::pack::restate::{
    Moved, NotRestatable, Place, Regraded, Restated, Restatement, Restating, Unexplained, Why,
};
pub use crate::measure::pack::value::{
    Compared, FORMAT, Figures, IndexPart, Mean, NotAPack, OldestCase, Pack, Row, SCHEMA, ShareKind, ShareOf,
    TrendWeek, WeekFlow,
};
pub use crate::measure::pack::weeks::{MEAN_WEEKS, WEEKS, Weeks};
