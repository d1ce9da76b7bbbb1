//! What a row adds to its book, from a day on.

use crate::measure::flow::Movement;
use crate::measure::ledger::clock::Dates;
use crate::measure::ledger::entry::{Key, Kind, Posting};
use crate::measure::ledger::error::LedgerError;

/// From before every day.
pub(crate) const ALWAYS: i32 = i32::MIN;

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Disposed: class, word and whether in time, and the place of the reason.
    Disposed(u16, Option<i32>),
    /// Withdrawn, declined or joined to another.
    Otherwise,
}

/// A row by its dates, as a book sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) received: Dates,
    pub(crate) ended: Option<(Dates, How)>,
    /// Whether it is known by when it is due.
    pub(crate) targeted: bool,
    /// The day after which it is overdue.
    pub(crate) late: Option<i32>,
    /// The day after which it is due soon, until it is overdue.
    pub(crate) soon: Option<i32>,
    /// The date on which the complainant was last told anything.
    pub(crate) told: Option<i32>,
    pub(crate) flags: [bool; 5],
}

/// What changes on a day, before it is put in the kinds of postings.
enum Change {
    /// A case that was received on a day is open.
    Open(i32),
    /// One is disposed after so many days.
    Disposed(i32, u16),
    /// One that was received on a day is closed otherwise.
    Otherwise(i32),
    /// Something that is a posting as it is.
    Plain(Kind, i32),
    /// A movement of the flow.
    Moved(Movement),
}

/// The postings of one book, gathered, so that those that cancel never reach it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slip {
    postings: Vec<Posting>,
}

impl Slip {
    pub(crate) fn clear(&mut self) {
        self.postings.clear();
    }

    pub(crate) fn postings(&self) -> impl Iterator<Item = Posting> {
        self.postings.iter().copied().filter(|posting| posting.net != 0)
    }

    /// The row as it stands from a day on; `times` is 1, or -1 to take it back from that day on.
    ///
    /// Taking a row back on a day and putting another in leaves the first in force up to that day.
    pub(crate) fn row(&mut self, line: &Line, from: i32, times: i32) -> Result<(), LedgerError> {
        let (on, start) = (line.received.on, line.received.counted.max(from));
        let end = line.ended.map(|(dates, _)| dates.counted.max(start));
        let mut while_open = |change: fn(i32) -> Change, value: i32, after: i32| {
            self.put(start.max(after), &change(value), times)?;
            end.map_or(Ok(()), |end| self.put(end.max(after), &change(value), -times))
        };
        while_open(Change::Open, on, ALWAYS)?;
        if line.targeted {
            while_open(|value| Change::Plain(Kind::Targeted, value), 0, ALWAYS)?;
        }
        if let Some(late) = line.late {
            while_open(|value| Change::Plain(Kind::Overdue, value), 0, late)?;
        }
        if let Some(soon) = line.soon {
            let from = start.max(soon);
            self.put(from, &Change::Plain(Kind::Soon, 0), times)?;
            if let Some(until) = [end, line.late].into_iter().flatten().min() {
                self.put(until.max(from), &Change::Plain(Kind::Soon, 0), -times)?;
            }
        }
        if let Some(told) = line.told {
            self.told(told, start, end, times)?;
        }
        for (flag, _) in (0..).zip(line.flags).filter(|(_, set)| *set) {
            self.put(start, &Change::Plain(Kind::Flag, flag), times)?;
        }
        let (Some((ended, how)), Some(end)) = (line.ended, end) else { return Ok(()) };
        match how {
            How::Disposed(attr, reason) => {
                self.put(end, &Change::Disposed(ended.on - on, attr), times)?;
                reason.map_or(Ok(()), |place| self.put(end, &Change::Plain(Kind::Reason, place), times))
            }
            How::Otherwise => self.put(end, &Change::Otherwise(on), times),
        }
    }

    /// A movement of the flow.
    pub(crate) fn moved(&mut self, day: i32, movement: Movement, times: i32) -> Result<(), LedgerError> {
        self.put(day, &Change::Moved(movement), times)
    }

    /// Silence is counted from the day after the last word.
    fn told(&mut self, told: i32, start: i32, end: Option<i32>, times: i32) -> Result<(), LedgerError> {
        let from = start.max(told);
        self.put(from, &Change::Plain(Kind::Told, from - told), times)?;
        let Some(until) = end.map(|end| end.max(told)) else { return Ok(()) };
        self.put(until, &Change::Plain(Kind::Told, until - told), -times)
    }

    /// Writes a change in the kinds of postings, each of which may say more than one thing.
    fn put(&mut self, day: i32, change: &Change, times: i32) -> Result<(), LedgerError> {
        match *change {
            Change::Open(on) => self.post(day, Kind::Open, day - on, 0, times),
            // A disposal takes one from the open of its receipt, and is in the flow.
            Change::Disposed(days, attr) => {
                self.post(day, Kind::Disposed, days, attr, times)?;
                self.put(day, &Change::Open(day - days), times)?;
                self.post(day, Kind::Moved, Movement::Disposed as i32, 0, -times)
            }
            Change::Otherwise(on) => {
                self.post(day, Kind::Closed, day - on, 0, times)?;
                self.put(day, &Change::Open(on), times)?;
                self.post(day, Kind::Moved, Movement::ClosedOtherwise as i32, 0, -times)
            }
            // A lodging opens a case of that day.
            Change::Moved(Movement::Received) => {
                self.post(day, Kind::Lodged, 0, 0, times)?;
                self.put(day, &Change::Open(day), -times)
            }
            Change::Moved(movement) => self.post(day, Kind::Moved, movement as i32, 0, times),
            Change::Plain(kind, value) => self.post(day, kind, value, 0, times),
        }
    }

    fn post(&mut self, day: i32, kind: Kind, value: i32, attr: u16, times: i32) -> Result<(), LedgerError> {
        self.gather(Posting { key: Key::new(day, kind, value, attr)?, net: times });
        Ok(())
    }

    fn gather(&mut self, next: Posting) {
        match self.postings.iter_mut().find(|posting| posting.key == next.key) {
            Some(posting) => posting.net += next.net,
            None => self.postings.push(next),
        }
    }
}
