//! What the disposed were closed with, and what points at closings that may be bad.

use crate::kernel::time::day_of;
use crate::measure::duration::Share;
use crate::measure::pack::Span::Alone;
use crate::measure::pack::list::is_counted_at;
use crate::measure::pack::{Cell, CountOf};
use crate::measure::quality::{Mix, Suspected};
use crate::render::pack::view::behind::named;
use crate::render::pack::view::{Field, Figure, Table, Writer};
use crate::render::pack::{Closed, chart};
use crate::vocabulary::{DisposalClass, Suspicion};
use chrono::TimeDelta;
use serde::Serialize;
use std::cmp::Reverse;

/// The section of what points at closings.
#[derive(Serialize)]
pub(super) struct Suspicions {
    about: String,
    pub(super) table: Option<Table>,
}

/// A count with its name, and where it opens.
type Bar = (String, u64, CountOf);

impl Writer<'_> {
    fn closed_in(&self, key: &str, closed: &Closed<'_>) -> String {
        let (zone, language) = (closed.rulebook.zone(), self.language);
        let until = language.date(day_of(closed.closings.until(), zone));
        match closed.closings.since() {
            Some(since) => {
                let from = since.checked_add_signed(TimeDelta::milliseconds(1)).unwrap_or(since);
                let from = language.date(day_of(from, zone));
                format!("{from} – {until}. {}", language.words(key))
            }
            None => format!("– {until}. {}", language.words(key)),
        }
    }

    /// What points at closings of the pack's offices, the highest share of each sort first. The page goes to
    /// offices, so nobody is named on it.
    pub(super) fn suspicions(&self, closed: &Closed<'_>) -> Suspicions {
        let (language, directory) = (self.language, closed.rulebook.directory());
        let found = closed.closings.suspected(closed.rulebook);
        let mut own: Vec<&Suspected> =
            found.iter().filter(|one| is_counted_at(directory, &self.pack.unit, &one.unit)).collect();
        own.sort_by(|a, b| {
            let parts = |one: &Suspected| (u128::from(one.count), u128::from(one.out_of));
            let ((count, out_of), (others, out_of_others)) = (parts(a), parts(b));
            a.what.cmp(&b.what).then((others * out_of).cmp(&(count * out_of_others)))
        });
        let rows: Vec<Vec<Field>> = own
            .into_iter()
            .map(|one| {
                let what = match one.what {
                    Suspicion::BulkClosing => "suspicion_bulk",
                    Suspicion::JustBeforeDue => "suspicion_before_due",
                    Suspicion::SameRemarks => "suspicion_same_remarks",
                    Suspicion::UnreachableWithoutAttempts => "suspicion_unreachable",
                    Suspicion::OftenReopened => "suspicion_reopened",
                };
                let of = one.officer.is_none().then(|| Cell {
                    unit: one.unit.clone(),
                    span: Alone,
                    of: CountOf::Suspected(one.what),
                });
                let whose = if one.officer.is_some() { "one_officer" } else { "whole_office" };
                vec![
                    Field::words(language.words(what)),
                    Field::words(self.name_of(&one.unit)),
                    Field::words(language.words(whose)),
                    self.open(one.count, of),
                    self.count(one.out_of),
                    self.share(Share { count: one.count, out_of: one.out_of }),
                ]
            })
            .collect();
        let key = if rows.is_empty() { "no_suspicion" } else { "about_suspicions" };
        let heads = ["suspicion", "office", "whose", "closings", "out_of", "share"];
        Suspicions { about: self.closed_in(key, closed), table: self.table(&heads, rows, false) }
    }

    /// The closings by class and by reason; nothing where there is none.
    pub(super) fn mix(&self, closed: &Closed<'_>) -> Vec<Figure> {
        let (language, rulebook) = (self.language, closed.rulebook);
        let mut own = closed.closings.disposals();
        own.retain(|one| is_counted_at(rulebook.directory(), &self.pack.unit, &one.unit));
        let mix = Mix::of(&own);
        if mix.closings == 0 {
            return Vec::new();
        }
        let mut classes: Vec<Bar> = DisposalClass::ALL
            .iter()
            .map(|class| {
                let key = match class {
                    DisposalClass::Benefit => "class_benefit",
                    DisposalClass::TakenUp => "class_taken_up",
                    DisposalClass::NotActionable => "class_not_actionable",
                };
                let count = mix.by_class.get(class).copied().unwrap_or(0);
                (language.words(key).to_owned(), count, CountOf::Class(Some(*class)))
            })
            .collect();
        classes.push((language.words("without_class").to_owned(), mix.without_class, CountOf::Class(None)));
        let entries = &rulebook.document().reason;
        let mut reasons: Vec<Bar> = mix
            .by_reason
            .iter()
            .map(|(code, count)| {
                let known = entries.iter().find(|entry| entry.code == code.as_str());
                let name =
                    known.map_or(code.as_str(), |one| named(&one.code, (&one.name, &one.names), language));
                (name.to_owned(), *count, CountOf::Reason(Some(code.clone())))
            })
            .collect();
        reasons.sort_by_key(|(_, count, _)| Reverse(*count));
        reasons.push((
            language.words("without_reason").to_owned(),
            mix.without_reason,
            CountOf::Reason(None),
        ));
        vec![
            self.counts("classes", ("h_classes", "class"), &classes, closed),
            self.counts("reasons", ("h_reasons", "reason"), &reasons, closed),
        ]
    }

    fn counts(
        &self,
        id: &'static str,
        (head, first): (&'static str, &'static str),
        bars: &[Bar],
        closed: &Closed<'_>,
    ) -> Figure {
        let language = self.language;
        let out_of = bars.iter().map(|bar| bar.1).sum();
        let rows = bars.iter().map(|(name, count, of)| {
            let opened = self.open(*count, Some(self.cell(None, of.clone())));
            vec![Field::words(&**name), opened, self.share(Share { count: *count, out_of })]
        });
        let drawn: Vec<(&str, u64)> = bars.iter().map(|(name, count, _)| (name.as_str(), *count)).collect();
        let heads = [first, "closings", "share"].map(|key| language.words(key).to_owned());
        Figure {
            id,
            head: language.words(head),
            about: self.closed_in("about_mix", closed),
            svg: chart::counts(id, &drawn, language),
            legend: Vec::new(),
            table: Table { heads: heads.to_vec(), rows: rows.collect(), total: false },
        }
    }
}
