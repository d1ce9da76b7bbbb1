//! Reading rulebooks: what they extend, what is malformed, and where.

use crate::rulebook_lint::base;
use grievance_core::kernel::code::{CategoryCode, UnitCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::finding::{Finding, Lint, RulebookInvalid, Severity};
use grievance_core::rulebook::read::{Format, read};
use grievance_core::vocabulary::{ErrorCode, Remedy};
use proptest::prelude::*;

const BASE: &str = include_str!("../../testdata/rulebooks/base.toml");

const TWELVE_LINES: &str = r#"extends = "city-311"
name = "Haldia Municipality"
zone = "Asia/Kolkata"
numbering.prefix = "HLD"
unit = [{ code = "works", name = "Works" }, { code = "water", name = "Water" }]
category = [
  { code = "roads", unit = "works" },
  { code = "supply", unit = "water" },
]
"#;

fn refused(text: &str, format: Format) -> RulebookInvalid {
    match read(text, format).and_then(Rulebook::new) {
        Ok(_) => panic!("accepted: {text}"),
        Err(refused) => {
            assert_eq!(refused.code(), ErrorCode::RulebookInvalid);
            assert_eq!(refused.code().remedy(), Remedy::Amend);
            assert!(refused.errors().next().is_some(), "a refusal names an error");
            refused
        }
    }
}

fn told(text: &str) -> Vec<String> {
    refused(text, Format::Toml).errors().map(ToString::to_string).collect()
}

#[test]
fn a_rulebook_of_fewer_than_twelve_lines_works() {
    assert!(TWELVE_LINES.lines().count() < 12);
    let read = Rulebook::read(TWELVE_LINES, Format::Toml).expect("it is enough");
    let rulebook = read.rulebook;
    assert_eq!(rulebook.document().name, "Haldia Municipality");
    assert_eq!(rulebook.zone(), chrono_tz::Asia::Kolkata);
    assert_eq!(rulebook.number_prefix().as_str(), "HLD");
    let roads = CategoryCode::new("roads").expect("a code");
    let routed = rulebook.route(Some(&roads), None, None);
    assert_eq!(routed.unit, UnitCode::new("works").expect("a code"));
    // What the preset says is still there.
    assert!(rulebook.workflow().start().is_some());
    assert!(rulebook.reasons().iter().count() > 0);
    assert!(read.findings.iter().all(|it| it.severity < Severity::Error));
}

#[test]
fn warnings_of_an_accepted_rulebook_reach_the_caller() {
    let text = TWELVE_LINES.replace("\"works\"", "\"survey\"");
    let read = Rulebook::read(&text, Format::Toml).expect("it is enough");
    let heads: Vec<&Finding> = read.findings.iter().filter(|it| it.lint == Lint::UnitWithoutHead).collect();
    assert!(heads.iter().all(|it| it.severity == Severity::Warning) && !heads.is_empty(), "{heads:?}");
}

#[test]
fn json_and_toml_are_one_rulebook() {
    let toml = Rulebook::from_toml(BASE).expect("the base is clean");
    let written = serde_json::to_string_pretty(toml.document()).expect("a document is JSON");
    let json = Rulebook::from_json(&written).expect("the same document");
    assert_eq!(toml.version(), json.version());
    assert_eq!(toml.document(), json.document());

    let small = r#"{"extends": "city-311", "name": "Haldia Municipality", "zone": "Asia/Kolkata",
        "numbering": {"prefix": "HLD"},
        "unit": [{"code": "works", "name": "Works"}, {"code": "water", "name": "Water"}],
        "category": [{"code": "roads", "unit": "works"}, {"code": "supply", "unit": "water"}]}"#;
    let json = Rulebook::from_json(small).expect("it is enough");
    assert_eq!(json.version(), Rulebook::from_toml(TWELVE_LINES).expect("it is enough").version());
}

#[test]
fn another_word_is_another_version() {
    let mut other = base();
    other.notice = "x".to_owned();
    let version = |document: Document| Rulebook::new(document).expect("clean").version();
    assert_ne!(version(other), version(base()));
}

#[test]
fn a_written_rulebook_reads_back() {
    let written = toml::to_string(&base()).expect("a document is TOML");
    assert_eq!(read(&written, Format::Toml).expect("well formed"), base());
}

#[test]
fn tables_merge_key_by_key_and_coded_lists_entry_by_entry() {
    let inherited = read("extends = \"city-311\"", Format::Toml).expect("a preset");
    let unit = &inherited.unit[0];
    let text = format!(
        "extends = \"city-311\"\nwindow.reopen_days = 9\nunit = [{{ code = \"{}\", name = \"Desk\" }}, {{ code = \"survey\" }}]",
        unit.code
    );
    let read = read(&text, Format::Toml).expect("well formed");
    assert_eq!(read.window.reopen_days, 9);
    assert_eq!(read.window.appeal_days, inherited.window.appeal_days);
    assert_eq!(read.unit[0].name, "Desk");
    assert_eq!((&read.unit[0].kind, &read.unit[0].head), (&unit.kind, &unit.head));
    assert_eq!(read.unit.last().map(|unit| unit.code.as_str()), Some("survey"));
    assert_eq!(read.unit.len(), inherited.unit.len() + 1);
    assert_eq!(read.workflow, inherited.workflow);
}

#[test]
fn lists_without_codes_are_replaced() {
    let text = "extends = \"city-311\"\nworkflow.step = [{ action = \"lodge\" }]\nroute = []";
    let read = read(text, Format::Toml).expect("well formed");
    assert_eq!(read.workflow.step.len(), 1);
    assert!(!read.workflow.stage.is_empty());
    assert!(read.route.is_empty());
}

#[test]
fn an_empty_list_drops_what_is_inherited() {
    assert!(
        read("extends = \"city-311\"\nreason = []", Format::Toml).expect("well formed").reason.is_empty()
    );
}

#[test]
fn removing_an_inherited_entry() {
    let inherited = read("extends = \"city-311\"", Format::Toml).expect("a preset");
    let channel = &inherited.channel[0].code;
    let text = format!("extends = \"city-311\"\nchannel = [{{ code = \"{channel}\", remove = true }}]");
    let read = read(&text, Format::Toml).expect("well formed");
    assert_eq!(read.channel, inherited.channel[1..]);
}

#[test]
fn removing_what_is_not_there_is_an_error() {
    let inherited = read("extends = \"city-311\"", Format::Toml).expect("a preset");
    let channel = &inherited.channel[0].code;
    let text = format!("extends = \"city-311\"\nchannel = [{{ code = \"{channel}x\", remove = true }}]");
    let sentence =
        format!("channel: there is no inherited \"{channel}x\" to remove; did you mean \"{channel}\"?");
    assert_eq!(told(&text), [sentence]);
    let told =
        told(&format!("{BASE}\n[[workflow.stage]]\ncode = \"x\"\n").replace("[workflow]", "[wrkflow]"));
    assert!(!told.is_empty());
    let refused = refused("channel = [{ code = \"web\", remove = true }]", Format::Toml);
    assert!(refused.errors().any(|it| (it.lint, &*it.path) == (Lint::Undefined, "channel")));
}

#[test]
fn an_entry_written_twice_is_a_duplicate_not_an_override() {
    let text = format!("{TWELVE_LINES}\npost = [{{ code = \"clerk\" }}, {{ code = \"clerk\" }}]");
    let refused = refused(&text, Format::Toml);
    let error = refused.errors().next().expect("an error");
    assert_eq!(error.lint, Lint::DuplicateCode);
}

#[test]
fn unknown_preset() {
    let refused = refused("extends = \"city-3l1\"\nzone = 5", Format::Toml);
    let first: Vec<String> = refused.errors().map(ToString::to_string).take(2).collect();
    assert_eq!(first[0], "extends: no preset \"city-3l1\"; did you mean \"city-311\"?");
    assert_eq!(refused.findings[0].lint, Lint::UnknownPreset);
    assert_eq!(first[1], "zone: expected a text, found a number");
}

#[test]
fn all_malformed_fields_at_once_each_with_its_path() {
    let text = r#"
extends = "city-311"
zome = "UTC"
unit = [{ code = "works", kindd = "x", name = 7 }, "water", { code = "parks", valid_to = 2026-02-01T10:00:00 }]
feedback = { before_disposal = "yes", attemps = 3 }
numbering = { year_starts = 13, check = "mod37" }
record = [{ code = "visit-of-ours", field = [{ code = "a", holds = "dat" }, { code = "b", hold = 1 }] }]
cell = "celler"
intake = 5

[[workflow.step]]
action = "lodge"
gate = ["remark", "reason", "evidenc", 5]
when = "satisfied"

[[workflow.step]]
custody = "stays"
"#;
    // A list with a text in it replaces the inherited one, so `unit` is counted from 0 here.
    let expected = [
        "feedback.attemps: unknown key; did you mean \"attempts\"?",
        "feedback.before_disposal: expected true or false, found a text",
        "intake: expected a table, found a number",
        "numbering.check: no such word \"mod37\"; there are none, mod37_36",
        "numbering.year_starts: a year starts in a month from 1 to 12, not in 13",
        "record[0].field[0].holds: no such word \"dat\"; did you mean \"date\"?",
        "record[0].field[1].hold: unknown key; did you mean \"holds\"?",
        "unit[0].kindd: unknown key; did you mean \"kind\"?",
        "unit[0].name: expected a text, found a number",
        "unit[1]: expected a table, found a text",
        "unit[2].valid_to: expected a date that exists, YYYY-MM-DD",
        "workflow.step[0].gate[0]: no such word \"remark\"; did you mean \"remarks\"?",
        "workflow.step[0].gate[2]: no such word \"evidenc\"; did you mean \"evidence\"?",
        "workflow.step[0].gate[3]: expected a word, found a number",
        "workflow.step[1].custody: no such word \"stays\"; did you mean \"stay\"?",
        "zome: unknown key; did you mean \"zone\"?",
    ];
    let records = read("extends = \"city-311\"", Format::Toml).expect("a preset").record.len();
    let expected = expected.map(|line| line.replace("record[0]", &format!("record[{records}]")));
    assert_eq!(told(text), expected);
}

#[test]
fn the_linter_speaks_in_spite_of_malformed_fields() {
    let text = BASE
        .replace("backdate_days = 7", "backdate_days = \"7\"")
        .replace("to = \"withdrawn\"", "to = \"withdrwan\"")
        .replace("zone = \"Asia/Kolkata\"", "zone = \"Asia\"");
    assert_eq!(
        told(&text),
        [
            "role[1].backdate_days: expected a whole number from 0 to 4294967295, found a text",
            "workflow.step[21].to: no stage \"withdrwan\"; did you mean \"withdrawn\"?",
            "zone: no time zone \"Asia\"; use an IANA name such as \"Asia/Kolkata\"",
        ]
    );
}

#[test]
fn malformed_texts_have_a_code_a_sentence_and_a_place() {
    let rows = [
        (Format::Toml, "name = \"Hal", "line 1, column"),
        (Format::Toml, "name = \"a\"\nname = \"b\"", "line 2, column"),
        (Format::Toml, "name = \"a\u{0}b\"", "line 1, column"),
        (Format::Toml, "[[reason]]\nvalid_from = 2026-02-30", "line 2, column"),
        (Format::Toml, "name = 1\nÄ = 2", "line 2, column 1"),
        (Format::Json, "{\"name\": \"Hal", "line 1, column"),
        (Format::Json, "{\"name\": \"a\",\n \"name\": \"b\"}", "line 2, column"),
        (Format::Json, "{\"name\": \"a\u{0}b\"}", "line 1, column"),
        (Format::Json, "{\"unit\": [{\"code\": \"a\", \"code\": \"b\"}]}", "line 1, column"),
        (Format::Json, "", "line 1, column"),
        (Format::Json, "{} {}", "line 1, column"),
        (Format::Json, "[]", ""),
    ];
    for (format, text, place) in rows {
        let refused = refused(text, format);
        let finding = &refused.findings[0];
        assert_eq!(finding.lint, Lint::NotADocument, "{text}");
        assert!(finding.path.starts_with(place), "{text}: {finding}");
        assert!(!finding.message.is_empty() && finding.message.chars().count() <= 161, "{finding}");
        assert!(!finding.message.contains('\n'));
    }
}

#[test]
fn a_duplicate_key_in_json_is_named() {
    let refused = refused("{\"name\": \"a\", \"name\": \"b\"}", Format::Json);
    assert_eq!(refused.findings[0].to_string(), "line 1, column 20: the key \"name\" stands twice");
}

#[test]
fn a_day_that_does_not_exist() {
    let text = "{\"reason\": [{\"code\": \"done\", \"valid_from\": \"2026-02-30\"}]}";
    let refused = refused(text, Format::Json);
    let sentence = "reason[0].valid_from: expected a date that exists, YYYY-MM-DD";
    assert!(refused.findings.iter().any(|it| it.to_string() == sentence), "{:#?}", refused.findings);
}

#[test]
fn nothing_large_is_echoed() {
    let long = "x".repeat(100_000);
    let texts = [
        format!("{long} = 1"),
        format!("extends = \"{long}\""),
        format!("zone = \"{long}\""),
        format!("workflow.step = [{{ action = \"{long}\", gate = [\"{long}\"], when = \"{long}\" }}]"),
        format!("unit = [{{ code = \"a\", {long} = 1, parent = \"{long}\" }}]"),
        format!("reason = [{{ code = \"a\", valid_to = \"{long}\" }}]"),
        format!("numbering.pattern = \"{{{long}}}\""),
        format!("{long} {long}"),
    ];
    for text in texts {
        for finding in refused(&text, Format::Toml).findings {
            assert!(finding.to_string().len() < 600, "{} characters", finding.to_string().len());
        }
    }
}

#[test]
fn too_large_a_text_is_not_read() {
    let refused = refused(&" ".repeat(8_000_001), Format::Toml);
    assert_eq!(refused.findings[0].to_string(), "a rulebook has at most 8000000 bytes");
}

#[test]
fn deep_nesting_is_refused() {
    for format in [Format::Toml, Format::Json] {
        let deep = "[".repeat(100_000);
        let text = if format == Format::Toml { format!("a = {deep}") } else { deep };
        assert_eq!(refused(&text, format).findings[0].lint, Lint::NotADocument);
    }
}

/// A name or a text of the rulebook stands on every page: none may turn what follows it.
#[test]
fn a_text_that_turns_the_order_of_reading_is_named() {
    let text = "[[unit]]\ncode = \"works\"\nname = \"W\\u202Eskro\"\n[reason_text]\n\"a b\" = [\"\\u2066\"]";
    let told: Vec<_> = refused(text, Format::Toml).findings.iter().map(ToString::to_string).collect();
    for (path, number) in [("unit[0].name", "202E"), ("reason_text.\"a b\"[0]", "2066")] {
        let sentence =
            format!("{path}: contains a character that turns the order of what is read (U+{number})");
        assert!(told.contains(&sentence), "{told:#?}");
    }
    let joined = r#"{"unit": [{"code": "works", "name": "क्\u200dष"}]}"#;
    assert!(!refused(joined, Format::Json).findings.iter().any(|it| it.to_string().contains("U+")));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(Rulebook::from_toml(&format!("\u{feff}{BASE}")).is_ok());
}

#[test]
fn null_clears_an_inherited_value() {
    let inherited = read("extends = \"city-311\"", Format::Toml).expect("a preset");
    let unit = &inherited.unit[0];
    assert!(unit.head.is_some(), "or there is nothing to clear");
    let text = format!(r#"{{"extends": "city-311", "unit": [{{"code": "{}", "head": null}}]}}"#, unit.code);
    let document = read(&text, Format::Json).expect("well formed");
    assert_eq!(document.unit[0].head, None);
    assert_eq!(document.unit[0].name, unit.name);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No text makes the reader panic, and every refusal names an error.
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        for format in [Format::Toml, Format::Json] {
            if let Err(refused) = read(&text, format).and_then(Rulebook::new) {
                prop_assert!(refused.errors().next().is_some());
            }
        }
    }

    /// A real rulebook with bytes cut out, doubled or changed is read or refused.
    #[test]
    fn no_damaged_rulebook_panics(cuts in prop::collection::vec((0..BASE.len(), 0..40_usize, any::<u8>()), 1..6)) {
        let mut bytes = BASE.as_bytes().to_vec();
        for (at, length, byte) in cuts {
            let at = at % bytes.len().max(1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, (length % 3 == 0).then_some(byte));
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Err(refused) = read(&text, Format::Toml).and_then(Rulebook::new) {
            prop_assert!(refused.errors().all(|it: &Finding| !it.message.is_empty()));
            prop_assert!(refused.errors().next().is_some());
        }
    }
}
