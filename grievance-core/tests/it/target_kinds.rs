//! Each kind of target: what it begins with, from which instant, which rule counts, and what meets it.

use crate::desk_support::at;
use crate::office::{Story, actor};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::clock::Clock;
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::vocabulary::TargetKind::{
    self, Acknowledgement, FirstAction, InterimReply, ReferenceReply, Resolution,
};
use serde_json::{Value, json};

/// A target of each kind that begins with a lodging.
const EACH: &str = r#"zone = "UTC"
unit = [{ code = "gang", name = "Road gang", kind = "office", parent = "works", head = "head" }]
target = [
  { code = "resolution", within = 9 },
  { code = "ack", kind = "acknowledgement", within = 1 },
  { code = "first", kind = "first_action", within = 2 },
  { code = "interim", kind = "interim_reply", within = 3 },
  { code = "reference", kind = "reference_reply", within = 4 },
]"#;

fn referred() -> Value {
    json!({"narrative": "n", "category": "pothole", "channel": "referral", "reference_from": "minister",
        "reference_letter": "MIN/44"})
}

fn clock(story: &Story, case: GrievanceId, target: TargetKind) -> Option<&Clock> {
    story.office.live(case).clock(target)
}

fn due(story: &Story, case: GrievanceId, target: TargetKind) -> Option<DateTime<Utc>> {
    clock(story, case, target).map(|clock| clock.due_at)
}

/// Which steps meet which targets, and which meet none.
#[test]
fn each_target_is_met_by_what_it_asks_for() {
    let (works, clerk, agent) =
        (actor("hod", "works"), actor("cell_officer", "desk"), actor("call_agent", "desk"));
    let acknowledge = (&works, "acknowledge", json!({}));
    let report = (&works, "report_action", json!({"report": "Filled."}));
    let done = json!({"remarks": "r", "reason": "benefit_provided", "evidence": {"date": "2026-03-02", "reference": "1"}});
    let until_first = [Acknowledgement, FirstAction].as_slice();
    let all = [Acknowledgement, FirstAction, Resolution, InterimReply, ReferenceReply].as_slice();
    let table = [
        (vec![], [].as_slice()),
        (vec![acknowledge.clone()], &[Acknowledgement]),
        (vec![(&works, "seek_information", json!({"question": "Where?"}))], until_first),
        (vec![(&works, "forward", json!({"unit": "gang"}))], until_first),
        (vec![(&works, "consult", json!({"unit": "water", "question": "A pipe?"}))], until_first),
        (
            vec![(
                &works,
                "record",
                json!({"step": "site_visit", "fields": {"visited_on": "2026-03-02", "found": "A hole."}}),
            )],
            until_first,
        ),
        (
            vec![(&works, "interim_reply", json!({"reply": "We are on it.", "expected_by": "2026-03-20"}))],
            &[Acknowledgement, FirstAction, InterimReply, ReferenceReply],
        ),
        (vec![acknowledge, report], &[Acknowledgement, FirstAction, Resolution, InterimReply]),
        (vec![(&works, "dispose", done)], all),
        (vec![(&agent, "withdraw", json!({"remarks": "It is gone."}))], all),
        // None of these is the office's own work on the case.
        (
            vec![
                (&clerk, "comment", json!({"text": "Seen."})),
                (&agent, "remind", json!({})),
                (&clerk, "record_call", json!({"reached": true})),
                (&clerk, "correct", json!({"priority": "normal", "remarks": "As it was."})),
                (&clerk, "extend", json!({"until": "2026-04-02", "remarks": "The roller is late."})),
                (&works, "transfer", json!({"unit": "water", "remarks": "A pipe."})),
                (&clerk, "assign", json!({"unit": "works"})),
            ],
            &[],
        ),
    ];
    for (steps, expected) in table {
        let mut story = Story::with("city-311", EACH);
        let case = story.lodge(&clerk, referred());
        let names: Vec<&str> = steps.iter().map(|(_, action, _)| *action).collect();
        for (who, action, body) in steps {
            story.does(who, case, action, body);
        }
        let now = story.now;
        for target in all {
            let met = clock(&story, case, *target).unwrap_or_else(|| panic!("{target} has begun")).met_at;
            let wanted = expected.contains(target).then_some(now);
            assert_eq!(met.is_some(), wanted.is_some(), "{target} after {names:?}");
        }
    }
}

/// A reply is owed only where somebody referred the case: by the day of the letter, else by the rule.
#[test]
fn a_reply_is_owed_to_whoever_referred_the_case() {
    let clerk = actor("cell_officer", "desk");
    let mut story = Story::with("city-311", EACH);
    let plain = story.lodge(&clerk, json!({"narrative": "n", "category": "pothole"}));
    assert_eq!(clock(&story, plain, ReferenceReply), None);
    let by_rule = story.lodge(&clerk, referred());
    assert_eq!(due(&story, by_rule, ReferenceReply), Some(at("2026-03-06T17:00:00Z")), "four working days");
    let mut letter = referred();
    letter["reply_due"] = "2026-03-21".into();
    let by_letter = story.lodge(&clerk, letter);
    assert_eq!(
        due(&story, by_letter, ReferenceReply),
        Some(at("2026-03-22T00:00:00Z")),
        "when that Saturday ends"
    );
    assert_eq!(due(&story, by_letter, Resolution), due(&story, plain, Resolution));
}

/// A reply is counted from the receipt of the letter, or from its recording where the rule says so.
#[test]
fn a_reply_is_counted_from_where_the_rule_says() {
    let clerk = actor("cell_officer", "desk");
    let mut body = referred();
    body["received_at"] = "2026-02-25T10:00:00Z".into();
    for (more, due_at) in
        [("", "2026-03-03T17:00:00Z"), (", counted_from = \"recorded\"", "2026-03-06T17:00:00Z")]
    {
        let lines = EACH.replace("within = 4", &format!("within = 4{more}"));
        let mut story = Story::with("city-311", &lines);
        let case = story.lodge(&clerk, body.clone());
        assert_eq!(due(&story, case, ReferenceReply), Some(at(due_at)), "{more}");
    }
}

/// From the receipt, unless the rule counts from the recording; and a part of a case from the receipt
/// of the whole.
#[test]
fn counting_begins_with_the_receipt_or_with_the_recording() {
    let clerk = actor("cell_officer", "desk");
    let mut story =
        Story::with("city-311", &EACH.replace("within = 1", "within = 1, counted_from = \"recorded\""));
    let body = json!({"narrative": "n", "category": "pothole", "channel": "letter", "received_at": "2026-02-25T10:00:00Z"});
    let case = story.lodge(&clerk, body);
    let received = at("2026-02-25T10:00:00Z");
    assert_eq!(clock(&story, case, Resolution).map(|clock| clock.from_at), Some(received));
    assert_eq!(clock(&story, case, Acknowledgement).map(|clock| clock.from_at), Some(story.now));
    // Nine working days after a Wednesday; one after a Monday.
    assert_eq!(due(&story, case, Resolution), Some(at("2026-03-10T17:00:00Z")));
    assert_eq!(due(&story, case, Acknowledgement), Some(at("2026-03-03T17:00:00Z")));
    story.later(TimeDelta::days(1));
    story.does(&clerk, case, "split", json!({"units": ["works", "water"]}));
    let parts: Vec<GrievanceId> = story.office.live(case).parts.iter().map(|part| part.case).collect();
    assert_eq!(parts.len(), 2);
    for part in parts {
        assert_eq!(clock(&story, part, Resolution).map(|clock| clock.from_at), Some(received));
        assert_eq!(due(&story, part, Resolution), Some(at("2026-03-10T17:00:00Z")));
        assert_eq!(clock(&story, part, Acknowledgement).map(|clock| clock.from_at), Some(story.now));
    }
}

/// A rule may begin with another event than its kind usually does, and keep the time of day.
#[test]
fn a_rule_may_begin_with_another_event_and_keep_its_clock() {
    let lines = EACH
        .replace("within = 9", "within = 9, from = \"acknowledged\", keep_clock = true")
        .replace("within = 3", "within = 3, counted = \"calendar_days\", keep_clock = true");
    let mut story = Story::with("city-311", &lines);
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    let lodged = story.now;
    assert_eq!(clock(&story, case, Resolution), None, "not before the office has opened it");
    assert_eq!(due(&story, case, InterimReply), Some(lodged + TimeDelta::days(3)));
    story.later(TimeDelta::days(1));
    story.does(&actor("hod", "works"), case, "acknowledge", json!({}));
    // Nine working days after Tuesday 3 March, at the time of day of the acknowledgement.
    let days = at("2026-03-16T00:00:00Z") - at("2026-03-03T00:00:00Z");
    assert_eq!(due(&story, case, Resolution), Some(story.now + days));
}

/// The class of priority counts before the office, that before the kind of office, that before the
/// subject, the narrower of two; what names nothing is the default.
#[test]
fn the_more_particular_rule_counts() {
    let rules = [
        ("\"resolution\", within = 20", 20),
        ("\"wide\", kind = \"resolution\", category = \"roads\", within = 21", 21),
        ("\"narrow\", kind = \"resolution\", category = \"pothole\", within = 22", 22),
        ("\"kind\", kind = \"resolution\", unit_kind = \"office\", within = 23", 23),
        ("\"above\", kind = \"resolution\", unit = \"city\", within = 24", 24),
        ("\"class\", kind = \"resolution\", priority = \"normal\", within = 25", 25),
        ("\"both\", kind = \"resolution\", priority = \"normal\", category = \"roads\", within = 26", 26),
    ];
    for upto in 1..=rules.len() {
        let lines: Vec<String> =
            rules[..upto].iter().map(|(fields, _)| format!("{{ code = {fields} }}")).collect();
        let mut story = Story::with("city-311", &format!("zone = \"UTC\"\ntarget = [{}]", lines.join(", ")));
        let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
        let within = clock(&story, case, Resolution).map(|clock| clock.amount.within);
        assert_eq!(within, Some(rules[upto - 1].1), "{}", rules[upto - 1].0);
        // None of them fits a case of another subject, office and class.
        let other = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "priority": "high"}));
        let within = clock(&story, other, Resolution).map(|clock| clock.amount.within);
        assert_eq!(within, Some(3), "the preset's rule for that class, at the desk");
    }
}

/// An appeal that is dismissed begins nothing; one that is allowed begins the office's time anew, and
/// the events say from when.
#[test]
fn only_what_is_opened_again_begins_anew() {
    let mut story = Story::with("city-311", EACH);
    let (works, citizen) = (actor("hod", "works"), actor("complainant", ""));
    let case = story.lodge(&citizen, json!({"narrative": "n", "category": "pothole"}));
    story.does(&works, case, "acknowledge", json!({}));
    story.does(
        &works,
        case,
        "dispose",
        json!({"remarks": "r", "reason": "benefit_provided", "evidence": {"date": "2026-03-02", "reference": "1"}}),
    );
    story.later(TimeDelta::days(3));
    story.does(&citizen, case, "reopen", json!({"remarks": "It is back."}));
    let begun: Vec<_> = story.office.cases[&case]
        .history
        .iter()
        .filter(|next| next.at == story.now)
        .filter_map(|next| match &next.event.what {
            What::TargetSet(set) => Some((set.target, set.from_at)),
            _ => None,
        })
        .collect();
    assert_eq!(begun, [(Resolution, story.now)], "the acknowledgement of then was given");
    assert!(clock(&story, case, Acknowledgement).is_some_and(|clock| clock.met_at.is_some()));
}
