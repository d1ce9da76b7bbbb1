//! The tables from which the type stubs and the enums of Python are written.

use crate::acting::VERBS;
use crate::record::RECORDS;
use grievance_core::vocabulary::CLOSED_LISTS;
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

/// Every verb: its method, its sentence, and of each field name, type, whether it is needed, sentence.
#[pyfunction]
pub(crate) fn verb_table() -> Vec<(&'static str, &'static str, Vec<Field>)> {
    VERBS.iter().map(|(method, about, fields)| (*method, *about, fields.to_vec())).collect()
}

/// Every record: its name, its sentence, and of each field name, type and sentence.
#[pyfunction]
pub(crate) fn record_table() -> Vec<(&'static str, &'static str, Vec<Word>)> {
    RECORDS.iter().map(|(name, about, fields)| (*name, *about, fields.to_vec())).collect()
}
