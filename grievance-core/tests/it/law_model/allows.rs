//! What is open to whom.

use crate::law_model::book::Book;
use crate::law_model::{Told, Word};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{Gate, Phase, Reach};
use std::collections::BTreeSet;

impl Told {
    pub(super) fn reached_by(&self, book: &Book, action: &str, actor: &Actor) -> bool {
        let unit = actor.unit.as_ref().map(|unit| unit.as_str());
        let role = book.document.role.iter().find(|role| role.code == actor.role.as_str());
        let Some(role) = role else { return false };
        // The laws' rulebooks give each role one reach.
        let reach = role.reach.as_ref().map_or(Reach::OwnCases, |reach| reach.0[0]);
        let complains = self.complainant == Some(actor.person);
        if reach == Reach::OwnCases {
            return complains || self.lodged_by == actor.person;
        }
        if unit.is_some_and(|unit| book.accused(unit, self.against.as_deref())) {
            return false;
        }
        let sender = self.path.last().map(|(unit, _)| unit.as_str());
        // By the office that sent it, whatever the reach.
        if action == "recall" {
            return sender.is_some() && sender == unit;
        }
        if reach == Reach::Everywhere {
            return true;
        }
        let Some(unit) = unit else { return false };
        match action {
            "rescind" => self.before.as_ref().is_some_and(|(_, _, mover)| mover.as_deref() == Some(unit)),
            "answer" => self.consulted.iter().any(|asked| asked == unit),
            _ if reach == Reach::OwnUnit => unit == self.unit,
            _ => book.oversees(unit, &self.unit),
        }
    }

    /// Whether the case is there for the actor at all.
    pub(crate) fn seen_by(&self, book: &Book, actor: &Actor) -> bool {
        let Some(role) = book.document.role.iter().find(|role| role.code == actor.role.as_str()) else {
            return false;
        };
        let reach = role.reach.as_ref().map_or(Reach::OwnCases, |reach| reach.0[0]);
        if reach == Reach::OwnCases {
            return self.complainant == Some(actor.person) || self.lodged_by == actor.person;
        }
        let Some(unit) = actor.unit.as_ref().map(|unit| unit.as_str()) else {
            return reach == Reach::Everywhere;
        };
        if book.accused(unit, self.against.as_deref()) {
            return false;
        }
        let mover = self.before.as_ref().and_then(|(_, _, mover)| mover.as_deref());
        reach == Reach::Everywhere
            || unit == self.unit
            || (reach == Reach::UnitsBelow && book.oversees(unit, &self.unit))
            || self.path.last().is_some_and(|(sender, _)| sender == unit)
            || mover == Some(unit)
            || self.consulted.iter().any(|asked| asked == unit)
    }

    pub(super) fn open_parts(&self) -> bool {
        self.parts.iter().any(|(_, closed)| !closed)
    }

    pub(crate) fn enough_attempts(&self, book: &Book) -> bool {
        let policy = &book.document.feedback;
        let days: BTreeSet<_> = self.attempts.iter().map(|(day, _)| *day).collect();
        let slots: BTreeSet<_> = self.attempts.iter().map(|(_, slot)| *slot).collect();
        self.attempts.len() >= policy.attempts as usize
            && days.len() >= policy.days as usize
            && slots.len() >= policy.slots as usize
    }

    /// Whether the complainant was heard (`None`), or why not (`Some`); `Err` while it is owed.
    pub(crate) fn hearing(&self, book: &Book) -> Result<Option<&'static str>, ()> {
        let policy = &book.document.feedback;
        if !policy.before_disposal {
            return Ok(None);
        }
        if self.parent.is_some() {
            return Ok(Some("part"));
        }
        match self.heard.as_deref() {
            Some("not_satisfied") if self.rounds >= policy.rounds && self.approval.is_some() => {
                Ok(Some("exhausted"))
            }
            Some("not_satisfied") => Err(()),
            Some(_) => Ok(None),
            None if self.complainant.is_none() && !self.contact => Ok(Some("suo_motu")),
            None if self.anonymous => Ok(Some("anonymous")),
            None if !self.contact => Ok(Some("no_contact")),
            None => Err(()),
        }
    }

    pub(super) fn in_window(&self, book: &Book, action: &str, now: DateTime<Utc>) -> bool {
        let window = &book.document.window;
        // The last day is in; one on which the office is closed runs on to the next open one.
        let days = |days: u32| {
            self.closed.as_ref().is_none_or(|closed| {
                let known_at = match self.word {
                    Word::NotAwaited => closed.at,
                    Word::Awaited => return true,
                    Word::Arrived(at) => at,
                };
                let mut last = book.day(known_at) + chrono::Days::new(u64::from(days));
                while !book.opens(last) {
                    last = last.succ_opt().unwrap();
                }
                book.day(now) <= last
            })
        };
        match action {
            "rescind" => self
                .before
                .as_ref()
                .is_none_or(|(_, at, _)| now - *at <= TimeDelta::hours(i64::from(window.rescind_hours))),
            "appeal" | "decide_appeal" => days(window.appeal_days),
            // An outcome that is owed can be asked for at any time.
            _ if self.owed => true,
            _ => days(window.reopen_days),
        }
    }

    /// Whether the action is open to the actor now, whatever the command brings.
    pub(crate) fn allows(
        &self,
        book: &Book,
        action: &str,
        said: Option<&str>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> bool {
        let outcome = self.outcome(book, action, said, actor);
        let Some(step) = book.step(action, Some(&self.stage), actor.role.as_str(), outcome) else {
            return false;
        };
        let gate = |gate| step.gate.contains(&gate);
        let whole =
            ["reopen", "appeal", "decide_appeal", "withdraw", "merge", "split", "record_feedback", "erase"];
        if !self.seen_by(book, actor)
            || !self.reached_by(book, action, actor)
            || now < self.updated_at
            || (self.parent.is_some() && whole.contains(&action))
            || ((action == "dispose" || gate(Gate::Parts)) && self.open_parts())
            || ((action == "dispose" || gate(Gate::Feedback)) && self.hearing(book).is_err())
            || ((["reopen", "appeal", "rescind"].contains(&action) || gate(Gate::Window))
                && !self.in_window(book, action, now))
            || (gate(Gate::Approval) && self.approval.is_none())
        {
            return false;
        }
        let mut judged = vec![self.report.as_ref().map(|(by, ..)| *by)];
        if ["decide_appeal", "verify"].contains(&action) {
            judged.push(self.closed.as_ref().map(|closed| closed.by));
            judged.push(self.approver.filter(|_| self.approval.is_some()));
        }
        if (action == "verify" || gate(Gate::DifferentOfficer)) && judged.contains(&Some(actor.person)) {
            return false;
        }
        let unit = actor.unit.as_ref().map(|unit| unit.as_str());
        let cell = &book.document.cell;
        let intake = &book.document.intake;
        match action {
            "return" => !self.binding && (!self.path.is_empty() || self.unit != *cell),
            "recall" => !self.path.is_empty() && !self.opened,
            "transfer" => !self.binding && (outcome != Some("at_cap") || self.unit != *cell),
            "answer" => unit.is_some_and(|unit| self.consulted.iter().any(|asked| asked == unit)),
            "attach" => self.attachments < intake.attachments,
            "extend" => self.extensions < book.document.window.extensions,
            "split" => self.parts.len() < intake.parts as usize,
            "unseal" => false,
            "merge" => !self.open_parts(),
            "release_hold" => !self.holds.is_empty(),
            "erase" => !self.is_open(book) && !self.is_held(book, now),
            "withdraw" | "decline" => self.members.is_empty() && !self.open_parts(),
            "escalate" => book.above(&self.unit).is_some(),
            "record_feedback" => {
                let inside = self.report.as_ref().is_some_and(|(_, of, _)| unit == Some(of.as_str()));
                !(book.document.feedback.outside_office && inside)
                    && (outcome != Some("unreachable") || self.enough_attempts(book))
            }
            "rescind" => self.before.as_ref().is_some_and(|(before, ..)| {
                let ended = !self.is_open(book) && book.phase(&before.stage) != book.phase(&self.stage);
                let disposed = book.phase(&self.stage) == Phase::Disposed;
                !(ended && (self.parent.is_some() || (disposed && !self.members.is_empty())))
            }),
            _ => true,
        }
    }
}
