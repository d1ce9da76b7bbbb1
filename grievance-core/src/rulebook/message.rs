//! Messages: their texts in every language, and which event tells whom.
//!
//! This is data alone; it is written into messages by the module `message` (feature `messages`).

use crate::kernel::code::{LanguageCode, TemplateCode};
use crate::rulebook::document::Document;
use crate::rulebook::safe::{SafeHours, first_safe};
use crate::vocabulary::{Audience, EventKind, MessageChannel, Occasion, TellWhen, VariableKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What holds for every message: the table `[messages]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MessagesEntry {
    /// The word that begins a message from a citizen.
    pub keyword: String,
    /// Characters of one variable of an SMS, at most: 30 or 40 with Indian carriers.
    pub variable_limit: u32,
    /// The sender's name that is registered with the carriers; none if empty.
    pub header: String,
    /// The identity of the office with the carriers; none if empty.
    pub entity: String,
    /// The wall-clock time from which the public may be written to, `HH:MM` in the offices' zone.
    pub safe_from: String,
    /// The wall-clock time from which it may not, `HH:MM`, or `24:00`.
    pub safe_until: String,
}

impl Default for MessagesEntry {
    fn default() -> Self {
        Self {
            keyword: "GRV".to_owned(),
            variable_limit: 30,
            header: String::new(),
            entity: String::new(),
            safe_from: "00:00".to_owned(),
            safe_until: "24:00".to_owned(),
        }
    }
}

/// The text of a message, in every language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TemplateEntry {
    /// Its code.
    pub code: String,
    /// The channels that it is made for.
    pub channel: Vec<MessageChannel>,
    /// What stands in it for a value.
    pub variable: Vec<VariableEntry>,
    /// The text by language: a pattern in the syntax of Fluent, with `{ $variable }` and plural
    /// rules. Nothing else of Fluent has a place in it: no terms, no other messages, no functions.
    pub body: BTreeMap<String, String>,
    /// Under what the text of a language is registered with the carriers.
    pub registered: BTreeMap<String, RegisteredEntry>,
}

/// What stands in a text for a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct VariableEntry {
    /// Its code: its name in the text, so it begins with a letter.
    pub code: String,
    /// What it holds.
    pub holds: VariableKind,
    /// How many of a carrier's variables in a row it may fill.
    pub spans: u32,
    /// In an SMS, words that are longer are cut at a word and end in three dots; for a text of which
    /// the beginning is worth more than nothing, and which the recipient can have in full elsewhere.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub clip: bool,
}

impl Default for VariableEntry {
    fn default() -> Self {
        Self { code: String::new(), holds: VariableKind::Text, spans: 1, clip: false }
    }
}

/// Under what a text is registered with the carriers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RegisteredEntry {
    /// The template's identity.
    pub id: String,
    /// The sender's name; that of `[messages]` if absent.
    pub header: Option<String>,
    /// The office's identity; that of `[messages]` if absent.
    pub entity: Option<String>,
}

/// Which event tells whom, by what and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct InformEntry {
    /// Its code.
    pub code: String,
    /// Words of [`EventKind`] or [`Occasion`].
    pub event: Vec<String>,
    /// Whom it tells.
    pub audience: Vec<Audience>,
    /// The text.
    pub template: String,
    /// The text where a value that the first one needs is not known, such as a due date.
    pub otherwise: Option<String>,
    /// By which channels: the first that the recipient can be reached by and has not refused.
    pub channel: Vec<MessageChannel>,
    /// When it is sent.
    pub when: TellWhen,
}

impl Default for InformEntry {
    fn default() -> Self {
        Self {
            code: String::new(),
            event: Vec::new(),
            audience: Vec::new(),
            template: String::new(),
            otherwise: None,
            channel: Vec::new(),
            when: TellWhen::AtOnce,
        }
    }
}

/// What a notice tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trigger {
    /// An event of the case.
    Event(EventKind),
    /// Something besides.
    Occasion(Occasion),
}

impl Trigger {
    /// The trigger of that word, if there is one.
    pub fn of(word: &str) -> Option<Self> {
        word.parse().map(Self::Event).or_else(|_| word.parse().map(Self::Occasion)).ok()
    }
}

/// A rule that tells somebody of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inform {
    /// Its place among all rules: part of the identity of the notices that it makes.
    pub code: String,
    /// Whom it tells.
    pub audience: Vec<Audience>,
    /// The text.
    pub template: TemplateCode,
    /// The text where a value that the first one needs is not known.
    pub otherwise: Option<TemplateCode>,
    /// By which channels, the preferred one first.
    pub channels: Vec<MessageChannel>,
    /// When it is sent.
    pub when: TellWhen,
}

/// The compiled texts and rules of a rulebook.
#[derive(Clone, Debug)]
pub struct Messages {
    templates: HashMap<TemplateCode, TemplateEntry>,
    rules: HashMap<Trigger, Vec<Inform>>,
    settings: MessagesEntry,
    safe: SafeHours,
}

impl Messages {
    /// `None` for what the linter refuses.
    pub(super) fn new(document: &Document) -> Option<Self> {
        let mut templates = HashMap::new();
        for entry in &document.template {
            templates.insert(TemplateCode::new(&entry.code).ok()?, entry.clone());
        }
        let mut rules: HashMap<Trigger, Vec<Inform>> = HashMap::new();
        for entry in &document.inform {
            let otherwise = entry.otherwise.as_deref().map(TemplateCode::new).transpose().ok()?;
            let rule = Inform {
                code: entry.code.clone(),
                audience: entry.audience.clone(),
                template: TemplateCode::new(&entry.template).ok()?,
                otherwise,
                channels: entry.channel.clone(),
                when: entry.when,
            };
            for word in &entry.event {
                rules.entry(Trigger::of(word)?).or_default().push(rule.clone());
            }
        }
        let settings = document.messages.clone();
        let minute = |text| u16::try_from(minute_of_day(text)?).ok();
        let safe = SafeHours { from: minute(&settings.safe_from)?, until: minute(&settings.safe_until)? };
        Some(Self { templates, rules, settings, safe })
    }

    /// What holds for every message.
    pub const fn settings(&self) -> &MessagesEntry {
        &self.settings
    }

    /// A text by its code.
    pub fn template(&self, code: &TemplateCode) -> Option<&TemplateEntry> {
        self.templates.get(code)
    }

    /// The rules for an event, in the order of the rulebook.
    pub fn rules(&self, trigger: Trigger) -> &[Inform] {
        self.rules.get(&trigger).map_or(&[], Vec::as_slice)
    }

    /// Every text with its code, in no order.
    pub fn templates(&self) -> impl Iterator<Item = (&TemplateCode, &TemplateEntry)> {
        self.templates.iter()
    }

    /// The hours in which the public may be written to.
    pub const fn safe_hours(&self) -> SafeHours {
        self.safe
    }

    /// The first instant, not before `now`, at which somebody of the public may be written to: in the
    /// rulebook's safe hours, and in their `own`. Where a later version of the rulebook has left
    /// nothing of their own hours, those alone count.
    ///
    /// The hours are of the wall clock in `zone`. Where a zone skips the hour at which they begin,
    /// they begin at the first instant after it.
    pub fn safe_at(&self, now: DateTime<Utc>, zone: chrono_tz::Tz, own: Option<SafeHours>) -> DateTime<Utc> {
        match own {
            None => first_safe(&[self.safe], now, zone),
            Some(own) if own.common(self.safe) == 0 => first_safe(&[own], now, zone),
            Some(own) => first_safe(&[self.safe, own], now, zone),
        }
    }
}

impl TemplateEntry {
    /// The language that a recipient is written to in: their own if the text has it, else the
    /// first of the rulebook's languages, which is its default.
    pub fn language<'a>(
        &self,
        wanted: &'a LanguageCode,
        default: &'a LanguageCode,
    ) -> Option<&'a LanguageCode> {
        [wanted, default].into_iter().find(|language| self.body.contains_key(language.as_str()))
    }
}

/// `HH:MM` as minutes since midnight, up to `24:00`.
pub(crate) fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}
