//! Which offices and subjects a question is about.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, UnitCode};
use crate::rulebook::directory::Directory;
use crate::rulebook::subject::Categories;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Which subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// All, and cases without one.
    #[default]
    Any,
    /// One.
    Of(SmolStr),
    /// One of several: a subject with those below it ([`within`](Self::within)).
    Among(BTreeSet<SmolStr>),
    /// Cases without one.
    None,
}

impl Subject {
    /// A subject and every one below it in the tree; nothing when it is not in it.
    pub fn within(categories: &Categories, wider: &CategoryCode) -> Self {
        Self::Among(categories.inside(wider).map(|code| SmolStr::new(code.as_str())).collect())
    }

    /// Whether cases of a subject, or without one, are meant.
    pub(crate) fn has(&self, category: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Of(code) => category == Some(code.as_str()),
            Self::Among(codes) => category.is_some_and(|category| codes.contains(category)),
            Self::None => category.is_none(),
        }
    }

    /// Those of them that are on a list.
    pub(crate) fn only(self, mut list: BTreeSet<SmolStr>) -> Self {
        match self {
            Self::Any => Self::Among(list),
            Self::Of(code) if list.contains(&code) => Self::Of(code),
            Self::Of(_) | Self::None => Self::Among(BTreeSet::new()),
            Self::Among(codes) => {
                list.retain(|code| codes.contains(code));
                Self::Among(list)
            }
        }
    }
}

/// Which offices and which subject a question is about: plain data, of no particular ledger,
/// table or database. A code that is not there has no case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    pub(crate) units: Option<Vec<SmolStr>>,
    pub(crate) subject: Subject,
}

impl Picked {
    /// Every office, every subject.
    pub fn all() -> Self {
        Self::default()
    }

    /// These offices; one that is named twice counts once.
    pub fn units<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut units: Vec<SmolStr> = codes.into_iter().map(SmolStr::new).collect();
        units.sort_unstable();
        units.dedup();
        Self { units: Some(units), subject: Subject::Any }
    }

    /// An office and everything below it in the directory; nothing when it is not in it.
    pub fn below(directory: &Directory, top: &UnitCode) -> Self {
        let own = directory.iter().filter(|unit| directory.is_within(&unit.code, top));
        Self::units(own.map(|unit| unit.code.as_str()))
    }

    /// Every office that an office oversees ([`Directory::oversees`]): itself, those below it, and those
    /// of which it, or an office below it, is the second superior, with what is below them.
    pub fn overseen(directory: &Directory, top: &UnitCode) -> Self {
        let own = directory.iter().filter(|unit| directory.oversees(top, &unit.code));
        Self::units(own.map(|unit| unit.code.as_str()))
    }

    /// Whether a case is among them.
    pub(crate) fn covers(&self, case: &CaseFact) -> bool {
        self.has(case.unit.as_str(), case.category.as_ref().map(AsRef::as_ref))
    }

    /// Whether cases of an office and a subject are among them.
    pub(crate) fn has(&self, unit: &str, category: Option<&str>) -> bool {
        self.units
            .as_ref()
            .is_none_or(|units| units.binary_search_by(|known| known.as_str().cmp(unit)).is_ok())
            && self.subject.has(category)
    }

    /// Those of the offices that are on a list.
    pub(crate) fn only_units(self, list: &BTreeSet<SmolStr>) -> Self {
        let units = match self.units {
            None => list.iter().cloned().collect(),
            Some(units) => units.into_iter().filter(|code| list.contains(code)).collect(),
        };
        Self { units: Some(units), ..self }
    }

    /// The same offices, of one subject or some.
    #[must_use]
    pub fn of(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }
}
