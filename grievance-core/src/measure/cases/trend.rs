//! What rises and what falls: weeks of receipts by group, held against chance.
//!
//! "Analysis of trends" is among what the origin does with its cases (HUDCO *Shelter*, vol. 24 no. 1,
//! 2023); how, is not published. What stands here is ours: exact tests of counts, with nothing to
//! tune but how sure one wants to be.

use crate::measure::cases::column::Column;
use crate::measure::cases::table::{Cases, Chosen, number_of};
use crate::measure::cases::tally::{DoesNotFit, MOST, NoPart};
use crate::vocabulary::TrendKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Fewer weeks say nothing of a trend.
pub const FEWEST_WEEKS: usize = 4;
/// More are not kept: five years.
pub const MOST_WEEKS: usize = 260;

/// How many cases of each group were received in each of some weeks up to a day. Parts merge, in any
/// order, into the same whole.
///
/// Weeks of which not every day lies at or after that of the first receipt are weeks without data: nothing came in them because
/// nobody counted, and no trend is read from that.
///
/// A stored part is checked when it is read: weeks that are too few or too many, groups of
/// another number of them, counts of weeks before the first receipt, or a count above 2^56, are refused ([`NoPart`] in the text of the error).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredWeekly")]
pub struct Weekly {
    until: NaiveDate,
    zone: String,
    weeks: usize,
    since: Option<NaiveDate>,
    groups: BTreeMap<SmolStr, Vec<u64>>,
}

/// Weeks as they are stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredWeekly {
    until: NaiveDate,
    zone: String,
    weeks: usize,
    since: Option<NaiveDate>,
    groups: BTreeMap<SmolStr, Vec<u64>>,
}

impl TryFrom<StoredWeekly> for Weekly {
    type Error = NoPart;

    fn try_from(stored: StoredWeekly) -> Result<Self, NoPart> {
        let StoredWeekly { until, zone, weeks, since, groups } = stored;
        let weekly = Self { until, zone, weeks, since, groups };
        let known = (FEWEST_WEEKS..=MOST_WEEKS).contains(&weeks);
        if !known || weekly.groups.values().any(|counts| counts.len() != weeks) || weekly.counts_too_early() {
            return Err(NoPart::Malformed);
        }
        if weekly.weight() > MOST { Err(NoPart::TooMany) } else { Ok(weekly) }
    }
}

/// A group whose receipts are not what chance makes of even weeks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The group.
    pub code: SmolStr,
    /// What it does.
    pub kind: TrendKind,
    /// Received in the last week; for a steady trend, in the later half of the weeks.
    pub count: u64,
    /// Out of so many in all that were compared.
    pub out_of: u64,
    /// How many of them would have come in even weeks, to six decimals.
    pub expected: f64,
    /// How likely chance alone is to bring that or more (of a fall, or less) in any of the groups and
    /// ways that were asked.
    pub chance: f64,
}

impl Weekly {
    /// The groups that had a case, by code, each with its weeks, oldest first.
    pub const fn groups(&self) -> &BTreeMap<SmolStr, Vec<u64>> {
        &self.groups
    }

    /// The day on which the first of all cases was received, whenever that was; `None` of no case.
    pub const fn since(&self) -> Option<NaiveDate> {
        self.since
    }

    /// The same of cases that are some of others, of which the first came on a day.
    #[must_use]
    pub fn begun(self, since: Option<NaiveDate>) -> Self {
        Self { since: self.since.into_iter().chain(since).min(), ..self }
    }

    /// How many of the weeks have data, up to the last one.
    pub fn known(&self) -> usize {
        let days = self.since.map_or(0, |since| (self.until - since).num_days());
        usize::try_from(days / 7).unwrap_or(0).min(self.weeks)
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it has other weeks or another zone, [`DoesNotFit::TooMany`] when they
    /// count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if (self.until, &self.zone, self.weeks) != (other.until, &other.zone, other.weeks) {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        self.since = self.since.into_iter().chain(other.since).min();
        for (code, theirs) in &other.groups {
            let mine = self.groups.entry(code.clone()).or_insert_with(|| vec![0; self.weeks]);
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        Ok(())
    }

    /// Whether a week has a case that ended before the first receipt.
    fn counts_too_early(&self) -> bool {
        // Of the week in which the first came some days may lie before it.
        let days = self.since.map_or(0, |since| (self.until - since).num_days().max(0));
        let begun = usize::try_from(days).unwrap_or(usize::MAX).div_ceil(7).min(self.weeks);
        self.groups.values().any(|counts| counts[..self.weeks - begun].iter().any(|count| *count > 0))
    }

    fn weight(&self) -> u128 {
        self.groups.values().flatten().map(|count| u128::from(*count)).sum()
    }

    /// The groups that rise or fall, the least likely first, of which chance brings one in so many
    /// looks: with `at_most` 0.01, one look in a hundred names a group though nothing has changed. Of the weeks those are asked
    /// that have data; of fewer than [`FEWEST_WEEKS`] there is none.
    ///
    /// Each group is asked four things. *Suddenly*: given all its cases, how likely is it that so many, or
    /// so few, of them fall into the last week, when each week is as likely as another (binomial with
    /// 1 ÷ weeks)? *Steadily*: that so many, or so few, fall into the later half of the weeks (binomial
    /// with ½; of an odd number of weeks the middle one is left out)? Both are exact, whatever the group's
    /// size (J. Przyborowski and H. Wilenski, *Biometrika* 31, 1940). Because all groups are asked at once,
    /// the chances are those of Holm's procedure (*Scandinavian Journal of Statistics* 6, 1979).
    ///
    /// **It says that something changed, not what.** Cases that come in bundles, a campaign or one burst
    /// pipe, are no chance either. A holiday week falls for everybody: ask it of weeks that are alike.
    pub fn trends(&self, at_most: f64) -> Vec<Trend> {
        let known = self.known();
        if known < FEWEST_WEEKS {
            return Vec::new();
        }
        let of = |(code, counts): (&SmolStr, &Vec<u64>)| ask(code, &counts[self.weeks - known..]);
        let mut asked: Vec<Trend> = self.groups.iter().flat_map(of).collect();
        asked.sort_by(|one, other| {
            one.chance
                .total_cmp(&other.chance)
                .then_with(|| (&one.code, one.kind).cmp(&(&other.code, other.kind)))
        });
        let (all, mut least) = (asked.len(), 0.0_f64);
        for (place, trend) in asked.iter_mut().enumerate() {
            least = least.max(times(trend.chance, all - place)).min(1.0);
            trend.chance = least;
        }
        asked.retain(|trend| trend.chance <= at_most);
        asked
    }
}

#[expect(clippy::cast_precision_loss, reason = "four times the number of groups")]
fn times(chance: f64, many: usize) -> f64 {
    chance * many as f64
}

/// The four questions of a group.
fn ask(code: &SmolStr, counts: &[u64]) -> [Trend; 4] {
    let half = counts.len() / 2;
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    let (last, all) = (counts.last().copied().unwrap_or(0), sum(counts));
    let (early, late) = (sum(&counts[..half]), sum(&counts[counts.len() - half..]));
    let trend = |kind, count, out_of, parts, rises| {
        let (upper, lower) = tails(count, out_of, parts);
        let chance = if rises { upper } else { lower };
        let expected = crate::measure::duration::six_decimals(mean(out_of, parts));
        Trend { code: code.clone(), kind, count, out_of, expected, chance }
    };
    [
        trend(TrendKind::SuddenRise, last, all, counts.len(), true),
        trend(TrendKind::SteadyRise, late, early + late, 2, true),
        trend(TrendKind::SuddenFall, last, all, counts.len(), false),
        trend(TrendKind::SteadyFall, late, early + late, 2, false),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
fn mean(all: u64, parts: usize) -> f64 {
    all as f64 / parts as f64
}

/// How likely it is that of `all` cases, each in one of so many parts with the same chance, at least
/// `count` are in a certain one, and that at most `count` are.
///
/// The terms of the distribution are worked out from its peak to both sides, each from the one before,
/// as shares of the peak, until they are nothing; so no factorial is too large, and what is left out is
/// less than a number can say.
#[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
fn tails(count: u64, all: u64, parts: usize) -> (f64, f64) {
    let others = (parts - 1) as f64;
    let peak = ((all + 1) / parts as u64).min(all);
    let (mut below, mut here, mut above) = (0.0, 0.0, 0.0);
    let mut put = |at: u64, share: f64| match at.cmp(&count) {
        std::cmp::Ordering::Less => below += share,
        std::cmp::Ordering::Equal => here += share,
        std::cmp::Ordering::Greater => above += share,
    };
    let (mut at, mut share) = (peak, 1.0_f64);
    while share > 0.0 {
        put(at, share);
        if at == all {
            break;
        }
        share *= (all - at) as f64 / ((at + 1) as f64 * others);
        at += 1;
    }
    (at, share) = (peak, 1.0);
    while at > 0 {
        share *= at as f64 * others / (all - at + 1) as f64;
        at -= 1;
        if share == 0.0 {
            break;
        }
        put(at, share);
    }
    let whole = below + here + above;
    ((here + above) / whole, (below + here) / whole)
}

impl Cases {
    /// The receipts of each group in each of so many weeks of seven days, of which the last ends with the
    /// day before `until`, by the calendar of the table's zone; with `chosen`, only those cases. Cases
    /// without a code in the column are in none.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] for the column of another table, [`DoesNotFit::Terms`] for fewer than
    /// [`FEWEST_WEEKS`] or more than [`MOST_WEEKS`].
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    /// use grievance_core::vocabulary::TrendKind;
    ///
    /// // Two a week at the water works, and twelve in the last one.
    /// let at = |week: i64, n: i64| {
    ///     let day = chrono::TimeDelta::days(7 * week) + chrono::TimeDelta::hours(n);
    ///     "2026-03-02T05:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().map(|from| from + day)
    /// };
    /// let mut rows = Vec::new();
    /// for (week, count) in [2, 2, 2, 2, 2, 2, 2, 12].into_iter().enumerate() {
    ///     for n in 0..count {
    ///         rows.push(CaseRow::new(at(i64::try_from(week)?, n)?, "water"));
    ///     }
    /// }
    /// let cases = Cases::read(chrono_tz::UTC, "2027-01-01T00:00:00Z".parse()?, rows).cases;
    /// let weekly = cases.weekly(cases.unit(), None, "2026-04-27".parse()?, 8)?;
    /// let trends = weekly.trends(0.01);
    /// assert_eq!((trends[0].kind, trends[0].count, trends[0].expected), (TrendKind::SuddenRise, 12, 3.25));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn weekly(
        &self,
        by: &Column,
        chosen: Option<&Chosen>,
        until: NaiveDate,
        weeks: usize,
    ) -> Result<Weekly, DoesNotFit> {
        if by.len() != self.len() || chosen.is_some_and(|chosen| chosen.0.len() != self.len()) {
            return Err(DoesNotFit::Column);
        }
        if !(FEWEST_WEEKS..=MOST_WEEKS).contains(&weeks) {
            return Err(DoesNotFit::Terms);
        }
        let end = number_of(until);
        let mut counts: Vec<Vec<u64>> = vec![Vec::new(); by.codes().len()];
        for case in (0..self.len()).filter(|case| chosen.is_none_or(|chosen| chosen.has(*case))) {
            let Some(group) = counts.get_mut(by.key(case) as usize) else { continue };
            let ago = end - 1 - self.received_on[case];
            let Some(back) = usize::try_from(ago).ok().map(|ago| ago / 7).filter(|back| *back < weeks) else {
                continue;
            };
            group.resize(weeks, 0);
            group[weeks - 1 - back] += 1;
        }
        let groups = by.codes().iter().cloned().zip(counts).filter(|(_, counts)| !counts.is_empty());
        // Of all cases: a subject of which none came before is new, and the data are not.
        let since = self.begun();
        Ok(Weekly { until, zone: self.zone.name().into(), weeks, since, groups: groups.collect() })
    }
}
