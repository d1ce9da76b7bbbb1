//! Restatements: what an edition would say if it had known what is known today.

use crate::grievance::event::{Recorded, What};
use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::measure::index::Board;
use crate::measure::mis::{Terms, is_sealed};
use crate::measure::pack::edition::Edition;
use crate::measure::pack::finish::LAST;
use crate::measure::pack::hindsight::hindsight;
use crate::measure::pack::line::Line;
use crate::measure::pack::part::PackPart;
use crate::measure::pack::trace::{Book, trace};
use crate::measure::pack::value::{IndexPart, Pack};
use crate::measure::pack::weeks::Weeks;
use crate::measure::pendency::PendencyBands;
use crate::measure::workdays::Workdays;
use crate::rulebook::Rulebook;
use crate::vocabulary::{AgeRule, ErrorCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why a case counts otherwise than it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It had come by then and was written down later: paper that was keyed in, a later import.
    LateEntry,
    /// It stood disposed, and was opened again afterwards: the closure did not last.
    Reopening,
    /// What was written down was wrong: a step was taken back, or another import tells it otherwise.
    Correction,
    /// It was sealed, and counts nowhere.
    Sealing,
    /// Its seal was lifted.
    Unsealing,
}

/// One count of a restatement: an office alone, in one of the weeks that the edition tells of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The office.
    pub unit: UnitCode,
    /// The line.
    pub line: Line,
    /// How many weeks before the edition's own week: 0 for that week, 1 for the one before, up to 11.
    #[serde(default, skip_serializing_if = "is_own")]
    pub before: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_own(before: &u8) -> bool {
    *before == 0
}

/// A case that counts otherwise than it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// The case.
    pub case: GrievanceId,
    /// Why.
    pub because: Why,
    /// The counts that it was in and is not, once for each time.
    pub from: Vec<Place>,
    /// The counts that it is in and was not.
    pub to: Vec<Place>,
}

/// A count that is not what the histories of then give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unexplained {
    /// Which.
    pub place: Place,
    /// What the edition says.
    pub printed: u64,
    /// What the histories as they stood when it was made give.
    pub found: u64,
}

/// An edition against what is known today: every difference, by case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restatement {
    /// The edition's hash.
    pub edition: Digest,
    /// The edition's day.
    pub as_of: NaiveDate,
    /// The cases that count otherwise, by identity.
    pub moved: Vec<Moved>,
    /// Counts of which the edition differs from the histories of then: somebody changed the one or the
    /// others, the edition was made from part of the cases, or counts came from elsewhere.
    pub unexplained: Vec<Unexplained>,
    /// Each count that is restated: as printed, and as it would be.
    pub restated: Vec<Restated>,
    /// The branches whose score or place under the edition's index would be another, in the order of their codes; none
    /// where nobody asked ([`Restating::finish_under`]), or the edition has no index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regraded: Vec<Regraded>,
}

/// A branch under the edition's index: as printed, and as it would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regraded {
    /// The branch.
    pub unit: UnitCode,
    /// The score that the edition prints; none without data.
    pub printed: Option<f64>,
    /// The place that it prints; none for a branch that is not ranked.
    pub printed_rank: Option<u32>,
    /// The score that it would print.
    pub now: Option<f64>,
    /// The place that it would print.
    pub now_rank: Option<u32>,
}

/// A count as printed and as it would be today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restated {
    /// Which.
    pub place: Place,
    /// What the edition says. Of its own week and the one before it prints the counts of each office; of the weeks before
    /// these, of which means, flows and the index are made, this is what the histories of then give.
    pub printed: u64,
    /// What it would say.
    pub now: u64,
}

/// An edition prints each office's counts of its own week and of so many before.
const PRINTED: u8 = 1;

/// The counts that a history stands behind, week by week.
struct Marks(Vec<Place>);

impl Book for Marks {
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize) {
        let before = u8::try_from(LAST - week).expect("a pack has a handful of weeks");
        self.0.push(Place { unit: unit.clone(), line, before });
    }
}

/// Reads histories and compares.
///
/// An edition keeps no list of its cases: since histories are only added to, what was known when it
/// was made can be read from them. Its counts are held to that first (ADR 94).
#[derive(Clone, Debug)]
pub struct Restating {
    edition: Digest,
    as_of: NaiveDate,
    weeks: Weeks,
    made_at: DateTime<Utc>,
    units: BTreeSet<UnitCode>,
    printed: BTreeMap<Place, u64>,
    then: BTreeMap<Place, u64>,
    now: BTreeMap<Place, u64>,
    moved: Vec<Moved>,
    // The office, the printed board, and what would be counted: where there is an index.
    ranked: Option<(UnitCode, Board, PackPart)>,
}

/// Why an edition cannot be restated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRestatable {
    /// It names a zone or bands that there are not.
    #[error("the edition names a time zone or bands of age that there are not")]
    Unknown,
    /// It counts in working days, and nobody said which they are.
    #[error("the edition counts in working days: say by which calendars")]
    Workdays,
}

impl NotRestatable {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Unknown => ErrorCode::FileInvalid,
            Self::Workdays => ErrorCode::FigureNotKept,
        }
    }
}

impl Restating {
    /// Begins with an edition in calendar or elapsed days.
    ///
    /// # Errors
    ///
    /// [`NotRestatable`].
    pub fn new(edition: &Edition) -> Result<Self, NotRestatable> {
        match edition.pack.age_rule {
            AgeRule::Working => Err(NotRestatable::Workdays),
            AgeRule::Calendar | AgeRule::Elapsed => Self::begin(edition, |terms| terms),
        }
    }

    /// Begins with an edition in working days, by the calendars that it was made with.
    ///
    /// # Errors
    ///
    /// [`NotRestatable::Unknown`].
    pub fn by_workdays(edition: &Edition, workdays: Workdays) -> Result<Self, NotRestatable> {
        Self::begin(edition, |terms| terms.with_workdays(workdays))
    }

    fn begin(edition: &Edition, told: impl FnOnce(Terms) -> Terms) -> Result<Self, NotRestatable> {
        let pack = &edition.pack;
        let weeks = Weeks::to(told(terms_of(pack)?));
        let mut printed = BTreeMap::new();
        for row in &pack.offices {
            for (line, compared) in &row.figures.lines {
                for (before, count) in (0..).zip([Some(compared.week), compared.before]) {
                    let Some(count) = count.filter(|count| *count > 0) else { continue };
                    printed.insert(Place { unit: row.unit.clone(), line: *line, before }, count);
                }
            }
        }
        let ranked =
            |index: &IndexPart| (pack.unit.clone(), index.board.clone(), PackPart::new(weeks.clone()));
        let ranked = pack.index.as_ref().map(ranked);
        Ok(Self {
            edition: edition.hash(),
            as_of: pack.as_of,
            weeks,
            made_at: edition.made_at,
            units: pack.offices.iter().map(|row| row.unit.clone()).collect(),
            printed,
            then: BTreeMap::new(),
            now: BTreeMap::new(),
            moved: Vec::new(),
            ranked,
        })
    }

    /// Compares what a case was counted as with what it would be counted as today.
    pub fn add_history(&mut self, history: &[Recorded]) {
        let Some(first) = history.first() else { return };
        // Recorded in order: what was known is a beginning of the history.
        let known = &history[..history.iter().take_while(|next| next.at < self.made_at).count()];
        let then = self.marks(known);
        let (seen, why) = hindsight(history, known.len(), self.weeks.terms.at);
        let now = self.marks(&seen);
        if let Some((.., today)) = &mut self.ranked {
            today.add_history(&seen);
        }
        add(&mut self.then, &then);
        add(&mut self.now, &now);
        let (from, to) = (without(&then, &now), without(&now, &then));
        if from.is_empty() && to.is_empty() {
            return;
        }
        let because = match (is_sealed(known), is_sealed(history)) {
            (false, true) if !known.is_empty() => Why::Sealing,
            (true, false) => Why::Unsealing,
            _ if known.is_empty() => Why::LateEntry,
            _ => why.unwrap_or_else(|| {
                if re_imported(history, known.len()) { Why::Correction } else { Why::LateEntry }
            }),
        };
        self.moved.push(Moved { case: first.case, because, from, to });
    }

    /// Counts a case that is sealed as what it was counted as, and today nowhere. It is not named.
    pub fn add_sealed(&mut self, history: &[Recorded]) {
        let known = history.iter().take_while(|next| next.at < self.made_at).count();
        let then = self.marks(&history[..known]);
        add(&mut self.then, &then);
    }

    /// The counts of the edition's offices that a history stands behind.
    fn marks(&self, history: &[Recorded]) -> BTreeMap<Place, u64> {
        let mut marks = Marks(Vec::new());
        trace(history, &self.weeks, &mut marks);
        let mut counted = BTreeMap::new();
        for place in marks.0.into_iter().filter(|place| self.units.contains(&place.unit)) {
            *counted.entry(place).or_default() += 1;
        }
        counted
    }

    /// Every difference, and what it does to the index: the branches are those of a rulebook, which is the one that the
    /// edition was laid out by unless others are to be compared.
    pub fn finish_under(mut self, rulebook: &Rulebook) -> Restatement {
        let regraded = self.ranked.take().map(|(unit, board, today)| {
            let printed = graded(&board);
            // An office that the rulebook does not have any more, or an index that it cannot compute, has no place now.
            let today = today.finish(rulebook, &unit, Some(&board.definition), UnitCode::to_string);
            let now = today.ok().and_then(|pack| pack.index).map(|index| index.board);
            let now = now.as_ref().map(graded).unwrap_or_default();
            let units: BTreeSet<&UnitCode> = printed.keys().chain(now.keys()).copied().collect();
            let changed = units.into_iter().filter_map(|unit| {
                let of = |board: &Grades<'_>| board.get(unit).copied().unwrap_or_default();
                let (then, now) = (of(&printed), of(&now));
                let ((printed, printed_rank), (now, now_rank)) = (then, now);
                let regraded = Regraded { unit: unit.clone(), printed, printed_rank, now, now_rank };
                (then != (now, now_rank)).then_some(regraded)
            });
            changed.collect()
        });
        Restatement { regraded: regraded.unwrap_or_default(), ..self.finish() }
    }

    /// Every difference.
    pub fn finish(mut self) -> Restatement {
        self.moved.sort_by_key(|moved| moved.case);
        let places: BTreeSet<&Place> =
            self.printed.keys().chain(self.then.keys()).chain(self.now.keys()).collect();
        let at = |counts: &BTreeMap<Place, u64>, place: &Place| counts.get(place).copied().unwrap_or(0);
        let (mut unexplained, mut restated) = (Vec::new(), Vec::new());
        for place in places {
            let (printed, found) = (at(&self.printed, place), at(&self.then, place));
            let now = at(&self.now, place);
            if place.before <= PRINTED && printed != found {
                unexplained.push(Unexplained { place: place.clone(), printed, found });
            }
            if found != now {
                let printed = if place.before <= PRINTED { printed } else { found };
                restated.push(Restated { place: place.clone(), printed, now });
            }
        }
        Restatement {
            edition: self.edition,
            as_of: self.as_of,
            moved: self.moved,
            unexplained,
            restated,
            regraded: Vec::new(),
        }
    }
}

/// The score and the place of each branch; one that is not there has neither.
type Grades<'a> = BTreeMap<&'a UnitCode, (Option<f64>, Option<u32>)>;

fn graded(board: &Board) -> Grades<'_> {
    board.offices.iter().map(|office| (&office.unit, (office.score, office.rank))).collect()
}

/// What a pack was counted by, but for its working days.
fn terms_of(pack: &Pack) -> Result<Terms, NotRestatable> {
    let zone: chrono_tz::Tz = pack.zone.parse().map_err(|_| NotRestatable::Unknown)?;
    let bands = PendencyBands::new(pack.band_cuts.clone()).map_err(|_| NotRestatable::Unknown)?;
    Ok(Terms::new(pack.as_of, zone, pack.age_rule).with_bands(bands))
}

/// The weeks that a pack counts; with the working days that it was counted by.
pub(crate) fn weeks_of(pack: &Pack, workdays: Option<Workdays>) -> Result<Weeks, NotRestatable> {
    let terms = terms_of(pack)?;
    Ok(Weeks::to(match workdays {
        Some(workdays) => terms.with_workdays(workdays),
        None => terms,
    }))
}

fn re_imported(history: &[Recorded], known: usize) -> bool {
    history[known..].iter().any(|next| matches!(next.event.what, What::Adopted(_)))
}

fn add(all: &mut BTreeMap<Place, u64>, own: &BTreeMap<Place, u64>) {
    for (place, times) in own {
        *all.entry(place.clone()).or_default() += times;
    }
}

/// What is in the one and not in the other, once for each time.
fn without(one: &BTreeMap<Place, u64>, other: &BTreeMap<Place, u64>) -> Vec<Place> {
    let mut left = Vec::new();
    for (place, times) in one {
        for _ in other.get(place).copied().unwrap_or(0)..*times {
            left.push(place.clone());
        }
    }
    left
}
