//! The measure table: every question is answered as a sheet, and each says what the typed measure says.

use crate::desk_support::{at, desks, lodge, officer, person, take};
use crate::scenario_runner::{Ran, Scenario, all};
use chrono::{DateTime, Utc};
use grievance_core::Rulebook;
use grievance_core::desk::{Acting, Desk, DeskError, Measure};
use grievance_core::grievance::event::Recorded;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::text::Digest;
use grievance_core::kernel::time::start_of_day;
use grievance_core::measure::answer::sheet::{Cells, Sheet};
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::gpr::Board;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::Weeks;
use grievance_core::measure::picked::Picked;
use grievance_core::measure::stay::{Span, Stays};
use grievance_core::measure::waiting::Waiting;
use grievance_core::render::language::Language;
use grievance_core::render::pack::review_html;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{AgeRule, ErrorCode, MEASURES, TableRow};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn counts(sheet: &Sheet, name: &str) -> Vec<Option<i64>> {
    match sheet.column(name) {
        Some(Cells::Count(cells)) => cells.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn sum(sheet: &Sheet, name: &str) -> u64 {
    u64::try_from(counts(sheet, name).iter().flatten().sum::<i64>()).unwrap()
}

fn texts(sheet: &Sheet, name: &str) -> Vec<Option<String>> {
    match sheet.column(name) {
        Some(Cells::Text(cells)) => cells.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn ask(acting: &Acting<'_>, question: &Value) -> Sheet {
    let read =
        Measure::from_json(&question.to_string()).unwrap_or_else(|problem| panic!("{question}: {problem}"));
    acting.measure(&read).unwrap_or_else(|problem| panic!("{question}: {problem}"))
}

/// A question of a row with the fields that must be there.
fn least(row: &TableRow) -> Value {
    let mut question = json!({ "what": row.name });
    for field in row.fields.iter().filter(|field| field.must) {
        question[field.name] = match (field.kind, field.name) {
            ("Day", "since") => json!("2020-01-01"),
            ("Day", _) => json!("2027-01-01"),
            ("String", "of") => json!("over:"),
            ("String", "index") => json!("average_days"),
            ("String", "seed") => json!(Digest::of(&[b"dice"]).to_string()),
            other => panic!("{}: {other:?}", row.name),
        };
    }
    question
}

/// Each row of the table is a question that a desk answers, in every scenario; what it must be told is missed by name, and
/// what it does not know is refused by name.
#[test]
fn every_row_is_answered() {
    let tenant = TenantCode::new("scenario").unwrap();
    let mut rows = BTreeSet::new();
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        let end = scenario.steps.last().unwrap().at;
        let system = Desk::system();
        let acting = ran.desk.by(&system, end);
        for row in MEASURES {
            let sheet = ask(&acting, &least(row));
            assert!(
                sheet.columns.iter().all(|column| column.cells.len() == sheet.rows()),
                "{name} {}",
                row.name
            );
            if sheet.rows() > 0 {
                rows.insert(row.name);
            }
        }
    }
    let never: Vec<_> = MEASURES.iter().map(|row| row.name).filter(|name| !rows.contains(name)).collect();
    assert_eq!(never, ["trends", "suspicions"], "the scenarios are too small for these alone");
    for row in MEASURES {
        let whole = least(row);
        for field in row.fields.iter().filter(|field| field.must) {
            let mut without = whole.clone();
            without.as_object_mut().unwrap().remove(field.name);
            assert_eq!(Measure::from_json(&without.to_string()).unwrap_err().place, field.name);
        }
        for field in row.fields {
            let mut wrong = whole.clone();
            wrong[field.name] = json!({ "no": "value" });
            assert_eq!(Measure::from_json(&wrong.to_string()).unwrap_err().place, field.name);
        }
        let mut more = whole.clone();
        more["colour"] = json!("red");
        assert_eq!(Measure::from_json(&more.to_string()).unwrap_err().place, "colour");
        let read = Measure::from_json(&whole.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), whole, "it is written as it is read");
        assert_eq!(serde_json::from_value::<Measure>(whole).unwrap(), read);
    }
    let near = Measure::from_json(r#"{"what": "pendancy"}"#).unwrap_err();
    assert_eq!((near.code, near.place.as_str()), (ErrorCode::UnknownCode, "what"));
    assert!(near.hint.unwrap().contains("pendency"));
    for none in ["", "[]", "7", "{"] {
        assert_eq!(Measure::from_json(none).unwrap_err().place, "question");
    }
}

/// A town where a case was disposed, looked at twice and classified.
fn second_look() -> (Scenario, Ran, DateTime<Utc>) {
    let name = "second-look-and-root-cause";
    let (_, scenario) = all().into_iter().find(|(known, _)| known == name).unwrap();
    let ran = scenario.run(name, MemoryStore::default().tenant(&TenantCode::new("scenario").unwrap()));
    let end = scenario.steps.last().unwrap().at;
    (scenario, ran, end)
}

/// Who may not see officers learns of none from what points at closings, from samples and from what they found; a count of
/// one officer's closings opens to nobody, and one of an office that there is not is refused.
#[test]
fn officers_are_told_to_those_who_see_them() {
    let (scenario, ran, end) = second_look();
    let auditor = scenario.who("auditor");
    let agent = Actor { role: "call_agent".parse().unwrap(), ..auditor.clone() };
    let days =
        json!({ "since": "2026-03-01", "until": "2026-04-05", "seed": Digest::of(&[b"dice"]).to_string() });
    let mut sample = json!({ "what": "sample" });
    sample.as_object_mut().unwrap().extend(days.as_object().unwrap().clone());
    let mut quality = json!({ "what": "quality", "as_of": "2026-04-08" });
    quality.as_object_mut().unwrap().extend(days.as_object().unwrap().clone());
    for question in [sample, quality] {
        let officers = |actor: &Actor| texts(&ask(&ran.desk.by(actor, end), &question), "officer");
        let (seen, hidden) = (officers(&auditor), officers(&agent));
        assert_eq!((seen.len(), hidden.len()), (1, 1), "{question}");
        assert!(seen[0].is_some() && hidden[0].is_none(), "{question}");
        assert!(officers(&Desk::system())[0].is_some(), "{question}");
    }
    let weeks =
        Weeks::to(Terms::new("2026-03-30".parse().unwrap(), chrono_tz::Asia::Kolkata, AgeRule::Calendar));
    let closed = |actor: &Actor| ran.desk.by(actor, end).closings(&weeks).unwrap().disposals();
    assert!(closed(&auditor)[0].officer.is_some() && closed(&auditor)[0].closed_by.is_some());
    assert!(closed(&agent)[0].officer.is_none() && closed(&agent)[0].closed_by.is_none());
    let acting = ran.desk.by(&auditor, end);
    let behind = |question: Value| acting.measure(&Measure::from_json(&question.to_string()).unwrap());
    for of in ["suspected:bulk_closing", "suspected:same_remarks"] {
        let refused = behind(json!({ "what": "behind", "as_of": "2026-04-06", "of": of })).unwrap_err();
        assert!(matches!(&refused, DeskError::NotAsked(problem) if problem.place == "of"), "{refused}");
    }
    let elsewhere = json!({ "what": "behind", "as_of": "2026-04-06", "of": "pending", "unit": "long-gone" });
    let refused = behind(elsewhere).unwrap_err();
    assert!(matches!(&refused, DeskError::NotAsked(problem) if problem.place == "unit"), "{refused}");
    let late = json!({ "what": "behind", "as_of": "+262142-12-31", "of": "pending" });
    assert!(behind(late).is_err());
}

/// A page of one office has the causes of its own, and each number leads where the host said.
#[test]
fn a_page_of_an_office_is_about_that_office() {
    let (_, ran, end) = second_look();
    let system = Desk::system();
    let page = |unit: &str| {
        let asked = json!({ "what": "review", "as_of": "2026-04-08", "unit": unit });
        let asked = Measure::from_json(&asked.to_string()).unwrap();
        let lists = Some("/cases?{unit}&{span}&{of}");
        review_html(&ran.desk.by(&system, end), &asked, None, Language::English, lists).unwrap()
    };
    let cause = "&#x2f;cases?works&amp;alone&amp;cause:contractor:pothole\">1</a>";
    assert!(page("works").contains(cause), "{}", page("works"));
    assert!(!page("desk").contains("cause:contractor"), "the desk had no cause");
    let own = Measure::from_json(r#"{"what": "review", "as_of": "2026-04-08"}"#).unwrap();
    for lists in ["/cases?{unit}&{of}", "/cases", ""] {
        let refused =
            review_html(&ran.desk.by(&system, end), &own, None, Language::English, Some(lists)).unwrap_err();
        assert!(matches!(refused, DeskError::NotAsked(problem) if problem.place == "lists"), "{lists}");
    }
    let other = Measure::from_json(r#"{"what": "causes", "as_of": "2026-04-08"}"#).unwrap();
    let refused = review_html(&ran.desk.by(&system, end), &other, None, Language::English, None).unwrap_err();
    assert!(matches!(refused, DeskError::NotAsked(problem) if problem.place == "what"));
}

/// The sheets of histories say what the typed measures say, for each scenario.
#[test]
fn sheets_say_what_the_measures_say() {
    let tenant = TenantCode::new("scenario").unwrap();
    let (mut waited, mut stayed, mut causes) = (0, 0, 0);
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        let end = scenario.steps.last().unwrap().at;
        let system = Desk::system();
        let acting = ran.desk.by(&system, end);
        let rulebook = ran.desk.rulebook(end).unwrap();
        let day = end.with_timezone(&rulebook.zone()).date_naive() + chrono::Days::new(1);
        let terms = Terms::new(day, rulebook.zone(), AgeRule::Calendar);
        let (mut waiting, mut stays) = (Waiting::new(&terms), Stays::new(&terms));
        let mut facts = Vec::new();
        let mut histories: Vec<Vec<Recorded>> = Vec::new();
        acting
            .scan(&mut |history| {
                waiting.add_history(history, &terms, &rulebook).unwrap();
                stays.add_history(history, &terms).unwrap();
                facts.extend(fact_as_of(history, start_of_day(day, rulebook.zone())));
                histories.push(history.to_vec());
                true
            })
            .unwrap();

        let sheet = ask(&acting, &json!({ "what": "waiting", "as_of": day }));
        if let Some(whole) = waiting.of(&Picked::all()) {
            waited += sheet.rows();
            let silent = whole.silence.count();
            let pairs = [
                ("pending", whole.pending),
                ("told", silent),
                ("never_told", whole.never_told),
                ("owed", whole.owed),
                ("owed_overdue", whole.owed_overdue),
                ("custodies", whole.custodies),
                ("returned", whole.returned),
                ("transferred", whole.transferred),
            ];
            for (column, count) in pairs {
                assert_eq!(sum(&sheet, column), count, "{name}: {column}");
            }
            let bands: Vec<&str> = sheet.columns[2..10].iter().map(|column| column.name.as_ref()).collect();
            let (all, held) = bands.split_at(4);
            assert_eq!(all.iter().map(|band| sum(&sheet, band)).collect::<Vec<_>>(), whole.in_total);
            assert_eq!(held.iter().map(|band| sum(&sheet, band)).collect::<Vec<_>>(), whole.with_unit);
        }
        // Of an office and what is below it: no more than of all, and nothing of others.
        for unit in texts(&sheet, "unit").into_iter().flatten() {
            if rulebook.directory().get(&unit.parse().unwrap()).is_none() {
                continue;
            }
            let part = ask(&acting, &json!({ "what": "waiting", "as_of": day, "unit": unit }));
            let below = Picked::below(rulebook.directory(), &unit.parse().unwrap());
            assert_eq!(
                sum(&part, "custodies"),
                waiting.of(&below).map_or(0, |wait| wait.custodies),
                "{name} {unit}"
            );
        }

        let sheet = ask(&acting, &json!({ "what": "stays", "as_of": day }));
        let spans: BTreeSet<&Span> = stays.groups().keys().map(|group| &group.span).collect();
        assert_eq!(sheet.rows(), spans.len(), "{name}");
        stayed += sheet.rows();
        for (row, cells) in sheet.objects().iter().enumerate() {
            let code = cells["code"].as_str();
            let span = match cells["span"].as_str().unwrap() {
                "whole" => Span::Whole,
                "episode" => serde_json::from_value(json!({ "episode": code })).unwrap(),
                _ => Span::Stage(code.unwrap().parse().unwrap()),
            };
            let stay = stays.of(&Picked::all(), &span).unwrap();
            let told = [&cells["over"], &cells["still"], &cells["otherwise"]].map(|it| it.as_u64().unwrap());
            assert_eq!(told, [stay.over.count(), stay.still.count(), stay.otherwise.count()], "{name} {row}");
            assert_eq!(cells["median_days"].as_f64(), stay.over.quantile_days(0.5));
        }

        let board = Board::of(&facts, &rulebook, day, 90);
        let sheet = ask(&acting, &json!({ "what": "causes", "as_of": day }));
        assert_eq!(
            (sum(&sheet, "count"), json!(board.unclassified)),
            (board.classified, sheet.about["unclassified"].clone())
        );
        causes += sheet.rows();
        let sheet = ask(&acting, &json!({ "what": "changes", "as_of": day }));
        assert_eq!(sum(&sheet, "answers"), board.changes.iter().map(|change| change.answers).sum::<u64>());
        let sheet = ask(&acting, &json!({ "what": "suggestions", "as_of": day }));
        assert_eq!(sheet.rows(), board.suggestions.len());

        let sheet = ask(&acting, &json!({ "what": "review", "as_of": day, "index": "timely_disposal" }));
        let pack = acting.review(None, day, AgeRule::Calendar, None).unwrap();
        assert_eq!(sheet.about["all"]["lines"], json!(pack.all.lines), "{name}");
        assert!(sheet.about["index"].is_object() && pack.index.is_none());
    }
    assert!(waited > 40 && stayed > 100 && causes > 0, "{waited} {stayed} {causes}");
}

const TOWN: &str = r#"
extends = "city-311"
name = "Test town"
zone = "Asia/Kolkata"
[verification]
percent = 10
suspicious_percent = 100
[suspicion]
same_remarks = 3
"#;

/// A sample of days is drawn again whenever it is asked for, whatever has happened since; and what was found counts by the
/// day on which it was found.
#[test]
fn a_sample_is_drawn_again_and_its_looks_are_counted() {
    for (name, desk) in desks() {
        desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2026-01-01T00:00:00Z")).unwrap();
        let [plain, pasting] = [901, 902].map(|n| Actor { person: person(n), ..officer("hod", "works") });
        let closed = |by: &Actor, now: &str, remarks: &str| {
            let case = lodge(&desk, "pothole", "2026-02-02T05:00:00Z").case;
            let dispose = format!(
                r#"{{"action":"dispose","remarks":"{remarks}","reason":"benefit_provided","evidence":{{"date":"2026-02-10","reference":"1"}}}}"#
            );
            take(&desk, by, now, case, &dispose);
            case
        };
        let own: Vec<_> =
            (0..10).map(|n| closed(&plain, "2026-03-10T06:00:00Z", &format!("Street {n}."))).collect();
        let pasted: Vec<_> = (0..4).map(|_| closed(&pasting, "2026-03-11T06:00:00Z", "Done.")).collect();
        let earlier = closed(&plain, "2026-02-28T06:00:00Z", "Done.");
        let later = closed(&plain, "2026-03-31T18:30:00Z", "Done.");
        let seed = Digest::of(&[b"dice"]).to_string();
        let auditor = officer("auditor", "desk");
        let ask_at = |now: &str, question: Value| ask(&desk.by(&auditor, at(now)), &question);
        let days = json!({ "since": "2026-03-01", "until": "2026-04-01" });
        let with = |more: Value| {
            let mut question = days.clone();
            question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            question
        };

        let sheet = ask_at("2026-04-02T00:00:00Z", with(json!({ "what": "suspicions" })));
        let same: Vec<_> =
            pasted.iter().map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect();
        assert_eq!(sheet.rows(), 1, "{name}");
        assert_eq!(texts(&sheet, "cases"), [Some(same.join(" "))]);
        assert_eq!((sheet.about["disposals"].as_u64(), sheet.about["unread"].as_u64()), (Some(14), Some(0)));

        let sample = with(json!({ "what": "sample", "seed": seed }));
        let first = ask_at("2026-04-02T00:00:00Z", sample.clone());
        let drawn: BTreeSet<String> = texts(&first, "case").into_iter().flatten().collect();
        assert!(same.iter().all(|case| drawn.contains(case)), "{name}: all of the suspicious stratum");
        assert_eq!(own.iter().filter(|case| drawn.contains(&case.to_string())).count(), 1, "{name}");
        assert!([earlier, later].iter().all(|case| !drawn.contains(&case.to_string())), "{name}");
        assert_eq!(first.rows(), drawn.len());

        for (nth, case) in pasted.iter().enumerate() {
            let finding = if nth == 0 { "deficient" } else { "confirmed" };
            let verify = format!(
                r#"{{"action":"verify","finding":"{finding}","remarks":"Looked at.","sample":"2026-04-01"}}"#
            );
            take(&desk, &auditor, "2026-04-07T06:00:00Z", *case, &verify);
        }
        assert_eq!(ask_at("2026-05-02T00:00:00Z", sample), first, "{name}: drawn again");

        let quality = |as_of: &str| {
            ask_at("2026-05-02T00:00:00Z", with(json!({ "what": "quality", "seed": seed, "as_of": as_of })))
        };
        let (before, after) = (quality("2026-04-07"), quality("2026-04-08"));
        assert_eq!((sum(&before, "waiting"), sum(&before, "confirmed")), (5, 0), "{name}");
        assert_eq!(before.about["deficient"], Value::Null);
        assert_eq!([sum(&after, "deficient"), sum(&after, "confirmed"), sum(&after, "waiting")], [1, 3, 1]);
        assert_eq!(sum(&after, "disposals"), 14);
        assert_eq!(after.about["deficient"].as_f64(), Some(0.25), "{name}: of the four that are covered");
        assert_eq!(
            (after.about["covered"].as_u64(), after.about["not_covered"].as_u64()),
            (Some(4), Some(10))
        );

        let acting = desk.by(&auditor, at("2026-05-02T00:00:00Z"));
        let place = |question: Value| {
            let read = Measure::from_json(&question.to_string()).unwrap();
            acting.measure(&read).unwrap_err().place().map(str::to_owned)
        };
        let turned = json!({ "what": "suspicions", "since": "2026-04-01", "until": "2026-03-01" });
        assert_eq!(place(turned).as_deref(), Some("since"));
        assert_eq!(place(with(json!({ "what": "sample", "seed": "dice" }))).as_deref(), Some("seed"));
        let nowhere = json!({ "what": "review", "as_of": "2026-04-01", "unit": "atlantis" });
        assert_eq!(place(nowhere).as_deref(), Some("unit"));
        let needs = Measure::from_json(r#"{"what": "mis", "as_of": "2026-04-01"}"#).unwrap();
        let of_cases = needs.of_cases(&acting.cases("2026-04-01".parse().unwrap()).unwrap());
        assert_eq!(of_cases.unwrap_err().place, "what", "{name}");
    }
}
