//! The languages of a rulebook: who is written to in which, and how each writes dates and digits.

use crate::kernel::code::{LanguageCode, PostCode, UnitCode};
use crate::kernel::written::{BENGALI_NOUGHT, in_these, months_of, ten_from};
use crate::rulebook::Rulebook;
use crate::rulebook::document::{Document, LanguageEntry};
use chrono::{Datelike as _, NaiveDate};
use std::collections::HashMap;

/// How a date is written where the language does not say otherwise.
const DATE: &str = "{day} {month} {year}";

/// How a language writes calendar dates and digits.
///
/// # Examples
///
/// ```
/// use grievance_core::rulebook::language::Writing;
///
/// let day = "2026-12-03".parse()?;
/// assert_eq!(Writing::shipped("bn").date(day), "৩ ডিসেম্বর ২০২৬");
/// assert_eq!(Writing::shipped("hi").date(day), "3 दिसंबर 2026"); // as offices print it
/// assert_eq!(Writing::shipped("ne").date(day), "2026-12-03"); // the rulebook has to bring it
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    months: Option<[String; 12]>,
    digits: Option<[char; 10]>,
    date: String,
}

impl Writing {
    /// How one of the languages that come with the library writes; any other language writes dates
    /// `2026-12-03`, in European digits. Of a tag the part before the first `-` counts.
    pub fn shipped(language: &str) -> Self {
        let base = language.split('-').next().unwrap_or(language);
        Self {
            months: months_of(base).map(|months| months.map(str::to_owned)),
            digits: (base == "bn").then(|| ten_from(BENGALI_NOUGHT)),
            date: DATE.to_owned(),
        }
    }

    /// How a rulebook says that it writes, over what comes with the library; `None` for what the linter
    /// refuses.
    pub(super) fn of(entry: &LanguageEntry) -> Option<Self> {
        let mut writing = Self::shipped(&entry.code);
        if !entry.months.is_empty() {
            writing.months = Some(entry.months.clone().try_into().ok()?);
        }
        if !entry.digits.is_empty() {
            writing.digits = Some(entry.digits.chars().collect::<Vec<_>>().try_into().ok()?);
        }
        if !entry.date.is_empty() {
            writing.date.clone_from(&entry.date);
        }
        Some(writing)
    }

    /// A calendar date.
    pub fn date(&self, day: NaiveDate) -> String {
        let Some(months) = &self.months else {
            return self.digits(&day.format("%Y-%m-%d").to_string());
        };
        let written = self.date.replace("{day}", &day.day().to_string());
        let written = written.replace("{year}", &day.year().to_string());
        self.digits(&written).replace("{month}", &months[day.month0() as usize])
    }

    /// A text with its European digits as the language writes them.
    pub fn digits(&self, text: &str) -> String {
        self.digits.as_ref().map_or_else(|| text.to_owned(), |digits| in_these(text, digits))
    }

    /// Whether it writes European digits.
    pub const fn is_european(&self) -> bool {
        self.digits.is_none()
    }
}

/// The compiled languages of a rulebook.
#[derive(Clone, Debug)]
pub(super) struct Languages {
    codes: Vec<LanguageCode>,
    posts: HashMap<PostCode, LanguageCode>,
    written: HashMap<LanguageCode, Writing>,
}

impl Languages {
    /// `None` for what the linter refuses.
    pub(super) fn new(document: &Document) -> Option<Self> {
        let codes = document.language.iter().map(|language| LanguageCode::new(&language.code).ok());
        let mut posts = HashMap::new();
        for post in &document.post {
            let Some(language) = &post.language else { continue };
            posts.insert(PostCode::new(&post.code).ok()?, LanguageCode::new(language).ok()?);
        }
        let written = document
            .language
            .iter()
            .map(|language| Some((LanguageCode::new(&language.code).ok()?, Writing::of(language)?)));
        let written = written.collect::<Option<_>>()?;
        Some(Self { codes: codes.collect::<Option<_>>()?, posts, written })
    }
}

impl Rulebook {
    /// The languages, the default one first.
    pub fn languages(&self) -> &[LanguageCode] {
        &self.languages.codes
    }

    /// How a language writes dates and digits: as the rulebook says, else as the library does.
    pub fn writing(&self, language: &LanguageCode) -> Writing {
        let own = self.languages.written.get(language);
        own.cloned().unwrap_or_else(|| Writing::shipped(language.as_str()))
    }

    /// The language in which an office, or whoever holds a post in it, is written to: that of the
    /// post, else that of the office, else that of the nearest office above it that names one, else
    /// the default (ADR 103). `None` only for a rulebook without a language.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::Rulebook;
    ///
    /// let rulebook = Rulebook::from_toml(
    ///     r#"
    ///     extends = "west-bengal"
    ///     unit = [{ code = "darjeeling", language = "bn" }]
    ///     "#,
    /// )?;
    /// let language = |unit: &str| rulebook.language_of(&unit.parse().unwrap(), None).unwrap().as_str();
    /// assert_eq!(language("darjeeling"), "bn");
    /// assert_eq!(language("phe"), "en"); // the default
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn language_of(&self, unit: &UnitCode, post: Option<&PostCode>) -> Option<&LanguageCode> {
        post.and_then(|post| self.languages.posts.get(post))
            .or_else(|| self.directory.language_of(unit))
            .or_else(|| self.languages.codes.first())
    }
}
