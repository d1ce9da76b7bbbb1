//! What stands in the way of a lodging before it is sent: the desk's own rules, without a desk.

use crate::desk::{DeskError, SeededMint};
use crate::grievance::command::Command;
use crate::grievance::decide::decide;
use crate::grievance::moment::Moment;
use crate::grievance::read::read;
use crate::grievance::refusal::Refusal;
use crate::grievance::request::{Lodge, Request};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Sealer;
use crate::kernel::time::whole_millis;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Decides a lodging on trial, so that one that the rules refuse uses up no number.
pub(super) fn tried(command: &Command, at: &Moment<'_>) -> Result<(), Refusal> {
    let trial = RegistrationNumber::read("0").expect("a digit is a printable character");
    decide(None, command, &Moment { number: Some(&trial), ..*at }).map(drop)
}

/// Everything that stands in the way of a lodging, by the rules that a desk would decide it by: one
/// failure for each field, in the order in which a desk meets them. Empty where nothing does.
///
/// A failure without a field, such as that the role may not lodge, ends the list: what lies behind it
/// does not show. What only a desk knows is not asked; so every mobile counts as not verified, where
/// the rulebook wants that. [`Rulebook::part_for`], which goes to phones, does not.
///
/// # Examples
///
/// ```
/// use grievance_core::desk::draft_problems;
/// use grievance_core::grievance::request::Lodge;
/// use grievance_core::{Actor, PersonId, Rulebook};
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let citizen = Actor::new(PersonId::from_uuid(uuid::Uuid::nil()), "complainant".parse()?);
/// let draft = Lodge { category: Some("waterworks".to_owned()), ..Lodge::default() };
/// let problems = draft_problems(&draft, &citizen, &rulebook, chrono::DateTime::UNIX_EPOCH);
/// let places: Vec<_> = problems.iter().map(|problem| problem.place()).collect();
/// assert_eq!(places, [Some("narrative"), Some("category")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn draft_problems(
    lodge: &Lodge,
    actor: &Actor,
    rulebook: &Rulebook,
    now: DateTime<Utc>,
) -> Vec<DeskError> {
    let mut problems: Vec<DeskError> = Vec::new();
    let mut left = lodge.clone();
    // Without the field that a failure names, the next one shows.
    while let Err(problem) = judged(&left, actor, rulebook, now) {
        if problems.contains(&problem) {
            break;
        }
        let without = problem.place().and_then(|field| without(&left, field));
        problems.push(problem);
        match without {
            Some(rest) => left = rest,
            None => break,
        }
    }
    problems
}

fn judged(lodge: &Lodge, actor: &Actor, rulebook: &Rulebook, now: DateTime<Utc>) -> Result<(), DeskError> {
    // Nothing of what is drawn here is kept.
    let mut mint = SeededMint::new(0);
    let request = Request::Lodge(lodge.clone());
    let command = read(&request, actor, rulebook, &mut Sealer::new(&mut mint))?.command;
    Ok(tried(&command, &Moment::new(whole_millis(now), actor, rulebook))?)
}

/// The lodging without a field, or with something in its place where there must be one; `None` where
/// that changes nothing.
fn without(lodge: &Lodge, field: &str) -> Option<Lodge> {
    let mut fields = serde_json::to_value(lodge).ok()?;
    let taken = fields.as_object_mut()?.remove(field)?;
    if field == "narrative" {
        fields.as_object_mut()?.insert(field.to_owned(), Value::from("-"));
    }
    let rest = serde_json::from_value(fields).ok()?;
    (taken != "-").then_some(rest)
}
