//! One calendar for each set of local holidays that occurs.

use crate::calendar::Calendar;
use crate::calendar::entry::CalendarEntry;
use crate::kernel::code::{PlaceCode, UnitCode};
use crate::rulebook::directory::Directory;
use crate::rulebook::forest::Forest;
use crate::rulebook::subject::Places;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The calendars of a rulebook. One is compiled when somebody first asks for it.
#[derive(Clone, Debug)]
pub(crate) struct Calendars {
    zone: chrono_tz::Tz,
    units: Sets,
    places: Sets,
    /// By the set of the unit, then by the set of the place; a row is there once one of it is.
    of: Vec<OnceLock<Box<[OnceLock<Calendar>]>>>,
}

/// What the local entries name, for each node of a tree: itself and what is above it.
#[derive(Clone, Debug, Default)]
struct Sets {
    /// The set of each node; empty when nothing in the tree is named.
    of: Vec<u32>,
    /// The named codes of each set; the first set is empty.
    codes: Vec<HashSet<String>>,
}

impl Sets {
    fn new<'a>(forest: &Forest, named: impl Iterator<Item = (&'a String, Option<u32>)>) -> Self {
        let mut own: HashMap<u32, &str> = HashMap::new();
        own.extend(named.filter_map(|(code, at)| Some((at?, code.as_str()))));
        let mut sets = Self { of: Vec::new(), codes: vec![HashSet::new()] };
        if own.is_empty() {
            return sets;
        }
        // A set is named by the lowest of its nodes: whoever has the same one has the same above it.
        let mut by_lowest: HashMap<u32, u32> = HashMap::new();
        for node in 0..forest.len() {
            let lowest = forest.upward(node).find(|up| own.contains_key(up));
            let set = lowest.map_or(0, |lowest| {
                *by_lowest.entry(lowest).or_insert_with(|| {
                    let above = forest.upward(lowest).filter_map(|up| own.get(&up));
                    sets.codes.push(above.map(|code| (*code).to_owned()).collect());
                    u32::try_from(sets.codes.len() - 1).expect("no more sets than nodes")
                })
            });
            sets.of.push(set);
        }
        sets
    }

    fn of(&self, node: Option<u32>) -> usize {
        node.and_then(|node| self.of.get(node as usize)).map_or(0, |set| *set as usize)
    }
}

impl Calendars {
    /// `None` when the entry does not compile.
    pub(crate) fn new(
        entry: &CalendarEntry,
        zone: chrono_tz::Tz,
        directory: &Directory,
        places: &Places,
    ) -> Option<Self> {
        // Everything is read once here, so that nothing can fail when it is asked for.
        Calendar::fitting(entry, zone, |_| true)?;
        let units = entry
            .holiday
            .iter()
            .flat_map(|it| &it.unit)
            .chain(entry.overrides.iter().flat_map(|it| &it.unit))
            .map(|code| (code, UnitCode::new(code).ok().and_then(|code| directory.at(&code))));
        let inside = entry
            .holiday
            .iter()
            .flat_map(|it| &it.place)
            .chain(entry.overrides.iter().flat_map(|it| &it.place))
            .map(|code| (code, PlaceCode::new(code).ok().and_then(|code| places.at(&code))));
        let units = Sets::new(directory.forest(), units);
        let places = Sets::new(places.forest(), inside);
        let of = vec![OnceLock::new(); units.codes.len()];
        Some(Self { zone, units, places, of })
    }

    /// The calendar of a unit and a place by their indices; `entry` is the one it was made from.
    pub(crate) fn of(&self, entry: &CalendarEntry, unit: Option<u32>, place: Option<u32>) -> &Calendar {
        let (unit, place) = (self.units.of(unit), self.places.of(place));
        let row = self.of[unit].get_or_init(|| vec![OnceLock::new(); self.places.codes.len()].into());
        row[place].get_or_init(|| {
            let (units, places) = (&self.units.codes[unit], &self.places.codes[place]);
            let fitting = Calendar::fitting(entry, self.zone, |it| {
                it.is_everywhere()
                    || it.units.iter().any(|code| units.contains(code))
                    || it.places.iter().any(|code| places.contains(code))
            });
            fitting.expect("the whole entry was read when the rulebook was compiled")
        })
    }
}
