//! How a case moves among offices.

use crate::office::{Story, actor};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::vocabulary::ErrorCode;
use serde_json::json;

fn pothole(story: &mut Story) -> GrievanceId {
    story.lodge(&actor("complainant", ""), json!({"narrative": "a hole", "category": "pothole"}))
}

/// Three departments pass it on; the fourth transfer sends it to the desk, whose word is binding.
#[test]
fn at_the_transfer_cap_the_cell_decides_and_its_assignment_is_binding() {
    let mut story = Story::under("city-311");
    let case = pothole(&mut story);
    for (from, to) in [("works", "water"), ("water", "parks"), ("parks", "works")] {
        story.does(&actor("hod", from), case, "transfer", json!({"unit": to, "remarks": "not ours"}));
        assert_eq!(story.unit(case), to);
    }
    let body = json!({"unit": "lighting", "remarks": "not ours"});
    story.does(&actor("hod", "works"), case, "transfer", body.clone());
    assert_eq!((story.stage(case), story.unit(case)), ("received", "desk"));
    assert_eq!(story.office.live(case).transfers, 3);
    story.does(&actor("cell_officer", "desk"), case, "assign", json!({"unit": "water"}));
    let water = actor("hod", "water");
    story.cannot(&water, case, "transfer", body, ErrorCode::AssignmentBinding);
    story.cannot(&water, case, "return", json!({"remarks": "no"}), ErrorCode::AssignmentBinding);
}

/// Where the rulebook has no step for the cap and the desk itself is accused, the office above
/// the desk decides.
#[test]
fn at_the_cap_an_accused_cell_does_not_get_the_case() {
    let rulebook = include_str!("../../testdata/rulebooks/hostile.toml");
    let mut story = Story::under("city-311");
    let rulebook = grievance_core::rulebook::Rulebook::from_toml(rulebook).unwrap();
    story.office = crate::office::Office::new(std::sync::Arc::new(rulebook), 3);
    let body = json!({"narrative": "n", "category": "pothole", "against_unit": "desk"});
    let case = story.lodge(&actor("complainant", ""), body);
    story.does(&actor("hod", "works"), case, "transfer", json!({"unit": "water", "remarks": "r"}));
    story.does(&actor("hod", "water"), case, "transfer", json!({"unit": "parks", "remarks": "r"}));
    assert_eq!(story.unit(case), "city");
}

#[test]
fn a_case_is_forwarded_down_and_transferred_sideways() {
    let mut story = Story::under("west-bengal");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "land"}));
    story.does(&actor("cell_officer", "cmo-cell"), case, "assign", json!({"unit": "bankura"}));
    let head = actor("hod", "bankura");
    let to = |unit: &str| json!({"unit": unit, "remarks": "r"});
    story.cannot(&head, case, "forward", to("nadia"), ErrorCode::UnitNotBelow);
    story.cannot(&head, case, "transfer", to("bankura-land"), ErrorCode::UnitNotBeside);
    story.cannot(&head, case, "transfer", to("bankura"), ErrorCode::AlreadyThere);
    story.cannot(&head, case, "transfer", to("atlantis"), ErrorCode::UnknownCode);
    story.does(&head, case, "forward", to("bankura-land"));
    let office = actor("sub_office_officer", "bankura-land");
    story.does(&office, case, "return", json!({"remarks": "not for us"}));
    assert_eq!((story.stage(case), story.unit(case)), ("with_department", "bankura"));
}

#[test]
fn an_office_that_has_ended_gets_nothing() {
    let unit = "unit = [{ code = \"closed-office\", name = \"Closed\", kind = \"office\", head = \"head\", valid_to = 2026-01-31 }]";
    let mut story = Story::with("city-311", unit);
    let case = pothole(&mut story);
    let cell = actor("cell_officer", "desk");
    story.cannot(&cell, case, "assign", json!({"unit": "closed-office"}), ErrorCode::UnitClosed);
}

#[test]
fn a_sent_case_is_recalled_by_the_sender_before_it_is_opened_and_not_after() {
    let mut story = Story::under("city-311");
    let case = pothole(&mut story);
    let (works, water) = (actor("hod", "works"), actor("hod", "water"));
    story.cannot(&works, case, "recall", json!({}), ErrorCode::NobodySent);
    story.does(&works, case, "transfer", json!({"unit": "water", "remarks": "r"}));
    story.cannot(&actor("cell_officer", "desk"), case, "recall", json!({}), ErrorCode::OutOfReach);
    story.does(&works, case, "recall", json!({}));
    assert_eq!(story.unit(case), "works");
    story.does(&works, case, "transfer", json!({"unit": "water", "remarks": "r"}));
    story.does(&water, case, "acknowledge", json!({}));
    story.cannot(&works, case, "recall", json!({}), ErrorCode::AlreadyOpened);
}

#[test]
fn nobody_sent_what_routing_left_with_the_cell() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "something"}));
    let city = actor("hod", "city");
    story.cannot(&city, case, "return", json!({"remarks": "r"}), ErrorCode::NobodySent);
}

#[test]
fn only_an_office_that_was_asked_answers() {
    let mut story = Story::under("city-311");
    let case = pothole(&mut story);
    let works = actor("hod", "works");
    story.cannot(
        &actor("cell_officer", "desk"),
        case,
        "answer",
        json!({"answer": "a"}),
        ErrorCode::NotConsulted,
    );
    story.does(&works, case, "consult", json!({"unit": "water", "question": "a pipe?"}));
    assert_eq!(story.unit(case), "works", "custody stays");
    story.does(&actor("hod", "water"), case, "answer", json!({"answer": "no pipe"}));
    assert!(story.office.live(case).consulted.is_empty());
}

#[test]
fn nobody_is_above_the_highest_office() {
    let mut story = Story::under("city-311");
    let body = json!({"narrative": "n", "category": "pothole", "against_unit": "works"});
    let case = story.lodge(&actor("complainant", ""), body);
    story.cannot(&actor("cell_officer", "desk"), case, "escalate", json!({}), ErrorCode::NobodyAbove);
}
