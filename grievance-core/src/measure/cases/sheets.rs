//! The measures over a casebook, each as a sheet.

use crate::kernel::code::UnitCode;
use crate::measure::answer::sheet::{Cells, NotAsked, Sheet};
use crate::measure::cases::casebook::Casebook;
use crate::measure::cases::period::{Line, Period};
use crate::measure::cases::survival::Z_95;
use crate::measure::cases::tally::{Part, Tally};
use crate::measure::index::{Board, Definition, Graded, TermScore, shipped};
use crate::measure::mis::Terms;
use crate::measure::pendency::PendencyBands;
use crate::measure::statement::{Figures, Mis};
use crate::rulebook::hint::one_of;
use crate::vocabulary::{AgeRule, CaseField, ErrorCode};
use chrono::{Datelike as _, NaiveDate};
use serde_json::json;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What every question over cases says, in the words that every language has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What happened before the first instant of this day, in the zone of the cases, is counted.
    pub as_of: NaiveDate,
    /// By which column they are grouped.
    pub by: &'a str,
    /// What counts as a day of age: a word of [`AgeRule`]. Working days are known of cases under a rulebook alone
    /// ([`Casebook::under`]).
    pub rule: &'a str,
    /// Where a band of ages ends, in days; the usual ones (7, 15, 31) if absent.
    pub cuts: Option<Vec<u32>>,
}

impl Asked<'_> {
    /// By office and calendar days, in the usual bands.
    pub const fn of(as_of: NaiveDate) -> Self {
        Self { as_of, by: "unit", rule: "calendar", cuts: None }
    }

    fn terms(&self, book: &Casebook) -> Result<Terms, NotAsked> {
        let rule = rule(self.rule)?;
        let terms = Terms::new(within_calendar(self.as_of)?, book.cases.zone(), rule);
        let terms = match (rule, book.workdays()) {
            (AgeRule::Working, Some(workdays)) => terms.with_workdays(workdays.clone()),
            (AgeRule::Working, None) => return Err(no_workdays()),
            _ => terms,
        };
        Ok(match self.bands()? {
            Some(bands) => terms.with_bands(bands),
            None => terms,
        })
    }

    fn bands(&self) -> Result<Option<PendencyBands>, NotAsked> {
        let bands = self.cuts.clone().map(PendencyBands::new).transpose();
        bands.map_err(|problem| NotAsked::of("cuts", problem))
    }
}

fn no_workdays() -> NotAsked {
    NotAsked::of("rule", "nothing says which days are working days")
        .hint(Some("read the cases with the rulebook of their offices, or ask a desk".to_owned()))
}

/// Which lengths of the disposed are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Lengths {
    percentiles: Vec<f64>,
    within: Vec<u32>,
}

impl Default for Lengths {
    /// The median, the ninetieth percentile, and how many took at most 30 days.
    fn default() -> Self {
        Self { percentiles: vec![50.0, 90.0], within: vec![30] }
    }
}

impl Lengths {
    /// These percentiles, from 0 to 100, and within so many days; the usual ones where none are given.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `percentiles` for what is no percentile, and for one or a number of days that is there twice.
    pub fn of(percentiles: Option<&[f64]>, within: Option<&[u32]>) -> Result<Self, NotAsked> {
        let usual = Self::default();
        let percentiles = match percentiles {
            Some(own) => parts(own)?.iter().map(|(percentile, _)| *percentile).collect(),
            None => usual.percentiles,
        };
        let within = within.map_or(usual.within, <[u32]>::to_vec);
        if (1..within.len()).any(|at| within[..at].contains(&within[at])) {
            return Err(NotAsked::of("within", "a number of days is there twice"));
        }
        Ok(Self { percentiles, within })
    }
}

/// Percentiles, each with the part that it is of the whole.
fn parts(percentiles: &[f64]) -> Result<Vec<(f64, f64)>, NotAsked> {
    if percentiles.iter().any(|percentile| !(0.0..=100.0).contains(percentile)) {
        return Err(NotAsked::of("percentiles", "a percentile is from 0 to 100"));
    }
    if (1..percentiles.len()).any(|at| percentiles[..at].contains(&percentiles[at])) {
        return Err(NotAsked::of("percentiles", "a percentile is there twice"));
    }
    // 12.3 is 0.123 of the whole as people write it: 12.3 ÷ 100 lies beside it. 0 is written without a sign.
    let part = |percentile: f64| format!("{percentile}e-2").parse().unwrap_or(percentile / 100.0);
    Ok(percentiles.iter().map(|percentile| (percentile + 0.0, part(*percentile))).collect())
}

/// Reads the word of an age rule.
///
/// # Errors
///
/// [`NotAsked`] at `rule`.
pub fn rule(word: &str) -> Result<AgeRule, NotAsked> {
    let known: Vec<&str> = AgeRule::ALL.iter().map(|rule| rule.as_str()).collect();
    word.parse().map_err(|problem| NotAsked::of("rule", problem).hint(one_of(word, &known)))
}

/// Reads by what time is divided: `week`, which begins on a day such as `mon`, `month` or `financial_year`.
///
/// # Errors
///
/// [`NotAsked`] at `period`, and at `begins` of a week.
pub fn period_of(period: &str, begins: &str) -> Result<Period, NotAsked> {
    match period {
        "week" => begins.parse().map(Period::Week).map_err(|_| {
            let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            NotAsked::of("begins", "is no day of the week").hint(one_of(begins, &days))
        }),
        "month" => Ok(Period::Month),
        "financial_year" => Ok(Period::FinancialYear),
        _ => {
            let known = one_of(period, &["week", "month", "financial_year"]);
            Err(NotAsked::of("period", "time is not divided by that").hint(known))
        }
    }
}

/// A day that has days around it.
///
/// # Errors
///
/// [`NotAsked`] at `as_of` for a day outside the years 1 to 9998.
pub fn within_calendar(as_of: NaiveDate) -> Result<NaiveDate, NotAsked> {
    within("as_of", as_of)
}

pub(crate) fn within(place: &str, day: NaiveDate) -> Result<NaiveDate, NotAsked> {
    let within = (1..=9_998).contains(&day.year());
    within
        .then_some(day)
        .ok_or_else(|| NotAsked::of(place, "lies at the end of the calendar").code(ErrorCode::DateInvalid))
}

/// An index that comes with the library, by its code.
///
/// # Errors
///
/// [`NotAsked`] at `index`, with the nearest code that there is.
pub fn index_of(code: &str) -> Result<Definition, NotAsked> {
    let mut known = shipped();
    if let Some(place) = known.iter().position(|index| index.code == code) {
        return Ok(known.swap_remove(place));
    }
    let codes: Vec<&str> = known.iter().map(|index| index.code.as_str()).collect();
    Err(NotAsked::of("index", "no index of that code comes with the library")
        .code(ErrorCode::UnknownCode)
        .hint(one_of(code, &codes)))
}

/// A group and what was counted of it; the cases without one have no name.
pub(super) type Group<'a> = (Option<String>, &'a Tally);

/// The groups in the order of their codes; last the cases without one, where there are any.
pub(super) fn groups(part: &Part) -> Vec<Group<'_>> {
    let named = part.groups().iter().map(|(code, tally)| (Some(code.to_string()), tally));
    let without = (part.without().received > 0).then(|| (None, part.without()));
    named.chain(without).collect()
}

impl Casebook {
    /// What is counted for [`pendency`](Self::pendency), [`durations`](Self::durations) and [`board`](Self::board), on several threads at
    /// once: whoever asks all three of one day counts once.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] for a grouping, a rule or cuts that do not exist, and a day at the end of the calendar.
    pub fn part(&self, asked: &Asked<'_>, threads: usize) -> Result<Part, NotAsked> {
        let (column, terms) = (self.by(asked.by)?, asked.terms(self)?);
        let part = self.cases.count_on(column, None, &terms, threads);
        part.map_err(|problem| NotAsked::of("by", problem))
    }

    /// What is pending at the beginning of a day, by age: a group a row, in the order of codes, last the cases
    /// without one.
    ///
    /// Columns: the name of the grouping, `received`, `disposed`, `closed_otherwise`, `pending`, each band of ages in
    /// words, `overdue` and `due_soon` (absent where no due dates are told), `no_target`, `oldest_received_on`; of the pending whose complainant is known
    /// to have been told something, how many they are (`told`) and for how many calendar days nobody has told
    /// them anything (`silent_median_days`, `silent_longest_days`). An age on a cut is in the older band.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] for a grouping, a rule or cuts that do not exist, and a day at the end of the calendar.
    pub fn pendency(&self, asked: &Asked<'_>) -> Result<Sheet, NotAsked> {
        self.pendency_of(&self.part(asked, 1)?, asked)
    }

    /// The same of what was counted for that question.
    ///
    /// # Errors
    ///
    /// As of [`pendency`](Self::pendency).
    pub fn pendency_of(&self, part: &Part, asked: &Asked<'_>) -> Result<Sheet, NotAsked> {
        let groups = groups(part);
        let labels = asked.bands()?.unwrap_or_default().labels();
        let counts = |each: fn(&Tally) -> u64| Cells::counts(&groups, |(_, tally)| Some(each(tally)));
        let mut sheet = Sheet::new(json!({ "as_of": asked.as_of, "rule": asked.rule, "by": asked.by }))
            .with(asked.by.to_owned(), Cells::texts(&groups, |(name, _)| name.clone()))
            .with("received", counts(|tally| tally.received))
            .with("disposed", counts(|tally| tally.disposed))
            .with("closed_otherwise", counts(|tally| tally.closed_otherwise))
            .with("pending", counts(Tally::pending));
        for (band, label) in labels.into_iter().enumerate() {
            sheet = sheet.with(label, Cells::counts(&groups, |(_, tally)| tally.bands.get(band).copied()));
        }
        let oldest = |(_, tally): &Group<'_>| {
            tally.oldest_at().map(|at| at.with_timezone(&self.cases.zone()).date_naive())
        };
        let silent = |at: f64| Cells::numbers(&groups, move |(_, tally)| tally.silence.quantile_days(at));
        let tells = self.tells(CaseField::DueAt);
        let due =
            |each: fn(&Tally) -> u64| Cells::counts(&groups, move |(_, tally)| tells.then(|| each(tally)));
        sheet
            .with("overdue", due(|tally| tally.overdue))
            .with("due_soon", due(|tally| tally.due_soon))
            .with("no_target", counts(|tally| tally.no_target))
            .with("oldest_received_on", Cells::days(&groups, oldest))
            .with("told", counts(|tally| tally.silence.count()))
            .with("silent_median_days", silent(0.5))
            .with("silent_longest_days", silent(1.0))
            .distinct()
    }

    /// How long the disposed took, in days: a group a row, as in [`pendency`](Self::pendency).
    ///
    /// Columns: the name of the grouping, `disposed`, `mean_days`, then of each percentile `p<percentile>_days` (of the
    /// fiftieth `median_days`), and `within_<days>`: how many took at most so many whole days. Percentiles
    /// are exact, interpolated between neighbours (numpy's type 7). Open cases have no duration yet: see
    /// [`kaplan_meier`](Self::kaplan_meier).
    ///
    /// # Errors
    ///
    /// As of [`pendency`](Self::pendency).
    pub fn durations(&self, asked: &Asked<'_>, lengths: &Lengths) -> Result<Sheet, NotAsked> {
        Self::durations_of(&self.part(asked, 1)?, asked, lengths)
    }

    /// The same of what was counted for that question.
    ///
    /// # Errors
    ///
    /// As of [`pendency`](Self::pendency).
    pub fn durations_of(part: &Part, asked: &Asked<'_>, lengths: &Lengths) -> Result<Sheet, NotAsked> {
        let groups = groups(part);
        let mut sheet = Sheet::new(json!({ "as_of": asked.as_of, "rule": asked.rule, "by": asked.by }))
            .with(asked.by.to_owned(), Cells::texts(&groups, |(name, _)| name.clone()))
            .with("disposed", Cells::counts(&groups, |(_, tally)| Some(tally.durations.count())))
            .with("mean_days", Cells::numbers(&groups, |(_, tally)| tally.durations.mean_days()));
        for (percentile, part) in parts(&lengths.percentiles)? {
            #[expect(clippy::float_cmp, reason = "whoever asks for the median writes 50")]
            let is_median = percentile == 50.0;
            let name = if is_median { "median_days".to_owned() } else { format!("p{percentile}_days") };
            sheet =
                sheet.with(name, Cells::numbers(&groups, |(_, tally)| tally.durations.quantile_days(part)));
        }
        for days in &lengths.within {
            let cells =
                Cells::counts(&groups, |(_, tally)| Some(tally.durations.within((*days).into()).count));
            sheet = sheet.with(format!("within_{days}"), cells);
        }
        sheet.distinct()
    }

    /// The part of the cases that takes longer than so many days, with limits of 95 %; open cases count as far
    /// as they go. Of one office alone if one is named.
    ///
    /// Columns: `days`, `share`, `lower`, `upper`, a row for each length that occurs, of the ended and of the open. The
    /// median and its limits are in `about`, and so is each percentile that is asked for: the first whole day by which so
    /// many of a hundred are disposed.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] for a day at the end of the calendar, and at `percentiles` for what is none.
    pub fn kaplan_meier(
        &self,
        as_of: NaiveDate,
        unit: Option<&str>,
        percentiles: Option<&[f64]>,
    ) -> Result<Sheet, NotAsked> {
        let percentiles = parts(percentiles.unwrap_or_default())?;
        let terms = Asked::of(as_of).terms(self)?;
        if let Some(unit) = unit {
            self.known_unit(unit)?;
        }
        let chosen = unit.map(|unit| self.cases.chosen(self.cases.unit(), &[unit]));
        let survival = self.cases.survival(chosen.as_ref(), &terms);
        let survival = survival.map_err(|problem| NotAsked::of("as_of", problem))?;
        let curve = survival.curve(Z_95).and_then(|curve| Ok((curve, survival.quantile(0.5, Z_95)?)));
        let (curve, median) = curve.expect("half of the cases, at 95 %, can be asked for");
        let median = json!({ "days": median.days, "lower": median.lower, "upper": median.upper });
        let mut about = json!({ "as_of": as_of, "zone": survival.zone(), "unit": unit, "median": median });
        let reached = percentiles.iter().map(|(percentile, part)| {
            let reached = survival.quantile(*part, Z_95).expect("a part of the cases, at 95 %");
            json!({
                "percentile": percentile, "days": reached.days, "lower": reached.lower, "upper": reached.upper,
            })
        });
        let reached: Vec<_> = reached.collect();
        if !reached.is_empty() {
            about["percentiles"] = reached.into();
        }
        Ok(Sheet::new(about)
            .with("days", Cells::Count(curve.iter().map(|still| Some(still.days)).collect()))
            .with("share", Cells::numbers(&curve, |still| Some(still.share)))
            .with("lower", Cells::numbers(&curve, |still| Some(still.lower)))
            .with("upper", Cells::numbers(&curve, |still| Some(still.upper))))
    }

    /// An office of which there are cases, or that the rulebook has.
    fn known_unit(&self, unit: &str) -> Result<(), NotAsked> {
        let known: Vec<&str> = self.cases.unit().codes().iter().map(SmolStr::as_str).collect();
        if known.contains(&unit) || self.workdays().is_some_and(|workdays| workdays.has(unit)) {
            return Ok(());
        }
        let unknown = NotAsked::of("unit", "there is no such office").code(ErrorCode::UnknownCode);
        Err(unknown.hint(one_of(unit, &known)))
    }

    /// What came in and went out in each `week` (from Monday), `month` or `financial_year` (from 1 April), from the
    /// period that has `since` to the one that has `until`.
    ///
    /// Columns: `start`, `brought_forward`, `received`, `disposed`, `closed_otherwise`, `pending`.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `period`, at a day at the end of the calendar, and at `since` where it lies after `until`.
    pub fn flow(&self, since: NaiveDate, until: NaiveDate, period: &str) -> Result<Sheet, NotAsked> {
        let divided = period_of(period, "mon")?;
        let (since, until) = (within("since", since)?, within("until", until)?);
        if since > until {
            return Err(NotAsked::of("since", "lies after `until`").code(ErrorCode::DateInvalid));
        }
        let lines = self.cases.movements(divided, None).expect("nothing is chosen").ledger(since, until);
        let counts = |each: fn(&Line) -> u64| Cells::counts(&lines, |line| Some(each(line)));
        Ok(Sheet::new(json!({ "since": since, "until": until, "period": period }))
            .with("start", Cells::days(&lines, |line| Some(line.start)))
            .with("brought_forward", counts(|line| line.brought_forward))
            .with("received", counts(|line| line.moved.received))
            .with("disposed", counts(|line| line.moved.disposed))
            .with("closed_otherwise", counts(|line| line.moved.closed_otherwise))
            .with("pending", counts(|line| line.pending)))
    }

    /// Offices under an index, in the order of the board: peer group, score, place, whether it differs from its
    /// group by more than chance, and of each term count, denominator, value and score.
    ///
    /// Columns: `unit`, `group`, `score`, `rank`, `standing` (a word of [`Standing`](crate::measure::index::Standing)), and `<term>_count`, `<term>_of`, `<term>_value`, `<term>_score`. The
    /// definition is in `about`, with the zone and, for the cases of a desk, the version of the rulebook in force.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `index` for a definition that cannot be computed, and as of [`pendency`](Self::pendency).
    pub fn board(&self, asked: &Asked<'_>, definition: &Definition) -> Result<Sheet, NotAsked> {
        self.board_of(&self.part(&Asked { by: "unit", ..asked.clone() }, 1)?, asked, definition)
    }

    /// The same of what was counted by office for that question.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `index` for a definition that cannot be computed.
    pub fn board_of(
        &self,
        part: &Part,
        asked: &Asked<'_>,
        definition: &Definition,
    ) -> Result<Sheet, NotAsked> {
        let names: Vec<&str> = part.groups().keys().map(AsRef::as_ref).collect();
        let codes = codes(&names)?;
        let counted = part.quantities().map(|(_, counts)| counts);
        let board = Board::of(definition, codes.iter().cloned().zip(counted), asked.as_of, self.rulebook);
        let board = board.map_err(|problem| NotAsked::of("index", problem))?;
        let printed: BTreeMap<&UnitCode, &str> = codes.iter().zip(names.iter().copied()).collect();
        let offices = &board.offices;
        let mut about = json!({
            "as_of": asked.as_of,
            "zone": self.cases.zone().name(),
            "rule": asked.rule,
            "definition": definition,
        });
        if let Some(rulebook) = board.rulebook {
            about["rulebook"] = json!(rulebook);
        }
        let name = |graded: &Graded| printed.get(&graded.unit).map(ToString::to_string);
        let mut sheet = Sheet::new(about)
            .with("unit", Cells::texts(offices, name))
            .with("group", Cells::texts(offices, |graded| graded.group.clone()))
            .with("score", Cells::numbers(offices, |graded| graded.score))
            .with("rank", Cells::counts(offices, |graded| graded.rank.map(Into::into)))
            .with("standing", Cells::texts(offices, |graded| Some(graded.standing?.as_str().to_owned())));
        for (place, term) in definition.terms.iter().enumerate() {
            let terms: Vec<Option<&TermScore>> =
                offices.iter().map(|graded| graded.terms.get(place)).collect();
            let code = &term.code;
            sheet = sheet
                .with(format!("{code}_count"), Cells::counts(&terms, |term| (*term)?.count))
                .with(format!("{code}_of"), Cells::counts(&terms, |term| (*term)?.of))
                .with(format!("{code}_value"), Cells::numbers(&terms, |term| (*term)?.value))
                .with(format!("{code}_score"), Cells::numbers(&terms, |term| (*term)?.score));
        }
        Ok(sheet)
    }

    /// The weekly statement of the cases, each counted as an import would tell it
    /// ([`Cases::statement`](crate::measure::cases::table::Cases::statement)). Where not every name of an office is a code,
    /// codes are made in the order of names.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] for a rule that does not exist and a day at the end of the calendar, and at `data` for the cases of a desk: the
    /// desk knows what these do not, when each moved, came back and was late
    /// ([`Acting::mis`](crate::desk::Acting::mis)).
    pub fn mis(&self, asked: &Asked<'_>) -> Result<Mis, NotAsked> {
        if self.is_of_desk() {
            let hint = "ask the desk for its statement: it has the histories".to_owned();
            return Err(NotAsked::of("data", "a desk's cases do not know their movements").hint(Some(hint)));
        }
        let mut names: Vec<&str> = self.cases.unit().codes().iter().map(AsRef::as_ref).collect();
        names.sort_unstable();
        let codes = codes(&names)?;
        let code = |name: &str| codes.get(names.binary_search(&name).ok()?).cloned();
        let part = self.cases.statement(asked.terms(self)?, code);
        let mut part = part.map_err(|problem| NotAsked::of("zone", problem))?;
        part.reject(self.rejected.len() as u64);
        let printed: BTreeMap<&UnitCode, &str> = codes.iter().zip(names.iter().copied()).collect();
        Ok(part.finish(|code| printed.get(code).map_or_else(String::new, ToString::to_string)))
    }
}

impl Mis {
    /// The statement as `mis.json`, byte for byte the same from every language: indented by two spaces, with a line
    /// feed at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a statement has text keys alone");
        text.push('\n');
        text
    }

    /// The statement as a table, an office a row; all of it is in `about`.
    ///
    /// Columns: `unit` (its name), `code`, `received`, `disposed`, `closed_otherwise`, `pending`, each band of ages in words,
    /// `median_days`, `within_30_days` (a share).
    pub fn sheet(&self) -> Sheet {
        let lines = &self.units;
        // A statement is made of numbers and texts with text keys.
        let about = serde_json::to_value(self).unwrap_or_default();
        let counts = |each: fn(&Figures) -> u64| Cells::counts(lines, |unit| Some(each(&unit.figures)));
        let mut sheet = Sheet::new(about)
            .with("unit", Cells::texts(lines, |unit| Some(unit.unit.clone())))
            .with("code", Cells::texts(lines, |unit| Some(unit.code.to_string())))
            .with("received", counts(|figures| figures.received))
            .with("disposed", counts(|figures| figures.disposed))
            .with("closed_otherwise", counts(|figures| figures.closed_otherwise))
            .with("pending", counts(|figures| figures.pending));
        for (band, counted) in self.all.bands.iter().enumerate() {
            let cells = Cells::counts(lines, |unit| Some(unit.figures.bands[band].count));
            sheet = sheet.with(counted.label.clone(), cells);
        }
        let median = |figures: &Figures| figures.disposal_days.as_ref().map(|days| days.median);
        sheet
            .with("median_days", Cells::numbers(lines, |unit| median(&unit.figures)))
            .with("within_30_days", Cells::numbers(lines, |unit| unit.figures.within_30_days))
    }
}

/// Codes for the names of offices, which a host may choose as it likes: the names, where all of them are
/// codes; else their places, so that what is ordered by code is in the order of names.
fn codes(names: &[&str]) -> Result<Vec<UnitCode>, NotAsked> {
    if let Ok(codes) = names.iter().map(|name| UnitCode::new(name)).collect::<Result<_, _>>() {
        return Ok(codes);
    }
    let codes = (0..names.len()).map(|place| UnitCode::new(&format!("u{place:09}")));
    codes.collect::<Result<_, _>>().map_err(|problem| NotAsked::of("unit", problem))
}
