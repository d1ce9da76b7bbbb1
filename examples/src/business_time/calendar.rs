//! A calendar as a file of vectors writes it, as an entry of this library.

use crate::vector::first;
use chrono::{Datelike as _, NaiveDate};
use grievance_core::calendar::entry::{HolidayEntry, HoursEntry, OverrideEntry};
use grievance_core::calendar::hours::Period;
use grievance_core::calendar::{Calendar, CalendarEntry};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A list of periods: pairs of times, texts such as `09:00-17:00`, or objects with both ends.
fn periods(value: &Value) -> Result<Vec<Period>, String> {
    let list = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) if matches!(list.as_slice(), [Value::String(from), Value::String(_)] if !from.contains('-')) =>
        {
            return period(value).map(|period| vec![period]);
        }
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().map(period).collect()
}

fn period(value: &Value) -> Result<Period, String> {
    let text = match value {
        Value::String(text) => text.replace(['–', '—'], "-"),
        Value::Array(pair) if pair.len() == 2 => format!("{}-{}", time(&pair[0])?, time(&pair[1])?),
        Value::Object(_) => {
            let from = first(value, &["from", "start", "open", "begin"]).ok_or("a period has no start")?;
            let to = first(value, &["to", "end", "close", "until"]).ok_or("a period has no end")?;
            format!("{}-{}", time(from)?, time(to)?)
        }
        other => return Err(format!("expected a period, found {other}")),
    };
    Period::read(&text).map_err(|error| format!("{text:?}: {error}"))
}

/// A time of day: a text, or a whole hour.
fn time(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.trim().bytes().all(|b| b.is_ascii_digit()) => {
            Ok(format!("{}:00", text.trim()))
        }
        Value::String(text) => Ok(text.clone()),
        Value::Number(hour) if hour.as_u64().is_some() => Ok(format!("{hour}:00")),
        other => Err(format!("expected a time of day, found {other}")),
    }
}

fn date(value: &Value) -> Result<NaiveDate, String> {
    let text = value.as_str().ok_or_else(|| format!("expected a date, found {value}"))?;
    let day = text.get(..10).unwrap_or(text);
    day.parse().map_err(|_| format!("{text:?} is no date"))
}

/// What of the hours is left beside the breaks.
fn beside(hours: &[Period], breaks: &[Period]) -> Vec<Period> {
    breaks.iter().fold(hours.to_vec(), |hours, rest| {
        let left = |open: &Period| {
            let before = Period::new(open.from(), open.to().min(rest.from()));
            let after = Period::new(open.from().max(rest.to()), open.to());
            before.into_iter().chain(after)
        };
        hours.iter().flat_map(left).collect()
    })
}

fn texts(periods: &[Period]) -> Vec<String> {
    periods.iter().map(ToString::to_string).collect()
}

fn week(value: &Value) -> Result<[Vec<Period>; 7], String> {
    let mut week: [Vec<Period>; 7] = std::array::from_fn(|_| Vec::new());
    let table = value.as_object().ok_or("the week is no object")?;
    for (key, hours) in table {
        let key = key.trim().to_ascii_lowercase();
        let at = key.get(..3).and_then(|short| DAYS.iter().position(|day| *day == short));
        let at = at.ok_or_else(|| format!("no day of the week {key:?}"))?;
        week[at] = periods(hours)?;
    }
    Ok(week)
}

fn by_date(of: &Value, keys: &[&str]) -> Result<BTreeMap<NaiveDate, Vec<Period>>, String> {
    let empty = Map::new();
    let table = match first(of, keys) {
        None => &empty,
        Some(Value::Object(table)) => table,
        Some(other) => return Err(format!("expected periods by date, found {other}")),
    };
    table.iter().map(|(day, hours)| Ok((date(&Value::String(day.clone()))?, periods(hours)?))).collect()
}

fn holidays(of: &Value) -> Result<Vec<HolidayEntry>, String> {
    let list = |keys: &[&str]| match first(of, keys) {
        Some(Value::Array(list)) => list.clone(),
        Some(Value::Object(table)) => table.keys().cloned().map(Value::String).collect(),
        _ => Vec::new(),
    };
    let mut holidays: BTreeMap<String, HolidayEntry> = BTreeMap::new();
    for holiday in list(&["holidays", "holiday"]) {
        let day = date(first(&holiday, &["date", "day"]).unwrap_or(&holiday))?;
        let end = holiday.get("until").or_else(|| holiday.get("end")).map(date).transpose()?.unwrap_or(day);
        // A range may be longer than the library takes in one entry.
        for day in day.iter_days().take_while(|day| *day <= end).take(10_000) {
            holidays.insert(day.to_string(), HolidayEntry { date: Some(day), ..HolidayEntry::default() });
        }
    }
    for day in list(&["recurring_holidays_mm_dd", "recurring_holidays", "yearly_holidays"]) {
        let text = day.as_str().ok_or_else(|| format!("expected a day of the year, found {day}"))?.to_owned();
        holidays.insert(text.clone(), HolidayEntry { yearly: Some(text), ..HolidayEntry::default() });
    }
    Ok(holidays.into_values().collect())
}

/// Reads and compiles a calendar.
pub(crate) fn read(of: &Value) -> Result<Calendar, String> {
    let zone = first(of, &["tz", "zone", "timezone", "time_zone"]).map_or(Ok("UTC"), |zone| {
        zone.as_str().ok_or_else(|| format!("expected a time zone, found {zone}"))
    })?;
    let zone: chrono_tz::Tz = zone.parse().map_err(|_| format!("no time zone {zone:?}"))?;
    let week =
        week(first(of, &["week", "hours", "weekly_hours", "business_hours"]).ok_or("it has no week")?)?;
    let overrides = by_date(of, &["day_override", "day_overrides", "overrides", "override"])?;
    let breaks = by_date(of, &["breaks", "break"])?;
    let holidays = holidays(of)?;
    let is_off = |day: NaiveDate| {
        let yearly = day.format("%m-%d").to_string();
        holidays.iter().any(|it| it.date == Some(day) || it.yearly.as_ref() == Some(&yearly))
    };
    let mut exceptions = Vec::new();
    let dates: std::collections::BTreeSet<_> = overrides.keys().chain(breaks.keys()).copied().collect();
    for day in dates {
        let usual = &week[day.weekday().num_days_from_monday() as usize];
        let hours = overrides.get(&day).unwrap_or(usual);
        if is_off(day) && !overrides.contains_key(&day) {
            continue; // a break on a holiday
        }
        let hours = texts(&beside(hours, breaks.get(&day).map_or(&[], Vec::as_slice)));
        exceptions.push(OverrideEntry { date: Some(day), hours, ..OverrideEntry::default() });
    }
    let [mon, tue, wed, thu, fri, sat, sun] = week.map(|hours| texts(&hours));
    let entry = CalendarEntry {
        hours: Some(HoursEntry { mon, tue, wed, thu, fri, sat, sun }),
        rest: first(of, &["rest"])
            .map_or(Ok(Vec::new()), |it| serde_json::from_value(it.clone()))
            .map_err(|error| error.to_string())?,
        holiday: holidays,
        overrides: exceptions,
        ..CalendarEntry::default()
    };
    Calendar::new(&entry, zone).map_err(|error| error.to_string())
}
