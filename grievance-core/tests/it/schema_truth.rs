//! What the library says in the scenarios, held to the schemas: nothing breaks them, and nothing is
//! said that they do not name.

use crate::json_schema::Schema;
use crate::scenario_runner::{Ran, all};
use grievance_core::desk::flat::Flat as _;
use grievance_core::desk::{DeskError, Failed};
use grievance_core::grievance::request::Request;
use grievance_core::kernel::code::TenantCode;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::{Rulebook, presets};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{Field, FileAudience, LookPurpose};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Every schema by its name, read once from the files that are committed.
pub(crate) fn schemas() -> &'static BTreeMap<&'static str, Schema> {
    static READ: OnceLock<BTreeMap<&'static str, Schema>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |name| {
            let path = format!("{}/../docs/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
            Schema::read(&std::fs::read_to_string(path).expect("the file reads"))
        };
        grievance_core::schema::documents().iter().map(|one| (one.name, read(one.name))).collect()
    })
}

/// What was looked at, by schema, how often.
#[derive(Default)]
pub(crate) struct Looked(BTreeMap<&'static str, u64>);

impl Looked {
    /// It obeys the schema, and the schema names all that it says.
    pub(crate) fn at(&mut self, name: &'static str, said: impl Serialize, place: &str) {
        let said = serde_json::to_value(said).expect("it is JSON");
        if let Err(problem) = schemas()[name].names(&said) {
            panic!("{place}: {name}: {problem}");
        }
        *self.0.entry(name).or_default() += 1;
    }

    pub(crate) fn text(&mut self, name: &'static str, text: &str, place: &str) {
        self.at(name, serde_json::from_str::<Value>(text).expect("it is JSON"), place);
    }

    /// All that is kept of the cases of a run.
    fn kept(&mut self, ran: &Ran, place: &str) {
        for case in ran.cases.values() {
            let history = ran.desk.stored_history(*case).expect("it reads");
            for event in &history.events {
                self.text("event", &event.event, place);
                self.text("actor", &event.actor, place);
            }
            self.at("history", history, place);
            self.at("facts", ran.desk.facts(*case).expect("it reads"), place);
            self.at("notices", ran.desk.store().notices_of(*case).expect("it reads").flat(), place);
            for posted in ran.desk.store().notices_of(*case).expect("it reads") {
                self.at("notice", posted.notice, place);
            }
        }
    }

    /// All that an actor is shown of them.
    fn shown(&mut self, ran: &Ran, actor: &Actor, at: chrono::DateTime<chrono::Utc>, place: &str) {
        let acting = ran.desk.by(actor, at);
        match acting.search(&Search::default()) {
            Ok(page) => {
                self.at("search", page.clone().flat(), place);
                page.cases.into_iter().for_each(|row| self.at("case-row", row, place));
            }
            Err(problem) => self.at("failure", Failed::from(problem), place),
        }
        for case in ran.cases.values() {
            match acting.case(*case) {
                Ok(view) => self.at("case", view, place),
                Err(problem) => {
                    self.at("failure", Failed::from(problem), place);
                    continue;
                }
            }
            self.at("case-history", acting.history(*case).expect("it is there"), place);
            self.at("options", acting.options(*case).expect("it is there").flat(), place);
            match acting.progress(*case) {
                Ok(progress) => self.at("progress", progress.flat(), place),
                Err(problem) => self.at("failure", Failed::from(problem), place),
            }
            let words = acting.words(*case, LookPurpose::Handling, Field::ALL).expect("they are there");
            self.at("words", words, place);
            for audience in FileAudience::ALL {
                if let Ok(file) = acting.case_file(*case, *audience) {
                    if let Some(proof) = &file.proof {
                        self.at("case-proof", proof, place);
                    }
                    self.at("case-file", file, place);
                }
            }
            let track = format!(r#"{{"ask":"track","case":"{case}","v":1}}"#);
            self.asked(&acting.serve(&track), &track, place);
        }
        let rules = r#"{"ask":"rules","v":1}"#;
        self.asked(&acting.serve(rules), rules, place);
    }

    fn asked(&mut self, answer: &str, question: &str, place: &str) {
        self.text("question", question, place);
        self.text("answer", answer, place);
    }
}

/// Every event, view, error, message and proof of every scenario fits its schema and says nothing that
/// is not in it.
#[test]
fn whatever_is_said_in_the_scenarios_fits() {
    let tenant = TenantCode::new("scenario").expect("a code");
    let mut looked = Looked::default();
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        looked.kept(&ran, &name);
        let end = scenario.steps.last().expect("a step").at;
        looked.at("checkpoint", ran.desk.checkpoint(end).expect("it is made"), &name);
        for actor in scenario.people() {
            looked.shown(&ran, &actor, end, &name);
        }
        for problem in ran.refusals {
            looked.at("failure", Failed::from(problem), &name);
        }
        for step in scenario.steps.iter().filter(|step| step.request.is_object()) {
            match Request::from_json(&step.request.to_string()) {
                Ok(_) => looked.at("request", &step.request, &name),
                Err(problem) => {
                    looked.at("failure", Failed::from(DeskError::from(problem)), &name);
                    assert!(schemas()["request"].takes(&step.request).is_err(), "{name}: {}", step.request);
                }
            }
        }
    }
    let others = [
        // Of these the other tests hold examples: `flat`, `schema_reports`, `schema_mutations`,
        // `measure_pack_schema`.
        "activation",
        "board",
        "code",
        "delivered",
        "done",
        "findings",
        "gpr",
        "index",
        "measure",
        "message",
        "mis",
        "pack",
        "paper",
        "parked",
        "practice",
        "practices",
        "published",
        "quality",
        "rulebook",
        "sample",
        "suspected",
        "swept",
    ];
    let silent: Vec<&str> = schemas().keys().copied().filter(|name| !looked.0.contains_key(name)).collect();
    assert_eq!(silent, others);
    let few: Vec<_> = looked.0.iter().filter(|(_, times)| **times < 40).collect();
    assert!(few.is_empty(), "{few:?}");
}

/// Every rulebook that the tests have, as it is written and as it is kept; what is wrong with a bad one.
#[test]
fn rulebooks_fit() {
    let mut looked = Looked::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/rulebooks/base.toml");
    let base = std::fs::read_to_string(folder).expect("the file reads");
    for text in presets::names().map(|name| presets::text(name).expect("a preset")).chain([&*base]) {
        let table: toml::Table = toml::from_str(text).expect("it is TOML");
        looked.at("rulebook", without_dates(table.into()), "as written");
        let rulebook = Rulebook::from_toml(text).expect("a sound rulebook");
        looked.at("rulebook", rulebook.document(), "as kept");
    }
    let refused = Rulebook::from_toml("extends = \"city-311\"\nzome = 5\nzone = \"Nowhere\"").unwrap_err();
    assert_eq!(refused.findings.len(), 2);
    looked.at("findings", refused.findings, "a bad rulebook");
}

/// TOML's dates as the texts that they are in JSON.
fn without_dates(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(without_dates).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(name, value)| (name, without_dates(value))).collect()
        }
        other => serde_json::to_value(other).expect("it is JSON"),
    }
}

/// A look that finds nothing would be noticed: every field that is said is also found missing, and a field
/// that nobody says is found.
#[test]
fn a_broken_view_is_noticed() {
    let (name, scenario) = all().into_iter().next().expect("a scenario");
    let ran =
        scenario.run(&name, MemoryStore::default().tenant(&TenantCode::new("scenario").expect("a code")));
    let case = *ran.cases.values().next().expect("a case");
    let facts = serde_json::to_value(ran.desk.facts(case).expect("it reads")).expect("it is JSON");
    let schema = &schemas()["facts"];
    assert_eq!(schema.names(&facts), Ok(()));
    let names: BTreeSet<&String> = facts.as_object().expect("an object").keys().collect();
    for name in names {
        let mut broken = facts.clone();
        broken.as_object_mut().expect("an object").remove(name);
        assert!(schema.takes(&broken).is_err(), "{name} is missing");
        broken[name] = serde_json::json!({ "surplus": 1 });
        assert!(schema.takes(&broken).is_err(), "{name} is of another type");
    }
    let mut more = facts.clone();
    more["surplus"] = Value::from(1);
    assert_eq!(schema.names(&more), Err(".surplus: is not named by the schema".to_owned()));
}
