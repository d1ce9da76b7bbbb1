//! What points at closings that may be bad.

use crate::kernel::code::UnitCode;
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::kernel::time::day_of;
use crate::measure::quality::Disposal;
use crate::rulebook::Rulebook;
use crate::rulebook::document::SuspicionEntry;
use crate::vocabulary::Suspicion;
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something that points at closings of an office, or of one officer. It proves nothing: it says
/// where to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suspected {
    /// What it is.
    pub what: Suspicion,
    /// The office that had custody at the closings.
    pub unit: UnitCode,
    /// Whose closings they are, where it is about one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<PersonId>,
    /// How many closings.
    pub count: u64,
    /// Out of how many of that office or officer.
    pub out_of: u64,
    /// Their cases, in the order of their identities, each as often as its closings are among them.
    pub cases: Vec<GrievanceId>,
}

impl Suspected {
    /// Everything that points at closings, in the order of the list of suspicions, then by office
    /// and officer.
    ///
    /// Thresholds are the rulebook's (`suspicion`), days are dates in its zone. `remarks` tells
    /// equal remarks from others: a digest of the words, the same for the same words once blanks
    /// and case are set aside, made by whoever may read them; where it answers `None` the remarks
    /// are compared with none. What is stored cannot be compared: each text has a salt of its own.
    ///
    /// Closings that did not stand count, too. An office or officer of whom nothing is known, such
    /// as the officer of an import, is suspected of nothing.
    pub fn all(
        disposals: &[Disposal],
        rulebook: &Rulebook,
        remarks: &dyn Fn(&Disposal) -> Option<Digest>,
    ) -> Vec<Self> {
        let entry = rulebook.suspicion();
        let mut found = bulk(disposals, entry, rulebook.zone());
        found.extend(just_before_due(disposals, entry));
        found.extend(same_remarks(disposals, entry, remarks));
        found.extend(unreachable(disposals, rulebook.feedback().attempts));
        found.extend(often_reopened(disposals, entry));
        found.sort_by(|one, other| {
            (one.what, &one.unit, one.officer, &one.cases).cmp(&(
                other.what,
                &other.unit,
                other.officer,
                &other.cases,
            ))
        });
        found
    }
}

type Group<'a> = Vec<&'a Disposal>;

fn groups<'a, K: Ord>(
    disposals: &'a [Disposal],
    key: impl Fn(&'a Disposal) -> Option<K>,
) -> BTreeMap<K, Group<'a>> {
    let mut groups: BTreeMap<K, Group<'a>> = BTreeMap::new();
    for disposal in disposals {
        if let Some(key) = key(disposal) {
            groups.entry(key).or_default().push(disposal);
        }
    }
    groups
}

fn suspect(
    what: Suspicion,
    unit: &UnitCode,
    officer: Option<PersonId>,
    of: &Group<'_>,
    out_of: usize,
) -> Suspected {
    let mut cases: Vec<GrievanceId> = of.iter().map(|disposal| disposal.case).collect();
    cases.sort();
    Suspected { what, unit: unit.clone(), officer, count: of.len() as u64, out_of: out_of as u64, cases }
}

/// Whether a part is at least so many in the hundred of a whole that is big enough to say so.
fn reaches(part: usize, whole: usize, percent: u32, at_least: u32) -> bool {
    whole >= at_least as usize && part > 0 && part as u128 * 100 >= whole as u128 * u128::from(percent)
}

fn bulk(disposals: &[Disposal], entry: &SuspicionEntry, zone: chrono_tz::Tz) -> Vec<Suspected> {
    let of_officers = groups(disposals, |it| Some((&it.unit, it.closed_by?)));
    let days = groups(disposals, |it| Some((&it.unit, it.closed_by?, day_of(it.at, zone))));
    let many = days.iter().filter(|(_, of)| of.len() >= entry.bulk_in_a_day as usize);
    many.map(|((unit, officer, _), of)| {
        let out_of = of_officers[&(*unit, *officer)].len();
        suspect(Suspicion::BulkClosing, unit, Some(*officer), of, out_of)
    })
    .collect()
}

fn just_before_due(disposals: &[Disposal], entry: &SuspicionEntry) -> Vec<Suspected> {
    let hours = TimeDelta::hours(entry.before_due_hours.into());
    let with_due = groups(disposals, |it| it.due.map(|_| &it.unit));
    let offices = with_due.iter().filter_map(|(unit, of)| {
        let close = |it: &&&Disposal| {
            it.due.is_some_and(|(due, met)| met <= due && due.signed_duration_since(met) <= hours)
        };
        let late: Group<'_> = of.iter().filter(close).copied().collect();
        reaches(late.len(), of.len(), entry.before_due_percent, entry.at_least)
            .then(|| suspect(Suspicion::JustBeforeDue, unit, None, &late, of.len()))
    });
    offices.collect()
}

fn same_remarks(
    disposals: &[Disposal],
    entry: &SuspicionEntry,
    remarks: &dyn Fn(&Disposal) -> Option<Digest>,
) -> Vec<Suspected> {
    let of_officers = groups(disposals, |it| Some((&it.unit, it.officer?)));
    let same = groups(disposals, |it| Some((&it.unit, it.officer?, remarks(it)?)));
    let pasted = same.iter().filter(|(_, of)| of.len() >= entry.same_remarks as usize);
    pasted
        .map(|((unit, officer, _), of)| {
            let out_of = of_officers[&(*unit, *officer)].len();
            suspect(Suspicion::SameRemarks, unit, Some(*officer), of, out_of)
        })
        .collect()
}

fn unreachable(disposals: &[Disposal], needed: u32) -> Vec<Suspected> {
    let said = groups(disposals, |it| it.unreachable.then_some(&it.unit));
    let offices = said.iter().filter_map(|(unit, of)| {
        let without: Group<'_> = of.iter().filter(|it| it.attempts < needed).copied().collect();
        (!without.is_empty())
            .then(|| suspect(Suspicion::UnreachableWithoutAttempts, unit, None, &without, of.len()))
    });
    offices.collect()
}

fn often_reopened(disposals: &[Disposal], entry: &SuspicionEntry) -> Vec<Suspected> {
    let offices = groups(disposals, |it| Some(&it.unit));
    let often = offices.iter().filter_map(|(unit, of)| {
        let again: Group<'_> = of.iter().filter(|it| it.reopened).copied().collect();
        reaches(again.len(), of.len(), entry.reopened_percent, entry.at_least)
            .then(|| suspect(Suspicion::OftenReopened, unit, None, &again, of.len()))
    });
    often.collect()
}
