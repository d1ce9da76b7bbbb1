//! What the reader refuses, the schema refuses, and the other way round: over every field of every
//! document that somebody else may write.

use crate::schema_truth::schemas;
use grievance_core::desk::{AskRules, AskStep, AskTrack, Measure};
use grievance_core::grievance::notice::Notice;
use grievance_core::grievance::request::Request;
use grievance_core::grievance::wire::{decode, decode_actor};
use grievance_core::measure::index::{Definition, shipped};
use grievance_core::rulebook::read::{Format, read};
use grievance_core::rulebook::{Rulebook, presets};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What stands in a field's place, one after the other.
fn strangers() -> Vec<Value> {
    let whole = [json!(-1), json!(0), json!(1), json!(256), json!(5_000_000_000_u64), json!(i64::MAX)];
    let others =
        [Value::Null, json!(true), json!(1.5), json!(""), json!("no such word"), json!([]), json!({})];
    whole.into_iter().chain(others).collect()
}

/// The same document with one thing wrong, or at least other: each field left out, of another value, one
/// field too many.
fn mutations(of: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for place in places(of) {
        let own = of.pointer(&place).expect("it is there");
        for stranger in strangers() {
            // serde reads a table also from the list of its values in order. Nobody writes that, and no
            // schema says it.
            if own.is_object() && stranger.is_array() {
                continue;
            }
            let mut mutated = of.clone();
            *mutated.pointer_mut(&place).expect("it is there") = stranger.clone();
            all.push((format!("{place} is {stranger}"), mutated));
        }
        if own.is_object() {
            let mut mutated = of.clone();
            mutated.pointer_mut(&place).expect("it is there")["surplus"] = json!(1);
            all.push((format!("{place}/surplus"), mutated));
        }
        if let Some((parent, name)) = place.rsplit_once('/') {
            let mut mutated = of.clone();
            if let Some(Value::Object(fields)) = mutated.pointer_mut(parent) {
                fields.remove(name);
                all.push((format!("{place} is missing"), mutated));
            }
        }
    }
    all
}

/// Every place in a value, as pointers.
fn places(of: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let within: Vec<(String, &Value)> = match of {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(nth, item)| (nth.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in within {
        places.extend(places_below(&name, value));
    }
    places
}

fn places_below(name: &str, value: &Value) -> Vec<String> {
    places(value).into_iter().map(|place| format!("/{name}{place}")).collect()
}

/// Holds schema and reader to each other over a document and all that may be wrong with it; answers how
/// many of those both refuse.
fn agree(name: &str, whole: &Value, reads: impl Fn(&Value) -> bool) -> usize {
    let schema = &schemas()[name];
    assert_eq!(schema.takes(whole), Ok(()));
    assert!(reads(whole), "{name}: {whole}");
    let mut refused = 0;
    for (what, mutated) in mutations(whole) {
        let (taken, read) = (schema.takes(&mutated), reads(&mutated));
        assert_eq!(taken.is_ok(), read, "{name}: {what}: {taken:?}: {mutated}");
        refused += usize::from(!read);
    }
    refused
}

/// Every golden event.
#[test]
fn events() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/wire/v1");
    let mut refused = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the file reads");
        let event = serde_json::from_str(&text).expect("JSON");
        refused += agree("event", &event, |it| decode(&it.to_string()).is_ok());
    }
    assert!(refused > 5_000, "{refused}");
}

/// Who acted, with every field.
#[test]
fn actors() {
    let id = |nth: u32| format!("per_{nth:032x}");
    let actor = json!({ "on_behalf_of": id(1), "person": id(2), "post": "kiosk", "role": "kiosk_operator",
        "tenure": "holder", "unit": "nadia" });
    agree("actor", &actor, |it| decode_actor(&it.to_string()).is_ok());
}

trait Sample {
    fn sample() -> Value;
}

impl Sample for String {
    fn sample() -> Value {
        json!("words")
    }
}

impl Sample for bool {
    fn sample() -> Value {
        json!(true)
    }
}

impl Sample for u32 {
    fn sample() -> Value {
        json!(3)
    }
}

impl Sample for Vec<String> {
    fn sample() -> Value {
        json!(["one", "two"])
    }
}

impl Sample for BTreeMap<String, String> {
    fn sample() -> Value {
        json!({ "date": "2026-11-23" })
    }
}

/// A request of every verb, with every field.
fn requests() -> Vec<Value> {
    macro_rules! whole {
        ($($doc:literal $method:ident $name:ident {
            $($must_doc:literal $must:ident: $must_type:ty,)*
            ;
            $($may_doc:literal $may:ident: $may_type:ty,)*
        })+) => {
            vec![$(Value::Object(Map::from_iter([
                ("action".to_owned(), grievance_core::vocabulary::Action::$name.as_str().into()),
                $((stringify!($must).to_owned(), <$must_type>::sample()),)*
                $((stringify!($may).to_owned(), <$may_type>::sample()),)*
            ])),)+]
        };
    }
    grievance_core::for_verbs!(whole)
}

#[test]
fn requests_of_every_verb() {
    let reads = |it: &Value| Request::from_json(&it.to_string()).is_ok();
    let refused: usize = requests().iter().map(|request| agree("request", request, reads)).sum();
    assert!(refused > 1_000, "{refused}");
}

/// The questions of an app, as [`serve`](grievance_core::desk::Acting::serve) reads them.
#[test]
fn questions() {
    fn reads(it: &Value) -> bool {
        let Value::Object(mut fields) = it.clone() else { return false };
        if fields.remove("v").and_then(|v| v.as_u64()) != Some(1) {
            return false;
        }
        let ask = fields.remove("ask");
        let rest = Value::Object(fields);
        match ask.as_ref().and_then(Value::as_str) {
            Some("rules") => serde_json::from_value::<AskRules>(rest).is_ok(),
            Some("track") => serde_json::from_value::<AskTrack>(rest).is_ok(),
            Some("step") => serde_json::from_value::<AskStep>(rest)
                .is_ok_and(|step| Request::from_json(&step.request.to_string()).is_ok()),
            _ => false,
        }
    }
    let (case, command) = (format!("grv_{:032x}", 1), format!("cmd_{:032x}", 2));
    let refused = agree("question", &json!({ "ask": "rules", "have": "words", "v": 1 }), reads)
        + agree("question", &json!({ "ask": "track", "case": case, "code": "words", "v": 1 }), reads)
        + agree(
            "question",
            &json!({ "ask": "step", "case": case, "code": "words", "command": command,
            "request": { "action": "comment", "text": "words", "public": true }, "v": 1 }),
            reads,
        );
    assert!(refused > 100, "{refused}");
}

/// A message owed to somebody, with each recipient and each kind of variable.
#[test]
fn notices() {
    let digest = "0".repeat(64);
    let id = |prefix: &str| format!("{prefix}_{:032x}", 7);
    for to in [
        json!({ "contact": id("vlt") }),
        json!({ "person": id("per") }),
        json!({ "unit": "works" }),
        json!({ "post": { "unit": "works", "post": "head" } }),
    ] {
        let notice = json!({
            "id": id("ntc"), "case": id("grv"), "about": 3, "place": 0, "rulebook": digest, "template": "lodged",
            "language": "bn", "channel": "sms", "to": to, "ways": ["sms", "letter"], "not_before": 1_764_000_000_000_u64,
            "informs": true, "variables": {
                "day": { "date": "2026-11-23" }, "days": { "count": 3 }, "number": { "mark": "WB/2026/000001" },
                "office": { "unit": "works" }, "why": { "reason": "benefit_provided" }, "reply": { "text": id("vlt") },
            },
        });
        agree("notice", &notice, |it| serde_json::from_value::<Notice>(it.clone()).is_ok());
    }
}

/// Each measure with every field.
#[test]
fn measures() {
    let of = |more: Value| {
        let Value::Object(mut all) = more else { unreachable!("an object was written") };
        all.insert("as_of".to_owned(), json!("2026-04-01"));
        Value::Object(all)
    };
    for question in [
        of(json!({ "what": "pendency", "by": "unit", "rule": "calendar", "cuts": [7, 15] })),
        of(json!({ "what": "durations", "by": "unit", "rule": "calendar" })),
        of(json!({ "what": "kaplan_meier", "unit": "works" })),
        json!({ "what": "flow", "since": "2026-01-01", "until": "2026-04-01", "period": "week" }),
        of(json!({ "what": "board", "index": "own", "rule": "calendar" })),
        of(json!({ "what": "mis", "rule": "calendar" })),
    ] {
        agree("measure", &question, |it| Measure::from_json(&it.to_string()).is_ok());
    }
}

/// Of each list of a rulebook the first entry: every field that the presets say.
fn short(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().take(1).map(short).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), short(value))).collect(),
        plain => plain.clone(),
    }
}

/// Every field of a rulebook, as it is read before it is linted.
#[test]
fn rulebooks() {
    for name in presets::names() {
        let rulebook = Rulebook::from_toml(presets::text(name).expect("a preset")).expect("a sound preset");
        let mut document = short(&serde_json::to_value(rulebook.document()).expect("it is JSON"));
        // Which actions there are, the linter knows: see below.
        document["workflow"]["step"][0].as_object_mut().expect("a step").remove("action");
        let refused = agree("rulebook", &document, |it| read(&it.to_string(), Format::Json).is_ok());
        assert!(refused > 500, "{refused}");
    }
}

/// What the schema refuses besides, the linter refuses; what a document says to its preset, both take.
#[test]
fn rulebooks_that_extend_a_preset() {
    let town = |more: Value| {
        let Value::Object(mut all) = more else { unreachable!("an object was written") };
        all.extend([("name".to_owned(), json!("Haldia")), ("zone".to_owned(), json!("Asia/Kolkata"))]);
        Value::Object(all)
    };
    let step = |action: &str| json!([{ "action": action, "from": ["*open"], "role": ["cell_officer"] }]);
    for (takes, more) in [
        (true, json!({ "extends": "city-311" })),
        (false, json!({ "extends": "city-312" })),
        (true, json!({ "extends": "city-311", "channel": [{ "code": "sms", "remove": true }] })),
        (false, json!({ "extends": "city-311", "channel": [{ "code": "sms", "remove": 1 }] })),
        (false, json!({ "extends": "city-311", "workflow": { "step": step("lodged") } })),
        (false, json!({ "extends": 311 })),
    ] {
        let document = town(more);
        assert_eq!(schemas()["rulebook"].takes(&document).is_ok(), takes, "{document}");
        assert_eq!(Rulebook::from_json(&document.to_string()).is_ok(), takes, "{document}");
    }
}

/// The definition of each index that comes with the library.
#[test]
fn indexes() {
    for definition in shipped() {
        let whole = serde_json::to_value(&definition).expect("it is JSON");
        agree("index", &whole, |it| serde_json::from_value::<Definition>(it.clone()).is_ok());
    }
}
