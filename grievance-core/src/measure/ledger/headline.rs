//! The dashboard's question, put to the ledger.

use crate::measure::cases::row::HIGHEST_RATING;
use crate::measure::cases::table::number_of;
use crate::measure::headline::{Asked, Counts, Headlines, quantiles_of, spread};
use crate::measure::ledger::answer::counted;
use crate::measure::ledger::book::{Before, Book};
use crate::measure::ledger::entry::{Key, Kind};
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::Ledger;
use crate::measure::ledger::state::{NEAR, State, slot};
use crate::measure::mis::Terms;
use crate::measure::picked::Picked;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

const NEAR_LENGTHS: usize = NEAR as usize;
/// Places of counts: those of a state up to the words, and more than a posting can point at.
const COUNTS: usize = 64;
/// So many are read from a state as they stand: up to the last rating.
const SHARED: usize = slot::WORDS + HIGHEST_RATING as usize + 1;
/// The place of what is not asked here.
const NOWHERE: usize = COUNTS - 1;
const _: () = assert!(slot::WORDS + 31 < NOWHERE, "a word and a flag have places before it");

/// Ages below have a place of their own in an array, as far as bands begin there. An array up to any last band would be
/// as long as somebody's cut point is large.
const YOUNG: usize = 4_096;

/// So many books are looked up together: what is read of them fits into a core's own cache.
const TOGETHER: usize = 32;

/// What the postings of a kind change. A table, because which kind comes next cannot be foreseen:
/// a branch for each posting would cost more than all it does.
#[derive(Clone, Copy)]
struct Change {
    /// The place of its count, and whether the value of the posting counts on from there.
    slot: usize,
    on: usize,
    /// By how much one changes what is open.
    opens: i32,
    /// All bits where it has a length and a word, none elsewhere.
    ends: i32,
}

const CHANGES: [Change; 16] = {
    let none = Change { slot: NOWHERE, on: 0, opens: 0, ends: 0 };
    let mut all = [none; 16];
    all[Kind::Lodged as usize] = Change { opens: 1, ..none };
    all[Kind::Open as usize] = Change { opens: 1, ..none };
    all[Kind::Disposed as usize] = Change { slot: slot::DISPOSED, on: 0, opens: -1, ends: -1 };
    all[Kind::Closed as usize] = Change { slot: slot::OTHERWISE, opens: -1, ..none };
    all[Kind::Flag as usize] = Change { slot: slot::FLAGS, on: 7, ..none };
    all
};

/// What one book held before the day: the arrays serve for one after the other.
pub(super) struct Desk<'a> {
    pub(super) day: i32,
    cuts: &'a [u32],
    asked: &'a Asked,
    counts: [i32; COUNTS],
    length_sum: i64,
    // How many took so many days; what took longer is counted in the last place and stands in `far`.
    near: [i32; NEAR_LENGTHS + 1],
    far: Vec<(i32, i32)>,
    pending: i32,
    // The pending by age, below the last cut and `YOUNG`; the older ones are counted in the last place.
    young: Vec<i32>,
    // From `YOUNG` to the last cut: how many ages there are, and how many are of them, in no order.
    between: usize,
    old: Vec<(usize, i32)>,
    state: Option<&'a State>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(terms: &'a Terms, asked: &'a Asked) -> Self {
        let cuts = terms.bands.cuts();
        let last = cuts.last().map_or(0, |cut| usize::try_from(*cut).unwrap_or(usize::MAX));
        let young = last.min(YOUNG);
        Self {
            day: number_of(terms.day),
            cuts,
            asked,
            counts: [0; COUNTS],
            length_sum: 0,
            near: [0; NEAR_LENGTHS + 1],
            far: Vec::new(),
            pending: 0,
            young: vec![0; young + 1],
            between: last - young,
            old: Vec::new(),
            state: None,
        }
    }

    /// Writes the line of a book; `false` when it had received no case before the day.
    pub(super) fn line(
        &mut self,
        code: &SmolStr,
        before: &Before<'a>,
        to: &mut Headlines,
    ) -> Result<bool, LedgerError> {
        self.read(before);
        let any = self.answer(to)?;
        if any {
            to.codes.push(code.clone());
        }
        Ok(any)
    }

    /// Takes what a book held before the day.
    fn read(&mut self, before: &Before<'a>) {
        self.near.fill(0);
        self.far.clear();
        self.young.fill(0);
        self.old.clear();
        self.state = before.state;
        (self.counts, self.length_sum, self.pending) = ([0; COUNTS], 0, 0);
        if let Some(state) = before.state {
            self.begin(state);
        }
        before.rest(|key, times| self.change(key, times));
    }

    fn begin(&mut self, state: &State) {
        self.counts[..SHARED].copy_from_slice(&state.counts[..SHARED]);
        self.length_sum = state.length_sum;
        self.pending = state.open.total();
        self.near[..state.near.len()].copy_from_slice(&state.near);
        let last = self.young.len() - 1;
        for (on, times) in state.open.down() {
            let age = usize::try_from(self.day - on).unwrap_or(0);
            if age < last {
                self.young[age] += times;
            } else if age - last < self.between {
                self.old.push((age, times));
            } else {
                break;
            }
        }
    }

    #[inline]
    fn change(&mut self, key: Key, times: i32) {
        let (value, attr) = (key.value(), usize::from(key.attr()));
        let change = &CHANGES[key.kind() as usize & 15];
        let ends = change.ends & times;
        let place = usize::try_from(value).unwrap_or(NEAR_LENGTHS).min(NEAR_LENGTHS);
        self.counts[(change.slot + (place & change.on)) & (COUNTS - 1)] += times;
        self.counts[slot::WORDS + (attr & 31)] += ends;
        // One received later than the day, in a night in which clocks change, is youngest.
        let age = usize::try_from(self.day - key.day() + value).unwrap_or(0);
        let last = self.young.len() - 1;
        let opens = change.opens * times;
        self.young[age.min(last)] += opens;
        if opens != 0 && age.wrapping_sub(last) < self.between {
            self.old.push((age, opens));
        }
        self.pending += opens;
        self.length_sum += i64::from(value) * i64::from(ends);
        self.near[place] += ends;
        if place == NEAR_LENGTHS && ends != 0 {
            self.far.push((value, times));
        }
    }

    /// How many took so many days, below the near limit.
    #[inline]
    fn near_at(&self, days: usize) -> i64 {
        i64::from(self.near[days])
    }

    /// Lengths that are not near, each once, shortest first.
    fn beyond(&self) -> Vec<(i32, i64)> {
        let mut sum: BTreeMap<i32, i64> = BTreeMap::new();
        let own = self.state.into_iter().flat_map(|state| state.far.iter());
        for (days, times) in own.chain(self.far.iter().copied()) {
            *sum.entry(days).or_default() += i64::from(times);
        }
        sum.into_iter().filter(|(_, times)| *times != 0).collect()
    }

    /// Whether there are fewer than none of any length.
    fn overdrawn(&self) -> bool {
        // The sign of all of them together: one below nothing shows in it.
        let signs = |all: &[i32]| all.iter().fold(0, |signs, times| signs | times) < 0;
        let (near, young) = (&self.near[..NEAR_LENGTHS], &self.young[..self.young.len() - 1]);
        // A farther length can only be overdrawn where it was before, or where one is taken back.
        let doubtful = self.state.is_some_and(|state| state.overdrawn);
        let far = |days: i32| {
            let own = self.state.map_or(0, |state| state.far.at(days));
            own + self.far.iter().filter(|more| more.0 == days).map(|more| more.1).sum::<i32>()
        };
        signs(near)
            || signs(young)
            || self.aged().values().any(|times| *times < 0)
            || self.far.iter().any(|(days, times)| *times < 0 && far(*days) < 0)
            || doubtful && self.beyond().iter().any(|(_, times)| *times < 0)
    }

    /// The pending from `YOUNG` days to the last cut, by age.
    fn aged(&self) -> BTreeMap<usize, i64> {
        let mut sum: BTreeMap<usize, i64> = BTreeMap::new();
        self.old.iter().for_each(|(age, times)| *sum.entry(*age).or_default() += i64::from(*times));
        sum
    }

    fn answer(&self, to: &mut Headlines) -> Result<bool, LedgerError> {
        let count = |slot: usize| counted(self.counts[slot].into());
        let (disposed, closed_otherwise) = (count(slot::DISPOSED)?, count(slot::OTHERWISE)?);
        let mut counts = Counts {
            received: counted(self.pending.into())? + disposed + closed_otherwise,
            disposed,
            closed_otherwise,
            reopened: count(slot::FLAGS)?,
            appealed: count(slot::FLAGS + 1)?,
            length_sum: self.length_sum.into(),
            ..Counts::default()
        };
        for rating in 0..=HIGHEST_RATING {
            let times = count(slot::WORDS + usize::from(rating))?;
            counts.rated += times;
            counts.rating_sum += u64::from(rating) * times;
        }
        if self.overdrawn() {
            return Err(LedgerError::Overdrawn);
        }
        if counts.received == 0 {
            return Ok(false);
        }
        self.bands(&mut to.bands)?;
        let mut lengths = Lengths::new(self);
        counts.within = lengths.within(self.asked.within());
        quantiles_of(self.asked.quantiles(), disposed, 1, |place| lengths.at(place), &mut to.quantiles);
        to.counts.push(counts);
        Ok(true)
    }

    fn bands(&self, to: &mut Vec<u64>) -> Result<(), LedgerError> {
        let (mut from, mut younger) = (0, 0);
        for cut in self.cuts {
            let until = usize::try_from(*cut).unwrap_or(usize::MAX);
            let [first, last] = [from, until].map(|age| age.min(self.young.len() - 1));
            let young: i64 = self.young[first..last].iter().map(|times| i64::from(*times)).sum();
            let aged = self.old.iter().filter(|(age, _)| (from..until).contains(age));
            let band = young + aged.map(|(_, times)| i64::from(*times)).sum::<i64>();
            to.push(counted(band)?);
            (from, younger) = (until, younger + band);
        }
        to.push(counted(i64::from(self.pending) - younger)?);
        Ok(())
    }
}

/// The lengths of a desk, walked from the shortest; farther ones are put together only when a
/// question reaches them.
struct Lengths<'a, 'b> {
    desk: &'b Desk<'a>,
    beyond: Option<Vec<(i32, i64)>>,
    // How many are below nothing: in a night in which clocks were set back.
    below: i64,
    // The length that the walk has come to, and how many are shorter.
    days: usize,
    before: i64,
}

impl<'a, 'b> Lengths<'a, 'b> {
    fn new(desk: &'b Desk<'a>) -> Self {
        let first = desk.state.and_then(|state| state.far.iter().next());
        let mut lengths = Self { desk, beyond: None, below: 0, days: 0, before: 0 };
        if first.is_some_and(|(days, _)| days < 0) || desk.far.iter().any(|(days, _)| *days < 0) {
            lengths.below =
                lengths.beyond().iter().filter(|(days, _)| *days < 0).map(|(_, times)| times).sum();
            lengths.before = lengths.below;
        }
        lengths
    }

    fn within(&mut self, limit: u32) -> u64 {
        let near =
            usize::try_from(limit).map_or(NEAR_LENGTHS, |limit| NEAR_LENGTHS.min(limit.saturating_add(1)));
        let mut within = self.below + (0..near).map(|days| self.desk.near_at(days)).sum::<i64>();
        if near == NEAR_LENGTHS {
            let limit = i64::from(limit);
            let farther = self.beyond().iter().filter(|(days, _)| *days >= 0 && i64::from(*days) <= limit);
            within += farther.map(|(_, times)| times).sum::<i64>();
        }
        u64::try_from(within).unwrap_or(0)
    }

    fn beyond(&mut self) -> &[(i32, i64)] {
        let desk = self.desk;
        self.beyond.get_or_insert_with(|| desk.beyond())
    }

    /// The length at a place of the sorted ones.
    fn at(&mut self, place: u64) -> i64 {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        if place < self.below {
            return self.farther(place, 0, true);
        }
        if place < self.before {
            (self.days, self.before) = (0, self.below);
        }
        while self.days < NEAR_LENGTHS {
            let times = self.desk.near_at(self.days);
            if place < self.before + times {
                return i64::try_from(self.days).unwrap_or(0);
            }
            self.before += times;
            self.days += 1;
        }
        self.farther(place, self.before, false)
    }

    fn farther(&mut self, place: i64, mut before: i64, below: bool) -> i64 {
        let found = self.beyond().iter().filter(|(days, _)| (*days < 0) == below).find(|(_, times)| {
            before += times;
            place < before
        });
        found.map_or(0, |(days, _)| (*days).into())
    }
}

impl Ledger {
    /// The headlines of each picked office that has received a case before the terms' day. Equal to
    /// those of the table that the ledger is kept by, whatever the day.
    ///
    /// The offices are divided among `threads` threads, which are joined before the answer; with 0
    /// or 1 the caller's does it all. The answer does not depend on it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Zone`] and [`LedgerError::Rule`] when the ledger does not keep what the terms
    /// ask for, [`LedgerError::Subjects`] for several subjects together: the lengths of each are in a book of its
    /// own; [`LedgerError::Overdrawn`] when by that day more was taken out than entered.
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
    /// let headlines = ledger.headlines(&Picked::all(), &terms, &Asked::default(), 1)?;
    /// let works = headlines.iter().next().ok_or("one office")?;
    /// assert_eq!((works.counts.disposed, works.quantile_days(0)), (1, Some(4.0)));
    /// assert_eq!(works.mean_rating(), None); // nobody has said anything
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn headlines(
        &self,
        picked: &Picked,
        terms: &Terms,
        asked: &Asked,
        threads: usize,
    ) -> Result<Headlines, LedgerError> {
        self.keeps(terms)?;
        let books = self.lone_books(picked)?;
        headlines_of(self, &books, terms, asked, threads)
    }
}

/// The headlines of some books, in their order.
pub(super) fn headlines_of(
    ledger: &Ledger,
    books: &[(u32, &Book)],
    terms: &Terms,
    asked: &Asked,
    threads: usize,
) -> Result<Headlines, LedgerError> {
    let empty = |groups| Headlines::new(groups, terms.bands.count(), asked.quantiles().len(), 1);
    let parts = spread(threads.max(1), books.len(), |own: Range<usize>| {
        let mut headlines = empty(own.len());
        let mut desk = Desk::new(terms, asked);
        let mut before = Vec::with_capacity(TOGETHER);
        for some in books[own].chunks(TOGETHER) {
            Book::all_before(some, desk.day, &mut before);
            for ((unit, _), before) in some.iter().zip(&before) {
                desk.line(ledger.units.code(*unit), before, &mut headlines)?;
            }
        }
        Ok(headlines)
    });
    let mut headlines = empty(books.len());
    for part in parts {
        headlines.append(part?);
    }
    Ok(headlines)
}
