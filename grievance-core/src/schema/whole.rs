//! Documents that are more than one type of Rust: a mark of the protocol, a preset that is extended.

use crate::desk::{Answered, AskRules, AskStep, AskTrack, PROTOCOL};
use crate::kernel::schema::{beside, told_by};
use crate::rulebook::document::Document;
use crate::rulebook::presets;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A question with its version: see [`Acting::serve`](crate::desk::Acting::serve).
pub(super) struct Question;

impl JsonSchema for Question {
    fn schema_name() -> Cow<'static, str> {
        "Question".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let asks =
            |ask: &str, about: &str| told_by(ask, about, &[("ask", ask.into()), ("v", PROTOCOL.into())]);
        let questions = vec![
            beside::<AskRules>(asks("rules", "Asks for the rules."), generator),
            beside::<AskTrack>(asks("track", "Asks where a case stands."), generator),
            beside::<AskStep>(asks("step", "Asks for a step."), generator),
        ];
        json_schema!({ "description": "One of three questions.", "oneOf": questions })
    }
}

/// An answer with its version: see [`Answered::to_json`].
pub(super) struct Answer;

impl JsonSchema for Answer {
    fn schema_name() -> Cow<'static, str> {
        "Answer".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Answered::json_schema(generator);
        for answer in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
            answer["properties"]["v"] = json!({ "type": "integer", "const": PROTOCOL });
            if let Some(required) = answer["required"].as_array_mut() {
                required.push("v".into());
            }
        }
        schema
    }
}

/// A rulebook as a government writes it: it may extend a preset and remove what it inherits.
pub(super) struct AsWritten;

impl JsonSchema for AsWritten {
    fn schema_name() -> Cow<'static, str> {
        "Rulebook".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Document::json_schema(generator);
        let about = "A rulebook as it is written. What it leaves out is that of the preset that it extends, and \
                     without one the `default` of each field.";
        schema.insert("description".to_owned(), about.into());
        if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            fields.insert("extends".to_owned(), extends());
        }
        for entry in generator.definitions_mut().values_mut() {
            let fields = entry.get_mut("properties").and_then(Value::as_object_mut);
            if let Some(fields) = fields.filter(|fields| fields.contains_key("code")) {
                fields.insert("remove".to_owned(), remove());
            }
        }
        schema
    }
}

fn extends() -> Value {
    let names = presets::names().chain(presets::FOUNDATIONS.iter().map(|(name, _)| *name));
    json!({
        "description": "The preset that it extends. Tables are merged key by key, lists of entries with a \
                        `code` entry by entry; any other list replaces the inherited one.",
        "type": "string",
        "enum": names.collect::<Vec<_>>(),
    })
}

fn remove() -> Value {
    json!({ "description": "Whether the inherited entry of that code is dropped.", "type": "boolean" })
}
