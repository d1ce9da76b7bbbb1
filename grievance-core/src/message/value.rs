//! What stands in a message in the place of its variables.

use crate::grievance::notice::Variable;
use crate::kernel::code::{ReasonCode, UnitCode};
use crate::vocabulary::VariableKind;
use chrono::NaiveDate;

/// A value for a variable. `Debug` shows no text that a person wrote.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Words that a person wrote, as they are.
    Text(String),
    /// A count, up to 2⁵³.
    Number(u64),
    /// A calendar date in the office's zone.
    Date(NaiveDate),
    /// A registration number or another mark.
    Mark(String),
    /// An office.
    Unit(UnitCode),
    /// A closure reason.
    Reason(ReasonCode),
}

impl Value {
    /// The value that a notice keeps for a variable; `None` for a text, which the vault keeps and
    /// the caller looks up.
    pub fn of(variable: &Variable) -> Option<Self> {
        Some(match variable {
            Variable::Date(date) => Self::Date(*date),
            Variable::Count(count) => Self::Number(*count),
            Variable::Mark(mark) => Self::Mark(mark.to_string()),
            Variable::Unit(unit) => Self::Unit(unit.clone()),
            Variable::Reason(reason) => Self::Reason(reason.clone()),
            Variable::Text(_) => return None,
        })
    }

    /// Whether it may stand for a variable of that kind.
    pub const fn fits(&self, kind: VariableKind) -> bool {
        matches!(
            (self, kind),
            (Self::Text(_), VariableKind::Text)
                | (Self::Number(_), VariableKind::Number)
                | (Self::Date(_), VariableKind::Date)
                | (Self::Mark(_), VariableKind::Mark)
                | (Self::Unit(_), VariableKind::Unit)
                | (Self::Reason(_), VariableKind::Reason | VariableKind::OfficerReason)
        )
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Number(_) => f.write_str("Number"),
            Self::Date(date) => write!(f, "Date({date})"),
            Self::Mark(_) => f.write_str("Mark"),
            Self::Unit(unit) => write!(f, "Unit({unit})"),
            Self::Reason(reason) => write!(f, "Reason({reason})"),
        }
    }
}
