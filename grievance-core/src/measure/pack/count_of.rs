//! What a count of the review counts.

use crate::kernel::code::{CategoryCode, CauseCode, ReasonCode, StageCode};
use crate::measure::pack::line::Line;
use crate::vocabulary::{DisposalClass, MisLine, NotInList, Suspicion};
use serde::{Deserialize, Serialize};

/// What one count of a review counts: a line of the pack, or what stands behind it on the page.
///
/// As text the word of the line, with so many weeks before the latest one after a colon; or a word, and after a colon
/// what it is of. Where that is empty, those are meant that have none.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::pack::CountOf;
/// use grievance_core::vocabulary::{DisposalClass, MisLine};
///
/// assert_eq!("disposed".parse(), Ok(CountOf::from(MisLine::Disposed)));
/// assert_eq!("disposed:1".parse(), Ok(CountOf::Line(MisLine::Disposed.into(), 1))); // the week before
/// assert_eq!("level:3".parse(), Ok(CountOf::Level(3)));
/// assert_eq!("class:benefit".parse(), Ok(CountOf::Class(Some(DisposalClass::Benefit))));
/// assert_eq!("class:".parse(), Ok(CountOf::Class(None)));
/// assert!("disposed:12".parse::<CountOf>().is_err()); // a pack has twelve weeks, the latest is 0
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum CountOf {
    /// A line, so many weeks before the latest one; at most eleven. `disposed`, `age_2:1`.
    Line(Line, u8),
    /// The pending by the highest level that time has brought. `level:3`.
    Level(u32),
    /// The pending in the oldest band of age. `old_in_total`.
    OldInTotal,
    /// The pending that their office has had as long as the oldest band says. `old_with_unit`.
    OldWithUnit,
    /// The pending whose complainant was never told anything. `never_told`.
    NeverTold,
    /// The disposed of which an outcome is owed. `owed`.
    Owed,
    /// Those of them whose review date has passed. `owed_overdue`.
    OwedOverdue,
    /// Stays in a stage that are over, or of the whole case. `over:with_unit`, `over:`.
    Over(Option<StageCode>),
    /// Those that go on. `still:with_unit`, `still:`.
    Still(Option<StageCode>),
    /// Closings of the last four weeks with a reason, or without one. `reason:redressed`.
    Reason(Option<ReasonCode>),
    /// Closings of the last four weeks by what they did. `class:benefit`.
    Class(Option<DisposalClass>),
    /// Closings of the last four weeks at which something points, of an office and not of one officer.
    /// `suspected:often_reopened`.
    Suspected(Suspicion),
    /// The disposed with a root cause, of a subject. `cause:documents:pension`.
    Cause(CauseCode, Option<CategoryCode>),
}

impl CountOf {
    /// Whether it is a count of the closings of the last four weeks.
    pub const fn is_of_closings(&self) -> bool {
        matches!(self, Self::Reason(_) | Self::Class(_) | Self::Suspected(_))
    }
}

impl From<Line> for CountOf {
    fn from(line: Line) -> Self {
        Self::Line(line, 0)
    }
}

impl From<MisLine> for CountOf {
    fn from(line: MisLine) -> Self {
        Self::Line(line.into(), 0)
    }
}

/// A code, or nothing for those that have none.
fn or_none<T: ToString>(code: Option<&T>) -> String {
    code.map_or_else(String::new, ToString::to_string)
}

impl std::fmt::Display for CountOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line, 0) => line.fmt(f),
            Self::Line(line, ago) => write!(f, "{line}:{ago}"),
            Self::Level(level) => write!(f, "level:{level}"),
            Self::OldInTotal => f.write_str("old_in_total"),
            Self::OldWithUnit => f.write_str("old_with_unit"),
            Self::NeverTold => f.write_str("never_told"),
            Self::Owed => f.write_str("owed"),
            Self::OwedOverdue => f.write_str("owed_overdue"),
            Self::Over(stage) => write!(f, "over:{}", or_none(stage.as_ref())),
            Self::Still(stage) => write!(f, "still:{}", or_none(stage.as_ref())),
            Self::Reason(reason) => write!(f, "reason:{}", or_none(reason.as_ref())),
            Self::Class(class) => write!(f, "class:{}", or_none(class.as_ref())),
            Self::Suspected(what) => write!(f, "suspected:{what}"),
            Self::Cause(cause, subject) => write!(f, "cause:{cause}:{}", or_none(subject.as_ref())),
        }
    }
}

/// A number as it is written: without a sign or zeros before it.
fn number<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

fn read(text: &str) -> Option<CountOf> {
    let Some((word, of)) = text.split_once(':') else {
        return Some(match text {
            "old_in_total" => CountOf::OldInTotal,
            "old_with_unit" => CountOf::OldWithUnit,
            "never_told" => CountOf::NeverTold,
            "owed" => CountOf::Owed,
            "owed_overdue" => CountOf::OwedOverdue,
            line => CountOf::Line(line.parse().ok()?, 0),
        });
    };
    let known = Some(of).filter(|of| !of.is_empty());
    let stage = || known.map(StageCode::new).transpose().ok();
    Some(match word {
        "level" => CountOf::Level(number(of)?),
        "over" => CountOf::Over(stage()?),
        "still" => CountOf::Still(stage()?),
        "reason" => CountOf::Reason(known.map(ReasonCode::new).transpose().ok()?),
        "class" => CountOf::Class(known.map(str::parse).transpose().ok()?),
        "suspected" => CountOf::Suspected(of.parse().ok()?),
        "cause" => {
            let (cause, subject) = of.split_once(':')?;
            let subject = Some(subject).filter(|subject| !subject.is_empty());
            CountOf::Cause(CauseCode::new(cause).ok()?, subject.map(CategoryCode::new).transpose().ok()?)
        }
        line => CountOf::Line(line.parse().ok()?, number(of).filter(|ago| (1..12).contains(ago))?),
    })
}

impl std::str::FromStr for CountOf {
    type Err = NotInList;

    fn from_str(text: &str) -> Result<Self, NotInList> {
        read(text).ok_or(NotInList { list: "CountOf", words: &[] })
    }
}

impl From<CountOf> for String {
    fn from(of: CountOf) -> Self {
        of.to_string()
    }
}

impl TryFrom<String> for CountOf {
    type Error = NotInList;

    fn try_from(text: String) -> Result<Self, NotInList> {
        text.parse()
    }
}
