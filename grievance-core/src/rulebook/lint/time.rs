//! Targets, ladders and schedules that name what is not there, or that could never come.

use crate::rulebook::document::{Document, LevelEntry, TargetEntry};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::shown;
use crate::rulebook::lint::survey::{Codes, Survey};
use crate::rulebook::schedule::{Schedule, time_of_day};
use crate::vocabulary::{EventKind, LadderMode, LadderStep, TargetKind, TimeUnit};
use std::collections::{HashMap, HashSet};

/// Ten years of days, or of hours.
const MOST_DAYS: u32 = 3_660;
/// Most targets, levels or schedules.
const MOST_RULES: usize = 2_000;
/// Most offices that a level goes up: no directory is as high.
const HIGHEST: u32 = 100;

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
    let least = u32::from(!kind.is_window());
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
        TargetKind::AppealFiling | TargetKind::Reopening | TargetKind::Review => {
            matches!(event, E::Disposed | E::AppealDecided)
        }
        TargetKind::AppealDecision => event == E::Appealed,
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
        let ladder = (level.target, &level.unit_kind, &level.priority);
        if !seen.insert((ladder, level.level)) {
            let message = format!("level {} of this ladder is there already", level.level);
            findings.error(Lint::LadderContradiction, format!("escalation[{n}].level"), message);
        }
        let earlier = document.escalation.iter().find(|other| {
            other.on.is_none()
                && (other.target, &other.unit_kind, &other.priority) == ladder
                && other.level > level.level
                && comes_before(other, level)
        });
        if let Some(other) = earlier {
            let message = format!("level {} of the same ladder comes earlier", other.level);
            findings.error(Lint::LadderContradiction, format!("escalation[{n}].level"), message);
        }
    }
}

/// Whether `one` surely comes before `other`.
fn comes_before(one: &LevelEntry, other: &LevelEntry) -> bool {
    match (one.percent, one.after, other.percent, other.after) {
        (Some(one), _, Some(other), _) => one < other,
        (Some(_), _, None, Some(_)) => true,
        (_, Some(within), _, Some(than)) => one.counted == other.counted && within < than,
        _ => false,
    }
}

/// A case that is taken over by a named office must not come back to one that it was taken from.
fn circles(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    let kind_of: HashMap<&str, &str> =
        document.unit.iter().map(|unit| (unit.code.as_str(), unit.kind.as_str())).collect();
    let takes: Vec<(usize, Option<&str>, &str)> = document
        .escalation
        .iter()
        .enumerate()
        .filter(|(_, level)| level.does == Some(LadderStep::Reassign))
        .filter_map(|(n, level)| Some((n, level.unit_kind.as_deref(), level.unit.as_deref()?)))
        .collect();
    for (n, _, to) in &takes {
        // From the office named, whatever ladder its kind has: does a way lead back to it?
        let (mut reached, mut next) = (HashSet::new(), vec![*to]);
        let mut back = false;
        while let Some(unit) = next.pop() {
            for (_, kind, on) in &takes {
                if kind.is_none_or(|kind| kind_of.get(unit) == Some(&kind)) && *on != unit {
                    back |= on == to;
                    if reached.insert(*on) {
                        next.push(on);
                    }
                }
            }
        }
        if back {
            let message = format!("a case that {} takes over would come back to it", shown(to));
            findings.error(Lint::Cycle, format!("escalation[{n}].unit"), message);
        }
    }
}

fn schedules(document: &Document, findings: &mut Findings) {
    for (n, schedule) in document.schedule.iter().enumerate() {
        let path = |field: &str| format!("schedule[{n}].{field}");
        if schedule.kind.is_none() {
            findings.error(Lint::Missing, path("kind"), "the schedule does not say what it calls for");
        } else if time_of_day(&schedule.at).is_none() {
            let message = format!("{} is no time of day such as \"10:00\"", shown(&schedule.at));
            findings.error(Lint::ScheduleContradiction, path("at"), message);
        } else if Schedule::new(schedule).is_none() {
            let message =
                "say `weekday`, or `weekday` with `nth` (1 to 5, or -1 for the last), or `day` (1 to 31)";
            findings.error(Lint::ScheduleContradiction, format!("schedule[{n}]"), message);
        }
    }
}
