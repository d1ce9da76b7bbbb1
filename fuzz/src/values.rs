//! Whole documents: rulebooks, commands, JSON to be hashed.

use crate::text;
use grievance_core::desk::SeededMint;
use grievance_core::grievance::read::read;
use grievance_core::grievance::request::Request;
use grievance_core::kernel::text::Sealer;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::rulebook::access::Actor;
use grievance_core::{PersonId, Rulebook};
use serde_json::Value;
use std::sync::LazyLock;

/// Rulebooks, as JSON where they begin with a brace and as TOML otherwise.
///
/// What the linter lets pass is kept as a text that is the same rulebook again.
pub fn rulebook(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let read = if text.starts_with('{') { Rulebook::from_json(text) } else { Rulebook::from_toml(text) };
    let rulebook = match read {
        Ok(rulebook) => rulebook,
        Err(refused) => {
            assert!(refused.errors().next().is_some(), "a refusal names what is wrong");
            return false;
        }
    };
    let again = Rulebook::from_stored(&rulebook.to_stored()).expect("what is kept can be opened");
    assert_eq!(again.version(), rulebook.version());
    true
}

static TOWN: LazyLock<Rulebook> = LazyLock::new(|| {
    let town = "extends = \"west-bengal\"";
    Rulebook::from_toml(town).expect("a shipped rulebook is sound")
});

/// Commands: what is read is the same there and back, and sealing its words answers or names a field.
pub fn command(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let Ok(request) = Request::from_json(text) else { return false };
    let written = request.to_json();
    assert_eq!(Request::from_json(&written.to_string()).as_ref(), Ok(&request));
    to_canonical(&written).expect("a request has a fingerprint");
    let actor = Actor {
        person: PersonId::from_uuid(uuid_of(1)),
        role: "cell_officer".parse().expect("a code"),
        unit: None,
        post: None,
        on_behalf_of: None,
        tenure: None,
    };
    let mut mint = SeededMint::new(1);
    read(&request, &actor, &TOWN, &mut Sealer::new(&mut mint)).is_ok()
}

fn uuid_of(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// Canonical JSON: the text that another implementation of RFC 8785 writes, and a value that is the
/// same again.
pub fn canonical(data: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return false };
    let Ok(own) = to_canonical(&value) else { return false };
    let peer =
        serde_json_canonicalizer::to_string(&value).expect("a value that has a text here has one there");
    assert_eq!(own, peer);
    let again: Value = serde_json::from_str(&own).expect("canonical JSON is JSON");
    assert_eq!(to_canonical(&again).expect("it had a text before"), own);
    true
}
