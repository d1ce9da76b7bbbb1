//! Texts of messages and the rules that send them, as data: what is refused at load, and where.

use chrono::{DateTime, Utc};
use grievance_core::kernel::code::LanguageCode;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::finding::{Finding, Lint, Severity};
use grievance_core::rulebook::message::Trigger;
use grievance_core::rulebook::presets::PRESETS;
use grievance_core::rulebook::read::Format;
use grievance_core::vocabulary::{Audience, EventKind, MessageChannel, Occasion, TellWhen};
use proptest::prelude::*;

const HEAD: &str = "extends = \"west-bengal\"\nname = \"A town\"\n";

fn findings(lines: &str) -> Vec<Finding> {
    match Rulebook::read(&format!("{HEAD}{lines}"), Format::Toml) {
        Ok(read) => read.findings,
        Err(refused) => refused.findings,
    }
}

/// The one finding, as severity, lint and path.
fn only(lines: &str) -> (Severity, Lint, String) {
    let found = findings(lines);
    assert_eq!(found.len(), 1, "{lines}: {found:#?}");
    (found[0].severity, found[0].lint, found[0].path.clone())
}

fn place(list: &str, code: &str) -> usize {
    let rulebook = Rulebook::from_toml(HEAD).expect("sound");
    let document = rulebook.document();
    let at = match list {
        "template" => document.template.iter().position(|entry| entry.code == code),
        _ => document.inform.iter().position(|entry| entry.code == code),
    };
    at.expect("it is there")
}

#[test]
fn every_preset_tells_in_each_of_its_languages() {
    for (name, text) in PRESETS {
        let rulebook = Rulebook::from_toml(text).expect("sound");
        assert!(rulebook.messages().templates().count() >= 20, "{name}");
        for (code, template) in rulebook.messages().templates() {
            for language in ["en", "bn", "hi"] {
                assert!(template.body.contains_key(language), "{name}: {code} in {language}");
            }
        }
        let lodged = rulebook.messages().rules(Trigger::Event(EventKind::Lodged));
        assert_eq!(lodged[0].template.as_str(), "registered", "{name}");
        assert_eq!(lodged[0].when, TellWhen::AtOnce);
        assert_eq!(lodged[0].channels[0], MessageChannel::Sms);
    }
}

/// "SMS to the petitioner at every step."
#[test]
fn west_bengal_tells_the_complainant_at_every_step() {
    let rulebook = Rulebook::from_toml(HEAD).expect("sound");
    let events = [
        EventKind::Lodged,
        EventKind::Assigned,
        EventKind::Forwarded,
        EventKind::Transferred,
        EventKind::InformationSought,
        EventKind::InterimReplied,
        EventKind::ActionReported,
        EventKind::Disposed,
        EventKind::Reopened,
        EventKind::Appealed,
        EventKind::AppealDecided,
        EventKind::Extended,
        EventKind::Declined,
        EventKind::Withdrawn,
    ];
    let occasion = rulebook.messages().rules(Trigger::Occasion(Occasion::FeedbackCall));
    let rules = events.map(|event| rulebook.messages().rules(Trigger::Event(event)));
    for rules in rules.into_iter().chain([occasion]) {
        let told = rules.iter().any(|rule| {
            rule.audience.contains(&Audience::Complainant) && rule.channels[0] == MessageChannel::Sms
        });
        assert!(told, "{rules:?}");
    }
    // Officers read the officer's text of a reason, in office hours.
    let disposed = rulebook.messages().rules(Trigger::Event(EventKind::Disposed));
    assert!(disposed.iter().any(|rule| {
        rule.template == "disposed_officer"
            && rule.when == TellWhen::WorkingHours
            && rule.audience == [Audience::HeadOfUnit]
    }));
}

#[test]
fn a_rulebook_changes_one_text_and_drops_one_notice() {
    let lines = "template = [{ code = \"reopened\", body = { en = \"Open again: { $number }\" } }]\n\
                 inform = [{ code = \"forwarded\", remove = true }]";
    let rulebook = Rulebook::from_toml(&format!("{HEAD}{lines}")).expect("sound");
    let reopened = rulebook.messages().template(&"reopened".parse().unwrap()).expect("it is there");
    assert_eq!(reopened.body["en"], "Open again: { $number }");
    assert!(reopened.body["bn"].contains("{ $number }"), "the other languages stay");
    let rules = rulebook.messages().rules(Trigger::Event(EventKind::Forwarded));
    assert!(rules.iter().all(|rule| rule.code != "forwarded") && !rules.is_empty());
}

#[test]
fn what_a_rule_names_must_be_there() {
    let at = place("inform", "reopened");
    let rule = |field: &str| format!("inform = [{{ code = \"reopened\", {field} }}]");
    let error = |lint, field: &str| (Severity::Error, lint, format!("inform[{at}].{field}"));
    assert_eq!(only(&rule("template = \"reopend\"")), error(Lint::Undefined, "template"));
    assert_eq!(only(&rule("otherwise = \"x\"")), error(Lint::Undefined, "otherwise"));
    assert_eq!(only(&rule("event = [\"lodgd\"]")), error(Lint::Undefined, "event[0]"));
    assert_eq!(only(&rule("event = []")), error(Lint::Missing, "event"));
    assert_eq!(only(&rule("audience = []")), error(Lint::Missing, "audience"));
    assert_eq!(only(&rule("channel = []")), error(Lint::Missing, "channel"));
    assert_eq!(
        only(&rule("template = \"feedback_call\", channel = [\"letter\"]")),
        error(Lint::Template, "channel")
    );
    assert_eq!(only(&rule("audience = [\"everybody\"]")).1, Lint::Malformed);
    assert_eq!(only(&rule("when = \"later\"")).1, Lint::Malformed);
    let hint = findings(&rule("event = [\"lodgd\"]"))[0].hint.clone();
    assert_eq!(hint.as_deref(), Some("did you mean \"lodged\"?"));
}

#[test]
fn the_officers_text_of_a_reason_is_not_for_the_public() {
    let at = place("inform", "disposed_officer");
    let lines = "inform = [{ code = \"disposed_officer\", audience = [\"complainant\"] }]";
    assert_eq!(only(lines), (Severity::Error, Lint::Template, format!("inform[{at}].template")));
}

#[test]
fn languages_and_limits_are_checked() {
    let at = place("template", "reopened");
    let template = |field: &str| format!("template = [{{ code = \"reopened\", {field} }}]");
    let error = |lint, field: &str| (Severity::Error, lint, format!("template[{at}].{field}"));
    assert_eq!(only(&template("body.bm = \"x { $number }\"")), error(Lint::Undefined, "body.bm"));
    assert_eq!(only(&template("body.en = \" \"")).1, Lint::Template);
    let nowhere = findings(&template("channel = []"));
    assert!(
        nowhere.iter().any(|it| (it.lint, &*it.path) == (Lint::Missing, &*format!("template[{at}].channel")))
    );
    assert_eq!(only(&template("registered.ta.id = \"1\"")).1, Lint::Undefined);
    assert_eq!(only(&template("registered.en.id = \"\"")), error(Lint::Template, "registered.en"));
    assert_eq!(only(&template("variable = [{ code = \"number\", spans = 0 }]")).1, Lint::OutOfRange);
    assert_eq!(
        only(&format!("template = [{{ code = \"reopened\", body.en = '''{}''' }}]", "x ".repeat(8_000))).1,
        Lint::Template
    );
    // A text that the default language lacks; one that another lacks.
    let own =
        |body: &str| format!("template = [{{ code = \"own\", channel = [\"inbox\"], body = {{ {body} }} }}]");
    assert_eq!(only(&own("bn = \"ক\", hi = \"क\"")).0, Severity::Error);
    assert_eq!(only(&own("en = \"a\", hi = \"क\"")).0, Severity::Warning);
    // Every office's name and every reason's text must fit an SMS.
    let office = place("template", "forwarded");
    let tight = "template = [{ code = \"forwarded\", variable = [{ code = \"office\", spans = 1 }] }]";
    let wanted = (Severity::Warning, Lint::Template, format!("template[{office}].variable[1].spans"));
    assert_eq!(only(tight), wanted);
    assert!(findings(tight)[0].hint.is_some());
}

#[test]
fn the_settings_are_checked() {
    for (line, lint) in [
        ("messages.keyword = \"two words\"", Lint::Malformed),
        ("messages.variable_limit = 0", Lint::OutOfRange),
        ("messages.safe_from = \"25:00\"", Lint::Malformed),
        ("messages.safe_until = \"24:01\"", Lint::Malformed),
        ("messages.safe_until = \"8:00\"", Lint::Malformed),
        ("messages.safe_until = \"08:00\"", Lint::OutOfRange),
        ("messages.unknown = 1", Lint::Malformed),
    ] {
        let found = findings(line);
        assert!(found.iter().any(|finding| finding.lint == lint && finding.is_error()), "{line}: {found:?}");
        assert!(found.iter().all(|finding| finding.path.starts_with("messages")), "{line}: {found:?}");
    }
}

#[cfg(feature = "messages")]
#[test]
fn texts_are_read_at_load() {
    let at = place("template", "reopened");
    let english = |body: &str| format!("[[template]]\ncode = \"reopened\"\nbody.en = '''\n{body}'''");
    let error = |lint| (Severity::Error, lint, format!("template[{at}].body.en"));
    assert_eq!(only(&english("{ $nummer } {$number}")), error(Lint::Undefined));
    let bad = [
        "{ $number",
        "{ $number -> }",
        "{ $number }\n.attribute = x",
        "{ $number } { other }",
        "{ $number } { -term }",
        "{ NUMBER($number) }",
        "{ $number ->\n [one] a\n}",
        "}",
        "{",
        "{ $number } { \"\\u{0}\" } {",
    ];
    for body in bad {
        assert_eq!(only(&english(body)), error(Lint::Template), "{body}");
    }
    let deep = format!("{}$number{}", "{ ".repeat(100_000 / 32), " }".repeat(100_000 / 32));
    assert_eq!(only(&english(&deep)).0, Severity::Error);
    // Nothing begins another message, whatever stands at the beginning of a line.
    assert_eq!(findings(&english("{ $number }\nm = hijacked\nother = x\n# no comment")), []);
    // A variable that stands nowhere is probably a slip.
    let extra = "template = [{ code = \"reopened\", variable = [{ code = \"office\", holds = \"unit\", spans = 9 }] }]";
    assert_eq!(only(extra), (Severity::Warning, Lint::Template, format!("template[{at}].variable[1]")));
}

/// The errors about variables, with path and hint.
fn refused(lines: &str) -> Vec<(Lint, String, Option<String>)> {
    let errors = findings(lines).into_iter().filter(Finding::is_error);
    errors.map(|it| (it.lint, it.path, it.hint)).collect()
}

/// A text of one's own with one variable, told to the complainant.
fn own(code: &str, holds: &str, more: &str) -> String {
    format!(
        "template = [{{ code = \"own\", channel = [\"inbox\"], variable = [{{ code = \"{code}\", holds = \"{holds}\" }}], \
         body.en = \"{{ ${code} }}\" }}]\n\
         inform = [{{ code = \"own\", audience = [\"complainant\"], template = \"own\", channel = [\"inbox\"], {more} }}]"
    )
}

/// A variable that the event cannot fill would leave the notice unmade, and one that holds
/// something else would have it parked: both are refused at load, with what was probably meant.
#[test]
fn a_variable_is_one_that_the_event_fills() {
    let path = |rest: &str| {
        let rulebook =
            Rulebook::from_toml(&format!("{HEAD}{}", own("number", "mark", "event = [\"extended\"]")));
        let rulebook = rulebook.expect("a sound one");
        let n = rulebook.document().template.iter().position(|template| template.code == "own");
        format!("template[{}].{rest}", n.expect("it is there"))
    };
    let code = path("variable[0].code");
    let said = refused(&own("becuase", "text", "event = [\"extended\"]"));
    let hint = Some("did you mean \"because\"?".to_owned());
    assert_eq!(said, [(Lint::Undefined, code.clone(), hint)]);
    let said = refused(&own("question", "text", "event = [\"extended\"]"));
    let hint = Some("there are number, office, due, days, because".to_owned());
    assert_eq!(said, [(Lint::Undefined, code, hint)], "a question is not asked by an extension");
    let said = refused(&own("because", "date", "event = [\"extended\"]"));
    let hint = Some("say holds = \"text\"".to_owned());
    assert_eq!(said, [(Lint::Template, path("variable[0].holds"), hint)]);
    // Of two events one has no such value; a text for that one makes it good.
    let both = "event = [\"extended\", \"reopened\"]";
    let said = refused(&own("because", "text", both));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].0 == Lint::Template && said[0].1.ends_with(".event[1]"), "{said:?}");
    assert_eq!(refused(&own("because", "text", &format!("{both}, otherwise = \"reopened\""))), []);
    assert_eq!(refused(&own("due", "date", "event = [\"withdrawn\"]")).len(), 1, "nothing is due then");
    assert_eq!(refused(&own("reason", "reason", "event = [\"disposed\"]")), []);
}

/// Only what somebody wrote is cut: half a number or half a date would be another one.
#[test]
fn only_words_are_clipped() {
    let at = place("template", "extended");
    let lines = "template = [{ code = \"extended\", variable = [{ code = \"number\", clip = true }] }]";
    assert_eq!(refused(lines), [(Lint::Template, format!("template[{at}].variable[0].clip"), None)]);
}

/// What is sent past the outbox has its variables and no others: with one more, no code could be
/// sent and no short message answered.
#[test]
fn codes_and_answers_have_the_variables_that_they_are_filled_with() {
    for (code, holds) in [("otp", "text"), ("pull_status", "text"), ("pull_help", "mark")] {
        let at = place("template", code);
        let extra = format!(
            "template = [{{ code = \"{code}\", variable = [{{ code = \"office\", holds = \"{holds}\" }}] }}]"
        );
        let said = refused(&extra);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].0 == Lint::Undefined && said[0].1.starts_with(&format!("template[{at}].variable[")),
            "{said:?}"
        );
    }
    let at = place("template", "otp");
    let text = "template = [{ code = \"otp\", variable = [{ code = \"minutes\", holds = \"text\" }] }]";
    let hint = Some("say holds = \"number\"".to_owned());
    assert_eq!(refused(text), [(Lint::Template, format!("template[{at}].variable[1].holds"), hint)]);
    let inbox = "template = [{ code = \"otp\", channel = [\"inbox\"] }]";
    assert_eq!(refused(inbox), [(Lint::Template, format!("template[{at}].channel"), None)]);
    let fewer = "template = [{ code = \"otp\", variable = [{ code = \"minutes\", remove = true }], body = { \
                 en = \"{ $code }\", bn = \"{ $code }\", hi = \"{ $code }\" } }]";
    assert_eq!(refused(fewer), [(Lint::Missing, format!("template[{at}].variable"), None)]);
}

#[test]
fn a_text_is_in_the_recipients_language_or_the_default() {
    let rulebook = Rulebook::from_toml(HEAD).expect("sound");
    let template = rulebook.messages().template(&"otp".parse().unwrap()).expect("it is there");
    let code = |text: &str| LanguageCode::new(text).unwrap();
    assert_eq!(template.language(&code("bn"), &code("en")), Some(&code("bn")));
    assert_eq!(template.language(&code("ta"), &code("en")), Some(&code("en")));
    assert_eq!(template.language(&code("ta"), &code("te")), None);
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

#[test]
fn safe_hours_are_of_the_wall_clock() {
    let rulebook = Rulebook::from_toml(HEAD).expect("sound");
    let safe = |now: &str| rulebook.messages().safe_at(at(now), rulebook.zone(), None);
    for (now, then) in [
        ("2026-11-23T07:59:59+05:30", "2026-11-23T08:00:00+05:30"),
        ("2026-11-23T08:00:00+05:30", "2026-11-23T08:00:00+05:30"),
        ("2026-11-23T20:59:59.999+05:30", "2026-11-23T20:59:59.999+05:30"),
        ("2026-11-23T21:00:00+05:30", "2026-11-24T08:00:00+05:30"),
        ("2026-11-23T23:59:00+05:30", "2026-11-24T08:00:00+05:30"),
    ] {
        assert_eq!(safe(now), at(then), "{now}");
    }
    let always = Rulebook::from_toml(&format!(
        "{HEAD}messages.safe_from = \"00:00\"\nmessages.safe_until = \"24:00\""
    ));
    let always = always.expect("sound");
    let midnight = at("2026-11-23T23:59:59+05:30");
    assert_eq!(always.messages().safe_at(midnight, always.zone(), None), midnight);
}

proptest! {
    /// The first safe instant is safe, not before now, and asking again changes nothing.
    #[test]
    fn a_safe_instant_stays_safe(seconds in 1_500_000_000_i64..1_900_000_000, from in 0_u32..24, hours in 1_u32..24, zone in 0_usize..3) {
        let zone = ["Asia/Kolkata", "Europe/London", "America/New_York"][zone];
        let until = (from + hours).min(24);
        let lines = format!(
            "extends = \"city-311\"\nname = \"A\"\nzone = \"{zone}\"\nmessages.safe_from = \"{from:02}:00\"\nmessages.safe_until = \"{until:02}:00\""
        );
        let rulebook = Rulebook::from_toml(&lines).expect("sound");
        let now = DateTime::from_timestamp(seconds, 0).expect("in range");
        let then = rulebook.messages().safe_at(now, rulebook.zone(), None);
        prop_assert!(then >= now && then - now <= chrono::TimeDelta::hours(25));
        prop_assert_eq!(rulebook.messages().safe_at(then, rulebook.zone(), None), then);
    }

    /// Whatever stands in a text, reading the rulebook gives findings and no panic.
    #[test]
    fn any_text_is_answered(body in any::<String>(), prefix in prop::sample::select(vec!["", "{ $number } ", "{", "{ $number ->\n *[x] "])) {
        let body = serde_json::to_string(&format!("{prefix}{body}")).expect("a text");
        let text = format!(
            r#"{{"extends": "city-311", "name": "A", "zone": "UTC", "template": [{{"code": "reopened", "body": {{"en": {body}}}}}]}}"#
        );
        let _ = Rulebook::read(&text, Format::Json);
    }
}
