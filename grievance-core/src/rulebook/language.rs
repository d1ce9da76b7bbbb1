//! The languages of a rulebook, and who is written to in which.

use crate::kernel::code::{LanguageCode, PostCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::rulebook::document::Document;
use std::collections::HashMap;

/// The compiled languages of a rulebook.
#[derive(Clone, Debug)]
pub(super) struct Languages {
    codes: Vec<LanguageCode>,
    posts: HashMap<PostCode, LanguageCode>,
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
        Some(Self { codes: codes.collect::<Option<_>>()?, posts })
    }
}

impl Rulebook {
    /// The languages, the default one first.
    pub fn languages(&self) -> &[LanguageCode] {
        &self.languages.codes
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
