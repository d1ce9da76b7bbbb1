//! Rows and facts as they become a table, and what could not be taken.

use crate::grievance::project::CaseFact;
use crate::measure::cases::check::checked;
use crate::measure::cases::column::Column;
use crate::measure::cases::row::{CaseRow, RejectedRow};
use crate::measure::cases::table::Cases;
use crate::measure::zone_days::ZoneDays;
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, Utc};

/// What came of reading rows.
#[derive(Clone, Debug)]
pub struct Read {
    /// The cases that could be used.
    pub cases: Cases,
    /// The rows that could not, each with its first fault, in their order.
    pub rejected: Vec<RejectedRow>,
    /// Parts of divided cases, which count nowhere: the divided case is the one that counts.
    pub parts: u64,
    // The rows that are not in the table, rising: rejected, parts and sealed ones.
    left_out: Vec<u64>,
    rows: u64,
}

/// A column has another number of codes than rows were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{codes} codes were given for {rows} rows")]
pub struct OtherLength {
    /// How many rows were read, the rejected ones among them.
    pub rows: u64,
    /// How many codes were given.
    pub codes: u64,
}

impl OtherLength {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::InvalidCommand
    }
}

impl Read {
    /// One more column of the table: the code of each row that was read, in the order in which they were,
    /// the rejected ones too, or none. By it the cases are grouped and chosen as by a column of their own:
    /// channel, kind, place, ward, whatever the host knows of them. It belongs to this table alone.
    ///
    /// # Errors
    ///
    /// [`OtherLength`] when there are more or fewer codes than rows.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let (zone, at) = (chrono_tz::Asia::Kolkata, "2026-03-02T10:00:00Z".parse()?);
    /// let rows = [CaseRow::new(at, "works"), CaseRow::new(at, ""), CaseRow::new(at, "water")];
    /// let read = Cases::read(zone, "2026-03-31T00:00:00Z".parse()?, rows);
    /// assert_eq!(read.rejected[0].row, 1); // it names no office
    /// let channel = read.column([Some("letter"), Some("portal"), Some("letter")])?;
    /// let terms = Terms::new("2026-03-31".parse()?, zone, AgeRule::Calendar);
    /// let by_channel = read.cases.count(&channel, None, &terms)?;
    /// assert_eq!(by_channel.groups()["letter"].received, 2);
    /// assert_eq!(by_channel.groups().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn column<'a>(
        &self,
        codes: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<Column, OtherLength> {
        let mut column = Column::default();
        let mut left_out = self.left_out.iter().peekable();
        let mut given = 0;
        for code in codes {
            if left_out.next_if_eq(&&given).is_none() {
                column.push(code);
            }
            given += 1;
        }
        if given != self.rows {
            return Err(OtherLength { rows: self.rows, codes: given });
        }
        column.shrink();
        Ok(column)
    }
}

impl Read {
    pub(super) fn new(zone: chrono_tz::Tz) -> Self {
        Self { cases: Cases::new(zone), rejected: Vec::new(), parts: 0, left_out: Vec::new(), rows: 0 }
    }

    pub(super) fn take(&mut self, number: u64, until: DateTime<Utc>, row: &CaseRow<'_>, days: &mut ZoneDays) {
        match checked(row, until) {
            Ok(counts) => {
                self.rows = number + 1;
                self.cases.push(&row.into(), counts, days);
            }
            Err((field, fault)) => {
                self.leave_out(number);
                self.rejected.push(RejectedRow { row: number, field, fault });
            }
        }
    }

    fn leave_out(&mut self, number: u64) {
        self.rows = number + 1;
        self.left_out.push(number);
    }
}

/// A table that facts are put into one by one, each forgotten when it is in: what a store streams is never
/// all in memory.
#[derive(Clone, Debug)]
pub struct Reading {
    read: Read,
    days: ZoneDays,
    until: DateTime<Utc>,
    given: u64,
}

impl Reading {
    /// Without a case yet; what lies after `until` is in the future and refused.
    pub fn new(zone: chrono_tz::Tz, until: DateTime<Utc>) -> Self {
        Self { read: Read::new(zone), days: ZoneDays::new(zone), until, given: 0 }
    }

    /// Takes the facts of a case in, by the rule of [`Cases::read_facts`].
    pub fn take(&mut self, fact: &CaseFact) {
        let number = self.given;
        self.given += 1;
        if fact.sealed.is_some() {
            self.read.leave_out(number);
        } else if fact.part_of.is_some() {
            self.read.parts += 1;
            self.read.leave_out(number);
        } else {
            self.read.take(number, self.until, &CaseRow::of(fact), &mut self.days);
        }
    }

    /// The table, and what could not be taken.
    pub fn finish(mut self) -> Read {
        self.read.cases.shrink();
        self.read
    }
}
