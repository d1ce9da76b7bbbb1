//! What begins, moves and ends a deadline, rule by rule; and rulebooks that are refused.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at as instant, open, tenant};
use crate::office::{Story, actor};
use chrono::TimeDelta;
use grievance_core::desk::{Adopting, Desk};
use grievance_core::grievance::command::Command;
use grievance_core::grievance::event::{Position, What};
use grievance_core::grievance::payload::{Adopted, AdoptedFact, AdoptedStep};
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::target::{Amount, Pause, Used};
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{Because, ErrorCode, Phase, TargetKind, TimeUnit};
use serde_json::{Value, json};

fn pothole(story: &mut Story) -> GrievanceId {
    story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}))
}

fn due(story: &Story, case: GrievanceId) -> String {
    let due = CaseFact::of(story.office.live(case)).due_at;
    due.map_or_else(|| "none".to_owned(), |due| due.format("%m-%dT%H:%M").to_string())
}

fn done(evidence: &Value, reason: &str) -> Value {
    json!({"remarks": "r", "reason": reason, "evidence": evidence})
}

fn benefit() -> Value {
    done(&json!({"date": "2026-03-02", "reference": "1"}), "benefit_provided")
}

/// Another office: the deadline stays, begins anew, or goes on under the rule there.
#[test]
fn a_transfer_keeps_carries_or_restarts() {
    for (policy, expected) in [("keep", "03-16T17:00"), ("carry", "03-09T17:00"), ("restart", "03-11T17:00")]
    {
        let mut story = Story::with(
            "city-311",
            &format!(
                "zone = \"UTC\"\ntarget = [{{ code = \"water\", kind = \"resolution\", unit = \"water\", within = 5, on_transfer = \"{policy}\" }}]"
            ),
        );
        let case = pothole(&mut story);
        assert_eq!(due(&story, case), "03-16T17:00");
        story.later(TimeDelta::days(2));
        let body = json!({"unit": "water", "remarks": "A pipe."});
        story.does(&actor("hod", "works"), case, "transfer", body);
        assert_eq!(due(&story, case), expected, "{policy}");
    }
}

/// Another subject may mean another rule; the time used stays used.
#[test]
fn another_subject_carries_the_time_used() {
    let mut story = Story::with(
        "city-311",
        "zone = \"UTC\"\ntarget = [{ code = \"trees\", kind = \"resolution\", category = \"trees\", within = 4 }]",
    );
    let case = pothole(&mut story);
    story.later(TimeDelta::days(2));
    let body = json!({"category": "trees", "remarks": "A root."});
    story.does(&actor("cell_officer", "desk"), case, "recategorise", body);
    assert_eq!(due(&story, case), "03-06T17:00");
}

/// Reopening begins a run of its own: a new deadline, and the breach of before on record.
#[test]
fn a_reopening_begins_anew_and_forgives_nothing() {
    let mut story = Story::with("city-311", "zone = \"UTC\"");
    let (citizen, works) = (actor("complainant", ""), actor("hod", "works"));
    let case = pothole(&mut story);
    story.later(TimeDelta::days(30));
    story.does(&works, case, "dispose", benefit());
    assert_eq!(due(&story, case), "none");
    story.does(&citizen, case, "reopen", json!({"remarks": "It is back."}));
    assert_eq!(due(&story, case), "04-15T17:00");
    assert_eq!(CaseFact::of(story.office.live(case)).breaches, 1);
}

/// Calendar days, to the end of the last; one on which the office is closed runs on to the next
/// open day. The millisecond after is too late.
#[test]
fn a_window_ends_on_an_open_day() {
    // Closed on 2 March; 30 days later is Wednesday 1 April, here a holiday.
    let holiday = "zone = \"UTC\"\n[calendar]\nholiday = [{ code = \"h\", date = 2026-04-01, name = \"H\", source = \"t\" }]";
    for (lines, last) in [("zone = \"UTC\"", "2026-04-02T00:00:00Z"), (holiday, "2026-04-03T00:00:00Z")] {
        for (late, code) in [(-1, None), (0, Some(ErrorCode::WindowClosed))] {
            let mut story = Story::with("city-311", lines);
            let (citizen, works) = (actor("complainant", ""), actor("hod", "works"));
            let case = pothole(&mut story);
            story.does(&works, case, "dispose", benefit());
            // A story takes its steps a minute later.
            story.now = instant(last) + TimeDelta::milliseconds(late) - TimeDelta::minutes(1);
            let answer = story.attempt(&citizen, Some(case), "reopen", json!({"remarks": "Back."}));
            assert_eq!(answer.err().map(|refused| refused.code), code, "{last} {late}");
        }
    }
}

/// Where an outcome is owed, the case may be opened again at any time, and the day it was
/// promised for is a deadline like any other.
#[test]
fn an_owed_outcome_has_a_deadline_and_no_window() {
    let mut story = Story::with("city-311", "zone = \"UTC\"");
    let (citizen, works) = (actor("complainant", ""), actor("hod", "works"));
    let case = pothole(&mut story);
    let promised = done(&json!({"follow_up_date": "2026-04-10"}), "action_within_90_days");
    story.does(&works, case, "dispose", promised);
    story.later(TimeDelta::days(200));
    let now = story.now;
    story.office.decided(Some(case), &Command::TimerDue, &Desk::system(), now).unwrap();
    let fact = CaseFact::of(story.office.live(case));
    assert_eq!((fact.breaches, fact.breached_at), (1, Some(instant("2026-04-11T00:00:00Z"))));
    story.does(&citizen, case, "reopen", json!({"remarks": "Nothing happened."}));
}

/// An appeal has a deadline of its own, which ends with its decision; allowed, the case begins anew.
#[test]
fn an_appeal_is_decided_by_its_day() {
    let mut story = Story::under("west-bengal");
    let rule = story.office.rulebook.targets().iter().any(|rule| rule.kind == TargetKind::AppealDecision);
    assert!(rule);
    let hostile = include_str!("../../testdata/rulebooks/hostile.toml");
    story.office.rulebook = Rulebook::from_toml(hostile).unwrap().into();
    let (citizen, desk) = (actor("complainant", ""), actor("cell_officer", "desk"));
    let case = story.lodge(&citizen, json!({"narrative": "n", "category": "pothole", "anonymous": true}));
    story.does(&actor("hod", "works"), case, "admit", json!({}));
    story.does(&desk, case, "dispose", benefit());
    let who = grievance_core::rulebook::access::Actor {
        person: story.office.live(case).subject.complainant.person.unwrap(),
        ..citizen
    };
    story.does(&who, case, "appeal", json!({"grounds": "No."}));
    let clock = story.office.live(case).clock(TargetKind::AppealDecision).unwrap().clone();
    assert_eq!((clock.amount.within, clock.from_at, clock.met_at), (2, story.now, None));
    story.later(TimeDelta::days(1));
    let judge = actor("appellate_authority", story.unit(case));
    story.does(&judge, case, "decide_appeal", json!({"outcome": "allowed", "remarks": "Look again."}));
    let live = story.office.live(case);
    assert_eq!(live.clock(TargetKind::AppealDecision).unwrap().met_at, Some(story.now));
    assert_eq!(live.clock(TargetKind::Resolution).unwrap().from_at, story.now);
}

/// At most so many extensions, each to a later day, and only while something is due.
#[test]
fn extensions_are_counted_and_only_later() {
    let mut story = Story::with("city-311", "zone = \"UTC\"");
    let (desk, case) = (actor("cell_officer", "desk"), pothole(&mut story));
    let to = |day: &str| json!({"until": day, "remarks": "The roller is late."});
    story.cannot(&desk, case, "extend", to("2026-03-16"), ErrorCode::InvalidCommand);
    story.does(&desk, case, "extend", to("2026-03-21"));
    assert_eq!(due(&story, case), "03-23T17:00", "a Saturday runs on to Monday");
    story.cannot(&desk, case, "extend", to("2026-03-23"), ErrorCode::InvalidCommand);
    story.does(&desk, case, "extend", to("2026-03-24"));
    story.cannot(&desk, case, "extend", to("2026-04-24"), ErrorCode::TooMany);
    let moved = story.office.cases[&case].history.iter().filter(
        |next| matches!(&next.event.what, What::TargetMoved(moved) if moved.because == Because::Extended),
    );
    assert_eq!(moved.count(), 2);
}

/// Imported open cases have deadlines from the declared instant on, once; closed ones have none.
#[test]
fn imported_cases_count_from_the_declared_instant() {
    let desk = open(MemoryStore::default().tenant(&tenant()));
    let text = "extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"";
    desk.activate(Rulebook::from_toml(text).unwrap(), instant("2020-01-01T00:00:00Z")).unwrap();
    let fact = |what, phase, stage: &str| AdoptedFact {
        at: instant("2025-01-02T00:00:00Z"),
        led_to: Position { phase, stage: stage.parse().unwrap(), unit: "works".parse().unwrap() },
        what,
        reason: None,
        class: None,
    };
    let adopting = |number: &str, closed: bool| {
        let mut facts = vec![fact(AdoptedStep::Lodged, Phase::Registered, "received")];
        if closed {
            facts.push(fact(AdoptedStep::Ended, Phase::Withdrawn, "withdrawn"));
        }
        let facts = Adopted {
            sealed: None,
            facts,
            gaps: Vec::new(),
            kind: "grievance".parse().unwrap(),
            number: number.into(),
            source: "old".parse().unwrap(),
            category: None,
            channel: None,
            due_at: None,
            closure_text: None,
            place: None,
            narrative: None,
            received_at: None,
        };
        Adopting { facts, narrative: None, closure_text: None }
    };
    let now = instant("2026-03-04T00:00:00Z");
    let cases = vec![adopting("1", false), adopting("2", true), adopting("3", false)];
    let taken = desk.adopt_all(&Desk::system(), now, cases, true).unwrap();
    assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    assert_eq!(desk.sweep(now, 10).unwrap().cases, 0, "nothing is due before they go live");
    let live = instant("2026-03-02T09:00:00Z");
    let begun: Vec<_> = (0..2).map(|_| desk.go_live(live, now, None, 100).unwrap().begun).collect();
    assert_eq!(begun, [2, 0], "once");
    let page = desk.search(&grievance_core::store::search::Search::default()).unwrap().cases;
    let open: Vec<_> = page.iter().filter_map(|fact| fact.due_at).collect();
    assert_eq!(open, [instant("2026-03-16T17:00:00Z"); 2]);
    assert_eq!(desk.sweep(instant("2026-03-17T00:00:00Z"), 10).unwrap().breaches, 2);
}

/// Each mistake is refused with its path, before anything runs on it.
#[test]
fn what_could_never_come_is_refused() {
    let target = |fields: &str| format!("target = [{{ code = \"x\", {fields} }}]");
    let level = |fields: &str| format!("escalation = [{{ code = \"x\", {fields} }}]");
    let schedule = |fields: &str| format!("schedule = [{{ code = \"x\", {fields} }}]");
    let bad = [
        (target("within = 3"), "target[3].kind"),
        (target("kind = \"resolution\""), "target[3].within"),
        (target("kind = \"resolution\", within = 4000"), "target[3].within"),
        (target("kind = \"resolution\", within = 3, paused_in = [\"in_progress\"]"), "target[3].pause_days"),
        (
            target("kind = \"resolution\", within = 3, paused_in = [\"disposed\"], pause_days = 3"),
            "target[3].paused_in",
        ),
        (target("kind = \"resolution\", within = 3, from = \"disposed\""), "target[3].from"),
        (target("kind = \"resolution\", within = 3, from = \"target_breached\""), "target[3].from"),
        (
            target("kind = \"resolution\", within = 3, counted = \"working_hours\", keep_clock = true"),
            "target[3].keep_clock",
        ),
        (target("kind = \"resolution\", within = 3, priority = \"nope\""), "target[3].priority"),
        (
            target("kind = \"reopening\", within = 3, paused_in = [\"disposed\"], pause_days = 3"),
            "target[3].paused_in",
        ),
        (target("kind = \"appeal_filing\", within = 3, from = \"appeal_decided\""), "target[3].from"),
        (target("kind = \"reopening\", within = 3, from = \"appeal_decided\""), "target[3].from"),
        (target("kind = \"reopening\", within = 3, counted_from = \"recorded\""), "target[3].counted_from"),
        (target("kind = \"reopening\", within = 3, on_transfer = \"restart\""), "target[3].on_transfer"),
        (
            target("kind = \"reopening\", within = 3, counted = \"calendar_days\", keep_clock = true"),
            "target[3].keep_clock",
        ),
        (target("kind = \"review\", from = \"appeal_decided\""), "target[3].from"),
        (target("kind = \"review\", within = 3"), "target[3].within"),
        (target("kind = \"review\", counted = \"working_days\""), "target[3].counted"),
        (target("kind = \"review\", keep_clock = true"), "target[3].keep_clock"),
        (target("kind = \"review\", counted_from = \"recorded\""), "target[3].counted_from"),
        (target("kind = \"review\", paused_in = [\"in_progress\"], pause_days = 3"), "target[3].paused_in"),
        (target("kind = \"review\", on_recategorise = \"carry\""), "target[3].on_recategorise"),
        (target("kind = \"reference_reply\", within = 3, from = \"part_opened\""), "target[3].from"),
        (target("kind = \"reference_reply\", within = 3, from = \"assigned\""), "target[3].from"),
        (
            target("kind = \"resolution\", within = 3, from = \"acknowledged\", counted_from = \"received\""),
            "target[3].counted_from",
        ),
        (level("level = 0, percent = 50"), "escalation[1].level"),
        (level("level = 2"), "escalation[1]"),
        (level("level = 2, percent = 50, after = 2"), "escalation[1]"),
        (level("level = 2, percent = 101"), "escalation[1].percent"),
        (level("level = 2, percent = 50"), "escalation[0].level"),
        (level("level = 1, after = 2"), "escalation[1].level"),
        (level("level = 2, after = 2, target = \"reopening\""), "escalation[1].target"),
        (level("level = 2, after = 2, target = \"interim_reply\""), "escalation[1].target"),
        (level("level = 2, after = 2, unit = \"works\", up = 1"), "escalation[1].unit"),
        (level("level = 2, after = 2, post = \"nope\""), "escalation[1].post"),
        (schedule("weekday = \"monday\", at = \"10:00\""), "schedule[2].kind"),
        (schedule("kind = \"review\", weekday = \"monday\", at = \"25:00\""), "schedule[2].at"),
        (schedule("kind = \"review\", weekday = \"moonday\", at = \"10:00\""), "schedule[2]"),
        (schedule("kind = \"review\", weekday = \"monday\", nth = 6, at = \"10:00\""), "schedule[2]"),
        (schedule("kind = \"review\", day = 32, at = \"10:00\""), "schedule[2]"),
        (schedule("kind = \"review\", at = \"10:00\""), "schedule[2]"),
        (schedule("kind = \"review\", day = 1, at = \"17:00\""), "schedule[2].at"),
        (schedule("kind = \"review\", weekday = \"monday\", at = \"23:00\""), "schedule[2].at"),
        (
            schedule("kind = \"review\", weekday = \"sunday\", at = \"10:00\", on_closed = \"skip\""),
            "schedule[2].at",
        ),
    ];
    for (lines, path) in bad {
        let text = format!("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\n{lines}");
        let refused = Rulebook::from_toml(&text).expect_err(&lines);
        let found: Vec<_> =
            refused.findings.iter().filter(|it| it.is_error()).map(|it| it.path.clone()).collect();
        assert!(found.iter().any(|own| own == path), "{lines}: {found:?}");
    }
    // What counts for something is taken.
    for lines in [
        target("kind = \"review\""),
        target("kind = \"review\", from = \"disposed\""),
        target("kind = \"reopening\", within = 3, from = \"disposed\""),
        target("kind = \"reference_reply\", within = 3, from = \"lodged\", counted_from = \"recorded\""),
        target("kind = \"first_action\", within = 3, counted_from = \"received\""),
        target("kind = \"appeal_decision\", within = 3, counted_from = \"received\""),
        schedule("kind = \"review\", weekday = \"monday\", at = \"23:00\", on_closed = \"same\""),
        schedule("kind = \"review\", weekday = \"sunday\", at = \"10:00\""),
        schedule("kind = \"review\", day = 1, at = \"06:00\""),
    ] {
        let text = format!("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\n{lines}");
        assert!(Rulebook::from_toml(&text).is_ok(), "{lines}");
    }
    let circle = "escalation = [{ code = \"a\", level = 2, after = 2, unit = \"works\", does = \"reassign\" }, \
        { code = \"b\", level = 3, after = 3, unit = \"water\", does = \"reassign\" }]";
    let text = format!("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\n{circle}");
    assert!(Rulebook::from_toml(&text).is_err(), "a case would go round");
    let unknown = target("kind = \"resolution\", within = 3, from = \"moonrise\"");
    let text = format!("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\n{unknown}");
    assert!(Rulebook::from_toml(&text).is_err());
}

/// Asked on the Friday on which the answer is due, told after the office has closed: it is due on Monday.
#[test]
fn no_deadline_comes_while_its_clock_stands() {
    let rulebook =
        Rulebook::from_toml("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"").expect("sound");
    let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    let four = Amount { within: 4, counted: TimeUnit::WorkingDays, keep_clock: false };
    let lodged = instant("2026-03-02T09:00:00Z");
    for (from, until, due) in [
        ("2026-03-06T10:00:00Z", "2026-03-06T16:59:59.999Z", "2026-03-06T17:00:00Z"),
        ("2026-03-06T15:00:00Z", "2026-03-06T17:00:00Z", "2026-03-09T17:00:00Z"),
        ("2026-03-06T15:00:00Z", "2026-03-06T20:00:00Z", "2026-03-09T17:00:00Z"),
        ("2026-03-06T15:00:00Z", "2026-03-09T10:00:00Z", "2026-03-09T17:00:00Z"),
        ("2026-03-06T17:00:00.001Z", "2026-03-06T20:00:00Z", "2026-03-06T17:00:00Z"),
    ] {
        let stood = [Pause { from: instant(from), until: instant(until) }];
        assert_eq!(four.due(calendar, lodged, &stood, false), instant(due), "{from} to {until}");
        assert_eq!(four.used(calendar, lodged, &stood, instant(due)), Used::Days(4), "{from} to {until}");
    }
}
