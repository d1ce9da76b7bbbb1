//! What a decision may look at besides the case and the command.

use crate::grievance::state::Grievance;
use crate::grievance::verified::MobileProof;
use crate::kernel::number::RegistrationNumber;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::rulebook::escalation::Superior;
use chrono::{DateTime, NaiveDate, Utc};

/// The moment of a decision: when, by whom, under which rules.
///
/// The pure layers have no clock and no chance: all of it is passed in.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Now, in whole milliseconds.
    pub now: DateTime<Utc>,
    /// Who acts.
    pub actor: &'a Actor,
    /// The rulebook in force.
    pub rulebook: &'a Rulebook,
    /// The registration number that was reserved, for a lodging.
    pub number: Option<&'a RegistrationNumber>,
    /// The other case, for a merge: the one that goes on.
    pub other: Option<&'a Grievance>,
    /// Since when the rulebook is in force, if that is known: for a case that was last decided under
    /// another. What fell due before counts as the other had it; without it, all that fell due
    /// until now does.
    pub since: Option<DateTime<Utc>>,
    /// That the complainant's mobile was verified, for a lodging.
    pub proof: Option<&'a MobileProof>,
    /// Posts known to be vacant, of those that an escalation may turn to.
    pub vacant: &'a [Superior],
    /// When the letter that is recorded now was received, if earlier: the complainant's window is held
    /// against it.
    pub received: Option<DateTime<Utc>>,
    /// Whether the roster knows nobody else in the actor's office who could take the step.
    pub alone: bool,
}

impl<'a> Moment<'a> {
    /// A moment without a reserved number, another case, a verified mobile or a roster.
    pub const fn new(now: DateTime<Utc>, actor: &'a Actor, rulebook: &'a Rulebook) -> Self {
        Self {
            now,
            actor,
            rulebook,
            number: None,
            other: None,
            since: None,
            proof: None,
            vacant: &[],
            received: None,
            alone: false,
        }
    }

    /// The day, in the office's zone.
    pub fn today(&self) -> NaiveDate {
        crate::kernel::time::day_of(self.now, self.rulebook.zone())
    }
}
