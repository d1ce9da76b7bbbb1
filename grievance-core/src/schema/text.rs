//! From a type to the text of its schema.

use crate::schema::Side;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Map, Value};

/// How a day is written.
const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// How views write an instant.
const INSTANT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3,9})?Z$";

pub(super) fn of<T: JsonSchema>(title: &str, side: Side) -> String {
    let settings = SchemaSettings::draft2020_12();
    let settings = match side {
        Side::Read => settings.for_deserialize(),
        Side::Written => settings.for_serialize(),
    };
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    RecursiveTransform(plain).transform(&mut schema);
    let mut text = serde_json::to_string_pretty(&Laid(schema.as_value())).expect("a schema has text keys");
    text.push('\n');
    text
}

/// Says in words of the standard what the derives say in Rust's: widths of integers, links of
/// documentation, defaults that are nothing.
fn plain(schema: &mut Schema) {
    let Some(words) = schema.as_object_mut() else { return };
    if let Some(Value::String(format)) = words.get("format").cloned() {
        words_of_format(words, &format);
    }
    if let Some(Value::String(text)) = words.get_mut("description") {
        *text = sentence(text);
    }
    if words.get("default").is_some_and(is_nothing) {
        words.remove("default");
    }
}

fn words_of_format(words: &mut Map<String, Value>, format: &str) {
    let most = match format {
        "uint8" => Some(u8::MAX.into()),
        "uint16" => Some(u16::MAX.into()),
        "uint32" => Some(u32::MAX.into()),
        "int32" => Some(i32::MAX.into()),
        _ => None,
    };
    match format {
        "date" => {
            words.insert("pattern".to_owned(), DAY.into());
        }
        "date-time" => {
            words.insert("pattern".to_owned(), INSTANT.into());
        }
        // Names of Rust's numbers, which are none of the standard's.
        _ => {
            words.remove("format");
        }
    }
    if let Some(most) = most {
        words.entry("maximum").or_insert(most);
    }
    if format == "int32" {
        words.entry("minimum").or_insert(i32::MIN.into());
    }
}

/// Whether a default says no more than that nothing is written; what a table has by default, its own
/// fields say.
fn is_nothing(default: &Value) -> bool {
    match default {
        Value::Null | Value::Object(_) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The words of a documentation comment, without its examples, line breaks, links and Rust.
fn sentence(text: &str) -> String {
    let end = ["\n# ", "\n```"].iter().filter_map(|mark| text.find(mark)).min();
    let text = &text[..end.unwrap_or(text.len())];
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines = paragraph.lines().map(str::trim);
        lines.fold(String::new(), |mut all, line| {
            let breaks = if line.starts_with("- ") { "\n" } else { " " };
            all.push_str(if all.is_empty() { "" } else { breaks });
            all.push_str(line);
            all
        })
    });
    let text = unlinked(&paragraphs.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n"));
    // What is Rust's alone: nothing is null in JSON, and nobody there sees a `Debug`.
    let sentences = text.split_inclusive(". ").filter(|sentence| !sentence.contains("`Debug`"));
    sentences.collect::<String>().trim_end().replace("`None`", "null")
}

/// Without what rustdoc makes a link of: `[text](target)` and ``[`Name`]`` are their text.
fn unlinked(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        let Some((words, after)) = link.split_once(']') else {
            plain.push('[');
            rest = link;
            continue;
        };
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        if target.is_some() || words.starts_with('`') {
            plain.push_str(words);
        } else {
            plain.extend(["[", words, "]"]);
        }
        rest = target.map_or(after, |(_, after)| after);
    }
    plain + rest
}

/// What comes first in a schema, so that it reads from the outside in; the rest by name.
const FIRST: &[&str] = &["$schema", "$ref", "title", "description", "type", "const", "enum", "format"];
/// What comes last.
const LAST: &[&str] = &["properties", "required", "additionalProperties", "oneOf", "$defs"];

/// A schema whose words stand in an order of their own, whatever order the map keeps.
struct Laid<'a>(&'a Value);
/// A map from names to schemas, by name.
struct ByName<'a>(&'a Map<String, Value>);

fn place(word: &str) -> (usize, &str) {
    let place = |list: &[&str]| list.iter().position(|known| *known == word);
    let place = place(FIRST).or_else(|| place(LAST).map(|place| FIRST.len() + 1 + place));
    (place.unwrap_or(FIRST.len()), word)
}

impl Serialize for Laid<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(words) => {
                let mut words: Vec<(&String, &Value)> = words.iter().collect();
                words.sort_by_key(|(word, _)| place(word));
                let mut map = to.serialize_map(Some(words.len()))?;
                for (word, value) in words {
                    match (word.as_str(), value) {
                        ("properties" | "patternProperties" | "$defs", Value::Object(named)) => {
                            map.serialize_entry(word, &ByName(named))?;
                        }
                        _ => map.serialize_entry(word, &Laid(value))?,
                    }
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Laid(item))?;
                }
                list.end()
            }
            plain => plain.serialize(to),
        }
    }
}

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut named: Vec<(&String, &Value)> = self.0.iter().collect();
        named.sort_by_key(|(name, _)| *name);
        let mut map = to.serialize_map(Some(named.len()))?;
        for (name, schema) in named {
            map.serialize_entry(name, &Laid(schema))?;
        }
        map.end()
    }
}
