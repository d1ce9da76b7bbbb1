//! Clocks that stand and go on, and due dates that are moved.

use crate::calendar::Calendar;
use crate::grievance::clock::Clock;
use crate::grievance::decide::deadline::{Watch, extendable};
use crate::grievance::event::What;
use crate::grievance::payload::{ClockPaused, ClockResumed, TargetMoved};
use crate::rulebook::target::Pause;
use crate::vocabulary::{Because, Phase, Resumed, TargetKind};
use chrono::{DateTime, Days, NaiveDate, Utc};

impl Watch<'_> {
    /// A report that was sent back: the office's clock goes on, and the time under review does
    /// not count.
    pub(super) fn send_back(&mut self, what: &What) {
        let phase = self.position.phase;
        if phase.is_terminal() || matches!(phase, Phase::ActionReported | Phase::UnderAppeal) {
            return;
        }
        if matches!(what, What::Reopened(_) | What::AppealDecided(_)) {
            return;
        }
        // A question asked under appeal: what was disposed of is not worked on again by that.
        if self.case.is_some_and(|case| case.course.closure.is_some()) {
            return;
        }
        let met = self.clocks.iter().find(|clock| clock.target == TargetKind::Resolution);
        let Some((clock, since)) = met.and_then(|clock| Some((clock, clock.met_at?))) else { return };
        let due_at = self.due_after(clock, Pause { from: since, until: self.at.now });
        let moved = Self::moved(Because::SentBack, TargetKind::Resolution, due_at);
        self.tell(What::TargetMoved(Box::new(moved)));
    }

    /// An officer moved the due date.
    pub(super) fn extend(&mut self, what: &What) {
        let What::Extended(extended) = what else { return };
        let Some(clock) = extendable(&self.clocks) else { return };
        let due_at = clock.amount.until(self.calendar(), extended.until, &[]);
        let moved = TargetMoved {
            until: Some(extended.until),
            ..Self::moved(Because::Extended, clock.target, due_at)
        };
        self.tell(What::TargetMoved(Box::new(moved)));
    }

    /// Stops and starts clocks as the phase says.
    pub(super) fn pause_and_resume(&mut self) {
        let phase = self.position.phase;
        // Stopping a clock and letting it go on leaves each at its place.
        for n in 0..self.clocks.len() {
            let clock = &self.clocks[n];
            let target = clock.target;
            if target.is_window() || clock.met_at.is_some() {
                continue;
            }
            let rule = self.at.rulebook.targets().get(&clock.rule);
            let stands = rule.is_some_and(|rule| rule.paused_in.contains(&phase));
            match (stands, clock.standing) {
                // A pause that has lasted as long as it may does not begin again in the same
                // phase: it begins with a step into that phase.
                (true, None) if self.entered(phase) || self.fresh(clock) => {
                    let days = rule.map_or(0, |rule| rule.pause_days);
                    let until = pause_ends(self.calendar(), self.at.now, days);
                    self.tell(What::ClockPaused(ClockPaused { target, until: Some(until) }));
                }
                (false, Some(_)) => self.resume(target, self.at.now, Resumed::Phase),
                _ => {}
            }
        }
    }

    /// Whether the last step brought the case into the phase.
    pub(super) fn entered(&self, phase: Phase) -> bool {
        self.case.is_none_or(|case| case.phase() != phase || case.course.clocks.is_empty())
    }

    /// Whether the last step set it.
    pub(super) fn fresh(&self, clock: &Clock) -> bool {
        let before = self.case.and_then(|case| case.clock(clock.target));
        before.is_none_or(|before| before.from_at != clock.from_at || before.rule != clock.rule)
    }

    pub(super) fn resume(&mut self, target: TargetKind, at: DateTime<Utc>, because: Resumed) {
        let Some(clock) = self.clocks.iter().find(|clock| clock.target == target) else { return };
        let Some(stood) = clock.standing else { return };
        let due_at = self.due_after(clock, Pause { from: stood.since, until: at });
        self.tell(What::ClockResumed(ClockResumed { because, due_at, resumed_at: at, target }));
    }
}

/// When a pause ends at the latest: when it has lasted so many calendar days, the day on which it
/// began being the first. A day target moves by just as many.
fn pause_ends(calendar: &Calendar, since: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let next = calendar.day_of(since).checked_add_days(Days::new(u64::from(days.max(1))));
    crate::kernel::time::start_of_day(next.unwrap_or(NaiveDate::MAX), calendar.zone())
}
