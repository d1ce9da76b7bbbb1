//! Broken commands: a code, a sentence, a place; no panic, and nothing half-written.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, desks, lodge, lodging, officer, request};
use grievance_core::desk::Desk;
use grievance_core::grievance::request::{NotARequest, Request};
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId, VaultId};
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{Action, ErrorCode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const NOW: &str = "2026-03-02T09:00:00Z";

/// A verb's fields with a sound value for each: the required ones, and the optional ones.
pub(crate) type Fields = Vec<(&'static str, Value)>;

fn sample(kind: &str, field: &str) -> Value {
    match (kind, field) {
        ("bool", _) => json!(true),
        ("u32", _) => json!(3),
        ("Vec<String>", _) => json!(["works", "water"]),
        ("BTreeMap<String,String>", _) => json!({}),
        (_, "expected_by" | "until" | "reference_date" | "reply_due") => json!("2026-03-30"),
        (_, "received_at") => json!("2026-03-02T08:00:00Z"),
        (_, "sha256") => json!("0".repeat(64)),
        (_, "into") => json!("grv_00000000000000000000000000000001"),
        (_, "complainant") => json!("per_00000000000000000000000000000001"),
        (_, "outcome") => json!("satisfied"),
        (_, "reference_from") => json!("minister"),
        (_, "mobile") => json!("9830012345"),
        (_, "media_type") => json!("image/png"),
        _ => json!("works"),
    }
}

macro_rules! tables {
    ($($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        /// Each verb with its fields, from the verb table.
        pub(crate) fn verbs() -> Vec<(Action, Fields, Fields)> {
            vec![$((
                Action::$name,
                vec![$((stringify!($must), sample(&stringify!($must_type).replace(' ', ""), stringify!($must))),)*],
                vec![$((stringify!($may), sample(&stringify!($may_type).replace(' ', ""), stringify!($may))),)*],
            ),)+]
        }
    };
}
grievance_core::for_verbs!(tables);

pub(crate) fn whole(action: Action, must: &Fields, may: &Fields) -> Map<String, Value> {
    let mut fields: Map<String, Value> =
        must.iter().chain(may).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    fields.insert("action".to_owned(), action.as_str().into());
    fields
}

fn refused(fields: &Map<String, Value>) -> (String, &'static str) {
    match Request::from_json(&Value::Object(fields.clone()).to_string()) {
        Err(NotARequest::Field { path, problem }) => (path, problem),
        other => panic!("{fields:?}: {other:?}"),
    }
}

#[test]
fn every_field_of_every_verb_is_named_when_it_is_wrong() {
    assert_eq!(verbs().len(), Action::ALL.len());
    for (action, must, may) in verbs() {
        let sound = whole(action, &must, &may);
        let read = Request::from_json(&Value::Object(sound.clone()).to_string()).unwrap();
        assert_eq!(read.to_json(), Value::Object(sound.clone()), "{action}: the same there and back");
        Request::from_json(&Value::Object(whole(action, &must, &Vec::new())).to_string()).expect("no option");
        for (name, _) in &must {
            let mut fields = sound.clone();
            fields.remove(*name);
            assert_eq!(refused(&fields), ((*name).to_owned(), "is missing"), "{action}");
        }
        for (name, value) in must.iter().chain(&may) {
            let mut wrong =
                vec![json!(1.5), json!(-1), json!(4_294_967_296_u64), json!({"a": 1}), json!([1])];
            wrong.push(if value.is_string() { json!(true) } else { json!("CANARY") });
            if must.iter().any(|(own, _)| own == name) {
                wrong.push(Value::Null);
            }
            for value in wrong {
                let mut fields = sound.clone();
                fields.insert((*name).to_owned(), value);
                let (path, problem) = refused(&fields);
                assert!(path.starts_with(name), "{action}.{name}: {path}");
                assert_eq!(problem, "is of the wrong type", "{action}.{name}");
            }
        }
        let mut fields = sound.clone();
        fields.insert("nonsense".to_owned(), json!("CANARY"));
        assert_eq!(refused(&fields), ("nonsense".to_owned(), "the action has no such field"), "{action}");
    }
}

/// What the type allows and the field does not: the desk names the field and writes nothing.
#[test]
fn every_malformed_value_is_refused_with_its_field() {
    let long = "ক".repeat(4_001);
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        for (action, must, may) in verbs() {
            for (field, value) in must.iter().chain(&may) {
                for (bad, codes) in malformed((action, field), value, &long) {
                    let mut fields = whole(action, &must, &Vec::new());
                    fields.insert((*field).to_owned(), bad.clone());
                    if action == Action::Hold && *field != "because" {
                        fields.insert("because".to_owned(), json!("court"));
                    }
                    if action == Action::Verify && *field != "finding" {
                        fields.insert("finding".to_owned(), json!("confirmed"));
                    }
                    if field.starts_with("reference_") || *field == "reply_due" {
                        fields.entry("reference_from").or_insert_with(|| json!("minister"));
                    }
                    if field.starts_with("safe_") {
                        fields.entry("safe_from").or_insert_with(|| json!("08:00"));
                        fields.entry("safe_until").or_insert_with(|| json!("20:00"));
                    }
                    check(&desk, name, action, case, fields, field, codes);
                }
            }
        }
        assert_eq!(desk.history(case).unwrap().len(), 2, "{name}: nothing half-written");
    }
}

fn check(
    desk: &Desk,
    store: &str,
    action: Action,
    case: GrievanceId,
    fields: Map<String, Value>,
    field: &str,
    codes: &[ErrorCode],
) {
    let actor = officer("cell_officer", "desk");
    let request = request(&Value::Object(fields).to_string());
    let case = (action != Action::Lodge).then_some(case);
    let problem = desk.by(&actor, at(NOW)).submit(case, &request).expect_err(field);
    assert!(codes.contains(&problem.code()), "{store}: {action}.{field}: {:?} {problem}", problem.code());
    let place = problem.to_string();
    let singular = field.trim_end_matches('s').replace("signatorie", "signatory");
    assert!(place.starts_with(field) || place.starts_with(&singular), "{store}: {action}.{field}: {place}");
    assert!(!format!("{problem} {problem:?}").contains("CANARY"), "{store}: {action}.{field}: {place}");
}

/// Values of the right type that no such field can have, with the codes that fit.
fn malformed(
    (action, field): (Action, &str),
    value: &Value,
    long: &str,
) -> Vec<(Value, &'static [ErrorCode])> {
    const INVALID: &[ErrorCode] = &[ErrorCode::InvalidCommand];
    const TOO_LONG: &[ErrorCode] = &[ErrorCode::TooLong];
    const DATE: &[ErrorCode] = &[ErrorCode::DateInvalid];
    const NUMBER: &[ErrorCode] = &[ErrorCode::NumberInvalid];
    let text = |text: &str| Value::from(text);
    match field {
        "expected_by" | "until" | "reference_date" | "reply_due" | "sample" => {
            ["", "2026-02-30", "30.2.2026", "2026-2-3", "CANARY", "+002026-02-03", "2026-02-03 "]
                .map(|bad| (text(bad), DATE))
                .into()
        }
        "received_at" => ["", "2026-03-02", "2026-03-02T09:00:00", "2026-02-30T09:00:00Z", "CANARY"]
            .map(|bad| (text(bad), DATE))
            .into(),
        "kind" | "category" | "place" | "channel" | "language" | "priority" | "against_unit"
        | "against_post" | "unit" | "post" | "reason" | "step" | "level" | "root_cause" | "change" => {
            ["", "CANARY", "a b", "naïve", "a\0b", "a\u{202e}b", "a\u{200d}b", &"a".repeat(41)]
                .map(|bad| (text(bad), INVALID))
                .into()
        }
        "units" | "categories" => vec![(json!(["works", "CANARY"]), INVALID)],
        "complainant" | "into" => ["", "CANARY", "grv_", "per_0", "cmd_00000000000000000000000000000001"]
            .map(|bad| (text(bad), INVALID))
            .into(),
        "outcome" | "reference_from" | "because" | "finding" => {
            ["", "CANARY", "Satisfied"].map(|bad| (text(bad), INVALID)).into()
        }
        "sha256" => ["", "CANARY", &"0".repeat(63), &"A".repeat(64)].map(|bad| (text(bad), INVALID)).into(),
        "media_type" => ["", "a b", "text/\0", &"a".repeat(101)].map(|bad| (text(bad), INVALID)).into(),
        "mobile" | "representative" => {
            ["CANARY", "123", "+1 555 0100", "98300\u{0}12345", "\u{202a}9830012345", "98300\u{200b}12345"]
                .map(|bad| (text(bad), INVALID))
                .into()
        }
        "external_number" => ["", "CANARY\0", "১২৩", "12\u{202e}3", "12\u{200d}3", &"9".repeat(65)]
            .map(|bad| (text(bad), NUMBER))
            .into(),
        "evidence" => vec![(json!({"CANARY": "x"}), INVALID), (json!({"date": "CANARY"}), DATE)],
        "fields" => vec![(json!({"CANARY": "x"}), INVALID)],
        "signatory_mobiles" => vec![(json!(["CANARY"]), INVALID), (json!(["123"]), INVALID)],
        "refuses" => vec![(json!(["CANARY"]), INVALID), (json!([""]), INVALID)],
        "safe_from" | "safe_until" => {
            ["", "CANARY", "8:00", "25:00", "08:60", "0800", "08:00 "].map(|bad| (text(bad), INVALID)).into()
        }
        "signatories" => unseen(action, field)
            .map(|bad| (json!([bad]), INVALID))
            .chain([(json!([long]), TOO_LONG)])
            .collect(),
        _ if value.is_string() => {
            unseen(action, field).map(|bad| (text(&bad), INVALID)).chain([(text(long), TOO_LONG)]).collect()
        }
        _ => Vec::new(),
    }
}

/// What the words of a field may not hold (ADR 106): NUL and what turns their order, nowhere; what
/// hides, not in who somebody is; what has no shape at all, not in an address that a machine compares.
fn unseen(action: Action, field: &str) -> impl Iterator<Item = String> {
    let (turns, hides, marks) = (
        "\0\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}",
        "\u{ad}\u{200b}\u{2060}\u{feff}\u{e0041}",
        "\u{200c}\u{200d}\u{200e}\u{200f}\u{61c}",
    );
    let all = match field {
        "email" => [turns, hides, marks].concat(),
        // The name of a file is a text.
        "name" if action == Action::Attach => turns.to_owned(),
        "name" | "address" | "signatories" => [turns, hides].concat(),
        _ => turns.to_owned(),
    };
    all.chars().map(|c| format!("CANARY{c}CANARY")).collect::<Vec<_>>().into_iter()
}

#[test]
fn what_is_no_json_object_says_where() {
    let cases = [
        ("", 1, 0),
        ("{", 1, 1),
        ("{\"action\":\n \"comment\",,}", 2, 12),
        ("[1]", 1, 1),
        ("\"lodge\"", 1, 1),
        ("null", 1, 1),
        ("{}{}", 1, 3),
        ("\u{feff}{}", 1, 1),
    ];
    for (text, line, column) in cases {
        let problem = Request::from_json(text).unwrap_err();
        assert_eq!(problem, NotARequest::NotJson { line, column }, "{text:?}");
        assert_eq!(problem.code(), ErrorCode::InvalidCommand);
    }
    for text in ["{}", r#"{"action":7}"#, r#"{"action":"Lodge"}"#, r#"{"action":null}"#] {
        assert_eq!(Request::from_json(text), Err(NotARequest::NoAction), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(Request::from_json(&deep), Err(NotARequest::NotJson { .. })), "no stack overflows");
}

#[test]
fn identities_of_the_wrong_kind_are_not_taken() {
    let nil = "00000000000000000000000000000000";
    assert!(format!("grv_{nil}").parse::<GrievanceId>().is_ok());
    for wrong in ["", "grv_", nil, "GRV_0", "grv_0000000000000000000000000000000G"] {
        assert!(wrong.parse::<GrievanceId>().is_err(), "{wrong}");
    }
    assert!(format!("grv_{nil}").parse::<PersonId>().is_err());
    assert!(format!("per_{nil}").parse::<CommandId>().is_err());
    assert!(format!("cmd_{nil}").parse::<VaultId>().is_err());
    for wrong in ["", " ", "a b", "১২৩", "\0", &"9".repeat(65)] {
        assert!(RegistrationNumber::read(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_rulebook_that_is_none_is_refused() {
    for text in ["", "extends = 7", "extends = \"atlantis\"", "zone = \"Mars\"", "\0", "[[[", "name = "] {
        let refused = Rulebook::from_toml(text).expect_err(text);
        assert!(refused.errors().next().is_some(), "{text:?}");
    }
    for text in ["", "null", "[]", "{\"extends\": {}}", "{"] {
        assert!(Rulebook::from_json(text).is_err(), "{text:?}");
    }
}

/// Anything that JSON can hold, not too deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,9}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

static DESK: LazyLock<Desk> = LazyLock::new(|| desks().swap_remove(0).1);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever the text: a request, or an error with a place.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        if let Err(problem) = Request::from_json(&text) {
            prop_assert_eq!(problem.code(), ErrorCode::InvalidCommand);
        }
    }

    /// A sound request with one field replaced by anything: read, or refused with that field.
    #[test]
    fn a_changed_field_is_named(verb in 0..37_usize, at in 0..20_usize, wrong in any_json()) {
        let (action, must, may) = verbs().swap_remove(verb % Action::ALL.len());
        let mut fields = whole(action, &must, &may);
        let names: Vec<_> = must.iter().chain(&may).map(|(name, _)| *name).collect();
        prop_assume!(!names.is_empty());
        let name = names[at % names.len()];
        fields.insert(name.to_owned(), wrong);
        match Request::from_json(&Value::Object(fields).to_string()) {
            Ok(request) => prop_assert_eq!(request.action(), action),
            Err(NotARequest::Field { path, .. }) => prop_assert!(path.starts_with(name), "{} for {}", path, name),
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }

    /// Whatever words come in, the desk answers: taken, or refused with a code.
    #[test]
    fn any_words_are_taken_or_refused(narrative in "\\PC{0,60}", code in "\\PC{0,12}", mobile in "[0-9 +\\-]{0,16}") {
        let request = grievance_core::grievance::request::Lodge {
            narrative, mobile: Some(mobile), place: Some(code), ..lodging("pothole")
        };
        let answer = DESK.by(&citizen(), at(NOW)).lodge(request);
        if let Err(problem) = answer {
            prop_assert!(matches!(problem.code(), ErrorCode::InvalidCommand | ErrorCode::UnknownCode), "{:?}", problem);
        }
    }
}
