//! Which offices and subjects a question is about.

use crate::grievance::project::CaseFact;
use crate::kernel::code::UnitCode;
use crate::rulebook::directory::Directory;
use smol_str::SmolStr;

/// Which subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// All, and cases without one.
    #[default]
    Any,
    /// One.
    Of(SmolStr),
    /// Cases without one.
    None,
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
            && match &self.subject {
                Subject::Any => true,
                Subject::Of(code) => category == Some(code.as_str()),
                Subject::None => category.is_none(),
            }
    }

    /// The same offices, of one subject.
    #[must_use]
    pub fn of(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }
}
