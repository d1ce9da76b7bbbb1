//! The table's answer to a question that a ledger and a database answer alike.

use crate::measure::answer::{Answer, Pendency};
use crate::measure::cases::column::NONE;
use crate::measure::cases::table::{Cases, Chosen};
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::picked::{Picked, Subject};
use crate::measure::question::Question;

impl Cases {
    /// Answers a question by counting the cases ([`count`](Self::count)).
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Zone`] when the terms ask for another zone than the days were counted in.
    pub fn answer(&self, question: &Question) -> Result<Answer, DoesNotFit> {
        let mut chosen = self.picked(&question.picked);
        for (by, codes) in &question.only {
            let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
            let own = self.chosen(self.by(*by), &codes);
            chosen = Some(match chosen {
                Some(chosen) => chosen.and(&own)?,
                None => own,
            });
        }
        let rolled = question.rolled.as_ref().map(|rollup| self.rolled(question.by, rollup));
        let by = rolled.as_ref().unwrap_or_else(|| self.by(question.by));
        let part = self.count(by, chosen.as_ref(), &question.terms)?;
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
            Subject::Among(codes) => {
                let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
                Some(self.chosen(&self.category, &codes))
            }
            Subject::None => Some(Chosen(self.category.keys().iter().map(|key| *key == NONE).collect())),
        };
        match (units, subject) {
            (Some(units), Some(subject)) => Some(units.and(&subject).expect("both are of this table")),
            (units, subject) => units.or(subject),
        }
    }
}
