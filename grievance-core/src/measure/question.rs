//! One question that a table, a ledger and a database answer alike.

use crate::grievance::project::CaseFact;
use crate::kernel::text::Digest;
use crate::measure::mis::Terms;
use crate::measure::picked::{Picked, Subject};
use crate::measure::rollup::Rollup;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// By what cases are grouped, and chosen.
///
/// These are the codes of a case that a stored row and a table have. Stage and phase are not among them: a row
/// tells those of today alone, and no past day can be asked by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The office that has custody.
    Unit,
    /// Subject.
    Category,
    /// Where it is about.
    Place,
    /// How it came in.
    Channel,
    /// What kind of case it is: grievance, suggestion and so on.
    Kind,
    /// Priority class.
    Priority,
    /// Reason of the closure; what is pending has none.
    Reason,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 7] =
        [Self::Unit, Self::Category, Self::Place, Self::Channel, Self::Kind, Self::Priority, Self::Reason];

    /// The code that a case has in it.
    pub(crate) fn of(self, case: &CaseFact) -> Option<&str> {
        match self {
            Self::Unit => Some(case.unit.as_str()),
            Self::Category => case.category.as_ref().map(AsRef::as_ref),
            Self::Place => case.place.as_ref().map(AsRef::as_ref),
            Self::Channel => case.channel.as_ref().map(AsRef::as_ref),
            Self::Kind => Some(case.kind.as_str()),
            Self::Priority => case.priority.as_ref().map(AsRef::as_ref),
            Self::Reason => case.reason.as_ref().map(AsRef::as_ref),
        }
    }
}

/// How much there is, and how old: as of a day, by a dimension or a level of its tree, of some cases.
///
/// It is asked of a table ([`Cases::answer`](crate::measure::cases::table::Cases::answer)), of a
/// ledger ([`Ledger::answer`](crate::measure::ledger::keep::Ledger::answer)) or of a store
/// ([`Journal::survey`](crate::store::Journal::survey)), and each gives the same
/// [`Answer`](crate::measure::answer::Answer).
///
/// # Examples
///
/// Pending by department, of roads and whatever lies below that subject, in one district:
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::measure::picked::{Picked, Subject};
/// use grievance_core::measure::question::{Dimension, Question};
/// use grievance_core::measure::rollup::Rollup;
/// use grievance_core::vocabulary::AgeRule;
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let terms = Terms::new("2026-04-01".parse()?, rulebook.zone(), AgeRule::Calendar);
/// let roads = Subject::within(rulebook.categories(), &"roads".parse()?);
/// let district = "howrah".parse()?;
/// let question = Question::new(terms, Dimension::Unit)
///     .rolled_up(Rollup::units(rulebook.directory(), 1))
///     .about(Picked::all().of(roads))
///     .only(Dimension::Place, rulebook.places().inside(&district).map(|place| place.as_str()));
/// assert_eq!(question.by(), Dimension::Unit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub(crate) terms: Terms,
    pub(crate) by: Dimension,
    pub(crate) rolled: Option<Rollup>,
    pub(crate) picked: Picked,
    /// INVARIANT: nothing of units and categories, which are in `picked`.
    pub(crate) only: BTreeMap<Dimension, BTreeSet<SmolStr>>,
}

impl Question {
    /// About every case.
    pub fn new(terms: Terms, by: Dimension) -> Self {
        Self { terms, by, rolled: None, picked: Picked::all(), only: BTreeMap::new() }
    }

    /// The same about some offices and subjects, in the place of those that were picked before.
    #[must_use]
    pub fn about(self, picked: Picked) -> Self {
        Self { picked, ..self }
    }

    /// The same about those cases alone that have one of these codes in a dimension. Said again it narrows
    /// further: what is left has a code of each list.
    #[must_use]
    pub fn only<'a>(mut self, by: Dimension, codes: impl IntoIterator<Item = &'a str>) -> Self {
        let codes: BTreeSet<SmolStr> = codes.into_iter().map(SmolStr::new).collect();
        match by {
            Dimension::Unit => self.picked = self.picked.only_units(&codes),
            Dimension::Category => {
                let subject = std::mem::take(&mut self.picked.subject);
                self.picked.subject = subject.only(codes);
            }
            Dimension::Place
            | Dimension::Channel
            | Dimension::Kind
            | Dimension::Priority
            | Dimension::Reason => {
                self.only
                    .entry(by)
                    .and_modify(|own| own.retain(|code| codes.contains(code)))
                    .or_insert(codes);
            }
        }
        self
    }

    /// The same by what each code of the dimension rolls up to.
    #[must_use]
    pub fn rolled_up(self, rollup: Rollup) -> Self {
        Self { rolled: Some(rollup), ..self }
    }

    /// As of which day, in which zone, by which rule, in which bands.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// By what they are grouped.
    pub const fn by(&self) -> Dimension {
        self.by
    }

    /// The group of a code.
    pub(crate) fn group<'a>(&'a self, code: Option<&'a str>) -> Option<&'a str> {
        match &self.rolled {
            None => code,
            Some(rollup) => code.and_then(|code| rollup.code(code)),
        }
    }

    /// Whether it is about a case.
    pub(crate) fn covers(&self, case: &CaseFact) -> bool {
        let has = |(by, codes): (&Dimension, &BTreeSet<SmolStr>)| {
            by.of(case).is_some_and(|code| codes.contains(code))
        };
        self.picked.covers(case) && self.only.iter().all(has)
    }

    /// What tells questions about different cases, or by different levels, apart; `None` for one about every
    /// case by the codes themselves.
    pub(crate) fn about_what(&self) -> Option<Digest> {
        let Self { terms: _, by: _, rolled, picked, only } = self;
        let all = rolled.is_none() && only.is_empty() && *picked == Picked::all();
        (!all).then(|| {
            let subject: Option<Vec<Option<&SmolStr>>> = match &picked.subject {
                Subject::Any => None,
                Subject::Of(code) => Some(vec![Some(code)]),
                Subject::Among(codes) => Some(codes.iter().map(Some).collect()),
                Subject::None => Some(vec![None]),
            };
            let said = serde_json::to_vec(&(rolled, &picked.units, subject, only));
            Digest::of(&[b"question", &said.expect("lists and maps of texts are JSON")])
        })
    }
}
