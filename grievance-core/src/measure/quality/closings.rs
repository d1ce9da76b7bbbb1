//! The closings of a time, gathered in shards.

use crate::grievance::event::Recorded;
use crate::kernel::code::{ReasonCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::kernel::time::{MaybeMillis, Millis};
use crate::measure::cases::tally::{DoesNotFit, NoPart};
use crate::measure::pack::{MEAN_WEEKS, WEEKS, Weeks};
use crate::measure::quality::{Disposal, Mix, Quality, Sample, Suspected};
use crate::rulebook::Rulebook;
use crate::vocabulary::{DisposalClass, VerificationFinding};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The closings of some cases in a time: a part that merges with those of other cases, in any order, to the same
/// whole, and is stored as JSON.
///
/// Who is drawn of a stratum, and what points at an officer, follows from all closings of the stratum or the officer;
/// counts alone would not do. So the part is the closings, without a word of what was written: from the merged
/// whole [`suspected`](Self::suspected), [`draw`](Self::draw) and [`quality`](Self::quality) are those of one pass.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::text::Digest;
/// use grievance_core::measure::quality::Closings;
/// use grievance_core::Rulebook;
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let mut week = Closings::new(None, "2026-04-06T05:00:00Z".parse()?);
/// // desk.by(&auditor, now).scan(&mut |history| { week.add_history(history, &|_| None); true })?;
/// let other: Closings = serde_json::from_str(&serde_json::to_string(&week)?)?;
/// week.merge(&other)?;
/// assert!(week.suspected(&rulebook).is_empty());
/// let sample = week.draw(&rulebook, "2026-04-06".parse()?, Digest::of(&[b"dice"]));
/// assert_eq!(week.quality(&sample).deficient, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Closings {
    since: Option<DateTime<Utc>>,
    until: DateTime<Utc>,
    found: BTreeMap<Key, Closing>,
}

/// The case, when it was closed, and by which event.
type Key = (GrievanceId, DateTime<Utc>, u64);

/// What is kept of a closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    unit: UnitCode,
    reason: Option<ReasonCode>,
    /// Parts that were stored before it was kept have none.
    #[serde(default)]
    class: Option<DisposalClass>,
    officer: Option<PersonId>,
    closed_by: Option<PersonId>,
    #[serde(with = "MaybeMillis")]
    due_at: Option<DateTime<Utc>>,
    #[serde(with = "MaybeMillis")]
    met_at: Option<DateTime<Utc>>,
    unreachable: bool,
    attempts: u32,
    /// Tells equal remarks from others.
    said: Option<Digest>,
    reopened: bool,
    looks: Vec<(VerificationFinding, Option<NaiveDate>)>,
}

impl Closings {
    /// Of no case yet: those after an instant, or all, and up to another one.
    pub const fn new(since: Option<DateTime<Utc>>, until: DateTime<Utc>) -> Self {
        Self { since, until, found: BTreeMap::new() }
    }

    /// Of no case yet: those of the last four weeks of a pack. What happened in the first instant of a week is in it,
    /// what happened in the first instant after it is not.
    pub fn of_weeks(weeks: &Weeks) -> Self {
        let before = |place: usize| {
            let cut = weeks.cuts[place].1;
            cut.checked_sub_signed(TimeDelta::milliseconds(1)).unwrap_or(cut)
        };
        Self::new(Some(before(WEEKS - MEAN_WEEKS)), before(WEEKS))
    }

    /// The instant after which they are; `None` of all up to the last.
    pub const fn since(&self) -> Option<DateTime<Utc>> {
        self.since
    }

    /// The last instant at which they are.
    pub const fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// Whether a closing of an instant is of the time.
    pub(crate) fn covers(&self, at: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| at > since) && at <= self.until
    }

    /// Takes every closing of the time in that a case's history tells, and what became of it as far as the history goes.
    /// `remarks` tells equal remarks from others, by the rule of [`Suspected::all`], the same in every shard. What it says is kept in the part: a digest of the
    /// words alone can be guessed, so it is made with a secret where parts leave the house.
    pub fn add_history(&mut self, history: &[Recorded], remarks: &dyn Fn(&Disposal) -> Option<Digest>) {
        for disposal in Disposal::all_of(history) {
            let said = remarks(&disposal);
            self.add(disposal, said);
        }
    }

    /// The same, as the case was known at an instant ([`Disposal::all_as_of`]). A part of a divided case is taken like any
    /// other; a review, whose counts leave parts out, leaves them out here, too.
    pub fn add_history_as_of(
        &mut self,
        history: &[Recorded],
        at: DateTime<Utc>,
        remarks: &dyn Fn(&Disposal) -> Option<Digest>,
    ) {
        for disposal in Disposal::all_as_of(history, at) {
            let said = remarks(&disposal);
            self.add(disposal, said);
        }
    }

    /// Takes one closing in, if it is of the time.
    pub fn add(&mut self, disposal: Disposal, said: Option<Digest>) {
        if !self.covers(disposal.at) {
            return;
        }
        let Disposal {
            case,
            version,
            at,
            unit,
            reason,
            class,
            officer,
            closed_by,
            due,
            unreachable,
            attempts,
            remarks: _,
            reopened,
            looks,
        } = disposal;
        let (due_at, met_at) = due.unzip();
        let closing = Closing {
            unit,
            reason,
            class,
            officer,
            closed_by,
            due_at,
            met_at,
            unreachable,
            attempts,
            said,
            reopened,
            looks,
        };
        self.found.insert((case, at, version), closing);
    }

    /// Takes another part in. A closing that is in both, since a case was read twice, is there once.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it is of another time, or tells otherwise of a closing that both have: one of them
    /// read the case earlier. Nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        let contradicts = |(key, theirs)| self.found.get(key).is_some_and(|own| own != theirs);
        if (self.since, self.until) != (other.since, other.until) || other.found.iter().any(contradicts) {
            return Err(DoesNotFit::Terms);
        }
        self.found.extend(other.found.iter().map(|(key, closing)| (*key, closing.clone())));
        Ok(())
    }

    /// How many closings there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The closings, by case and time, without their remarks.
    pub fn disposals(&self) -> Vec<Disposal> {
        let disposal = |((case, at, version), closing): (&Key, &Closing)| {
            let Closing {
                unit,
                reason,
                class,
                officer,
                closed_by,
                due_at,
                met_at,
                unreachable,
                attempts,
                said: _,
                reopened,
                looks,
            } = closing.clone();
            let due = due_at.zip(met_at);
            Disposal {
                case: *case,
                version: *version,
                at: *at,
                unit,
                reason,
                class,
                officer,
                closed_by,
                due,
                unreachable,
                attempts,
                remarks: None,
                reopened,
                looks,
            }
        };
        self.found.iter().map(disposal).collect()
    }

    /// What they were closed with ([`Mix::of`]).
    pub fn mix(&self) -> Mix {
        Mix::of(&self.disposals())
    }

    /// What points at the closings ([`Suspected::all`]).
    pub fn suspected(&self, rulebook: &Rulebook) -> Vec<Suspected> {
        let said = |disposal: &Disposal| {
            self.found.get(&(disposal.case, disposal.at, disposal.version)).and_then(|own| own.said)
        };
        Suspected::all(&self.disposals(), rulebook, &said)
    }

    /// Whom the second look has ([`Sample::draw`]), more of those at which something points.
    pub fn draw(&self, rulebook: &Rulebook, day: NaiveDate, seed: Digest) -> Sample {
        Sample::draw(&self.disposals(), &self.suspected(rulebook), rulebook.verification(), day, seed)
    }

    /// What the looks tell ([`Quality::of`]).
    pub fn quality(&self, sample: &Sample) -> Quality {
        Quality::of(sample, &self.disposals())
    }
}

/// Closings as they are stored, not yet checked: a key of JSON is a text, and so they are a list.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(with = "MaybeMillis")]
    since: Option<DateTime<Utc>>,
    #[serde(with = "Millis")]
    until: DateTime<Utc>,
    closings: Vec<StoredClosing>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredClosing {
    case: GrievanceId,
    #[serde(with = "Millis")]
    at: DateTime<Utc>,
    version: u64,
    closing: Closing,
}

impl From<Closings> for Stored {
    fn from(of: Closings) -> Self {
        let stored = |((case, at, version), closing)| StoredClosing { case, at, version, closing };
        let closings = of.found.into_iter().map(stored).collect();
        Self { since: of.since, until: of.until, closings }
    }
}

impl TryFrom<Stored> for Closings {
    type Error = NoPart;

    fn try_from(Stored { since, until, closings }: Stored) -> Result<Self, NoPart> {
        let keyed = |own: StoredClosing| ((own.case, own.at, own.version), own.closing);
        let closings: Vec<(Key, Closing)> = closings.into_iter().map(keyed).collect();
        let rises = closings.windows(2).all(|two| two[0].0 < two[1].0);
        let within = |at: DateTime<Utc>| since.is_none_or(|since| at > since) && at <= until;
        let fits = closings
            .iter()
            .all(|((_, at, _), own)| within(*at) && own.due_at.is_some() == own.met_at.is_some());
        if rises && fits {
            Ok(Self { since, until, found: closings.into_iter().collect() })
        } else {
            Err(NoPart::Malformed)
        }
    }
}
