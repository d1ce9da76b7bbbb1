//! The weekly pack as people read it: a page, a table of comma-separated values, a workbook.
//!
//! No rule stands here: what is counted, which colour an office has and what is pointed out comes with
//! the pack.

mod chart;
mod of_desk;
pub mod palette;
mod view;
mod words;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use crate::render::pack::of_desk::review_html;
#[cfg(feature = "xlsx")]
pub use crate::render::pack::xlsx::{WorkbookFailed, pack_xlsx, review_xlsx};

use crate::kernel::code::UnitCode;
use crate::kernel::number::RegistrationNumber;
use crate::measure::gpr::Board;
use crate::measure::pack::{Agenda, Cell, Edition, Figures, Listed, Pack, Row};
use crate::measure::practice::Register;
use crate::measure::quality::Closings;
use crate::measure::stay::Stays;
use crate::measure::waiting::Waiting;
use crate::render::defuse::defuse;
use crate::render::language::Language;
use crate::render::pack::view::Page;
use crate::render::pack::words::{line_name, week_words};
use crate::rulebook::Rulebook;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use std::io;

/// The page's template.
const TEMPLATE: &str = include_str!("../templates/pack.html");

/// How a pack is printed, beside the pack itself.
#[derive(Clone, Copy)]
pub struct PackPage<'a> {
    /// In which language.
    pub language: Language,
    /// What stands behind the words "weekly review"; the office's name if absent.
    pub title: Option<&'a str>,
    /// The edition that the pack belongs to, whose number, hash and checkpoint are printed.
    pub edition: Option<&'a Edition>,
    /// The agenda of the meeting that the pack is for.
    pub agenda: Option<&'a Agenda>,
    /// What stands behind the figures: what waits, where the time goes, causes, good practices.
    pub behind: Option<Behind<'a>>,
    /// What the disposed were closed with, and what points at it.
    pub closed: Option<Closed<'a>>,
    /// The address at which a count opens to its cases; counts are plain if absent.
    pub open: Option<&'a dyn Fn(&Cell) -> String>,
}

/// What a review looks at behind the figures of the week. All of it is counted as of the day of the pack,
/// from the same cases; of waiting and stays the page shows those of the pack's office and all below it.
#[derive(Clone, Copy, Debug)]
pub struct Behind<'a> {
    /// The rulebook, which names stages, subjects, causes and changes.
    pub rulebook: &'a Rulebook,
    /// What waits, and on whom.
    pub waiting: &'a Waiting,
    /// How long cases stay in each stage.
    pub stays: &'a Stays,
    /// What cases come from, and what a change would remove.
    pub board: &'a Board,
    /// Good practices, of which the published ones are shown.
    pub practices: &'a Register,
}

/// The closings of the last four weeks ([`Closings::of_weeks`]), of which the page shows those of the pack's office and
/// all below it. It names no officer and no case.
#[derive(Clone, Copy, Debug)]
pub struct Closed<'a> {
    /// The rulebook, which names reasons and says from when on something points at closings.
    pub rulebook: &'a Rulebook,
    /// The closings.
    pub closings: &'a Closings,
}

impl PackPage<'_> {
    /// The page in a language, with nothing beside the pack.
    pub const fn in_language(language: Language) -> Self {
        Self { language, title: None, edition: None, agenda: None, behind: None, closed: None, open: None }
    }
}

/// Writes a pack as one self-contained page: no script, nothing loaded from elsewhere, legible at 320
/// pixels, in grey and on A4 paper. Every chart has a table that says the same. Every text is escaped.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::{PackPart, Weeks};
/// use grievance_core::render::language::Language;
/// use grievance_core::render::pack::{PackPage, pack_html};
/// use grievance_core::vocabulary::AgeRule;
///
/// let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, rulebook.zone(), AgeRule::Calendar));
/// let cell = rulebook.directory().cell();
/// let pack = PackPart::new(weeks).finish(&rulebook, cell, None, |unit| unit.to_string())?;
/// let page = pack_html(&pack, &PackPage::in_language(Language::Bengali));
/// assert!(page.contains("৩০ মার্চ ২০২৬"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pack_html(pack: &Pack, page: &PackPage<'_>) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters are valid"));
    environment
        .render_str(TEMPLATE, Serde(Page::new(pack, page)))
        .expect("the template names only what the page has, and a test renders all of it")
}

/// Writes a pack as CSV (RFC 4180, UTF-8): a row for each count of each office, in columns that a
/// program reads. `span` is `alone` or `below`, the mean of four weeks is its sum and of how many
/// weeks; an empty field is no data.
///
/// Names that a spreadsheet would take for formulas are defused
/// ([`defuse`]); numbers are numbers.
///
/// # Errors
///
/// What the writer reports.
pub fn pack_csv(pack: &Pack, to: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(["as_of", "unit", "name", "span", "line", "week", "before", "four_sum", "four_weeks"])?;
    let as_of = pack.as_of.to_string();
    for (unit, name, span, figures) in offices(pack) {
        for (line, compared) in &figures.lines {
            let tells = figures.tells(*line);
            let known = |count: Option<i128>| {
                count.filter(|_| tells).map(|count| count.to_string()).unwrap_or_default()
            };
            csv.write_record([
                as_of.as_str(),
                &defuse(unit.as_str()),
                &defuse(name),
                span,
                &line.to_string(),
                &known(Some(compared.week.into())),
                &known(compared.before.map(i128::from)),
                &known(Some(compared.four.sum.into())),
                &known(Some(compared.four.of.into())),
            ])?;
        }
    }
    csv.flush()
}

/// Writes a pack as CSV for people: the rows of [`pack_csv`], in the words, digits and groups of a
/// language, as the page has them. It begins with the mark (U+FEFF) by which spreadsheets know UTF-8.
///
/// Every text that a spreadsheet would take for a formula is defused ([`defuse`]). A program reads
/// [`pack_csv`], of which the numbers are numbers.
///
/// # Errors
///
/// What the writer reports.
pub fn pack_csv_in(pack: &Pack, language: Language, mut to: impl io::Write) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(to);
    let heads = ["week", "office", "span", "line", "this_week", "last_week", "four_weeks"];
    csv.write_record(heads.map(|key| language.words(key)))?;
    let week = week_words(pack, language);
    let known = |text: Option<String>| text.unwrap_or_else(|| language.words("no_data").to_owned());
    for (_, name, span, figures) in offices(pack) {
        for (line, compared) in &figures.lines {
            let known = |text: Option<String>| known(text.filter(|_| figures.tells(*line)));
            csv.write_record([
                week.as_str(),
                &defuse(name),
                language.words(if span == "below" { "span_below" } else { "span_alone" }),
                &defuse(&line_name(language, *line, &pack.band_cuts)),
                &known(Some(language.number(compared.week))),
                &known(compared.before.map(|before| language.number(before))),
                &known(compared.four.value().map(|mean| language.decimal(mean))),
            ])?;
        }
    }
    csv.flush()
}

/// Writes the cases behind a count ([`CaseLists`](crate::measure::pack::CaseLists)) as CSV: the number that the complainant
/// has, the identity, and how often the case counts. What a spreadsheet would take for a formula is defused
/// ([`defuse`]).
///
/// # Errors
///
/// What the writer reports.
pub fn list_csv<'a>(
    list: impl IntoIterator<Item = (Option<&'a RegistrationNumber>, Listed)>,
    to: impl io::Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(["number", "case", "times"])?;
    for (number, Listed { case, times }) in list {
        let number = number.map_or_else(String::new, ToString::to_string);
        csv.write_record([&*defuse(&number), &case.to_string(), &times.to_string()])?;
    }
    csv.flush()
}

/// The offices of a table, each with its name, what is counted with it, and its figures.
fn offices(pack: &Pack) -> impl Iterator<Item = (&UnitCode, &str, &'static str, &Figures)> {
    let all = [(&pack.unit, pack.name.as_str(), "below", &pack.all)];
    let spans = |row: &Row| if row.below > 0 { "below" } else { "alone" };
    // An office without any below it stands once, alone.
    let branches = pack.branches.iter().filter(|row| row.below > 0);
    let rows = branches.chain(&pack.offices);
    all.into_iter().chain(rows.map(move |row| (&row.unit, row.name.as_str(), spans(row), &row.figures)))
}
