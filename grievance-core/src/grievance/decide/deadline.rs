//! Deadlines: what a step begins, moves, stops and meets; and what passes when nobody acts.
//!
//! Two entrances. [`overdue`] says what became due before now, so that a step taken late finds the
//! breach recorded first, by the office that had the case then, whether a sweep came by or not.
//! [`follow`] says what the events of a step do to the deadlines. Both write facts: no replay asks
//! a calendar.

mod change;

use crate::calendar::Calendar;
use crate::grievance::clock::{self, Clock};
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::{Event, Position, What};
use crate::grievance::moment::Moment;
use crate::grievance::payload::{
    ClockPaused, ClockResumed, Escalated, EscalationProposed, Reference, TargetBreached, TargetMoved,
    TargetSet, Told,
};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::{EpisodeKind, Grievance};
use crate::grievance::tell;
use crate::grievance::timer::{self, Due, Waiting};
use crate::kernel::code::{CategoryCode, PlaceCode, PriorityCode, RuleCode, UnitCode};
use crate::kernel::text::TextRef;
use crate::rulebook::Rulebook;
use crate::rulebook::document::Trigger;
use crate::rulebook::escalation::{Level, Superior};
use crate::rulebook::target::{Amount, Matter, Pause, TargetRule};
use crate::vocabulary::{
    Because, CountedFrom, EventKind, EvidenceKind, FeedbackOutcome, LadderMode, LadderStep, Outcome, Phase,
    Resumed, TargetKind, TimeUnit,
};
use chrono::{DateTime, Days, NaiveDate, Utc};

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

    /// Sets the targets that begin with this event.
    fn begin_with(&mut self, event: &Event) {
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
                (None | Some(CountedFrom::Received), What::Lodged(lodged)) => lodged.received_at,
                (None | Some(CountedFrom::Received), What::PartOpened(part)) => part.received_at,
                _ => self.at.now,
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
    fn begin_reply(
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
    fn begin_review(&mut self, day: NaiveDate) {
        match self.rule(TargetKind::Review) {
            Some(rule) => self.set_until(rule, day, None),
            None => self.set_until(&TargetRule::review(), day, None),
        }
    }

    /// A target that is due on a day that was named, not so much time after something.
    fn set_until(&mut self, rule: &TargetRule, day: NaiveDate, because: Option<Because>) {
        let calendar = self.calendar();
        let today = calendar.day_of(self.at.now);
        let days = u32::try_from((day - today).num_days()).unwrap_or(0);
        let amount = Amount { within: days, counted: TimeUnit::CalendarDays, keep_clock: false };
        let due_at = amount.due(calendar, self.at.now, &[], false);
        self.tell_set(rule, amount, self.at.now, due_at, because);
    }

    /// The complainant's time to reopen and to appeal: it begins when the message about the
    /// disposal has arrived, and with the disposal itself where none is owed.
    fn begin_windows(&mut self, disposal: &Event) {
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
    fn open_windows(&mut self) {
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

    fn set(&mut self, rule: &TargetRule, from_at: DateTime<Utc>, because: Option<Because>) {
        let due_at = rule.amount.due(self.calendar(), from_at, &[], rule.kind.is_window());
        self.tell_set(rule, rule.amount, from_at, due_at, because);
    }

    fn tell_set(
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

    /// A report that was sent back: the office's clock goes on, and the time under review does
    /// not count.
    fn send_back(&mut self, what: &What) {
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
    fn extend(&mut self, what: &What) {
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
    fn pause_and_resume(&mut self) {
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
    fn entered(&self, phase: Phase) -> bool {
        self.case.is_none_or(|case| case.phase() != phase || case.course.clocks.is_empty())
    }

    /// Whether the last step set it.
    fn fresh(&self, clock: &Clock) -> bool {
        let before = self.case.and_then(|case| case.clock(clock.target));
        before.is_none_or(|before| before.from_at != clock.from_at || before.rule != clock.rule)
    }

    fn resume(&mut self, target: TargetKind, at: DateTime<Utc>, because: Resumed) {
        let Some(clock) = self.clocks.iter().find(|clock| clock.target == target) else { return };
        let Some(stood) = clock.standing else { return };
        let due_at = self.due_after(clock, Pause { from: stood.since, until: at });
        self.tell(What::ClockResumed(ClockResumed { because, due_at, resumed_at: at, target }));
    }

    /// Levels of the ladder that an event brings.
    fn bring_up(&mut self, what: &What) {
        let Some(case) = self.case else { return };
        let (trigger, times) = match what {
            What::Reopened(_) => (Trigger::Reopened, case.count_episodes(EpisodeKind::Reopening) + 1),
            What::FeedbackRecorded(said) if said.outcome == FeedbackOutcome::NotSatisfied => {
                (Trigger::NotSatisfied, case.rounds + 1)
            }
            What::Reminded(_) => (Trigger::Reminded, case.reminders + 1),
            _ => return,
        };
        let (holder, priority) = (self.position.unit.clone(), self.priority.clone());
        let rulebook = self.at.rulebook;
        let levels: Vec<&Level> =
            rulebook.ladder().brought_by(trigger, times, &holder, priority.as_ref(), rulebook).collect();
        for level in levels {
            self.take_level(level, level.target, true);
        }
    }

    /// Takes a level of the ladder, or proposes it. One that an event brought is on no target's
    /// account: those that time brings still come.
    fn take_level(&mut self, level: &Level, target: TargetKind, by_event: bool) {
        let rulebook = self.at.rulebook;
        let (accused, sealed) = (self.accused.as_ref(), self.sealed.as_ref());
        let superior = level.superior(&self.position.unit, accused, sealed, rulebook, self.at.vacant);
        if level.taken == LadderMode::Approval {
            return self.tell(What::EscalationProposed(Box::new(EscalationProposed {
                level: level.level,
                rule: level.code.clone(),
                target: Some(target).filter(|_| !by_event),
                to: superior.unit,
                post: superior.post,
            })));
        }
        let mut led_to = taken_over(level, &self.position, &superior, rulebook);
        if let Some(seal) = sealed {
            led_to.unit = rulebook.keeper(led_to.unit, seal, accused);
        }
        let escalated = Escalated {
            to: superior.unit,
            level: Some(level.level),
            post: superior.post,
            remarks: None,
            rule: Some(level.code.clone()),
            target: Some(target).filter(|_| !by_event),
        };
        self.say(Event { led_to, what: What::Escalated(Box::new(escalated)) });
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

/// An officer takes a level of the ladder: one that was proposed, or one that is left to them.
/// It is a step of theirs, so it is no rung of a target's; the levels that time brings still come.
pub(super) fn take_by_hand(turn: &Turn<'_, '_>, code: &RuleCode, remarks: Option<TextRef>) -> Decision {
    let (case, at) = (turn.case, turn.at);
    let unknown = || Refusal::Unknown { field: "level", code: code.to_string() };
    let level = at.rulebook.ladder().get(code).ok_or_else(unknown)?;
    if !level.fits(case.unit(), case.subject.priority.as_ref(), at.rulebook) {
        return Err(Refusal::Invalid { field: "level", problem: "is not one of this case's" });
    }
    let sealed = case.sealed.as_ref();
    let superior = level.superior(case.unit(), turn.accused(), sealed, at.rulebook, at.vacant);
    let mut led_to = taken_over(level, &turn.position(None)?, &superior, at.rulebook);
    if let Some(seal) = sealed {
        led_to.unit = at.rulebook.keeper(led_to.unit, seal, turn.accused());
    }
    let rule = Some(level.code.clone());
    let escalated =
        Escalated { to: superior.unit, level: None, post: superior.post, remarks, rule, target: None };
    Ok(vec![Event { led_to, what: What::Escalated(Box::new(escalated)) }])
}

/// Where a level leaves a case: with whoever takes it over, else where it is.
fn taken_over(level: &Level, from: &Position, superior: &Superior, rulebook: &Rulebook) -> Position {
    let mut led_to = from.clone();
    if level.does == LadderStep::Reassign {
        led_to.unit = superior.unit.clone();
        if let Some(stage) = rulebook.workflow().leads_to(crate::vocabulary::Action::Escalate, &led_to.stage)
        {
            (led_to.stage, led_to.phase) = (stage.code.clone(), stage.phase);
        }
    }
    led_to
}

/// The deadline that an extension moves: that of the appeal while one is open, else that of the
/// resolution.
pub(super) fn extendable(clocks: &[Clock]) -> Option<&Clock> {
    let open = |target| clocks.iter().find(|clock| clock.target == target && clock.met_at.is_none());
    open(TargetKind::AppealDecision)
        .or_else(|| open(TargetKind::Resolution))
        .or_else(|| open(TargetKind::Review))
}

/// When a pause ends at the latest: when it has lasted so many calendar days, the day on which it
/// began being the first. A day target moves by just as many.
fn pause_ends(calendar: &Calendar, since: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let next = calendar.day_of(since).checked_add_days(Days::new(u64::from(days.max(1))));
    crate::kernel::time::start_of_day(next.unwrap_or(NaiveDate::MAX), calendar.zone())
}
