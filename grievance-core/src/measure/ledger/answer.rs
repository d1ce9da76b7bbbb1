//! What a ledger says as of a day.

use crate::kernel::time::day_of;
use crate::measure::cases::period::Period;
use crate::measure::cases::table::{WORDS, number_of};
use crate::measure::cases::tally::Tally;
use crate::measure::duration::Durations;
use crate::measure::flow::{Flow, Movement};
use crate::measure::flows::FlowLine;
use crate::measure::ledger::book::Book;
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::{Ledger, NONE};
use crate::measure::ledger::state::{Take, add_at, near, slot};
use crate::measure::mis::Terms;
use crate::measure::picked::{Picked, Subject};
use crate::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome};
use chrono::{NaiveDate, TimeDelta};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The counts as of a day: those of a scan ([`Tally`]), but for the hour of the oldest receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Received before the day.
    pub received: u64,
    /// Disposed before it.
    pub disposed: u64,
    /// Withdrawn, declined or joined to another before it.
    pub closed_otherwise: u64,
    /// The pending by age, youngest band first.
    pub bands: Vec<u64>,
    /// Pending past its due date.
    pub overdue: u64,
    /// Pending and in time, with three quarters of their time gone.
    pub due_soon: u64,
    /// Pending, and nothing says by when.
    pub no_target: u64,
    /// The disposed of which it is known by when they were due.
    pub disposed_with_target: u64,
    /// Those of them that were in time.
    pub disposed_on_time: u64,
    /// The date on which the oldest pending case was received.
    pub oldest_on: Option<NaiveDate>,
    /// Calendar days since the complainant of each pending case was last told anything.
    pub silence: Durations,
    /// How many calendar days the disposed took.
    pub durations: Durations,
    /// The disposed by rating.
    pub ratings: BTreeMap<u8, u64>,
    /// The disposed by the word of the complainant.
    pub outcomes: BTreeMap<FeedbackOutcome, u64>,
    /// The disposed by what it did for the complainant.
    pub classes: BTreeMap<DisposalClass, u64>,
    /// The disposed by reason.
    pub reasons: BTreeMap<SmolStr, u64>,
    /// Cases of the received that were opened again at least once.
    pub reopened: u64,
    /// Cases of the received that were appealed at least once.
    pub appealed: u64,
    /// Cases of the received that were escalated at least once.
    pub escalated: u64,
    /// Cases of the received that went to another office at least once.
    pub transferred: u64,
    /// Cases of the received that missed a target at least once.
    pub breached: u64,
}

impl Balance {
    /// The counts of a scan, with the date of the oldest receipt in a zone.
    pub fn of(tally: &Tally, zone: chrono_tz::Tz) -> Self {
        let tally = tally.clone();
        Self {
            received: tally.received,
            disposed: tally.disposed,
            closed_otherwise: tally.closed_otherwise,
            oldest_on: tally.oldest_at().map(|at| day_of(at, zone)),
            bands: tally.bands,
            overdue: tally.overdue,
            due_soon: tally.due_soon,
            no_target: tally.no_target,
            disposed_with_target: tally.disposed_with_target,
            disposed_on_time: tally.disposed_on_time,
            silence: tally.silence,
            durations: tally.durations,
            ratings: tally.ratings,
            outcomes: tally.outcomes,
            classes: tally.classes,
            reasons: tally.reasons,
            reopened: tally.reopened,
            appealed: tally.appealed,
            escalated: tally.escalated,
            transferred: tally.transferred,
            breached: tally.breached,
        }
    }

    /// Pending as of the day.
    pub fn pending(&self) -> u64 {
        self.bands.iter().sum()
    }
}

/// The sum of some books as of a day.
struct Sum {
    day: i32,
    counts: [i64; slot::COUNT],
    near: Vec<i64>,
    far: BTreeMap<i32, i64>,
    // By age, as the lengths are.
    young: Vec<i64>,
    old: BTreeMap<i32, i64>,
    told: BTreeMap<i32, i64>,
    reasons: Vec<i64>,
}

impl Sum {
    fn new(day: i32) -> Self {
        Self {
            day,
            counts: [0; slot::COUNT],
            near: Vec::new(),
            far: BTreeMap::new(),
            young: Vec::new(),
            old: BTreeMap::new(),
            told: BTreeMap::new(),
            reasons: Vec::new(),
        }
    }

    /// The pending by age in days.
    fn ages(&self) -> impl Iterator<Item = (i32, i64)> {
        let young = (0..).zip(self.young.iter().copied());
        young.chain(self.old.iter().map(|(age, times)| (*age, *times))).filter(|(_, times)| *times != 0)
    }

    fn moved(&self, movement: Movement) -> i64 {
        self.counts[slot::MOVED + movement as usize]
    }
}

impl Take for Sum {
    #[inline]
    fn count(&mut self, slot: usize, times: i32) {
        self.counts[slot] += i64::from(times);
    }

    #[inline]
    fn length(&mut self, days: i32, times: i32) {
        match near(days) {
            Some(place) => add_at(&mut self.near, place, times.into()),
            None => *self.far.entry(days).or_default() += i64::from(times),
        }
    }

    #[inline]
    fn open(&mut self, on: i32, times: i32) {
        match near(self.day - on) {
            Some(place) => add_at(&mut self.young, place, times.into()),
            None => *self.old.entry(self.day - on).or_default() += i64::from(times),
        }
    }

    #[inline]
    fn told(&mut self, on: i32, times: i32) {
        *self.told.entry(self.day - on).or_default() += i64::from(times);
    }

    #[inline]
    fn reason(&mut self, place: i32, times: i32) {
        if let Ok(place) = usize::try_from(place) {
            add_at(&mut self.reasons, place, times.into());
        }
    }
}

/// A count; there are never fewer than none.
pub(crate) fn counted(count: i64) -> Result<u64, LedgerError> {
    u64::try_from(count).map_err(|_| LedgerError::Overdrawn)
}

fn lengths(of: impl Iterator<Item = (i32, i64)>) -> Result<Durations, LedgerError> {
    let mut durations = Durations::new(AgeRule::Calendar);
    for (days, times) in of {
        durations.add_length(days.into(), counted(times)?);
    }
    Ok(durations)
}

/// The counts above nothing, each under its word.
fn listed<K: Ord>(of: impl Iterator<Item = (K, i64)>) -> Result<BTreeMap<K, u64>, LedgerError> {
    of.filter(|(_, times)| *times != 0).map(|(key, times)| Ok((key, counted(times)?))).collect()
}

/// What moved from one day to another, between what was pending on each.
fn flow_between(before: &Sum, after: &Sum) -> Result<Flow, LedgerError> {
    let pending = |sum: &Sum| counted(sum.ages().map(|(_, times)| times).sum());
    let mut flow = Flow { brought_forward: pending(before)?, ..Flow::default() };
    for movement in Movement::ALL {
        *movement.counter()(&mut flow) = counted(after.moved(movement) - before.moved(movement))?;
    }
    Ok(flow.reconciled(pending(after)?))
}

impl Ledger {
    /// What the picked offices have, as of the first instant of the terms' day. Equal to the scan
    /// of the table that the ledger is kept by, see the [module](super).
    ///
    /// It reads a few hundred numbers for each office, however many cases it has had.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Zone`], [`LedgerError::Cutoff`] and [`LedgerError::Rule`] when the ledger does not keep what the terms
    /// ask for; [`LedgerError::Overdrawn`] when by that day more was taken out than entered.
    pub fn balance(&self, picked: &Picked, terms: &Terms) -> Result<Balance, LedgerError> {
        self.keeps(terms)?;
        let sum = self.sum(picked, number_of(terms.day));
        let mut bands = vec![0_i64; terms.bands.count()];
        for (age, times) in sum.ages() {
            counted(times)?;
            bands[terms.bands.index(age.into())] += times;
        }
        let pending: i64 = bands.iter().sum();
        let count = |slot: usize| counted(sum.counts[slot]);
        let words = &sum.counts[slot::WORDS..];
        let classes = &sum.counts[slot::CLASSES..];
        let oldest = sum.ages().map(|(age, _)| sum.day - age).min();
        Ok(Balance {
            received: counted(pending)? + count(slot::DISPOSED)? + count(slot::OTHERWISE)?,
            disposed: count(slot::DISPOSED)?,
            closed_otherwise: count(slot::OTHERWISE)?,
            bands: bands.into_iter().map(counted).collect::<Result<_, _>>()?,
            overdue: count(slot::OVERDUE)?,
            due_soon: count(slot::SOON)?,
            no_target: counted(pending - sum.counts[slot::TARGETED])?,
            disposed_with_target: count(slot::TIMED)? + count(slot::TIMED + 1)?,
            disposed_on_time: count(slot::TIMED + 1)?,
            oldest_on: oldest.and_then(NaiveDate::from_num_days_from_ce_opt),
            silence: lengths(sum.told.iter().map(|(days, times)| (*days, *times)))?,
            durations: lengths(
                (0..).zip(sum.near.iter().copied()).chain(sum.far.iter().map(|(d, t)| (*d, *t))),
            )?,
            ratings: listed((0..WORDS).map(|rating| (rating, words[usize::from(rating)])))?,
            outcomes: listed(
                FeedbackOutcome::ALL
                    .iter()
                    .zip(&words[usize::from(WORDS)..])
                    .map(|(word, times)| (*word, *times)),
            )?,
            classes: listed(DisposalClass::ALL.iter().zip(classes).map(|(class, times)| (*class, *times)))?,
            reasons: listed(
                self.reasons.all().iter().zip(&sum.reasons).map(|(code, times)| (code.clone(), *times)),
            )?,
            reopened: count(slot::FLAGS)?,
            appealed: count(slot::FLAGS + 1)?,
            escalated: count(slot::FLAGS + 2)?,
            transferred: count(slot::FLAGS + 3)?,
            breached: count(slot::FLAGS + 4)?,
        })
    }

    /// The movements of the picked offices from the first instant of `from` to that of `until`,
    /// reconciled with what is then pending. All 0 but the stock when `until` is not after `from`.
    ///
    /// For a ledger kept by history that is the flow of the weekly statement. Kept by table it has
    /// no reopenings and transfers: a case counts where it is today, and is pending from its
    /// receipt to its last closure. Of one subject, a case that got another subject leaves a
    /// difference, which is reported.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Overdrawn`] when by a day more was taken out than entered.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::ledger::{Picked, keep::Ledger};
    ///
    /// let mut ledger = Ledger::new(chrono_tz::Asia::Kolkata);
    /// let row = CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works");
    /// ledger.enter(&row, "2026-03-31T00:00:00Z".parse()?)?;
    /// let week = ledger.flow(&Picked::all(), "2026-03-02".parse()?, "2026-03-09".parse()?)?;
    /// assert_eq!((week.brought_forward, week.received, week.closing, week.difference), (0, 1, 1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flow(&self, picked: &Picked, from: NaiveDate, until: NaiveDate) -> Result<Flow, LedgerError> {
        let until = until.max(from);
        flow_between(&self.sum(picked, number_of(from)), &self.sum(picked, number_of(until)))
    }

    /// The same of every period from the one that has `from` to the one that has `to`; none when `to` lies before.
    /// What is closing in one is brought forward in the next. Periods begin at the hour at which the ledger's
    /// days do ([`cut_at`](Self::cut_at)).
    ///
    /// Equal to [`Flows`](crate::measure::flows::Flows) of the histories or of the table that it is kept by.
    ///
    /// # Errors
    ///
    /// As [`flow`](Self::flow).
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::period::Period;
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::ledger::{Picked, keep::Ledger};
    ///
    /// let mut ledger = Ledger::new(chrono_tz::Asia::Kolkata);
    /// let row = CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works");
    /// ledger.enter(&row, "2026-03-31T00:00:00Z".parse()?)?;
    /// let (from, to) = ("2026-03-10".parse()?, "2026-04-10".parse()?);
    /// let months = ledger.flows(&Picked::all(), Period::Month, from, to)?;
    /// assert_eq!((months[0].flow.received, months[0].flow.closing), (1, 1));
    /// assert_eq!((months[1].start, months[1].flow.brought_forward), ("2026-04-01".parse()?, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flows(
        &self,
        picked: &Picked,
        period: Period,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<FlowLine>, LedgerError> {
        let mut before = self.sum(picked, number_of(period.start(from)));
        let mut lines = Vec::new();
        for start in period.starts(from, to) {
            // Beyond the last day of the calendar nothing more is there.
            let next = number_of(period.after(start).unwrap_or(NaiveDate::MAX));
            let after = self.sum(picked, next);
            lines.push(FlowLine { start, flow: flow_between(&before, &after)? });
            before = after;
        }
        Ok(lines)
    }

    /// How many cases of each day of receipt the picked offices have open as of a day.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Overdrawn`] when by that day more was taken out than entered.
    pub fn open_by_receipt(
        &self,
        picked: &Picked,
        day: NaiveDate,
    ) -> Result<BTreeMap<NaiveDate, u64>, LedgerError> {
        let sum = self.sum(picked, number_of(day));
        sum.ages()
            .filter_map(|(age, times)| Some((day.checked_sub_signed(TimeDelta::days(age.into()))?, times)))
            .map(|(on, times)| Ok((on, counted(times)?)))
            .collect()
    }

    pub(crate) fn keeps(&self, terms: &Terms) -> Result<(), LedgerError> {
        if self.zone() != terms.zone {
            return Err(LedgerError::Zone);
        }
        if !self.cutoff().is_midnight() {
            return Err(LedgerError::Cutoff);
        }
        if terms.rule != AgeRule::Calendar {
            return Err(LedgerError::Rule);
        }
        Ok(())
    }

    fn sum(&self, picked: &Picked, day: i32) -> Sum {
        let mut sum = Sum::new(day);
        for (_, book) in self.books(picked) {
            book.before(day).tell(&mut sum);
        }
        sum
    }

    /// The book of each office that a question is about.
    pub(crate) fn lone_books(&self, picked: &Picked) -> Result<Vec<(u32, &Book)>, LedgerError> {
        if matches!(picked.subject, Subject::Among(_)) {
            return Err(LedgerError::Subjects);
        }
        Ok(self.books(picked))
    }

    /// The books that a question is about, with their offices: of several subjects those of one after the other.
    pub(crate) fn books(&self, picked: &Picked) -> Vec<(u32, &Book)> {
        let units: Vec<u32> = match &picked.units {
            None => (0_u32..).zip(&self.shelves).map(|(unit, _)| unit).collect(),
            Some(codes) => codes.iter().filter_map(|code| self.units.find(code)).collect(),
        };
        // A subject that nobody has had has no place, and no book either.
        let place = |code: &SmolStr| Some(self.subjects.find(code).unwrap_or(NONE - 1));
        let subjects: Vec<Option<u32>> = match &picked.subject {
            Subject::Any => vec![None],
            Subject::None => vec![Some(NONE)],
            Subject::Of(code) => vec![place(code)],
            Subject::Among(codes) => codes.iter().map(place).collect(),
        };
        let mut books = Vec::with_capacity(units.len());
        for subject in subjects {
            books.extend(units.iter().filter_map(|unit| {
                let own = self.shelves.get(*unit as usize)?;
                let book = subject.map_or(Some(&own.whole), |subject| own.book(subject))?;
                Some((*unit, book))
            }));
        }
        books
    }
}
