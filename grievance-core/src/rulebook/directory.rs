//! The offices: who stands above whom, and which of them exist on a day.

use crate::kernel::code::{LanguageCode, PostCode, UnitCode, UnitKindCode};
use crate::rulebook::document::UnitEntry;
use crate::rulebook::forest::Forest;
use chrono::NaiveDate;
use std::collections::HashMap;

/// An office.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its code.
    pub code: UnitCode,
    /// Its name in the rulebook's default language.
    pub name: String,
    /// Its kind.
    pub kind: Option<UnitKindCode>,
    /// The post that heads it; without one, what concerns its head falls upward.
    pub head: Option<PostCode>,
    language: Option<LanguageCode>,
    second: Option<u32>,
    appellate: Option<u32>,
    pub(crate) valid_from: Option<NaiveDate>,
    pub(crate) valid_to: Option<NaiveDate>,
}

/// The checked tree of offices.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    units: Vec<Unit>,
    by_code: HashMap<UnitCode, u32>,
    forest: Forest,
    cell: u32,
}

impl Directory {
    /// Compiles linted entries; `None` when they are not what the linter promised.
    pub(crate) fn new(entries: &[UnitEntry], cell: &str) -> Option<Self> {
        let by_code: HashMap<UnitCode, u32> = (0_u32..)
            .zip(entries)
            .map(|(at, entry)| Some((UnitCode::new(&entry.code).ok()?, at)))
            .collect::<Option<_>>()?;
        let find = |code: &str| by_code.get(code).copied();
        let cell = find(cell)?;
        // Units that name no parent hang under the root that the cell belongs to.
        let root =
            std::iter::successors(Some(cell), |at| entries[*at as usize].parent.as_deref().and_then(find))
                .take(entries.len())
                .last()?;
        let parents = (0_u32..)
            .zip(entries)
            .map(|(at, entry)| match &entry.parent {
                Some(parent) => find(parent).map(Some),
                None => Some((at != root).then_some(root)),
            })
            .collect::<Option<Vec<_>>>()?;
        let units = entries
            .iter()
            .map(|entry| {
                Some(Unit {
                    code: UnitCode::new(&entry.code).ok()?,
                    name: if entry.name.is_empty() { entry.code.clone() } else { entry.name.clone() },
                    kind: (!entry.kind.is_empty())
                        .then(|| UnitKindCode::new(&entry.kind))
                        .transpose()
                        .ok()?,
                    head: entry.head.as_deref().map(PostCode::new).transpose().ok()?,
                    language: entry.language.as_deref().map(LanguageCode::new).transpose().ok()?,
                    second: entry.second_superior.as_deref().and_then(find),
                    appellate: entry.appellate.as_deref().and_then(find),
                    valid_from: entry.valid_from,
                    valid_to: entry.valid_to,
                })
            })
            .collect::<Option<_>>()?;
        Some(Self { units, by_code, forest: Forest::new(parents)?, cell })
    }

    pub(crate) fn forest(&self) -> &Forest {
        &self.forest
    }

    pub(crate) fn at(&self, code: &UnitCode) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    fn code(&self, at: u32) -> &UnitCode {
        &self.units[at as usize].code
    }

    /// The office of that code.
    pub fn get(&self, code: &UnitCode) -> Option<&Unit> {
        self.at(code).map(|at| &self.units[at as usize])
    }

    /// Every office, in the order of the rulebook.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    /// The office where cases come in, and where a case goes that no office will take.
    pub fn cell(&self) -> &UnitCode {
        self.code(self.cell)
    }

    /// The office above, if any.
    pub fn parent(&self, code: &UnitCode) -> Option<&UnitCode> {
        self.forest.parent(self.at(code)?).map(|up| self.code(up))
    }

    /// The office and those above it, nearest first.
    pub fn upward(&self, code: &UnitCode) -> impl Iterator<Item = &UnitCode> {
        self.at(code).into_iter().flat_map(|at| self.forest.upward(at)).map(|at| self.code(at))
    }

    /// The office that stands above the cell, or the cell: all of the directory is below it, but for offices that no line
    /// joins to the cell.
    pub fn top(&self) -> &UnitCode {
        self.upward(self.cell()).last().unwrap_or(self.cell())
    }

    /// Whether `unit` lies strictly below `top`.
    pub fn is_below(&self, unit: &UnitCode, top: &UnitCode) -> bool {
        unit != top && self.is_within(unit, top)
    }

    /// Whether `unit` is `top` or lies below it.
    pub fn is_within(&self, unit: &UnitCode, top: &UnitCode) -> bool {
        matches!((self.at(unit), self.at(top)), (Some(unit), Some(top)) if self.forest.within(unit, top))
    }

    /// The second superior of an office: its own, or that of the nearest office above it that names one.
    pub fn second_superior(&self, unit: &UnitCode) -> Option<&UnitCode> {
        let mut line = self.at(unit).into_iter().flat_map(|at| self.forest.upward(at));
        line.find_map(|up| self.units[up as usize].second).map(|second| self.code(second))
    }

    /// Whether `top` is above `unit` by the directory or as a second superior of it or of an
    /// office above it.
    pub fn oversees(&self, top: &UnitCode, unit: &UnitCode) -> bool {
        let (Some(top), Some(unit)) = (self.at(top), self.at(unit)) else { return false };
        self.forest.within(unit, top)
            || self
                .forest
                .upward(unit)
                .filter_map(|up| self.units[up as usize].second)
                .any(|second| self.forest.within(second, top))
    }

    /// The offices that oversee `unit`, itself first: those above it, then those above a second
    /// superior of any of them; each once. None for an office that the rulebook does not have.
    pub fn overseers(&self, unit: &UnitCode) -> Vec<&UnitCode> {
        let line = || self.at(unit).into_iter().flat_map(|at| self.forest.upward(at));
        let seconds = line().filter_map(|up| self.units[up as usize].second);
        let mut found: Vec<u32> = Vec::new();
        for up in line().chain(seconds.flat_map(|second| self.forest.upward(second))) {
            if !found.contains(&up) {
                found.push(up);
            }
        }
        found.into_iter().map(|at| self.code(at)).collect()
    }

    /// The unit that decides appeals against `unit`: its own, or the next one upward that names
    /// one, else the office above it, else itself (the root has nobody above).
    pub fn appellate_of<'a>(&'a self, unit: &'a UnitCode) -> &'a UnitCode {
        let Some(at) = self.at(unit) else { return unit };
        let named = self.forest.upward(at).find_map(|up| self.units[up as usize].appellate);
        named.or_else(|| self.forest.parent(at)).map_or(unit, |up| self.code(up))
    }

    /// The language in which an office is written to: its own, or that of the nearest office above it
    /// that names one.
    pub fn language_of(&self, unit: &UnitCode) -> Option<&LanguageCode> {
        let mut line = self.at(unit).into_iter().flat_map(|at| self.forest.upward(at));
        line.find_map(|up| self.units[up as usize].language.as_ref())
    }

    /// Whether the office exists on that day. Both ends of its validity belong to it.
    pub fn exists_on(&self, code: &UnitCode, day: NaiveDate) -> bool {
        self.get(code).is_some_and(|unit| {
            unit.valid_from.is_none_or(|from| from <= day) && unit.valid_to.is_none_or(|to| day <= to)
        })
    }
}
