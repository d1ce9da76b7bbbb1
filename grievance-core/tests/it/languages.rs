//! A language is data: how it writes dates and digits, and what the linter says of one.

use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{Document, LanguageEntry};
use grievance_core::rulebook::finding::{Finding, Lint, Severity};
use grievance_core::rulebook::language::Writing;
use grievance_core::rulebook::lint::lint;
use proptest::prelude::*;

/// Nepali, wholly in the rulebook: the language, and a text in it.
pub(crate) const NEPALI: &str = r#"
extends = "city-311"
name = "Darjeeling"
zone = "Asia/Kolkata"

[[language]]
code = "ne"
name = "Nepali"
months = ["जनवरी", "फेब्रुअरी", "मार्च", "अप्रिल", "मे", "जुन", "जुलाई", "अगस्ट", "सेप्टेम्बर", "अक्टोबर", "नोभेम्बर", "डिसेम्बर"]
digits = "०१२३४५६७८९"
date = "{year} {month} {day}"

[[unit]]
code = "works"
names = { ne = "निर्माण शाखा" }

[[template]]
code = "soon"
channel = ["sms", "inbox"]
variable = [{ code = "office", holds = "unit", spans = 2 }, { code = "due", holds = "date" }, { code = "days", holds = "number" }]
body.en = '''
{ $office } 24x7: { $days ->
    [one] { $days } day
   *[other] { $days } days
} to { $due }.'''
body.ne = '''
{ $office } 24x7: { $due } सम्म { $days ->
    [one] { $days } दिन
   *[other] { $days } दिनहरू
}।'''

[[inform]]
code = "soon"
event = ["due_soon"]
audience = ["unit"]
template = "soon"
channel = ["sms"]
"#;

fn nepali() -> Document {
    Rulebook::from_toml(NEPALI).unwrap_or_else(|refused| panic!("{refused:?}")).document().clone()
}

/// What the linter says of the languages, after a change to Nepali.
fn after(change: impl FnOnce(&mut LanguageEntry)) -> Vec<Finding> {
    let mut document = nepali();
    let at = document.language.iter().position(|entry| entry.code == "ne").expect("it is there");
    change(&mut document.language[at]);
    let mut found = lint(&document);
    found.retain(|finding| finding.path.starts_with("language["));
    found
}

/// A date and a count of a language that the library knows nothing of are written as the rulebook
/// says; what stands in the text is not touched.
#[cfg(feature = "messages")]
#[test]
fn a_language_is_added_wholly_in_a_rulebook() {
    use grievance_core::message::{Render, Value};
    use grievance_core::vocabulary::MessageChannel;
    let rulebook = Rulebook::new(nepali()).unwrap();
    let render = Render::new(&rulebook);
    let written = |language: &str, days: u64| {
        let values = [
            ("office", Value::Unit("works".parse().unwrap())),
            ("due", Value::Date("2026-12-03".parse().unwrap())),
            ("days", Value::Number(days)),
        ];
        let language = language.parse().unwrap();
        render.render(&"soon".parse().unwrap(), &language, MessageChannel::Sms, &values).unwrap().text
    };
    assert_eq!(written("ne", 12), "निर्माण शाखा 24x7: २०२६ डिसेम्बर ३ सम्म १२ दिनहरू।");
    assert_eq!(written("ne", 1), "निर्माण शाखा 24x7: २०२६ डिसेम्बर ३ सम्म १ दिन।");
    assert!(written("en", 12).ends_with(" 24x7: 12 days to 3 December 2026."), "{}", written("en", 12));
}

/// A text that a person wrote with the signs that stand for digits while a text is made turns into
/// no digits.
#[cfg(feature = "messages")]
#[test]
fn a_persons_text_makes_no_digits() {
    use grievance_core::message::{Render, Value};
    use grievance_core::vocabulary::MessageChannel;
    let mut document = nepali();
    let text = document.template.iter_mut().find(|entry| entry.code == "soon").unwrap();
    text.channel = vec![MessageChannel::Inbox];
    let office = text.variable.iter_mut().find(|variable| variable.code == "office").unwrap();
    office.holds = grievance_core::vocabulary::VariableKind::Mark;
    office.code = "number".to_owned();
    for body in text.body.values_mut() {
        *body = body.replace("$office", "$number");
    }
    document.inform.retain(|rule| rule.template != "soon");
    let rulebook = Rulebook::new(document).unwrap();
    let values = [
        ("number", Value::Mark("A\u{100003}7".to_owned())),
        ("due", Value::Date("2026-12-03".parse().unwrap())),
        ("days", Value::Number(2)),
    ];
    let template = "soon".parse().unwrap();
    let sent =
        Render::new(&rulebook).render(&template, &"ne".parse().unwrap(), MessageChannel::Inbox, &values);
    assert!(sent.unwrap().text.starts_with("A7 24x7: २०२६"));
}

/// The three that come with the library need nothing, and may be written otherwise.
#[test]
fn the_shipped_languages_may_be_written_otherwise() {
    let day = "2026-11-05".parse().unwrap();
    let more = "extends = \"city-311\"\nname = \"X\"\nzone = \"Asia/Kolkata\"\nlanguage = [{ code = \"en\" }, \
                { code = \"hi\", digits = \"०१२३४५६७८९\" }, { code = \"bn-in\", name = \"Bengali\" }, { code = \"mr\", name = \"Marathi\" }]";
    let read = Rulebook::read(more, grievance_core::rulebook::read::Format::Toml).unwrap();
    let written = |code: &str| read.rulebook.writing(&code.parse().unwrap()).date(day);
    assert_eq!(written("en"), "5 November 2026");
    assert_eq!(written("hi"), "५ नवंबर २०२६");
    assert_eq!(written("bn-in"), "৫ নভেম্বর ২০২৬");
    assert_eq!(written("mr"), "2026-11-05");
    let told: Vec<_> = read.findings.iter().filter(|it| it.path.starts_with("language[")).collect();
    let [unknown] = told[..] else { panic!("{told:?}") };
    assert_eq!(
        (unknown.severity, unknown.lint, unknown.path.as_str()),
        (Severity::Warning, Lint::Missing, "language[3].months")
    );
}

/// A language says all of what it says, or is refused with its place.
#[test]
fn an_incomplete_language_is_refused_with_its_place() {
    use Severity::{Error, Warning};
    assert_eq!(after(|_| {}), []);
    let only = |found: Vec<Finding>, severity: Severity, path: &str| {
        let [one] = &found[..] else { panic!("{path}: {found:?}") };
        assert_eq!((one.severity, one.path.as_str()), (severity, path), "{one}");
    };
    only(after(|it| it.months.clear()), Warning, "language[1].months");
    only(after(|it| it.months.truncate(11)), Error, "language[1].months");
    only(after(|it| it.months[8] = " ".to_owned()), Error, "language[1].months[8]");
    only(after(|it| it.months[0] = "x".repeat(41)), Error, "language[1].months[0]");
    for digits in ["०१२३४५६७८", "००२३४५६७८९", "०१२३ ५६७८९", "०१२३४५६७८९०"]
    {
        only(after(|it| it.digits = digits.to_owned()), Error, "language[1].digits");
    }
    for date in [
        "{day} {month}",
        "{day} {month} {year} {day}",
        "{day}-{month}-{year} {week}",
        "{day}\n{month}\n{year}",
    ] {
        only(after(|it| it.date = date.to_owned()), Error, "language[1].date");
    }
}

/// A rulebook that says nothing of how a language writes keeps its version.
#[test]
fn what_is_not_said_is_not_stored() {
    let document = Rulebook::from_toml("extends = \"west-bengal\"").unwrap();
    let stored = document.to_stored();
    for field in ["\"months\"", "\"digits\":\"", "\"date\":\"{"] {
        assert!(!stored.contains(field), "{field}");
    }
}

proptest! {
    /// Whatever ten digits a language has, each digit of a date is one of them, and none of Europe's.
    #[test]
    fn a_date_has_the_languages_own_digits(days in 0_i64..200_000, nought in 0x0660_u32..0x3000) {
        let Some(nought) = char::from_u32(nought) else { return Ok(()) };
        let digits: String = (0..10).filter_map(|n| char::from_u32(u32::from(nought) + n)).collect();
        let sound = digits.chars().count() == 10 && !digits.contains(char::is_whitespace);
        prop_assume!(sound && !digits.contains(char::is_control));
        let mut document = nepali();
        let at = document.language.iter().position(|entry| entry.code == "ne").unwrap();
        document.language[at].digits.clone_from(&digits);
        let rulebook = Rulebook::new(document).unwrap();
        let day = chrono::DateTime::from_timestamp(days * 86_400, 0).unwrap().date_naive();
        let written = rulebook.writing(&"ne".parse().unwrap()).date(day);
        prop_assert!(!written.contains(|c: char| c.is_ascii_digit()), "{written}");
        let european = Writing::shipped("en").digits(&written);
        prop_assert_eq!(european, written);
    }
}
