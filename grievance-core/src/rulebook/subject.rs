//! Subjects and jurisdictions: the two trees that route a case.

use crate::kernel::code::{CategoryCode, PlaceCode, PriorityCode};
use crate::rulebook::document::{CategoryEntry, PlaceEntry};
use crate::rulebook::forest::Forest;
use std::collections::HashMap;

/// The subject tree.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    codes: Vec<CategoryCode>,
    priorities: Vec<Option<PriorityCode>>,
    by_code: HashMap<CategoryCode, u32>,
    forest: Forest,
}

impl Categories {
    pub(crate) fn new(entries: &[CategoryEntry]) -> Option<Self> {
        let by_code: HashMap<_, _> = (0_u32..)
            .zip(entries)
            .map(|(at, entry)| Some((CategoryCode::new(&entry.code).ok()?, at)))
            .collect::<Option<_>>()?;
        let codes = entries.iter().map(|entry| CategoryCode::new(&entry.code).ok()).collect::<Option<_>>()?;
        let parents = entries
            .iter()
            .map(|entry| entry.parent.as_deref().map_or(Some(None), |up| by_code.get(up).copied().map(Some)))
            .collect::<Option<_>>()?;
        let priorities = entries
            .iter()
            .map(|entry| entry.priority.as_deref().map(PriorityCode::new).transpose().ok())
            .collect::<Option<_>>()?;
        Some(Self { codes, priorities, by_code, forest: Forest::new(parents)? })
    }

    /// Whether the rulebook has the subject.
    pub fn contains(&self, code: &CategoryCode) -> bool {
        self.by_code.contains_key(code)
    }

    /// Every subject, in the order of the rulebook.
    pub fn iter(&self) -> impl Iterator<Item = &CategoryCode> {
        self.codes.iter()
    }

    /// A subject and every one below it; none for one that the rulebook does not have.
    pub fn inside(&self, wider: &CategoryCode) -> impl Iterator<Item = &CategoryCode> {
        let top = self.at(wider);
        let below = (0_u32..).zip(&self.codes);
        below.filter_map(move |(at, code)| self.forest.within(at, top?).then_some(code))
    }

    /// The priority class of the subject, or of the nearest wider one that has one.
    pub fn priority(&self, code: &CategoryCode) -> Option<&PriorityCode> {
        let at = *self.by_code.get(code)?;
        self.forest.upward(at).find_map(|up| self.priorities[up as usize].as_ref())
    }

    /// The subject and those wider than it, nearest first.
    pub fn upward(&self, code: &CategoryCode) -> impl Iterator<Item = &CategoryCode> {
        let line = self.at(code).into_iter().flat_map(|at| self.forest.upward(at));
        line.map(|at| &self.codes[at as usize])
    }

    /// Whether a subject is `wider` or lies below it.
    pub fn is_within(&self, code: &CategoryCode, wider: &CategoryCode) -> bool {
        match (self.at(code), self.at(wider)) {
            (Some(at), Some(wider)) => self.forest.upward(at).any(|up| up == wider),
            _ => false,
        }
    }

    pub(crate) fn at(&self, code: &CategoryCode) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    pub(crate) fn forest(&self) -> &Forest {
        &self.forest
    }
}

/// The jurisdiction tree.
#[derive(Clone, Debug, Default)]
pub struct Places {
    codes: Vec<PlaceCode>,
    by_code: HashMap<PlaceCode, u32>,
    forest: Forest,
}

impl Places {
    pub(crate) fn new(entries: &[PlaceEntry]) -> Option<Self> {
        let by_code: HashMap<_, _> = (0_u32..)
            .zip(entries)
            .map(|(at, entry)| Some((PlaceCode::new(&entry.code).ok()?, at)))
            .collect::<Option<_>>()?;
        let codes = entries.iter().map(|entry| PlaceCode::new(&entry.code).ok()).collect::<Option<_>>()?;
        let parents = entries
            .iter()
            .map(|entry| entry.parent.as_deref().map_or(Some(None), |up| by_code.get(up).copied().map(Some)))
            .collect::<Option<_>>()?;
        Some(Self { codes, by_code, forest: Forest::new(parents)? })
    }

    /// Whether the rulebook has the jurisdiction.
    pub fn contains(&self, code: &PlaceCode) -> bool {
        self.by_code.contains_key(code)
    }

    /// Every jurisdiction, in the order of the rulebook.
    pub fn iter(&self) -> impl Iterator<Item = &PlaceCode> {
        self.codes.iter()
    }

    /// A jurisdiction and every one in it; none for one that the rulebook does not have.
    pub fn inside(&self, around: &PlaceCode) -> impl Iterator<Item = &PlaceCode> {
        let top = self.at(around);
        let inner = (0_u32..).zip(&self.codes);
        inner.filter_map(move |(at, code)| self.forest.within(at, top?).then_some(code))
    }

    /// The jurisdiction and those around it, nearest first.
    pub fn around(&self, code: &PlaceCode) -> impl Iterator<Item = &PlaceCode> {
        let line = self.at(code).into_iter().flat_map(|at| self.forest.upward(at));
        line.map(|at| &self.codes[at as usize])
    }

    /// Whether a jurisdiction is `around` or lies in it.
    pub fn is_within(&self, code: &PlaceCode, around: &PlaceCode) -> bool {
        matches!((self.at(code), self.at(around)), (Some(at), Some(top)) if self.forest.within(at, top))
    }

    pub(crate) fn at(&self, code: &PlaceCode) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    pub(crate) fn forest(&self) -> &Forest {
        &self.forest
    }
}
