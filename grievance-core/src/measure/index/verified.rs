//! What second looks found of an office's closings, and what a count is corrected by.

use crate::measure::cases::survival::Z_95;
use crate::measure::exact::Exact;
use crate::measure::index::board::Counts;
use crate::vocabulary::{ErrorCode, Quantity};
use serde::{Deserialize, Serialize};

/// How a term is corrected by what verification found: its value is multiplied by the share of closings that
/// were found sound, so that ten disposals of which four in five are sound count as eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Which share: the estimate, or one of its limits.
    #[serde(default)]
    pub take: Take,
    /// What becomes of an office that nobody verified.
    pub unverified: Unverified,
    /// How many second looks that found an answer an office needs to be one that was verified; 1 unless it is
    /// said.
    #[serde(default = "one")]
    pub at_least: u64,
}

const fn one() -> u64 {
    1
}

/// By which share a count is corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// The estimate.
    #[default]
    Estimate,
    /// Its lower limit: an office has what is sure of it, and gains by more looks.
    Low,
    /// Its upper limit: an office is not blamed for what a few looks happened to find.
    High,
}

/// What becomes of an office that nobody verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unverified {
    /// It has no data for the term.
    NoData,
    /// Its count stands as it is, and the result says that nobody looked.
    AsCounted,
    /// It is taken to have nothing sound.
    Worst,
}

/// The second looks at the closings of one stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Closings in it.
    pub closings: u64,
    /// Looks at them that found an answer.
    pub looked: u64,
    /// Of these, how many found that what was reported is so.
    pub sound: u64,
}

/// Looks that cannot be: more than there are closings, or more sound ones than looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more was looked at than was closed, or more found sound than was looked at")]
pub struct LooksContradict;

impl LooksContradict {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::InvalidCommand
    }
}

/// The second looks at an office's closings, stratum by stratum; those at which nobody looked are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Answered>", try_from = "Vec<Answered>")]
pub struct Looks(Vec<Answered>);

impl From<Looks> for Vec<Answered> {
    fn from(of: Looks) -> Self {
        of.0
    }
}

impl TryFrom<Vec<Answered>> for Looks {
    type Error = LooksContradict;

    fn try_from(strata: Vec<Answered>) -> Result<Self, LooksContradict> {
        Self::new(strata)
    }
}

impl Looks {
    /// Of strata, in any order.
    ///
    /// # Errors
    ///
    /// [`LooksContradict`].
    pub fn new(strata: impl IntoIterator<Item = Answered>) -> Result<Self, LooksContradict> {
        let mut all = Vec::new();
        for own in strata {
            if own.sound > own.looked || own.looked > own.closings {
                return Err(LooksContradict);
            }
            if own.looked > 0 {
                all.push(own);
            }
        }
        all.sort_unstable();
        Ok(Self(all))
    }

    /// What the counts of an office say: one stratum of all its disposals. Where suspicious closings were looked
    /// at more often than others that is too hard on it, for the counts do not know the strata.
    pub(crate) fn of(counts: &Counts) -> Option<Self> {
        let [closings, looked, sound] =
            [Quantity::Disposed, Quantity::Verified, Quantity::VerifiedSound].map(|it| counts.get(it));
        Self::new([Answered { closings: closings?, looked: looked?, sound: sound? }]).ok()
    }

    /// How many looks found an answer.
    pub fn looked(&self) -> u64 {
        self.0.iter().map(|own| own.looked).fold(0, u64::saturating_add)
    }

    /// How many found that what was reported is so.
    pub fn sound(&self) -> u64 {
        self.0.iter().map(|own| own.sound).fold(0, u64::saturating_add)
    }

    /// The share of sound closings, each stratum with the weight of its closings; `None` without a look.
    fn share(&self) -> Option<Exact> {
        let (mut sound, mut all) = (Exact::zero(), Exact::zero());
        for own in &self.0 {
            let closings = Exact::from(own.closings);
            sound = sound.plus(&closings.times(&Exact::ratio(own.sound, own.looked)?));
            all = all.plus(&closings);
        }
        sound.by(&all)
    }

    /// One over the number of looks at the whole that would tell as much.
    fn spread(&self) -> Option<Exact> {
        let mut all = Exact::zero();
        self.0.iter().for_each(|own| all = all.plus(&Exact::from(own.closings)));
        let mut sum = Exact::zero();
        for own in &self.0 {
            let weight = Exact::from(own.closings).by(&all)?;
            let unseen = Exact::one().minus(&Exact::ratio(own.looked, own.closings)?);
            let own = weight.times(&weight).times(&unseen).by(&Exact::from(own.looked))?;
            sum = sum.plus(&own);
        }
        Some(sum)
    }

    /// The share with its limits at 95 %; `None` without a look.
    ///
    /// The limits are those of E. B. Wilson (1927), of as many looks as would tell as much of the whole: one
    /// over Σ (`N` ÷ Σ `N`)² (1 − `m` ÷ `N`) ÷ `m`, after L. Kish (1965), `m` looks at `N` closings in a stratum. Where
    /// every closing was looked at they are the share itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::index::{Answered, Looks};
    ///
    /// // Forty closings of which ten were looked at, eight of them sound.
    /// let looks = Looks::new([Answered { closings: 40, looked: 10, sound: 8 }])?;
    /// let [low, share, high] = looks.limits().ok_or("somebody looked")?;
    /// assert_eq!(share, 0.8);
    /// assert!((low - 0.532).abs() < 5e-4 && (high - 0.934).abs() < 5e-4, "{low} {high}");
    /// assert_eq!(Looks::default().limits(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn limits(&self) -> Option<[f64; 3]> {
        let (share, spread) = (self.share()?.value(), self.spread()?.value());
        if spread <= 0.0 {
            return Some([share; 3]);
        }
        let square = Z_95 * Z_95;
        let middle = share + square * spread / 2.0;
        let off = Z_95 * (share * (1.0 - share) * spread + square * spread * spread / 4.0).sqrt();
        let whole = 1.0 + square * spread;
        let limit = |at: f64| (at / whole).clamp(0.0, 1.0);
        // The share lies between them; a float may miss it by a hair.
        Some([limit(middle - off).min(share), share, limit(middle + off).max(share)])
    }
}

/// What a term of an office was corrected by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Verified {
    /// The value before it.
    pub counted: Option<f64>,
    /// Second looks that found an answer.
    pub looked: u64,
    /// Of these, how many found that what was reported is so.
    pub sound: u64,
    /// The share of sound closings, estimated; `None` where nobody looked, or too few did.
    pub share: Option<f64>,
    /// Its lower limit, at 95 %.
    pub low: Option<f64>,
    /// Its upper limit.
    pub high: Option<f64>,
    /// By what the value was multiplied; `None` where the office has no data.
    pub taken: Option<f64>,
}

/// The value as it is corrected, and what is said of that.
pub(crate) fn corrected(
    correction: &Correction,
    counted: Option<Exact>,
    looks: Option<&Looks>,
) -> (Option<Exact>, Verified) {
    let (looked, sound) = looks.map_or((0, 0), |looks| (looks.looked(), looks.sound()));
    let enough = looks.filter(|_| looked >= correction.at_least);
    let limits = enough.and_then(Looks::limits);
    let factor = match (limits, correction.take, correction.unverified) {
        (Some(_), Take::Estimate, _) => enough.and_then(Looks::share),
        (Some([low, ..]), Take::Low, _) => Exact::decimal(low),
        (Some([.., high]), Take::High, _) => Exact::decimal(high),
        (None, _, Unverified::NoData) => None,
        (None, _, Unverified::AsCounted) => Some(Exact::one()),
        (None, _, Unverified::Worst) => Some(Exact::zero()),
    };
    let told = Verified {
        counted: counted.as_ref().map(Exact::value),
        looked,
        sound,
        share: limits.map(|[_, share, _]| share),
        low: limits.map(|[low, ..]| low),
        high: limits.map(|[.., high]| high),
        taken: factor.as_ref().map(Exact::value),
    };
    (counted.zip(factor).map(|(value, factor)| value.times(&factor)), told)
}
