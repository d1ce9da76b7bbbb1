//! How a case begins, and what is taken over with an imported one.

use crate::grievance::event::Recorded;
use crate::grievance::evolve::replace;
use crate::grievance::payload::{Adopted, AdoptedFact, AdoptedStep, Complainant, Lodged, PartOpened};
use crate::grievance::state::{Adoption, Closure, Course, Episode, EpisodeKind, Grievance, Subject};

impl Subject {
    pub(super) fn lodged(lodged: &Lodged, first: &Recorded) -> Self {
        Self {
            number: Some(lodged.number.clone()),
            external_number: lodged.external_number.clone(),
            kind: lodged.kind.clone(),
            category: lodged.category.clone(),
            place: lodged.place.clone(),
            channel: Some(lodged.channel.clone()),
            language: Some(lodged.language.clone()),
            priority: lodged.priority.clone(),
            complainant: lodged.complainant.clone(),
            lodged_by: first.actor.person,
            lodged_at: first.at,
            received_at: lodged.received_at,
            narrative: Some(lodged.narrative),
            against: lodged.against.clone(),
            reference: lodged.reference.clone(),
        }
    }

    pub(super) fn part(part: &PartOpened, first: &Recorded) -> Self {
        Self {
            number: part.number.clone(),
            external_number: None,
            kind: part.kind.clone(),
            category: part.category.clone(),
            place: part.place.clone(),
            channel: part.channel.clone(),
            language: part.language.clone(),
            priority: part.priority.clone(),
            complainant: part.complainant.clone(),
            lodged_by: part.lodged_by,
            lodged_at: first.at,
            received_at: part.received_at,
            narrative: part.narrative,
            against: part.against.clone(),
            reference: None,
        }
    }

    pub(super) fn adopted(adopted: &Adopted, first: &Recorded) -> Self {
        let lodged_at = adopted.facts.first().map_or(first.at, |fact| fact.at);
        Self {
            number: None,
            external_number: Some(adopted.number.clone()),
            kind: adopted.kind.clone(),
            category: adopted.category.clone(),
            place: adopted.place.clone(),
            channel: adopted.channel.clone(),
            language: None,
            priority: None,
            complainant: Complainant {
                anonymous: false,
                person: None,
                name: None,
                mobile: None,
                email: None,
                address: None,
                tracking: None,
                signatories: None,
                signatory_mobiles: None,
                representative: None,
                refuses: None,
                safe_hours: None,
            },
            lodged_by: first.actor.person,
            lodged_at,
            received_at: adopted.received_at.unwrap_or(lodged_at),
            narrative: adopted.narrative,
            against: None,
            reference: None,
        }
    }
}

impl Grievance {
    /// Takes another system's history over; the latest import replaces what earlier ones said.
    pub(super) fn take_over(&mut self, adopted: &Adopted, version: u64) {
        self.adopted = Some(Box::new(Adoption { said: adopted.clone(), version }));
        self.subject.kind = adopted.kind.clone();
        self.subject.category.clone_from(&adopted.category);
        self.subject.place.clone_from(&adopted.place);
        self.subject.channel.clone_from(&adopted.channel);
        replace(&mut self.sealed, adopted.sealed.as_ref());
        (self.episodes, self.first_disposed_at) = (Vec::new(), None);
        let mut facts = adopted.facts.iter();
        let Some(lodged) = facts.next() else { return };
        self.subject.lodged_at = lodged.at;
        self.subject.received_at = adopted.received_at.unwrap_or(lodged.at);
        self.course = Course::starting(lodged.led_to.clone(), lodged.at);
        self.episodes.push(Episode {
            began_as: EpisodeKind::Original,
            opened_at: lodged.at,
            closed_at: None,
        });
        for fact in facts {
            self.adopt_fact(fact, version);
        }
    }

    fn adopt_fact(&mut self, fact: &AdoptedFact, version: u64) {
        if fact.led_to.unit != self.course.position.unit {
            self.course.held_since = fact.at;
        }
        self.course.position = fact.led_to.clone();
        match fact.what {
            AdoptedStep::Lodged | AdoptedStep::Routed => {}
            AdoptedStep::Disposed => {
                self.course.closure = Some(Closure {
                    version,
                    at: fact.at,
                    by: self.subject.lodged_by,
                    unit: fact.led_to.unit.clone(),
                    reason: fact.reason.clone(),
                    class: fact.class,
                    verified: None,
                    classified: None,
                });
                self.first_disposed_at.get_or_insert(fact.at);
                self.close_episode(fact.at);
            }
            AdoptedStep::Reopened => self.open_episode(EpisodeKind::Reopening, fact.at),
            AdoptedStep::Ended => self.close_episode(fact.at),
        }
    }
}
