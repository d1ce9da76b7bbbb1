//! How figures are rounded, said in words and done exactly.

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

    /// A share of whole counts, `scale` times: exact before it is rounded, so that a half is a half.
    /// `None` out of nothing.
    pub fn share(self, count: u64, of: u64, scale: u64) -> Option<f64> {
        if of == 0 {
            return None;
        }
        let tens = 10_u128.pow(self.decimals.min(Self::MOST));
        // Below 2^64 times 2^64 would not fit with the tens; counts of cases are far below that.
        let (value, of) =
            (u128::from(count).checked_mul(u128::from(scale).checked_mul(tens)?)?, u128::from(of));
        let (whole, rest) = (value / of, value % of);
        let up = match self.mode {
            RoundingMode::Down => false,
            RoundingMode::HalfUp => rest * 2 >= of,
            RoundingMode::HalfEven => rest * 2 > of || (rest * 2 == of && whole % 2 == 1),
        };
        #[allow(clippy::cast_precision_loss, reason = "a figure of so many digits is not read")]
        Some((whole + u128::from(up)) as f64 / tens as f64)
    }

    /// A number as it is shown. What is a half is decided by its binary value.
    pub fn value(self, value: f64) -> f64 {
        #[allow(clippy::cast_possible_wrap, reason = "at most nine")]
        let tens = 10_f64.powi(self.decimals.min(Self::MOST) as i32);
        let scaled = value * tens;
        if !scaled.is_finite() {
            return value;
        }
        let whole = match self.mode {
            RoundingMode::Down => scaled.trunc(),
            RoundingMode::HalfUp => scaled.round(),
            RoundingMode::HalfEven => scaled.round_ties_even(),
        };
        // No figure is "minus nothing".
        whole / tens + 0.0
    }
}
