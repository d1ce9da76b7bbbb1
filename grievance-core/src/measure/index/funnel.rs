//! Whether an office differs from the others by more than chance.

use crate::measure::exact::Exact;
use serde::{Deserialize, Serialize};

/// Where an office's share lies among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Too few cases to say: fewer than five would be expected on one side or the other.
    TooFew,
    /// Within what chance brings.
    Within,
    /// Below the 95 % limit: one office in forty is, by chance alone.
    Low,
    /// Below the 99.8 % limit: one office in a thousand is, by chance alone.
    VeryLow,
    /// Above the 95 % limit.
    High,
    /// Above the 99.8 % limit.
    VeryHigh,
}

impl Standing {
    /// The word for it, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::Within => "within",
            Self::Low => "low",
            Self::VeryLow => "very_low",
            Self::High => "high",
            Self::VeryHigh => "very_high",
        }
    }
}

/// The limits within which shares of offices lie if all are alike: a funnel, wide for small offices
/// and narrow for big ones.
///
/// The share of all offices together is taken as the truth, `p`. An office with `n` cases then lies
/// within `p ± z √(p (1 − p) / n)`, with z = 1.959964 for 95 % and 3.090232 for 99.8 % (the normal
/// approximation to the binomial distribution; D. J. Spiegelhalter, *Funnel plots for comparing
/// institutional performance*, Statistics in Medicine 24, 2005). Where `n p` or `n (1 − p)` is below
/// five the approximation does not hold and nothing is said: a small office is not called worst by
/// chance.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::index::{Funnel, Standing};
///
/// // Disposed in time, of how many: two big offices, a middling one, and one with three cases.
/// let offices = [(900, 1_000), (800, 1_000), (85, 100), (0, 3)];
/// let funnel = Funnel::of(offices).expect("there are cases");
/// let stands = offices.map(|(count, of)| funnel.standing(count, of));
/// assert_eq!(stands, [Standing::VeryHigh, Standing::VeryLow, Standing::Within, Standing::TooFew]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funnel {
    count: u64,
    // INVARIANT: above 0, and not below the count.
    of: u64,
}

/// Fewest cases that must be expected on either side.
const FEWEST: u64 = 5;
/// Standard deviations of the limits: 95 % and 99.8 %.
const LIMITS: [f64; 2] = [1.959_964, 3.090_232];

impl Funnel {
    /// The funnel around the share of all; `None` when there is no case, or a count is greater than
    /// what it is out of.
    pub fn of(offices: impl IntoIterator<Item = (u64, u64)>) -> Option<Self> {
        let (mut count, mut of) = (0_u64, 0_u64);
        for (own, out_of) in offices {
            if own > out_of {
                return None;
            }
            (count, of) = (count.checked_add(own)?, of.checked_add(out_of)?);
        }
        (of > 0).then_some(Self { count, of })
    }

    /// The share of all offices together.
    pub fn share(self) -> f64 {
        ratio(self.count, self.of)
    }

    /// The limits for an office with so many cases, lower and upper: 95 %, then 99.8 %. `None`
    /// without a case.
    pub fn limits(self, of: u64) -> Option<[(f64, f64); 2]> {
        if of == 0 {
            return None;
        }
        let share = self.share();
        let spread = (share * (1.0 - share) * ratio(1, of)).sqrt();
        Some(LIMITS.map(|z| ((share - z * spread).max(0.0), (share + z * spread).min(1.0))))
    }

    /// Where an office lies. A share on a limit is within it: which side of one it is on is asked of whole
    /// numbers, squared, and not of rounded roots.
    pub fn standing(self, count: u64, of: u64) -> Standing {
        let share = Exact::ratio(self.count, self.of).zip(Exact::ratio(count, of));
        let Some((all, own)) = share else { return Standing::TooFew };
        let (rest, few) = (Exact::one().minus(&all), Exact::from(FEWEST));
        if all.times(&of.into()) < few || rest.times(&of.into()) < few {
            return Standing::TooFew;
        }
        let off = own.minus(&all);
        let (square, chance) = (off.times(&off).times(&of.into()), all.times(&rest));
        let [beyond, far_beyond] = LIMITS.map(|z| {
            let z = Exact::decimal(z).expect("a limit is a number");
            square > chance.times(&z.times(&z))
        });
        match (off < Exact::zero(), beyond, far_beyond) {
            (true, _, true) => Standing::VeryLow,
            (false, _, true) => Standing::VeryHigh,
            (true, true, _) => Standing::Low,
            (false, true, _) => Standing::High,
            (_, false, false) => Standing::Within,
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
fn ratio(count: u64, of: u64) -> f64 {
    count as f64 / of as f64
}
