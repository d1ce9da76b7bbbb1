//! What stands behind the figures of the week: what waits and on whom, where the time goes, what cases
//! come from, and what worked.

use crate::kernel::code::{CauseCode, ChangeCode, StageCode, UnitCode};
use crate::measure::cases::survival::Z_95;
use crate::measure::duration::{Durations, Share};
use crate::measure::gpr::{Board, Change};
use crate::measure::index::Rounding;
use crate::measure::pack::Span::Alone;
use crate::measure::pack::list::is_counted_at;
use crate::measure::pack::{Cell, CountOf, Row};
use crate::measure::picked::Picked;
use crate::measure::practice::Published;
use crate::measure::stay::{Span, Stays};
use crate::measure::waiting::Wait;
use crate::render::language::Language;
use crate::render::pack::Behind;
use crate::render::pack::view::{Field, Table, Value, Writer};
use crate::rulebook::Rulebook;
use crate::rulebook::directory::Directory;
use crate::vocabulary::{ChangeState, MisLine, PracticeFacet};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Causes that are named: the rest are few each.
const CAUSES: usize = 10;

/// The sections behind the figures.
#[derive(Serialize)]
pub(super) struct Sections {
    waiting: Option<Table>,
    stays: Option<Table>,
    causes: Option<Table>,
    /// How many of the disposed are classified, and how many are not.
    classified: String,
    changes: Option<Table>,
    practices: Vec<Page>,
}

/// A good practice.
#[derive(Serialize)]
struct Page {
    title: String,
    about: String,
    situation: String,
    steps: Vec<String>,
    said: Vec<String>,
}

impl Sections {
    /// Its tables, each by the key of its name.
    #[cfg(feature = "xlsx")]
    pub(super) fn tables(self) -> impl Iterator<Item = (&'static str, Table)> {
        let Self { waiting, stays, causes, classified: _, changes, practices: _ } = self;
        let tables =
            [("h_waiting", waiting), ("h_stays", stays), ("h_causes", causes), ("h_changes", changes)];
        tables.into_iter().filter_map(|(key, table)| Some((key, table?)))
    }
}

/// A name in a language, or in the rulebook's own.
pub(super) fn named<'a>(
    code: &'a str,
    (name, names): (&'a str, &'a BTreeMap<String, String>),
    to: Language,
) -> &'a str {
    let own = if name.is_empty() { code } else { name };
    names.get(to.tag()).map_or(own, String::as_str)
}

/// Those of the offices that are counted with one of them, as a pack counts them: what the rulebook does not have, too.
fn below<'a>(units: impl Iterator<Item = &'a UnitCode>, directory: &Directory, top: &UnitCode) -> Picked {
    Picked::units(units.filter(|unit| is_counted_at(directory, top, unit)).map(UnitCode::as_str))
}

impl Writer<'_> {
    pub(super) fn behind(&self, behind: &Behind<'_>) -> Sections {
        let Behind { rulebook, board, practices, .. } = *behind;
        let (count, of) = (self.language.number(board.classified), self.language.number(board.disposed));
        let unknown = self.language.number(board.unclassified);
        let places = [("count", count.as_str()), ("of", of.as_str()), ("unclassified", unknown.as_str())];
        Sections {
            waiting: self.waiting(behind),
            stays: self.stays(behind),
            causes: self.causes(board, rulebook),
            classified: self.language.fill("classified", &places),
            changes: self.changes(board, rulebook),
            practices: practices.published().iter().map(|one| self.practice(one)).collect(),
        }
    }

    pub(super) fn table(&self, heads: &[&str], rows: Vec<Vec<Field>>, total: bool) -> Option<Table> {
        let heads = heads.iter().map(|key| self.language.words(key).to_owned()).collect();
        (!rows.is_empty()).then_some(Table { heads, rows, total })
    }

    pub(super) fn count(&self, count: u64) -> Field {
        self.open(count, None)
    }

    /// A share of nothing is no data, never 0 %.
    pub(super) fn share(&self, share: Share) -> Field {
        match Rounding::PRINTED.share(share.count, share.out_of, 100) {
            Some(percent) => Field {
                value: Value::Percent(percent),
                ..Field::words(format!("{} %", self.language.decimal(percent)))
            },
            None => self.nothing(),
        }
    }

    /// A number of days to one decimal, or that there is no data.
    fn days(&self, days: Option<f64>) -> Field {
        days.map_or_else(
            || self.nothing(),
            |days| Field { value: Value::Measured(days), ..Field::words(self.language.decimal(days)) },
        )
    }

    /// A whole number of days, or that there is no data.
    fn whole_days(&self, days: Option<i64>) -> Field {
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        days.map_or_else(
            || self.nothing(),
            |days| Field { value: Value::Measured(days as f64), ..Field::words(self.language.signed(days)) },
        )
    }

    fn nothing(&self) -> Field {
        Field { value: Value::Nothing, ..Field::words(self.no_data()) }
    }

    /// One row for each branch in which a case was, those with most pending first, after all together.
    fn waiting(&self, behind: &Behind<'_>) -> Option<Table> {
        let Behind { rulebook, waiting, .. } = *behind;
        let directory = rulebook.directory();
        let with = |top: &UnitCode| below(waiting.groups().keys().map(|group| &group.unit), directory, top);
        let whole = waiting.of(&with(&self.pack.unit))?;
        let mut rows: Vec<(Option<&Row>, Wait)> = self
            .pack
            .branches
            .iter()
            .filter_map(|row| {
                let alone = row.below == 0;
                let picked = if alone { Picked::units([row.unit.as_str()]) } else { with(&row.unit) };
                Some((Some(row), waiting.of(&picked)?))
            })
            .collect();
        rows.sort_by_key(|(_, wait)| Reverse(wait.pending));
        let rows =
            std::iter::once((None, whole)).chain(rows).map(|(row, wait)| self.wait(row, &wait)).collect();
        let heads = [
            "office",
            "pending",
            "old_in_total",
            "old_with_unit",
            "silence_median",
            "silence_longest",
            "never_told",
            "owed",
            "owed_overdue",
            "bounced",
        ];
        self.table(&heads, rows, true)
    }

    fn wait(&self, row: Option<&Row>, wait: &Wait) -> Vec<Field> {
        let open = |count, of: CountOf| self.open(count, Some(self.cell(row, of)));
        let oldest = |bands: &[u64], of| open(bands.last().copied().unwrap_or(0), of);
        let longest = wait.silence.lengths().map(|(days, _)| days).max();
        vec![
            Field::words(row.map_or_else(|| self.language.words("all"), |row| &row.name)),
            open(wait.pending, MisLine::Pending.into()),
            oldest(&wait.in_total, CountOf::OldInTotal),
            oldest(&wait.with_unit, CountOf::OldWithUnit),
            self.days(wait.silence.quantile_days(0.5)),
            self.whole_days(longest),
            open(wait.never_told, CountOf::NeverTold),
            open(wait.owed, CountOf::Owed),
            open(wait.owed_overdue, CountOf::OwedOverdue),
            self.share(wait.bounced()),
        ]
    }

    /// Each stage in the order of the workflow, and the whole.
    fn stays(&self, behind: &Behind<'_>) -> Option<Table> {
        let Behind { rulebook, stays, .. } = *behind;
        let units = stays.groups().keys().map(|group| &group.unit);
        let picked = below(units, rulebook.directory(), &self.pack.unit);
        let stages = &rulebook.document().workflow.stage;
        let rows = stages.iter().filter_map(|stage| {
            let span = Span::Stage(StageCode::new(&stage.code).ok()?);
            self.stay(named(&stage.code, (&stage.name, &stage.names), self.language), (stays, &picked), &span)
        });
        let whole = self.stay(self.language.words("whole_case"), (stays, &picked), &Span::Whole);
        let heads = ["stage", "stays_over", "stay_median", "stay_p90", "stays_still", "stay_survival"];
        self.table(&heads, rows.chain(whole).collect(), false)
    }

    fn stay(&self, name: &str, (stays, picked): (&Stays, &Picked), span: &Span) -> Option<Vec<Field>> {
        let stay = stays.of(picked, span)?;
        let quantile = |over: &Durations, part| self.days(over.quantile_days(part));
        let reached = stays.survival(picked, span)?.quantile(0.5, Z_95).ok()?.days;
        let survival = match (stay.over.count() + stay.still.count(), reached) {
            (0, _) => self.nothing(),
            (_, None) => Field::words(self.language.words("not_reached")),
            (_, reached) => self.whole_days(reached),
        };
        let stage = match span {
            Span::Stage(stage) => Some(stage.clone()),
            Span::Episode(_) | Span::Whole => None,
        };
        let open = |count, of| self.open(count, Some(self.cell(None, of)));
        Some(vec![
            Field::words(name),
            open(stay.over.count(), CountOf::Over(stage.clone())),
            quantile(&stay.over, 0.5),
            quantile(&stay.over, 0.9),
            open(stay.still.count(), CountOf::Still(stage)),
            survival,
        ])
    }

    fn causes(&self, board: &Board, rulebook: &Rulebook) -> Option<Table> {
        let rows = board.repeaters.iter().take(CAUSES).map(|row| {
            let category = row.category.as_ref().map_or_else(
                || self.language.words("no_subject").to_owned(),
                |code| self.subject(rulebook, code.as_str()),
            );
            let of = CountOf::Cause(row.root_cause.clone(), row.category.clone());
            let cell = Cell { unit: row.unit.clone(), span: Alone, of };
            vec![
                Field::words(self.cause(rulebook, &row.root_cause)),
                Field::words(category),
                Field::words(self.name_of(&row.unit)),
                self.open(row.count, Some(cell)),
                self.share(Share { count: row.count, out_of: board.classified }),
            ]
        });
        self.table(&["root_cause", "subject", "office", "count", "of_classified"], rows.collect(), false)
    }

    fn changes(&self, board: &Board, rulebook: &Rulebook) -> Option<Table> {
        let rows = board.changes.iter().map(|change| self.change(change, board, rulebook));
        let heads = ["change", "state", "in_force", "would_remove", "span_before", "span_after"];
        self.table(&heads, rows.collect(), false)
    }

    fn change(&self, change: &Change, board: &Board, rulebook: &Rulebook) -> Vec<Field> {
        let spans = change.recurrence.map(|of| {
            let days = self.language.number(u64::from(of.days));
            let within = self.language.fill("in_days", &[("days", &days)]);
            let side = |count, unknown| {
                let unknown = self.language.number(unknown);
                let unknown = self.language.fill("not_known_yet", &[("count", &unknown)]);
                Field { small: Some(format!("{within}; {unknown}")), ..self.count(count) }
            };
            [side(of.before, of.unknown_before), side(of.after, of.unknown_after)]
        });
        let blank = || self.nothing();
        let state = match change.state {
            ChangeState::Proposed => "change_proposed",
            ChangeState::Accepted => "change_accepted",
            ChangeState::Implemented => "change_implemented",
            ChangeState::Dropped => "change_dropped",
        };
        let on = change.implemented_on.map(|on| self.language.date(on));
        let mut fields = vec![
            Field { wraps: true, ..Field::words(self.change_name(rulebook, &change.code)) },
            Field::words(self.language.words(state)),
            on.map_or_else(blank, Field::words),
            self.share(Share { count: change.answers, out_of: board.classified }),
        ];
        fields.extend(spans.unwrap_or_else(|| [blank(), blank()]));
        fields
    }

    fn practice(&self, one: &Published<'_>) -> Page {
        let language = self.language;
        let facet = language.words(match one.facet {
            PracticeFacet::Procedure => "facet_procedure",
            PracticeFacet::Outreach => "facet_outreach",
            PracticeFacet::Technology => "facet_technology",
            PracticeFacet::Coordination => "facet_coordination",
            PracticeFacet::Training => "facet_training",
        });
        let repeated = language.number(one.repeated.len() as u64);
        let places = [
            ("unit", self.name_of(one.unit)),
            ("facet", facet.to_owned()),
            ("day", language.date(one.published_on)),
            ("count", repeated),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(key, text)| (*key, text.as_str())).collect();
        Page {
            title: one.title.to_owned(),
            about: language.fill("practice_about", &places),
            situation: one.situation.to_owned(),
            steps: one.steps.to_vec(),
            said: one.testimonials.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn cause(&self, rulebook: &Rulebook, code: &CauseCode) -> String {
        let known = rulebook.root_cause(code);
        let name = known.map(|entry| named(&entry.code, (&entry.name, &entry.names), self.language));
        name.unwrap_or(code.as_str()).to_owned()
    }

    fn change_name(&self, rulebook: &Rulebook, code: &ChangeCode) -> String {
        let known = rulebook.process_change(code);
        let name = known.map(|entry| named(&entry.code, (&entry.name, &entry.names), self.language));
        name.unwrap_or(code.as_str()).to_owned()
    }

    fn subject(&self, rulebook: &Rulebook, code: &str) -> String {
        let known = rulebook.document().category.iter().find(|entry| entry.code == code);
        known.map_or(code, |entry| named(code, (&entry.name, &entry.names), self.language)).to_owned()
    }
}
