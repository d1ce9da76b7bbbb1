//! The one page for the review meeting: what to look at, and what was decided and is not done.

use crate::kernel::code::{PostCode, UnitCode};
use crate::measure::pack::line::Line;
use crate::measure::pack::value::{Pack, Row};
use crate::vocabulary::{ErrorCode, Flag, MisLine};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Offices that a meeting is asked to look at: one page, and an hour.
pub const POINTS: usize = 7;

/// The agenda of a review meeting.
///
/// Days are those of the office's zone. A decision is carried from meeting to meeting until it is
/// settled; then it is told once more, at the next meeting, and no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// The day of the meeting.
    pub meeting: NaiveDate,
    /// The office whose meeting it is.
    pub unit: UnitCode,
    /// The day of the pack that it was made from.
    pub as_of: NaiveDate,
    /// What to look at, the offices with most old cases first.
    pub points: Vec<Point>,
    /// Decisions of earlier meetings that are not settled, the one that is due first at the head.
    pub carried: Vec<Decision>,
    /// Decisions that were settled since the last meeting.
    pub settled: Vec<Decision>,
    /// What this meeting decided.
    pub decided: Vec<Decision>,
}

/// An office to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The office.
    pub unit: UnitCode,
    /// What was pointed out.
    pub flags: Vec<Flag>,
    /// Its pending cases, with those of the offices below it.
    pub pending: u64,
    /// Of them in the oldest band.
    pub oldest: u64,
    /// Of them past their due date.
    pub past_due: u64,
}

/// A decision of a review meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its code, one of each in an office.
    pub code: String,
    /// What was decided. It names posts and offices, and nobody who complained.
    pub text: String,
    /// The office that is to do it.
    pub unit: UnitCode,
    /// The post that answers for it.
    pub post: PostCode,
    /// The day on which it was decided.
    pub decided_on: NaiveDate,
    /// The last day on which it is in time.
    pub due: NaiveDate,
    /// The day on which it was settled; none while it is open.
    pub settled_on: Option<NaiveDate>,
}

impl Decision {
    /// Whether it is open and its last day lies before a day.
    pub fn is_overdue(&self, on: NaiveDate) -> bool {
        self.settled_on.is_none() && self.due < on
    }
}

/// Why an agenda cannot be made or changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgendaError {
    /// The last agenda is of another office.
    #[error("the last agenda is of another office")]
    OtherOffice,
    /// The meeting does not come after the last one.
    #[error("the meeting does not come after the last one, of {last}")]
    NotLater {
        /// The day of the last one.
        last: NaiveDate,
    },
    /// There is no open decision of that code.
    #[error("there is no open decision of that code")]
    NotOpen,
    /// There is a decision of that code already.
    #[error("there is a decision of that code already")]
    CodeTaken,
    /// It is due, or was settled, before it was decided.
    #[error("a decision is due and settled on the day it was decided, or later")]
    TooEarly,
    /// The text is no agenda.
    #[error("the text is no agenda")]
    Unreadable,
}

impl AgendaError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::OtherOffice | Self::CodeTaken => ErrorCode::InvalidCommand,
            Self::NotLater { .. } | Self::TooEarly => ErrorCode::DatesContradict,
            Self::NotOpen => ErrorCode::UnknownCode,
            Self::Unreadable => ErrorCode::FileInvalid,
        }
    }
}

impl Agenda {
    /// The agenda of a meeting, from the office's pack and the agenda of the last meeting.
    ///
    /// An office comes up when something is pointed out of it, or it has a case past its due date in
    /// the oldest colour of age.
    ///
    /// # Errors
    ///
    /// [`AgendaError`] when the last agenda is of another office, or not of an earlier day.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::Rulebook;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::measure::pack::{Agenda, Decision, PackPart, Weeks};
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
    /// let cell = rulebook.directory().cell().clone();
    /// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, rulebook.zone(), AgeRule::Calendar));
    /// let pack = PackPart::new(weeks).finish(&rulebook, &cell, None, |unit| unit.to_string())?;
    ///
    /// let mut first = Agenda::prepare(&pack, None, "2026-03-31".parse()?)?;
    /// first.decide(Decision {
    ///     code: "1".to_owned(), text: "Clear what is older than a month.".to_owned(), unit: cell,
    ///     post: "officer".parse()?, decided_on: "2026-03-31".parse()?, due: "2026-04-03".parse()?, settled_on: None,
    /// })?;
    /// let second = Agenda::prepare(&pack, Some(&first), "2026-04-07".parse()?)?;
    /// assert!(second.carried[0].is_overdue(second.meeting));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare(pack: &Pack, last: Option<&Self>, meeting: NaiveDate) -> Result<Self, AgendaError> {
        let (mut carried, mut settled) = (Vec::new(), Vec::new());
        if let Some(last) = last {
            if last.unit != pack.unit {
                return Err(AgendaError::OtherOffice);
            }
            if last.meeting >= meeting {
                return Err(AgendaError::NotLater { last: last.meeting });
            }
            for decision in last.carried.iter().chain(&last.decided) {
                match decision.settled_on {
                    Some(_) => settled.push(decision.clone()),
                    None => carried.push(decision.clone()),
                }
            }
        }
        carried.sort_by(|one, other| (one.due, &one.code).cmp(&(other.due, &other.code)));
        let oldest = Line::Age(u8::try_from(pack.bands() - 1).unwrap_or(u8::MAX));
        let mut points: Vec<Point> = pack
            .branches
            .iter()
            .filter(|row| is_point(row))
            .map(|row| Point {
                unit: row.unit.clone(),
                flags: row.figures.flags.clone(),
                pending: row.figures.week(MisLine::Pending),
                oldest: row.figures.week(oldest),
                past_due: row.figures.week(MisLine::PastDue),
            })
            .collect();
        points.sort_by_key(|point| Reverse((point.oldest, point.past_due, point.pending)));
        points.truncate(POINTS);
        Ok(Self {
            meeting,
            unit: pack.unit.clone(),
            as_of: pack.as_of,
            points,
            carried,
            settled,
            decided: Vec::new(),
        })
    }

    /// Writes down what the meeting decided.
    ///
    /// # Errors
    ///
    /// [`AgendaError::CodeTaken`] and [`AgendaError::TooEarly`].
    pub fn decide(&mut self, decision: Decision) -> Result<(), AgendaError> {
        if self.every().any(|one| one.code == decision.code) {
            return Err(AgendaError::CodeTaken);
        }
        let settled = decision.settled_on.is_some_and(|on| on < decision.decided_on);
        if decision.due < decision.decided_on || settled {
            return Err(AgendaError::TooEarly);
        }
        self.decided.push(decision);
        Ok(())
    }

    /// Says that a decision was carried out, on a day.
    ///
    /// # Errors
    ///
    /// [`AgendaError::NotOpen`] when there is no open decision of that code, [`AgendaError::TooEarly`]
    /// for a day before it was decided.
    pub fn settle(&mut self, code: &str, on: NaiveDate) -> Result<(), AgendaError> {
        let open = |one: &&mut Decision| one.code == code && one.settled_on.is_none();
        let found =
            self.carried.iter_mut().chain(&mut self.decided).find(open).ok_or(AgendaError::NotOpen)?;
        if on < found.decided_on {
            return Err(AgendaError::TooEarly);
        }
        found.settled_on = Some(on);
        Ok(())
    }

    /// The agenda as a document: canonical JSON.
    pub fn text(&self) -> String {
        crate::proof::canonical::to_canonical(self).expect("an agenda has text keys and whole numbers")
    }

    /// Reads an agenda that was kept.
    ///
    /// # Errors
    ///
    /// [`AgendaError::Unreadable`] when it is no such document.
    pub fn read(text: &str) -> Result<Self, AgendaError> {
        serde_json::from_str(text).map_err(|_| AgendaError::Unreadable)
    }

    fn every(&self) -> impl Iterator<Item = &Decision> {
        self.carried.iter().chain(&self.settled).chain(&self.decided)
    }
}

fn is_point(row: &Row) -> bool {
    let late = row.figures.week(MisLine::PastDue) > 0 && row.figures.age == Some(3);
    !row.figures.flags.is_empty() || late
}
