//! TOML or JSON to one tree, in which a date is a text.

use crate::kernel::unseen::in_text;
use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::hint::{cut, shown};
use crate::rulebook::read::typed::shortened;
use crate::rulebook::read::{Format, MOST_BYTES};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The tree of a text; `None`, with a finding, when it is not a table of that format.
pub(super) fn tree(text: &str, format: Format, findings: &mut Findings) -> Option<Map<String, Value>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MOST_BYTES {
        findings.error(Lint::NotADocument, "", format!("a rulebook has at most {MOST_BYTES} bytes"));
        return None;
    }
    let (tree, failure) = match format {
        Format::Toml => match toml::from_str::<toml::Table>(text) {
            Ok(table) => (Some(table.into_iter().map(|(key, value)| (key, plain(value))).collect()), None),
            Err(error) => {
                let place = error.span().map(|span| place(text, span.start));
                (None, Some((place.unwrap_or_default(), cut(error.message()))))
            }
        },
        Format::Json => match serde_json::from_str::<Tree>(text) {
            Ok(Tree(Value::Object(map))) => (Some(map), None),
            Ok(_) => (None, Some((String::new(), "a rulebook is an object".to_owned()))),
            Err(error) => {
                let place = format!("line {}, column {}", error.line(), error.column());
                let sentence = error.to_string();
                let sentence = sentence.rsplit_once(" at line ").map_or(&*sentence, |(said, _)| said);
                (None, Some((place, cut(sentence))))
            }
        },
    };
    if let Some((place, sentence)) = failure {
        findings.error(Lint::NotADocument, place, sentence);
    }
    for (key, value) in tree.iter().flatten() {
        unseen(&|| shortened(key), value, findings);
    }
    tree
}

/// Texts of a rulebook stand on every page and in every message: none may turn what follows it.
fn unseen(path: &dyn Fn() -> String, value: &Value, findings: &mut Findings) {
    match value {
        Value::String(text) => {
            if let Err(unseen) = in_text(text) {
                findings.error(Lint::Malformed, path(), unseen.to_string());
            }
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                unseen(&|| format!("{}[{n}]", path()), value, findings);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                unseen(&|| format!("{}.{}", path(), shortened(key)), value, findings);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Line and column, both from 1, of a byte.
fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or(before);
    format!("line {}, column {}", before.matches('\n').count() + 1, line.chars().count() + 1)
}

fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(count) => count.into(),
        // JSON has no infinities: they stay as a word, which no field accepts.
        toml::Value::Float(count) => {
            serde_json::Number::from_f64(count).map_or_else(|| count.to_string().into(), Value::Number)
        }
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(plain).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, plain(value))).collect(),
    }
}

/// A JSON value in which no key stands twice.
struct Tree(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Anything).map(Self)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, count: i64) -> Result<Value, E> {
        Ok(count.into())
    }

    fn visit_u64<E>(self, count: u64) -> Result<Value, E> {
        Ok(count.into())
    }

    fn visit_f64<E>(self, count: f64) -> Result<Value, E> {
        Ok(count.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Tree(entry)) = entries.next_element()? {
            list.push(entry);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {} stands twice", shown(&key))));
            }
            let Tree(value) = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
