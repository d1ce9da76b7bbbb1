//! What should have come of an office's years, worked out day by day from the events alone, with
//! nothing of the library but its vocabulary and its stored events.

use crate::sim_office::{Diary, Holiday};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc, Weekday};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::Store;
use grievance_core::vocabulary::{Because, Phase, TargetKind, TimeUnit};
use std::collections::{BTreeMap, BTreeSet};

/// India has one zone and no summer time.
const AHEAD: TimeDelta = TimeDelta::minutes(330);
/// A deadline is passed in the millisecond after it.
const TICK: TimeDelta = TimeDelta::milliseconds(1);

/// The levels of the office's ladder that time brings: code, target, share in per cent or working
/// days after.
const LADDER: [(&str, TargetKind, Comes); 6] = [
    ("own-head", TargetKind::Resolution, Comes::Share(75)),
    ("office-above", TargetKind::Resolution, Comes::Share(100)),
    ("government", TargetKind::Resolution, Comes::After(3)),
    ("taken-over", TargetKind::Resolution, Comes::After(10)),
    ("asked-for", TargetKind::Resolution, Comes::After(15)),
    ("appeal-late", TargetKind::AppealDecision, Comes::Share(100)),
];

#[derive(Clone, Copy)]
enum Comes {
    Share(u32),
    After(u32),
}

/// What the check came across.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cases: usize,
    pub(crate) events: usize,
    pub(crate) runs: usize,
    pub(crate) breaches: usize,
    pub(crate) levels: usize,
    pub(crate) pauses: usize,
    pub(crate) moves: usize,
    pub(crate) remapped: usize,
}

/// One target from when it was set to when it was met or set anew.
struct Run {
    from: DateTime<Utc>,
    within: u32,
    counted: TimeUnit,
    due: DateTime<Utc>,
    /// Since when that due instant is in force.
    known: DateTime<Utc>,
    until: Option<NaiveDate>,
    /// When that was said.
    extended_at: DateTime<Utc>,
    pauses: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    stands: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    met: Option<DateTime<Utc>>,
    breached: bool,
    taken: BTreeSet<String>,
}

/// The days on which the offices of a place open, nine to eighteen.
#[derive(Clone, Copy)]
struct Week<'a> {
    holidays: &'a [Holiday],
    place: Option<&'a str>,
}

fn local(at: DateTime<Utc>) -> chrono::NaiveDateTime {
    (at + AHEAD).naive_utc()
}

fn instant(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    day.and_hms_opt(hour, 0, 0).expect("an hour").and_utc() - AHEAD
}

fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    instant(day + Days::new(1), 0)
}

impl Week<'_> {
    fn is_open(self, day: NaiveDate) -> bool {
        let national = matches!((day.month(), day.day()), (1, 26) | (8, 15) | (10, 2));
        let late = |(date, place): &Holiday| *date == day && place.is_none_or(|at| self.place == Some(at));
        day.weekday() != Weekday::Sun && !national && !self.holidays.iter().any(late)
    }

    fn working_day_after(self, mut day: NaiveDate, n: i64) -> NaiveDate {
        let mut left = n;
        while left > 0 {
            day = day + Days::new(1);
            left -= i64::from(self.is_open(day));
        }
        day
    }

    fn opens_on_or_after(self, mut day: NaiveDate) -> NaiveDate {
        while !self.is_open(day) {
            day = day + Days::new(1);
        }
        day
    }

    /// Working time between two instants.
    fn worked(self, from: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
        let (mut day, last) = (local(from).date(), local(until).date());
        let mut sum = TimeDelta::zero();
        while day <= last {
            if self.is_open(day) {
                let (open, close) = (instant(day, 9).max(from), instant(day, 18).min(until));
                sum += (close - open).max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
        sum
    }

    /// The instant at which an office has been open for so long since an instant.
    fn when_worked(self, from: DateTime<Utc>, long: TimeDelta) -> DateTime<Utc> {
        let (mut day, mut left) = (local(from).date(), long);
        loop {
            if self.is_open(day) {
                let open = instant(day, 9).max(from);
                let there = instant(day, 18) - open;
                if there > TimeDelta::zero() && there >= left {
                    return open + left;
                }
                left -= there.max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
    }

    /// The instant before one at which so much working time is still to come.
    fn when_left(self, until: DateTime<Utc>, long: TimeDelta) -> DateTime<Utc> {
        let (mut day, mut left) = (local(until).date(), long);
        loop {
            if self.is_open(day) {
                let close = instant(day, 18).min(until);
                let there = close - instant(day, 9);
                if there > TimeDelta::zero() && there >= left {
                    return close - left;
                }
                left -= there.max(TimeDelta::zero());
            }
            day = day - Days::new(1);
        }
    }

    /// When the office closes on a last day, later by the working days that began in pauses; on no day
    /// on which the clock stands at closing time.
    fn closes(self, mut day: NaiveDate, pauses: &[(DateTime<Utc>, DateTime<Utc>)]) -> DateTime<Utc> {
        for pause in pauses {
            day = self.working_day_after(day, days_of(&[*pause], &|day| self.is_open(day)));
            let close = instant(day, 18);
            if pause.0 <= close && close <= pause.1 {
                day = self.working_day_after(day, 1);
            }
        }
        instant(day, 18)
    }

    fn due(self, run: &Run, target: TargetKind) -> DateTime<Utc> {
        let day = local(run.from).date();
        let days_in = |of: &dyn Fn(NaiveDate) -> bool| days_of(&run.pauses, of);
        let due = match run.counted {
            TimeUnit::WorkingDays => {
                self.closes(self.working_day_after(day, i64::from(run.within)), &run.pauses)
            }
            TimeUnit::CalendarDays => {
                let all = i64::from(run.within) + days_in(&|_| true);
                let last = day + Days::new(u64::try_from(all).expect("not negative"));
                let window = matches!(target, TargetKind::Reopening | TargetKind::AppealFiling);
                midnight_after(if window { self.opens_on_or_after(last) } else { last })
            }
            TimeUnit::WorkingHours => {
                let stood: TimeDelta =
                    run.pauses.iter().map(|(from, until)| self.worked(*from, *until)).sum();
                self.when_worked(run.from, TimeDelta::hours(i64::from(run.within)) + stood)
            }
        };
        run.until.map_or(due, |day| due.max(self.extended(run, day)))
    }

    /// The day that was named, later by what the clock stood since.
    fn extended(self, run: &Run, day: NaiveDate) -> DateTime<Utc> {
        let since = run.extended_at;
        let pauses = run.pauses.iter().filter(|(_, until)| *until > since);
        let pauses: Vec<_> = pauses.map(|(from, until)| ((*from).max(since), *until)).collect();
        let open = self.opens_on_or_after(day);
        match run.counted {
            TimeUnit::CalendarDays => {
                let stood = days_of(&pauses, &|_| true);
                midnight_after(day + Days::new(u64::try_from(stood).expect("not negative")))
            }
            TimeUnit::WorkingDays => self.closes(open, &pauses),
            TimeUnit::WorkingHours => {
                let stood: TimeDelta = pauses.iter().map(|(from, until)| self.worked(*from, *until)).sum();
                if stood.is_zero() { instant(open, 18) } else { self.when_worked(instant(open, 18), stood) }
            }
        }
    }

    /// When a level comes.
    fn level(self, run: &Run, comes: Comes) -> DateTime<Utc> {
        let last = local(run.due - TICK).date();
        match comes {
            Comes::After(days) => instant(self.working_day_after(last, i64::from(days)), 18),
            Comes::Share(percent) if percent >= 100 => run.due,
            Comes::Share(percent) => {
                let left = run.within - (run.within * percent).div_ceil(100);
                match run.counted {
                    TimeUnit::CalendarDays => midnight_after(last - Days::new(u64::from(left))),
                    TimeUnit::WorkingHours => {
                        let all = TimeDelta::hours(i64::from(run.within));
                        self.when_left(run.due, all * i32::try_from(100 - percent).expect("a share") / 100)
                    }
                    TimeUnit::WorkingDays => {
                        let mut day = last;
                        while !self.is_open(day) {
                            day = day - Days::new(1);
                        }
                        for _ in 0..left {
                            day = day - Days::new(1);
                            while !self.is_open(day) {
                                day = day - Days::new(1);
                            }
                        }
                        instant(day, 18)
                    }
                }
            }
        }
    }
}

/// Holds every history of a store against what the diary says should have come of it.
pub(crate) fn check(store: &dyn Store, diary: &Diary) -> Tally {
    let mut tally = Tally::default();
    let everything = store.scan(&Scope::All, &mut |history| {
        one_case(history, diary, &mut tally);
        true
    });
    everything.expect("the store works");
    assert_eq!(tally.cases, diary.lodged);
    let last = *diary.sweeps.last().expect("it was swept");
    assert_eq!(store.due(last, None, 10).expect("the store works"), [], "nothing is left due");
    assert_eq!(store.next_due().expect("the store works"), None, "nothing will come any more");
    assert_eq!(tally.levels as u64, diary.escalations + diary.proposals);
    tally
}

/// A case at work: what is known after each event.
struct Watch<'a> {
    diary: &'a Diary,
    history: &'a [Recorded],
    runs: BTreeMap<TargetKind, Run>,
    place: Option<&'a str>,
    reopened: usize,
}

fn one_case(history: &[Recorded], diary: &Diary, tally: &mut Tally) {
    tally.cases += 1;
    tally.events += history.len();
    let place = match &history[0].event.what {
        What::Lodged(lodged) => lodged.place.as_ref().map(grievance_core::kernel::code::PlaceCode::as_str),
        other => panic!("{other:?}"),
    };
    let mut watch = Watch { diary, history, runs: BTreeMap::new(), place, reopened: 0 };
    for n in 0..history.len() {
        watch.event(n, tally);
        let next = history.get(n + 1).map(|next| watch.really(next.at));
        // Between two events of one commit no sweep comes by.
        if next != Some(watch.really(history[n].at)) {
            watch.nothing_left(n, next);
        }
    }
}

impl<'a> Watch<'a> {
    fn week(&self, edition: Digest) -> Week<'a> {
        Week { holidays: &self.diary.editions[&edition], place: self.place }
    }

    /// When it really was, if the clock was wrong.
    fn really(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.diary.wrong.get(&at).copied().unwrap_or(at)
    }

    fn event(&mut self, n: usize, tally: &mut Tally) {
        let Recorded { case, at, rulebook, event, version, .. } = &self.history[n];
        let (at, week, phase) = (*at, self.week(*rulebook), event.led_to.phase);
        let place = format!("{case}, event {version}");
        match &event.what {
            What::TargetSet(set) => {
                tally.runs += 1;
                let mut run = Run {
                    from: set.from_at,
                    within: set.amount,
                    counted: set.counted,
                    due: set.due_at,
                    known: at,
                    until: None,
                    extended_at: at,
                    pauses: Vec::new(),
                    stands: None,
                    met: None,
                    breached: false,
                    taken: BTreeSet::new(),
                };
                run.due = week.due(&run, set.target);
                assert_eq!(run.due, set.due_at, "{place}: {set:?}");
                self.runs.insert(set.target, run);
            }
            What::TargetMoved(moved) => {
                tally.moves += 1;
                let run = self.runs.get_mut(&moved.target).expect("it was set");
                if let Some(met) = run.met.take() {
                    assert_eq!(moved.because, Because::SentBack, "{place}");
                    if at > met {
                        run.pauses.push((met, at));
                    }
                }
                if let (Some(within), Some(counted)) = (moved.amount, moved.counted) {
                    (run.within, run.counted) = (within, counted);
                }
                run.until = moved.until.or(run.until);
                if moved.until.is_some() {
                    run.extended_at = at;
                }
                run.due = match moved.until {
                    Some(day) => week.extended(run, day),
                    // What stands keeps the due date of when it stopped.
                    None if run.stands.is_some() && moved.because != Because::Rulebook => run.due,
                    None => week.due(run, moved.target),
                };
                run.known = at;
                assert_eq!(run.due, moved.due_at, "{place}: {moved:?}");
            }
            What::ClockPaused(paused) => {
                tally.pauses += 1;
                let run = self.runs.get_mut(&paused.target).expect("it was set");
                assert!(run.stands.is_none() && run.met.is_none(), "{place}");
                run.stands = Some((at, paused.until));
            }
            What::ClockResumed(resumed) => {
                let run = self.runs.get_mut(&resumed.target).expect("it was set");
                let (since, _) = run.stands.take().expect("it stood");
                assert!(resumed.resumed_at <= at, "{place}: not before its time");
                if matches!(resumed.target, TargetKind::Reopening | TargetKind::AppealFiling) {
                    // The complainant's time begins when they know.
                    run.from = resumed.resumed_at;
                } else if resumed.resumed_at > since {
                    run.pauses.push((since, resumed.resumed_at));
                }
                run.due = week.due(run, resumed.target);
                run.known = resumed.resumed_at;
                assert_eq!(run.due, resumed.due_at, "{place}: {resumed:?}");
            }
            What::TargetBreached(breached) => {
                tally.breaches += 1;
                let run = self.runs.get_mut(&breached.target).expect("it was set");
                assert!(!run.breached, "{place}: once");
                assert!(run.met.is_none() && run.stands.is_none(), "{place}: while it ran");
                assert_eq!(run.due, breached.due_at, "{place}: by the instant in force");
                assert!(at > run.due, "{place}: never early");
                run.breached = true;
                let missed = run.due.max(run.known);
                let held = self.history[..n].iter().rev().find(|before| before.at <= missed);
                let held =
                    held.map_or(&self.history[0].event.led_to.unit, |before| &before.event.led_to.unit);
                assert_eq!(event.led_to.unit, *held, "{place}: by the office that had it");
            }
            What::Escalated(taken) => {
                if let Some(rule) = &taken.rule {
                    self.level(rule.as_str(), at, week, &place, tally);
                }
            }
            What::EscalationProposed(proposed) => {
                self.level(proposed.rule.as_str(), at, week, &place, tally);
            }
            What::Remapped(moved) => {
                tally.remapped += 1;
                assert_eq!(moved.to, *rulebook, "{place}");
                let to_it =
                    |before: &Recorded| matches!(&before.event.what, What::Remapped(it) if it.to == moved.to);
                let twice = self.history[..n].iter().any(to_it);
                assert!(!twice, "{place}: moved once to each version");
            }
            What::Reopened(_) | What::Appealed(_) => {
                self.reopened += usize::from(matches!(event.what, What::Reopened(_)));
                self.runs.remove(&TargetKind::Reopening);
                self.runs.remove(&TargetKind::AppealFiling);
            }
            _ => {}
        }
        let of_time = matches!(
            event.what,
            What::TargetSet(_)
                | What::TargetMoved(_)
                | What::ClockPaused(_)
                | What::ClockResumed(_)
                | What::TargetBreached(_)
                | What::Escalated(_)
                | What::EscalationProposed(_)
        );
        if !of_time {
            self.meet(&event.what, phase, at);
        }
    }

    /// Ends the runs that an event meets.
    fn meet(&mut self, what: &What, phase: Phase, at: DateTime<Utc>) {
        let over = phase.is_terminal();
        let reported = over || phase == Phase::ActionReported;
        let replied = matches!(what, What::InterimReplied(_));
        let moved = replied
            || matches!(
                what,
                What::InformationSought(_) | What::Forwarded(_) | What::Consulted(_) | What::StepRecorded(_)
            );
        for (target, run) in self.runs.iter_mut().filter(|(_, run)| run.met.is_none()) {
            let met = match target {
                TargetKind::Acknowledgement => {
                    reported || moved || matches!(what, What::Acknowledged(_) | What::Admitted(_))
                }
                TargetKind::Resolution => reported,
                TargetKind::ReferenceReply => over || replied,
                TargetKind::AppealDecision => {
                    matches!(what, What::AppealDecided(_) | What::Withdrawn(_))
                }
                TargetKind::Review => matches!(what, What::Reopened(_)),
                _ => false,
            };
            if met {
                run.met = Some(at);
                if let Some((since, _)) = run.stands.take().filter(|(since, _)| at > *since) {
                    run.pauses.push((since, at));
                }
            }
        }
    }

    /// A level was taken or proposed.
    fn level(&mut self, code: &str, at: DateTime<Utc>, week: Week<'_>, place: &str, tally: &mut Tally) {
        tally.levels += 1;
        let Some((_, target, comes)) = LADDER.iter().find(|(known, ..)| *known == code) else {
            assert_eq!((code, self.reopened), ("opened-again", 2), "{place}: for the second time");
            return;
        };
        let run = self.runs.get_mut(target).expect("its target was set");
        assert!(run.met.is_none() && run.stands.is_none(), "{place}: while it ran");
        let when = week.level(run, *comes);
        assert!(at > when, "{place}: {code} never early, not before {when}");
        assert!(run.taken.insert(code.to_owned()), "{place}: {code} once");
    }

    /// From after the n-th event until the next, every sweep found nothing to do.
    fn nothing_left(&self, n: usize, next: Option<DateTime<Utc>>) {
        let Recorded { case, at, rulebook, version, .. } = &self.history[n];
        let since = self.really(*at);
        let sweeps = &self.diary.sweeps;
        let first = sweeps.partition_point(|sweep| *sweep <= since);
        let behind = next.map_or(sweeps.len(), |next| sweeps.partition_point(|sweep| *sweep < next));
        // Whatever waits, waits longest for the last of them.
        let Some(sweep) = sweeps[first..behind.max(first)].last().copied() else { return };
        let place = format!("{case} after event {version}, swept at {sweep}");
        let newest = self.diary.in_force.partition_point(|(from, _)| *from <= sweep);
        let weeks = [self.week(*rulebook), self.week(self.diary.in_force[newest - 1].1)];
        for (target, run) in &self.runs {
            let window = matches!(target, TargetKind::Reopening | TargetKind::AppealFiling);
            if window || run.met.is_some() {
                assert!(!(window && run.breached), "{place}: a window is never breached");
                continue;
            }
            if let Some((_, until)) = run.stands {
                assert!(until.is_none_or(|until| until > sweep), "{place}: {target} stands too long");
                continue;
            }
            assert!(run.breached || run.due >= sweep, "{place}: {target} was due at {}", run.due);
            for (code, of, comes) in LADDER.iter().filter(|(_, of, _)| of == target) {
                let came = weeks.iter().all(|week| week.level(run, *comes) < sweep);
                assert!(!came || run.taken.contains(*code), "{place}: {code} of {of} is skipped");
            }
        }
    }
}

/// The days after the one on which each pause began, up to the one on which it ended.
fn days_of(pauses: &[(DateTime<Utc>, DateTime<Utc>)], of: &dyn Fn(NaiveDate) -> bool) -> i64 {
    let days = pauses.iter().flat_map(|(from, until)| {
        let (from, until) = (local(*from).date(), local(*until).date());
        from.iter_days().skip(1).take_while(move |day| *day <= until)
    });
    i64::try_from(days.filter(|day| of(*day)).count()).expect("some days")
}
