//! The statement as the public may have it: small counts are not shown, nor what would give them
//! away.
//!
//! A count of one to four cases of one office tells too much about the people behind it. It is left
//! out, and with it as many other counts as are needed so that no subtraction gives it back: rows,
//! columns and totals hold together. Zero is shown: nobody stands behind it.

use crate::kernel::code::UnitCode;
use crate::measure::statement::{Figures, Mis};
use crate::vocabulary::{AgeRule, DisposalClass};
use chrono::NaiveDate;
use serde::Serialize;

/// Counts below this are not shown, unless an office says otherwise.
pub const LEAST: u64 = 5;

/// A table of counts with the totals of its rows and columns; `None` is a count that is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The counts, row by row.
    pub cells: Vec<Vec<Option<u64>>>,
    /// The total of each row.
    pub rows: Vec<Option<u64>>,
    /// The total of each column.
    pub columns: Vec<Option<u64>>,
    /// The total of all.
    pub total: Option<u64>,
}

/// Leaves out of a table every count from 1 to below `least`, and what would give one away.
///
/// Each count that is left out for its size stands in a rectangle of four that are left out, and
/// whose values could all be others: the count itself higher by one, with every count that would
/// then be lower still at least one. So nobody can tell it exactly from what is shown, even if they
/// know that every count left out is at least one. Totals are left out where no other rectangle
/// would do; the cheapest is taken.
///
/// What several tables show of the same cases can be put together: publish one table of them.
///
/// Takes time in proportion to the table's size for each small count. Rows shorter than the longest
/// are filled up with zeros.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::published::suppress;
///
/// let shown = suppress(&[vec![3, 20, 30], vec![40, 50, 60]], 5);
/// assert_eq!(shown.cells, [[None, None, Some(30)], [None, None, Some(60)]]);
/// assert_eq!((shown.rows, shown.total), (vec![Some(53), Some(150)], Some(203)));
/// ```
pub fn suppress(cells: &[Vec<u64>], least: u64) -> Shown {
    let mut table = Table::new(cells, least);
    for row in 0..=table.rows {
        for column in 0..=table.columns {
            let value = table.at(row, column);
            if value > 0 && value < least {
                table.protect(row, column);
            }
        }
    }
    table.shown()
}

/// A table with its totals as a last row and a last column.
struct Table {
    rows: usize,
    columns: usize,
    values: Vec<u64>,
    hidden: Vec<bool>,
}

impl Table {
    fn new(cells: &[Vec<u64>], least: u64) -> Self {
        let (rows, columns) = (cells.len(), cells.iter().map(Vec::len).max().unwrap_or(0));
        let mut values = Vec::with_capacity((rows + 1) * (columns + 1));
        let mut totals = vec![0_u64; columns + 1];
        for row in cells {
            let mut sum = 0;
            for (column, total) in totals[..columns].iter_mut().enumerate() {
                let value = row.get(column).copied().unwrap_or(0);
                values.push(value);
                sum += value;
                *total += value;
            }
            values.push(sum);
            totals[columns] += sum;
        }
        values.extend(totals);
        let hidden = values.iter().map(|value| *value > 0 && *value < least).collect();
        Self { rows, columns, values, hidden }
    }

    const fn place(&self, row: usize, column: usize) -> usize {
        row * (self.columns + 1) + column
    }

    fn at(&self, row: usize, column: usize) -> u64 {
        self.values[self.place(row, column)]
    }

    /// What it costs to leave a count out: its size, and nothing if it is left out already.
    fn cost(&self, row: usize, column: usize) -> u64 {
        let place = self.place(row, column);
        if self.hidden[place] { 0 } else { self.values[place].max(1) }
    }

    /// Leaves out the cheapest rectangle in which a count can be higher by one.
    fn protect(&mut self, row: usize, column: usize) {
        let is_total = |row: usize, column: usize| (row == self.rows) != (column == self.columns);
        // A count and the other one of its row move apart, unless one of them is the row's total:
        // then they move together. So do those of a column.
        let up = |row, column, far: bool| far != is_total(row, column);
        let own = up(row, column, true);
        let may = |at_row: usize, at_column: usize, far: bool| {
            // A zero is never left out: who takes what is left out for at least one would be led to
            // a single table, and a wrong one.
            self.at(at_row, at_column) >= if up(at_row, at_column, far) == own { 1 } else { 2 }
        };
        let mut best: Option<(u64, usize, usize)> = None;
        for other_column in (0..=self.columns).filter(|other| *other != column) {
            if !may(row, other_column, false) {
                continue;
            }
            let beside = self.cost(row, other_column);
            for other_row in (0..=self.rows).filter(|other| *other != row) {
                if !may(other_row, column, false) || !may(other_row, other_column, true) {
                    continue;
                }
                let cost = beside + self.cost(other_row, column) + self.cost(other_row, other_column);
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, other_row, other_column));
                }
            }
        }
        let (_, other_row, other_column) = best.expect("the totals of row, column and table always do");
        for (row, column) in [(row, other_column), (other_row, column), (other_row, other_column)] {
            let place = self.place(row, column);
            self.hidden[place] = true;
        }
    }

    fn shown(&self) -> Shown {
        let one = |row, column| {
            let place = self.place(row, column);
            (!self.hidden[place]).then(|| self.values[place])
        };
        let row = |row: usize| (0..self.columns).map(|column| one(row, column)).collect::<Vec<_>>();
        Shown {
            cells: (0..self.rows).map(row).collect(),
            rows: (0..self.rows).map(|row| one(row, self.columns)).collect(),
            columns: row(self.rows),
            total: one(self.rows, self.columns),
        }
    }
}

/// The statement as the public may have it: one table, so that no two can be put together.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Published {
    /// The day at whose first instant everything is counted.
    pub as_of: NaiveDate,
    /// What counts as a day of age.
    pub age_rule: AgeRule,
    /// The office's zone, by its IANA name.
    pub zone: String,
    /// Counts from 1 to below this are not shown.
    pub least: u64,
    /// What the columns count: the disposed by what it did for the complainant (`disposed` where that
    /// is not recorded), `closed_otherwise`, then the pending by age.
    pub columns: Vec<String>,
    /// Each office's row, by name.
    pub units: Vec<PublishedUnit>,
    /// The total of each column.
    pub totals: Vec<Option<u64>>,
    /// All cases received.
    pub received: Option<u64>,
}

/// An office's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedUnit {
    /// Its name.
    pub unit: String,
    /// Its code.
    pub code: UnitCode,
    /// The counts; `None` is one that is not shown.
    pub counts: Vec<Option<u64>>,
    /// All cases received.
    pub received: Option<u64>,
}

impl Mis {
    /// The statement as the public may have it: counts from 1 to below `least` are not shown, nor
    /// what would give them away.
    ///
    /// It is one table of the cases received; what else a statement says (durations, flows, breaches)
    /// is not part of it, since it could be put together with the counts.
    pub fn published(&self, least: u64) -> Published {
        let bands: Vec<String> = self.all.bands.iter().map(|band| band.label.clone()).collect();
        let classes: Vec<Option<DisposalClass>> =
            DisposalClass::ALL.iter().copied().map(Some).chain([None]).collect();
        let row = |figures: &Figures| -> Vec<u64> {
            let class = |class: &Option<DisposalClass>| {
                figures.classes.iter().filter(|it| it.class == *class).map(|it| it.count).sum()
            };
            let band = |label: &String| {
                figures.bands.iter().filter(|it| it.label == *label).map(|it| it.count).sum()
            };
            let closed = std::iter::once(figures.closed_otherwise);
            classes.iter().map(class).chain(closed).chain(bands.iter().map(band)).collect()
        };
        let cells: Vec<Vec<u64>> = self.units.iter().map(|unit| row(&unit.figures)).collect();
        let Shown { cells, rows, columns: totals, total } = suppress(&cells, least);
        let named = classes.iter().map(|class| class.map_or("disposed", DisposalClass::as_str).to_owned());
        let units = self.units.iter().zip(cells).zip(rows).map(|((unit, counts), received)| PublishedUnit {
            unit: unit.unit.clone(),
            code: unit.code.clone(),
            counts,
            received,
        });
        Published {
            as_of: self.as_of,
            age_rule: self.age_rule,
            zone: self.zone.clone(),
            least,
            columns: named.chain(["closed_otherwise".to_owned()]).chain(bands).collect(),
            units: units.collect(),
            totals,
            received: total,
        }
    }
}
