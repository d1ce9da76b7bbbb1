//! How much there is and how old, counted where the cases are.

use crate::grievance::project::CaseFact;
use crate::measure::answer::Answer;
use crate::measure::cases::table::Reading;
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::question::Question;
use crate::rulebook::access::Scope;
use crate::store::{Journal, Stored};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// What a store says to a question about the cases of a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// The counts.
    pub answer: Answer,
    /// Rows that cannot be used, as a table would refuse them: they count nowhere.
    pub rejected: u64,
    /// Parts of divided cases, which count nowhere: the divided case is the one that counts.
    pub parts: u64,
}

impl Survey {
    /// Counts facts by a table: the reference for what SQL must answer.
    ///
    /// A case that is sealed is left out, and not even that is told.
    pub fn of<F: Borrow<CaseFact>>(
        facts: impl IntoIterator<Item = F>,
        question: &Question,
        until: DateTime<Utc>,
    ) -> Self {
        let mut reading = Reading::new(question.terms.zone, until);
        for fact in facts {
            Self::take(&mut reading, fact.borrow(), question);
        }
        Self::answered(reading, question)
    }

    fn take(reading: &mut Reading, fact: &CaseFact, question: &Question) {
        if question.covers(fact) {
            reading.take(fact);
        }
    }

    fn answered(reading: Reading, question: &Question) -> Self {
        let read = reading.finish();
        let answer = read.cases.answer(question).expect("the table was made for the zone of the terms");
        Self { answer, rejected: read.rejected.len() as u64, parts: read.parts }
    }

    /// Takes in what another store says to the same question.
    ///
    /// # Errors
    ///
    /// As of [`Answer::merge`]; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        let together = |one: u64, other: u64| one.checked_add(other).ok_or(DoesNotFit::TooMany);
        let rejected = together(self.rejected, other.rejected)?;
        let parts = together(self.parts, other.parts)?;
        self.answer.merge(&other.answer)?;
        (self.rejected, self.parts) = (rejected, parts);
        Ok(())
    }

    /// Looks at each row of a scope, one after the other, for a store that cannot count by itself.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn by_rows(
        journal: &(impl Journal + ?Sized),
        scope: &Scope,
        question: &Question,
        until: DateTime<Utc>,
    ) -> Stored<Self> {
        let mut reading = Reading::new(question.terms.zone, until);
        let mut looked = Ok(());
        journal.scan(scope, &mut |history| {
            let Some(first) = history.first() else { return true };
            looked = journal.fact(first.case).map(|fact| {
                if let Some(fact) = fact {
                    Self::take(&mut reading, &fact, question);
                }
            });
            looked.is_ok()
        })?;
        looked.map(|()| Self::answered(reading, question))
    }
}
