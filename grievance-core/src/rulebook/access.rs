//! Which cases an actor may touch.
//!
//! Which *actions* a role may take is the workflow step's word alone; access adds reach.

use crate::kernel::code::{PostCode, RoleCode, UnitCode};
use crate::kernel::id::PersonId;
use crate::rulebook::Rulebook;
use crate::vocabulary::{Action, Reach, Relation};
use serde::{Deserialize, Serialize};

/// Who acts, in which role, for which office or post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person for whom the actor acts, when a kiosk or a call agent helps somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// The person who acts.
    pub person: PersonId,
    /// The post they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostCode>,
    /// The role they act in.
    pub role: RoleCode,
    /// The office they act for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
}

/// The few facts of a case that access may ask for. The grievance fills it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The office that holds the case.
    pub holder: &'a UnitCode,
    /// The office that sent it to the holder.
    pub sender: Option<&'a UnitCode>,
    /// The office that took the last step that can be undone.
    pub last_mover: Option<&'a UnitCode>,
    /// The complainant.
    pub complainant: Option<PersonId>,
    /// Who lodged it.
    pub lodged_by: PersonId,
    /// Offices that were asked and have not answered.
    pub consulted: &'a [UnitCode],
    /// The office that the grievance is about.
    pub against: Option<&'a UnitCode>,
}

impl Standing<'_> {
    /// How the actor stands to the case: the nearest relation there is.
    pub fn relation(&self, rulebook: &Rulebook, actor: &Actor) -> Relation {
        let theirs = |person| self.complainant == Some(person);
        if theirs(actor.person) || actor.on_behalf_of.is_some_and(theirs) {
            return Relation::Complainant;
        }
        let Some(unit) = &actor.unit else { return Relation::Outsider };
        if rulebook.is_accused(unit, self.against) {
            return Relation::Accused;
        }
        if unit == self.holder {
            Relation::Holder
        } else if self.sender == Some(unit) {
            Relation::Sender
        } else if self.consulted.contains(unit) {
            Relation::Consulted
        } else if rulebook.directory().oversees(unit, self.holder) {
            Relation::Superior
        } else {
            Relation::Outsider
        }
    }
}

/// Whether the case is within the actor's reach for this action.
///
/// An office about which the grievance is has no reach, whatever its role. A recall is taken by
/// the office that sent the case and by no other, however far its reach; one that nobody sent is
/// out of nobody's reach, and refused as such. An undoing is taken by
/// the office that took the step, an answer by the office that was asked, though neither holds
/// the case; a role that reaches every case may undo any step.
pub fn reaches(rulebook: &Rulebook, actor: &Actor, action: Action, case: &Standing<'_>) -> bool {
    let relation = case.relation(rulebook, actor);
    let unit = actor.unit.as_ref();
    match rulebook.reach(&actor.role) {
        None => false,
        Some(Reach::OwnCases) => relation == Relation::Complainant || case.lodged_by == actor.person,
        Some(_) if relation == Relation::Accused => false,
        Some(_) if action == Action::Recall => case.sender.is_none_or(|sender| Some(sender) == unit),
        Some(Reach::Everywhere) => true,
        Some(_) if action == Action::Rescind => case.last_mover.is_some() && case.last_mover == unit,
        Some(_) if action == Action::Answer => unit.is_some_and(|unit| case.consulted.contains(unit)),
        Some(Reach::OwnUnit) => unit == Some(case.holder),
        Some(Reach::UnitsBelow) => unit.is_some_and(|unit| rulebook.directory().oversees(unit, case.holder)),
    }
}
