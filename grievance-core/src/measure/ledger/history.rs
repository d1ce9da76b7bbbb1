//! A ledger is kept by the histories of cases.

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::measure::as_of::{fact_as_of, grievance_as_of, told_fact_as_of};
use crate::measure::cases::row::CaseRow;
use crate::measure::flow::{Movement, every_movement};
use crate::measure::flows::instants;
use crate::measure::ledger::contribution::Slip;
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::{Ledger, PATIENCE};
use chrono::{DateTime, TimeDelta, Utc};

impl Ledger {
    /// Enters every step of a case by its history, an imported one by the dates of its facts. A
    /// case that is sealed today, and a part of a divided case, is not entered.
    ///
    /// # Errors
    ///
    /// As [`post`](Self::post); nothing is changed.
    pub fn enter_history(&mut self, history: &[Recorded]) -> Result<(), LedgerError> {
        self.by_history(history, 1)
    }

    /// Takes a case out that was entered by this history, or posted step by step.
    ///
    /// # Errors
    ///
    /// As [`post`](Self::post); nothing is changed.
    pub fn take_out_history(&mut self, history: &[Recorded]) -> Result<(), LedgerError> {
        self.by_history(history, -1)
    }

    /// Enters a case as it stands now that was entered as it stood after its event `from`: by its
    /// whole history, of which the first `from` events were in. With 0 it is
    /// [`enter_history`](Self::enter_history).
    ///
    /// It costs as much as the case is long, however many others there are.
    ///
    /// # Errors
    ///
    /// As [`post`](Self::post); nothing is changed.
    pub fn follow(&mut self, history: &[Recorded], from: u64) -> Result<(), LedgerError> {
        self.follow_told(history, from, &[])
    }

    /// The same with the instants at which the complainant was told anything
    /// ([`told_at`](crate::grievance::tell::told_at)), so that the ledger knows silences. A case that was
    /// entered so is always followed so: those of the events that were in are taken out by the same instants.
    ///
    /// # Errors
    ///
    /// As [`post`](Self::post); nothing is changed.
    pub fn follow_told(
        &mut self,
        history: &[Recorded],
        from: u64,
        told: &[DateTime<Utc>],
    ) -> Result<(), LedgerError> {
        let known = history.partition_point(|recorded| recorded.version <= from);
        let mut slips = Slips::new();
        self.gather((&history[..known], told), -1, &mut slips)?;
        self.gather((history, told), 1, &mut slips)?;
        self.enter_slips(&slips)
    }

    fn by_history(&mut self, history: &[Recorded], times: i32) -> Result<(), LedgerError> {
        let mut slips = Slips::new();
        self.gather((history, &[]), times, &mut slips)?;
        self.enter_slips(&slips)
    }

    fn enter_slips(&mut self, slips: &Slips) -> Result<(), LedgerError> {
        self.weigh(&slips.iter().map(|(.., slip)| slip).collect::<Vec<_>>())?;
        for (unit, subject, slip) in slips {
            self.write(*unit, *subject, slip, PATIENCE);
        }
        Ok(())
    }

    /// The postings of a case by its history, each in the slip of its book.
    fn gather(
        &mut self,
        (history, told): (&[Recorded], &[DateTime<Utc>]),
        times: i32,
        slips: &mut Slips,
    ) -> Result<(), LedgerError> {
        let millisecond = TimeDelta::milliseconds(1);
        let Some(end) = history.iter().map(|recorded| recorded.at).max() else { return Ok(()) };
        // A seal is of today, whenever it was laid.
        if grievance_as_of(history, end + millisecond).is_none_or(|case| case.sealed.is_some()) {
            return Ok(());
        }
        let mut before: Option<CaseFact> = None;
        for at in instants(history) {
            let Some(fact) = told_fact_as_of(history, at + millisecond, told) else { continue };
            if fact.part_of.is_some() {
                return Ok(());
            }
            let day = self.clock.dates(at)?.counted;
            for (fact, times) in [(before.as_ref(), -times), (Some(&fact), times)] {
                let Some(row) = fact.map(CaseRow::of) else { continue };
                let line = self.line(&row, at.max(row.received_at))?;
                self.slip(slips, &row).row(&line, day, times)?;
            }
            before = Some(fact);
        }
        let mut fault = Ok(());
        every_movement(history, |at, unit, movement| {
            fault = fault.and_then(|()| {
                let day = self.clock.dates(at)?.counted;
                let fact = fact_as_of(history, at + millisecond);
                let left = movement == Movement::TransferredOut;
                let fact = if left { fact_as_of(history, at).or(fact) } else { fact };
                let category = fact.as_ref().and_then(|fact| fact.category.as_ref());
                let row =
                    CaseRow { category: category.map(AsRef::as_ref), ..CaseRow::new(at, unit.as_str()) };
                self.slip(slips, &row).moved(day, movement, times)
            });
        });
        fault
    }
}

/// Slips by office and subject.
type Slips = Vec<(u32, u32, Slip)>;
