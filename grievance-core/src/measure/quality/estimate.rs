//! What the second looks of a sample tell of all the disposed.

use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::measure::index::{Answered, Looks};
use crate::measure::quality::{Disposal, Sample};
use crate::vocabulary::VerificationFinding;
use serde::Serialize;
use std::collections::BTreeMap;

/// The second looks of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Looked {
    /// What was reported is so.
    pub confirmed: u64,
    /// It is not so, or not wholly.
    pub deficient: u64,
    /// It could not be found out.
    pub not_verifiable: u64,
    /// Drawn, and not looked at yet.
    pub waiting: u64,
}

impl Looked {
    /// Looks that found an answer.
    pub const fn answered(&self) -> u64 {
        self.confirmed + self.deficient
    }
}

/// What a sample tells. Counts are exact; the share is an estimate, and says of how many it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quality {
    /// By stratum, in the order of the sample's.
    pub strata: Vec<Looked>,
    /// Of all strata together.
    pub looked: Looked,
    /// Closings in the strata of which at least one look found an answer: what the share is of.
    pub covered: u64,
    /// Closings in the strata of which none did: of these nothing is said.
    pub not_covered: u64,
    /// The share of deficient closings among those covered, each stratum with the weight of its
    /// closings: Σ `N` `d` / `m` ÷ Σ `N`, where of `m` answers `d` are deficient. `None` where nothing is
    /// covered.
    pub deficient: Option<f64>,
    /// How far that share may be off by the luck of the draw: its standard error,
    /// √(Σ (`N` ÷ Σ `N`)² (1 − `m` ÷ `N`) `p` (1 − `p`) ÷ (`m` − 1)) with `p` = `d` ÷ `m`; a stratum of which every
    /// closing has an answer adds nothing. `None` where some other stratum has a single answer: then
    /// nobody can tell. (W. G. Cochran, *Sampling Techniques*, 3rd ed. 1977, sections 5.4 and 5.9.)
    pub standard_error: Option<f64>,
}

impl Quality {
    /// What the looks tell that were taken for a sample: those whose `verify` named its day. Looks at
    /// other cases, or for another day, count nowhere. A closing that did not stand since counts with
    /// what was found of it.
    pub fn of(sample: &Sample, disposals: &[Disposal]) -> Self {
        let mut found: BTreeMap<GrievanceId, VerificationFinding> = BTreeMap::new();
        for disposal in disposals {
            let own = disposal.looks.iter().filter(|(_, day)| *day == Some(sample.day));
            found.extend(own.map(|(finding, _)| (disposal.case, *finding)));
        }
        let mut strata = vec![Looked::default(); sample.strata.len()];
        for drawn in &sample.drawn {
            let looked = &mut strata[drawn.stratum];
            match found.get(&drawn.case) {
                Some(VerificationFinding::Confirmed) => looked.confirmed += 1,
                Some(VerificationFinding::Deficient) => looked.deficient += 1,
                Some(VerificationFinding::NotVerifiable) => looked.not_verifiable += 1,
                None => looked.waiting += 1,
            }
        }
        Self::from_counts(sample, strata)
    }

    fn from_counts(sample: &Sample, strata: Vec<Looked>) -> Self {
        let mut looked = Looked::default();
        let (mut covered, mut not_covered) = (0, 0);
        for (stratum, own) in sample.strata.iter().zip(&strata) {
            looked.confirmed += own.confirmed;
            looked.deficient += own.deficient;
            looked.not_verifiable += own.not_verifiable;
            looked.waiting += own.waiting;
            let counted = if own.answered() > 0 { &mut covered } else { &mut not_covered };
            *counted += stratum.disposals;
        }
        let answered = || sample.strata.iter().zip(&strata).filter(|(_, own)| own.answered() > 0);
        let (mut share, mut variance) = (0.0, Some(0.0));
        for (stratum, own) in answered() {
            let (all, answers) = (real(stratum.disposals), real(own.answered()));
            let (weight, part) = (all / real(covered), real(own.deficient) / answers);
            share += weight * part;
            if own.answered() < stratum.disposals {
                let spread = (own.answered() > 1)
                    .then(|| (1.0 - answers / all) * part * (1.0 - part) / (answers - 1.0));
                variance = variance.zip(spread).map(|(sum, spread)| sum + weight * weight * spread);
            }
        }
        Self {
            strata,
            looked,
            covered,
            not_covered,
            deficient: (covered > 0).then_some(share),
            standard_error: variance.filter(|_| covered > 0).map(f64::sqrt),
        }
    }

    /// What was found of each office's closings, stratum by stratum: what an index corrects it by
    /// ([`Board::of_verified`](crate::measure::index::Board::of_verified)). An office at which no look found an answer
    /// is not among them.
    pub fn by_unit(&self, sample: &Sample) -> BTreeMap<UnitCode, Looks> {
        let mut units: BTreeMap<&UnitCode, Vec<Answered>> = BTreeMap::new();
        for (stratum, own) in sample.strata.iter().zip(&self.strata).filter(|(_, own)| own.answered() > 0) {
            let (looked, sound) = (own.answered(), own.confirmed);
            let answered = Answered { closings: stratum.disposals, looked, sound };
            units.entry(&stratum.unit).or_default().push(answered);
        }
        // A sample that was tampered with, so that more was looked at than was closed, tells nothing.
        let looks =
            |(unit, strata): (&UnitCode, Vec<Answered>)| Some((unit.clone(), Looks::new(strata).ok()?));
        units.into_iter().filter_map(looks).collect()
    }

    /// A count of the disposed, less the share that was found deficient: what a disposal index is
    /// adjusted by. `None` where nothing is covered, never the count itself.
    pub fn adjusted(&self, disposed: u64) -> Option<f64> {
        self.deficient.map(|share| real(disposed) * (1.0 - share))
    }
}

/// A count as a number to divide: exact up to 2^53, more cases than there are.
#[expect(clippy::cast_precision_loss, reason = "no count of cases comes near 2^53")]
const fn real(count: u64) -> f64 {
    count as f64
}
