//! Texts of messages and the rules that send them.

use crate::kernel::number::{NumberPattern, NumberPrefix};
use crate::rulebook::blank::RECEIPT_CHARS;
use crate::rulebook::document::{Document, LanguageEntry, ReasonEntry};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{did_you_mean, one_of, shown};
use crate::rulebook::language::Writing;
use crate::rulebook::message::{TemplateEntry, Trigger, VariableEntry, minute_of_day};
use crate::sms::pull::Keyword;
use crate::vocabulary::{Audience, EventKind, MessageChannel, Occasion, Phase, VariableKind};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Languages of the texts that come with the library: a rulebook need not use all it inherits.
const SHIPPED: [&str; 3] = ["en", "bn", "hi"];
/// Most bytes of one text in one language.
const LONGEST_BODY: usize = 8_000;

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    settings(document, findings);
    for (n, template) in document.template.iter().enumerate() {
        let at = |field: &str| format!("template[{n}].{field}");
        if template.channel.is_empty() {
            findings.error(Lint::Missing, at("channel"), "the template is made for no channel");
        }
        languages(document, template, &at, findings);
        for (v, variable) in template.variable.iter().enumerate() {
            let path = at(&format!("variable[{v}]"));
            lengths(document, template, variable, &path, findings);
        }
        bodies(template, &at, findings);
    }
    rules(document, findings);
}

fn settings(document: &Document, findings: &mut Findings) {
    let settings = &document.messages;
    if Keyword::new(&settings.keyword).is_err() {
        let message = "a keyword is 1 to 20 letters or digits without spaces";
        findings.error(Lint::Malformed, "messages.keyword", message);
    }
    if !(1..=1_000).contains(&settings.variable_limit) {
        let message = format!("{} lies outside 1 to 1000", settings.variable_limit);
        findings.error(Lint::OutOfRange, "messages.variable_limit", message);
    }
    let times = [("messages.safe_from", &settings.safe_from), ("messages.safe_until", &settings.safe_until)];
    for (path, text) in times {
        if minute_of_day(text).is_none() {
            findings.error(Lint::Malformed, path, format!("{} is no time of day such as 08:00", shown(text)));
        }
    }
    let minutes = minute_of_day(&settings.safe_from).zip(minute_of_day(&settings.safe_until));
    if minutes.is_some_and(|(from, until)| from >= until) {
        let message = "ends before it begins: nobody could ever be written to";
        findings.error(Lint::OutOfRange, "messages.safe_until", message);
    }
}

fn languages(
    document: &Document,
    template: &TemplateEntry,
    at: &dyn Fn(&str) -> String,
    findings: &mut Findings,
) {
    let known: Vec<&str> = document.language.iter().map(|language| language.code.as_str()).collect();
    let maps = [
        ("body", template.body.keys().collect::<Vec<_>>()),
        ("registered", template.registered.keys().collect()),
    ];
    for (field, written) in maps {
        for code in written {
            if !known.contains(&code.as_str()) && !SHIPPED.contains(&code.as_str()) {
                let path = at(&format!("{field}.{}", short(code)));
                let message = format!("no language {}", shown(code));
                findings.add(Severity::Error, Lint::Undefined, path, message, one_of(code, &known));
            }
        }
    }
    for (code, registered) in &template.registered {
        let path = at(&format!("registered.{}", short(code)));
        if known.contains(&code.as_str()) && !template.body.contains_key(code) {
            findings.error(Lint::Template, &*path, "is registered, but there is no text in that language");
        }
        let plain = |text: &str| (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        let given = [Some(&registered.id), registered.header.as_ref(), registered.entity.as_ref()];
        if given.into_iter().flatten().any(|text| !plain(text)) {
            let message = "what a text is registered under has 1 to 40 letters, digits or signs";
            findings.error(Lint::Template, path, message);
        }
    }
    if let Some((default, others)) = known.split_first() {
        if !template.body.contains_key(*default) {
            let message = format!("there is no text in the default language {}", shown(default));
            findings.error(Lint::Missing, at("body"), message);
        }
        for other in others.iter().filter(|code| !template.body.contains_key(**code)) {
            let message = format!("there is no text in {}: the default language is used", shown(other));
            findings.warning(Lint::Missing, at("body"), message);
        }
    }
}

fn short(code: &str) -> String {
    code.chars().take(40).collect()
}

/// What an SMS may hold of a variable must do for every name and text that can come.
fn lengths(
    document: &Document,
    template: &TemplateEntry,
    variable: &VariableEntry,
    path: &str,
    findings: &mut Findings,
) {
    if !(1..=20).contains(&variable.spans) {
        let message = format!("{} lies outside 1 to 20", variable.spans);
        findings.error(Lint::OutOfRange, format!("{path}.spans"), message);
        return;
    }
    if variable.clip && variable.holds != VariableKind::Text {
        let message = "only words that somebody wrote are clipped";
        findings.error(Lint::Template, format!("{path}.clip"), message);
    }
    if !template.channel.contains(&MessageChannel::Sms) {
        return;
    }
    let limit = variable.spans as usize * document.messages.variable_limit as usize;
    if limit == 0 {
        return;
    }
    let longest = match variable.holds {
        VariableKind::Unit => {
            let units = document.unit.iter();
            longest(units.flat_map(|unit| std::iter::once(&unit.name).chain(unit.names.values())))
        }
        VariableKind::Reason => longest(document.reason.iter().flat_map(citizens)),
        VariableKind::OfficerReason => longest(
            document
                .reason
                .iter()
                .flat_map(|reason| std::iter::once(&reason.name).chain(reason.names.values())),
        ),
        VariableKind::Mark => longest_mark(document, &template.code, &variable.code),
        VariableKind::Date => longest_date(document),
        VariableKind::Text | VariableKind::Number => 0,
    };
    if longest > limit {
        let message =
            format!("some values have {longest} characters, and {limit} fit: those could not be sent");
        let hint = Some(format!(
            "let it span {} variables",
            longest.div_ceil(document.messages.variable_limit.max(1) as usize)
        ));
        findings.add(Severity::Warning, Lint::Template, format!("{path}.spans"), message, hint);
    }
}

/// Characters of the longest mark that a variable of a template is filled with; 0 for a name that
/// nothing fills, of which another lint tells. The number of another system, of up to 64 characters,
/// cannot be foreseen.
fn longest_mark(document: &Document, template: &str, variable: &str) -> usize {
    match variable {
        "number" => longest_number(document),
        "receipt" => RECEIPT_CHARS,
        "code" if template == "otp" => document.otp.digits as usize,
        "phase" => Phase::ALL.iter().map(|phase| phase.as_str().len()).max().unwrap_or(0),
        "keyword" => document.messages.keyword.chars().count(),
        _ => 0,
    }
}

/// Characters of a registration number as long as the pattern makes them: more than the digits that
/// it pads to only where serials begin so high.
fn longest_number(document: &Document) -> usize {
    let numbering = &document.numbering;
    let pattern = NumberPattern::compile(&numbering.pattern, numbering.check).ok();
    let prefix = NumberPrefix::new(&numbering.prefix).ok();
    let day = NaiveDate::from_ymd_opt(2099, 12, 31);
    let number = pattern.zip(prefix).zip(day);
    number.map_or(0, |((pattern, prefix), day)| {
        pattern.format(&prefix, day, numbering.floor).as_str().chars().count()
    })
}

/// Characters of the longest date in a language of the rulebook.
fn longest_date(document: &Document) -> usize {
    let years = (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(2026, month, 28));
    let of = |language: &LanguageEntry| {
        let writing = Writing::of(language).unwrap_or_default();
        years.clone().map(|day| writing.date(day).chars().count()).max().unwrap_or(0)
    };
    document.language.iter().map(of).max().unwrap_or(0)
}

fn citizens(reason: &ReasonEntry) -> impl Iterator<Item = &String> {
    std::iter::once(&reason.citizen).chain(reason.citizens.values())
}

fn longest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

fn bodies(template: &TemplateEntry, at: &dyn Fn(&str) -> String, findings: &mut Findings) {
    for (language, body) in &template.body {
        let path = at(&format!("body.{}", short(language)));
        if body.trim().is_empty() {
            findings.error(Lint::Template, path, "the text is empty");
        } else if body.len() > LONGEST_BODY {
            findings.error(Lint::Template, path, format!("the text has more than {LONGEST_BODY} bytes"));
        }
    }
    #[cfg(feature = "messages")]
    variables(template, at, findings);
}

/// What only a parser of Fluent can tell.
#[cfg(feature = "messages")]
fn variables(template: &TemplateEntry, at: &dyn Fn(&str) -> String, findings: &mut Findings) {
    use crate::rulebook::fluent::Pattern;
    let known: Vec<&str> = template.variable.iter().map(|variable| variable.code.as_str()).collect();
    let mut used = vec![false; known.len()];
    let mut all_read = true;
    let sound = |(_, body): &(&String, &String)| !body.trim().is_empty() && body.len() <= LONGEST_BODY;
    for (language, body) in template.body.iter().filter(sound) {
        let path = at(&format!("body.{}", short(language)));
        match Pattern::read(body) {
            Err(problem) => {
                all_read = false;
                findings.error(Lint::Template, path, problem.to_string());
            }
            Ok(pattern) => {
                for variable in pattern.variables() {
                    if let Some(place) = known.iter().position(|known| *known == variable) {
                        used[place] = true;
                    } else {
                        let message = format!("no variable {}", shown(variable));
                        let hint = did_you_mean(variable, known.iter().copied());
                        findings.add(Severity::Error, Lint::Undefined, &*path, message, hint);
                    }
                }
            }
        }
    }
    for (place, used) in used.into_iter().enumerate() {
        if !used && all_read && !template.body.is_empty() {
            let message = "the variable stands in no text";
            findings.warning(Lint::Template, at(&format!("variable[{place}]")), message);
        }
    }
}

fn rules(document: &Document, findings: &mut Findings) {
    let templates: HashMap<&str, &TemplateEntry> =
        document.template.iter().map(|template| (template.code.as_str(), template)).collect();
    for (n, rule) in document.inform.iter().enumerate() {
        let at = |field: &str| format!("inform[{n}].{field}");
        for (field, empty) in [
            ("event", rule.event.is_empty()),
            ("audience", rule.audience.is_empty()),
            ("channel", rule.channel.is_empty()),
        ] {
            if empty {
                findings.error(Lint::Missing, at(field), "is needed");
            }
        }
        for (i, word) in rule.event.iter().enumerate().filter(|(_, word)| Trigger::of(word).is_none()) {
            let words = EventKind::ALL.iter().map(|kind| kind.as_str());
            let words = words.chain(Occasion::ALL.iter().map(|occasion| occasion.as_str()));
            let message = format!("no event {}", shown(word));
            let hint = did_you_mean(word, words);
            findings.add(Severity::Error, Lint::Undefined, at(&format!("event[{i}]")), message, hint);
        }
        // A statement is of no case: nobody complained, and nothing was escalated.
        let is_of_a_statement = rule.event.iter().any(|word| word == Occasion::Statement.as_str());
        for (i, audience) in rule.audience.iter().enumerate().filter(|_| is_of_a_statement) {
            if !matches!(audience, Audience::Unit | Audience::HeadOfUnit | Audience::NodalOfficer) {
                let message = format!("a statement is given to offices and their posts, not to {audience}");
                findings.error(Lint::Template, at(&format!("audience[{i}]")), message);
            }
        }
        let texts = [("template", Some(&rule.template)), ("otherwise", rule.otherwise.as_ref())];
        for (field, code) in texts {
            let Some(code) = code else { continue };
            let Some(template) = templates.get(code.as_str()) else {
                let hint = did_you_mean(code, templates.keys().copied());
                findings.add(
                    Severity::Error,
                    Lint::Undefined,
                    at(field),
                    format!("no template {}", shown(code)),
                    hint,
                );
                continue;
            };
            for channel in rule.channel.iter().filter(|channel| !template.channel.contains(channel)) {
                let message = format!("the template {} is not made for {channel}", shown(code));
                findings.error(Lint::Template, at("channel"), message);
            }
            let internal =
                template.variable.iter().any(|variable| variable.holds == VariableKind::OfficerReason);
            if internal && rule.audience.iter().any(|audience| audience.is_public()) {
                let message = "the officer's text of a reason is not for the public";
                findings.error(Lint::Template, at(field), message);
            }
        }
    }
}
