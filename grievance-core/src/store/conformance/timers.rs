//! What is promised of what is due: timers of cases, jobs of schedules.

use crate::kernel::code::ScheduleCode;
use crate::store::agenda::Job;
use crate::store::conformance::sample::{Sample, at, case, commit, notice};
use crate::store::{Due, Store, StoreError};
use crate::vocabulary::JobKind;
use chrono::{DateTime, Utc};

const WORKS: &str = "the store works";

/// A new case with something due.
fn begin(store: &dyn Store, n: u64, due: Option<DateTime<Utc>>) -> Sample {
    let sample = Sample::lodged(n);
    let mut commit = sample.commit(n);
    commit.streams[0].due = due;
    store.commit(&commit).expect(WORKS);
    sample
}

fn due(store: &dyn Store, millis: i64) -> Vec<(DateTime<Utc>, crate::kernel::id::GrievanceId)> {
    let due = store.due(at(millis), None, 1_000).expect(WORKS);
    due.into_iter().map(|Due { at, case }| (at, case)).collect()
}

/// A case has one timer, which each commit replaces or takes away; saying it again changes
/// nothing.
pub fn timers_are_replaced_with_the_events(store: &dyn Store) {
    assert_eq!(store.next_due().expect(WORKS), None);
    let mut sample = begin(store, 1, None);
    assert_eq!(store.next_due().expect(WORKS), None);
    let says = [Some(500), Some(500), Some(700), Some(300), None, None, Some(900)];
    for (n, millis) in (2_u64..).zip(says) {
        let before = sample.history().len();
        sample = sample.commented();
        let mut next = commit(n, vec![sample.after(before)]);
        next.streams[0].due = millis.map(at);
        store.commit(&next).expect(WORKS);
        assert_eq!(store.next_due().expect(WORKS), millis.map(at));
        // Sending the command again sets no timer again.
        store.commit(&next).expect(WORKS);
        let expected: Vec<_> = millis.map(|millis| (at(millis), sample.id)).into_iter().collect();
        assert_eq!(due(store, 1_000), expected);
    }
}

/// What is due comes oldest first, then by case, from its instant on, in batches that do not
/// stumble over a case that stays due.
pub fn timers_are_due_oldest_first(store: &dyn Store) {
    let mut expected = Vec::new();
    for n in 1..=60 {
        let millis = i64::try_from(n * 37 % 20).expect("a few") * 10;
        begin(store, n, (n % 5 > 0).then(|| at(millis)));
        if n % 5 > 0 {
            expected.push((at(millis), case(n)));
        }
    }
    expected.sort();
    assert_eq!(store.next_due().expect(WORKS), Some(expected[0].0));
    assert_eq!(due(store, 1_000), expected);
    let until =
        |millis| -> Vec<_> { expected.iter().filter(|(due, _)| *due <= at(millis)).copied().collect() };
    assert_eq!(due(store, 99), until(90), "not a millisecond early");
    assert_eq!(due(store, 100), until(100), "from the instant on");
    assert_eq!(due(store, -1), []);

    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let batch = store.due(at(1_000), after, 7).expect(WORKS);
        assert!(batch.len() <= 7);
        let Some(last) = batch.last() else { break };
        after = Some(*last);
        found.extend(batch.into_iter().map(|Due { at, case }| (at, case)));
        assert!(found.len() <= expected.len(), "the batches come to an end");
    }
    assert_eq!(found, expected);
    assert!(store.due(at(1_000), None, 0).expect(WORKS).is_empty());
}

/// What a refused commit would have set is not set, alone or in a batch, and what was due stays.
pub fn a_refused_commit_leaves_neither_timer_nor_notice(store: &dyn Store) {
    let begun = begin(store, 1, Some(at(500)));
    let further = begun.clone().commented();
    let mut second = commit(2, vec![further.after(1)]);
    second.streams[0].due = Some(at(600));
    second.streams[0].notices.push(notice(1, begun.id, (2, 0), at(0)));
    store.commit(&second).expect(WORKS);

    let mut late = commit(3, vec![Sample::lodged(2).after(0), begun.clone().disposed().after(1)]);
    for stream in &mut late.streams {
        stream.due = Some(at(700));
        stream.notices.push(notice(1_000 + stream.expected, stream.case, (9, 0), at(0)));
    }
    let mut away = commit(4, vec![begun.disposed().after(1)]);
    away.streams[0].due = None;
    // An identity that the outbox has seen.
    let mut again = commit(5, vec![Sample::lodged(3).after(0)]);
    again.streams[0].due = Some(at(100));
    again.streams[0].notices.push(notice(1, case(3), (1, 0), at(0)));
    let conflict = StoreError::Conflict { case: case(1), expected: 1, found: 2 };
    assert_eq!(store.commit(&late), Err(conflict.clone()));
    assert_eq!(store.commit(&away), Err(conflict.clone()));
    assert!(matches!(store.commit(&again), Err(StoreError::Backend(_))));
    let answers = store.commit_all(&[late, away, again, Sample::lodged(4).commit(6)]).expect(WORKS);
    assert_eq!(answers[..2], [Err(conflict.clone()), Err(conflict)]);
    assert!(answers[2].is_err() && answers[3].is_ok());

    assert_eq!(due(store, 10_000), [(at(600), case(1))]);
    let ids = |n| -> Vec<_> {
        let posted = store.notices_of(case(n)).expect(WORKS);
        posted.into_iter().map(|posted| posted.notice).collect()
    };
    assert_eq!(ids(1), [notice(1, case(1), (2, 0), at(0))]);
    assert_eq!((ids(2), ids(3)), (Vec::new(), Vec::new()));
}

fn schedule(code: &str) -> ScheduleCode {
    ScheduleCode::new(code).expect("a code")
}

fn job(code: &str, kind: JobKind, millis: i64) -> Job {
    Job { due_at: at(millis), schedule: schedule(code), kind }
}

/// Open jobs come oldest first, then by schedule, until they are done; the latest of a schedule is
/// known, done or not.
pub fn jobs_are_kept_in_order(store: &dyn Store) {
    let weekly = schedule("weekly-statement");
    assert_eq!(store.last_job(&weekly).expect(WORKS), None);
    let first = job("weekly-statement", JobKind::Statement, 1_000);
    let second = job("weekly-statement", JobKind::Statement, 2_000);
    let calls = job("calls", JobKind::FeedbackCalls, 1_000);
    for added in [&second, &first, &calls] {
        assert!(store.add_job(added).expect(WORKS));
        assert!(!store.add_job(added).expect(WORKS), "it is there");
    }
    assert_eq!(store.last_job(&weekly).expect(WORKS), Some(at(2_000)));
    assert_eq!(store.open_jobs(10).expect(WORKS), [calls.clone(), first.clone(), second.clone()]);
    assert_eq!(store.open_jobs(1).expect(WORKS), std::slice::from_ref(&calls));

    assert!(store.finish_job(&weekly, at(2_000)).expect(WORKS));
    assert!(!store.finish_job(&weekly, at(2_000)).expect(WORKS), "it is done");
    assert!(!store.finish_job(&weekly, at(3_000)).expect(WORKS), "there is none");
    assert!(!store.add_job(&second).expect(WORKS), "what is done is not called for again");
    assert_eq!(store.open_jobs(10).expect(WORKS), [calls.clone(), first.clone()]);
    assert_eq!(store.last_job(&weekly).expect(WORKS), Some(at(2_000)));

    // Codes go by their bytes, whatever order a database has for words.
    let spelled = ["call_s", "call-s", "call1s"].map(|code| job(code, JobKind::FeedbackCalls, 1_000));
    let [low, dash, digit] = &spelled;
    for added in &spelled {
        assert!(store.add_job(added).expect(WORKS));
    }
    let ordered = [dash, digit, low, &calls, &first].map(Clone::clone);
    assert_eq!(store.open_jobs(10).expect(WORKS), ordered);
}

/// Of many who add and finish the same jobs, one is told for each that it was them.
pub fn a_job_is_added_and_finished_once(store: &dyn Store) {
    fn until_written(act: impl Fn() -> Result<bool, StoreError>) -> bool {
        loop {
            match act() {
                Ok(mine) => return mine,
                Err(StoreError::Busy) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
    let work = || {
        let mut mine = (0, 0);
        for n in 0..20 {
            let job = job("weekly-statement", JobKind::Statement, n);
            mine.0 += u32::from(until_written(|| store.add_job(&job)));
            mine.1 += u32::from(until_written(|| store.finish_job(&job.schedule, job.due_at)));
        }
        mine
    };
    let done = std::thread::scope(|threads| {
        let workers: Vec<_> = (0..8).map(|_| threads.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no worker panics")).collect::<Vec<_>>()
    });
    assert_eq!(done.iter().map(|mine| mine.0).sum::<u32>(), 20);
    assert_eq!(done.iter().map(|mine| mine.1).sum::<u32>(), 20);
    assert!(store.open_jobs(100).expect(WORKS).is_empty());
}
