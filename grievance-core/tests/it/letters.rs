//! A letter that came in time and is recorded later.

use crate::desk_support::{Unscoped as _, at, citizen, lodge, officer, open, request, take, tenant};
use crate::target_change::with_appeals;
use grievance_core::desk::{Desk, DeskError};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{ErrorCode, TargetKind};

const DISPOSE: &str = r#"{"action":"dispose","remarks":"Filled.","reason":"benefit_provided","evidence":{"date":"2026-03-03","reference":"1"}}"#;
/// The last day to appeal and to reopen is 2 April, thirty days after the disposal.
const DISPOSED: &str = "2026-03-03T09:00:00Z";
/// The letter came on the Wednesday.
const CAME: &str = "2026-04-01T10:00:00Z";
/// It is keyed in on the Monday.
const KEYED: &str = "2026-04-06T09:30:00Z";

fn disposed(more: &str) -> (Desk, GrievanceId) {
    let desk = open(MemoryStore::default().tenant(&tenant()));
    desk.activate(with_appeals(more), at("2020-01-01T00:00:00Z")).expect("in force");
    let case = lodge(&desk, "pothole", "2026-03-02T09:00:00Z").case;
    take(&desk, &officer("hod", "works"), DISPOSED, case, DISPOSE);
    (desk, case)
}

fn clerk() -> Actor {
    officer("cell_officer", "desk")
}

fn says(action: &str, received: Option<&str>) -> String {
    let words = if action == "appeal" { "grounds" } else { "remarks" };
    let received = received.map(|at| format!(r#","received_at":"{at}""#)).unwrap_or_default();
    format!(r#"{{"action":"{action}","{words}":"It is back."{received}}}"#)
}

fn tries(desk: &Desk, case: GrievanceId, who: &Actor, json: &str) -> Result<(), DeskError> {
    desk.by(who, at(KEYED)).submit(Some(case), &request(json)).map(|_| ())
}

/// A clerk who keys a letter in late does not make the complainant late, and the office has no more time.
#[test]
fn a_letter_that_came_in_time_is_in_time() {
    for (action, target, due) in [
        ("appeal", TargetKind::AppealDecision, "2026-04-08T17:00:00Z"),
        ("reopen", TargetKind::Resolution, "2026-04-15T17:00:00Z"),
    ] {
        let (desk, case) = disposed("");
        let late = tries(&desk, case, &clerk(), &says(action, None)).unwrap_err();
        assert_eq!(late.code(), ErrorCode::WindowClosed, "{action}");
        tries(&desk, case, &clerk(), &says(action, Some(CAME))).unwrap_or_else(|no| panic!("{action}: {no}"));
        let case = desk.case(case).unwrap().case;
        let clock = case.clock(target).expect("it is owed");
        assert_eq!((clock.from_at, clock.due_at), (at(CAME), at(due)), "{action}");
    }
}

/// A rule may count from the recording instead.
#[test]
fn a_rule_may_count_from_when_a_letter_was_keyed_in() {
    let recorded = "counted_from = \"recorded\"\n[[target]]\ncode = \"r\"\nkind = \"resolution\"\n\
                    category = \"pothole\"\nwithin = 10\ncounted_from = \"recorded\"\n";
    for (action, target, due) in [
        ("appeal", TargetKind::AppealDecision, "2026-04-13T17:00:00Z"),
        ("reopen", TargetKind::Resolution, "2026-04-20T17:00:00Z"),
    ] {
        let (desk, case) = disposed(recorded);
        tries(&desk, case, &clerk(), &says(action, Some(CAME))).unwrap();
        let clock = desk.case(case).unwrap().case.clock(target).cloned().expect("it is owed");
        assert_eq!((clock.from_at, clock.due_at), (at(KEYED), at(due)), "{action}");
    }
}

/// Nobody says so of a day that the role may not go back to, of tomorrow, or of a letter that came
/// before what it answers.
#[test]
fn a_letter_is_no_older_than_what_it_answers() {
    for action in ["appeal", "reopen"] {
        let (desk, case) = disposed("");
        let before = desk.history(case).unwrap().len();
        let refused = |who: &Actor, now: &str, received| {
            let answer = desk.by(who, at(now)).submit(Some(case), &request(&says(action, Some(received))));
            answer.unwrap_err().code()
        };
        let backdated = ErrorCode::Backdated;
        assert_eq!(refused(&clerk(), KEYED, "2026-03-05T09:00:00Z"), backdated, "{action}: 32 days back");
        assert_eq!(refused(&citizen(), KEYED, CAME), backdated, "{action}: a complainant keys in now");
        let now = "2026-03-20T09:00:00Z";
        assert_eq!(refused(&clerk(), now, "2026-03-20T09:00:00.001Z"), backdated, "{action}: tomorrow");
        let early = refused(&clerk(), now, "2026-03-03T08:59:59.999Z");
        assert_eq!(early, ErrorCode::InvalidCommand, "{action}: before the disposal");
        assert_eq!(desk.history(case).unwrap().len(), before, "{action}");
    }
}

/// A target that comes to the case afterwards counts from the letter, too.
#[test]
fn a_later_target_counts_from_the_letter() {
    let elsewhere = "category = \"trees\"\n";
    let (desk, case) = disposed(elsewhere);
    tries(&desk, case, &clerk(), &says("appeal", Some(CAME))).unwrap();
    let decision =
        || desk.case(case).unwrap().case.clock(TargetKind::AppealDecision).map(|clock| clock.from_at);
    assert_eq!(decision(), None, "no rule for potholes");
    let trees = r#"{"action":"recategorise","category":"trees","remarks":"A root."}"#;
    take(&desk, &clerk(), "2026-04-06T10:00:00Z", case, trees);
    assert_eq!(decision(), Some(at(CAME)));
}
