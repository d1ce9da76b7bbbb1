//! How figures are rounded, said in words and done exactly.

use crate::measure::exact::Exact;
use serde::{Deserialize, Serialize};

/// Which way a figure goes that lies between two others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// To the nearer one; from the middle to the one whose last digit is even.
    #[default]
    HalfEven,
    /// To the nearer one; from the middle away from zero, as most people do by hand.
    HalfUp,
    /// Towards zero: what comes after the last digit is cut off.
    Down,
}

/// To how many decimals, and which way.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::index::{Rounding, RoundingMode};
///
/// let cut = Rounding { decimals: 2, mode: RoundingMode::Down };
/// assert_eq!(cut.share(2, 3, 100), Some(66.66));
/// assert_eq!(Rounding { mode: RoundingMode::HalfUp, ..cut }.share(2, 3, 100), Some(66.67));
/// assert_eq!(cut.share(0, 0, 100), None); // nothing of nothing is not 0 %
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Digits after the point, at most [`MOST`](Self::MOST).
    pub decimals: u32,
    /// Which way.
    #[serde(default)]
    pub mode: RoundingMode,
}

impl Rounding {
    /// The most digits after the point.
    pub const MOST: u32 = 9;

    /// How figures are printed on a page or in a workbook: one decimal, halves up. The shipped indexes round
    /// so too, and one share is never shown as two figures.
    pub const PRINTED: Self = Self { decimals: 1, mode: RoundingMode::HalfUp };

    /// A share of whole counts, `scale` times: exact before it is rounded, so that a half is a half.
    /// `None` out of nothing.
    pub fn share(self, count: u64, of: u64, scale: u64) -> Option<f64> {
        Exact::ratio(count, of).map(|share| self.exact(&share.times(&scale.into())))
    }

    /// A number as it is shown, by the decimal that it prints as: 28.75 to one decimal is 28.8 by halves up, and
    /// so is 0.15 0.2, which as a binary number lies below. What is no number stays what it is.
    pub fn value(self, value: f64) -> f64 {
        Exact::decimal(value).map_or(value, |value| self.exact(&value))
    }

    pub(crate) fn exact(self, value: &Exact) -> f64 {
        let rounded = value.in_decimals(self.decimals.min(Self::MOST), |twice, odd| match self.mode {
            RoundingMode::Down => false,
            RoundingMode::HalfUp => twice.is_ge(),
            RoundingMode::HalfEven => twice.is_gt() || (twice.is_eq() && odd),
        });
        rounded.value()
    }
}
