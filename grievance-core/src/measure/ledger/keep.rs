//! The ledger, and how it is kept.

use crate::grievance::project::CaseFact;
use crate::measure::cases::row::{CaseRow, Ending};
use crate::measure::cases::table::Cases;
use crate::measure::cutoff::Cutoff;
use crate::measure::flow::Movement;
use crate::measure::ledger::book::Book;
use crate::measure::ledger::clock::Clock;
use crate::measure::ledger::codes::Codes;
use crate::measure::ledger::contribution::{ALWAYS, How, Line, Slip};
use crate::measure::ledger::entry::Posting;
use crate::measure::ledger::error::LedgerError;
use crate::vocabulary::EventKind;
use chrono::{DateTime, Utc};

/// Cases without a subject.
pub(crate) const NONE: u32 = u32::MAX;
/// The most postings: every sum of theirs is then a number of 32 bits.
pub(crate) const MOST: u64 = i32::MAX as u64;
/// So many postings that belong before the last wait in a book while it is kept step by step.
pub(crate) const PATIENCE: usize = 32;
/// And so many while a table is read.
const MUCH_PATIENCE: usize = 1 << 20;

/// The books of one office.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    /// Every subject together.
    pub(crate) whole: Book,
    pub(crate) subjects: Vec<u32>,
    pub(crate) books: Vec<Book>,
}

impl Shelf {
    pub(crate) fn book(&self, subject: u32) -> Option<&Book> {
        let place = self.subjects.iter().position(|own| *own == subject)?;
        Some(&self.books[place])
    }

    fn book_mut(&mut self, subject: u32) -> &mut Book {
        let place = self.subjects.iter().position(|own| *own == subject).unwrap_or_else(|| {
            self.subjects.push(subject);
            self.books.push(Book::default());
            self.books.len() - 1
        });
        &mut self.books[place]
    }
}

/// A step of a case: its row before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// The row before it; `None` for a case that comes.
    pub before: Option<CaseRow<'a>>,
    /// The row after it.
    pub after: CaseRow<'a>,
    /// Whether it takes back a closure that was a mistake: in the flow that is not a reopening.
    pub undone: bool,
}

/// The standing state of some or all cases, by office and subject. See the [module](super).
///
/// Days are calendar days in the zone that it was made for. Clones are deep.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) clock: Clock,
    pub(crate) units: Codes,
    pub(crate) subjects: Codes,
    pub(crate) reasons: Codes,
    pub(crate) shelves: Vec<Shelf>,
    // Empty between two calls: a slip is written for each step, and its memory is used again.
    spare: (Slip, Slip),
    // INVARIANT: at least the sum of the sizes of all nets of the books by subject, at most MOST.
    pub(crate) weight: u64,
}

impl Ledger {
    /// A ledger without a posting, for an office's zone.
    pub fn new(zone: chrono_tz::Tz) -> Self {
        Self::cut_at(zone, Cutoff::MIDNIGHT)
    }

    /// The same by days that begin at another hour, for flows of weeks that are cut off at it
    /// ([`flows`](Self::flows)). What terms ask for it does not answer: their days begin at midnight.
    pub fn cut_at(zone: chrono_tz::Tz, cutoff: Cutoff) -> Self {
        Self {
            clock: Clock::new(zone, cutoff),
            units: Codes::default(),
            subjects: Codes::default(),
            reasons: Codes::default(),
            shelves: Vec::new(),
            spare: (Slip::default(), Slip::default()),
            weight: 0,
        }
    }

    /// The ledger of a table, by its rows of today.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Date`] when a date of the table lies outside the years 1 to 9999, and
    /// [`LedgerError::Full`].
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    /// use grievance_core::measure::ledger::{Picked, keep::Ledger};
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let rows = [CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works")];
    /// let cases = Cases::read(zone, "2026-03-31T00:00:00Z".parse()?, rows).cases;
    /// let ledger = Ledger::of(&cases)?;
    /// let terms = Terms::new("2026-03-17".parse()?, zone, AgeRule::Calendar);
    /// let balance = ledger.balance(&Picked::all(), &terms)?;
    /// assert_eq!(balance.bands, [0, 0, 1, 0]); // 15 days: the third band
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(cases: &Cases) -> Result<Self, LedgerError> {
        Self::of_cut_at(cases, Cutoff::MIDNIGHT)
    }

    /// The same by days that begin at another hour ([`cut_at`](Self::cut_at)).
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub fn of_cut_at(cases: &Cases, cutoff: Cutoff) -> Result<Self, LedgerError> {
        let mut ledger = Self::cut_at(cases.zone, cutoff);
        let units: Vec<u32> = cases.unit.codes().iter().map(|code| ledger.units.place(code)).collect();
        let subjects: Vec<u32> =
            cases.category.codes().iter().map(|code| ledger.subjects.place(code)).collect();
        let reasons: Vec<u32> = cases.reason.codes().iter().map(|code| ledger.reasons.place(code)).collect();
        ledger.shelves = vec![Shelf::default(); units.len()];
        let mut slip = Slip::default();
        for case in 0..cases.len() {
            let line = ledger.line_of(cases, case, &reasons)?;
            slip.clear();
            table_slip(&mut slip, &line, 1)?;
            let unit = units[cases.unit.key(case) as usize];
            let subject = subjects.get(cases.category.key(case) as usize).copied().unwrap_or(NONE);
            ledger.weigh(&[&slip])?;
            ledger.write(unit, subject, &slip, MUCH_PATIENCE);
        }
        ledger.settle();
        Ok(ledger)
    }

    /// The zone in which days are counted.
    pub const fn zone(&self) -> chrono_tz::Tz {
        self.clock.zone()
    }

    /// The hour at which its days begin.
    pub const fn cutoff(&self) -> Cutoff {
        self.clock.cutoff()
    }

    /// Enters a case by its row of today; `until` is the instant up to which rows are read.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Row`] when a table would not take the row, [`LedgerError::Date`] and
    /// [`LedgerError::Full`]; nothing is changed.
    pub fn enter(&mut self, row: &CaseRow<'_>, until: DateTime<Utc>) -> Result<(), LedgerError> {
        self.by_table(row, until, 1)
    }

    /// Takes a case out by the row by which it was entered. To change a row, take the old one out
    /// and enter the new one.
    ///
    /// # Errors
    ///
    /// As [`enter`](Self::enter). That no such row was entered shows when the ledger is asked:
    /// [`LedgerError::Overdrawn`].
    pub fn take_out(&mut self, row: &CaseRow<'_>, until: DateTime<Utc>) -> Result<(), LedgerError> {
        self.by_table(row, until, -1)
    }

    fn by_table(&mut self, row: &CaseRow<'_>, until: DateTime<Utc>, times: i32) -> Result<(), LedgerError> {
        let line = self.line(row, until)?;
        let mut slip = Slip::default();
        table_slip(&mut slip, &line, times)?;
        self.weigh(&[&slip])?;
        let (unit, subject) = self.places(row);
        self.write(unit, subject, &slip, PATIENCE);
        Ok(())
    }

    /// Posts a step: up to its day the row before it counts, from then on the one after it. Steps
    /// may come in any order, as long as each comes once.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Row`] when a table that reads up to the step would not take one of the rows,
    /// [`LedgerError::Date`] and [`LedgerError::Full`]; nothing is changed.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{CaseRow, Ending};
    /// use grievance_core::measure::ledger::{Picked, keep::{Ledger, Step}};
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let (came, done) = ("2026-03-02T10:00:00Z".parse()?, "2026-03-09T10:00:00Z".parse()?);
    /// let open = CaseRow::new(came, "works");
    /// let ended = CaseRow { ended: Some((done, Ending::Disposed(None))), ..open };
    /// let mut ledger = Ledger::new(zone);
    /// ledger.post(&Step { at: came, before: None, after: open, undone: false })?;
    /// ledger.post(&Step { at: done, before: Some(open), after: ended, undone: false })?;
    /// let as_of = |day: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     let terms = Terms::new(day.parse()?, zone, AgeRule::Calendar);
    ///     Ok(ledger.balance(&Picked::all(), &terms)?)
    /// };
    /// assert_eq!(as_of("2026-03-09")?.pending(), 1); // disposed on that day: not before it
    /// assert_eq!(as_of("2026-03-10")?.disposed, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn post(&mut self, step: &Step<'_>) -> Result<(), LedgerError> {
        let day = self.clock.dates(step.at)?.counted;
        let rows = step.before.map(|row| self.line(&row, step.at)).transpose()?;
        let line = self.line(&step.after, step.at)?;
        // In one book most of the old row's postings cancel those of the new one.
        let here =
            step.before.is_none_or(|row| (row.unit, row.category) == (step.after.unit, step.after.category));
        let (mut left, mut slip) = std::mem::take(&mut self.spare);
        left.clear();
        slip.clear();
        let before = if here { &mut slip } else { &mut left };
        if let Some(row) = &rows {
            before.row(row, day, -1)?;
        }
        let waited = step.before.filter(|row| row.ended.is_none());
        if waited.is_some_and(|row| row.unit != step.after.unit) {
            before.moved(day, Movement::TransferredOut, 1)?;
        }
        slip.row(&line, day, 1)?;
        for movement in movements(step) {
            slip.moved(day, movement, 1)?;
        }
        self.weigh(&[&left, &slip])?;
        if let Some(row) = step.before.filter(|_| !here) {
            let (unit, subject) = self.places(&row);
            self.write(unit, subject, &left, PATIENCE);
        }
        let (unit, subject) = self.places(&step.after);
        self.write(unit, subject, &slip, PATIENCE);
        self.spare = (left, slip);
        Ok(())
    }

    /// Posts a step by the facts of the case before and after it, as a commit leaves them. Parts of
    /// divided cases and sealed cases are not posted.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Sealed`] when the step seals the case or lifts the seal, and as
    /// [`post`](Self::post).
    pub fn post_fact(
        &mut self,
        at: DateTime<Utc>,
        before: Option<&CaseFact>,
        after: &CaseFact,
        kind: EventKind,
    ) -> Result<(), LedgerError> {
        if before.is_some_and(|before| before.sealed.is_some() != after.sealed.is_some()) {
            return Err(LedgerError::Sealed);
        }
        if after.part_of.is_some() || after.sealed.is_some() {
            return Ok(());
        }
        self.post(&Step {
            at,
            before: before.map(CaseRow::of),
            after: CaseRow::of(after),
            undone: kind == EventKind::Rescinded,
        })
    }

    /// The slip of a row's book.
    pub(crate) fn slip<'a>(
        &mut self,
        slips: &'a mut Vec<(u32, u32, Slip)>,
        row: &CaseRow<'_>,
    ) -> &'a mut Slip {
        let (unit, subject) = self.places(row);
        let place =
            slips.iter().position(|(of, own, _)| (*of, *own) == (unit, subject)).unwrap_or(slips.len());
        if place == slips.len() {
            slips.push((unit, subject, Slip::default()));
        }
        &mut slips[place].2
    }

    /// Puts what waits for its place there: postings of past days, which until then each question
    /// reads one by one. It changes no figure.
    pub fn settle(&mut self) {
        for shelf in &mut self.shelves {
            shelf.whole.settle();
            shelf.books.iter_mut().for_each(Book::settle);
        }
    }

    /// Bytes that the books occupy.
    pub fn bytes(&self) -> usize {
        self.shelves
            .iter()
            .map(|shelf| shelf.whole.bytes() + shelf.books.iter().map(Book::bytes).sum::<usize>())
            .sum()
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Zone`] when the other counts days in another zone, [`LedgerError::Cutoff`] when they begin
    /// at another hour, [`LedgerError::Full`];
    /// nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), LedgerError> {
        if self.zone() != other.zone() {
            return Err(LedgerError::Zone);
        }
        if self.cutoff() != other.cutoff() {
            return Err(LedgerError::Cutoff);
        }
        self.weight = self.weighed(other.weight)?;
        let reasons: Vec<u32> = other.reasons.all().iter().map(|code| self.reasons.place(code)).collect();
        for (unit, subject, postings) in other.settled() {
            let unit = self.unit(other.units.code(unit));
            let subject =
                if subject == NONE { NONE } else { self.subjects.place(other.subjects.code(subject)) };
            self.take(unit, subject, &postings, &reasons);
        }
        Ok(())
    }

    /// The postings of each book by subject that has any.
    pub(crate) fn settled(&self) -> impl Iterator<Item = (u32, u32, Vec<Posting>)> {
        (0_u32..).zip(&self.shelves).flat_map(|(unit, shelf)| {
            let books = shelf.subjects.iter().zip(&shelf.books);
            books
                .map(move |(subject, book)| (unit, *subject, book.settled()))
                .filter(|(.., postings)| !postings.is_empty())
        })
    }

    /// Puts the postings of another part in a book; its reasons stand in other places.
    pub(crate) fn take(&mut self, unit: u32, subject: u32, postings: &[Posting], reasons: &[u32]) {
        let own = &mut self.shelves[unit as usize];
        let postings = || postings.iter().map(|posting| posting.with_reasons(|place| reasons[place]));
        postings().for_each(|posting| own.whole.add(posting, MUCH_PATIENCE));
        own.whole.settle();
        let book = own.book_mut(subject);
        postings().for_each(|posting| book.add(posting, MUCH_PATIENCE));
        book.settle();
    }

    /// The place of an office, with a shelf.
    pub(crate) fn unit(&mut self, code: &str) -> u32 {
        let unit = self.units.place(code);
        if self.shelves.len() <= unit as usize {
            self.shelves.push(Shelf::default());
        }
        unit
    }

    fn places(&mut self, row: &CaseRow<'_>) -> (u32, u32) {
        let unit = self.unit(row.unit);
        (unit, row.category.map_or(NONE, |code| self.subjects.place(code)))
    }

    fn weighed(&mut self, more: u64) -> Result<u64, LedgerError> {
        let fits = |weight: u64| weight.checked_add(more).filter(|sum| *sum <= MOST);
        if let Some(sum) = fits(self.weight) {
            return Ok(sum);
        }
        // What has cancelled does not weigh.
        self.weight = self
            .settled()
            .flat_map(|(.., postings)| postings)
            .map(|posting| u64::from(posting.net.unsigned_abs()))
            .sum();
        fits(self.weight).ok_or(LedgerError::Full)
    }

    /// Makes sure that the postings still fit, and counts them as entered.
    pub(crate) fn weigh(&mut self, slips: &[&Slip]) -> Result<(), LedgerError> {
        let more =
            slips.iter().flat_map(|slip| slip.postings()).map(|it| u64::from(it.net.unsigned_abs())).sum();
        self.weight = self.weighed(more)?;
        Ok(())
    }

    pub(crate) fn write(&mut self, unit: u32, subject: u32, slip: &Slip, patience: usize) {
        let own = &mut self.shelves[unit as usize];
        // One book after the other: each lies elsewhere in memory.
        slip.postings().for_each(|posting| own.whole.add(posting, patience));
        let book = own.book_mut(subject);
        slip.postings().for_each(|posting| book.add(posting, patience));
    }
}

/// What a step is in the flow of the office that has the case after it.
fn movements(step: &Step<'_>) -> impl Iterator<Item = Movement> {
    let pending = step.after.ended.is_none();
    let waited = step.before.filter(|row| row.ended.is_none());
    let came = match (step.before, waited) {
        (_, Some(row)) => (row.unit != step.after.unit).then_some(Movement::TransferredIn),
        (None, None) => Some(Movement::Received),
        // What was closed and stays closed is no movement.
        (Some(_), None) if !pending => return None.into_iter().chain(None),
        (Some(_), None) if step.undone => Some(Movement::Undone),
        (Some(_), None) => Some(Movement::Reopened),
    };
    let went = match step.after.ended {
        Some((_, Ending::Disposed(_))) => Some(Movement::Disposed),
        Some((_, Ending::Otherwise)) => Some(Movement::ClosedOtherwise),
        None => None,
    };
    came.into_iter().chain(went)
}

/// A row of a table: in force on every day, lodged and closed on the days that it bears.
fn table_slip(slip: &mut Slip, line: &Line, times: i32) -> Result<(), LedgerError> {
    slip.row(line, ALWAYS, times)?;
    slip.moved(line.received.counted, Movement::Received, times)?;
    match line.ended {
        Some((dates, How::Disposed(..))) => slip.moved(dates.counted, Movement::Disposed, times),
        Some((dates, How::Otherwise)) => slip.moved(dates.counted, Movement::ClosedOtherwise, times),
        None => Ok(()),
    }
}
