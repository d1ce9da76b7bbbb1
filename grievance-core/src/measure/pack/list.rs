//! From a count to its cases.

use crate::grievance::event::Recorded;
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::measure::pack::line::Line;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::weeks::{WEEKS, Weeks};
use crate::rulebook::directory::Directory;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which offices a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// The office alone.
    Alone,
    /// The office and everything below it.
    Below,
}

/// One count of a pack: where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Of which office.
    pub unit: UnitCode,
    /// Alone, or with everything below it.
    pub span: Span,
    /// Which line.
    pub line: Line,
    /// So many weeks before the latest one; at most eleven.
    pub ago: u8,
}

/// A case of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The case.
    pub case: GrievanceId,
    /// How often it counts: more than once if, say, it was escalated twice in the week, or came
    /// back to an office.
    pub times: u32,
}

/// The cases behind one count.
///
/// It reads the histories that the pack was made from, through the same scope: a desk's
/// [`scan`](crate::desk::Acting::scan) gives each actor the cases that they see, so the number that
/// somebody sees is the list that they get.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::{CaseList, Cell, Line, Span, Weeks};
/// use grievance_core::vocabulary::{AgeRule, MisLine};
///
/// let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, rulebook.zone(), AgeRule::Calendar));
/// let unit = rulebook.directory().cell().clone();
/// let cell = Cell { unit, span: Span::Below, line: Line::Of(MisLine::Pending), ago: 0 };
/// let list = CaseList::of(&cell, &weeks, rulebook.directory());
/// assert_eq!(list.count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CaseList<'a> {
    cell: Cell,
    weeks: Weeks,
    directory: &'a Directory,
    found: BTreeSet<Listed>,
}

impl<'a> CaseList<'a> {
    /// An empty list for a count of a pack over these weeks, laid out by this directory.
    pub fn of(cell: &Cell, weeks: &Weeks, directory: &'a Directory) -> Self {
        Self { cell: cell.clone(), weeks: weeks.clone(), directory, found: BTreeSet::new() }
    }

    /// Puts a case on the list, if it counts there.
    pub fn add_history(&mut self, history: &[Recorded]) {
        let Some(first) = history.first() else { return };
        let Some(week) = (WEEKS - 1).checked_sub(usize::from(self.cell.ago)) else { return };
        let mut book = Watch { cell: &self.cell, week, directory: self.directory, times: 0 };
        trace(history, &self.weeks, &mut book);
        if book.times > 0 {
            self.found.insert(Listed { case: first.case, times: book.times });
        }
    }

    /// The cases, by identity.
    pub fn cases(&self) -> impl Iterator<Item = Listed> {
        self.found.iter().copied()
    }

    /// The number that the pack shows: how often the cases count together.
    pub fn count(&self) -> u64 {
        self.found.iter().map(|listed| u64::from(listed.times)).sum()
    }
}

/// Counts what falls into one cell.
struct Watch<'a> {
    cell: &'a Cell,
    week: usize,
    directory: &'a Directory,
    times: u32,
}

impl Book for Watch<'_> {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        if week == self.week && line == self.cell.line && spans(self.directory, self.cell, unit) {
            self.times += 1;
        }
    }
}

fn spans(directory: &Directory, cell: &Cell, unit: &UnitCode) -> bool {
    match cell.span {
        Span::Alone => *unit == cell.unit,
        Span::Below => is_counted_at(directory, &cell.unit, unit),
    }
}

/// Whether an office is counted with another: it is that office or below it. One that the
/// rulebook does not have is below the office that stands above all others.
pub(crate) fn is_counted_at(directory: &Directory, top: &UnitCode, unit: &UnitCode) -> bool {
    if directory.get(unit).is_none() {
        return unit == top || (directory.get(top).is_some() && directory.parent(top).is_none());
    }
    directory.is_within(unit, top)
}
