//! Values over the border: instants, identities, codes, JSON.

use crate::fault::{GrievanceError, Result};
use chrono::{DateTime, Datelike as _, Utc};
use grievance_core::ErrorCode;
use grievance_core::proof::canonical::to_canonical;
use std::fmt::Display;
use std::time::SystemTime;

/// An instant of the years 1 to 9999, which is what RFC 3339 can tell.
pub(crate) fn instant(place: &str, at: SystemTime) -> Result<DateTime<Utc>> {
    let (sign, since) = match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => (1, since),
        Err(before) => (-1, before.duration()),
    };
    let millis = i64::try_from(since.as_millis()).ok().map(|millis| sign * millis);
    let told = millis.and_then(DateTime::from_timestamp_millis);
    told.filter(|at| (1..=9_999).contains(&at.year())).ok_or_else(|| {
        GrievanceError::new(ErrorCode::DateInvalid, place, "is no instant of the years 1 to 9999")
    })
}

/// A view of the core as canonical JSON.
pub(crate) fn json(of: &impl serde::Serialize) -> Result<String> {
    to_canonical(of).map_err(|problem| GrievanceError::new(ErrorCode::EventUnreadable, "json", problem))
}

/// A value of the core, as a field of a record shows it.
pub(crate) trait Shown<T> {
    fn shown(self) -> T;
}

impl<T: Display> Shown<String> for T {
    fn shown(self) -> String {
        self.to_string()
    }
}

impl<T: Display> Shown<Option<String>> for Option<T> {
    fn shown(self) -> Option<String> {
        self.map(|it| it.to_string())
    }
}

impl Shown<SystemTime> for DateTime<Utc> {
    fn shown(self) -> SystemTime {
        self.into()
    }
}

impl Shown<Option<SystemTime>> for Option<DateTime<Utc>> {
    fn shown(self) -> Option<SystemTime> {
        self.map(SystemTime::from)
    }
}

impl<S, T: From<S>> Shown<Vec<T>> for Vec<S> {
    fn shown(self) -> Vec<T> {
        self.into_iter().map(T::from).collect()
    }
}

macro_rules! shown_as_it_is {
    ($($kind:ty)+) => { $(impl Shown<$kind> for $kind { fn shown(self) -> Self { self } })+ };
}
shown_as_it_is!(bool u32 u64 i64);
