//! A life with pauses: how much of each target is used, and when it falls due.

use crate::instant::{number, read, same_number, write};
use crate::vector::first;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::calendar::Calendar;
use serde_json::{Map, Value};

/// States in which no clock runs.
const STOPPED: [&str; 2] = ["pending", "closed"];

struct Change {
    at: DateTime<Utc>,
    to: String,
    /// Whether it changes the state; otherwise it names the target that it fulfils.
    is_state: bool,
}

/// A target's clock: how much ran, and when the target was reached if it was.
struct Clock {
    used: TimeDelta,
    due: Option<DateTime<Utc>>,
}

fn changes(sequence: &Value, calendar: &Calendar, targets: &[&str]) -> Result<Vec<Change>, String> {
    let events = first(sequence, &["events", "changes"])
        .map_or(&[][..], |it| it.as_array().map_or(&[], Vec::as_slice));
    let mut changes = Vec::new();
    for (n, event) in events.iter().enumerate() {
        let part = |at: usize, keys: &[&str]| event.get(at).or_else(|| first(event, keys));
        let at = part(0, &["at", "time"]).ok_or_else(|| format!("event {n} has no instant"))?;
        let to = part(2, &["to", "state"])
            .and_then(Value::as_str)
            .ok_or_else(|| format!("event {n} leads nowhere"))?;
        let at = read(at, calendar.zone()).map_err(|error| format!("event {n}: {error}"))?;
        changes.push(Change { at, to: to.to_owned(), is_state: !targets.contains(&to) });
    }
    changes.sort_by_key(|change| change.at);
    Ok(changes)
}

fn run(
    calendar: &Calendar,
    changes: &[Change],
    (target, length): (&str, TimeDelta),
    (created, initial): (DateTime<Utc>, &str),
    until: Option<DateTime<Utc>>,
) -> Clock {
    let mut clock = Clock { used: TimeDelta::zero(), due: None };
    let mut runs = !STOPPED.contains(&initial);
    let mut since = created;
    let stretch = |clock: &mut Clock, runs: bool, since: DateTime<Utc>, to: DateTime<Utc>| {
        if !runs {
            return;
        }
        let more = calendar.between(since, to);
        if clock.due.is_none() && clock.used + more >= length {
            clock.due = Some(calendar.add(since, length - clock.used));
        }
        clock.used += more;
    };
    for change in changes {
        stretch(&mut clock, runs, since, change.at);
        since = change.at;
        if change.is_state {
            runs = !STOPPED.contains(&change.to.as_str());
        } else if change.to == target {
            // Fulfilled: what is left says when it would have been due.
            if clock.due.is_none() && runs {
                clock.due = Some(calendar.add(since, length - clock.used));
            }
            return clock;
        }
    }
    if let Some(until) = until.filter(|until| *until > since) {
        stretch(&mut clock, runs, since, until);
        since = until;
    }
    if clock.due.is_none() && runs {
        clock.due = Some(calendar.add(since, length - clock.used));
    }
    clock
}

/// What each expectation of the sequence comes to, and whether all agree.
pub(crate) fn answer(calendar: &Calendar, sequence: &Value) -> Result<(Value, bool), String> {
    let table = sequence.as_object().ok_or("the sequence is no object")?;
    let created =
        first(sequence, &["created", "start"]).ok_or("the sequence does not say when it was created")?;
    let created = read(created, calendar.zone())?;
    let initial = first(sequence, &["initial_state", "state"]).and_then(Value::as_str).unwrap_or("open");
    let until = first(sequence, &["as_of", "now"]).map(|at| read(at, calendar.zone())).transpose()?;
    let units = [("_minutes", 60_000.0), ("_seconds", 1_000.0), ("_hours", 3_600_000.0)];
    let mut targets: Vec<(&str, TimeDelta)> = Vec::new();
    for (key, value) in table.iter().filter(|(key, _)| !key.starts_with("expect")) {
        for (end, millis) in units {
            if let (Some(target), Some(length)) = (key.strip_suffix(end), value.as_f64()) {
                #[expect(clippy::cast_possible_truncation, reason = "a target is below 2^53 milliseconds")]
                let length = (length * millis).round() as i64;
                targets.push((target, TimeDelta::milliseconds(length)));
            }
        }
    }
    let names: Vec<&str> = targets.iter().map(|(target, _)| *target).collect();
    let changes = changes(sequence, calendar, &names)?;
    let mut result = Map::new();
    let mut agrees = true;
    for (key, expected) in table {
        let Some(said) = key.strip_prefix("expect_").or_else(|| key.strip_prefix("expected_")) else {
            continue;
        };
        // The longest name that fits: `reply` must not stand for `reply_again`.
        let target = targets
            .iter()
            .filter(|(target, _)| said.starts_with(target))
            .max_by_key(|(target, _)| target.len());
        let (target, length) = *target.ok_or_else(|| format!("no target for {key:?}"))?;
        let clock = run(calendar, &changes, (target, length), (created, initial), until);
        let (used, left) = (clock.used.num_milliseconds(), (length - clock.used).num_milliseconds());
        let what = said[target.len()..].trim_start_matches('_');
        let (given, same) = match what {
            "due" | "due_at" | "escalation_at" => match clock.due {
                Some(due) => {
                    let same = !expected.is_null() && read(expected, calendar.zone())? == due;
                    (write(due, Some(expected)), same)
                }
                None => (Value::Null, expected.is_null()),
            },
            _ => {
                let (unit, millis) = match what.split_once('_') {
                    Some((unit, "used")) => (unit, used),
                    Some((unit, "left")) => (unit, left),
                    _ => return Err(format!("no such expectation: {key:?}")),
                };
                let per = match unit {
                    "minutes" => 60_000,
                    "seconds" => 1_000,
                    "hours" => 3_600_000,
                    _ => return Err(format!("no such expectation: {key:?}")),
                };
                let given = number(millis, per);
                let same = same_number(&given, expected);
                (given, same)
            }
        };
        agrees &= same;
        result.insert(said.to_owned(), given);
    }
    if result.is_empty() {
        return Err("the sequence expects nothing that can be read".to_owned());
    }
    Ok((result.into(), agrees))
}
