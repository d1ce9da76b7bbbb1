//! What a host may rely on when it sends commands: once is once, stale is told, a batch is many.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, command, desks, lodge, lodging, officer, request, take};
use grievance_core::desk::{DeskError, Submission};
use grievance_core::grievance::request::{Acknowledge, Comment, Request};
use grievance_core::rulebook::access::Actor;
use grievance_core::store::StoreError;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, Phase, Remedy};

const NOW: &str = "2026-03-02T09:00:00Z";
const DONE: &str = r#"{"action":"dispose","remarks":"One reply for all.","reason":"benefit_provided",
    "evidence":{"date":"2026-03-02","reference":"WO 1"}}"#;

fn submission(
    actor: &Actor,
    case: Option<grievance_core::kernel::id::GrievanceId>,
    json: &str,
) -> Submission {
    let (command, expected) = (None, None);
    Submission {
        command,
        actor: actor.clone(),
        now: at(NOW),
        case,
        expected,
        request: request(json),
        verified: None,
    }
}

fn code<T: std::fmt::Debug>(answer: &Result<T, DeskError>) -> ErrorCode {
    answer.as_ref().expect_err("it is refused").code()
}

#[test]
fn the_same_command_is_answered_the_same_and_done_once() {
    for (name, desk) in desks() {
        let (citizen, works) = (citizen(), officer("hod", "works"));
        let by = desk.by(&citizen, at(NOW)).command(command(1));
        let first = by.lodge(lodging("pothole")).unwrap();
        let later = desk.by(&citizen, at("2026-03-05T09:00:00Z")).command(command(1));
        assert_eq!(later.lodge(lodging("pothole")).unwrap(), first, "{name}: asked again, days later");
        assert_eq!(desk.search(&Search::default()).unwrap().cases.len(), 1, "{name}");

        // Another body, another actor, another case: each is another command.
        assert_eq!(code(&by.lodge(lodging("trees"))), ErrorCode::CommandReused, "{name}");
        let other = desk.by(&works, at(NOW)).command(command(1)).lodge(lodging("pothole"));
        assert_eq!(code(&other), ErrorCode::CommandReused, "{name}");
        let comment = desk.by(&citizen, at(NOW)).command(command(1));
        let comment = comment.comment(first.case, Comment { text: "x".to_owned(), public: None });
        assert_eq!(code(&comment), ErrorCode::CommandReused, "{name}");
        assert_eq!(desk.history(first.case).unwrap().len(), 2, "{name}");

        // Answered as of then, though the case has gone on.
        let acknowledge = desk.by(&works, at(NOW)).command(command(2));
        let second = acknowledge.acknowledge(first.case, Acknowledge::default()).unwrap();
        take(&desk, &works, NOW, first.case, r#"{"action":"comment","text":"Seen."}"#);
        assert_eq!(acknowledge.acknowledge(first.case, Acknowledge::default()).unwrap(), second, "{name}");
        assert_eq!(desk.history(first.case).unwrap().len(), 4, "{name}");
    }
}

#[test]
fn a_refusal_is_not_kept() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        let by = desk.by(&works, at(NOW)).command(command(5));
        let report = request(r#"{"action":"report_action","report":"Filled."}"#);
        assert_eq!(code(&by.submit(Some(case), &report)), ErrorCode::ActionNotOffered, "{name}");
        take(&desk, &works, NOW, case, r#"{"action":"acknowledge"}"#);
        // The same identity, now that it may be done; and even with another body.
        let other = request(r#"{"action":"report_action","report":"Filled twice."}"#);
        assert_eq!(by.submit(Some(case), &other).unwrap().version, 4, "{name}");
        assert_eq!(code(&by.submit(Some(case), &report)), ErrorCode::CommandReused, "{name}");
    }
}

#[test]
fn a_stale_version_is_told() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        take(&desk, &works, NOW, case, r#"{"action":"acknowledge"}"#);
        let stale = desk.by(&works, at(NOW)).expecting(1).comment(case, Comment::default());
        // The field is read before the version is looked at.
        assert_eq!(code(&stale), ErrorCode::InvalidCommand, "{name}");
        let comment = Comment { text: "Seen.".to_owned(), public: None };
        let stale = desk.by(&works, at(NOW)).expecting(1).comment(case, comment.clone());
        let conflict = StoreError::Conflict { case, expected: 1, found: 3 };
        assert_eq!(stale, Err(DeskError::Store(conflict)), "{name}");
        assert_eq!(stale.unwrap_err().remedy(), Remedy::Reload);
        let fresh = desk.by(&works, at(NOW)).expecting(3).comment(case, comment).unwrap();
        assert_eq!(fresh.version, 4, "{name}");
    }
}

#[test]
fn each_of_a_batch_has_its_own_answer_in_order() {
    for (name, desk) in desks() {
        let (citizen, works, clerk) = (citizen(), officer("hod", "works"), officer("cell_officer", "desk"));
        let (a, b) = (lodge(&desk, "pothole", NOW).case, lodge(&desk, "pothole", NOW).case);
        let parks = lodge(&desk, "trees", NOW).case;
        let lodge = r#"{"action":"lodge","narrative":"A third one.","category":"pothole"}"#;
        let nobody = "grv_00000000000000000000000000000000".parse().unwrap();
        let mut batch = vec![
            submission(&works, Some(a), r#"{"action":"acknowledge"}"#),
            submission(&works, Some(parks), r#"{"action":"acknowledge"}"#),
            submission(&works, Some(a), r#"{"action":"report_action","report":"Filled."}"#),
            submission(&works, Some(nobody), r#"{"action":"acknowledge"}"#),
            submission(&citizen, None, lodge),
            submission(&clerk, Some(a), r#"{"action":"send_back_report","remarks":""}"#),
            submission(&works, Some(b), r#"{"action":"comment","text":" "}"#),
            submission(&clerk, Some(a), r#"{"action":"send_back_report","remarks":"More."}"#),
            submission(&works, Some(b), DONE),
        ];
        batch[7].expected = Some(4);
        let answers = desk.submit_all(&batch);
        let told: Vec<_> = answers
            .iter()
            .map(|answer| answer.as_ref().map(|done| done.version).map_err(DeskError::code))
            .collect();
        let expected = [
            Ok(2 + 1), // after the lodging and its target
            Err(ErrorCode::NotFound),
            Ok(4), // built on what the first one did
            Err(ErrorCode::NotFound),
            Ok(2),
            Err(ErrorCode::RemarksMissing),
            Err(ErrorCode::InvalidCommand),
            Ok(6), // and the clock goes on
            Ok(4), // and the time to reopen begins
        ];
        assert_eq!(told, expected, "{name}");
        assert_eq!(desk.case(a).unwrap().case.version, 6, "{name}");
        assert_eq!(desk.history(parks).unwrap().len(), 2, "{name}: nothing half-written");
        assert!(desk.submit_all(&[]).is_empty());
    }
}

#[test]
fn a_batch_is_the_same_as_one_by_one() {
    let steps = |a, b| {
        let works = officer("hod", "works");
        [
            submission(&works, Some(a), r#"{"action":"acknowledge"}"#),
            submission(&works, Some(b), DONE),
            submission(&works, Some(b), r#"{"action":"rescind","remarks":"Wrong file."}"#),
            submission(&works, Some(a), DONE),
        ]
    };
    for ((name, one_by_one), (_, at_once)) in desks().into_iter().zip(desks()) {
        let lodge_both = |desk| (lodge(desk, "pothole", NOW).case, lodge(desk, "pothole", NOW).case);
        let ((a, b), again) = (lodge_both(&one_by_one), lodge_both(&at_once));
        assert_eq!((a, b), again, "the same mint");
        for step in steps(a, b) {
            one_by_one.by(&step.actor, step.now).submit(step.case, &step.request).unwrap();
        }
        for answer in at_once.submit_all(&steps(a, b)) {
            answer.unwrap();
        }
        for case in [a, b] {
            let what = |desk: &grievance_core::desk::Desk| {
                let history = desk.history(case).unwrap();
                history.iter().map(|next| (next.version, next.event.what.kind())).collect::<Vec<_>>()
            };
            assert_eq!(what(&one_by_one), what(&at_once), "{name}");
            let (one, all) = (one_by_one.case(case).unwrap(), at_once.case(case).unwrap());
            assert_eq!(one.fact, all.fact, "{name}");
        }
    }
}

/// More than one chunk; the same reply; every case decided by itself.
#[test]
fn a_bulk_disposal_is_many_single_ones() {
    for (name, desk) in desks() {
        let (citizen, works) = (citizen(), officer("hod", "works"));
        let lodge = r#"{"action":"lodge","narrative":"The same hole.","category":"pothole"}"#;
        let many: Vec<_> = (0..1_100).map(|_| submission(&citizen, None, lodge)).collect();
        let cases: Vec<_> = desk.submit_all(&many).into_iter().map(|done| done.unwrap().case).collect();
        let elsewhere = submission(&citizen, None, lodge);
        let elsewhere = Submission { request: Request::from(lodging("trees")), ..elsewhere };
        let elsewhere = desk.submit_all(&[elsewhere])[0].as_ref().unwrap().case;
        let mut all = cases.clone();
        all.insert(550, elsewhere);
        let bulk: Vec<_> = all.iter().map(|case| submission(&works, Some(*case), DONE)).collect();
        let answers = desk.submit_all(&bulk);
        assert_eq!(answers.len(), 1_101);
        for (case, answer) in all.iter().zip(&answers) {
            if *case == elsewhere {
                assert_eq!(code(answer), ErrorCode::NotFound, "{name}");
            } else {
                assert_eq!(answer.as_ref().unwrap().case, *case, "{name}: order is kept");
            }
        }
        let open = Search { phases: vec![Phase::Registered], ..Search::default() };
        assert_eq!(desk.search(&open).unwrap().cases.len(), 1, "{name}");
    }
}

#[test]
fn a_command_sent_twice_in_one_batch_is_done_once() {
    for (name, desk) in desks() {
        let lodge = r#"{"action":"lodge","narrative":"A hole.","category":"pothole"}"#;
        let mut once = submission(&citizen(), None, lodge);
        once.command = Some(command(9));
        let mut other = once.clone();
        other.request = Request::from(lodging("trees"));
        let answers = desk.submit_all(&[once.clone(), once.clone(), other]);
        assert_eq!(answers[0].as_ref().unwrap(), answers[1].as_ref().unwrap(), "{name}");
        assert_eq!(code(&answers[2]), ErrorCode::CommandReused, "{name}");
        assert_eq!(desk.submit_all(&[once])[0].as_ref().unwrap(), answers[0].as_ref().unwrap(), "{name}");
        assert_eq!(desk.search(&Search::default()).unwrap().cases.len(), 1, "{name}");
    }
}

#[test]
fn a_desk_without_a_rulebook_says_so() {
    for (_, store) in crate::desk_support::stores() {
        let desk = crate::desk_support::open(store);
        let answer = desk.by(&citizen(), at(NOW)).lodge(lodging("pothole"));
        assert_eq!(answer, Err(DeskError::NoRulebook));
        assert_eq!(answer.unwrap_err().code(), ErrorCode::RulebookUnknown);
    }
    for (_, desk) in desks() {
        let early = desk.by(&citizen(), at("2019-12-31T23:59:59Z")).lodge(lodging("pothole"));
        assert_eq!(early, Err(DeskError::NoRulebook), "none was in force then");
    }
}
