//! From counts to their cases.

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::measure::as_of::fact_as_of;
use crate::measure::gpr;
use crate::measure::pack::count_of::CountOf;
use crate::measure::pack::line::Line;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::weeks::{WEEKS, Weeks};
use crate::measure::quality::Closings;
use crate::measure::stay::{Span as Stayed, Stays};
use crate::measure::waiting::Waiting;
use crate::rulebook::Rulebook;
use crate::rulebook::directory::Directory;
use crate::vocabulary::TargetState;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which offices a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// The office alone.
    Alone,
    /// The office and everything below it.
    Below,
}

/// One count of a review: where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Of which office.
    pub unit: UnitCode,
    /// Alone, or with everything below it.
    pub span: Span,
    /// What is counted, and when.
    pub of: CountOf,
}

/// A case of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The case.
    pub case: GrievanceId,
    /// How often it counts: more than once if, say, it was escalated twice in the week, or came
    /// back to an office.
    pub times: u64,
}

/// The cases behind counts of a review.
///
/// It reads the histories that the review was made from, through the same scope: a desk's
/// [`scan`](crate::desk::Acting::scan) gives each actor the cases that they see, so the number that
/// somebody sees is the list that they get. Each case is put to the measure that gave the number, so that a list adds up
/// to it; counts of closings have theirs from [`add_closings`](Self::add_closings). A code that no case has makes an
/// empty list.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::{CaseLists, Cell, Span, Weeks};
/// use grievance_core::vocabulary::{AgeRule, MisLine};
///
/// let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, rulebook.zone(), AgeRule::Calendar));
/// let unit = rulebook.directory().cell().clone();
/// let cell = Cell { unit, span: Span::Below, of: MisLine::Pending.into() };
/// let mut lists = CaseLists::of([cell.clone()], &weeks, &rulebook);
/// // desk.by(&auditor, now).scan(&mut |history| { lists.add_history(history); true })?;
/// assert_eq!(lists.count(&cell), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CaseLists<'a> {
    weeks: &'a Weeks,
    rulebook: &'a Rulebook,
    found: BTreeMap<Cell, BTreeMap<GrievanceId, u64>>,
    asked: BTreeSet<CountOf>,
    /// The offices that are asked about with everything below them.
    tops: BTreeSet<UnitCode>,
    /// The offices asked about that an office is counted at with everything below them, once it was met.
    above: HashMap<UnitCode, Vec<UnitCode>>,
}

impl<'a> CaseLists<'a> {
    /// Empty lists for counts of a review over these weeks, laid out by this rulebook.
    pub fn of(cells: impl IntoIterator<Item = Cell>, weeks: &'a Weeks, rulebook: &'a Rulebook) -> Self {
        let found: BTreeMap<Cell, _> = cells.into_iter().map(|cell| (cell, BTreeMap::new())).collect();
        let asked = found.keys().map(|cell| cell.of.clone()).collect();
        let below = found.keys().filter(|cell| cell.span == Span::Below);
        let tops = below.map(|cell| cell.unit.clone()).collect();
        Self { weeks, rulebook, found, asked, tops, above: HashMap::new() }
    }

    /// Puts a case on the lists on which it counts.
    pub fn add_history(&mut self, history: &[Recorded]) {
        let Some(first) = history.first() else { return };
        let case = first.case;
        let asks = |of: fn(&CountOf) -> bool| self.asked.iter().any(of);
        let waiting = asks(|of| {
            use CountOf::{NeverTold, OldInTotal, OldWithUnit, Owed, OwedOverdue};
            matches!(of, OldInTotal | OldWithUnit | NeverTold | Owed | OwedOverdue)
        });
        let staying = asks(|of| matches!(of, CountOf::Over(_) | CountOf::Still(_)));
        let caused = asks(|of| matches!(of, CountOf::Cause(..)));
        if asks(|of| matches!(of, CountOf::Line(..) | CountOf::Level(_))) {
            trace(history, self.weeks, &mut Watch { lists: self, case });
        }
        if waiting {
            self.waits(case, history);
        }
        if staying {
            self.stays(case, history);
        }
        if caused && let Some(fact) = fact_as_of(history, self.weeks.terms.at) {
            let board = gpr::Board::of([&fact], self.rulebook, self.weeks.terms.day, 0);
            for row in board.repeaters {
                self.put(&row.unit, CountOf::Cause(row.root_cause, row.category), case, row.count);
            }
        }
    }

    fn waits(&mut self, case: GrievanceId, history: &[Recorded]) {
        let terms = &self.weeks.terms;
        let mut own = Waiting::new(terms);
        own.add_history(history, terms, self.rulebook).expect("the terms are the same");
        let oldest = |bands: &[u64]| bands.last().copied().unwrap_or(0);
        for (group, wait) in own.groups() {
            self.put(&group.unit, CountOf::OldInTotal, case, oldest(&wait.in_total));
            self.put(&group.unit, CountOf::OldWithUnit, case, oldest(&wait.with_unit));
            self.put(&group.unit, CountOf::NeverTold, case, wait.never_told);
            self.put(&group.unit, CountOf::Owed, case, wait.owed);
            self.put(&group.unit, CountOf::OwedOverdue, case, wait.owed_overdue);
        }
    }

    fn stays(&mut self, case: GrievanceId, history: &[Recorded]) {
        let terms = &self.weeks.terms;
        let mut own = Stays::new(terms);
        own.add_history(history, terms).expect("the terms are the same");
        for (group, stay) in own.groups() {
            let stage = match &group.span {
                Stayed::Stage(stage) => Some(stage.clone()),
                Stayed::Whole => None,
                Stayed::Episode(_) => continue,
            };
            self.put(&group.unit, CountOf::Over(stage.clone()), case, stay.over.count());
            self.put(&group.unit, CountOf::Still(stage), case, stay.still.count());
        }
    }

    /// Puts the cases of the last four weeks' closings ([`Closings::of_weeks`]) on the lists on which they count.
    pub fn add_closings(&mut self, closings: &Closings) {
        for disposal in closings.disposals() {
            self.put(&disposal.unit, CountOf::Reason(disposal.reason), disposal.case, 1);
            self.put(&disposal.unit, CountOf::Class(disposal.class), disposal.case, 1);
        }
        // One officer's are for those who look into it, by the suspicion itself.
        for one in closings.suspected(self.rulebook).into_iter().filter(|one| one.officer.is_none()) {
            for case in &one.cases {
                self.put(&one.unit, CountOf::Suspected(one.what), *case, 1);
            }
        }
    }

    fn put(&mut self, unit: &UnitCode, of: CountOf, case: GrievanceId, times: u64) {
        if times == 0 || !self.asked.contains(&of) {
            return;
        }
        let mut cell = Cell { unit: unit.clone(), span: Span::Alone, of };
        self.list(&cell, case, times);
        if !self.above.contains_key(unit) {
            let tops = self.tops(unit);
            self.above.insert(unit.clone(), tops);
        }
        cell.span = Span::Below;
        for nth in 0..self.above[unit].len() {
            cell.unit.clone_from(&self.above[unit][nth]);
            self.list(&cell, case, times);
        }
    }

    fn list(&mut self, cell: &Cell, case: GrievanceId, times: u64) {
        if let Some(list) = self.found.get_mut(cell) {
            *list.entry(case).or_default() += times;
        }
    }

    fn tops(&self, unit: &UnitCode) -> Vec<UnitCode> {
        let directory = self.rulebook.directory();
        self.tops.iter().filter(|top| is_counted_at(directory, top, unit)).cloned().collect()
    }

    /// The cases of a count, by identity; none of one that was not asked about.
    pub fn cases(&self, cell: &Cell) -> impl Iterator<Item = Listed> {
        let list = self.found.get(cell).into_iter().flatten();
        list.map(|(case, times)| Listed { case: *case, times: *times })
    }

    /// Every count that was asked about, with its cases by identity.
    pub fn into_lists(self) -> BTreeMap<Cell, Vec<Listed>> {
        let listed = |(case, times)| Listed { case, times };
        self.found.into_iter().map(|(cell, list)| (cell, list.into_iter().map(listed).collect())).collect()
    }

    /// The number that the review shows: how often the cases count together.
    pub fn count(&self, cell: &Cell) -> u64 {
        self.cases(cell).map(|listed| listed.times).sum()
    }
}

/// Puts one case on the lists of lines and levels.
struct Watch<'w, 'a> {
    lists: &'w mut CaseLists<'a>,
    case: GrievanceId,
}

impl Book for Watch<'_, '_> {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        let ago = u8::try_from(WEEKS - 1 - week).expect("a pack has twelve weeks");
        self.lists.put(unit, CountOf::Line(line, ago), self.case, 1);
    }

    fn waits(&mut self, case: &Grievance, _: TargetState) {
        self.lists.put(case.unit(), CountOf::Level(CaseFact::level_of(case)), self.case, 1);
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
