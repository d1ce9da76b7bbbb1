//! One case's resolution target against a model that counts days and minutes one by one.

use crate::office::{Office, actor, at};
use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc,
};
use grievance_core::desk::Desk;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::target::Used;
use grievance_core::vocabulary::{TargetKind, TimeUnit};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Monday to Friday, 9 to 17, in India; two holidays. The zone has no daylight-saving time, so an
/// offset says it all.
fn rules(counted: &str, within: u32, pause_days: u32, more: &str) -> Arc<Rulebook> {
    let text = format!(
        r#"
extends = "city-311"
name = "Timed town"
zone = "Asia/Kolkata"
target = [{{ code = "resolution", within = {within}, counted = "{counted}", pause_days = {pause_days} }}]
[calendar]
holiday = [
  {{ code = "a", date = 2026-03-11, name = "A", source = "test" }},
  {{ code = "b", date = 2026-03-20, name = "B", source = "test" }},
  {more}
]
"#
    );
    Arc::new(Rulebook::from_toml(&text).unwrap_or_else(|refused| panic!("{refused:?}")))
}

fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(19_800).unwrap())
}

fn instant(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = day.and_time(NaiveTime::MIN) + TimeDelta::hours(i64::from(hour));
    time.and_local_timezone(FixedOffset::east_opt(19_800).unwrap()).unwrap().to_utc()
}

/// The model: what was done to the clock, and nothing compiled.
struct Naive {
    counted: &'static str,
    within: u32,
    pause_days: u32,
    closed: BTreeSet<NaiveDate>,
    start: DateTime<Utc>,
    stops: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    standing: Option<(DateTime<Utc>, DateTime<Utc>)>,
    reported: Option<DateTime<Utc>>,
    waiting: bool,
    extended: Option<(NaiveDate, DateTime<Utc>)>,
    extensions: u32,
    breach: Option<DateTime<Utc>>,
}

impl Naive {
    fn opens(&self, day: NaiveDate) -> bool {
        day.weekday().num_days_from_monday() < 5 && !self.closed.contains(&day)
    }

    fn day(at: DateTime<Utc>) -> NaiveDate {
        local(at).date_naive()
    }

    /// Days after the day of `from`, up to the day of `until`.
    fn days(from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<NaiveDate> {
        let (mut day, last, mut days) = (Self::day(from), Self::day(until), Vec::new());
        while day < last {
            day = day.succ_opt().unwrap();
            days.push(day);
        }
        days
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.opens(Self::day(at)) && (9..17).contains(&local(at).hour())
    }

    fn due(&self) -> DateTime<Utc> {
        let counted = match self.counted {
            "working_hours" => {
                let mut minutes = i64::from(self.within) * 60;
                for (from, until) in &self.stops {
                    let mut at = *from;
                    while at < *until {
                        minutes += i64::from(self.is_open(at));
                        at += TimeDelta::minutes(1);
                    }
                }
                let mut at = self.start;
                while minutes > 0 {
                    minutes -= i64::from(self.is_open(at));
                    at += TimeDelta::minutes(1);
                }
                at
            }
            _ => self.over(Self::day(self.start), self.within as usize, &self.stops),
        };
        self.extended.map_or(counted, |(day, said)| counted.max(self.until(day, said)))
    }

    /// When the last of so many days is over: stop after stop it is later by the days that began in it,
    /// and by one more where it would be over while the clock stands.
    fn over(&self, after: NaiveDate, days: usize, stops: &[(DateTime<Utc>, DateTime<Utc>)]) -> DateTime<Utc> {
        let working = self.counted == "working_days";
        let counts = |day: NaiveDate| !working || self.opens(day);
        let mut day = after;
        let mut go = |mut left: usize| {
            while left > 0 {
                day = day.succ_opt().unwrap();
                left -= usize::from(counts(day));
            }
            instant(day, if working { 17 } else { 24 })
        };
        let mut due = go(days);
        for (from, until) in stops {
            due = go(Self::days(*from, *until).iter().filter(|day| counts(**day)).count());
            if *from <= due && due <= *until {
                due = go(1);
            }
        }
        due
    }

    /// What was used of the time, day by day or minute by minute.
    fn used(&self, now: DateTime<Utc>) -> Used {
        let end = self.reported.map_or(now, |reported| reported.min(now));
        let standing = self.standing.map(|(from, most)| (from, most.min(end)));
        let stops: Vec<_> = self.stops.iter().copied().chain(standing).collect();
        if self.counted == "working_hours" {
            let (mut at, mut minutes) = (self.start, 0);
            while at < end {
                let stood = stops.iter().any(|(from, until)| *from <= at && at < *until);
                minutes += i64::from(self.is_open(at) && !stood);
                at += TimeDelta::minutes(1);
            }
            return Used::Time(TimeDelta::minutes(minutes));
        }
        let stood: BTreeSet<_> = stops.iter().flat_map(|(from, until)| Self::days(*from, *until)).collect();
        let counts = |day: &NaiveDate| self.counted == "calendar_days" || self.opens(*day);
        let days = Self::days(self.start, end);
        let days = days.into_iter().filter(|day| counts(day) && !stood.contains(day)).count();
        // The instant of the deadline itself is in time.
        let due = self.over(Self::day(self.start), self.within as usize, &stops);
        let waits = end <= due;
        let days = if waits { days.min(self.within as usize) } else { days };
        Used::Days(days.try_into().unwrap())
    }

    /// The day that was named, and as much later as the clock stood since then.
    fn until(&self, mut day: NaiveDate, said: DateTime<Utc>) -> DateTime<Utc> {
        let since = self.stops.iter().filter(|(_, until)| *until > said);
        let since: Vec<_> = since.map(|(from, until)| ((*from).max(said), *until)).collect();
        if self.counted == "calendar_days" {
            return self.over(day, 0, &since);
        }
        while !self.opens(day) {
            day = day.succ_opt().unwrap();
        }
        if self.counted == "working_days" {
            return self.over(day, 0, &since);
        }
        let (mut at, mut minutes) = (instant(day, 17), 0);
        if self.counted == "working_hours" {
            for (from, until) in since {
                let mut at = from;
                while at < until {
                    minutes += u32::from(self.is_open(at));
                    at += TimeDelta::minutes(1);
                }
            }
        }
        while minutes > 0 {
            minutes -= u32::from(self.is_open(at));
            at += TimeDelta::minutes(1);
        }
        at
    }

    /// What has happened by itself up to now.
    fn catches_up(&mut self, now: DateTime<Utc>) {
        if let Some((since, most)) = self.standing
            && most <= now
        {
            self.stops.push((since, most));
            self.standing = None;
        }
        if self.reported.is_none() && self.standing.is_none() && self.breach.is_none() && now > self.due() {
            self.breach = Some(self.due());
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Wait(i64),
    Ask,
    Tell,
    Comment,
    Remind,
    Sweep,
    Report,
    SendBack,
    Extend(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1_i64..5_000).prop_map(Act::Wait),
        3 => Just(Act::Ask),
        3 => Just(Act::Tell),
        1 => Just(Act::Comment),
        1 => Just(Act::Remind),
        1 => Just(Act::Sweep),
        2 => Just(Act::Report),
        2 => Just(Act::SendBack),
        1 => (1_u64..20).prop_map(Act::Extend),
    ]
}

/// A case and its model, side by side.
struct Pair {
    office: Office,
    case: GrievanceId,
    model: Naive,
    now: DateTime<Utc>,
}

impl Pair {
    fn begin(counted: &'static str, within: u32, pause_days: u32, start: DateTime<Utc>) -> Self {
        let mut office = Office::new(rules(counted, within, pause_days, ""), 7);
        let lodge = &json!({"action": "lodge", "narrative": "n", "category": "pothole"});
        let citizen = actor("complainant", "");
        let lodge = Request::from_json(&lodge.to_string()).unwrap();
        let case = office.submit(None, &lodge, &citizen, start).expect("it is lodged").case;
        let closed = ["2026-03-11", "2026-03-20"].map(|day| day.parse().unwrap()).into();
        let model = Naive {
            counted,
            within,
            pause_days,
            closed,
            start,
            stops: Vec::new(),
            standing: None,
            reported: None,
            waiting: false,
            extended: None,
            extensions: 0,
            breach: None,
        };
        let mut pair = Self { office, case, model, now: start };
        pair.submits("hod", "works", &json!({"action": "acknowledge"}));
        pair
    }

    fn submits(&mut self, role: &str, unit: &str, body: &serde_json::Value) {
        let request = Request::from_json(&body.to_string()).unwrap();
        let who = actor(role, unit);
        if let Err(refused) = self.office.submit(Some(self.case), &request, &who, self.now) {
            panic!("{body}: {}", refused.said);
        }
    }

    fn does(&mut self, act: &Act) {
        let (now, model) = (self.now, &mut self.model);
        match act {
            Act::Wait(minutes) => return self.now += TimeDelta::minutes(*minutes),
            Act::Ask if !model.waiting && model.reported.is_none() => {
                model.catches_up(now);
                model.waiting = true;
                let most = Naive::day(now) + Days::new(u64::from(model.pause_days));
                model.standing = Some((now, instant(most, 0)));
                self.submits("hod", "works", &json!({"action": "seek_information", "question": "Where?"}));
            }
            Act::Tell if model.waiting => {
                model.catches_up(now);
                model.waiting = false;
                if let Some((since, _)) = model.standing.take() {
                    model.stops.push((since, now));
                }
                self.submits(
                    "complainant",
                    "",
                    &json!({"action": "provide_information", "information": "Here."}),
                );
            }
            Act::Comment => {
                model.catches_up(now);
                self.submits("cell_officer", "desk", &json!({"action": "comment", "text": "Seen."}));
            }
            Act::Remind => {
                model.catches_up(now);
                self.submits("complainant", "", &json!({"action": "remind", "remarks": "Please."}));
            }
            Act::Sweep => {
                model.catches_up(now);
                let done = self.office.decided(Some(self.case), &Command::TimerDue, &Desk::system(), now);
                assert!(done.is_ok());
            }
            Act::Report if !model.waiting && model.reported.is_none() => {
                model.catches_up(now);
                model.reported = Some(now);
                self.submits("hod", "works", &json!({"action": "report_action", "report": "Filled."}));
            }
            Act::SendBack if model.reported.is_some() => {
                let since = model.reported.take().unwrap();
                model.stops.push((since, now));
                self.submits(
                    "cell_officer",
                    "desk",
                    &json!({"action": "send_back_report", "remarks": "No."}),
                );
            }
            Act::Extend(by) if model.reported.is_none() && model.extensions < 2 => {
                model.catches_up(now);
                let due = Naive::day(model.due() - TimeDelta::milliseconds(1));
                let named = model.extended.map_or(due, |(day, _)| day);
                let day = due.max(Naive::day(now)).max(named) + Days::new(*by);
                (model.extended, model.extensions) = (Some((day, now)), model.extensions + 1);
                let body =
                    json!({"action": "extend", "until": day.to_string(), "remarks": "The roller is late."});
                self.submits("cell_officer", "desk", &body);
            }
            _ => return,
        }
        self.agree(act);
    }

    fn agree(&self, after: &Act) {
        let held = &self.office.cases[&self.case];
        let fact = CaseFact::of(&held.live);
        let due = self.model.reported.is_none().then(|| self.model.due());
        assert_eq!(fact.due_at, due, "due after {after:?} at {}", self.now);
        assert_eq!(fact.breached_at, self.model.breach, "breached after {after:?} at {}", self.now);
        assert_eq!(fact.breaches, u32::from(self.model.breach.is_some()), "once");
        let calendar = self.office.rulebook.calendar(held.live.unit(), None);
        let clock = held.live.clock(TargetKind::Resolution).expect("it has one");
        let used = clock.used(calendar, self.now);
        assert_eq!(used, self.model.used(self.now), "used after {after:?} at {}", self.now);
        assert_eq!(Grievance::replay(&held.history).as_ref(), Some(&held.live));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Used time, due date and breach are what was done to the clock, in every unit of time, and
    /// nothing else: no comment, reminder or sweep moves a deadline.
    #[test]
    fn a_deadline_is_a_pure_function_of_the_events(
        counted in prop::sample::select(vec!["working_days", "working_hours", "calendar_days"]),
        within in 1_u32..12,
        pause_days in 1_u32..6,
        start in 0_i64..20_000,
        acts in prop::collection::vec(act(), 1..30),
    ) {
        let start = at(3, 1, 0, 0) + TimeDelta::minutes(start);
        let mut pair = Pair::begin(counted, within, pause_days, start);
        for act in &acts {
            pair.does(act);
        }
    }

    /// Whatever day is declared a holiday or a half-day while the clock runs, a deadline comes on no
    /// earlier day; and no sooner on its day, but where it is due at closing time and that day now
    /// closes sooner. With the clock kept, as a window, with pauses and extended.
    #[test]
    fn adding_a_holiday_never_makes_a_deadline_earlier(
        counted in prop::sample::select(vec!["working_days", "working_hours", "calendar_days"]),
        within in 1_u32..12,
        start in 0_i64..20_000,
        (holiday, half, named) in (0_u64..40, any::<bool>(), 0_u64..40),
        pause in (0_i64..3_000, 0_i64..6_000),
        (keep_clock, window) in (any::<bool>(), any::<bool>()),
    ) {
        use grievance_core::rulebook::target::{Amount, Pause};
        let start = at(3, 1, 0, 0) + TimeDelta::minutes(start);
        let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let (day, named) = (first + Days::new(holiday), first + Days::new(named));
        let hours = if half { ", hours = [\"09:00-12:00\"]" } else { "" };
        let more = format!("{{ code = \"late\", date = {day}, name = \"Late\", source = \"test\"{hours} }},");
        let (before, after) = (rules(counted, within, 5, ""), rules(counted, within, 5, &more));
        let counted: TimeUnit = counted.parse().unwrap();
        let keep_clock = keep_clock && counted != TimeUnit::WorkingHours;
        let amount = Amount { within, counted, keep_clock };
        let [was, is] = [&before, &after].map(|it| it.calendar(it.directory().cell(), None));
        let from = start + TimeDelta::minutes(pause.0);
        let pauses = [Pause { from, until: from + TimeDelta::minutes(pause.1) }];
        // A clock only stands while it runs: a stop begins before the deadline.
        let pauses = if from < amount.due(was, start, &[], false) { &pauses[..] } else { &[] };
        let not_earlier = |was: DateTime<Utc>, is: DateTime<Utc>, at_closing: bool| {
            let sooner = half && at_closing && is == instant(day, 12) && was == instant(day, 17);
            is >= was || sooner
        };
        let window = window && pauses.is_empty();
        let due = |calendar| amount.due(calendar, start, pauses, window);
        let at_closing = counted == TimeUnit::WorkingDays && !keep_clock;
        prop_assert!(not_earlier(due(was), due(is), at_closing), "{} {}", due(was), due(is));
        let at_closing = counted != TimeUnit::CalendarDays;
        let extended = |calendar| amount.until(calendar, named, &[]);
        prop_assert!(not_earlier(extended(was), extended(is), at_closing));
        // With a pause since, never before the day that was named.
        prop_assert!(not_earlier(extended(was), amount.until(is, named, pauses), at_closing));
    }

    /// What is used grows with time, stands while the clock stands, and is all that was allowed when
    /// the deadline comes, no sooner.
    #[test]
    fn the_time_that_is_used_grows_to_the_deadline(
        counted in prop::sample::select(vec!["working_days", "working_hours", "calendar_days"]),
        within in 1_u32..12,
        start in 0_i64..20_000,
        pause in (0_i64..3_000, 0_i64..6_000),
        looks in prop::collection::vec(0_i64..40_000, 1..20),
    ) {
        use grievance_core::rulebook::target::{Amount, Pause};
        let start = at(3, 1, 0, 0) + TimeDelta::minutes(start);
        let rulebook = rules(counted, within, 5, "");
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        let amount = Amount { within, counted: counted.parse().unwrap(), keep_clock: false };
        let from = start + TimeDelta::minutes(pause.0);
        let pauses = [Pause { from, until: from + TimeDelta::minutes(pause.1) }];
        let pauses = if from < amount.due(calendar, start, &[], false) { &pauses[..] } else { &[] };
        let due = amount.due(calendar, start, pauses, false);
        let used = |at| match amount.used(calendar, start, pauses, at) {
            Used::Days(days) => i64::from(days),
            Used::Time(time) => time.num_milliseconds(),
        };
        let tick = TimeDelta::milliseconds(1);
        let all = match amount.counted {
            TimeUnit::WorkingHours => i64::from(within) * 3_600_000,
            _ => i64::from(within),
        };
        let last = if amount.counted == TimeUnit::CalendarDays { due - tick } else { due };
        prop_assert_eq!(used(last), all);
        prop_assert_eq!(used(start - TimeDelta::days(3)), 0);
        let mut looks: Vec<_> = looks.iter().map(|minutes| start + TimeDelta::minutes(*minutes)).collect();
        looks.sort();
        for pair in looks.windows(2) {
            prop_assert!(used(pair[0]) <= used(pair[1]));
        }
        for at in looks.into_iter().filter(|at| *at < last) {
            prop_assert!(used(at) <= all);
            if amount.counted == TimeUnit::WorkingHours && calendar.is_open(at) && pauses.is_empty() {
                prop_assert!(used(at) < all);
            }
        }
        for pause in pauses {
            let stands = used(pause.until) - used(pause.from);
            prop_assert_eq!(stands, 0);
        }
    }
}
