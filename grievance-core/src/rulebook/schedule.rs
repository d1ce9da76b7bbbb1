//! Jobs that come round: the weekly statement, review meetings, feedback calls, samples.

use crate::calendar::Calendar;
use crate::calendar::entry::HoursEntry;
use crate::calendar::hours::Period;
use crate::kernel::code::ScheduleCode;
use crate::rulebook::document::{OnClosed, ScheduleEntry};
use crate::vocabulary::JobKind;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Timelike as _, Utc, Weekday};

/// How far a job on a closed day may be put off before it is given up: no office closes longer.
const LONGEST_CLOSURE: u64 = 60;

/// No longer lies between one time and the next: a fifth weekday of a month comes after four months and a
/// half at most, and a closure may put it off.
const LONGEST_WAIT: u64 = 140 + LONGEST_CLOSURE;

/// A job that comes round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its code.
    pub code: ScheduleCode,
    /// What it calls for.
    pub kind: JobKind,
    rhythm: Rhythm,
    at: NaiveTime,
    on_closed: OnClosed,
}

/// On which days it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rhythm {
    /// Every week on that day.
    Weekly(Weekday),
    /// Every month on the n-th such day; −1 is the last.
    NthWeekday(i32, Weekday),
    /// Every month on that day, or its last one.
    Monthly(u32),
}

impl Schedule {
    pub(crate) fn new(entry: &ScheduleEntry) -> Option<Self> {
        let weekday = entry.weekday.as_deref().map(str::parse::<Weekday>).transpose().ok()?;
        let rhythm = match (weekday, entry.nth, entry.day) {
            (Some(weekday), None, None) => Rhythm::Weekly(weekday),
            (Some(weekday), Some(nth), None) if nth == -1 || (1..=5).contains(&nth) => {
                Rhythm::NthWeekday(nth, weekday)
            }
            (None, None, Some(day)) if (1..=31).contains(&day) => Rhythm::Monthly(day),
            _ => return None,
        };
        Some(Self {
            code: ScheduleCode::new(&entry.code).ok()?,
            kind: entry.kind?,
            rhythm,
            at: time_of_day(&entry.at)?,
            on_closed: entry.on_closed.unwrap_or(OnClosed::Next),
        })
    }

    /// The first time it comes after an instant, in the calendar's zone; `None` when it comes no
    /// more within two years, as when it skips closed days and the offices never open then.
    ///
    /// It comes in office time, unless it is to come all the same: before the offices open, it comes
    /// when they do. On a day on which they open no more, on a holiday or after the hours of a half-day,
    /// it is put off to the next one; two that are put off to the same day are one. A checkpoint, for
    /// which nobody must be there, asks for an open day only.
    pub fn next_after(&self, calendar: &Calendar, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = calendar.day_of(after);
        let first = today.checked_sub_days(Days::new(LONGEST_CLOSURE))?;
        let mut found: Option<DateTime<Utc>> = None;
        for day in first.iter_days().take(800) {
            // A later day never comes before an earlier one, so the first that fits is the next.
            if found.is_some() {
                break;
            }
            if !self.rhythm.falls_on(day) {
                continue;
            }
            found = self.on_day(calendar, day).filter(|at| *at > after);
        }
        found
    }

    /// The last time it came before an instant; `None` when it did not within the 200 days before.
    pub fn last_before(&self, calendar: &Calendar, before: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut next = before.checked_sub_days(Days::new(LONGEST_WAIT))?;
        let mut last = None;
        while let Some(at) = self.next_after(calendar, next).filter(|at| *at < before) {
            (next, last) = (at, Some(at));
        }
        last
    }

    /// When the job of a nominal day comes.
    fn on_day(&self, calendar: &Calendar, day: NaiveDate) -> Option<DateTime<Utc>> {
        match self.on_closed {
            OnClosed::Same => Some(calendar.at_clock(day, self.at)),
            OnClosed::Skip => self.in_office_time(calendar, day),
            OnClosed::Next => (0..=LONGEST_CLOSURE)
                .filter_map(|n| day.checked_add_days(Days::new(n)))
                .find_map(|day| self.in_office_time(calendar, day)),
        }
    }

    /// Its time on that day, or when the office next opens on it; `None` when it opens no more.
    fn in_office_time(&self, calendar: &Calendar, day: NaiveDate) -> Option<DateTime<Utc>> {
        let at = calendar.at_clock(day, self.at);
        if self.needs_nobody() {
            return calendar.is_working_day(day).then_some(at);
        }
        Some(calendar.roll_forward(at)).filter(|open| calendar.day_of(*open) == day)
    }

    /// A checkpoint is the library's own work: the office need only have that day, not that hour.
    fn needs_nobody(&self) -> bool {
        self.kind == JobKind::Checkpoint
    }

    /// Whether the office is ever open at its time of day or later on the same day, by the hours of an
    /// ordinary week.
    pub(crate) fn can_come(&self, hours: &HoursEntry) -> bool {
        if self.needs_nobody() {
            return true;
        }
        let at = self.at.num_seconds_from_midnight();
        let open = |periods: &[String]| {
            periods.iter().filter_map(|text| Period::read(text).ok()).any(|period| period.ends_after(at))
        };
        let days = hours.days();
        match (self.on_closed, self.rhythm) {
            (OnClosed::Same, _) => true,
            (OnClosed::Skip, Rhythm::Weekly(weekday) | Rhythm::NthWeekday(_, weekday)) => {
                open(days[weekday.num_days_from_monday() as usize].1)
            }
            _ => days.iter().any(|(_, periods)| open(periods)),
        }
    }
}

impl Rhythm {
    fn falls_on(self, day: NaiveDate) -> bool {
        match self {
            Self::Weekly(weekday) => day.weekday() == weekday,
            Self::NthWeekday(-1, weekday) => {
                day.weekday() == weekday && (day + Days::new(7)).month() != day.month()
            }
            Self::NthWeekday(nth, weekday) => {
                day.weekday() == weekday && i64::from((day.day() - 1) / 7 + 1) == i64::from(nth)
            }
            Self::Monthly(wanted) => {
                day.day() == wanted || (day.day() < wanted && (day + Days::new(1)).month() != day.month())
            }
        }
    }
}

/// A time of day such as `10:00`.
pub(crate) fn time_of_day(text: &str) -> Option<NaiveTime> {
    (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}
