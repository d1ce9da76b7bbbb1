//! What a command and time make of a case.

use crate::law_model::book::Book;
use crate::law_model::{Closed, Told, Word, is_given, said};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::request::Request;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::document::StepEntry;
use grievance_core::vocabulary::{Custody, Phase, TargetKind};

impl Told {
    /// The office that the step leaves the case with.
    pub(super) fn goes_to(&self, book: &Book, step: &StepEntry, action: &str, named: Option<&str>) -> String {
        let usual = match action {
            "assign" | "forward" | "transfer" => Custody::Named,
            "return" | "recall" | "report_action" => Custody::Sender,
            "send_back_report" => Custody::Reporter,
            "appeal" => Custody::Appellate,
            "reopen" => Custody::Disposer,
            _ => Custody::Stay,
        };
        let cell = book.document.cell.as_str();
        let against = self.against.as_deref();
        let routed = || book.route(self.category.as_deref(), self.place.as_deref(), against);
        let sender = self.path.last().map(|(unit, _)| unit.as_str());
        let closed = self.closed.as_ref().map_or(self.unit.as_str(), |closed| closed.unit.as_str());
        let unit = match step.custody.unwrap_or(usual) {
            Custody::Stay => return self.unit.clone(),
            Custody::Routed => return routed(),
            Custody::Named => named.map_or_else(routed, str::to_owned),
            Custody::Sender => sender.unwrap_or(cell).to_owned(),
            Custody::Reporter => self
                .report
                .as_ref()
                .map_or_else(|| sender.unwrap_or(&self.unit).to_owned(), |(_, unit, _)| unit.clone()),
            Custody::Cell => cell.to_owned(),
            Custody::Appellate => book.appellate(closed),
            Custody::Disposer => closed.to_owned(),
        };
        book.clear(&unit, against)
    }

    /// A command on this case was carried out.
    pub(crate) fn take(&mut self, book: &Book, request: &Request, actor: &Actor, now: DateTime<Utc>) {
        let action = request.action().as_str();
        let outcome = self.outcome(book, action, said(request), actor);
        let step =
            book.step(action, Some(&self.stage), actor.role.as_str(), outcome).expect("a step").clone();
        let unit = actor.unit.as_ref().map(|unit| unit.as_str().to_owned());
        let was = self.clone();
        let waived = action == "dispose" && self.hearing(book).is_ok_and(|waiver| waiver.is_some());
        self.version += 1 + u64::from(waived);
        self.updated_at = now;
        if action == "rescind" {
            let (before, ..) = self.before.take().expect("a step to undo");
            let since = std::mem::replace(self, Self { before: None, ..*before });
            (self.version, self.updated_at) = (since.version, since.updated_at);
            (self.attachments, self.rounds) = (since.attachments, since.rounds);
            // What was missed, escalated or asked for since stays a fact.
            (self.breaches, self.escalations) = (since.breaches, since.escalations);
            (self.reminders, self.holds) = (since.reminders, since.holds);
            for (target, (from, rule, level)) in &mut self.levels {
                if let Some((same, by, now)) = since.levels.get(target)
                    && (same, by) == (&*from, &*rule)
                {
                    *level = (*level).max(*now);
                }
            }
            return;
        }
        if unit.as_deref() == Some(self.unit.as_str()) {
            self.opened = true;
        }
        let undoable = [
            "assign",
            "forward",
            "return",
            "transfer",
            "decline",
            "report_action",
            "send_back_report",
            "approve",
            "refuse",
            "dispose",
        ];
        if undoable.contains(&action) {
            let before = Self { opened: self.opened, before: None, ..was.clone() };
            self.before = Some((Box::new(before), now, unit.clone()));
        } else if !["comment", "attach", "remind", "classify", "hold", "release_hold"].contains(&action) {
            self.before = None;
        }

        // Where it goes.
        let named = match request {
            Request::Assign(it) => it.unit.clone(),
            Request::Forward(it) => Some(it.unit.clone()),
            Request::Transfer(it) => Some(it.unit.clone()),
            _ => None,
        };
        let mut to = self.goes_to(book, &step, action, named.as_deref());
        if outcome == Some("at_cap") {
            to = book.clear(&book.document.cell, self.against.as_deref());
        }
        let start = || {
            let lodging = book.document.workflow.step.iter().find(|step| step.action == "lodge").unwrap();
            lodging.to.clone().unwrap()
        };
        self.stage = match (&step.to, action) {
            (Some(stage), _) => stage.clone(),
            (None, "return" | "recall") => self.path.last().map_or_else(start, |(_, stage)| stage.clone()),
            (None, "provide_information") => self.asked_from.clone().unwrap_or_else(|| was.stage.clone()),
            (None, _) => was.stage.clone(),
        };
        if to != was.unit {
            self.held_since = now;
            (self.opened, self.binding) = (false, false);
            let left = (was.unit.clone(), was.stage.clone());
            let appeal = |stage: &str| book.phase(stage) == Phase::UnderAppeal;
            match self.path.iter().rposition(|(unit, _)| *unit == to) {
                Some(at) if action != "approve" => self.path.truncate(at),
                // Nobody is sent back to an appeal or a closure.
                _ if appeal(&was.stage) || (!was.is_open(book) && appeal(&self.stage)) => {}
                _ if !was.is_open(book) => self.path.clear(),
                _ => self.path.push(left),
            }
            self.unit = to;
        }
        self.says(book, request, actor, now, &was, outcome);
    }

    /// What the step says besides where it goes.
    pub(super) fn says(
        &mut self,
        book: &Book,
        request: &Request,
        actor: &Actor,
        now: DateTime<Utc>,
        was: &Self,
        outcome: Option<&str>,
    ) {
        match request {
            Request::Admit(_) | Request::Acknowledge(_) => self.opened = true,
            Request::Assign(_) => self.binding = was.transfers >= book.document.transfer.cap,
            Request::Forward(_) => self.binding = false,
            Request::Transfer(_) => {
                self.binding = false;
                self.transfers += u32::from(outcome != Some("at_cap"));
            }
            Request::Recategorise(it) => {
                self.category = it.category.clone().or_else(|| self.category.take());
                self.place = it.place.clone().or_else(|| self.place.take());
            }
            Request::Reclassify(it) => self.kind.clone_from(&it.kind),
            Request::Consult(it) => self.consulted.push(it.unit.clone()),
            Request::Answer(_) => {
                let unit = actor.unit.as_ref().expect("an office answers").as_str();
                self.consulted.retain(|asked| asked != unit);
            }
            Request::SeekInformation(_) => {
                self.asked_from.get_or_insert_with(|| was.stage.clone());
            }
            Request::ProvideInformation(_) => self.asked_from = None,
            Request::Attach(_) => self.attachments += 1,
            Request::ReportAction(it) => {
                let unit = actor.unit.as_ref().map_or(was.unit.clone(), |unit| unit.as_str().to_owned());
                self.report = Some((actor.person, unit, it.reason.clone()));
                (self.approval, self.heard) = (None, None);
                self.attempts.clear();
            }
            Request::SendBackReport(_) | Request::Refuse(_) => self.approval = None,
            Request::Approve(it) => {
                let proposed = self.report.as_ref().and_then(|(_, _, reason)| reason.clone());
                self.approval = Some(it.reason.clone().or(proposed));
                self.approver = Some(actor.person);
            }
            Request::RecordCall(it) => {
                if it.reached {
                    self.knows(now);
                }
                let local = now.with_timezone(&book.zone);
                let slot = match local.hour() {
                    ..=11 => 0,
                    12..=16 => 1,
                    _ => 2,
                };
                if !it.reached {
                    let day = local.date_naive();
                    assert_eq!(day.day(), local.day());
                    self.attempts.push((day, slot));
                }
            }
            Request::RecordFeedback(it) => {
                self.knows(now);
                self.heard = Some(it.outcome.clone());
                if it.outcome == "not_satisfied" {
                    self.rounds += 1;
                    self.approval = None;
                }
            }
            Request::Dispose(it) => {
                let reason = it.reason.clone().or_else(|| self.approval.clone().flatten());
                self.closed = Some(Closed {
                    at: now,
                    by: actor.person,
                    unit: self.unit.clone(),
                    reason: reason.expect("a reason"),
                    looked: None,
                    cause: None,
                });
                self.word = Word::NotAwaited;
                self.first_disposed_at.get_or_insert(now);
                let dates = ["review_date", "follow_up_date"];
                let shown = it.evidence.as_ref();
                self.owed = shown.is_some_and(|shown| dates.iter().any(|date| shown.get(*date).is_some()));
            }
            Request::Verify(it) => {
                let closed = self.closed.as_mut().expect("what is verified was disposed");
                closed.looked = Some((it.finding.clone(), it.sample.clone()));
            }
            Request::Classify(it) => {
                let closed = self.closed.as_mut().expect("what is classified was disposed");
                closed.cause = Some(it.root_cause.clone());
            }
            Request::Remind(_) => self.reminders += 1,
            Request::ReleaseHold(it) => self.holds.retain(|(version, _)| *version != u64::from(it.hold)),
            Request::Escalate(_) => self.escalations += 1,
            Request::Reopen(_) => {
                self.reopenings += 1;
                self.begin_anew();
            }
            Request::Appeal(_) => {
                // Who appeals knows; what is left of the windows counts from the disposal.
                self.word = Word::NotAwaited;
                self.appeals += 1;
            }
            Request::DecideAppeal(it) if it.outcome == "allowed" => self.begin_anew(),
            Request::Extend(_) => self.extensions += 1,
            Request::Correct(it) => {
                self.priority = it.priority.clone().or_else(|| self.priority.take());
                self.contact |=
                    [it.mobile.as_ref(), it.email.as_ref(), it.address.as_ref()].into_iter().any(is_given);
            }
            _ => {}
        }
    }

    /// Whether anything keeps the words today.
    pub(crate) fn is_held(&self, book: &Book, now: DateTime<Utc>) -> bool {
        self.holds.iter().any(|(_, until)| until.is_none_or(|until| book.day(now) <= until))
    }

    pub(super) fn begin_anew(&mut self) {
        (self.report, self.approval, self.heard, self.closed) = (None, None, None, None);
        self.asked_from = None;
        self.owed = false;
    }

    /// What time brought.
    pub(crate) fn hears(&mut self, next: &Recorded) {
        self.updated_at = next.at;
        match &next.event.what {
            What::TargetSet(set) => {
                let since = (set.from_at, set.rule.to_string(), 0);
                self.levels.insert(set.target, since);
                if set.target == TargetKind::Resolution {
                    self.due = Some(set.due_at);
                }
            }
            What::TargetMoved(moved) => {
                if let (Some(rule), Some(level)) = (&moved.rule, self.levels.get_mut(&moved.target)) {
                    level.1 = rule.to_string();
                }
                if moved.target == TargetKind::Resolution {
                    self.due = Some(moved.due_at);
                }
            }
            What::Disposed(_) => self.disposal = next.version,
            What::HoldPlaced(placed) => self.holds.push((next.version, placed.until)),
            What::ClockPaused(paused) if paused.target.is_window() => self.word = Word::Awaited,
            What::ComplainantInformed(told) if told.of == self.disposal => self.knows(next.at),
            What::ClockResumed(resumed) if resumed.target == TargetKind::Resolution => {
                self.due = Some(resumed.due_at);
            }
            What::TargetBreached(breached) => {
                self.breaches.push((breached.due_at, next.event.led_to.unit.to_string()));
            }
            What::Escalated(escalated) => {
                self.escalations += 1;
                self.reached(escalated.target, escalated.level);
            }
            What::EscalationProposed(it) => self.reached(it.target, Some(it.level)),
            _ => {}
        }
    }

    /// The complainant knows of the disposal, if they did not before.
    pub(super) fn knows(&mut self, at: DateTime<Utc>) {
        if self.word == Word::Awaited {
            self.word = Word::Arrived(at);
        }
    }

    pub(super) fn reached(&mut self, target: Option<TargetKind>, level: Option<u32>) {
        let (Some(target), Some(level)) = (target, level) else { return };
        if let Some((_, _, most)) = self.levels.get_mut(&target) {
            *most = (*most).max(level);
        }
    }

    /// Another case's command told this one something.
    pub(super) fn is_told(&mut self, actor: &Actor, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
        self.before = None;
        if actor.unit.as_ref().is_some_and(|unit| unit.as_str() == self.unit) {
            self.opened = true;
        }
    }
}
