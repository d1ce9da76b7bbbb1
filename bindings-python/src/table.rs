//! The tables from which the type stubs and the enums of Python are written.

use grievance_core::vocabulary::{CLOSED_LISTS, MEASURES, PAPERS, RECORDS, TableField, TableRow, VERBS};
use pyo3::prelude::*;

type Word = (&'static str, &'static str, &'static str);

/// Every closed list: its name, its sentence, and of each value name, word and sentence.
#[pyfunction]
pub(crate) fn closed_lists() -> Vec<(&'static str, &'static str, Vec<Word>)> {
    let words = |list: &'static [grievance_core::vocabulary::ListWord]| {
        list.iter().map(|word| (word.name, word.word, word.about)).collect()
    };
    CLOSED_LISTS.iter().map(|list| (list.name, list.about, words(list.words))).collect()
}

type Field = (&'static str, &'static str, bool, &'static str);
type Row = (&'static str, &'static str, Vec<Field>);

fn rows(table: &'static [TableRow]) -> Vec<Row> {
    // As `record` names it, too.
    let name = |name| if name == "class" { "class_" } else { name };
    let field = |it: &TableField| (name(it.name), it.kind, it.must, it.about);
    table.iter().map(|row| (row.name, row.about, row.fields.iter().map(field).collect())).collect()
}

/// Every verb: its method, its sentence, and of each field name, type, whether it is needed, sentence.
#[pyfunction]
pub(crate) fn verb_table() -> Vec<Row> {
    rows(VERBS)
}

/// Every measure of a desk: the same of it.
#[pyfunction]
pub(crate) fn measure_table() -> Vec<Row> {
    rows(MEASURES)
}

/// Every paper of a desk: the same of it.
#[pyfunction]
pub(crate) fn paper_table() -> Vec<Row> {
    rows(PAPERS)
}

/// Every record: its name, its sentence, and of each field the same.
#[pyfunction]
pub(crate) fn record_table() -> Vec<Row> {
    rows(RECORDS)
}
