//! How an event changes a case. Total: a recorded event is a fact.

mod begin;

use crate::grievance::clock::{self, Breach};
use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::payload::{Classified, Disposed, HoldPlaced, Judged, PartClosed, Verified};
use crate::grievance::state::{
    Approval, Attempt, Classification, Closure, Course, Episode, EpisodeKind, Grievance, Hold, Part, Report,
    Subject, Undo,
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
        let sealed = match &first.event.what {
            What::Lodged(lodged) => lodged.sealed.clone(),
            What::PartOpened(part) => part.sealed.clone(),
            What::Adopted(adopted) => adopted.sealed.clone(),
            _ => None,
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
            breaches: Vec::new(),
            attachments: 0,
            consulted: Vec::new(),
            parts: Vec::new(),
            part_of: None,
            members: Vec::new(),
            merged_into: None,
            sealed,
            waivers: 0,
            adopted: None,
            first_disposed_at: None,
            holds: Vec::new(),
            erased: None,
        };
        case.course.note(&first.event.what, first.at);
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
        // What time brings is written in the name of whoever acts: nobody opens a case by it.
        if actor.unit.as_ref() == Some(self.unit()) && !what.is_clockwork() {
            self.course.opened = true;
        }
        if what.can_be_undone() {
            self.remember(next);
        } else if (!what.is_aside() || *self.unit() != led_to.unit) && !matches!(what, What::Rescinded(_)) {
            // What a rescinded step gives back is still needed below.
            self.undo = None;
        }
        let came_from = self.go_to(led_to, what, *at);
        clock::take(&mut self.course.clocks, what, led_to.phase, *at);
        self.course.note(what, *at);
        // Moving a case to a newer rulebook and watching its time is no work on it.
        if (what.is_clockwork() || matches!(what, What::Remapped(_)))
            && let Some(adoption) = self.adopted.as_mut().filter(|adoption| adoption.version + 1 == *version)
        {
            adoption.version = *version;
        }
        match what {
            What::Lodged(_) | What::PartOpened(_) => {}
            What::Admitted(_) | What::Acknowledged(_) => self.course.opened = true,
            What::Declined(_) | What::Withdrawn(_) => self.close_episode(*at),
            What::Assigned(sent) | What::Forwarded(sent) | What::Transferred(sent) => {
                if matches!(what, What::Transferred(_)) && !sent.at_cap {
                    self.transfers += 1;
                }
                self.course.post.clone_from(&sent.post);
                self.course.binding = sent.binding;
            }
            What::Returned(_) | What::Recalled(_) => {}
            What::Recategorised(change) => {
                replace(&mut self.subject.category, change.category.as_ref());
                replace(&mut self.subject.place, change.place.as_ref());
                replace(&mut self.sealed, change.sealed.as_ref());
            }
            What::Reclassified(change) => self.subject.kind = change.kind.clone(),
            What::SplitIntoParts(split) => {
                self.parts.extend(split.parts.iter().map(|part| Part { case: part.case, closed: false }));
            }
            What::PartClosed(PartClosed { part, .. }) => self.set_part(*part, true),
            What::PartReopened(part) => self.set_part(part.part, false),
            What::Consulted(asked) => self.consulted.push(asked.to.clone()),
            What::Answered(answer) => {
                if let Some(at) = self.consulted.iter().position(|unit| *unit == answer.by) {
                    self.consulted.remove(at);
                }
            }
            What::InformationSought(_) => {
                self.course.asked_from.get_or_insert((came_from.stage, came_from.phase));
            }
            What::InformationProvided(_) => self.course.asked_from = None,
            What::InterimReplied(_)
            | What::Commented(_)
            | What::StepRecorded(_)
            | What::FeedbackWaived(_) => {}
            What::Attached(_) => self.attachments += 1,
            What::Reminded(_) => self.reminders += 1,
            What::ActionReported(judged) => self.take_report(judged, next, came_from),
            What::ReportSentBack(_) => self.course.approval = None,
            What::Approved(judged) => self.take_approval(judged, next),
            What::Refused(_) => self.course.approval = None,
            What::CallRecorded(call) => {
                self.attempts.push(Attempt { day: call.day, slot: call.slot, reached: call.reached });
            }
            What::FeedbackRecorded(feedback) => {
                self.course.heard = Some(feedback.outcome);
                if feedback.outcome == FeedbackOutcome::NotSatisfied {
                    self.rounds += 1;
                    self.course.approval = None;
                }
            }
            What::Disposed(disposed) => self.take_disposal(disposed, next),
            What::OutcomeShared(_) => {}
            What::Reopened(_) => self.open_episode(EpisodeKind::Reopening, *at),
            What::Appealed(_) => self.open_episode(EpisodeKind::Appeal, *at),
            What::AppealDecided(decided) => {
                if decided.outcome == Outcome::Dismissed {
                    self.close_episode(*at);
                } else {
                    self.course.reset();
                }
            }
            What::Merged(merged) => {
                self.merged_into = Some(merged.into);
                self.members.clear();
                self.close_episode(*at);
            }
            What::Remastered(merged) => self.merged_into = Some(merged.into),
            What::Absorbed(absorbed) => self.members.extend(&absorbed.members),
            What::Extended(extended) => {
                self.extensions += 1;
                self.course.extended_until = Some(extended.until);
            }
            What::Escalated(_) => self.escalations += 1,
            What::TargetBreached(breached) => self.breaches.push(Breach {
                target: breached.target,
                due_at: breached.due_at,
                unit: led_to.unit.clone(),
            }),
            What::HoldPlaced(placed) => {
                let HoldPlaced { because, until, remarks: _, reference: _ } = *placed;
                self.holds.push(Hold { version: *version, because, until });
            }
            What::HoldReleased(released) => self.holds.retain(|hold| hold.version != released.hold),
            What::Erased(_) => self.erased = Some(*version),
            What::TargetSet(_)
            | What::TargetMoved(_)
            | What::ClockPaused(_)
            | What::ClockResumed(_)
            | What::EscalationProposed(_)
            | What::ComplainantInformed(_)
            | What::NoticeParked(_) => {}
            What::Corrected(change) => {
                replace(&mut self.subject.narrative, change.narrative.as_ref());
                replace(&mut self.subject.language, change.language.as_ref());
                replace(&mut self.subject.priority, change.priority.as_ref());
                let complainant = &mut self.subject.complainant;
                replace(&mut complainant.name, change.name.as_ref());
                replace(&mut complainant.mobile, change.mobile.as_ref());
                replace(&mut complainant.email, change.email.as_ref());
                replace(&mut complainant.address, change.address.as_ref());
                replace(&mut complainant.representative, change.representative.as_ref());
                if change.unrepresented == Some(true) {
                    complainant.representative = None;
                }
                replace(&mut complainant.refuses, change.refuses.as_ref());
                replace(&mut complainant.safe_hours, change.safe_hours.as_ref());
            }
            What::FourEyesWaived(_) => self.waivers += 1,
            What::Verified(Verified { finding, sample, remarks: _ }) => {
                if let Some(closure) = &mut self.course.closure {
                    closure.verified = Some((*finding, *sample));
                }
            }
            What::Classified(Classified { root_cause, change, suggestion }) => {
                if let Some(closure) = &mut self.course.closure {
                    closure.classified = Some(Classification {
                        root_cause: root_cause.clone(),
                        change: change.clone(),
                        suggestion: suggestion.map(|text| text.id),
                    });
                }
            }
            What::Unsealed(_) => self.sealed = None,
            What::Rescinded(_) => self.give_back(led_to),
            What::Remapped(moved) => {
                if let Some(reason) = &moved.reason {
                    self.course.rename_reason(reason);
                }
            }
            What::Adopted(adopted) => self.take_over(adopted, *version),
        }
    }

    /// Moves the case to where the event led, and returns where it was.
    fn go_to(&mut self, led_to: &Position, what: &What, at: DateTime<Utc>) -> Position {
        let course = &mut self.course;
        let from = std::mem::replace(&mut course.position, led_to.clone());
        if from.unit != led_to.unit {
            course.held_since = at;
            course.opened = false;
            course.post = None;
            if !matches!(what, What::Remapped(_) | What::Adopted(_) | What::Rescinded(_)) {
                course.binding = false;
                if matches!(what, What::Approved(_)) {
                    // An approval sends the case on to be confirmed: it can come back from there.
                    course.trail.push(from.clone());
                } else {
                    course.follow(from.clone(), led_to);
                }
            }
        }
        from
    }

    /// Keeps what the step replaces, so that it can be undone.
    fn remember(&mut self, next: &Recorded) {
        self.undo = Some(Box::new(Undo {
            version: next.version,
            at: next.at,
            unit: next.actor.unit.clone(),
            course: self.course.clone(),
            episodes: (self.episodes.len(), self.episodes.last().and_then(|episode| episode.closed_at)),
            transfers: self.transfers,
            attempts: self.attempts.clone(),
            first_disposed_at: self.first_disposed_at,
        }));
    }

    fn give_back(&mut self, led_to: &Position) {
        let Some(undo) = self.undo.take() else { return };
        let since = std::mem::replace(&mut self.course, undo.course);
        clock::give_back(&mut self.course.clocks, &since.clocks);
        self.course.position = led_to.clone();
        (self.transfers, self.attempts) = (undo.transfers, undo.attempts);
        self.first_disposed_at = undo.first_disposed_at;
        self.episodes.truncate(undo.episodes.0);
        if let Some(episode) = self.episodes.last_mut() {
            episode.closed_at = undo.episodes.1;
        }
    }

    fn take_report(&mut self, judged: &Judged, next: &Recorded, came_from: Position) {
        let course = &mut self.course;
        course.report = Some(Report {
            by: next.actor.person,
            unit: next.actor.unit.clone().unwrap_or(came_from.unit),
            reason: judged.reason.clone(),
            evidence: judged.evidence.clone(),
            at: next.at,
        });
        (course.approval, course.heard) = (None, None);
        self.attempts.retain(|attempt| attempt.reached);
    }

    fn take_approval(&mut self, judged: &Judged, next: &Recorded) {
        self.course.approval = Some(Approval {
            by: next.actor.person,
            unit: next.actor.unit.clone(),
            reason: judged.reason.clone(),
            evidence: judged.evidence.clone(),
        });
    }

    fn take_disposal(&mut self, disposed: &Disposed, next: &Recorded) {
        self.course.closure = Some(Closure {
            version: next.version,
            at: next.at,
            by: next.actor.person,
            unit: self.unit().clone(),
            reason: Some(disposed.reason.clone()),
            class: Some(disposed.class),
            verified: None,
            classified: None,
        });
        self.first_disposed_at.get_or_insert(next.at);
        self.close_episode(next.at);
    }

    fn close_episode(&mut self, at: DateTime<Utc>) {
        if let Some(episode) = self.episodes.last_mut() {
            episode.closed_at.get_or_insert(at);
        }
    }

    fn open_episode(&mut self, began_as: EpisodeKind, at: DateTime<Utc>) {
        self.episodes.push(Episode { began_as, opened_at: at, closed_at: None });
        if began_as == EpisodeKind::Reopening {
            self.course.reset();
        }
    }

    fn set_part(&mut self, case: crate::kernel::id::GrievanceId, closed: bool) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.case == case) {
            part.closed = closed;
        }
    }
}

impl What {
    /// Whether the step can be undone while it is the last one: it moved or closed this case and
    /// touched no other.
    const fn can_be_undone(&self) -> bool {
        matches!(
            self,
            Self::Assigned(_)
                | Self::Forwarded(_)
                | Self::Returned(_)
                | Self::Transferred(_)
                | Self::Declined(_)
                | Self::ActionReported(_)
                | Self::ReportSentBack(_)
                | Self::Approved(_)
                | Self::Refused(_)
                | Self::Disposed(_)
        )
    }

    /// Whether the event leaves the last step undoable: it only says something.
    fn is_aside(&self) -> bool {
        matches!(
            self,
            Self::Commented(_)
                | Self::Attached(_)
                | Self::Reminded(_)
                | Self::FeedbackWaived(_)
                | Self::FourEyesWaived(_)
                | Self::Classified(_)
                | Self::Unsealed(_)
                | Self::HoldPlaced(_)
                | Self::HoldReleased(_)
        ) || self.is_clockwork()
    }

    /// Whether the event is about time alone: nobody took a step, and the case stays where it is.
    pub(crate) fn is_clockwork(&self) -> bool {
        match self {
            Self::TargetSet(_)
            | Self::TargetMoved(_)
            | Self::ClockPaused(_)
            | Self::ClockResumed(_)
            | Self::TargetBreached(_)
            | Self::EscalationProposed(_)
            | Self::ComplainantInformed(_)
            | Self::NoticeParked(_) => true,
            Self::Escalated(escalated) => escalated.level.is_some(),
            _ => false,
        }
    }
}

impl Course {
    fn starting(position: Position, since: DateTime<Utc>) -> Self {
        Self {
            position,
            held_since: since,
            post: None,
            trail: Vec::new(),
            opened: false,
            binding: false,
            asked_from: None,
            report: None,
            approval: None,
            heard: None,
            closure: None,
            extended_until: None,
            clocks: Vec::new(),
            last: Vec::new(),
            received: Vec::new(),
        }
    }

    /// Notes when an event was recorded.
    fn note(&mut self, what: &What, at: DateTime<Utc>) {
        let dismissed = matches!(what, What::AppealDecided(it) if it.outcome == Outcome::Dismissed);
        if dismissed || what.is_clockwork() {
            return;
        }
        let kind = what.kind();
        self.received.retain(|(of, _)| *of != kind);
        if let What::Reopened(_) | What::Appealed(_) = what {
            self.received.extend(what.received_at().map(|at| (kind, at)));
        }
        match self.last.iter_mut().find(|(of, _)| *of == kind) {
            Some(last) => last.1 = at,
            None => self.last.push((kind, at)),
        }
    }

    /// Keeps the trail: going back to an office on it forgets the way from there, going on to
    /// another remembers the one that is left.
    ///
    /// A disposal or an appeal that is left behind is no place to go back to, or a return would
    /// close the case: an appeal keeps the way to the office that disposed, a reopening elsewhere
    /// begins a new one.
    fn follow(&mut self, left: Position, to: &Position) {
        let appeal = left.phase == Phase::UnderAppeal || to.phase == Phase::UnderAppeal;
        match self.trail.iter().rposition(|sender| sender.unit == to.unit) {
            Some(at) => self.trail.truncate(at),
            None if !left.phase.is_terminal() && left.phase != Phase::UnderAppeal => self.trail.push(left),
            None if appeal => {}
            None => self.trail.clear(),
        }
    }

    /// Forgets report, approval, feedback and closure: the case is worked on anew.
    fn reset(&mut self) {
        (self.report, self.approval, self.heard, self.closure) = (None, None, None, None);
        self.asked_from = None;
    }

    fn rename_reason(&mut self, reason: &crate::kernel::code::ReasonCode) {
        if let Some(report) = &mut self.report {
            report.reason = Some(reason.clone());
        }
        if let Some(approval) = self.approval.as_mut().filter(|approval| approval.reason.is_some()) {
            approval.reason = Some(reason.clone());
        }
    }
}

pub(super) fn replace<T: Clone>(slot: &mut Option<T>, with: Option<&T>) {
    if let Some(with) = with {
        *slot = Some(with.clone());
    }
}

impl Phase {
    /// Whether a case in this phase waits for somebody to act.
    pub const fn is_pending(self) -> bool {
        !self.is_terminal()
    }
}
