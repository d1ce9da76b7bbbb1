//! Another office, subject or priority, and what becomes of the deadlines.

use crate::grievance::clock::{self, Clock};
use crate::grievance::decide::deadline::Watch;
use crate::grievance::event::What;
use crate::grievance::payload::TargetMoved;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::rulebook::target::TargetRule;
use crate::vocabulary::{Because, CountedFrom, EventKind, OnChange, TargetKind};
use chrono::{DateTime, Utc};

impl Watch<'_> {
    /// Another office, subject or priority may mean another rule.
    pub(super) fn change(&mut self, what: &What, came_from: &UnitCode) {
        let because = match what {
            What::Transferred(_) => Because::Transferred,
            What::Assigned(_) if *came_from != self.position.unit => Because::Transferred,
            What::Recategorised(_) => Because::Recategorised,
            What::Corrected(change) if change.priority.is_some() => Because::Priority,
            _ => return,
        };
        for target in TargetKind::ALL {
            if target.is_window() || *target == TargetKind::Review {
                continue;
            }
            if self.clocks.iter().any(|clock| clock.target == *target) {
                self.change_one(*target, because, matches!(what, What::Transferred(_)));
            } else {
                self.add(*target, because);
            }
        }
    }

    fn change_one(&mut self, target: TargetKind, because: Because, transferred: bool) {
        let Some(rule) = self.rule(target) else { return };
        let Some(clock) = self.clocks.iter().find(|clock| clock.target == target) else { return };
        if clock.met_at.is_some() {
            return;
        }
        match policy(rule, because) {
            OnChange::Keep => {}
            OnChange::Restart if transferred || clock.rule != rule.code => {
                self.set(rule, self.at.now, Some(because));
            }
            OnChange::Restart | OnChange::Carry if clock.rule == rule.code => {}
            OnChange::Restart | OnChange::Carry => {
                let now = Clock { amount: rule.amount, ..clock.clone() };
                let moved = TargetMoved {
                    because,
                    due_at: self.due(&now),
                    keep_clock: rule.amount.keep_clock,
                    target,
                    amount: Some(rule.amount.within),
                    counted: Some(rule.amount.counted),
                    rule: Some(rule.code.clone()),
                    until: None,
                };
                self.tell(What::TargetMoved(Box::new(moved)));
            }
        }
    }

    /// Sets a kind of target that the case had none of, and that counts for it now. It is counted from
    /// the event that would have begun it; anew, if the rule says `restart`. What was done since that
    /// event is not asked for again.
    ///
    /// `keep` keeps a due date. Where there is none to keep, no time is gained by counting from the
    /// beginning.
    fn add(&mut self, target: TargetKind, because: Because) {
        let Some(case) = self.case else { return };
        let Some(rule) = self.rule(target) else { return };
        let Some(began) = self.began(case, rule) else { return };
        if self.position.phase.is_terminal() || clock::was_met(target, began, &case.course) {
            return;
        }
        let restart = policy(rule, because) == OnChange::Restart;
        let from_at = if restart { self.at.now } else { began };
        if target == TargetKind::ReferenceReply {
            self.begin_reply(rule, case.subject.reference.as_ref(), from_at, Some(because));
        } else {
            self.set(rule, from_at, Some(because));
        }
    }

    /// The instant of the last event that the rule begins with, as the rule counts it. An imported
    /// case was lodged elsewhere, and what was done there is not known: only its resolution is counted,
    /// from when it went live here.
    fn began(&self, case: &Grievance, rule: &TargetRule) -> Option<DateTime<Utc>> {
        let received = rule.counted_from != Some(CountedFrom::Recorded);
        let began = rule.starts.iter().filter_map(|event| {
            let at = case.course.last(*event);
            match event {
                EventKind::Lodged if case.adopted.is_some() => {
                    let live = self.clocks.iter().map(|clock| clock.from_at).min();
                    live.filter(|_| rule.kind == TargetKind::Resolution)
                }
                EventKind::Lodged | EventKind::PartOpened if received => at.map(|_| case.subject.received_at),
                _ if received => case.course.received(*event).or(at),
                _ => at,
            }
        });
        began.max()
    }
}

/// What a rule says becomes of a clock.
fn policy(rule: &TargetRule, because: Because) -> OnChange {
    if because == Because::Transferred { rule.on_transfer } else { rule.on_recategorise }
}
