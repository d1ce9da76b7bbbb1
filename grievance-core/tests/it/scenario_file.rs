//! A scenario file: see `docs/reference/scenarios.md`.

use chrono::{DateTime, Utc};
use grievance_core::desk::Measure;
use grievance_core::kernel::id::PersonId;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::{Rulebook, presets};
use grievance_core::vocabulary::Tenure;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) about: String,
    pub(crate) rulebook: Rules,
    pub(crate) actors: BTreeMap<String, Who>,
    pub(crate) steps: Vec<Step>,
    pub(crate) then: BTreeMap<String, Map<String, Value>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum Rules {
    Preset(String),
    Document(Value),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Who {
    pub(crate) role: String,
    pub(crate) unit: Option<String>,
    pub(crate) post: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) on_behalf_of: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    /// Nobody acts: what is due is recorded.
    pub(crate) sweep: Option<Map<String, Value>>,
    /// Another rulebook comes into force, and the open cases are not moved yet.
    pub(crate) activate: Option<Rules>,
    /// The roster gains a row.
    pub(crate) appoint: Option<Appointment>,
    /// Whether the case is there for the actor: opened by itself, and listed in a search.
    pub(crate) sees: Option<bool>,
    /// A question over the cases that the actor sees.
    pub(crate) measure: Option<Measure>,
    /// What each row of the answer says, as far as the file cares.
    #[serde(default)]
    pub(crate) rows: Vec<Map<String, Value>>,
    #[serde(default)]
    pub(crate) by: String,
    pub(crate) case: Option<String>,
    #[serde(default)]
    pub(crate) parts: Vec<String>,
    pub(crate) command: Option<String>,
    pub(crate) expecting: Option<u64>,
    /// A mobile whose code was brought before this lodging.
    pub(crate) verified: Option<String>,
    #[serde(default, rename = "do")]
    pub(crate) request: Value,
    #[serde(default)]
    pub(crate) then: Answer,
}

impl Step {
    /// Whether its request is done, and not refused.
    pub(crate) const fn is_taken(&self) -> bool {
        self.then.ok.is_some()
    }
}

/// Who holds a post from the step's instant on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Appointment {
    pub(crate) unit: String,
    pub(crate) post: String,
    pub(crate) person: String,
    #[serde(default = "holder")]
    pub(crate) tenure: Tenure,
    pub(crate) until: Option<DateTime<Utc>>,
}

const fn holder() -> Tenure {
    Tenure::Holder
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) ok: Option<Map<String, Value>>,
    pub(crate) refused: Option<String>,
    pub(crate) field: Option<String>,
}

/// Every scenario file with its name, in order.
pub(crate) fn all() -> Vec<(String, Scenario)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("the file reads");
        let scenario = serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        (name, scenario)
    };
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter(|path| std::env::var("SCENARIO").map_or(true, |only| path.ends_with(format!("{only}.json"))))
        .map(read)
        .collect()
}

/// The first 16 bytes of the SHA-256 of `kind:name`, as every language derives an identity.
pub(crate) fn uuid_of(kind: &str, name: &str) -> uuid::Uuid {
    let digest = Digest::of(&[kind.as_bytes(), b":", name.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    uuid::Uuid::from_bytes(bytes)
}

pub(crate) fn person(name: &str) -> PersonId {
    PersonId::from_uuid(uuid_of("person", name))
}

impl Who {
    pub(crate) fn actor(&self, name: &str) -> Actor {
        let code = |text: &String| text.parse().expect("a code");
        Actor {
            on_behalf_of: self.on_behalf_of.as_deref().map(person),
            person: person(self.person.as_deref().unwrap_or(name)),
            post: self.post.as_ref().map(|text| text.parse().expect("a code")),
            role: self.role.parse().expect("a code"),
            tenure: None,
            unit: self.unit.as_ref().map(code),
        }
    }
}

impl Rules {
    pub(crate) fn rulebook(&self) -> Rulebook {
        match self {
            Self::Preset(name) => {
                Rulebook::from_toml(presets::text(name).expect("a preset")).expect("a sound preset")
            }
            Self::Document(document) => Rulebook::from_json(&document.to_string())
                .unwrap_or_else(|refused| panic!("{:#?}", refused.findings)),
        }
    }
}

impl Scenario {
    /// One of those who act in it.
    pub(crate) fn who(&self, name: &str) -> Actor {
        self.actors[name].actor(name)
    }

    /// Everybody who acts in it.
    #[cfg(feature = "schema")]
    pub(crate) fn people(&self) -> Vec<Actor> {
        self.actors.iter().map(|(name, who)| who.actor(name)).collect()
    }
}
