//! What an index is made of.

use crate::measure::index::rounding::Rounding;
use crate::measure::index::verified::Correction;
use crate::vocabulary::Quantity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An index as data: what is counted, how each count becomes a score, and what each score weighs.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::index::Definition;
///
/// let index = Definition::from_json(r#"{
///     "code": "timely", "name": "Timely disposal", "source": "ours",
///     "rounding": { "decimals": 1 }, "missing": "no_score",
///     "terms": [{ "code": "on_time", "name": "Disposed in time", "weight": 1.0, "better": "higher",
///         "count": "disposed_on_time", "of": "disposed_with_target",
///         "normalise": { "target": { "worst": 0.5, "best": 1.0 } } }]
/// }"#)?;
/// assert_eq!(index.terms[0].weight, 1.0);
/// # Ok::<(), grievance_core::measure::index::IndexProblem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its code.
    pub code: String,
    /// Its name, for people.
    pub name: String,
    /// Whose it is: `ours`, or where it is published.
    pub source: String,
    /// What a full score is shown as, 100 unless it is said.
    #[serde(default = "hundred")]
    pub scale: f64,
    /// How scores are rounded before they are compared and shown.
    pub rounding: Rounding,
    /// What becomes of an office of which a term has no data.
    pub missing: Missing,
    /// How many cases make an office big enough for a rank ([`fewest`](Self::fewest)); [`FEWEST`](Self::FEWEST)
    /// unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fewest: Option<u64>,
    /// Groups of offices of one size, which alone are compared with each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
    /// The terms, at least one.
    pub terms: Vec<Term>,
}

const fn hundred() -> f64 {
    100.0
}

/// What becomes of an office of which a term has no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It has no score and no rank.
    NoScore,
    /// The term is left out, and the others weigh more in proportion; without any term there is no
    /// score.
    LeaveOut,
}

/// Groups of offices by size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Groups {
    /// By which count.
    pub by: Quantity,
    /// The groups, from the smallest offices up; the first begins at 0.
    pub groups: Vec<Group>,
}

/// A group of offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its code.
    pub code: String,
    /// The least count that belongs to it.
    pub from: u64,
}

/// One term: a count out of another, as a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its code.
    pub code: String,
    /// Its name, for people.
    pub name: String,
    /// What is counted.
    pub count: Quantity,
    /// Out of what: the value is the count divided by it. Without it the value is the count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Quantity>,
    /// Whether a higher value is the better one.
    pub better: Better,
    /// How the value becomes a score from 0 to 1.
    pub normalise: Normaliser,
    /// What the score weighs; the weights of an index add up to 1.
    pub weight: f64,
    /// What the score is out of nothing: with no case disposed, say.
    #[serde(default)]
    pub when_empty: WhenEmpty,
    /// By what verification found the value is corrected, where the term says so: one of which more is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Correction>,
}

/// Which values are good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher ones.
    Higher,
    /// The lower ones.
    Lower,
}

/// The score out of nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// None: the office has no data for the term.
    #[default]
    NoData,
    /// 0.
    Worst,
    /// 1: nothing was there to go wrong.
    Best,
}

/// How a value becomes a score from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Normaliser {
    /// In a straight line from 0 at the worst to 1 at the best, and no further. Whether higher is
    /// better follows from the two, and must be what the term says.
    Target {
        /// The value of score 0, and of all beyond it.
        worst: f64,
        /// The value of score 1, and of all beyond it.
        best: f64,
    },
    /// In a straight line between the worst and the best office of the same group. Where all are
    /// equal each has 1: nobody is behind.
    MinMax,
    /// By bands, from the lowest values up: the first whose limit is not exceeded.
    Bands(Vec<Band>),
}

/// A band of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The highest value that belongs to it; the last band has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// Its score, from 0 to 1.
    pub score: f64,
    /// Its name, for people.
    pub label: String,
}

/// What is wrong with the definition of an index.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexProblem {
    /// It is no JSON of a definition: a field is unknown or missing, or a quantity is not known.
    #[error("the definition cannot be read: {problem}, at line {line}, column {column}")]
    Unreadable {
        /// What kind of problem.
        problem: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A part of it cannot be.
    #[error("{path}: {problem}")]
    At {
        /// Where, as a path in the definition.
        path: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The weights do not add up to 1.
    #[error("terms: the weights add up to {sum}, not to 1")]
    Weights {
        /// What they add up to.
        sum: f64,
    },
}

impl Definition {
    /// How many cases an office needs for a rank under an index that does not say so. It is ours: a share of
    /// nine cases moves by eleven points with one of them.
    pub const FEWEST: u64 = 10;

    /// How many cases an office needs for a rank: the largest number that a scored term is out of must reach it.
    pub fn fewest(&self) -> u64 {
        self.fewest.unwrap_or(Self::FEWEST)
    }

    /// The only term, where it is a share of counts: what it counts is a part of what it is out of, as the
    /// disposed in time are of those with a due date. Days out of cases, or reopenings out of disposals, are
    /// no share, however small they are, and neither is one that is corrected.
    pub fn one_share(&self) -> Option<&Term> {
        let [term] = &self.terms[..] else { return None };
        let share = term.of.is_some_and(|of| is_part(term.count, of));
        (share && term.corrected.is_none()).then_some(term)
    }

    /// Reads a definition and checks it.
    ///
    /// # Errors
    ///
    /// [`IndexProblem`], with the place.
    pub fn from_json(json: &str) -> Result<Self, IndexProblem> {
        let read: Self = serde_json::from_str(json).map_err(|problem| IndexProblem::Unreadable {
            problem: if problem.is_data() {
                "a field or a word of it is not one of an index"
            } else {
                "no JSON"
            },
            line: problem.line(),
            column: problem.column(),
        })?;
        read.check().map(|()| read)
    }

    /// Whether it can be computed: terms there, weights from 0 that add up to 1 (to a thousand
    /// millionth), bands and groups rising, limits that are numbers.
    ///
    /// # Errors
    ///
    /// The first [`IndexProblem`], with the place.
    pub fn check(&self) -> Result<(), IndexProblem> {
        let wrong = |path: String, problem| Err(IndexProblem::At { path, problem });
        if self.terms.is_empty() {
            return wrong("terms".to_owned(), "there is none");
        }
        if !(self.scale.is_finite() && self.scale > 0.0) {
            return wrong("scale".to_owned(), "is no number above 0");
        }
        if self.rounding.decimals > Rounding::MOST {
            return wrong("rounding.decimals".to_owned(), "is more than nine");
        }
        let mut codes = BTreeSet::new();
        for (n, term) in self.terms.iter().enumerate() {
            let at = |field: &str| format!("terms[{n}].{field}");
            if !codes.insert(&term.code) {
                return wrong(at("code"), "is there twice");
            }
            if !(term.weight.is_finite() && term.weight >= 0.0) {
                return wrong(at("weight"), "is no number from 0 up");
            }
            if let Some(problem) = problem_of(&term.normalise, term.better) {
                return wrong(at("normalise"), problem);
            }
            if let Some(correction) = &term.corrected {
                if term.better == Better::Lower {
                    return wrong(at("corrected"), "is of a term of which less is better");
                }
                if correction.at_least == 0 {
                    return wrong(at("corrected.at_least"), "is less than one look");
                }
            }
        }
        let sum: f64 = self.terms.iter().map(|term| term.weight).sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(IndexProblem::Weights { sum });
        }
        if let Some(Groups { groups, .. }) = &self.groups {
            if groups.first().is_none_or(|first| first.from != 0) {
                return wrong("groups.groups".to_owned(), "the first does not begin at 0");
            }
            if let Some(n) = groups.windows(2).position(|pair| pair[0].from >= pair[1].from) {
                return wrong(format!("groups.groups[{}].from", n + 1), "is not above the one before");
            }
        }
        Ok(())
    }
}

/// Whether what one quantity counts is always among what the other counts.
fn is_part(count: Quantity, of: Quantity) -> bool {
    use Quantity as Q;
    matches!(
        (count, of),
        (Q::DisposedOnTime, Q::DisposedWithTarget | Q::Disposed)
            | (Q::BenefitProvided, Q::DisposedWithClass)
            | (
                Q::DisposedWithTarget
                    | Q::DisposedWithin30
                    | Q::DisposedWithClass
                    | Q::BenefitProvided
                    | Q::SpecialClosed
                    | Q::Classified,
                Q::Disposed
            )
            | (Q::AcknowledgedOnTime, Q::AcknowledgedWithTarget)
            | (Q::PendingOver30 | Q::PendingOverdue, Q::Pending)
            | (Q::FeedbackSatisfied, Q::FeedbackGiven)
            | (Q::VerifiedSound, Q::Verified)
            | (Q::OutcomesOverdue, Q::OutcomesOwed)
    )
}

fn problem_of(normaliser: &Normaliser, better: Better) -> Option<&'static str> {
    match normaliser {
        Normaliser::MinMax => None,
        Normaliser::Target { worst, best } => {
            if !(worst.is_finite() && best.is_finite()) || (worst - best).abs() <= 0.0 {
                Some("worst and best are not two different numbers")
            } else if (best > worst) != (better == Better::Higher) {
                Some("worst and best stand the other way round than `better` says")
            } else {
                None
            }
        }
        Normaliser::Bands(bands) => {
            let Some((last, others)) = bands.split_last() else { return Some("there is no band") };
            let limits: Vec<f64> = others.iter().filter_map(|band| band.up_to).collect();
            if last.up_to.is_some() || limits.len() != others.len() {
                Some("each band but the last has a limit, and the last has none")
            } else if !limits.iter().all(|limit| limit.is_finite())
                || limits.windows(2).any(|pair| pair[0] >= pair[1])
            {
                Some("the limits of the bands do not rise")
            } else if !bands.iter().all(|band| (0.0..=1.0).contains(&band.score)) {
                Some("the score of a band is not from 0 to 1")
            } else {
                None
            }
        }
    }
}

/// The indexes that come with the library. All are ours, none is official: the average-days grade
/// and the benefit ratio that the origin's measures suggest, timely disposal, a composite in the four
/// dimensions of GRAI whose weights we chose, and figures after the steps of ISO 10002:2018.
///
/// # Examples
///
/// ```
/// let codes: Vec<String> =
///     grievance_core::measure::index::shipped().into_iter().map(|index| index.code).collect();
/// assert_eq!(codes, ["average_days", "benefit_ratio", "benefit_verified", "timely_disposal", "four_dimensions", "iso_10002"]);
/// ```
pub fn shipped() -> Vec<Definition> {
    let all: Vec<Definition> =
        serde_json::from_str(include_str!("shipped.json")).expect("the shipped file holds definitions");
    debug_assert!(all.iter().all(|one| one.check().is_ok()));
    all
}
