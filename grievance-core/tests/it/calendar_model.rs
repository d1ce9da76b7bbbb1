//! A calendar as a naive person would make one, minute by minute, and the comparison with ours.
//!
//! The model asks the zone database what a wall clock shows in each quarter of an hour, looks up
//! in its own way what that day is, and writes down every open minute. It shares no code with the
//! crate. `GRIEVANCE_PAIRS` sets how many pairs each of the 200 calendars is asked about (5,000).

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use grievance_core::calendar::entry::{HolidayEntry, HoursEntry, OverrideEntry};
use grievance_core::calendar::{Calendar, CalendarEntry};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A file of the data that lies beside the project; `None`, said aloud, where it does not.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no {name} in GRIEVANCE_DATA or ../shared/data");
    None
}

/// Numbers that look random and are the same on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u64::try_from((u128::from(self.0 >> 11) * u128::from(limit)) >> 53).unwrap()
    }

    fn minutes(&mut self, from: u64, to: u64) -> u64 {
        from + 5 * self.below((to - from) / 5 + 1)
    }
}

type Hours = Vec<(u64, u64)>;

/// The rules of a calendar, in the model's own words: minutes of the wall clock.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) zone: Tz,
    week: [Hours; 7],
    /// Which of the month (0 for the last) and the weekday from Monday.
    rest: BTreeSet<(u32, u32)>,
    holidays: BTreeSet<NaiveDate>,
    yearly: BTreeSet<(u32, u32)>,
    half: BTreeMap<NaiveDate, Hours>,
    exact: BTreeMap<NaiveDate, Hours>,
}

fn hours(dice: &mut Dice) -> Hours {
    match dice.below(6) {
        0 => vec![(0, 1440)],
        1 => {
            let noon = dice.minutes(60, 700);
            vec![(0, noon), (noon, dice.minutes(noon + 5, 1440))]
        }
        2 => vec![(dice.minutes(1200, 1400), 1440)],
        3 => {
            let cuts = [
                dice.minutes(5, 200),
                dice.minutes(300, 500),
                dice.minutes(505, 700),
                dice.minutes(705, 900),
            ];
            vec![(cuts[0], cuts[1]), (cuts[2], cuts[3]), (1000, 1001)]
        }
        _ => vec![(dice.minutes(480, 660), dice.minutes(900, 1140))],
    }
}

impl Plan {
    pub(crate) fn random(dice: &mut Dice, zone: Tz, window: (NaiveDate, i64), listed: &[NaiveDate]) -> Self {
        let mut plan = Self {
            zone,
            week: std::array::from_fn(|_| Hours::new()),
            rest: BTreeSet::new(),
            holidays: listed.iter().copied().collect(),
            yearly: BTreeSet::new(),
            half: BTreeMap::new(),
            exact: BTreeMap::new(),
        };
        for day in &mut plan.week {
            if dice.below(4) > 0 {
                *day = hours(dice);
            }
        }
        if plan.week.iter().all(Vec::is_empty) {
            plan.week[2] = vec![(600, 1050)];
        }
        for _ in 0..dice.below(3) {
            let weekday = u32::try_from(dice.below(7)).unwrap();
            plan.rest.insert((u32::try_from(dice.below(5)).unwrap(), weekday));
        }
        let some_day = |dice: &mut Dice| {
            window.0 + TimeDelta::days(i64::try_from(dice.below(window.1.cast_unsigned())).unwrap())
        };
        for _ in 0..dice.below(12) {
            plan.holidays.insert(some_day(dice));
            let half = hours(dice);
            plan.half.insert(some_day(dice), half);
            let day = some_day(dice);
            plan.yearly.insert((day.month(), day.day()));
        }
        for _ in 0..dice.below(12) {
            let open = if dice.below(4) == 0 { Hours::new() } else { hours(dice) };
            plan.exact.insert(some_day(dice), open);
        }
        plan
    }

    /// What a clerk would say about a day: each of these lists must have a minute that is open.
    fn lists(&self, day: NaiveDate) -> Vec<&Hours> {
        const NONE: &Hours = &Hours::new();
        if let Some(hours) = self.exact.get(&day) {
            return vec![hours];
        }
        let weekday = day.weekday().num_days_from_monday();
        let week_later = day + TimeDelta::days(7);
        let rests = self.rest.contains(&(day.day().div_ceil(7), weekday))
            || (self.rest.contains(&(0, weekday)) && week_later.month() != day.month());
        if rests || self.holidays.contains(&day) || self.yearly.contains(&(day.month(), day.day())) {
            return vec![NONE];
        }
        self.half.get(&day).into_iter().chain([&self.week[weekday as usize]]).collect()
    }

    fn open(lists: &[&Hours], minute: u64) -> bool {
        lists.iter().all(|hours| hours.iter().any(|(from, to)| *from <= minute && minute < *to))
    }

    pub(crate) fn entry(&self) -> CalendarEntry {
        let texts = |hours: &Hours| -> Vec<String> {
            let time = |at: u64| format!("{:02}:{:02}", at / 60, at % 60);
            hours.iter().map(|(from, to)| format!("{}-{}", time(*from), time(*to))).collect()
        };
        let [mon, tue, wed, thu, fri, sat, sun] = self.week.each_ref().map(texts);
        let nth = ["last", "first", "second", "third", "fourth"];
        let weekdays = ["Monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "SUNDAY"];
        let dated =
            self.holidays.iter().map(|day| HolidayEntry { date: Some(*day), ..HolidayEntry::default() });
        let yearly = self.yearly.iter().map(|(month, day)| HolidayEntry {
            yearly: Some(format!("{month:02}-{day:02}")),
            ..HolidayEntry::default()
        });
        let half = self.half.iter().map(|(day, hours)| HolidayEntry {
            date: Some(*day),
            hours: Some(texts(hours)),
            name: "half".to_owned(),
            ..HolidayEntry::default()
        });
        let exact = self.exact.iter().map(|(day, hours)| OverrideEntry {
            date: Some(*day),
            hours: texts(hours),
            ..OverrideEntry::default()
        });
        CalendarEntry {
            hours: Some(HoursEntry { mon, tue, wed, thu, fri, sat, sun }),
            rest: self
                .rest
                .iter()
                .map(|(n, day)| format!("{} {}", nth[*n as usize], weekdays[*day as usize]))
                .collect(),
            holiday: dated.chain(yearly).chain(half).collect(),
            overrides: exact.collect(),
            ..CalendarEntry::default()
        }
    }
}

const MINUTE: i64 = 60_000;

/// Every minute of a window, open or not.
struct Bitmap {
    /// The first minute, in milliseconds since 1970.
    from: i64,
    open: Vec<bool>,
    /// How many open minutes come before each.
    rank: Vec<u32>,
    /// The open minutes.
    list: Vec<u32>,
}

impl Bitmap {
    fn new(plan: &Plan, window: (NaiveDate, i64)) -> Self {
        let from = window.0.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let (mut open, mut rank, mut list) = (Vec::new(), Vec::new(), Vec::new());
        for quarter in 0..window.1 * 96 {
            let shown = (from + TimeDelta::minutes(15 * quarter)).with_timezone(&plan.zone).naive_local();
            let lists = plan.lists(shown.date());
            for minute in 0..15 {
                let of_day = u64::from(shown.hour() * 60 + shown.minute() + minute);
                let is_open = Plan::open(&lists, of_day);
                rank.push(u32::try_from(list.len()).unwrap());
                if is_open {
                    list.push(u32::try_from(open.len()).unwrap());
                }
                open.push(is_open);
            }
        }
        Self { from: from.timestamp_millis(), open, rank, list }
    }

    /// Open milliseconds of the window before an instant.
    fn sum(&self, at: i64) -> i64 {
        let (minute, rest) = ((at - self.from).div_euclid(MINUTE), (at - self.from).rem_euclid(MINUTE));
        let minute = usize::try_from(minute).unwrap();
        i64::from(self.rank[minute]) * MINUTE + if self.open[minute] { rest } else { 0 }
    }

    /// The first instant at which so much has been open; `None` outside the window.
    fn earliest(&self, sum: i64) -> Option<i64> {
        let minute = self.list.get(usize::try_from((sum - 1).div_euclid(MINUTE)).ok()?)?;
        Some(self.from + i64::from(*minute) * MINUTE + (sum - 1).rem_euclid(MINUTE) + 1)
    }

    /// The last instant at which no more has been open.
    fn latest(&self, sum: i64) -> Option<i64> {
        let minute = self.list.get(usize::try_from(sum.div_euclid(MINUTE)).ok()?)?;
        Some(self.from + i64::from(*minute) * MINUTE + sum.rem_euclid(MINUTE))
    }
}

pub(crate) fn at(millis: i64) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(millis).unwrap()
}

pub(crate) fn listed_holidays() -> Option<Vec<NaiveDate>> {
    let text =
        std::fs::read_to_string(data("wb-holidays/holidays-wb-2019-2027.csv")?).expect("the file reads");
    let public = text.lines().skip(1).filter(|line| line.split(',').nth(1) == Some("public"));
    let mut days: Vec<NaiveDate> = public.map(|line| line[..10].parse().expect("a date")).collect();
    days.sort_unstable();
    days.dedup();
    Some(days)
}

/// Zones with a summer time, and a window in which each has both changes.
pub(crate) const ZONES: [(Tz, i32); 4] = [
    (chrono_tz::Europe::London, 2024),
    (chrono_tz::America::New_York, 2021),
    // The clock jumped over midnight.
    (chrono_tz::America::Sao_Paulo, 2018),
    // Half an hour of summer time.
    (chrono_tz::Australia::Lord_Howe, 2025),
];

#[test]
fn two_hundred_random_calendars_agree_with_a_bitmap_of_minutes() {
    let pairs = std::env::var("GRIEVANCE_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000_u32);
    let listed = listed_holidays().unwrap_or_default();
    let mut dice = Dice(20_261_123);
    let mut compared = 0_u64;
    for (zone, year) in ZONES {
        let window = (NaiveDate::from_ymd_opt(year, 3, 1).unwrap(), 430);
        for n in 0..50 {
            let plan = Plan::random(&mut dice, zone, window, &listed);
            let calendar = Calendar::new(&plan.entry(), zone).expect("a sound calendar");
            let bitmap = Bitmap::new(&plan, window);
            let total = i64::try_from(bitmap.list.len()).unwrap() * MINUTE;
            let length = u64::try_from(window.1 * 1440 * MINUTE).unwrap();
            for _ in 0..pairs {
                let mut draw = || bitmap.from + i64::try_from(dice.below(length)).unwrap();
                let (from, other) = (draw(), draw());
                // Some on the minute, where openings and closings are.
                let from = if from % 2 == 0 { from.div_euclid(5 * MINUTE) * 5 * MINUTE } else { from };
                let sum = bitmap.sum(from);
                let amount = match dice.below(4) {
                    0 => 0,
                    1 => i64::try_from(dice.below(300)).unwrap() * MINUTE,
                    2 => i64::try_from(dice.below(total.cast_unsigned() / 3)).unwrap(),
                    // To the closing of a period, exactly.
                    _ => bitmap.sum(other) - sum,
                };
                let what = || format!("{zone} {n}: {} and {amount} ms in {plan:?}", at(from));
                let delta = TimeDelta::milliseconds(amount);
                let forward =
                    if amount > 0 { bitmap.earliest(sum + amount) } else { bitmap.latest(sum + amount) };
                if let Some(due) = forward {
                    compared += 1;
                    assert_eq!(calendar.add(at(from), delta), at(due), "add: {}", what());
                }
                let back = if amount >= 0 && (amount > 0 || sum == 0) {
                    bitmap.latest(sum - amount)
                } else {
                    bitmap.earliest(sum - amount)
                };
                if let Some(due) = back {
                    compared += 1;
                    if amount != 0 {
                        assert_eq!(calendar.sub(at(from), delta), at(due), "sub: {}", what());
                    }
                }
                assert_eq!(
                    calendar.between(at(from), at(other)).num_milliseconds(),
                    bitmap.sum(other) - sum,
                    "between: {}",
                    what()
                );
                let minute = usize::try_from((from - bitmap.from) / MINUTE).unwrap();
                assert_eq!(calendar.is_open(at(from)), bitmap.open[minute], "is_open: {}", what());
                if let Some(opening) = bitmap.latest(sum) {
                    assert_eq!(calendar.roll_forward(at(from)), at(opening), "forward: {}", what());
                }
                if let Some(closing) = bitmap.earliest(sum).filter(|_| sum > 0) {
                    assert_eq!(calendar.roll_back(at(from)), at(closing), "back: {}", what());
                }
            }
        }
    }
    assert!(compared > 200 * u64::from(pairs) * 3 / 2, "most pairs stay within the window: {compared}");
}

#[test]
fn working_days_agree_with_asking_day_by_day() {
    let listed = listed_holidays().unwrap_or_default();
    let mut dice = Dice(7);
    for (zone, year) in ZONES {
        let window = (NaiveDate::from_ymd_opt(year, 3, 1).unwrap(), 430);
        for _ in 0..10 {
            let plan = Plan::random(&mut dice, zone, window, &listed);
            let calendar = Calendar::new(&plan.entry(), zone).expect("a sound calendar");
            // No open stretch of the model lies in a gap as a whole, but for these two hours.
            let open: Vec<NaiveDate> = window
                .0
                .iter_days()
                .take(430)
                .filter(|day| {
                    let lists = plan.lists(*day);
                    (0..1440).any(|minute| Plan::open(&lists, minute))
                })
                .collect();
            for day in window.0.iter_days().take(430) {
                assert_eq!(calendar.is_working_day(day), open.contains(&day), "{zone} {day} {plan:?}");
            }
            for _ in 0..300 {
                let day = window.0 + TimeDelta::days(i64::try_from(dice.below(430)).unwrap());
                let n = usize::try_from(dice.below(12)).unwrap() + 1;
                let to = i32::try_from(n).unwrap();
                if let Some(due) = open.iter().filter(|it| **it > day).nth(n - 1) {
                    assert_eq!(calendar.add_working_days(day, to), *due);
                    assert_eq!(calendar.count_working_days(day, *due), to);
                    let skipped = calendar.skipped(day, *due);
                    assert_eq!(
                        i64::try_from(skipped.len()).unwrap(),
                        (*due - day).num_days() - i64::from(to)
                    );
                    assert!(skipped.iter().all(|it| !open.contains(&it.day)));
                }
                if let Some(due) = open.iter().rev().filter(|it| **it < day).nth(n - 1) {
                    assert_eq!(calendar.add_working_days(day, -to), *due);
                }
                if let Some(due) = open.iter().find(|it| **it >= day) {
                    assert_eq!(calendar.next_working_day(day), *due);
                }
                if let Some(due) = open.iter().rev().find(|it| **it <= day) {
                    assert_eq!(calendar.previous_working_day(day), *due);
                }
            }
        }
    }
}
