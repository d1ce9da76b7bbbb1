//! A column of codes: each code once, and for each case its place.

use foldhash::fast::RandomState;
use smol_str::SmolStr;
use std::collections::HashMap;

/// A case without a code in this column.
pub(crate) const NONE: u32 = u32::MAX;

/// A column of codes: four bytes for each case, and each different code once.
#[derive(Clone, Debug, Default)]
pub struct Column {
    codes: Vec<SmolStr>,
    places: HashMap<SmolStr, u32, RandomState>,
    keys: Vec<u32>,
}

impl Column {
    /// The different codes, in the order in which they were first met.
    pub fn codes(&self) -> &[SmolStr] {
        &self.codes
    }

    /// The code of a case; `None` when it has none, or there is no such case.
    pub fn code(&self, case: usize) -> Option<&str> {
        self.codes.get(*self.keys.get(case)? as usize).map(SmolStr::as_str)
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The same cases by another code: of a unit its district, say. `to` is asked once for each
    /// different code; a code for which it has none leaves its cases without one.
    #[must_use]
    pub fn mapped(&self, to: impl Fn(&str) -> Option<SmolStr>) -> Self {
        let mut other = Self::default();
        let places: Vec<u32> =
            self.codes.iter().map(|code| to(code).map_or(NONE, |code| other.place(&code))).collect();
        other.keys = self.keys.iter().map(|key| places.get(*key as usize).copied().unwrap_or(NONE)).collect();
        other
    }

    /// For each case the place of its code among [`codes`](Self::codes); `u32::MAX` for one without.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        self.places.get(code).copied()
    }

    pub(crate) fn push(&mut self, code: Option<&str>) {
        let key = code.map_or(NONE, |code| self.place(code));
        self.keys.push(key);
    }

    pub(crate) fn reserve(&mut self, cases: usize) {
        self.keys.reserve(cases);
    }

    /// The cases of another column behind its own.
    pub(crate) fn append(&mut self, other: &Self) {
        let places: Vec<u32> = other.codes.iter().map(|code| self.place(code)).collect();
        self.keys.extend(other.keys.iter().map(|key| places.get(*key as usize).copied().unwrap_or(NONE)));
    }

    pub(crate) fn capacity(&self) -> usize {
        self.keys.capacity()
    }

    pub(crate) fn shrink(&mut self) {
        self.keys.shrink_to_fit();
    }

    fn place(&mut self, code: &str) -> u32 {
        if let Some(place) = self.places.get(code) {
            return *place;
        }
        let place = u32::try_from(self.codes.len()).expect("fewer different codes than 2^32 in memory");
        self.codes.push(SmolStr::new(code));
        self.places.insert(SmolStr::new(code), place);
        place
    }
}
