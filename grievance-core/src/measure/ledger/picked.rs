//! Which books a question is about.

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

/// Which offices and which subject a question is about: plain data, of no particular ledger. A code
/// that a ledger does not have has no case.
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

    /// The same offices, of one subject.
    #[must_use]
    pub fn of(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }
}
