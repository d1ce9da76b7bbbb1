//! The tables from which JavaScript makes its methods and records, and its types are written.

use crate::acting::VERBS;
use crate::record::RECORDS;
use grievance_core::vocabulary::CLOSED_LISTS;
use napi_derive::napi;
use serde_json::{Value, json};

/// Every closed list, verb and record, each with its sentence, as one JSON text.
#[napi]
pub fn tables() -> String {
    let lists = CLOSED_LISTS.iter().map(|list| {
        let words =
            list.words.iter().map(|it| json!({ "name": it.name, "word": it.word, "about": it.about }));
        json!({ "name": list.name, "about": list.about, "words": words.collect::<Vec<_>>() })
    });
    let verbs = VERBS.iter().map(|(method, about, fields)| {
        let field = |(name, kind, must, about): &(&str, &str, bool, &str)| {
            json!({ "name": name, "kind": plain(kind), "must": must, "about": about })
        };
        // What Rust cannot name it names with a line behind.
        let action = method.trim_end_matches('_');
        json!({ "action": action, "about": about, "fields": fields.iter().map(field).collect::<Vec<_>>() })
    });
    let records = RECORDS.iter().map(|(name, about, fields)| {
        let field = |(name, kind, about): &(&str, &str, &str)| {
            json!({ "name": name, "kind": plain(kind), "about": about })
        };
        json!({ "name": name, "about": about, "fields": fields.iter().map(field).collect::<Vec<_>>() })
    });
    let all = |rows: &mut dyn Iterator<Item = Value>| rows.collect::<Value>();
    json!({ "lists": all(&mut { lists }), "verbs": all(&mut { verbs }), "records": all(&mut { records }) })
        .to_string()
}

/// The compiler prints types with spaces or without.
fn plain(kind: &str) -> String {
    kind.replace(' ', "")
}
