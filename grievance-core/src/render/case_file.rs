//! `case-file.html`: a case's file as a page, for whoever it was made for.

use crate::desk::{CaseFile, FileEntry};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

/// The page's template.
const TEMPLATE: &str = include_str!("templates/case_file.html");

/// What the template prints. Every value is already written out.
#[derive(Serialize)]
struct Page<'f> {
    title: &'f str,
    number: String,
    case: String,
    audience: &'static str,
    made_at: String,
    stage: String,
    unit: String,
    entries: Vec<Entry<'f>>,
    shown: usize,
    closed: usize,
    check: Option<Check>,
    proof: Option<String>,
}

/// One event.
#[derive(Serialize)]
struct Entry<'f> {
    version: u64,
    at: String,
    kind: String,
    by: String,
    led_to: String,
    is_shown: bool,
    is_whole: bool,
    withheld: u64,
    words: Vec<Word<'f>>,
    hash: String,
}

/// Words of an event.
#[derive(Serialize)]
struct Word<'f> {
    field: String,
    is_masked: bool,
    words: Option<&'f str>,
}

/// What the file can be held to.
#[derive(Serialize)]
struct Check {
    number: u64,
    at: String,
    hash: String,
    covered: u64,
}

/// Writes a case's file as one self-contained page: no script, nothing loaded from elsewhere, good on
/// A4 paper. The proof stands at its end as it is checked, so that the page is all that is needed
/// beside a printed checkpoint. Every text is escaped.
pub fn case_file_html(file: &CaseFile, title: &str) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the usual delimiters are valid"),
    );
    environment
        .render_str(TEMPLATE, Serde(page(file, title)))
        .expect("the template names only what the page has, and a test renders all of it")
}

fn page<'f>(file: &'f CaseFile, title: &'f str) -> Page<'f> {
    let CaseFile { audience, made_at, row, entries, checkpoint, proof } = file;
    let check = proof.as_ref().zip(*checkpoint).map(|(proof, hash)| Check {
        number: proof.checkpoint.number,
        at: instant(proof.checkpoint.at),
        hash: hash.to_string(),
        covered: proof.version,
    });
    let hash = |version: u64| -> String {
        let place = usize::try_from(version).ok().and_then(|version| version.checked_sub(1));
        let shown = proof.as_ref().zip(place).and_then(|(proof, place)| proof.events.get(place));
        shown.map_or_else(String::new, |shown| shown.hash.to_string())
    };
    let entries: Vec<_> = entries.iter().map(|it| entry(it, hash(it.version))).collect();
    Page {
        title,
        number: row.number.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string),
        case: row.id.to_string(),
        audience: audience.about(),
        made_at: instant(*made_at),
        stage: row.stage.to_string(),
        unit: row.unit.to_string(),
        shown: entries.iter().filter(|entry| entry.is_shown).count(),
        closed: entries.iter().filter(|entry| !entry.is_shown).count(),
        entries,
        check,
        proof: proof.as_ref().map(crate::proof::case::CaseProof::text),
    }
}

fn entry(entry: &FileEntry, hash: String) -> Entry<'_> {
    let FileEntry { version, event, is_whole, words, withheld } = entry;
    let text = |of: Option<String>| of.unwrap_or_default();
    let by = |by: &crate::desk::TakenBy| {
        let parts = [Some(by.role.to_string()), by.post.as_ref().map(ToString::to_string)];
        let unit = by.unit.as_ref().map(ToString::to_string);
        parts.into_iter().chain([unit]).flatten().collect::<Vec<_>>().join(", ")
    };
    Entry {
        version: *version,
        at: text(event.as_ref().map(|event| instant(event.at))),
        kind: text(event.as_ref().map(|event| event.kind.as_str().replace('_', " "))),
        by: text(event.as_ref().map(|event| by(&event.by))),
        led_to: text(event.as_ref().map(|event| format!("{}, {}", event.led_to.stage, event.led_to.unit))),
        is_shown: event.is_some(),
        is_whole: *is_whole,
        withheld: *withheld,
        words: words
            .iter()
            .map(|word| Word {
                field: word.field.as_str().replace('_', " "),
                is_masked: word.sight == crate::vocabulary::Sight::Masked,
                words: word.words.as_deref(),
            })
            .collect(),
        hash,
    }
}

fn instant(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
