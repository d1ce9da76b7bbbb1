//! A stratified draw of disposed cases, for a second look.

use crate::kernel::code::{ReasonCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::measure::quality::{Disposal, Suspected};
use crate::rulebook::document::VerificationEntry;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn from by itself: closings of one office, for one reason, by one officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stratum {
    /// The office.
    pub unit: UnitCode,
    /// The reason, where one is on record.
    pub reason: Option<ReasonCode>,
    /// Who reported or closed, where that is on record.
    pub officer: Option<PersonId>,
    /// Closings in it.
    pub disposals: u64,
    /// How many of them were drawn.
    pub drawn: u64,
    /// Whether something points at it, so that more of it was drawn.
    pub suspicious: bool,
}

/// A case that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drawn {
    /// The case.
    pub case: GrievanceId,
    /// Its stratum: the place in [`Sample::strata`].
    pub stratum: usize,
}

/// A draw of disposed cases. Whoever has the same closings, the same rulebook entry and the same seed
/// draws the same cases, in whatever order they are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sample {
    /// The day for which it was drawn; `verify` names it.
    pub day: NaiveDate,
    /// What decided the draw. Whoever knows it beforehand knows who will be looked at: draw it when the
    /// closings are over.
    pub seed: Digest,
    /// What was asked for.
    pub asked: VerificationEntry,
    /// Every stratum, by office, reason and officer.
    pub strata: Vec<Stratum>,
    /// The cases, by stratum and identity.
    pub drawn: Vec<Drawn>,
}

impl Sample {
    /// Draws from the closings that stand.
    ///
    /// Of each stratum as many as the rulebook's `percent` says, rounded up, but at least
    /// `at_least`, or all there are; of one that something points at as `suspicious_percent` says. A
    /// stratum is suspicious when one of its cases is among those of `suspected`. Of the closings in
    /// a stratum those are drawn whose case has the smallest hash behind the seed: SHA-256 of the
    /// word `verification`, the seed and the case's identity, each with its length. So a draw of
    /// more has the draw of less in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::kernel::text::Digest;
    /// use grievance_core::measure::quality::Sample;
    /// use grievance_core::rulebook::document::VerificationEntry;
    ///
    /// let day = "2026-04-05".parse()?;
    /// let sample = Sample::draw(&[], &[], &VerificationEntry::default(), day, Digest::of(&[b"dice"]));
    /// assert!(sample.drawn.is_empty(), "of nothing nothing is drawn");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn draw(
        disposals: &[Disposal],
        suspected: &[Suspected],
        asked: &VerificationEntry,
        day: NaiveDate,
        seed: Digest,
    ) -> Self {
        type Key<'a> = (&'a UnitCode, Option<&'a ReasonCode>, Option<PersonId>);
        let pointed: BTreeSet<GrievanceId> =
            suspected.iter().flat_map(|suspected| suspected.cases.iter().copied()).collect();
        let mut strata: BTreeMap<Key<'_>, BTreeMap<Digest, GrievanceId>> = BTreeMap::new();
        for disposal in disposals.iter().filter(|disposal| disposal.stands()) {
            let key = (&disposal.unit, disposal.reason.as_ref(), disposal.officer);
            let place = Digest::of(&[b"verification", seed.as_bytes(), disposal.case.as_bytes()]);
            strata.entry(key).or_default().insert(place, disposal.case);
        }
        let mut sample = Self { day, seed, asked: asked.clone(), strata: Vec::new(), drawn: Vec::new() };
        for ((unit, reason, officer), cases) in strata {
            let suspicious = cases.values().any(|case| pointed.contains(case));
            let percent = if suspicious { asked.suspicious_percent } else { asked.percent };
            let count = size(cases.len(), percent, asked.at_least);
            let stratum = sample.strata.len();
            let mut drawn: Vec<Drawn> =
                cases.values().take(count).map(|case| Drawn { case: *case, stratum }).collect();
            drawn.sort();
            sample.drawn.extend(drawn);
            sample.strata.push(Stratum {
                unit: unit.clone(),
                reason: reason.cloned(),
                officer,
                disposals: cases.len() as u64,
                drawn: count as u64,
                suspicious,
            });
        }
        sample
    }
}

/// So many in the hundred of them, rounded up; at least so many; no more than there are.
fn size(of: usize, percent: u32, at_least: u32) -> usize {
    let share = (of as u128 * u128::from(percent)).div_ceil(100);
    usize::try_from(share).unwrap_or(of).max(at_least as usize).min(of)
}
