//! The pack as a workbook.

use crate::kernel::code::UnitCode;
use crate::measure::pack::{Agenda, Compared, IndexPart, Line, Mean, Pack, Row, ShareKind};
use crate::render::colour::{Colour, age_step, target_step};
use crate::render::language::Language;
use crate::render::pack::PackPage;
use crate::render::pack::view::{Table, Value, tables};
use crate::render::pack::words::{flag_words, line_name, standing_words, target_words};
use crate::vocabulary::{ErrorCode, MisLine};
use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Whole numbers in lakhs and crores, as they are read in India. A format has two conditions at most, so these end below a
/// hundred crores.
const LAKHS: &str = r"[>=10000000]##\,##\,##\,##0;[>=100000]##\,##\,##0;#,##0";
/// From here on, a number is written by the second.
const HUNDRED_CRORES: u64 = 1_000_000_000;
const CRORES: &str = r"[>=100000000000]##\,##\,##\,##\,##\,##0;##\,##\,##\,##\,##0";

/// Why there is no workbook. What the pack says is not repeated.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: it has more rows or longer texts than a workbook may have")]
pub struct WorkbookFailed;

impl WorkbookFailed {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::TooLong
    }
}

impl From<XlsxError> for WorkbookFailed {
    fn from(_: XlsxError) -> Self {
        Self
    }
}

/// Writes a pack as an XLSX workbook: the lines of all, the offices with what is below them, every
/// office alone, the flow, the oldest cases; the index with its terms, and what time has brought up the ladder, where the
/// pack has them. The same pack gives the same bytes.
///
/// Numbers are numbers, in the digits that the spreadsheet shows, and days are days; no data is an empty field. A day
/// before 1900, which no spreadsheet has, is a text. Texts are written as texts, so none is taken for a formula.
///
/// # Errors
///
/// [`WorkbookFailed`] beyond what a workbook holds.
pub fn pack_xlsx(pack: &Pack, language: Language) -> Result<Vec<u8>, WorkbookFailed> {
    review_xlsx(pack, &PackPage::in_language(language))
}

/// The same, with what a page has beside the pack: what waits, where the time goes, causes and changes, what the disposed
/// were closed with and what points at it, and the agenda of the meeting. Good practices are words, and stay on the page.
///
/// # Errors
///
/// As of [`pack_xlsx`].
pub fn review_xlsx(pack: &Pack, page: &PackPage<'_>) -> Result<Vec<u8>, WorkbookFailed> {
    let language = page.language;
    let mut workbook = Workbook::new();
    let made = date(pack.as_of).or_else(|_| ExcelDateTime::from_ymd(1900, 1, 1))?;
    let title = format!("{}: {}", language.words("title"), pack.name);
    workbook.set_properties(&DocProperties::new().set_title(&title).set_creation_datetime(&made));
    let writer = Writer::new(pack, language);
    writer.all(workbook.add_worksheet(), &title)?;
    writer.rows(workbook.add_worksheet(), "h_branches", &pack.branches)?;
    writer.rows(workbook.add_worksheet(), "h_offices", &pack.offices)?;
    writer.flow(workbook.add_worksheet())?;
    writer.oldest(workbook.add_worksheet())?;
    if let Some(index) = &pack.index {
        writer.index(workbook.add_worksheet(), index)?;
    }
    if !pack.levels.is_empty() {
        writer.levels(workbook.add_worksheet())?;
    }
    for (name, table) in tables(pack, page) {
        writer.table(workbook.add_worksheet(), name, &table)?;
    }
    if let Some(agenda) = page.agenda {
        writer.agenda(workbook.add_worksheet(), agenda)?;
    }
    Ok(workbook.save_to_buffer()?)
}

struct Writer<'a> {
    pack: &'a Pack,
    language: Language,
    head: Format,
    number: Format,
    large: Format,
    mean: Format,
    percent: Format,
    day: Format,
}

const fn rgb(colour: Colour) -> Color {
    let Colour(red, green, blue) = colour;
    Color::RGB((red as u32) << 16 | (green as u32) << 8 | blue as u32)
}

impl<'a> Writer<'a> {
    fn new(pack: &'a Pack, language: Language) -> Self {
        Self {
            pack,
            language,
            head: Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Medium),
            number: Format::new().set_num_format(LAKHS),
            large: Format::new().set_num_format(CRORES),
            mean: Format::new().set_num_format("#,##0.0"),
            percent: Format::new().set_num_format(r#"0.0" %""#),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }

    fn begin(&self, sheet: &mut Worksheet, name: &str, row: u32, heads: &[String]) -> Result<(), XlsxError> {
        // A sheet's name has at most 31 letters, and none of these.
        let name: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
        sheet.set_name(name)?;
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(row, column, head, &self.head)?;
        }
        sheet.set_column_width(0, 42)?;
        sheet.set_freeze_panes(row + 1, 1)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(row, row)?;
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
    fn count(&self, sheet: &mut Worksheet, row: u32, column: u16, count: u64) -> Result<(), XlsxError> {
        let format = if count < HUNDRED_CRORES { &self.number } else { &self.large };
        sheet.write_number_with_format(row, column, count as f64, format).map(|_| ())
    }

    fn day(&self, sheet: &mut Worksheet, row: u32, column: u16, day: NaiveDate) -> Result<(), XlsxError> {
        match date(day) {
            Ok(date) => sheet.write_datetime_with_format(row, column, date, &self.day).map(|_| ()),
            Err(_) => sheet.write_string(row, column, day.to_string()).map(|_| ()),
        }
    }

    fn mean(&self, sheet: &mut Worksheet, row: u32, column: u16, mean: Mean) -> Result<(), XlsxError> {
        match mean.value() {
            Some(value) => sheet.write_number_with_format(row, column, value, &self.mean).map(|_| ()),
            None => Ok(()),
        }
    }

    fn compared(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        from: u16,
        compared: Compared,
    ) -> Result<(), XlsxError> {
        self.count(sheet, row, from, compared.week)?;
        if let Some(before) = compared.before {
            self.count(sheet, row, from + 1, before)?;
        }
        self.mean(sheet, row, from + 2, compared.four)
    }

    fn line_name(&self, line: Line) -> String {
        line_name(self.language, line, &self.pack.band_cuts)
    }

    fn all(&self, sheet: &mut Worksheet, title: &str) -> Result<(), XlsxError> {
        let language = self.language;
        let heads =
            ["line", "this_week", "last_week", "four_weeks"].map(|key| language.words(key).to_owned());
        self.begin(sheet, language.words("h_overview"), 3, &heads)?;
        sheet.write_string(0, 0, title)?;
        let day = language.date(self.pack.as_of);
        sheet.write_string(1, 0, language.fill("as_of", &[("day", &day), ("zone", &self.pack.zone)]))?;
        for (row, (line, compared)) in (4..).zip(&self.pack.all.lines) {
            sheet.write_string(row, 0, self.line_name(*line))?;
            self.compared(sheet, row, 1, *compared)?;
        }
        sheet.set_column_width(1, 14)?.set_column_width(2, 14)?.set_column_width(3, 14)?;
        Ok(())
    }

    fn rows(&self, sheet: &mut Worksheet, name: &str, rows: &[Row]) -> Result<(), XlsxError> {
        let language = self.language;
        let word = |key: &str| language.words(key).to_owned();
        let bands = self.pack.bands();
        let lines: Vec<Line> = [MisLine::Pending.into()]
            .into_iter()
            .chain(Line::all(bands).filter(|line| matches!(line, Line::Age(_))))
            .chain(MisLine::ALL.iter().copied().filter(|line| *line != MisLine::Pending).map(Line::Of))
            .filter(|line| self.pack.all.lines.contains_key(line))
            .collect();
        let mut heads = vec![word("office"), word("colour_age"), word("colour_target"), word("flags")];
        heads.extend(lines.iter().map(|line| self.line_name(*line)));
        heads.extend(ShareKind::ALL.map(|share| format!("{} %", word(&format!("share_{}", share.as_str())))));
        heads.push(word("days"));
        self.begin(sheet, language.words(name), 0, &heads)?;
        let step = |step: crate::render::colour::Step| {
            Format::new().set_background_color(rgb(step.colour)).set_font_color(rgb(step.text))
        };
        let ages = [0, 1, 2, 3].map(|nth| step(age_step(nth, 4)));
        for (at, row) in (1..).zip(rows) {
            let figures = &row.figures;
            sheet.write_string(at, 0, &*row.name)?;
            if let Some(age) = figures.age.map(|age| usize::from(age.min(3))) {
                let key = ["age_step_1", "age_step_2", "age_step_3", "age_step_4"][age];
                let words = format!("{} {}", age_step(age, 4).shape, language.words(key));
                sheet.write_string_with_format(at, 1, words, &ages[age])?;
            }
            if let Some(state) = figures.target {
                let mark = target_step(state);
                let words = format!("{} {}", mark.shape, target_words(language, state));
                sheet.write_string_with_format(at, 2, words, &step(mark))?;
            }
            let flags: Vec<&str> = figures.flags.iter().map(|flag| flag_words(language, *flag)).collect();
            sheet.write_string(at, 3, flags.join(", "))?;
            let mut column = 4;
            for line in &lines {
                self.count(sheet, at, column, figures.week(*line))?;
                column += 1;
            }
            for share in &figures.shares {
                if let Some(percent) = share.percent {
                    sheet.write_number_with_format(at, column, percent, &self.mean)?;
                }
                column += 1;
            }
            self.mean(sheet, at, column, figures.days)?;
        }
        let last = u16::try_from(heads.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let rows = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
        sheet.autofilter(0, 0, rows, last)?;
        sheet.set_column_width(1, 18)?.set_column_width(2, 24)?.set_column_width(3, 28)?;
        Ok(())
    }

    fn flow(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let language = self.language;
        let keys = [
            "weeks_from",
            "brought_forward",
            "received",
            "other_in",
            "disposed",
            "other_out",
            "pending",
            "difference",
        ];
        self.begin(sheet, language.words("h_flow"), 0, &keys.map(|key| language.words(key).to_owned()))?;
        for (row, week) in (1..).zip(&self.pack.flow) {
            self.day(sheet, row, 0, week.since)?;
            let counts = [
                week.brought_forward,
                week.received,
                week.other_in,
                week.disposed,
                week.other_out,
                week.pending,
            ];
            for (column, count) in (1..).zip(counts) {
                self.count(sheet, row, column, count)?;
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
            sheet.write_number(row, 7, week.difference as f64)?;
        }
        Ok(())
    }

    fn oldest(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let language = self.language;
        let keys = ["number", "office", "received_on", "age", "target", "level"];
        self.begin(sheet, language.words("h_oldest"), 0, &keys.map(|key| language.words(key).to_owned()))?;
        for (row, case) in (1..).zip(&self.pack.oldest) {
            let number = case.number.as_ref().map_or_else(|| case.case.to_string(), ToString::to_string);
            sheet.write_string(row, 0, number)?;
            let office = self.pack.offices.iter().find(|office| office.unit == case.unit);
            sheet.write_string(row, 1, office.map_or(case.unit.as_str(), |office| &*office.name))?;
            self.day(sheet, row, 2, case.received_on)?;
            #[expect(clippy::cast_precision_loss, reason = "an age in days")]
            sheet.write_number(row, 3, case.days as f64)?;
            sheet.write_string(row, 4, target_words(language, case.target))?;
            self.count(sheet, row, 5, u64::from(case.level))?;
        }
        sheet.set_column_width(1, 42)?.set_column_width(2, 14)?.set_column_width(4, 24)?;
        Ok(())
    }

    fn name_of<'b>(&'b self, unit: &'b UnitCode) -> &'b str {
        let known = self.pack.offices.iter().chain(&self.pack.branches).find(|row| row.unit == *unit);
        known.map_or(unit.as_str(), |row| &*row.name)
    }

    /// The branches under the index, with everything that the scores were made of.
    fn index(&self, sheet: &mut Worksheet, index: &IndexPart) -> Result<(), XlsxError> {
        let language = self.language;
        let word = |key: &str| language.words(key).to_owned();
        let definition = &index.board.definition;
        let mut heads = vec![word("office"), word("rank"), word("score"), word("standing"), word("peers")];
        for term in &definition.terms {
            let of = |key: &str| format!("{}: {}", term.name, language.words(key));
            heads.extend([of("term_count"), of("term_of"), of("term_value"), of("score")]);
        }
        self.begin(sheet, language.words("h_index"), 1, &heads)?;
        let scale = language.decimal(definition.scale);
        let about = language.fill("about_index", &[("name", &definition.name), ("scale", &scale)]);
        sheet.write_string(0, 0, about)?;
        for (row, office) in (2..).zip(&index.board.offices) {
            sheet.write_string(row, 0, self.name_of(&office.unit))?;
            if let Some(rank) = office.rank {
                self.count(sheet, row, 1, u64::from(rank))?;
            }
            if let Some(score) = office.score {
                sheet.write_number_with_format(row, 2, score, &self.mean)?;
            }
            if let Some(standing) = office.standing {
                sheet.write_string(row, 3, standing_words(language, standing))?;
            }
            if let Some(group) = &office.group {
                sheet.write_string(row, 4, group)?;
            }
            for (column, term) in (5..).step_by(4).zip(&office.terms) {
                for (column, count) in (column..).zip([term.count, term.of]) {
                    if let Some(count) = count {
                        self.count(sheet, row, column, count)?;
                    }
                }
                for (column, figure) in (column + 2..).zip([term.value, term.score]) {
                    if let Some(figure) = figure {
                        sheet.write_number(row, column, figure)?;
                    }
                }
            }
        }
        sheet.set_column_width(3, 28)?.set_column_width(4, 18)?;
        Ok(())
    }

    fn levels(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let language = self.language;
        let heads = ["level", "cases"].map(|key| language.words(key).to_owned());
        self.begin(sheet, language.words("h_levels"), 0, &heads)?;
        for (row, at) in (1..).zip(&self.pack.levels) {
            let level = language.number(u64::from(at.level));
            sheet.write_string(row, 0, language.fill("level_of", &[("level", &level)]))?;
            self.count(sheet, row, 1, at.count)?;
        }
        Ok(())
    }

    /// A table of the page, its numbers as numbers.
    fn table(&self, sheet: &mut Worksheet, name: &str, table: &Table) -> Result<(), XlsxError> {
        self.begin(sheet, name, 0, &table.heads)?;
        for (row, fields) in (1..).zip(&table.rows) {
            for (column, field) in (0..).zip(fields) {
                match field.value {
                    Value::Words => sheet.write_string(row, column, &*field.text).map(|_| ())?,
                    Value::Nothing => (),
                    Value::Count(count) => self.count(sheet, row, column, count)?,
                    Value::Measured(number) => {
                        sheet.write_number_with_format(row, column, number, &self.mean)?;
                    }
                    Value::Percent(number) => {
                        sheet.write_number_with_format(row, column, number, &self.percent)?;
                    }
                }
            }
        }
        sheet.set_column_width(1, 18)?.set_column_width(2, 24)?;
        Ok(())
    }

    /// What to look at, and what was decided, open decisions first.
    fn agenda(&self, sheet: &mut Worksheet, agenda: &Agenda) -> Result<(), XlsxError> {
        let language = self.language;
        let word = |key: &str| language.words(key).to_owned();
        let heads = [word("office"), word("flags"), word("pending"), word("oldest_band"), word("past_due")];
        self.begin(sheet, language.words("h_agenda"), 0, &heads)?;
        let mut row = 1;
        for point in &agenda.points {
            let flags: Vec<&str> = point.flags.iter().map(|flag| flag_words(language, *flag)).collect();
            sheet.write_string(row, 0, self.name_of(&point.unit))?;
            sheet.write_string(row, 1, flags.join(", "))?;
            for (column, count) in (2..).zip([point.pending, point.oldest, point.past_due]) {
                self.count(sheet, row, column, count)?;
            }
            row += 1;
        }
        row += 1;
        let decided = ["office", "decision", "owner", "decided_on", "due", "settled_on"];
        for (column, key) in (0..).zip(decided) {
            sheet.write_string_with_format(row, column, language.words(key), &self.head)?;
        }
        for decision in agenda.carried.iter().chain(&agenda.decided).chain(&agenda.settled) {
            row += 1;
            sheet.write_string(row, 0, self.name_of(&decision.unit))?;
            sheet.write_string(row, 1, &*decision.text)?;
            sheet.write_string(row, 2, decision.post.as_str())?;
            let days = [Some(decision.decided_on), Some(decision.due), decision.settled_on];
            for (column, day) in (3..).zip(days) {
                if let Some(day) = day {
                    self.day(sheet, row, column, day)?;
                }
            }
        }
        sheet.set_column_width(1, 48)?.set_column_width(2, 18)?.set_column_width(3, 14)?;
        sheet.set_column_width(4, 14)?.set_column_width(5, 14)?;
        Ok(())
    }
}

/// A day as a spreadsheet has it: from 1900 to 9999. The writer tells another as an error.
fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        u16::try_from(day.year()).unwrap_or(0),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )
}
