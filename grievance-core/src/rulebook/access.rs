//! Which cases an actor may see and touch, and what of them.
//!
//! Three questions, each answered by data of the rulebook and by default with no:
//!
//! 1. **Seeing.** [`sees`]: is the case there for this actor at all? If not, every answer is the
//!    one for a case that does not exist. [`Scope`] tells the same for a whole search.
//! 2. **Acting.** [`reaches`]: is the case within reach for this action? Which *actions* a role may
//!    take is the workflow step's word alone; access adds reach.
//! 3. **Fields.** [`Sights`]: which words of the case, and what of the people in it, are shown.
//!
//! [`check`] asks the first two. The rules, in the order in which they apply:
//!
//! - A role that the rulebook does not have sees nothing.
//! - A role with the reach `own_cases` sees and reaches the cases whose complainant is the person
//!   who acts, and those that the person lodged. `on_behalf_of` is recorded and reaches nothing by
//!   itself: a kiosk sees the cases that it lodged, whomever it names.
//! - For every other reach the office counts, and an office that the case is about, or that lies
//!   below one that it is about, sees nothing of it, whatever its role (see
//!   [`Rulebook::is_accused`]). Below is meant by the line of custody.
//! - `everywhere` sees and reaches all cases. `own_unit` sees and reaches those that the actor's
//!   office holds; `units_below` those that it or an office below it holds, by either line: a
//!   second superior reaches, and never has custody; `places` those whose place lies in a
//!   jurisdiction of the actor's office, whoever holds them.
//! - An office with any of `own_unit`, `units_below` and `places` also sees a case that it sent to
//!   its holder, one in which it took the last step that can be undone, and one about which it was
//!   asked and has not answered. It reaches them for the recall, the undoing and the answer alone.
//! - A recall is taken by the office that sent the case and by no other, however far its reach; an
//!   undoing by the office that took the step, an answer by the office that was asked. A role that
//!   reaches everywhere may undo any step and answer for any office that was asked.
//! - A **sealed** case is seen by its own complainant, if the role reaches own cases, and by those
//!   whom the subject names, wherever it is held; by nobody else, not even by who lodged it for
//!   somebody. A named post whose office is the accused one, or below it by either line, sees
//!   nothing. Reaching it takes seeing it *and* the reach above.

mod chart;
mod mask;
mod scope;
mod seal;
mod sight;
mod standing;

pub use crate::rulebook::access::chart::Chart;
pub use crate::rulebook::access::mask::masked;
pub use crate::rulebook::access::scope::Scope;
pub use crate::rulebook::access::seal::Named;
pub use crate::rulebook::access::sight::{IDENTITY, Sights, TEXTS};
pub use crate::rulebook::access::standing::Standing;

pub(crate) use crate::rulebook::access::sight::is_group;

use crate::kernel::code::{PlaceCode, PostCode, RoleCode, UnitCode};
use crate::kernel::id::PersonId;
use crate::rulebook::Rulebook;
use crate::rulebook::access::seal::Seals;
use crate::rulebook::document::{Document, Reaches};
use crate::vocabulary::{Action, Reach, Tenure};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Who acts, in which role, for which office or post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    /// The person for whom the actor acts, when a kiosk or a call agent helps somebody. It is
    /// recorded; nothing is reached by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// The person who acts.
    pub person: PersonId,
    /// The post they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostCode>,
    /// The role they act in.
    pub role: RoleCode,
    /// In which capacity they hold the post, where it is not simply theirs. A desk that checks
    /// posts against the roster says what the roster says; otherwise the host's word counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    /// The office they act for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
}

impl Actor {
    /// A person in a role, for no office.
    pub const fn new(person: PersonId, role: RoleCode) -> Self {
        Self { on_behalf_of: None, person, post: None, role, tenure: None, unit: None }
    }

    /// The same person, acting for an office.
    #[must_use]
    pub fn of(self, unit: UnitCode) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// The same person, acting in a post.
    #[must_use]
    pub fn at(self, post: PostCode) -> Self {
        Self { post: Some(post), ..self }
    }
}

/// What a rulebook says of access, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    roles: HashMap<RoleCode, RoleAccess>,
    /// Posts with the role that each grants, in the order of the rulebook.
    posts: Vec<(PostCode, RoleCode)>,
    /// The jurisdictions of the offices that have any.
    places: HashMap<UnitCode, Vec<PlaceCode>>,
    seals: Seals,
}

/// What a role may do.
#[derive(Clone, Debug)]
pub(crate) struct RoleAccess {
    reach: Vec<Reach>,
    pub(crate) sees: Sights,
    pub(crate) backdate_days: u32,
    pub(crate) assists: bool,
}

impl RoleAccess {
    pub(crate) fn reaches(&self, reach: Reach) -> bool {
        self.reach.contains(&reach)
    }

    /// Whether it reaches cases by way of its office.
    pub(crate) fn is_of_an_office(&self) -> bool {
        [Reach::OwnUnit, Reach::UnitsBelow, Reach::Places].iter().any(|reach| self.reaches(*reach))
    }

    pub(crate) fn only_own_cases(&self) -> bool {
        self.reach.iter().all(|reach| *reach == Reach::OwnCases)
    }
}

impl Access {
    /// Compiles a linted document; `None` when it is not what the linter promised.
    pub(crate) fn new(document: &Document) -> Option<Self> {
        let roles = document.role.iter().map(|entry| {
            let Reaches(reach) = entry.reach.clone().unwrap_or_else(|| Reach::OwnCases.into());
            let sees = Sights::new(&entry.sees)?;
            let (backdate_days, assists) = (entry.backdate_days, entry.assists);
            Some((RoleCode::new(&entry.code).ok()?, RoleAccess { reach, sees, backdate_days, assists }))
        });
        // A post whose role is no code grants nothing.
        let posts = document.post.iter().filter_map(|entry| {
            let role = RoleCode::new(&entry.role).ok()?;
            Some(PostCode::new(&entry.code).ok().map(|post| (post, role)))
        });
        let places = document.unit.iter().filter(|entry| !entry.place.is_empty()).map(|entry| {
            let places = entry.place.iter().map(|code| PlaceCode::new(code).ok()).collect::<Option<_>>()?;
            Some((UnitCode::new(&entry.code).ok()?, places))
        });
        Some(Self {
            roles: roles.collect::<Option<_>>()?,
            posts: posts.collect::<Option<_>>()?,
            places: places.collect::<Option<_>>()?,
            seals: Seals::new(document)?,
        })
    }

    pub(crate) fn role(&self, code: &RoleCode) -> Option<&RoleAccess> {
        self.roles.get(code)
    }

    /// The role that a post grants.
    pub(crate) fn role_of(&self, post: &PostCode) -> Option<&RoleCode> {
        self.posts.iter().find(|(code, _)| code == post).map(|(_, role)| role)
    }

    /// The first post that grants a role.
    pub(crate) fn post_of(&self, role: &RoleCode) -> Option<&PostCode> {
        self.posts.iter().find(|(_, grants)| grants == role).map(|(post, _)| post)
    }

    /// The posts whose role passes.
    pub(crate) fn posts_granting<'a>(
        &'a self,
        passes: impl Fn(&RoleCode) -> bool + 'a,
    ) -> impl Iterator<Item = &'a PostCode> {
        self.posts.iter().filter(move |(_, role)| passes(role)).map(|(post, _)| post)
    }

    pub(crate) fn places_of(&self, unit: &UnitCode) -> &[PlaceCode] {
        self.places.get(unit).map_or(&[], Vec::as_slice)
    }
}

/// Why an actor may not touch a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The actor does not see it: for them it is not there.
    NotSeen,
    /// The actor sees it, and this action is out of their reach.
    NotReached,
}

/// Whether an actor may take this action on the case, as far as access goes.
///
/// # Errors
///
/// [`Barred`] says whether the case may be spoken of at all.
pub fn check(rulebook: &Rulebook, actor: &Actor, action: Action, case: &Standing<'_>) -> Result<(), Barred> {
    if !sees(rulebook, actor, case) {
        Err(Barred::NotSeen)
    } else if !reaches(rulebook, actor, action, case) {
        Err(Barred::NotReached)
    } else {
        Ok(())
    }
}

/// Whether the case is there for the actor. The module says by which rules.
pub fn sees(rulebook: &Rulebook, actor: &Actor, case: &Standing<'_>) -> bool {
    let Some(role) = rulebook.access.role(&actor.role) else { return false };
    let own = role.reaches(Reach::OwnCases);
    if own && case.complainant == Some(actor.person) {
        return true;
    }
    if let Some(seal) = case.sealed {
        return rulebook.named(seal).iter().any(|named| named.is(actor))
            && actor
                .unit
                .as_ref()
                .is_none_or(|unit| !rulebook.is_accused_by_either_line(unit, case.against));
    }
    if own && case.lodged_by == actor.person {
        return true;
    }
    let Some(unit) = &actor.unit else { return role.reaches(Reach::Everywhere) };
    if rulebook.is_accused(unit, case.against) {
        return false;
    }
    let involved =
        || case.sender == Some(unit) || case.last_mover == Some(unit) || case.consulted.contains(unit);
    role.reaches(Reach::Everywhere)
        || covers(rulebook, role, unit, case)
        || (role.is_of_an_office() && involved())
}

/// Whether the case is within the actor's reach for this action.
///
/// One that nobody sent is out of nobody's reach for a recall, and refused as such.
pub fn reaches(rulebook: &Rulebook, actor: &Actor, action: Action, case: &Standing<'_>) -> bool {
    let Some(role) = rulebook.access.role(&actor.role) else { return false };
    if case.sealed.is_some() && !sees(rulebook, actor, case) {
        return false;
    }
    let theirs = case.complainant == Some(actor.person) || case.lodged_by == actor.person;
    if role.reaches(Reach::OwnCases) && theirs {
        return true;
    }
    let unit = actor.unit.as_ref();
    let accused = unit.is_some_and(|unit| rulebook.is_accused(unit, case.against));
    if role.only_own_cases() || accused {
        return false;
    }
    match action {
        Action::Recall => case.sender.is_none_or(|sender| Some(sender) == unit),
        _ if role.reaches(Reach::Everywhere) => true,
        Action::Rescind => case.last_mover.is_some() && case.last_mover == unit,
        Action::Answer => unit.is_some_and(|unit| case.consulted.contains(unit)),
        _ => unit.is_some_and(|unit| covers(rulebook, role, unit, case)),
    }
}

/// Whether the office's own reach covers the case.
fn covers(rulebook: &Rulebook, role: &RoleAccess, unit: &UnitCode, case: &Standing<'_>) -> bool {
    (role.reaches(Reach::OwnUnit) && unit == case.holder)
        || (role.reaches(Reach::UnitsBelow) && rulebook.directory().oversees(unit, case.holder))
        || (role.reaches(Reach::Places)
            && case.place.is_some_and(|place| {
                let own = rulebook.access.places_of(unit);
                own.iter().any(|around| rulebook.places().is_within(place, around))
            }))
}

impl Rulebook {
    /// What a role sees of the cases that it reaches; nothing, for a role that the rulebook does
    /// not have.
    pub fn sights(&self, role: &RoleCode) -> Sights {
        self.access.role(role).map(|role| role.sees.clone()).unwrap_or_default()
    }

    /// Whether there is such a role.
    pub(crate) fn has_role(&self, role: &RoleCode) -> bool {
        self.access.role(role).is_some()
    }

    /// Which cases a role may touch: the widest of its reaches; `None` for a role that the
    /// rulebook does not have.
    pub fn reach(&self, role: &RoleCode) -> Option<Reach> {
        let role = self.access.role(role)?;
        role.reach.iter().copied().max()
    }

    /// How many days back a role may date the receipt of a case.
    pub fn backdate_days(&self, role: &RoleCode) -> u32 {
        self.access.role(role).map_or(0, |role| role.backdate_days)
    }

    /// Whether whoever lodges in this role is the complainant: a role that reaches its own cases
    /// alone and does not assist others.
    pub fn lodges_for_itself(&self, role: &RoleCode) -> bool {
        self.access.role(role).is_some_and(|role| role.only_own_cases() && !role.assists)
    }

    /// Whether a role stands for complainants alone, for itself or assisting others: it reaches its own
    /// cases and no others.
    pub fn acts_for_complainants(&self, role: &RoleCode) -> bool {
        self.access.role(role).is_some_and(RoleAccess::only_own_cases)
    }

    /// The posts that grant a role, in the order of the rulebook.
    pub fn posts_of<'a>(&'a self, role: &'a RoleCode) -> impl Iterator<Item = &'a PostCode> {
        self.access.posts_granting(move |granted| granted == role)
    }

    /// Every post, in the order of the rulebook.
    pub fn posts(&self) -> impl Iterator<Item = &PostCode> {
        self.access.posts_granting(|_| true)
    }

    /// The role that a post grants; `None` for a post that the rulebook does not have.
    pub fn role_of_post(&self, post: &PostCode) -> Option<&RoleCode> {
        self.access.role_of(post)
    }
}
