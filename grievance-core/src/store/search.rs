//! Asking a store for cases.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, SourceCode, StageCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::kernel::time::from_millis;
use crate::store::blind::Sought;
use crate::vocabulary::{ErrorCode, Phase};
use chrono::{DateTime, Utc};

/// Which cases are wanted: everything that is given must fit. Newest lodging first.
///
/// Names, mobiles and e-mail addresses are found by their tokens ([`Sought`]): a desk makes them of
/// what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// This registration number.
    pub number: Option<String>,
    /// A complainant or signatory whose name has all these words.
    pub name: Option<Sought>,
    /// A complainant, signatory or representative with this mobile.
    pub mobile: Option<Sought>,
    /// A complainant with this e-mail address.
    pub email: Option<Sought>,
    /// This external number, of any source unless one is given.
    pub external_number: Option<String>,
    /// Imported from this system.
    pub source: Option<SourceCode>,
    /// Lodged at or after this instant.
    pub lodged_from: Option<DateTime<Utc>>,
    /// Lodged before this instant.
    pub lodged_before: Option<DateTime<Utc>>,
    /// Held by one of these offices; any if empty.
    pub units: Vec<UnitCode>,
    /// Of one of these subjects; any if empty.
    pub categories: Vec<CategoryCode>,
    /// In one of these stages; any if empty.
    pub stages: Vec<StageCode>,
    /// In one of these phases; any if empty.
    pub phases: Vec<Phase>,
    /// After this place in the order.
    pub after: Option<Cursor>,
    /// How many at most: 1 to [`Search::MOST`]; 0 stands for 50.
    pub limit: u32,
}

impl Search {
    /// The longest page.
    pub const MOST: u32 = 1_000;

    /// How many cases the page has at most.
    pub fn page_size(&self) -> u32 {
        if self.limit == 0 { 50 } else { self.limit.min(Self::MOST) }
    }

    /// Who is sought, if anybody.
    pub fn people(&self) -> impl Iterator<Item = &Sought> {
        [&self.name, &self.mobile, &self.email].into_iter().flatten()
    }

    /// Whether a case fits, apart from its place in the order and from who is sought.
    pub fn fits(&self, case: &CaseFact) -> bool {
        let any = |wanted: bool, found: bool| wanted || found;
        self.number
            .as_deref()
            .is_none_or(|number| case.number.as_ref().is_some_and(|own| own.as_str() == number))
            && self
                .external_number
                .as_deref()
                .is_none_or(|number| case.external_number.as_deref().is_some_and(|own| own == number))
            && self.source.as_ref().is_none_or(|source| case.source.as_ref() == Some(source))
            && self.lodged_from.is_none_or(|from| from <= case.lodged_at)
            && self.lodged_before.is_none_or(|before| case.lodged_at < before)
            && any(self.units.is_empty(), self.units.contains(&case.unit))
            && any(
                self.categories.is_empty(),
                case.category.as_ref().is_some_and(|own| self.categories.contains(own)),
            )
            && any(self.stages.is_empty(), self.stages.contains(&case.stage))
            && any(self.phases.is_empty(), self.phases.contains(&case.phase))
    }
}

/// A place in the order of a search: lodged then, of that identity.
///
/// As text it crosses from one request to the next: `1767225600000.grv_…`, milliseconds since 1970
/// and the identity, of one spelling only. It names a place and not a case: it opens nothing, a
/// made-up one is as good as any, and whoever brings another's gets what of their own lies after it.
/// Give it to those alone who saw the page that it ends.
///
/// # Examples
///
/// ```
/// use grievance_core::store::search::Cursor;
///
/// let cursor: Cursor = "1767225600000.grv_00000000000000000000000000000001".parse()?;
/// assert_eq!(cursor.to_string().parse(), Ok(cursor));
/// assert!("1767225600000".parse::<Cursor>().is_err());
/// # Ok::<(), grievance_core::store::search::NotACursor>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the last case of the page before was lodged.
    pub lodged_at: DateTime<Utc>,
    /// Its identity.
    pub case: GrievanceId,
}

/// Why a text is no cursor. What the text was is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the place in the list is not one that a page has given; begin at the first page")]
pub struct NotACursor;

impl NotACursor {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::InvalidCommand
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.lodged_at.timestamp_millis(), self.case)
    }
}

impl std::str::FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (millis, case) = text.split_once('.').ok_or(NotACursor)?;
        let count: i64 = millis.parse().map_err(|_| NotACursor)?;
        // `+7`, `007` and `-0` are other spellings of what is written in one way.
        if count.to_string() != millis {
            return Err(NotACursor);
        }
        let lodged_at = from_millis(count).ok_or(NotACursor)?;
        Ok(Self { lodged_at, case: case.parse().map_err(|_| NotACursor)? })
    }
}

/// A page of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cases, newest lodging first, then by descending identity.
    pub cases: Vec<CaseFact>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

impl Page {
    /// Makes a page of what was found, in order, when one more than fits on it was asked for.
    pub(crate) fn cut(mut cases: Vec<CaseFact>, size: u32) -> Self {
        let size = size as usize;
        let more = cases.len() > size;
        cases.truncate(size);
        let last = cases.last().filter(|_| more);
        let next = last.map(|last| Cursor { lodged_at: last.lodged_at, case: last.id });
        Self { cases, next }
    }
}
