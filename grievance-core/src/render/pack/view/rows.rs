//! The tables of offices, cases and lines, the agenda and the notes.

use crate::measure::pack::{CountOf, Figures, Line, Row, ShareKind};
use crate::render::colour::{age_step, target_step};
use crate::render::pack::view::{Agenda, Field, Mark, Table, Writer};
use crate::render::pack::words::{band_labels, flag_words, line_words, standing_words, target_words};
use crate::vocabulary::MisLine;
use std::cmp::Reverse;

impl Writer<'_> {
    /// Offices with what is said of each, those with most pending first.
    pub(super) fn rows(&self, rows: &[Row], branches: bool) -> Table {
        let language = self.language;
        let word = |key| language.words(key).to_owned();
        let index = self.pack.index.as_ref().filter(|_| branches);
        let mut heads = vec![word("office"), word("flags")];
        if index.is_some() {
            heads.extend([word("rank"), word("score")]);
            heads.extend(self.tells_chance().then(|| word("standing")));
        }
        heads.push(word("pending"));
        heads.extend(band_labels(language, &self.pack.band_cuts));
        heads.extend(
            ["past_due", "received", "disposed", "breached", "escalated", "share_satisfied"].map(word),
        );
        let mut ordered: Vec<&Row> = rows.iter().collect();
        ordered.sort_by_key(|row| Reverse(row.figures.week(MisLine::Pending)));
        let total = std::iter::once(self.row(None, &self.pack.all, index.is_some()));
        let rows =
            total.chain(ordered.into_iter().map(|row| self.row(Some(row), &row.figures, index.is_some())));
        Table { heads, rows: rows.collect(), total: true }
    }

    fn row(&self, row: Option<&Row>, figures: &Figures, ranked: bool) -> Vec<Field> {
        let language = self.language;
        let small = row.filter(|row| row.below > 0).map(|row| {
            let key = if row.below == 1 { "with_one_below" } else { "with_below" };
            language.fill(key, &[("count", &language.number(u64::from(row.below)))])
        });
        let alone = row.filter(|row| row.below == 0 && row.unit == self.pack.unit);
        let small = small.or_else(|| alone.map(|_| language.words("alone").to_owned()));
        let name = row.map_or_else(|| language.words("all").to_owned(), |row| row.name.clone());
        let flags: Vec<&str> = figures.flags.iter().map(|flag| flag_words(language, *flag)).collect();
        let flags =
            Field { text: flags.join(", "), marks: self.marks(figures), wraps: true, ..Field::default() };
        let mut fields = vec![Field { text: name, small, ..Field::default() }, flags];
        if ranked {
            let told = if self.tells_chance() { 3 } else { 2 };
            fields.extend(self.ranked(row).into_iter().take(told));
        }
        let counted = |line: Line| match line {
            line if !figures.tells(line) => Field::words(self.no_data()),
            _ => self.open(figures.week(line), Some(self.cell(row, line))),
        };
        fields.push(counted(MisLine::Pending.into()));
        fields.extend(Line::all(self.bands()).filter(|line| matches!(line, Line::Age(_))).map(counted));
        fields.extend(
            [MisLine::PastDue, MisLine::Received, MisLine::Disposed, MisLine::Breached, MisLine::Escalated]
                .map(|line| counted(line.into())),
        );
        fields.push(Field::words(self.percent(figures, ShareKind::Satisfied)));
        fields
    }

    /// Whether something is said of how far chance goes.
    fn tells_chance(&self) -> bool {
        let board = self.pack.index.as_ref().map(|index| &index.board);
        board.is_some_and(|board| board.offices.iter().any(|office| office.standing.is_some()))
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
        let standing = office.and_then(|office| office.standing);
        let written = |text: Option<String>| Field::words(text.unwrap_or_else(|| self.no_data()));
        let blank = |field: Field| if row.is_none() { Field::default() } else { field };
        [
            blank(written(rank.map(|rank| language.number(u64::from(rank))))),
            written(score.map(|score| language.decimal(score))),
            // Under an index of which chance cannot be told nothing is said of those that are big enough.
            blank(Field {
                wraps: true,
                ..Field::words(
                    standing
                        .map_or_else(String::new, |standing| standing_words(language, standing).to_owned()),
                )
            }),
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

    pub(super) fn oldest(&self) -> Table {
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

    pub(super) fn levels(&self) -> Table {
        let language = self.language;
        let rows = self
            .pack
            .levels
            .iter()
            .map(|row| {
                let level = language.number(u64::from(row.level));
                vec![
                    Field::words(language.fill("level_of", &[("level", &level)])),
                    self.open(row.count, Some(self.cell(None, CountOf::Level(row.level)))),
                ]
            })
            .collect();
        Table {
            heads: ["level", "pending"].map(|key| language.words(key).to_owned()).to_vec(),
            rows,
            total: false,
        }
    }

    pub(super) fn lines(&self) -> Table {
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
                if !self.pack.all.tells(*line) {
                    let unknown = || Field::words(self.no_data());
                    return vec![Field::words(name), unknown(), unknown(), unknown()];
                }
                vec![
                    Field::words(name),
                    self.open(compared.week, Some(self.cell(None, *line))),
                    compared.before.map_or_else(
                        || Field::words(self.no_data()),
                        |before| self.open(before, Some(self.cell(None, CountOf::Line(*line, 1)))),
                    ),
                    Field::words(self.mean(compared.four)),
                ]
            })
            .collect();
        let heads = ["line", "this_week", "last_week", "four_weeks"];
        Table { heads: heads.map(|key| language.words(key).to_owned()).to_vec(), rows, total: false }
    }

    pub(super) fn agenda(&self, agenda: &crate::measure::pack::Agenda) -> Agenda {
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

    pub(super) fn notes(&self) -> Vec<String> {
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
