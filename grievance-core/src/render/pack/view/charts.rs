//! The four charts with their tables.

use crate::kernel::code::UnitCode;
use crate::measure::index::{Better, Standing};
use crate::measure::pack::{CountOf, Line, Row, WEEKS};
use crate::render::colour::age_step;
use crate::render::pack::chart::{self, Bar, Course, FlowPoint};
use crate::render::pack::view::{CHARTED, Field, Figure, LOWEST, Table, Writer};
use crate::render::pack::words::{band_labels, short_bands};
use crate::vocabulary::MisLine;
use std::cmp::Reverse;

impl Writer<'_> {
    /// The branches with most pending, those without any left out; those with equally many in their order.
    fn bars(&self) -> Vec<(&Row, Bar)> {
        let waits = |row: &&Row| row.figures.week(MisLine::Pending) > 0;
        let mut rows: Vec<&Row> = self.pack.branches.iter().filter(waits).collect();
        rows.sort_by_key(|row| Reverse(row.figures.week(MisLine::Pending)));
        rows.into_iter()
            .take(CHARTED)
            .map(|row| (row, Bar { name: row.name.clone(), ages: row.figures.ages(self.bands()) }))
            .collect()
    }

    pub(super) fn figures(&self) -> Vec<Figure> {
        let language = self.language;
        let (rows, bars): (Vec<&Row>, Vec<Bar>) = self.bars().into_iter().unzip();
        let labels = band_labels(language, &self.pack.band_cuts);
        let count = language.number(bars.len() as u64);
        let by_age = || Table {
            heads: std::iter::once(language.words("office").to_owned())
                .chain(labels.iter().cloned())
                .chain([language.words("pending").to_owned()])
                .collect(),
            rows: bars
                .iter()
                .zip(&rows)
                .map(|(bar, row)| {
                    let open = |count, line| self.open(count, Some(self.cell(Some(row), line)));
                    let ages = (0..).map(Line::Age).zip(&bar.ages).map(|(line, count)| open(*count, line));
                    let pending = open(bar.ages.iter().sum(), MisLine::Pending.into());
                    std::iter::once(Field::words(&*bar.name)).chain(ages).chain([pending]).collect()
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
            .zip((0..self.pack.flow.len()).rev())
            .map(|(week, ago)| {
                // A pack that was read may say more weeks than there are.
                let ago = u8::try_from(ago).ok().filter(|ago| usize::from(*ago) < WEEKS);
                let open = |count, line: MisLine| {
                    self.open(count, ago.map(|ago| self.cell(None, CountOf::Line(line.into(), ago))))
                };
                // Sums of several lines stand for themselves.
                let counts = [
                    open(week.brought_forward, MisLine::BroughtForward),
                    open(week.received, MisLine::Received),
                    self.open(week.other_in, None),
                    open(week.disposed, MisLine::Disposed),
                    self.open(week.other_out, None),
                    open(week.pending, MisLine::Pending),
                ];
                std::iter::once(Field::words(language.date(week.since)))
                    .chain(counts)
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
        // Where chance is told from a difference, only those that differ are named; nobody is called low who lies
        // within.
        let by_chance = index.board.definition.one_share().map(|term| term.better);
        let low = |standing| match by_chance {
            None => true,
            Some(Better::Higher) => matches!(standing, Some(Standing::Low | Standing::VeryLow)),
            Some(Better::Lower) => matches!(standing, Some(Standing::High | Standing::VeryHigh)),
        };
        let scored = index.board.offices.iter().filter(|office| office.rank.is_some());
        let mut lowest: Vec<_> = scored.filter(|office| low(office.standing)).collect();
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
                let told = courses.iter().map(|course| score(course.scores[nth]));
                std::iter::once(Field::words(language.date(week.until))).chain(told).collect()
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
}
