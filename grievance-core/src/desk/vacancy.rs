//! Which posts stand vacant, of those that the ladder may turn to.

use crate::desk::{Desk, DeskError};
use crate::grievance::command::Command;
use crate::grievance::moment::Moment;
use crate::grievance::outlook::{Progress, progress};
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::rulebook::Rulebook;
use crate::rulebook::escalation::{Superior, When};
use crate::vocabulary::{Action, LadderStep};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Whether posts that were asked for stand vacant.
pub(super) type Roster = HashMap<Superior, bool>;

/// Whether a command takes a level of the ladder, or may bring one.
pub(super) fn may_bring_a_level(command: &Command, rulebook: &Rulebook) -> bool {
    matches!(command, Command::Escalate { level: Some(_), .. })
        || matches!(command.action(), Some(Action::Reopen | Action::RecordFeedback | Action::Remind))
            && rulebook.ladder().iter().any(|level| matches!(level.when, When::On(..)))
}

impl Desk {
    /// Where a case stands and what comes next, by the roster of today.
    pub(super) fn progress_of(
        &self,
        case: &Grievance,
        rulebook: &Rulebook,
        now: DateTime<Utc>,
    ) -> Result<Progress, DeskError> {
        let system = Self::system();
        let vacant = self.vacancies(case, rulebook, now, &mut Roster::new())?;
        Ok(progress(case, &Moment { vacant: &vacant, ..Moment::new(now, &system, rulebook) }))
    }

    /// Posts that are vacant among those that the ladder may turn to for a case: from the office
    /// that has it, and from each office that a level would hand it to, as several levels may be
    /// due at once.
    pub(super) fn vacancies(
        &self,
        case: &Grievance,
        rulebook: &Rulebook,
        now: DateTime<Utc>,
        roster: &mut Roster,
    ) -> Result<Vec<Superior>, DeskError> {
        let accused = case.subject.against.as_ref().and_then(|against| against.unit.as_ref());
        let mut vacant = Vec::new();
        let mut holders: Vec<UnitCode> = vec![case.unit().clone()];
        let mut seen = 0;
        while let Some(holder) = holders.get(seen).cloned() {
            seen += 1;
            for level in rulebook.ladder().iter() {
                for superior in level.line(&holder, accused, case.sealed.as_ref(), rulebook) {
                    let Some(post) = &superior.post else { break };
                    let is_vacant = if let Some(known) = roster.get(&superior) {
                        *known
                    } else {
                        let is_vacant = self.store.vacant(&superior.unit, post, now)?;
                        roster.insert(superior.clone(), is_vacant);
                        is_vacant
                    };
                    if !is_vacant {
                        if level.does == LadderStep::Reassign && !holders.contains(&superior.unit) {
                            holders.push(superior.unit);
                        }
                        break;
                    }
                    if !vacant.contains(&superior) {
                        vacant.push(superior);
                    }
                }
            }
        }
        Ok(vacant)
    }
}
