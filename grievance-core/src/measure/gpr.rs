//! Process re-engineering: what cases come from, and what one change of a procedure would remove.
//!
//! The origin classifies disposed grievances for government process re-engineering (GPR) and for
//! suggestions at implementation level (HUDCO *Shelter*, vol. 24 no. 1, 2023). The board is ours.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, CauseCode, ChangeCode, UnitCode};
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::Digest;
use crate::kernel::time::{day_of, start_of_day};
use crate::measure::cases::row::{Ending, ended};
use crate::measure::cases::tally::{DoesNotFit, MOST, NoPart};
use crate::rulebook::Rulebook;
use crate::rulebook::document::ChangeEntry;
use crate::vocabulary::ChangeState;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many disposed cases came from one cause, under one subject, at one office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repeater {
    /// The root cause.
    pub root_cause: CauseCode,
    /// The subject; none for cases without one.
    pub category: Option<CategoryCode>,
    /// The office that disposed of them.
    pub unit: UnitCode,
    /// How many.
    pub count: u64,
    /// For how many of them the officer wrote what the office could change.
    pub suggested: u64,
}

/// What an officer would change, written when a case was classified: a suggestion at implementation level. The words have
/// no state of their own: what comes of them is the change that the officer named, as far as that has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// The office that disposed of the case.
    pub unit: UnitCode,
    /// The subject; none for a case without one.
    pub category: Option<CategoryCode>,
    /// The root cause.
    pub root_cause: CauseCode,
    /// The change of a procedure that was named beside it; none where none was.
    pub change: Option<ChangeCode>,
    /// How far that change has come; none where none was named, and of one that the rulebook does not have any more.
    pub state: Option<ChangeState>,
    /// The first day on which that change is in force; none while it has none.
    pub implemented_on: Option<NaiveDate>,
    /// The case.
    pub case: GrievanceId,
    /// Its words, as the vault keeps them: whoever may read the case reads them there, and is written down.
    pub text: VaultId,
}

/// A suggestion as a part has it: how far the change has come, the part's changes say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Suggested {
    unit: UnitCode,
    category: Option<CategoryCode>,
    root_cause: CauseCode,
    change: Option<ChangeCode>,
    case: GrievanceId,
    text: VaultId,
}

impl Suggested {
    fn beside(self, changes: &[Change]) -> Suggestion {
        let Self { unit, category, root_cause, change, case, text } = self;
        let of = change.as_ref().and_then(|code| changes.iter().find(|known| known.code == *code));
        let (state, implemented_on) = (of.map(|it| it.state), of.and_then(|it| it.implemented_on));
        Suggestion { unit, category, root_cause, change, state, implemented_on, case, text }
    }
}

/// How many cases of what a change answers were received before and after it came into force, in
/// two spans of the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// Days of each span: as many as have gone by since, at most what was asked for.
    pub days: u32,
    /// Received in the days before the first day of the change.
    pub before: u64,
    /// Of those received in the span before, how many may yet turn out to come from what the change answers, as of
    /// those after.
    pub unknown_before: u64,
    /// Received from that day on.
    pub after: u64,
    /// Of those received in the span after, how many are pending, under appeal or not, or disposed and not
    /// classified: they may yet turn out to come from what the change answers.
    pub unknown_after: u64,
}

/// A change of a procedure, and what it would remove or has removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The change.
    pub code: ChangeCode,
    /// How far it has come.
    pub state: ChangeState,
    /// The first day on which it is in force.
    pub implemented_on: Option<NaiveDate>,
    /// Classified cases for which an officer named it.
    pub named: u64,
    /// Classified cases that it answers, by its causes, subjects and offices, named or not: out of
    /// [`Board::classified`], the share that this one change would remove.
    pub answers: u64,
    /// Before and after; none unless it is in force and a day has gone by.
    pub recurrence: Option<Recurrence>,
}

/// The board: exact counts of cases that stand disposed before its day, as the table of cases has them: one under appeal is
/// pending. Sealed cases are in none of them, and parts of divided
/// cases neither: the divided case is the one that counts, as in every other measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Board {
    /// The day up to which it counts, itself not included, in the rulebook's zone.
    pub as_of: NaiveDate,
    /// Cases that stand disposed.
    pub disposed: u64,
    /// Of these, classified.
    pub classified: u64,
    /// Of these, not classified: said beside every share, so that nobody takes the classified for all.
    pub unclassified: u64,
    /// Most often first; of equals by cause, subject and office.
    pub repeaters: Vec<Repeater>,
    /// Every suggestion of an officer, by office, subject and cause.
    pub suggestions: Vec<Suggestion>,
    /// Every change that the rulebook knows, the one that answers most first; of equals by code.
    pub changes: Vec<Change>,
}

impl Board {
    /// Counts the cases received before a day, as their facts say they stand. For the board of a past day
    /// the facts are those of its first instant ([`fact_as_of`](crate::measure::as_of::fact_as_of)), as
    /// [`Acting::gpr`](crate::desk::Acting::gpr) takes them.
    ///
    /// `span` is the most days that are looked at on either side of a change. A case belongs to a
    /// subject and an office by what it stands at and by who disposed of it, and so do those below
    /// a subject or an office that a change names.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::Rulebook;
    /// use grievance_core::measure::gpr::Board;
    ///
    /// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
    /// let board = Board::of([], &rulebook, "2026-04-01".parse()?, 90);
    /// assert_eq!((board.disposed, board.repeaters.len()), (0, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of<'a>(
        facts: impl IntoIterator<Item = &'a CaseFact>,
        rulebook: &Rulebook,
        as_of: NaiveDate,
        span: u32,
    ) -> Self {
        let mut tally = Tally::new(rulebook, as_of, span);
        for fact in facts {
            tally.add(fact);
        }
        tally.into_board()
    }
}

type Place = (CauseCode, Option<CategoryCode>, UnitCode);

/// What is counted of a board in one shard: a part that merges with those of others, in any order, to the same
/// whole, and is stored as JSON.
///
/// Only parts of one rulebook version, day and span merge: the changes and whom they concern are the rulebook's.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::gpr::{Board, BoardPart};
///
/// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"")?;
/// let mut part = BoardPart::of([], &rulebook, "2026-04-01".parse()?, 90);
/// let other: BoardPart = serde_json::from_str(&serde_json::to_string(&part)?)?;
/// part.merge(&other)?;
/// assert_eq!(part.board(), Board::of([], &rulebook, "2026-04-01".parse()?, 90));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredPart")]
pub struct BoardPart {
    rulebook: Digest,
    as_of: NaiveDate,
    span: u32,
    disposed: u64,
    classified: u64,
    // INVARIANT: rising by place.
    repeaters: Vec<Repeater>,
    // INVARIANT: rising.
    suggestions: Vec<Suggested>,
    // In the order of the rulebook.
    changes: Vec<Change>,
}

/// A part as it is stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPart {
    rulebook: Digest,
    as_of: NaiveDate,
    span: u32,
    disposed: u64,
    classified: u64,
    repeaters: Vec<Repeater>,
    suggestions: Vec<Suggested>,
    changes: Vec<Change>,
}

impl TryFrom<StoredPart> for BoardPart {
    type Error = NoPart;

    fn try_from(stored: StoredPart) -> Result<Self, NoPart> {
        let StoredPart { rulebook, as_of, span, disposed, classified, repeaters, suggestions, changes } =
            stored;
        let part = Self { rulebook, as_of, span, disposed, classified, repeaters, suggestions, changes };
        if part.weight() > MOST {
            return Err(NoPart::TooMany);
        }
        let rises = part.repeaters.windows(2).all(|two| place(&two[0]) < place(&two[1]));
        let counted: u64 = part.repeaters.iter().map(|repeater| repeater.count).sum();
        let suggested: u64 = part.repeaters.iter().map(|repeater| repeater.suggested).sum();
        let whole = counted == part.classified && suggested == part.suggestions.len() as u64;
        let within = part.repeaters.iter().all(|repeater| repeater.suggested <= repeater.count);
        let named = part.changes.iter().all(|change| change.named.max(change.answers) <= part.classified);
        if rises
            && whole
            && within
            && named
            && part.suggestions.is_sorted()
            && part.classified <= part.disposed
        {
            Ok(part)
        } else {
            Err(NoPart::Malformed)
        }
    }
}

fn place(of: &Repeater) -> (&CauseCode, Option<&CategoryCode>, &UnitCode) {
    (&of.root_cause, of.category.as_ref(), &of.unit)
}

/// What tells changes of one rulebook and span apart from others: all but what is counted.
fn frame(of: &Change) -> (&ChangeCode, ChangeState, Option<NaiveDate>, Option<u32>) {
    (&of.code, of.state, of.implemented_on, of.recurrence.map(|it| it.days))
}

impl BoardPart {
    /// Counts facts as [`Board::of`] does.
    pub fn of<'a>(
        facts: impl IntoIterator<Item = &'a CaseFact>,
        rulebook: &Rulebook,
        as_of: NaiveDate,
        span: u32,
    ) -> Self {
        let mut tally = Tally::new(rulebook, as_of, span);
        facts.into_iter().for_each(|fact| tally.add(fact));
        tally.into_part()
    }

    /// Takes the part of another shard in.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Terms`] when it is of another rulebook version, day or span; [`DoesNotFit::TooMany`] when they
    /// count more than there can be; nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        let frames = |part: &Self| part.changes.iter().map(frame).eq(self.changes.iter().map(frame));
        if (self.rulebook, self.as_of, self.span) != (other.rulebook, other.as_of, other.span)
            || !frames(other)
        {
            return Err(DoesNotFit::Terms);
        }
        if self.weight() + other.weight() > MOST {
            return Err(DoesNotFit::TooMany);
        }
        self.disposed += other.disposed;
        self.classified += other.classified;
        for theirs in &other.repeaters {
            match self.repeaters.binary_search_by(|own| place(own).cmp(&place(theirs))) {
                Ok(at) => {
                    self.repeaters[at].count += theirs.count;
                    self.repeaters[at].suggested += theirs.suggested;
                }
                Err(at) => self.repeaters.insert(at, theirs.clone()),
            }
        }
        self.suggestions.extend_from_slice(&other.suggestions);
        self.suggestions.sort_unstable();
        for (own, theirs) in self.changes.iter_mut().zip(&other.changes) {
            own.named += theirs.named;
            own.answers += theirs.answers;
            if let (Some(own), Some(theirs)) = (&mut own.recurrence, &theirs.recurrence) {
                own.before += theirs.before;
                own.unknown_before += theirs.unknown_before;
                own.after += theirs.after;
                own.unknown_after += theirs.unknown_after;
            }
        }
        Ok(())
    }

    fn weight(&self) -> u128 {
        let repeaters = self.repeaters.iter().flat_map(|own| [own.count, own.suggested]);
        let changes = self.changes.iter().flat_map(|own| {
            let [before, after, unknown_before, unknown_after] = own
                .recurrence
                .map_or([0; 4], |it| [it.before, it.after, it.unknown_before, it.unknown_after]);
            [own.named, own.answers, before, after, unknown_before, unknown_after]
        });
        let counts = repeaters.chain(changes).chain([self.disposed, self.classified]);
        counts.map(u128::from).sum::<u128>() + self.suggestions.len() as u128
    }

    /// The board of what it has counted.
    pub fn board(self) -> Board {
        let Self {
            rulebook: _,
            as_of,
            span: _,
            disposed,
            classified,
            mut repeaters,
            suggestions,
            mut changes,
        } = self;
        let suggestions = suggestions.into_iter().map(|one| one.beside(&changes)).collect();
        // Stable: equals stay in the order of their places.
        repeaters.sort_by_key(|repeater| std::cmp::Reverse(repeater.count));
        changes.sort_by(|one, other| (other.answers, &one.code).cmp(&(one.answers, &other.code)));
        let unclassified = disposed - classified;
        Board { as_of, disposed, classified, unclassified, repeaters, suggestions, changes }
    }
}

/// A board that facts are put to one by one.
pub(crate) struct Tally<'r> {
    rulebook: &'r Rulebook,
    as_of: NaiveDate,
    // The first instant of that day.
    at: DateTime<Utc>,
    span: u32,
    // How many, and of how many something was suggested.
    counts: BTreeMap<Place, (u64, u64)>,
    suggestions: Vec<Suggested>,
    disposed: u64,
    classified: u64,
    changes: Vec<(&'r ChangeEntry, Change, Option<Span>)>,
}

/// The days on either side of a change.
struct Span {
    first: NaiveDate,
    begins: NaiveDate,
    ends: NaiveDate,
}

impl<'r> Tally<'r> {
    pub(crate) fn new(rulebook: &'r Rulebook, as_of: NaiveDate, span: u32) -> Self {
        let changes = rulebook.document().process_change.iter().filter_map(|entry| {
            let code = ChangeCode::new(&entry.code).ok()?;
            let (recurrence, days) = around(entry, as_of, span).unzip();
            let ChangeEntry { state, implemented_on, .. } = *entry;
            let change = Change { code, state, implemented_on, named: 0, answers: 0, recurrence };
            Some((entry, change, days))
        });
        let changes = changes.collect();
        let (counts, suggestions) = (BTreeMap::new(), Vec::new());
        let at = start_of_day(as_of, rulebook.zone());
        Self { rulebook, as_of, at, span, counts, suggestions, disposed: 0, classified: 0, changes }
    }

    pub(crate) fn add(&mut self, fact: &CaseFact) {
        if fact.sealed.is_some() || fact.part_of.is_some() || fact.received_at >= self.at {
            return;
        }
        let received = day_of(fact.received_at, self.rulebook.zone());
        let ended = ended(fact).filter(|(at, _)| *at < self.at).map(|(_, how)| how);
        let stands = matches!(ended, Some(Ending::Disposed(_)));
        let cause = fact.root_cause.as_ref().filter(|_| stands);
        let unit = fact.disposed_by.as_ref().unwrap_or(&fact.unit);
        self.disposed += u64::from(stands);
        if let Some(cause) = cause {
            self.classified += 1;
            let place = (cause.clone(), fact.category.clone(), unit.clone());
            let (count, suggested) = self.counts.entry(place).or_default();
            *count += 1;
            *suggested += u64::from(fact.suggestion.is_some());
            self.suggestions.extend(fact.suggestion.map(|text| Suggested {
                unit: unit.clone(),
                category: fact.category.clone(),
                root_cause: cause.clone(),
                change: fact.change.clone(),
                case: fact.id,
                text,
            }));
        }
        let rulebook = self.rulebook;
        // What is closed otherwise came from nothing that an office could change.
        let may_yet_be = cause.is_none() && ended != Some(Ending::Otherwise);
        for (entry, change, span) in &mut self.changes {
            if !concerns(rulebook, entry, fact.category.as_ref(), unit) {
                continue;
            }
            let answers = cause.is_some_and(|cause| entry.answers(cause));
            change.named += u64::from(cause.is_some() && fact.change.as_ref() == Some(&change.code));
            change.answers += u64::from(answers);
            if let (Some(span), Some(recurrence)) = (span, &mut change.recurrence) {
                let before = span.begins <= received && received < span.first;
                let after = span.first <= received && received < span.ends;
                recurrence.before += u64::from(answers && before);
                recurrence.after += u64::from(answers && after);
                recurrence.unknown_before += u64::from(may_yet_be && before);
                recurrence.unknown_after += u64::from(may_yet_be && after);
            }
        }
    }

    pub(crate) fn into_part(self) -> BoardPart {
        let mut suggestions = self.suggestions;
        suggestions.sort_unstable();
        let repeaters = self.counts.into_iter().map(|((root_cause, category, unit), (count, suggested))| {
            Repeater { root_cause, category, unit, count, suggested }
        });
        BoardPart {
            rulebook: self.rulebook.version(),
            as_of: self.as_of,
            span: self.span,
            disposed: self.disposed,
            classified: self.classified,
            repeaters: repeaters.collect(),
            suggestions,
            changes: self.changes.into_iter().map(|(_, change, _)| change).collect(),
        }
    }

    pub(crate) fn into_board(self) -> Board {
        self.into_part().board()
    }
}

fn around(entry: &ChangeEntry, as_of: NaiveDate, most: u32) -> Option<(Recurrence, Span)> {
    let first = entry.implemented_on.filter(|_| entry.state == ChangeState::Implemented)?;
    let days = u32::try_from((as_of - first).num_days()).ok()?.min(most);
    let begins = first.checked_sub_days(chrono::Days::new(days.into()))?;
    let ends = first.checked_add_days(chrono::Days::new(days.into()))?;
    let recurrence = Recurrence { days, before: 0, unknown_before: 0, after: 0, unknown_after: 0 };
    (days > 0).then_some((recurrence, Span { first, begins, ends }))
}

/// Whether a change is about a subject and an office.
fn concerns(
    rulebook: &Rulebook,
    entry: &ChangeEntry,
    category: Option<&CategoryCode>,
    unit: &UnitCode,
) -> bool {
    let within = |code: &String| {
        category.is_some_and(|own| {
            CategoryCode::new(code).is_ok_and(|wider| rulebook.categories().is_within(own, &wider))
        })
    };
    let below =
        |code: &String| UnitCode::new(code).is_ok_and(|top| rulebook.directory().is_within(unit, &top));
    (entry.category.is_empty() || entry.category.iter().any(within))
        && (entry.unit.is_empty() || entry.unit.iter().any(below))
}
