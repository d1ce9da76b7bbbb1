//! Wire format v1: what is stored once is read for ever.
//!
//! `testdata/wire/v1/NAME.json` is the stored text of an event, byte for byte and without a line
//! break; `NAME.hash` is its hash of the first format as the second event of a case (see
//! [`link`]), and `hashes.v2.txt` has the hashes of today's format by name.

use crate::wire_events::{all, at, case, person};
use grievance_core::grievance::event::What;
use grievance_core::grievance::wire::{WireError, decode, decode_actor, encode, encode_actor};
use grievance_core::kernel::text::Digest;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::proof::chain::{Link, content, follows, hash, hash_v1};
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{ErrorCode, EventKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/wire/v1")
}

/// Every stored text with its name, in order.
fn golden() -> BTreeMap<String, String> {
    static ADDED: std::sync::Once = std::sync::Once::new();
    ADDED.call_once(add_missing);
    let files = std::fs::read_dir(folder()).expect("the folder is there");
    let files = files.map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    texts
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("the file reads"))
        })
        .collect()
}

fn actor() -> Actor {
    Actor {
        on_behalf_of: Some(person(1)),
        person: person(9),
        post: Some("kiosk".parse().unwrap()),
        role: "kiosk_operator".parse().unwrap(),
        tenure: None,
        unit: Some("nadia".parse().unwrap()),
    }
}

fn link<'a>(case: &'a str, actor: &'a str, body: &'a str) -> Link<'a> {
    Link {
        tenant: "west-bengal",
        case,
        version: 2,
        at: at("2026-03-02T09:00:00.123Z").timestamp_millis(),
        actor,
        rulebook: Digest::of(&[b"rulebook"]),
        body,
    }
}

fn chained(body: &str) -> Digest {
    hash(Some(Digest::of(&[b"previous"])), &link(&case(1).to_string(), &encode_actor(&actor()), body))
}

fn chained_v1(body: &str) -> Digest {
    hash_v1(Some(Digest::of(&[b"previous"])), &link(&case(1).to_string(), &encode_actor(&actor()), body))
}

fn hashes_v2() -> PathBuf {
    folder().join("hashes.v2.txt")
}

/// Writes what is missing, where it is asked for; what is there is never touched.
fn add_missing() {
    if std::env::var_os("UPDATE_GOLDEN").is_none() {
        return;
    }
    std::fs::create_dir_all(folder()).unwrap();
    for (name, event) in all() {
        let body = encode(&event);
        for (end, text) in [("json", body.clone()), ("hash", chained_v1(&body).to_string())] {
            let path = folder().join(format!("{name}.{end}"));
            if !path.exists() {
                std::fs::write(path, text).unwrap();
            }
        }
    }
}

#[test]
fn every_stored_text_reads_and_writes_the_same_bytes() {
    for (name, text) in golden() {
        let event = decode(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        // A text of an older wire version is read for ever; only today's is written.
        let value: Value = serde_json::from_str(&text).unwrap();
        if value["v"] == What::wire_version(event.what.kind()) {
            assert_eq!(encode(&event), text, "{name}");
        }
    }
}

#[test]
fn the_golden_texts_are_what_the_events_say() {
    let golden = golden();
    for (name, event) in all() {
        assert_eq!(decode(&golden[&name]).as_ref(), Ok(&event), "{name}");
        let kind = name.split('.').next().unwrap();
        assert_eq!(event.what.kind().as_str(), kind, "{name}: named by its kind");
    }
}

#[test]
fn every_kind_has_its_text() {
    let golden = golden();
    for kind in EventKind::ALL {
        assert!(golden.contains_key(kind.as_str()), "{kind} has no golden text");
    }
}

/// RFC 8785: parsed and written canonically it is the same text. Whole numbers only, below 2^53.
#[test]
fn every_stored_text_is_canonical() {
    fn check(name: &str, value: &Value) {
        match value {
            Value::Number(number) => {
                let whole = number.as_i64().unwrap_or_else(|| panic!("{name}: {number} is no integer"));
                assert!(whole.unsigned_abs() < 1 << 53, "{name}: {number} is beyond 2^53");
            }
            Value::Null => panic!("{name}: an absent field is left out, not null"),
            Value::Array(items) => items.iter().for_each(|item| check(name, item)),
            Value::Object(fields) => fields.values().for_each(|field| check(name, field)),
            Value::Bool(_) | Value::String(_) => {}
        }
    }
    for (name, text) in golden() {
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(to_canonical(&value).unwrap(), text, "{name}");
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), text, "{name}");
        check(&name, &value);
    }
}

#[test]
fn every_stored_text_has_its_hash() {
    for (name, text) in golden() {
        let kept = std::fs::read_to_string(folder().join(format!("{name}.hash"))).expect(&name);
        assert_eq!(chained_v1(&text).to_string(), kept, "{name}");
    }
}

/// Today's hashes; `UPDATE_GOLDEN=1` adds the lines of new names and touches no other.
#[test]
fn every_stored_text_has_its_hash_of_today() {
    let kept = std::fs::read_to_string(hashes_v2()).unwrap_or_default();
    let mut lines: BTreeMap<String, String> =
        kept.lines().filter_map(|line| line.split_once(' ')).map(|(n, h)| (n.into(), h.into())).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        for (name, text) in golden() {
            lines.entry(name).or_insert_with(|| chained(&text).to_string());
        }
        let rows: Vec<_> = lines.iter().map(|(name, hash)| format!("{name} {hash}")).collect();
        std::fs::write(hashes_v2(), rows.join("\n") + "\n").unwrap();
    }
    let said: BTreeMap<_, _> =
        golden().into_iter().map(|(name, text)| (name, chained(&text).to_string())).collect();
    assert_eq!(said, lines);
}

/// Events of either format are followed, each by its own hash.
#[test]
fn a_chain_may_go_on_from_the_first_format() {
    let (case, actor) = (case(1).to_string(), encode_actor(&actor()));
    let it = link(&case, &actor, "{}");
    let first = hash_v1(None, &Link { version: 1, ..it });
    assert!(
        follows(Some(first), &it, hash(Some(first), &it))
            && follows(Some(first), &it, hash_v1(Some(first), &it))
    );
    assert!(!follows(None, &it, hash(Some(first), &it)) && !follows(Some(first), &it, first));
}

/// Computed apart from this library: SHA-256 over the parts as `chain` documents them.
#[test]
fn the_chain_gives_known_answers() {
    let actor = encode_actor(&actor());
    assert_eq!(
        actor,
        r#"{"on_behalf_of":"per_a0000000000040008000000000000001","person":"per_a0000000000040008000000000000009","post":"kiosk","role":"kiosk_operator","unit":"nadia"}"#
    );
    let case = case(1).to_string();
    let it = Link { version: 1, ..link(&case, &actor, "{}") };
    let old = hash_v1(None, &it);
    assert_eq!(old.to_string(), "9b73cae724219287460d9ef63d86a122f8634caef97830c0827bb58452f25dc0");
    let second = hash_v1(Some(old), &Link { at: -1, ..link(&case, &actor, "{}") });
    assert_eq!(second.to_string(), "69766bd40b18d555964fe2ce4cd7e944c208398a0619095a2e0a057db2757086");
    let digest = content(&it);
    assert_eq!(digest.to_string(), "a2d311b7168b477bfb67b593c3ef6453c92861e489f46b6e4db9e0e226d5e03e");
    let first = hash(None, &it);
    assert_eq!(first.to_string(), "3ef3cd27f6753f86cbf3376953e0371f0a4c4fd71dc29672741d72bddb26b944");
    let second = hash(Some(first), &Link { at: -1, ..link(&case, &actor, "{}") });
    assert_eq!(second.to_string(), "cafe8bb6f4fd8d5dfaace0658464da3f656e069a9669874336fd62d57f26ebb4");
}

/// Each part of the link counts, and none can lend a letter to its neighbour.
#[test]
fn every_part_of_the_link_counts() {
    let it = link("grv_1", "{}", "body");
    let previous = Some(Digest::of(&[b"previous"]));
    let variants = [
        hash(previous, &it),
        hash(None, &it),
        hash(previous, &Link { tenant: "west-benga", ..it }),
        hash(previous, &Link { tenant: "west-bengalg", case: "rv_1", ..it }),
        hash(previous, &Link { case: "grv_2", ..it }),
        hash(previous, &Link { version: 3, ..it }),
        hash(previous, &Link { at: it.at + 1, ..it }),
        hash(previous, &Link { actor: "{ }", ..it }),
        hash(previous, &Link { rulebook: Digest::of(&[b"other"]), ..it }),
        hash(previous, &Link { body: "body ", ..it }),
    ];
    let distinct: BTreeSet<_> = variants.iter().collect();
    assert_eq!(distinct.len(), variants.len());
}

fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    change(&mut value);
    value.to_string()
}

#[test]
fn what_a_newer_library_wrote_is_told() {
    let text = &golden()["commented"];
    let newer = changed(text, |it| it["v"] = 2.into());
    let kind = EventKind::Commented;
    assert_eq!(decode(&newer), Err(WireError::NewerVersion { kind, found: 2, known: 1 }));
    let none = changed(text, |it| it["v"] = 0.into());
    assert_eq!(decode(&none), Err(WireError::NewerVersion { kind, found: 0, known: 1 }));
    let unknown = changed(text, |it| it["type"] = "foreseen".into());
    assert_eq!(decode(&unknown), Err(WireError::UnknownType { kind: "foreseen".to_owned() }));
    assert_eq!(decode(&unknown).unwrap_err().code(), ErrorCode::EventUnreadable);
    assert_eq!(decode(&newer).unwrap_err().code(), ErrorCode::EventUnreadable);
}

/// Whatever becomes of a text: an event or a typed error, never a panic, and never its words.
#[test]
fn damaged_text_is_a_typed_error() {
    for (name, text) in golden() {
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let problem = decode(&text[..cut]).expect_err(&name);
            assert!(matches!(problem, WireError::Damaged(_)), "{name}, cut at {cut}: {problem}");
        }
        let Value::Object(fields) = serde_json::from_str(&text).unwrap() else { panic!("{name}") };
        for field in fields.keys() {
            for wrong in
                [Value::Null, true.into(), (-1).into(), 1.5.into(), "CANARY".into(), Value::Array(vec![])]
            {
                let wrong = changed(&text, |it| it[field] = wrong.clone());
                if let Err(problem) = decode(&wrong)
                    && field != "type"
                {
                    assert!(
                        !format!("{problem} {problem:?}").contains("CANARY"),
                        "{name}.{field}: {problem}"
                    );
                }
            }
        }
        for field in ["type", "v", "phase", "stage", "unit"] {
            let without = changed(&text, |it| {
                it.as_object_mut().unwrap().remove(field);
            });
            assert!(matches!(decode(&without), Err(WireError::Damaged(_))), "{name} without {field}");
        }
    }
    for text in ["", "null", "[]", "7", "\"lodged\"", "\u{feff}{}", "{}{}"] {
        assert!(matches!(decode(text), Err(WireError::Damaged(_))), "{text:?}");
        assert!(decode_actor(text).is_err(), "{text:?}");
    }
}

/// A field of a payload: its name, its type, and whether it may be left out.
type Field = (String, String, bool);

/// The payloads as the source declares them.
fn declared() -> BTreeMap<String, Vec<Field>> {
    let sources = [
        include_str!("../../src/grievance/payload.rs"),
        include_str!("../../src/grievance/payload/adopted.rs"),
        include_str!("../../src/grievance/payload/clock.rs"),
        include_str!("../../src/grievance/payload/lodged.rs"),
    ];
    let tables = sources.map(|source| {
        let table = source.split_once("\npayload! {\n").expect("the table begins").1;
        table.split_once("\n}\n").expect("the table ends").0
    });
    let mut payloads: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    let (mut name, mut may, mut skipped) = (String::new(), false, false);
    for line in tables.iter().flat_map(|table| table.lines()).map(str::trim) {
        if line.starts_with("///") {
            continue;
        }
        if let Some(begun) = line.strip_suffix(" {") {
            (name, may) = (begun.to_owned(), false);
            payloads.insert(name.clone(), Vec::new());
        } else if line == ";" {
            may = true;
        } else if line.starts_with("#[") {
            skipped |= line.contains("skip_serializing_if");
        } else if let Some((field, kind)) = line.trim_end_matches(',').split_once(": ") {
            payloads.get_mut(&name).unwrap().push((field.to_owned(), kind.to_owned(), may || skipped));
            skipped = false;
        }
    }
    payloads
}

/// Every field that may be absent is there in one golden text and absent in another, wherever its
/// payload is nested.
#[test]
fn the_golden_texts_show_every_field_present_and_absent() {
    fn look(
        (payload, value): (&str, &Value),
        payloads: &BTreeMap<String, Vec<Field>>,
        seen: &mut BTreeMap<String, (bool, bool)>,
    ) {
        for (field, kind, may) in &payloads[payload] {
            let found = value.get(field);
            assert!(*may || found.is_some(), "{payload}.{field} is missing in {value}");
            let entry = seen.entry(format!("{payload}.{field}")).or_insert((false, !may));
            *if found.is_some() { &mut entry.0 } else { &mut entry.1 } = true;
            let inner = kind.trim_start_matches("Vec<").trim_end_matches('>');
            if let (Some(found), true) = (found, payloads.contains_key(inner)) {
                let many = found.as_array().map_or(std::slice::from_ref(found), Vec::as_slice);
                for one in many {
                    look((inner, one), payloads, seen);
                }
            }
        }
    }
    let payloads = declared();
    assert!(payloads.len() > 30, "the table was read");
    let source = include_str!("../../src/grievance/event.rs");
    let table = source.split_once("\nevents! {\n").unwrap().1.split_once("\n}").unwrap().0;
    let of_kind: BTreeMap<&str, &str> = table
        .lines()
        .map(|line| {
            let (kind, payload) = line.trim().split_once('(').unwrap();
            let payload = payload.split_once(')').unwrap().0;
            (kind, payload.trim_start_matches("Box<").trim_end_matches('>'))
        })
        .collect();
    assert_eq!(of_kind.len(), EventKind::ALL.len());
    let mut seen = BTreeMap::new();
    for text in golden().values() {
        let kind = decode(text).unwrap().what.kind();
        let payload = of_kind[format!("{kind:?}").as_str()];
        look((payload, &serde_json::from_str(text).unwrap()), &payloads, &mut seen);
    }
    let half: Vec<_> = seen.iter().filter(|(_, (there, absent))| !(*there && *absent)).collect();
    assert!(half.is_empty(), "only ever there or only ever absent: {half:?}");
}
