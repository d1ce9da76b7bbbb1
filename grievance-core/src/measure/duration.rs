//! How long cases took: exact lengths that merge, and what is said of them.

use crate::measure::cases::tally::{DoesNotFit, MOST};
use crate::vocabulary::AgeRule;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A part of a whole. Nothing of nothing is not 0 %: it is no share at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many are.
    pub count: u64,
    /// Out of how many.
    pub out_of: u64,
}

impl Share {
    /// The share from 0 to 1, to six decimals; `None` when it is of nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
    pub fn value(self) -> Option<f64> {
        (self.out_of > 0).then(|| six_decimals(self.count as f64 / self.out_of as f64))
    }
}

/// Why a duration cannot be counted from two instants alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("working days are those of an office: two instants do not tell them")]
pub struct NeedsWorkdays;

/// What is said of a number of durations, in days, to six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaysTaken {
    /// The middle one; between two, their mean.
    pub median: f64,
    /// The mean.
    pub mean: f64,
    /// Nine in ten took no longer: the type 7 quantile, interpolated linearly.
    pub p90: f64,
}

/// Exact durations, as many as there are: a histogram that merges without loss.
///
/// Under the calendar rule a length is a count of dates, under the elapsed rule a count of
/// milliseconds, so parts add up to the same figures in whatever order they come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Lengths", try_from = "Lengths")]
pub struct Durations {
    rule: AgeRule,
    lengths: BTreeMap<i64, u64>,
    count: u64,
    // INVARIANT: the sum of all lengths. Exact: 2^63 lengths of 2^63 fit.
    sum: i128,
}

impl Durations {
    /// None yet.
    pub const fn new(rule: AgeRule) -> Self {
        Self { rule, lengths: BTreeMap::new(), count: 0, sum: 0 }
    }

    /// Adds one, from an instant to another, counted in the office's zone.
    ///
    /// # Errors
    ///
    /// [`NeedsWorkdays`] under the working rule: which days are working days an office's calendar says, and
    /// two instants and a zone do not. Nothing is added.
    pub fn add(
        &mut self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        zone: chrono_tz::Tz,
    ) -> Result<(), NeedsWorkdays> {
        if self.rule == AgeRule::Working {
            return Err(NeedsWorkdays);
        }
        self.add_length(self.rule.length(from, to, zone), 1);
        Ok(())
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it counts by another rule, [`DoesNotFit::TooMany`] when they count more than
    /// there can be; nothing is changed.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::tally::DoesNotFit;
    /// use grievance_core::measure::duration::Durations;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let (from, to) = ("2026-03-02T10:00:00Z".parse()?, "2026-03-05T10:00:00Z".parse()?);
    /// let mut own = Durations::new(AgeRule::Calendar);
    /// let mut other = Durations::new(AgeRule::Calendar);
    /// other.add(from, to, zone)?;
    /// own.take_in(&other)?;
    /// assert_eq!(own.mean_days(), Some(3.0));
    /// assert_eq!(own.take_in(&Durations::new(AgeRule::Elapsed)), Err(DoesNotFit::Terms));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take_in(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if self.rule != other.rule {
            return Err(DoesNotFit::Terms);
        }
        if u128::from(self.count) + u128::from(other.count) > MOST {
            return Err(DoesNotFit::TooMany);
        }
        self.merge(other);
        Ok(())
    }

    /// The same where the parts that they belong to were found to fit: by their terms, and by all that they count.
    pub(crate) fn merge(&mut self, other: &Self) {
        debug_assert_eq!(self.rule, other.rule, "parts of one statement share its rule");
        for (length, count) in &other.lengths {
            *self.lengths.entry(*length).or_default() += count;
        }
        self.count += other.count;
        self.sum += other.sum;
    }

    /// Adds a length as often as it was counted: dates, or milliseconds under the elapsed rule.
    pub(crate) fn add_length(&mut self, length: i64, times: u64) {
        if times > 0 {
            *self.lengths.entry(length).or_default() += times;
            self.count += times;
            self.sum += i128::from(length) * i128::from(times);
        }
    }

    /// The different lengths, shortest first, and how often each was counted: dates, or
    /// milliseconds under the elapsed rule.
    pub fn lengths(&self) -> impl Iterator<Item = (i64, u64)> {
        self.lengths.iter().map(|(length, times)| (*length, *times))
    }

    /// By which rule lengths are counted.
    pub const fn rule(&self) -> AgeRule {
        self.rule
    }

    /// The exact sum of all lengths: dates, or milliseconds under the elapsed rule. Divided by
    /// [`count`](Self::count) it is the mean, as a fraction.
    pub const fn sum(&self) -> i128 {
        self.sum
    }

    /// The type 7 quantile of `share` in days: linear between the two nearest of the sorted durations. `None`
    /// when there is none, and for what is no share from 0 to 1.
    pub fn quantile_days(&self, share: f64) -> Option<f64> {
        let (below, above, part) = places(self.count, share)?;
        Some(between(self.at(below), self.at(above), part))
    }

    /// The mean in days, rounded once from the exact sum; `None` when there is none.
    pub fn mean_days(&self) -> Option<f64> {
        (self.count > 0).then(|| self.mean())
    }

    /// How many there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their whole days together: under the elapsed rule each one's completed days.
    pub fn whole_days(&self) -> i128 {
        let units = self.rule.units_per_day();
        self.lengths
            .iter()
            .map(|(length, count)| i128::from(length.div_euclid(units)) * i128::from(*count))
            .sum()
    }

    /// How many took at most that many whole days: under the elapsed rule completed ones, so a
    /// limit of 30 holds until the 31st is complete. No limit is too far: within the most days there are all.
    pub fn within(&self, days: i64) -> Share {
        let beyond = (i128::from(days) + 1) * i128::from(self.rule.units_per_day());
        let within = self.lengths.iter().take_while(|(length, _)| i128::from(**length) < beyond);
        Share { count: within.map(|(_, count)| count).sum(), out_of: self.count }
    }

    /// Median, mean and ninetieth percentile; `None` when there is none to speak of.
    pub fn days(&self) -> Option<DaysTaken> {
        let last = self.count.checked_sub(1)?;
        Some(DaysTaken {
            median: six_decimals(f64::midpoint(self.at(last / 2), self.at(last - last / 2))),
            mean: six_decimals(self.mean()),
            p90: six_decimals(self.quantile_days(0.9)?),
        })
    }

    /// The duration at a place of the sorted ones, in days.
    #[expect(clippy::cast_precision_loss, reason = "lengths are below 2^53 milliseconds: 285,000 years")]
    fn at(&self, place: u64) -> f64 {
        let mut before = 0;
        let length = self.lengths.iter().find_map(|(length, count)| {
            before += count;
            (place < before).then_some(*length)
        });
        length.map_or(f64::NAN, |length| length as f64 / self.rule.units_per_day() as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "one rounding of the exact sum, one of the division")]
    fn mean(&self) -> f64 {
        self.sum as f64 / (i128::from(self.count) * i128::from(self.rule.units_per_day())) as f64
    }
}

/// Between which two places of so many sorted lengths the type 7 quantile lies, and how far along;
/// `None` when there is none, and for what is no share.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are below 2^53 and not negative"
)]
pub(crate) fn places(count: u64, share: f64) -> Option<(u64, u64, f64)> {
    let last = count.checked_sub(1).filter(|_| (0.0..=1.0).contains(&share))?;
    let place = last as f64 * share;
    let below = (place.floor() as u64).min(last);
    Some((below, (below + 1).min(last), place - place.floor()))
}

/// The value so far along between two, from the nearer end as numpy does, so that figures agree to
/// the last bit.
pub(crate) fn between(low: f64, high: f64, part: f64) -> f64 {
    if part < 0.5 { low + (high - low) * part } else { high - (high - low) * (1.0 - part) }
}

/// Durations as a part is stored: what follows from the lengths is worked out again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lengths {
    rule: AgeRule,
    lengths: BTreeMap<i64, u64>,
}

impl From<Durations> for Lengths {
    fn from(of: Durations) -> Self {
        Self { rule: of.rule, lengths: of.lengths }
    }
}

/// More durations than can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored part counts more durations than there can be")]
struct TooMany;

impl TryFrom<Lengths> for Durations {
    type Error = TooMany;

    fn try_from(stored: Lengths) -> Result<Self, TooMany> {
        let mut durations = Self::new(stored.rule);
        for (length, times) in stored.lengths {
            durations.count.checked_add(times).ok_or(TooMany)?;
            durations.add_length(length, times);
        }
        Ok(durations)
    }
}

/// The nearest value of six decimals: of the number as it is stored, ties to even.
pub(crate) fn six_decimals(value: f64) -> f64 {
    // Multiplying by a million first would round twice.
    format!("{value:.6}").parse().expect("a printed number reads back")
}
