//! The people around a case. Nobody has a name: identities are drawn from office and role.

use crate::synthetic::dice::Dice;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::request::Lodge;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::{RoleCode, UnitCode};
use grievance_core::kernel::id::PersonId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{Action, Phase, Reach, TargetKind};
use std::collections::HashMap;

/// Persons in an office and role, and how fast offices are.
pub(crate) struct People {
    /// Roles of officers, by their reach.
    officers: Vec<(RoleCode, Reach)>,
    /// Roles that can lodge.
    lodgers: Vec<RoleCode>,
    categories: Vec<String>,
    places: Vec<String>,
    /// How slow an office is: 1 is the usual pace.
    pace: HashMap<UnitCode, f64>,
}

impl People {
    pub(crate) fn of(rulebook: &Rulebook) -> Self {
        let document = rulebook.document();
        let roles = || document.role.iter().filter_map(|role| RoleCode::new(&role.code).ok());
        let lodgers =
            roles().filter(|role| rulebook.workflow().find(Action::Lodge, None, role, None).is_some());
        let officers = roles()
            .filter_map(|role| rulebook.reach(&role).map(|reach| (role, reach)))
            .filter(|(_, reach)| *reach != Reach::OwnCases);
        // The finest subjects and places: those that no other names as its parent.
        let wide: Vec<_> = document.category.iter().filter_map(|entry| entry.parent.as_deref()).collect();
        let around: Vec<_> = document.place.iter().filter_map(|entry| entry.parent.as_deref()).collect();
        let mut pace = HashMap::new();
        for (nth, unit) in rulebook.directory().iter().enumerate() {
            // Every third office is twice as slow, every seventh five times.
            let slow = if nth % 7 == 3 {
                5.0
            } else if nth % 3 == 1 {
                2.0
            } else {
                1.0
            };
            pace.insert(unit.code.clone(), slow);
        }
        Self {
            officers: officers.collect(),
            lodgers: lodgers.filter(|role| role.as_str() != "system").collect(),
            categories: document
                .category
                .iter()
                .map(|it| it.code.clone())
                .filter(|it| !wide.contains(&it.as_str()))
                .collect(),
            places: document
                .place
                .iter()
                .map(|it| it.code.clone())
                .filter(|it| !around.contains(&it.as_str()))
                .collect(),
            pace,
        }
    }

    pub(crate) fn pace(&self, unit: &UnitCode) -> f64 {
        self.pace.get(unit).copied().unwrap_or(1.0)
    }

    /// A lodging, and who brings it in: the complainant, or somebody at a counter or a telephone.
    pub(crate) fn lodging(&self, dice: &mut Dice, rulebook: &Rulebook, assisted: bool) -> (Actor, Lodge) {
        let roles: Vec<_> =
            self.lodgers.iter().filter(|role| rulebook.lodges_for_itself(role) != assisted).collect();
        let role = dice
            .pick(&roles)
            .map(|role| (*role).clone())
            .or_else(|| self.lodgers.first().cloned())
            .unwrap_or_else(|| RoleCode::new("complainant").expect("a code"));
        let nth = dice.below(i64::MAX);
        let itself = rulebook.lodges_for_itself(&role);
        let unit = (!itself).then(|| rulebook.directory().cell().clone());
        let person = person(unit.as_ref(), &role, if itself { nth } else { nth % 5 });
        let anonymous = dice.chance(0.04);
        let reachable = !anonymous && dice.chance(0.93);
        let channels: Vec<_> = rulebook.channels().iter().map(ToString::to_string).collect();
        let request = Lodge {
            narrative: "A generated grievance.".to_owned(),
            category: dice.pick(&self.categories).cloned(),
            place: dice.pick(&self.places).cloned(),
            channel: dice.pick(&channels).cloned(),
            anonymous: anonymous.then_some(true),
            name: reachable.then(|| "Generated".to_owned()),
            mobile: reachable.then(|| format!("9{:09}", nth % 1_000_000_000)),
            signatories: (!anonymous && dice.chance(0.02)).then(|| vec!["Generated too".to_owned(); 3]),
            reference_from: dice.chance(0.01).then(|| "legislator".to_owned()),
            ..Lodge::default()
        };
        (Actor { unit, ..Actor::new(person, role) }, request)
    }

    /// Who makes calls for the cell: a call agent, if the rulebook knows one.
    pub(crate) fn caller(&self, dice: &mut Dice, rulebook: &Rulebook) -> Option<Actor> {
        self.of_cell(dice, rulebook, "call_agent", 12)
    }

    /// One of so many people of the cell in a role; where the rulebook does not know it, in the first that
    /// reaches everywhere.
    fn of_cell(&self, dice: &mut Dice, rulebook: &Rulebook, role: &str, many: i64) -> Option<Actor> {
        let everywhere = |reach: &Reach| *reach == Reach::Everywhere;
        let (role, _) = self
            .officers
            .iter()
            .find(|(own, _)| own.as_str() == role)
            .or_else(|| self.officers.iter().find(|(_, reach)| everywhere(reach)))?;
        let cell = rulebook.directory().cell();
        let person = person(Some(cell), role, dice.below(many));
        Some(Actor::new(person, role.clone()).of(cell.clone()))
    }

    /// Who looks a second time for the cell: an auditor, if the rulebook knows one.
    pub(crate) fn verifier(&self, dice: &mut Dice, rulebook: &Rulebook) -> Option<Actor> {
        self.of_cell(dice, rulebook, "auditor", 4)
    }

    /// Officers who may look back on a case: of the cell, and of the office that disposed of it.
    pub(crate) fn looking_back(&self, dice: &mut Dice, rulebook: &Rulebook, case: &Grievance) -> Vec<Actor> {
        let of = |(role, reach): &(RoleCode, Reach)| {
            let everywhere = *reach == Reach::Everywhere;
            let unit = if everywhere { rulebook.directory().cell() } else { case.unit() };
            Actor::new(person(Some(unit), role, dice.below(3)), role.clone()).of(unit.clone())
        };
        self.officers.iter().map(of).collect()
    }

    /// Those who might do something: the complainant, officers of the office that holds the case,
    /// of the one above, of the cell, of those that were asked; of the officers, a share.
    pub(crate) fn around(
        &self,
        dice: &mut Dice,
        rulebook: &Rulebook,
        (case, at): (&Grievance, DateTime<Utc>),
        present: f64,
    ) -> Vec<Actor> {
        let directory = rulebook.directory();
        let mut around = Vec::with_capacity(6);
        let waited_for = matches!(case.phase(), Phase::AwaitingComplainant | Phase::Disposed);
        if let Some(complainant) = case.subject.complainant.person
            && (waited_for || dice.chance(0.05))
        {
            let role = RoleCode::new("complainant").expect("a code");
            around.push(Actor::new(complainant, role));
        }
        if case.phase() == Phase::Disposed {
            let owed = case.clock(TargetKind::Review).filter(|owed| owed.met_at.is_none());
            if owed.is_some_and(|owed| owed.due_at - at < TimeDelta::days(5)) {
                // The cell sees to it that what was promised is done, and opens the case again.
                let cell = directory.cell();
                let everywhere = self.officers.iter().filter(|(_, reach)| *reach == Reach::Everywhere);
                around.clear();
                around.extend(everywhere.map(|(role, _)| {
                    Actor::new(person(Some(cell), role, dice.below(3)), role.clone()).of(cell.clone())
                }));
            }
            return around;
        }
        let asked = case.consulted.first();
        for (role, reach) in &self.officers {
            if !dice.chance(present) {
                continue;
            }
            let unit = match reach {
                Reach::Everywhere => directory.cell(),
                Reach::UnitsBelow if dice.chance(0.4) => {
                    directory.parent(case.unit()).unwrap_or_else(|| case.unit())
                }
                _ => case.unit(),
            };
            let unit = asked.filter(|_| dice.chance(0.3)).unwrap_or(unit).clone();
            let person = person(Some(&unit), role, dice.below(3));
            around.push(Actor::new(person, role.clone()).of(unit));
        }
        around
    }
}

/// A person of an office and a role: the same arguments, the same person.
fn person(unit: Option<&UnitCode>, role: &RoleCode, nth: i64) -> PersonId {
    let unit = unit.map_or("", |unit| unit.as_str());
    let digest = grievance_core::kernel::text::Digest::of(&[
        unit.as_bytes(),
        b"/",
        role.as_str().as_bytes(),
        &nth.to_be_bytes(),
    ]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    PersonId::from_uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
