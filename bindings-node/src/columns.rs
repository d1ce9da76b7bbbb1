//! Columns as JavaScript hands them over, and as the core reads them.

use crate::fault::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::measure::cases::told::{self, BEYOND, FieldKind, FieldMap, first_instant};
use grievance_core::vocabulary::CaseField;
use napi::bindgen_prelude::{BigInt64Array, Float64Array, Uint32Array};
use napi_derive::napi;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The key of a row that has no text.
const NONE: u32 = u32::MAX;

/// A column. What is not known is NaN, the least number, or the highest key.
pub(crate) enum Column {
    Nothing(usize),
    /// Numbers of which only the host knows what they count.
    Numbers(Vec<f64>),
    /// Milliseconds since 1970, of what said that it is an instant.
    Instants(Vec<f64>),
    /// Whole numbers that nobody meant as instants.
    Counts(Vec<f64>),
    Longs(Vec<i64>),
    Texts {
        codes: Vec<String>,
        keys: Vec<u32>,
    },
}

impl Column {
    fn rows(&self) -> usize {
        match self {
            Self::Nothing(rows) => *rows,
            Self::Numbers(numbers) | Self::Instants(numbers) | Self::Counts(numbers) => numbers.len(),
            Self::Longs(longs) => longs.len(),
            Self::Texts { keys, .. } => keys.len(),
        }
    }
}

/// Columns by their names, until they are read.
#[derive(Default)]
#[napi]
pub struct Columns {
    pub(crate) of: BTreeMap<String, Column>,
    /// The names of those that nothing is read of.
    others: BTreeSet<String>,
}

impl Columns {
    /// The names of all.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.of.keys().chain(&self.others).map(String::as_str).collect()
    }
}

#[napi]
impl Columns {
    #[napi(factory)]
    pub fn none() -> Self {
        Self::default()
    }

    #[napi]
    pub fn nothing(&mut self, name: String, rows: u32) {
        self.of.insert(name, Column::Nothing(rows as usize));
    }

    #[napi]
    pub fn numbers(&mut self, name: String, values: Float64Array) {
        self.of.insert(name, Column::Numbers(values.to_vec()));
    }

    #[napi]
    pub fn instants(&mut self, name: String, values: Float64Array) {
        self.of.insert(name, Column::Instants(values.to_vec()));
    }

    #[napi]
    pub fn counts(&mut self, name: String, values: Float64Array) {
        self.of.insert(name, Column::Counts(values.to_vec()));
    }

    #[napi]
    pub fn longs(&mut self, name: String, values: BigInt64Array) {
        self.of.insert(name, Column::Longs(values.to_vec()));
    }

    #[napi]
    pub fn texts(&mut self, name: String, codes: Vec<String>, keys: Uint32Array) {
        self.of.insert(name, Column::Texts { codes, keys: keys.to_vec() });
    }

    /// One that nothing is read of.
    #[napi]
    pub fn other(&mut self, name: String) {
        remember(&mut self.others, name);
    }
}

/// Which columns are wanted, of a host's text that may have as many names as it has letters.
pub(crate) fn wanted(map: &BTreeMap<String, String>, groups: &[String]) -> BTreeSet<String> {
    let fields = CaseField::ALL.iter().map(ToString::to_string);
    fields.chain(map.values().cloned()).chain(groups.iter().cloned()).collect()
}

/// Reads a JSON array of rows, each an object of texts, numbers, booleans and null. Of what is not wanted only the
/// name is kept, and nothing of it is looked at.
pub(crate) fn of_json(text: &str, wanted: BTreeSet<String>) -> Result<Columns, Fault> {
    let mut rows = Rows { wanted, made: BTreeMap::new(), others: BTreeSet::new(), read: 0, refused: None };
    let mut source = serde_json::Deserializer::from_str(text);
    let read = source.deserialize_seq(&mut rows).and_then(|()| source.end());
    if let Some(refused) = rows.refused {
        return Err(refused);
    }
    read.map_err(|problem| {
        let place = format!("line {}, character {}", problem.line(), problem.column());
        Fault::new(ErrorCode::FileInvalid, "text", format!("is no JSON array of objects ({place})"))
    })?;
    let Rows { wanted, made, others, read, .. } = rows;
    let of = if read == 0 {
        // Of no rows nobody sees which columns they would have.
        wanted.into_iter().map(|name| (name, Column::Nothing(0))).collect()
    } else {
        made.into_iter().map(|(name, column)| (name, column.done(read))).collect()
    };
    Ok(Columns { of, others })
}

/// Rows, while they are read one after the other.
struct Rows {
    wanted: BTreeSet<String>,
    made: BTreeMap<String, Building>,
    others: BTreeSet<String>,
    /// How many rows were read.
    read: usize,
    /// Why reading ended early.
    refused: Option<Fault>,
}

impl<'de> Visitor<'de> for &mut Rows {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while rows.next_element_seed(Row(self))?.is_some() {
            self.read += 1;
        }
        Ok(())
    }
}

/// The next row.
struct Row<'a>(&'a mut Rows);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, row: D) -> Result<(), D::Error> {
        row.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let Self(rows) = self;
        while let Some(name) = fields.next_key::<String>()? {
            if !rows.wanted.contains(&name) {
                fields.next_value::<IgnoredAny>()?;
                remember(&mut rows.others, name);
                continue;
            }
            let value = fields.next_value()?;
            if let Err(problem) = rows.made.entry(name.clone()).or_default().push(rows.read, &value) {
                let place = format!("[{}].{name}", rows.read);
                rows.refused = Some(Fault::new(ErrorCode::FileInvalid, &place, problem));
                return Err(A::Error::custom(problem));
            }
        }
        Ok(())
    }
}

/// Keeps a name for whoever has written it otherwise. A table of more columns than this is none.
fn remember(others: &mut BTreeSet<String>, name: String) {
    const MOST: usize = 1_000;
    if others.len() < MOST {
        others.insert(name);
    }
}

/// A column of which the rows before may have said nothing.
#[derive(Default)]
struct Building {
    numbers: Vec<f64>,
    keys: Vec<u32>,
    codes: Vec<String>,
    places: HashMap<String, u32>,
}

impl Building {
    fn push(&mut self, row: usize, value: &Value) -> Result<(), &'static str> {
        match value {
            // What was said of the name before in the same row is taken back.
            Value::Null => {
                self.numbers.truncate(row);
                self.keys.truncate(row);
            }
            Value::String(_) if !self.numbers.is_empty() => return Err("is a text, and others are numbers"),
            Value::String(text) => {
                self.keys.resize(row, NONE);
                let next = u32::try_from(self.codes.len()).map_err(|_| "there are too many texts")?;
                let key = *self.places.entry(text.clone()).or_insert_with(|| {
                    self.codes.push(text.clone());
                    next
                });
                self.keys.push(key);
            }
            Value::Bool(_) | Value::Number(_) if !self.codes.is_empty() => {
                return Err("is a number, and others are texts");
            }
            Value::Bool(flag) => self.number(row, f64::from(u8::from(*flag))),
            Value::Number(number) => self.number(row, number.as_f64().unwrap_or(f64::INFINITY)),
            Value::Array(_) | Value::Object(_) => return Err("is neither a text nor a number"),
        }
        Ok(())
    }

    fn number(&mut self, row: usize, number: f64) {
        self.numbers.resize(row, f64::NAN);
        self.numbers.push(number);
    }

    fn done(mut self, rows: usize) -> Column {
        if !self.numbers.is_empty() {
            self.numbers.resize(rows, f64::NAN);
            return Column::Counts(self.numbers);
        }
        if self.codes.is_empty() {
            return Column::Nothing(rows);
        }
        self.keys.resize(rows, NONE);
        Column::Texts { codes: self.codes, keys: self.keys }
    }
}

/// How many rows the columns have, which must be as many in each.
pub(crate) fn rows(columns: &BTreeMap<String, Column>) -> Result<usize, Fault> {
    let rows = columns.values().next().map_or(0, Column::rows);
    for (name, column) in columns {
        if column.rows() != rows {
            let problem = format!("has {} rows, and others have {rows}", column.rows());
            return Err(Fault::new(ErrorCode::InvalidCommand, name, problem));
        }
        if let Column::Texts { codes, keys } = column
            && keys.iter().any(|key| *key != NONE && *key as usize >= codes.len())
        {
            return Err(Fault::new(ErrorCode::InvalidCommand, name, "an index lies beyond the codes"));
        }
    }
    Ok(rows)
}

/// The text of each row, of a column of the host's own.
pub(crate) fn texts<'a>(
    name: &str,
    columns: &'a Columns,
) -> Result<Box<dyn Iterator<Item = Option<&'a str>> + 'a>, Fault> {
    match columns.of.get(name) {
        Some(Column::Texts { codes, keys }) => {
            let text =
                |key: &u32| codes.get(*key as usize).map(String::as_str).filter(|text| !text.is_empty());
            Ok(Box::new(keys.iter().map(text)))
        }
        Some(Column::Nothing(rows)) => Ok(Box::new(std::iter::repeat_n(None, *rows))),
        Some(_) => Err(other_kind(name, "of texts")),
        None => Err(FieldMap::no_column(name, &columns.names()).into()),
    }
}

fn other_kind(name: &str, wanted: &str) -> Fault {
    Fault::new(ErrorCode::MapInvalid, name, format!("is no column {wanted}"))
}

type Told = Result<Option<DateTime<Utc>>, &'static str>;

/// A column as its field reads it.
enum Seen<'a> {
    Numbers(&'a [f64]),
    Longs(&'a [i64]),
    Texts {
        codes: &'a [String],
        keys: &'a [u32],
    },
    /// Each different text is read once.
    Instants {
        codes: Vec<Told>,
        keys: &'a [u32],
    },
}

const FIELDS: usize = CaseField::ALL.len();

/// The fields of the cases, each as its column has it.
pub(crate) struct Fields<'a> {
    rows: usize,
    of: [Option<Seen<'a>>; FIELDS],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(
        columns: &'a BTreeMap<String, Column>,
        rows: usize,
        map: &FieldMap,
        zone: Tz,
    ) -> Result<Self, Fault> {
        let mut of: [Option<Seen<'a>>; FIELDS] = Default::default();
        for field in CaseField::ALL {
            let Some(name) = map.column(*field) else { continue };
            let Some(column) = columns.get(name) else { continue };
            of[*field as usize] = seen(*field, name, column, zone)?;
        }
        Ok(Self { rows, of })
    }
}

fn seen<'a>(field: CaseField, name: &str, column: &'a Column, zone: Tz) -> Result<Option<Seen<'a>>, Fault> {
    let wanted = match FieldKind::of(field) {
        FieldKind::Instants => match column {
            Column::Texts { codes, keys } => {
                let codes = codes.iter().map(|text| instant(text, zone)).collect();
                return Ok(Some(Seen::Instants { codes, keys }));
            }
            Column::Instants(millis) => return Ok(Some(Seen::Numbers(millis))),
            Column::Counts(_) => return Err(other_kind(name, "of instants").hint(A_NUMBER_IS_NO_INSTANT)),
            Column::Nothing(_) | Column::Numbers(_) | Column::Longs(_) => "of instants",
        },
        FieldKind::Counts => match column {
            Column::Counts(counts) => return Ok(Some(Seen::Numbers(counts))),
            _ => "of whole numbers",
        },
        FieldKind::Texts => match column {
            Column::Texts { codes, keys } => return Ok(Some(Seen::Texts { codes, keys })),
            Column::Nothing(_) => return Ok(None),
            _ => return Err(other_kind(name, "of texts")),
        },
    };
    match column {
        Column::Nothing(_) => Ok(None),
        Column::Numbers(numbers) => Ok(Some(Seen::Numbers(numbers))),
        Column::Longs(longs) => Ok(Some(Seen::Longs(longs))),
        Column::Texts { .. } | Column::Instants(_) | Column::Counts(_) => Err(other_kind(name, wanted)),
    }
}

const A_NUMBER_IS_NO_INSTANT: &str =
    "Dates, texts with an offset, or milliseconds since 1970 in a Float64Array or BigInt64Array";

/// An instant with its offset, or a day, which stands for its first instant in the zone.
fn instant(text: &str, zone: Tz) -> Told {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return first_instant(day, zone).map(Some);
    }
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| Some(at.to_utc())).map_err(|_| "the text is no instant with an offset, and no day")
}

impl told::Columns for Fields<'_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn instant(&self, field: CaseField, row: usize) -> Told {
        if let Some(Seen::Instants { codes, keys }) = &self.of[field as usize] {
            return codes.get(keys[row] as usize).copied().unwrap_or(Ok(None));
        }
        let Some(millis) = self.millis(field, row)? else { return Ok(None) };
        DateTime::from_timestamp_millis(millis).map(Some).ok_or(BEYOND)
    }

    fn has(&self, field: CaseField) -> bool {
        self.of[field as usize].is_some()
    }

    fn fill_numbers(&self, field: CaseField, from: usize, to: &mut [u32]) -> bool {
        let Some(Seen::Texts { keys, .. }) = &self.of[field as usize] else { return false };
        to.copy_from_slice(&keys[from..from + to.len()]);
        true
    }

    fn millis(&self, field: CaseField, row: usize) -> Result<Option<i64>, &'static str> {
        Ok(match &self.of[field as usize] {
            // Beyond 64 bits it is beyond the calendar, too.
            #[expect(clippy::cast_possible_truncation, reason = "as it says")]
            Some(Seen::Numbers(numbers)) => {
                Some(numbers[row]).filter(|at| !at.is_nan()).map(|at| at.floor() as i64)
            }
            Some(Seen::Longs(longs)) => Some(longs[row]).filter(|at| *at != i64::MIN),
            Some(Seen::Instants { .. }) => self.instant(field, row)?.map(|at| at.timestamp_millis()),
            Some(Seen::Texts { .. }) | None => None,
        })
    }

    fn text(&self, field: CaseField, row: usize) -> Option<&str> {
        match &self.of[field as usize] {
            Some(Seen::Texts { codes, keys }) => codes.get(keys[row] as usize).map(String::as_str),
            _ => None,
        }
    }

    fn count(&self, field: CaseField, row: usize) -> Option<u32> {
        match &self.of[field as usize] {
            Some(Seen::Numbers(numbers)) => Some(numbers[row]).filter(|number| !number.is_nan()).map(whole),
            Some(Seen::Longs(longs)) => Some(longs[row])
                .filter(|long| *long != i64::MIN)
                .map(|long| u32::try_from(long).unwrap_or(u32::MAX)),
            _ => None,
        }
    }
}

/// A number that is no count is beyond every limit.
fn whole(number: f64) -> u32 {
    let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was looked at")]
    if fits { number as u32 } else { u32::MAX }
}
