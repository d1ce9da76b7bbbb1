//! Rows taken a block at a time, field by field: what most tables are, and without a fault.
//!
//! A block with a fault in any of its rows, or with a field that is read as words, is left to be taken row by row,
//! which says what is wrong where. A law holds the two ways to the same table.

use crate::measure::cases::column::{Column, NONE, Numbered};
use crate::measure::cases::lot::Stretch;
use crate::measure::cases::table::{Cases, NEVER, OPEN, UNCLASSED};
use crate::measure::cases::told::{CALENDAR, Columns};
use crate::measure::zone_days::ZoneDays;
use crate::vocabulary::CaseField;

/// Rows of a block.
pub(crate) const ROWS: usize = 256;

/// The fields that are read row by row.
const BY_ROW: [CaseField; 10] = [
    CaseField::Phase,
    CaseField::Class,
    CaseField::Rating,
    CaseField::Feedback,
    CaseField::Reopened,
    CaseField::Appealed,
    CaseField::Escalated,
    CaseField::Transferred,
    CaseField::Breached,
    CaseField::LastToldAt,
];

/// How the rows of some columns are taken into a table.
pub(crate) struct Blocks<'a, C> {
    part: &'a C,
    until: i64,
    // Which text of the host has which place in the table's columns of codes.
    numbered: [Numbered; 4],
    due_at: [i64; ROWS],
    numbers: [u32; ROWS],
    places: [[u32; ROWS]; 4],
}

impl<'a, C: Columns> Blocks<'a, C> {
    /// `None` when the host has a column that is read row by row.
    pub(crate) fn of(part: &'a C, until: i64) -> Option<Self> {
        let by_row = BY_ROW.iter().any(|field| part.has(*field));
        (!by_row).then(|| Self {
            part,
            until,
            numbered: Default::default(),
            due_at: [NEVER; ROWS],
            numbers: [NONE; ROWS],
            places: [[NONE; ROWS]; 4],
        })
    }

    /// Takes rows into as long a stretch of a table, at most [`ROWS`]: all of them, or, where one has a fault, none,
    /// and then what stands in the stretch means nothing.
    pub(crate) fn take(
        &mut self,
        from: usize,
        stretch: Stretch<'_>,
        rest: &mut Cases,
        days: &mut ZoneDays,
    ) -> bool {
        let Stretch { received_at, ended_at, received_on, ended_on, ending } = stretch;
        let rows = received_at.len();
        if !self.read_instants(from, received_at, ended_at) || !self.read_texts(from, rows, rest) {
            return false;
        }
        days.fill(received_at, received_on);
        days.fill(ended_at, ended_on);
        for (how, at) in ending.iter_mut().zip(&*ended_at) {
            *how = if *at == NEVER { OPEN } else { UNCLASSED };
        }
        rest.due_at.extend(&self.due_at[..rows]);
        rest.judged.iter_mut().for_each(|column| column.skip(rows));
        let columns = [&mut rest.unit, &mut rest.category, &mut rest.priority, &mut rest.reason];
        for (column, places) in columns.into_iter().zip(&self.places) {
            column.extend_places(&places[..rows]);
        }
        for column in [&mut rest.place, &mut rest.channel, &mut rest.kind] {
            column.skip(rows);
        }
        rest.said.skip(rows);
        rest.last_told_on.skip(rows);
        rest.reopened.skip(rows);
        rest.appealed.skip(rows);
        rest.escalated.skip(rows);
        rest.transferred.skip(rows);
        rest.breached.skip(rows);
        true
    }

    /// The instants of the rows; false when one is missing, out of order or beyond the calendar.
    #[expect(clippy::needless_bitwise_bool, reason = "rows are looked at without a branch for each")]
    fn read_instants(&mut self, from: usize, received_at: &mut [i64], ended_at: &mut [i64]) -> bool {
        let due_at = &mut self.due_at[..received_at.len()];
        ended_at.fill(NEVER);
        let filled = self.part.fill_millis(CaseField::ReceivedAt, from, NEVER, received_at)
            && (!self.part.has(CaseField::EndedAt)
                || self.part.fill_millis(CaseField::EndedAt, from, NEVER, ended_at))
            && (!self.part.has(CaseField::DueAt)
                || self.part.fill_millis(CaseField::DueAt, from, NEVER, due_at));
        let last = self.until.min(CALENDAR.end - 1);
        let in_order = received_at.iter().zip(ended_at).fold(true, |all, (received, ended)| {
            let received_well = (CALENDAR.start <= *received) & (*received <= last);
            all & received_well & ((*ended == NEVER) | ((received <= ended) & (*ended <= last)))
        });
        filled
            && in_order
            && due_at.iter().fold(true, |all, due| all & ((*due == NEVER) | CALENDAR.contains(due)))
    }

    /// The places of the rows' texts; false when a row has no office. No code is taken in of a row with a fault.
    fn read_texts(&mut self, from: usize, rows: usize, cases: &mut Cases) -> bool {
        let Self { part, numbered, numbers, places, .. } = self;
        let fields = [CaseField::Unit, CaseField::Category, CaseField::Priority, CaseField::Reason];
        let columns: [&mut Column; 4] =
            [&mut cases.unit, &mut cases.category, &mut cases.priority, &mut cases.reason];
        let each = fields.into_iter().zip(columns).zip(numbered).zip(places);
        for (((field, column), numbered), places) in each {
            if field != CaseField::Unit && !part.has(field) {
                continue;
            }
            let (places, numbers) = (&mut places[..rows], &mut numbers[..rows]);
            let text = |row: usize| part.text(field, from + row).filter(|text| !text.is_empty());
            if part.fill_numbers(field, from, numbers) {
                numbered.fill(numbers, text, column, places);
            } else {
                for (row, place) in places.iter_mut().enumerate() {
                    *place = column.place_or_none(text(row));
                }
            }
            if field == CaseField::Unit && places.contains(&NONE) {
                return false;
            }
        }
        true
    }
}
