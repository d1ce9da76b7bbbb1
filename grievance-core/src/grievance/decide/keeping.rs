//! How long the words of a case are kept: holds, and their erasure.
//!
//! Events stay for ever, and so does what measures are made of. What goes is what people wrote and
//! who they are: the rows of the vault, the tokens by which people are found, and what is left of
//! commands to try words out on.

use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::What;
use crate::grievance::moment::Moment;
use crate::grievance::payload::{Erased, HoldPlaced, HoldReleased};
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::time::day_of;
use crate::vocabulary::ErasureBecause;
use chrono::NaiveDate;

/// The words are kept, for a court, say. Several holds may stand beside each other.
pub(super) fn hold(turn: &Turn<'_, '_>, hold: &HoldPlaced) -> Decision {
    if hold.until.is_some_and(|until| until < turn.at.today()) {
        return Err(Refusal::Invalid { field: "until", problem: "lies in the past" });
    }
    turn.one(What::HoldPlaced(hold.clone()))
}

/// A hold is let go; one whose last day is over may be, too.
pub(super) fn release(turn: &Turn<'_, '_>, release: &HoldReleased) -> Decision {
    if !turn.case.holds.iter().any(|hold| hold.version == release.hold) {
        return Err(Refusal::NotOnHold);
    }
    turn.one(What::HoldReleased(release.clone()))
}

/// The words go: at the wish of the person, by order, or because the rulebook keeps them no longer.
pub(super) fn erase(turn: &Turn<'_, '_>, because: ErasureBecause) -> Decision {
    let (case, at) = (turn.case, turn.at);
    if case.merged_into.is_some() {
        // What was joined to another case is that case's too, until it has ended.
        let master = at.other.ok_or(Refusal::NotFound)?;
        if !master.phase().is_terminal() {
            return Err(Refusal::CaseOpen);
        }
        if because == ErasureBecause::Retention {
            retention_over(master, at)?;
        }
    }
    if because == ErasureBecause::Retention {
        retention_over(case, at)?;
    }
    turn.one(What::Erased(Erased { because }))
}

/// Whether the words of a case may go at all: it has ended, and no hold keeps them.
pub(crate) fn erasable(case: &Grievance, at: &Moment<'_>) -> Result<(), Refusal> {
    if !case.phase().is_terminal() {
        return Err(Refusal::CaseOpen);
    }
    match case.held_on(at.today()) {
        Some(hold) => Err(Refusal::OnHold { because: hold.because, until: hold.until }),
        None => Ok(()),
    }
}

fn retention_over(case: &Grievance, at: &Moment<'_>) -> Result<(), Refusal> {
    match kept_until(case, at) {
        Some(last) if last < at.today() => Ok(()),
        until => Err(Refusal::RetentionNotOver { until }),
    }
}

/// The last day on which the rulebook keeps the words of an ended case: counted in years from the
/// day on which it ended for the last time. `None` while it is open, and where they are kept for ever.
pub(crate) fn kept_until(case: &Grievance, at: &Moment<'_>) -> Option<NaiveDate> {
    let ended = case.episodes.last()?.closed_at.filter(|_| case.phase().is_terminal())?;
    let closure = case.course.closure.as_ref();
    let (reason, class) = (closure.and_then(|it| it.reason.as_ref()), closure.and_then(|it| it.class));
    let years = at.rulebook.retention().years(reason, class)?;
    day_of(ended, at.rulebook.zone()).checked_add_months(chrono::Months::new(12 * years))
}
