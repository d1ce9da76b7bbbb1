//! From counts to the pack: rows by the directory, comparisons, shares, flags, colours.

use crate::kernel::code::UnitCode;
use crate::kernel::time::day_of;
use crate::measure::flag::Flagged;
use crate::measure::index::{Definition, IndexProblem, Rounding};
use crate::measure::pack::grade::{counts, graded};
use crate::measure::pack::line::Line;
use crate::measure::pack::list::is_counted_at;
use crate::measure::pack::part::{OLDEST, PackPart, Tally, Waiting};
use crate::measure::pack::value::{
    Compared, FORMAT, Figures, Mean, OldestCase, Pack, Row, ShareKind, ShareOf, WeekFlow, tells,
};
use crate::measure::pack::weeks::{MEAN_WEEKS, WEEKS};
use crate::measure::statement::LevelCount;
use crate::rulebook::Rulebook;
use crate::rulebook::directory::Directory;
use crate::rulebook::mis::MisEntry;
use crate::vocabulary::{ErrorCode, Flag, MisLine, Quantity, TargetState};
use std::collections::{BTreeMap, BTreeSet};

/// The latest week's place.
pub(crate) const LAST: usize = WEEKS - 1;

/// Why a pack cannot be laid out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoPack {
    /// The rulebook has no such office.
    #[error("the rulebook has no office {unit}")]
    NoSuchUnit {
        /// The office asked for.
        unit: UnitCode,
    },
    /// The index cannot be computed.
    #[error("the index cannot be computed: {0}")]
    Index(#[from] IndexProblem),
}

impl NoPack {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NoSuchUnit { .. } => ErrorCode::UnknownCode,
            Self::Index(_) => ErrorCode::FileInvalid,
        }
    }
}

/// An office's tally, alone or with others, and the first week of which there is data.
pub(crate) struct Basis<'a> {
    pub(crate) part: &'a PackPart,
    /// The place of the first week with data; `WEEKS` when there is none.
    pub(crate) known: usize,
    thresholds: &'a MisEntry,
}

impl PackPart {
    /// The pack of an office and everything below it, laid out by a rulebook. `name` gives an
    /// office's printed name; `index` is the disposal index by which the branches are ranked.
    ///
    /// Every office that the rulebook has there is in it, and every other one that has a case; an
    /// office that the rulebook does not have counts with the one that stands above all.
    ///
    /// # Errors
    ///
    /// [`NoPack`] when the rulebook has no such office, or the index cannot be computed.
    pub fn finish(
        &self,
        rulebook: &Rulebook,
        top: &UnitCode,
        index: Option<&Definition>,
        name: impl Fn(&UnitCode) -> String,
    ) -> Result<Pack, NoPack> {
        let directory = rulebook.directory();
        if directory.get(top).is_none() {
            return Err(NoPack::NoSuchUnit { unit: top.clone() });
        }
        let terms = &self.weeks.terms;
        let known = self
            .begun
            .map_or(WEEKS, |begun| self.weeks.cuts[1..].iter().take_while(|cut| cut.1 <= begun).count());
        let basis = Basis { part: self, known, thresholds: rulebook.mis() };
        let mut all = Tally::new(terms.bands.count());
        let mut branches: BTreeMap<&UnitCode, (Tally, u32)> = BTreeMap::new();
        let none = Tally::new(terms.bands.count());
        let offices = self.offices(directory, top);
        for unit in &offices {
            let tally = self.units.get(*unit).unwrap_or(&none);
            all.merge(tally);
            let branch = branch_of(directory, top, unit);
            let (sum, below) = branches.entry(branch).or_insert_with(|| (none.clone(), 0));
            sum.merge(tally);
            *below += u32::from(branch != *unit);
        }
        let row = |unit: &UnitCode, tally: &Tally, below: u32| Row {
            unit: unit.clone(),
            name: name(unit),
            parent: directory.parent(unit).cloned(),
            below,
            figures: basis.figures(tally),
        };
        // In the order of the directory, the office itself first.
        let branch_rows: Vec<(&UnitCode, &Tally, u32)> = offices
            .iter()
            .filter_map(|unit| branches.get_key_value(*unit))
            .map(|(unit, (tally, below))| (*unit, tally, *below))
            .collect();
        let index =
            index.map(|definition| graded(definition, &basis, &all, &branch_rows, rulebook.version()));
        Ok(Pack {
            v: FORMAT,
            as_of: terms.day,
            since: self.weeks.first_day(0),
            zone: terms.zone.name().to_owned(),
            age_rule: terms.rule,
            band_cuts: terms.bands.cuts().to_vec(),
            rulebook: rulebook.version(),
            thresholds: rulebook.mis().clone(),
            unit: top.clone(),
            name: name(top),
            data_since: self.begun.map(|begun| day_of(begun, terms.zone)),
            sealed: self.sealed,
            all: basis.figures(&all),
            branches: branch_rows.iter().map(|(unit, tally, below)| row(unit, tally, *below)).collect(),
            offices: offices
                .iter()
                .map(|unit| row(unit, self.units.get(*unit).unwrap_or(&none), 0))
                .collect(),
            flow: basis.flow(&all),
            oldest: self.oldest(&offices),
            levels: all
                .levels
                .iter()
                .map(|(level, count)| LevelCount { level: *level, count: *count })
                .collect(),
            index: index.transpose()?,
        })
    }

    /// The offices of a pack: the one it is of, then the others in the order of the directory, at
    /// last those that the rulebook does not have.
    fn offices<'a>(&'a self, directory: &'a Directory, top: &'a UnitCode) -> Vec<&'a UnitCode> {
        let mut found: Vec<&UnitCode> = vec![top];
        let (day, terms) = (self.weeks.terms.day, &self.weeks);
        let lives = |unit: &UnitCode| {
            // An office that has ceased before the weeks began is listed only with a case.
            directory.exists_on(unit, day)
                || directory.exists_on(unit, terms.cuts[0].0)
                || self.units.contains_key(unit)
        };
        found.extend(
            directory
                .iter()
                .map(|unit| &unit.code)
                .filter(|unit| directory.is_below(unit, top) && lives(unit)),
        );
        let foreign = self.units.keys().filter(|unit| directory.get(unit).is_none());
        found.extend(foreign.filter(|unit| is_counted_at(directory, top, unit)));
        found
    }

    fn oldest(&self, offices: &[&UnitCode]) -> Vec<OldestCase> {
        let terms = &self.weeks.terms;
        let mut waiting: BTreeSet<(&Waiting, &UnitCode)> = BTreeSet::new();
        for unit in offices {
            let own = self.units.get(*unit).into_iter().flat_map(|tally| &tally.oldest);
            waiting.extend(own.map(|one| (one, *unit)));
        }
        let told = |(one, unit): (&Waiting, &UnitCode)| OldestCase {
            case: one.case,
            number: one.number.as_ref().map(|number| number.as_str().into()),
            unit: unit.clone(),
            received_on: day_of(one.received_at, terms.zone),
            days: terms.whole_days(unit.as_str(), one.received_at, terms.at),
            target: one.state,
            level: one.level,
        };
        waiting.into_iter().take(OLDEST).map(told).collect()
    }
}

/// The branch an office is counted in: the one right below the top, or the top itself.
fn branch_of<'a>(directory: &'a Directory, top: &'a UnitCode, unit: &'a UnitCode) -> &'a UnitCode {
    if unit == top || directory.get(unit).is_none() {
        return unit;
    }
    let under = directory.upward(unit).take_while(|up| *up != top).last();
    under.unwrap_or(unit)
}

impl Basis<'_> {
    fn figures(&self, tally: &Tally) -> Figures {
        let bands = self.part.weeks.terms.bands.count();
        let known = |line: &Line| {
            self.part.verifies || !matches!(line, Line::Of(MisLine::Verified | MisLine::VerifiedSound))
        };
        let lines: BTreeMap<Line, Compared> =
            Line::all(bands).filter(known).map(|line| (line, self.compared(tally, line))).collect();
        let week = |line: &Line| lines.get(line).map_or(0, |compared| compared.week);
        let shares = ShareKind::ALL
            .into_iter()
            .map(|share| {
                let (count, of) = share.lines(bands);
                let of = match share {
                    ShareKind::Benefit => tally.beside(Quantity::DisposedWithClass, LAST..=LAST),
                    _ => of.iter().map(week).sum(),
                };
                ShareOf::of(share, week(&count), of, tells(&lines, count))
            })
            .collect();
        let pending = tally.at(MisLine::Pending.into(), LAST);
        let oldest = bands
            .checked_sub(1)
            .and_then(|band| u8::try_from(band).ok())
            .map_or(0, |band| tally.at(Line::Age(band), LAST));
        let recent = |line: MisLine| counted(tally, line, LAST);
        let flagged = Flagged {
            pending,
            oldest,
            brought_forward: tally.at(MisLine::BroughtForward.into(), LAST),
            disposed: tally.at(MisLine::Disposed.into(), LAST),
            reopened: Some((recent(MisLine::Reopened), recent(MisLine::Disposed))),
            not_satisfied: Some((
                recent(MisLine::NotSatisfied),
                recent(MisLine::NotSatisfied) + recent(MisLine::Satisfied),
            )),
        };
        let thresholds = self.thresholds;
        let steps = &thresholds.oldest_percent;
        Figures {
            lines,
            shares,
            days: Mean {
                sum: recent_weeks(LAST).map(|week| tally.days[week]).sum(),
                of: recent(MisLine::Disposed),
            },
            flags: Flag::raised_by(&flagged, thresholds),
            age: thresholds.step(oldest, pending, steps).and_then(|step| u8::try_from(step).ok()),
            target: self.target(tally, pending),
        }
    }

    fn target(&self, tally: &Tally, pending: u64) -> Option<TargetState> {
        let with_target = pending - tally.at(MisLine::NoTarget.into(), LAST);
        let past_due = tally.at(MisLine::PastDue.into(), LAST);
        let step = self.thresholds.step(past_due, pending, &self.thresholds.past_due_percent)?;
        Some(match step {
            _ if with_target == 0 => TargetState::NoTarget,
            0 => TargetState::InTime,
            1 => TargetState::DueSoon,
            _ => TargetState::Breached,
        })
    }

    fn compared(&self, tally: &Tally, line: Line) -> Compared {
        let before = (LAST - MEAN_WEEKS..LAST).filter(|week| *week >= self.known);
        let sum: u64 = before.clone().map(|week| tally.at(line, week)).sum();
        Compared {
            week: tally.at(line, LAST),
            before: (LAST > self.known).then(|| tally.at(line, LAST - 1)),
            four: Mean { sum: i64::try_from(sum).unwrap_or(i64::MAX), of: before.count() as u64 },
        }
    }

    fn flow(&self, tally: &Tally) -> Vec<WeekFlow> {
        let week = |nth: usize| {
            let at = |line: MisLine| tally.at(line.into(), nth);
            let other_in = at(MisLine::Reopened) + at(MisLine::Undone) + at(MisLine::TransferredIn);
            let other_out = at(MisLine::ClosedOtherwise) + at(MisLine::TransferredOut);
            let (forward, received) = (at(MisLine::BroughtForward), at(MisLine::Received));
            let (disposed, pending) = (at(MisLine::Disposed), at(MisLine::Pending));
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            WeekFlow {
                since: self.part.weeks.cuts[nth].0,
                brought_forward: forward,
                received,
                other_in,
                disposed,
                other_out,
                pending,
                difference: signed(forward + received + other_in)
                    - signed(disposed + other_out)
                    - signed(pending),
            }
        };
        (self.known..WEEKS).map(week).collect()
    }

    /// What an index may be made of, over the four weeks that end with one.
    pub(crate) fn counts(&self, tally: &Tally, last: usize) -> crate::measure::index::Counts {
        counts(tally, last, self.part)
    }
}

/// The four weeks that end with one, as far as they are counted.
pub(crate) fn recent_weeks(last: usize) -> std::ops::RangeInclusive<usize> {
    last.saturating_sub(MEAN_WEEKS - 1)..=last
}

/// A line's counts of four weeks together.
pub(crate) fn counted(tally: &Tally, line: MisLine, last: usize) -> u64 {
    recent_weeks(last).map(|week| tally.at(line.into(), week)).sum()
}

impl ShareOf {
    fn of(share: ShareKind, count: u64, of: u64, tells: bool) -> Self {
        Self { share, count, of, percent: Rounding::PRINTED.share(count, of, 100).filter(|_| tells) }
    }
}
