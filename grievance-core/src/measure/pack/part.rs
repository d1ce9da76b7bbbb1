//! The pack, counted: parts that merge into one.

use crate::grievance::event::{Recorded, What};
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::number::RegistrationNumber;
use crate::measure::as_of::dated;
use crate::measure::cases::tally::{Basis, DoesNotFit, MOST, NoPart};
use crate::measure::groups::pairs;
use crate::measure::mis::is_sealed;
use crate::measure::pack::line::Line;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::weeks::{WEEKS, Weeks};
use crate::measure::sealed::SealedTotal;
use crate::vocabulary::{MisLine, Quantity, TargetState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Oldest pending cases that are kept of each office.
pub(crate) const OLDEST: usize = 10;

/// A part of a pack: some of the cases. Parts merge, in any order, into the same whole, stored as JSON and
/// [read](Self::read) back in between or not. A stored part has identities of cases in it: those that wait
/// longest at each office.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::pack::{PackPart, Weeks};
/// use grievance_core::vocabulary::AgeRule;
///
/// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, chrono_tz::Asia::Kolkata, AgeRule::Calendar));
/// let mut part = PackPart::new(weeks.clone());
/// part.add_history(&[]); // a desk's scan gives one history after the other
/// assert!(part.merge(&PackPart::new(weeks)).is_ok());
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackPart {
    pub(crate) weeks: Weeks,
    pub(crate) sealed: SealedTotal,
    /// When the first of all cases was received: before that there is no data.
    pub(crate) begun: Option<DateTime<Utc>>,
    /// Whether any case was lodged here: of others little more than dates is known.
    pub(crate) own: bool,
    /// Whether any was opened again in the weeks.
    pub(crate) reopens: bool,
    /// Whether any that was pending at the end of a week had a due date.
    pub(crate) due: bool,
    /// Whether any closure was looked at a second time in the weeks: else nothing is known of quality.
    pub(crate) verifies: bool,
    /// Whether any closure of the weeks was given a root cause: else nobody does, and nothing is known of them.
    pub(crate) classifies: bool,
    pub(crate) units: BTreeMap<UnitCode, Tally>,
}

/// A part as it is stored, not yet checked. Whether closures are looked at and given root causes, cases opened again and
/// due follows from the counts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    basis: Basis,
    sealed: SealedTotal,
    begun: Option<DateTime<Utc>>,
    own: bool,
    units: Cow<'a, BTreeMap<UnitCode, Tally>>,
}

impl Serialize for PackPart {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { weeks, sealed, begun, own, reopens: _, due: _, verifies: _, classifies: _, units } = self;
        let (basis, units) = (Basis::of(&weeks.terms), Cow::Borrowed(units));
        Stored { basis, sealed: *sealed, begun: *begun, own: *own, units }.serialize(to)
    }
}

/// One office's counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally {
    lines: usize,
    counts: Vec<u64>,
    /// Days that the disposed of each week took, all together.
    pub(crate) days: [i64; WEEKS],
    /// The pending by the highest level that time has brought.
    pub(crate) levels: BTreeMap<u32, u64>,
    pub(crate) oldest: BTreeSet<Waiting>,
    /// What only an index asks: how often in the week of the first place, as known in that of the second.
    #[serde(with = "pairs")]
    beside: BTreeMap<(Quantity, usize, usize), u64>,
}

/// A pending case, the one that waits longest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiting {
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) case: GrievanceId,
    pub(crate) number: Option<RegistrationNumber>,
    pub(crate) state: TargetState,
    pub(crate) level: u32,
}

impl Tally {
    pub(crate) fn new(bands: usize) -> Self {
        let lines = MisLine::ALL.len() + bands;
        Self {
            lines,
            counts: vec![0; lines * WEEKS],
            days: [0; WEEKS],
            levels: BTreeMap::new(),
            oldest: BTreeSet::new(),
            beside: BTreeMap::new(),
        }
    }

    /// How often something that only an index asks happened in the weeks, as was known at the end of the last
    /// of them.
    pub(crate) fn beside(&self, quantity: Quantity, weeks: RangeInclusive<usize>) -> u64 {
        let (first, last) = (*weeks.start(), *weeks.end());
        let own = self.beside.range((quantity, first, 0)..=(quantity, last, last));
        own.filter(|((_, _, known), _)| *known <= last).map(|(_, count)| count).sum()
    }

    /// A line's count in the week of that place, the oldest week first.
    pub(crate) fn at(&self, line: Line, week: usize) -> u64 {
        self.counts[week * self.lines + line.place()]
    }

    pub(crate) fn add(&mut self, line: Line, week: usize) {
        self.counts[week * self.lines + line.place()] += 1;
    }

    /// Whether it is one of so many bands, and has nothing in it that cannot be.
    fn fits(&self, bands: usize) -> bool {
        let lines = MisLine::ALL.len() + bands;
        let within = |(_, week, known): &(Quantity, usize, usize)| week <= known && *known < WEEKS;
        self.lines == lines
            && self.counts.len() == lines * WEEKS
            && self.oldest.len() <= OLDEST
            && self.beside.keys().all(within)
    }

    fn weight(&self) -> u128 {
        let counts = self.counts.iter().chain(self.levels.values()).chain(self.beside.values());
        let days = self.days.iter().map(|days| u128::from(days.unsigned_abs()));
        counts.map(|count| u128::from(*count)).chain(days).sum()
    }

    fn keep(&mut self, waiting: Waiting) {
        self.oldest.insert(waiting);
        if self.oldest.len() > OLDEST {
            self.oldest.pop_last();
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.days.iter_mut().zip(&other.days) {
            *mine += theirs;
        }
        for (level, cases) in &other.levels {
            *self.levels.entry(*level).or_default() += cases;
        }
        for (what, count) in &other.beside {
            *self.beside.entry(*what).or_default() += count;
        }
        for waiting in &other.oldest {
            self.keep(waiting.clone());
        }
    }
}

impl Book for PackPart {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        match line {
            Line::Of(MisLine::Verified) => self.verifies = true,
            Line::Of(MisLine::Reopened) => self.reopens = true,
            Line::Of(MisLine::InTime | MisLine::DueSoon | MisLine::PastDue) => self.due = true,
            _ => {}
        }
        self.tally(unit).add(line, week);
    }

    fn took(&mut self, unit: &UnitCode, week: usize, days: i64) {
        self.tally(unit).days[week] += days;
    }

    fn beside(&mut self, unit: &UnitCode, quantity: Quantity, week: usize, known: usize) {
        self.classifies |= quantity == Quantity::Classified;
        *self.tally(unit).beside.entry((quantity, week, known)).or_default() += 1;
    }

    fn waits(&mut self, case: &Grievance, state: TargetState) {
        let level = crate::grievance::project::CaseFact::level_of(case);
        let waiting = Waiting {
            received_at: case.subject.received_at,
            case: case.id,
            number: case.subject.number.clone(),
            state,
            level,
        };
        let tally = self.tally(case.unit());
        if level > 0 {
            *tally.levels.entry(level).or_default() += 1;
        }
        tally.keep(waiting);
    }
}

impl PackPart {
    /// A part with no case yet.
    pub const fn new(weeks: Weeks) -> Self {
        Self {
            weeks,
            sealed: SealedTotal::NotTold,
            begun: None,
            own: false,
            reopens: false,
            due: false,
            verifies: false,
            classifies: false,
            units: BTreeMap::new(),
        }
    }

    /// Counts a case by its history. One that is sealed today counts nowhere, and puts no office on
    /// the list; a part of a divided case counts nowhere beside it.
    pub fn add_history(&mut self, history: &[Recorded]) {
        if let Some(first) = dated(history).next().filter(|_| !is_sealed(history)) {
            self.begun = Some(self.begun.map_or(first.at, |begun| begun.min(first.at)));
            let unit = first.led_to.unit.clone();
            self.own |= history.iter().any(|recorded| matches!(recorded.event.what, What::Lodged(_)));
            self.list(&unit);
        }
        let weeks = self.weeks.clone();
        trace(history, &weeks, self);
    }

    /// Puts an office on the list, whether it has a case or not.
    pub fn list(&mut self, unit: &UnitCode) {
        self.tally(unit);
    }

    /// Says what may be said of sealed cases.
    pub const fn seal(&mut self, total: SealedTotal) {
        self.sealed = total;
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when the two do not count the same weeks, [`DoesNotFit::TooMany`] when they
    /// count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if self.weeks != other.weeks {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        self.sealed = self.sealed.or(other.sealed);
        self.own |= other.own;
        self.reopens |= other.reopens;
        self.due |= other.due;
        self.verifies |= other.verifies;
        self.classifies |= other.classifies;
        self.begun = [self.begun, other.begun].into_iter().flatten().min();
        for (unit, theirs) in &other.units {
            self.tally(unit).merge(theirs);
        }
        Ok(())
    }

    /// Reads a stored part: the JSON that it is serialised as. What weeks know and a text does not, the working
    /// days of offices, is taken from the weeks, which must be those that it was counted in.
    ///
    /// # Errors
    ///
    /// [`NoPart`] when it is no part, counts other weeks, or counts more than 2^56.
    pub fn read(text: &str, weeks: Weeks) -> Result<Self, NoPart> {
        let stored: Stored<'_> = serde_json::from_str(text).map_err(|_| NoPart::Unreadable)?;
        let Stored { basis, sealed, begun, own, units } = stored;
        if basis != Basis::of(&weeks.terms) {
            return Err(NoPart::Terms);
        }
        let mut part = Self { sealed, begun, own, units: units.into_owned(), ..Self::new(weeks) };
        if !part.units.values().all(|tally| tally.fits(basis.bands())) {
            return Err(NoPart::Malformed);
        }
        let has = |line: MisLine| {
            part.units.values().any(|tally| (0..WEEKS).any(|week| tally.at(line.into(), week) > 0))
        };
        let [verifies, reopens] = [has(MisLine::Verified), has(MisLine::Reopened)];
        let due = [MisLine::InTime, MisLine::DueSoon, MisLine::PastDue].into_iter().any(has);
        (part.verifies, part.reopens, part.due) = (verifies, reopens, due);
        let given =
            |tally: &Tally| tally.beside.keys().any(|(quantity, _, _)| *quantity == Quantity::Classified);
        part.classifies = part.units.values().any(given);
        if part.weight() > MOST { Err(NoPart::TooMany) } else { Ok(part) }
    }

    /// All that it counts, added up: never less than any of its figures.
    fn weight(&self) -> u128 {
        let sealed = if let SealedTotal::Count(count) = self.sealed { count } else { 0 };
        self.units.values().map(Tally::weight).sum::<u128>() + u128::from(sealed)
    }

    fn tally(&mut self, unit: &UnitCode) -> &mut Tally {
        // Asked first: `entry` would copy the code for every case.
        if !self.units.contains_key(unit) {
            self.units.insert(unit.clone(), Tally::new(self.weeks.terms.bands.count()));
        }
        self.units.get_mut(unit).expect("it was there or has just been put there")
    }
}
