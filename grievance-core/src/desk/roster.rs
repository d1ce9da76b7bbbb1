//! Who holds which post: said by the host, kept by the store, asked before anybody acts.

use crate::desk::{Desk, DeskError};
use crate::grievance::refusal::Refusal;
use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::PersonId;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::store::Holding;
use crate::vocabulary::Tenure;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl Desk {
    /// Records who holds a post, stands in for its holder, or has it delegated, from when to when.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] when the rulebook in force at its beginning has no such unit or post,
    /// [`Refusal::Invalid`] when it ends before it begins, or a delegation has no end.
    pub fn appoint(&self, holding: &Holding) -> Result<(), DeskError> {
        let rulebook = self.rulebook(holding.from)?;
        if rulebook.directory().get(&holding.unit).is_none() {
            return Err(Refusal::Unknown { field: "unit", code: holding.unit.to_string() }.into());
        }
        if rulebook.role_of_post(&holding.post).is_none() {
            return Err(Refusal::Unknown { field: "post", code: holding.post.to_string() }.into());
        }
        if holding.until.is_some_and(|until| until <= holding.from) {
            return Err(
                Refusal::Invalid { field: "until", problem: "does not lie after the beginning" }.into()
            );
        }
        if holding.tenure == Tenure::Delegated && holding.until.is_none() {
            return Err(Refusal::Invalid { field: "until", problem: "is missing: a delegation ends" }.into());
        }
        Ok(self.store.appoint(holding)?)
    }

    /// Who holds a post in an office at an instant.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn holders(
        &self,
        unit: &UnitCode,
        post: &PostCode,
        at: DateTime<Utc>,
    ) -> Result<Vec<Holding>, DeskError> {
        Ok(self.store.holders(unit, post, at)?)
    }

    /// The actor as the roster has them, where the rulebook has posts checked against it: whoever
    /// claims a post, or acts in a role that posts grant, must hold such a post in that office at
    /// that instant. In which capacity is what the roster says, not the host.
    ///
    /// A role, an office or a post that the rulebook does not have is refused by its field: nobody of it would see anything, and a
    /// slip of the pen would look like an empty desk.
    ///
    /// Nothing of any case is asked, so the answer tells nothing of one.
    pub(super) fn seated(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<Actor, DeskError> {
        let unknown = |field, code: &str| Err(Refusal::Unknown { field, code: code.to_owned() }.into());
        if !rulebook.has_role(&actor.role) {
            return unknown("role", actor.role.as_str());
        }
        if let Some(unit) = actor.unit.as_ref().filter(|unit| rulebook.directory().get(unit).is_none()) {
            return unknown("unit", unit.as_str());
        }
        if let Some(post) = actor.post.as_ref().filter(|post| rulebook.role_of_post(post).is_none()) {
            return unknown("post", post.as_str());
        }
        let mut seated = actor.clone();
        if !rulebook.access_policy().roster {
            return Ok(seated);
        }
        seated.tenure = None;
        if actor.post.is_none() && rulebook.posts_of(&actor.role).next().is_none() {
            return Ok(seated);
        }
        let (Some(unit), Some(post)) = (&actor.unit, &actor.post) else {
            return Err(Refusal::PostNotHeld.into());
        };
        if rulebook.role_of_post(post) != Some(&actor.role) {
            return Err(Refusal::PostNotHeld.into());
        }
        let theirs = self.store.holders(unit, post, now)?.into_iter().filter(|it| it.person == actor.person);
        // Whoever holds a post twice holds it by the better title.
        let tenure = theirs.map(|holding| holding.tenure).min().ok_or(Refusal::PostNotHeld)?;
        seated.tenure = Some(tenure).filter(|tenure| *tenure != Tenure::Holder);
        Ok(seated)
    }

    /// Whether the roster knows the actor in their office, and nobody else there: asked only where
    /// the rulebook lets one person take two steps then.
    pub(super) fn is_alone(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<bool, DeskError> {
        let Some(unit) = actor.unit.as_ref().filter(|_| rulebook.four_eyes().exception) else {
            return Ok(false);
        };
        let mut persons: BTreeSet<PersonId> = BTreeSet::new();
        for post in rulebook.posts() {
            persons.extend(self.store.holders(unit, post, now)?.into_iter().map(|holding| holding.person));
        }
        Ok(persons.len() == 1 && persons.contains(&actor.person))
    }
}
