//! The languages in which a pack is written: words, digits, groups of digits, dates.

use crate::kernel::written::{self, BENGALI_NOUGHT, DEVANAGARI_NOUGHT, in_digits, in_lakhs};
use crate::measure::index::Rounding;
use crate::vocabulary::NotInList;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A language of the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, with the digits that everybody knows, in lakhs and crores.
    English,
    /// Bengali, in its own digits.
    Bengali,
    /// Hindi, in its own digits.
    Hindi,
}

/// Every word of the pack by language and key.
static WORDS: LazyLock<[HashMap<String, String>; 3]> = LazyLock::new(|| {
    let texts = [include_str!("words/en.toml"), include_str!("words/bn.toml"), include_str!("words/hi.toml")];
    texts.map(|text| toml::from_str(text).expect("the words are a table of texts, and a test reads them"))
});

impl std::str::FromStr for Language {
    type Err = NotInList;

    /// As [`of`](Self::of).
    fn from_str(tag: &str) -> Result<Self, NotInList> {
        Self::of(tag).ok_or(NotInList { list: "Language", words: &["en", "bn", "hi"] })
    }
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::Bengali, Self::Hindi];

    /// The language of a tag such as `bn` or `hi-IN`; `None` for one that the pack is not written in.
    pub fn of(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| tag.split('-').next() == Some(language.tag()))
    }

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Bengali => "bn",
            Self::Hindi => "hi",
        }
    }

    /// The text of a key. Every key that is asked for in this layer is there in each language:
    /// `render_pack` reads the sources for them.
    pub(crate) fn words(self, key: &str) -> &'static str {
        let all = &WORDS[self as usize];
        all.get(key).expect("a test looks every key up that is asked for")
    }

    /// The text of a key with the places in braces filled in.
    pub(crate) fn fill(self, key: &str, places: &[(&str, &str)]) -> String {
        let mut text = self.words(key).to_owned();
        for (name, value) in places {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// A text with its digits in the language's own.
    pub(crate) fn digits(self, text: &str) -> String {
        match self {
            Self::English => text.to_owned(),
            Self::Bengali => in_digits(text, BENGALI_NOUGHT),
            Self::Hindi => in_digits(text, DEVANAGARI_NOUGHT),
        }
    }

    /// A whole number in the language's digits, in lakhs: `1,23,45,678`.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::render::language::Language;
    ///
    /// assert_eq!(Language::English.number(12_345_678), "1,23,45,678");
    /// assert_eq!(Language::Bengali.number(12_345_678), "১,২৩,৪৫,৬৭৮");
    /// assert_eq!(Language::Hindi.number(12_345_678), "१,२३,४५,६७८");
    /// ```
    pub fn number(self, number: u64) -> String {
        self.digits(&in_lakhs(number))
    }

    /// A whole number with its sign.
    pub(crate) fn signed(self, number: i64) -> String {
        let size = self.number(number.unsigned_abs());
        if number < 0 { format!("−{size}") } else { size }
    }

    /// A number to one decimal.
    pub(crate) fn decimal(self, number: f64) -> String {
        let text = format!("{:.1}", Rounding::PRINTED.value(number.abs()));
        let (whole, rest) = text.split_once('.').expect("it was written with a decimal");
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), in_lakhs);
        let sign = if number < 0.0 && text != "0.0" { "−" } else { "" };
        self.digits(&format!("{sign}{whole}.{rest}"))
    }

    /// A date in words.
    pub(crate) fn date(self, date: NaiveDate) -> String {
        self.digits(&written::date(date, self.tag()).expect("each language has its months"))
    }

    /// A day and a month in figures, `23/3`.
    pub(crate) fn short_date(self, date: NaiveDate) -> String {
        self.digits(&date.format("%-d/%-m").to_string())
    }

    /// The text of a key, as it is before its places are filled in: for the test of the words.
    #[doc(hidden)]
    pub fn text(self, key: &str) -> &'static str {
        self.words(key)
    }

    /// Every key: for the test of the words.
    #[doc(hidden)]
    pub fn keys(self) -> Vec<&'static str> {
        let mut keys: Vec<&str> = WORDS[self as usize].keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }
}
