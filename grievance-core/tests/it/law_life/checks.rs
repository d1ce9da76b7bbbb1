//! Each law, held against the model after a step.

use crate::law_life::Sequence;
use crate::law_model::{Book, Told, is_clockwork, is_given};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::{Offer, options};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::request::Request;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{Action, Outcome, Phase};
use std::collections::BTreeSet;

impl Sequence<'_> {
    /// A complainant who lodges, whom a host names or of whom anything is known has an identity.
    pub(super) fn check_person(&mut self, request: &Request, actor: &Actor, has: bool) {
        let Request::Lodge(it) = request else { return };
        let known = [it.name.as_ref(), it.mobile.as_ref(), it.email.as_ref(), it.address.as_ref()]
            .into_iter()
            .any(is_given);
        let should = actor.role.as_str() == "complainant"
            || actor.on_behalf_of.is_some()
            || it.anonymous == Some(true)
            || known;
        if has != should {
            self.found.breaks("facts", &self.name, "the complainant's identity");
        }
    }

    /// What is offered, compared with what the model allows.
    pub(super) fn offers(&mut self, case: GrievanceId, told: &Told, actor: &Actor) -> Vec<Offer> {
        let moment = Moment::new(self.now, actor, &self.office.rulebook);
        let offers = options(Some(self.office.live(case)), &moment);
        for offer in &offers {
            let said = match (offer.action, offer.outcome) {
                (Action::Transfer, _) => None,
                (_, Some(Outcome::Exhausted)) => Some("not_satisfied"),
                (_, outcome) => outcome.map(Outcome::as_str),
            };
            let allowed = offer.action != Action::Lodge
                && told.allows(self.book, offer.action.as_str(), said, actor, self.now);
            if allowed != offer.verdict.is_allowed() {
                let what = format!(
                    "{} {said:?} by {} of {:?} at {} with {}: offered {:?}, the model says {allowed}",
                    offer.action, actor.role, actor.unit, told.stage, told.unit, offer.verdict
                );
                self.found.breaks("offers", &self.name, what);
            }
            self.found.probes += 1;
        }
        offers
    }

    pub(super) fn see(&mut self, events: &[Recorded]) {
        for next in events {
            *self.found.events.entry(next.event.what.kind()).or_default() += 1;
        }
    }

    /// Exactly one valid reason, its evidence, remarks, and the complainant heard or not owed it.
    pub(super) fn check_disposal(&mut self, told: &Told, request: &Request, events: &[Recorded]) {
        let disposals: Vec<_> = events
            .iter()
            .filter_map(|recorded| match &recorded.event.what {
                What::Disposed(disposed) => Some(disposed),
                _ => None,
            })
            .collect();
        if !matches!(request, Request::Dispose(_)) {
            let quietly = events.iter().any(|recorded| {
                recorded.event.led_to.phase == Phase::Disposed
                    && matches!(self.office.cases[&recorded.case].history[..], [.., ref one, ref two]
                        if one.event.led_to.phase != Phase::Disposed
                            && one.event.led_to.phase != Phase::UnderAppeal
                            && two == recorded)
            });
            if quietly || !disposals.is_empty() {
                self.found.breaks("disposal", &self.name, "something else than a disposal disposed");
            }
            return;
        }
        let [disposed] = disposals[..] else {
            self.found.breaks("disposal", &self.name, format!("{} disposals at once", disposals.len()));
            return;
        };
        let day = self.book.day(self.now);
        let entry = self.book.document.reason.iter().find(|entry| entry.code == disposed.reason.as_str());
        let valid = entry.is_some_and(|entry| {
            entry.valid_from.is_none_or(|from| from <= day)
                && entry.valid_to.is_none_or(|to| day <= to)
                && entry.class == Some(disposed.class)
                && !(entry.not_ours && self.book.document.transfer.must_transfer)
        });
        if !valid {
            self.found.breaks("disposal", &self.name, format!("the reason {}", disposed.reason));
        }
        let wanted: BTreeSet<_> =
            entry.into_iter().flat_map(|entry| entry.evidence.iter().copied()).collect();
        if disposed.evidence.keys().copied().collect::<BTreeSet<_>>() != wanted {
            self.found.breaks("disposal", &self.name, format!("the evidence for {}", disposed.reason));
        }
        if let Some(Some(selected)) = &told.approval
            && selected != disposed.reason.as_str()
        {
            self.found.breaks("disposal", &self.name, "the selected reason was altered");
        }
        if told.parts.iter().any(|(_, closed)| !closed) {
            self.found.breaks("parts", &self.name, "a divided case was disposed before its parts");
        }
        let waived = events.iter().find_map(|recorded| match &recorded.event.what {
            What::FeedbackWaived(waived) => Some(waived.because.as_str()),
            _ => None,
        });
        if told.hearing(self.book) != Ok(waived) {
            let what = format!("heard: {:?}; on record: {waived:?}", told.hearing(self.book));
            self.found.breaks("disposal", &self.name, what);
        }
    }

    /// What must hold of every case that the command touched.
    pub(super) fn check_all(&mut self, events: &[Recorded]) {
        let touched: BTreeSet<_> = events.iter().map(|recorded| recorded.case).collect();
        for id in touched {
            let held = &self.office.cases[&id];
            let told = &self.ledger[&id];
            let mut wrong = differences(&CaseFact::of(&held.live), told, self.book);
            let steps = held.history.iter().filter(|next| !is_clockwork(&next.event.what)).count() as u64;
            if told.version != steps || held.live.version != held.history.len() as u64 {
                wrong.push(format!("{steps} steps, should be {}", told.version));
            }
            if !wrong.is_empty() {
                let way: Vec<_> = held
                    .history
                    .iter()
                    .map(|it| {
                        format!("{} {} {}", it.event.what.kind(), it.event.led_to.stage, it.event.led_to.unit)
                    })
                    .collect();
                let what = format!("{wrong:?} after {}", way.join(", "));
                self.found.breaks("facts", &self.name, what);
            }
            if held
                .history
                .iter()
                .zip(1..)
                .any(|(recorded, at)| recorded.version != at || recorded.case != id)
            {
                self.found.breaks("versions", &self.name, id);
            }
            let known = self.book.document.unit.iter().any(|unit| unit.code == held.live.unit().as_str());
            if !known || held.live.course.position != held.history.last().expect("an event").event.led_to {
                self.found.breaks("one_office", &self.name, held.live.unit());
            }
            if held.live.transfers > self.book.document.transfer.cap {
                self.found.breaks("cap", &self.name, held.live.transfers);
            }
            if let Some(into) = held.live.merged_into {
                let master = self.office.live(into);
                let good = master.merged_into.is_none() && into != id && master.members.contains(&id);
                if !good || held.live.phase() != Phase::Merged {
                    self.found.breaks("merges", &self.name, "a merged case does not lead to its master");
                }
            }
            let members = &held.live.members;
            let once: BTreeSet<_> = members.iter().collect();
            if once.len() != members.len()
                || members.iter().any(|member| self.office.live(*member).merged_into != Some(id))
            {
                self.found.breaks("merges", &self.name, "members and masters disagree");
            }
            if let Some(Recorded { event, at, .. }) =
                events.iter().find(|it| it.case == id && matches!(it.event.what, What::Disposed(_)))
            {
                let What::Disposed(disposed) = &event.what else { unreachable!() };
                let told = members.iter().all(|member| {
                    let last = self.office.cases[member].history.last().expect("an event");
                    last.at == *at
                        && matches!(&last.event.what, What::OutcomeShared(shared)
                            if shared.master == id && shared.reason == disposed.reason)
                });
                if !told {
                    self.found.breaks("merges", &self.name, "a member was not told the outcome");
                }
            }
        }
    }
}

/// Whether spoiling made it a command for another outcome than the offer's.
pub(super) fn changes_outcome(request: &Request, said: Option<&str>) -> bool {
    crate::law_model::said(request) != said
}

/// What the row says otherwise than the model.
fn differences(fact: &CaseFact, told: &Told, book: &Book) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |name: &str, is: String, should: String| {
        if is != should {
            wrong.push(format!("{name} is {is}, should be {should}"));
        }
    };
    let closed = told.closed.as_ref();
    same("updated_at", fact.updated_at.to_string(), told.updated_at.to_string());
    same("stage", fact.stage.to_string(), told.stage.clone());
    same("phase", fact.phase.to_string(), book.phase(&told.stage).to_string());
    same("unit", fact.unit.to_string(), told.unit.clone());
    same("held_since", fact.held_since.to_string(), told.held_since.to_string());
    same("kind", fact.kind.to_string(), told.kind.clone());
    same(
        "category",
        format!("{:?}", fact.category.as_ref().map(|it| it.as_str())),
        format!("{:?}", told.category.as_deref()),
    );
    same(
        "place",
        format!("{:?}", fact.place.as_ref().map(|it| it.as_str())),
        format!("{:?}", told.place.as_deref()),
    );
    same(
        "priority",
        format!("{:?}", fact.priority.as_ref().map(|it| it.as_str())),
        format!("{:?}", told.priority.as_deref()),
    );
    same(
        "channel",
        format!("{:?}", fact.channel.as_ref().map(|it| it.as_str())),
        format!("{:?}", Some(told.channel.as_str())),
    );
    same("lodged_at", fact.lodged_at.to_string(), told.lodged_at.to_string());
    same("received_at", fact.received_at.to_string(), told.received_at.to_string());
    same(
        "first_disposed_at",
        format!("{:?}", fact.first_disposed_at),
        format!("{:?}", told.first_disposed_at),
    );
    let stands = [Phase::Disposed, Phase::UnderAppeal].contains(&book.phase(&told.stage));
    let closed = closed.filter(|_| stands);
    same("disposed_at", format!("{:?}", fact.disposed_at), format!("{:?}", closed.map(|it| it.at)));
    same(
        "looked",
        format!("{:?}", fact.finding.map(|it| (it.to_string(), fact.sampled_for.map(|day| day.to_string())))),
        format!("{:?}", closed.and_then(|it| it.looked.clone())),
    );
    same(
        "root_cause",
        format!("{:?}", fact.root_cause.as_ref().map(|it| it.as_str())),
        format!("{:?}", closed.and_then(|it| it.cause.as_deref())),
    );
    same(
        "disposed_by",
        format!("{:?}", fact.disposed_by.as_ref().map(|it| it.as_str())),
        format!("{:?}", closed.map(|it| it.unit.as_str())),
    );
    same(
        "reason",
        format!("{:?}", fact.reason.as_ref().map(|it| it.as_str())),
        format!("{:?}", closed.map(|it| it.reason.as_str())),
    );
    same(
        "feedback",
        format!("{:?}", fact.feedback.map(|it| it.as_str())),
        format!("{:?}", told.heard.as_deref()),
    );
    same("reopenings", fact.reopenings.to_string(), told.reopenings.to_string());
    same("appeals", fact.appeals.to_string(), told.appeals.to_string());
    same("transfers", fact.transfers.to_string(), told.transfers.to_string());
    same("due_at", format!("{:?}", fact.due_at), format!("{:?}", told.public_due(book)));
    same("breaches", fact.breaches.to_string(), told.breaches.len().to_string());
    let breach = fact.breached_at.zip(fact.breached_by.as_ref().map(|unit| unit.to_string()));
    same("breached", format!("{breach:?}"), format!("{:?}", told.breaches.last().cloned()));
    same("escalations", fact.escalations.to_string(), told.escalations.to_string());
    same("level", fact.level.to_string(), told.levels.values().map(|it| it.2).max().unwrap_or(0).to_string());
    same("reminders", fact.reminders.to_string(), told.reminders.to_string());
    same("extensions", fact.extensions.to_string(), told.extensions.to_string());
    same("part_of", format!("{:?}", fact.part_of), format!("{:?}", told.parent));
    same("merged_into", format!("{:?}", fact.merged_into), format!("{:?}", told.merged_into));
    let tracked = told.anonymous && told.parent.is_none();
    same("tracking", fact.tracking.is_some().to_string(), tracked.to_string());
    wrong
}
