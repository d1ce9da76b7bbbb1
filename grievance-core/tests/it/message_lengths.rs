//! What the linter says of values that are longer than a carrier takes.

use grievance_core::kernel::text::Digest;
use grievance_core::proof::receipt::ReceiptCode;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::blank::RECEIPT_CHARS;
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::finding::{Finding, Lint, Severity};
use grievance_core::rulebook::lint::lint;

fn town() -> Document {
    let text = "extends = \"city-311\"\nname = \"Town\"\nzone = \"Asia/Kolkata\"";
    Rulebook::from_toml(text).unwrap().document().clone()
}

/// The templates' variables of which the linter says that their values do not fit, and how far they
/// would have to go.
fn too_long(document: &Document) -> Vec<(String, String)> {
    let name = |finding: &Finding| {
        let inner = finding.path.strip_prefix("template[")?.strip_suffix("].spans")?;
        let (template, variable) = inner.split_once("].variable[")?;
        let entry = &document.template[template.parse::<usize>().ok()?];
        let variable = &entry.variable[variable.parse::<usize>().ok()?];
        Some((format!("{}.{}", entry.code, variable.code), finding.hint.clone().unwrap_or_default()))
    };
    let found = lint(document).into_iter();
    let found = found.filter(|it| it.severity == Severity::Warning && it.lint == Lint::Template);
    found.filter_map(|finding| name(&finding)).collect()
}

/// The shipped texts hold what they are filled with.
#[test]
fn the_presets_have_room_for_what_comes() {
    assert_eq!(too_long(&town()), []);
}

/// A registration number whose pattern makes it longer than a variable is told of at every text by
/// SMS, before the first message is parked.
#[test]
fn a_number_longer_than_a_variable_is_a_warning() {
    let mut document = town();
    document.numbering.pattern = "GRIEVANCE-REDRESSAL/{prefix}/{year}/{serial:7}".to_owned();
    document.numbering.prefix = "TOWN".to_owned();
    let found = too_long(&document);
    let sms = document.template.iter().filter(|it| {
        it.channel.contains(&grievance_core::vocabulary::MessageChannel::Sms)
            && it.variable.iter().any(|variable| variable.code == "number")
    });
    let mut expected: Vec<_> = sms.map(|it| format!("{}.number", it.code)).collect();
    assert!(expected.len() > 5, "{expected:?}");
    let mut told: Vec<_> = found.iter().map(|(name, _)| name.clone()).collect();
    expected.sort();
    told.sort();
    assert_eq!(told, expected);
    assert!(found.iter().all(|(_, hint)| hint == "let it span 2 variables"), "{found:?}");
    for template in &mut document.template {
        template.variable.iter_mut().filter(|it| it.code == "number").for_each(|it| it.spans = 2);
    }
    assert_eq!(too_long(&document), []);
}

/// So is each other mark, and a date in the longest of the rulebook's months: with room for one
/// character fewer than it has.
#[test]
fn every_mark_and_every_date_is_measured() {
    let mut document = town();
    document.messages.keyword = "GRIEVANCES".to_owned();
    document.otp.digits = 8;
    for (limit, name, fits) in [
        (18, "registered.receipt", false),
        (19, "registered.receipt", true),
        (7, "otp.code", false),
        (8, "otp.code", true),
        (9, "pull_help.keyword", false),
        (10, "pull_help.keyword", true),
        // "awaiting_complainant".
        (19, "pull_status.phase", false),
        (20, "pull_status.phase", true),
        // "28 September 2026".
        (16, "pull_status.due", false),
        (17, "pull_status.due", true),
    ] {
        document.messages.variable_limit = limit;
        let found = too_long(&document);
        assert_eq!(found.iter().any(|(told, _)| told == name), !fits, "{limit} {name}: {found:?}");
    }
}

/// A receipt has as many characters as the linter thinks.
#[test]
fn a_receipt_is_as_long_as_the_table_says() {
    for n in 0..100_u8 {
        assert_eq!(ReceiptCode::of(Digest::of(&[&[n]])).as_str().chars().count(), RECEIPT_CHARS);
    }
}
