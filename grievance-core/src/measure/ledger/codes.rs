//! Codes and their places.

use foldhash::fast::RandomState;
use smol_str::SmolStr;
use std::collections::HashMap;

/// Each code once, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    codes: Vec<SmolStr>,
    places: HashMap<SmolStr, u32, RandomState>,
}

impl Codes {
    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        self.places.get(code).copied()
    }

    pub(crate) fn place(&mut self, code: &str) -> u32 {
        if let Some(place) = self.find(code) {
            return place;
        }
        let place = u32::try_from(self.codes.len()).expect("fewer different codes than 2^32 in memory");
        self.codes.push(SmolStr::new(code));
        self.places.insert(SmolStr::new(code), place);
        place
    }

    pub(crate) fn code(&self, place: u32) -> &SmolStr {
        &self.codes[place as usize]
    }

    pub(crate) fn all(&self) -> &[SmolStr] {
        &self.codes
    }
}
