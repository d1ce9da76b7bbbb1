//! The board of process re-engineering, against a count of every case with every change.

use crate::desk_support::{at, desks_under, lodge, officer, take, words};
use chrono::{NaiveDate, TimeDelta};
use grievance_core::Rulebook;
use grievance_core::desk::Desk;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::ChangeCode;
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::time::day_of;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::gpr::{Board, BoardPart};
use grievance_core::measure::mis::Terms;
use grievance_core::store::conformance::sample::Sample;
use grievance_core::vocabulary::{AgeRule, ChangeState, Phase};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

const BOOK: &str = r#"
extends = "city-311"
name = "Test town"
zone = "Asia/Kolkata"
[[process_change]]
code = "a-form"
name = "A form in plain words"
state = "implemented"
implemented_on = "2026-03-10"
[[process_change]]
code = "b-register"
name = "One register of patches"
root_cause = ["contractor", "wear"]
category = ["pothole"]
state = "implemented"
implemented_on = "2026-03-20"
[[process_change]]
code = "c-works-only"
name = "A second crew"
root_cause = ["funds"]
unit = ["works"]
state = "accepted"
[[process_change]]
code = "d-to-come"
name = "In force after the day"
state = "implemented"
implemented_on = "2026-04-01"
"#;
const AS_OF: &str = "2026-04-01";
const CAUSES: [&str; 4] = ["contractor", "wear", "funds", "staff"];
const SUBJECTS: [&str; 2] = ["pothole", "noise"];
const UNITS: [&str; 2] = ["works", "inspections"];

prop_compose! {
    fn fact()(
        (hours, took) in (0_i64..24 * 50, 0_i64..24 * 10),
        phase in prop::sample::select(Phase::ALL.to_vec()),
        (cause, subject, unit) in (0_usize..6, 0_usize..3, 0_usize..2),
        change in 0_usize..6,
        sealed in prop::bool::weighted(0.05),
        part in prop::bool::weighted(0.1),
        words in prop::option::weighted(0.3, any::<u128>()),
    ) -> CaseFact {
        // A case keeps what it was disposed with while it is under appeal.
        let stands = matches!(phase, Phase::Disposed | Phase::UnderAppeal);
        let changes = ["a-form", "b-register", "c-works-only", "d-to-come"];
        let received_at = at("2026-02-25T00:00:00Z") + TimeDelta::hours(hours);
        CaseFact {
            received_at,
            updated_at: received_at + TimeDelta::hours(took),
            disposed_at: stands.then(|| received_at + TimeDelta::hours(took)),
            phase,
            unit: UNITS[unit].parse().unwrap(),
            disposed_by: stands.then(|| UNITS[unit].parse().unwrap()),
            category: SUBJECTS.get(subject).map(|code| code.parse().unwrap()),
            root_cause: CAUSES.get(cause).filter(|_| stands).map(|code| code.parse().unwrap()),
            change: changes.get(change).filter(|_| stands).map(|code| code.parse().unwrap()),
            sealed: sealed.then(|| "conduct".parse().unwrap()),
            part_of: part.then(|| Sample::lodged(2).id),
            suggestion: words
                .filter(|_| stands && cause < CAUSES.len())
                .map(|words| VaultId::from_uuid(uuid::Uuid::from_u128(words))),
            ..Sample::lodged(1).fact()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_of_shards_are_the_board(
        facts in prop::collection::vec((fact(), 0_usize..7), 0..120),
        span in 0_u32..40,
        order in Just((0_usize..7).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let rulebook = Rulebook::from_toml(BOOK).unwrap();
        let as_of: NaiveDate = AS_OF.parse().unwrap();
        let all: Vec<CaseFact> = facts.iter().map(|(fact, _)| fact.clone()).collect();
        let mut merged = BoardPart::of([], &rulebook, as_of, span);
        for shard in order {
            let own = facts.iter().filter(|(_, of)| *of == shard).map(|(fact, _)| fact);
            let part = BoardPart::of(own, &rulebook, as_of, span);
            merged.merge(&crate::measure_cases::sent(&part)).unwrap();
            merged = crate::measure_cases::sent(&merged);
        }
        let whole = BoardPart::of(&all, &rulebook, as_of, span);
        prop_assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
        prop_assert_eq!(merged.board(), Board::of(&all, &rulebook, as_of, span));
    }

    /// The board's disposed are those of the table, which the statement and the pack agree with: one figure beside
    /// the other on a page is the same.
    #[test]
    fn the_board_and_the_table_dispose_of_the_same_cases(facts in prop::collection::vec(fact(), 0..120)) {
        let rulebook = Rulebook::from_toml(BOOK).unwrap();
        let as_of: NaiveDate = AS_OF.parse().unwrap();
        let board = Board::of(&facts, &rulebook, as_of, 30);
        let zone = rulebook.zone();
        let cases = Cases::read_facts(zone, at("2027-01-01T00:00:00Z"), &facts).cases;
        let part = cases.count(cases.unit(), None, &Terms::new(as_of, zone, AgeRule::Calendar)).unwrap();
        prop_assert_eq!(board.disposed, part.total().disposed);
    }

    #[test]
    fn the_board_is_what_a_naive_count_finds(facts in prop::collection::vec(fact(), 0..120), span in 0_u32..40) {
        let rulebook = Rulebook::from_toml(BOOK).unwrap();
        let as_of: NaiveDate = AS_OF.parse().unwrap();
        let board = Board::of(&facts, &rulebook, as_of, span);
        let day = |fact: &CaseFact| day_of(fact.received_at, rulebook.zone());
        let counted: Vec<&CaseFact> =
            facts.iter().filter(|fact| fact.sealed.is_none() && fact.part_of.is_none() && day(fact) < as_of).collect();
        let before = |fact: &CaseFact| day(fact) < as_of && day_of(fact.updated_at, rulebook.zone()) < as_of;
        let stands = |fact: &CaseFact| fact.phase == Phase::Disposed && before(fact);
        let standing = counted.iter().filter(|fact| stands(fact));
        let classified: Vec<&&CaseFact> = standing.clone().filter(|fact| fact.root_cause.is_some()).collect();
        prop_assert_eq!(board.disposed, standing.count() as u64);
        prop_assert_eq!(board.classified, classified.len() as u64);
        prop_assert_eq!(board.unclassified + board.classified, board.disposed);

        let mut repeaters: BTreeMap<(String, Option<String>, String), (u64, u64)> = BTreeMap::new();
        let mut words = Vec::new();
        for fact in &classified {
            let cause = fact.root_cause.as_ref().unwrap().to_string();
            let subject = fact.category.as_ref().map(ToString::to_string);
            let of = repeaters.entry((cause, subject, fact.unit.to_string())).or_default();
            *of = (of.0 + 1, of.1 + u64::from(fact.suggestion.is_some()));
            words.extend(fact.suggestion);
        }
        let found: Vec<_> = board
            .repeaters
            .iter()
            .map(|it| ((it.root_cause.to_string(), it.category.as_ref().map(ToString::to_string), it.unit.to_string()), (it.count, it.suggested)))
            .collect();
        prop_assert!(found.is_sorted_by(|(one, (a, _)), (other, (b, _))| a > b || (a == b && one < other)));
        prop_assert!(board.suggestions.is_sorted());
        let mut listed: Vec<_> = board.suggestions.iter().map(|it| it.text).collect();
        listed.sort_unstable();
        words.sort_unstable();
        prop_assert_eq!(listed, words);
        for one in &board.suggestions {
            let expected = match one.change.as_ref().map(ChangeCode::as_str) {
                Some("a-form") => (Some(ChangeState::Implemented), "2026-03-10".parse().ok()),
                Some("b-register") => (Some(ChangeState::Implemented), "2026-03-20".parse().ok()),
                Some("c-works-only") => (Some(ChangeState::Accepted), None),
                Some("d-to-come") => (Some(ChangeState::Implemented), "2026-04-01".parse().ok()),
                _ => (None, None),
            };
            prop_assert_eq!((one.state, one.implemented_on), expected);
        }
        prop_assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), repeaters);

        prop_assert!(board.changes.is_sorted_by(|a, b| (b.answers, &a.code) <= (a.answers, &b.code)));
        prop_assert_eq!(board.changes.len(), 4);
        for change in &board.changes {
            let code = change.code.as_str();
            let concerns = |fact: &CaseFact| match code {
                "b-register" => fact.category.as_ref().is_some_and(|it| it.as_str() == "pothole"),
                "c-works-only" => fact.unit.as_str() == "works",
                _ => true,
            };
            let answers = |fact: &CaseFact| {
                let Some(cause) = fact.root_cause.as_ref().filter(|_| stands(fact)) else { return false };
                concerns(fact)
                    && match code {
                        "b-register" => ["contractor", "wear"].contains(&cause.as_str()),
                        "c-works-only" => cause.as_str() == "funds",
                        _ => true,
                    }
            };
            prop_assert_eq!(change.answers, counted.iter().filter(|fact| answers(fact)).count() as u64);
            let named = classified
                .iter()
                .filter(|fact| concerns(fact) && fact.change.as_ref().is_some_and(|it| it.as_str() == code));
            prop_assert_eq!(change.named, named.count() as u64);
            let first: Option<NaiveDate> = match code {
                "a-form" => "2026-03-10".parse().ok(),
                "b-register" => "2026-03-20".parse().ok(),
                _ => None,
            };
            let Some(first) = first.filter(|_| span > 0) else {
                prop_assert_eq!(change.recurrence, None);
                continue;
            };
            let days = (as_of - first).num_days().min(span.into());
            let recurrence = change.recurrence.unwrap();
            prop_assert_eq!(i64::from(recurrence.days), days);
            let within = |fact: &CaseFact, from: i64, to: i64| (from..to).contains(&(day(fact) - first).num_days());
            let of = |from, to| counted.iter().filter(|fact| answers(fact) && within(fact, from, to)).count() as u64;
            prop_assert_eq!((recurrence.before, recurrence.after), (of(-days, 0), of(0, days)));
            let open = |fact: &CaseFact| {
                let over = [Phase::Withdrawn, Phase::Declined, Phase::Merged].contains(&fact.phase) && before(fact);
                concerns(fact) && !over && !(stands(fact) && fact.root_cause.is_some())
            };
            let unknown = counted.iter().filter(|fact| open(fact) && within(fact, 0, days)).count() as u64;
            prop_assert_eq!(recurrence.unknown_after, unknown);
            let unknown = counted.iter().filter(|fact| open(fact) && within(fact, -days, 0)).count() as u64;
            prop_assert_eq!(recurrence.unknown_before, unknown);
        }
    }
}

/// A minister asks what one change would remove: the answer is a share of the classified, and says
/// how many are not.
#[test]
fn a_change_is_in_the_rulebook_with_how_far_it_has_come() {
    let rulebook = Rulebook::from_toml(BOOK).unwrap();
    let pothole = CaseFact {
        phase: Phase::Disposed,
        category: Some("pothole".parse().unwrap()),
        received_at: at("2026-03-25T00:00:00Z"),
        disposed_at: Some(at("2026-03-26T00:00:00Z")),
        ..Sample::lodged(1).fact()
    };
    let classified = CaseFact { root_cause: Some("wear".parse().unwrap()), ..pothole.clone() };
    let board = Board::of([&pothole, &classified, &classified], &rulebook, AS_OF.parse().unwrap(), 90);
    assert_eq!((board.disposed, board.classified, board.unclassified), (3, 2, 1));
    let register = board.changes.iter().find(|change| change.code.as_str() == "b-register").unwrap();
    assert_eq!((register.state, register.answers, register.named), (ChangeState::Implemented, 2, 0));
    let recurrence = register.recurrence.unwrap();
    assert_eq!((recurrence.days, recurrence.before, recurrence.after), (12, 0, 2));
    assert_eq!(recurrence.unknown_after, 1, "the one that nobody has classified may be one more");
    let accepted = board.changes.iter().find(|change| change.code.as_str() == "c-works-only").unwrap();
    assert_eq!((accepted.state, accepted.recurrence), (ChangeState::Accepted, None));
    // Under appeal it is pending, whatever it was disposed with.
    let appealed = CaseFact { phase: Phase::UnderAppeal, ..classified.clone() };
    let board = Board::of([&appealed, &classified], &rulebook, AS_OF.parse().unwrap(), 90);
    assert_eq!((board.disposed, board.classified), (1, 1));
    let register = board.changes.iter().find(|change| change.code.as_str() == "b-register").unwrap();
    assert_eq!((register.answers, register.recurrence.unwrap().unknown_after), (1, 1));
}

/// What an officer wrote when the case was classified is counted and listed; the board of a day before knows
/// nothing of it, and whoever does not see the case has neither.
#[test]
fn suggestions_of_officers_are_counted_as_of_a_day() {
    for (name, desk) in desks_under(BOOK, "") {
        let case = lodge(&desk, "pothole", "2026-03-02T05:00:00Z").case;
        let works = officer("hod", "works");
        let dispose = r#"{ "action": "dispose", "remarks": "Filled.", "reason": "benefit_provided",
            "evidence": { "date": "2026-03-03", "reference": "WO 1" } }"#;
        take(&desk, &works, "2026-03-03T05:00:00Z", case, dispose);
        let classify =
            r#"{ "action": "classify", "root_cause": "wear", "suggestion": "Patch before the rains." }"#;
        take(&desk, &works, "2026-03-05T05:00:00Z", case, classify);
        let board = |day: &str| {
            let now = at("2026-03-10T05:00:00Z");
            desk.by(&Desk::system(), now).gpr(day.parse().unwrap(), 90).unwrap()
        };
        let (before, after) = (board("2026-03-05"), board("2026-03-06"));
        assert_eq!((before.disposed, before.classified, before.suggestions.len()), (1, 0, 0), "{name}");
        assert_eq!((after.classified, after.repeaters[0].suggested), (1, 1), "{name}");
        let listed = &after.suggestions[0];
        assert_eq!((listed.case, listed.root_cause.as_str()), (case, "wear"), "{name}");
        // It names no change: so it says, and does not leave it out.
        let written = serde_json::to_value(listed).unwrap();
        for key in ["change", "state", "implemented_on"] {
            assert_eq!(written.get(key), Some(&serde_json::Value::Null), "{name} {key}");
        }
        let sheet = after.of_suggestions();
        let row = &sheet.objects()[0];
        assert!(row["state"].is_null() && row["implemented_on"].is_null(), "{name}");
        let told = words(&desk, &[listed.text]);
        assert_eq!(told[0].content, "Patch before the rains.", "{name}");
        let fact = desk.store().fact(case).unwrap().unwrap();
        assert_eq!(fact.suggestion, Some(listed.text), "{name}");
        // Classified again, with a change.
        let classify = r#"{ "action": "classify", "root_cause": "wear", "change": "b-register",
            "suggestion": "One register." }"#;
        take(&desk, &works, "2026-03-06T05:00:00Z", case, classify);
        let named = board("2026-03-07").of_suggestions();
        let row = &named.objects()[0];
        assert_eq!((&row["change"], &row["state"]), (&json!("b-register"), &json!("implemented")), "{name}");
        assert_eq!(row["implemented_on"], json!("2026-03-20"), "{name}");
    }
}

/// Parts of another day, span or rulebook do not merge; what contradicts itself or counts too much is no part.
#[test]
fn other_parts_are_refused() {
    let rulebook = Rulebook::from_toml(BOOK).unwrap();
    let as_of: NaiveDate = AS_OF.parse().unwrap();
    let stands = CaseFact {
        received_at: at("2026-03-12T00:00:00Z"),
        disposed_at: Some(at("2026-03-13T00:00:00Z")),
        phase: Phase::Disposed,
        unit: "works".parse().unwrap(),
        disposed_by: Some("works".parse().unwrap()),
        category: Some("pothole".parse().unwrap()),
        root_cause: Some("funds".parse().unwrap()),
        sealed: None,
        part_of: None,
        suggestion: Some(VaultId::from_uuid(uuid::Uuid::nil())),
        ..Sample::lodged(1).fact()
    };
    let mut own = BoardPart::of([&stands], &rulebook, as_of, 30);
    let before = own.clone();
    let other = Rulebook::from_toml(&BOOK.replace("A second crew", "A third crew")).unwrap();
    for part in [
        BoardPart::of([], &rulebook, as_of, 29),
        BoardPart::of([], &rulebook, as_of.succ_opt().unwrap(), 30),
        BoardPart::of([], &other, as_of, 30),
    ] {
        assert_eq!(own.merge(&part), Err(DoesNotFit::Terms));
    }
    assert_eq!(own, before);
    let text = serde_json::to_string(&own).unwrap();
    let read = |text: &str| serde_json::from_str::<BoardPart>(text).map_err(|problem| problem.to_string());
    assert_eq!(read(&text), Ok(own));
    for (from, to, problem) in [
        ("\"classified\":1", "\"classified\":2", "not what it says"),
        ("\"disposed\":1", "\"disposed\":0", "not what it says"),
        ("\"suggested\":1", "\"suggested\":2", "not what it says"),
        ("\"count\":1", "\"count\":9223372036854775807", "more than there can be"),
        ("\"named\":0", "\"named\":5", "not what it says"),
        ("\"span\":30", "\"span\":30,\"more\":1", "unknown field"),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        assert!(read(&text.replacen(from, to, 1)).unwrap_err().contains(problem), "{from}");
    }
    let half = format!("\"disposed\":{}", 1_u64 << 55);
    let mut large = read(&text.replacen("\"disposed\":1", &half, 1)).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
}
