//! The pack's figures as words, fields and drawings: what the template prints.

mod behind;
mod charts;
mod closed;
mod rows;

use crate::kernel::code::UnitCode;
use crate::measure::pack::{Cell, Compared, CountOf, Figures, Mean, Pack, Row, ShareKind, Span};
use crate::render::colour::Step;
use crate::render::language::Language;
use crate::render::pack::PackPage;
use crate::render::pack::words::{line_words, week_words};
use crate::vocabulary::MisLine;
use serde::Serialize;
use std::collections::BTreeMap;

/// Offices in a chart.
const CHARTED: usize = 12;
/// Lines of the trend beside that of all together.
const LOWEST: usize = 3;
/// More offices than this stand in the workbook alone.
const LISTED: usize = 120;

/// Everything that the template prints. Every number is already written out.
#[derive(Serialize)]
pub(crate) struct Page {
    lang: &'static str,
    words: BTreeMap<&'static str, &'static str>,
    title: String,
    name: String,
    as_of: String,
    week: String,
    edition: Option<String>,
    rulebook: String,
    checkpoint: Option<(String, String)>,
    sealed: Option<String>,
    empty: bool,
    tiles: Vec<Tile>,
    figures: Vec<Figure>,
    branches: Table,
    offices: Option<Table>,
    more: Option<String>,
    oldest: Option<Table>,
    levels: Option<Table>,
    lines: Table,
    agenda: Option<Agenda>,
    behind: Option<behind::Sections>,
    suspicions: Option<closed::Suspicions>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Tile {
    name: &'static str,
    value: Field,
    note: String,
}

/// A chart with its table.
#[derive(Serialize)]
struct Figure {
    id: &'static str,
    head: &'static str,
    about: String,
    svg: String,
    legend: Vec<(String, String)>,
    table: Table,
}

#[derive(Serialize)]
pub(super) struct Table {
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<Field>>,
    /// Whether the first row is the total.
    total: bool,
}

/// A field of a table.
#[derive(Clone, Default, Serialize)]
pub(super) struct Field {
    pub(super) text: String,
    /// A second line, small.
    small: Option<String>,
    href: Option<String>,
    marks: Vec<Mark>,
    zero: bool,
    /// Words that may go over several lines.
    wraps: bool,
    /// What a workbook writes, whose numbers are numbers.
    #[serde(skip)]
    #[cfg_attr(
        not(feature = "xlsx"),
        expect(dead_code, reason = "only a workbook writes numbers as numbers")
    )]
    pub(super) value: Value,
}

/// A field before it is words.
#[cfg_attr(not(feature = "xlsx"), expect(dead_code, reason = "only a workbook writes numbers as numbers"))]
#[derive(Clone, Copy, Default)]
pub(super) enum Value {
    /// The words themselves.
    #[default]
    Words,
    /// No data.
    Nothing,
    Count(u64),
    /// Days and the like, to one decimal.
    Measured(f64),
    Percent(f64),
}

/// A step of a scale: colour, shape and words.
#[derive(Clone, Serialize)]
struct Mark {
    colour: String,
    text: String,
    shape: char,
    words: String,
}

#[derive(Serialize)]
struct Agenda {
    meeting: String,
    points: Vec<String>,
    carried: Option<Table>,
}

impl Field {
    fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Mark {
    fn new(step: Step, words: impl Into<String>) -> Self {
        let Step { colour, text, shape } = step;
        Self { colour: colour.to_string(), text: text.to_string(), shape, words: words.into() }
    }
}

/// One page in the making.
struct Writer<'a> {
    pack: &'a Pack,
    page: &'a PackPage<'a>,
    language: Language,
}

impl Page {
    pub(crate) fn new(pack: &Pack, page: &PackPage<'_>) -> Self {
        let language = page.language;
        let writer = Writer { pack, page, language };
        let day = language.date(pack.as_of);
        let keys =
            ["no_data", "table", "h_overview", "h_branches", "h_offices", "h_oldest", "h_levels", "h_lines"];
        let more = ["h_notes", "h_agenda", "points", "carried", "none", "empty"];
        let behind = [
            "h_waiting",
            "h_stays",
            "h_causes",
            "h_changes",
            "h_practices",
            "h_suspicions",
            "about_waiting",
            "about_stays",
            "about_changes",
        ];
        let words =
            keys.into_iter().chain(more).chain(behind).map(|key| (key, language.words(key))).collect();
        let few = pack.offices.len() <= LISTED;
        let differ = pack.branches.iter().any(|row| row.below > 0);
        let count = language.number(pack.offices.len() as u64);
        let sealed = match pack.sealed {
            crate::measure::sealed::SealedTotal::NotTold => None,
            crate::measure::sealed::SealedTotal::Few => Some(language.words("sealed_few").to_owned()),
            crate::measure::sealed::SealedTotal::Count(count) => Some(language.number(count)),
        };
        let short = |digest: String| digest.chars().take(16).collect::<String>();
        Self {
            lang: language.tag(),
            words,
            title: format!("{}: {}", language.words("title"), page.title.unwrap_or(&pack.name)),
            name: pack.name.clone(),
            as_of: language.fill("as_of", &[("day", &day), ("zone", &pack.zone)]),
            week: week_words(pack, language),
            edition: page.edition.as_ref().map(|edition| {
                let number = language.number(edition.number);
                language.fill("edition", &[("number", &number), ("hash", &edition.hash().to_string())])
            }),
            rulebook: language.fill("rulebook", &[("version", &short(pack.rulebook.to_string()))]),
            checkpoint: page.edition.as_ref().and_then(|edition| edition.checkpoint.as_ref()).map(|kept| {
                let number = language.number(kept.number);
                (language.fill("checkpoint", &[("number", &number)]), kept.hash().to_string())
            }),
            sealed: sealed.map(|count| language.fill("sealed", &[("count", &count)])),
            empty: pack.is_empty(),
            tiles: writer.tiles(),
            figures: match (pack.is_empty(), page.closed.as_ref()) {
                (true, _) => Vec::new(),
                (false, None) => writer.figures(),
                (false, Some(closed)) => writer.figures().into_iter().chain(writer.mix(closed)).collect(),
            },
            branches: writer.rows(&pack.branches, true),
            offices: (differ && few).then(|| writer.rows(&pack.offices, false)),
            more: (differ && !few).then(|| language.fill("more_in_workbook", &[("count", &count)])),
            oldest: (!pack.oldest.is_empty()).then(|| writer.oldest()),
            levels: (!pack.levels.is_empty()).then(|| writer.levels()),
            lines: writer.lines(),
            agenda: page.agenda.as_ref().map(|agenda| writer.agenda(agenda)),
            behind: page.behind.as_ref().map(|behind| writer.behind(behind)),
            suspicions: page.closed.as_ref().map(|closed| writer.suspicions(closed)),
            notes: writer.notes(),
        }
    }
}

/// What stands behind the figures and what the disposed were closed with, as tables with their names: what a page has
/// of them, for a workbook.
#[cfg(feature = "xlsx")]
pub(super) fn tables(pack: &Pack, page: &PackPage<'_>) -> Vec<(&'static str, Table)> {
    let language = page.language;
    let writer = Writer { pack, page, language };
    let behind = page.behind.as_ref().map(|behind| writer.behind(behind).tables()).into_iter().flatten();
    let behind = behind.map(|(key, table)| (language.words(key), table));
    let mix = page.closed.as_ref().map(|closed| writer.mix(closed)).into_iter().flatten();
    let suspicions = page.closed.as_ref().and_then(|closed| writer.suspicions(closed).table);
    let suspicions = suspicions.map(|table| (language.words("h_suspicions"), table));
    behind.chain(mix.map(|figure| (figure.head, figure.table))).chain(suspicions).collect()
}

impl Writer<'_> {
    fn bands(&self) -> usize {
        self.pack.bands()
    }

    fn no_data(&self) -> String {
        self.language.words("no_data").to_owned()
    }

    fn mean(&self, mean: Mean) -> String {
        mean.value().map_or_else(|| self.no_data(), |value| self.language.decimal(value))
    }

    fn before(&self, compared: Compared) -> String {
        compared.before.map_or_else(|| self.no_data(), |before| self.language.number(before))
    }

    fn name_of(&self, unit: &UnitCode) -> String {
        let known = self.pack.offices.iter().find(|row| row.unit == *unit);
        known.map_or_else(|| unit.to_string(), |row| row.name.clone())
    }

    /// A count with the way to its cases.
    fn open(&self, count: u64, cell: Option<Cell>) -> Field {
        let href = cell.filter(|_| count > 0).and_then(|cell| self.page.open.map(|open| open(&cell)));
        let (text, value) = (self.language.number(count), Value::Count(count));
        Field { text, href, zero: count == 0, value, ..Field::default() }
    }

    fn cell(&self, row: Option<&Row>, of: impl Into<CountOf>) -> Cell {
        let (unit, span) = match row {
            None => (self.pack.unit.clone(), Span::Below),
            // The branch of the top itself is that office alone, and so is every single office.
            Some(row) => (row.unit.clone(), if row.below > 0 { Span::Below } else { Span::Alone }),
        };
        Cell { unit, span, of: of.into() }
    }

    fn percent(&self, figures: &Figures, share: ShareKind) -> String {
        let found = figures.shares.iter().find(|one| one.share == share);
        found
            .and_then(|share| share.percent)
            .map_or_else(|| self.no_data(), |percent| format!("{} %", self.language.decimal(percent)))
    }

    fn against(&self, compared: Compared) -> String {
        let (before, mean) = (self.before(compared), self.mean(compared.four));
        self.language.fill("against", &[("before", &before), ("mean", &mean)])
    }

    fn tiles(&self) -> Vec<Tile> {
        let all = &self.pack.all;
        let lines = [
            MisLine::Received,
            MisLine::Disposed,
            MisLine::Pending,
            MisLine::PastDue,
            MisLine::Breached,
            MisLine::Escalated,
            MisLine::Reopened,
            MisLine::Verified,
        ];
        let mut tiles: Vec<Tile> = lines
            .into_iter()
            .map(|line| match all.line(line) {
                Some(_) if !all.tells(line) => {
                    let note = self.language.words("no_target").to_owned();
                    Tile { name: line_words(self.language, line), value: Field::words(self.no_data()), note }
                }
                Some(compared) if !self.pack.is_empty() => Tile {
                    name: line_words(self.language, line),
                    value: self.open(compared.week, Some(self.cell(None, line))),
                    note: self.against(compared),
                },
                _ => Tile {
                    name: line_words(self.language, line),
                    value: Field::words(self.no_data()),
                    note: String::new(),
                },
            })
            .collect();
        for share in [ShareKind::Satisfied, ShareKind::OnTime] {
            let found = all.shares.iter().find(|one| one.share == share);
            let note = found.filter(|share| share.of > 0).map_or_else(String::new, |share| {
                let (count, of) = (self.language.number(share.count), self.language.number(share.of));
                self.language.fill("of", &[("count", &count), ("of", &of)])
            });
            let name = self.language.words(if share == ShareKind::Satisfied {
                "share_satisfied"
            } else {
                "share_on_time"
            });
            tiles.push(Tile { name, value: Field::words(self.percent(all, share)), note });
        }
        let days = self.mean(all.days);
        let note = self.language.words("days_note").to_owned();
        tiles.push(Tile { name: self.language.words("days"), value: Field::words(days), note });
        tiles
    }
}
