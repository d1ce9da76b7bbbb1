//! Measures of histories as sheets: the columns that every language has.

use crate::grievance::state::EpisodeKind;
use crate::kernel::time::day_of;
use crate::measure::answer::sheet::{Cells, Sheet};
use crate::measure::cases::survival::Z_95;
use crate::measure::flow::Flow;
use crate::measure::flows::Flows;
use crate::measure::gpr::{self, Change, Recurrence};
use crate::measure::mis::Terms;
use crate::measure::pack::{Cell, Compared, Line, Listed, Pack, Row};
use crate::measure::picked::Picked;
use crate::measure::quality::{Drawn, Quality, Sample, Suspected};
use crate::measure::stay::{Span, Stay, Stays};
use crate::measure::waiting::{Wait, WaitGroup, Waiting};
use crate::vocabulary::AgeRule;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Display;

fn text(of: Option<&impl Display>) -> Option<String> {
    of.map(ToString::to_string)
}

impl Waiting {
    /// What waits at some offices and of some subjects, an office a row, in the order of their codes.
    ///
    /// Columns: `unit`, `pending`, each band of ages in words by the age of the case, the same with `with the office: `
    /// before them by how long that office has had it, `longest_held_on` (since which day it has the one that it has had
    /// longest); of the pending, in calendar days since the complainant was last told anything, `told` (of how many that
    /// is known), `silent_median_days`, `silent_longest_days`, and `never_told`; of the disposed, outcomes that the office
    /// still owes (`owed`, `owed_overdue`); and of the times that it got a case (`custodies`), how often it gave it back
    /// or on (`returned`, `transferred`).
    pub fn sheet(&self, picked: &Picked, terms: &Terms) -> Sheet {
        let has =
            |group: &&WaitGroup| picked.has(group.unit.as_str(), group.category.as_ref().map(AsRef::as_ref));
        let offices: BTreeSet<&str> =
            self.groups().keys().filter(has).map(|group| group.unit.as_str()).collect();
        let own = |unit: &str| self.of(&Picked::units([unit]).of(picked.subject.clone()));
        let rows: Vec<(&str, Wait)> =
            offices.into_iter().filter_map(|unit| Some((unit, own(unit)?))).collect();
        let counts = |each: fn(&Wait) -> u64| Cells::counts(&rows, |(_, wait)| Some(each(wait)));
        let silent = |at: f64| Cells::numbers(&rows, move |(_, wait)| wait.silence.quantile_days(at));
        let mut sheet = Sheet::new(json!({ "as_of": terms.day, "rule": terms.rule }))
            .with("unit", Cells::texts(&rows, |(unit, _)| Some((*unit).to_owned())))
            .with("pending", counts(|wait| wait.pending));
        let labels = terms.bands.labels();
        for (band, label) in labels.iter().enumerate() {
            let cells = Cells::counts(&rows, |(_, wait)| wait.in_total.get(band).copied());
            sheet = sheet.with(label.clone(), cells);
        }
        for (band, label) in labels.iter().enumerate() {
            let cells = Cells::counts(&rows, |(_, wait)| wait.with_unit.get(band).copied());
            sheet = sheet.with(format!("with the office: {label}"), cells);
        }
        let held = |(_, wait): &(&str, Wait)| Some(day_of(wait.longest_held_since()?, terms.zone));
        sheet
            .with("longest_held_on", Cells::days(&rows, held))
            .with("told", counts(|wait| wait.silence.count()))
            .with("silent_median_days", silent(0.5))
            .with("silent_longest_days", silent(1.0))
            .with("never_told", counts(|wait| wait.never_told))
            .with("owed", counts(|wait| wait.owed))
            .with("owed_overdue", counts(|wait| wait.owed_overdue))
            .with("custodies", counts(|wait| wait.custodies))
            .with("returned", counts(|wait| wait.returned))
            .with("transferred", counts(|wait| wait.transferred))
    }
}

impl Listed {
    /// The cases of a count, by identity.
    ///
    /// Columns: `case`, and `times`, how often it counts. `about` has their sum as `count`.
    pub(crate) fn sheet(cell: &Cell, cases: &[Self], as_of: NaiveDate, rule: AgeRule) -> Sheet {
        let count: u64 = cases.iter().map(|listed| listed.times).sum();
        let Cell { unit, span, of } = cell;
        let about =
            json!({ "as_of": as_of, "rule": rule, "unit": unit, "span": span, "of": of, "count": count });
        Sheet::new(about)
            .with("case", Cells::texts(cases, |listed| Some(listed.case.to_string())))
            .with("times", Cells::counts(cases, |listed| Some(listed.times)))
    }
}

impl Flows {
    /// The flow of some offices and subjects in each period from the one that has a day to the one that has another.
    ///
    /// Columns: `start`, `brought_forward`, `received`, `reopened`, `undone` (closed by mistake and taken back),
    /// `transferred_in`, `disposed`, `closed_otherwise`, `transferred_out`, `pending` (counted apart from the movements), and
    /// `difference`: what the movements come to, less that; 0 where they explain it.
    pub fn sheet(&self, picked: &Picked, since: NaiveDate, until: NaiveDate) -> Sheet {
        let rows = self.lines(picked, since, until);
        let counts = |each: fn(&Flow) -> u64| Cells::counts(&rows, move |line| Some(each(&line.flow)));
        let about = json!({ "since": since, "until": until, "reckoning": self.reckoning() });
        Sheet::new(about)
            .with("start", Cells::days(&rows, |line| Some(line.start)))
            .with("brought_forward", counts(|flow| flow.brought_forward))
            .with("received", counts(|flow| flow.received))
            .with("reopened", counts(|flow| flow.reopened))
            .with("undone", counts(|flow| flow.undone))
            .with("transferred_in", counts(|flow| flow.transferred_in))
            .with("disposed", counts(|flow| flow.disposed))
            .with("closed_otherwise", counts(|flow| flow.closed_otherwise))
            .with("transferred_out", counts(|flow| flow.transferred_out))
            .with("pending", counts(|flow| flow.closing))
            .with("difference", Cells::Count(rows.iter().map(|line| Some(line.flow.difference)).collect()))
    }
}

impl Stays {
    /// How long the stays of some offices and subjects were: the whole first, then episodes, then stages in the order of
    /// their codes.
    ///
    /// Columns: `span` (`whole`, `episode` or `stage`), `code` (how the episode began, or the stage), `over`, `still`,
    /// `otherwise`; in days of those that are over `mean_days`, `median_days`, `p90_days`; and, with those that go on
    /// counted as far as they go, `expected_median_days` (Kaplan–Meier, in whole days).
    pub fn sheet(&self, picked: &Picked, terms: &Terms) -> Sheet {
        let spans: BTreeSet<&Span> = self.groups().keys().map(|group| &group.span).collect();
        let mut rows: Vec<(&Span, Stay)> =
            spans.into_iter().filter_map(|span| Some((span, self.of(picked, span)?))).collect();
        rows.sort_by_key(|(span, _)| match span {
            Span::Whole => 0,
            Span::Episode(_) => 1,
            Span::Stage(_) => 2,
        });
        let expected = |(span, _): &(&Span, Stay)| {
            let reached = self.survival(picked, span)?.quantile(0.5, Z_95).ok()?;
            u64::try_from(reached.days?).ok()
        };
        let quantile = |at: f64| Cells::numbers(&rows, move |(_, stay)| stay.over.quantile_days(at));
        let counts = |each: fn(&Stay) -> u64| Cells::counts(&rows, |(_, stay)| Some(each(stay)));
        let (kind, code) = (
            |(span, _): &(&Span, Stay)| {
                let kind = match span {
                    Span::Whole => "whole",
                    Span::Episode(_) => "episode",
                    Span::Stage(_) => "stage",
                };
                Some(kind.to_owned())
            },
            |(span, _): &(&Span, Stay)| match span {
                Span::Whole => None,
                Span::Episode(EpisodeKind::Original) => Some("original".to_owned()),
                Span::Episode(EpisodeKind::Reopening) => Some("reopening".to_owned()),
                Span::Episode(EpisodeKind::Appeal) => Some("appeal".to_owned()),
                Span::Stage(stage) => Some(stage.to_string()),
            },
        );
        Sheet::new(json!({ "as_of": terms.day, "rule": terms.rule }))
            .with("span", Cells::texts(&rows, kind))
            .with("code", Cells::texts(&rows, code))
            .with("over", counts(|stay| stay.over.count()))
            .with("still", counts(|stay| stay.still.count()))
            .with("otherwise", counts(|stay| stay.otherwise.count()))
            .with("mean_days", Cells::numbers(&rows, |(_, stay)| stay.over.mean_days()))
            .with("median_days", quantile(0.5))
            .with("p90_days", quantile(0.9))
            .with("expected_median_days", Cells::counts(&rows, expected))
    }
}

impl gpr::Board {
    fn about(&self) -> Value {
        let Self { as_of, disposed, classified, unclassified, .. } = self;
        json!({
            "as_of": as_of, "disposed": disposed, "classified": classified, "unclassified": unclassified,
        })
    }

    /// What cases came from, most often first.
    ///
    /// Columns: `root_cause`, `category`, `unit`, `count`, `suggested`. How many are classified, and how many are not, is in
    /// `about`.
    pub fn causes(&self) -> Sheet {
        let rows = &self.repeaters;
        Sheet::new(self.about())
            .with("root_cause", Cells::texts(rows, |row| Some(row.root_cause.to_string())))
            .with("category", Cells::texts(rows, |row| text(row.category.as_ref())))
            .with("unit", Cells::texts(rows, |row| Some(row.unit.to_string())))
            .with("count", Cells::counts(rows, |row| Some(row.count)))
            .with("suggested", Cells::counts(rows, |row| Some(row.suggested)))
    }

    /// What changes of procedures would remove or have removed, the one that answers most first.
    ///
    /// Columns: `change`, `state` (a word of [`ChangeState`](crate::vocabulary::ChangeState)), `implemented_on`, `named`,
    /// `answers`, `share` (of the classified; none where nothing is), and before and after it came into force, in spans of
    /// `days` each, `before`, `unknown_before`, `after` and `unknown_after`.
    pub fn of_changes(&self) -> Sheet {
        let rows = &self.changes;
        let share = |change: &Change| {
            crate::measure::duration::Share { count: change.answers, out_of: self.classified }.value()
        };
        let recurred =
            |each: fn(&Recurrence) -> u64| Cells::counts(rows, move |row| row.recurrence.as_ref().map(each));
        Sheet::new(self.about())
            .with("change", Cells::texts(rows, |row| Some(row.code.to_string())))
            .with("state", Cells::texts(rows, |row| Some(row.state.as_str().to_owned())))
            .with("implemented_on", Cells::days(rows, |row| row.implemented_on))
            .with("named", Cells::counts(rows, |row| Some(row.named)))
            .with("answers", Cells::counts(rows, |row| Some(row.answers)))
            .with("share", Cells::numbers(rows, share))
            .with("days", recurred(|it| it.days.into()))
            .with("before", recurred(|it| it.before))
            .with("unknown_before", recurred(|it| it.unknown_before))
            .with("after", recurred(|it| it.after))
            .with("unknown_after", recurred(|it| it.unknown_after))
    }

    /// What officers suggested, by office, subject and cause.
    ///
    /// Columns: `unit`, `category`, `root_cause`, `change`, its `state` and `implemented_on` (none of all three where no change
    /// was named), `case`, `text` (the words' place in the vault).
    pub fn of_suggestions(&self) -> Sheet {
        let rows = &self.suggestions;
        Sheet::new(self.about())
            .with("unit", Cells::texts(rows, |row| Some(row.unit.to_string())))
            .with("category", Cells::texts(rows, |row| text(row.category.as_ref())))
            .with("root_cause", Cells::texts(rows, |row| Some(row.root_cause.to_string())))
            .with("change", Cells::texts(rows, |row| text(row.change.as_ref())))
            .with("state", Cells::texts(rows, |row| row.state.map(|state| state.as_str().to_owned())))
            .with("implemented_on", Cells::days(rows, |row| row.implemented_on))
            .with("case", Cells::texts(rows, |row| Some(row.case.to_string())))
            .with("text", Cells::texts(rows, |row| Some(row.text.to_string())))
    }
}

impl Suspected {
    pub(crate) fn sheet(all: &[Self], about: Value) -> Sheet {
        let cases = |row: &Self| {
            let cases: Vec<String> = row.cases.iter().map(ToString::to_string).collect();
            Some(cases.join(" "))
        };
        Sheet::new(about)
            .with("what", Cells::texts(all, |row| Some(row.what.as_str().to_owned())))
            .with("unit", Cells::texts(all, |row| Some(row.unit.to_string())))
            .with("officer", Cells::texts(all, |row| text(row.officer.as_ref())))
            .with("count", Cells::counts(all, |row| Some(row.count)))
            .with("out_of", Cells::counts(all, |row| Some(row.out_of)))
            .with("cases", Cells::texts(all, cases))
    }
}

impl Sample {
    pub(crate) fn sheet(&self, about: Value) -> Sheet {
        let (rows, of) = (&self.drawn, |drawn: &Drawn| &self.strata[drawn.stratum]);
        Sheet::new(about)
            .with("case", Cells::texts(rows, |drawn| Some(drawn.case.to_string())))
            .with("unit", Cells::texts(rows, |drawn| Some(of(drawn).unit.to_string())))
            .with("reason", Cells::texts(rows, |drawn| text(of(drawn).reason.as_ref())))
            .with("officer", Cells::texts(rows, |drawn| text(of(drawn).officer.as_ref())))
            .with("suspicious", Cells::counts(rows, |drawn| Some(of(drawn).suspicious.into())))
            .with("disposals", Cells::counts(rows, |drawn| Some(of(drawn).disposals)))
            .with("drawn", Cells::counts(rows, |drawn| Some(of(drawn).drawn)))
    }
}

impl Quality {
    pub(crate) fn sheet(&self, sample: &Sample, about: Value) -> Sheet {
        let rows: Vec<_> = sample.strata.iter().zip(&self.strata).collect();
        Sheet::new(about)
            .with("unit", Cells::texts(&rows, |(stratum, _)| Some(stratum.unit.to_string())))
            .with("reason", Cells::texts(&rows, |(stratum, _)| text(stratum.reason.as_ref())))
            .with("officer", Cells::texts(&rows, |(stratum, _)| text(stratum.officer.as_ref())))
            .with("suspicious", Cells::counts(&rows, |(stratum, _)| Some(stratum.suspicious.into())))
            .with("disposals", Cells::counts(&rows, |(stratum, _)| Some(stratum.disposals)))
            .with("drawn", Cells::counts(&rows, |(stratum, _)| Some(stratum.drawn)))
            .with("confirmed", Cells::counts(&rows, |(_, looked)| Some(looked.confirmed)))
            .with("deficient", Cells::counts(&rows, |(_, looked)| Some(looked.deficient)))
            .with("not_verifiable", Cells::counts(&rows, |(_, looked)| Some(looked.not_verifiable)))
            .with("waiting", Cells::counts(&rows, |(_, looked)| Some(looked.waiting)))
    }
}

impl Pack {
    /// The review as a table: of all together and of each branch, a line of the review a row.
    ///
    /// Columns: `unit` (none for all together), `name`, `line` (a word of [`MisLine`](crate::vocabulary::MisLine), or `age_1`
    /// for the youngest band), `week`, `before` (the week before), `four_mean` (the mean of the four weeks before, as far as
    /// there was data). All of it is in `about`.
    pub fn sheet(&self) -> Sheet {
        // A pack is made of numbers and texts with text keys.
        let about = serde_json::to_value(self).unwrap_or_default();
        let of_all = self.all.lines.iter().map(|(line, compared)| (None, line, compared));
        let of_branches = self.branches.iter().flat_map(|row| {
            row.figures.lines.iter().map(move |(line, compared)| (Some(row), line, compared))
        });
        let rows: Vec<(Option<&Row>, &Line, &Compared)> = of_all.chain(of_branches).collect();
        Sheet::new(about)
            .with("unit", Cells::texts(&rows, |(row, ..)| Some(row.as_ref()?.unit.to_string())))
            .with("name", Cells::texts(&rows, |(row, ..)| Some(row.as_ref()?.name.clone())))
            .with("line", Cells::texts(&rows, |(_, line, _)| Some(line.to_string())))
            .with("week", Cells::counts(&rows, |(.., compared)| Some(compared.week)))
            .with("before", Cells::counts(&rows, |(.., compared)| compared.before))
            .with("four_mean", Cells::numbers(&rows, |(.., compared)| compared.four.value()))
    }
}
