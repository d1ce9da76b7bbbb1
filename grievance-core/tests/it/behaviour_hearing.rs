//! How the complainant is told and asked.

use crate::office::{Story, actor};
use grievance_core::vocabulary::ErrorCode;
use serde_json::json;

#[test]
fn a_case_goes_on_where_information_was_sought() {
    let mut story = Story::under("west-bengal");
    let citizen = actor("complainant", "");
    let case = story.lodge(&citizen, json!({"narrative": "n"}));
    story.does(&actor("cell_officer", "cmo-cell"), case, "assign", json!({"unit": "bankura"}));
    story.does(&actor("hod", "bankura"), case, "seek_information", json!({"question": "which plot?"}));
    assert_eq!(story.stage(case), "information_awaited");
    story.does(&citizen, case, "provide_information", json!({"information": "plot 7"}));
    assert_eq!(story.stage(case), "with_department");
}

#[test]
fn an_interim_reply_says_when_it_will_end() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    let head = actor("hod", "works");
    let reply = |day: &str| json!({"reply": "soon", "expected_by": day});
    story.cannot(&head, case, "interim_reply", reply("2026-03-02"), ErrorCode::InvalidCommand);
    story.does(&head, case, "interim_reply", reply("2026-03-03"));
}

#[test]
fn a_rating_is_one_to_five_and_comes_from_somebody_who_was_reached() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n"}));
    let agent = actor("call_agent", "desk");
    let rated = |rating: u32| json!({"outcome": "satisfied", "rating": rating});
    story.cannot(&agent, case, "record_feedback", rated(6), ErrorCode::InvalidCommand);
    story.cannot(&agent, case, "record_feedback", rated(0), ErrorCode::InvalidCommand);
    story.does(&agent, case, "record_feedback", rated(5));
}

#[test]
fn a_stranger_does_not_see_the_case() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n"}));
    let stranger = actor("complainant", "desk");
    story.cannot(&stranger, case, "comment", json!({"text": "t"}), ErrorCode::NotFound);
}
