//! The ledger's answer to a question that a table and a database answer alike.

use crate::measure::answer::{Answer, Pendency};
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::Ledger;
use crate::measure::picked::{Picked, Subject};
use crate::measure::question::{Dimension, Question};
use smol_str::SmolStr;

impl Ledger {
    /// Answers a question from what stands in the books, as [`balance`](Self::balance) does.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Dimension`] when it is by, or about only some codes of, a dimension of which there are
    /// no books: each office has one for each subject, and one for each place or channel beside that would
    /// multiply what every step writes. And those of [`balance`](Self::balance).
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::ledger::keep::Ledger;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::measure::question::{Dimension, Question};
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let mut ledger = Ledger::new(zone);
    /// let row = CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works");
    /// ledger.enter(&row, "2026-03-31T00:00:00Z".parse()?)?;
    /// let terms = Terms::new("2026-03-17".parse()?, zone, AgeRule::Calendar);
    /// let by_unit = ledger.answer(&Question::new(terms.clone(), Dimension::Unit))?;
    /// assert_eq!(by_unit.groups()["works"].bands, [0, 0, 1, 0]);
    /// assert!(ledger.answer(&Question::new(terms, Dimension::Reason)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer(&self, question: &Question) -> Result<Answer, LedgerError> {
        let Question { terms, by, rolled: _, picked, only } = question;
        self.keeps(terms)?;
        if !only.is_empty() {
            return Err(LedgerError::Dimension);
        }
        let mut answer = Answer::none(question);
        let mut put = |code: Option<&SmolStr>, picked: &Picked| {
            let counts = Pendency::from(self.balance(picked, terms)?);
            if counts.received > 0 {
                answer.put(question.group(code.map(SmolStr::as_str)), &counts);
            }
            Ok(())
        };
        match by {
            Dimension::Unit => {
                let units = picked.units.as_deref().unwrap_or(self.units.all());
                for unit in units {
                    put(Some(unit), &Picked::units([unit.as_str()]).of(picked.subject.clone()))?;
                }
            }
            Dimension::Category => match &picked.subject {
                Subject::Any => {
                    put(None, &picked.clone().of(Subject::None))?;
                    for subject in self.subjects.all() {
                        put(Some(subject), &picked.clone().of(Subject::Of(subject.clone())))?;
                    }
                }
                Subject::Of(subject) => put(Some(subject), picked)?,
                Subject::Among(subjects) => {
                    for subject in subjects {
                        put(Some(subject), &picked.clone().of(Subject::Of(subject.clone())))?;
                    }
                }
                Subject::None => put(None, picked)?,
            },
            Dimension::Place
            | Dimension::Channel
            | Dimension::Kind
            | Dimension::Priority
            | Dimension::Reason => return Err(LedgerError::Dimension),
        }
        Ok(answer)
    }
}
