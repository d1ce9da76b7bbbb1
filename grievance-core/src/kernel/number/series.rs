//! When serials begin again, and under which key they are reserved.

use chrono::{Datelike as _, NaiveDate};

/// When the serial begins again at its floor.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SerialReset {
    /// Never: one series for ever.
    Never,
    /// With each year, which may begin in another month than January: see [`YearStart`].
    #[default]
    Yearly,
    /// With each calendar month.
    Monthly,
    /// With each day.
    Daily,
}

impl SerialReset {
    /// The key under which a number given on `date` (in the office's zone) reserves its serial:
    /// `all`, `2026`, `2026-11` or `2026-11-23`.
    ///
    /// A yearly key is the calendar year in which the office's year began; monthly and daily keys
    /// are calendar dates.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use grievance_core::kernel::number::{SerialReset, YearStart};
    ///
    /// let march = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a date");
    /// let april = YearStart::new(4)?;
    /// assert_eq!(SerialReset::Yearly.series(march, YearStart::JANUARY), "2026");
    /// assert_eq!(SerialReset::Yearly.series(march, april), "2025");
    /// assert_eq!(SerialReset::Monthly.series(march, april), "2026-03");
    /// # Ok::<(), grievance_core::kernel::number::NotAYearStart>(())
    /// ```
    pub fn series(self, date: NaiveDate, year_start: YearStart) -> String {
        match self {
            Self::Never => "all".to_owned(),
            Self::Yearly => format!("{:04}", year_start.year_of(date)),
            Self::Monthly => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Daily => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
        }
    }
}

/// Why a count is not a month in which a year may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a year starts in a month from 1 to 12, not in {found}")]
pub struct NotAYearStart {
    /// What was given.
    pub found: u8,
}

/// The month on whose first day an office's year begins; January unless told otherwise.
///
/// An Indian financial year begins in April (4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 12)))]
#[serde(try_from = "u8", into = "u8")]
pub struct YearStart(
    // INVARIANT: 1 to 12.
    u8,
);

impl YearStart {
    /// The calendar year.
    pub const JANUARY: Self = Self(1);

    /// A year that begins in `month`, from 1 to 12.
    ///
    /// # Errors
    ///
    /// [`NotAYearStart`] for any other month.
    pub const fn new(month: u8) -> Result<Self, NotAYearStart> {
        if matches!(month, 1..=12) { Ok(Self(month)) } else { Err(NotAYearStart { found: month }) }
    }

    /// The month, from 1 to 12.
    pub const fn month(self) -> u8 {
        self.0
    }

    /// The calendar year in which the office's year around `date` began.
    pub fn year_of(self, date: NaiveDate) -> i32 {
        date.year() - i32::from(date.month() < u32::from(self.0))
    }

    /// The calendar year of a month in the office's year that began in `year`.
    pub(crate) fn calendar_year(self, year: i32, month: u32) -> i32 {
        year + i32::from(month < u32::from(self.0))
    }
}

impl Default for YearStart {
    fn default() -> Self {
        Self::JANUARY
    }
}

impl TryFrom<u8> for YearStart {
    type Error = NotAYearStart;
    fn try_from(month: u8) -> Result<Self, NotAYearStart> {
        Self::new(month)
    }
}

impl From<YearStart> for u8 {
    fn from(start: YearStart) -> Self {
        start.0
    }
}
