//! The pack's figures as words, fields and drawings: what the template prints.

use crate::kernel::code::UnitCode;
use crate::measure::pack::{Cell, Compared, Figures, Line, Mean, Pack, Row, ShareKind, Span};
use crate::render::colour::{Step, age_step, target_step};
use crate::render::language::Language;
use crate::render::pack::PackPage;
use crate::render::pack::chart::{self, Bar, Course, FlowPoint};
use crate::render::pack::words::{band_labels, flag_words, line_words, short_bands, target_words};
use crate::vocabulary::MisLine;
use serde::Serialize;
use std::cmp::Reverse;
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
struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<Field>>,
    /// Whether the first row is the total.
    total: bool,
}

/// A field of a table.
#[derive(Clone, Default, Serialize)]
struct Field {
    text: String,
    /// A second line, small.
    small: Option<String>,
    href: Option<String>,
    marks: Vec<Mark>,
    zero: bool,
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
        let until = pack.as_of.pred_opt().map_or_else(String::new, |last| language.date(last));
        let keys =
            ["no_data", "table", "h_overview", "h_branches", "h_offices", "h_oldest", "h_levels", "h_lines"];
        let more = ["h_notes", "h_agenda", "points", "carried", "none", "empty"];
        let words = keys.into_iter().chain(more).map(|key| (key, language.words(key))).collect();
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
            week: language.fill("week_of", &[("from", &language.date(pack.since)), ("to", &until)]),
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
            figures: if pack.is_empty() { Vec::new() } else { writer.figures() },
            branches: writer.rows(&pack.branches, true),
            offices: (differ && few).then(|| writer.rows(&pack.offices, false)),
            more: (differ && !few).then(|| language.fill("more_in_workbook", &[("count", &count)])),
            oldest: (!pack.oldest.is_empty()).then(|| writer.oldest()),
            levels: (!pack.levels.is_empty()).then(|| writer.levels()),
            lines: writer.lines(),
            agenda: page.agenda.as_ref().map(|agenda| writer.agenda(agenda)),
            notes: writer.notes(),
        }
    }
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
        Field { text: self.language.number(count), href, zero: count == 0, ..Field::default() }
    }

    fn cell(&self, row: Option<&Row>, line: Line) -> Option<Cell> {
        let (unit, span) = match row {
            None => (self.pack.unit.clone(), Span::Below),
            // The branch of the top itself is that office alone, and so is every single office.
            Some(row) => (row.unit.clone(), if row.below > 0 { Span::Below } else { Span::Alone }),
        };
        Some(Cell { unit, span, line, ago: 0 })
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
                Some(compared) if !self.pack.is_empty() => Tile {
                    name: line_words(self.language, line),
                    value: self.open(compared.week, self.cell(None, line.into())),
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

    /// The branches with most pending; those with equally many in their order.
    fn bars(&self) -> Vec<Bar> {
        let mut rows: Vec<&Row> = self.pack.branches.iter().collect();
        rows.sort_by_key(|row| Reverse(row.figures.week(MisLine::Pending)));
        rows.into_iter()
            .take(CHARTED)
            .map(|row| Bar { name: row.name.clone(), ages: row.figures.ages(self.bands()) })
            .collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let (language, bars) = (self.language, self.bars());
        let labels = band_labels(language, &self.pack.band_cuts);
        let count = language.number(bars.len() as u64);
        let by_age = || Table {
            heads: std::iter::once(language.words("office").to_owned())
                .chain(labels.iter().cloned())
                .chain([language.words("pending").to_owned()])
                .collect(),
            rows: bars
                .iter()
                .map(|bar| {
                    let counts = bar.ages.iter().chain([&0]).copied().enumerate().map(|(nth, count)| {
                        let count = if nth == bar.ages.len() { bar.ages.iter().sum() } else { count };
                        self.open(count, None)
                    });
                    std::iter::once(Field::words(&*bar.name)).chain(counts).collect()
                })
                .collect(),
            total: false,
        };
        let legend = (0..self.bands())
            .map(|band| {
                (
                    chart::swatch("pendency", band),
                    format!("{} {}", age_step(band, self.bands()).shape, labels[band]),
                )
            })
            .collect();
        let most = bars.iter().flat_map(|bar| &bar.ages).copied().max().unwrap_or(0);
        let mut figures = vec![
            Figure {
                id: "pendency",
                head: language.words("h_pendency"),
                about: language.fill("about_pendency", &[("count", &count)]),
                svg: chart::pendency("pendency", &bars, language),
                legend,
                table: by_age(),
            },
            Figure {
                id: "heat",
                head: language.words("h_heat"),
                about: language.words("about_heat").to_owned(),
                svg: chart::heat("heat", &bars, &short_bands(language, &self.pack.band_cuts), language),
                legend: vec![(
                    String::new(),
                    language.fill("most_in_field", &[("count", &language.number(most))]),
                )],
                table: by_age(),
            },
            self.flow(),
        ];
        figures.extend(self.trend());
        figures
    }

    fn flow(&self) -> Figure {
        let language = self.language;
        let word = |key| language.words(key).to_owned();
        let keys =
            ["brought_forward", "received", "other_in", "disposed", "other_out", "pending", "difference"];
        let weeks: Vec<FlowPoint> = self
            .pack
            .flow
            .iter()
            .map(|week| FlowPoint {
                label: language.short_date(week.since),
                received: week.received,
                disposed: week.disposed,
                pending: week.pending,
            })
            .collect();
        let rows = self
            .pack
            .flow
            .iter()
            .map(|week| {
                let counts = [
                    week.brought_forward,
                    week.received,
                    week.other_in,
                    week.disposed,
                    week.other_out,
                    week.pending,
                ];
                std::iter::once(Field::words(language.date(week.since)))
                    .chain(counts.map(|count| self.open(count, None)))
                    .chain([Field::words(language.signed(week.difference))])
                    .collect()
            })
            .collect();
        let words = [language.words("received"), language.words("disposed"), language.words("pending")];
        Figure {
            id: "flow",
            head: language.words("h_flow"),
            about: word("about_flow"),
            svg: chart::flow("flow", &weeks, words, language),
            legend: Vec::new(),
            table: Table {
                heads: std::iter::once(word("weeks_from")).chain(keys.map(word)).collect(),
                rows,
                total: false,
            },
        }
    }

    fn trend(&self) -> Option<Figure> {
        let language = self.language;
        let index = self.pack.index.as_ref()?;
        let scored = index.board.offices.iter().filter(|office| office.rank.is_some());
        let mut lowest: Vec<_> = scored.collect();
        lowest.sort_by_key(|office| Reverse(office.rank));
        let lowest: Vec<&UnitCode> = lowest.into_iter().take(LOWEST).map(|office| &office.unit).collect();
        let mut courses =
            vec![Course { mark: 'a', scores: index.trend.iter().map(|week| week.all).collect() }];
        courses.extend(lowest.iter().zip('b'..).map(|(unit, mark)| Course {
            mark,
            scores: index.trend.iter().map(|week| week.branches.get(*unit).copied()).collect(),
        }));
        let names: Vec<String> = std::iter::once(language.words("all").to_owned())
            .chain(lowest.iter().map(|unit| self.name_of(unit)))
            .collect();
        let labels: Vec<String> = index.trend.iter().map(|week| language.short_date(week.until)).collect();
        let score = |score: Option<f64>| {
            Field::words(score.map_or_else(|| self.no_data(), |score| language.decimal(score)))
        };
        let rows = index
            .trend
            .iter()
            .enumerate()
            .map(|(nth, week)| {
                let scores = courses.iter().map(|course| score(course.scores[nth]));
                std::iter::once(Field::words(language.date(week.until))).chain(scores).collect()
            })
            .collect();
        let scale = index.board.definition.scale;
        Some(Figure {
            id: "trend",
            head: language.words("h_index"),
            about: language.fill(
                "about_index",
                &[("name", &index.board.definition.name), ("scale", &language.decimal(scale))],
            ),
            svg: chart::trend("trend", &labels, &courses, scale, language),
            legend: names
                .iter()
                .zip('A'..)
                .map(|(name, mark)| (String::new(), format!("{mark}: {name}")))
                .collect(),
            table: Table {
                heads: std::iter::once(language.words("week").to_owned()).chain(names).collect(),
                rows,
                total: false,
            },
        })
    }

    /// Offices with what is said of each, those with most pending first.
    fn rows(&self, rows: &[Row], branches: bool) -> Table {
        let language = self.language;
        let word = |key| language.words(key).to_owned();
        let index = self.pack.index.as_ref().filter(|_| branches);
        let mut heads = vec![word("office")];
        if index.is_some() {
            heads.extend([word("rank"), word("score"), word("standing")]);
        }
        heads.push(word("pending"));
        heads.extend(band_labels(language, &self.pack.band_cuts));
        heads.extend(
            ["past_due", "received", "disposed", "breached", "escalated", "share_satisfied"].map(word),
        );
        heads.extend([format!("{} · {}", word("colour_age"), word("colour_target")), word("flags")]);
        let mut ordered: Vec<&Row> = rows.iter().collect();
        ordered.sort_by_key(|row| Reverse(row.figures.week(MisLine::Pending)));
        let total = std::iter::once(self.row(None, &self.pack.all, index.is_some()));
        let rows =
            total.chain(ordered.into_iter().map(|row| self.row(Some(row), &row.figures, index.is_some())));
        Table { heads, rows: rows.collect(), total: true }
    }

    fn row(&self, row: Option<&Row>, figures: &Figures, ranked: bool) -> Vec<Field> {
        let language = self.language;
        let small = row
            .filter(|row| row.below > 0)
            .map(|row| language.fill("with_below", &[("count", &language.number(u64::from(row.below)))]));
        let alone = row.filter(|row| row.below == 0 && row.unit == self.pack.unit);
        let small = small.or_else(|| alone.map(|_| language.words("alone").to_owned()));
        let name = row.map_or_else(|| language.words("all").to_owned(), |row| row.name.clone());
        let mut fields = vec![Field { text: name, small, ..Field::default() }];
        if ranked {
            fields.extend(self.ranked(row));
        }
        let counted = |line: Line| self.open(figures.week(line), self.cell(row, line));
        fields.push(counted(MisLine::Pending.into()));
        fields.extend(Line::all(self.bands()).filter(|line| matches!(line, Line::Age(_))).map(counted));
        fields.extend(
            [MisLine::PastDue, MisLine::Received, MisLine::Disposed, MisLine::Breached, MisLine::Escalated]
                .map(|line| counted(line.into())),
        );
        fields.push(Field::words(self.percent(figures, ShareKind::Satisfied)));
        fields.push(Field { marks: self.marks(figures), ..Field::default() });
        let flags: Vec<&str> = figures.flags.iter().map(|flag| flag_words(language, *flag)).collect();
        fields.push(Field::words(flags.join(", ")));
        fields
    }

    fn ranked(&self, row: Option<&Row>) -> [Field; 3] {
        let language = self.language;
        let index = self.pack.index.as_ref();
        let office = row.and_then(|row| {
            index.and_then(|index| index.board.offices.iter().find(|office| office.unit == row.unit))
        });
        let rank = office.and_then(|office| office.rank);
        let score = match row {
            None => index.and_then(|index| index.trend.last()).and_then(|week| week.all),
            Some(_) => office.and_then(|office| office.score),
        };
        let standing = office.and_then(|office| index?.standings.get(&office.unit));
        let written = |text: Option<String>| Field::words(text.unwrap_or_else(|| self.no_data()));
        let blank = |field: Field| if row.is_none() { Field::default() } else { field };
        [
            blank(written(rank.map(|rank| language.number(u64::from(rank))))),
            written(score.map(|score| language.decimal(score))),
            blank(written(standing.map(|standing| {
                use crate::measure::index::Standing;
                let key = match standing {
                    Standing::TooFew => "standing_too_few",
                    Standing::Within => "standing_within",
                    Standing::Low => "standing_low",
                    Standing::VeryLow => "standing_very_low",
                    Standing::High => "standing_high",
                    Standing::VeryHigh => "standing_very_high",
                };
                language.words(key).to_owned()
            }))),
        ]
    }

    fn marks(&self, figures: &Figures) -> Vec<Mark> {
        let language = self.language;
        let age = figures.age.map(|step| {
            let key = ["age_step_1", "age_step_2", "age_step_3", "age_step_4"][usize::from(step.min(3))];
            Mark::new(age_step(usize::from(step), 4), language.words(key))
        });
        let target = figures.target.map(|state| Mark::new(target_step(state), target_words(language, state)));
        age.into_iter().chain(target).collect()
    }

    fn oldest(&self) -> Table {
        let language = self.language;
        let heads = ["number", "office", "received_on", "age", "target", "level"];
        let rows = self
            .pack
            .oldest
            .iter()
            .map(|case| {
                let number = case.number.as_ref().map_or_else(|| case.case.to_string(), ToString::to_string);
                let target = Mark::new(target_step(case.target), target_words(language, case.target));
                vec![
                    Field::words(number),
                    Field::words(self.name_of(&case.unit)),
                    Field::words(language.date(case.received_on)),
                    Field::words(language.signed(case.days)),
                    Field { marks: vec![target], ..Field::default() },
                    self.open(u64::from(case.level), None),
                ]
            })
            .collect();
        Table { heads: heads.map(|key| language.words(key).to_owned()).to_vec(), rows, total: false }
    }

    fn levels(&self) -> Table {
        let language = self.language;
        let rows = self
            .pack
            .levels
            .iter()
            .map(|row| {
                let level = language.number(u64::from(row.level));
                vec![
                    Field::words(language.fill("level_of", &[("level", &level)])),
                    self.open(row.count, None),
                ]
            })
            .collect();
        Table {
            heads: ["level", "pending"].map(|key| language.words(key).to_owned()).to_vec(),
            rows,
            total: false,
        }
    }

    fn lines(&self) -> Table {
        let language = self.language;
        let labels = band_labels(language, &self.pack.band_cuts);
        let rows = self
            .pack
            .all
            .lines
            .iter()
            .map(|(line, compared)| {
                let name = match line {
                    Line::Of(line) => line_words(language, *line).to_owned(),
                    Line::Age(band) => format!(
                        "{}, {}",
                        language.words("pending"),
                        labels.get(usize::from(*band)).map_or("", String::as_str)
                    ),
                };
                vec![
                    Field::words(name),
                    self.open(compared.week, self.cell(None, *line)),
                    Field::words(self.before(*compared)),
                    Field::words(self.mean(compared.four)),
                ]
            })
            .collect();
        let heads = ["line", "this_week", "last_week", "four_weeks"];
        Table { heads: heads.map(|key| language.words(key).to_owned()).to_vec(), rows, total: false }
    }

    fn agenda(&self, agenda: &crate::measure::pack::Agenda) -> Agenda {
        let language = self.language;
        let heads = ["decision", "office", "owner", "due", "state"];
        let carried = agenda
            .carried
            .iter()
            .map(|item| {
                let late = if item.is_overdue(agenda.meeting) { "state_overdue" } else { "state_open" };
                vec![
                    Field::words(&*item.text),
                    Field::words(self.name_of(&item.unit)),
                    Field::words(item.post.as_str()),
                    Field::words(language.date(item.due)),
                    Field::words(language.words(late)),
                ]
            })
            .collect::<Vec<_>>();
        Agenda {
            meeting: language.fill("meeting_on", &[("day", &language.date(agenda.meeting))]),
            points: agenda.points.iter().map(|point| self.point(point)).collect(),
            carried: (!carried.is_empty()).then(|| Table {
                heads: heads.map(|key| language.words(key).to_owned()).to_vec(),
                rows: carried,
                total: false,
            }),
        }
    }

    fn point(&self, point: &crate::measure::pack::Point) -> String {
        let language = self.language;
        let flags: Vec<&str> = point.flags.iter().map(|flag| flag_words(language, *flag)).collect();
        let pending = format!("{}: {}", language.words("pending"), language.number(point.pending));
        let oldest = format!("{}: {}", language.words("share_oldest"), language.number(point.oldest));
        let all = [flags.join(", "), pending, oldest];
        let said: Vec<&str> = all.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        format!("{}: {}", self.name_of(&point.unit), said.join("; "))
    }

    fn notes(&self) -> Vec<String> {
        let (language, pack) = (self.language, self.pack);
        let thresholds = &pack.thresholds;
        let listed = |percents: &[u32]| {
            let each = percents.iter().map(|percent| format!("{} %", language.number(u64::from(*percent))));
            each.collect::<Vec<_>>().join(", ")
        };
        let (age, target) = (listed(&thresholds.oldest_percent), listed(&thresholds.past_due_percent));
        let fewest = language.number(u64::from(thresholds.fewest));
        let mut notes = vec![
            language.fill("note_as_of", &[("day", &language.date(pack.as_of)), ("zone", &pack.zone)]),
            language.words("note_counts").to_owned(),
            language.words("note_mean").to_owned(),
            language.fill("note_no_data", &[("words", language.words("no_data"))]),
            language.fill("note_colour", &[("age", &age), ("target", &target), ("fewest", &fewest)]),
        ];
        if let Some(index) = &pack.index {
            let definition = &index.board.definition;
            notes.push(
                language.fill("note_ours", &[("name", &definition.name), ("source", &definition.source)]),
            );
            notes.push(language.words("note_index").to_owned());
        }
        notes
    }
}
