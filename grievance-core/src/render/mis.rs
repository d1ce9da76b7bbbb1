//! `mis.html`: the weekly statement as a page.

use crate::kernel::code::ReasonCode;
use crate::measure::statement::Mis;
use crate::render::mis_view::Page;
use crate::rulebook::Rulebook;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

/// The page's template.
const TEMPLATE: &str = include_str!("templates/mis.html");

/// Writes a statement as one self-contained page: no script, nothing loaded from elsewhere, good
/// on A4 paper. Offices with most pending come first.
///
/// `reason` gives a closure reason's printed name. Every text is escaped.
pub fn mis_html(mis: &Mis, title: &str, reason: impl Fn(&ReasonCode) -> String) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(lines_of_tags_vanish());
    environment
        .render_str(TEMPLATE, Serde(Page::new(mis, title, reason)))
        .expect("the template names only what the page has, and a test renders all of it")
}

/// The same with the closure reasons as a rulebook prints them for officers; one that it no longer has by its code.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::cases::casebook::Casebook;
/// use grievance_core::measure::cases::sheets::Asked;
/// use grievance_core::measure::cases::table::Cases;
/// use grievance_core::render::mis::mis_page;
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let book = Casebook::from(Cases::new(chrono_tz::Asia::Kolkata));
/// let mis = book.mis(&Asked::of("2026-11-23".parse()?))?;
/// assert!(mis_page(&mis, "Haldia & ferries", &rulebook).contains("Haldia &amp; ferries"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mis_page(mis: &Mis, title: &str, rulebook: &Rulebook) -> String {
    mis_html(mis, title, |code| {
        let known = rulebook.reasons().get(code);
        known.map_or_else(|| code.to_string(), |reason| reason.officer_text.clone())
    })
}

/// A line that holds only a tag leaves no empty line.
fn lines_of_tags_vanish() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("the usual delimiters are valid")
}
