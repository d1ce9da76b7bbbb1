//! Deadlines that begin.

use crate::grievance::clock::Clock;
use crate::grievance::decide::deadline::Watch;
use crate::grievance::event::{Event, What};
use crate::grievance::payload::{ClockPaused, ClockResumed, Reference, TargetSet};
use crate::grievance::state::Grievance;
use crate::grievance::tell;
use crate::rulebook::target::{Amount, TargetRule};
use crate::vocabulary::{
    Because, CountedFrom, EventKind, EvidenceKind, Outcome, Resumed, TargetKind, TimeUnit,
};
use chrono::{DateTime, NaiveDate, Utc};

impl Watch<'_> {
    /// Sets the targets that begin with this event.
    pub(super) fn begin_with(&mut self, event: &Event) {
        let what = &event.what;
        let kind_of_event = what.kind();
        if !self.at.rulebook.targets().begin_with(kind_of_event) && kind_of_event != EventKind::Disposed {
            return;
        }
        let answers = match what {
            What::Lodged(lodged) => Some(lodged.routed.unit.clone()),
            _ => None,
        };
        let unit = answers.unwrap_or_else(|| self.position.unit.clone());
        for kind in TargetKind::ALL {
            if kind.is_window() || *kind == TargetKind::Review {
                continue;
            }
            // An appeal that is dismissed opens nothing.
            if matches!(what, What::AppealDecided(decided) if decided.outcome != Outcome::Allowed) {
                continue;
            }
            let Some(rule) = self.rule_at(*kind, &unit) else { continue };
            if !rule.starts.contains(&kind_of_event) {
                continue;
            }
            let from_at = match (rule.counted_from, what) {
                (None | Some(CountedFrom::Received), what) => what.received_at().unwrap_or(self.at.now),
                (Some(CountedFrom::Recorded), _) => self.at.now,
            };
            match what {
                What::Lodged(lodged) if *kind == TargetKind::ReferenceReply => {
                    self.begin_reply(rule, lodged.reference.as_ref(), from_at, None);
                }
                _ => self.set(rule, from_at, None),
            }
        }
        if let What::Disposed(disposed) = what {
            self.begin_windows(event);
            let day = disposed.evidence.iter().find_map(|(kind, shown)| match (kind, shown) {
                (
                    EvidenceKind::ReviewDate | EvidenceKind::FollowUpDate,
                    crate::grievance::payload::Shown::Date(day),
                ) => Some(*day),
                _ => None,
            });
            if let Some(day) = day {
                self.begin_review(day);
            }
        }
    }

    /// A reply to whoever referred the case: by the date of the letter, else by the rule.
    pub(super) fn begin_reply(
        &mut self,
        rule: &TargetRule,
        reference: Option<&Reference>,
        from_at: DateTime<Utc>,
        because: Option<Because>,
    ) {
        let Some(reference) = reference else { return };
        match reference.reply_due {
            Some(day) => self.set_until(rule, day, because),
            None => self.set(rule, from_at, because),
        }
    }

    /// Whoever owes an outcome looks at it again on the day that was promised.
    pub(super) fn begin_review(&mut self, day: NaiveDate) {
        match self.rule(TargetKind::Review) {
            Some(rule) => self.set_until(rule, day, None),
            None => self.set_until(&TargetRule::review(), day, None),
        }
    }

    /// A target that is due on a day that was named, not so much time after something.
    pub(super) fn set_until(&mut self, rule: &TargetRule, day: NaiveDate, because: Option<Because>) {
        let calendar = self.calendar();
        let today = calendar.day_of(self.at.now);
        let days = u32::try_from((day - today).num_days()).unwrap_or(0);
        let amount = Amount { within: days, counted: TimeUnit::CalendarDays, keep_clock: false };
        let due_at = amount.due(calendar, self.at.now, &[], false);
        self.tell_set(rule, amount, self.at.now, due_at, because);
    }

    /// The complainant's time to reopen and to appeal: it begins when the message about the
    /// disposal has arrived, and with the disposal itself where none is owed.
    pub(super) fn begin_windows(&mut self, disposal: &Event) {
        let mut awaited = None;
        let rulebook = self.at.rulebook;
        let offered = |action| rulebook.workflow().offers(action, &self.position.stage);
        let kinds = [
            (TargetKind::Reopening, offered(crate::vocabulary::Action::Reopen)),
            (TargetKind::AppealFiling, offered(crate::vocabulary::Action::Appeal)),
        ];
        let part = self.case.is_some_and(Grievance::is_part);
        for (kind, offered) in kinds {
            if !offered || part {
                continue;
            }
            match self.rule(kind) {
                Some(rule) => self.set(rule, self.at.now, None),
                None => self.set(&TargetRule::window(kind, rulebook.window()), self.at.now, None),
            }
            let is_awaited = || self.case.is_some_and(|case| tell::is_awaited(case, disposal, self.at));
            if *awaited.get_or_insert_with(is_awaited) {
                self.tell(What::ClockPaused(ClockPaused { target: kind, until: None }));
            }
        }
    }

    /// The complainant knows of the closure: the windows that waited for it begin to run.
    pub(super) fn open_windows(&mut self) {
        let waiting = |clock: &&Clock| clock.target.is_window() && clock.standing.is_some();
        let windows: Vec<Clock> = self.clocks.iter().filter(waiting).cloned().collect();
        for clock in windows {
            let due_at = clock.amount.due(self.calendar(), self.at.now, &[], true);
            self.tell(What::ClockResumed(ClockResumed {
                because: Resumed::Informed,
                due_at,
                resumed_at: self.at.now,
                target: clock.target,
            }));
        }
    }

    pub(super) fn set(&mut self, rule: &TargetRule, from_at: DateTime<Utc>, because: Option<Because>) {
        let due_at = rule.amount.due(self.calendar(), from_at, &[], rule.kind.is_window());
        self.tell_set(rule, rule.amount, from_at, due_at, because);
    }

    pub(super) fn tell_set(
        &mut self,
        rule: &TargetRule,
        amount: Amount,
        from_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
        because: Option<Because>,
    ) {
        self.tell(What::TargetSet(Box::new(TargetSet {
            amount: amount.within,
            counted: amount.counted,
            due_at,
            from_at,
            keep_clock: amount.keep_clock,
            rule: rule.code.clone(),
            target: rule.kind,
            because,
        })));
    }
}
