//! What a government writes about its office hours: plain data, before anything is checked.

use crate::vocabulary::HolidayClass;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When the offices are open, in the zone of the rulebook.
///
/// Without `hours` every day is open from 00:00 to 24:00, but for rest days and holidays; so a
/// rulebook without a calendar counts plain time.
///
/// ```
/// use grievance_core::calendar::{Calendar, CalendarEntry};
///
/// let entry: CalendarEntry = toml::from_str(r#"
///     hours = { mon = ["10:00-17:30"], tue = ["10:00-17:30"], sat = ["10:00-13:00", "14:00-16:00"] }
///     rest = ["second saturday", "fourth saturday"]
///
///     [[holiday]]
///     yearly = "01-26"
///     name = "Republic Day"
/// "#)?;
/// let calendar = Calendar::new(&entry, chrono_tz::Asia::Kolkata)?;
/// assert!(!calendar.is_working_day("2026-01-26".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CalendarEntry {
    /// Hours of an ordinary week.
    pub hours: Option<HoursEntry>,
    /// Days of rest by their place in the month: `second saturday`, `last friday`.
    pub rest: Vec<String>,
    /// Classes of holiday that close the offices; every class if empty.
    pub observes: Vec<HolidayClass>,
    /// Who published the hours, or that they are the writer's own choice.
    pub source: String,
    /// Holidays and half-days.
    pub holiday: Vec<HolidayEntry>,
    /// Hours of single dates, which replace everything else that is said about them.
    #[serde(rename = "override")]
    pub overrides: Vec<OverrideEntry>,
}

impl CalendarEntry {
    /// Whether nothing is written, so that every instant is open.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Hours of an ordinary week: periods such as `09:00-13:00`, any number a day, none on a closed
/// day. The end may be `24:00`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HoursEntry {
    /// Monday.
    pub mon: Vec<String>,
    /// Tuesday.
    pub tue: Vec<String>,
    /// Wednesday.
    pub wed: Vec<String>,
    /// Thursday.
    pub thu: Vec<String>,
    /// Friday.
    pub fri: Vec<String>,
    /// Saturday.
    pub sat: Vec<String>,
    /// Sunday.
    pub sun: Vec<String>,
}

impl HoursEntry {
    /// Each day's key and periods, from Monday.
    pub fn days(&self) -> [(&'static str, &[String]); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }
}

/// A holiday, or with `hours` a half-day.
///
/// It is on one `date`, on each day from `date` to `until`, or `yearly`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HolidayEntry {
    /// Its code, if a document that extends this one is to change or remove it.
    pub code: String,
    /// Its date, or the first of its dates.
    pub date: Option<NaiveDate>,
    /// The last of its dates, at most 366 days in all.
    pub until: Option<NaiveDate>,
    /// Month and day on which it is every year: `01-26`. `02-29` is there in leap years only.
    pub yearly: Option<String>,
    /// Its name in the default language.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// By whose word it is a holiday.
    pub class: HolidayClass,
    /// The hours that stay open; only those count that would be open without it.
    pub hours: Option<Vec<String>>,
    /// Offices that it is for, and every office below them.
    pub unit: Vec<String>,
    /// Places that it is for, and everything in them. Without units and places it is everywhere;
    /// with both it is where either fits.
    pub place: Vec<String>,
    /// First day on which it can be.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it can be.
    pub valid_to: Option<NaiveDate>,
    /// The notification that declares it.
    pub source: String,
}

/// The hours of one date, or of each from `date` to `until`, whatever else is said about it.
///
/// Where several fit, one for units or places beats one for everywhere, and a later one of the
/// list an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OverrideEntry {
    /// Its code, if a document that extends this one is to change or remove it.
    pub code: String,
    /// Its date, or the first of its dates.
    pub date: Option<NaiveDate>,
    /// The last of its dates, at most 366 days in all.
    pub until: Option<NaiveDate>,
    /// Why, in the default language.
    pub name: String,
    /// The same in other languages.
    pub names: BTreeMap<String, String>,
    /// The open periods; none closes the offices.
    pub hours: Vec<String>,
    /// Offices that it is for, and every office below them.
    pub unit: Vec<String>,
    /// Places that it is for, and everything in them.
    pub place: Vec<String>,
    /// The notification that orders it.
    pub source: String,
}
