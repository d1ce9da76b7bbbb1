//! Cases as a host tells them, column by column, whatever holds the columns.

use crate::kernel::time::start_of_day;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::row::{Ending, LeanRow, RejectedRow, RowFault, RowField, Said};
use crate::measure::cases::sheets::within_calendar;
use crate::rulebook::hint::{cut, one_of};
use crate::vocabulary::{CaseField, DisposalClass, ErrorCode, FeedbackOutcome, Phase};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Columns of a host: what each says of a row.
///
/// A column that the host does not have says `None` of every row.
pub trait Columns: Sync {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// The instant that a row has in a column of instants.
    ///
    /// # Errors
    ///
    /// A sentence on why the value is no instant.
    fn instant(&self, field: CaseField, row: usize) -> Result<Option<DateTime<Utc>>, &'static str>;

    /// The same in milliseconds since 1970: a host that has numbers says them without a detour.
    ///
    /// # Errors
    ///
    /// As of [`instant`](Self::instant).
    fn millis(&self, field: CaseField, row: usize) -> Result<Option<i64>, &'static str> {
        Ok(self.instant(field, row)?.map(|at| at.timestamp_millis()))
    }

    /// The instants of as many rows as there is room for, from one on, in milliseconds since 1970; `none` where a
    /// row has none. `false` when one of them is no instant, or is `none` itself: nothing is then said of the others.
    fn fill_millis(&self, field: CaseField, from: usize, none: i64, to: &mut [i64]) -> bool {
        to.iter_mut().enumerate().all(|(at, to)| {
            let told = self.millis(field, from + at);
            *to = told.ok().flatten().unwrap_or(none);
            told.is_ok_and(|told| told != Some(none))
        })
    }

    /// Whether the host has the column. One that it does not have is not asked for row by row.
    fn has(&self, field: CaseField) -> bool {
        let _ = field;
        true
    }

    /// The text that a row has in a column of texts. An empty text is none.
    fn text(&self, field: CaseField, row: usize) -> Option<&str>;

    /// Of as many rows as there is room for, from one on, the number of each one's text among the different ones of
    /// its column, from 0, where the host keeps each text once: rows with one number have one text, which is then
    /// looked up once. `u32::MAX` for a row without a text. `false` when the host does not number the texts.
    fn fill_numbers(&self, field: CaseField, from: usize, to: &mut [u32]) -> bool {
        let _ = (field, from, to);
        false
    }

    /// The number that a row has in a column of counts; a row without one counts as 0 where others have one; below 0 or above 2^32 it is the highest there is,
    /// which no column takes.
    fn count(&self, field: CaseField, row: usize) -> Option<u32>;
}

/// Which column is which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(BTreeMap<CaseField, String>);

impl FieldMap {
    /// Maps what is named, and each other field to the column of its own name, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::MapInvalid`] for a field or a column that does not exist, for one of which the data has several,
    /// and when no column says when a case was received or which office has it; the hint names the nearest that there is.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::told::FieldMap;
    /// use grievance_core::vocabulary::CaseField;
    ///
    /// let given = [("received_at".to_owned(), "opened".to_owned())].into();
    /// let map = FieldMap::of(&given, &["opened", "unit", "ward"])?;
    /// assert_eq!(map.column(CaseField::Unit), Some("unit"));
    /// assert_eq!(map.column(CaseField::EndedAt), None);
    ///
    /// let refused = FieldMap::of(&given, &["opend", "unit"]).expect_err("no such column");
    /// assert_eq!((&*refused.place, refused.hint.as_deref()), ("opened", Some("did you mean \"opend\"?")));
    ///
    /// let twice = FieldMap::of(&given, &["opened", "unit", "opened"]).expect_err("which of them?");
    /// assert_eq!(twice.place, "opened");
    /// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
    /// ```
    pub fn of(given: &BTreeMap<String, String>, columns: &[impl AsRef<str>]) -> Result<Self, NotAsked> {
        let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let refused = |place: &str, problem| NotAsked::of(place, problem).code(ErrorCode::MapInvalid);
        let mut map = BTreeMap::new();
        for (field, column) in given {
            let Ok(known) = field.parse::<CaseField>() else {
                let names: Vec<&str> = CaseField::ALL.iter().map(|field| field.as_str()).collect();
                return Err(refused(&cut(field), "there is no such field").hint(one_of(field, &names)));
            };
            if !columns.contains(&column.as_str()) {
                return Err(Self::no_column(column, &columns));
            }
            map.insert(known, column.clone());
        }
        for field in CaseField::ALL {
            if columns.contains(&field.as_str()) {
                map.entry(*field).or_insert_with(|| field.to_string());
            }
        }
        for name in map.values() {
            if columns.iter().filter(|column| *column == name).nth(1).is_some() {
                return Err(refused(name, "the data has several columns of that name"));
            }
        }
        for must in [CaseField::ReceivedAt, CaseField::Unit] {
            if !map.contains_key(&must) {
                return Err(refused(must.as_str(), "no column is mapped to the field")
                    .hint(one_of(must.as_str(), &columns)));
            }
        }
        Ok(Self(map))
    }

    /// What is said of a column that the data does not have.
    pub fn no_column(name: &str, columns: &[&str]) -> NotAsked {
        let absent = NotAsked::of(name, "the data has no such column").code(ErrorCode::MapInvalid);
        absent.hint(one_of(name, columns))
    }

    /// The column of a field.
    pub fn column(&self, field: CaseField) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// The column of a field, or the field's own name where it has none.
    pub fn name(&self, field: CaseField) -> &str {
        self.column(field).unwrap_or_else(|| field.as_str())
    }
}

/// A row that was not counted, and why. It says where, never what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Which row, from 0, in the order of the data.
    pub row: u64,
    /// Which field.
    pub field: CaseField,
    /// The code every binding reports for the row.
    pub code: ErrorCode,
    /// What is wrong, in a sentence.
    pub problem: &'static str,
}

impl Rejected {
    /// What a table refuses of a row.
    pub(crate) fn of(row: u64, (field, fault): (RowField, RowFault)) -> Self {
        let code = RejectedRow { row, field, fault }.code();
        let field = match field {
            RowField::ReceivedAt => CaseField::ReceivedAt,
            RowField::EndedAt => CaseField::EndedAt,
            RowField::Unit => CaseField::Unit,
            RowField::Said => CaseField::Rating,
            RowField::Reopened => CaseField::Reopened,
            RowField::Appealed => CaseField::Appealed,
            RowField::Escalated => CaseField::Escalated,
            RowField::Transferred => CaseField::Transferred,
            RowField::Breached => CaseField::Breached,
            RowField::LastToldAt => CaseField::LastToldAt,
        };
        let problem = match fault {
            RowFault::Missing => "the field is missing",
            RowFault::Future => "the instant lies after the one up to which is read",
            RowFault::BeforeReceived => "the instant lies before the case was received",
            RowFault::OutOfRange => "the number is out of range",
        };
        Self { row, field, code, problem }
    }
}

/// What a column of a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Instants, or days, which stand for their first instant.
    Instants,
    /// Codes and words.
    Texts,
    /// Counts and flags.
    Counts,
}

impl FieldKind {
    /// What the column of a field holds.
    pub const fn of(field: CaseField) -> Self {
        match field {
            CaseField::ReceivedAt | CaseField::EndedAt | CaseField::DueAt | CaseField::LastToldAt => {
                Self::Instants
            }
            CaseField::Rating
            | CaseField::Reopened
            | CaseField::Appealed
            | CaseField::Escalated
            | CaseField::Transferred
            | CaseField::Breached => Self::Counts,
            CaseField::Unit
            | CaseField::Phase
            | CaseField::Class
            | CaseField::Category
            | CaseField::Priority
            | CaseField::Reason
            | CaseField::Feedback => Self::Texts,
        }
    }
}

/// The first instant of a day in a zone, for hosts that have days where instants are meant.
///
/// # Errors
///
/// The days at the very ends of the calendar have no first instant in every zone: those outside the
/// years 1 to 9998 are beyond it.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::cases::told::first_instant;
///
/// let at = first_instant("2026-01-26".parse()?, chrono_tz::Asia::Kolkata);
/// assert_eq!(at.map(|at| at.to_rfc3339()).as_deref(), Ok("2026-01-25T18:30:00+00:00"));
/// assert!(first_instant("9999-01-01".parse()?, chrono_tz::UTC).is_err());
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn first_instant(day: NaiveDate, zone: Tz) -> Result<DateTime<Utc>, &'static str> {
    let day = within_calendar(day).map_err(|_| BEYOND)?;
    Ok(start_of_day(day, zone))
}

/// What is said of an instant that no calendar has.
pub const BEYOND: &str = "the instant lies beyond the calendar";

/// A row that cannot even be read: the field to blame, and why.
pub(crate) type Unread = (CaseField, ErrorCode, &'static str);

fn word<T: FromStr>(of: &impl Columns, field: CaseField, row: usize) -> Result<Option<T>, Unread> {
    let read = of.text(field, row).filter(|word| !word.is_empty()).map(str::parse).transpose();
    read.map_err(|_| (field, ErrorCode::RowInvalid, "the word is none of the closed list"))
}

/// The first instant of the year 1 and of the year 9999, in milliseconds since 1970: days around what lies
/// between are days of the calendar, in every zone.
pub(crate) const CALENDAR: std::ops::Range<i64> = -62_135_596_800_000..253_370_764_800_000;

/// One row of the columns.
pub(crate) fn told(of: &impl Columns, row: usize) -> Result<LeanRow<'_>, Unread> {
    let instant = |field| match of.millis(field, row) {
        Ok(Some(at)) if !CALENDAR.contains(&at) => Err((field, ErrorCode::DateInvalid, BEYOND)),
        Ok(at) => Ok(at),
        Err(problem) => Err((field, ErrorCode::DateInvalid, problem)),
    };
    let count = |field| of.count(field, row).unwrap_or(0);
    let text = |field| of.text(field, row).filter(|text| !text.is_empty());
    let missing = (CaseField::ReceivedAt, ErrorCode::RowInvalid, "the field is missing");
    let received_at = instant(CaseField::ReceivedAt)?;
    let phase = word::<Phase>(of, CaseField::Phase, row)?;
    let class = word::<DisposalClass>(of, CaseField::Class, row)?;
    let ended = Ending::told(phase, instant(CaseField::EndedAt)?, class);
    let said = match of.count(CaseField::Rating, row) {
        Some(rating) => Some(Said::Rating(u8::try_from(rating).unwrap_or(u8::MAX))),
        None => word::<FeedbackOutcome>(of, CaseField::Feedback, row)?.map(Said::Outcome),
    };
    let undated =
        |_| (CaseField::EndedAt, ErrorCode::RowInvalid, "the case has ended, and no date says when");
    Ok(LeanRow {
        received_at: received_at.ok_or(missing)?,
        ended: ended.map_err(undated)?,
        unit: of.text(CaseField::Unit, row).unwrap_or_default(),
        category: text(CaseField::Category),
        // A host that has these brings them as columns of its own.
        place: None,
        channel: None,
        kind: None,
        priority: text(CaseField::Priority),
        reason: text(CaseField::Reason),
        said,
        counts: [
            count(CaseField::Reopened),
            count(CaseField::Appealed),
            count(CaseField::Escalated),
            count(CaseField::Transferred),
            count(CaseField::Breached),
        ],
        due_at: instant(CaseField::DueAt)?,
        judged: None,
        last_told_at: instant(CaseField::LastToldAt)?,
    })
}
