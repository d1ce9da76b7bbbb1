//! Targets: which deadline a case has, and what instant it comes to.

use crate::calendar::Calendar;
use crate::kernel::code::{CategoryCode, PriorityCode, RuleCode, UnitCode, UnitKindCode};
use crate::rulebook::document::{TargetEntry, WindowEntry};
use crate::rulebook::{Rulebook, directory::Directory};
use crate::vocabulary::{CountedFrom, EventKind, OnChange, Phase, TargetKind, TimeUnit};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// One rule: so much time, for these cases.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRule {
    /// Its code.
    pub code: RuleCode,
    /// What must have happened by then.
    pub kind: TargetKind,
    /// How much time, and in what.
    pub amount: Amount,
    /// The events it begins with.
    pub starts: Vec<EventKind>,
    /// From which instant of them.
    pub counted_from: Option<CountedFrom>,
    /// Phases in which its clock stands.
    pub paused_in: Vec<Phase>,
    /// The most calendar days of one pause.
    pub pause_days: u32,
    /// When the case passes to another office.
    pub on_transfer: OnChange,
    /// When subject, place or priority are corrected.
    pub on_recategorise: OnChange,
    priority: Option<PriorityCode>,
    unit: Option<UnitCode>,
    unit_kind: Option<UnitKindCode>,
    category: Option<CategoryCode>,
}

/// An amount of time allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How much.
    pub within: u32,
    /// Of what.
    pub counted: TimeUnit,
    /// Due at the start's time of day instead of closing time; for days only.
    pub keep_clock: bool,
}

/// The cases that a rule is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The office that answers for the case.
    pub unit: &'a UnitCode,
    /// Its subject.
    pub category: Option<&'a CategoryCode>,
    /// Its priority class.
    pub priority: Option<&'a PriorityCode>,
}

/// Every target of a rulebook.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// The most particular first.
    rules: Vec<TargetRule>,
}

/// The events that a kind of target usually begins with.
pub const fn usual_starts(kind: TargetKind) -> &'static [EventKind] {
    match kind {
        TargetKind::Acknowledgement | TargetKind::FirstAction | TargetKind::InterimReply => {
            &[EventKind::Lodged, EventKind::PartOpened]
        }
        TargetKind::ReferenceReply => &[EventKind::Lodged],
        TargetKind::Resolution => {
            &[EventKind::Lodged, EventKind::PartOpened, EventKind::Reopened, EventKind::AppealDecided]
        }
        TargetKind::AppealDecision => &[EventKind::Appealed],
        TargetKind::AppealFiling | TargetKind::Reopening | TargetKind::Review => &[EventKind::Disposed],
    }
}

impl TargetKind {
    /// Whether it is the complainant's time and not the office's: such a target lapses, it is
    /// never breached.
    pub const fn is_window(self) -> bool {
        matches!(self, Self::AppealFiling | Self::Reopening)
    }
}

impl Targets {
    pub(crate) fn new(
        entries: &[TargetEntry],
        categories: &crate::rulebook::subject::Categories,
    ) -> Option<Self> {
        let mut rules = entries.iter().map(TargetRule::new).collect::<Option<Vec<_>>>()?;
        let depth = |rule: &TargetRule| {
            let at = rule.category.as_ref().and_then(|code| categories.at(code));
            at.map_or(0, |at| categories.forest().upward(at).count())
        };
        // A stable sort: of two that are alike, the first written counts.
        rules.sort_by_key(|rule| {
            std::cmp::Reverse((
                rule.priority.is_some(),
                rule.unit.is_some(),
                rule.unit_kind.is_some(),
                depth(rule),
            ))
        });
        Some(Self { rules })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether any rule begins with an event of that kind.
    pub fn begin_with(&self, event: EventKind) -> bool {
        self.rules.iter().any(|rule| rule.starts.contains(&event))
    }

    /// The rule of that code.
    pub fn get(&self, code: &RuleCode) -> Option<&TargetRule> {
        self.rules.iter().find(|rule| rule.code == *code)
    }

    /// Every rule, the most particular first.
    pub fn iter(&self) -> impl Iterator<Item = &TargetRule> {
        self.rules.iter()
    }

    /// The rule of a kind that counts for a case.
    pub fn find(&self, kind: TargetKind, of: &Matter<'_>, rulebook: &Rulebook) -> Option<&TargetRule> {
        self.rules.iter().find(|rule| rule.kind == kind && rule.fits(of, rulebook))
    }
}

impl TargetRule {
    fn new(entry: &TargetEntry) -> Option<Self> {
        let kind = entry.kind?;
        Some(Self {
            code: RuleCode::new(&entry.code).ok()?,
            kind,
            amount: Amount {
                within: entry.within,
                counted: entry.counted.unwrap_or(TimeUnit::WorkingDays),
                keep_clock: entry.keep_clock,
            },
            starts: entry.from.map_or_else(|| usual_starts(kind).to_vec(), |event| vec![event]),
            counted_from: entry.counted_from,
            paused_in: entry.paused_in.clone(),
            pause_days: entry.pause_days,
            on_transfer: entry.on_transfer.unwrap_or(OnChange::Keep),
            on_recategorise: entry.on_recategorise.unwrap_or(OnChange::Carry),
            priority: entry.priority.as_deref().map(PriorityCode::new).transpose().ok()?,
            unit: entry.unit.as_deref().map(UnitCode::new).transpose().ok()?,
            unit_kind: entry.unit_kind.as_deref().map(UnitKindCode::new).transpose().ok()?,
            category: entry.category.as_deref().map(CategoryCode::new).transpose().ok()?,
        })
    }

    /// The complainant's window of so many calendar days that `[window]` allows where no target
    /// says otherwise.
    pub(crate) fn window(kind: TargetKind, window: &WindowEntry) -> Self {
        match kind {
            TargetKind::AppealFiling => Self::plain("appeal_days", kind, window.appeal_days),
            _ => Self::plain("reopen_days", kind, window.reopen_days),
        }
    }

    /// The day on which an outcome that is owed is looked at again, where no target says more.
    pub(crate) fn review() -> Self {
        Self::plain("review_date", TargetKind::Review, 0)
    }

    fn plain(code: &str, kind: TargetKind, within: u32) -> Self {
        Self {
            code: RuleCode::new(code).expect("a plain word is a code"),
            kind,
            amount: Amount { within, counted: TimeUnit::CalendarDays, keep_clock: false },
            starts: usual_starts(kind).to_vec(),
            counted_from: None,
            paused_in: Vec::new(),
            pause_days: 0,
            on_transfer: OnChange::Keep,
            on_recategorise: OnChange::Keep,
            priority: None,
            unit: None,
            unit_kind: None,
            category: None,
        }
    }

    fn fits(&self, of: &Matter<'_>, rulebook: &Rulebook) -> bool {
        let directory: &Directory = rulebook.directory();
        self.priority.as_ref().is_none_or(|priority| of.priority == Some(priority))
            && self.unit.as_ref().is_none_or(|unit| directory.is_within(of.unit, unit))
            && self.unit_kind.as_ref().is_none_or(|kind| {
                directory.get(of.unit).is_some_and(|unit| unit.kind.as_ref() == Some(kind))
            })
            && self.category.as_ref().is_none_or(|wider| {
                of.category.is_some_and(|category| rulebook.categories().is_within(category, wider))
            })
    }
}

/// A span in which a clock stood, from one instant to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the clock stopped.
    pub from: DateTime<Utc>,
    /// When it went on.
    pub until: DateTime<Utc>,
}

/// How much time is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// Days of the kind that is counted, with the one that has begun.
    Days(u32),
    /// Working time.
    Time(TimeDelta),
}

impl Amount {
    /// The instant by which the target must be met: a pure function of the start, the pauses and
    /// the calendar. An action at that very instant is in time.
    ///
    /// - Working days: the day of the start is not counted; due when the office closes on the
    ///   n-th working day after it.
    /// - Calendar days: the day of the start is not counted; due when the n-th day after it ends,
    ///   at midnight in the calendar's zone, whether or not an office opens. A `window`, which is
    ///   the complainant's, runs on to the end of the next day on which the office opens.
    /// - Working hours: when the office has been open for so long.
    ///
    /// A pause lengthens working hours by its own working time, and days by the whole days that
    /// began in it: a pause that ends on the day on which it began costs no day. But a deadline never
    /// comes while its clock stands: one that would goes on to the next day that counts.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::rulebook::Rulebook;
    /// use grievance_core::rulebook::target::Amount;
    /// use grievance_core::vocabulary::TimeUnit;
    ///
    /// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").expect("a preset is clean");
    /// let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    /// let seven = Amount { within: 7, counted: TimeUnit::WorkingDays, keep_clock: false };
    /// let received = "2026-01-22T11:00:00+05:30".parse().expect("an instant");
    /// // 26 January, Republic Day, is not counted; nor are the Sundays.
    /// let due = seven.due(calendar, received, &[], false);
    /// assert_eq!(calendar.day_of(due).to_string(), "2026-01-31");
    /// ```
    pub fn due(
        self,
        calendar: &Calendar,
        start: DateTime<Utc>,
        pauses: &[Pause],
        window: bool,
    ) -> DateTime<Utc> {
        let day = calendar.day_of(start);
        match self.counted {
            TimeUnit::WorkingHours => {
                let allowed = TimeDelta::hours(i64::from(self.within));
                calendar.add(start, allowed + stood_time(calendar, pauses))
            }
            TimeUnit::WorkingDays => {
                let last = working_day_after(calendar, day, self.within.into());
                self.moved_day(calendar, last, pauses, &|last| self.end_of(calendar, start, last))
            }
            TimeUnit::CalendarDays => {
                let last = calendar.add_calendar_days(day, small(self.within.into()));
                if window {
                    let last = calendar.add_calendar_days(last, stood_days(calendar, pauses));
                    return calendar.end_of_day(calendar.next_working_day(last));
                }
                self.moved_day(calendar, last, pauses, &|last| self.end_of(calendar, start, last))
            }
        }
    }

    /// How much of the time is used up at an instant: a pure function of the start, the pauses and
    /// the calendar, as [`due`](Self::due) is. A day counts as used when it has begun, the day of the
    /// start not at all; what lies in a pause does not count. Nothing is used before the start.
    ///
    /// So it comes to all that was allowed when the deadline comes, unless that was extended.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::rulebook::Rulebook;
    /// use grievance_core::rulebook::target::{Amount, Used};
    /// use grievance_core::vocabulary::TimeUnit;
    ///
    /// let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").expect("a preset is clean");
    /// let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    /// let seven = Amount { within: 7, counted: TimeUnit::WorkingDays, keep_clock: false };
    /// let [received, tuesday] = ["2026-01-22T11:00:00+05:30", "2026-01-27T09:30:00+05:30"]
    ///     .map(|text| text.parse().expect("an instant"));
    /// // Friday, Saturday, Tuesday: not the Sunday, not Republic Day.
    /// assert_eq!(seven.used(calendar, received, &[], tuesday), Used::Days(3));
    /// ```
    pub fn used(
        self,
        calendar: &Calendar,
        start: DateTime<Utc>,
        pauses: &[Pause],
        at: DateTime<Utc>,
    ) -> Used {
        let at = at.max(start);
        let before = pauses.iter().filter(|pause| pause.from < at);
        let stood: Vec<Pause> =
            before.map(|pause| Pause { from: pause.from, until: pause.until.min(at) }).collect();
        let [first, last] = [start, at].map(|at| calendar.day_of(at));
        let days = |gone: i64, stood: i64| Used::Days(u32::try_from(gone - stood).unwrap_or(0));
        // In time is not more than all, though the last day ends as the next begins, or the deadline
        // waits for a day on whose eve the clock stood.
        let days = |gone, still| match days(gone, still) {
            Used::Days(used) if used > self.within && at <= self.due(calendar, start, &stood, false) => {
                Used::Days(self.within)
            }
            used => used,
        };
        match self.counted {
            TimeUnit::WorkingHours => Used::Time(calendar.between(start, at) - stood_time(calendar, &stood)),
            TimeUnit::WorkingDays => {
                days(calendar.count_working_days(first, last).into(), stood_working_days(calendar, &stood))
            }
            TimeUnit::CalendarDays => {
                days(calendar.count_calendar_days(first, last).into(), stood_days(calendar, &stood).into())
            }
        }
    }

    /// The instant that an extension to a day comes to: when the office closes on it, or on the
    /// next day on which it opens; with calendar days, when the day ends. `pauses` are those since
    /// the extension: they lengthen it as they lengthen the time that was allowed at first.
    pub fn until(self, calendar: &Calendar, day: NaiveDate, pauses: &[Pause]) -> DateTime<Utc> {
        let end = |day| calendar.closing(day).unwrap_or_else(|| calendar.end_of_day(day));
        match self.counted {
            TimeUnit::CalendarDays => self.moved_day(calendar, day, pauses, &|day| calendar.end_of_day(day)),
            TimeUnit::WorkingDays => self.moved_day(calendar, calendar.next_working_day(day), pauses, &end),
            TimeUnit::WorkingHours => {
                let due = end(calendar.next_working_day(day));
                match stood_time(calendar, pauses) {
                    stood if stood.is_zero() => due,
                    stood => calendar.add(due, stood),
                }
            }
        }
    }

    /// A due instant of its own, moved on by what the clock stood since: as many days as
    /// [`due`](Self::due) would count, or as much working time. In working days it comes to closing
    /// time again; a due instant that nothing moves stays to the millisecond.
    pub fn moved_on(self, calendar: &Calendar, due: DateTime<Utc>, pauses: &[Pause]) -> DateTime<Utc> {
        let last = calendar.day_of(due - TimeDelta::milliseconds(1));
        match self.counted {
            TimeUnit::WorkingHours => match stood_time(calendar, pauses) {
                stood if stood.is_zero() => due,
                stood => calendar.add(due, stood),
            },
            TimeUnit::WorkingDays | TimeUnit::CalendarDays
                if pauses.iter().all(|pause| {
                    self.stood(calendar, pause) == 0 && !(pause.from..=pause.until).contains(&due)
                }) =>
            {
                due
            }
            TimeUnit::WorkingDays => {
                let last = calendar.next_working_day(last);
                self.moved_day(calendar, last, pauses, &|last| self.end_of(calendar, due, last))
            }
            TimeUnit::CalendarDays => {
                self.moved_day(calendar, last, pauses, &|last| self.end_of(calendar, due, last))
            }
        }
    }

    /// The end of a last day that is moved on by each pause in turn: by the days that stood still, and
    /// by one more where it would come while the clock stands.
    fn moved_day(
        self,
        calendar: &Calendar,
        mut last: NaiveDate,
        pauses: &[Pause],
        end: &dyn Fn(NaiveDate) -> DateTime<Utc>,
    ) -> DateTime<Utc> {
        let later = |day, n| match self.counted {
            TimeUnit::CalendarDays => calendar.add_calendar_days(day, n),
            TimeUnit::WorkingDays | TimeUnit::WorkingHours => working_day_after(calendar, day, n.into()),
        };
        for pause in pauses {
            last = later(last, self.stood(calendar, pause));
            if (pause.from..=pause.until).contains(&end(last)) {
                last = later(last, 1);
            }
        }
        end(last)
    }

    /// How many days stood still in a pause.
    fn stood(self, calendar: &Calendar, pause: &Pause) -> i32 {
        let (from, until) = (calendar.day_of(pause.from), calendar.day_of(pause.until));
        match self.counted {
            TimeUnit::CalendarDays => calendar.count_calendar_days(from, until),
            TimeUnit::WorkingDays | TimeUnit::WorkingHours => calendar.count_working_days(from, until),
        }
    }

    /// The instant at which `percent` of the time is used up, counted back from the due instant,
    /// so that it moves with pauses and extensions. Of days the last one begun counts as used:
    /// 75 % of 7 days is the end of the sixth.
    pub fn share(self, calendar: &Calendar, due: DateTime<Utc>, percent: u32) -> DateTime<Utc> {
        let within = u64::from(self.within);
        let left = within - (within * u64::from(percent.min(100))).div_ceil(100);
        if percent >= 100 {
            return due;
        }
        let last = calendar.day_of(due - TimeDelta::milliseconds(1));
        match self.counted {
            TimeUnit::WorkingHours => {
                let all = i64::from(self.within) * 3_600_000;
                calendar.sub(due, TimeDelta::milliseconds(all * i64::from(100 - percent) / 100))
            }
            TimeUnit::WorkingDays => {
                let day = calendar.add_working_days(calendar.previous_working_day(last), -small(left));
                self.end_of(calendar, due, day)
            }
            TimeUnit::CalendarDays => {
                let day = calendar.add_calendar_days(last, -small(left));
                if self.keep_clock { clock_of(calendar, due, day) } else { calendar.end_of_day(day) }
            }
        }
    }

    /// The instant so much time after a due instant.
    pub fn after(self, calendar: &Calendar, due: DateTime<Utc>) -> DateTime<Utc> {
        match self.counted {
            TimeUnit::WorkingHours => self.due(calendar, due, &[], false),
            // A day that ends at midnight is the day before that midnight.
            TimeUnit::WorkingDays | TimeUnit::CalendarDays => {
                self.due(calendar, due - TimeDelta::milliseconds(1), &[], false)
            }
        }
    }

    /// When a day is over for this target.
    fn end_of(self, calendar: &Calendar, start: DateTime<Utc>, day: NaiveDate) -> DateTime<Utc> {
        if self.keep_clock {
            clock_of(calendar, start, day)
        } else if self.counted == TimeUnit::CalendarDays {
            calendar.end_of_day(day)
        } else {
            calendar.closing(day).unwrap_or_else(|| calendar.end_of_day(day))
        }
    }
}

/// Calendar days that began in pauses.
fn stood_days(calendar: &Calendar, pauses: &[Pause]) -> i32 {
    let day = |at| calendar.day_of(at);
    pauses.iter().map(|pause| calendar.count_calendar_days(day(pause.from), day(pause.until))).sum()
}

/// Working days that began in pauses, by the same account.
fn stood_working_days(calendar: &Calendar, pauses: &[Pause]) -> i64 {
    let count = |pause: &Pause| {
        calendar.count_working_days(calendar.day_of(pause.from), calendar.day_of(pause.until))
    };
    pauses.iter().map(|pause| i64::from(count(pause))).sum()
}

/// Working time of pauses.
fn stood_time(calendar: &Calendar, pauses: &[Pause]) -> TimeDelta {
    pauses.iter().map(|pause| calendar.between(pause.from, pause.until)).sum()
}

/// The n-th working day after a day, which is itself not counted.
fn working_day_after(calendar: &Calendar, day: NaiveDate, n: i64) -> NaiveDate {
    calendar.add_working_days(calendar.previous_working_day(day), i32::try_from(n).unwrap_or(i32::MAX))
}

fn small(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// The time of day of `start`, on another day; where the zone skips it, when the zone goes on.
fn clock_of(calendar: &Calendar, start: DateTime<Utc>, day: NaiveDate) -> DateTime<Utc> {
    calendar.at_clock(day, start.with_timezone(&calendar.zone()).time())
}
