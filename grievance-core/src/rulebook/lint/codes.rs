//! Codes: well formed, and each once in its list.

use crate::kernel::code::{NotACode, is_code};
use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::hint::shown;
use std::collections::HashMap;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    macro_rules! lists {
        ($($path:literal: $list:expr;)+) => {$(
            list($path, $list.iter().map(|entry| entry.code.as_str()), findings);
        )+};
    }
    lists! {
        "language": document.language;
        "unit_kind": document.unit_kind;
        "unit": document.unit;
        "post": document.post;
        "kind": document.kind;
        "channel": document.channel;
        "role": document.role;
        "priority": document.priority;
        "place": document.place;
        "category": document.category;
        "workflow.stage": document.workflow.stage;
        "reason": document.reason;
        "root_cause": document.root_cause;
        "process_change": document.process_change;
        "record": document.record;
        "target": document.target;
        "escalation": document.escalation;
        "schedule": document.schedule;
        "template": document.template;
        "inform": document.inform;
    }
    for (n, record) in document.record.iter().enumerate() {
        let path = format!("record[{n}].field");
        list(&path, record.field.iter().map(|field| field.code.as_str()), findings);
    }
    for (n, template) in document.template.iter().enumerate() {
        let path = format!("template[{n}].variable");
        list(&path, template.variable.iter().map(|variable| variable.code.as_str()), findings);
    }
    let mapping = &document.mapping;
    let gone = [
        ("unit", mapping.unit.iter().map(|entry| entry.from.as_str()).collect::<Vec<_>>()),
        ("stage", mapping.stage.iter().map(|entry| entry.from.as_str()).collect()),
        ("reason", mapping.reason.iter().map(|entry| entry.from.as_str()).collect()),
    ];
    for (list, codes) in gone {
        for (n, code) in codes.into_iter().enumerate().filter(|(_, code)| !is_code(code)) {
            bad(&format!("mapping.{list}[{n}].from"), code, findings);
        }
    }
}

fn list<'a>(path: &str, codes: impl Iterator<Item = &'a str>, findings: &mut Findings) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (n, code) in codes.enumerate() {
        let path_of_code = || format!("{path}[{n}].code");
        if !is_code(code) {
            bad(&path_of_code(), code, findings);
        } else if let Some(first) = first.get(code) {
            let message = format!("{} is the code of {path}[{first}] already", shown(code));
            findings.error(Lint::DuplicateCode, path_of_code(), message);
        } else {
            first.insert(code, n);
        }
    }
}

fn bad(path: &str, code: &str, findings: &mut Findings) {
    let message = if code.is_empty() {
        "a code is missing".to_owned()
    } else {
        format!("{} is no code: {NotACode}", shown(code))
    };
    findings.error(Lint::BadCode, path, message);
}
