//! Working days of offices: the third way to count an age.

use crate::calendar::Calendar;
use crate::kernel::text::Digest;
use crate::rulebook::Rulebook;
use chrono::NaiveDate;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::Arc;

/// The working days of each office, by the calendars of one version of a rulebook. Cheap to clone.
///
/// Counted are the working days from the first day on, without the last: those of `[from, to)`, as
/// `numpy.busday_count` has it. So a case that was received on a working day is one day old on the
/// next day, whatever day that is; one that was received on a holiday has an age of 0 until the day
/// after the next working day; and on a holiday it is as old as on the next working day.
///
/// An office that the rulebook does not have keeps the days that are everybody's. Holidays of a place
/// do not count: an age is asked of an office, whatever place its case is about.
#[derive(Clone, Debug)]
pub struct Workdays(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    version: Digest,
    // Each calendar once; the first is everybody's.
    calendars: Vec<Calendar>,
    of: HashMap<SmolStr, usize>,
}

/// Of the same version of a rulebook.
impl PartialEq for Workdays {
    fn eq(&self, other: &Self) -> bool {
        self.0.version == other.0.version
    }
}

impl Eq for Workdays {}

impl Workdays {
    /// The calendars of a rulebook's offices.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::workdays::Workdays;
    /// use grievance_core::rulebook::{Rulebook, presets};
    ///
    /// // Its offices rest on Sundays.
    /// let rulebook = Rulebook::from_toml(presets::text("west-bengal").ok_or("a preset")?)?;
    /// let days = Workdays::of(&rulebook);
    /// let [saturday, monday, tuesday] = ["2026-03-07".parse()?, "2026-03-09".parse()?, "2026-03-10".parse()?];
    /// assert_eq!(days.between("cell", saturday, monday), 1);
    /// assert_eq!(days.between("cell", saturday, tuesday), 2);
    /// assert_eq!(days.between("cell", tuesday, saturday), -2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(rulebook: &Rulebook) -> Self {
        let mut calendars = vec![rulebook.common_calendar().clone()];
        let mut of = HashMap::new();
        for unit in rulebook.directory().iter() {
            let own = rulebook.calendar(&unit.code, None);
            let place = calendars.iter().position(|known| known.is_same(own)).unwrap_or_else(|| {
                calendars.push(own.clone());
                calendars.len() - 1
            });
            of.insert(SmolStr::new(unit.code.as_str()), place);
        }
        Self(Arc::new(Inner { version: rulebook.version(), calendars, of }))
    }

    /// The version of the rulebook that they are of.
    pub fn version(&self) -> Digest {
        self.0.version
    }

    /// Whether the rulebook has the office.
    pub(crate) fn has(&self, unit: &str) -> bool {
        self.0.of.contains_key(unit)
    }

    /// The working days of an office from a day on, without the last; negative when they are in
    /// reverse order.
    pub fn between(&self, unit: &str, from: NaiveDate, to: NaiveDate) -> i64 {
        self.calendar(unit).working_days_between(from, to)
    }

    pub(crate) fn calendar(&self, unit: &str) -> &Calendar {
        let Inner { calendars, of, .. } = &*self.0;
        &calendars[of.get(unit).copied().unwrap_or(0)]
    }

    /// Each calendar that differs from everybody's, with its offices in order; and everybody's.
    #[cfg(feature = "sql")]
    pub(crate) fn apart(&self) -> (Vec<(&Calendar, Vec<&str>)>, &Calendar) {
        let Inner { calendars, of, .. } = &*self.0;
        let own = calendars.iter().enumerate().skip(1).map(|(place, calendar)| {
            let mut units: Vec<&str> =
                of.iter().filter(|(_, own)| **own == place).map(|(unit, _)| unit.as_str()).collect();
            units.sort_unstable();
            (calendar, units)
        });
        (own.collect(), &calendars[0])
    }
}
