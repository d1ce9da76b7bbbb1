//! Who stands above whom, as rows: what a store needs to look below an office or into a place.

use crate::kernel::code::{PlaceCode, UnitCode};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

/// The lines of a rulebook version as pairs, each office and place with itself among them.
///
/// A store keeps it for each version, so that a search below an office of five thousand joins a
/// table and does not list five thousand codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// An office, and one that it oversees by either line.
    pub units: BTreeSet<(UnitCode, UnitCode)>,
    /// A jurisdiction, and one that lies in it.
    pub places: BTreeSet<(PlaceCode, PlaceCode)>,
}

impl Chart {
    /// The lines of a rulebook.
    pub fn of(rulebook: &Rulebook) -> Self {
        let directory = rulebook.directory();
        let units = directory.iter().flat_map(|unit| {
            directory.overseers(&unit.code).into_iter().map(|top| (top.clone(), unit.code.clone()))
        });
        let places = rulebook.places();
        let inside = places
            .iter()
            .flat_map(|place| places.around(place).map(|around| (around.clone(), place.clone())));
        Self { units: units.collect(), places: inside.collect() }
    }

    /// Whether an office oversees another, or is it.
    pub fn oversees(&self, top: &UnitCode, unit: &UnitCode) -> bool {
        self.units.contains(&(top.clone(), unit.clone()))
    }

    /// Whether a jurisdiction is another, or lies around it.
    pub fn contains(&self, around: &PlaceCode, place: &PlaceCode) -> bool {
        self.places.contains(&(around.clone(), place.clone()))
    }
}
