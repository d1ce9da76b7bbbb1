//! How an event changes a case. Total: a recorded event is a fact.

use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::payload::{
    Adopted, AdoptedFact, AdoptedStep, Complainant, Disposed, Judged, Lodged, PartClosed, PartOpened,
};
use crate::grievance::state::{
    Adoption, Approval, Attempt, Closure, Course, Episode, EpisodeKind, Grievance, Part, Report, Subject,
    Undo,
};
use crate::vocabulary::{FeedbackOutcome, Outcome, Phase};
use chrono::{DateTime, Utc};

impl Grievance {
    /// The case that a first event begins; `None` for an event that begins none.
    pub fn begin(first: &Recorded) -> Option<Self> {
        let subject = match &first.event.what {
            What::Lodged(lodged) => Subject::lodged(lodged, first),
            What::PartOpened(part) => Subject::part(part, first),
            What::Adopted(adopted) => Subject::adopted(adopted, first),
            _ => return None,
        };
        let mut case = Self {
            id: first.case,
            version: first.version,
            updated_at: first.at,
            rulebook: first.rulebook,
            episodes: vec![Episode {
                began_as: EpisodeKind::Original,
                opened_at: subject.lodged_at,
                closed_at: None,
            }],
            course: Course::starting(first.event.led_to.clone(), first.at),
            subject,
            undo: None,
            rounds: 0,
            attempts: Vec::new(),
            transfers: 0,
            extensions: 0,
            reminders: 0,
            escalations: 0,
            attachments: 0,
            consulted: Vec::new(),
            parts: Vec::new(),
            part_of: None,
            members: Vec::new(),
            merged_into: None,
            adopted: None,
            first_disposed_at: None,
        };
        match &first.event.what {
            What::PartOpened(part) => case.part_of = Some((part.parent, part.part)),
            What::Adopted(adopted) => case.take_over(adopted, first.version),
            _ => {}
        }
        Some(case)
    }

    /// Takes in the next event of the case's history.
    pub fn evolve(&mut self, next: &Recorded) {
        let Recorded { version, at, actor, rulebook, event, .. } = next;
        let Event { led_to, what } = event;
        (self.version, self.updated_at, self.rulebook) = (*version, *at, *rulebook);
        if actor.unit.as_ref() == Some(self.unit()) {
            self.course.opened = true;
        }
        if what.can_be_undone() {
            self.remember(next);
        } else if !what.is_aside() && !matches!(what, What::Rescinded(_)) {
