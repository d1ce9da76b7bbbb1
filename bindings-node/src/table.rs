//! The tables from which JavaScript makes its methods and records, and its types are written.

use crate::record::OWN_RECORDS;
use grievance_core::vocabulary::{CLOSED_LISTS, MEASURES, PAPERS, RECORDS, TableField, TableRow, VERBS};
use napi_derive::napi;
use serde_json::{Value, json};

/// Every closed list, verb, measure, paper and record, each with its sentence, as one JSON text.
#[napi]
pub fn tables() -> String {
    let lists = CLOSED_LISTS.iter().map(|list| {
        let words =
            list.words.iter().map(|it| json!({ "name": it.name, "word": it.word, "about": it.about }));
        json!({ "name": list.name, "about": list.about, "words": words.collect::<Vec<_>>() })
    });
    let [verbs, measures, papers] = [VERBS, MEASURES, PAPERS].map(|rows| rows.iter().map(row));
    let records = RECORDS.iter().chain(OWN_RECORDS).map(row);
    let all = |rows: &mut dyn Iterator<Item = Value>| rows.collect::<Value>();
    json!({
        "lists": all(&mut { lists }),
        "verbs": all(&mut { verbs }),
        "measures": all(&mut { measures }),
        "papers": all(&mut { papers }),
        "records": all(&mut { records }),
    })
    .to_string()
}

fn row(row: &TableRow) -> Value {
    let field = |it: &TableField| json!({ "name": it.name, "kind": plain(it.kind), "must": it.must, "about": it.about });
    let fields: Value = row.fields.iter().map(field).collect();
    // What Rust cannot name it names with a line behind.
    json!({ "name": row.name.trim_end_matches('_'), "about": row.about, "fields": fields })
}

/// The compiler prints types with spaces or without.
fn plain(kind: &str) -> String {
    kind.replace(' ', "")
}
