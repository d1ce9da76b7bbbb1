//! Targets, ladders and schedules that name what is not there, or that could never come.

use crate::rulebook::document::{Document, LevelEntry, TargetEntry};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::shown;
use crate::rulebook::lint::survey::{Codes, Survey};
use crate::rulebook::schedule::{Schedule, time_of_day};
use crate::rulebook::target::usual_starts;
use crate::vocabulary::{CountedFrom, EventKind, LadderMode, LadderStep, TargetKind, TimeUnit};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Ten years of days, or of hours.
const MOST_DAYS: u32 = 3_660;
/// Most targets, levels or schedules.
const MOST_RULES: usize = 2_000;
/// Most offices that a level goes up: no directory is as high.
const HIGHEST: u32 = 100;
/// Most steps that are looked at to see whether a case would go round.
const MOST_WAYS: usize = 5_000_000;

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    let lists = [
        ("target", document.target.len()),
        ("escalation", document.escalation.len()),
        ("schedule", document.schedule.len()),
    ];
    for (path, found) in lists {
        if found > MOST_RULES {
            findings.error(Lint::OutOfRange, path, format!("{found} entries; at most {MOST_RULES}"));
            return;
        }
    }
    named(survey, findings);
    for (n, target) in document.target.iter().enumerate() {
        one_target(target, &format!("target[{n}]"), findings);
    }
    alike(document, findings);
    for (n, level) in document.escalation.iter().enumerate() {
        one_level(level, document, &format!("escalation[{n}]"), findings);
    }
    order(document, findings);
    circles(survey, findings);
    schedules(document, findings);
}

fn named(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    let mut named = |codes: &Codes<'_>, code: Option<&String>, path: String| {
        let Some(code) = code.filter(|code| codes.at(code).is_none()) else { return };
        let (message, hint) = survey.dangling(codes, code);
        findings.add(Severity::Error, Lint::Undefined, path, message, hint);
    };
    for (n, target) in document.target.iter().enumerate() {
        named(&survey.priorities, target.priority.as_ref(), format!("target[{n}].priority"));
        named(&survey.units, target.unit.as_ref(), format!("target[{n}].unit"));
        named(&survey.unit_kinds, target.unit_kind.as_ref(), format!("target[{n}].unit_kind"));
        named(&survey.categories, target.category.as_ref(), format!("target[{n}].category"));
    }
    for (n, level) in document.escalation.iter().enumerate() {
        named(&survey.priorities, level.priority.as_ref(), format!("escalation[{n}].priority"));
        named(&survey.unit_kinds, level.unit_kind.as_ref(), format!("escalation[{n}].unit_kind"));
        named(&survey.units, level.unit.as_ref(), format!("escalation[{n}].unit"));
        named(&survey.posts, level.post.as_ref(), format!("escalation[{n}].post"));
    }
}

fn one_target(target: &TargetEntry, path: &str, findings: &mut Findings) {
    let mut wrong = |lint, field: &str, message: String| {
        findings.error(lint, format!("{path}.{field}"), message);
    };
    let Some(kind) = target.kind else {
        wrong(Lint::Missing, "kind", "the target does not say what must have happened".to_owned());
        return;
    };
    let least = u32::from(!kind.is_window() && kind != TargetKind::Review);
    if !(least..=MOST_DAYS).contains(&target.within) {
        wrong(Lint::OutOfRange, "within", format!("{} lies outside {least} to {MOST_DAYS}", target.within));
    }
    if target.pause_days > MOST_DAYS {
        wrong(Lint::OutOfRange, "pause_days", format!("{} lies outside 0 to {MOST_DAYS}", target.pause_days));
    }
    if !target.paused_in.is_empty() && target.pause_days == 0 {
        wrong(Lint::Missing, "pause_days", "a pause has a maximum: say how many days it may last".to_owned());
    }
    if target.keep_clock && target.counted == Some(TimeUnit::WorkingHours) {
        wrong(Lint::TargetContradiction, "keep_clock", "working hours keep no time of day".to_owned());
    }
    if let Some(phase) = target.paused_in.iter().find(|phase| phase.is_terminal()) {
        let message = format!("a case that is {phase} has come to its end: nothing runs there");
        wrong(Lint::TargetContradiction, "paused_in", message);
    }
    if kind.is_window() && !target.paused_in.is_empty() {
        wrong(
            Lint::TargetContradiction,
            "paused_in",
            "a complainant's window does not stand still".to_owned(),
        );
    }
    if let Some(event) = target.from.filter(|event| !can_begin(kind, *event)) {
        let message = format!("a target of the kind {kind} cannot begin with {event}");
        wrong(Lint::TargetContradiction, "from", message);
    }
    for (field, message) in idle(target, kind) {
        wrong(Lint::TargetContradiction, field, message.to_owned());
    }
}

/// What is said of a target and would count for nothing.
fn idle(target: &TargetEntry, kind: TargetKind) -> Vec<(&'static str, &'static str)> {
    let mut idle = Vec::new();
    let review = kind == TargetKind::Review;
    if review {
        let day = "a review is due on the day that the disposal names";
        let said = [("within", target.within > 0), ("counted", target.counted.is_some())];
        let said = said.into_iter().chain([("keep_clock", target.keep_clock)]);
        idle.extend(said.filter(|(_, said)| *said).map(|(field, _)| (field, day)));
        if !target.paused_in.is_empty() {
            idle.push(("paused_in", "a review stands still in no phase: the case is disposed"));
        }
    }
    if kind.is_window() && target.keep_clock && target.counted == Some(TimeUnit::CalendarDays) {
        idle.push(("keep_clock", "a complainant's window in calendar days ends with its day"));
    }
    if kind.is_window() || review {
        if target.counted_from.is_some() {
            let told = "a window begins when the complainant was told, a review with the disposal";
            idle.push(("counted_from", told));
        }
        let said = [("on_transfer", target.on_transfer), ("on_recategorise", target.on_recategorise)];
        let kept = "what a disposal began is kept, whoever has the case";
        idle.extend(said.into_iter().filter(|(_, said)| said.is_some()).map(|(field, _)| (field, kept)));
    } else if target.counted_from == Some(CountedFrom::Received) {
        let starts = target.from.as_ref().map_or_else(|| usual_starts(kind), std::slice::from_ref);
        let by_letter = [EventKind::Lodged, EventKind::PartOpened, EventKind::Reopened, EventKind::Appealed];
        if !starts.iter().any(|event| by_letter.contains(event)) {
            let told = "only what a complainant sends has an instant at which it was received";
            idle.push(("counted_from", told));
        }
    }
    idle
}

/// Whether a target can begin with an event: one that opens what it measures and does not end it.
fn can_begin(kind: TargetKind, event: EventKind) -> bool {
    use EventKind as E;
    let time = matches!(
        event,
        E::TargetSet
            | E::TargetMoved
            | E::ClockPaused
            | E::ClockResumed
            | E::TargetBreached
            | E::EscalationProposed
            | E::ComplainantInformed
            | E::NoticeParked
            | E::Adopted
            | E::Remapped
            | E::Rescinded
    );
    let end = matches!(event, E::Disposed | E::Withdrawn | E::Declined | E::Merged);
    match kind {
        TargetKind::AppealFiling | TargetKind::Reopening | TargetKind::Review => event == E::Disposed,
        TargetKind::AppealDecision => event == E::Appealed,
        // The letter that asks for a reply comes with the lodging.
        TargetKind::ReferenceReply => event == E::Lodged,
        _ => !time && !end,
    }
}

/// Two rules that fit the same cases: the second never counts.
fn alike(document: &Document, findings: &mut Findings) {
    let mut first = HashMap::new();
    for (n, target) in document.target.iter().enumerate() {
        let key =
            (&target.kind, &target.priority, &target.unit, &target.unit_kind, &target.category, &target.from);
        if let Some(before) = first.get(&key) {
            let message = format!("fits the same cases as target[{before}], which counts before it");
            findings.warning(Lint::TargetContradiction, format!("target[{n}]"), message);
        } else {
            first.insert(key, n);
        }
    }
}

fn one_level(level: &LevelEntry, document: &Document, path: &str, findings: &mut Findings) {
    let mut wrong = |lint, field: &str, message: String| {
        findings.error(lint, format!("{path}.{field}"), message);
    };
    if level.level == 0 || level.level > HIGHEST {
        wrong(Lint::OutOfRange, "level", format!("{} lies outside 1 to {HIGHEST}", level.level));
    }
    let said = [level.percent.is_some(), level.after.is_some(), level.on.is_some()];
    if said.into_iter().filter(|said| *said).count() != 1 {
        let message = "say one of `percent` (of the target's time), `after` (the due date) and `on`";
        findings.error(Lint::LadderContradiction, path, message);
        return;
    }
    if level.percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        wrong(
            Lint::OutOfRange,
            "percent",
            "lies outside 1 to 100; beyond the due date say `after`".to_owned(),
        );
    }
    if level.after.is_some_and(|after| !(1..=MOST_DAYS).contains(&after)) {
        wrong(Lint::OutOfRange, "after", format!("lies outside 1 to {MOST_DAYS}"));
    }
    if level.up.is_some() && level.unit.is_some() {
        wrong(Lint::LadderContradiction, "unit", "an office is named, and a number of offices up".to_owned());
    }
    if level.up.is_some_and(|up| up > HIGHEST) {
        wrong(Lint::OutOfRange, "up", format!("lies outside 0 to {HIGHEST}"));
    }
    if level.does == Some(LadderStep::Reassign) && level.up == Some(0) {
        wrong(Lint::LadderContradiction, "up", "the office that has the case cannot take it over".to_owned());
    }
    if level.on.is_some() && level.taken == Some(LadderMode::Manual) {
        wrong(Lint::LadderContradiction, "taken", "what an event brings is not taken by hand".to_owned());
    }
    let target = level.target.unwrap_or(TargetKind::Resolution);
    if target.is_window() {
        wrong(Lint::LadderContradiction, "target", "the complainant's time has no ladder".to_owned());
    } else if level.on.is_none() && !document.target.iter().any(|rule| rule.kind == Some(target)) {
        wrong(Lint::LadderContradiction, "target", format!("no target of the kind {target}: it never comes"));
    }
}

/// Levels of one ladder rise with their time, and none is there twice.
fn order(document: &Document, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (n, level) in document.escalation.iter().enumerate() {
        if level.on.is_some() {
            continue;
        }
        let ladder = ladder_of(level);
        if !seen.insert((ladder, level.level)) {
            let message = format!("level {} of this ladder is there already", level.level);
            findings.error(Lint::LadderContradiction, format!("escalation[{n}].level"), message);
        }
        let earlier = document.escalation.iter().find(|other| {
            other.on.is_none()
                && ladder_of(other) == ladder
                && other.level > level.level
                && comes_before(other, level)
        });
        if let Some(other) = earlier {
            let message = format!("level {} of the same ladder comes earlier", other.level);
            findings.error(Lint::LadderContradiction, format!("escalation[{n}].level"), message);
        }
    }
}

/// Which ladder a level belongs to: the resolution's, unless it says otherwise.
fn ladder_of(level: &LevelEntry) -> (TargetKind, Option<&str>, Option<&str>) {
    let target = level.target.unwrap_or(TargetKind::Resolution);
    (target, level.unit_kind.as_deref(), level.priority.as_deref())
}

/// Whether `one` surely comes before `other`.
fn comes_before(one: &LevelEntry, other: &LevelEntry) -> bool {
    let counted = |level: &LevelEntry| level.counted.unwrap_or(TimeUnit::WorkingDays);
    match (one.percent, one.after, other.percent, other.after) {
        (Some(one), _, Some(other), _) => one < other,
        (Some(_), _, None, Some(_)) => true,
        (_, Some(within), _, Some(than)) => counted(one) == counted(other) && within < than,
        _ => false,
    }
}

/// A case that a level takes from an office must not be given back to it by a later one.
///
/// For each class of priority every way of a case up its ladder is followed, from every office: levels
/// rise, an automatic one is taken wherever it fits, one for approval or on an event may be, and a
/// manual one is an officer's own doing.
fn circles(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    let takes = |level: &LevelEntry| {
        level.does == Some(LadderStep::Reassign) && level.taken != Some(LadderMode::Manual)
    };
    let mut rungs: Vec<Rung<'_>> =
        document.escalation.iter().enumerate().filter(|(_, level)| takes(level)).collect();
    rungs.sort_by_key(|(_, level)| level.level);
    let offices = Offices::of(document);
    // Whoever goes up alone never comes back: a way back leads through an office that is named.
    let named = rungs.iter().filter_map(|(_, level)| offices.at(level.unit.as_deref()?));
    let met_again: BTreeSet<usize> = named.flat_map(|unit| offices.upward(unit)).collect();
    if met_again.is_empty() {
        return;
    }
    let classes: BTreeSet<Option<&str>> =
        rungs.iter().map(|(_, level)| level.priority.as_deref()).chain([None]).collect();
    let (mut left, mut told) = (MOST_WAYS, HashSet::new());
    for class in classes {
        let counts = |level: &LevelEntry| level.priority.is_none() || level.priority.as_deref() == class;
        let ladder: Vec<Rung<'_>> = rungs.iter().copied().filter(|(_, level)| counts(level)).collect();
        if let Some((office, n)) = offices.comes_back(&ladder, &met_again, &mut left)
            && told.insert(n)
        {
            let office = shown(&document.unit[office].code);
            let message = format!("a case that was taken from {office} would come back to it");
            let field = if document.escalation[n].unit.is_some() { ".unit" } else { "" };
            findings.error(Lint::Cycle, format!("escalation[{n}]{field}"), message);
        }
        if left == 0 {
            let message = "offices and levels are too many to see whether a case would go round";
            findings.error(Lint::OutOfRange, "escalation", message);
            return;
        }
    }
}

/// A level with its place in the document.
type Rung<'a> = (usize, &'a LevelEntry);

/// The tree of offices, by their place in the document.
struct Offices<'a> {
    document: &'a Document,
    at: HashMap<&'a str, usize>,
    /// An office that names none above it lies below the one at the top of the cell's line.
    root: Option<usize>,
}

impl<'a> Offices<'a> {
    fn of(document: &'a Document) -> Self {
        let at = document.unit.iter().enumerate().map(|(n, unit)| (unit.code.as_str(), n)).collect();
        let mut offices = Self { document, at, root: None };
        offices.root = offices.at(&document.cell).and_then(|cell| offices.upward(cell).last());
        offices
    }

    fn at(&self, code: &str) -> Option<usize> {
        self.at.get(code).copied()
    }

    /// An office and those above it; parents that run in a circle are told of elsewhere.
    fn upward(&self, unit: usize) -> impl Iterator<Item = usize> {
        let above = |unit: &usize| match &self.document.unit[*unit].parent {
            Some(parent) => self.at(parent),
            None => self.root.filter(|root| root != unit),
        };
        std::iter::successors(Some(unit), above).take(HIGHEST as usize)
    }

    /// Where a level takes a case that an office has; `None` where it does not count.
    fn taken_to(&self, unit: usize, level: &LevelEntry) -> Option<usize> {
        let kind = self.document.unit[unit].kind.as_str();
        if level.unit_kind.as_deref().is_some_and(|only| only != kind) {
            return None;
        }
        if let Some(named) = &level.unit {
            return self.at(named);
        }
        let up = usize::try_from(level.up.unwrap_or(1)).ok()?;
        self.upward(unit).take(up.saturating_add(1)).last()
    }

    /// Whither the levels of one height take a case that an office has, and whether it may stay.
    fn goes(&self, unit: usize, height: &[Rung<'_>], left: &mut usize) -> (Vec<Move>, bool) {
        *left = left.saturating_sub(height.len());
        let (mut moves, mut stays) = (Vec::new(), true);
        for (n, level) in height {
            if let Some(to) = self.taken_to(unit, level) {
                stays &= level.taken == Some(LadderMode::Approval) || level.on.is_some();
                moves.push((*n, to));
            }
        }
        (moves, stays)
    }

    /// An office that gets back a case that was taken from it, and the level by which it does. `left`
    /// is how many steps may still be looked at.
    fn comes_back(
        &self,
        ladder: &[Rung<'_>],
        met_again: &BTreeSet<usize>,
        left: &mut usize,
    ) -> Option<(usize, usize)> {
        let heights: Vec<&[Rung<'_>]> = ladder.chunk_by(|one, other| one.1.level == other.1.level).collect();
        let mut held: BTreeSet<usize> = (0..self.document.unit.len()).collect();
        for (n, height) in heights.iter().enumerate() {
            let mut next = BTreeSet::new();
            for unit in held {
                let (moves, stays) = self.goes(unit, height, left);
                if *left == 0 {
                    return None;
                }
                let away = moves.iter().map(|(_, to)| *to);
                next.extend(away.clone().chain(stays.then_some(unit)));
                if met_again.contains(&unit)
                    && let Some(by) = self.way_back(unit, away.collect(), &heights[n + 1..], left)
                {
                    return Some((unit, by));
                }
            }
            held = next;
        }
        None
    }

    /// The level that takes a case from those who hold it to an office that had it before.
    fn way_back(
        &self,
        home: usize,
        mut held: BTreeSet<usize>,
        heights: &[&[Rung<'_>]],
        left: &mut usize,
    ) -> Option<usize> {
        held.remove(&home);
        for height in heights {
            let mut next = BTreeSet::new();
            for unit in held {
                let (moves, stays) = self.goes(unit, height, left);
                if let Some((by, _)) = moves.iter().find(|(_, to)| *to == home) {
                    return Some(*by);
                }
                next.extend(moves.iter().map(|(_, to)| *to).chain(stays.then_some(unit)));
            }
            held = next;
        }
        None
    }
}

/// By which level, by its place in the document, and to which office.
type Move = (usize, usize);

fn schedules(document: &Document, findings: &mut Findings) {
    for (n, schedule) in document.schedule.iter().enumerate() {
        let path = |field: &str| format!("schedule[{n}].{field}");
        if schedule.kind.is_none() {
            findings.error(Lint::Missing, path("kind"), "the schedule does not say what it calls for");
        } else if time_of_day(&schedule.at).is_none() {
            let message = format!("{} is no time of day such as \"10:00\"", shown(&schedule.at));
            findings.error(Lint::ScheduleContradiction, path("at"), message);
        } else if let Some(job) = Schedule::new(schedule) {
            if document.calendar.hours.as_ref().is_some_and(|hours| !job.can_come(hours)) {
                let message = format!(
                    "no office is open at {} or later on such a day; take a time within `calendar.hours`, or \
                     say `on_closed = \"same\"`",
                    shown(&schedule.at)
                );
                findings.error(Lint::ScheduleContradiction, path("at"), message);
            }
        } else {
            let message =
                "say `weekday`, or `weekday` with `nth` (1 to 5, or -1 for the last), or `day` (1 to 31)";
            findings.error(Lint::ScheduleContradiction, format!("schedule[{n}]"), message);
        }
    }
}
