//! Stock and flow of each period: what was brought forward, what came and went, and what is carried forward.

use crate::grievance::event::{Recorded, What};
use crate::grievance::project::CaseFact;
use crate::kernel::time::{day_of, from_millis};
use crate::measure::as_of::{fact_as_of, grievance_as_of};
use crate::measure::cases::period::Period;
use crate::measure::cases::table::{Cases, Chosen, NEVER, OTHERWISE};
use crate::measure::cases::tally::{DoesNotFit, MOST, NoPart};
use crate::measure::cutoff::Cutoff;
use crate::measure::flow::{Flow, Movement, every_movement};
use crate::measure::picked::Picked;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// How time is divided: in which periods, in which zone, cut off at which hour.
///
/// # Examples
///
/// ```
/// use chrono::{NaiveTime, Weekday};
/// use grievance_core::measure::cases::period::Period;
/// use grievance_core::measure::cutoff::Cutoff;
/// use grievance_core::measure::flows::Reckoning;
///
/// // Weeks from Friday to Friday, each at 17:00 in Kolkata, which is 11:30 UTC.
/// let weeks = Reckoning::new(Period::Week(Weekday::Fri), chrono_tz::Asia::Kolkata)
///     .cut_at(Cutoff::at(NaiveTime::from_hms_opt(17, 0, 0).ok_or("a time")?));
/// assert_eq!(weeks.start_of("2026-03-06T11:29:59Z".parse()?), "2026-02-27".parse()?);
/// assert_eq!(weeks.start_of("2026-03-06T11:30:00Z".parse()?), "2026-03-06".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reckoning {
    period: Period,
    #[serde(with = "zone_name")]
    zone: chrono_tz::Tz,
    #[serde(default, skip_serializing_if = "Cutoff::is_midnight")]
    cutoff: Cutoff,
}

impl Reckoning {
    /// Periods in an office's zone, each from midnight to midnight.
    pub const fn new(period: Period, zone: chrono_tz::Tz) -> Self {
        Self { period, zone, cutoff: Cutoff::MIDNIGHT }
    }

    /// The same, each from that hour of its first day to that hour of the next one's.
    #[must_use]
    pub const fn cut_at(self, cutoff: Cutoff) -> Self {
        Self { cutoff, ..self }
    }

    /// The first day of the period in which an instant lies.
    pub fn start_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.start_on(day_of(at, self.zone), at)
    }

    /// The first instant of the period that begins on a day.
    pub fn begin(&self, start: NaiveDate) -> DateTime<Utc> {
        self.cutoff.begin(start, self.zone)
    }

    /// The same of an instant whose date is known. Clocks that go back over midnight give a date to an hour in
    /// which it is over already.
    fn start_on(self, mut day: NaiveDate, at: DateTime<Utc>) -> NaiveDate {
        while let Some(before) = day.pred_opt().filter(|_| at < self.begin(day)) {
            day = before;
        }
        while let Some(next) = day.succ_opt().filter(|next| self.begin(*next) <= at) {
            day = next;
        }
        self.period.start(day)
    }
}

/// A zone by its name.
mod zone_name {
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(zone: &chrono_tz::Tz, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<chrono_tz::Tz, D::Error> {
        let name = String::deserialize(from)?;
        name.parse().map_err(|_| D::Error::custom("there is no zone of that name"))
    }
}

/// The flow of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FlowLine {
    /// The first day of the period.
    pub start: NaiveDate,
    /// What was pending when it began, moved in it, and was pending when it ended: what is closing in one
    /// period is brought forward in the next.
    pub flow: Flow,
}

/// What is counted of a case: what its row says today, or what its history tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Row,
    History,
}

/// What moved in one period, and by how much the stock changed, which is found apart from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    moved: [u64; Movement::ALL.len()],
    stock: i64,
}

impl Moved {
    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.moved.iter_mut().zip(other.moved) {
            *mine += theirs;
        }
        self.stock += other.stock;
    }

    fn weight(&self) -> u128 {
        self.moved.iter().map(|count| u128::from(*count)).sum::<u128>()
            + u128::from(self.stock.unsigned_abs())
    }
}

/// Where a case is in the stock, and from when at the earliest.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stock {
    unit: SmolStr,
    category: Option<SmolStr>,
    received_at: DateTime<Utc>,
}

impl Stock {
    fn of(fact: &CaseFact) -> Self {
        Self {
            unit: fact.unit.as_str().into(),
            category: fact.category.as_ref().map(|code| code.as_str().into()),
            received_at: fact.received_at,
        }
    }
}

/// From an instant on: where a case is, and whether it is pending; `None` where there is none.
type State = (DateTime<Utc>, Option<(Stock, bool)>);
/// An office and a subject.
type Group = (SmolStr, Option<SmolStr>);
type Groups = BTreeMap<Group, BTreeMap<NaiveDate, Moved>>;

/// The flows of some cases by period, office and subject: a part that merges with those of other cases, in any
/// order, to the same whole, and is stored as JSON.
///
/// Counted from histories ([`add_history`](Self::add_history)) it has every movement. Counted from a table
/// ([`Cases::flows`]) it has what a row tells: receipts and the closures that stand, at the office that has the case;
/// a case that was opened again has lost its first closure there and is pending all along.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::cases::period::Period;
/// use grievance_core::measure::cases::row::CaseRow;
/// use grievance_core::measure::cases::table::Cases;
/// use grievance_core::measure::flows::Reckoning;
/// use grievance_core::measure::picked::Picked;
///
/// let zone = chrono_tz::Asia::Kolkata;
/// let rows = [CaseRow::new("2026-03-31T20:00:00Z".parse()?, "works")]; // 1 April in Kolkata
/// let cases = Cases::read(zone, "2026-05-01T00:00:00Z".parse()?, rows).cases;
/// let years = cases.flows(&Reckoning::new(Period::FinancialYear, zone), None)?;
/// let lines = years.lines(&Picked::all(), "2026-03-31".parse()?, "2026-04-01".parse()?);
/// assert_eq!((lines[0].flow.received, lines[1].flow.received, lines[1].flow.closing), (0, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Flows {
    reckoning: Reckoning,
    by: By,
    groups: Groups,
}

impl Flows {
    /// Of no history yet.
    pub const fn new(reckoning: Reckoning) -> Self {
        Self { reckoning, by: By::History, groups: BTreeMap::new() }
    }

    /// How time is divided.
    pub const fn reckoning(&self) -> &Reckoning {
        &self.reckoning
    }

    fn at(&mut self, unit: &str, category: Option<&str>, start: NaiveDate) -> &mut Moved {
        let group = (SmolStr::new(unit), category.map(SmolStr::new));
        self.groups.entry(group).or_default().entry(start).or_default()
    }

    /// Counts a case by its history: each movement at the office and under the subject that the case then had,
    /// and beside that where it was pending, so that the one may be held to the other. A case that is sealed
    /// today, and a part of a divided case, is not counted.
    ///
    /// What it finds is what a ledger kept by step says ([`Ledger::flows`](crate::measure::ledger::keep::Ledger::flows)).
    pub fn add_history(&mut self, history: &[Recorded]) {
        let millisecond = TimeDelta::milliseconds(1);
        let Some(end) = history.iter().map(|recorded| recorded.at).max() else { return };
        let today = grievance_as_of(history, end + millisecond);
        if today.is_none_or(|case| case.sealed.is_some() || case.part_of.is_some()) {
            return;
        }
        // From each instant at which its facts may change: what they say, and whether it is pending.
        let states: Vec<State> = instants(history)
            .into_iter()
            .map(|at| {
                let fact = fact_as_of(history, at + millisecond);
                (at, fact.map(|fact| (Stock::of(&fact), fact.phase.is_pending())))
            })
            .collect();
        let mut before: Option<&Stock> = None;
        for (at, state) in &states {
            let after = state.as_ref().filter(|(_, pending)| *pending).map(|(stock, _)| stock);
            if before != after {
                for (stock, change) in [(before, -1), (after, 1)] {
                    let Some(Stock { unit, category, received_at }) = stock else { continue };
                    // An import may tell of a step before the receipt: nothing was there yet.
                    let start = self.reckoning.start_of(*at.max(received_at));
                    self.at(unit, category.as_deref(), start).stock += change;
                }
            }
            before = after;
        }
        every_movement(history, |at, unit, movement| {
            let after = states.partition_point(|(from, _)| *from <= at);
            let before = states.partition_point(|(from, _)| *from < at);
            // What leaves an office leaves it under the subject that it had there.
            let left = movement == Movement::TransferredOut;
            let state = |upto: usize| states[..upto].last().and_then(|(_, state)| state.as_ref());
            let state = if left { state(before).or(state(after)) } else { state(after) };
            let category = state.and_then(|(stock, _)| stock.category.as_deref());
            let start = self.reckoning.start_of(at);
            self.at(unit.as_str(), category, start).moved[movement as usize] += 1;
        });
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it divides time differently, or one is counted from histories and the other
    /// from a table; [`DoesNotFit::TooMany`] when they count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if (self.reckoning, self.by) != (other.reckoning, other.by) {
            return Err(DoesNotFit::Terms);
        }
        if weight(&self.groups) + weight(&other.groups) > MOST {
            return Err(DoesNotFit::TooMany);
        }
        for (group, starts) in &other.groups {
            let own = self.groups.entry(group.clone()).or_default();
            for (start, moved) in starts {
                own.entry(*start).or_default().add(moved);
            }
        }
        Ok(())
    }

    /// The flow of every period from the one that has `from` to the one that has `to`, of the picked offices and
    /// subjects; none when `to` lies before. What went from one of the offices to another is in both sides of
    /// it.
    ///
    /// Of one subject, a case that got another subject leaves a difference: nothing moved it in or out.
    pub fn lines(&self, picked: &Picked, from: NaiveDate, to: NaiveDate) -> Vec<FlowLine> {
        let mut starts: BTreeMap<NaiveDate, Moved> = BTreeMap::new();
        for ((unit, category), own) in &self.groups {
            if picked.has(unit, category.as_deref()) {
                for (start, moved) in own {
                    starts.entry(*start).or_default().add(moved);
                }
            }
        }
        let periods: Vec<NaiveDate> = self.reckoning.period.starts(from, to).collect();
        let Some(first) = periods.first() else { return Vec::new() };
        // INVARIANT: no prefix is below nothing, of any group.
        let count = |stock: i64| u64::try_from(stock).expect("no case leaves where it was not");
        let mut stock: i64 = starts.range(..first).map(|(_, moved)| moved.stock).sum();
        let line = |start: NaiveDate| {
            let own = starts.get(&start).copied().unwrap_or_default();
            let mut flow = Flow { brought_forward: count(stock), ..Flow::default() };
            for (movement, count) in Movement::ALL.into_iter().zip(own.moved) {
                *movement.counter()(&mut flow) = count;
            }
            stock += own.stock;
            FlowLine { start, flow: flow.reconciled(count(stock)) }
        };
        periods.into_iter().map(line).collect()
    }

    /// The offices that have a movement.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        let units: BTreeSet<&str> = self.groups.keys().map(|(unit, _)| unit.as_str()).collect();
        units.into_iter()
    }
}

fn weight(groups: &Groups) -> u128 {
    groups.values().flat_map(BTreeMap::values).map(Moved::weight).sum()
}

/// The instants at which the facts of a case may change.
pub(crate) fn instants(history: &[Recorded]) -> BTreeSet<DateTime<Utc>> {
    let facts = history.iter().flat_map(|recorded| match &recorded.event.what {
        What::Adopted(adopted) => adopted.facts.iter().map(|fact| fact.at).collect(),
        _ => vec![recorded.at],
    });
    facts.collect()
}

impl Cases {
    /// The flows of the cases by period, office and subject; with `chosen`, only of those.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] when the choice is of another table, [`DoesNotFit::Zone`] when the table counts
    /// days in another zone.
    pub fn flows(&self, reckoning: &Reckoning, chosen: Option<&Chosen>) -> Result<Flows, DoesNotFit> {
        Chosen::fits(chosen, self)?;
        if self.zone != reckoning.zone {
            return Err(DoesNotFit::Zone);
        }
        // Of each date its first and last instant by the cut-off, and its period: clocks are asked once.
        let mut known: HashMap<i32, (Range<i64>, NaiveDate)> = HashMap::new();
        let mut start = |on: i32, at: i64| {
            let day = || NaiveDate::from_num_days_from_ce_opt(on).expect("the number of a day that was read");
            let (within, start) = known.entry(on).or_insert_with(|| {
                let begin = |day: NaiveDate| reckoning.begin(day).timestamp_millis();
                let end = day().succ_opt().map_or(i64::MAX, begin);
                (begin(day())..end, reckoning.period.start(day()))
            });
            if within.contains(&at) {
                return *start;
            }
            reckoning.start_on(day(), from_millis(at).expect("a table holds instants"))
        };
        let mut counted: BTreeMap<(u32, u32, NaiveDate), Moved> = BTreeMap::new();
        for case in (0..self.len()).filter(|case| chosen.is_none_or(|chosen| chosen.has(*case))) {
            let group = (self.unit.key(case), self.category.key(case));
            let own = counted
                .entry((group.0, group.1, start(self.received_on[case], self.received_at[case])))
                .or_default();
            own.moved[Movement::Received as usize] += 1;
            own.stock += 1;
            if self.ended_at[case] != NEVER {
                let own = counted
                    .entry((group.0, group.1, start(self.ended_on[case], self.ended_at[case])))
                    .or_default();
                let otherwise = self.ending[case] == OTHERWISE;
                let how = if otherwise { Movement::ClosedOtherwise } else { Movement::Disposed };
                own.moved[how as usize] += 1;
                own.stock -= 1;
            }
        }
        let mut flows = Flows { by: By::Row, ..Flows::new(*reckoning) };
        for ((unit, category, start), moved) in counted {
            let unit = &self.unit.codes()[unit as usize];
            let category = self.category.codes().get(category as usize);
            flows.at(unit, category.map(SmolStr::as_str), start).add(&moved);
        }
        Ok(flows)
    }
}

/// Flows as they are stored, not yet checked: a key of JSON is a text, and so groups are pairs.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    reckoning: Reckoning,
    by: By,
    groups: Vec<(Group, BTreeMap<NaiveDate, Moved>)>,
}

impl From<Flows> for Stored {
    fn from(Flows { reckoning, by, groups }: Flows) -> Self {
        Self { reckoning, by, groups: groups.into_iter().collect() }
    }
}

impl TryFrom<Stored> for Flows {
    type Error = NoPart;

    fn try_from(Stored { reckoning, by, groups }: Stored) -> Result<Self, NoPart> {
        let rises = groups.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let starts = groups.iter().flat_map(|(_, starts)| starts.keys());
        if !rises || starts.into_iter().any(|start| reckoning.period.start(*start) != *start) {
            return Err(NoPart::Malformed);
        }
        let groups: Groups = groups.into_iter().collect();
        if weight(&groups) > MOST {
            return Err(NoPart::TooMany);
        }
        let drawn = |starts: &BTreeMap<NaiveDate, Moved>| {
            let mut stock = 0;
            starts.values().any(|moved| {
                stock += moved.stock;
                stock < 0
            })
        };
        if groups.values().any(drawn) { Err(NoPart::Overdrawn) } else { Ok(Self { reckoning, by, groups }) }
    }
}
