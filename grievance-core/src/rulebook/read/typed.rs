//! From the merged tree to the document, field by field, so that every malformed one is told.

use crate::calendar::entry::CalendarEntry;
use crate::rulebook::document::{Document, MappingEntry, WorkflowEntry};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{cut, did_you_mean, one_of, shown};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

/// Most malformed fields that are told of one entry.
const MOST_OF_AN_ENTRY: usize = 50;

/// Reads the document; a malformed field is left out of it.
pub(super) fn document(tree: Map<String, Value>, findings: &mut Findings) -> Document {
    let mut top = Table::new(tree, String::new());
    let mut flow = top.table("workflow", findings);
    let workflow = WorkflowEntry { stage: flow.list("stage", findings), step: flow.list("step", findings) };
    flow.finish(findings);
    let mut map = top.table("mapping", findings);
    let mapping = MappingEntry {
        unit: map.list("unit", findings),
        stage: map.list("stage", findings),
        reason: map.list("reason", findings),
    };
    map.finish(findings);
    let mut table = top.table("calendar", findings);
    let calendar = CalendarEntry {
        hours: table.field("hours", findings),
        rest: table.field("rest", findings),
        observes: table.field("observes", findings),
        source: table.field("source", findings),
        holiday: table.list("holiday", findings),
        overrides: table.list("override", findings),
    };
    table.finish(findings);
    let document = Document {
        notice: top.field("notice", findings),
        name: top.field("name", findings),
        zone: top.field("zone", findings),
        language: top.list("language", findings),
        cell: top.field("cell", findings),
        unit_kind: top.list("unit_kind", findings),
        unit: top.list("unit", findings),
        post: top.list("post", findings),
        kind: top.list("kind", findings),
        channel: top.list("channel", findings),
        role: top.list("role", findings),
        access: top.field("access", findings),
        four_eyes: top.field("four_eyes", findings),
        priority: top.list("priority", findings),
        place: top.list("place", findings),
        category: top.list("category", findings),
        route: top.list("route", findings),
        workflow,
        reason: top.list("reason", findings),
        root_cause: top.list("root_cause", findings),
        process_change: top.list("process_change", findings),
        verification: top.field("verification", findings),
        suspicion: top.field("suspicion", findings),
        record: top.list("record", findings),
        feedback: top.field("feedback", findings),
        transfer: top.field("transfer", findings),
        calendar,
        window: top.field("window", findings),
        target: top.list("target", findings),
        escalation: top.list("escalation", findings),
        schedule: top.list("schedule", findings),
        retention: top.list("retention", findings),
        numbering: top.field("numbering", findings),
        intake: top.field("intake", findings),
        messages: top.field("messages", findings),
        template: top.list("template", findings),
        inform: top.list("inform", findings),
        otp: top.field("otp", findings),
        mis: top.field("mis", findings),
        mapping,
    };
    top.known.push("extends");
    top.finish(findings);
    document
}

/// A table of which each key is taken out once.
struct Table {
    map: Map<String, Value>,
    path: String,
    known: Vec<&'static str>,
}

impl Table {
    fn new(map: Map<String, Value>, path: String) -> Self {
        Self { map, path, known: Vec::new() }
    }

    fn path(&self, key: &str) -> String {
        if self.path.is_empty() { shortened(key) } else { format!("{}.{}", self.path, shortened(key)) }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.map.remove(key)
    }

    fn field<T: DeserializeOwned + Default>(&mut self, key: &'static str, findings: &mut Findings) -> T {
        self.take(key).map_or_else(T::default, |value| repaired(value, &self.path(key), findings))
    }

    fn list<T: DeserializeOwned + Default>(&mut self, key: &'static str, findings: &mut Findings) -> Vec<T> {
        let path = self.path(key);
        match self.take(key) {
            None => Vec::new(),
            Some(Value::Array(list)) => list
                .into_iter()
                .enumerate()
                .map(|(n, entry)| repaired(entry, &format!("{path}[{n}]"), findings))
                .collect(),
            Some(other) => {
                findings.error(Lint::Malformed, path, format!("expected a list, found {}", kind(&other)));
                Vec::new()
            }
        }
    }

    fn table(&mut self, key: &'static str, findings: &mut Findings) -> Self {
        let path = self.path(key);
        let map = match self.take(key) {
            None => Map::new(),
            Some(Value::Object(map)) => map,
            Some(other) => {
                let message = format!("expected a table, found {}", kind(&other));
                findings.error(Lint::Malformed, &*path, message);
                Map::new()
            }
        };
        Self::new(map, path)
    }

    /// Whatever was not taken is unknown.
    fn finish(self, findings: &mut Findings) {
        for key in self.map.keys() {
            let hint = did_you_mean(key, self.known.iter().copied());
            findings.add(Severity::Error, Lint::Malformed, self.path(key), "unknown key", hint);
        }
    }
}

/// Reads a value. Each malformed field is told and left out, until the rest can be read.
fn repaired<T: DeserializeOwned + Default>(mut value: Value, path: &str, findings: &mut Findings) -> T {
    let mut cuts: Vec<(String, usize)> = Vec::new();
    for _ in 0..MOST_OF_AN_ENTRY {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) => return read,
            Err(error) => error,
        };
        let way: Vec<Step> = error.path().iter().map_while(Step::of).collect();
        let printed = printed(path, &way, &cuts);
        let (message, hint) = sentence(&error.inner().to_string(), found(&value, &way), way.last());
        findings.add(Severity::Error, Lint::Malformed, &*printed, message, hint);
        let Some((end, to_parent)) = way.split_last() else { return T::default() };
        match (found_mut(&mut value, to_parent), end) {
            (Some(Value::Object(map)), Step::Key(key)) if map.contains_key(key) => {
                map.remove(key);
            }
            (Some(Value::Array(list)), Step::Index(at)) if *at < list.len() => {
                list.remove(*at);
                let parent = printed.rsplit_once('[').map_or("", |(parent, _)| parent).to_owned();
                let original = original(&cuts, &parent, *at);
                cuts.push((parent, original));
            }
            _ => return T::default(),
        }
    }
    let message = format!("more than {MOST_OF_AN_ENTRY} malformed fields; the rest is not listed");
    findings.error(Lint::Malformed, path, message);
    T::default()
}

enum Step {
    Key(String),
    Index(usize),
}

impl Step {
    fn of(segment: &Segment) -> Option<Self> {
        match segment {
            Segment::Map { key } => Some(Self::Key(key.clone())),
            Segment::Seq { index } => Some(Self::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        }
    }
}

/// Where an entry stood before earlier ones of its list were left out.
fn original(cuts: &[(String, usize)], list: &str, at: usize) -> usize {
    let mut gone: Vec<usize> = cuts.iter().filter(|(of, _)| of == list).map(|(_, at)| *at).collect();
    gone.sort_unstable();
    gone.iter().fold(at, |at, gone| at + usize::from(*gone <= at))
}

fn printed(path: &str, way: &[Step], cuts: &[(String, usize)]) -> String {
    let mut path = path.to_owned();
    for step in way {
        match step {
            Step::Key(key) => {
                path.push('.');
                path.push_str(&shortened(key));
            }
            Step::Index(at) => {
                let at = original(cuts, &path, *at);
                path.extend(["[", &at.to_string(), "]"]);
            }
        }
    }
    path
}

/// A key as part of a path: bare keys as they are, others quoted; cut after 60 characters.
pub(super) fn shortened(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare && key.len() <= 60 { key.to_owned() } else { shown(key) }
}

fn found<'a>(value: &'a Value, way: &[Step]) -> Option<&'a Value> {
    way.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(at) => value.get(at),
    })
}

fn found_mut<'a>(value: &'a mut Value, way: &[Step]) -> Option<&'a mut Value> {
    way.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(at) => value.get_mut(at),
    })
}

/// serde's sentence in the writer's words; what was written is repeated in 60 characters at most.
fn sentence(said: &str, found: Option<&Value>, last: Option<&Step>) -> (String, Option<String>) {
    let listed = || -> Vec<&str> {
        let tail = said.rsplit_once("expected one of ").or_else(|| said.rsplit_once("expected "));
        tail.map_or_else(Vec::new, |(_, list)| list.split(['`', ',', ' ']).filter(|w| is_word(w)).collect())
    };
    if said.starts_with("unknown field ") {
        let key = if let Some(Step::Key(key)) = last { key.as_str() } else { "" };
        return ("unknown key".to_owned(), did_you_mean(key, listed()));
    }
    if said.starts_with("unknown variant ") {
        let word = found.and_then(Value::as_str).unwrap_or_default();
        return (format!("no such word {}", shown(word)), one_of(word, &listed()));
    }
    if said.starts_with("invalid type")
        || said.starts_with("invalid value")
        || said.starts_with("invalid length")
    {
        let expected = match said.rsplit_once("expected ").map_or("something else", |(_, it)| it) {
            "a string" => "a text",
            "a boolean" => "true or false",
            "a sequence" => "a list",
            "a map" => "a table",
            "u8" => "a whole number from 0 to 255",
            "u32" => "a whole number from 0 to 4294967295",
            "u64" => "a whole number from 0",
            "a formatted date string" => "a date, YYYY-MM-DD",
            table if table.starts_with("struct ") => "a table",
            word if word.starts_with("string or map") || word.starts_with("enum ") => "a word",
            other => other,
        };
        return (format!("expected {}, found {}", cut(expected), found.map_or("nothing", kind)), None);
    }
    let is_date = |key: &str| key.starts_with("valid_") || matches!(key, "date" | "until");
    if matches!(last, Some(Step::Key(key)) if is_date(key)) {
        return ("expected a date that exists, YYYY-MM-DD".to_owned(), None);
    }
    (cut(said), None)
}

fn is_word(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_alphanumeric()) && word != "or"
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
