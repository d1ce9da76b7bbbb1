//! Rows by their dates: what a ledger has to know of a case before it posts it.

use crate::measure::cases::check::checked;
use crate::measure::cases::row::{CaseRow, Ending, Said};
use crate::measure::cases::table::{Cases, NEVER, NO_DAY, OPEN, OTHERWISE, SILENT, UNCLASSED, WORDS};
use crate::measure::ledger::clock::Dates;
use crate::measure::ledger::contribution::{How, Line};
use crate::measure::ledger::entry::{LATE, NO_CLASS, NO_WORD, ON_TIME, WORD_BITS};
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::Ledger;
use crate::vocabulary::{DisposalClass, FeedbackOutcome};
use chrono::{DateTime, TimeDelta, Utc};

impl Ledger {
    /// A row by its dates.
    pub(crate) fn line(&mut self, row: &CaseRow<'_>, until: DateTime<Utc>) -> Result<Line, LedgerError> {
        checked(row, until).map_err(|(field, fault)| LedgerError::Row { field, fault })?;
        let reason = row.reason.map(|code| self.reason(code));
        let due = row.against_due();
        let late_at = due.as_ref().and_then(|due| due.late_at);
        let soon_at = row.soon_at();
        let said = match row.said {
            None => NO_WORD,
            Some(Said::Rating(rating)) => rating.into(),
            Some(Said::Outcome(outcome)) => u16::from(WORDS) + listed(FeedbackOutcome::ALL, outcome),
        };
        let ended = match row.ended {
            None => None,
            Some((at, Ending::Otherwise)) => Some((self.clock.dates(at)?, How::Otherwise)),
            Some((at, Ending::Disposed(class))) => {
                let class = class.map_or(NO_CLASS, |class| listed(DisposalClass::ALL, class));
                let timed = timed(due.as_ref().map(|due| due.late_at.is_some()));
                Some((self.clock.dates(at)?, How::Disposed(timed | class << WORD_BITS | said, reason)))
            }
        };
        let counts = [row.reopened, row.appealed, row.escalated, row.transferred, row.breached];
        Ok(Line {
            received: self.clock.dates(row.received_at)?,
            ended,
            targeted: due.is_some(),
            late: late_at.map(|at| Ok(self.clock.dates(at)?.counted)).transpose()?,
            soon: soon_at.map(|at| self.soon(at)).transpose()?,
            told: row.last_told_at.map(|at| Ok(self.clock.dates(at)?.on)).transpose()?,
            flags: counts.map(|count| count > 0),
        })
    }

    /// A row of a table by its dates.
    pub(crate) fn line_of(
        &mut self,
        cases: &Cases,
        case: usize,
        reasons: &[u32],
    ) -> Result<Line, LedgerError> {
        let ended = match cases.ending[case] {
            OPEN => None,
            ending => {
                let dates = self.clock.dated(cases.ended_on[case], cases.ended_at[case])?;
                Some((dates, how(cases, case, ending, reasons)))
            }
        };
        let late = Some(cases.late_at(case)).filter(|late| *late != NEVER);
        let late = late.and_then(crate::kernel::time::from_millis);
        let counts = [
            cases.reopened[case],
            cases.appealed[case],
            cases.escalated[case],
            cases.transferred[case],
            cases.breached[case],
        ];
        let targeted = cases.due_at[case] != NEVER;
        let soon = Some(cases.soon_at(case)).filter(|soon| targeted && *soon != NEVER);
        let soon = soon.and_then(crate::kernel::time::from_millis);
        let told = cases.last_told_on[case];
        Ok(Line {
            received: self.clock.dated(cases.received_on[case], cases.received_at[case])?,
            ended,
            targeted,
            late: late.map(|at| self.clock.dates(at).map(|dates: Dates| dates.counted)).transpose()?,
            soon: soon.map(|at| self.soon(at)).transpose()?,
            told: (told != NO_DAY).then_some(told),
            flags: counts.map(|count| count > 0),
        })
    }

    /// The day after which a case is due soon. It is from that instant on, and so as of a day that begins at it.
    fn soon(&mut self, at: DateTime<Utc>) -> Result<i32, LedgerError> {
        let before = at.checked_sub_signed(TimeDelta::milliseconds(1)).ok_or(LedgerError::Date)?;
        Ok(self.clock.dates(before)?.counted)
    }

    fn reason(&mut self, code: &str) -> i32 {
        i32::try_from(self.reasons.place(code)).expect("fewer reasons than 2^31 in memory")
    }
}

fn how(cases: &Cases, case: usize, ending: u8, reasons: &[u32]) -> How {
    if ending == OTHERWISE {
        return How::Otherwise;
    }
    let class = if ending == UNCLASSED { NO_CLASS } else { ending.into() };
    let said = if cases.said[case] == SILENT { NO_WORD } else { cases.said[case].into() };
    let reason = reasons.get(cases.reason.key(case) as usize);
    let reason = reason.map(|place| i32::try_from(*place).expect("fewer reasons than 2^31 in memory"));
    let targeted = cases.due_at[case] != NEVER;
    let timed = timed(targeted.then(|| cases.late_at(case) != NEVER));
    How::Disposed(timed | class << WORD_BITS | said, reason)
}

/// Whether a disposal was late, if that is known.
const fn timed(late: Option<bool>) -> u16 {
    match late {
        None => 0,
        Some(true) => LATE,
        Some(false) => ON_TIME,
    }
}

/// The place of a word in its closed list.
fn listed<T: PartialEq + Copy>(list: &[T], of: T) -> u16 {
    let place = list.iter().position(|one| *one == of).expect("a closed list has each of its words");
    u16::try_from(place).expect("the list has a handful of words")
}
