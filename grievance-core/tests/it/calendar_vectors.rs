//! The public test vectors of other projects: all agree but three, which give our policy.

use crate::calendar_model::data;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::calendar::entry::{HolidayEntry, HoursEntry, OverrideEntry};
use grievance_core::calendar::{Calendar, CalendarEntry};
use serde_json::Value;
use std::collections::BTreeMap;

type Stretch = (String, String);

fn stretches(value: &Value) -> Vec<Stretch> {
    serde_json::from_value(value.clone()).expect("a list of pairs")
}

/// What of the hours is left beside the breaks. Times of one width compare as texts.
fn beside(hours: Vec<Stretch>, breaks: &[Stretch]) -> Vec<String> {
    let mut open = hours;
    for (from, to) in breaks {
        open = open
            .into_iter()
            .flat_map(|(start, end)| {
                [(start.clone(), from.min(&end).clone()), (to.max(&start).clone(), end.clone())]
            })
            .filter(|(start, end)| start < end)
            .collect();
    }
    open.into_iter().map(|(start, end)| format!("{start}-{end}")).collect()
}

fn calendar(value: &Value) -> Calendar {
    let week: BTreeMap<String, Value> = serde_json::from_value(value["week"].clone()).expect("a week");
    let on = |day: &str| stretches(&week[day]);
    let mut entry = CalendarEntry { hours: Some(HoursEntry::default()), ..CalendarEntry::default() };
    if let Some(hours) = &mut entry.hours {
        hours.mon = beside(on("mon"), &[]);
        hours.tue = beside(on("tue"), &[]);
        hours.wed = beside(on("wed"), &[]);
        hours.thu = beside(on("thu"), &[]);
        hours.fri = beside(on("fri"), &[]);
        hours.sat = beside(on("sat"), &[]);
        hours.sun = beside(on("sun"), &[]);
    }
    let holidays: Vec<chrono::NaiveDate> = serde_json::from_value(value["holidays"].clone()).expect("dates");
    entry.holiday = holidays
        .into_iter()
        .map(|date| HolidayEntry { date: Some(date), ..HolidayEntry::default() })
        .collect();
    let empty = serde_json::Map::new();
    let overrides = value["day_override"].as_object().unwrap_or(&empty);
    let breaks = value["breaks"].as_object().unwrap_or(&empty);
    let mut dates: Vec<&String> = overrides.keys().chain(breaks.keys()).collect();
    dates.sort_unstable();
    dates.dedup();
    for text in dates {
        let date: chrono::NaiveDate = text.parse().expect("a date");
        let weekday = date.format("%a").to_string().to_lowercase();
        let hours = overrides.get(text).map_or_else(|| on(&weekday), stretches);
        let hours = beside(hours, &breaks.get(text).map_or_else(Vec::new, stretches));
        entry.overrides.push(OverrideEntry { date: Some(date), hours, ..OverrideEntry::default() });
    }
    Calendar::new(&entry, value["tz"].as_str().and_then(|zone| zone.parse().ok()).expect("a zone"))
        .expect("a sound calendar")
}

fn instant(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().expect("a text")).expect("an instant").to_utc()
}

/// The answer as the vector writes it: an instant, seconds, or whether it is open.
fn answer(calendar: &Calendar, vector: &Value) -> Value {
    let start = instant(&vector["start"]);
    let amount = vector["amount"].as_i64().unwrap_or_default();
    let days = vector["unit"] == "business_day";
    let at = match vector["op"].as_str().expect("an operation") {
        "is_open" => return calendar.is_open(start).into(),
        "between" => return calendar.between(start, instant(&vector["end"])).num_seconds().into(),
        "roll_forward" => calendar.roll_forward(start),
        "roll_back" => calendar.roll_back(start),
        "add" if days => calendar.add_business_days(start, i32::try_from(amount).unwrap()),
        // Nothing to subtract rolls back, which adding nothing does not.
        "sub" if days && amount == 0 => calendar.roll_back(start),
        "sub" if days => calendar.add_business_days(start, -i32::try_from(amount).unwrap()),
        "add" => calendar.add(start, TimeDelta::seconds(amount)),
        "sub" => calendar.sub(start, TimeDelta::seconds(amount)),
        other => panic!("no operation {other}"),
    };
    at.to_rfc3339().into()
}

#[test]
fn all_vectors_agree_but_the_three_of_another_policy() {
    let Some(path) = data("business-time/vectors.json") else { return };
    let text = std::fs::read_to_string(path).expect("the file reads");
    let file: Value = serde_json::from_str(&text).expect("a JSON file");
    let calendars: BTreeMap<&String, Calendar> =
        file["calendars"].as_object().unwrap().iter().map(|(name, it)| (name, calendar(it))).collect();
    let mut differing = BTreeMap::new();
    let vectors = file["vectors"].as_array().expect("a list");
    for vector in vectors {
        let name = vector["calendar"].as_str().expect("a name").to_owned();
        let given = answer(&calendars[&name], vector);
        let expected =
            ["expected", "expected_seconds", "expected_bool"].iter().find_map(|key| vector.get(key));
        let expected = expected.expect("something is expected");
        let same = match (expected.as_str(), given.as_str()) {
            (Some(_), Some(_)) => instant(expected) == instant(&given),
            _ => *expected == given,
        };
        if !same {
            differing.insert(vector["id"].as_str().unwrap().to_owned(), given);
        }
    }
    assert_eq!(vectors.len(), 226);
    // Reversed intervals are negative (ADR 17), and 25 hours elapse on a day of 25 hours (ADR 18).
    let ours = [("biz-019", -142_200), ("glpi-008", -216_000), ("working_hours-075", 90_000)];
    let ours = ours.map(|(id, seconds)| (id.to_owned(), Value::from(seconds)));
    assert_eq!(differing, BTreeMap::from(ours));
}
