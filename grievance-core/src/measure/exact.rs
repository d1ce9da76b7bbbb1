//! Figures without an error: fractions of whole numbers of any size.
//!
//! What is asked of a figure by a limit (is the share a half, is the score on the middle between two
//! decimals) is asked of the fraction. A product or sum of floats may lie a hair beside it, and then a
//! median is a day late or a score a tenth too low.

use num_bigint::{BigInt, BigUint, Sign};
use std::cmp::Ordering;

/// A fraction. It is not reduced: terms of an index are few, and their product is short.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    over: BigInt,
    // INVARIANT: above 0.
    under: BigUint,
}

impl Exact {
    pub(crate) fn zero() -> Self {
        Self::from(0)
    }

    pub(crate) fn one() -> Self {
        Self::from(1)
    }

    /// A count out of another; `None` out of nothing.
    pub(crate) fn ratio(count: u64, of: u64) -> Option<Self> {
        (of > 0).then(|| Self { over: count.into(), under: of.into() })
    }

    /// The decimal that a float prints as: 0.1 is a tenth, which its binary value is not. Whoever writes a
    /// weight or a limit means what is written. `None` for what is no number.
    pub(crate) fn decimal(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = format!("{value:e}");
        let (digits, power) = text.split_once('e')?;
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        let over: BigInt = format!("{whole}{rest}").parse().ok()?;
        let power = power.parse::<i32>().ok()? - i32::try_from(rest.len()).ok()?;
        let tens = BigUint::from(10_u8).pow(power.unsigned_abs());
        Some(if power < 0 {
            Self { over, under: tens }
        } else {
            Self { over: over * BigInt::from(tens), under: BigUint::from(1_u8) }
        })
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (mine, theirs) = self.over_common(other);
        Self { over: mine + theirs, under: &self.under * &other.under }
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        let (mine, theirs) = self.over_common(other);
        Self { over: mine - theirs, under: &self.under * &other.under }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self { over: &self.over * &other.over, under: &self.under * &other.under }
    }

    /// `None` by zero.
    pub(crate) fn by(&self, other: &Self) -> Option<Self> {
        let (sign, size) = (other.over.sign(), other.over.magnitude());
        let over = &self.over * BigInt::from(other.under.clone());
        match sign {
            Sign::NoSign => None,
            Sign::Plus => Some(Self { over, under: &self.under * size }),
            Sign::Minus => Some(Self { over: -over, under: &self.under * size }),
        }
    }

    /// Not below 0 and not above 1.
    pub(crate) fn within_one(self) -> Self {
        if self <= Self::zero() {
            Self::zero()
        } else if self >= Self::one() {
            Self::one()
        } else {
            self
        }
    }

    fn over_common(&self, other: &Self) -> (BigInt, BigInt) {
        let scaled = |over: &BigInt, by: &BigUint| over * BigInt::from(by.clone());
        (scaled(&self.over, &other.under), scaled(&other.over, &self.under))
    }

    /// The nearest whole number of so many tenths, hundredths…, by a rule for what lies between: whether to
    /// go away from zero, given twice the rest, the whole, and whether the number towards zero is odd.
    pub(crate) fn in_decimals(&self, decimals: u32, up: impl Fn(Ordering, bool) -> bool) -> Self {
        let tens = BigUint::from(10_u8).pow(decimals);
        let size = self.over.magnitude() * &tens;
        let (mut whole, rest) = (&size / &self.under, &size % &self.under);
        if rest != BigUint::ZERO && up((rest * 2_u8).cmp(&self.under), whole.bit(0)) {
            whole += 1_u8;
        }
        let sign = if whole == BigUint::ZERO { Sign::NoSign } else { self.over.sign() };
        Self { over: BigInt::from_biguint(sign, whole), under: tens }
    }

    /// The nearest float; the largest where it is beyond all.
    pub(crate) fn value(&self) -> f64 {
        let size = self.over.magnitude();
        if *size == BigUint::ZERO {
            return 0.0;
        }
        // So many binary digits of the quotient that it has 65 or more: more than a float has, the last of
        // which says whether anything comes after it.
        let digits = |of: &BigUint| i64::try_from(of.bits()).unwrap_or(i64::MAX);
        let shift = 66 - (digits(size) - digits(&self.under));
        let shifted = |of: &BigUint, by: i64| of << u64::try_from(by.max(0)).unwrap_or(0);
        let (size, under) = (shifted(size, shift), shifted(&self.under, -shift));
        let (quotient, rest) = (&size / &under, &size % &under);
        let mut digits = quotient.iter_u64_digits();
        let quotient =
            u128::from(digits.next().unwrap_or(0)) | (u128::from(digits.next().unwrap_or(0)) << 64);
        let quotient = quotient | u128::from(rest != BigUint::ZERO);
        let value = scaled(quotient, -shift).min(f64::MAX);
        if self.over.sign() == Sign::Minus { -value } else { value }
    }
}

/// Times a power of two, which changes no digit.
#[expect(clippy::cast_precision_loss, reason = "the one rounding")]
fn scaled(quotient: u128, power: i64) -> f64 {
    let mut value = quotient as f64;
    let mut rest = power.clamp(-3_000, 3_000);
    while rest != 0 {
        let step = rest.clamp(-1_000, 1_000);
        value *= 2_f64.powi(i32::try_from(step).unwrap_or(0));
        rest -= step;
    }
    value
}

impl From<u64> for Exact {
    fn from(count: u64) -> Self {
        Self { over: count.into(), under: BigUint::from(1_u8) }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mine, theirs) = self.over_common(other);
        mine.cmp(&theirs)
    }
}

/// The product of shares, `left / of` each, compared with a fraction: exact, however many there are.
pub(crate) fn product_is_at_most(shares: impl Iterator<Item = (u128, u128)>, limit: &Exact) -> bool {
    let (mut over, mut under) = (BigUint::from(1_u8), BigUint::from(1_u8));
    for (left, of) in shares.filter(|(left, of)| left != of) {
        over *= left;
        under *= of;
    }
    limit.over.sign() != Sign::Minus && over * &limit.under <= under * limit.over.magnitude()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A fraction of counts is the float that dividing them gives; a float is the decimal that it prints as.
        #[test]
        fn a_value_is_the_nearest_float(count in 0_u64..1 << 53, of in 1_u64..1 << 53, value in any::<f64>()) {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let divided = count as f64 / of as f64;
            prop_assert_eq!(Exact::ratio(count, of).unwrap().value().to_bits(), divided.to_bits());
            if value.is_finite() && (value == 0.0 || value.abs() > 1e-300) {
                prop_assert!(Exact::decimal(value).unwrap().value() - value == 0.0);
            }
        }

        /// As the same sums in 128 bits.
        #[test]
        fn sums_are_exact(a in 0_u64..1000, b in 1_u64..1000, c in 0_u64..1000, d in 1_u64..1000) {
            let (one, other) = (Exact::ratio(a, b).unwrap(), Exact::ratio(c, d).unwrap());
            prop_assert_eq!(one.plus(&other), Exact::ratio(a * d + c * b, b * d).unwrap());
            prop_assert_eq!(one.plus(&other).minus(&other), one.clone());
            prop_assert_eq!(one.times(&other), Exact::ratio(a * c, b * d).unwrap());
            prop_assert_eq!(one.by(&other).map(|it| it.times(&other)), (c > 0).then(|| one.clone()));
            prop_assert_eq!(one.cmp(&other), (a * d).cmp(&(c * b)));
            prop_assert_eq!(other.minus(&one) <= Exact::zero(), c * b <= a * d);
        }
    }
}
