//! Deadlines: what a step begins, moves, stops and meets; and what passes when nobody acts.
//!
//! Two entrances. [`overdue`] says what became due before now, so that a step taken late finds the
//! breach recorded first, by the office that had the case then, whether a sweep came by or not.
//! [`follow`] says what the events of a step do to the deadlines. Both write facts: no replay asks
//! a calendar.

mod change;
mod ladder;
mod stand;
mod start;

pub(super) use crate::grievance::decide::deadline::ladder::take_by_hand;

use crate::calendar::Calendar;
use crate::grievance::clock::{self, Clock};
use crate::grievance::event::{Event, Position, What};
use crate::grievance::moment::Moment;
use crate::grievance::payload::{TargetBreached, TargetMoved, Told};
use crate::grievance::state::Grievance;
use crate::grievance::timer::{self, Due, Waiting};
use crate::kernel::code::{CategoryCode, PlaceCode, PriorityCode, UnitCode};
use crate::rulebook::target::{Matter, Pause, TargetRule};
use crate::vocabulary::{Because, EventKind, LadderStep, Phase, Resumed, TargetKind};
use chrono::{DateTime, Utc};

/// A case's deadlines while events are being added to its history.
struct Watch<'a> {
    at: &'a Moment<'a>,
    /// The case before the events; `None` for one that begins.
    case: Option<&'a Grievance>,
    clocks: Vec<Clock>,
    position: Position,
    category: Option<CategoryCode>,
    place: Option<PlaceCode>,
    priority: Option<PriorityCode>,
    accused: Option<UnitCode>,
    sealed: Option<CategoryCode>,
    events: Vec<Event>,
}

/// What became due up to now and is not recorded yet, oldest first: clocks that go on because a
/// pause has lasted as long as it may, and breaches.
///
/// Levels of the ladder are not among them: they are taken by the sweep.
pub(super) fn overdue(case: &Grievance, at: &Moment<'_>) -> Vec<Event> {
    if !case.course.clocks.iter().any(|clock| timer::overdue(clock, at.now)) {
        return Vec::new();
    }
    let mut watch = Watch::of(case, at);
    watch.run(false);
    watch.events
}

/// Everything that became due up to now, oldest first, levels of the ladder with it.
pub(super) fn all_due(case: &Grievance, at: &Moment<'_>) -> Vec<Event> {
    let mut watch = Watch::of(case, at);
    watch.run(true);
    watch.events
}

/// The events of a step, followed by what they do to the deadlines. `before` are events that are
/// already decided for the same case ([`overdue`]).
pub(super) fn follow(
    case: Option<&Grievance>,
    before: Vec<Event>,
    step: Vec<Event>,
    at: &Moment<'_>,
) -> Vec<Event> {
    let idle = at.rulebook.targets().is_empty()
        && at.rulebook.ladder().is_empty()
        && case.is_none_or(|case| case.course.clocks.is_empty())
        && !step.iter().any(|event| event.what.kind() == EventKind::Disposed);
    if idle {
        return step;
    }
    let mut watch = match (case, step.first()) {
        (Some(case), _) => Watch::of(case, at),
        (None, Some(first)) => Watch::beginning(first, at),
        (None, None) => return step,
    };
    for event in before {
        watch.say(event);
    }
    for event in step {
        watch.step(event);
    }
    watch.events
}

/// What a new rulebook version does to the deadlines of a case: its calendar counts for them since
/// it is in force, however late the case is moved to it. The time that was allowed stays, as
/// promised, and so does what fell due before. No deadline becomes earlier by it: the complainant
/// and the office were told the later instant.
pub(super) fn retime(case: &Grievance, remapped: Event, at: &Moment<'_>) -> Vec<Event> {
    let mut watch = Watch::of(case, at);
    watch.run_to(at.since.map_or(at.now, |since| since.min(at.now)), false);
    watch.say(remapped);
    for n in 0..watch.clocks.len() {
        let clock = &watch.clocks[n];
        // A window that has not begun has no end to move.
        if clock.met_at.is_some() || (clock.target.is_window() && clock.standing.is_some()) {
            continue;
        }
        let due_at = watch.due(clock);
        if due_at > clock.due_at {
            let moved = Watch::moved(Because::Rulebook, clock.target, due_at);
            watch.tell(What::TargetMoved(Box::new(moved)));
        }
    }
    watch.events
}

/// The deadlines of an imported case that goes on here, counted from the instant on which the
/// office began to work with this library. What its phase says was done in the other system is not
/// asked for again: the acknowledgement of a case that is worked on, the first step where the
/// complainant was asked, the report that is under review; under appeal, all but the decision.
pub(super) fn begin(case: &Grievance, from: DateTime<Utc>, at: &Moment<'_>) -> Vec<Event> {
    use TargetKind as T;
    if case.adopted.is_none() {
        return Vec::new();
    }
    let kinds: &[T] = match case.phase() {
        Phase::Registered => &[T::Acknowledgement, T::FirstAction, T::Resolution],
        Phase::InProgress => &[T::FirstAction, T::Resolution],
        Phase::AwaitingComplainant | Phase::ActionReported => &[T::Resolution],
        Phase::UnderAppeal => &[T::AppealDecision],
        Phase::Disposed | Phase::Withdrawn | Phase::Declined | Phase::Merged => &[],
    };
    let mut watch = Watch::of(case, at);
    for kind in kinds {
        let began = if *kind == T::AppealDecision { EventKind::Appealed } else { EventKind::Lodged };
        if case.clock(*kind).is_none()
            && let Some(rule) = watch.rule(*kind).filter(|rule| rule.starts.contains(&began))
        {
            watch.set(rule, from, None);
        }
    }
    watch.pause_and_resume();
    watch.events
}

/// The complainant got the message about an event, or it could not be delivered. The windows that
/// wait for it begin to run when it arrives; while it is parked they stay open.
pub(super) fn informed(case: &Grievance, of: u64, arrived: bool, at: &Moment<'_>) -> Vec<Event> {
    let mut watch = Watch::of(case, at);
    watch.run(false);
    let told = Told { of };
    if !arrived {
        watch.tell(What::NoticeParked(told));
        return watch.events;
    }
    watch.tell(What::ComplainantInformed(told));
    // A word about a disposal that no longer stands says nothing about the one that does.
    if case.course.closure.as_ref().is_some_and(|closure| closure.version == of) {
        watch.open_windows();
    }
    watch.events
}

impl<'a> Watch<'a> {
    fn of(case: &'a Grievance, at: &'a Moment<'a>) -> Self {
        let subject = &case.subject;
        Self {
            at,
            case: Some(case),
            clocks: case.course.clocks.clone(),
            position: case.course.position.clone(),
            category: subject.category.clone(),
            place: subject.place.clone(),
            priority: subject.priority.clone(),
            accused: subject.against.as_ref().and_then(|against| against.unit.clone()),
            sealed: case.sealed.clone(),
            events: Vec::new(),
        }
    }

    fn beginning(first: &Event, at: &'a Moment<'a>) -> Self {
        let (category, place, priority, against) = match &first.what {
            What::Lodged(it) => (&it.category, &it.place, &it.priority, &it.against),
            What::PartOpened(it) => (&it.category, &it.place, &it.priority, &it.against),
            _ => (&None, &None, &None, &None),
        };
        Self {
            at,
            case: None,
            clocks: Vec::new(),
            position: first.led_to.clone(),
            category: category.clone(),
            place: place.clone(),
            priority: priority.clone(),
            accused: against.as_ref().and_then(|against| against.unit.clone()),
            // Nothing that begins a case turns to a superior.
            sealed: None,
            events: Vec::new(),
        }
    }

    /// The calendar of the office that has the case, where the case is.
    fn calendar(&self) -> &'a Calendar {
        self.at.rulebook.calendar(&self.position.unit, self.place.as_ref())
    }

    /// The rule of a kind that counts for the case now.
    fn rule(&self, kind: TargetKind) -> Option<&'a TargetRule> {
        self.rule_at(kind, &self.position.unit)
    }

    fn rule_at(&self, kind: TargetKind, unit: &UnitCode) -> Option<&'a TargetRule> {
        let (category, priority) = (self.category.as_ref(), self.priority.as_ref());
        let rulebook = self.at.rulebook;
        rulebook.targets().find(kind, &Matter { unit, category, priority }, rulebook)
    }

    /// Adds an event and takes it into the clocks.
    fn say(&mut self, event: Event) {
        self.take(&event);
        self.events.push(event);
    }

    /// Takes an event into the position and the clocks.
    fn take(&mut self, event: &Event) {
        self.position = event.led_to.clone();
        clock::take(&mut self.clocks, &event.what, event.led_to.phase, self.at.now);
    }

    /// Adds an event about time alone: the case stays where it is.
    fn tell(&mut self, what: What) {
        self.say(Event { led_to: self.position.clone(), what });
    }

    /// When a clock's target is due, by the calendar that counts now.
    fn due(&self, clock: &Clock) -> DateTime<Utc> {
        let calendar = self.calendar();
        let counted = clock.amount.due(calendar, clock.from_at, &clock.pauses, clock.target.is_window());
        match clock.extended() {
            Some((day, at)) => counted.max(clock.amount.until(calendar, day, &clock.pauses_since(at))),
            None => counted,
        }
    }

    /// When a clock is due that stood once more. A due instant that a new calendar would have made
    /// earlier was kept, and the pause moves it just so.
    fn due_after(&self, clock: &Clock, stood: Pause) -> DateTime<Utc> {
        let mut again = clock.clone();
        if stood.until > stood.from {
            again.pauses.push(stood);
        }
        let due_at = self.due(&again);
        if clock.due_at <= self.due(clock) {
            return due_at;
        }
        let from = clock.extended().map_or(stood.from, |(_, said)| said.max(stood.from));
        let since = Pause { from: from.min(stood.until), ..stood };
        due_at.max(clock.amount.moved_on(self.calendar(), clock.due_at, &[since]))
    }

    fn moved(because: Because, target: TargetKind, due_at: DateTime<Utc>) -> TargetMoved {
        TargetMoved {
            because,
            due_at,
            keep_clock: false,
            target,
            amount: None,
            counted: None,
            rule: None,
            until: None,
        }
    }

    /// A step of the case, and everything it does to the deadlines.
    fn step(&mut self, event: Event) {
        if event.what.is_clockwork() {
            return self.say(event);
        }
        match &event.what {
            What::Recategorised(change) => {
                self.category = change.category.clone().or(self.category.take());
                self.place = change.place.clone().or(self.place.take());
            }
            What::Corrected(change) => self.priority = change.priority.clone().or(self.priority.take()),
            _ => {}
        }
        if matches!(event.what, What::Rescinded(_)) {
            // What the undone step replaced comes back with it.
            let before = self.clocks.clone();
            self.say(event);
            if let Some(undo) = self.case.and_then(|case| case.undo.as_ref()) {
                let mut clocks = undo.course.clocks.clone();
                clock::give_back(&mut clocks, &before);
                self.clocks = clocks;
            }
            return;
        }
        let came_from = self.position.unit.clone();
        let place = self.events.len();
        self.take(&event);
        let what = &event.what;
        self.begin_with(&event);
        self.change(what, &came_from);
        self.send_back(what);
        self.extend(what);
        self.pause_and_resume();
        self.bring_up(what);
        // Who was reached by telephone after the closure, or has said what they think of it,
        // knows of it.
        let knows = match what {
            What::CallRecorded(call) => call.reached,
            What::FeedbackRecorded(_) => true,
            _ => false,
        };
        if knows {
            self.open_windows();
        }
        // What it does to the deadlines comes after it.
        self.events.insert(place, event);
    }

    /// Records what has become due, oldest first; levels of the ladder only for a sweep.
    fn run(&mut self, levels: bool) {
        self.run_to(self.at.now, levels);
    }

    fn run_to(&mut self, now: DateTime<Utc>, levels: bool) {
        loop {
            let waiting = Waiting {
                clocks: &self.clocks,
                unit: &self.position.unit,
                place: self.place.as_ref(),
                priority: self.priority.as_ref(),
                rulebook: self.at.rulebook,
            };
            let Some(mut timer) = waiting.next(now, levels) else { return };
            // A sweep that comes late takes now what should have been taken before: the case has
            // been where it is until now, and so has what it missed.
            if let Due::Level(code) = &timer.what
                && self.at.rulebook.ladder().get(code).is_some_and(|level| level.does == LadderStep::Reassign)
                && let Some(missed) = waiting.next(now, false)
            {
                timer = missed;
            }
            match timer.what {
                Due::PauseEnds => self.resume(timer.target, timer.due_at, Resumed::Maximum),
                Due::Breach => self.breach(timer.target),
                Due::Level(code) => {
                    let Some(level) = self.at.rulebook.ladder().get(&code) else { return };
                    self.take_level(level, timer.target, false);
                }
            }
        }
    }

    fn breach(&mut self, target: TargetKind) {
        let Some(clock) = self.clocks.iter().find(|clock| clock.target == target) else { return };
        let breached = TargetBreached { due_at: clock.due_at, rule: clock.rule.clone(), target };
        self.tell(What::TargetBreached(Box::new(breached)));
    }
}

/// The deadline that an extension moves: that of the appeal while one is open, else that of the
/// resolution.
pub(super) fn extendable(clocks: &[Clock]) -> Option<&Clock> {
    let open = |target| clocks.iter().find(|clock| clock.target == target && clock.met_at.is_none());
    open(TargetKind::AppealDecision)
        .or_else(|| open(TargetKind::Resolution))
        .or_else(|| open(TargetKind::Review))
}
