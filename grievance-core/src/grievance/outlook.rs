//! Why a date is what it is, and what comes next if nobody acts.

use crate::calendar::Skipped;
use crate::grievance::clock::{Clock, Move, Standstill};
use crate::grievance::command::Command;
use crate::grievance::decide::decide;
use crate::grievance::event::{Recorded, What};
use crate::grievance::moment::Moment;
use crate::grievance::state::Grievance;
use crate::grievance::timer::timers;
use crate::kernel::code::{PostCode, RuleCode, StageCode, UnitCode};
use crate::kernel::number::RegistrationNumber;
use crate::rulebook::Rulebook;
use crate::rulebook::target::{Amount, Pause};
use crate::vocabulary::{Phase, TargetKind, TimeUnit};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// Most steps that are told ahead: a ladder has fewer.
const FURTHEST: usize = 64;

/// Why a deadline is due when it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What must have happened.
    pub target: TargetKind,
    /// The rule, and its name in the rulebook; empty for a rule that it no longer has.
    pub rule: (RuleCode, String),
    /// The instant it is counted from; its day is not counted.
    pub from_at: DateTime<Utc>,
    /// How much time is allowed.
    pub amount: Amount,
    /// Days after the start that were not counted, and why. Calendar days all count, but a
    /// complainant's window that ends on a closed day rolls over: those days, and why.
    pub skipped: Vec<Skipped>,
    /// Spans in which the clock stood.
    pub pauses: Vec<Pause>,
    /// Since when it stands.
    pub standing: Option<Standstill>,
    /// How it moved.
    pub moves: Vec<Move>,
    /// The instant by which it must be met.
    pub due_at: DateTime<Utc>,
    /// The day of that instant in the office's zone; a day that ends at midnight is the day before.
    pub due_on: NaiveDate,
    /// When it was met.
    pub met_at: Option<DateTime<Utc>>,
    /// Whether it was breached.
    pub breached: bool,
}

/// What happens to a case at an instant to come, if nobody acts until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// When.
    pub at: DateTime<Utc>,
    /// On which day, in the office's zone.
    pub on: NaiveDate,
    /// What.
    pub what: Happens,
}

/// What happens if nobody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happens {
    /// A target is missed.
    Missed(TargetKind),
    /// The clock of a target that stood goes on.
    GoesOn(TargetKind),
    /// A superior hears of the case.
    ToldTo {
        /// The office.
        unit: UnitCode,
        /// The post in it.
        post: Option<PostCode>,
        /// The level of the ladder.
        level: u32,
    },
    /// A superior takes the case over.
    GoesTo {
        /// The office.
        unit: UnitCode,
        /// The post in it.
        post: Option<PostCode>,
        /// The level of the ladder.
        level: u32,
    },
    /// A level of the ladder is proposed to an officer.
    Proposed {
        /// The office it would turn to.
        unit: UnitCode,
        /// The level of the ladder.
        level: u32,
    },
    /// The complainant's time to reopen or to appeal is over.
    WindowEnds(TargetKind),
}

/// What a complainant is shown of their case: where it is, by when an answer is due and why, and
/// what comes next if nobody acts. No text, no name of an officer.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The registration number.
    pub number: Option<RegistrationNumber>,
    /// The stage.
    pub stage: StageCode,
    /// What the stage means.
    pub phase: Phase,
    /// The office that has it.
    pub unit: UnitCode,
    /// The public due date: that of the appeal while one is open, else of the answer.
    pub due: Option<Explanation>,
    /// What comes next.
    pub ahead: Vec<Ahead>,
}

/// Explains a deadline of a case; `None` when the case has none of that kind.
pub fn explain(case: &Grievance, target: TargetKind, rulebook: &Rulebook) -> Option<Explanation> {
    let Clock { rule, from_at, amount, due_at, pauses, standing, moves, met_at, breached, .. } =
        case.clock(target)?;
    let calendar = rulebook.calendar(case.unit(), case.subject.place.as_ref());
    let last_instant = *due_at - TimeDelta::milliseconds(1);
    let due_on = calendar.day_of(last_instant);
    let skipped = match amount.counted {
        TimeUnit::CalendarDays if target.is_window() => {
            let counted = calendar.day_of(*from_at).checked_add_days(Days::new(amount.within.into()));
            let before = counted.and_then(|last| last.pred_opt()).unwrap_or(due_on);
            calendar.skipped(before, due_on)
        }
        TimeUnit::CalendarDays => Vec::new(),
        TimeUnit::WorkingDays | TimeUnit::WorkingHours => calendar.skipped(calendar.day_of(*from_at), due_on),
    };
    let named = rulebook.document().target.iter().find(|entry| *rule == entry.code.as_str());
    Some(Explanation {
        target,
        rule: (rule.clone(), named.map(|entry| entry.name.clone()).unwrap_or_default()),
        from_at: *from_at,
        amount: *amount,
        skipped,
        pauses: pauses.clone(),
        standing: *standing,
        moves: moves.clone(),
        due_at: *due_at,
        due_on,
        met_at: *met_at,
        breached: *breached,
    })
}

/// What happens to a case from now on if nobody acts, the next first: decided by the same rules as
/// when the time comes.
///
/// `at` is what a sweep would decide with if it were the time: the library's own actor, the rulebook
/// of today and the posts that stand vacant today ([`Moment::vacant`]). A level that meets a vacant
/// post is told where it falls back to; whoever takes up or leaves a post later is not foreseen.
pub fn outlook(case: &Grievance, at: &Moment<'_>) -> Vec<Ahead> {
    let rulebook = at.rulebook;
    let mut ahead = Vec::new();
    let mut then = case.clone();
    while ahead.len() < FURTHEST {
        let Some(next) = timers(&then, rulebook).into_iter().next() else { break };
        let now = next.at.max(then.updated_at);
        let Ok(events) = decide(Some(&then), &Command::TimerDue, &Moment { now, ..*at }) else { break };
        if events.is_empty() {
            break;
        }
        for event in events {
            let unit = then.unit().clone();
            let recorded = Recorded {
                case: then.id,
                version: then.version + 1,
                at: now,
                actor: at.actor.clone(),
                rulebook: rulebook.version(),
                event,
            };
            then.evolve(&recorded);
            let calendar = rulebook.calendar(&unit, then.subject.place.as_ref());
            let on = calendar.day_of(next.due_at - TimeDelta::milliseconds(1));
            ahead.extend(happens(&recorded.event.what, *then.unit() != unit).map(|what| Ahead {
                at: next.due_at,
                on,
                what,
            }));
        }
    }
    for clock in
        case.course.clocks.iter().filter(|clock| clock.target.is_window() && clock.standing.is_none())
    {
        let calendar = rulebook.calendar(case.unit(), case.subject.place.as_ref());
        let on = calendar.day_of(clock.due_at - TimeDelta::milliseconds(1));
        ahead.push(Ahead { at: clock.due_at, on, what: Happens::WindowEnds(clock.target) });
    }
    ahead.sort_by_key(|ahead| ahead.at);
    ahead
}

fn happens(what: &What, moved: bool) -> Option<Happens> {
    Some(match what {
        What::TargetBreached(breached) => Happens::Missed(breached.target),
        What::ClockResumed(resumed) => Happens::GoesOn(resumed.target),
        What::Escalated(escalated) => {
            let (unit, post) = (escalated.to.clone(), escalated.post.clone());
            let level = escalated.level.unwrap_or(0);
            if moved { Happens::GoesTo { unit, post, level } } else { Happens::ToldTo { unit, post, level } }
        }
        What::EscalationProposed(proposed) => {
            Happens::Proposed { unit: proposed.to.clone(), level: proposed.level }
        }
        _ => return None,
    })
}

/// What a complainant is shown of their case; `at` as for [`outlook`].
pub fn progress(case: &Grievance, at: &Moment<'_>) -> Progress {
    let running = |target| case.clock(target).is_some_and(|clock| clock.met_at.is_none());
    let target =
        if running(TargetKind::AppealDecision) { TargetKind::AppealDecision } else { TargetKind::Resolution };
    Progress {
        number: case.subject.number.clone(),
        stage: case.stage().clone(),
        phase: case.phase(),
        unit: case.unit().clone(),
        due: explain(case, target, at.rulebook).filter(|due| due.met_at.is_none()),
        ahead: outlook(case, at),
    }
}
