//! Days between two dates of a case: of the calendar, or the working days of its office.

use crate::calendar::Calendar;
use crate::measure::cases::column::Column;
use crate::measure::cases::table::Cases;
use crate::measure::mis::Terms;
use crate::vocabulary::AgeRule;

/// The day number of 1 January 1970.
const EPOCH: i32 = 719_163;

/// How days are counted for each case of a table.
pub(crate) enum DaysOf<'a> {
    /// By the calendar.
    Calendar,
    /// By the working days of each office, in the order of the table's codes.
    Working { calendars: Vec<&'a Calendar>, units: &'a Column },
}

impl<'a> DaysOf<'a> {
    pub(crate) fn new(cases: &'a Cases, terms: &'a Terms) -> Self {
        match (terms.rule, &terms.workdays) {
            (AgeRule::Working, Some(workdays)) => {
                let codes = cases.unit.codes().iter();
                let calendars = codes.map(|code| workdays.calendar(code)).collect();
                Self::Working { calendars, units: &cases.unit }
            }
            _ => Self::Calendar,
        }
    }

    /// The days of a case from one day to another, as day numbers of a table.
    #[inline]
    pub(crate) fn between(&self, case: usize, from: i32, to: i32) -> i64 {
        match self {
            Self::Calendar => i64::from(to) - i64::from(from),
            Self::Working { calendars, units } => {
                let calendar = calendars[units.key(case) as usize];
                calendar.working_days_before(to - EPOCH) - calendar.working_days_before(from - EPOCH)
            }
        }
    }
}
