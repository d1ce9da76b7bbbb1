//! Variables of templates that nothing would ever fill, or fill with something else.

use crate::rulebook::blank::{Blank, FIXED};
use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{one_of, shown};
use crate::rulebook::message::{InformEntry, TemplateEntry, Trigger, VariableEntry};
use crate::vocabulary::{MessageChannel, VariableKind};
use std::collections::{HashMap, HashSet};

pub(super) fn lint(document: &Document, findings: &mut Findings) {
    let mut templates = HashMap::new();
    for (n, template) in document.template.iter().enumerate() {
        templates.entry(template.code.as_str()).or_insert((n, template));
    }
    for (code, values) in FIXED {
        if let Some((n, template)) = templates.get(code) {
            fixed(*n, template, values, findings);
        }
    }
    let mut told = HashSet::new();
    for (n, rule) in document.inform.iter().enumerate() {
        let texts = [Some(&rule.template), rule.otherwise.as_ref()];
        let texts: Vec<Text<'_>> =
            texts.into_iter().flatten().filter_map(|code| templates.get(code.as_str())).copied().collect();
        one_rule(n, rule, &texts, &mut told, findings);
    }
}

/// A template with its place in the document.
type Text<'a> = (usize, &'a TemplateEntry);

/// A text that is filled with the same values each time: with one more or one fewer it could never
/// be sent.
fn fixed(n: usize, template: &TemplateEntry, values: &[(&str, VariableKind)], findings: &mut Findings) {
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    for (v, variable) in template.variable.iter().enumerate() {
        match values.iter().find(|(name, _)| *name == variable.code) {
            None => {
                let message = format!("{} is nothing that this text is filled with", shown(&variable.code));
                unknown((n, v), message, &variable.code, &names, findings);
            }
            Some((_, kind)) if *kind != variable.holds => wrong_kind((n, v), variable, *kind, findings),
            Some(_) => {}
        }
    }
    let absent = |name: &&&str| !template.variable.iter().any(|variable| variable.code == **name);
    for name in names.iter().filter(absent) {
        let message = format!("this text is filled with {}, and has no such variable", shown(name));
        findings.error(Lint::Missing, format!("template[{n}].variable"), message);
    }
    if !template.channel.is_empty() && !template.channel.contains(&MessageChannel::Sms) {
        let message = "this text is sent by sms and no other way";
        findings.error(Lint::Template, format!("template[{n}].channel"), message);
    }
}

/// A rule whose notice would silently never be made, or be parked when it is written.
fn one_rule(
    n: usize,
    rule: &InformEntry,
    texts: &[Text<'_>],
    told: &mut HashSet<(usize, usize)>,
    findings: &mut Findings,
) {
    let triggers: Vec<(usize, Trigger)> =
        rule.event.iter().enumerate().filter_map(|(i, word)| Some((i, Trigger::of(word)?))).collect();
    if triggers.is_empty() || texts.is_empty() {
        return;
    }
    let names: Vec<&str> = Blank::ALL
        .into_iter()
        .filter(|blank| triggers.iter().any(|(_, trigger)| blank.is_filled_at(*trigger)))
        .map(Blank::as_str)
        .collect();
    let mut all_known = true;
    for (t, template) in texts {
        for (v, variable) in template.variable.iter().enumerate() {
            match Blank::of(&variable.code).filter(|blank| names.contains(&blank.as_str())) {
                None => {
                    all_known = false;
                    if told.insert((*t, v)) {
                        let message =
                            format!("{} is nothing that inform[{n}] is filled with", shown(&variable.code));
                        unknown((*t, v), message, &variable.code, &names, findings);
                    }
                }
                Some(blank) if !blank.fits(variable.holds) && told.insert((*t, v)) => {
                    wrong_kind((*t, v), variable, blank.holds(), findings);
                }
                Some(_) => {}
            }
        }
    }
    if !all_known {
        return;
    }
    for (i, trigger) in triggers {
        let open = |template: &TemplateEntry| {
            let blanks = template.variable.iter().filter_map(|variable| Blank::of(&variable.code));
            blanks.into_iter().find(|blank| !blank.is_filled_at(trigger))
        };
        if texts.iter().all(|(_, template)| open(template).is_some())
            && let Some((_, last)) = texts.last()
            && let Some(blank) = open(last)
        {
            let message = format!(
                "{} does not fill {}, which the template {} needs: the notice would never be made",
                shown(&rule.event[i]),
                shown(blank.as_str()),
                shown(&last.code)
            );
            findings.error(Lint::Template, format!("inform[{n}].event[{i}]"), message);
        }
    }
}

fn unknown((t, v): (usize, usize), message: String, code: &str, names: &[&str], findings: &mut Findings) {
    let path = format!("template[{t}].variable[{v}].code");
    findings.add(Severity::Error, Lint::Undefined, path, message, one_of(code, names));
}

fn wrong_kind((t, v): (usize, usize), variable: &VariableEntry, kind: VariableKind, findings: &mut Findings) {
    let path = format!("template[{t}].variable[{v}].holds");
    let message = format!("{} is no {}: it could not be written", shown(&variable.code), variable.holds);
    findings.add(Severity::Error, Lint::Template, path, message, Some(format!("say holds = \"{kind}\"")));
}
