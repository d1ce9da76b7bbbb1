//! How long cases take when some are still open: the Kaplan–Meier estimate.
//!
//! A mean over the disposed alone flatters an office that leaves its old cases lying. A pending
//! case is right-censored: it has taken at least its age.

use crate::measure::cases::table::{Cases, Chosen, OTHERWISE, number_of};
use crate::measure::cases::tally::{Basis, DoesNotFit, MOST, NoPart};
use crate::measure::exact::{Exact, product_is_at_most};
use crate::measure::mis::Terms;
use crate::vocabulary::AgeRule;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The two-sided 95 % point of the normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Disposed and pending cases by days. Parts of the same day, zone and rule merge, in any order, into the same
/// whole; others do not.
///
/// A stored part is checked when it is read: one that counts more than 2^56 is refused ([`NoPart`] in the
/// text of the error).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Survival {
    basis: Basis,
    days: BTreeMap<i64, Ended>,
}

/// A part as it is stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    basis: Basis,
    days: BTreeMap<i64, Ended>,
}

impl TryFrom<Stored> for Survival {
    type Error = NoPart;

    fn try_from(stored: Stored) -> Result<Self, NoPart> {
        if stored.basis != stored.basis.of_lengths() {
            return Err(NoPart::Malformed);
        }
        let survival = Self { basis: stored.basis, days: stored.days };
        if survival.weight() > MOST { Err(NoPart::TooMany) } else { Ok(survival) }
    }
}

/// Why nothing is estimated at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchPoint {
    /// The part of the cases is no number from 0 to 1.
    #[error("a part of the cases is a number from 0 to 1")]
    Part,
    /// The normal point of the confidence is no number from 0 up.
    #[error("the normal point of a confidence is a number from 0 up")]
    Confidence,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ended {
    disposed: u64,
    censored: u64,
}

/// The estimate at one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Still {
    /// Calendar days.
    pub days: i64,
    /// The part of the cases that takes longer.
    pub share: f64,
    /// Its lower confidence limit.
    pub lower: f64,
    /// Its upper confidence limit.
    pub upper: f64,
}

/// A quantile with its confidence limits, in calendar days; `None` is one that is not reached: too
/// many cases are still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// After so many days that part of the cases is disposed.
    pub days: Option<i64>,
    /// The lower confidence limit.
    pub lower: Option<i64>,
    /// The upper confidence limit.
    pub upper: Option<i64>,
}

impl Survival {
    /// Without a case yet, as of the day of the terms, by their rule.
    pub fn new(terms: &Terms) -> Self {
        Self::by(&Basis::of(terms))
    }

    pub(crate) fn by(basis: &Basis) -> Self {
        Self { basis: basis.of_lengths(), days: BTreeMap::new() }
    }

    /// The day as of which was counted.
    pub const fn as_of(&self) -> NaiveDate {
        self.basis.day()
    }

    /// The zone whose days were counted.
    pub fn zone(&self) -> &str {
        self.basis.zone()
    }

    /// What counts as a day.
    pub const fn rule(&self) -> AgeRule {
        self.basis.rule()
    }

    /// Adds cases that were disposed after so many days.
    pub fn dispose(&mut self, days: i64, cases: u64) {
        let ended = self.days.entry(days).or_default();
        ended.disposed = ended.disposed.saturating_add(cases);
    }

    /// Adds cases that were still open at so many days, or were withdrawn then.
    pub fn censor(&mut self, days: i64, cases: u64) {
        let ended = self.days.entry(days).or_default();
        ended.censored = ended.censored.saturating_add(cases);
    }

    fn weight(&self) -> u128 {
        self.days.values().map(|ended| u128::from(ended.disposed) + u128::from(ended.censored)).sum()
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when they count as of different days, zones or rules,
    /// [`DoesNotFit::TooMany`] when they count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if self.basis != other.basis {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        for (days, theirs) in &other.days {
            let mine = self.days.entry(*days).or_default();
            mine.disposed += theirs.disposed;
            mine.censored += theirs.censored;
        }
        Ok(())
    }

    /// The Kaplan–Meier estimate with Greenwood's variance and limits on the log-log scale, at
    /// each length that occurs; `z` is the normal point of the confidence, [`Z_95`] for 95 %.
    ///
    /// A case that is censored on a day was at risk on that day. Where the share is 1 or 0, and with a `z` of
    /// 0, the limits are the share. Empty when there is no case.
    ///
    /// Source: Kaplan and Meier, Journal of the American Statistical Association 53 (1958);
    /// Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4.
    ///
    /// # Errors
    ///
    /// [`NoSuchPoint::Confidence`] when `z` is no finite number from 0 up.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
    pub fn curve(&self, z: f64) -> Result<Vec<Still>, NoSuchPoint> {
        if !(z.is_finite() && z >= 0.0) {
            return Err(NoSuchPoint::Confidence);
        }
        let (mut share, mut variance) = (1.0_f64, 0.0_f64);
        let mut curve = Vec::with_capacity(self.days.len());
        for Risk { days, before, left } in self.risks() {
            let (risk, rest) = (before as f64, left as f64);
            share *= rest / risk;
            if 0 < left && left < before {
                variance += (before - left) as f64 / (risk * rest);
            }
            let (lower, upper) = limits(share, variance, z);
            curve.push(Still { days, share, lower, upper });
        }
        Ok(curve)
    }

    /// At each length that occurs: how many were at risk, and how many of them the day left undisposed. All of
    /// them together may be more than one length can have, so they are counted in 128 bits: at least one is at
    /// risk wherever one ended.
    fn risks(&self) -> impl Iterator<Item = Risk> {
        let mut at_risk = self.weight();
        let occur = self.days.iter().filter(|(_, ended)| ended.disposed > 0 || ended.censored > 0);
        occur.map(move |(days, ended)| {
            let left = at_risk - u128::from(ended.disposed);
            let risk = Risk { days: *days, before: at_risk, left };
            at_risk = left - u128::from(ended.censored);
            risk
        })
    }

    /// After how many days a part of the cases is disposed: 0.5 for the median. The first length
    /// at which at most `1 - part` take longer. `None` when that is never reached.
    ///
    /// Which length that is does not hang on how floats round. The part is the decimal that it prints as
    /// (0.9 is nine tenths), the share a fraction of whole numbers, and where its float is too near to the
    /// limit to tell, the fractions are compared. The confidence limits are no fractions, and lie on the
    /// limit only where they are the share itself: then they are compared as it is, else as floats.
    ///
    /// # Errors
    ///
    /// [`NoSuchPoint`] when `part` is not from 0 to 1 or `z` no finite number from 0 up.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::survival::{Survival, Z_95};
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let terms = Terms::new("2026-04-01".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar);
    /// let mut survival = Survival::new(&terms);
    /// assert_eq!(survival.quantile(0.5, Z_95)?.days, None);
    /// survival.dispose(3, 1);
    /// survival.censor(5, 1);
    /// survival.dispose(8, 1);
    /// // 3 days: 2 of 3 take longer; at 8 days the last one at risk is disposed.
    /// assert_eq!(survival.quantile(0.5, Z_95)?.days, Some(8));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quantile(&self, part: f64, z: f64) -> Result<Reached, NoSuchPoint> {
        let exact = Exact::decimal(part).filter(|_| (0.0..=1.0).contains(&part)).ok_or(NoSuchPoint::Part)?;
        let (curve, exact) = (self.curve(z)?, Exact::one().minus(&exact));
        let rest = exact.value();
        let first = |is_reached: &dyn Fn(usize, &Still) -> bool| {
            let found = curve.iter().enumerate().find(|(place, still)| is_reached(*place, still));
            found.map(|(_, still)| still.days)
        };
        let share = |place: usize, still: &Still| {
            // Each factor is rounded twice, and so is its product with those before.
            let doubt = f64::EPSILON * 4.0 * count(place + 1) * still.share;
            if (still.share - rest).abs() > doubt + f64::EPSILON {
                return still.share < rest;
            }
            let factors = self.risks().take(place + 1).map(|risk| (risk.left, risk.before));
            product_is_at_most(factors, &exact)
        };
        let limit = |place: usize, still: &Still, limit: f64| {
            if limit.to_bits() == still.share.to_bits() { share(place, still) } else { limit <= rest }
        };
        Ok(Reached {
            days: first(&share),
            lower: first(&|place, still| limit(place, still, still.lower)),
            upper: first(&|place, still| limit(place, still, still.upper)),
        })
    }
}

/// What happened at one length.
struct Risk {
    days: i64,
    before: u128,
    left: u128,
}

#[expect(clippy::cast_precision_loss, reason = "lengths that occur are few")]
fn count(of: usize) -> f64 {
    of as f64
}

fn limits(share: f64, variance: f64, z: f64) -> (f64, f64) {
    if share <= 0.0 || share >= 1.0 || z <= 0.0 {
        return (share, share);
    }
    let log = share.ln();
    let (middle, reach) = ((-log).ln(), z * variance.sqrt() / log);
    ((-(middle - reach).exp()).exp(), (-(middle + reach).exp()).exp())
}

impl Cases {
    /// The disposed and the pending by calendar days, as of the first instant of the terms' day;
    /// with `chosen`, only those. A case that was closed otherwise before it is censored on the
    /// day on which it was.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] when the choice is of another table, [`DoesNotFit::Zone`] when the terms ask for
    /// another zone than the days were counted in.
    pub fn survival(&self, chosen: Option<&Chosen>, terms: &Terms) -> Result<Survival, DoesNotFit> {
        Chosen::fits(chosen, self)?;
        if self.zone != terms.zone {
            return Err(DoesNotFit::Zone);
        }
        let (at, today) = (terms.at.timestamp_millis(), number_of(terms.day));
        let mut survival = Survival::by(&Basis::of(terms).by_calendar());
        for case in (0..self.len()).filter(|case| chosen.is_none_or(|chosen| chosen.has(*case))) {
            if self.received_at[case] >= at {
                continue;
            }
            let ended = self.ended_at[case] < at;
            let until = if ended { self.ended_on[case] } else { today };
            let days = i64::from(until) - i64::from(self.received_on[case]);
            if ended && self.ending[case] != OTHERWISE {
                survival.dispose(days, 1);
            } else {
                survival.censor(days, 1);
            }
        }
        Ok(survival)
    }
}
