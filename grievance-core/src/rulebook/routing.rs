//! Which office gets a case: subject and jurisdiction, the most specific rule wins.

use crate::kernel::code::{CategoryCode, PlaceCode, UnitCode};
use crate::rulebook::directory::Directory;
use crate::rulebook::document::Document;
use crate::rulebook::subject::{Categories, Places};
use std::collections::HashMap;

/// Which rule sent a case where it went.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RouteRule {
    /// `route[n]` of the rulebook.
    Route(u32),
    /// The `unit` of that category.
    Category(CategoryCode),
    /// No rule fits: the cell.
    Cell,
    /// The rule's office is the one complained about, or below it: the nearest office above
    /// that line.
    Around(UnitCode),
    /// The rule's office may not know of cases of that sealed subject: one that may.
    Sealed(CategoryCode),
}

/// An office, and the rule that named it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Routed {
    /// The rule.
    pub rule: RouteRule,
    /// The office.
    pub unit: UnitCode,
}

/// The compiled routing rules.
///
/// A rule fits a case when its subject is the case's or a wider one, and its place the case's or
/// one around it. The deepest subject wins; among equal subjects, the deepest place.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// (category, place), `None` for any, to the unit and its rule.
    rules: HashMap<(Option<u32>, Option<u32>), Routed>,
}

impl Routing {
    pub(crate) fn new(document: &Document, categories: &Categories, places: &Places) -> Option<Self> {
        let mut rules = HashMap::new();
        for (n, route) in (0_u32..).zip(&document.route) {
            let category = match &route.category {
                Some(code) => Some(categories.at(&CategoryCode::new(code).ok()?)?),
                None => None,
            };
            let place = match &route.place {
                Some(code) => Some(places.at(&PlaceCode::new(code).ok()?)?),
                None => None,
            };
            let unit = UnitCode::new(&route.unit).ok()?;
            rules.entry((category, place)).or_insert(Routed { rule: RouteRule::Route(n), unit });
        }
        for entry in &document.category {
            let Some(unit) = &entry.unit else { continue };
            let code = CategoryCode::new(&entry.code).ok()?;
            let key = (Some(categories.at(&code)?), None);
            let unit = UnitCode::new(unit).ok()?;
            rules.entry(key).or_insert(Routed { rule: RouteRule::Category(code), unit });
        }
        Some(Self { rules })
    }

    /// The office for a subject and a place: total, there is always one.
    pub fn route(
        &self,
        directory: &Directory,
        (categories, category): (&Categories, Option<&CategoryCode>),
        (places, place): (&Places, Option<&PlaceCode>),
    ) -> Routed {
        let category = category.and_then(|code| categories.at(code));
        let place = place.and_then(|code| places.at(code));
        let subjects = category.into_iter().flat_map(|at| categories.forest().upward(at)).map(Some);
        for subject in subjects.chain([None]) {
            let around = place.into_iter().flat_map(|at| places.forest().upward(at)).map(Some);
            for place in around.chain([None]) {
                if let Some(routed) = self.rules.get(&(subject, place)) {
                    return routed.clone();
                }
            }
        }
        Routed { rule: RouteRule::Cell, unit: directory.cell().clone() }
    }
}
