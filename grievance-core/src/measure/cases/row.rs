//! A row of the table as it is given, and why it may be refused.

use crate::grievance::judged::{Judged, soon_at};
use crate::grievance::project::CaseFact;
use crate::kernel::time::from_millis;
use crate::measure::cases::table::NEVER;
use crate::measure::cases::told::CALENDAR;
use crate::measure::zone_days::ZoneDays;
use crate::vocabulary::{DisposalClass, ErrorCode, FeedbackOutcome, Phase};
use chrono::{DateTime, Utc};

/// The highest rating that a row may carry; the lowest is 0.
pub const HIGHEST_RATING: u8 = 10;

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Disposed; what that did for the complainant, where it is recorded.
    Disposed(Option<DisposalClass>),
    /// Withdrawn, declined or joined to another case.
    Otherwise,
}

/// By what a phase has ended a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Disposal,
    Otherwise,
}

impl End {
    /// `None` for a phase in which a case is pending.
    pub(crate) const fn of(phase: Phase) -> Option<Self> {
        match phase {
            Phase::Disposed => Some(Self::Disposal),
            Phase::Withdrawn | Phase::Declined | Phase::Merged => Some(Self::Otherwise),
            Phase::Registered
            | Phase::InProgress
            | Phase::AwaitingComplainant
            | Phase::ActionReported
            | Phase::UnderAppeal => None,
        }
    }
}

impl Ending {
    /// When and how a case ended of which a table tells phase, date and class, each if it has such a
    /// column. A pending phase has not ended, whatever date stands beside it: a case that was opened
    /// again keeps its first one. Without a phase a date is that of a disposal.
    ///
    /// # Errors
    ///
    /// [`RowFault::Missing`] for a phase that has ended and no date: none may be invented.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::row::{Ending, RowFault};
    /// use grievance_core::vocabulary::Phase;
    ///
    /// let at = chrono::DateTime::UNIX_EPOCH;
    /// assert_eq!(Ending::told(None, Some(at), None), Ok(Some((at, Ending::Disposed(None)))));
    /// assert_eq!(Ending::told(Some(Phase::Withdrawn), Some(at), None), Ok(Some((at, Ending::Otherwise))));
    /// assert_eq!(Ending::told(Some(Phase::InProgress), Some(at), None), Ok(None));
    /// assert_eq!(Ending::told(Some(Phase::Disposed), None::<i64>, None), Err(RowFault::Missing));
    /// ```
    pub fn told<T>(
        phase: Option<Phase>,
        at: Option<T>,
        class: Option<DisposalClass>,
    ) -> Result<Option<(T, Self)>, RowFault> {
        let end = match phase {
            None => at.as_ref().map(|_| End::Disposal),
            Some(phase) => End::of(phase),
        };
        let ending = match end {
            None => return Ok(None),
            Some(End::Disposal) => Self::Disposed(class),
            Some(End::Otherwise) => Self::Otherwise,
        };
        Ok(Some((at.ok_or(RowFault::Missing)?, ending)))
    }
}

/// What the complainant said afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A number from 0 to [`HIGHEST_RATING`]; the scale is the host's.
    Rating(u8),
    /// A word.
    Outcome(FeedbackOutcome),
}

/// One case as it is given to the table. Instants are cut to whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseRow<'a> {
    /// When it was received: ages are counted from here.
    pub received_at: DateTime<Utc>,
    /// When and how it ended, if it has.
    pub ended: Option<(DateTime<Utc>, Ending)>,
    /// The office that has custody. An empty text is none.
    pub unit: &'a str,
    /// Subject.
    pub category: Option<&'a str>,
    /// Where it is about.
    pub place: Option<&'a str>,
    /// How it came in.
    pub channel: Option<&'a str>,
    /// What kind of case it is.
    pub kind: Option<&'a str>,
    /// Priority class.
    pub priority: Option<&'a str>,
    /// Reason of the closure.
    pub reason: Option<&'a str>,
    /// What the complainant said.
    pub said: Option<Said>,
    /// How often it was opened again.
    pub reopened: u32,
    /// How often it was appealed.
    pub appealed: u32,
    /// How often it was escalated.
    pub escalated: u32,
    /// How often it went to another office.
    pub transferred: u32,
    /// How many targets were missed.
    pub breached: u32,
    /// The public due date: of a pending case, while it runs; of one that has ended, where it is known,
    /// the one that it was measured by.
    pub due_at: Option<DateTime<Utc>>,
    /// From when it is late and from when it is due soon, where more than dates is known of it: a clock
    /// that stood still, a report that met the target. `None`: by the dates of the row, its time counted
    /// from its receipt.
    pub judged: Option<Judged>,
    /// When the complainant was last told anything.
    pub last_told_at: Option<DateTime<Utc>>,
}

impl<'a> CaseRow<'a> {
    /// A pending case of which nothing else is known.
    pub const fn new(received_at: DateTime<Utc>, unit: &'a str) -> Self {
        Self {
            received_at,
            ended: None,
            unit,
            category: None,
            place: None,
            channel: None,
            kind: None,
            priority: None,
            reason: None,
            said: None,
            reopened: 0,
            appealed: 0,
            escalated: 0,
            transferred: 0,
            breached: 0,
            due_at: None,
            judged: None,
            last_told_at: None,
        }
    }

    /// The row of a case's facts.
    ///
    /// A case that is under appeal is pending. The facts do not say when a case ended that was
    /// withdrawn, declined or joined to another: it is taken to be at its last event, and for an
    /// imported case at its receipt, so that it is pending on no day.
    pub fn of(fact: &'a CaseFact) -> Self {
        Self {
            received_at: fact.received_at,
            ended: ended(fact),
            unit: fact.unit.as_str(),
            category: fact.category.as_ref().map(AsRef::as_ref),
            place: fact.place.as_ref().map(AsRef::as_ref),
            channel: fact.channel.as_ref().map(AsRef::as_ref),
            kind: Some(fact.kind.as_str()),
            priority: fact.priority.as_ref().map(AsRef::as_ref),
            reason: fact.reason.as_ref().map(AsRef::as_ref),
            said: fact.feedback.map(Said::Outcome),
            reopened: fact.reopenings,
            appealed: fact.appeals,
            escalated: fact.escalations,
            transferred: fact.transfers,
            breached: fact.breaches,
            due_at: fact.judged_due_at,
            judged: fact.judged(),
            // A later import may move the receipt behind a word that was said; a table refuses such a row.
            last_told_at: fact.last_told_at.filter(|told| *told >= fact.received_at),
        }
    }

    /// From when on it is due soon; `None` for never, and where nobody knows by when it was due.
    pub(crate) fn soon_at(&self) -> Option<DateTime<Utc>> {
        let due_at = self.due_at?;
        match self.judged {
            Some(judged) => judged.soon_at,
            None => from_millis(soon_at(self.received_at.timestamp_millis(), due_at.timestamp_millis())),
        }
    }

    /// How it stands to its due date; `None` where nobody knows by when it was due.
    pub(crate) fn against_due(&self) -> Option<AgainstDue> {
        let late_at = match (self.judged, self.due_at) {
            (Some(judged), _) => judged.late_at,
            (None, Some(due)) => {
                let in_time = self.ended.is_some_and(|(ended, _)| ended <= due);
                (!in_time).then_some(due)
            }
            (None, None) => return None,
        };
        Some(AgainstDue { late_at })
    }
}

/// When and how a case ended by its facts, as of [`CaseRow::of`]: what every measure means by disposed.
pub(crate) fn ended(fact: &CaseFact) -> Option<(DateTime<Utc>, Ending)> {
    match End::of(fact.phase)? {
        End::Disposal => fact.disposed_at.map(|at| (at, Ending::Disposed(fact.class))),
        End::Otherwise => {
            // Of an import `updated_at` may be the day on which it was read in.
            let lodged_here = fact.source.is_none();
            let at = if lodged_here { fact.updated_at.max(fact.received_at) } else { fact.received_at };
            Some((at, Ending::Otherwise))
        }
    }
}

/// How a case with a due date stands to it.
pub(crate) struct AgainstDue {
    /// After this instant it is late; never where it was in time.
    pub(crate) late_at: Option<DateTime<Utc>>,
}

/// A row with its instants in milliseconds since 1970: what is put into the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeanRow<'a> {
    pub(crate) received_at: i64,
    pub(crate) ended: Option<(i64, Ending)>,
    pub(crate) unit: &'a str,
    pub(crate) category: Option<&'a str>,
    pub(crate) place: Option<&'a str>,
    pub(crate) channel: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) priority: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) said: Option<Said>,
    /// How often it was opened again, appealed, escalated, given to another office, late.
    pub(crate) counts: [u32; 5],
    pub(crate) due_at: Option<i64>,
    /// From when it is late and due soon, each [`NEVER`] if never; `None`: by its dates.
    pub(crate) judged: Option<[i64; 2]>,
    pub(crate) last_told_at: Option<i64>,
}

impl<'a> From<&CaseRow<'a>> for LeanRow<'a> {
    fn from(row: &CaseRow<'a>) -> Self {
        let millis = |at: DateTime<Utc>| at.timestamp_millis();
        Self {
            received_at: millis(row.received_at),
            ended: row.ended.map(|(at, how)| (millis(at), how)),
            unit: row.unit,
            category: row.category,
            place: row.place,
            channel: row.channel,
            kind: row.kind,
            priority: row.priority,
            reason: row.reason,
            said: row.said,
            counts: [row.reopened, row.appealed, row.escalated, row.transferred, row.breached],
            // Whoever judges says by when.
            due_at: row.judged.map_or(row.due_at, |judged| Some(judged.due_at)).map(millis),
            judged: row.judged.map(|it| [it.late_at, it.soon_at].map(|at| at.map_or(NEVER, millis))),
            last_told_at: row.last_told_at.map(millis),
        }
    }
}

impl LeanRow<'_> {
    /// The row of a host that writes ends as days: an end at the first instant of the very day of receipt was some time on that
    /// day, and is taken to be at the receipt.
    pub(crate) fn ended_after_receipt(self, days: &mut ZoneDays) -> Self {
        let Some((at, how)) = self.ended.filter(|(at, _)| *at < self.received_at) else { return self };
        let is_first = CALENDAR.contains(&(at - 1)) && days.millis(at - 1) < days.millis(at);
        if !is_first || days.millis(at) != days.millis(self.received_at) {
            return self;
        }
        Self { ended: Some((self.received_at, how)), ..self }
    }
}

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowField {
    /// When it was received.
    ReceivedAt,
    /// When it ended.
    EndedAt,
    /// The office.
    Unit,
    /// What the complainant said.
    Said,
    /// How often it was opened again.
    Reopened,
    /// How often it was appealed.
    Appealed,
    /// How often it was escalated.
    Escalated,
    /// How often it went to another office.
    Transferred,
    /// How many targets were missed.
    Breached,
    /// When the complainant was last told anything.
    LastToldAt,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// It must be there.
    #[error("the field is missing")]
    Missing,
    /// It lies after the instant up to which the table reads.
    #[error("the instant lies in the future")]
    Future,
    /// The case was received later.
    #[error("the instant lies before the case was received")]
    BeforeReceived,
    /// A number that the column cannot hold: one with a fraction, a count above 65,535, a rating above 10.
    #[error("the number is not whole, or out of range")]
    OutOfRange,
}

/// A row that the table did not take, and why. It says where, never what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {fault} ({field:?})")]
pub struct RejectedRow {
    /// Which row, from 0, in the order in which they were given.
    pub row: u64,
    /// Which field.
    pub field: RowField,
    /// What is wrong with it.
    pub fault: RowFault,
}

impl RejectedRow {
    /// The code every binding reports for this row.
    pub const fn code(&self) -> ErrorCode {
        match self.fault {
            RowFault::BeforeReceived => ErrorCode::DatesContradict,
            RowFault::Missing | RowFault::Future | RowFault::OutOfRange => ErrorCode::RowInvalid,
        }
    }
}
