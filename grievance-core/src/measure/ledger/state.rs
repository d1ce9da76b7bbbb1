//! What the postings of a book add up to.

use crate::measure::flow::Movement;
use crate::measure::ledger::book::LINE;
use crate::measure::ledger::entry::{Key, Kind, TIME_AT, WORD_BITS};

/// Where each count stands in the array of a state.
pub(crate) mod slot {
    pub(crate) const DISPOSED: usize = 0;
    pub(crate) const OTHERWISE: usize = 1;
    pub(crate) const TARGETED: usize = 2;
    pub(crate) const OVERDUE: usize = 3;
    /// Reopened, appealed, escalated, transferred, breached.
    pub(crate) const FLAGS: usize = 4;
    /// By what the complainant said.
    pub(crate) const WORDS: usize = 9;
    /// By class.
    pub(crate) const CLASSES: usize = WORDS + 32;
    /// By movement.
    pub(crate) const MOVED: usize = CLASSES + 8;
    /// Disposed after the due date, and by it.
    pub(crate) const TIMED: usize = MOVED + 7;
    pub(crate) const SOON: usize = TIMED + 2;
    pub(crate) const COUNT: usize = SOON + 1;
}

/// Lengths below have a place of their own in an array.
pub(crate) const NEAR: i32 = 256;

/// What is told of each posting, in figures.
pub(crate) trait Take {
    /// A count goes up.
    fn count(&mut self, slot: usize, times: i32);
    /// Disposed after so many days.
    fn length(&mut self, days: i32, times: i32);
    /// Open, received on that day.
    fn open(&mut self, on: i32, times: i32);
    /// Open, its complainant last told anything on that day.
    fn told(&mut self, on: i32, times: i32);
    /// Disposed for the reason in that place.
    fn reason(&mut self, place: i32, times: i32);
}

/// Tells what a posting means.
#[inline]
pub(crate) fn tell(key: Key, times: i32, to: &mut impl Take) {
    let (day, value) = (key.day(), key.value());
    let place = usize::try_from(value).unwrap_or(0);
    match key.kind() {
        Kind::Lodged => {
            to.open(day, times);
            to.count(slot::MOVED + Movement::Received as usize, times);
        }
        Kind::Disposed => {
            let attr = usize::from(key.attr());
            to.count(slot::DISPOSED, times);
            to.count(slot::WORDS + (attr & 31), times);
            to.count(slot::CLASSES + (attr >> WORD_BITS & 7), times);
            to.count(slot::MOVED + Movement::Disposed as usize, times);
            if let timed @ 1..=2 = attr >> TIME_AT {
                to.count(slot::TIMED + timed - 1, times);
            }
            to.length(value, times);
            to.open(day - value, -times);
        }
        Kind::Closed => {
            to.count(slot::OTHERWISE, times);
            to.count(slot::MOVED + Movement::ClosedOtherwise as usize, times);
            to.open(day - value, -times);
        }
        Kind::Open => to.open(day - value, times),
        Kind::Reason => to.reason(value, times),
        Kind::Flag => to.count(slot::FLAGS + place.min(4), times),
        Kind::Targeted => to.count(slot::TARGETED, times),
        Kind::Overdue => to.count(slot::OVERDUE, times),
        Kind::Soon => to.count(slot::SOON, times),
        Kind::Told => to.told(day - value, times),
        Kind::Moved => to.count(slot::MOVED + place.min(6), times),
    }
}

/// How many there are of each number, rising, as running totals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    numbers: Vec<i32>,
    totals: Vec<i32>,
}

impl Runs {
    /// Each number and how many there are.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i32, i32)> {
        let before = std::iter::once(0).chain(self.totals.iter().copied());
        self.numbers
            .iter()
            .zip(&self.totals)
            .zip(before)
            .map(|((number, total), before)| (*number, total - before))
    }

    /// The last numbers, highest first, and how many there are of each.
    pub(crate) fn down(&self) -> impl Iterator<Item = (i32, i32)> {
        let before = self.totals.iter().rev().skip(1).copied().chain(std::iter::once(0));
        let own = self.numbers.iter().rev().zip(self.totals.iter().rev());
        own.zip(before).map(|((number, total), before)| (*number, total - before))
    }

    /// How many there are of a number.
    pub(crate) fn at(&self, number: i32) -> i32 {
        let Ok(place) = self.numbers.binary_search(&number) else { return 0 };
        self.totals[place] - place.checked_sub(1).map_or(0, |before| self.totals[before])
    }

    /// Whether there are fewer than none of any number.
    fn overdrawn(&self) -> bool {
        self.iter().any(|(_, times)| times < 0)
    }

    /// How many there are.
    pub(crate) fn total(&self) -> i32 {
        self.totals.last().copied().unwrap_or(0)
    }

    /// These and some more, which are in no order.
    fn with(&self, more: &mut [(i32, i32)]) -> Self {
        more.sort_unstable();
        let mut sum = Self::default();
        let mut own = self.iter().peekable();
        let mut more = more.iter().copied().peekable();
        while let Some(number) = [own.peek(), more.peek()].into_iter().flatten().map(|next| next.0).min() {
            let mut times = own.next_if(|next| next.0 == number).map_or(0, |next| next.1);
            while let Some((_, again)) = more.next_if(|next| next.0 == number) {
                times += again;
            }
            if times != 0 {
                sum.totals.push(sum.total() + times);
                sum.numbers.push(number);
            }
        }
        sum
    }
}

/// The sum of the postings of a book up to a mark.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) counts: [i32; slot::COUNT],
    /// The sum of all lengths.
    pub(crate) length_sum: i64,
    /// Whether there are fewer than none of some length.
    pub(crate) overdrawn: bool,
    /// How many were disposed after 0, 1, 2 … days.
    pub(crate) near: Vec<i32>,
    /// Longer ones, and lengths below nothing.
    pub(crate) far: Runs,
    pub(crate) open: Runs,
    pub(crate) told: Runs,
    pub(crate) reasons: Vec<i32>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            counts: [0; slot::COUNT],
            length_sum: 0,
            overdrawn: false,
            near: Vec::new(),
            far: Runs::default(),
            open: Runs::default(),
            told: Runs::default(),
            reasons: Vec::new(),
        }
    }
}

impl State {
    /// The state after some more postings.
    pub(crate) fn after(&self, postings: impl Iterator<Item = (Key, i32)>) -> Self {
        let mut growing =
            Growing { state: self.clone(), far: Vec::new(), open: Vec::new(), told: Vec::new() };
        for (key, times) in postings {
            tell(key, times, &mut growing);
        }
        let Growing { state, mut far, mut open, mut told } = growing;
        let (far, open) = (state.far.with(&mut far), state.open.with(&mut open));
        let overdrawn = far.overdrawn() || state.near.iter().any(|times| *times < 0);
        Self { far, open, told: state.told.with(&mut told), overdrawn, ..state }
    }

    /// A number of each piece of memory that a dashboard reads.
    pub(crate) fn touched(&self) -> i32 {
        let each = |list: &[i32]| list.iter().step_by(LINE / size_of::<i32>()).fold(0, |sum, it| sum ^ it);
        let (open, far) = (&self.open, &self.far);
        let ends = [open.numbers.last(), open.totals.last(), far.numbers.first()];
        each(&self.counts) ^ each(&self.near) ^ ends.into_iter().flatten().fold(0, |sum, it| sum ^ it)
    }

    /// Bytes that it occupies.
    pub(crate) fn bytes(&self) -> usize {
        let runs: usize =
            [&self.far, &self.open, &self.told].iter().map(|runs| runs.numbers.capacity() * 8).sum();
        size_of::<Self>() + runs + (self.near.capacity() + self.reasons.capacity()) * 4
    }

    /// Tells everything to a sum.
    pub(crate) fn tell(&self, to: &mut impl Take) {
        for (slot, times) in self.counts.iter().enumerate() {
            to.count(slot, *times);
        }
        (0..).zip(&self.near).for_each(|(days, times)| to.length(days, *times));
        self.far.iter().for_each(|(days, times)| to.length(days, times));
        self.open.iter().for_each(|(on, times)| to.open(on, times));
        self.told.iter().for_each(|(on, times)| to.told(on, times));
        (0..).zip(&self.reasons).for_each(|(place, times)| to.reason(place, *times));
    }
}

/// Whether a length has a place of its own: which.
#[inline]
pub(crate) fn near(days: i32) -> Option<usize> {
    usize::try_from(days).ok().filter(|_| days < NEAR)
}

/// Adds in an array that grows.
#[inline]
pub(crate) fn add_at<T: Default + Clone + std::ops::AddAssign>(list: &mut Vec<T>, place: usize, times: T) {
    if list.len() <= place {
        list.resize(place + 1, T::default());
    }
    list[place] += times;
}

struct Growing {
    state: State,
    far: Vec<(i32, i32)>,
    open: Vec<(i32, i32)>,
    told: Vec<(i32, i32)>,
}

impl Take for Growing {
    fn count(&mut self, slot: usize, times: i32) {
        self.state.counts[slot] += times;
    }

    fn length(&mut self, days: i32, times: i32) {
        self.state.length_sum += i64::from(days) * i64::from(times);
        match near(days) {
            Some(place) => add_at(&mut self.state.near, place, times),
            None => self.far.push((days, times)),
        }
    }

    fn open(&mut self, on: i32, times: i32) {
        self.open.push((on, times));
    }

    fn told(&mut self, on: i32, times: i32) {
        self.told.push((on, times));
    }

    fn reason(&mut self, place: i32, times: i32) {
        if let Ok(place) = usize::try_from(place) {
            add_at(&mut self.state.reasons, place, times);
        }
    }
}
