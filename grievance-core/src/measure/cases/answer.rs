//! The table's answer to a question that a ledger and a database answer alike.

use crate::measure::answer::{Answer, Pendency};
use crate::measure::cases::column::{Column, NONE};
use crate::measure::cases::table::{Cases, Chosen};
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::picked::{Picked, Subject};
use crate::measure::question::{Dimension, Question};

impl Cases {
    /// Answers a question by counting the cases ([`count`](Self::count)).
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Zone`] when the terms ask for another zone than the days were counted in.
    pub fn answer(&self, question: &Question) -> Result<Answer, DoesNotFit> {
        let chosen = self.picked(&question.picked);
        let part = self.count(self.column(question.by), chosen.as_ref(), &question.terms)?;
        let mut answer = Answer::none(question);
        for (code, tally) in part.groups() {
            answer.put(Some(code), &Pendency::of(tally, self.zone()));
        }
        answer.put(None, &Pendency::of(part.without(), self.zone()));
        Ok(answer)
    }

    /// The cases that are picked; `None` when all are.
    pub fn picked(&self, picked: &Picked) -> Option<Chosen> {
        let units = picked.units.as_ref().map(|codes| {
            let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
            self.chosen(&self.unit, &codes)
        });
        let subject = match &picked.subject {
            Subject::Any => None,
            Subject::Of(code) => Some(self.chosen(&self.category, &[code])),
            Subject::None => Some(Chosen(self.category.keys().iter().map(|key| *key == NONE).collect())),
        };
        match (units, subject) {
            (Some(units), Some(subject)) => Some(units.and(&subject)),
            (units, subject) => units.or(subject),
        }
    }

    const fn column(&self, by: Dimension) -> &Column {
        match by {
            Dimension::Unit => &self.unit,
            Dimension::Category => &self.category,
            Dimension::Priority => &self.priority,
            Dimension::Reason => &self.reason,
        }
    }
}
