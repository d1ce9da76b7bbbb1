//! Rows of a dataframe, read column by column into the rows that a table of cases takes.

use crate::arrow::{Counts, Instants, Texts};
use crate::fault::Fault;
use crate::frame::Rejected;
use arrow_array::{ArrayRef, RecordBatch};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::measure::cases::row::{CaseRow, Ending, RowFault, RowField, Said};
use grievance_core::measure::cases::table;
use grievance_core::vocabulary::{DisposalClass, FeedbackOutcome, Phase};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The fields that a column may be mapped to. The first two must be there.
const FIELDS: [&str; 17] = [
    "received_at",
    "unit",
    "ended_at",
    "phase",
    "class",
    "category",
    "priority",
    "reason",
    "feedback",
    "rating",
    "due_at",
    "last_told_at",
    "reopened",
    "appealed",
    "escalated",
    "transferred",
    "breached",
];

/// The nearest of some words, as a question.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let near = known.iter().map(|known| (strsim::osa_distance(word, known), *known)).min()?;
    let most = (word.chars().count() / 2).max(2);
    Some(if near.0 <= most {
        format!("did you mean {:?}?", near.1)
    } else {
        format!("there are {}", known.join(", "))
    })
}

/// Which column is which field.
pub(crate) struct Mapping(BTreeMap<&'static str, String>);

impl Mapping {
    /// What is not mapped is sought under its own name.
    pub(crate) fn of(given: &BTreeMap<String, String>, columns: &[String]) -> Result<Self, Fault> {
        let has = |name: &str| columns.iter().any(|column| column == name);
        for (field, column) in given {
            if !FIELDS.contains(&field.as_str()) {
                let fault = Fault::new(ErrorCode::MapInvalid, field, "there is no such field");
                return Err(fault.may_hint(nearest(field, FIELDS)));
            }
            if !has(column) {
                let fault = Fault::new(ErrorCode::MapInvalid, column, "the data has no such column");
                return Err(fault.may_hint(nearest(column, columns.iter().map(String::as_str))));
            }
        }
        let column = |field: &'static str| {
            let mapped = given.get(field).cloned().or_else(|| has(field).then(|| field.to_owned()));
            mapped.map(|column| (field, column))
        };
        let map: BTreeMap<_, _> = FIELDS.into_iter().filter_map(column).collect();
        for must in ["received_at", "unit"] {
            if !map.contains_key(must) {
                let fault = Fault::new(ErrorCode::MapInvalid, must, "no column is mapped to the field");
                return Err(fault.may_hint(nearest(must, columns.iter().map(String::as_str))));
            }
        }
        Ok(Self(map))
    }

    fn name(&self, field: &'static str) -> &str {
        self.0.get(field).map_or(field, String::as_str)
    }

    fn column<'a>(&self, field: &'static str, of: &'a RecordBatch) -> Option<(&str, &'a ArrayRef)> {
        let name = self.0.get(field)?;
        of.column_by_name(name).map(|array| (name.as_str(), array))
    }
}

/// The fields of a batch, each as its column has it.
struct Batch<'a> {
    rows: usize,
    instants: BTreeMap<&'static str, Instants<'a>>,
    texts: BTreeMap<&'static str, Texts<'a>>,
    counts: BTreeMap<&'static str, Counts<'a>>,
}

/// A row that cannot be read, with the field that is to blame.
type Unread = (&'static str, ErrorCode, &'static str);

impl<'a> Batch<'a> {
    fn of(batch: &'a RecordBatch, map: &Mapping, zone: Tz, naive: Option<Tz>) -> Result<Self, Fault> {
        let mut own = Self {
            rows: batch.num_rows(),
            instants: BTreeMap::new(),
            texts: BTreeMap::new(),
            counts: BTreeMap::new(),
        };
        for field in FIELDS {
            let Some((name, array)) = map.column(field, batch) else { continue };
            match field {
                "received_at" | "ended_at" | "due_at" | "last_told_at" => {
                    own.instants.insert(field, Instants::of(name, array, zone, naive)?);
                }
                "rating" | "reopened" | "appealed" | "escalated" | "transferred" | "breached" => {
                    own.counts.insert(field, Counts::of(name, array)?);
                }
                _ => {
                    own.texts.insert(field, Texts::of(name, array)?);
                }
            }
        }
        Ok(own)
    }

    fn text(&self, field: &'static str, row: usize) -> Option<&'a str> {
        self.texts.get(field).and_then(|texts| texts.get(row))
    }

    fn instant(&self, field: &'static str, row: usize) -> Result<Option<DateTime<Utc>>, Unread> {
        let told = self.instants.get(field).map_or(Ok(None), |instants| instants.get(row));
        told.map_err(|problem| (field, ErrorCode::DateInvalid, problem))
    }

    fn count(&self, field: &'static str, row: usize) -> u32 {
        self.counts.get(field).and_then(|counts| counts.get(row)).unwrap_or(0)
    }

    fn word<T: std::str::FromStr>(&self, field: &'static str, row: usize) -> Result<Option<T>, Unread> {
        let read = self.text(field, row).filter(|word| !word.is_empty()).map(str::parse).transpose();
        read.map_err(|_| (field, ErrorCode::RowInvalid, "the word is none of the closed list"))
    }

    fn row(&self, row: usize) -> Result<CaseRow<'a>, Unread> {
        let received_at = self.instant("received_at", row)?;
        let missing = ("received_at", ErrorCode::RowInvalid, "the field is missing");
        let (phase, class) = (self.word::<Phase>("phase", row)?, self.word::<DisposalClass>("class", row)?);
        let ended = Ending::told(phase, self.instant("ended_at", row)?, class);
        let rating = self.counts.get("rating").and_then(|counts| counts.get(row));
        let said = match rating {
            Some(rating) => Some(Said::Rating(u8::try_from(rating).unwrap_or(u8::MAX))),
            None => self.word::<FeedbackOutcome>("feedback", row)?.map(Said::Outcome),
        };
        Ok(CaseRow {
            ended: ended.map_err(|_| {
                ("ended_at", ErrorCode::RowInvalid, "the case has ended, and no date says when")
            })?,
            category: self.text("category", row),
            priority: self.text("priority", row),
            reason: self.text("reason", row),
            said,
            reopened: self.count("reopened", row),
            appealed: self.count("appealed", row),
            escalated: self.count("escalated", row),
            transferred: self.count("transferred", row),
            breached: self.count("breached", row),
            due_at: self.instant("due_at", row)?,
            last_told_at: self.instant("last_told_at", row)?,
            ..CaseRow::new(received_at.ok_or(missing)?, self.text("unit", row).unwrap_or_default())
        })
    }
}

const fn field_of(field: RowField) -> &'static str {
    match field {
        RowField::ReceivedAt => "received_at",
        RowField::EndedAt => "ended_at",
        RowField::Unit => "unit",
        RowField::Said => "rating",
        RowField::Reopened => "reopened",
        RowField::Appealed => "appealed",
        RowField::Escalated => "escalated",
        RowField::Transferred => "transferred",
        RowField::Breached => "breached",
        RowField::LastToldAt => "last_told_at",
    }
}

/// Reads every row of the batches; those that cannot be read are told with the others.
pub(crate) fn taken(
    batches: &[RecordBatch],
    map: &Mapping,
    (zone, naive): (Tz, Option<Tz>),
    until: DateTime<Utc>,
) -> Result<(table::Cases, Vec<Rejected>), Fault> {
    let read: Vec<Batch<'_>> =
        batches.iter().map(|batch| Batch::of(batch, map, zone, naive)).collect::<Result<_, _>>()?;
    let unread: RefCell<Vec<(u64, Unread)>> = RefCell::default();
    let places = read.iter().flat_map(|batch| (0..batch.rows).map(move |row| (batch, row)));
    let rows = (0..).zip(places).filter_map(|(number, (batch, row))| match batch.row(row) {
        Ok(row) => Some(row),
        Err(problem) => {
            unread.borrow_mut().push((number, problem));
            None
        }
    });
    let table::Read { cases, rejected: refused, .. } = table::Cases::read(zone, until, rows);
    let unread = unread.into_inner();
    let mut rejected = Vec::with_capacity(unread.len() + refused.len());
    let mut before = unread.iter().peekable();
    // The table numbers what it was given: rows that could not even be read lie between.
    let mut passed = 0;
    for row in &refused {
        while before.next_if(|(number, _)| *number <= row.row + passed).is_some() {
            passed += 1;
        }
        let problem = match row.fault {
            RowFault::Missing => "the field is missing",
            RowFault::Future => "the instant lies after the one up to which is read",
            RowFault::BeforeReceived => "the instant lies before the case was received",
            RowFault::OutOfRange => "the number is out of range",
        };
        rejected.push(Rejected {
            row: row.row + passed,
            column: map.name(field_of(row.field)).to_owned(),
            code: row.code().as_str(),
            problem: problem.to_owned(),
        });
    }
    rejected.extend(unread.into_iter().map(|(row, (field, code, problem))| Rejected {
        row,
        column: map.name(field).to_owned(),
        code: code.as_str(),
        problem: problem.to_owned(),
    }));
    rejected.sort_by_key(|rejected| rejected.row);
    Ok((cases, rejected))
}
