//! Targets, missed deadlines and escalations in the statement: by hand, and against a recount of
//! the raw events of a simulated office.

use crate::measure_cases::targets_agree;
use crate::measure_histories::{Case, at, fact, stands};
use crate::measure_question::{fresh_tenant, put, stores};
use crate::sim_office::{Plan, run};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::{
    AdoptedStep, Appealed, ClockPaused, Escalated, Noted, TargetBreached, TargetSet,
};
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::tell::told_at;
use grievance_core::kernel::code::{RuleCode, TenantCode, UnitCode};
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::kernel::time::start_of_day;
use grievance_core::measure::as_of::{fact_as_of, grievance_as_of, told_fact_as_of};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::Part;
use grievance_core::measure::ledger::Picked;
use grievance_core::measure::ledger::answer::Balance;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::ledger::standing::Standing;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::measure::statement::{Figures, LevelCount, Mis};
use grievance_core::measure::target::Breaches;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::survey::Survey;
use grievance_core::vocabulary::{AgeRule, Phase, TargetKind, TargetState, TimeUnit};
use std::collections::BTreeMap;
use std::sync::Arc;

const ZONE: chrono_tz::Tz = chrono_tz::UTC;

fn rule() -> RuleCode {
    RuleCode::new("rule").unwrap()
}

/// Lodged with `works` on 1 March; the resolution is due on the 9th at noon.
fn timed() -> Case {
    timed_for(TargetKind::Resolution)
}

fn timed_for(target: TargetKind) -> Case {
    let set = TargetSet {
        amount: 8,
        counted: TimeUnit::CalendarDays,
        due_at: at("2026-03-09T12:00:00"),
        from_at: at("2026-03-01T12:00:00"),
        keep_clock: false,
        rule: rule(),
        target,
        because: None,
    };
    Case::new(1).adopted(at("2026-03-01"), vec![fact(at("2026-03-01"), AdoptedStep::Lodged, "works")]).then(
        at("2026-03-01T12:00:00"),
        stands(Phase::InProgress, "works"),
        What::TargetSet(Box::new(set)),
    )
}

fn breached(due_at: DateTime<Utc>) -> What {
    What::TargetBreached(Box::new(TargetBreached { due_at, rule: rule(), target: TargetKind::Resolution }))
}

fn escalated(to: &str, level: Option<u32>) -> What {
    What::Escalated(Box::new(Escalated {
        to: UnitCode::new(to).unwrap(),
        level,
        post: None,
        remarks: None,
        rule: level.map(|_| rule()),
        target: level.map(|_| TargetKind::Resolution),
    }))
}

fn statement<'a>(day: NaiveDate, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> Mis {
    let mut part = MisPart::new(Terms::new(day, ZONE, AgeRule::Calendar));
    for history in histories {
        part.add_history(history);
    }
    part.finish(|code| code.as_str().to_owned())
}

fn on(day: &str, history: &Vec<Recorded>) -> Mis {
    statement(day.parse().unwrap(), [history])
}

fn state(figures: &Figures) -> Option<TargetState> {
    figures.targets.iter().find(|row| row.count > 0).map(|row| row.state)
}

fn unit<'a>(mis: &'a Mis, unit: &str) -> &'a Figures {
    &mis.units.iter().find(|row| row.unit == unit).unwrap().figures
}

#[test]
fn three_quarters_of_the_time_are_soon_and_the_deadline_itself_is_in_time() {
    let history = timed().history;
    let states =
        ["2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"].map(|day| state(&on(day, &history).all));
    let [soon, missed] = [TargetState::DueSoon, TargetState::Breached].map(Some);
    assert_eq!(states, [Some(TargetState::InTime), soon, soon, missed]);
    // Due at the very first instant of the day.
    let mut history = timed().history;
    let What::TargetSet(set) = &mut history[1].event.what else { unreachable!("it is the second event") };
    set.due_at = at("2026-03-09");
    assert_eq!(state(&on("2026-03-09", &history).all), Some(TargetState::DueSoon));
    assert_eq!(on("2026-03-09", &history).all.breaches, Breaches::default());
    assert_eq!(state(&on("2026-03-10", &history).all), Some(TargetState::Breached));
}

#[test]
fn no_target_is_not_in_time() {
    let history = Case::new(1)
        .adopted(at("2026-03-01"), vec![fact(at("2026-03-01"), AdoptedStep::Lodged, "works")])
        .history;
    assert_eq!(state(&on("2026-03-20", &history).all), Some(TargetState::NoTarget));
    // An acknowledgement is owed, but nothing says by when the matter is settled.
    let owed = timed_for(TargetKind::Acknowledgement).history;
    let mis = on("2026-03-20", &owed);
    assert_eq!((state(&mis.all), mis.all.breaches.count), (Some(TargetState::NoTarget), 1));
}

#[test]
fn a_clock_that_stands_still_is_judged_as_it_was_when_it_stopped() {
    let paused = ClockPaused { target: TargetKind::Resolution, until: None };
    let history = timed()
        .then(at("2026-03-05"), stands(Phase::AwaitingComplainant, "works"), What::ClockPaused(paused))
        .history;
    let mis = on("2026-05-01", &history);
    assert_eq!((state(&mis.all), mis.all.breaches), (Some(TargetState::InTime), Breaches::default()));
}

#[test]
fn a_report_in_time_stays_in_time_and_a_late_one_stays_breached() {
    let reported = |history: Case, day| {
        history.then(at(day), stands(Phase::ActionReported, "cell"), What::Admitted(Noted { remarks: None }))
    };
    assert_eq!(
        state(&on("2026-04-01", &reported(timed(), "2026-03-09").history).all),
        Some(TargetState::InTime)
    );
    let late = timed().then(
        at("2026-03-10"),
        stands(Phase::InProgress, "works"),
        breached(at("2026-03-09T12:00:00")),
    );
    let mis = on("2026-03-20", &reported(late, "2026-03-11").history);
    // Met, late: no longer standing, and at the office that had it.
    assert_eq!(state(&mis.all), Some(TargetState::Breached));
    assert_eq!(unit(&mis, "works").breaches, Breaches { count: 1, week: 0, standing: 0 });
    assert_eq!(unit(&mis, "cell").breaches, Breaches::default());
    assert_eq!(unit(&mis, "cell").pending, 1);
}

/// The sweep comes two days late: a statement of the day between says the same before and after.
#[test]
fn a_missed_deadline_counts_from_its_own_day_whenever_it_was_recorded() {
    let unswept = timed().history;
    let swept = timed()
        .then(at("2026-03-12"), stands(Phase::InProgress, "works"), breached(at("2026-03-09T12:00:00")))
        .history;
    for (day, breaches) in [
        ("2026-03-09", Breaches::default()),
        ("2026-03-10", Breaches { count: 1, week: 1, standing: 1 }),
        ("2026-03-16", Breaches { count: 1, week: 1, standing: 1 }),
        ("2026-03-17", Breaches { count: 1, week: 0, standing: 1 }),
    ] {
        assert_eq!(on(day, &unswept).all.breaches, breaches, "{day}");
        assert_eq!(on(day, &swept), on(day, &unswept), "{day}");
    }
}

#[test]
fn an_escalation_is_that_of_the_office_that_had_the_case() {
    let history = timed()
        .then(at("2026-03-10"), stands(Phase::InProgress, "works"), breached(at("2026-03-09T12:00:00")))
        .then(at("2026-03-10"), stands(Phase::InProgress, "works"), escalated("district", Some(2)))
        .then(at("2026-03-12"), stands(Phase::InProgress, "district"), escalated("district", Some(3)))
        .then(at("2026-03-13"), stands(Phase::InProgress, "state"), escalated("state", None))
        .history;
    let mis = on("2026-03-18", &history);
    let works = &unit(&mis, "works").escalations;
    assert_eq!((works.count, works.week, works.highest_pending), (2, 1, 0));
    let district = &unit(&mis, "district").escalations;
    assert_eq!((district.count, district.week), (1, 1));
    // What an officer does of their own accord is no level.
    let all = &mis.all.escalations;
    assert_eq!((all.count, all.highest_pending), (3, 3));
    assert_eq!(all.pending_levels, [LevelCount { level: 3, count: 1 }]);
    assert_eq!(unit(&mis, "state").escalations.pending_levels, all.pending_levels);
    // Of the day before, nothing that came later is known.
    let before = on("2026-03-12", &history).all.escalations;
    assert_eq!((before.count, before.highest_pending), (1, 2));
}

#[test]
fn the_week_and_the_written_form() {
    let history = timed()
        .then(at("2026-03-10"), stands(Phase::InProgress, "works"), breached(at("2026-03-09T12:00:00")))
        .then(at("2026-03-10"), stands(Phase::InProgress, "works"), escalated("district", Some(2)))
        .history;
    let mis = serde_json::to_value(on("2026-03-11", &history)).unwrap();
    let expected = serde_json::json!({
        "targets": [
            {"state": "in_time", "count": 0}, {"state": "due_soon", "count": 0},
            {"state": "breached", "count": 1}, {"state": "no_target", "count": 0},
        ],
        "breaches": {"count": 1, "week": 1, "standing": 1},
        "breaches_by_target": [{"target": "resolution", "count": 1, "week": 1, "standing": 1}],
        "escalations": {
            "count": 1, "week": 1, "by_level": [{"level": 2, "count": 1}], "highest_pending": 2,
            "pending_levels": [{"level": 2, "count": 1}],
        },
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&mis[field], value, "{field}");
        assert_eq!(&mis["units"][0][field], value, "{field}");
    }
}

/// What a recount of raw events comes to, by office.
#[derive(Debug, Default, PartialEq, Eq)]
struct Recount {
    breaches: (u64, u64),
    by_target: BTreeMap<TargetKind, u64>,
    escalations: (u64, u64),
    no_target: u64,
    late: u64,
}

/// When the due date that passed had been recorded.
fn known(history: &[Recorded], before: usize, of: TargetKind) -> DateTime<Utc> {
    let tells = |event: &&Recorded| match &event.event.what {
        What::TargetSet(set) => set.target == of,
        What::TargetMoved(moved) => moved.target == of,
        What::ClockResumed(resumed) => resumed.target == of,
        _ => false,
    };
    let told = history[..before].iter().rfind(tells).expect("it was set");
    // A pause that reached its most ended then, whenever a late sweep said so.
    if let What::ClockResumed(resumed) = &told.event.what { resumed.resumed_at } else { told.at }
}

/// Counts one history as nobody would in earnest: every event again, whatever was recorded when.
fn recount(
    history: &[Recorded],
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    to: &mut BTreeMap<UnitCode, Recount>,
) {
    for (n, event) in history.iter().enumerate() {
        match &event.event.what {
            // Missed when it passed, even where the sweep came later; but nobody misses a deadline
            // before anybody knows of it.
            What::TargetBreached(missed) => {
                let known = known(history, n, missed.target).max(missed.due_at);
                if known >= until {
                    continue;
                }
                let of = to.entry(event.event.led_to.unit.clone()).or_default();
                of.breaches.0 += 1;
                of.breaches.1 += u64::from(known >= since);
                *of.by_target.entry(missed.target).or_default() += 1;
            }
            What::Escalated(_) if event.at < until => {
                let of = to.entry(history[n - 1].event.led_to.unit.clone()).or_default();
                of.escalations.0 += 1;
                of.escalations.1 += u64::from(event.at >= since);
            }
            _ => {}
        }
    }
    let Some(stood) = history.iter().rposition(|event| event.at < until) else { return };
    let position = &history[stood].event.led_to;
    if !position.phase.is_pending() {
        return;
    }
    let asked = match position.phase {
        Phase::UnderAppeal => TargetKind::AppealDecision,
        _ => TargetKind::Resolution,
    };
    let set = |event: &Recorded| matches!(&event.event.what, What::TargetSet(set) if set.target == asked);
    let of = to.entry(position.unit.clone()).or_default();
    let Some(set_at) = history[..=stood].iter().rposition(set) else {
        of.no_target += 1;
        return;
    };
    let until_next = history[set_at + 1..].iter().take_while(|event| !set(event));
    of.late += u64::from(until_next.enumerate().any(|(n, event)| match &event.event.what {
        What::TargetBreached(missed) if missed.target == asked => {
            known(history, set_at + 1 + n, asked).max(missed.due_at) < until
        }
        _ => false,
    }));
}

fn of(figures: &Figures) -> Recount {
    let Figures { breaches, breaches_by_target, escalations, targets, .. } = figures;
    let state = |state| targets.iter().find(|row| row.state == state).unwrap().count;
    Recount {
        breaches: (breaches.count, breaches.week),
        by_target: breaches_by_target.iter().map(|row| (row.target, row.breaches.count)).collect(),
        escalations: (escalations.count, escalations.week),
        no_target: state(TargetState::NoTarget),
        late: state(TargetState::Breached),
    }
}

/// Two years of an office with late sweeps, declared holidays and a bad clock: on every day that
/// is asked for, every office's figures are those of a recount.
#[test]
fn figures_are_those_of_a_recount() {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&TenantCode::new("test").unwrap());
    run(store.clone(), Plan { years: 2, cases_a_year: 150, seed: 23 });
    let mut histories = Vec::new();
    store
        .scan(&Scope::All, &mut |history| {
            histories.push(history.to_vec());
            true
        })
        .unwrap();
    let mut seen = Recount::default();
    for step in 0..40_u64 {
        let day: NaiveDate = "2004-02-03".parse().unwrap();
        let day = day + Days::new(step * 19);
        let until = start_of_day(day, ZONE);
        let mut expected = BTreeMap::new();
        for history in &histories {
            recount(history, until - TimeDelta::days(7), until, &mut expected);
        }
        let mis = statement(day, &histories);
        for row in &mis.units {
            let counted = of(&row.figures);
            assert_eq!(counted, expected.remove(&row.code).unwrap_or_default(), "{day}, {}", row.code);
            seen.breaches.1 += counted.breaches.1;
            seen.escalations.1 += counted.escalations.1;
            seen.late += counted.late;
        }
        assert_eq!(expected, BTreeMap::new(), "{day}: offices that are not in the statement");
    }
    assert!(seen.breaches.1 > 20 && seen.escalations.1 > 40 && seen.late > 100, "{seen:?}");
}

/// A case of another system that said when it was due, and was disposed if it was.
fn due_elsewhere(number: u128, due: &str, disposed: Option<&str>) -> Vec<Recorded> {
    let mut facts = vec![fact(at("2026-03-01"), AdoptedStep::Lodged, "works")];
    facts.extend(disposed.map(|day| fact(at(day), AdoptedStep::Disposed, "works")));
    Case::new(number).adopted(at("2026-04-20"), facts).due(Some(at(due))).history
}

#[test]
fn a_due_date_of_another_system_is_judged_by() {
    let history = due_elsewhere(1, "2026-03-09", None);
    let days = ["2026-03-06", "2026-03-07", "2026-03-09", "2026-03-10"];
    let states = days.map(|day| state(&on(day, &history).all));
    let [soon, missed] = [TargetState::DueSoon, TargetState::Breached].map(Some);
    assert_eq!(states, [Some(TargetState::InTime), soon, soon, missed]);
    // It is no promise of ours that was broken.
    assert_eq!(on("2026-03-10", &history).all.breaches, Breaches::default());
    let row = fact_as_of(&history, at("2026-05-01")).unwrap();
    assert_eq!((row.due_at, row.judged_due_at), (Some(at("2026-03-09")), Some(at("2026-03-09"))));
    assert_eq!((row.late_at, row.breaches), (Some(at("2026-03-09")), 0));

    // A clock of our own goes before it.
    let set = TargetSet {
        amount: 30,
        counted: TimeUnit::CalendarDays,
        due_at: at("2026-05-20"),
        from_at: at("2026-04-20"),
        keep_clock: false,
        rule: rule(),
        target: TargetKind::Resolution,
        because: None,
    };
    let case =
        || Case::new(1).adopted(at("2026-04-20"), vec![fact(at("2026-03-01"), AdoptedStep::Lodged, "works")]);
    let clocked = case().due(Some(at("2026-03-09"))).then(
        at("2026-04-20"),
        stands(Phase::InProgress, "works"),
        What::TargetSet(Box::new(set)),
    );
    assert_eq!(state(&on("2026-04-21", &clocked.history).all), Some(TargetState::InTime));
    // Opened again here, it is not the case any more that was due then.
    let again = case().due(Some(at("2026-03-09")));
    let led_to = stands(Phase::UnderAppeal, "works");
    let text = TextRef { id: VaultId::from_uuid(uuid::Uuid::nil()), digest: Digest::of(&[]) };
    let appealed = What::Appealed(Appealed { text, received_at: None });
    let again = again.then(at("2026-04-22"), led_to, appealed);
    assert_eq!(state(&on("2026-05-21", &again.history).all), Some(TargetState::NoTarget));
}

/// On the due date itself a disposal is in time; the table, the ledger and every store say so.
#[test]
fn disposals_of_another_system_are_in_time_or_late() {
    let histories = [
        due_elsewhere(1, "2026-03-09", Some("2026-03-09")),
        due_elsewhere(2, "2026-03-09", Some("2026-03-10")),
        due_elsewhere(3, "2026-03-09", None),
        due_elsewhere(4, "2026-05-09", None),
    ];
    let facts: Vec<_> =
        histories.iter().filter_map(|history| fact_as_of(history, at("2027-01-01"))).collect();
    let terms = Terms::new("2026-04-01".parse().unwrap(), ZONE, AgeRule::Calendar);
    let question = Question::new(terms, Dimension::Unit);
    let table = Cases::read_facts(ZONE, at("2027-01-01"), &facts).cases;
    let counted = table.answer(&question).unwrap();
    let works = &counted.groups()["works"];
    assert_eq!((works.disposed_with_target, works.disposed_on_time), (2, 1));
    assert_eq!((works.overdue, works.due_soon, works.no_target), (1, 0, 0));
    assert_eq!(Ledger::of(&table).unwrap().answer(&question), Ok(counted.clone()));
    for (name, open) in stores() {
        let store = open(&fresh_tenant());
        put(&*store, &facts);
        let survey = store.survey(&Scope::All, &question, at("2027-01-01")).unwrap();
        assert_eq!(survey.answer, counted, "{name}");
    }
}

/// How a case that is disposed at an instant stood to its target, by its clock.
fn judged_by_its_clock(case: &Grievance) -> Option<bool> {
    let clock = case.clock(TargetKind::Resolution)?;
    let ended = case.course.closure.as_ref().map(|closure| closure.at);
    Some(!clock.breached && clock.met_at.or(ended).is_some_and(|met| met <= clock.due_at))
}

/// What the law below came across, so that what was never seen is not taken for tested.
#[derive(Debug, Default)]
struct Met {
    overdue: u64,
    due_soon: u64,
    on_time: u64,
    late: u64,
}

/// As of a day, the table of the facts counts targets as the statement does, and the ledger all that it keeps
/// as the table does.
fn holds(
    day: NaiveDate,
    cases: &[(Vec<Recorded>, Vec<DateTime<Utc>>)],
    ledger: &Ledger,
    met: &mut Met,
) -> Balance {
    let terms = Terms::new(day, ZONE, AgeRule::Calendar);
    let facts = cases.iter().filter_map(|(history, told)| told_fact_as_of(history, terms.at(), told));
    let read = Cases::read_facts(ZONE, DateTime::<Utc>::MAX_UTC, facts);
    assert_eq!(read.rejected, []);
    let part = read.cases.count(read.cases.unit(), None, &terms).unwrap();
    let mis = statement(day, cases.iter().map(|(history, _)| history));
    let mut timed = BTreeMap::<UnitCode, (u64, u64)>::new();
    for (history, _) in cases {
        let Some(case) = grievance_as_of(history, terms.at()) else { continue };
        let counts = case.phase() == Phase::Disposed && !case.is_part() && case.sealed.is_none();
        if let Some(on_time) = judged_by_its_clock(&case).filter(|_| counts) {
            let of = timed.entry(case.unit().clone()).or_default();
            *of = (of.0 + 1, of.1 + u64::from(on_time));
        }
    }
    for row in &mis.units {
        let none = Part::new(&terms).total();
        let tally = part.groups().get(row.code.as_str()).unwrap_or(&none);
        targets_agree(tally, &row.figures);
        let timed = timed.get(&row.code).copied().unwrap_or_default();
        assert_eq!((tally.disposed_with_target, tally.disposed_on_time), timed, "{day} {}", row.code);
        met.overdue += tally.overdue;
        met.due_soon += tally.due_soon;
        met.on_time += timed.1;
        met.late += timed.0 - timed.1;
    }
    let balance = ledger.balance(&Picked::all(), &terms).unwrap();
    assert_eq!(balance, Balance::of(&part.total(), ZONE), "{day}");
    balance
}

/// Two years of an office that decides, pauses, reports, appeals and is late: as of any day the table of
/// the facts and the ledger that follows the store count targets as the statement does, and silences as
/// each other; at the end every store does, and the row that each commit left is what the history and the
/// rulebooks of its time say.
#[test]
fn table_ledger_and_stores_count_targets_as_the_statement_does() {
    let tenant = TenantCode::new("test").unwrap();
    let store: Arc<dyn Store> = SqliteStore::open_in_memory().unwrap().tenant(&tenant);
    run(store.clone(), Plan { years: 2, cases_a_year: 120, seed: 41 });
    let desk = Desk::open(store.clone(), tenant.clone(), KeyRing::for_tests());
    let mut cases = Vec::new();
    store
        .scan(&Scope::All, &mut |history| {
            cases.push((
                history.to_vec(),
                told_at(history, |version| desk.edition(version).map(Some)).unwrap(),
            ));
            true
        })
        .unwrap();
    let end = DateTime::<Utc>::MAX_UTC;
    let mut rows = Vec::new();
    for (history, told) in &cases {
        let fact = told_fact_as_of(history, end, told).unwrap();
        assert_eq!(store.fact(fact.id).unwrap().as_ref(), Some(&fact));
        rows.push(fact);
    }
    assert_eq!(desk.renew_rows().unwrap(), 0);
    let mut standing = Standing::new(tenant, ZONE);
    desk.bring_current(&mut standing).unwrap();
    let mut met = Met::default();
    for step in 0..40_u64 {
        let day = "2004-02-03".parse::<NaiveDate>().unwrap() + Days::new(step * 19);
        let balance = holds(day, &cases, standing.ledger(), &mut met);
        assert!(step < 5 || balance.silence.count() > 0, "nobody was told anything by {day}");
    }
    assert!(met.overdue > 20 && met.due_soon > 20, "{met:?}");

    let terms = Terms::new("2005-06-01".parse().unwrap(), ZONE, AgeRule::Calendar);
    for by in Dimension::ALL {
        let question = Question::new(terms.clone(), by);
        let expected = Survey::of(&rows, &question, end);
        assert_eq!(store.survey(&Scope::All, &question, end).unwrap(), expected);
        for (name, open) in stores() {
            let other = open(&fresh_tenant());
            put(&*other, &rows);
            assert_eq!(other.survey(&Scope::All, &question, end).unwrap(), expected, "{name}");
        }
    }
}

/// The same of the lives that the scenario files tell, in which cases are disposed, in time and late.
#[test]
fn the_lives_of_scenarios_count_targets_as_the_statement_does() {
    let cases: Vec<_> =
        crate::measure_pack::lives().into_iter().map(|history| (history, Vec::new())).collect();
    let mut ledger = Ledger::new(ZONE);
    for (history, _) in &cases {
        ledger.enter_history(history).unwrap();
    }
    let mut met = Met::default();
    for step in 0..52_u64 {
        holds("2026-01-05".parse::<NaiveDate>().unwrap() + Days::new(step * 7), &cases, &ledger, &mut met);
    }
    assert!(met.on_time > 20 && met.late > 0 && met.overdue > 20 && met.due_soon > 0, "{met:?}");
}
