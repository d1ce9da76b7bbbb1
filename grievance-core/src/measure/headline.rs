//! The few figures of a dashboard, for each office at once.
//!
//! The question ([`Asked`]) is the same, and so is the answer, whether it is put to the table of
//! cases, which counts them, or to the ledger, which has counted them.

use crate::measure::duration::{Share, between, places};
use smol_str::SmolStr;
use std::ops::Range;

/// Which quantiles, and within how many days.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    // INVARIANT: each from 0 to 1.
    quantiles: Vec<f64>,
    within: u32,
}

/// Why something cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a quantile is a share from 0 to 1")]
pub struct NoQuantile;

impl Asked {
    /// The quantiles, each a share from 0 to 1, and a limit in whole days.
    ///
    /// # Errors
    ///
    /// [`NoQuantile`] when one is below 0, above 1 or no number.
    pub fn new(quantiles: impl Into<Vec<f64>>, within: u32) -> Result<Self, NoQuantile> {
        let quantiles = quantiles.into();
        if quantiles.iter().all(|share| (0.0..=1.0).contains(share)) {
            Ok(Self { quantiles, within })
        } else {
            Err(NoQuantile)
        }
    }

    pub(crate) fn quantiles(&self) -> &[f64] {
        &self.quantiles
    }

    pub(crate) const fn within(&self) -> u32 {
        self.within
    }
}

impl Default for Asked {
    /// The median, nine in ten, and 21 days.
    fn default() -> Self {
        Self { quantiles: vec![0.5, 0.9], within: 21 }
    }
}

/// The counts of one group. Whole numbers; what is out of what is said by the methods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Received before the instant.
    pub received: u64,
    /// Disposed before it.
    pub disposed: u64,
    /// Withdrawn, declined or joined to another before it.
    pub closed_otherwise: u64,
    /// Cases of the received that were opened again at least once.
    pub reopened: u64,
    /// Cases of the received that were appealed at least once.
    pub appealed: u64,
    /// The disposed with a rating.
    pub rated: u64,
    /// The sum of these ratings.
    pub rating_sum: u64,
    /// The disposed that took at most as many whole days as asked.
    pub within: u64,
    /// The exact sum of what the disposed took: calendar days, or milliseconds under the elapsed
    /// rule.
    pub length_sum: i128,
}

impl Counts {
    /// The disposed that took at most so many days, out of the disposed.
    pub const fn within(&self) -> Share {
        Share { count: self.within, out_of: self.disposed }
    }
}

/// The figures of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headline<'a> {
    /// The code of the group.
    pub code: &'a str,
    /// Its counts.
    pub counts: &'a Counts,
    /// The pending by age, youngest band first.
    pub bands: &'a [u64],
    quantiles: &'a [f64],
    units_per_day: i64,
}

impl Headline<'_> {
    /// A quantile in days, by its place in the question; `None` when nothing was disposed, or
    /// there is no such place.
    pub fn quantile_days(&self, place: usize) -> Option<f64> {
        self.quantiles.get(place).copied().filter(|_| self.counts.disposed > 0)
    }

    /// The mean of what the disposed took, in days, rounded once from the exact sum; `None` when
    /// nothing was.
    #[expect(clippy::cast_precision_loss, reason = "one rounding of the exact sum, one of the division")]
    pub fn mean_days(&self) -> Option<f64> {
        let units = i128::from(self.counts.disposed) * i128::from(self.units_per_day);
        (units > 0).then(|| self.counts.length_sum as f64 / units as f64)
    }

    /// The mean rating of the disposed that have one; `None` when none has.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
    pub fn mean_rating(&self) -> Option<f64> {
        (self.counts.rated > 0).then(|| self.counts.rating_sum as f64 / self.counts.rated as f64)
    }
}

/// The figures of each group that has a case, in no particular order.
#[derive(Clone, Debug, PartialEq)]
pub struct Headlines {
    pub(crate) codes: Vec<SmolStr>,
    pub(crate) counts: Vec<Counts>,
    pub(crate) bands: Vec<u64>,
    pub(crate) quantiles: Vec<f64>,
    per: (usize, usize),
    units_per_day: i64,
}

impl Headlines {
    pub(crate) fn new(groups: usize, bands: usize, quantiles: usize, units_per_day: i64) -> Self {
        Self {
            codes: Vec::with_capacity(groups),
            counts: Vec::with_capacity(groups),
            bands: Vec::with_capacity(groups * bands),
            quantiles: Vec::with_capacity(groups * quantiles),
            per: (bands, quantiles),
            units_per_day,
        }
    }

    /// Puts others behind.
    pub(crate) fn append(&mut self, other: Self) {
        self.codes.extend(other.codes);
        self.counts.extend(other.counts);
        self.bands.extend(other.bands);
        self.quantiles.extend(other.quantiles);
    }

    pub(crate) fn clear(&mut self) {
        self.codes.clear();
        self.counts.clear();
        self.bands.clear();
        self.quantiles.clear();
    }

    /// Puts the groups of others behind.
    pub(crate) fn extend_from(&mut self, other: &Self) {
        self.codes.extend_from_slice(&other.codes);
        self.counts.extend_from_slice(&other.counts);
        self.bands.extend_from_slice(&other.bands);
        self.quantiles.extend_from_slice(&other.quantiles);
    }

    /// Puts a single group in the place of one.
    pub(crate) fn replace(&mut self, place: usize, with: &Self) {
        let (bands, quantiles) = self.per;
        self.counts[place] = with.counts[0];
        self.bands[place * bands..][..bands].copy_from_slice(&with.bands);
        self.quantiles[place * quantiles..][..quantiles].copy_from_slice(&with.quantiles);
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The figures of each group.
    pub fn iter(&self) -> impl Iterator<Item = Headline<'_>> {
        let (bands, quantiles) = self.per;
        self.codes.iter().zip(&self.counts).enumerate().map(move |(group, (code, counts))| Headline {
            code,
            counts,
            bands: &self.bands[group * bands..(group + 1) * bands],
            quantiles: &self.quantiles[group * quantiles..(group + 1) * quantiles],
            units_per_day: self.units_per_day,
        })
    }
}

/// The quantiles of lengths that are found by their place, in days.
#[expect(clippy::cast_precision_loss, reason = "lengths are below 2^53 milliseconds: 285,000 years")]
pub(crate) fn quantiles_of(
    asked: &[f64],
    count: u64,
    units_per_day: i64,
    mut at: impl FnMut(u64) -> i64,
    to: &mut Vec<f64>,
) {
    for share in asked {
        let Some((below, above, part)) = places(count, *share) else {
            to.push(0.0);
            continue;
        };
        let mut days = |place| at(place) as f64 / units_per_day as f64;
        to.push(between(days(below), days(above), part));
    }
}

/// Does some work in as many pieces as there are threads, and gives their results in order.
pub(crate) fn spread<T: Send>(
    threads: usize,
    much: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    share(pieces(threads, much), work)
}

/// Some work in as many pieces, as even as can be.
pub(crate) fn pieces(threads: usize, much: usize) -> Vec<Range<usize>> {
    let from = |at: usize| at * (much / threads) + at.min(much % threads);
    (0..threads).map(|at| from(at)..from(at + 1)).collect()
}

/// Works on each of some pieces on a thread of its own, the first on this one, and gives the results in order.
pub(crate) fn share<P: Send, T: Send>(pieces: Vec<P>, work: impl Fn(P) -> T + Sync) -> Vec<T> {
    let mut pieces = pieces.into_iter();
    let Some(first) = pieces.next() else { return Vec::new() };
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = pieces.map(|piece| scope.spawn(move || work(piece))).collect();
        let first = work(first);
        let others = others.into_iter().map(|other| match other.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(first).chain(others).collect()
    })
}
