//! What others get wrong about time, each a test of its own name. What is held by a law or a larger
//! test elsewhere is named in `docs/spec/traceability.md`.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, desks, lodge, lodging, officer, open, request, take, tenant};
use crate::office::{Story, actor};
use chrono::TimeDelta;
use grievance_core::desk::Desk;
use grievance_core::grievance::clock::Clock;
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, EventKind, TargetKind, TimeUnit};
use serde_json::json;

const NOW: &str = "2026-03-02T09:00:00Z";

fn clocks(desk: &Desk, case: GrievanceId) -> Vec<Clock> {
    desk.case(case).unwrap().case.course.clocks
}

/// "Any update restarts the clock." Nothing that is said or looked at moves a deadline, while the
/// office works on the case or while the complainant may have it opened again.
#[test]
fn a_comment_a_call_a_reminder_or_a_view_moves_no_deadline() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        let clerk = officer("cell_officer", "desk");
        take(&desk, &works, "2026-03-02T10:00:00Z", case, r#"{"action":"acknowledge"}"#);
        let say = |now: &str, steps: &[(bool, &str)]| {
            let (before, due) = (clocks(&desk, case), desk.store().next_due().unwrap());
            assert!(!before.is_empty(), "{name}");
            for (officers, step) in steps {
                let who = if *officers { &clerk } else { &citizen() };
                take(&desk, who, now, case, step);
                desk.progress(case, at(now)).unwrap();
                desk.explain(case, TargetKind::Resolution, at(now)).unwrap();
                desk.options(case, who, at(now)).unwrap();
                desk.search(&Search::default()).unwrap();
                desk.sweep(at(now), 10).unwrap();
                assert_eq!(clocks(&desk, case), before, "{name}: {step}");
                assert_eq!(desk.store().next_due().unwrap(), due, "{name}: {step}");
            }
        };
        let comment = r#"{"action":"comment","text":"Seen."}"#;
        let call = r#"{"action":"record_call","reached":true}"#;
        let file = r#"{"action":"attach","name":"photo.jpg","media_type":"image/jpeg","bytes":1,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}"#;
        say(
            "2026-03-06T10:00:00Z",
            &[
                (true, comment),
                (false, comment),
                (false, r#"{"action":"remind"}"#),
                (true, call),
                (false, file),
            ],
        );
        assert_eq!(desk.case(case).unwrap().fact.reminders, 1, "{name}: it counts");
        let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-06","reference":"1"}}"#;
        take(&desk, &works, "2026-03-06T11:00:00Z", case, done);
        say("2026-03-20T10:00:00Z", &[(true, comment)]);
    }
}

/// "Unassigned cases never escalate." A case without a subject that lies where it came in, and that
/// nobody has taken, is missed and goes up like any other.
#[test]
fn a_case_that_nobody_took_goes_up_all_the_same() {
    for (name, desk) in desks() {
        let body = Lodge { category: None, ..lodging("pothole") };
        let case = desk.by(&citizen(), at(NOW)).lodge(body).unwrap().case;
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.unit.as_str(), fact.stage.as_str()), ("desk", "received"), "{name}");
        let swept = desk.sweep(at("2026-06-01T00:00:00Z"), 10).unwrap();
        assert_eq!((swept.cases, swept.breaches, swept.escalations), (1, 1, 1), "{name}");
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.breached_by.unwrap().as_str(), fact.level), ("desk", 1), "{name}");
    }
}

/// "The reopen window is checked on a date that the client sent." The request has no date; the
/// window is measured from what the store has, and a host whose clock went back is refused.
#[test]
fn the_time_to_reopen_is_measured_by_stored_events() {
    let invented = r#"{"action":"reopen","remarks":"Back.","disposed_at":"2026-06-01T00:00:00Z"}"#;
    let refused = grievance_core::Request::from_json(invented).expect_err("it has no such field");
    assert!(refused.to_string().contains("disposed_at"), "{refused}");
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-03","reference":"1"}}"#;
        take(&desk, &officer("hod", "works"), "2026-03-03T09:00:00Z", case, done);
        let asks = request(r#"{"action":"reopen","remarks":"It is back."}"#);
        let at_once = |now: &str| {
            let answer = desk.by(&citizen(), at(now)).submit(Some(case), &asks);
            answer.err().map(|problem| problem.code())
        };
        assert_eq!(at_once("2026-04-02T18:30:00Z"), Some(ErrorCode::WindowClosed), "{name}");
        assert_eq!(at_once("2026-03-03T08:59:59Z"), Some(ErrorCode::ClockBehind), "{name}");
        assert_eq!(at_once("2026-04-02T18:29:59.999Z"), None, "{name}");
    }
}

/// "Per-category hours are never used." Every subject of a city, each with hours of its own.
#[test]
fn every_subject_gets_the_hours_of_its_own() {
    let preset = Rulebook::from_toml(crate::desk_support::TOWN).unwrap();
    let subjects: Vec<String> = preset.document().category.iter().map(|it| it.code.clone()).collect();
    assert!(subjects.len() > 15);
    let rules: Vec<String> = subjects
        .iter()
        .enumerate()
        .flat_map(|(n, subject)| {
            // One for each class that a subject may come with: the class counts before the subject.
            ["normal", "high", "immediate_danger"].map(|class| {
                let hours = n + 1;
                format!(
                    "{{ code = \"{class}-{n}\", kind = \"resolution\", category = \"{subject}\", priority = \"{class}\", within = {hours}, counted = \"working_hours\" }}"
                )
            })
        })
        .collect();
    let text = format!("{}\ntarget = [{}]", crate::desk_support::TOWN, rules.join(", "));
    let desk = open(MemoryStore::default().tenant(&tenant()));
    desk.activate(Rulebook::from_toml(&text).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    let calendar = preset.calendar(preset.directory().cell(), None);
    for (n, subject) in subjects.iter().enumerate() {
        let case = lodge(&desk, subject, NOW).case;
        let clock = clocks(&desk, case).pop().expect("it has a deadline");
        let hours = u32::try_from(n + 1).unwrap();
        assert_eq!((clock.amount.within, clock.amount.counted), (hours, TimeUnit::WorkingHours), "{subject}");
        assert_eq!(clock.due_at, calendar.add(at(NOW), TimeDelta::hours(hours.into())), "{subject}");
    }
}

/// "Closing clears overdue." However a late case ends, that it was late stays.
#[test]
fn no_ending_clears_that_a_case_was_late() {
    let endings = [
        (
            "hod",
            "works",
            r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-06-01","reference":"1"}}"#,
        ),
        ("complainant", "", r#"{"action":"withdraw","remarks":"It is gone."}"#),
        ("cell_officer", "desk", r#"{"action":"decline","remarks":"Not for us."}"#),
    ];
    for (role, unit, ending) in endings {
        for swept_first in [false, true] {
            for (name, desk) in desks() {
                let case = lodge(&desk, "pothole", NOW).case;
                if swept_first {
                    desk.sweep(at("2026-05-01T00:00:00Z"), 10).unwrap();
                }
                let who = if unit.is_empty() { citizen() } else { officer(role, unit) };
                take(&desk, &who, "2026-06-01T09:00:00Z", case, ending);
                desk.sweep(at("2026-07-01T00:00:00Z"), 10).unwrap();
                let fact = desk.case(case).unwrap().fact;
                assert!(fact.phase.is_terminal(), "{name}: {ending}");
                assert_eq!(
                    (fact.breaches, fact.breached_at, fact.due_at),
                    (1, Some(at("2026-03-16T11:30:00Z")), None),
                    "{name}: {ending}, swept first: {swept_first}"
                );
            }
        }
    }
}

/// "A change of the target loses the pause." The two days that were lost to a question stay lost
/// under another subject's rule, another office's, and another rulebook's calendar.
#[test]
fn a_change_of_the_target_keeps_the_pause() {
    let rules = "zone = \"UTC\"\ntarget = [{ code = \"trees\", kind = \"resolution\", category = \"trees\", within = 4, paused_in = [\"awaiting_complainant\"], pause_days = 9 }, \
        { code = \"water\", kind = \"resolution\", unit = \"water\", within = 4, on_transfer = \"carry\" }]";
    let change = |action: &str, role: &str, unit: &str, body: serde_json::Value| {
        let mut story = Story::with("city-311", rules);
        let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
        let works = actor("hod", "works");
        story.does(&works, case, "acknowledge", json!({}));
        story.does(&works, case, "seek_information", json!({"question": "Where?"}));
        // Monday to Wednesday: two working days begin while the clock stands.
        story.later(TimeDelta::days(2));
        story.does(&actor("complainant", ""), case, "provide_information", json!({"information": "Here."}));
        story.does(&actor(role, unit), case, action, body);
        CaseFact::of(story.office.live(case)).due_at
    };
    // Four working days after Monday are Friday; and two more.
    let tuesday = Some(at("2026-03-10T17:00:00Z"));
    let trees = json!({"category": "trees", "remarks": "A root."});
    assert_eq!(change("recategorise", "cell_officer", "desk", trees), tuesday);
    let water = json!({"unit": "water", "remarks": "A pipe."});
    assert_eq!(change("transfer", "hod", "works", water), tuesday);

    let holiday =
        "[calendar]\nholiday = [{ code = \"h\", date = 2026-03-13, name = \"H\", source = \"test\" }]";
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        take(&desk, &works, NOW, case, r#"{"action":"seek_information","question":"Where?"}"#);
        let tells = r#"{"action":"provide_information","information":"Here."}"#;
        take(&desk, &citizen(), "2026-03-04T09:00:00Z", case, tells);
        assert_eq!(desk.case(case).unwrap().fact.due_at, Some(at("2026-03-18T11:30:00Z")), "{name}");
        let town = Rulebook::from_toml(&format!("{}\n{holiday}", crate::desk_support::TOWN)).unwrap();
        desk.activate(town, at("2026-03-05T09:00:00Z")).unwrap();
        desk.move_cases(&Desk::system(), at("2026-03-05T09:00:00Z"), None, 10).unwrap();
        assert_eq!(desk.case(case).unwrap().fact.due_at, Some(at("2026-03-19T11:30:00Z")), "{name}");
        let kinds = desk.history(case).unwrap();
        let moved = kinds.iter().filter(|next| next.event.what.kind() == EventKind::TargetMoved);
        assert_eq!(moved.count(), 1, "{name}");
    }
}
