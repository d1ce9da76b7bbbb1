//! The schemas that are committed: each is what the types say, whole, and of known words.

use crate::json_schema::Schema;
use grievance_core::schema::documents;
use grievance_core::vocabulary::{Action, CLOSED_LISTS, EventKind};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// `docs/schema/NAME.json` is the schema of that name, and no other file stands there.
/// `UPDATE_GOLDEN=1` rewrites them.
#[test]
fn the_files_are_what_the_types_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    let file = |name: &str| folder.join(format!("{name}.json"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(&folder).expect("the folder is made");
        for one in documents() {
            std::fs::write(file(one.name), &one.text).expect("it is written");
        }
    }
    for one in documents() {
        let written = std::fs::read_to_string(file(one.name)).unwrap_or_default();
        assert!(written == one.text, "docs/schema/{}.json differs: UPDATE_GOLDEN=1 rewrites it", one.name);
    }
    let found = std::fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.unwrap().path());
    let found: BTreeSet<PathBuf> = found.collect();
    assert_eq!(found, documents().iter().map(|one| file(one.name)).collect());
}

/// The page of the reference has every file, and no other.
#[test]
fn the_reference_names_every_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/json-schema.md");
    let page = std::fs::read_to_string(path).expect("the reference reads");
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| [`")?.split('.').next()).collect();
    assert_eq!(rows, documents().iter().map(|one| one.name).collect::<Vec<_>>());
}

/// Each says what it is of, each reference leads somewhere, and nothing is defined for nobody.
#[test]
fn each_schema_is_whole() {
    for one in documents() {
        let schema = Schema::read(&one.text);
        assert_eq!(schema.root()["title"], one.title);
        assert!(!one.text.contains("](") && !one.text.contains("[`"), "{}: a link of rustdoc's", one.name);
        let mut named = BTreeSet::new();
        references(schema.root(), &mut named);
        let defined = schema.root()["$defs"].as_object();
        let defined: BTreeSet<String> =
            defined.into_iter().flatten().map(|(name, _)| format!("#/$defs/{name}")).collect();
        assert_eq!(named, defined, "{}", one.name);
        let by_hand = one.name == "pack";
        for (name, definition) in schema.root()["$defs"].as_object().into_iter().flatten() {
            assert!(
                by_hand || definition["description"].is_string(),
                "{}: {name} says nothing of itself",
                one.name
            );
        }
    }
}

fn references(schema: &Value, named: &mut BTreeSet<String>) {
    match schema {
        Value::Object(words) => {
            named.extend(words.get("$ref").and_then(Value::as_str).map(str::to_owned));
            words.values().for_each(|value| references(value, named));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, named)),
        _ => {}
    }
}

/// The words of a mark that tells one object of a list from the others.
fn marks(name: &str, mark: &str) -> Vec<String> {
    let schema = Schema::named(name);
    let all = schema.root()["oneOf"].as_array().expect("one of several").iter();
    all.map(|one| one["properties"][mark]["const"].as_str().expect("a word").to_owned()).collect()
}

/// A closed list is there as a whole, in its order, with a sentence for each word.
#[test]
fn the_closed_lists_are_whole() {
    assert_eq!(marks("request", "action"), Action::ALL.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(marks("event", "type"), EventKind::ALL.iter().map(ToString::to_string).collect::<Vec<_>>());
    let mut met = BTreeSet::new();
    for one in documents() {
        let schema = Schema::read(&one.text);
        for list in CLOSED_LISTS {
            let Some(said) = schema.root()["$defs"].get(list.name).filter(|said| said["type"] != "object")
            else {
                continue;
            };
            let words = said["oneOf"].as_array().unwrap_or_else(|| panic!("{}: {}", one.name, list.name));
            let words: Vec<(&Value, &Value)> =
                words.iter().map(|word| (&word["const"], &word["description"])).collect();
            let wanted = list.words.iter().map(|it| (Value::from(it.word), Value::from(it.about)));
            let wanted: Vec<(Value, Value)> = wanted.collect();
            assert_eq!(words, wanted.iter().map(|(word, about)| (word, about)).collect::<Vec<_>>());
            met.insert(list.name);
        }
    }
    assert!(met.len() > 30, "{met:?}");
}
