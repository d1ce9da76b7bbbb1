//! Which cases an actor may see, as plain data: what a search is filtered by.

use crate::kernel::code::{CategoryCode, PlaceCode, UnitCode};
use crate::kernel::id::PersonId;
use crate::kernel::text::Digest;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, RoleAccess};
use crate::vocabulary::Reach;

/// A set of cases, told by their rows. A store answers it without knowing a rule: ours in memory
/// by looking at each row, those on SQL by a condition of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every case.
    All,
    /// None.
    Nothing,
    /// Those of any of these.
    AnyOf(Vec<Self>),
    /// Those of all of these.
    AllOf(Vec<Self>),
    /// Those that are not of this.
    Not(Box<Self>),
    /// Held by this office.
    HeldBy(UnitCode),
    /// Held by this office or one below it, by either line of that rulebook version.
    HeldBelow(Digest, UnitCode),
    /// In this jurisdiction or one that lies in it, by that rulebook version.
    Within(Digest, PlaceCode),
    /// This person complains.
    ComplainantIs(PersonId),
    /// This person brought it in.
    LodgedBy(PersonId),
    /// This office sent it to its holder.
    SentBy(UnitCode),
    /// This office took the last step that can be undone.
    MovedBy(UnitCode),
    /// This office was asked and has not answered.
    Consulted(UnitCode),
    /// About one of these offices.
    About(Vec<UnitCode>),
    /// Sealed, whatever the subject.
    Sealed,
    /// Sealed under one of these subjects.
    SealedAs(Vec<CategoryCode>),
}

impl Scope {
    /// Those of any of these.
    pub fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::All => return Self::All,
                Self::Nothing => {}
                Self::AnyOf(more) => kept.extend(more),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Nothing,
            1 => kept.remove(0),
            _ => Self::AnyOf(kept),
        }
    }

    /// Those of all of these.
    pub fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Nothing => return Self::Nothing,
                Self::All => {}
                Self::AllOf(more) => kept.extend(more),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::All,
            1 => kept.remove(0),
            _ => Self::AllOf(kept),
        }
    }

    /// Those that are not of this.
    #[must_use]
    pub fn except(part: Self) -> Self {
        match part {
            Self::All => Self::Nothing,
            Self::Nothing => Self::All,
            Self::Not(part) => *part,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The cases that an actor may see: those of which [`sees`](crate::rulebook::access::sees) says
    /// so, case by case.
    ///
    /// A pure function of both, so it may be kept for as long as neither changes.
    pub fn of(rulebook: &Rulebook, actor: &Actor) -> Self {
        let Some(role) = rulebook.access.role(&actor.role) else { return Self::Nothing };
        let own = |scope| if role.reaches(Reach::OwnCases) { scope } else { Self::Nothing };
        let mine = own(Self::ComplainantIs(actor.person));
        let brought = own(Self::LodgedBy(actor.person));
        let office = Self::of_office(rulebook, actor, role);
        let plain = Self::any_of([mine.clone(), brought, office]);
        let known = rulebook.known_seals(actor);
        let told = if known.is_empty() { Self::Nothing } else { Self::SealedAs(known) };
        let told = Self::all_of([told, Self::blind(rulebook, actor, Rulebook::is_accused_by_either_line)]);
        Self::any_of([
            Self::all_of([Self::except(Self::Sealed), plain]),
            Self::all_of([Self::Sealed, Self::any_of([mine, told])]),
        ])
    }

    /// What the office may see, if the case is not about it or its line.
    fn of_office(rulebook: &Rulebook, actor: &Actor, role: &RoleAccess) -> Self {
        let mut parts = Vec::new();
        if role.reaches(Reach::Everywhere) {
            parts.push(Self::All);
        }
        if let Some(unit) = actor.unit.as_ref().filter(|_| role.is_of_an_office()) {
            parts.extend([
                Self::SentBy(unit.clone()),
                Self::MovedBy(unit.clone()),
                Self::Consulted(unit.clone()),
            ]);
            if role.reaches(Reach::OwnUnit) {
                parts.push(Self::HeldBy(unit.clone()));
            }
            if role.reaches(Reach::UnitsBelow) {
                parts.push(Self::HeldBelow(rulebook.version(), unit.clone()));
            }
            if role.reaches(Reach::Places) {
                let places = rulebook.access.places_of(unit).iter();
                parts.extend(places.map(|place| Self::Within(rulebook.version(), place.clone())));
            }
        }
        Self::all_of([Self::blind(rulebook, actor, Rulebook::is_accused), Self::any_of(parts)])
    }

    /// All but what is about an office on whose account the actor's is accused.
    fn blind(
        rulebook: &Rulebook,
        actor: &Actor,
        accused: impl Fn(&Rulebook, &UnitCode, Option<&UnitCode>) -> bool,
    ) -> Self {
        let Some(unit) = &actor.unit else { return Self::All };
        let line = rulebook.directory().overseers(unit);
        let mut about: Vec<UnitCode> =
            line.into_iter().filter(|top| accused(rulebook, unit, Some(*top))).cloned().collect();
        // An office that the version does not have stands in no line, and is still itself.
        if !about.contains(unit) {
            about.push(unit.clone());
        }
        Self::except(Self::About(about))
    }
}
