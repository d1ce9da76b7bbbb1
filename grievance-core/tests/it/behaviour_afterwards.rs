//! What may follow a closure, and what may be undone.

use crate::office::{Story, actor, at};
use chrono::TimeDelta;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::vocabulary::ErrorCode;
use serde_json::{Value, json};

fn finding() -> Value {
    json!({"reason": "not_sustained", "evidence": {"finding": "f"}, "remarks": "r"})
}

fn closed(preset: &str, category: &str, head: &str) -> (Story, GrievanceId) {
    let mut story = Story::under(preset);
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": category}));
    let officer = actor("hod", head);
    if preset == "cpgrams" {
        story.does(&officer, case, "admit", json!({}));
    }
    story.does(&officer, case, "dispose", finding());
    (story, case)
}

/// Disposed on 2 March in India, so the thirtieth day is 1 April: it ends at 18:30 UTC, which is
/// midnight there.
#[test]
fn the_last_day_of_a_window_is_the_offices_day() {
    let citizen = actor("complainant", "");
    let (mut story, case) = closed("cpgrams", "banking", "finance");
    story.now = at(4, 1, 18, 29);
    story.cannot(&citizen, case, "appeal", json!({"grounds": "unfair"}), ErrorCode::WindowClosed);
    story.now = at(4, 1, 18, 28);
    story.does(&citizen, case, "appeal", json!({"grounds": "unfair"}));
    assert_eq!((story.stage(case), story.unit(case)), ("appealed", "finance-appeals"));
}

#[test]
fn an_appeal_is_decided_by_another_officer_above() {
    let (mut story, case) = closed("cpgrams", "banking", "finance");
    story.does(&actor("complainant", ""), case, "appeal", json!({"grounds": "unfair"}));
    let mut same = actor("appellate_authority", "finance-appeals");
    let decision = json!({"outcome": "allowed", "remarks": "look again"});
    let other = same.clone();
    same.person = actor("hod", "finance").person;
    story.cannot(&same, case, "decide_appeal", decision.clone(), ErrorCode::SameOfficer);
    story.does(&other, case, "decide_appeal", decision);
    assert_eq!((story.stage(case), story.unit(case)), ("with_nodal", "finance"));
    assert!(story.office.live(case).course.closure.is_none());
    assert!(story.office.live(case).first_disposed_at.is_some());
}

#[test]
fn a_reopened_case_keeps_its_number_its_receipt_and_its_first_disposal() {
    let (mut story, case) = closed("city-311", "pothole", "works");
    let before = story.office.live(case).clone();
    story.does(&actor("complainant", ""), case, "reopen", json!({"remarks": "still there"}));
    let after: &Grievance = story.office.live(case);
    assert_eq!(after.subject, before.subject);
    assert_eq!(after.first_disposed_at, before.first_disposed_at);
    assert_eq!((after.stage().as_str(), after.unit().as_str()), ("in_progress", "works"));
}

#[test]
fn rescinding_restores_exactly_what_was() {
    let mut story = Story::under("city-311");
    let head = actor("hod", "works");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    story.does(&head, case, "acknowledge", json!({}));
    story.does(&head, case, "record_call", json!({"reached": false}));
    for (action, body) in [
        ("dispose", finding()),
        ("transfer", json!({"unit": "water", "remarks": "r"})),
        ("report_action", json!({"report": "r"})),
        ("return", json!({"remarks": "r"})),
    ] {
        let before = story.office.live(case).clone();
        story.does(&head, case, action, body);
        story.does(&actor("cell_officer", "desk"), case, "comment", json!({"text": "hm"}));
        story.does(&head, case, "rescind", json!({"remarks": "a slip"}));
        let after = story.office.live(case).clone();
        let same = Grievance { version: before.version, updated_at: before.updated_at, ..after };
        assert_eq!(same, before, "{action}");
    }
    story.cannot(&head, case, "rescind", json!({"remarks": "r"}), ErrorCode::OutOfReach);
    let desk = actor("cell_officer", "desk");
    story.cannot(&desk, case, "rescind", json!({"remarks": "r"}), ErrorCode::NothingToRescind);
    story.does(&head, case, "dispose", finding());
    story.later(TimeDelta::hours(24));
    story.cannot(&head, case, "rescind", json!({"remarks": "late"}), ErrorCode::WindowClosed);
}

#[test]
fn a_due_date_moves_twice_and_only_forward() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n"}));
    let desk = actor("cell_officer", "desk");
    let until = |day: &str| json!({"until": day, "remarks": "rain"});
    story.does(&desk, case, "extend", until("2026-04-01"));
    story.cannot(&desk, case, "extend", until("2026-04-01"), ErrorCode::InvalidCommand);
    story.does(&desk, case, "extend", until("2026-04-02"));
    story.cannot(&desk, case, "extend", until("2026-04-03"), ErrorCode::TooMany);
}
