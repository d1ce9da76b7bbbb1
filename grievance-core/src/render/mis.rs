//! `mis.html`: the weekly statement as a page.

use crate::kernel::code::ReasonCode;
use crate::measure::statement::Mis;
use crate::render::mis_view::Page;
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

/// A line that holds only a tag leaves no empty line.
fn lines_of_tags_vanish() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("the usual delimiters are valid")
}
