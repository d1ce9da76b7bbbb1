//! A rulebook that knows the file's own offices, subjects, channels and places.

use crate::import::case::ImportedCase;
use crate::import::map::{ColumnMap, Dimension};
use crate::import::read::{Reader, Row};
use crate::kernel::text::Digest;
use crate::rulebook::document::{CategoryEntry, Document, Entry, PlaceEntry, UnitEntry};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Code of the office that a blank stands for. Its name is blank, as in the file.
pub const NOT_RECORDED: &str = "not-recorded";

/// Longest code.
const LONGEST: usize = 40;

/// Whether an entry with a blank name is the one that a blank stands for.
pub(crate) fn is_not_recorded(code: &str) -> bool {
    code.strip_prefix(NOT_RECORDED).is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|nth| nth.parse::<u32>().is_ok())
    })
}

/// The distinct values of a file, gathered from its accepted rows. Values that the map itself
/// gives a code are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    values: BTreeMap<Dimension, BTreeSet<String>>,
}

impl Survey {
    /// Reads a file to its end.
    pub fn of(reader: Reader<'_>) -> Self {
        let map = reader.column_map();
        let mut survey = Self::default();
        for row in reader {
            if let Row::Accepted(case) = row {
                survey.note(&case, map);
            }
        }
        survey
    }

    /// Adds one case, for a caller who reads the rows itself.
    pub fn note(&mut self, case: &ImportedCase, map: &ColumnMap) {
        let mut add = |of: Dimension, value: &str| {
            if map.value(of, value).is_none() {
                let values = self.values.entry(of).or_default();
                if !values.contains(value) {
                    values.insert(value.to_owned());
                }
            }
        };
        // A blank office is an office of its own: its cases must be somewhere.
        add(Dimension::Unit, &case.unit_value);
        for (of, value) in [
            (Dimension::Category, &case.category_value),
            (Dimension::Channel, &case.channel_value),
            (Dimension::Place, &case.place_value),
        ] {
            if !value.is_empty() {
                add(of, value);
            }
        }
    }

    /// The values of a dimension, sorted.
    pub fn values(&self, of: Dimension) -> impl Iterator<Item = &str> {
        self.values.get(&of).into_iter().flatten().map(String::as_str)
    }
}

/// One value of the file and the code that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The file's own value; empty for a blank. Reports print it: a name that is blank would
    /// print as its code.
    pub value: String,
    /// The code.
    pub code: String,
    /// Whether the rulebook lacked it.
    pub added: bool,
}

/// Which code each of the file's values has, by dimension, sorted by value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DerivedReport {
    /// Offices.
    pub units: Vec<Derived>,
    /// Subjects.
    pub categories: Vec<Derived>,
    /// Ways in.
    pub channels: Vec<Derived>,
    /// Jurisdictions.
    pub places: Vec<Derived>,
}

impl DerivedReport {
    /// Whether the rulebook lacked anything.
    pub fn added_any(&self) -> bool {
        [&self.units, &self.categories, &self.channels, &self.places]
            .into_iter()
            .flatten()
            .any(|derived| derived.added)
    }
}

/// Extends a document by the offices, subjects, channels and places of a file that it lacks.
///
/// A value that is already the name of an entry keeps that entry's code, so deriving again from a
/// document derived before changes nothing that was there. Codes come from the value's letters
/// and digits; two values that would have the same code are told apart by `-2`, `-3` and so on, in
/// the order of the values, and a value without Latin letters or digits is named by a digest of
/// it. New offices hang under the root of the directory.
pub fn derive_document(base: Document, survey: &Survey) -> (Document, DerivedReport) {
    let mut document = base;
    let units = fit(survey, Dimension::Unit, document.unit.iter().map(|it| (&it.code, &it.name)));
    let categories =
        fit(survey, Dimension::Category, document.category.iter().map(|it| (&it.code, &it.name)));
    let channels = fit(survey, Dimension::Channel, document.channel.iter().map(|it| (&it.code, &it.name)));
    let places = fit(survey, Dimension::Place, document.place.iter().map(|it| (&it.code, &it.name)));
    document.unit.extend(added(&units).map(|(code, name)| UnitEntry { code, name, ..UnitEntry::default() }));
    document.category.extend(added(&categories).map(|(code, name)| CategoryEntry {
        code,
        name,
        ..CategoryEntry::default()
    }));
    document.channel.extend(added(&channels).map(|(code, name)| Entry { code, name, ..Entry::default() }));
    document.place.extend(added(&places).map(|(code, name)| PlaceEntry {
        code,
        name,
        ..PlaceEntry::default()
    }));
    (document, DerivedReport { units, categories, channels, places })
}

fn added(derived: &[Derived]) -> impl Iterator<Item = (String, String)> {
    derived.iter().filter(|it| it.added).map(|it| (it.code.clone(), it.value.clone()))
}

fn fit<'d>(
    survey: &Survey,
    of: Dimension,
    entries: impl Iterator<Item = (&'d String, &'d String)>,
) -> Vec<Derived> {
    let mut taken = HashSet::new();
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (code, name) in entries {
        taken.insert(code.clone());
        let answers_to = match name.as_str() {
            "" if is_not_recorded(code) => "",
            "" => code,
            name => name,
        };
        known.entry(answers_to).or_insert(code);
    }
    survey
        .values(of)
        .map(|value| {
            if let Some(code) = known.get(value) {
                return Derived { value: value.to_owned(), code: (*code).to_owned(), added: false };
            }
            let code = free(&plain(of, value), &taken);
            taken.insert(code.clone());
            Derived { value: value.to_owned(), code, added: true }
        })
        .collect()
}

fn plain(of: Dimension, value: &str) -> String {
    if value.is_empty() {
        return NOT_RECORDED.to_owned();
    }
    crate::kernel::code::derive(value).unwrap_or_else(|| {
        let digest = Digest::of(&[value.as_bytes()]).to_string();
        format!("{}-{}", of.as_str(), &digest[..8])
    })
}

/// The code itself, or with the first suffix that is free.
fn free(code: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(code) {
        return code.to_owned();
    }
    // One suffix more than there are codes taken: one of them is free.
    (2..=taken.len() + 2)
        .map(|nth| {
            let suffix = format!("-{nth}");
            let stem = &code[..code.len().min(LONGEST - suffix.len())];
            format!("{}{suffix}", stem.trim_end_matches('-'))
        })
        .find(|code| !taken.contains(code))
        .expect("there are more suffixes than codes taken")
}
