//! The few facts of a case that access may ask for, and how an actor stands to it.

use crate::kernel::code::{CategoryCode, PlaceCode, UnitCode};
use crate::kernel::id::PersonId;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::vocabulary::Relation;

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
    /// Where it happened.
    pub place: Option<&'a PlaceCode>,
    /// The subject under which it was sealed, while it is.
    pub sealed: Option<&'a CategoryCode>,
}

impl Standing<'_> {
    /// How the actor stands to the case: the nearest relation there is. Being accused comes before
    /// every relation of an office, being the complainant before that.
    pub fn relation(&self, rulebook: &Rulebook, actor: &Actor) -> Relation {
        if self.complainant == Some(actor.person) {
            return Relation::Complainant;
        }
        let lodged = if self.lodged_by == actor.person { Relation::LodgedBy } else { Relation::Outsider };
        let Some(unit) = &actor.unit else { return lodged };
        if rulebook.is_accused(unit, self.against) {
            Relation::Accused
        } else if unit == self.holder {
            Relation::Holder
        } else if self.sender == Some(unit) {
            Relation::Sender
        } else if self.consulted.contains(unit) {
            Relation::Consulted
        } else if rulebook.directory().oversees(unit, self.holder) {
            Relation::Superior
        } else {
            lodged
        }
    }
}
