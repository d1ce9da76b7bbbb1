//! What can be wrong with a calendar, whatever rulebook it stands in.

use crate::calendar::entry::{CalendarEntry, HolidayEntry, OverrideEntry};
use crate::calendar::hours::{MonthRest, Period};
use crate::calendar::rules::{Rules, month_and_day};
use crate::calendar::span::DATED_YEARS;
use chrono::{Datelike as _, NaiveDate};
use std::collections::HashMap;

/// Most holidays that a calendar may have, and most exceptions.
pub const MOST_HOLIDAYS: usize = 10_000;

/// Most open periods of a day.
pub const MOST_PERIODS: usize = 48;

/// Most days from a holiday's `date` to its `until`, both counted.
pub const MOST_DAYS: i32 = 366;

/// Something that is wrong with a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the entry: `holiday[3].until`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// A calendar was refused, with everything that is wrong, in the order of the entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar has {} error(s); the first: {}", problems.len(), first(problems))]
pub struct CalendarInvalid {
    /// What is wrong.
    pub problems: Vec<Problem>,
}

fn first(problems: &[Problem]) -> String {
    problems.first().map_or_else(String::new, |it| format!("{}: {}", it.path, it.message))
}

struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem { path: path.into(), message: message.into() });
    }
}

/// Lists what is wrong with an entry. An entry without problems compiles.
pub fn check(entry: &CalendarEntry) -> Vec<Problem> {
    let mut problems = Problems(Vec::new());
    let mut few = true;
    for (path, length) in [("holiday", entry.holiday.len()), ("override", entry.overrides.len())] {
        if length > MOST_HOLIDAYS {
            problems.add(path, format!("a calendar has at most {MOST_HOLIDAYS} of them, not {length}"));
            few = false;
        }
    }
    if entry.rest.len() > MOST_PERIODS {
        problems.add("rest", format!("at most {MOST_PERIODS} days of rest"));
        few = false;
    }
    if !few {
        return problems.0;
    }
    if let Some(hours) = &entry.hours {
        for (day, texts) in hours.days() {
            periods(&format!("hours.{day}"), texts, &mut problems);
        }
    }
    for (n, text) in entry.rest.iter().enumerate() {
        if MonthRest::read(text).is_none() {
            problems
                .add(format!("rest[{n}]"), "expected a day such as \"second saturday\" or \"last friday\"");
        }
    }
    holidays(&entry.holiday, &mut problems);
    exceptions(&entry.overrides, &mut problems);
    if problems.0.is_empty() {
        // Local holidays count too: whoever has all of them must still have open time.
        let open = Rules::new(entry, chrono_tz::UTC, |_| true).is_some_and(|rules| rules.ever_open());
        if !open {
            problems.add("hours", "there is no open time: no deadline would ever come");
        }
    }
    problems.0
}

fn periods(path: &str, texts: &[String], problems: &mut Problems) {
    if texts.len() > MOST_PERIODS {
        problems.add(path, format!("a day has at most {MOST_PERIODS} periods"));
        return;
    }
    let mut read: Vec<(Period, usize)> = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        match Period::read(text) {
            Ok(period) => read.push((period, n)),
            Err(error) => problems.add(format!("{path}[{n}]"), error.to_string()),
        }
    }
    read.sort_unstable();
    for pair in read.windows(2) {
        let [(before, _), (after, n)] = pair else { continue };
        if before.to() > after.from() {
            problems.add(format!("{path}[{n}]"), format!("{after} overlaps {before}"));
        }
    }
}

fn dates(path: &str, date: Option<NaiveDate>, until: Option<NaiveDate>, problems: &mut Problems) {
    for (field, day) in [("date", date), ("until", until)] {
        if let Some(day) = day {
            year(&format!("{path}.{field}"), day, problems);
        }
    }
    match (date, until) {
        (Some(date), Some(until)) if until < date => {
            problems.add(format!("{path}.until"), format!("ends on {until}, before it begins on {date}"));
        }
        (Some(date), Some(until)) if (until - date).num_days() >= i64::from(MOST_DAYS) => {
            problems.add(format!("{path}.until"), format!("at most {MOST_DAYS} days"));
        }
        (None, Some(_)) => problems.add(format!("{path}.until"), "ends without a date to begin on"),
        _ => {}
    }
}

fn year(path: &str, day: NaiveDate, problems: &mut Problems) {
    if !DATED_YEARS.contains(&day.year()) {
        let (first, last) = (DATED_YEARS.start, DATED_YEARS.end - 1);
        problems.add(path, format!("a calendar names dates of the years {first} to {last}"));
    }
}

/// Units and places, sorted: two entries of the same day and locality say the same thing twice.
fn locality(units: &[String], places: &[String]) -> (Vec<String>, Vec<String>) {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    (sorted(units), sorted(places))
}

fn holidays(list: &[HolidayEntry], problems: &mut Problems) {
    let mut seen = HashMap::new();
    for (n, holiday) in list.iter().enumerate() {
        let path = format!("holiday[{n}]");
        dates(&path, holiday.date, holiday.until, problems);
        match (&holiday.yearly, holiday.date) {
            (None, None) => problems.add(&*path, "there is no date"),
            (Some(_), Some(_)) => {
                problems.add(format!("{path}.yearly"), "either a date or a day of every year, not both");
            }
            (Some(text), None) if month_and_day(text).is_none() => {
                problems.add(format!("{path}.yearly"), "expected a day of the year that exists, MM-DD");
            }
            _ => {}
        }
        for (field, day) in [("valid_from", holiday.valid_from), ("valid_to", holiday.valid_to)] {
            if let Some(day) = day {
                year(&format!("{path}.{field}"), day, problems);
            }
        }
        if let Some((from, to)) = holiday.valid_from.zip(holiday.valid_to).filter(|(from, to)| to < from) {
            problems.add(format!("{path}.valid_to"), format!("ends on {to}, before it begins on {from}"));
        } else if let Some(date) = holiday.date {
            let end = holiday.until.unwrap_or(date);
            let outside = holiday.valid_from.is_some_and(|from| date < from)
                || holiday.valid_to.is_some_and(|to| to < end);
            if outside {
                problems.add(format!("{path}.date"), "the holiday is outside its own validity");
            }
        }
        if let Some(hours) = &holiday.hours {
            periods(&format!("{path}.hours"), hours, problems);
            if hours.is_empty() {
                problems.add(
                    format!("{path}.hours"),
                    "a half-day has hours; without the field the whole day is closed",
                );
            }
        }
        let validity = (holiday.valid_from, holiday.valid_to);
        let says = (holiday.date, holiday.until, &holiday.yearly, &holiday.name, validity);
        if let Some(first) = seen.insert((says, locality(&holiday.unit, &holiday.place)), n) {
            problems.add(&*path, format!("holiday[{first}] says the same"));
        }
    }
}

fn exceptions(list: &[OverrideEntry], problems: &mut Problems) {
    let mut seen: HashMap<_, HashMap<NaiveDate, usize>> = HashMap::new();
    for (n, exception) in list.iter().enumerate() {
        let path = format!("override[{n}]");
        dates(&path, exception.date, exception.until, problems);
        periods(&format!("{path}.hours"), &exception.hours, problems);
        let Some(date) = exception.date else {
            problems.add(format!("{path}.date"), "there is no date");
            continue;
        };
        let until = exception.until.unwrap_or(date);
        let of_place = seen.entry(locality(&exception.unit, &exception.place)).or_default();
        let most = usize::try_from(MOST_DAYS).unwrap_or_default();
        for day in date.iter_days().take_while(|day| *day <= until).take(most) {
            if let Some(first) = of_place.insert(day, n) {
                problems.add(&*path, format!("override[{first}] gives the hours of {day} already"));
                break;
            }
        }
    }
}
