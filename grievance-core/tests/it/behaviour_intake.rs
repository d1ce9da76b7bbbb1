//! How a case comes in, and what is refused at the door.

use crate::office::{Story, actor};
use chrono::TimeDelta;
use grievance_core::grievance::read::TrackingCode;
use grievance_core::vocabulary::ErrorCode;
use serde_json::json;

#[test]
fn a_case_is_lodged_once() {
    let mut story = Story::under("city-311");
    let citizen = actor("complainant", "");
    let case = story.lodge(&citizen, json!({"narrative": "a hole", "category": "pothole"}));
    assert_eq!((story.stage(case), story.unit(case)), ("received", "works"));
    story.cannot(&citizen, case, "lodge", json!({"narrative": "again"}), ErrorCode::AlreadyLodged);
}

#[test]
fn a_step_on_an_unknown_case_is_refused() {
    let mut story = Story::under("city-311");
    let nobody = "grv_00000000000000000000000000000001".parse().unwrap();
    let refused =
        story.attempt(&actor("cell_officer", "desk"), Some(nobody), "comment", json!({"text": "who?"}));
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_code_that_the_rulebook_lacks_is_named() {
    let mut story = Story::under("city-311");
    let body = json!({"narrative": "a hole", "category": "volcano"});
    let refused = story.attempt(&actor("complainant", ""), None, "lodge", body).unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnknownCode);
    assert!(refused.said.contains("category") && refused.said.contains("volcano"));
}

#[test]
fn an_auditor_lodges_nothing() {
    let mut story = Story::under("city-311");
    let refused = story.attempt(&actor("auditor", ""), None, "lodge", json!({"narrative": "a hole"}));
    assert_eq!(refused.unwrap_err().code, ErrorCode::ActionNotOffered);
}

#[test]
fn an_anonymous_complainant_gets_a_tracking_code_and_leaves_no_name() {
    let mut story = Story::under("west-bengal");
    let kiosk = actor("kiosk_operator", "");
    let done = story.attempt(&kiosk, None, "lodge", json!({"narrative": "n", "anonymous": true})).unwrap();
    let code = done.tracking_code.expect("a code, shown once");
    let kept = story.office.live(done.case).subject.complainant.tracking;
    assert_eq!(kept, Some(TrackingCode::digest(&code.as_str().to_lowercase().replace('-', " "))));
    let named = json!({"narrative": "n", "anonymous": true, "mobile": "9830012345"});
    assert_eq!(story.attempt(&kiosk, None, "lodge", named).unwrap_err().code, ErrorCode::InvalidCommand);
}

#[test]
fn a_joint_petition_names_up_to_five_hundred_signatories() {
    let mut story = Story::under("west-bengal");
    let citizen = actor("complainant", "");
    let names = |count: usize| (0..count).map(|n| format!("Signatory {n}")).collect::<Vec<_>>();
    let case = story.lodge(&citizen, json!({"narrative": "a road", "signatories": names(500)}));
    let signed = story.office.live(case).subject.complainant.signatories.as_ref();
    assert_eq!(signed.map(Vec::len), Some(500));
    let more = json!({"narrative": "a road", "signatories": names(501)});
    assert_eq!(story.attempt(&citizen, None, "lodge", more).unwrap_err().code, ErrorCode::TooMany);
}

#[test]
fn a_reference_says_who_wrote_and_when_a_reply_is_due() {
    let mut story = Story::under("west-bengal");
    let cell = actor("cell_officer", "cmo-cell");
    let letter = json!({
        "narrative": "a bridge", "reference_from": "minister", "reference_letter": "M/17",
        "reference_date": "2026-02-20", "reply_due": "2026-03-16",
    });
    let case = story.lodge(&cell, letter);
    let reference = story.office.live(case).subject.reference.clone().unwrap();
    assert_eq!(reference.reply_due.unwrap().to_string(), "2026-03-16");
    let ahead = json!({"narrative": "n", "reference_from": "court", "reference_date": "2026-04-01"});
    assert_eq!(story.attempt(&cell, None, "lodge", ahead).unwrap_err().code, ErrorCode::InvalidCommand);
}

#[test]
fn paper_may_be_keyed_in_late_but_not_by_everybody() {
    let mut story = Story::under("city-311");
    let late = (story.now - TimeDelta::days(7)).to_rfc3339();
    let body = json!({"narrative": "a letter", "received_at": late});
    let case = story.lodge(&actor("cell_officer", "desk"), body.clone());
    assert_eq!(
        story.office.live(case).subject.received_at,
        story.now - TimeDelta::days(7) - TimeDelta::minutes(1)
    );
    let refused = story.attempt(&actor("complainant", ""), None, "lodge", body).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Backdated);
}

#[test]
fn a_grievance_about_an_office_goes_around_it_and_is_beyond_its_reach() {
    let mut story = Story::under("city-311");
    let body = json!({"narrative": "rude", "category": "pothole", "against_unit": "works"});
    let case = story.lodge(&actor("complainant", ""), body);
    assert_eq!(story.unit(case), "city");
    let head = actor("hod", "works");
    story.cannot(&head, case, "comment", json!({"text": "lies"}), ErrorCode::NotFound);
    let cell = actor("cell_officer", "desk");
    story.cannot(&cell, case, "assign", json!({"unit": "works"}), ErrorCode::UnitAccused);
}

#[test]
fn an_allegation_about_a_post_is_about_the_office_that_the_subject_names() {
    let mut story = Story::under("west-bengal");
    let body =
        json!({"narrative": "n", "category": "mutation", "place": "bankura", "against_post": "office_head"});
    let case = story.lodge(&actor("complainant", ""), body);
    let against = story.office.live(case).subject.against.clone().unwrap();
    assert_eq!(against.unit.unwrap().as_str(), "bankura-land");
    let cell = actor("cell_officer", "cmo-cell");
    story.does(&cell, case, "assign", json!({}));
    assert_eq!(story.unit(case), "bankura");
}

#[test]
fn time_does_not_run_backwards() {
    let mut story = Story::under("city-311");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n"}));
    story.later(TimeDelta::minutes(-10));
    let cell = actor("cell_officer", "desk");
    story.cannot(&cell, case, "comment", json!({"text": "t"}), ErrorCode::ClockBehind);
}

#[test]
fn a_text_has_a_longest_length() {
    let mut story = Story::under("city-311");
    let body = json!({"narrative": "x".repeat(4_001)});
    let refused = story.attempt(&actor("complainant", ""), None, "lodge", body).unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooLong);
}
