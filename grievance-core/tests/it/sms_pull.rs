//! Inbound short messages: three languages, many keyboards, no panic.

use grievance_core::kernel::code::LanguageCode;
use grievance_core::sms::pull::{Keyword, NotAKeyword, Pull};
use proptest::prelude::*;

fn grv() -> Keyword {
    Keyword::new("GRV").expect("a keyword")
}

fn status(text: &str) -> Option<(String, String)> {
    match grv().read(text) {
        Pull::Status { number, language } => Some((number, language.as_str().to_owned())),
        _ => None,
    }
}

fn help(text: &str) -> Option<String> {
    match grv().read(text) {
        Pull::Help { language } => Some(language.as_str().to_owned()),
        _ => None,
    }
}

const NOISE: [&str; 8] = ["", " ", "\u{200b}", "\u{feff}", "\u{202e}", "\u{2066}", "\u{200d}", "\u{ad}"];

proptest! {
    /// Whatever is sent is answered, and a number is never anything but short printable ASCII.
    #[test]
    fn any_text_is_answered(text in any::<String>(), begin in prop::sample::select(vec!["", "GRV ", "GRV STATUS ", "grvস্থিতি "])) {
        let text = format!("{begin}{text}");
        if let Pull::Status { number, .. } = grv().read(&text) {
            prop_assert!((1..=64).contains(&number.len()));
            prop_assert!(number.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_lowercase()));
        }
    }

    /// Case, spaces and characters without a shape make no difference.
    #[test]
    fn noise_makes_no_difference(
        noise in prop::collection::vec(prop::sample::select(NOISE.to_vec()), 4),
        lower in any::<bool>(),
        serial in 0_u32..1_000_000,
    ) {
        let number = format!("WB/2026/{serial:06}");
        let plain = format!("GRV STATUS {number}");
        let plain = if lower { plain.to_lowercase() } else { plain };
        let mut words = plain.split(' ');
        let mut text = noise[0].to_owned();
        for gap in &noise[1..] {
            text.push_str(words.next().unwrap_or_default());
            text.push_str(gap);
            text.push(' ');
        }
        prop_assert_eq!(status(&text), Some((number, "en".to_owned())));
    }

    /// A number typed with another script's digits is the same number.
    #[test]
    fn digits_of_every_script_are_digits(number in "[0-9]{1,12}", zero in prop::sample::select(vec!['0', '০', '०', '０'])) {
        let typed: String =
            number.bytes().map(|b| char::from_u32(u32::from(zero) + u32::from(b - b'0')).unwrap()).collect();
        prop_assert_eq!(status(&format!("GRV STATUS {typed}")).map(|(number, _)| number), Some(number));
    }
}

#[test]
fn a_status_is_asked_for_in_three_languages() {
    for (text, language) in [
        ("GRV STATUS WB/2026/000123", "en"),
        ("grv track wb/2026/000123?", "en"),
        ("ＧＲＶ　ｓｔａｔｕｓ　ＷＢ／２０２６／０００１２３", "en"),
        ("GRV অবস্থা WB/২০২৬/০০০১২৩", "bn"),
        ("GRV স্থিতি WB/2026/000123।", "bn"),
        ("GRV स्थिति WB/२०२६/०००१२३", "hi"),
        ("GRV: स्टेटस # WB/2026/000123", "hi"),
        ("GRVSTATUS WB / 2026 / 000123", "en"),
        ("GRV-STATUS\r\nWB/2026/000123", "en"),
    ] {
        assert_eq!(status(text), Some(("WB/2026/000123".to_owned(), language.to_owned())), "{text}");
    }
}

#[test]
fn help_is_asked_for_in_three_languages() {
    for (text, language) in [
        ("GRV HELP", "en"),
        ("grv", "en"),
        (" grv  help me please", "en"),
        ("GRV সাহায্য", "bn"),
        // With the letter য় in one character and in two.
        ("GRV সহা\u{9df}তা", "bn"),
        ("GRV সহা\u{9af}\u{9bc}তা", "bn"),
        ("GRV सहायता", "hi"),
        ("GRV मदद!", "hi"),
    ] {
        assert_eq!(help(text).as_deref(), Some(language), "{text}");
    }
}

#[test]
fn anything_else_is_answered_with_help() {
    for (text, language) in [
        ("", None),
        ("\u{200b}\u{202e}", None),
        ("12345", None),
        ("STATUS WB/2026/000123", Some("en")),
        ("GRV STATUS", Some("en")),
        ("GRV STATUS please", Some("en")),
        ("GRV অবস্থা", Some("bn")),
        ("आप कैसे हैं", Some("hi")),
        ("আমার অভিযোগ", Some("bn")),
        ("GRV DELETE 5", Some("en")),
        ("GRV STATUS 5\u{1f600}", Some("en")),
    ] {
        let pull = grv().read(text);
        let Pull::NotUnderstood { language: found } = &pull else { panic!("{text}: {pull:?}") };
        assert_eq!(found.as_ref().map(LanguageCode::as_str), language, "{text}");
    }
    let long = format!("GRV STATUS {}", "9".repeat(65));
    assert!(matches!(grv().read(&long), Pull::NotUnderstood { .. }));
    assert!(status(&format!("GRV STATUS {}", "9".repeat(64))).is_some());
    let endless = "GRV ".repeat(1_000_000);
    assert!(matches!(grv().read(&endless), Pull::NotUnderstood { .. }));
}

#[test]
fn the_keyword_is_the_office_s() {
    let own = Keyword::new("অভিযোগ").expect("a keyword in Bengali");
    assert!(matches!(own.read("অভিযোগ STATUS 17"), Pull::Status { .. }));
    assert!(matches!(own.read("GRV STATUS 17"), Pull::NotUnderstood { .. }));
    for bad in ["", " ", "a b", "\u{200b}", "!!", "abcdefghijklmnopqrstu"] {
        assert_eq!(Keyword::new(bad), Err(NotAKeyword), "{bad:?}");
    }
    assert_eq!(Keyword::new("grv"), Ok(grv()));
}
