//! Cases that hang together: parts of one, and several that become one.

use crate::office::{Story, actor};
use grievance_core::grievance::command::{Command, Sending};
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::vocabulary::{Action, ErrorCode, Phase};
use serde_json::{Value, json};

fn finding() -> Value {
    json!({"reason": "not_sustained", "evidence": {"finding": "f"}, "remarks": "r"})
}

fn lodged(story: &mut Story) -> GrievanceId {
    story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}))
}

#[test]
fn a_divided_case_is_closed_after_its_parts() {
    let mut story = Story::under("city-311");
    let desk = actor("cell_officer", "desk");
    let case = lodged(&mut story);
    story.cannot(&desk, case, "split", json!({"units": ["works"]}), ErrorCode::InvalidCommand);
    story.does(&desk, case, "split", json!({"units": ["works", "water"]}));
    let parts: Vec<_> = story.office.live(case).parts.iter().map(|part| part.case).collect();
    assert_eq!(story.office.live(parts[1]).subject.number, story.office.live(case).subject.number);
    assert_eq!((story.unit(parts[0]), story.unit(parts[1])), ("works", "water"));
    story.cannot(&desk, case, "dispose", finding(), ErrorCode::PartsOpen);
    let citizen = actor("complainant", "");
    story.cannot(&citizen, parts[0], "withdraw", json!({}), ErrorCode::PartNotAllowed);
    for part in &parts {
        story.does(&desk, *part, "dispose", finding());
    }
    story.cannot(&desk, parts[0], "rescind", json!({"remarks": "r"}), ErrorCode::NothingToRescind);
    story.does(&desk, case, "dispose", finding());
    assert_eq!(story.office.live(case).phase(), Phase::Disposed);
}

/// One joins two, then two joins three: both lead to three and get its outcome.
#[test]
fn a_chain_of_joined_cases_is_flattened_and_all_get_the_outcome() {
    let mut story = Story::under("city-311");
    let desk = actor("cell_officer", "desk");
    let [one, two, three] = [(); 3].map(|()| lodged(&mut story));
    let into = |case: GrievanceId| json!({"into": case.to_string()});
    story.cannot(&desk, one, "merge", into(one), ErrorCode::MergeImpossible);
    story.does(&desk, one, "merge", into(two));
    story.cannot(&desk, two, "merge", into(one), ErrorCode::MergeImpossible);
    story.cannot(&actor("complainant", ""), two, "withdraw", json!({}), ErrorCode::MergeImpossible);
    story.does(&desk, two, "merge", into(three));
    assert_eq!(story.office.live(one).merged_into, Some(three));
    story.does(&desk, three, "dispose", finding());
    for member in [one, two] {
        let last = story.office.cases[&member].history.last().unwrap();
        let What::OutcomeShared(shared) = &last.event.what else { panic!("the outcome") };
        assert_eq!((shared.master, shared.reason.as_str()), (three, "not_sustained"));
    }
}

#[test]
fn no_case_is_joined_to_one_that_has_ended() {
    let mut story = Story::under("city-311");
    let desk = actor("cell_officer", "desk");
    let [one, two] = [(); 2].map(|()| lodged(&mut story));
    story.does(&desk, two, "dispose", finding());
    let into = json!({"into": two.to_string()});
    story.cannot(&desk, one, "merge", into, ErrorCode::MergeImpossible);
}

/// A command built by hand cannot smuggle one action in under another's step.
#[test]
fn a_sending_is_an_assignment_a_forward_or_a_transfer() {
    let mut story = Story::under("city-311");
    let case = lodged(&mut story);
    for action in [Action::Withdraw, Action::Comment, Action::Dispose] {
        let command = Command::Send(action, Sending::default());
        let who = if action == Action::Withdraw { actor("complainant", "") } else { actor("hod", "works") };
        let now = story.now;
        assert!(story.office.decided(Some(case), &command, &who, now).is_err(), "{action}");
    }
    assert_eq!(story.office.cases[&case].history.len(), 2, "lodged, and its target set");
}
