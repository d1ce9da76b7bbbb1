//! The pack, counted: parts that merge into one.

use crate::grievance::event::Recorded;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::number::RegistrationNumber;
use crate::measure::as_of::dated;
use crate::measure::mis::{DifferentTerms, is_sealed};
use crate::measure::pack::line::Line;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::weeks::{WEEKS, Weeks};
use crate::measure::sealed::SealedTotal;
use crate::vocabulary::{MisLine, TargetState};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Oldest pending cases that are kept of each office.
pub(crate) const OLDEST: usize = 10;

/// A part of a pack: some of the cases. Parts merge, in any order, into the same whole.
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
    /// Whether any closure was looked at a second time in the weeks: else nothing is known of quality.
    pub(crate) verifies: bool,
    pub(crate) units: BTreeMap<UnitCode, Tally>,
}

/// One office's counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    lines: usize,
    counts: Vec<u64>,
    /// Days that the disposed of each week took, all together.
    pub(crate) days: [i64; WEEKS],
    /// The pending by the highest level that time has brought.
    pub(crate) levels: BTreeMap<u32, u64>,
    pub(crate) oldest: BTreeSet<Waiting>,
}

/// A pending case, the one that waits longest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        }
    }

    /// A line's count in the week of that place, the oldest week first.
    pub(crate) fn at(&self, line: Line, week: usize) -> u64 {
        self.counts[week * self.lines + line.place()]
    }

    pub(crate) fn add(&mut self, line: Line, week: usize) {
        self.counts[week * self.lines + line.place()] += 1;
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
        for waiting in &other.oldest {
            self.keep(waiting.clone());
        }
    }
}

impl Book for PackPart {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        self.verifies |= line == MisLine::Verified.into();
        self.tally(unit).add(line, week);
    }

    fn took(&mut self, unit: &UnitCode, week: usize, days: i64) {
        self.tally(unit).days[week] += days;
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
        Self { weeks, sealed: SealedTotal::NotTold, begun: None, verifies: false, units: BTreeMap::new() }
    }

    /// Counts a case by its history. One that is sealed today counts nowhere, and puts no office on
    /// the list; a part of a divided case counts nowhere beside it.
    pub fn add_history(&mut self, history: &[Recorded]) {
        if let Some(first) = dated(history).next().filter(|_| !is_sealed(history)) {
            self.begun = Some(self.begun.map_or(first.at, |begun| begun.min(first.at)));
            let unit = first.led_to.unit.clone();
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
    /// [`DifferentTerms`] when the two do not count the same weeks; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DifferentTerms> {
        if self.weeks != other.weeks {
            return Err(DifferentTerms);
        }
        self.sealed = self.sealed.or(other.sealed);
        self.verifies |= other.verifies;
        self.begun = [self.begun, other.begun].into_iter().flatten().min();
        for (unit, theirs) in &other.units {
            self.tally(unit).merge(theirs);
        }
        Ok(())
    }

    fn tally(&mut self, unit: &UnitCode) -> &mut Tally {
        // Asked first: `entry` would copy the code for every case.
        if !self.units.contains_key(unit) {
            self.units.insert(unit.clone(), Tally::new(self.weeks.terms.bands.count()));
        }
        self.units.get_mut(unit).expect("it was there or has just been put there")
    }
}
