//! The sweep: what is due, once, whoever sweeps and however often.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, desks, lodge, officer, open, take, tenant};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint, Submission};
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::{CommandId, GrievanceId};
use grievance_core::kernel::text::{Digest, Mint};
use grievance_core::rulebook::Rulebook;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{ErrorCode, EventKind, TargetKind};
use std::collections::BTreeMap;
use std::sync::Arc;

const NOW: &str = "2026-03-02T09:00:00Z";
const LATE: &str = "2026-06-01T00:00:00Z";
/// Ten working days from Monday 2 March: Monday 16 March, 17:00 in India.
const DUE: &str = "2026-03-16T11:30:00Z";

fn town(more: &str) -> Rulebook {
    let text = format!("extends = \"city-311\"\nname = \"Test town\"\nzone = \"Asia/Kolkata\"\n{more}");
    Rulebook::from_toml(&text).unwrap_or_else(|refused| panic!("{refused:?}"))
}

fn many(desk: &Desk, count: usize) -> Vec<GrievanceId> {
    let lodge = r#"{"action":"lodge","narrative":"The same hole.","category":"pothole"}"#;
    let submission = Submission {
        command: None,
        actor: citizen(),
        now: at(NOW),
        case: None,
        expected: None,
        request: crate::desk_support::request(lodge),
        verified: None,
    };
    let answers = desk.submit_all(&vec![submission; count]);
    answers.into_iter().map(|done| done.unwrap().case).collect()
}

/// How often each kind of event is in a history.
fn kinds(desk: &Desk, case: GrievanceId) -> BTreeMap<EventKind, usize> {
    let mut kinds = BTreeMap::new();
    for next in desk.history(case).unwrap() {
        *kinds.entry(next.event.what.kind()).or_default() += 1;
    }
    kinds
}

#[track_caller]
fn once(desk: &Desk, case: GrievanceId) {
    let kinds = kinds(desk, case);
    let of = |kind| kinds.get(&kind).copied().unwrap_or(0);
    assert_eq!((of(EventKind::TargetBreached), of(EventKind::Escalated)), (1, 1), "{case}: {kinds:?}");
}

/// No scan of the newest hundred: the oldest first, and all of them.
#[test]
fn of_ten_thousand_overdue_cases_each_escalates_exactly_once() {
    let desk = open(MemoryStore::default().tenant(&tenant()));
    desk.activate(town(""), at("2020-01-01T00:00:00Z")).unwrap();
    let cases: Vec<_> = (0..10).flat_map(|_| many(&desk, 1_000)).collect();
    let (mut escalated, mut sweeps) = (0, 0);
    loop {
        let swept = desk.sweep(at(LATE), 3_000).unwrap();
        assert!(swept.failed.is_empty() && swept.elsewhere == 0);
        (escalated, sweeps) = (escalated + swept.escalations, sweeps + 1);
        if !swept.more {
            break;
        }
    }
    assert_eq!((escalated, sweeps), (10_000, 4));
    let again = desk.sweep(at(LATE), 20_000).unwrap();
    assert_eq!((again.cases, again.escalations, again.more), (0, 0, false));
    for case in &cases {
        let fact = desk.store().fact(*case).unwrap().unwrap();
        assert_eq!((fact.escalations, fact.breaches, fact.level), (1, 1, 1));
    }
    once(&desk, cases[9_999]);
}

/// At the deadline itself there is still time; a millisecond later there is none.
#[test]
fn the_deadline_itself_is_in_time() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let fact = || desk.case(case).unwrap().fact;
        assert_eq!(fact().due_at, Some(at(DUE)), "{name}");
        assert_eq!(desk.next_due(at(NOW)).unwrap().map(|next| next <= at(DUE)), Some(true), "{name}");
        assert_eq!(desk.sweep(at(DUE), 10).unwrap().cases, 0, "{name}");
        let after = at(DUE) + TimeDelta::milliseconds(1);
        let swept = desk.sweep(after, 10).unwrap();
        assert_eq!((swept.cases, swept.breaches, swept.escalations), (1, 1, 1), "{name}");
        assert_eq!(fact().breached_at, Some(at(DUE)), "{name}");

        let in_time = lodge(&desk, "pothole", NOW).case;
        take(&desk, &officer("hod", "works"), NOW, in_time, r#"{"action":"acknowledge"}"#);
        take(
            &desk,
            &officer("hod", "works"),
            DUE,
            in_time,
            r#"{"action":"report_action","report":"Filled."}"#,
        );
        desk.sweep(at(LATE), 10).unwrap();
        assert_eq!(desk.case(in_time).unwrap().fact.breaches, 0, "{name}");
    }
}

/// What a timer does has an identity that everybody can work out who sees the case: it is the same for
/// every worker. A host that used it up beforehand would keep a breach from ever being recorded.
#[test]
fn nobody_takes_the_identity_of_what_time_brings() {
    for (name, desk) in desks() {
        let (case, other) = (lodge(&desk, "pothole", NOW).case, lodge(&desk, "pothole", NOW).case);
        let fact = desk.case(case).unwrap().fact;
        let timer = Digest::of(&[
            b"timer",
            case.uuid().as_bytes(),
            &fact.version.to_be_bytes(),
            &(at(DUE).timestamp_millis() + 1).to_be_bytes(),
        ]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&timer.as_bytes()[..16]);
        let its = CommandId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid());
        let near = CommandId::from_uuid(uuid::Builder::from_random_bytes(bytes).into_uuid());

        let note = crate::desk_support::request(r#"{"action":"comment","text":"Nothing much."}"#);
        let works = officer("hod", "works");
        let by = |command| desk.by(&works, at(NOW)).command(command);
        let batch = |command| {
            let (actor, request) = (works.clone(), note.clone());
            let (case, now) = (Some(other), at(NOW));
            desk.submit_all(&[Submission {
                command: Some(command),
                actor,
                now,
                case,
                expected: None,
                request,
                verified: None,
            }])
            .remove(0)
        };
        for refused in [
            by(its).submit(Some(other), &note).map(drop),
            by(its).prepare(Some(other), &note).map(drop),
            batch(its).map(drop),
        ] {
            assert_eq!(refused.unwrap_err().code(), ErrorCode::InvalidCommand, "{name}");
        }
        by(near).submit(Some(other), &note).unwrap();

        let swept = desk.sweep(at(LATE), 10).unwrap();
        assert_eq!((swept.elsewhere, swept.breaches, swept.failed.len()), (0, 2, 0), "{name}");
        once(&desk, case);
        assert!(desk.store().receipt(its).unwrap().is_some(), "{name}: that was its identity");
    }
}

/// A breach belongs to the office that had the case at the due instant, though the next office
/// acts before any sweep comes by.
#[test]
fn a_breach_is_credited_to_the_office_that_had_custody() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        let late = "2026-03-17T04:00:00Z";
        take(&desk, &works, late, case, r#"{"action":"transfer","unit":"water","remarks":"A pipe."}"#);
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.unit.as_str(), fact.breaches), ("water", 1), "{name}");
        assert_eq!(fact.breached_by.unwrap().as_str(), "works", "{name}");
        desk.sweep(at(LATE), 10).unwrap();
        once(&desk, case);
        let done = r#"{"action":"dispose","remarks":"Done.","reason":"benefit_provided","evidence":{"date":"2026-06-01","reference":"1"}}"#;
        take(&desk, &officer("hod", "water"), "2026-06-02T04:00:00Z", case, done);
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.breaches, fact.due_at), (1, None), "{name}: closing clears no breach");
        assert_eq!(fact.breached_by.unwrap().as_str(), "works", "{name}");
    }
}

fn race(desks: &[Desk], cases: &[GrievanceId]) {
    let counts: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = desks
            .iter()
            .map(|desk| {
                scope.spawn(move || {
                    let mut done = (0, 0);
                    for _ in 0..200 {
                        let swept = desk.sweep(at(LATE), 37).unwrap();
                        done = (done.0 + swept.escalations, done.1 + swept.breaches);
                        if swept.cases == 0 && !swept.more && swept.failed.is_empty() {
                            break;
                        }
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let all = cases.len() as u64;
    let sums = counts.iter().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    assert_eq!(sums, (all, all), "each told by the one worker who did it: {counts:?}");
    for case in cases {
        once(&desks[0], *case);
    }
}

#[test]
fn eight_workers_on_one_memory_store_do_everything_once() {
    let store = MemoryStore::default();
    let desks: Vec<_> =
        (0..8).map(|_| Desk::open(store.tenant(&tenant()), tenant(), KeyRing::for_tests())).collect();
    desks[0].activate(town(""), at("2020-01-01T00:00:00Z")).unwrap();
    let cases = many(&desks[0], 400);
    race(&desks, &cases);
}

#[cfg(feature = "sqlite")]
#[test]
fn eight_workers_with_their_own_connections_do_everything_once() {
    let path = std::env::temp_dir().join(format!("grievance-sweep-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let desks: Vec<_> = (0..8)
        .map(|_| {
            let store = grievance_core::sql::sqlite::SqliteStore::open(&path).unwrap();
            Desk::open(store.tenant(&tenant()), tenant(), KeyRing::for_tests())
        })
        .collect();
    desks[0].activate(town(""), at("2020-01-01T00:00:00Z")).unwrap();
    let cases = many(&desks[0], 200);
    race(&desks, &cases);
    drop(desks);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

/// Kills the worker that draws from it, after so many draws: a sweep draws once for each case that
/// it has decided and not committed yet.
struct Mortal {
    mint: SeededMint,
    left: u64,
}

impl Mint for Mortal {
    fn uuid(&mut self) -> uuid::Uuid {
        if self.left == 0 {
            // A panic that no hook reports.
            std::panic::resume_unwind(Box::new("killed"));
        }
        self.left -= 1;
        self.mint.uuid()
    }

    fn salt(&mut self) -> [u8; 16] {
        self.mint.salt()
    }
}

/// Eight workers, each of whom is killed again and again between claiming what is due and
/// settling it, or between two batches; together they do everything once.
#[test]
fn workers_that_are_killed_leave_nothing_out_and_do_nothing_twice() {
    for (name, store) in crate::desk_support::stores() {
        let desk = Desk::open(Arc::clone(&store), tenant(), KeyRing::for_tests());
        desk.activate(town(""), at("2020-01-01T00:00:00Z")).unwrap();
        let cases = many(&desk, 600);
        let deaths = std::sync::atomic::AtomicU64::new(0);
        let live = |worker: u64| {
            for life in 0_u64.. {
                let mut seed = SeededMint::new(worker * 1_000 + life);
                let left = seed.next() % 250;
                let desk = Desk::with_mint(
                    Arc::clone(&store),
                    tenant(),
                    KeyRing::for_tests(),
                    Box::new(Mortal { mint: seed, left }),
                );
                let work = || desk.sweep(at(LATE), 1_000).unwrap();
                match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
                    Ok(swept) if swept.cases == 0 && !swept.more && swept.failed.is_empty() => return,
                    Ok(_) => {}
                    Err(_) => {
                        deaths.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                }
                assert!(life < 1_000, "{name}: it comes to an end");
            }
        };
        let live = &live;
        std::thread::scope(|threads| (0..8).for_each(|n| drop(threads.spawn(move || live(n)))));
        assert!(deaths.into_inner() > 3, "{name}: some were killed");
        for case in &cases {
            once(&desk, *case);
        }
    }
}

/// A worker that ends anywhere leaves what it committed; the next one, with nothing but the
/// store, takes up the rest.
#[test]
fn a_sweep_that_was_killed_is_taken_up() {
    for (name, store) in crate::desk_support::stores() {
        let first = Desk::open(Arc::clone(&store) as Arc<dyn Store>, tenant(), KeyRing::for_tests());
        first.activate(town(""), at("2020-01-01T00:00:00Z")).unwrap();
        let cases = many(&first, 25);
        let swept = first.sweep(at(LATE), 7).unwrap();
        assert_eq!((swept.cases, swept.more), (7, true), "{name}");
        drop(first);
        let mut rest = 0;
        for limit in [1, 5, 50, 50] {
            // Each time another process.
            let next = Desk::open(Arc::clone(&store) as Arc<dyn Store>, tenant(), KeyRing::for_tests());
            rest += next.sweep(at(LATE), limit).unwrap().cases;
        }
        assert_eq!(rest, 18, "{name}");
        let desk = Desk::open(store, tenant(), KeyRing::for_tests());
        for case in &cases {
            once(&desk, *case);
        }
    }
}

/// A holiday declared late re-times every open case exactly once, and forgives nothing.
#[test]
fn a_holiday_declared_late_retimes_each_open_case_once() {
    for (name, desk) in desks() {
        let cases = many(&desk, 60);
        let old = "2026-01-05T09:00:00Z";
        let missed = lodge(&desk, "pothole", old).case;
        desk.sweep(at("2026-03-03T00:00:00Z"), 10).unwrap();
        assert_eq!(desk.case(missed).unwrap().fact.breaches, 1, "{name}");
        let holiday = "[calendar]\nholiday = [{ code = \"cyclone\", date = 2026-03-10, name = \"Cyclone\", source = \"order\" }]";
        let from = at("2026-03-04T00:00:00Z");
        desk.activate(town(holiday), from).unwrap();
        // A batch, the same again from the beginning, and a sweep that meets the rest.
        desk.move_cases(&Desk::system(), from, None, 20).unwrap();
        desk.move_cases(&Desk::system(), from, None, 20).unwrap();
        desk.sweep(at("2026-03-17T00:00:00Z"), 1_000).unwrap();
        desk.move_cases(&Desk::system(), at("2026-03-17T00:00:00Z"), None, 1_000).unwrap();
        let due = at(DUE) + TimeDelta::days(1);
        for case in cases {
            let kinds = kinds(&desk, case);
            assert_eq!(kinds.get(&EventKind::TargetMoved), Some(&1), "{name}: {kinds:?}");
            assert_eq!(kinds.get(&EventKind::TargetBreached), None, "{name}: one more day");
            assert_eq!(desk.case(case).unwrap().fact.due_at, Some(due), "{name}");
        }
        let fact = desk.case(missed).unwrap().fact;
        assert_eq!((fact.breaches, fact.breached_at), (1, Some(at("2026-01-19T11:30:00Z"))), "{name}");
        desk.sweep(due + TimeDelta::milliseconds(1), 1_000).unwrap();
        assert_eq!(desk.case(missed).unwrap().fact.breaches, 1, "{name}: once");
    }
}

/// A deadline is counted from what the store has, whatever a client says the date is.
#[test]
fn each_subject_and_priority_has_its_own_target() {
    let more = "target = [{ code = \"lights\", kind = \"resolution\", category = \"street-light\", within = 2 }, \
        { code = \"parks\", kind = \"resolution\", unit = \"parks\", within = 4, counted = \"calendar_days\" }]";
    let desk = open(MemoryStore::default().tenant(&tenant()));
    desk.activate(town(more), at("2020-01-01T00:00:00Z")).unwrap();
    // Ten working days; two; four calendar days; high priority in three; danger in 24 hours.
    for (category, due) in [
        ("pothole", DUE),
        ("street-light", "2026-03-04T11:30:00Z"),
        ("trees", "2026-03-06T18:30:00Z"),
        ("drainage", "2026-03-05T11:30:00Z"),
        ("exposed-wire", "2026-03-05T09:00:00Z"),
    ] {
        let case = lodge(&desk, category, NOW).case;
        let view = desk.case(case).unwrap();
        assert_eq!(view.fact.due_at, Some(at(due)), "{category}");
        let clock = view.case.clock(TargetKind::Resolution).unwrap();
        assert_eq!(clock.from_at, at(NOW), "{category}");
    }
}

/// Jobs come round in office time, each once, however many workers ask.
#[test]
fn a_job_comes_round_once_for_eight_workers() {
    let store = MemoryStore::default();
    let desks: Vec<_> =
        (0..8).map(|_| Desk::open(store.tenant(&tenant()), tenant(), KeyRing::for_tests())).collect();
    desks[0].activate(town(""), at(NOW)).unwrap();
    let later = at("2026-04-01T00:00:00Z");
    let mut jobs: Vec<DateTime<Utc>> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            desks.iter().map(|desk| scope.spawn(move || desk.sweep(later, 10).unwrap().jobs)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).map(|job| job.due_at).collect()
    });
    jobs.sort();
    // Mondays at nine in India after Monday 2 March.
    let mondays = ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"];
    assert_eq!(jobs, mondays.map(|day| at(&format!("{day}T03:30:00Z"))));
    assert_eq!(desks[0].store().open_jobs(10).unwrap().len(), 4);
    assert!(desks[3].sweep(later, 10).unwrap().jobs.is_empty());
}

/// Weekly, on the n-th and on the last weekday, on a month's last day; put off, kept or given up
/// on a closed day.
#[test]
fn schedules_fall_where_the_rulebook_says() {
    let come = |entry: &str, holiday: &str, count: usize| -> Vec<String> {
        let rulebook = town(&format!(
            "schedule = [{{ code = \"weekly-statement\", weekday = \"sunday\" }}, {{ code = \"x\", kind = \"review\", {entry} }}]\n\
             [calendar]\nholiday = [{{ code = \"h\", date = {holiday}, name = \"H\", source = \"test\" }}]"
        ));
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        let schedule = rulebook.schedules().iter().find(|it| it.code.as_str() == "x").unwrap();
        let (mut last, mut days) = (at("2026-01-01T00:00:00Z"), Vec::new());
        for _ in 0..count {
            last = schedule.next_after(calendar, last).expect("it comes");
            days.push(last.format("%m-%dT%H:%M").to_string());
        }
        days
    };
    let none = "2026-12-25";
    assert_eq!(come("weekday = \"tuesday\", at = \"11:00\"", none, 2), ["01-06T05:30", "01-13T05:30"]);
    assert_eq!(
        come("weekday = \"tuesday\", nth = 1, at = \"11:00\"", none, 2),
        ["01-06T05:30", "02-03T05:30"]
    );
    assert_eq!(
        come("weekday = \"friday\", nth = 5, at = \"11:00\"", none, 2),
        ["01-30T05:30", "05-29T05:30"]
    );
    assert_eq!(
        come("weekday = \"friday\", nth = -1, at = \"11:00\"", none, 2),
        ["01-30T05:30", "02-27T05:30"]
    );
    // 31 January and 28 February 2026 are Saturdays, 31 May a Sunday.
    let (next, same, skip) = ("", ", on_closed = \"same\"", ", on_closed = \"skip\"");
    let last = |policy: &str, count| come(&format!("day = 31, at = \"10:00\"{policy}"), none, count);
    assert_eq!(last(next, 3), ["02-02T04:30", "03-02T04:30", "03-31T04:30"]);
    assert_eq!(last(same, 3), ["01-31T04:30", "02-28T04:30", "03-31T04:30"]);
    assert_eq!(last(skip, 2), ["03-31T04:30", "04-30T04:30"]);
    // A holiday puts the weekly job off by a day; two put off to one day are one.
    let weekly = come("weekday = \"monday\", at = \"10:00\"", "2026-01-05", 2);
    assert_eq!(weekly, ["01-06T04:30", "01-12T04:30"]);
    // On a half-day the office has closed before a job of the afternoon, not before one of the morning.
    let half = "2026-01-05, hours = [\"09:00-12:00\"]";
    let monday =
        |at: &str, policy: &str| come(&format!("weekday = \"monday\", at = \"{at}\"{policy}"), half, 2);
    assert_eq!(monday("12:00", next), ["01-06T06:30", "01-12T06:30"]);
    assert_eq!(monday("11:59", next), ["01-05T06:29", "01-12T06:29"]);
    assert_eq!(monday("08:00", next), ["01-05T03:30", "01-12T03:30"], "when the office opens");
    assert_eq!(monday("12:00", same), ["01-05T06:30", "01-12T06:30"]);
    assert_eq!(monday("12:00", skip), ["01-12T06:30", "01-19T06:30"]);
}

/// What was breached, escalated or asked for stays when the step that preceded it is undone.
#[test]
fn an_undone_step_gives_its_clocks_back_and_no_breach() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        take(&desk, &works, NOW, case, r#"{"action":"acknowledge"}"#);
        let before = "2026-03-16T11:00:00Z";
        let transfer = r#"{"action":"transfer","unit":"water","remarks":"A pipe."}"#;
        take(&desk, &works, before, case, transfer);
        desk.sweep(at("2026-03-17T00:00:00Z"), 10).unwrap();
        let undo = r#"{"action":"rescind","remarks":"No pipe."}"#;
        take(&desk, &works, "2026-03-17T05:00:00Z", case, undo);
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.unit.as_str(), fact.breaches, fact.level), ("works", 1, 1), "{name}");
        assert_eq!((fact.due_at, fact.escalations), (Some(at(DUE)), 1), "{name}");
        desk.sweep(at(LATE), 10).unwrap();
        once(&desk, case);
        let set = desk.history(case).unwrap();
        let set = set.iter().filter(|next| matches!(next.event.what, What::TargetSet(_)));
        assert_eq!(set.count(), 1, "{name}");
    }
}
