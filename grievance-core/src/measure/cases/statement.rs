//! The weekly statement of a table of cases.

use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::payload::{Adopted, AdoptedFact, AdoptedStep};
use crate::kernel::code::{KindCode, ReasonCode, RoleCode, SourceCode, StageCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::kernel::time::from_millis;
use crate::measure::cases::table::{Cases, NEVER, OPEN, OTHERWISE};
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::mis::{MisPart, Terms};
use crate::rulebook::access::Actor;
use crate::vocabulary::{DisposalClass, Phase};
use smol_str::format_smolstr;

impl Cases {
    /// The part of a statement that these cases make up, each counted as an import would tell it: it came
    /// in, and it ended if it has. What a row counts without a date (how often it was opened again or
    /// escalated, the targets that it missed) is in no statement, as it is in none of an import.
    ///
    /// `code` gives the code of what the table calls an office. A case of an office for which it has none is
    /// counted as rejected.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Zone`] when the terms ask for another zone than the days were counted in.
    pub fn statement(
        &self,
        terms: Terms,
        code: impl Fn(&str) -> Option<UnitCode>,
    ) -> Result<MisPart, DoesNotFit> {
        if self.zone != terms.zone {
            return Err(DoesNotFit::Zone);
        }
        let units: Vec<Option<UnitCode>> = self.unit.codes().iter().map(|name| code(name)).collect();
        let mut part = MisPart::new(terms);
        for case in 0..self.len() {
            let unit = units.get(self.unit.key(case) as usize).cloned().flatten();
            match unit.and_then(|unit| self.told(case, &unit)) {
                Some(told) => part.add_history(&[told]),
                None => part.reject(1),
            }
        }
        Ok(part)
    }

    /// A case as an import would tell it.
    fn told(&self, case: usize, unit: &UnitCode) -> Option<Recorded> {
        let stage = StageCode::new("told").expect("a plain word is a code");
        let led_to = |phase| Position { phase, stage: stage.clone(), unit: unit.clone() };
        let fact =
            |at, phase, what| AdoptedFact { at, led_to: led_to(phase), what, reason: None, class: None };
        let received_at = from_millis(self.received_at[case])?;
        let mut facts = vec![fact(received_at, Phase::Registered, AdoptedStep::Lodged)];
        match self.ending[case] {
            OPEN => {}
            OTHERWISE => {
                let at = from_millis(self.ended_at[case])?;
                facts.push(fact(at, Phase::Withdrawn, AdoptedStep::Ended));
            }
            class => {
                let at = from_millis(self.ended_at[case])?;
                facts.push(AdoptedFact {
                    reason: self.reason.code(case).and_then(|reason| ReasonCode::new(reason).ok()),
                    class: DisposalClass::ALL.get(usize::from(class)).copied(),
                    ..fact(at, Phase::Disposed, AdoptedStep::Disposed)
                });
            }
        }
        let last = facts.last()?.led_to.clone();
        let due_at = self.due_at[case];
        let adopted = Adopted {
            facts,
            gaps: Vec::new(),
            kind: KindCode::new("grievance").expect("a plain word is a code"),
            number: format_smolstr!("{case}"),
            source: SourceCode::new("table").expect("a plain word is a code"),
            category: None,
            channel: None,
            due_at: if due_at == NEVER { None } else { from_millis(due_at) },
            closure_text: None,
            place: None,
            narrative: None,
            received_at: None,
            sealed: None,
        };
        let system = RoleCode::new("system").expect("a plain word is a code");
        Some(Recorded {
            case: GrievanceId::from_uuid(uuid::Uuid::from_u128(case as u128)),
            version: 1,
            at: received_at,
            actor: Actor::new(PersonId::from_uuid(uuid::Uuid::nil()), system),
            rulebook: Digest::of(&[]),
            event: Event { led_to: last, what: What::Adopted(Box::new(adopted)) },
        })
    }
}
