//! The table: one array for each field.

use crate::grievance::judged::soon_at;
use crate::grievance::project::CaseFact;
pub use crate::measure::cases::reading::{OtherLength, Read, Reading};

use crate::measure::cases::column::Column;
use crate::measure::cases::row::{CaseRow, Ending, HIGHEST_RATING, LeanRow, Said};
use crate::measure::cases::seldom::Seldom;
use crate::measure::cases::tally::DoesNotFit;
use crate::measure::question::Dimension;
use crate::measure::rollup::Rollup;
use crate::measure::zone_days::ZoneDays;
use crate::rulebook::directory::Directory;
use crate::vocabulary::{DisposalClass, FeedbackOutcome};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use smol_str::SmolStr;
use std::borrow::Borrow;

/// No instant.
pub(crate) const NEVER: i64 = i64::MAX;
/// Late or due soon as the dates of the case have it.
pub(crate) const BY_DATES: i64 = i64::MIN;
/// No day: later than every day, so that a case without one has not ended by then.
pub(crate) const NO_DAY: i32 = i32::MAX;
/// Bytes of the column that says how a case ended.
pub(crate) const OPEN: u8 = 255;
pub(crate) const OTHERWISE: u8 = 254;
pub(crate) const UNCLASSED: u8 = 253;
/// The byte of a case of which the complainant has said nothing.
pub(crate) const SILENT: u8 = 255;
/// Words stand above every rating.
pub(crate) const WORDS: u8 = HIGHEST_RATING + 1;

/// Many cases in columns: at most 92 bytes for each case, and each different code once. A column in which no case
/// says anything takes no memory: of receipt, end and office alone 29 bytes are kept.
///
/// Instants are UTC in whole milliseconds; days are those of the office's zone.
#[derive(Clone, Debug)]
pub struct Cases {
    pub(crate) zone: chrono_tz::Tz,
    pub(crate) received_at: Vec<i64>,
    pub(crate) ended_at: Vec<i64>,
    pub(crate) due_at: Seldom<i64>,
    // From when it is late and due soon, where facts say so: else by the dates.
    pub(crate) judged: [Seldom<i64>; 2],
    pub(crate) received_on: Vec<i32>,
    pub(crate) ended_on: Vec<i32>,
    pub(crate) last_told_on: Seldom<i32>,
    pub(crate) unit: Column,
    pub(crate) category: Column,
    pub(crate) place: Column,
    pub(crate) channel: Column,
    pub(crate) kind: Column,
    pub(crate) priority: Column,
    pub(crate) reason: Column,
    pub(crate) ending: Vec<u8>,
    pub(crate) said: Seldom<u8>,
    pub(crate) reopened: Seldom<u16>,
    pub(crate) appealed: Seldom<u16>,
    pub(crate) escalated: Seldom<u16>,
    pub(crate) transferred: Seldom<u16>,
    pub(crate) breached: Seldom<u16>,
}

impl Cases {
    /// A table without a case, for an office's zone.
    pub fn new(zone: chrono_tz::Tz) -> Self {
        Self {
            zone,
            received_at: Vec::new(),
            ended_at: Vec::new(),
            due_at: Seldom::of(NEVER),
            judged: [Seldom::of(BY_DATES), Seldom::of(BY_DATES)],
            received_on: Vec::new(),
            ended_on: Vec::new(),
            last_told_on: Seldom::of(NO_DAY),
            unit: Column::default(),
            category: Column::default(),
            place: Column::default(),
            channel: Column::default(),
            kind: Column::default(),
            priority: Column::default(),
            reason: Column::default(),
            ending: Vec::new(),
            said: Seldom::of(SILENT),
            reopened: Seldom::of(0),
            appealed: Seldom::of(0),
            escalated: Seldom::of(0),
            transferred: Seldom::of(0),
            breached: Seldom::of(0),
        }
    }

    /// Reads rows, one after the other; what lies after `until` is in the future and refused.
    /// Rows that cannot be used are told, each of them, and the others are taken. A due date may
    /// lie in the future, or before the case was received.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{CaseRow, Ending, RowFault, RowField};
    /// use grievance_core::measure::cases::table::Cases;
    ///
    /// let until = "2026-03-31T00:00:00Z".parse()?;
    /// let mut rows = [CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works"); 2];
    /// rows[1].ended = Some(("2026-03-01T10:00:00Z".parse()?, Ending::Disposed(None)));
    /// let read = Cases::read(chrono_tz::Asia::Kolkata, until, rows);
    /// assert_eq!(read.cases.len(), 1);
    /// assert_eq!(read.rejected[0].row, 1);
    /// assert_eq!(read.rejected[0].field, RowField::EndedAt);
    /// assert_eq!(read.rejected[0].fault, RowFault::BeforeReceived);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn read<'a>(
        zone: chrono_tz::Tz,
        until: DateTime<Utc>,
        rows: impl IntoIterator<Item = CaseRow<'a>>,
    ) -> Read {
        let (mut read, mut days) = (Read::new(zone), ZoneDays::new(zone));
        for (number, row) in (0..).zip(rows) {
            read.take(number, until, &row, &mut days);
        }
        read.cases.shrink();
        read
    }

    /// Reads the facts of cases, as a store streams them.
    ///
    /// A case that is sealed is left out, and so that nobody may count them, not even that is
    /// told. Parts of divided cases are counted apart.
    pub fn read_facts<F: Borrow<CaseFact>>(
        zone: chrono_tz::Tz,
        until: DateTime<Utc>,
        facts: impl IntoIterator<Item = F>,
    ) -> Read {
        let mut reading = Reading::new(zone, until);
        facts.into_iter().for_each(|fact| reading.take(fact.borrow()));
        reading.finish()
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.received_at.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.received_at.is_empty()
    }

    /// The zone in which days are counted.
    pub const fn zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    /// The day of the first receipt; `None` of no case.
    pub(crate) fn begun(&self) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(self.received_on.iter().copied().min()?)
    }

    /// When each case was received, in milliseconds since 1970 UTC.
    pub fn received_at(&self) -> &[i64] {
        &self.received_at
    }

    /// When each case ended, in milliseconds since 1970 UTC; `None` for one that is open.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{CaseRow, Ending};
    /// use grievance_core::measure::cases::table::Cases;
    ///
    /// let at = chrono::DateTime::UNIX_EPOCH;
    /// let open = CaseRow::new(at, "works");
    /// let withdrawn = CaseRow { ended: Some((at, Ending::Otherwise)), ..open };
    /// let cases = Cases::read(chrono_tz::Asia::Kolkata, at, [open, withdrawn]).cases;
    /// assert_eq!(cases.received_at(), [0, 0]);
    /// assert_eq!(cases.ended_at().collect::<Vec<_>>(), [None, Some(0)]);
    /// assert_eq!(cases.is_disposed().collect::<Vec<_>>(), [false, false]);
    /// assert_eq!(*cases.unit().keys(), [0, 0]);
    /// assert_eq!(*cases.category().keys(), [u32::MAX; 2]);
    /// ```
    pub fn ended_at(&self) -> impl Iterator<Item = Option<i64>> {
        self.ended_at.iter().map(|at| Some(*at).filter(|at| *at != NEVER))
    }

    /// When the public target of each case is due, in milliseconds since 1970 UTC.
    pub fn due_at(&self) -> impl Iterator<Item = Option<i64>> {
        self.due_at.iter().map(|at| Some(at).filter(|at| *at != NEVER))
    }

    /// After which instant a case is late; [`NEVER`] for none.
    #[inline]
    pub(crate) fn late_at(&self, case: usize) -> i64 {
        match self.judged[0][case] {
            BY_DATES => {
                let due_at = self.due_at[case];
                if self.ended_at[case] <= due_at { NEVER } else { due_at }
            }
            late => late,
        }
    }

    /// From which instant on a case is due soon; [`NEVER`] for none.
    #[inline]
    pub(crate) fn soon_at(&self, case: usize) -> i64 {
        match (self.judged[1][case], self.due_at[case]) {
            (BY_DATES, NEVER) => NEVER,
            (BY_DATES, due_at) => soon_at(self.received_at[case], due_at),
            (soon, _) => soon,
        }
    }

    /// Whether each case was disposed of: false for one that is open, withdrawn, declined or joined to another.
    pub fn is_disposed(&self) -> impl Iterator<Item = bool> {
        self.ending.iter().map(|ending| !matches!(*ending, OPEN | OTHERWISE))
    }

    /// The office of each case.
    pub const fn unit(&self) -> &Column {
        &self.unit
    }

    /// The subject of each case.
    pub const fn category(&self) -> &Column {
        &self.category
    }

    /// Where each case is about.
    pub const fn place(&self) -> &Column {
        &self.place
    }

    /// How each case came in.
    pub const fn channel(&self) -> &Column {
        &self.channel
    }

    /// What kind of case each one is.
    pub const fn kind(&self) -> &Column {
        &self.kind
    }

    /// The priority of each case.
    pub const fn priority(&self) -> &Column {
        &self.priority
    }

    /// The reason for which each case was closed.
    pub const fn reason(&self) -> &Column {
        &self.reason
    }

    /// The offices rolled up to a level of the directory: 0 the root, 1 the offices right below
    /// it, and so on. An office that stands above that level stays itself; one that the rulebook
    /// does not have leaves its cases without a code, so that a total shows them.
    #[must_use]
    pub fn rolled_up(&self, directory: &Directory, level: usize) -> Column {
        self.rolled(Dimension::Unit, &Rollup::units(directory, level))
    }

    /// The second superior of each case's office ([`Directory::second_superior`]): the other line, by
    /// district where the directory goes by department, or the reverse. A case of an office that has
    /// none has no code.
    #[must_use]
    pub fn by_second_superior(&self, directory: &Directory) -> Column {
        self.rolled(Dimension::Unit, &Rollup::second_superiors(directory))
    }

    /// The codes of a dimension, each under the one that it is counted under: places by district, subjects by the
    /// widest ones, whatever tree the rulebook has.
    #[must_use]
    pub fn rolled(&self, by: Dimension, rollup: &Rollup) -> Column {
        self.by(by).mapped(|code| rollup.code(code).map(SmolStr::new))
    }

    /// The codes of a dimension.
    pub const fn by(&self, by: Dimension) -> &Column {
        match by {
            Dimension::Unit => &self.unit,
            Dimension::Category => &self.category,
            Dimension::Place => &self.place,
            Dimension::Channel => &self.channel,
            Dimension::Kind => &self.kind,
            Dimension::Priority => &self.priority,
            Dimension::Reason => &self.reason,
        }
    }

    /// Every case that has one of these codes in a column of this table.
    pub fn chosen(&self, column: &Column, codes: &[&str]) -> Chosen {
        let mut wanted = vec![false; column.codes().len()];
        for place in codes.iter().filter_map(|code| column.find(code)) {
            wanted[place as usize] = true;
        }
        let is_wanted = |key: &u32| wanted.get(*key as usize).copied().unwrap_or(false);
        Chosen(column.keys().iter().map(is_wanted).collect())
    }

    /// The chosen cases as a table of their own, in the same order: whatever is asked of it is of these alone.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] when the choice is of another table.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    ///
    /// let at = chrono::DateTime::UNIX_EPOCH;
    /// let cases = Cases::read(chrono_tz::UTC, at, ["works", "water", "works"].map(|unit| CaseRow::new(at, unit))).cases;
    /// let works = cases.part(&cases.chosen(cases.unit(), &["works"]))?;
    /// assert_eq!((works.len(), works.unit().codes().len()), (2, 1));
    /// # Ok::<(), grievance_core::measure::cases::tally::DoesNotFit>(())
    /// ```
    pub fn part(&self, chosen: &Chosen) -> Result<Self, DoesNotFit> {
        fn of<T: Copy>(all: &[T], own: &[usize]) -> Vec<T> {
            own.iter().map(|case| all[*case]).collect()
        }
        Chosen::fits(Some(chosen), self)?;
        let own: Vec<usize> = (0..self.len()).filter(|case| chosen.has(*case)).collect();
        Ok(Self {
            zone: self.zone,
            received_at: of(&self.received_at, &own),
            ended_at: of(&self.ended_at, &own),
            due_at: self.due_at.part(&own),
            judged: [self.judged[0].part(&own), self.judged[1].part(&own)],
            received_on: of(&self.received_on, &own),
            ended_on: of(&self.ended_on, &own),
            last_told_on: self.last_told_on.part(&own),
            unit: self.unit.part(&own),
            category: self.category.part(&own),
            place: self.place.part(&own),
            channel: self.channel.part(&own),
            kind: self.kind.part(&own),
            priority: self.priority.part(&own),
            reason: self.reason.part(&own),
            ending: of(&self.ending, &own),
            said: self.said.part(&own),
            reopened: self.reopened.part(&own),
            appealed: self.appealed.part(&own),
            escalated: self.escalated.part(&own),
            transferred: self.transferred.part(&own),
            breached: self.breached.part(&own),
        })
    }

    /// Puts a row in that is [`checked_millis`].
    pub(crate) fn push(&mut self, row: &LeanRow<'_>, counts: [u16; 5], days: &mut ZoneDays) {
        let Line { received_at, ended_at, received_on, ended_on, ending } = Line::of(row, days);
        self.received_at.push(received_at);
        self.ended_at.push(ended_at);
        self.received_on.push(received_on);
        self.ended_on.push(ended_on);
        self.ending.push(ending);
        self.push_rest(row, counts, days);
    }

    /// What a row says beside its [`Line`].
    pub(crate) fn push_rest(&mut self, row: &LeanRow<'_>, counts: [u16; 5], days: &mut ZoneDays) {
        self.last_told_on.push(row.last_told_at.map_or(NO_DAY, |at| days.millis(at)));
        self.due_at.push(row.due_at.unwrap_or(NEVER));
        for (column, at) in self.judged.iter_mut().zip(row.judged.unwrap_or([BY_DATES; 2])) {
            column.push(at);
        }
        self.unit.push(Some(row.unit));
        self.category.push(row.category);
        self.place.push(row.place);
        self.channel.push(row.channel);
        self.kind.push(row.kind);
        self.priority.push(row.priority);
        self.reason.push(row.reason);
        self.said.push(match row.said {
            None => SILENT,
            Some(Said::Rating(rating)) => rating,
            Some(Said::Outcome(outcome)) => WORDS + place(FeedbackOutcome::ALL, outcome),
        });
        let [reopened, appealed, escalated, transferred, breached] = counts;
        self.reopened.push(reopened);
        self.appealed.push(appealed);
        self.escalated.push(escalated);
        self.transferred.push(transferred);
        self.breached.push(breached);
    }
}

/// What every case says: of a row the columns in which there is always something.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) received_at: i64,
    pub(crate) ended_at: i64,
    pub(crate) received_on: i32,
    pub(crate) ended_on: i32,
    pub(crate) ending: u8,
}

impl Line {
    pub(crate) fn of(row: &LeanRow<'_>, days: &mut ZoneDays) -> Self {
        let ended_at = row.ended.map(|(at, _)| at);
        Self {
            received_at: row.received_at,
            ended_at: ended_at.unwrap_or(NEVER),
            received_on: days.millis(row.received_at),
            ended_on: ended_at.map_or(NO_DAY, |at| days.millis(at)),
            ending: match row.ended {
                None => OPEN,
                Some((_, Ending::Otherwise)) => OTHERWISE,
                Some((_, Ending::Disposed(None))) => UNCLASSED,
                Some((_, Ending::Disposed(Some(class)))) => place(DisposalClass::ALL, class),
            },
        }
    }
}

/// Some of the cases of a table. Another table refuses them: [`DoesNotFit::Column`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen(pub(crate) Vec<bool>);

impl Chosen {
    /// Those of both.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] when they are of different tables.
    pub fn and(mut self, other: &Self) -> Result<Self, DoesNotFit> {
        if self.0.len() != other.0.len() {
            return Err(DoesNotFit::Column);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
        Ok(self)
    }

    /// What every measure asks first of cases that were chosen: whether they are of its table, as far as their number
    /// tells.
    pub(crate) fn fits(chosen: Option<&Self>, cases: &Cases) -> Result<(), DoesNotFit> {
        if chosen.is_some_and(|chosen| chosen.0.len() != cases.len()) {
            return Err(DoesNotFit::Column);
        }
        Ok(())
    }

    pub(crate) fn has(&self, case: usize) -> bool {
        self.0.get(case).copied().unwrap_or(false)
    }
}

/// A day as a number.
pub(crate) fn number_of(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

/// The place of a word in its closed list.
fn place<T: PartialEq + Copy>(list: &[T], of: T) -> u8 {
    let place = list.iter().position(|one| *one == of).expect("a closed list has each of its words");
    u8::try_from(place).expect("the list has a handful of words")
}
