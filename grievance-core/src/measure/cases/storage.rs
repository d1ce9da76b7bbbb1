//! The memory of a table: what it takes, and how two become one.

use crate::measure::cases::column::Column;
use crate::measure::cases::seldom::Seldom;
use crate::measure::cases::table::Cases;
use std::ops::Range;

/// The memory of one column.
trait Memory {
    /// Bytes that are taken.
    fn bytes(&self) -> usize;
    /// Gives back what was taken beyond the cases.
    fn shrink(&mut self);
}

impl<T> Memory for Vec<T> {
    fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }

    fn shrink(&mut self) {
        self.shrink_to_fit();
    }
}

impl<T: Copy + PartialEq> Memory for Seldom<T> {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn shrink(&mut self) {
        self.shrink();
    }
}

impl Memory for Column {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn shrink(&mut self) {
        self.shrink();
    }
}

/// Every column of a table as something, with those that are left out named.
macro_rules! columns {
    ($of:expr, $kind:ty) => {{
        let Cases {
            zone: _,
            received_at,
            ended_at,
            due_at,
            judged: [late_at, soon_at],
            received_on,
            ended_on,
            last_told_on,
            unit,
            category,
            place,
            channel,
            kind,
            priority,
            reason,
            ending,
            said,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = $of;
        let columns: [$kind; 22] = [
            received_at,
            ended_at,
            due_at,
            late_at,
            soon_at,
            received_on,
            ended_on,
            last_told_on,
            unit,
            category,
            place,
            channel,
            kind,
            priority,
            reason,
            ending,
            said,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        ];
        columns
    }};
}

impl Cases {
    /// Bytes that the columns occupy, without the codes.
    pub fn bytes(&self) -> usize {
        columns!(self, &dyn Memory).into_iter().map(Memory::bytes).sum()
    }

    /// Gives back what the arrays have grown beyond the cases.
    pub(crate) fn shrink(&mut self) {
        columns!(self, &mut dyn Memory).into_iter().for_each(Memory::shrink);
    }

    /// A table in which every case has room to say when it was received and ended, and says nothing else yet. Memory
    /// that is only zero costs nothing before it is written, and then the thread that writes it.
    pub(crate) fn with_rows(zone: chrono_tz::Tz, rows: usize) -> Self {
        Self {
            received_at: vec![0; rows],
            ended_at: vec![0; rows],
            received_on: vec![0; rows],
            ended_on: vec![0; rows],
            ending: vec![0; rows],
            ..Self::new(zone)
        }
    }

    /// Keeps receipt and end of some rows, in rising order, and of no others.
    pub(crate) fn keep(&mut self, rows: &[Range<usize>]) {
        fn kept<T: Copy>(column: &mut Vec<T>, rows: &[Range<usize>]) {
            let mut end = 0;
            for own in rows {
                if own.start > end {
                    column.copy_within(own.clone(), end);
                }
                end += own.len();
            }
            column.truncate(end);
        }
        kept(&mut self.received_at, rows);
        kept(&mut self.ended_at, rows);
        kept(&mut self.received_on, rows);
        kept(&mut self.ended_on, rows);
        kept(&mut self.ending, rows);
    }

    /// What the cases of another table say beside receipt and end, behind its own.
    pub(crate) fn append_rest(&mut self, other: Self) {
        let Self {
            zone: _,
            received_at: _,
            ended_at: _,
            due_at,
            judged,
            received_on: _,
            ended_on: _,
            last_told_on,
            unit,
            category,
            place,
            channel,
            kind,
            priority,
            reason,
            ending: _,
            said,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = other;
        self.due_at.append(due_at);
        for (column, other) in self.judged.iter_mut().zip(judged) {
            column.append(other);
        }
        self.last_told_on.append(last_told_on);
        self.unit.append(unit);
        self.category.append(category);
        self.place.append(place);
        self.channel.append(channel);
        self.kind.append(kind);
        self.priority.append(priority);
        self.reason.append(reason);
        self.said.append(said);
        self.reopened.append(reopened);
        self.appealed.append(appealed);
        self.escalated.append(escalated);
        self.transferred.append(transferred);
        self.breached.append(breached);
    }
}
