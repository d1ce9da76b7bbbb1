//! What a change of office, subject or priority, or going live, makes of targets that a case has not.

use crate::desk_support::{Unscoped as _, officer, take};
use crate::desk_support::{at as instant, open, tenant};
use crate::office::{Story, actor};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Adopting, Desk};
use grievance_core::grievance::clock::Clock;
use grievance_core::grievance::event::{Position, What};
use grievance_core::grievance::payload::{Adopted, AdoptedFact, AdoptedStep};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{Because, Phase, TargetKind};
use serde_json::json;
use std::sync::Arc;

fn story(targets: &str) -> Story {
    Story::with("city-311", &format!("zone = \"UTC\"\ntarget = [{targets}]"))
}

fn pothole(story: &mut Story) -> GrievanceId {
    story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}))
}

fn clock(story: &Story, case: GrievanceId, target: TargetKind) -> Option<&Clock> {
    story.office.live(case).clock(target)
}

fn trees() -> serde_json::Value {
    json!({"category": "trees", "remarks": "A root."})
}

/// The city with appeals, and with more targets.
pub(crate) fn with_appeals(more: &str) -> Rulebook {
    let city = grievance_core::rulebook::presets::text("city-311").expect("a preset");
    let city = city
        .replacen(
            "  { code = \"withdrawn\", name = \"Withdrawn\", phase = \"withdrawn\" },",
            "  { code = \"appealed\", name = \"Under appeal\", phase = \"under_appeal\" },\n  \
             { code = \"withdrawn\", name = \"Withdrawn\", phase = \"withdrawn\" },",
            1,
        )
        .replacen(
            "  { action = \"reopen\",",
            "  { action = \"appeal\", from = [\"closed\"], to = \"appealed\", role = [\"complainant\", \"cell_officer\"] },\n  \
             { action = \"decide_appeal\", when = \"allowed\", from = [\"appealed\"], to = \"in_progress\", role = [\"appellate_authority\"] },\n  \
             { action = \"decide_appeal\", when = \"dismissed\", from = [\"appealed\"], to = \"closed\", role = [\"appellate_authority\"] },\n  \
             { action = \"reopen\",",
            1,
        );
    let appeals = "[[target]]\ncode = \"d\"\nkind = \"appeal_decision\"\nwithin = 5\n";
    Rulebook::from_toml(&format!("{city}\n{appeals}{more}")).unwrap_or_else(|refused| panic!("{refused:?}"))
}

/// An office with a kind of target that the office before it had none of: counted from the lodging,
/// and anew only where the rule says so.
#[test]
fn another_office_brings_a_target_of_its_own() {
    for (policy, due, anew) in [
        ("", "2026-03-09T17:00:00Z", false),
        ("on_transfer = \"keep\"", "2026-03-09T17:00:00Z", false),
        ("on_transfer = \"carry\"", "2026-03-09T17:00:00Z", false),
        ("on_transfer = \"restart\"", "2026-03-11T17:00:00Z", true),
    ] {
        let rule =
            format!("{{ code = \"w\", kind = \"first_action\", unit = \"water\", within = 5, {policy} }}");
        let mut story = story(&rule);
        let case = pothole(&mut story);
        let lodged = story.now;
        assert_eq!(clock(&story, case, TargetKind::FirstAction), None);
        story.later(TimeDelta::days(2));
        let body = json!({"unit": "water", "remarks": "A pipe."});
        story.does(&actor("hod", "works"), case, "transfer", body);
        let set = clock(&story, case, TargetKind::FirstAction).expect("the office there has one");
        assert_eq!(
            (set.due_at, set.from_at),
            (instant(due), if anew { story.now } else { lodged }),
            "{policy}"
        );
        let because = story.office.cases[&case].history.iter().find_map(|next| match &next.event.what {
            What::TargetSet(set) if set.target == TargetKind::FirstAction => Some(set.because),
            _ => None,
        });
        assert_eq!(because, Some(Some(Because::Transferred)), "{policy}");
    }
}

/// Another subject or priority does the same, from the event that the rule begins with: the receipt,
/// or the recording if the rule counts so; an event that has not come begins nothing.
#[test]
fn another_subject_or_priority_brings_its_own() {
    let clerk = actor("cell_officer", "desk");
    let mut story = story(
        "{ code = \"a\", kind = \"interim_reply\", category = \"trees\", within = 3 }, \
         { code = \"b\", kind = \"first_action\", priority = \"high\", within = 3, counted_from = \"recorded\" }, \
         { code = \"c\", kind = \"acknowledgement\", category = \"trees\", within = 3, from = \"consulted\" }",
    );
    let body = json!({"narrative": "n", "category": "pothole", "channel": "letter",
        "received_at": "2026-02-25T10:00:00Z"});
    let case = story.lodge(&clerk, body);
    let lodged = story.now;
    story.does(&clerk, case, "recategorise", trees());
    let from = |story: &Story, target| clock(story, case, target).map(|clock| clock.from_at);
    assert_eq!(from(&story, TargetKind::InterimReply), Some(instant("2026-02-25T10:00:00Z")));
    assert_eq!(from(&story, TargetKind::Acknowledgement), None, "nobody was consulted");
    assert_eq!(from(&story, TargetKind::FirstAction), None);
    story.does(&clerk, case, "correct", json!({"priority": "high", "remarks": "A school."}));
    assert_eq!(from(&story, TargetKind::FirstAction), Some(lodged));
}

/// What was done is not asked for: an acknowledgement that was given, a first step that was taken, a
/// report that is under review, a case that has come to its end.
#[test]
fn what_was_done_is_not_asked_for_by_another_rule() {
    use TargetKind::{FirstAction, InterimReply, Resolution};
    let (clerk, works) = (actor("cell_officer", "desk"), actor("hod", "works"));
    let all = "{ code = \"resolution\", category = \"trees\", within = 9 }, \
         { code = \"a\", kind = \"acknowledgement\", category = \"trees\", within = 3 }, \
         { code = \"f\", kind = \"first_action\", category = \"trees\", within = 3 }, \
         { code = \"i\", kind = \"interim_reply\", category = \"trees\", within = 3 }";
    let kinds = |story: &Story, case| {
        let clocks = story.office.live(case).course.clocks.iter();
        let open = clocks.filter(|clock| clock.met_at.is_none() && !clock.target.is_window());
        open.map(|clock| clock.target).collect::<Vec<_>>()
    };
    let mut opened = story(all);
    let case = pothole(&mut opened);
    opened.does(&works, case, "acknowledge", json!({}));
    opened.does(&clerk, case, "recategorise", trees());
    assert_eq!(kinds(&opened, case), [FirstAction, Resolution, InterimReply], "it was acknowledged");

    let mut asked = story(all);
    let case = pothole(&mut asked);
    asked.does(&works, case, "seek_information", json!({"question": "Where?"}));
    asked.does(&clerk, case, "recategorise", trees());
    assert_eq!(kinds(&asked, case), [Resolution, InterimReply]);
    let stands = clock(&asked, case, Resolution).expect("it has one").standing;
    assert_eq!(stands.map(|stands| stands.since), Some(asked.now), "the complainant is still asked");

    let mut reported = story(all);
    let case = pothole(&mut reported);
    reported.does(&works, case, "acknowledge", json!({}));
    reported.does(&works, case, "report_action", json!({"report": "Felled."}));
    reported.does(&clerk, case, "recategorise", trees());
    assert_eq!(kinds(&reported, case), [], "a report is under review");
    reported.later(TimeDelta::days(2));
    let was = clock(&reported, case, Resolution).expect("it has one").due_at;
    reported.does(&clerk, case, "send_back_report", json!({"remarks": "No."}));
    assert_eq!(kinds(&reported, case), [Resolution]);
    let again = clock(&reported, case, Resolution).expect("it has one").due_at;
    assert_eq!(again - was, TimeDelta::days(4), "two working days under review, over a weekend");

    let mut closed = Story::under("city-311");
    closed.office.rulebook = Arc::new(with_appeals(
        "[[target]]\ncode = \"f\"\nkind = \"first_action\"\npriority = \"high\"\nwithin = 3\n",
    ));
    let case = pothole(&mut closed);
    let done = json!({"remarks": "r", "reason": "benefit_provided",
        "evidence": {"date": "2026-03-02", "reference": "1"}});
    closed.does(&works, case, "dispose", done);
    closed.does(&clerk, case, "correct", json!({"priority": "high", "remarks": "A school."}));
    assert_eq!(kinds(&closed, case), []);
    closed.does(&actor("complainant", ""), case, "appeal", json!({"grounds": "No."}));
    closed.does(&clerk, case, "correct", json!({"priority": "normal", "remarks": "As it was."}));
    closed.does(&clerk, case, "correct", json!({"priority": "high", "remarks": "A school."}));
    assert_eq!(kinds(&closed, case), [TargetKind::AppealDecision], "what was disposed of is not worked on");
}

/// A case of another system in a phase, and the kinds of its clocks after it went live: running, and
/// met.
fn live(phase: Phase, stage: &str) -> (Desk, GrievanceId) {
    let desk = open(MemoryStore::default().tenant(&tenant()));
    let more = "[[target]]\ncode = \"a\"\nkind = \"acknowledgement\"\nwithin = 2\n\
        [[target]]\ncode = \"f\"\nkind = \"first_action\"\nwithin = 3\n";
    desk.activate(with_appeals(more), instant("2020-01-01T00:00:00Z")).unwrap();
    let fact = |what, phase, stage: &str| AdoptedFact {
        at: instant("2025-01-02T00:00:00Z"),
        led_to: Position { phase, stage: stage.parse().unwrap(), unit: "works".parse().unwrap() },
        what,
        reason: None,
        class: None,
    };
    let mut facts = vec![fact(AdoptedStep::Lodged, Phase::Registered, "received")];
    if phase != Phase::Registered {
        facts.push(fact(AdoptedStep::Routed, phase, stage));
    }
    let said = Adopted {
        sealed: None,
        facts,
        gaps: Vec::new(),
        kind: "grievance".parse().unwrap(),
        number: "1".into(),
        source: "old".parse().unwrap(),
        category: None,
        channel: None,
        due_at: None,
        closure_text: None,
        place: None,
        narrative: None,
        received_at: None,
    };
    let adopting = Adopting { facts: said, narrative: None, closure_text: None };
    let now = instant("2026-03-02T09:00:00Z");
    let taken = desk.adopt_all(&Desk::system(), now, vec![adopting], true).unwrap();
    assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    desk.go_live(now, now, None, 100).unwrap();
    let page = desk.search(&grievance_core::store::search::Search::default()).unwrap();
    let case = page.cases[0].id;
    (desk, case)
}

fn clocks(desk: &Desk, case: GrievanceId) -> (Vec<TargetKind>, Vec<TargetKind>) {
    let clocks = desk.case(case).unwrap().case.course.clocks;
    let (met, open): (Vec<Clock>, Vec<Clock>) = clocks.into_iter().partition(|clock| clock.met_at.is_some());
    let kinds = |clocks: Vec<Clock>| clocks.into_iter().map(|clock| clock.target).collect();
    (kinds(open), kinds(met))
}

fn due(desk: &Desk, case: GrievanceId, target: TargetKind) -> Option<DateTime<Utc>> {
    desk.case(case).unwrap().case.clock(target).map(|clock| clock.due_at)
}

/// An imported case is asked for what its phase leaves to do, and for nothing that was done
/// elsewhere.
#[test]
fn going_live_asks_for_what_the_phase_leaves_to_do() {
    use TargetKind::{Acknowledgement, AppealDecision, FirstAction, Resolution};
    let none: Vec<TargetKind> = Vec::new();
    let (desk, case) = live(Phase::Registered, "received");
    assert_eq!(clocks(&desk, case), (vec![Acknowledgement, FirstAction, Resolution], none.clone()));

    let (desk, case) = live(Phase::InProgress, "in_progress");
    assert_eq!(clocks(&desk, case), (vec![FirstAction, Resolution], none.clone()), "it was acknowledged");

    let (desk, case) = live(Phase::AwaitingComplainant, "information_awaited");
    assert_eq!(clocks(&desk, case), (vec![Resolution], none.clone()));
    let stands = desk.case(case).unwrap().case.clock(Resolution).unwrap().standing;
    assert!(stands.is_some(), "the complainant is asked");

    // A report under review has met the deadline; sent back, the office has what it had left.
    let (desk, case) = live(Phase::ActionReported, "reported");
    assert_eq!(clocks(&desk, case), (none.clone(), vec![Resolution]));
    assert_eq!(desk.sweep(instant("2026-06-01T00:00:00Z"), 10).unwrap().breaches, 0);
    let back = r#"{"action":"send_back_report","remarks":"No."}"#;
    take(&desk, &officer("cell_officer", "desk"), "2026-06-01T09:00:00Z", case, back);
    assert_eq!(clocks(&desk, case), (vec![Resolution], none.clone()));
    assert_eq!(due(&desk, case, Resolution), Some(instant("2026-06-15T17:00:00Z")), "ten working days");

    // Under appeal the decision is owed, and nothing else until it is allowed.
    let (desk, case) = live(Phase::UnderAppeal, "appealed");
    assert_eq!(clocks(&desk, case), (vec![AppealDecision], none));
    assert_eq!(due(&desk, case, AppealDecision), Some(instant("2026-03-09T17:00:00Z")));
    let allow = r#"{"action":"decide_appeal","outcome":"allowed","remarks":"It leaks."}"#;
    let judge = officer("appellate_authority", "city");
    take(&desk, &judge, "2026-03-04T09:00:00Z", case, allow);
    assert_eq!(clocks(&desk, case), (vec![Resolution], vec![AppealDecision]));
    assert_eq!(due(&desk, case, Resolution), Some(instant("2026-03-18T17:00:00Z")));
}

/// An imported case that is passed on is not asked anew for what the other system knew of.
#[test]
fn an_imported_case_that_is_passed_on_is_not_asked_for_what_was_done_elsewhere() {
    let (desk, case) = live(Phase::InProgress, "in_progress");
    let body = r#"{"action":"transfer","unit":"water","remarks":"A pipe."}"#;
    take(&desk, &officer("hod", "works"), "2026-03-03T09:00:00Z", case, body);
    let (open, _) = clocks(&desk, case);
    assert_eq!(open, [TargetKind::FirstAction, TargetKind::Resolution]);
}
