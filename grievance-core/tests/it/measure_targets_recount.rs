//! Targets, missed deadlines and escalations in the statement, against a recount of the raw events of a
//! simulated office.

use crate::measure_cases::targets_agree;
use crate::measure_histories::histories;
use crate::measure_question::{fresh_tenant, put, stores};
use crate::measure_targets::{ZONE, statement};
use crate::sim_office::{Plan, run};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::tell::told_at;
use grievance_core::kernel::code::{TenantCode, UnitCode};
use grievance_core::kernel::time::start_of_day;
use grievance_core::measure::as_of::{grievance_as_of, told_fact_as_of};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::Part;
use grievance_core::measure::ledger::Picked;
use grievance_core::measure::ledger::answer::Balance;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::ledger::standing::Standing;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::measure::statement::Figures;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::survey::Survey;
use grievance_core::vocabulary::{AgeRule, Phase, TargetKind, TargetState};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    let histories = histories(&*store);
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
