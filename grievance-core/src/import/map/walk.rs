//! Reading a map from TOML, field by field, so that every mistake is found in one pass.

use crate::import::instant::Formats;
use crate::import::map::{
    ColumnMap, Columns, DateColumn, Dimension, Fits, MapInvalid, Problems, ReasonOn, ReasonRule, Status,
    StatusMeans, Trust, Units,
};
use crate::kernel::code::{ReasonCode, SourceCode, is_code};
use crate::vocabulary::Phase;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap};
use toml::{Table, Value};

const TOP: &[&str] = &[
    "source",
    "zone",
    "units",
    "formats",
    "delimiter",
    "placeholder",
    "target_max_days",
    "columns",
    "status",
    "reason",
    "unit",
    "category",
    "channel",
    "place",
    "kind",
];
const COLUMNS: &[&str] = &[
    "number",
    "lodged",
    "disposed",
    "reopened",
    "received",
    "routed",
    "due",
    "events",
    "unit",
    "category",
    "channel",
    "place",
    "kind",
    "status",
    "narrative",
    "closure_text",
];
const STATUS: &[&str] = &["trust", "open", "reopened", "disposed", "withdrawn", "declined", "merged"];
const REASON: &[&str] = &["on", "starts_with", "contains", "equals", "reason"];
/// The usual ISO forms, for a map that gives none.
const ISO: &[&str] = &["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%+"];

/// A table of the map, where it stands, and the list of what is wrong.
struct Walk<'t> {
    table: &'t Table,
    path: String,
}

impl<'t> Walk<'t> {
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn only(&self, known: &[&str], problems: &mut Problems) {
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            problems.unknown(self.at(key), "unknown field", key, known.iter().copied());
        }
    }

    fn text(&self, key: &str, problems: &mut Problems) -> Option<&'t str> {
        match self.table.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.as_str()),
            _ => {
                problems.add(self.at(key), "a text is expected, and not a blank one");
                None
            }
        }
    }

    fn must(&self, key: &str, problems: &mut Problems) -> Option<&'t str> {
        if !self.table.contains_key(key) {
            problems.add(self.at(key), "is missing");
        }
        self.text(key, problems)
    }

    fn texts(&self, key: &str, problems: &mut Problems) -> Option<Vec<&'t str>> {
        let all = match self.table.get(key)? {
            Value::Array(list) => list.iter().map(Value::as_str).collect(),
            _ => None,
        };
        if all.is_none() {
            problems.add(self.at(key), "a list of texts is expected");
        }
        all
    }

    fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let word = self.text(key, problems)?;
        let found = choices.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice);
        if found.is_none() {
            let message = format!("no choice {word:?}");
            problems.unknown(self.at(key), message, word, choices.iter().map(|(known, _)| *known));
        }
        found
    }

    fn below(&self, key: &str, problems: &mut Problems) -> Option<Walk<'t>> {
        let value = self.table.get(key)?;
        let Value::Table(table) = value else {
            problems.add(self.at(key), "a table is expected");
            return None;
        };
        Some(Walk { table, path: self.at(key) })
    }

    fn formats(&self, key: &str, problems: &mut Problems) -> Option<Formats> {
        let patterns = self.texts(key, problems)?;
        if patterns.is_empty() {
            problems.add(self.at(key), "at least one format is needed");
        }
        for (at, pattern) in patterns.iter().enumerate() {
            if let Err(wrong) = Formats::compile([*pattern]) {
                problems.add(format!("{}[{at}]", self.at(key)), wrong.to_string());
            }
        }
        Formats::compile(patterns).ok()
    }

    fn date(&self, key: &str, usual: &Formats, problems: &mut Problems) -> Option<DateColumn> {
        date(self.table.get(key)?, &self.at(key), usual, problems)
    }
}

fn date(value: &Value, path: &str, usual: &Formats, problems: &mut Problems) -> Option<DateColumn> {
    match value {
        Value::String(name) if !name.trim().is_empty() => {
            Some(DateColumn { name: name.clone(), formats: usual.clone() })
        }
        Value::Table(table) => {
            let own = Walk { table, path: path.to_owned() };
            own.only(&["column", "formats"], problems);
            let name = own.must("column", problems)?.to_owned();
            let formats = own.formats("formats", problems).unwrap_or_else(|| usual.clone());
            Some(DateColumn { name, formats })
        }
        _ => {
            problems.add(path, "a column is expected: its name, or { column = \"...\", formats = [...] }");
            None
        }
    }
}

pub(super) fn read(text: &str) -> Result<ColumnMap, MapInvalid> {
    let mut problems = Problems::default();
    let table = text.parse::<Table>().unwrap_or_else(|error| {
        // The parser's own sentence, without the excerpt that it prints around it.
        let place = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
        problems.add("", format!("not TOML, at line {place}: {}", error.message()));
        Table::new()
    });
    if !problems.is_empty() {
        return Err(problems.done().expect_err("it is not empty"));
    }
    let map = top(&Walk { table: &table, path: String::new() }, &mut problems);
    problems.done()?;
    Ok(map.expect("a map without problems is whole"))
}

fn top(top: &Walk<'_>, problems: &mut Problems) -> Option<ColumnMap> {
    top.only(TOP, problems);
    let source = top.must("source", problems).and_then(|code| {
        SourceCode::new(code).map_err(|error| problems.add("source", error.to_string())).ok()
    });
    let zone = top.must("zone", problems).and_then(|name| {
        let zone = name.parse::<Tz>().ok();
        if zone.is_none() {
            let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            problems.unknown("zone", format!("no time zone {name:?}"), name, known);
        }
        zone
    });
    if !top.table.contains_key("units") {
        problems.add("units", "is missing: \"from-file\" or \"rulebook\"");
    }
    let choices = [("from-file", Units::FromFile), ("rulebook", Units::Rulebook)];
    let units = top.choice("units", &choices, problems);
    let delimiter = delimiter(top, problems);
    let target_max = match top.table.get("target_max_days") {
        None => Some(366),
        Some(Value::Integer(days)) if (1..=100_000).contains(days) => Some(*days),
        Some(_) => {
            problems.add("target_max_days", "a whole number of days is expected, from 1 to 100000");
            None
        }
    };
    let usual = if top.table.contains_key("formats") {
        top.formats("formats", problems)
    } else {
        Formats::compile(ISO.iter().copied()).ok()
    };
    // Columns are looked at even when the usual formats are wrong: all problems at once.
    let usual = usual.unwrap_or_else(|| Formats::compile([]).expect("no format is no bad format"));
    if !top.table.contains_key("columns") {
        problems.add("columns", "is missing");
    }
    let columns = top.below("columns", problems).and_then(|at| columns(&at, &usual, problems));
    let status = status(top, columns.as_ref(), problems);
    let reasons = reasons(top, columns.as_ref(), problems);
    let placeholders = top.texts("placeholder", problems).unwrap_or_default();
    let mut values = BTreeMap::new();
    for of in Dimension::ALL {
        if let Some(given) = self::values(top, *of, problems) {
            values.insert(*of, given);
        }
    }
    Some(ColumnMap {
        source: source?,
        zone: zone?,
        units: units?,
        delimiter: delimiter?,
        columns: columns?,
        status: status?,
        reasons,
        placeholders: placeholders.into_iter().map(|word| word.trim().to_owned()).collect(),
        target_max: TimeDelta::days(target_max?),
        values,
    })
}

fn delimiter(top: &Walk<'_>, problems: &mut Problems) -> Option<u8> {
    match top.table.get("delimiter") {
        None => Some(b','),
        Some(Value::String(text)) => match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => Some(*byte),
            _ => {
                problems.add("delimiter", "one ASCII character is expected, and no quote or line end");
                None
            }
        },
        Some(_) => {
            problems.add("delimiter", "one ASCII character is expected");
            None
        }
    }
}

fn columns(at: &Walk<'_>, usual: &Formats, problems: &mut Problems) -> Option<Columns> {
    at.only(COLUMNS, problems);
    let number = at.must("number", problems).map(str::to_owned);
    if !at.table.contains_key("lodged") {
        problems.add(at.at("lodged"), "is missing");
    }
    let mut of = |key: &str| at.date(key, usual, problems);
    let (lodged, disposed, reopened) = (of("lodged"), of("disposed"), of("reopened"));
    let (received, routed, due) = (of("received"), of("routed"), of("due"));
    let events = match at.table.get("events") {
        None => Vec::new(),
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .filter_map(|(nth, value)| date(value, &format!("{}[{nth}]", at.at("events")), usual, problems))
            .collect(),
        Some(_) => {
            problems.add(at.at("events"), "a list of columns is expected");
            Vec::new()
        }
    };
    let mut of = |key: &str| at.text(key, problems).map(str::to_owned);
    let (status, narrative, closure_text) = (of("status"), of("narrative"), of("closure_text"));
    let named = Dimension::ALL.iter().filter_map(|dim| Some((*dim, of(dim.as_str())?))).collect();
    Some(Columns {
        number: number?,
        lodged: lodged?,
        disposed,
        reopened,
        received,
        routed,
        due,
        events,
        named,
        status,
        narrative,
        closure_text,
    })
}

fn status(top: &Walk<'_>, columns: Option<&Columns>, problems: &mut Problems) -> Option<Status> {
    let mut status = Status { trust: Trust::Status, words: HashMap::new(), beginnings: Vec::new() };
    if !top.table.contains_key("status") {
        return Some(status);
    }
    let at = top.below("status", problems)?;
    at.only(STATUS, problems);
    if columns.is_some_and(|columns| columns.status.is_none()) {
        problems.add("status", "words are given, and columns.status is not");
    }
    if let Some(trust) = at.choice("trust", &[("status", Trust::Status), ("dates", Trust::Dates)], problems) {
        status.trust = trust;
    }
    let meanings = [
        ("open", StatusMeans::Open),
        ("reopened", StatusMeans::Reopened),
        ("disposed", StatusMeans::Ended(Phase::Disposed)),
        ("withdrawn", StatusMeans::Ended(Phase::Withdrawn)),
        ("declined", StatusMeans::Ended(Phase::Declined)),
        ("merged", StatusMeans::Ended(Phase::Merged)),
    ];
    for (key, means) in meanings {
        for word in at.texts(key, problems).unwrap_or_default() {
            let twice = match word.strip_suffix('*') {
                Some(begin) => {
                    let twice = status.beginnings.iter().any(|(known, _)| known == begin);
                    status.beginnings.push((begin.to_owned(), means));
                    twice
                }
                None => status.words.insert(word.to_owned(), means).is_some(),
            };
            if twice {
                problems.add(at.at(key), format!("{word:?} is given a meaning twice"));
            }
        }
    }
    status.beginnings.sort_by_key(|(begin, _)| std::cmp::Reverse(begin.len()));
    Some(status)
}

fn reasons(top: &Walk<'_>, columns: Option<&Columns>, problems: &mut Problems) -> Vec<ReasonRule> {
    let list = match top.table.get("reason") {
        None => return Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            problems.add("reason", "a list of tables is expected: [[reason]]");
            return Vec::new();
        }
    };
    let mut rules = Vec::new();
    for (nth, value) in list.iter().enumerate() {
        let path = format!("reason[{nth}]");
        match value {
            Value::Table(table) => rules.extend(rule(&Walk { table, path }, columns, problems)),
            _ => problems.add(path, "a table is expected"),
        }
    }
    rules
}

fn rule(at: &Walk<'_>, columns: Option<&Columns>, problems: &mut Problems) -> Option<ReasonRule> {
    at.only(REASON, problems);
    let choices = [("closure_text", ReasonOn::ClosureText), ("status", ReasonOn::Status)];
    let on = if at.table.contains_key("on") {
        at.choice("on", &choices, problems)
    } else {
        Some(ReasonOn::ClosureText)
    };
    let there = |columns: &Columns| match on {
        Some(ReasonOn::ClosureText) => columns.closure_text.is_some(),
        Some(ReasonOn::Status) => columns.status.is_some(),
        None => true,
    };
    if !columns.is_none_or(there) {
        problems.add(at.at("on"), "looks at a column that [columns] does not name");
    }
    let reason = at.must("reason", problems).and_then(|code| {
        ReasonCode::new(code).map_err(|error| problems.add(at.at("reason"), error.to_string())).ok()
    });
    let mut fits: Vec<Fits> = Vec::new();
    fits.extend(at.text("starts_with", problems).map(|text| Fits::StartsWith(text.to_owned())));
    fits.extend(at.text("contains", problems).map(|text| Fits::Contains(text.to_owned())));
    fits.extend(at.text("equals", problems).map(|text| Fits::Equals(text.to_owned())));
    if fits.len() > 1 || !["starts_with", "contains", "equals"].iter().any(|key| at.table.contains_key(*key))
    {
        problems.add(&at.path, "exactly one of starts_with, contains and equals is needed");
    }
    Some(ReasonRule { on: on?, reason: reason?, fits: fits.pop()? })
}

fn values(top: &Walk<'_>, of: Dimension, problems: &mut Problems) -> Option<BTreeMap<String, String>> {
    let at = top.below(of.as_str(), problems)?;
    at.only(&["values"], problems);
    let at = at.below("values", problems)?;
    let mut codes = BTreeMap::new();
    for (value, code) in at.table {
        match code {
            Value::String(code) if is_code(code) => {
                codes.insert(value.clone(), code.clone());
            }
            _ => problems.add(format!("{}.{value:?}", at.path), "a code of the rulebook is expected"),
        }
    }
    Some(codes)
}
