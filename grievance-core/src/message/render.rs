//! From a template and its values to the text that is sent.

use crate::kernel::code::{LanguageCode, ReasonCode, TemplateCode, UnitCode};
use crate::kernel::written::in_these;
use crate::message::value::Value;
use crate::rulebook::Rulebook;
use crate::rulebook::document::Document;
use crate::rulebook::fluent::{MESSAGE, Pattern};
use crate::rulebook::language::Writing;
use crate::rulebook::message::{TemplateEntry, VariableEntry};
use crate::sms::Preview;
use crate::vocabulary::{ErrorCode, MessageChannel, VariableKind};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::{BTreeMap, HashMap};
use unic_langid::LanguageIdentifier;

/// Most characters of a value by any channel but SMS.
const LONGEST_VALUE: usize = 20_000;
/// The largest count that Fluent keeps exact.
const LARGEST_NUMBER: u64 = 1 << 53;

/// The digits of a number while its text is being made: of a private plane, which no value has.
const MARKED: [char; 10] = [
    '\u{100000}',
    '\u{100001}',
    '\u{100002}',
    '\u{100003}',
    '\u{100004}',
    '\u{100005}',
    '\u{100006}',
    '\u{100007}',
    '\u{100008}',
    '\u{100009}',
];

/// Why a message cannot be written. No variant repeats a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The rulebook has no such template.
    #[error("there is no template {template}")]
    UnknownTemplate {
        /// The template.
        template: TemplateCode,
    },
    /// The template is not made for the channel.
    #[error("the template {template} is not made for {channel}")]
    WrongChannel {
        /// The template.
        template: TemplateCode,
        /// The channel.
        channel: MessageChannel,
    },
    /// The template has a text neither in the recipient's language nor in the rulebook's default.
    #[error("the template {template} has a text neither in {language} nor in the default language")]
    NoText {
        /// The template.
        template: TemplateCode,
        /// The recipient's language.
        language: LanguageCode,
    },
    /// The text cannot be read.
    #[error("the text of the template {template} in {language} cannot be read: {problem}")]
    Damaged {
        /// The template.
        template: TemplateCode,
        /// The language of the text.
        language: LanguageCode,
        /// What is wrong with it.
        problem: String,
    },
    /// A value is missing.
    #[error("the variable {variable} has no value")]
    Missing {
        /// The variable.
        variable: String,
    },
    /// There is a value for a variable that the template does not have.
    #[error("the template has no variable of that name; there are {known} others")]
    Extra {
        /// How many variables the template has.
        known: usize,
    },
    /// A value is of another kind than the variable.
    #[error("the variable {variable} holds a {kind}, and something else was given")]
    WrongKind {
        /// The variable.
        variable: String,
        /// What it holds.
        kind: VariableKind,
    },
    /// An office or a reason is not in the rulebook.
    #[error("what the variable {variable} names is not in the rulebook")]
    UnknownCode {
        /// The variable.
        variable: String,
    },
    /// A value is longer than the channel takes.
    #[error("the value of {variable} has {found} characters, and {limit} may be sent")]
    TooLong {
        /// The variable.
        variable: String,
        /// Characters of the value; for a count, its digits.
        found: usize,
        /// How many may be sent.
        limit: usize,
    },
    /// The message is longer than an SMS can be.
    #[error("the message would have {parts} parts, and {} can be joined", Preview::MOST_PARTS)]
    TooManyParts {
        /// Its parts.
        parts: usize,
    },
}

impl RenderError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownTemplate { .. } | Self::UnknownCode { .. } => ErrorCode::UnknownCode,
            Self::TooLong { .. } | Self::TooManyParts { .. } => ErrorCode::TooLong,
            _ => ErrorCode::MessageInvalid,
        }
    }
}

/// Under what a text is registered with the carriers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The template's identity.
    pub id: String,
    /// The sender's name.
    pub header: String,
    /// The office's identity.
    pub entity: String,
}

/// A message in words. `Debug` does not show them: they may hold what a person wrote, or a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The words.
    pub text: String,
    /// The template they come from.
    pub template: TemplateCode,
    /// The language they are in.
    pub language: LanguageCode,
    /// Under what they are registered with the carriers, if they are.
    pub registered: Option<Registered>,
    /// What they would be as an SMS.
    pub preview: Preview,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({}, {}, {} bytes)", self.template, self.language, self.text.len())
    }
}

struct Text {
    bundle: FluentBundle<FluentResource>,
    /// How the language writes, where its digits are not the European ones.
    own_digits: Option<Writing>,
    registered: Option<Registered>,
}

struct Template {
    entry: TemplateEntry,
    texts: HashMap<LanguageCode, Result<Text, String>>,
}

struct Names {
    default: String,
    by_language: BTreeMap<String, String>,
}

impl Names {
    fn new(default: &str, code: &str, by_language: &BTreeMap<String, String>) -> Self {
        let default = if default.is_empty() { code } else { default };
        Self { default: default.to_owned(), by_language: by_language.clone() }
    }

    fn in_language(&self, language: &LanguageCode) -> &str {
        self.by_language.get(language.as_str()).unwrap_or(&self.default)
    }
}

/// The texts of one rulebook, read once. Cheap to share behind an `Arc`.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::message::{Render, Value};
/// use grievance_core::vocabulary::MessageChannel;
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let render = Render::new(&rulebook);
/// let values = [
///     ("number", Value::Mark("CMO/2026/0000123/X".into())),
///     ("due", Value::Date("2026-12-03".parse()?)),
///     ("receipt", Value::Mark("8J4K2-9QZ7M-W".into())),
/// ];
/// let sent = render.render(&"registered".parse()?, &"bn".parse()?, MessageChannel::Sms, &values)?;
/// assert!(sent.text.contains("৩ ডিসেম্বর ২০২৬"));
/// assert_eq!(sent.preview.parts.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Render {
    templates: HashMap<TemplateCode, Template>,
    default: LanguageCode,
    /// How the rulebook's languages write.
    writings: HashMap<LanguageCode, Writing>,
    units: HashMap<UnitCode, Names>,
    /// The complainant's text of each reason, and the officer's.
    reasons: HashMap<ReasonCode, (Names, Names)>,
    variable_limit: usize,
}

impl std::fmt::Debug for Render {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Render").field("templates", &self.templates.len()).finish_non_exhaustive()
    }
}

impl Render {
    /// Reads the texts of a rulebook. One that cannot be read is told when it is asked for: a
    /// rulebook that was accepted without the feature `messages` may hold such a text.
    pub fn new(rulebook: &Rulebook) -> Self {
        let document = rulebook.document();
        let default = rulebook.languages().first().cloned();
        let templates = rulebook.messages().templates();
        Self {
            templates: templates
                .map(|(code, entry)| (code.clone(), Template::new(entry, rulebook)))
                .collect(),
            writings: rulebook
                .languages()
                .iter()
                .map(|code| (code.clone(), rulebook.writing(code)))
                .collect(),
            default: default.unwrap_or_else(|| LanguageCode::new("en").expect("a code")),
            units: document
                .unit
                .iter()
                .filter_map(|unit| {
                    let names = Names::new(&unit.name, &unit.code, &unit.names);
                    Some((UnitCode::new(&unit.code).ok()?, names))
                })
                .collect(),
            reasons: document
                .reason
                .iter()
                .filter_map(|reason| {
                    let citizen = Names::new(&reason.citizen, &reason.name, &reason.citizens);
                    let officer = Names::new(&reason.name, &reason.code, &reason.names);
                    Some((ReasonCode::new(&reason.code).ok()?, (citizen, officer)))
                })
                .collect(),
            variable_limit: document.messages.variable_limit as usize,
        }
    }

    /// Writes a message in the recipient's language, or in the rulebook's default where the
    /// template has no text in it.
    ///
    /// Values are cleaned: control characters become spaces, characters that turn the direction of
    /// text are left out. By SMS, a value may have as many characters as its variable's spans hold;
    /// by other channels 20,000.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when there is no such template or text, a value is missing, unknown, of
    /// another kind or too long, or an SMS would have more than 255 parts.
    pub fn render(
        &self,
        template: &TemplateCode,
        language: &LanguageCode,
        channel: MessageChannel,
        values: &[(&str, Value)],
    ) -> Result<Rendered, RenderError> {
        let known = self.templates.get(template);
        let found = known.ok_or_else(|| RenderError::UnknownTemplate { template: template.clone() })?;
        if !found.entry.channel.contains(&channel) {
            return Err(RenderError::WrongChannel { template: template.clone(), channel });
        }
        let chosen = found.entry.language(language, &self.default).and_then(|chosen| {
            let text = found.texts.get(chosen)?;
            Some((chosen, text))
        });
        let (language, text) = chosen
            .ok_or_else(|| RenderError::NoText { template: template.clone(), language: language.clone() })?;
        let damaged = |problem: String| RenderError::Damaged {
            template: template.clone(),
            language: language.clone(),
            problem,
        };
        let text = text.as_ref().map_err(|problem| damaged(problem.clone()))?;
        let known = |name: &str| found.entry.variable.iter().any(|variable| variable.code == name);
        if values.iter().any(|(name, _)| !known(name)) {
            return Err(RenderError::Extra { known: found.entry.variable.len() });
        }
        let mut arguments = FluentArgs::with_capacity(found.entry.variable.len());
        for variable in &found.entry.variable {
            let value = values.iter().find(|(name, _)| *name == variable.code);
            let missing = || RenderError::Missing { variable: variable.code.clone() };
            let (_, value) = value.ok_or_else(missing)?;
            arguments.set(variable.code.clone(), self.argument(variable, value, language, channel)?);
        }
        let message = text.bundle.get_message(MESSAGE).and_then(|message| message.value());
        let pattern = message.ok_or_else(|| damaged("there is no pattern".to_owned()))?;
        let mut problems = Vec::new();
        let words = text.bundle.format_pattern(pattern, Some(&arguments), &mut problems);
        let words = text.own_digits.as_ref().map_or_else(|| words.to_string(), |own| unmarked(&words, own));
        if !problems.is_empty() {
            return Err(damaged(format!("{} of its parts cannot be written", problems.len())));
        }
        let preview = Preview::of(&words);
        if channel == MessageChannel::Sms && !preview.fits() {
            return Err(RenderError::TooManyParts { parts: preview.parts.len() });
        }
        Ok(Rendered {
            text: words,
            template: template.clone(),
            language: language.clone(),
            registered: text.registered.clone(),
            preview,
        })
    }

    fn argument(
        &self,
        variable: &VariableEntry,
        value: &Value,
        language: &LanguageCode,
        channel: MessageChannel,
    ) -> Result<FluentValue<'static>, RenderError> {
        let name = || variable.code.clone();
        if !value.fits(variable.holds) {
            return Err(RenderError::WrongKind { variable: name(), kind: variable.holds });
        }
        let limit = if channel == MessageChannel::Sms {
            variable.spans as usize * self.variable_limit
        } else {
            LONGEST_VALUE
        };
        let within = |found: usize| {
            if found <= limit { Ok(()) } else { Err(RenderError::TooLong { variable: name(), found, limit }) }
        };
        let unknown = || RenderError::UnknownCode { variable: name() };
        let words = match value {
            Value::Number(number) => {
                within(number.to_string().len())?;
                if *number > LARGEST_NUMBER {
                    let found = number.to_string().len();
                    return Err(RenderError::TooLong { variable: name(), found, limit: 15 });
                }
                return Ok(FluentValue::from(*number));
            }
            Value::Text(text) | Value::Mark(text) => clean(text),
            Value::Date(date) => match self.writings.get(language) {
                Some(writing) => writing.date(*date),
                None => Writing::shipped(language.as_str()).date(*date),
            },
            Value::Unit(unit) => clean(self.units.get(unit).ok_or_else(unknown)?.in_language(language)),
            Value::Reason(reason) => {
                let (citizen, officer) = self.reasons.get(reason).ok_or_else(unknown)?;
                let for_officers = variable.holds == VariableKind::OfficerReason;
                clean(if for_officers { officer } else { citizen }.in_language(language))
            }
        };
        let clips = variable.clip && channel == MessageChannel::Sms && matches!(value, Value::Text(_));
        let words = if clips { clipped(words, limit) } else { words };
        within(words.chars().count())?;
        Ok(FluentValue::from(words))
    }
}

impl Template {
    fn new(entry: &TemplateEntry, rulebook: &Rulebook) -> Self {
        let texts = entry.body.iter().filter_map(|(language, body)| {
            let code = LanguageCode::new(language).ok()?;
            let writing = rulebook.writing(&code);
            Some((code, Text::new(entry, language, body, (writing, rulebook.document()))))
        });
        Self { entry: entry.clone(), texts: texts.collect() }
    }
}

impl Text {
    fn new(
        entry: &TemplateEntry,
        language: &str,
        body: &str,
        (writing, document): (Writing, &Document),
    ) -> Result<Self, String> {
        let pattern = Pattern::read(body).map_err(|problem| problem.to_string())?;
        // A language that the plural rules do not know has those of the root: everything is
        // `other`.
        let tag: LanguageIdentifier = language.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        // Fluent's formatter can carry nothing with it: it marks the digits of numbers, and they are
        // written when the text is whole.
        let own_digits = (!writing.is_european()).then_some(writing);
        if own_digits.is_some() {
            bundle.set_formatter(Some(|value, _| match value {
                FluentValue::Number(number) => Some(in_these(&number.as_string(), &MARKED)),
                _ => None,
            }));
        }
        bundle.add_resource(pattern.into_resource()).map_err(|_| "two messages in one".to_owned())?;
        let settings = &document.messages;
        let registered = entry.registered.get(language).map(|registered| Registered {
            id: registered.id.clone(),
            header: registered.header.as_ref().unwrap_or(&settings.header).clone(),
            entity: registered.entity.as_ref().unwrap_or(&settings.entity).clone(),
        });
        Ok(Self { bundle, own_digits, registered })
    }
}

/// A text with its marked digits as the language writes them.
fn unmarked(words: &str, writing: &Writing) -> String {
    let plain = |c: char| MARKED.iter().zip('0'..).find(|(marked, _)| **marked == c).map(|(_, digit)| digit);
    let mut written = String::with_capacity(words.len());
    for c in words.chars() {
        match plain(c) {
            Some(digit) => written.push_str(&writing.digits(digit.encode_utf8(&mut [0; 4]))),
            None => written.push(c),
        }
    }
    written
}

/// Words of at most so many characters: a longer text is cut after a word, if one ends in its second
/// half, and ends in three dots. Dots of GSM-7, since one sign outside it doubles the parts.
fn clipped(text: String, limit: usize) -> String {
    const DOTS: &str = "...";
    if text.chars().count() <= limit {
        return text;
    }
    let kept = limit.saturating_sub(DOTS.len());
    let end = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (half, most) = (end(kept / 2), end(kept));
    // A word that ends just where the text is cut is whole.
    let whole = text[most..].starts_with(char::is_whitespace);
    let cut = match text[half..most].rfind(char::is_whitespace) {
        Some(at) if !whole => half + at,
        _ => most,
    };
    text[..cut].trim_end().chars().chain(DOTS.chars().take(limit - kept)).collect()
}

/// The value without what could break a line, turn the direction of what follows, or hide.
/// Joiners stay: Bengali and Hindi need them.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(
                c,
                '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{100000}'..='\u{100009}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            )
        })
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}
