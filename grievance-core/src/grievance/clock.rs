//! The deadlines of a case as its history left them.

use crate::calendar::Calendar;
use crate::grievance::event::What;
use crate::grievance::state::Course;
use crate::kernel::code::{RuleCode, UnitCode};
use crate::rulebook::target::{Amount, Pause, Used};
use crate::vocabulary::{Because, EventKind, Outcome, Phase, Resumed, TargetKind};
use chrono::{DateTime, NaiveDate, Utc};

/// One deadline: from when, how much, due when, and what became of it.
///
/// Everything in it comes from events; the due instant is the one that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What must have happened.
    pub target: TargetKind,
    /// The rule it was set by.
    pub rule: RuleCode,
    /// The instant it is counted from.
    pub from_at: DateTime<Utc>,
    /// How much time was allowed.
    pub amount: Amount,
    /// The instant by which it must be met; while the clock stands, as it was when it stopped.
    pub due_at: DateTime<Utc>,
    /// Spans in which the clock stood.
    pub pauses: Vec<Pause>,
    /// Since when the clock stands, and when it will go on at the latest.
    pub standing: Option<Standstill>,
    /// How the due instant moved.
    pub moves: Vec<Move>,
    /// The day to which an officer extended it.
    pub extended_to: Option<NaiveDate>,
    /// When it was met; the complainant's window: when they used it.
    pub met_at: Option<DateTime<Utc>>,
    /// Whether it was breached. Nothing takes this back.
    pub breached: bool,
    /// The highest level of the ladder that was taken or proposed on its account.
    pub level: u32,
}

/// A clock that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standstill {
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it goes on at the latest.
    pub until: Option<DateTime<Utc>>,
}

/// A due instant that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Why.
    pub because: Because,
    /// When.
    pub at: DateTime<Utc>,
    /// From which instant.
    pub before: DateTime<Utc>,
    /// To which.
    pub after: DateTime<Utc>,
}

/// A deadline that passed and was not met: a fact that nothing removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// What should have happened.
    pub target: TargetKind,
    /// By which instant.
    pub due_at: DateTime<Utc>,
    /// The office that had custody at that instant.
    pub unit: UnitCode,
}

impl Clock {
    /// Whether it still asks for something: neither met nor standing still.
    pub const fn is_running(&self) -> bool {
        self.met_at.is_none() && self.standing.is_none()
    }

    /// How much of its time was used up at an instant, by a calendar. A target that was met has used
    /// what it had used then, and while the clock stands nothing is used.
    pub fn used(&self, calendar: &Calendar, at: DateTime<Utc>) -> Used {
        let at = self.met_at.map_or(at, |met| met.min(at));
        let stands = self.standing.map(|stands| {
            let until = stands.until.map_or(at, |until| until.min(at));
            Pause { from: stands.since, until: until.max(stands.since) }
        });
        let pauses: Vec<Pause> = self.pauses.iter().copied().chain(stands).collect();
        self.amount.used(calendar, self.from_at, &pauses, at)
    }

    /// The day to which it was extended last, and when that was said.
    pub fn extended(&self) -> Option<(NaiveDate, DateTime<Utc>)> {
        let said = self.moves.iter().rev().find(|moved| moved.because == Because::Extended)?;
        Some((self.extended_to?, said.at))
    }

    /// What lies after an instant of the spans in which the clock stood.
    pub fn pauses_since(&self, at: DateTime<Utc>) -> Vec<Pause> {
        let after = self.pauses.iter().filter(|pause| pause.until > at);
        after.map(|pause| Pause { from: pause.from.max(at), until: pause.until }).collect()
    }

    /// Stops at `at`, and goes on at the latest at `until`.
    fn stop(&mut self, since: DateTime<Utc>, until: Option<DateTime<Utc>>) {
        self.standing = Some(Standstill { since, until });
    }

    /// Goes on from `at`, due at `due_at`.
    fn go_on(&mut self, at: DateTime<Utc>, due_at: DateTime<Utc>) {
        if let Some(stood) = self.standing.take()
            && at > stood.since
        {
            self.pauses.push(Pause { from: stood.since, until: at });
        }
        self.due_at = due_at;
    }
}

/// Takes an event into a case's clocks; `phase` is the one it led to. Total, and the same for a
/// decision that looks ahead as for a replay.
pub(crate) fn take(clocks: &mut Vec<Clock>, what: &What, phase: Phase, at: DateTime<Utc>) {
    let of = |clocks: &mut Vec<Clock>, target| clocks.iter().position(|clock| clock.target == target);
    match what {
        What::TargetSet(set) => {
            clocks.retain(|clock| clock.target != set.target);
            // Whoever has reported is not asked for a report: it is under review.
            let reported = set.target == TargetKind::Resolution && phase == Phase::ActionReported;
            clocks.push(Clock {
                target: set.target,
                rule: set.rule.clone(),
                from_at: set.from_at,
                amount: Amount { within: set.amount, counted: set.counted, keep_clock: set.keep_clock },
                due_at: set.due_at,
                pauses: Vec::new(),
                standing: None,
                moves: Vec::new(),
                extended_to: None,
                met_at: reported.then(|| at.max(set.from_at)),
                breached: false,
                level: 0,
            });
        }
        What::TargetMoved(moved) => {
            let Some(n) = of(clocks, moved.target) else { return };
            let clock = &mut clocks[n];
            clock.moves.push(Move { because: moved.because, at, before: clock.due_at, after: moved.due_at });
            // A report that is sent back: what passed since it was made does not count.
            if let Some(met) = clock.met_at.take()
                && at > met
            {
                clock.pauses.push(Pause { from: met, until: at });
            }
            clock.due_at = moved.due_at;
            if let Some(rule) = &moved.rule {
                clock.rule = rule.clone();
            }
            if let (Some(within), Some(counted)) = (moved.amount, moved.counted) {
                clock.amount = Amount { within, counted, keep_clock: moved.keep_clock };
            }
            if moved.until.is_some() {
                clock.extended_to = moved.until;
            }
        }
        What::ClockPaused(paused) => {
            let Some(n) = of(clocks, paused.target) else { return };
            clocks[n].stop(at, paused.until);
        }
        What::ClockResumed(resumed) => {
            let Some(n) = of(clocks, resumed.target) else { return };
            if resumed.because == Resumed::Informed {
                // A window is counted from when the complainant knew.
                clocks[n].from_at = resumed.resumed_at;
                clocks[n].standing = None;
            }
            clocks[n].go_on(resumed.resumed_at, resumed.due_at);
        }
        What::TargetBreached(breached) => {
            let Some(n) = of(clocks, breached.target) else { return };
            clocks[n].breached = true;
        }
        What::Escalated(escalated) => {
            reached(clocks, escalated.target, escalated.level);
        }
        What::EscalationProposed(proposed) => {
            reached(clocks, proposed.target, Some(proposed.level));
        }
        other => meet(clocks, other, phase, at),
    }
}

fn reached(clocks: &mut [Clock], target: Option<TargetKind>, level: Option<u32>) {
    let (Some(target), Some(level)) = (target, level) else { return };
    if let Some(clock) = clocks.iter_mut().find(|clock| clock.target == target) {
        clock.level = clock.level.max(level);
    }
}

/// Notes which targets an event meets.
fn meet(clocks: &mut Vec<Clock>, what: &What, phase: Phase, at: DateTime<Utc>) {
    // A case that lives again, or was appealed, has no more use for the windows of its disposal.
    if matches!(what, What::Reopened(_) | What::Appealed(_)) {
        clocks.retain(|clock| !clock.target.is_window());
    }
    // Another disposal: what the one before it left open is no longer asked for.
    if matches!(what, What::Disposed(_)) {
        clocks.retain(|clock| !clock.target.is_window() && clock.target != TargetKind::Review);
    }
    for clock in clocks.iter_mut().filter(|clock| clock.met_at.is_none()) {
        if meets(clock.target, what, phase) {
            clock.met_at = Some(at);
            if let Some(stood) = clock.standing.take()
                && at > stood.since
            {
                clock.pauses.push(Pause { from: stood.since, until: at });
            }
        }
    }
}

/// What an office may do first.
const FIRST: &[EventKind] = &[
    EventKind::InformationSought,
    EventKind::InterimReplied,
    EventKind::Forwarded,
    EventKind::Consulted,
    EventKind::StepRecorded,
];

/// Whether a target was met by something that was recorded since an instant, as far as the case
/// remembers: for a target that the case has had no clock of.
pub(crate) fn was_met(target: TargetKind, since: DateTime<Utc>, course: &Course) -> bool {
    let any = |kinds: &[EventKind]| kinds.iter().any(|kind| course.last(*kind).is_some_and(|at| at >= since));
    let ended = [EventKind::Disposed, EventKind::Withdrawn, EventKind::Declined, EventKind::Merged];
    let ended = ended.iter().any(|kind| course.last(*kind).is_some_and(|at| at > since));
    let reported = ended || any(&[EventKind::ActionReported]);
    match target {
        TargetKind::Acknowledgement => {
            reported || any(FIRST) || any(&[EventKind::Acknowledged, EventKind::Admitted])
        }
        TargetKind::FirstAction => reported || any(FIRST),
        TargetKind::InterimReply => reported || any(&[EventKind::InterimReplied]),
        TargetKind::ReferenceReply => ended || any(&[EventKind::InterimReplied]),
        // A report under review is taken back where it is sent back.
        TargetKind::Resolution | TargetKind::AppealDecision => ended,
        TargetKind::Review | TargetKind::AppealFiling | TargetKind::Reopening => false,
    }
}

/// Whether an event is what a target asks for.
fn meets(target: TargetKind, what: &What, phase: Phase) -> bool {
    let ended = phase.is_terminal();
    let reported = ended || phase == Phase::ActionReported;
    let first = reported || FIRST.contains(&what.kind());
    match target {
        TargetKind::Acknowledgement => first || matches!(what, What::Acknowledged(_) | What::Admitted(_)),
        TargetKind::FirstAction => first,
        TargetKind::Resolution => reported,
        TargetKind::InterimReply => reported || matches!(what, What::InterimReplied(_)),
        TargetKind::ReferenceReply => ended || matches!(what, What::InterimReplied(_)),
        TargetKind::AppealDecision => {
            // A workflow may also let an appeal end with a new disposal.
            ended || matches!(what, What::AppealDecided(_))
        }
        TargetKind::Review => match what {
            What::Reopened(_) => true,
            // The case is worked on anew: the outcome that was promised is no longer owed.
            What::AppealDecided(decided) => decided.outcome == Outcome::Allowed,
            What::StepRecorded(_) => ended,
            _ => false,
        },
        TargetKind::AppealFiling | TargetKind::Reopening => false,
    }
}

/// What an undone step gives back: the clocks of before, but what was breached or escalated since
/// stays a fact.
pub(crate) fn give_back(before: &mut [Clock], since: &[Clock]) {
    for clock in before {
        let same = since
            .iter()
            .find(|now| now.target == clock.target && now.from_at == clock.from_at && now.rule == clock.rule);
        if let Some(now) = same {
            clock.breached |= now.breached;
            clock.level = clock.level.max(now.level);
        }
    }
}
