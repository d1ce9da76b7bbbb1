//! Targets, missed deadlines and escalations in the statement, by hand.

use crate::measure_histories::{Case, at, fact, stands};
use crate::measure_question::{fresh_tenant, put, stores};
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::{
    AdoptedStep, Appealed, ClockPaused, Escalated, Noted, TargetBreached, TargetSet,
};
use grievance_core::kernel::code::{RuleCode, UnitCode};
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::measure::statement::{Figures, LevelCount, Mis};
use grievance_core::measure::target::Breaches;
use grievance_core::rulebook::access::Scope;
use grievance_core::vocabulary::{AgeRule, Phase, TargetKind, TargetState, TimeUnit};

pub(crate) const ZONE: chrono_tz::Tz = chrono_tz::UTC;

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

pub(crate) fn statement<'a>(day: NaiveDate, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> Mis {
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
