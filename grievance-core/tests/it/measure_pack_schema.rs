//! The weekly pack as text, held to the schema that is committed.

use crate::measure_pack::{counted, office_year, pack, weeks};
use crate::measure_pack_hand::verified;
use chrono::NaiveDate;
use grievance_core::measure::index::shipped;
use grievance_core::measure::pack::SCHEMA;
use grievance_core::vocabulary::{AgeRule, MisLine, VerificationFinding};
use serde_json::{Value, json};

/// A schema of the few words that ours uses.
fn obeys(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{path}: {what}: {value}"));
    if schema == &json!(true) {
        return Ok(());
    }
    for (word, asked) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$schema" | "title" | "description" | "$defs" | "required" | "patternProperties" => {}
            "$ref" => {
                let name = asked.as_str().unwrap().trim_start_matches("#/$defs/");
                obeys(root, &root["$defs"][name], value, path)?;
            }
            "anyOf" => {
                let all = asked.as_array().unwrap();
                if !all.iter().any(|one| obeys(root, one, value, path).is_ok()) {
                    return wrong("fits none");
                }
            }
            "const" if asked != value => return wrong("is another"),
            "const" => {}
            "enum" if !asked.as_array().unwrap().contains(value) => return wrong("is not in the list"),
            "enum" => {}
            "type" => {
                let fits = match asked.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "null" => value.is_null(),
                    other => panic!("the type {other}"),
                };
                if !fits {
                    return wrong("is of another type");
                }
            }
            "minimum" if value.as_f64() < asked.as_f64() => return wrong("is too small"),
            "maximum" if value.as_f64() > asked.as_f64() => return wrong("is too great"),
            "minItems" if value.as_array().unwrap().len() < as_size(asked) => return wrong("is too short"),
            "maxItems" if value.as_array().unwrap().len() > as_size(asked) => return wrong("is too long"),
            "minimum" | "maximum" | "minItems" | "maxItems" => {}
            "items" => {
                for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                    obeys(root, asked, item, &format!("{path}[{nth}]"))?;
                }
            }
            "pattern" => {
                if !fits_pattern(asked.as_str().unwrap(), value.as_str().unwrap_or_default()) {
                    return wrong("does not fit the pattern");
                }
            }
            "properties" | "additionalProperties" => {}
            other => panic!("the word {other}"),
        }
    }
    let Some(map) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !map.contains_key(name.as_str().unwrap()) {
            return wrong(&format!("lacks {name}"));
        }
    }
    for (name, inner) in map {
        let path = format!("{path}.{name}");
        let by_pattern = schema["patternProperties"].as_object().into_iter().flatten();
        let named = schema["properties"].get(name).or_else(|| {
            by_pattern.filter(|(pattern, _)| fits_pattern(pattern, name)).map(|(_, schema)| schema).next()
        });
        match (named, &schema["additionalProperties"]) {
            (Some(own), _) => obeys(root, own, inner, &path)?,
            (None, Value::Bool(false)) => return Err(format!("{path}: is not in the schema")),
            (None, Value::Null) => {}
            (None, other) => obeys(root, other, inner, &path)?,
        }
    }
    Ok(())
}

fn as_size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The five patterns of the schema, read by hand.
fn fits_pattern(pattern: &str, text: &str) -> bool {
    let all = |text: &str, fits: fn(char) -> bool| text.chars().all(fits);
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    match pattern {
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => text.len() == 10 && text.parse::<NaiveDate>().is_ok(),
        "^[0-9a-f]{64}$" => text.len() == 64 && hex(text),
        "^[a-z0-9_-]{1,40}$" => {
            (1..=40).contains(&text.len())
                && all(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
        }
        "^grv_[0-9a-f]{32}$" => text.len() == 36 && text.starts_with("grv_") && hex(&text[4..]),
        words => {
            let listed = words.trim_start_matches("^(").trim_end_matches(")$").split('|');
            listed.filter(|word| !word.starts_with("age_")).any(|word| word == text)
                || text.strip_prefix("age_").is_some_and(|nth| nth.parse::<u8>().is_ok_and(|nth| nth > 0))
        }
    }
}

/// What is written obeys the schema that is committed, and every line of the closed list is in it.
#[test]
fn the_text_obeys_the_schema() {
    let (book, year) = office_year();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut part = counted(&weeks("2004-09-06".parse().unwrap(), AgeRule::Calendar), year);
    for verifies in [false, true] {
        if verifies {
            part.add_history(&verified(9_999, "bankura", "2004-09-03", VerificationFinding::Confirmed));
        }
        for definition in shipped().iter().map(Some).chain([None]) {
            let written: Value = serde_json::from_str(&pack(&part, book, "govt", definition).text()).unwrap();
            assert_eq!(obeys(&schema, &schema, &written, "pack"), Ok(()));
            // The test can fail: what is not in the schema, and what is of another type.
            for (place, with) in
                [("/surplus", json!(1)), ("/as_of", json!(7)), ("/all/lines/sold", json!({}))]
            {
                let mut broken = written.clone();
                let (parent, name) = place.rsplit_once('/').unwrap();
                broken.pointer_mut(parent).unwrap()[name] = with;
                assert!(obeys(&schema, &schema, &broken, "pack").is_err(), "{place}");
            }
        }
    }
    let words = schema["$defs"]["lines"]["patternProperties"].as_object().unwrap().keys().next().unwrap();
    assert!(MisLine::ALL.iter().all(|line| words.contains(line.as_str())));
}
