//! One question and one answer.

use crate::instant::{Amount, amount, number, read, same_number, write};
use grievance_core::calendar::Calendar;
use serde_json::Value;

pub(crate) fn first<'a>(of: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| of.get(key)).filter(|value| !value.is_null())
}

/// What the calendar answers, and whether the vector expects that.
pub(crate) fn answer(calendar: &Calendar, vector: &Value) -> Result<(Value, bool), String> {
    let zone = calendar.zone();
    let op =
        first(vector, &["op", "operation"]).and_then(Value::as_str).ok_or("the vector has no operation")?;
    let start =
        first(vector, &["start", "at", "from", "time", "instant"]).ok_or("the vector has no start")?;
    let start = read(start, zone)?;
    let many = || {
        let unit =
            first(vector, &["unit"]).map_or(Ok("s"), |unit| unit.as_str().ok_or("the unit is no text"))?;
        for (key, unit) in [("seconds", "s"), ("minutes", "min"), ("hours", "h"), ("days", "day")] {
            if let Some(number) = vector.get(key) {
                return amount(number, unit);
            }
        }
        amount(first(vector, &["amount", "duration"]).ok_or("the vector has no amount")?, unit)
    };
    let at = match op.to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
        "is_open" | "open" | "is_working_time" | "in_working_hours" => {
            let given = calendar.is_open(start);
            let expected = first(vector, &["expected_bool", "expected"]);
            return Ok((given.into(), expected.and_then(Value::as_bool) == Some(given)));
        }
        "between" | "duration" | "within" | "working_time_between" => {
            let end = first(vector, &["end", "to", "until"]).ok_or("the vector has no end")?;
            return between(calendar, vector, start, read(end, zone)?);
        }
        "is_working_day" | "working_day" => {
            let given = calendar.is_working_day(calendar.day_of(start));
            let expected = first(vector, &["expected_bool", "expected"]);
            return Ok((given.into(), expected.and_then(Value::as_bool) == Some(given)));
        }
        "roll_forward" | "next_open" | "next_working_time" => calendar.roll_forward(start),
        "roll_back" | "roll_backward" | "previous_open" => calendar.roll_back(start),
        "add" | "after" => match many()? {
            Amount::Time(time) => calendar.add(start, time),
            Amount::Days(days) => calendar.add_business_days(start, days),
        },
        "sub" | "subtract" | "before" => match many()? {
            Amount::Time(time) => calendar.sub(start, time),
            // Nothing to subtract rolls back, which adding nothing does not.
            Amount::Days(0) => calendar.roll_back(start),
            Amount::Days(days) => {
                calendar.add_business_days(start, days.checked_neg().ok_or("too many days")?)
            }
        },
        _ => return Err(format!("no operation {op:?}")),
    };
    let expected = first(vector, &["expected", "expected_instant", "expected_at", "result"]);
    let agrees = match expected {
        Some(expected) => read(expected, zone)? == at,
        None => return Err("the vector expects nothing that can be read".to_owned()),
    };
    Ok((write(at, expected), agrees))
}

fn between(
    calendar: &Calendar,
    vector: &Value,
    start: chrono::DateTime<chrono::Utc>,
    end: chrono::DateTime<chrono::Utc>,
) -> Result<(Value, bool), String> {
    let millis = calendar.between(start, end).num_milliseconds();
    let keys = [
        ("expected_seconds", 1_000),
        ("expected_minutes", 60_000),
        ("expected_hours", 3_600_000),
        ("expected_ms", 1),
        ("expected_milliseconds", 1),
        ("expected", 1_000),
    ];
    if let Some(expected) = first(vector, &["expected_days", "expected_business_days"]) {
        let days = calendar.count_working_days(calendar.day_of(start), calendar.day_of(end));
        return Ok((days.into(), same_number(&days.into(), expected)));
    }
    for (key, per) in keys {
        if let Some(expected) = first(vector, &[key]) {
            let given = number(millis, per);
            let agrees = same_number(&given, expected);
            return Ok((given, agrees));
        }
    }
    Err("the vector expects nothing that can be read".to_owned())
}
