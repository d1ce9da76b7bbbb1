//! Merging a document with what it extends.

use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{did_you_mean, one_of, shown};
use crate::rulebook::presets;
use crate::rulebook::read::{Format, parse};
use serde_json::{Map, Value};
use std::collections::HashMap;

type Table = Map<String, Value>;

/// Most presets that extend one another: more can only be a circle.
const LONGEST_CHAIN: usize = 8;

/// The document with everything merged in that it extends.
pub(super) fn with_presets(document: Table, findings: &mut Findings) -> Table {
    let mut chain = vec![document];
    while let Some(name) = chain.last_mut().and_then(|last| last.remove("extends")) {
        let Value::String(name) = name else {
            findings.error(Lint::Malformed, "extends", "expected the name of a preset");
            break;
        };
        let Some(text) = presets::text(&name).filter(|_| chain.len() <= LONGEST_CHAIN) else {
            let known: Vec<&str> = presets::names().collect();
            let message = format!("no preset {}", shown(&name));
            findings.add(Severity::Error, Lint::UnknownPreset, "extends", message, one_of(&name, &known));
            break;
        };
        let Some(preset) = parse::tree(text, Format::Toml, findings) else { break };
        chain.push(preset);
    }
    let mut merged = Table::new();
    while let Some(over) = chain.pop() {
        merge_table(&mut merged, over, "", findings);
    }
    merged
}

fn merge_table(base: &mut Table, over: Table, path: &str, findings: &mut Findings) {
    for (key, value) in over {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (base.remove(&key), value) {
            (Some(Value::Object(mut base_table)), Value::Object(over)) => {
                merge_table(&mut base_table, over, &path, findings);
                base.insert(key, Value::Object(base_table));
            }
            (Some(Value::Array(list)), Value::Array(over))
                if list.iter().all(|entry| code(entry).is_some())
                    && over.iter().all(Value::is_object)
                    && !over.is_empty() =>
            {
                base.insert(key, Value::Array(merge_list(list, over, &path, findings)));
            }
            // Nothing to merge with, but there may be nothing to remove in it either.
            (_, Value::Array(over)) => {
                base.insert(key, Value::Array(merge_list(Vec::new(), over, &path, findings)));
            }
            (_, Value::Object(over)) => {
                let mut fresh = Table::new();
                merge_table(&mut fresh, over, &path, findings);
                base.insert(key, Value::Object(fresh));
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn code(entry: &Value) -> Option<&str> {
    entry.get("code").and_then(Value::as_str)
}

/// Overrides, appends and removes entries by their codes. A code that the overriding list has
/// twice is kept twice, for the linter to find.
fn merge_list(list: Vec<Value>, over: Vec<Value>, path: &str, findings: &mut Findings) -> Vec<Value> {
    let mut at: HashMap<String, usize> = HashMap::new();
    for (n, entry) in list.iter().enumerate() {
        if let Some(code) = code(entry) {
            at.entry(code.to_owned()).or_insert(n);
        }
    }
    let mut inherited = at.clone();
    let mut list: Vec<Option<Value>> = list.into_iter().map(Some).collect();
    for mut entry in over {
        let code = code(&entry).map(str::to_owned);
        let slot = code.as_ref().and_then(|code| inherited.remove(code));
        let (Some(code), Value::Object(table)) = (code, &mut entry) else {
            // An entry without a code: a step or a route, or a mistake that is found later.
            list.push(Some(settled(entry, &format!("{path}[{}]", list.len()), findings)));
            continue;
        };
        match table.get("remove") {
            Some(Value::Bool(true)) => {
                if let Some(slot) = slot {
                    list[slot] = None;
                } else {
                    let message = format!("there is no inherited {} to remove", shown(&code));
                    // Guesses cost time, and nobody reads a hundred.
                    let hint = (findings.list().len() < 100)
                        .then(|| did_you_mean(&code, at.keys().map(String::as_str)))
                        .flatten();
                    findings.add(Severity::Error, Lint::Undefined, path, message, hint);
                }
                continue;
            }
            Some(Value::Bool(false)) => {
                table.remove("remove");
            }
            _ => {}
        }
        let Value::Object(over) = entry else { continue };
        if let Some((slot, Some(Value::Object(mut base)))) = slot.map(|slot| (slot, list[slot].take())) {
            merge_table(&mut base, over, &format!("{path}[{slot}]"), findings);
            list[slot] = Some(Value::Object(base));
        } else {
            let path = format!("{path}[{}]", list.len());
            list.push(Some(settled(Value::Object(over), &path, findings)));
        }
    }
    list.into_iter().flatten().collect()
}

/// An entry that inherits nothing.
fn settled(entry: Value, path: &str, findings: &mut Findings) -> Value {
    match entry {
        Value::Object(over) => {
            let mut fresh = Table::new();
            merge_table(&mut fresh, over, path, findings);
            Value::Object(fresh)
        }
        other => other,
    }
}
