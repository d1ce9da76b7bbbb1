//! Offices under an index: scores, parts, ranks.

use crate::kernel::code::UnitCode;
use crate::kernel::text::Digest;
use crate::measure::index::definition::{
    Better, Definition, IndexProblem, Missing, Normaliser, Term, WhenEmpty,
};
use crate::vocabulary::Quantity;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was counted of an office. What is absent was not counted, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<Quantity, u64>);

impl Counts {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds to a count; from now on it is counted, if only as zero.
    pub fn add(&mut self, quantity: Quantity, count: u64) {
        let own = self.0.entry(quantity).or_default();
        *own = own.saturating_add(count);
    }

    /// A count; `None` when it was not counted.
    pub fn get(&self, quantity: Quantity) -> Option<u64> {
        self.0.get(&quantity).copied()
    }

    /// Adds another part's counts: what both have is added up.
    pub fn merge(&mut self, other: &Self) {
        for (quantity, count) in &other.0 {
            self.add(*quantity, *count);
        }
    }
}

impl FromIterator<(Quantity, u64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Quantity, u64)>>(counts: I) -> Self {
        let mut all = Self::new();
        counts.into_iter().for_each(|(quantity, count)| all.add(quantity, count));
        all
    }
}

/// Offices under an index, the best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The day as of which was counted.
    pub as_of: NaiveDate,
    /// The rulebook version under which was counted, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rulebook: Option<Digest>,
    /// The index.
    pub definition: Definition,
    /// The offices: group by group, in each by rank, those without a score last; equal ones in the
    /// order of their codes.
    pub offices: Vec<Graded>,
}

/// An office under an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Graded {
    /// The office.
    pub unit: UnitCode,
    /// Its group; `None` without groups, or when the count that makes them is not known.
    pub group: Option<String>,
    /// Its score, rounded as the index says; `None` without data.
    pub score: Option<f64>,
    /// Its place in its group, 1 for the best. Offices with equal scores, after rounding, share a
    /// place, and the places after them are left free: 1, 2, 2, 4.
    pub rank: Option<u32>,
    /// How the score came about, term by term.
    pub terms: Vec<TermScore>,
}

/// A term of an office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TermScore {
    /// The term.
    pub code: String,
    /// The count; `None` when it was not counted.
    pub count: Option<u64>,
    /// Out of how many, where the term says so.
    pub of: Option<u64>,
    /// The count, divided by that.
    pub value: Option<f64>,
    /// The score from 0 to 1.
    pub score: Option<f64>,
    /// The name of its band, where the term has bands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// What the score weighed here: more than the index says where other terms were left out.
    pub weight: f64,
}

impl Board {
    /// Applies an index to offices. An office that is named twice is there twice.
    ///
    /// # Errors
    ///
    /// [`IndexProblem`] when the index cannot be computed ([`Definition::check`]).
    pub fn of(
        definition: &Definition,
        offices: impl IntoIterator<Item = (UnitCode, Counts)>,
        as_of: NaiveDate,
        rulebook: Option<Digest>,
    ) -> Result<Self, IndexProblem> {
        definition.check()?;
        let mut offices: Vec<(Option<usize>, UnitCode, Counts)> =
            offices.into_iter().map(|(unit, counts)| (group_of(definition, &counts), unit, counts)).collect();
        offices.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let same_group =
            |a: &(Option<usize>, UnitCode, Counts), b: &(Option<usize>, UnitCode, Counts)| a.0 == b.0;
        let mut graded = Vec::with_capacity(offices.len());
        for peers in offices.chunk_by(same_group) {
            graded.extend(ranked(definition, peers));
        }
        Ok(Self { as_of, rulebook, definition: definition.clone(), offices: graded })
    }
}

/// The group of an office; `None` without groups or without the count.
fn group_of(definition: &Definition, counts: &Counts) -> Option<usize> {
    let groups = definition.groups.as_ref()?;
    let count = counts.get(groups.by)?;
    groups.groups.iter().rposition(|group| group.from <= count)
}

fn ranked(definition: &Definition, peers: &[(Option<usize>, UnitCode, Counts)]) -> Vec<Graded> {
    let ranges: Vec<Option<(f64, f64)>> = definition.terms.iter().map(|term| range(term, peers)).collect();
    let mut graded: Vec<Graded> = peers
        .iter()
        .map(|(group, unit, counts)| {
            let terms: Vec<TermScore> = definition
                .terms
                .iter()
                .zip(&ranges)
                .map(|(term, range)| scored(term, counts, *range))
                .collect();
            let group =
                group.zip(definition.groups.as_ref()).map(|(n, groups)| groups.groups[n].code.clone());
            graded_by(definition, unit.clone(), group, terms)
        })
        .collect();
    // They come in the order of their codes, which the sort keeps among equals.
    graded.sort_by(|a, b| match (a.score, b.score) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    let mut last: Option<(f64, u32)> = None;
    for (office, place) in graded.iter_mut().zip(1..) {
        let Some(score) = office.score else { break };
        let rank =
            last.filter(|(before, _)| before.total_cmp(&score).is_eq()).map_or(place, |(_, rank)| rank);
        last = Some((score, rank));
        office.rank = Some(rank);
    }
    graded
}

fn graded_by(
    definition: &Definition,
    unit: UnitCode,
    group: Option<String>,
    mut terms: Vec<TermScore>,
) -> Graded {
    let known: f64 = terms.iter().filter(|term| term.score.is_some()).map(|term| term.weight).sum();
    let incomplete = terms.iter().any(|term| term.score.is_none());
    let tells = match definition.missing {
        Missing::NoScore => !incomplete,
        Missing::LeaveOut => known > 0.0,
    };
    if incomplete && tells {
        for term in &mut terms {
            term.weight = if term.score.is_some() { term.weight / known } else { 0.0 };
        }
    }
    let score = tells.then(|| {
        let sum: f64 = terms.iter().filter_map(|term| Some(term.score? * term.weight)).sum();
        definition.rounding.value(sum * definition.scale)
    });
    Graded { unit, group, score, rank: None, terms }
}

/// The count, what it is out of, and the value; the value is `None` out of nothing.
fn value(term: &Term, counts: &Counts) -> (Option<u64>, Option<u64>, Option<f64>) {
    let count = counts.get(term.count);
    let of = term.of.and_then(|of| counts.get(of));
    #[allow(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
    let value = match (count, term.of, of) {
        (Some(count), None, _) => Some(count as f64),
        (Some(count), Some(_), Some(of)) if of > 0 => Some(count as f64 / of as f64),
        _ => None,
    };
    (count, of, value)
}

/// The lowest and the highest value among peers.
fn range(term: &Term, peers: &[(Option<usize>, UnitCode, Counts)]) -> Option<(f64, f64)> {
    let values = peers.iter().filter_map(|(_, _, counts)| value(term, counts).2);
    values.fold(None, |range, value| {
        Some(range.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

fn scored(term: &Term, counts: &Counts, range: Option<(f64, f64)>) -> TermScore {
    let (count, of, value) = value(term, counts);
    let mut band = None;
    let score = match value {
        Some(value) => Some(match &term.normalise {
            Normaliser::Target { worst, best } => line(*worst, *best, value),
            Normaliser::MinMax => {
                let (low, high) = range.expect("the office itself has a value");
                match term.better {
                    _ if low >= high => 1.0,
                    Better::Higher => line(low, high, value),
                    Better::Lower => line(high, low, value),
                }
            }
            Normaliser::Bands(bands) => {
                let found = bands.iter().find(|band| band.up_to.is_none_or(|limit| value <= limit));
                let found = found.expect("the last band has no limit");
                band = Some(found.label.clone());
                found.score
            }
        }),
        None if of == Some(0) && count.is_some() => match term.when_empty {
            WhenEmpty::NoData => None,
            WhenEmpty::Worst => Some(0.0),
            WhenEmpty::Best => Some(1.0),
        },
        None => None,
    };
    TermScore { code: term.code.clone(), count, of, value, score, band, weight: term.weight }
}

/// From 0 at the worst to 1 at the best, and no further.
fn line(worst: f64, best: f64, value: f64) -> f64 {
    ((value - worst) / (best - worst)).clamp(0.0, 1.0)
}
