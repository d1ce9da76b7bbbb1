//! Columns of other people's dataframes, by the Arrow capsule protocol, without copying them.
//!
//! An object may lie: about its types, its lengths, its texts. What is read of it is therefore
//! validated before it is looked at, and a panic of the reader is a refusal.

use crate::fault::Fault;
use arrow_array::cast::AsArray as _;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::kernel::time::start_of_day;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn unreadable(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::FileInvalid, "data", problem)
}

/// Takes the batches of any object that has `__arrow_c_stream__`.
pub(crate) fn batches(data: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let py = data.py();
    let no_stream = |_| {
        let kind = data.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
        PyTypeError::new_err(format!(
            "{kind} has no __arrow_c_stream__: give a polars, pyarrow, pandas or DuckDB table, or a Cases"
        ))
    };
    let capsule = data.getattr("__arrow_c_stream__").map_err(no_stream)?.call0()?;
    let capsule = capsule.cast_into::<PyCapsule>()?;
    let stream = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: by the protocol a capsule of that name points to a stream, which whoever asked for it
    // takes over; what is left behind is marked as released, so the capsule frees nothing twice.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    if stream.get_next().is_none() || stream.get_schema().is_none() {
        return Err(unreadable("the stream is empty or was read before").into());
    }
    let read = || -> Result<Vec<RecordBatch>, Fault> {
        let reader = RecordBatchStreamReader::try_new(stream).map_err(unreadable)?;
        reader.collect::<Result<_, _>>().map_err(|problem| {
            unreadable(problem)
                .hint("a column without a single value has no type: drop it, or cast it to one")
        })
    };
    Ok(py.detach(|| guarded(read))?)
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

/// A column of texts: as they are, or each different one once.
pub(crate) enum Texts<'a> {
    Plain(Vec<Option<&'a str>>),
    Coded { codes: Vec<Option<&'a str>>, keys: Vec<usize>, array: &'a ArrayRef },
}

impl<'a> Texts<'a> {
    pub(crate) fn of(name: &str, array: &'a ArrayRef) -> Result<Self, Fault> {
        checked(name, array)?;
        if let Some(coded) = array.as_any_dictionary_opt() {
            let codes = plain(coded.values()).ok_or_else(|| other_type(name, array, "a column of texts"))?;
            let keys = if codes.is_empty() { vec![0; array.len()] } else { coded.normalized_keys() };
            return Ok(Self::Coded { codes, keys, array });
        }
        plain(array).map(Self::Plain).ok_or_else(|| other_type(name, array, "a column of texts"))
    }

    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Plain(texts) => texts[row],
            Self::Coded { codes, keys, array } if array.is_valid(row) => {
                codes.get(keys[row]).copied().flatten()
            }
            Self::Coded { .. } => None,
        }
    }
}

fn plain(array: &ArrayRef) -> Option<Vec<Option<&str>>> {
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().collect(),
        DataType::Utf8View => array.as_string_view().iter().collect(),
        DataType::Null => vec![None; array.len()],
        _ => return None,
    })
}

/// An instant of a row, or what is wrong with it.
pub(crate) type Told = Result<Option<DateTime<Utc>>, &'static str>;

/// A column of instants.
pub(crate) enum Instants<'a> {
    None,
    Since1970(TimeUnit, &'a ArrayRef),
    WallClock(TimeUnit, &'a ArrayRef, Tz),
    Days(&'a ArrayRef, Tz),
}

impl<'a> Instants<'a> {
    /// `zone` is the offices': a day begins there. `naive` is the zone in which wall clocks are read.
    pub(crate) fn of(name: &str, array: &'a ArrayRef, zone: Tz, naive: Option<Tz>) -> Result<Self, Fault> {
        checked(name, array)?;
        match (array.data_type().clone(), naive) {
            (DataType::Null, _) => Ok(Self::None),
            (DataType::Date32, _) => Ok(Self::Days(array, zone)),
            (DataType::Timestamp(unit, Some(_)), _) => Ok(Self::Since1970(unit, array)),
            (DataType::Timestamp(unit, None), Some(naive)) => Ok(Self::WallClock(unit, array, naive)),
            (DataType::Timestamp(_, None), None) => {
                Err(Fault::new(ErrorCode::MapInvalid, name, "the timestamps have no time zone")
                    .hint("say in which they were written: naive=\"Asia/Kolkata\", or naive=\"UTC\""))
            }
            _ => Err(other_type(name, array, "a column of timestamps or dates")),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Told {
        let (Self::Since1970(_, array) | Self::WallClock(_, array, _) | Self::Days(array, _)) = self else {
            return Ok(None);
        };
        if array.is_null(row) {
            return Ok(None);
        }
        let out_of_range = "the instant lies beyond the calendar";
        let told = match self {
            Self::None => None,
            Self::Since1970(unit, array) => DateTime::from_timestamp_millis(millis(*unit, array, row)),
            Self::Days(array, zone) => {
                let days = array.as_primitive::<arrow_array::types::Date32Type>().value(row);
                let day = NaiveDate::from_num_days_from_ce_opt(days.saturating_add(719_163));
                // The days at the very ends of the calendar have no first instant in every zone.
                let near = |day: &NaiveDate| (1..=9_998).contains(&chrono::Datelike::year(day));
                day.filter(near).map(|day| start_of_day(day, *zone))
            }
            Self::WallClock(unit, array, zone) => {
                let wall =
                    DateTime::from_timestamp_millis(millis(*unit, array, row)).map(|at| at.naive_utc());
                wall.and_then(|wall| on_the_clock(wall, *zone))
            }
        };
        told.map(Some).ok_or(out_of_range)
    }
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

fn millis(unit: TimeUnit, array: &ArrayRef, row: usize) -> i64 {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row).saturating_mul(1_000),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => {
            array.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1_000)
        }
        TimeUnit::Nanosecond => {
            array.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000)
        }
    }
}

/// A column of counts.
pub(crate) struct Counts<'a>(&'a ArrayRef);

impl<'a> Counts<'a> {
    pub(crate) fn of(name: &str, array: &'a ArrayRef) -> Result<Self, Fault> {
        checked(name, array)?;
        match array.data_type() {
            DataType::Null | DataType::Boolean => Ok(Self(array)),
            kind if kind.is_integer() => Ok(Self(array)),
            _ => Err(other_type(name, array, "a column of whole numbers")),
        }
    }

    /// What is there; `None` for no number. A number that is no count is beyond every limit.
    pub(crate) fn get(&self, row: usize) -> Option<u32> {
        let array = self.0;
        if array.is_null(row) || *array.data_type() == DataType::Null {
            return None;
        }
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Some(match array.data_type() {
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
