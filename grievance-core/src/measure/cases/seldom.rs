//! A column in which most tables say nothing.

use std::borrow::Cow;
use std::ops::Index;

/// A value for each case. As long as every case says the same, nothing is kept of it: a table takes the
/// memory of the columns that its host has.
#[derive(Clone, Debug)]
pub(crate) struct Seldom<T> {
    none: T,
    // INVARIANT: empty while every case says `none`; else one for each case.
    said: Vec<T>,
    cases: usize,
}

impl<T: Copy + PartialEq> Seldom<T> {
    /// Without a case; `none` is what a case says that says nothing.
    pub(crate) const fn of(none: T) -> Self {
        Self { none, said: Vec::new(), cases: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.cases
    }

    /// Whether any case says something.
    pub(crate) const fn says(&self) -> bool {
        !self.said.is_empty()
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if !self.said.is_empty() {
            self.said.push(value);
        } else if value != self.none {
            self.begin();
            self.said.push(value);
        }
        self.cases += 1;
    }

    /// More cases.
    pub(crate) fn extend(&mut self, values: &[T]) {
        let silent = self.said.is_empty();
        if !silent || values.iter().any(|value| *value != self.none) {
            if silent {
                self.begin();
            }
            self.said.extend_from_slice(values);
        }
        self.cases += values.len();
    }

    /// More cases that say nothing.
    pub(crate) fn skip(&mut self, cases: usize) {
        if !self.said.is_empty() {
            self.said.resize(self.said.len() + cases, self.none);
        }
        self.cases += cases;
    }

    /// The first case that says something: those before it say nothing.
    #[cold]
    fn begin(&mut self) {
        self.said.resize(self.cases, self.none);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = T> {
        (0..self.cases).map(|case| self[case])
    }

    /// All of them in one piece, which is made for a column that says nothing.
    pub(crate) fn all(&self) -> Cow<'_, [T]> {
        if self.said.is_empty() { Cow::Owned(vec![self.none; self.cases]) } else { Cow::Borrowed(&self.said) }
    }

    /// What the cases of another column say, behind its own.
    pub(crate) fn append(&mut self, other: Self) {
        if self.cases == 0 {
            *self = other;
        } else {
            self.append_as(&other, |value| value);
        }
    }

    /// The same, each said as `seen` has it; nothing stays nothing.
    pub(crate) fn append_as(&mut self, other: &Self, seen: impl Fn(T) -> T) {
        if self.said.is_empty() && other.said.is_empty() {
            self.cases += other.cases;
            return;
        }
        if self.said.is_empty() {
            self.begin();
        }
        let (none, missing) = (self.none, other.cases - other.said.len());
        self.said.extend(other.said.iter().map(|value| seen(*value)));
        self.said.extend(std::iter::repeat_n(none, missing));
        self.cases += other.cases;
    }

    /// Some of the cases, in this order.
    pub(crate) fn part(&self, cases: &[usize]) -> Self {
        let said: Vec<T> = cases.iter().filter_map(|case| self.said.get(*case)).copied().collect();
        let is_silent = said.iter().all(|value| *value == self.none);
        Self { none: self.none, said: if is_silent { Vec::new() } else { said }, cases: cases.len() }
    }

    pub(crate) fn shrink(&mut self) {
        self.said.shrink_to_fit();
    }

    /// Bytes that are kept.
    pub(crate) fn bytes(&self) -> usize {
        self.said.capacity() * size_of::<T>()
    }
}

impl<T> Index<usize> for Seldom<T> {
    type Output = T;

    /// What a case says; of a case that there is not, nothing.
    #[inline]
    fn index(&self, case: usize) -> &T {
        self.said.get(case).unwrap_or(&self.none)
    }
}
