//! How a case is reported, judged and closed.

use crate::office::{Story, actor};
use chrono::TimeDelta;
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::vocabulary::{ErrorCode, FeedbackOutcome, Waiver};
use serde_json::{Value, json};

fn benefit() -> Value {
    json!({"reason": "benefit_provided", "evidence": {"date": "2026-03-01", "reference": "ORDER 1"}, "remarks": "done"})
}

/// A case of West Bengal that a sub-office has reported on.
pub(crate) fn reported(story: &mut Story, lodging: Value) -> GrievanceId {
    let case = story.lodge(&actor("complainant", ""), lodging);
    story.does(&actor("cell_officer", "cmo-cell"), case, "assign", json!({"unit": "bankura"}));
    story.does(&actor("hod", "bankura"), case, "forward", json!({"unit": "bankura-land"}));
    let report = json!({"report": "measured", "reason": "not_sustained"});
    story.does(&actor("sub_office_officer", "bankura-land"), case, "report_action", report);
    assert_eq!((story.stage(case), story.unit(case)), ("report_received", "bankura"));
    case
}

fn with_mobile() -> Value {
    json!({"narrative": "land", "mobile": "9830012345"})
}

fn again(story: &mut Story, case: GrievanceId) {
    let officer = actor("nodal_officer", "bankura");
    story.does(&officer, case, "report_action", json!({"report": "looked at again"}));
    story.does(&actor("hod", "bankura"), case, "approve", benefit());
}

#[test]
fn the_head_selects_the_reason_and_the_cell_may_not_alter_it() {
    let mut story = Story::under("west-bengal");
    let case = reported(&mut story, with_mobile());
    let (head, cell) = (actor("hod", "bankura"), actor("cell_officer", "cmo-cell"));
    story.cannot(&head, case, "approve", json!({"reason": "benefit_provided"}), ErrorCode::RemarksMissing);
    let bare = json!({"reason": "benefit_provided", "remarks": "r"});
    story.cannot(&head, case, "approve", bare, ErrorCode::EvidenceMissing);
    story.does(&head, case, "approve", benefit());
    assert_eq!((story.stage(case), story.unit(case)), ("confirmation", "bankura"));
    story.cannot(&cell, case, "dispose", json!({"remarks": "r"}), ErrorCode::FeedbackMissing);
    story.does(&cell, case, "record_feedback", json!({"outcome": "satisfied", "rating": 5}));
    let other = json!({"reason": "not_sustained", "evidence": {"finding": "f"}, "remarks": "r"});
    story.cannot(&cell, case, "dispose", other, ErrorCode::ReasonAlreadySelected);
    story.does(&cell, case, "dispose", json!({"remarks": "confirmed"}));
    let closure = story.office.live(case).course.closure.clone().unwrap();
    assert_eq!((closure.reason.unwrap().as_str(), closure.unit.as_str()), ("benefit_provided", "bankura"));
}

#[test]
fn not_satisfied_twice_is_closed_only_with_a_special_approval() {
    let mut story = Story::under("west-bengal");
    let case = reported(&mut story, with_mobile());
    let cell = actor("cell_officer", "cmo-cell");
    story.does(&actor("hod", "bankura"), case, "approve", benefit());
    story.does(&cell, case, "record_feedback", json!({"outcome": "not_satisfied"}));
    assert_eq!(story.stage(case), "with_department");
    again(&mut story, case);
    story.does(&cell, case, "record_feedback", json!({"outcome": "not_satisfied"}));
    assert_eq!(story.stage(case), "special_review");
    let above = actor("appellate_authority", "govt");
    story.cannot(&cell, case, "dispose", benefit(), ErrorCode::ActionNotOffered);
    story.does(&above, case, "approve", benefit());
    story.does(&cell, case, "dispose", json!({"remarks": "special closure"}));
    let waived = story.office.cases[&case].history.iter().find_map(|it| match &it.event.what {
        What::FeedbackWaived(waived) => Some(waived.because),
        _ => None,
    });
    assert_eq!(waived, Some(Waiver::Exhausted));
}

#[test]
fn a_head_does_not_judge_their_own_report() {
    let mut story = Story::under("west-bengal");
    let case = reported(&mut story, with_mobile());
    let mut same = actor("hod", "bankura");
    same.person = actor("sub_office_officer", "bankura-land").person;
    story.cannot(&same, case, "approve", benefit(), ErrorCode::SameOfficer);
}

#[test]
fn a_special_closure_waits_for_its_approval() {
    let gate = "[workflow]\nstep = [\
        { action = \"lodge\", to = \"received\", custody = \"routed\", role = [\"complainant\", \"kiosk_operator\", \"call_agent\", \"system\", \"appellate_authority\", \"auditor\", \"administrator\", \"field_verifier\", \"nodal_officer\", \"sub_office_officer\"] },\
        { action = \"acknowledge\", from = [\"received\"], to = \"in_progress\", role = [\"hod\"] },\
        { action = \"report_action\", from = [\"in_progress\"], to = \"reported\", custody = \"stay\", role = [\"hod\"] },\
        { action = \"approve\", from = [\"reported\"], role = [\"cell_officer\"] },\
        { action = \"seek_information\", from = [\"received\"], to = \"information_awaited\", role = [\"hod\"] },\
        { action = \"provide_information\", from = [\"information_awaited\"], role = [\"hod\"] },\
        { action = \"dispose\", from = [\"reported\"], to = \"closed\", gate = [\"approval\"], role = [\"hod\"] },\
        { action = \"withdraw\", from = [\"*open\"], to = \"withdrawn\", role = [\"complainant\"] },\
        { action = \"decline\", from = [\"received\"], to = \"declined\", role = [\"hod\"] },\
        { action = \"merge\", from = [\"received\"], to = \"merged\", role = [\"cell_officer\"] },\
    ]";
    let mut story = Story::with("city-311", gate);
    let head = actor("hod", "works");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    story.does(&head, case, "acknowledge", json!({}));
    story.does(&head, case, "report_action", json!({"report": "r"}));
    story.cannot(&head, case, "dispose", benefit(), ErrorCode::ApprovalMissing);
    story.does(&actor("cell_officer", "desk"), case, "approve", json!({}));
    story.does(&head, case, "dispose", benefit());
}

/// Three attempts, on two days, in two slots of the day; the day is the office's.
#[test]
fn a_complainant_is_unreachable_after_three_attempts_on_two_days_in_two_slots() {
    let mut story = Story::under("west-bengal");
    let case = reported(&mut story, with_mobile());
    story.does(&actor("hod", "bankura"), case, "approve", benefit());
    let agent = actor("call_agent", "cmo-cell");
    let unreachable = json!({"outcome": "unreachable"});
    let call = json!({"reached": false});
    let refuse = |story: &mut Story| {
        story.cannot(&agent, case, "record_feedback", unreachable.clone(), ErrorCode::AttemptsMissing);
    };
    refuse(&mut story);
    for _ in 0..3 {
        story.does(&agent, case, "record_call", call.clone());
    }
    refuse(&mut story); // three attempts, but on one day and in one slot
    story.later(TimeDelta::hours(24));
    story.does(&agent, case, "record_call", call.clone());
    refuse(&mut story); // two days, but always in the forenoon
    story.later(TimeDelta::hours(4));
    story.does(&agent, case, "record_call", json!({"reached": true}));
    refuse(&mut story); // reaching them is no failed attempt
    story.does(&agent, case, "record_call", call);
    story.does(&agent, case, "record_feedback", unreachable);
    assert_eq!(story.stage(case), "heard");
}

/// The calls of the sub-office before its report are the evidence for the reason it proposes.
#[test]
fn the_attempts_of_the_office_that_reports_count_for_its_reason() {
    let mut story = Story::under("west-bengal");
    let case = story.lodge(&actor("complainant", ""), with_mobile());
    story.does(&actor("cell_officer", "cmo-cell"), case, "assign", json!({"unit": "bankura"}));
    story.does(&actor("hod", "bankura"), case, "forward", json!({"unit": "bankura-land"}));
    let office = actor("sub_office_officer", "bankura-land");
    for hours in [0, 24, 4] {
        story.later(TimeDelta::hours(hours));
        story.does(&office, case, "record_call", json!({"reached": false}));
    }
    let report = json!({"report": "nobody answers", "reason": "complainant_unreachable"});
    story.does(&office, case, "report_action", report);
    story.does(&actor("hod", "bankura"), case, "approve", json!({"remarks": "agreed"}));
    let cell = actor("cell_officer", "cmo-cell");
    story.does(&cell, case, "record_feedback", json!({"outcome": "satisfied"}));
    story.does(&cell, case, "dispose", json!({"remarks": "r"}));
    assert_eq!(story.stage(case), "disposed");
}

#[test]
fn feedback_is_taken_outside_the_office_that_reported() {
    let mut story = Story::under("west-bengal");
    let case = reported(&mut story, with_mobile());
    story.does(&actor("hod", "bankura"), case, "approve", benefit());
    let inside = actor("cell_officer", "bankura-land");
    let body = json!({"outcome": "satisfied"});
    story.cannot(&inside, case, "record_feedback", body, ErrorCode::FeedbackNotOutside);
}

#[test]
fn what_cannot_be_heard_is_waived_and_the_waiver_is_a_fact() {
    for (lodging, because) in [
        (json!({"narrative": "n", "anonymous": true}), Waiver::Anonymous),
        (json!({"narrative": "n"}), Waiver::NoContact),
    ] {
        let mut story = Story::under("west-bengal");
        let case = reported(&mut story, lodging);
        story.does(&actor("hod", "bankura"), case, "approve", benefit());
        story.does(&actor("cell_officer", "cmo-cell"), case, "dispose", json!({"remarks": "r"}));
        let mut history = story.office.cases[&case].history.iter().rev().map(|next| &next.event.what);
        let at = history.find(|what| matches!(what, What::Disposed(_)));
        assert!(at.is_some(), "it is disposed");
        let Some(What::FeedbackWaived(waived)) = history.next() else { panic!("a waiver, just before") };
        assert_eq!(waived.because, because);
    }
}

#[test]
fn a_reason_and_its_evidence_must_be_good_on_the_day() {
    let mut story = Story::with(
        "city-311",
        "reason = [{ code = \"not_sustained\", valid_to = 2026-03-01 }, { code = \"not_eligible\", not_ours = true }]\ntransfer.must_transfer = true",
    );
    let head = actor("hod", "works");
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    let mut refused = |body: Value, code| story.cannot(&head, case, "dispose", body, code);
    refused(json!({"remarks": "r"}), ErrorCode::ReasonMissing);
    refused(json!({"remarks": "", "reason": "benefit_provided"}), ErrorCode::RemarksMissing);
    refused(json!({"remarks": "r", "reason": "not_sustained"}), ErrorCode::ReasonNotValid);
    refused(json!({"remarks": "r", "reason": "not_eligible"}), ErrorCode::MustTransfer);
    refused(json!({"remarks": "r", "reason": "sub_judice"}), ErrorCode::EvidenceMissing);
    let ninety = |days: &str| json!({"remarks": "r", "reason": "action_within_90_days", "evidence": {"follow_up_date": days}});
    refused(ninety("2026-03-02"), ErrorCode::EvidenceNotValid);
    refused(ninety("2026-06-01"), ErrorCode::EvidenceNotValid);
    refused(ninety("2026-02-30"), ErrorCode::DateInvalid);
    let body = json!({"remarks": "r", "reason": "complainant_unreachable"});
    refused(body, ErrorCode::AttemptsMissing);
    story.does(&head, case, "dispose", ninety("2026-05-31"));
    let said: Option<FeedbackOutcome> = story.office.live(case).course.heard;
    assert_eq!(said, None, "a city desk asks nobody");
}
