//! A table that several threads fill at once, each a stretch of its columns.

use crate::measure::cases::block::{self, Blocks};
use crate::measure::cases::check::checked_millis;
use crate::measure::cases::table::{Cases, Line};
use crate::measure::cases::told::{Columns, Rejected, told};
use crate::measure::headline::{pieces, share};
use crate::measure::zone_days::ZoneDays;
use chrono_tz::Tz;
use std::ops::Range;

/// Some rows of the columns in which every case says something.
pub(crate) struct Stretch<'a> {
    pub(crate) received_at: &'a mut [i64],
    pub(crate) ended_at: &'a mut [i64],
    pub(crate) received_on: &'a mut [i32],
    pub(crate) ended_on: &'a mut [i32],
    pub(crate) ending: &'a mut [u8],
}

impl<'a> Stretch<'a> {
    fn of(cases: &'a mut Cases) -> Self {
        let Cases { received_at, ended_at, received_on, ended_on, ending, .. } = cases;
        Self { received_at, ended_at, received_on, ended_on, ending }
    }

    /// Its first rows, and the others.
    fn split(self, at: usize) -> (Self, Self) {
        let received_at = self.received_at.split_at_mut(at);
        let ended_at = self.ended_at.split_at_mut(at);
        let received_on = self.received_on.split_at_mut(at);
        let ended_on = self.ended_on.split_at_mut(at);
        let ending = self.ending.split_at_mut(at);
        let part = |received_at, ended_at, received_on, ended_on, ending| Self {
            received_at,
            ended_at,
            received_on,
            ended_on,
            ending,
        };
        (
            part(received_at.0, ended_at.0, received_on.0, ended_on.0, ending.0),
            part(received_at.1, ended_at.1, received_on.1, ended_on.1, ending.1),
        )
    }

    /// The same rows, lent.
    fn rows(&mut self, rows: Range<usize>) -> Stretch<'_> {
        Stretch {
            received_at: &mut self.received_at[rows.clone()],
            ended_at: &mut self.ended_at[rows.clone()],
            received_on: &mut self.received_on[rows.clone()],
            ended_on: &mut self.ended_on[rows.clone()],
            ending: &mut self.ending[rows],
        }
    }

    fn put(&mut self, row: usize, line: Line) {
        self.received_at[row] = line.received_at;
        self.ended_at[row] = line.ended_at;
        self.received_on[row] = line.received_on;
        self.ended_on[row] = line.ended_on;
        self.ending[row] = line.ending;
    }
}

/// What one thread takes of the rows.
struct Lot {
    /// How many rows of its stretch are cases.
    taken: usize,
    // INVARIANT: its columns of receipts and ends stay empty; those are the stretch's.
    rest: Cases,
    rejected: Vec<Rejected>,
}

impl Lot {
    /// Fills a stretch with its rows, numbered through all parts, as far as they can be taken.
    fn fill(
        mut stretch: Stretch<'_>,
        rows: Range<usize>,
        parts: &[impl Columns],
        zone: Tz,
        until: i64,
    ) -> Self {
        let mut own = Self { taken: 0, rest: Cases::new(zone), rejected: Vec::new() };
        let mut days = ZoneDays::new(zone);
        let mut first = 0;
        for part in parts {
            let among = rows.start.max(first)..rows.end.min(first + part.rows());
            let mut blocks = Blocks::of(part, until);
            for from in among.clone().step_by(block::ROWS) {
                let rows = from..among.end.min(from + block::ROWS);
                let room = stretch.rows(own.taken..own.taken + rows.len());
                let taken = blocks
                    .as_mut()
                    .is_some_and(|blocks| blocks.take(from - first, room, &mut own.rest, &mut days));
                if taken {
                    own.taken += rows.len();
                } else {
                    rows.for_each(|number| {
                        own.take(&mut stretch, part, number - first, number as u64, until, &mut days);
                    });
                }
            }
            first += part.rows();
        }
        own
    }

    /// Takes a row, or says why not; `number` is its place among the rows of all parts.
    fn take(
        &mut self,
        stretch: &mut Stretch<'_>,
        part: &impl Columns,
        row: usize,
        number: u64,
        until: i64,
        days: &mut ZoneDays,
    ) {
        let rejected = match told(part, row) {
            Ok(row) => match checked_millis(&row.ended_after_receipt(days), until) {
                Ok(counts) => {
                    let row = row.ended_after_receipt(days);
                    stretch.put(self.taken, Line::of(&row, days));
                    self.rest.push_rest(&row, counts, days);
                    self.taken += 1;
                    return;
                }
                Err(refused) => Rejected::of(number, refused),
            },
            Err((field, code, problem)) => Rejected { row: number, field, code, problem },
        };
        self.rejected.push(rejected);
    }
}

impl Cases {
    /// Reads the rows of some columns on several threads, and tells those that cannot be taken.
    pub(crate) fn filled(
        parts: &[impl Columns],
        zone: Tz,
        until: i64,
        threads: usize,
    ) -> (Self, Vec<Rejected>) {
        let rows = parts.iter().map(Columns::rows).sum();
        let mut cases = Self::with_rows(zone, rows);
        let ranges = pieces(threads.max(1), rows);
        let mut left = Stretch::of(&mut cases);
        let mut shares = Vec::with_capacity(ranges.len());
        for range in &ranges {
            let (own, others) = left.split(range.len());
            shares.push((own, range.clone()));
            left = others;
        }
        let lots = share(shares, |(stretch, rows)| Lot::fill(stretch, rows, parts, zone, until));

        let taken = ranges.iter().zip(&lots).map(|(range, lot)| range.start..range.start + lot.taken);
        cases.keep(&taken.collect::<Vec<_>>());
        let mut rejected = Vec::new();
        for lot in lots {
            cases.append_rest(lot.rest);
            rejected.extend(lot.rejected);
        }
        cases.shrink();
        (cases, rejected)
    }
}
