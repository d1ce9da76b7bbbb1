//! What is known of a case is put right, and how the complainant is written to is changed.

use crate::grievance::command::Correction;
use crate::grievance::decide::intake::chosen;
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::What;
use crate::grievance::payload::Corrected;
use crate::grievance::refusal::Refusal;
use crate::kernel::code::{LanguageCode, PriorityCode};
use crate::rulebook::Rulebook;
use crate::rulebook::safe::SafeHours;

/// Recorded facts are corrected; what was said before stays in the history.
///
/// Who complains, or acts for those who do, may change how they are written to (language,
/// representative, refused ways, hours, e-mail and postal address). What was complained of, by whom
/// and how urgent it is are put right by an officer, and so is a mobile, which may have had to be
/// verified (ADR 104).
pub(super) fn correct(turn: &Turn<'_, '_>, correction: &Correction) -> Decision {
    let Correction { remarks, narrative, name, mobile, email, address, .. } = correction;
    let Correction { language, priority, representative, refuses, safe_hours, .. } = correction;
    let remarks = remarks.ok_or(Refusal::RemarksMissing)?;
    let rulebook = turn.at.rulebook;
    let identity = name.or(*mobile).or(*email).or(*address);
    if identity.is_some() && turn.case.subject.complainant.anonymous {
        return Err(Refusal::Invalid { field: "name", problem: "the complainant chose to stay unknown" });
    }
    if rulebook.acts_for_complainants(&turn.at.actor.role) {
        let for_officers = [
            ("narrative", narrative.is_some()),
            ("name", name.is_some()),
            ("mobile", mobile.is_some()),
            ("priority", priority.is_some()),
        ];
        if let Some((field, _)) = for_officers.into_iter().find(|(_, given)| *given) {
            return Err(Refusal::Invalid { field, problem: "is put right by an officer" });
        }
    }
    let facts = identity.or(*narrative).is_some() || language.is_some() || priority.is_some();
    if !facts && representative.is_none() && refuses.is_none() && safe_hours.is_none() {
        return Err(Refusal::Invalid { field: "remarks", problem: "nothing is corrected" });
    }
    if language.is_some() {
        let _: LanguageCode = chosen(language.as_ref(), rulebook.languages(), "language")?;
    }
    if priority.is_some() {
        let _: PriorityCode = chosen(priority.as_ref(), rulebook.priorities(), "priority")?;
    }
    check_safe_hours(*safe_hours, rulebook)?;
    turn.one(What::Corrected(Box::new(Corrected {
        remarks,
        narrative: *narrative,
        name: *name,
        mobile: *mobile,
        email: *email,
        address: *address,
        language: language.clone(),
        priority: priority.clone(),
        representative: representative.flatten(),
        unrepresented: (*representative == Some(None)).then_some(true),
        refuses: refuses.clone(),
        safe_hours: *safe_hours,
    })))
}

/// Somebody's own hours leave at least an hour of the rulebook's safe hours, or nothing could be
/// told them.
pub(super) fn check_safe_hours(own: Option<SafeHours>, rulebook: &Rulebook) -> Result<(), Refusal> {
    let common = own.map(|own| own.common(rulebook.messages().safe_hours()));
    if common.is_some_and(|minutes| minutes < SafeHours::FEWEST) {
        let problem = "leaves less than an hour in which the rulebook lets people be written to";
        return Err(Refusal::Invalid { field: "safe_until", problem });
    }
    Ok(())
}
