//! The dashboard's question, put to the ledger.

use crate::measure::cases::row::HIGHEST_RATING;
use crate::measure::cases::table::number_of;
use crate::measure::headline::{Asked, Counts, Headlines, quantiles_of};
use crate::measure::ledger::answer::counted;
use crate::measure::ledger::book::{Before, Book};
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::Ledger;
use crate::measure::ledger::picked::Picked;
use crate::measure::ledger::state::{State, Take, near, slot};
use crate::measure::mis::Terms;

/// The lengths and bands of one book: the arrays serve for one after the other.
struct Desk<'a> {
    day: i32,
    cuts: &'a [u32],
    counts: [i32; slot::COUNT],
    near: Vec<i32>,
    far: Vec<(i32, i32)>,
    // The pending at or above each cut, after all the pending.
    older: Vec<i32>,
}

impl Take for Desk<'_> {
    #[inline]
    fn count(&mut self, slot: usize, times: i32) {
        self.counts[slot] += times;
    }

    #[inline]
    fn length(&mut self, days: i32, times: i32) {
        match near(days) {
            Some(place) => {
                if place >= self.near.len() {
                    self.near.resize(place + 1, 0);
                }
                self.near[place] += times;
            }
            None => self.far.push((days, times)),
        }
    }

    #[inline]
    fn open(&mut self, on: i32, times: i32) {
        let age = self.day - on;
        self.older[0] += times;
        for (cut, older) in self.cuts.iter().zip(&mut self.older[1..]) {
            *older += if i64::from(age) >= i64::from(*cut) { times } else { 0 };
        }
    }

    #[inline]
    fn told(&mut self, _: i32, _: i32) {}

    #[inline]
    fn reason(&mut self, _: i32, _: i32) {}
}

impl<'a> Desk<'a> {
    fn new(day: i32, cuts: &'a [u32]) -> Self {
        Self {
            day,
            cuts,
            counts: [0; slot::COUNT],
            near: Vec::new(),
            far: Vec::new(),
            older: vec![0; cuts.len() + 1],
        }
    }

    /// Takes what a book held before the day.
    fn read(&mut self, before: &Before<'_>) {
        self.near.clear();
        self.far.clear();
        self.older.fill(0);
        match before.state {
            Some(state) => self.begin(state),
            None => self.counts = [0; slot::COUNT],
        }
        before.rest(self);
        self.far.sort_unstable();
        self.far.dedup_by(|again, first| {
            let same = again.0 == first.0;
            if same {
                first.1 += again.1;
            }
            same
        });
    }

    fn begin(&mut self, state: &State) {
        self.counts = state.counts;
        self.near.extend_from_slice(&state.near);
        self.far.extend(state.far.iter());
        self.older[0] = state.open.total();
        for (cut, older) in self.cuts.iter().zip(&mut self.older[1..]) {
            let latest = i64::from(self.day) - i64::from(*cut);
            *older = i32::try_from(latest).map_or(0, |latest| state.open.up_to(latest));
        }
    }

    /// Each length and how often, shortest first.
    fn lengths(&self) -> impl Iterator<Item = (i32, i32)> {
        let first = self.far.partition_point(|(days, _)| *days < 0);
        let (below, beyond) = self.far.split_at(first);
        let near = (0..).zip(self.near.iter().copied());
        below.iter().copied().chain(near).chain(beyond.iter().copied())
    }

    fn answer(&self, asked: &Asked, to: &mut Headlines) -> Result<bool, LedgerError> {
        let count = |slot: usize| counted(self.counts[slot].into());
        let (disposed, closed_otherwise) = (count(slot::DISPOSED)?, count(slot::OTHERWISE)?);
        let mut counts = Counts {
            received: counted(self.older[0].into())? + disposed + closed_otherwise,
            disposed,
            closed_otherwise,
            reopened: count(slot::FLAGS)?,
            appealed: count(slot::FLAGS + 1)?,
            ..Counts::default()
        };
        for rating in 0..=HIGHEST_RATING {
            let times = count(slot::WORDS + usize::from(rating))?;
            counts.rated += times;
            counts.rating_sum += u64::from(rating) * times;
        }
        let mut within = 0;
        let mut negative = false;
        for (days, times) in self.lengths() {
            negative |= times < 0;
            counts.length_sum += i128::from(days) * i128::from(times);
            within += if i64::from(days) <= i64::from(asked.within()) { i64::from(times) } else { 0 };
        }
        if negative {
            return Err(LedgerError::Overdrawn);
        }
        counts.within = counted(within)?;
        if counts.received == 0 {
            return Ok(false);
        }
        for band in 0..self.older.len() {
            let older = self.older.get(band + 1).copied().unwrap_or(0);
            to.bands.push(counted(i64::from(self.older[band]) - i64::from(older))?);
        }
        quantiles_of(asked.quantiles(), disposed, 1, |place| self.at(place), &mut to.quantiles);
        to.counts.push(counts);
        Ok(true)
    }

    /// The length at a place of the sorted ones.
    fn at(&self, place: u64) -> i64 {
        let mut left = i64::try_from(place).unwrap_or(i64::MAX);
        for (days, times) in self.lengths() {
            left -= i64::from(times);
            if left < 0 {
                return days.into();
            }
        }
        0
    }
}

impl Ledger {
    /// The headlines of each picked office that has received a case before the terms' day. Equal to
    /// those of the table that the ledger is kept by, whatever the day.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Zone`] and [`LedgerError::Rule`] when the ledger does not keep what the terms
    /// ask for; [`LedgerError::Overdrawn`] when by that day more was taken out than entered.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{CaseRow, Ending};
    /// use grievance_core::measure::headline::Asked;
    /// use grievance_core::measure::ledger::{Picked, keep::Ledger};
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let zone = chrono_tz::Asia::Kolkata;
    /// let mut ledger = Ledger::new(zone);
    /// let mut row = CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works");
    /// row.ended = Some(("2026-03-06T10:00:00Z".parse()?, Ending::Disposed(None)));
    /// ledger.enter(&row, "2026-03-31T00:00:00Z".parse()?)?;
    /// let terms = Terms::new("2026-03-17".parse()?, zone, AgeRule::Calendar);
    /// let headlines = ledger.headlines(&Picked::all(), &terms, &Asked::default())?;
    /// let works = headlines.iter().next().ok_or("one office")?;
    /// assert_eq!((works.counts.disposed, works.quantile_days(0)), (1, Some(4.0)));
    /// assert_eq!(works.mean_rating(), None); // nobody has said anything
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn headlines(&self, picked: &Picked, terms: &Terms, asked: &Asked) -> Result<Headlines, LedgerError> {
        self.keeps(terms)?;
        let day = number_of(terms.day);
        let books: Vec<(u32, &Book)> = self.books(picked).collect();
        let mut headlines = Headlines::new(books.len(), terms.bands.count(), asked.quantiles().len(), 1);
        let mut desk = Desk::new(day, terms.bands.cuts());
        for (unit, book) in books {
            desk.read(&book.before(day));
            if desk.answer(asked, &mut headlines)? {
                headlines.codes.push(self.units.code(unit).clone());
            }
        }
        Ok(headlines)
    }
}
