//! Messages in words: the values that a text takes, and what becomes of hostile ones.

use chrono::NaiveDate;
use grievance_core::kernel::code::{LanguageCode, TemplateCode};
use grievance_core::message::{Registered, Render, RenderError, Rendered, Value};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::presets::PRESETS;
use grievance_core::sms::Encoding;
use grievance_core::vocabulary::{ErrorCode, MessageChannel, VariableKind};
use proptest::prelude::*;

fn book(lines: &str) -> Rulebook {
    Rulebook::from_toml(&format!("extends = \"west-bengal\"\n{lines}")).expect("sound")
}

fn write_with(
    render: &Render,
    template: &str,
    language: &str,
    channel: MessageChannel,
    values: &[(&str, Value)],
) -> Result<Rendered, RenderError> {
    let (template, language) = (TemplateCode::new(template).unwrap(), LanguageCode::new(language).unwrap());
    render.render(&template, &language, channel, values)
}

fn sms(template: &str, language: &str, values: &[(&str, Value)]) -> Result<Rendered, RenderError> {
    write_with(&Render::new(&book("")), template, language, MessageChannel::Sms, values)
}

fn date(text: &str) -> Value {
    Value::Date(text.parse::<NaiveDate>().unwrap())
}

fn number() -> (&'static str, Value) {
    ("number", Value::Mark("CMO/2026/0000123/X".to_owned()))
}

fn receipt() -> (&'static str, Value) {
    ("receipt", Value::Mark("YR7B-CC8T-WXD8-20K1".to_owned()))
}

fn text_of(rendered: Result<Rendered, RenderError>) -> String {
    rendered.expect("it can be written").text
}

/// The reason of an extension goes by SMS, whole where the carrier's variables take it and else cut
/// after a word; by e-mail it is whole, and any other value that is too long is still an error.
#[test]
fn the_reason_of_an_extension_is_told_by_sms() {
    let reason =
        |text: &str| [number(), ("due", date("2026-04-20")), ("because", Value::Text(text.to_owned()))];
    assert_eq!(
        text_of(sms("extended", "en", &reason("The roller is late."))),
        "Your grievance CMO/2026/0000123/X takes longer: the new date is 20 April 2026. \
         The reason: The roller is late. (in full: portal or helpdesk)"
    );
    let long = "The roller is late. ".repeat(40);
    let cut = sms("extended", "en", &reason(&long)).expect("it can be written");
    // 177 characters and the dots: the ninth sentence ends at 179.
    let said = "The roller is late. ".repeat(8) + "The roller is...";
    assert!(cut.text.contains(&format!("The reason: {said} (in full")), "{}", cut.text);
    assert_eq!(cut.preview.encoding, Encoding::Gsm7, "the dots cost no part");
    for language in ["bn", "hi"] {
        let bengali = sms("extended", language, &reason(&"রোলার আসতে দেরি হচ্ছে। ".repeat(20)));
        let bengali = bengali.expect("it can be written");
        assert!(bengali.text.contains("... (") && bengali.preview.fits(), "{}", bengali.text);
    }
    let one = sms("extended", "en", &reason(&"x".repeat(500))).expect("one word is cut where it must");
    assert!(one.text.contains(&format!("{}...", "x".repeat(177))) && !one.text.contains(&"x".repeat(178)));
    let mail = write_with(&Render::new(&book("")), "extended", "en", MessageChannel::Email, &reason(&long));
    assert!(text_of(mail).contains(long.trim_end()));
    let office = sms("disposed", "en", &[number(), ("reason", Value::Text(long))]);
    assert!(office.is_err(), "nothing else is cut");
}

#[test]
fn a_registration_is_acknowledged_in_three_languages() {
    let values = [number(), ("due", date("2026-12-03")), receipt()];
    assert_eq!(
        text_of(sms("registered", "en", &values)),
        "Your grievance is registered under the number CMO/2026/0000123/X. You will have an answer by 3 December 2026. \
         Receipt YR7B-CC8T-WXD8-20K1"
    );
    let bengali = sms("registered", "bn", &values).unwrap();
    assert!(bengali.text.contains("CMO/2026/0000123/X") && bengali.text.contains("৩ ডিসেম্বর ২০২৬"));
    assert_eq!((bengali.preview.encoding, bengali.language.as_str()), (Encoding::Ucs2, "bn"));
    assert!(text_of(sms("registered", "hi", &values)).contains("3 दिसंबर 2026"));
}

/// The receipt costs nobody a part: with a number of 19 characters and the longest date, the
/// English acknowledgement has one, the Bengali and Hindi ones two, as they had without it.
#[test]
fn a_receipt_costs_no_part() {
    let number = ("number", Value::Mark("WB-GOV/2026/1234567".to_owned()));
    for (language, parts) in [("en", 1), ("bn", 2), ("hi", 2)] {
        for month in 1..=12 {
            let due = ("due", date(&format!("2026-{month:02}-28")));
            let sent = sms("registered", language, &[number.clone(), due, receipt()]).unwrap();
            assert_eq!(sent.preview.parts.len(), parts, "{}", sent.text);
        }
        let undated = sms("registered_undated", language, &[number.clone(), receipt()]).unwrap();
        assert_eq!(undated.preview.parts.len(), parts, "{}", undated.text);
    }
}

#[test]
fn plural_rules_are_those_of_the_language() {
    let otp = |language: &str, minutes| {
        text_of(sms(
            "otp",
            language,
            &[("code", Value::Mark("012345".into())), ("minutes", Value::Number(minutes))],
        ))
    };
    assert!(otp("en", 1).contains("good for 1 minute."));
    assert!(otp("en", 5).contains("good for 5 minutes."));
    assert!(otp("en", 0).contains("good for 0 minutes."));
    assert!(otp("bn", 5).contains("৫ মিনিট") && otp("bn", 5).contains("012345"));
    assert!(otp("hi", 5).contains("5 मिनट"));
    let days = |language: &str, days| {
        let values = [number(), ("due", date("2026-12-03")), ("days", Value::Number(days))];
        text_of(sms("due_soon", language, &values))
    };
    assert!(days("en", 0).ends_with("today."));
    assert!(days("en", 1).ends_with("1 day is left."));
    assert!(days("en", 2).ends_with("2 days are left."));
    assert!(days("bn", 0).contains("আজই") && days("bn", 12).contains("১২ দিন"));
}

/// In Hindi and Bengali, none is counted as one is; in English as many are.
#[test]
fn one_and_none_differ_between_languages() {
    let lines = "[[template]]\ncode = \"count\"\nchannel = [\"inbox\"]\nvariable = [{ code = \"n\", holds = \"number\" }]\n[template.body]\n\
        en = \"{ $n ->\\n [one] one\\n *[other] many\\n}\"\nbn = \"{ $n ->\\n [one] one\\n *[other] many\\n}\"\nhi = \"{ $n ->\\n [one] one\\n *[other] many\\n}\"";
    let render = Render::new(&book(lines));
    let form = |language: &str, n| {
        text_of(write_with(&render, "count", language, MessageChannel::Inbox, &[("n", Value::Number(n))]))
    };
    let forms = |language: &str| [0, 1, 2, 11].map(|n| form(language, n));
    assert_eq!(forms("en"), ["many", "one", "many", "many"]);
    assert_eq!(forms("bn"), ["one", "one", "many", "many"]);
    assert_eq!(forms("hi"), ["one", "one", "many", "many"]);
}

#[test]
fn officer_and_citizen_read_different_texts() {
    let values = [number(), ("reason", Value::Reason("not_eligible".parse().unwrap()))];
    let citizen = text_of(sms("disposed", "en", &values));
    let render = Render::new(&book(""));
    let officer = text_of(write_with(&render, "disposed_officer", "en", MessageChannel::Inbox, &values));
    assert!(citizen.contains("Under the rules of the scheme it cannot be given in your case."));
    assert!(officer.contains("Not eligible under the rules of the scheme"));
    assert!(text_of(sms("disposed", "bn", &values)).contains("প্রকল্পের নিয়ম অনুযায়ী আপনার ক্ষেত্রে"));
}

#[test]
fn offices_are_named_in_the_recipients_language() {
    let values = [number(), ("office", Value::Unit("alipurduar".parse().unwrap()))];
    assert!(text_of(sms("forwarded", "en", &values)).ends_with("District Magistrate, Alipurduar."));
    assert!(text_of(sms("forwarded", "bn", &values)).contains("জেলাশাসক, আলিপুরদুয়ার"));
    let unknown = [number(), ("office", Value::Unit("nowhere".parse().unwrap()))];
    let refused = sms("forwarded", "en", &unknown).unwrap_err();
    assert_eq!(refused, RenderError::UnknownCode { variable: "office".into() });
    assert_eq!(refused.code(), ErrorCode::UnknownCode);
}

/// Every office and reason of every preset can be written by SMS, in every language.
#[test]
fn every_name_of_every_preset_fits() {
    for (name, text) in PRESETS {
        let rulebook = Rulebook::from_toml(text).expect("sound");
        let render = Render::new(&rulebook);
        for language in ["en", "bn", "hi"] {
            for unit in &rulebook.document().unit {
                let values = [number(), ("office", Value::Unit(unit.code.parse().unwrap()))];
                let done = write_with(&render, "forwarded", language, MessageChannel::Sms, &values);
                assert!(done.is_ok(), "{name} {language} {}: {done:?}", unit.code);
            }
            for reason in &rulebook.document().reason {
                let values = [number(), ("reason", Value::Reason(reason.code.parse().unwrap()))];
                let done = write_with(&render, "disposed", language, MessageChannel::Sms, &values);
                assert!(
                    done.is_ok_and(|done| done.preview.parts.len() <= 6),
                    "{name} {language} {}",
                    reason.code
                );
            }
        }
    }
}

/// Every text of the presets is written by every channel it is made for, and no message is left
/// with a hole.
#[test]
fn every_text_is_written_in_every_language() {
    let rulebook = book("");
    let render = Render::new(&rulebook);
    for (code, entry) in rulebook.messages().templates() {
        let values: Vec<(&str, Value)> = entry
            .variable
            .iter()
            .map(|variable| {
                let value = match variable.holds {
                    VariableKind::Text => Value::Text("what was written".into()),
                    VariableKind::Number => Value::Number(3),
                    VariableKind::Date => date("2026-12-03"),
                    VariableKind::Mark => Value::Mark("CMO/2026/0000123/X".into()),
                    VariableKind::Unit => Value::Unit("cmo-cell".parse().unwrap()),
                    VariableKind::Reason | VariableKind::OfficerReason => {
                        Value::Reason("sub_judice".parse().unwrap())
                    }
                };
                (variable.code.as_str(), value)
            })
            .collect();
        for language in rulebook.languages() {
            for channel in &entry.channel {
                let done = render.render(code, language, *channel, &values).expect("it can be written");
                assert_eq!(&done.language, language);
                let hole = |c: char| matches!(c, '{' | '}' | '$' | '\u{2068}' | '\u{2069}' | '\n');
                assert!(!done.text.contains(hole), "{code} {language}: {}", done.text);
            }
        }
    }
}

#[test]
fn languages_fall_back_to_the_default_and_no_further() {
    let values = [number()];
    assert_eq!(sms("reopened", "ta", &values).unwrap().language.as_str(), "en");
    let lines = "template = [{ code = \"reopened\", body = { en = \"Open: { $number }\" } }]";
    let render = Render::new(&book(lines));
    let open = write_with(&render, "reopened", "en", MessageChannel::Sms, &values).unwrap();
    assert_eq!(open.text, "Open: CMO/2026/0000123/X");
    let refused = sms("nothing", "en", &values).unwrap_err();
    assert_eq!(refused, RenderError::UnknownTemplate { template: "nothing".parse().unwrap() });
}

#[test]
fn values_must_be_those_of_the_template() {
    let due = || ("due", date("2026-12-03"));
    let refused = |values: &[(&str, Value)]| sms("registered", "en", values).unwrap_err();
    assert_eq!(refused(&[number(), receipt()]), RenderError::Missing { variable: "due".into() });
    let extra = ("name", Value::Text("Mina".into()));
    assert_eq!(refused(&[number(), due(), receipt(), extra]), RenderError::Extra { known: 3 });
    let wrong = RenderError::WrongKind { variable: "due".into(), kind: VariableKind::Date };
    assert_eq!(refused(&[number(), ("due", Value::Text("tomorrow".into())), receipt()]), wrong);
    let channel = sms("disposed_officer", "en", &[]).unwrap_err();
    assert!(matches!(channel, RenderError::WrongChannel { channel: MessageChannel::Sms, .. }));
    assert_eq!(channel.code(), ErrorCode::MessageInvalid);
}

#[test]
fn a_value_beyond_the_carriers_limit_is_refused_here() {
    let mark = |length: usize| [("number", Value::Mark("9".repeat(length)))];
    assert!(sms("reopened", "en", &mark(30)).is_ok());
    let refused = sms("reopened", "en", &mark(31)).unwrap_err();
    assert_eq!(refused, RenderError::TooLong { variable: "number".into(), found: 31, limit: 30 });
    assert_eq!(refused.code(), ErrorCode::TooLong);
    // The limit is the carrier's, 30 or 40, and is counted in characters, not bytes.
    let forty = Render::new(&book("messages.variable_limit = 40"));
    let write = |values: &[(&str, Value)]| write_with(&forty, "reopened", "en", MessageChannel::Sms, values);
    assert!(write(&mark(40)).is_ok() && write(&mark(41)).is_err());
    assert!(write(&[("number", Value::Mark("ক".repeat(40)))]).is_ok());
    // By other channels it does not hold.
    let inbox = |values: &[(&str, Value)]| {
        write_with(&forty, "reopened", "en", MessageChannel::Inbox, values).map(|done| done.text.len())
    };
    assert!(inbox(&mark(20_000)).is_ok());
    let endless = inbox(&mark(1_000_000)).unwrap_err();
    assert_eq!(endless, RenderError::TooLong { variable: "number".into(), found: 1_000_000, limit: 20_000 });
    let days = |days| [number(), ("due", date("2026-12-03")), ("days", Value::Number(days))];
    assert!(sms("due_soon", "en", &days(1 << 53)).is_ok());
    assert!(matches!(sms("due_soon", "en", &days(u64::MAX)), Err(RenderError::TooLong { .. })));
}

#[test]
fn hostile_values_change_nothing_around_them() {
    let write = |text: &str| {
        let values = [number(), ("question", Value::Text(text.to_owned()))];
        let render = Render::new(&book(""));
        text_of(write_with(&render, "information_sought_full", "en", MessageChannel::Inbox, &values))
    };
    let begin = "The office needs something from you for your grievance CMO/2026/0000123/X: ";
    for (hostile, plain) in [
        ("a\r\nb\0c\u{7}d", "a  b c d"),
        ("\u{202e}evil\u{202c}\u{2066}x\u{2069}", "evilx"),
        ("{ $number } { -term } { \"x\" }", "{ $number } { -term } { \"x\" }"),
        ("\u{2028}m = hijacked", " m = hijacked"),
        ("ক্\u{200d}ষ", "ক্\u{200d}ষ"),
        ("\u{e0041}tag\u{feff}", "tag"),
    ] {
        assert_eq!(write(hostile), format!("{begin}{plain}"));
    }
}

#[test]
fn a_registered_text_says_under_what() {
    let lines = "messages = { header = \"WBGRVC\", entity = \"1101\" }\n\
                 template = [{ code = \"reopened\", registered = { en = { id = \"1107\" }, bn = { id = \"1108\", header = \"WBOTHR\" } } }]";
    let render = Render::new(&book(lines));
    let registered = |language| {
        write_with(&render, "reopened", language, MessageChannel::Sms, &[number()]).unwrap().registered
    };
    let under = |id: &str, header: &str| {
        Some(Registered { id: id.into(), header: header.into(), entity: "1101".into() })
    };
    assert_eq!(registered("en"), under("1107", "WBGRVC"));
    assert_eq!(registered("bn"), under("1108", "WBOTHR"));
    assert_eq!(registered("hi"), None);
}

#[test]
fn what_is_printed_shows_no_words() {
    let values = [("code", Value::Mark("482913".into())), ("minutes", Value::Number(5))];
    let done = sms("otp", "en", &values).unwrap();
    assert!(done.text.contains("482913"));
    assert!(!format!("{done:?} {values:?}").contains("482913"));
}

proptest! {
    /// Whatever a person wrote is either refused with a reason or stands in the text, and the
    /// parts of the preview are the text.
    #[test]
    fn any_value_is_answered(text in any::<String>(), language in prop::sample::select(vec!["en", "bn", "hi", "xx"])) {
        static RENDER: std::sync::OnceLock<Render> = std::sync::OnceLock::new();
        let render = RENDER.get_or_init(|| Render::new(&book("")));
        let values = [number(), ("reply", Value::Text(text))];
        let done = write_with(render, "interim_reply_full", language, MessageChannel::Email, &values);
        let done = done.expect("a short text can be written");
        let turned = done.text.contains(['\n', '\r', '\u{202e}', '\u{2066}', '\u{2068}']);
        prop_assert!(!turned);
        prop_assert_eq!(done.preview.texts(&done.text).collect::<String>(), done.text.clone());
    }
}
