//! Runs other projects' vectors of working time through the calendar of this library.
//!
//! `business-time FILE` prints one line of JSON for each vector and each pause sequence of the
//! file: `{"id", "result", "agrees"}`. What cannot be read is a line too, with an `error` that says
//! what is wrong, and the rest goes on. The format is in `docs/reference/business-time-format.md`.

mod calendar;
mod instant;
mod sequence;
mod vector;

use clap::Parser;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs vectors of working time and prints one line of JSON for each.
#[derive(Debug, Parser)]
#[command(name = "business-time")]
struct Args {
    /// A file of vectors; `-` for the standard input.
    file: PathBuf,
}

/// The calendars of a file, each read once.
struct Book<'a> {
    entries: Map<String, Value>,
    read: BTreeMap<String, Result<grievance_core::calendar::Calendar, String>>,
    file: &'a Value,
}

impl Book<'_> {
    /// The calendar that a vector names, or writes down itself.
    fn of(&mut self, vector: &Value) -> Result<grievance_core::calendar::Calendar, String> {
        let named = vector.get("calendar").or_else(|| self.file.get("calendar"));
        match named.ok_or("the vector names no calendar")? {
            Value::String(name) => {
                let entry = self.entries.get(name).ok_or_else(|| format!("no calendar {name:?}"))?;
                let read = || calendar::read(entry).map_err(|error| format!("calendar {name:?}: {error}"));
                self.read.entry(name.clone()).or_insert_with(read).clone()
            }
            entry => calendar::read(entry).map_err(|error| format!("calendar: {error}")),
        }
    }
}

fn lists(file: &Value) -> (Vec<&Value>, Vec<&Value>) {
    let list = |key: &str| file.get(key).and_then(Value::as_array).into_iter().flatten();
    match file {
        Value::Array(vectors) => (vectors.iter().collect(), Vec::new()),
        _ => (list("vectors").collect(), list("pause_sequences").chain(list("sequences")).collect()),
    }
}

fn run(text: &str, out: &mut impl std::io::Write) -> Result<(), String> {
    let file: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())?;
    let entries = match file.get("calendars") {
        Some(Value::Object(entries)) => entries.clone(),
        Some(Value::Array(list)) => {
            let name = |entry: &Value| {
                entry.get("id").or_else(|| entry.get("name")).and_then(Value::as_str).map(str::to_owned)
            };
            list.iter().filter_map(|entry| Some((name(entry)?, entry.clone()))).collect()
        }
        _ => Map::new(),
    };
    let mut book = Book { entries, read: BTreeMap::new(), file: &file };
    let (vectors, sequences) = lists(&file);
    let all = vectors.into_iter().map(|it| (it, false)).chain(sequences.into_iter().map(|it| (it, true)));
    for (n, (vector, is_sequence)) in all.enumerate() {
        let id = vector.get("id").cloned().unwrap_or_else(|| json!(n));
        let is_sequence = is_sequence || (vector.get("op").is_none() && vector.get("events").is_some());
        let answered = book.of(vector).and_then(|calendar| {
            if is_sequence { sequence::answer(&calendar, vector) } else { vector::answer(&calendar, vector) }
        });
        let line = match answered {
            Ok((result, agrees)) => json!({ "id": id, "result": result, "agrees": agrees }),
            Err(error) => {
                let refusal = ["expected_error", "expect_error"];
                let agrees = refusal.iter().any(|key| vector.get(key).is_some_and(|it| *it != json!(false)));
                json!({ "id": id, "result": null, "agrees": agrees, "error": error })
            }
        };
        writeln!(out, "{line}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let text = if args.file.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(&args.file)
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let done = text
        .map_err(|error| error.to_string())
        .and_then(|text| run(&text, &mut out))
        .and_then(|()| out.flush().map_err(|error| error.to_string()));
    if let Err(error) = done {
        eprintln!("business-time: {}: {error}", args.file.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::run;
    use serde_json::{Value, json};

    fn lines(file: &Value) -> Vec<Value> {
        let mut out = Vec::new();
        run(&file.to_string(), &mut out).expect("a file");
        let text = String::from_utf8(out).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    fn week() -> Value {
        json!({ "tz": "Europe/Berlin", "week": { "mon": [["09:00", "17:00"]], "tuesday": ["09:00-17:00"] } })
    }

    #[test]
    fn each_operation_answers_and_what_cannot_be_read_is_said() {
        let start = "2026-11-23T10:00:00+01:00";
        let vector = |id: &str, more: Value| {
            let mut vector = json!({ "id": id, "calendar": "c", "start": start });
            vector.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            vector
        };
        let file = json!({ "calendars": { "c": week(), "shut": { "tz": "UTC", "week": {} } }, "vectors": [
            vector("add", json!({ "op": "add", "amount": 8, "unit": "h", "expected": "2026-11-24T10:00:00+01:00" })),
            vector("days", json!({ "op": "add", "amount": 1, "unit": "business_day", "expected": "2026-11-24T09:00:00Z" })),
            vector("sub", json!({ "op": "sub", "amount": 90, "unit": "minutes", "expected": "2026-11-17T16:30:00+01:00" })),
            vector("between", json!({ "op": "between", "end": "2026-11-24 10:00", "expected_seconds": 28800 })),
            vector("open", json!({ "op": "is_open", "expected_bool": false })),
            vector("shut", json!({ "op": "is_open", "calendar": "shut" })),
            vector("odd", json!({ "op": "juggle" })),
            json!({ "calendar": "nowhere" }),
        ]});
        let lines = lines(&file);
        let agrees: Vec<_> = lines.iter().map(|line| line["agrees"].as_bool().unwrap()).collect();
        assert_eq!(agrees, [true, true, true, true, false, false, false, false], "{lines:#?}");
        assert_eq!(lines[0]["result"], "2026-11-24T10:00:00+01:00");
        assert_eq!(lines[1]["result"], "2026-11-24T09:00:00Z", "in the form of the expectation");
        assert_eq!(lines[3]["result"], 28_800);
        let errors: Vec<_> = lines[5..].iter().map(|line| line["error"].as_str().unwrap()).collect();
        assert!(errors[0].contains("no open time"), "{errors:?}");
        assert_eq!(errors[1..], ["no operation \"juggle\"", "no calendar \"nowhere\""]);
    }

    #[test]
    fn the_clock_stops_while_a_sequence_is_pending_or_closed() {
        let file = json!({ "calendars": { "c": week() }, "pause_sequences": [{
            "id": "s", "calendar": "c", "created": "2026-11-23T09:00:00+01:00", "reply_minutes": 120,
            "solution_minutes": 600,
            "events": [
                ["2026-11-23T09:30:00+01:00", "open", "pending"],
                ["2026-11-23T10:30:00+01:00", "pending", "open"],
                ["2026-11-23T11:00:00+01:00", "open", "closed"],
                ["2026-11-24T09:00:00+01:00", "closed", "open"],
                ["2026-11-24T09:15:00+01:00", "", "reply"],
            ],
            "expect_reply_minutes_used": 75, "expect_reply_minutes_left": 45,
            "expect_reply_due": "2026-11-24T10:00:00+01:00",
            "expect_solution_minutes_used": 75,
        }]});
        let lines = lines(&file);
        assert_eq!(lines[0]["agrees"], true, "{lines:#?}");
    }

    #[test]
    fn the_public_vectors_agree_but_for_three() {
        let beside = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").into();
        let data = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, std::path::PathBuf::from);
        let Ok(text) = std::fs::read_to_string(data.join("business-time/vectors.json")) else {
            eprintln!("skipped: no business-time/vectors.json in GRIEVANCE_DATA or ../shared/data");
            return;
        };
        let lines = lines(&serde_json::from_str(&text).expect("JSON"));
        assert_eq!(lines.len(), 229);
        let differ: Vec<_> = lines.iter().filter(|line| line["agrees"] != true).collect();
        let ids: Vec<_> = differ.iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["biz-019", "working_hours-075", "glpi-008"], "{differ:#?}");
    }
}
