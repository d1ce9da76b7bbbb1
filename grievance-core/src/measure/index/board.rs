//! Offices under an index: scores, parts, ranks.

use crate::kernel::code::UnitCode;
use crate::kernel::text::Digest;
use crate::measure::exact::Exact;
use crate::measure::index::definition::{
    Better, Definition, IndexProblem, Missing, Normaliser, Term, WhenEmpty,
};
use crate::measure::index::funnel::{Funnel, Standing};
use crate::measure::index::verified::{Looks, Verified, corrected};
use crate::vocabulary::Quantity;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was counted of an office. What is absent was not counted, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Says that it was not counted after all.
    pub(crate) fn forget(&mut self, quantity: Quantity) {
        self.0.remove(&quantity);
    }

    /// A count; `None` when it was not counted.
    pub fn get(&self, quantity: Quantity) -> Option<u64> {
        self.0.get(&quantity).copied()
    }

    /// All of them, added up.
    pub(crate) fn weight(&self) -> u128 {
        self.0.values().map(|count| u128::from(*count)).sum()
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
    /// The offices: group by group, in each by rank, then those that have a score and too few cases for a
    /// rank, last those without a score; equal ones in the order of their codes.
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
    /// place, and the places after them are left free: 1, 2, 2, 4. `None` without a score, and where the
    /// standing is [`TooFew`](Standing::TooFew).
    pub rank: Option<u32>,
    /// [`TooFew`](Standing::TooFew) where its cases are too few to speak of ([`Definition::fewest`]). Under an index
    /// that is one share of counts ([`Definition::one_share`]) the [`Funnel`] of its group says whether it differs
    /// by more than chance, as far as it can tell. `None` where nothing is said, and without a score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
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
    /// The count, divided by that; corrected, where the term says so.
    pub value: Option<f64>,
    /// By what it was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// The score from 0 to 1.
    pub score: Option<f64>,
    /// The name of its band, where the term has bands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// What the score weighed here: more than the index says where other terms were left out.
    pub weight: f64,
}

impl Graded {
    /// The codes of the terms that were left out, for want of data: the others have their weight.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(|term| term.score.is_none()).map(|term| term.code.as_str())
    }
}

impl Board {
    /// Applies an index to offices. An office that is named twice is there twice.
    ///
    /// A term that is corrected by verification ([`Term::corrected`]) takes the looks from the counts, as if
    /// they were drawn from all disposals alike; [`of_verified`](Self::of_verified) knows better.
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
        Self::of_verified(definition, offices, &BTreeMap::new(), as_of, rulebook)
    }

    /// The same with what the second looks of a sample found, stratum by stratum, of the offices that were
    /// verified ([`Quality::by_unit`](crate::measure::quality::Quality::by_unit)). Of an office that is not among
    /// them the counts say it.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::index::{Answered, Board, Counts, Definition, Looks};
    /// use grievance_core::vocabulary::Quantity;
    ///
    /// let index = Definition::from_json(r#"{
    ///     "code": "sound", "name": "Disposed soundly in time", "source": "ours",
    ///     "rounding": { "decimals": 1 }, "missing": "no_score",
    ///     "terms": [{ "code": "on_time", "name": "Disposed in time", "weight": 1.0, "better": "higher",
    ///         "count": "disposed_on_time", "of": "disposed_with_target",
    ///         "corrected": { "unverified": "no_data" },
    ///         "normalise": { "target": { "worst": 0.0, "best": 1.0 } } }]
    /// }"#)?;
    /// let counts: Counts = [(Quantity::DisposedOnTime, 36), (Quantity::DisposedWithTarget, 40)].into_iter().collect();
    /// let offices = [("works".parse()?, counts.clone()), ("water".parse()?, counts)];
    /// // Of the suspicious ten all were looked at and five are sound, of the other thirty six, all of them sound:
    /// // (10 × 5/10 + 30 × 6/6) ÷ 40 = 0.875, and not 11 ÷ 16.
    /// let looks = Looks::new([
    ///     Answered { closings: 10, looked: 10, sound: 5 },
    ///     Answered { closings: 30, looked: 6, sound: 6 },
    /// ])?;
    /// let looks = [("works".parse()?, looks)].into();
    /// let board = Board::of_verified(&index, offices, &looks, "2026-04-01".parse()?, None)?;
    /// let works = &board.offices[0];
    /// assert_eq!(works.score, Some(78.8)); // 36 ÷ 40 × 0.875 = 0.7875, to the even neighbour
    /// assert_eq!(works.terms[0].verified.as_ref().and_then(|it| it.share), Some(0.875));
    /// assert_eq!(board.offices[1].score, None); // nobody looked at the water works
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_verified(
        definition: &Definition,
        offices: impl IntoIterator<Item = (UnitCode, Counts)>,
        looks: &BTreeMap<UnitCode, Looks>,
        as_of: NaiveDate,
        rulebook: Option<Digest>,
    ) -> Result<Self, IndexProblem> {
        definition.check()?;
        let office = |(unit, counts): (UnitCode, Counts)| Office {
            group: group_of(definition, &counts),
            looks: looks.get(&unit).cloned().or_else(|| Looks::of(&counts)),
            unit,
            counts,
        };
        let mut offices: Vec<Office> = offices.into_iter().map(office).collect();
        offices.sort_by(|a, b| (a.group, &a.unit).cmp(&(b.group, &b.unit)));
        let mut graded = Vec::with_capacity(offices.len());
        for peers in offices.chunk_by(|a, b| a.group == b.group) {
            graded.extend(ranked(definition, peers));
        }
        Ok(Self { as_of, rulebook, definition: definition.clone(), offices: graded })
    }
}

/// An office as it is graded.
struct Office {
    group: Option<usize>,
    unit: UnitCode,
    counts: Counts,
    looks: Option<Looks>,
}

/// The group of an office; `None` without groups or without the count.
fn group_of(definition: &Definition, counts: &Counts) -> Option<usize> {
    let groups = definition.groups.as_ref()?;
    let count = counts.get(groups.by)?;
    groups.groups.iter().rposition(|group| group.from <= count)
}

fn ranked(definition: &Definition, peers: &[Office]) -> Vec<Graded> {
    let ranges: Vec<Option<(Exact, Exact)>> =
        definition.terms.iter().map(|term| range(term, peers)).collect();
    let funnel = funnel(definition, peers);
    let mut graded: Vec<Graded> = peers
        .iter()
        .map(|office| {
            let terms: Vec<Scored> = definition
                .terms
                .iter()
                .zip(&ranges)
                .map(|(term, range)| scored(term, office, range.as_ref()))
                .collect();
            let group =
                office.group.zip(definition.groups.as_ref()).map(|(n, groups)| groups.groups[n].code.clone());
            let standing = standing(definition, funnel, office, &terms);
            graded_by(definition, (office.unit.clone(), group), standing, terms)
        })
        .collect();
    // They come in the order of their codes, which the sort keeps among equals; those of which too little is
    // known to say come behind those that have a place.
    let placed = |office: &Graded| office.score.filter(|_| office.standing != Some(Standing::TooFew));
    let known = |office: &Graded| (placed(office).is_none(), office.score.is_none());
    graded.sort_by(|a, b| {
        let by_score = || b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0));
        known(a).cmp(&known(b)).then_with(by_score)
    });
    let mut last: Option<(f64, u32)> = None;
    for (office, place) in graded.iter_mut().zip(1..) {
        let Some(score) = placed(office) else { break };
        let rank =
            last.filter(|(before, _)| before.total_cmp(&score).is_eq()).map_or(place, |(_, rank)| rank);
        last = Some((score, rank));
        office.rank = Some(rank);
    }
    graded
}

/// A term of an office, with the fractions that its figures are the nearest floats of.
struct Scored {
    told: TermScore,
    score: Option<Exact>,
    weight: Exact,
}

fn graded_by(
    definition: &Definition,
    (unit, group): (UnitCode, Option<String>),
    standing: Option<Standing>,
    mut terms: Vec<Scored>,
) -> Graded {
    let mut known = Exact::zero();
    for term in terms.iter().filter(|term| term.score.is_some()) {
        known = known.plus(&term.weight);
    }
    let incomplete = terms.iter().any(|term| term.score.is_none());
    let tells = match definition.missing {
        Missing::NoScore => !incomplete,
        Missing::LeaveOut => known > Exact::zero(),
    };
    if incomplete && tells {
        for term in &mut terms {
            // Divided by what the known ones weigh together, which is above nothing.
            let share = term.score.as_ref().and_then(|_| term.weight.by(&known));
            term.told.weight = share.map_or(0.0, |share| share.value());
        }
    }
    let score = tells.then(|| {
        let mut sum = Exact::zero();
        for term in &terms {
            if let Some(score) = &term.score {
                sum = sum.plus(&score.times(&term.weight));
            }
        }
        // Weights such as three times 0.333 add up to 1 only nearly: what is full of them is full.
        let mean = sum.by(&known).unwrap_or(sum);
        definition.rounding.exact(&mean.times(&decimal(definition.scale)))
    });
    let standing = standing.filter(|_| score.is_some());
    Graded { unit, group, score, rank: None, standing, terms: terms.into_iter().map(|it| it.told).collect() }
}

/// A term of an office as it was counted and corrected.
struct Valued {
    count: Option<u64>,
    of: Option<u64>,
    /// `None` out of nothing, and where nobody verified what had to be.
    value: Option<Exact>,
    verified: Option<Verified>,
}

fn value(term: &Term, office: &Office) -> Valued {
    let count = office.counts.get(term.count);
    let of = term.of.and_then(|of| office.counts.get(of));
    let counted = match (count, term.of, of) {
        (Some(count), None, _) => Some(Exact::from(count)),
        (Some(count), Some(_), Some(of)) => Exact::ratio(count, of),
        _ => None,
    };
    let Some(correction) = &term.corrected else {
        return Valued { count, of, value: counted, verified: None };
    };
    let (value, verified) = corrected(correction, counted, office.looks.as_ref());
    Valued { count, of, value, verified: Some(verified) }
}

/// The lowest and the highest value among peers.
fn range(term: &Term, peers: &[Office]) -> Option<(Exact, Exact)> {
    let values = peers.iter().filter_map(|office| value(term, office).value);
    values.fold(None, |range, value| {
        Some(match range {
            None => (value.clone(), value),
            Some((low, high)) => (low.min(value.clone()), high.max(value)),
        })
    })
}

fn scored(term: &Term, office: &Office, range: Option<&(Exact, Exact)>) -> Scored {
    let Valued { count, of, value, verified } = value(term, office);
    let mut band = None;
    let score = match &value {
        Some(value) => Some(match &term.normalise {
            Normaliser::Target { worst, best } => line(&decimal(*worst), &decimal(*best), value),
            Normaliser::MinMax => {
                let (low, high) = range.expect("the office itself has a value");
                match term.better {
                    Better::Higher => line(low, high, value),
                    Better::Lower => line(high, low, value),
                }
            }
            Normaliser::Bands(bands) => {
                let found = bands.iter().find(|band| band.up_to.is_none_or(|limit| *value <= decimal(limit)));
                let found = found.expect("the last band has no limit");
                band = Some(found.label.clone());
                decimal(found.score)
            }
        }),
        None if of == Some(0) && count.is_some() => match term.when_empty {
            WhenEmpty::NoData => None,
            WhenEmpty::Worst => Some(Exact::zero()),
            WhenEmpty::Best => Some(Exact::one()),
        },
        None => None,
    };
    let told = TermScore {
        code: term.code.clone(),
        count,
        of,
        value: value.map(|value| value.value()),
        verified,
        score: score.as_ref().map(Exact::value),
        band,
        weight: term.weight,
    };
    Scored { told, score, weight: decimal(term.weight) }
}

/// From 0 at the worst to 1 at the best, and no further; where the two are one, nobody is behind.
fn line(worst: &Exact, best: &Exact, value: &Exact) -> Exact {
    value.minus(worst).by(&best.minus(worst)).map_or_else(Exact::one, Exact::within_one)
}

/// A number of a definition, which has been checked.
fn decimal(number: f64) -> Exact {
    Exact::decimal(number).expect("the numbers of a checked definition are finite")
}

/// The funnel of a group of offices, under an index that is one share of counts.
fn funnel(definition: &Definition, peers: &[Office]) -> Option<Funnel> {
    let term = definition.one_share()?;
    let shares = peers.iter().filter_map(|office| {
        let Valued { count, of, .. } = value(term, office);
        count.zip(of)
    });
    Funnel::of(shares)
}

/// What is known of an office: whether its cases are enough to speak of, and where the index is one share by how
/// much it differs from its group. Where so few are expected on one side that the funnel cannot tell, nothing is.
fn standing(
    definition: &Definition,
    funnel: Option<Funnel>,
    office: &Office,
    terms: &[Scored],
) -> Option<Standing> {
    let scored = terms.iter().filter(|term| term.score.is_some());
    let volume = scored.filter_map(|term| term.told.of).max()?;
    if volume < definition.fewest() {
        return Some(Standing::TooFew);
    }
    let Valued { count, of, .. } = value(definition.one_share()?, office);
    let standing = funnel?.standing(count?, of?);
    (standing != Standing::TooFew).then_some(standing)
}
