//! From the fields of one record to a case: which dates there are, and what they mean together.

use crate::import::case::{Ending, ImportedCase};
use crate::import::instant::{NotAnInstant, WallClock};
use crate::import::map::{
    ColumnMap, DateColumn, Dimension, MapInvalid, Problems, ReasonOn, StatusMeans, Trust,
};
use crate::import::read::Options;
use crate::import::reject::{Warning, WarningKind};
use crate::kernel::code::ReasonCode;
use crate::vocabulary::{ErrorCode, Phase};
use chrono::{DateTime, Utc};
use smol_str::SmolStr;

/// Longest number of another system, in characters: anything longer is another column.
const LONGEST_NUMBER: usize = 100;

/// Why a row cannot be used.
pub(crate) struct Fault {
    pub(crate) column: Option<usize>,
    pub(crate) code: ErrorCode,
    pub(crate) sentence: String,
}

/// The fields of a record, checked to be UTF-8.
pub(crate) struct Line<'f> {
    pub(crate) text: &'f str,
    pub(crate) ends: &'f [usize],
}

impl<'f> Line<'f> {
    fn get(&self, column: usize) -> &'f str {
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[column]]
    }
}

struct DateAt<'m> {
    column: usize,
    is: &'m DateColumn,
}

/// Where the map's columns lie in a file.
pub(crate) struct Layout<'m> {
    map: &'m ColumnMap,
    options: Options,
    header: Vec<String>,
    number: usize,
    lodged: DateAt<'m>,
    disposed: Option<DateAt<'m>>,
    reopened: Option<DateAt<'m>>,
    received: Option<DateAt<'m>>,
    routed: Option<DateAt<'m>>,
    due: Option<DateAt<'m>>,
    events: Vec<DateAt<'m>>,
    named: [Option<usize>; 5],
    status: Option<usize>,
    narrative: Option<usize>,
    closure_text: Option<usize>,
}

impl<'m> Layout<'m> {
    /// Finds the columns in the header.
    pub(crate) fn new(map: &'m ColumnMap, options: Options, header: Vec<String>) -> Result<Self, MapInvalid> {
        let mut problems = Problems::default();
        let mut find = |key: &str, name: &str| {
            let mut places = (0..header.len()).filter(|at| header[*at] == name.trim());
            let (first, second) = (places.next(), places.next());
            let path = || format!("columns.{key}");
            if first.is_none() {
                let message = format!("the file has no column {name:?}");
                problems.unknown(path(), message, name, header.iter().map(String::as_str));
            } else if second.is_some() {
                problems.add(path(), format!("the file has two columns {name:?}"));
            }
            first.unwrap_or_default()
        };
        let columns = &map.columns;
        let number = find("number", &columns.number);
        let lodged = DateAt { column: find("lodged", &columns.lodged.name), is: &columns.lodged };
        let mut date = |key: &str, is: &'m Option<DateColumn>| {
            is.as_ref().map(|is| DateAt { column: find(key, &is.name), is })
        };
        let (disposed, reopened) = (date("disposed", &columns.disposed), date("reopened", &columns.reopened));
        let (received, routed) = (date("received", &columns.received), date("routed", &columns.routed));
        let due = date("due", &columns.due);
        let events =
            columns.events.iter().map(|is| DateAt { column: find("events", &is.name), is }).collect();
        let mut named = [None; 5];
        for of in Dimension::ALL {
            named[*of as usize] = map.column(*of).map(|name| find(of.as_str(), name));
        }
        let mut text = |key: &str, name: &Option<String>| name.as_ref().map(|name| find(key, name));
        let status = text("status", &columns.status);
        let narrative = text("narrative", &columns.narrative);
        let closure_text = text("closure_text", &columns.closure_text);
        problems.done()?;
        Ok(Self {
            map,
            options,
            header,
            number,
            lodged,
            disposed,
            reopened,
            received,
            routed,
            due,
            events,
            named,
            status,
            narrative,
            closure_text,
        })
    }

    pub(crate) fn map(&self) -> &'m ColumnMap {
        self.map
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The number of a record.
    pub(crate) fn number<'f>(&self, line: &Line<'f>) -> Result<&'f str, Fault> {
        let number = line.get(self.number).trim();
        let sentence = if number.is_empty() {
            "there is no number".to_owned()
        } else if number.chars().count() > LONGEST_NUMBER {
            format!("a number has at most {LONGEST_NUMBER} characters")
        } else {
            return Ok(number);
        };
        Err(Fault { column: Some(self.number), code: ErrorCode::RowInvalid, sentence })
    }

    /// The column of the number.
    pub(crate) fn number_column(&self) -> usize {
        self.number
    }

    /// The whole case.
    pub(crate) fn case(&self, record: u64, number: &str, line: &Line<'_>) -> Result<ImportedCase, Fault> {
        let mut says = Says { layout: self, record, line, warnings: Vec::new() };
        let lodged_at = says.must(&self.lodged)?.ok_or_else(|| Fault {
            column: Some(self.lodged.column),
            code: ErrorCode::DateInvalid,
            sentence: "there is no date of lodging".to_owned(),
        })?;
        let closed_at = match &self.disposed {
            Some(column) => says.closed(column, lodged_at)?,
            None => None,
        };
        let reopened_at = says.may(self.reopened.as_ref());
        let (ending, reopened_at, ending_undated) = says.course(closed_at, reopened_at);
        let received_at = says.received(lodged_at);
        let routed_at = says.may(self.routed.as_ref()).filter(|at| *at >= lodged_at);
        let due_at = says.due(lodged_at);
        let value = |of: Dimension| {
            self.named[of as usize].map(|column| line.get(column)).filter(|value| !value.trim().is_empty())
        };
        let own = |of| SmolStr::new(value(of).unwrap_or_default());
        let text = |column: Option<usize>| {
            column.map(|column| line.get(column)).filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        Ok(ImportedCase {
            record,
            number: SmolStr::new(number),
            lodged_at,
            received_at,
            routed_at,
            due_at,
            ending,
            reopened_at,
            ending_undated,
            unit_value: own(Dimension::Unit),
            category_value: says.category(value(Dimension::Category)),
            channel_value: own(Dimension::Channel),
            place_value: own(Dimension::Place),
            kind_value: own(Dimension::Kind),
            narrative: text(self.narrative),
            closure_text: text(self.closure_text),
            warnings: says.warnings,
        })
    }
}

/// What one record says.
struct Says<'a, 'm> {
    layout: &'a Layout<'m>,
    record: u64,
    line: &'a Line<'a>,
    warnings: Vec<Warning>,
}

impl Says<'_, '_> {
    fn warn(&mut self, column: usize, kind: WarningKind, sentence: impl Into<String>) {
        let column = self.layout.header[column].clone();
        self.warnings.push(Warning { record: self.record, column, kind, sentence: sentence.into() });
    }

    /// A date; `None` for a blank.
    fn date(&mut self, of: &DateAt<'_>) -> Result<Option<DateTime<Utc>>, NotAnInstant> {
        let text = self.line.get(of.column).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let (at, wall) = of.is.formats.read(text, self.layout.map.zone)?;
        match wall {
            WallClock::Once => {}
            WallClock::Twice => self.warn(
                of.column,
                WarningKind::LocalTimeAmbiguous,
                "clocks were put back and showed this time twice; the first is taken",
            ),
            WallClock::Skipped => self.warn(
                of.column,
                WarningKind::LocalTimeSkipped,
                "clocks were put forward and skipped this time; it is moved forward by as much",
            ),
        }
        Ok(Some(at))
    }

    /// A date without which the row cannot be used, if it is there and malformed.
    fn must(&mut self, of: &DateAt<'_>) -> Result<Option<DateTime<Utc>>, Fault> {
        self.date(of).map_err(|why| Fault {
            column: Some(of.column),
            code: ErrorCode::DateInvalid,
            sentence: why.to_string(),
        })
    }

    /// A date that is left out when it cannot be read.
    fn may(&mut self, of: Option<&DateAt<'_>>) -> Option<DateTime<Utc>> {
        let of = of?;
        self.date(of).unwrap_or_else(|why| {
            self.warn(of.column, WarningKind::DateUnreadable, format!("{why}; it is left out"));
            None
        })
    }

    /// The date of closing: not before the lodging, within the tolerance.
    fn closed(&mut self, of: &DateAt<'_>, lodged_at: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Fault> {
        let Some(at) = self.must(of)? else { return Ok(None) };
        if at >= lodged_at {
            return Ok(Some(at));
        }
        let zone = self.layout.map.zone;
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
        let dates = format!("closed {}, before it was lodged {}", local(at), local(lodged_at));
        if lodged_at - at > self.layout.options.skew {
            return Err(Fault { column: Some(of.column), code: ErrorCode::DatesContradict, sentence: dates });
        }
        self.warn(of.column, WarningKind::Skew, format!("{dates}: counted as closed at lodging"));
        Ok(Some(lodged_at))
    }

    /// How the case went, from the dates and the status word.
    fn course(
        &mut self,
        closed_at: Option<DateTime<Utc>>,
        reopened_at: Option<DateTime<Utc>>,
    ) -> (Option<Ending>, Option<DateTime<Utc>>, bool) {
        let map = self.layout.map;
        let word = self.layout.status.map(|column| (column, self.line.get(column).trim()));
        let means = match word {
            Some((column, word)) if !word.is_empty() => {
                let means = map.status.means(word);
                if means.is_none() {
                    let sentence = "the map gives this status word no meaning; the dates decide";
                    self.warn(column, WarningKind::StatusUnknown, sentence);
                }
                means.map(|means| (column, means))
            }
            _ => None,
        };
        let reopened_at = match (reopened_at, closed_at, &self.layout.reopened) {
            (Some(reopened), Some(closed), Some(column)) if reopened < closed => {
                let sentence = "opened again before it was closed: the closing before is not recorded";
                self.warn(column.column, WarningKind::ReopenedBeforeClosing, sentence);
                None
            }
            _ => reopened_at,
        };
        let ended = |at, phase| Ending { at, phase, reason: self.reason(phase) };
        let closed = closed_at.filter(|_| reopened_at.is_none());
        match (closed, means) {
            (Some(at), None) => (Some(ended(at, Phase::Disposed)), None, false),
            (Some(at), Some((_, StatusMeans::Ended(phase)))) => (Some(ended(at, phase)), None, false),
            (Some(at), Some((column, StatusMeans::Open | StatusMeans::Reopened))) => {
                let ending = Some(ended(at, Phase::Disposed));
                let open = map.status.trust == Trust::Status;
                let counts = if open {
                    "status contradicts dates: there is a closing date, but the case is open"
                } else {
                    "status contradicts dates: it says open, but there is a closing date, which counts"
                };
                self.warn(column, WarningKind::StatusContradictsDates, counts);
                // When it was opened again is not recorded: it never counts as closed.
                (ending, open.then_some(at), false)
            }
            (None, Some((column, StatusMeans::Ended(_)))) => {
                let ending = closed_at.map(|at| ended(at, Phase::Disposed));
                self.warn(
                    column,
                    WarningKind::StatusContradictsDates,
                    "status contradicts dates: it says ended, but no date says when; the case counts as open",
                );
                (ending, reopened_at, true)
            }
            (None, _) => (closed_at.map(|at| ended(at, Phase::Disposed)), reopened_at, false),
        }
    }

    /// The closure reason by the first rule that fits.
    fn reason(&self, phase: Phase) -> Option<ReasonCode> {
        let text = |column: Option<usize>| column.map_or("", |column| self.line.get(column).trim());
        let (closure, status) = (text(self.layout.closure_text), text(self.layout.status));
        let rule = self.layout.map.reasons.iter().find(|rule| match rule.on {
            ReasonOn::ClosureText => rule.fits(closure),
            ReasonOn::Status => rule.fits(status),
        });
        rule.filter(|_| phase == Phase::Disposed).map(|rule| rule.reason.clone())
    }

    /// The earliest of receipt and events, where that is before the lodging.
    fn received(&mut self, lodged_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let layout = self.layout;
        let mut earliest: Option<(usize, DateTime<Utc>)> = None;
        for of in layout.events.iter().chain(&layout.received) {
            if let Some(at) = self.may(Some(of))
                && at < earliest.map_or(lodged_at, |(_, at)| at)
            {
                earliest = Some((of.column, at));
            }
        }
        let (column, at) = earliest?;
        // A column of receipts says so by itself; an event before the lodging is noticed.
        if layout.received.as_ref().is_none_or(|received| received.column != column) {
            let sentence = "something happened before the lodging: received then, keyed in later";
            self.warn(column, WarningKind::KeyedInLater, sentence);
        }
        Some(at)
    }

    fn due(&mut self, lodged_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of = self.layout.due.as_ref()?;
        let at = self.may(Some(of))?;
        if at - lodged_at > self.layout.map.target_max {
            let days = self.layout.map.target_max.num_days();
            let sentence = format!("due more than {days} days after lodging");
            self.warn(of.column, WarningKind::TargetFar, sentence);
        } else if at < lodged_at {
            self.warn(of.column, WarningKind::TargetBeforeLodging, "due before it was lodged");
        }
        Some(at)
    }

    /// The subject; empty, with a warning, for a blank and for a placeholder.
    fn category(&mut self, value: Option<&str>) -> SmolStr {
        let Some(column) = self.layout.named[Dimension::Category as usize] else { return SmolStr::default() };
        match value {
            None => self.warn(column, WarningKind::CategoryBlank, "there is no subject"),
            Some(value) if self.layout.map.placeholders.contains(value.trim()) => {
                let sentence = "the subject is a placeholder that says nothing";
                self.warn(column, WarningKind::CategoryUnmapped, sentence);
            }
            Some(value) => return SmolStr::new(value),
        }
        SmolStr::default()
    }
}
