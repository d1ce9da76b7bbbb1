//! The memory of a table: what it takes, and how two become one.

use crate::measure::cases::column::Column;
use crate::measure::cases::seldom::Seldom;
use crate::measure::cases::table::Cases;

/// The memory of one column.
trait Memory {
    /// Bytes that are taken.
    fn bytes(&self) -> usize;
    /// Room for so many cases more.
    fn reserve(&mut self, cases: usize);
    /// Gives back what was taken beyond the cases.
    fn shrink(&mut self);
}

impl<T> Memory for Vec<T> {
    fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }

    fn reserve(&mut self, cases: usize) {
        self.reserve(cases);
    }

    fn shrink(&mut self) {
        self.shrink_to_fit();
    }
}

impl<T: Copy + PartialEq> Memory for Seldom<T> {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn reserve(&mut self, cases: usize) {
        self.reserve(cases);
    }

    fn shrink(&mut self) {
        self.shrink();
    }
}

impl Memory for Column {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn reserve(&mut self, cases: usize) {
        self.reserve(cases);
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
        let columns: [$kind; 19] = [
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

    /// Makes room for so many cases more.
    pub(crate) fn reserve(&mut self, cases: usize) {
        columns!(self, &mut dyn Memory).into_iter().for_each(|column| column.reserve(cases));
    }

    /// Gives back what the arrays have grown beyond the cases.
    pub(crate) fn shrink(&mut self) {
        columns!(self, &mut dyn Memory).into_iter().for_each(Memory::shrink);
    }

    /// The cases of another table of the same zone behind its own.
    pub(crate) fn append(&mut self, other: Self) {
        let Self {
            zone: _,
            mut received_at,
            mut ended_at,
            due_at,
            judged,
            mut received_on,
            mut ended_on,
            last_told_on,
            unit,
            category,
            priority,
            reason,
            mut ending,
            said,
            reopened,
            appealed,
            escalated,
            transferred,
            breached,
        } = other;
        self.received_at.append(&mut received_at);
        self.ended_at.append(&mut ended_at);
        self.due_at.append(&due_at);
        for (column, other) in self.judged.iter_mut().zip(&judged) {
            column.append(other);
        }
        self.received_on.append(&mut received_on);
        self.ended_on.append(&mut ended_on);
        self.last_told_on.append(&last_told_on);
        self.unit.append(&unit);
        self.category.append(&category);
        self.priority.append(&priority);
        self.reason.append(&reason);
        self.ending.append(&mut ending);
        self.said.append(&said);
        self.reopened.append(&reopened);
        self.appealed.append(&appealed);
        self.escalated.append(&escalated);
        self.transferred.append(&transferred);
        self.breached.append(&breached);
    }
}
