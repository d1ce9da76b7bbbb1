//! The postings of one office and subject, by day, with the state at every hundred or more of them.

use crate::measure::ledger::entry::{Key, Posting};
use crate::measure::ledger::state::{State, Take, tell};

/// So many postings at the end are in no mark: what waits mostly goes among them.
const LOOSE: usize = 64;
/// Postings from one mark to the next, in a small book.
const APART: usize = 128;

/// Bytes that memory gives at a time.
pub(crate) const LINE: usize = 64;

/// Postings in their order, what is to be put among them, and marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    // INVARIANT: rising, and each net is not 0.
    keys: Vec<Key>,
    nets: Vec<i32>,
    // INVARIANT: at most as many postings as there are when the next mark is due. For it the last mark need not be looked
    // at, which lies elsewhere in memory.
    due: usize,
    // The sum over all postings, whatever their order; see `Posting::mixed`.
    print: u64,
    // In no order; the same key may be in both.
    waiting: Vec<Posting>,
    // INVARIANT: none in the last LOOSE postings.
    marks: Vec<Mark>,
    states: Vec<State>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    /// How many postings are in its state.
    upto: usize,
    /// The last of them.
    last: Key,
}

/// What a book holds before a day: the state of the nearest mark, and the postings between it and
/// the day, which are not yet in it or are too many in it.
pub(crate) struct Before<'a> {
    pub(crate) state: Option<&'a State>,
    keys: &'a [Key],
    nets: &'a [i32],
    // 1 when the postings come after the mark, -1 when they are to be taken back.
    sign: i32,
    waiting: &'a [Posting],
    limit: Key,
}

impl Before<'_> {
    /// The postings that are not in the state, and those back that should not be.
    #[inline]
    pub(crate) fn rest(&self, mut to: impl FnMut(Key, i32)) {
        for (key, net) in self.keys.iter().zip(self.nets) {
            to(*key, *net * self.sign);
        }
        for posting in self.waiting.iter().filter(|posting| posting.key < self.limit) {
            to(posting.key, posting.net);
        }
    }

    /// A number of each piece of memory that a question will read.
    fn touched(&self) -> i32 {
        let state = self.state.map_or(0, State::touched);
        let keys = self.keys.iter().step_by(LINE / size_of::<Key>()).fold(0, |sum, key| sum ^ key.day());
        let nets = self.nets.iter().step_by(LINE / size_of::<i32>()).fold(0, |sum, net| sum ^ net);
        state ^ keys ^ nets
    }

    /// Tells everything.
    pub(crate) fn tell(&self, to: &mut impl Take) {
        if let Some(state) = self.state {
            state.tell(to);
        }
        self.rest(|key, times| tell(key, times, to));
    }
}

/// The places at which some sorted lists go over a limit, all found together.
fn side_by_side<T>(lists: &[&[T]], below: impl Fn(&T) -> bool) -> Vec<usize> {
    let mut places = vec![0; lists.len()];
    let mut left: Vec<usize> = lists.iter().map(|list| list.len()).collect();
    while left.iter().any(|left| *left > 1) {
        for ((list, place), left) in lists.iter().zip(&mut places).zip(&mut left) {
            let half = *left / 2;
            // Of an empty list there is nothing to look at.
            let further = list.get(*place + half).is_some_and(&below);
            *place += if further { half } else { 0 };
            *left -= half;
        }
    }
    for (list, place) in lists.iter().zip(&mut places) {
        *place += usize::from(list.get(*place).is_some_and(&below));
    }
    places
}

impl Book {
    /// A number that two books with the same postings share, and others but by a chance of one in 2^64.
    pub(crate) const fn print(&self) -> u64 {
        self.print
    }

    /// What it holds before a day.
    pub(crate) fn before(&self, day: i32) -> Before<'_> {
        let limit = Key::first_of(day);
        let marks = self.marks.partition_point(|mark| mark.last < limit);
        let (from, to) = self.around(marks);
        self.up_to(limit, marks, from + self.keys[from..to].partition_point(|key| *key < limit))
    }

    /// What some books hold before a day. Each search waits for memory at nearly every step; side by
    /// side they wait together.
    pub(crate) fn all_before<'a>(books: &[(u32, &'a Self)], day: i32, to: &mut Vec<Before<'a>>) {
        let limit = Key::first_of(day);
        let marks: Vec<&[Mark]> = books.iter().map(|(_, book)| &*book.marks).collect();
        let marks = side_by_side(&marks, |mark| mark.last < limit);
        let around = books.iter().zip(&marks).map(|((_, book), marks)| book.around(*marks));
        let around: Vec<(usize, usize)> = around.collect();
        let keys: Vec<&[Key]> =
            books.iter().zip(&around).map(|((_, book), (from, to))| &book.keys[*from..*to]).collect();
        let places = side_by_side(&keys, |key| *key < limit);
        to.clear();
        for (((_, book), marks), ((from, _), place)) in
            books.iter().zip(&marks).zip(around.iter().zip(&places))
        {
            to.push(book.up_to(limit, *marks, from + place));
        }
        // The same for what is read next: a number of each piece of it.
        std::hint::black_box(to.iter().map(Before::touched).fold(0, i32::wrapping_add));
    }

    /// The postings between the last mark before a day and the next one.
    fn around(&self, marks: usize) -> (usize, usize) {
        let from = marks.checked_sub(1).map_or(0, |mark| self.marks[mark].upto);
        (from, self.marks.get(marks).map_or(self.keys.len(), |mark| mark.upto))
    }

    /// What it holds up to a place behind so many marks, from the mark that is nearer.
    fn up_to(&self, limit: Key, marks: usize, place: usize) -> Before<'_> {
        let (from, to) = self.around(marks);
        let (mark, between, sign) = if marks < self.marks.len() && to - place < place - from {
            (Some(marks), place..to, -1)
        } else {
            (marks.checked_sub(1), from..place, 1)
        };
        Before {
            state: mark.map(|mark| &self.states[mark]),
            keys: &self.keys[between.clone()],
            nets: &self.nets[between],
            sign,
            waiting: &self.waiting,
            limit,
        }
    }

    /// Puts a posting in. One that belongs before the last waits with others, `patience` at least, until
    /// they are as many as a sixteenth of those behind the first of them: then all are put in their places
    /// together, so that each costs a few steps, wherever it belongs.
    pub(crate) fn add(&mut self, posting: Posting, patience: usize) {
        self.print = self.print.wrapping_add(posting.mixed());
        match (self.keys.last(), self.nets.last_mut()) {
            // The last one is in no mark.
            (Some(last), Some(net)) if *last == posting.key && *net + posting.net != 0 => *net += posting.net,
            (Some(last), _) if posting.key <= *last => {
                self.waiting.push(posting);
                if self.waiting.len().is_multiple_of(patience) {
                    let from = self.first_touched();
                    if self.waiting.len() * 16 >= self.keys.len() - from {
                        self.settle_from(from);
                    }
                }
            }
            _ => {
                self.keys.push(posting.key);
                self.nets.push(posting.net);
                if self.keys.len() >= self.due {
                    self.mark();
                }
            }
        }
    }

    /// Puts what waits in its place.
    pub(crate) fn settle(&mut self) {
        self.settle_from(self.first_touched());
    }

    /// The first place that a waiting posting goes to.
    fn first_touched(&self) -> usize {
        let first = self.waiting.iter().map(|posting| posting.key).min();
        first.map_or(self.keys.len(), |first| self.keys.partition_point(|key| *key < first))
    }

    fn settle_from(&mut self, from: usize) {
        if self.waiting.is_empty() {
            return;
        }
        let behind = self.merged(from);
        self.keys.truncate(from);
        self.nets.truncate(from);
        self.keys.extend(behind.iter().map(|posting| posting.key));
        self.nets.extend(behind.iter().map(|posting| posting.net));
        self.waiting.clear();
        // What waits step by step is little and comes again; what waited for a table does not.
        self.waiting.shrink_to(LOOSE);
        self.unmark(from.min(self.keys.len().saturating_sub(LOOSE)));
        self.mark();
    }

    /// Every posting in its order, each key once.
    pub(crate) fn settled(&self) -> Vec<Posting> {
        self.merged(0)
    }

    /// The postings from a place on with all that waits, each key once.
    fn merged(&self, from: usize) -> Vec<Posting> {
        let own = self.keys[from..].iter().zip(&self.nets[from..]);
        let own = own.map(|(key, net)| Posting { key: *key, net: *net });
        if self.waiting.is_empty() {
            return own.collect();
        }
        let mut waiting = self.waiting.clone();
        waiting.sort_unstable_by_key(|posting| posting.key);
        let mut sum: Vec<Posting> = Vec::with_capacity(self.keys.len() - from + waiting.len());
        let mut add = |next: Posting| match sum.last_mut() {
            Some(last) if last.key == next.key => last.net += next.net,
            Some(last) if last.net == 0 => *last = next,
            _ => sum.push(next),
        };
        let mut waiting = waiting.into_iter().peekable();
        for posting in own {
            while let Some(earlier) = waiting.next_if(|other| other.key < posting.key) {
                add(earlier);
            }
            add(posting);
        }
        waiting.for_each(&mut add);
        if sum.last().is_some_and(|last| last.net == 0) {
            sum.pop();
        }
        sum
    }

    /// Sets the marks that are due.
    fn mark(&mut self) {
        loop {
            let from = self.marks.last().map_or(0, |mark| mark.upto);
            let upto = from + APART.max(from / 64);
            if upto + LOOSE > self.keys.len() {
                self.due = upto + LOOSE;
                return;
            }
            let postings = self.keys[from..upto].iter().copied().zip(self.nets[from..upto].iter().copied());
            let state = match self.states.last() {
                Some(state) => state.after(postings),
                None => State::default().after(postings),
            };
            self.marks.push(Mark { upto, last: self.keys[upto - 1] });
            self.states.push(state);
        }
    }

    /// Takes back the marks behind a place.
    fn unmark(&mut self, place: usize) {
        let kept = self.marks.partition_point(|mark| mark.upto <= place);
        self.marks.truncate(kept);
        self.states.truncate(kept);
    }

    /// Bytes that it occupies.
    pub(crate) fn bytes(&self) -> usize {
        let states: usize = self.states.iter().map(State::bytes).sum();
        size_of::<Self>()
            + self.keys.capacity() * size_of::<Key>()
            + self.nets.capacity() * size_of::<i32>()
            + self.waiting.capacity() * size_of::<Posting>()
            + self.marks.capacity() * size_of::<Mark>()
            + states
    }
}
