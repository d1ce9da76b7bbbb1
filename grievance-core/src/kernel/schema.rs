//! What the derived schemas cannot say: objects whose fields come from several types.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

/// An object that is told from its neighbours by fields of one value each.
pub(crate) fn told_by(title: &str, about: &str, marks: &[(&str, Value)]) -> Schema {
    let fields = marks.iter().map(|(name, value)| ((*name).to_owned(), json_const(value)));
    let names: Vec<&str> = marks.iter().map(|(name, _)| *name).collect();
    json_schema!({
        "title": title, "description": about,
        "type": "object", "properties": fields.collect::<Map<_, _>>(), "required": names,
    })
}

fn json_const(value: &Value) -> Value {
    let kind = if value.is_string() { "string" } else { "integer" };
    serde_json::json!({ "type": kind, "const": value })
}

/// The same with the fields of another type laid beside its own, as `serde(flatten)` writes them. It
/// refuses unknown fields where that type does.
pub(crate) fn beside<T: JsonSchema>(mut schema: Schema, generator: &mut SchemaGenerator) -> Schema {
    let mut other = T::json_schema(generator);
    let others = other.ensure_object();
    for list in ["properties", "required"] {
        match (schema.ensure_object().get_mut(list), others.remove(list)) {
            (Some(Value::Object(own)), Some(Value::Object(more))) => own.extend(more),
            (Some(Value::Array(own)), Some(Value::Array(more))) => own.extend(more),
            (None, Some(more)) => {
                schema.insert(list.to_owned(), more);
            }
            _ => {}
        }
    }
    if let Some(refuses) = others.remove("additionalProperties") {
        schema.insert("additionalProperties".to_owned(), refuses);
    }
    schema
}
