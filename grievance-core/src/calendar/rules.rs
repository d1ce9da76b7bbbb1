//! What is said about each date: the checked entry, ready to be asked day by day.

use crate::calendar::entry::{CalendarEntry, HolidayEntry, OverrideEntry};
use crate::calendar::hours::{MonthRest, Period, common, slot};
use crate::calendar::span::date;
use crate::vocabulary::HolidayClass;
use chrono::{Datelike as _, NaiveDate};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The units and places that a local holiday or exception is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locality<'a> {
    pub(crate) units: &'a [String],
    pub(crate) places: &'a [String],
}

impl Locality<'_> {
    pub(crate) fn is_everywhere(self) -> bool {
        self.units.is_empty() && self.places.is_empty()
    }
}

impl HolidayEntry {
    pub(crate) fn locality(&self) -> Locality<'_> {
        Locality { units: &self.unit, places: &self.place }
    }
}

impl OverrideEntry {
    pub(crate) fn locality(&self) -> Locality<'_> {
        Locality { units: &self.unit, places: &self.place }
    }
}

/// A holiday as its calendar keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holiday {
    pub(crate) name: Arc<str>,
    pub(crate) class: HolidayClass,
    /// Where it stands in the entry's list.
    pub(crate) entry: usize,
    hours: Option<Vec<Period>>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

impl Holiday {
    fn is_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// The hours of a date that replace all others.
#[derive(Clone, Debug)]
struct Exception {
    name: Arc<str>,
    hours: Vec<Period>,
}

/// Why a date has no open hour.
#[derive(Clone, Debug)]
pub(crate) enum Closed {
    Week,
    Month,
    Holiday(Arc<str>, HolidayClass),
    Exception(Arc<str>),
}

/// The rules of one calendar.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) zone: chrono_tz::Tz,
    week: [Vec<Period>; 7],
    rest: MonthRest,
    holidays: Vec<Holiday>,
    /// Holidays by `32 * month + day`; empty without any.
    yearly: Vec<Vec<u32>>,
    /// INVARIANT: in the order of days.
    dated: Vec<(i32, u32)>,
    exceptions: BTreeMap<i32, Arc<Exception>>,
}

/// Periods in order, or `None` when one is no period or two overlap.
pub(crate) fn periods(texts: &[String]) -> Option<Vec<Period>> {
    let mut periods = texts.iter().map(|text| Period::read(text).ok()).collect::<Option<Vec<_>>>()?;
    periods.sort_unstable();
    periods.windows(2).all(|pair| pair[0].to() <= pair[1].from()).then_some(periods)
}

/// Month and day of `01-26`.
pub(crate) fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    if month.len() != 2 || day.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    let leap = NaiveDate::from_ymd_opt(2000, month.parse().ok()?, day.parse().ok()?)?;
    Some((leap.month(), leap.day()))
}

/// The day numbers from one date to another.
fn run(date: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<std::ops::RangeInclusive<i32>> {
    let first = date?.to_epoch_days();
    let last = until.map_or(first, |until| until.to_epoch_days());
    (first <= last && last - first <= 366).then_some(first..=last)
}

impl Rules {
    /// Reads the entry as it is where `fits` says that a local holiday or exception holds; `None`
    /// when it is not what the checks promise.
    pub(crate) fn new(
        entry: &CalendarEntry,
        zone: chrono_tz::Tz,
        fits: impl Fn(Locality<'_>) -> bool,
    ) -> Option<Self> {
        let week = match &entry.hours {
            None => std::array::from_fn(|_| vec![Period::WHOLE_DAY]),
            Some(hours) => {
                let days = hours.days().into_iter().map(|(_, texts)| periods(texts));
                days.collect::<Option<Vec<_>>>()?.try_into().ok()?
            }
        };
        let mut rules = Self {
            zone,
            week,
            rest: MonthRest::default(),
            holidays: Vec::new(),
            yearly: Vec::new(),
            dated: Vec::new(),
            exceptions: BTreeMap::new(),
        };
        for text in &entry.rest {
            rules.rest.add(MonthRest::read(text)?);
        }
        for (n, holiday) in entry.holiday.iter().enumerate() {
            let observed = entry.observes.is_empty() || entry.observes.contains(&holiday.class);
            if observed && fits(holiday.locality()) {
                rules.add_holiday(n, holiday)?;
            }
        }
        rules.dated.sort_unstable();
        // Local ones last: a later one replaces an earlier one.
        let (everywhere, local): (Vec<_>, Vec<_>) =
            entry.overrides.iter().partition(|it| it.locality().is_everywhere());
        for exception in everywhere.into_iter().chain(local) {
            if fits(exception.locality()) {
                let hours = periods(&exception.hours)?;
                let shared = Arc::new(Exception { name: exception.name.as_str().into(), hours });
                for day in run(exception.date, exception.until)? {
                    rules.exceptions.insert(day, Arc::clone(&shared));
                }
            }
        }
        Some(rules)
    }

    fn add_holiday(&mut self, entry: usize, holiday: &HolidayEntry) -> Option<()> {
        let at = u32::try_from(self.holidays.len()).ok()?;
        if let Some(text) = &holiday.yearly {
            let (month, day) = month_and_day(text)?;
            self.yearly.resize(32 * 13, Vec::new());
            self.yearly[(32 * month + day) as usize].push(at);
        } else {
            for day in run(holiday.date, holiday.until)? {
                self.dated.push((day, at));
            }
        }
        self.holidays.push(Holiday {
            name: holiday.name.as_str().into(),
            class: holiday.class,
            entry,
            hours: holiday
                .hours
                .as_ref()
                .map(|texts| periods(texts))
                .map_or(Some(None), |it| it.map(Some))?,
            valid_from: holiday.valid_from,
            valid_to: holiday.valid_to,
        });
        Some(())
    }

    /// The holidays of a date, yearly ones first.
    pub(crate) fn holidays_on(&self, day: NaiveDate) -> impl Iterator<Item = &Holiday> {
        let yearly = self.yearly.get((32 * day.month() + day.day()) as usize);
        let number = day.to_epoch_days();
        let first = self.dated.partition_point(|(other, _)| *other < number);
        let dated =
            self.dated[first..].iter().take_while(move |(other, _)| *other == number).map(|(_, at)| at);
        let both = yearly.into_iter().flatten().chain(dated);
        both.map(|at| &self.holidays[*at as usize]).filter(move |holiday| holiday.is_on(day))
    }

    /// The open periods of a date on the wall clock, in order, or why there is none.
    pub(crate) fn on(&self, day: NaiveDate) -> Result<Cow<'_, [Period]>, Closed> {
        if !self.exceptions.is_empty()
            && let Some(exception) = self.exceptions.get(&day.to_epoch_days())
        {
            if exception.hours.is_empty() {
                return Err(Closed::Exception(Arc::clone(&exception.name)));
            }
            return Ok(Cow::Borrowed(&exception.hours));
        }
        let usual = &self.week[slot(day.weekday())];
        if usual.is_empty() {
            return Err(Closed::Week);
        }
        if self.rest.has(day) {
            return Err(Closed::Month);
        }
        let mut open = Cow::Borrowed(usual.as_slice());
        if self.holidays.is_empty() {
            return Ok(open);
        }
        for holiday in self.holidays_on(day) {
            if let Some(hours) = &holiday.hours {
                open = Cow::Owned(common(&open, hours));
            } else {
                open = Cow::Owned(Vec::new());
            }
            if open.is_empty() {
                return Err(Closed::Holiday(Arc::clone(&holiday.name), holiday.class));
            }
        }
        Ok(open)
    }

    /// The years in which something is said of a date of that year alone.
    pub(crate) fn dated_years(&self) -> impl Iterator<Item = i32> {
        let dated = self.dated.iter().map(|(day, _)| day);
        dated.chain(self.exceptions.keys()).map(|day| date((*day).into()).year())
    }

    /// The years in which a holiday begins or ends to be one.
    pub(crate) fn boundary_years(&self) -> impl Iterator<Item = i32> {
        let ends = self.holidays.iter().flat_map(|holiday| [holiday.valid_from, holiday.valid_to]);
        ends.flatten().map(|day| day.year())
    }

    /// Whether an ordinary year has any open time: one before and after every date that is named.
    pub(crate) fn ever_open(&self) -> bool {
        // 28 years hold every weekday on every date, the next century the missing leap day.
        let years = [2300..2328, 1700..1728];
        years.into_iter().all(|years| years.flat_map(days_of_year).any(|day| self.on(day).is_ok()))
    }
}

pub(crate) fn days_of_year(year: i32) -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    first.into_iter().flat_map(|first| first.iter_days()).take_while(move |day| day.year() == year)
}
