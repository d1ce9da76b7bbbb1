//! A column of codes: each code once, and for each case its place.

use crate::measure::cases::seldom::Seldom;
use foldhash::fast::RandomState;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::HashMap;

/// A case without a code in this column.
pub(crate) const NONE: u32 = u32::MAX;

/// A column of codes: four bytes for each case, and each different code once. One in which no case has a code takes
/// no memory.
#[derive(Clone, Debug)]
pub struct Column {
    codes: Vec<SmolStr>,
    places: HashMap<SmolStr, u32, RandomState>,
    keys: Seldom<u32>,
}

impl Default for Column {
    fn default() -> Self {
        Self { codes: Vec::new(), places: HashMap::default(), keys: Seldom::of(NONE) }
    }
}

impl Column {
    /// The different codes, in the order in which they were first met.
    pub fn codes(&self) -> &[SmolStr] {
        &self.codes
    }

    /// The code of a case; `None` when it has none, or there is no such case.
    pub fn code(&self, case: usize) -> Option<&str> {
        self.codes.get(self.keys[case] as usize).map(SmolStr::as_str)
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.keys.len() == 0
    }

    /// The same cases by another code: of a unit its district, say. `to` is asked once for each
    /// different code; a code for which it has none leaves its cases without one.
    #[must_use]
    pub fn mapped(&self, to: impl Fn(&str) -> Option<SmolStr>) -> Self {
        let mut other = Self::default();
        let places: Vec<u32> =
            self.codes.iter().map(|code| to(code).map_or(NONE, |code| other.place(&code))).collect();
        other.keys.append_as(&self.keys, |key| places.get(key as usize).copied().unwrap_or(NONE));
        other
    }

    /// For each case the place of its code among [`codes`](Self::codes); `u32::MAX` for one without. They are
    /// made when this is called of a column in which no case has a code, and else lent.
    pub fn keys(&self) -> Cow<'_, [u32]> {
        self.keys.all()
    }

    /// The place of a case's code; [`NONE`] for a case without one.
    #[inline]
    pub(crate) fn key(&self, case: usize) -> u32 {
        self.keys[case]
    }

    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        self.places.get(code).copied()
    }

    pub(crate) fn push(&mut self, code: Option<&str>) {
        let place = self.place_or_none(code);
        self.keys.push(place);
    }

    /// The place of a code, which is taken in; [`NONE`] for none.
    pub(crate) fn place_or_none(&mut self, code: Option<&str>) -> u32 {
        code.map_or(NONE, |code| self.place(code))
    }

    /// More cases, by the places of their codes.
    pub(crate) fn extend_places(&mut self, places: &[u32]) {
        self.keys.extend(places);
    }

    /// More cases without a code.
    pub(crate) fn skip(&mut self, cases: usize) {
        self.keys.skip(cases);
    }

    /// The cases of another column behind its own.
    pub(crate) fn append(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
            return;
        }
        let places: Vec<u32> = other.codes.iter().map(|code| self.place(code)).collect();
        self.keys.append_as(&other.keys, |key| places.get(key as usize).copied().unwrap_or(NONE));
    }

    /// Some of the cases, in this order, and of the codes those that they have.
    pub(crate) fn part(&self, cases: &[usize]) -> Self {
        let mut part = Self::default();
        let mut places: Vec<Option<u32>> = vec![None; self.codes.len()];
        for case in cases {
            let key = self.keys[*case] as usize;
            let place = places
                .get_mut(key)
                .map_or(NONE, |place| *place.get_or_insert_with(|| part.place(&self.codes[key])));
            part.keys.push(place);
        }
        part
    }

    /// Bytes that the places occupy.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.bytes()
    }

    pub(crate) fn shrink(&mut self) {
        self.keys.shrink();
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

/// The places of a host's texts in a column, where the host keeps each text once and numbers it.
#[derive(Default)]
pub(crate) struct Numbered(Vec<u32>);

impl Numbered {
    /// A host that numbers texts beyond this has them looked up each time.
    const MOST: usize = 1 << 20;
    /// A text that was not met yet.
    const UNMET: u32 = NONE - 1;

    /// The places of texts, by their numbers, in a column that has them, or takes them in; [`NONE`] for no text. A
    /// text that is not known yet is asked for by its row among these.
    pub(crate) fn fill<'t>(
        &mut self,
        numbers: &[u32],
        text: impl Fn(usize) -> Option<&'t str>,
        column: &mut Column,
        places: &mut [u32],
    ) {
        for (row, (number, place)) in numbers.iter().zip(places).enumerate() {
            *place = match self.0.get(*number as usize) {
                Some(known) if *known != Self::UNMET => *known,
                _ if *number == NONE => NONE,
                _ => self.learnt(*number as usize, text(row), column),
            };
        }
    }

    #[cold]
    fn learnt(&mut self, number: usize, text: Option<&str>, column: &mut Column) -> u32 {
        let place = column.place_or_none(text);
        if number < Self::MOST {
            self.0.resize(self.0.len().max(number + 1), Self::UNMET);
            self.0[number] = place;
        }
        place
    }
}
