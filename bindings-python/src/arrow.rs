//! Columns of other people's dataframes, by the Arrow capsule protocol, without copying them.
//!
//! An object may lie: about its types, its lengths, its texts. What is read of it is therefore
//! validated before it is looked at, and a panic of the reader is a refusal.

use crate::cases::Cases;
use crate::convert::Arg;
use crate::fault::Fault;
use arrow_array::cast::AsArray as _;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchReader as _, StringArray, StringViewArray,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::measure::cases::told::{BEYOND, Columns, FieldKind, FieldMap, first_instant};
use grievance_core::vocabulary::CaseField;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn unreadable(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::FileInvalid, "data", problem)
}

/// Takes the batches of any object that has `__arrow_c_stream__`. A table without rows still says which columns it has,
/// in a batch that is empty: what is wrong with them is wrong before the first row comes.
pub(crate) fn batches(data: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let py = data.py();
    let no_stream = |_| {
        let kind = data.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
        Fault::of_type("data", format!("{kind} has no __arrow_c_stream__")).hint(
            if data.is_instance_of::<Cases>() {
                "a Cases was read already: ask it for its measures"
            } else {
                "give a polars, pyarrow, pandas or DuckDB table"
            },
        )
    };
    let no_capsule = || Fault::of_type("data", "__arrow_c_stream__ answered no capsule of a stream");
    let method = data.getattr("__arrow_c_stream__").map_err(no_stream)?;
    // What the library of the table raises knows more of its columns than we do, and is the cause.
    let capsule = method.call0().map_err(|cause| {
        if !cause.is_instance_of::<PyException>(py) {
            return cause;
        }
        let problem = PyErr::from(unreadable("the table cannot be handed over as an Arrow stream"));
        problem.set_cause(py, Some(cause));
        problem
    })?;
    let capsule = capsule.cast_into::<PyCapsule>().map_err(|_| no_capsule())?;
    let stream = capsule.pointer_checked(Some(c"arrow_array_stream")).map_err(|_| no_capsule())?;
    let stream = stream.cast::<FFI_ArrowArrayStream>();
    // SAFETY: by the protocol a capsule of that name points to a stream, which whoever asked for it
    // takes over; what is left behind is marked as released, so the capsule frees nothing twice.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    if stream.get_next().is_none() || stream.get_schema().is_none() {
        return Err(unreadable("the stream is empty or was read before").into());
    }
    let read = || -> Result<Vec<RecordBatch>, Fault> {
        let reader = RecordBatchStreamReader::try_new(stream).map_err(unreadable)?;
        let schema = reader.schema();
        let mut batches = reader.collect::<Result<Vec<_>, _>>().map_err(|problem| {
            let untyped = schema.fields().iter().filter(|field| *field.data_type() == DataType::Null);
            match untyped.map(|field| field.name().as_str()).next() {
                Some(name) => {
                    Fault::new(ErrorCode::FileInvalid, name, "the column has no value, and so no type")
                        .hint("drop it, or cast it to a type")
                }
                None => unreadable(problem),
            }
        })?;
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(schema));
        }
        Ok(batches)
    };
    Ok(py.detach(|| guarded(read))?)
}

/// Refuses a column of Python's own datetimes that came without a zone: pandas lets some of them have one, and what
/// hands them over takes it away from these without a word.
pub(crate) fn of_one_zone(data: &Bound<'_, PyAny>, schema: &Schema, map: &FieldMap) -> Result<(), Fault> {
    for name in INSTANTS.iter().filter_map(|field| map.column(*field)) {
        let naive = |field: &Field| matches!(field.data_type(), DataType::Timestamp(_, None));
        if !schema.field_with_name(name).is_ok_and(naive) {
            continue;
        }
        let kind = data.get_item(name).and_then(|column| column.getattr("dtype")?.getattr("kind"));
        if kind.and_then(|kind| kind.extract::<String>()).is_ok_and(|kind| kind == "O") {
            return Err(Fault::new(
                ErrorCode::MapInvalid,
                name,
                "the column holds datetimes of any zone or none",
            )
            .hint("make it a column of one type: pandas.to_datetime(column, utc=True)"));
        }
    }
    Ok(())
}

/// Where the numbers of a column lie in memory, batch by batch: with it a test shows that nothing is copied.
#[pyfunction]
pub(crate) fn addresses(data: &Bound<'_, PyAny>, column: Arg<String>) -> PyResult<Vec<usize>> {
    let column = &*column.named("column")?;
    let address = |batch: RecordBatch| {
        let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let array = batch.column_by_name(column).ok_or_else(|| FieldMap::no_column(column, &names))?;
        let instants = Instants::of(column, array, Tz::UTC, Some(Tz::UTC))?;
        Ok(match instants.told {
            Told::None => 0,
            Told::Since1970(values, _) | Told::WallClock(values, ..) | Told::LongDays(values, _) => {
                values.as_ptr().addr()
            }
            Told::Days(values, _) => values.as_ptr().addr(),
        })
    };
    batches(data)?.into_iter().map(address).collect::<Result<_, Fault>>().map_err(Into::into)
}

/// Does what may panic over malformed arrays.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(unreadable("the arrays are not what their schema says")))
}

fn checked(name: &str, array: &ArrayRef) -> Result<(), Fault> {
    array
        .to_data()
        .validate_full()
        .map_err(|_| Fault::new(ErrorCode::FileInvalid, name, "the column is not what its schema says"))
}

fn other_type(name: &str, array: &ArrayRef, wanted: &str) -> Fault {
    Fault::new(ErrorCode::MapInvalid, name, format!("the column is of the type {}", array.data_type()))
        .hint(format!("{wanted} is wanted"))
}

/// A column of texts.
enum Texts<'a> {
    Plain(Plain<'a>),
    /// Each different one once, and which of them a row has.
    Coded(Plain<'a>, Codes<'a>, Option<&'a NullBuffer>),
}

#[derive(Clone, Copy)]
enum Plain<'a> {
    Short(&'a StringArray),
    Long(&'a LargeStringArray),
    Views(&'a StringViewArray),
    None,
}

/// The numbers of a dictionary, as they lie in memory where that is how dictionaries mostly come.
enum Codes<'a> {
    Wide(&'a [u32]),
    Other(Vec<usize>),
}

impl<'a> Texts<'a> {
    fn of(name: &str, array: &'a ArrayRef) -> Result<Self, Fault> {
        checked(name, array)?;
        let other = || other_type(name, array, "a column of texts");
        if let Some(coded) = array.as_any_dictionary_opt() {
            let texts = Plain::of(coded.values()).ok_or_else(other)?;
            let codes = match array.as_dictionary_opt::<UInt32Type>() {
                Some(wide) => Codes::Wide(wide.keys().values()),
                None if coded.values().is_empty() => Codes::Other(vec![0; array.len()]),
                None => Codes::Other(coded.normalized_keys()),
            };
            return Ok(Self::Coded(texts, codes, array.nulls()));
        }
        Plain::of(array).map(Self::Plain).ok_or_else(other)
    }

    #[inline]
    fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Plain(texts) => texts.get(row),
            Self::Coded(texts, ..) => texts.get(self.number(row)?),
        }
    }

    /// Which of the different texts a row has.
    #[inline]
    fn number(&self, row: usize) -> Option<usize> {
        match self {
            Self::Plain(_) => None,
            Self::Coded(_, _, Some(nulls)) if nulls.is_null(row) => None,
            Self::Coded(_, Codes::Wide(codes), _) => Some(codes[row] as usize),
            Self::Coded(_, Codes::Other(codes), _) => Some(codes[row]),
        }
    }
}

impl Texts<'_> {
    /// The numbers of several rows; false where texts have none.
    fn fill(&self, from: usize, to: &mut [u32]) -> bool {
        let Self::Coded(_, codes, nulls) = self else { return false };
        match codes {
            Codes::Wide(codes) => to.copy_from_slice(&codes[from..from + to.len()]),
            Codes::Other(codes) => {
                for (to, code) in to.iter_mut().zip(&codes[from..]) {
                    *to = u32::try_from(*code).unwrap_or(u32::MAX);
                }
            }
        }
        if let Some(nulls) = nulls {
            for (row, to) in to.iter_mut().enumerate() {
                *to = if nulls.is_null(from + row) { u32::MAX } else { *to };
            }
        }
        true
    }
}

impl<'a> Plain<'a> {
    fn of(array: &'a ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Short(array.as_string()),
            DataType::LargeUtf8 => Self::Long(array.as_string()),
            DataType::Utf8View => Self::Views(array.as_string_view()),
            DataType::Null => Self::None,
            _ => return None,
        })
    }

    #[inline]
    fn get(self, at: usize) -> Option<&'a str> {
        match self {
            Self::Short(texts) => (at < texts.len() && texts.is_valid(at)).then(|| texts.value(at)),
            Self::Long(texts) => (at < texts.len() && texts.is_valid(at)).then(|| texts.value(at)),
            Self::Views(texts) => (at < texts.len() && texts.is_valid(at)).then(|| texts.value(at)),
            Self::None => None,
        }
    }
}

/// A column of instants.
struct Instants<'a> {
    told: Told<'a>,
    nulls: Option<&'a NullBuffer>,
}

enum Told<'a> {
    None,
    Since1970(&'a [i64], TimeUnit),
    WallClock(&'a [i64], TimeUnit, Tz),
    Days(&'a [i32], Tz),
    /// Days as their first millisecond in UTC.
    LongDays(&'a [i64], Tz),
}

impl<'a> Instants<'a> {
    /// `zone` is the offices': a day begins there. `naive` is the zone in which wall clocks are read.
    fn of(name: &str, array: &'a ArrayRef, zone: Tz, naive: Option<Tz>) -> Result<Self, Fault> {
        checked(name, array)?;
        let told = match (array.data_type().clone(), naive) {
            (DataType::Null, _) => Told::None,
            (DataType::Date32, _) => Told::Days(array.as_primitive::<Date32Type>().values(), zone),
            (DataType::Date64, _) => Told::LongDays(array.as_primitive::<Date64Type>().values(), zone),
            (DataType::Timestamp(unit, Some(_)), _) => Told::Since1970(since_1970(unit, array), unit),
            (DataType::Timestamp(unit, None), Some(naive)) => {
                Told::WallClock(since_1970(unit, array), unit, naive)
            }
            (DataType::Timestamp(_, None), None) => {
                return Err(Fault::new(ErrorCode::MapInvalid, name, "the timestamps have no time zone")
                    .hint("say in which they were written: naive=\"Asia/Kolkata\", or naive=\"UTC\""));
            }
            _ => return Err(other_type(name, array, "a column of timestamps or dates")),
        };
        Ok(Self { told, nulls: array.nulls() })
    }

    /// The instant of a row in milliseconds since 1970, or what is wrong with it.
    #[inline]
    fn get(&self, row: usize) -> Result<Option<i64>, &'static str> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return Ok(None);
        }
        let told = match &self.told {
            Told::None => return Ok(None),
            Told::Since1970(values, unit) => return Ok(Some(millis(*unit, values[row]))),
            Told::Days(days, zone) => begins(days[row], *zone),
            Told::LongDays(millis, zone) => {
                let day = i32::try_from(millis[row].div_euclid(86_400_000)).ok();
                day.and_then(|day| begins(day, *zone))
            }
            Told::WallClock(values, unit, zone) => {
                let wall = DateTime::from_timestamp_millis(millis(*unit, values[row]));
                wall.and_then(|wall| on_the_clock(wall.naive_utc(), *zone))
            }
        };
        told.map(|at| Some(at.timestamp_millis())).ok_or(BEYOND)
    }
}

impl Instants<'_> {
    /// The same of several rows: false when one of them is no instant.
    fn fill(&self, from: usize, none: i64, to: &mut [i64]) -> bool {
        let Told::Since1970(values, unit) = &self.told else {
            return to.iter_mut().enumerate().all(|(at, to)| {
                let told = self.get(from + at);
                *to = told.ok().flatten().unwrap_or(none);
                told.is_ok_and(|told| told != Some(none))
            });
        };
        let values = &values[from..from + to.len()];
        // The unit is asked once, not for each of the rows.
        match unit {
            TimeUnit::Second => filled(values, to, |value| millis(TimeUnit::Second, value)),
            TimeUnit::Millisecond => filled(values, to, |value| value),
            TimeUnit::Microsecond => filled(values, to, |value| millis(TimeUnit::Microsecond, value)),
            TimeUnit::Nanosecond => filled(values, to, |value| millis(TimeUnit::Nanosecond, value)),
        }
        let Some(nulls) = self.nulls else { return !to.contains(&none) };
        to.iter_mut().enumerate().all(|(at, to)| {
            let (is_null, is_none) = (nulls.is_null(from + at), *to == none);
            *to = if is_null { none } else { *to };
            is_null || !is_none
        })
    }
}

fn filled(values: &[i64], to: &mut [i64], each: impl Fn(i64) -> i64) {
    values.iter().zip(to).for_each(|(value, to)| *to = each(*value));
}

/// The first instant of a day, which is told in days since 1970.
fn begins(day: i32, zone: Tz) -> Option<DateTime<Utc>> {
    let day = NaiveDate::from_num_days_from_ce_opt(day.saturating_add(719_163))?;
    first_instant(day, zone).ok()
}

/// The instant of a wall clock's time: of two the first; one that clocks skipped is moved forward.
fn on_the_clock(wall: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
        LocalResult::None => {
            let before =
                zone.from_local_datetime(&wall.checked_sub_signed(TimeDelta::hours(3))?).earliest()?;
            before.to_utc().checked_add_signed(TimeDelta::hours(3))
        }
    }
}

/// The numbers of a column of timestamps.
fn since_1970(unit: TimeUnit, array: &ArrayRef) -> &[i64] {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().values(),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().values(),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().values(),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().values(),
    }
}

const fn millis(unit: TimeUnit, value: i64) -> i64 {
    match unit {
        TimeUnit::Second => value.saturating_mul(1_000),
        TimeUnit::Millisecond => value,
        TimeUnit::Microsecond => value.div_euclid(1_000),
        TimeUnit::Nanosecond => value.div_euclid(1_000_000),
    }
}

/// A column of counts.
struct Counts<'a>(&'a ArrayRef);

impl<'a> Counts<'a> {
    fn of(name: &str, array: &'a ArrayRef) -> Result<Self, Fault> {
        checked(name, array)?;
        match array.data_type() {
            DataType::Null | DataType::Boolean => Ok(Self(array)),
            // A column of whole numbers with a gap comes as one of these from pandas.
            DataType::Float32 | DataType::Float64 => Ok(Self(array)),
            kind if kind.is_integer() => Ok(Self(array)),
            _ => Err(other_type(name, array, "a column of whole numbers, which may be floats")),
        }
    }

    /// What is there; `None` for no number. A number that is no count is beyond every limit.
    fn get(&self, row: usize) -> Option<u32> {
        let array = self.0;
        if array.is_null(row) || *array.data_type() == DataType::Null {
            return None;
        }
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Some(match array.data_type() {
            DataType::Float32 => return whole(array.as_primitive::<Float32Type>().value(row).into()),
            DataType::Float64 => return whole(array.as_primitive::<Float64Type>().value(row)),
            DataType::Boolean => array.as_boolean().value(row).into(),
            DataType::Int8 => count(array.as_primitive::<Int8Type>().value(row).into()),
            DataType::Int16 => count(array.as_primitive::<Int16Type>().value(row).into()),
            DataType::Int32 => count(array.as_primitive::<Int32Type>().value(row).into()),
            DataType::Int64 => count(array.as_primitive::<Int64Type>().value(row)),
            DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
            DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
            DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row),
            _ => u32::try_from(array.as_primitive::<UInt64Type>().value(row)).unwrap_or(u32::MAX),
        })
    }
}

/// A count that comes as a float. One that is no number says nothing; one that is not whole is no count.
fn whole(number: f64) -> Option<u32> {
    let is_count = number.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and within the range"
    )]
    let count = || if is_count { number as u32 } else { u32::MAX };
    (!number.is_nan()).then(count)
}

/// The fields that are instants.
const INSTANTS: [CaseField; 4] =
    [CaseField::ReceivedAt, CaseField::EndedAt, CaseField::DueAt, CaseField::LastToldAt];

/// How many fields a case has.
const FIELDS: usize = CaseField::ALL.len();

/// The fields of a batch, each as its column has it, in the order of the list.
pub(crate) struct Batch<'a> {
    rows: usize,
    instants: [Option<Instants<'a>>; FIELDS],
    texts: [Option<Texts<'a>>; FIELDS],
    counts: [Option<Counts<'a>>; FIELDS],
}

impl<'a> Batch<'a> {
    pub(crate) fn of(
        batch: &'a RecordBatch,
        map: &FieldMap,
        zone: Tz,
        naive: Option<Tz>,
    ) -> Result<Self, Fault> {
        let mut own = Self {
            rows: batch.num_rows(),
            instants: Default::default(),
            texts: Default::default(),
            counts: Default::default(),
        };
        for field in CaseField::ALL {
            let Some(name) = map.column(*field) else { continue };
            let Some(array) = batch.column_by_name(name) else { continue };
            let place = *field as usize;
            match FieldKind::of(*field) {
                FieldKind::Instants => own.instants[place] = Some(Instants::of(name, array, zone, naive)?),
                FieldKind::Counts => own.counts[place] = Some(Counts::of(name, array)?),
                FieldKind::Texts => own.texts[place] = Some(Texts::of(name, array)?),
            }
        }
        Ok(own)
    }

    /// The texts of a column that is no field, batch by batch.
    pub(crate) fn texts(
        batches: &'a [RecordBatch],
        name: &str,
    ) -> Result<impl Iterator<Item = Option<&'a str>> + use<'a>, Fault> {
        let column = |batch: &'a RecordBatch| {
            let fields = batch.schema_ref().fields();
            let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            let array = batch.column_by_name(name).ok_or_else(|| FieldMap::no_column(name, &names))?;
            let texts = Texts::of(name, array)?;
            Ok((0..array.len()).map(move |row| texts.get(row).filter(|text| !text.is_empty())))
        };
        let columns: Vec<_> = batches.iter().map(column).collect::<Result<_, Fault>>()?;
        Ok(columns.into_iter().flatten())
    }
}

impl Columns for Batch<'_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn instant(&self, field: CaseField, row: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
        Ok(self.millis(field, row)?.and_then(DateTime::from_timestamp_millis))
    }

    #[inline]
    fn millis(&self, field: CaseField, row: usize) -> Result<Option<i64>, &'static str> {
        self.instants[field as usize].as_ref().map_or(Ok(None), |instants| instants.get(row))
    }

    fn fill_millis(&self, field: CaseField, from: usize, none: i64, to: &mut [i64]) -> bool {
        self.instants[field as usize].as_ref().is_some_and(|instants| instants.fill(from, none, to))
    }

    fn has(&self, field: CaseField) -> bool {
        let place = field as usize;
        self.instants[place].is_some() || self.texts[place].is_some() || self.counts[place].is_some()
    }

    #[inline]
    fn text(&self, field: CaseField, row: usize) -> Option<&str> {
        self.texts[field as usize].as_ref()?.get(row)
    }

    fn fill_numbers(&self, field: CaseField, from: usize, to: &mut [u32]) -> bool {
        self.texts[field as usize].as_ref().is_some_and(|texts| texts.fill(from, to))
    }

    #[inline]
    fn count(&self, field: CaseField, row: usize) -> Option<u32> {
        self.counts[field as usize].as_ref()?.get(row)
    }
}
