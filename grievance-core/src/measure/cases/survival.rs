//! How long cases take when some are still open: the Kaplan–Meier estimate.
//!
//! A mean over the disposed alone flatters an office that leaves its old cases lying. A pending
//! case is right-censored: it has taken at least its age.

use crate::measure::cases::table::{Cases, Chosen, OTHERWISE, number_of};
use crate::measure::cases::tally::{DoesNotFit, MOST, NoPart};
use crate::measure::mis::Terms;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The two-sided 95 % point of the normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Disposed and pending cases by calendar days. Parts merge, in any order, into the same whole.
///
/// A stored part is checked when it is read: one that counts more than 2^56 is refused ([`NoPart`] in the
/// text of the error).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Survival {
    days: BTreeMap<i64, Ended>,
}

/// A part as it is stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    days: BTreeMap<i64, Ended>,
}

impl TryFrom<Stored> for Survival {
    type Error = NoPart;

    fn try_from(stored: Stored) -> Result<Self, NoPart> {
        let survival = Self { days: stored.days };
        if survival.weight() > MOST { Err(NoPart::TooMany) } else { Ok(survival) }
    }
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
    /// [`DoesNotFit::TooMany`] when they count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
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
    /// A case that is censored on a day was at risk on that day. Where the share is 1 or 0 the
    /// limits are the share. Empty when there is no case.
    ///
    /// Source: Kaplan and Meier, Journal of the American Statistical Association 53 (1958);
    /// Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
    pub fn curve(&self, z: f64) -> Vec<Still> {
        let mut at_risk: u64 = self.days.values().map(|ended| ended.disposed + ended.censored).sum();
        let (mut share, mut variance) = (1.0_f64, 0.0_f64);
        let mut curve = Vec::with_capacity(self.days.len());
        for (days, ended) in &self.days {
            let (risk, disposed) = (at_risk as f64, ended.disposed as f64);
            if ended.disposed == at_risk {
                share = 0.0;
            } else if ended.disposed > 0 {
                share *= 1.0 - disposed / risk;
                variance += disposed / (risk * (risk - disposed));
            }
            let (lower, upper) = limits(share, variance, z);
            curve.push(Still { days: *days, share, lower, upper });
            at_risk -= ended.disposed + ended.censored;
        }
        curve
    }

    /// After how many days a part of the cases is disposed: 0.5 for the median. The first length
    /// at which at most `1 - part` take longer. `None` when that is never reached.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::survival::{Survival, Z_95};
    ///
    /// let mut survival = Survival::default();
    /// survival.dispose(3, 1);
    /// survival.censor(5, 1);
    /// survival.dispose(8, 1);
    /// // 3 days: 2 of 3 take longer; at 8 days the last one at risk is disposed.
    /// assert_eq!(survival.quantile(0.5, Z_95).days, Some(8));
    /// assert_eq!(Survival::default().quantile(0.5, Z_95).days, None);
    /// ```
    pub fn quantile(&self, part: f64, z: f64) -> Reached {
        let curve = self.curve(z);
        let rest = 1.0 - part;
        let first = |below: fn(&Still) -> f64| {
            curve.iter().find(|still| below(still) <= rest).map(|still| still.days)
        };
        Reached {
            days: first(|still| still.share),
            lower: first(|still| still.lower),
            upper: first(|still| still.upper),
        }
    }
}

fn limits(share: f64, variance: f64, z: f64) -> (f64, f64) {
    if share <= 0.0 || share >= 1.0 {
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
    /// [`DoesNotFit::Zone`] when the terms ask for another zone than the days were counted in.
    pub fn survival(&self, chosen: Option<&Chosen>, terms: &Terms) -> Result<Survival, DoesNotFit> {
        if self.zone != terms.zone {
            return Err(DoesNotFit::Zone);
        }
        let (at, today) = (terms.at.timestamp_millis(), number_of(terms.day));
        let mut survival = Survival::default();
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
