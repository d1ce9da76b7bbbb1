//! From a text to a rulebook: parsed, what it extends merged in, read field by field.

mod extend;
mod parse;
mod typed;

use crate::rulebook::Rulebook;
use crate::rulebook::document::Document;
use crate::rulebook::finding::{Finding, Findings, Lint, RulebookInvalid};
use crate::rulebook::lint::lint;
use crate::rulebook::{stored, version_of};

/// Most bytes of a rulebook's text.
pub const MOST_BYTES: usize = 8_000_000;

/// How a rulebook is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML, where a date may be a date or a text.
    Toml,
    /// JSON, where a date is a text.
    Json,
}

/// An accepted rulebook, and what is worth a second look in it.
#[derive(Clone, Debug)]
pub struct Read {
    /// The rulebook.
    pub rulebook: Rulebook,
    /// Warnings and advice.
    pub findings: Vec<Finding>,
}

/// Reads a document and merges what it extends; the document is not linted.
///
/// `extends` names a preset, which may itself extend another. Then tables are merged key by key.
/// Lists whose entries have a `code` are merged entry by entry: an entry with an inherited code
/// overrides that entry's fields, a new one is appended, and `remove = true` drops an inherited
/// one. An empty list, and any other list, replaces the inherited one.
///
/// # Errors
///
/// [`RulebookInvalid`] with every malformed field at once, each with its path; lists are counted
/// from 0 as they stand after merging. What the linter can tell in spite of them is listed too.
/// Nothing is reported but the parser's word when the text is no TOML or JSON at all, or has more
/// than 8,000,000 bytes.
///
/// # Examples
///
/// ```
/// use grievance_core::rulebook::read::{Format, read};
///
/// let refused = read("extends = \"city-311\"\nzome = 5", Format::Toml).expect_err("no such key");
/// assert_eq!(refused.findings[0].to_string(), "zome: unknown key; did you mean \"zone\"?");
/// ```
pub fn read(text: &str, format: Format) -> Result<Document, RulebookInvalid> {
    let mut findings = Findings::default();
    let Some(tree) = parse::tree(text, format, &mut findings) else {
        return Err(RulebookInvalid { findings: findings.into_sorted() });
    };
    let tree = extend::with_presets(tree, &mut findings);
    let document = typed::document(tree, &mut findings);
    if !findings.has_errors() {
        return Ok(document);
    }
    let told = told_in_spite_of(findings.list(), lint(&document));
    findings.extend(told);
    Err(RulebookInvalid { findings: findings.into_sorted() })
}

/// What the linter says about a document with malformed fields left out, without what may only
/// be said because they are left out.
fn told_in_spite_of(malformed: &[Finding], linted: Vec<Finding>) -> Vec<Finding> {
    // Without a code, a list or a preset, anything that names it seems to dangle.
    let codes_are_whole = malformed.iter().all(|finding| {
        let (entry, field) = finding.path.rsplit_once('.').unwrap_or_default();
        finding.lint == Lint::Malformed && entry.ends_with(']') && field != "code"
    });
    // What a preset that is not there would have brought, nobody can miss.
    let all_is_merged = malformed.iter().all(|finding| finding.path != "extends");
    linted
        .into_iter()
        .filter(|finding| match finding.lint {
            Lint::BadCode | Lint::DuplicateCode | Lint::UnknownZone => true,
            Lint::Numbering | Lint::OutOfRange | Lint::ReasonContradiction => all_is_merged,
            Lint::Undefined => codes_are_whole,
            _ => false,
        })
        .filter(|finding| {
            !malformed.iter().any(|bad| {
                let rest = finding.path.strip_prefix(&*bad.path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        })
        .collect()
}

/// Lints and compiles a document.
pub(crate) fn checked(document: Document) -> Result<Read, RulebookInvalid> {
    let mut findings = lint(&document);
    if findings.iter().any(Finding::is_error) {
        return Err(RulebookInvalid { findings });
    }
    let version = stored(&document).ok().map(|text| version_of(&text));
    if let Some(rulebook) = version.and_then(|version| Rulebook::compile(document, version)) {
        return Ok(Read { rulebook, findings });
    }
    // The linter promises that this does not happen; if it did, a refusal must still say why.
    let mut missed = Findings::default();
    missed.error(Lint::Malformed, "", "the rulebook cannot be compiled");
    findings.splice(0..0, missed.into_sorted());
    Err(RulebookInvalid { findings })
}

impl Rulebook {
    /// Reads, checks and compiles a text; what is worth a second look comes with the rulebook.
    ///
    /// # Errors
    ///
    /// [`RulebookInvalid`] with everything that was found, when any of it is an error.
    pub fn read(text: &str, format: Format) -> Result<Read, RulebookInvalid> {
        checked(read(text, format)?)
    }

    /// Reads, checks and compiles TOML.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::read`].
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::rulebook::Rulebook;
    ///
    /// let rulebook = Rulebook::from_toml(
    ///     r#"
    ///     extends = "city-311"
    ///     name = "Haldia Municipality"
    ///     zone = "Asia/Kolkata"
    ///     numbering.prefix = "HLD"
    ///     unit = [{ code = "works", name = "Works" }]
    ///     category = [{ code = "roads", unit = "works" }]
    ///     "#,
    /// )?;
    /// assert_eq!(rulebook.number_prefix().as_str(), "HLD");
    /// # Ok::<(), grievance_core::rulebook::finding::RulebookInvalid>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, RulebookInvalid> {
        Self::read(text, Format::Toml).map(|read| read.rulebook)
    }

    /// Reads, checks and compiles JSON.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::read`].
    pub fn from_json(text: &str) -> Result<Self, RulebookInvalid> {
        Self::read(text, Format::Json).map(|read| read.rulebook)
    }
}
