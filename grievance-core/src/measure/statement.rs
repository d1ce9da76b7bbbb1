//! The MIS statement as it is written: `mis.json`.
//!
//! `docs/reference/mis-json.md` says of each field what it counts and where its boundary lies.

use crate::kernel::code::{ReasonCode, UnitCode};
use crate::measure::duration::DaysTaken;
use crate::measure::flow::Flow;
use crate::measure::sealed::SealedTotal;
use crate::measure::target::Breaches;
use crate::proof::checkpoint::Printed;
use crate::vocabulary::{AgeRule, DisposalClass, Flag, TargetKind, TargetState};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The weekly statement of a grievance office.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mis {
    /// The day at whose first instant, in the office's zone, everything is counted.
    pub as_of: NaiveDate,
    /// What counts as a day of age.
    pub age_rule: AgeRule,
    /// The office's zone, by its IANA name.
    pub zone: String,
    /// The first day of the week that `flow` covers; it ends where `as_of` begins.
    pub flow_since: NaiveDate,
    /// Rows of the import that were rejected.
    pub rejected: u64,
    /// The checkpoint that is printed with it: whoever keeps the statement can hold the histories
    /// to it later. It is of the moment when it was made, not of `as_of`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Printed>,
    /// Sealed cases, which are in no other figure: how many there are in all, as far as that may be
    /// said.
    pub sealed: SealedTotal,
    /// The whole office's figures.
    #[serde(flatten)]
    pub all: Figures,
    /// Each office's figures, by name.
    pub units: Vec<UnitFigures>,
}

/// One office's figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitFigures {
    /// Its name; of an imported case, the file's own value, which may be blank.
    pub unit: String,
    /// Its code.
    pub code: UnitCode,
    /// The figures of the cases that it held.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What is counted of some cases. Parts of a divided case are not counted beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figures {
    /// Lodged before the instant: always `disposed + closed_otherwise + pending`.
    pub received: u64,
    /// Disposed at the instant.
    pub disposed: u64,
    /// Withdrawn, declined or merged at the instant.
    pub closed_otherwise: u64,
    /// The rest. One that was reopened or is under appeal is pending.
    pub pending: u64,
    /// The pending by age from first receipt, youngest first.
    pub bands: Vec<BandCount>,
    /// How long the disposed took from first receipt to last disposal; `None` if there is none.
    pub disposal_days: Option<DaysTaken>,
    /// The share of the disposed that took at most 30 days, 0 to 1; `None` if there is none.
    pub within_30_days: Option<f64>,
    /// How many of the disposed took at most 30 days.
    pub within_30_count: u64,
    /// How often these cases were opened again.
    pub reopenings: u64,
    /// How often these cases were appealed.
    pub appeals: u64,
    /// Pending parts of divided cases, which are counted nowhere else.
    pub parts_pending: u64,
    /// The disposed by what it did for the complainant.
    pub classes: Vec<ClassCount>,
    /// The disposed by reason.
    pub reasons: Vec<ReasonCount>,
    /// The movements of the week before.
    pub flow: Flow,
    /// What is pointed out.
    pub flags: Vec<Flag>,
    /// The pending by how they stand to their due date: every state, in the order of the list.
    pub targets: Vec<TargetCount>,
    /// Deadlines that were missed, at the office that had custody when they passed.
    pub breaches: Breaches,
    /// The same by target; targets that were never missed are left out.
    pub breaches_by_target: Vec<BreachCount>,
    /// Steps up the ladder.
    pub escalations: Escalations,
    /// Steps that one person took though two should have: the exception to four eyes.
    pub waivers: u64,
}

/// How many pending cases are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetCount {
    /// The state.
    pub state: TargetState,
    /// Cases in it.
    pub count: u64,
}

/// How often a target was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BreachCount {
    /// The target.
    pub target: TargetKind,
    /// How often.
    #[serde(flatten)]
    pub breaches: Breaches,
}

/// Escalations, at the office that had the case until then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Escalations {
    /// All that were recorded, by time or by an officer.
    pub count: u64,
    /// Those of the week before.
    pub week: u64,
    /// All by level, lowest first; before them those without one.
    pub by_level: Vec<ByLevel>,
    /// The highest level at which a case is pending; 0 when none has climbed.
    pub highest_pending: u32,
    /// The pending cases that time has brought to a level, by the highest one, lowest first.
    pub pending_levels: Vec<LevelCount>,
}

/// How often cases were escalated to a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ByLevel {
    /// The level of the ladder; `None` for what an officer did of their own accord.
    pub level: Option<u32>,
    /// How often.
    pub count: u64,
}

/// How many pending cases stand at a level of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LevelCount {
    /// The level, from 1.
    pub level: u32,
    /// Cases at it.
    pub count: u64,
}

/// How many cases are in a band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BandCount {
    /// The band in words.
    pub label: String,
    /// Cases in it.
    pub count: u64,
}

/// How many cases were closed with a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassCount {
    /// The class; `None` when it is not recorded.
    pub class: Option<DisposalClass>,
    /// Cases closed with it.
    pub count: u64,
}

/// How many cases were closed with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReasonCount {
    /// The reason; `None` when it is not recorded.
    pub reason: Option<ReasonCode>,
    /// Cases closed with it.
    pub count: u64,
}
