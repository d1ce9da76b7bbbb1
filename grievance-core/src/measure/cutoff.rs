//! The hour at which a day of figures is cut off.

use crate::kernel::time::time_on;
use chrono::{DateTime, NaiveDate, NaiveTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The hour at which figures are cut off: midnight, unless an office says another one.
///
/// A week from Friday with the cut-off at 17:00 begins on Friday at 17:00 and ends where the next one begins. It is
/// the hour of the zone's clocks; one that a clock jumps over is the first instant after, and of one that comes
/// twice the first is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cutoff {
    minute: u16,
}

impl Cutoff {
    /// A day ends where the next begins.
    pub const MIDNIGHT: Self = Self { minute: 0 };

    /// At a time of the day, cut down to the whole minute.
    pub fn at(time: NaiveTime) -> Self {
        Self { minute: u16::try_from(time.hour() * 60 + time.minute()).expect("a day has 1,440 minutes") }
    }

    /// The instant at which a day begins by it.
    pub fn begin(self, day: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
        let minute = u32::from(self.minute);
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a minute of a day");
        time_on(day, time, zone)
    }

    /// Whether it is that of midnight.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(crate) fn is_midnight(&self) -> bool {
        *self == Self::MIDNIGHT
    }
}

/// As `17:00`.
impl fmt::Display for Cutoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

impl From<Cutoff> for String {
    fn from(of: Cutoff) -> Self {
        of.to_string()
    }
}

/// A text is no time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cut-off is a time of the day such as 17:00")]
pub struct NoTime;

impl TryFrom<String> for Cutoff {
    type Error = NoTime;

    fn try_from(text: String) -> Result<Self, NoTime> {
        let time = NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| NoTime)?;
        Some(Self::at(time)).filter(|own| own.to_string() == text).ok_or(NoTime)
    }
}
