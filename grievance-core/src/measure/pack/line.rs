//! A line of the pack: one of the closed list, or a band of age.

use crate::vocabulary::{MisLine, NotInList};
use serde::{Deserialize, Serialize};

/// What a count of the pack counts.
///
/// As text the word of the closed list, or `age_1` for the youngest band of the pending, `age_2`
/// for the next, and so on.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::pack::Line;
/// use grievance_core::vocabulary::MisLine;
///
/// assert_eq!("disposed".parse(), Ok(Line::Of(MisLine::Disposed)));
/// assert_eq!("age_4".parse(), Ok(Line::Age(3)));
/// assert!("age_0".parse::<Line>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Line {
    /// One of the closed list.
    Of(MisLine),
    /// The pending in a band of age, from 0, youngest first.
    Age(u8),
}

impl Line {
    /// Its place among the counters of an office and a week.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Of(line) => line as usize,
            Self::Age(band) => MisLine::ALL.len() + band as usize,
        }
    }

    /// Every line of a pack with so many bands.
    pub fn all(bands: usize) -> impl Iterator<Item = Self> {
        let ages = (0..bands).filter_map(|band| u8::try_from(band).ok()).map(Self::Age);
        MisLine::ALL.iter().copied().map(Self::Of).chain(ages)
    }

    /// Whether it is counted at the end of the week and not over it.
    pub const fn is_stock(self) -> bool {
        match self {
            Self::Age(_) => true,
            Self::Of(line) => matches!(
                line,
                MisLine::BroughtForward
                    | MisLine::Pending
                    | MisLine::InTime
                    | MisLine::DueSoon
                    | MisLine::PastDue
                    | MisLine::NoTarget
                    | MisLine::Climbed
            ),
        }
    }
}

impl From<MisLine> for Line {
    fn from(line: MisLine) -> Self {
        Self::Of(line)
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Of(line) => line.fmt(f),
            Self::Age(band) => write!(f, "age_{}", u16::from(*band) + 1),
        }
    }
}

impl std::str::FromStr for Line {
    type Err = NotInList;

    fn from_str(text: &str) -> Result<Self, NotInList> {
        let Some(band) = text.strip_prefix("age_") else { return text.parse().map(Self::Of) };
        let none = NotInList { list: "Line", words: &[] };
        let nth: u8 = band.parse().map_err(|_| none.clone())?;
        let band = nth.checked_sub(1).filter(|_| nth.to_string() == band).ok_or(none)?;
        Ok(Self::Age(band))
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.to_string()
    }
}

impl TryFrom<String> for Line {
    type Error = NotInList;

    fn try_from(text: String) -> Result<Self, NotInList> {
        text.parse()
    }
}
