//! Deadlines, ladders and schedules as a government writes them.

use crate::vocabulary::{
    CountedFrom, EventKind, JobKind, LadderMode, LadderStep, OnChange, Phase, TargetKind, TimeUnit,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A target: so much time from an event, for these cases.
///
/// Of several rules of one kind that fit a case, the one that names its priority class counts
/// before one that names its office, that before one that names a kind of office, that before one
/// that names its subject (of two, the narrower); one that names nothing is the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TargetEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// What must have happened by then.
    pub kind: Option<TargetKind>,
    /// Only for this priority class.
    pub priority: Option<String>,
    /// Only for this office and those below it.
    pub unit: Option<String>,
    /// Only for this kind of office.
    pub unit_kind: Option<String>,
    /// Only for this subject and those below it.
    pub category: Option<String>,
    /// How much time; nothing for a review, which is due on the day that the disposal names.
    pub within: u32,
    /// In what it is counted; working days if absent.
    pub counted: Option<TimeUnit>,
    /// From which event; each kind of target has usual ones.
    pub from: Option<EventKind>,
    /// From which instant of it; a lodging from its receipt, anything else from its recording.
    pub counted_from: Option<CountedFrom>,
    /// Due at the time of day of the start instead of closing time (not with working hours).
    pub keep_clock: bool,
    /// Phases in which its clock stands.
    pub paused_in: Vec<Phase>,
    /// A pause lasts at most so many calendar days.
    pub pause_days: u32,
    /// What becomes of it when the case is passed to another office.
    pub on_transfer: Option<OnChange>,
    /// What becomes of it when subject, place or priority are corrected.
    pub on_recategorise: Option<OnChange>,
}

/// A level of the escalation ladder.
///
/// Its time comes when `percent` of the target's time is used up, or `after` the due date; or it
/// comes `on` something that happened for the `count`-th time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LevelEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// Its place on the ladder, from 1. Levels are taken in this order.
    pub level: u32,
    /// The target whose time it follows; the resolution if absent.
    pub target: Option<TargetKind>,
    /// Only while a kind of office holds the case.
    pub unit_kind: Option<String>,
    /// Only for this priority class.
    pub priority: Option<String>,
    /// Share of the target's time that is used up, in per cent, 1 to 100.
    pub percent: Option<u32>,
    /// So much time after the due date.
    pub after: Option<u32>,
    /// In what `after` is counted; working days if absent.
    pub counted: Option<TimeUnit>,
    /// What must have happened instead.
    pub on: Option<Trigger>,
    /// For the how manieth time; the first if 0.
    pub count: u32,
    /// So many offices up from the one that holds the case; 0 is that office itself.
    pub up: Option<u32>,
    /// To this office instead.
    pub unit: Option<String>,
    /// To this post there; the head of the office if absent.
    pub post: Option<String>,
    /// What it does; tells the superior if absent.
    pub does: Option<LadderStep>,
    /// How it is taken; by itself if absent.
    pub taken: Option<LadderMode>,
}

/// What can bring a case up the ladder besides time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The case was opened again.
    Reopened,
    /// The complainant was not satisfied.
    NotSatisfied,
    /// Somebody asked the office to move.
    Reminded,
}

/// A job that comes round: weekly, monthly, or on the n-th weekday of a month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// What it calls for.
    pub kind: Option<JobKind>,
    /// On this day of the week, such as `monday`.
    pub weekday: Option<String>,
    /// Only on the n-th such day of a month, 1 to 5; −1 is the last.
    pub nth: Option<i32>,
    /// On this day of each month, 1 to 31; the month's last day where it has fewer.
    pub day: Option<u32>,
    /// The time of day in the office's zone, such as `10:00`.
    pub at: String,
    /// What becomes of it when the cell is closed at that time; the next open day if absent.
    pub on_closed: Option<OnClosed>,
}

/// What becomes of a scheduled job when the cell is closed at its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnClosed {
    /// It comes on the next day on which the cell is open at that time or later.
    Next,
    /// It comes all the same.
    Same,
    /// It does not come this time.
    Skip,
}
