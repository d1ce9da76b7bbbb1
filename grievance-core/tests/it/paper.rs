//! Papers: what a desk gives out and reads again as texts is what the typed methods say, for everybody who may.

use crate::desk_support::{
    TOWN, at, citizen, desks, desks_under, lodge, officer, open, person, stores, take,
};
use crate::measure_asked::desks as scenarios;
use grievance_core::Rulebook;
use grievance_core::desk::{Acting, Desk, DeskError, Paper};
use grievance_core::kernel::text::Digest;
use grievance_core::measure::answer::sheet::NotAsked;
use grievance_core::measure::cases::sheets::index_of;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::{Agenda, CountedProof, Edition, EditionKey, Roll, Weeks};
use grievance_core::measure::practice::Register;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{AgeRule, ErrorCode, PAPERS};
use serde_json::{Value, json};

/// 64 hexadecimal digits, as every language has a secret.
fn key(of: &str) -> String {
    Digest::of(&[of.as_bytes()]).to_string()
}

fn read(question: &Value) -> Paper {
    Paper::from_json(&question.to_string()).unwrap_or_else(|problem| panic!("{question}: {problem}"))
}

fn ask(acting: &Acting<'_>, question: &Value) -> String {
    acting.paper(&read(question)).unwrap_or_else(|problem| panic!("{question}: {problem}"))
}

fn answer(acting: &Acting<'_>, question: &Value) -> Value {
    serde_json::from_str(&ask(acting, question)).unwrap()
}

fn refused(acting: &Acting<'_>, question: &Value) -> (ErrorCode, String) {
    match acting.paper(&read(question)) {
        Err(DeskError::NotAsked(NotAsked { code, place, .. })) => (code, place),
        other => panic!("{question}: {other:?}"),
    }
}

/// Each row of the table is read by its name; what must be there is missed, and what it does not know refused, by name.
#[test]
fn every_row_is_read_by_name() {
    for row in PAPERS {
        let mut whole = json!({ "what": row.name });
        for field in row.fields.iter().filter(|field| field.must) {
            whole[field.name] = match field.kind.replace(' ', "").as_str() {
                "Day" => json!("2026-04-06"),
                "String" => json!("text"),
                "Vec<String>" => json!(["text"]),
                other => panic!("{}: {other}", row.name),
            };
        }
        #[cfg(feature = "schema")]
        crate::schema_truth::schemas()["paper"]
            .names(&whole)
            .unwrap_or_else(|problem| panic!("{whole}: {problem}"));
        let own = read(&whole);
        assert_eq!(serde_json::to_value(&own).unwrap(), whole, "it is written as it is read");
        let place = |question: &Value| Paper::from_json(&question.to_string()).unwrap_err().place;
        for field in row.fields {
            let mut wrong = whole.clone();
            wrong[field.name] = json!({ "no": "value" });
            assert_eq!(place(&wrong), field.name);
            wrong.as_object_mut().unwrap().remove(field.name);
            if field.must {
                assert_eq!(place(&wrong), field.name);
            }
        }
        let mut more = whole.clone();
        more["colour"] = json!("red");
        assert_eq!(place(&more), "colour");
    }
    let near = Paper::from_json(r#"{"what": "editoin"}"#).unwrap_err();
    assert_eq!((near.code, near.place.as_str()), (ErrorCode::UnknownCode, "what"));
    assert!(near.hint.unwrap().contains("edition"));
}

/// For every scenario: an edition is the review, has nothing to restate as long as nothing happens, and proves of every case
/// what the typed roll proves.
#[test]
fn an_edition_is_the_review_and_proves_every_case() {
    let (mut proven, mut absent) = (0, 0);
    for (name, desk, day) in scenarios() {
        let system = Desk::system();
        let acting = desk.by(&system, day.and_hms_opt(12, 0, 0).unwrap().and_utc());
        let asked = |rule: &str| json!({ "what": "edition", "as_of": day, "key": key("a"), "rule": rule, "index": "average_days" });
        for rule in AgeRule::ALL {
            let text = ask(&acting, &asked(rule.as_str()));
            let edition = Edition::read(&text).unwrap();
            let index = index_of("average_days").unwrap();
            assert_eq!(edition.pack, acting.review(None, day, *rule, Some(&index)).unwrap(), "{name}");
            let restated = answer(&acting, &json!({ "what": "restate", "edition": text }));
            assert_eq!(
                [&restated["moved"], &restated["unexplained"], &restated["restated"]],
                [&json!([]); 3],
                "{name}"
            );
        }
        let text = ask(&acting, &asked("calendar"));
        let edition = Edition::read(&text).unwrap();
        let zone = acting.rulebook().unwrap().zone();
        let mut roll = Roll::new(
            Weeks::to(Terms::new(day, zone, AgeRule::Calendar)),
            EditionKey::new(*key("a").parse::<Digest>().unwrap().as_bytes()),
        );
        let mut cases = Vec::new();
        acting
            .scan(&mut |history| {
                roll.add_history(history);
                cases.push(history[0].case);
                true
            })
            .unwrap();
        for case in cases {
            let prove = json!({ "what": "prove_counted", "edition": text, "key": key("a"), "case": case });
            let proofs: Vec<CountedProof> = serde_json::from_str(&ask(&acting, &prove)).unwrap();
            assert_eq!(proofs, roll.prove(case), "{name}");
            if proofs.is_empty() {
                absent += 1;
            } else {
                proven += 1;
            }
            for proof in &proofs {
                let check = json!({ "what": "check_counted", "edition": text, "proof": proof.text() });
                let said =
                    json!({ "case": case, "count": proof.count, "line": proof.line, "unit": proof.unit });
                assert_eq!(answer(&acting, &check), said);
                let forged = CountedProof { count: proof.count + 1, ..proof.clone() };
                let check = json!({ "what": "check_counted", "edition": text, "proof": forged.text() });
                assert_eq!(refused(&acting, &check), (ErrorCode::ProofInvalid, "proof".to_owned()));
            }
            let other = json!({ "what": "prove_counted", "edition": text, "key": key("b"), "case": case });
            if edition.counted.is_some_and(|counted| counted.counts > 0) {
                assert_eq!(refused(&acting, &other), (ErrorCode::ProofInvalid, "edition".to_owned()));
            }
        }
    }
    assert!(proven > 30 && absent > 30, "{proven} cases were counted, {absent} in no count of the last week");
}

/// What comes after an edition is told as a difference; a case that was sealed since explains what is missing, and is not named.
#[test]
fn a_restatement_names_what_came_later_and_no_sealed_case() {
    let more = r#"
unit = [
  { code = "vigilance", name = "Vigilance", kind = "office", parent = "city", head = "head" },
  { code = "legal", name = "Legal", kind = "office", parent = "city", head = "head" },
]
category = [{ code = "harassment", name = "Harassment", unit = "vigilance", sealed = [
  { unit = "vigilance", post = "head" }, { unit = "legal", post = "nodal" } ] }]
"#;
    for (name, desk) in desks_under(TOWN, more) {
        let system = Desk::system();
        let monday = desk.by(&system, at("2026-03-30T04:00:00Z"));
        let hidden = lodge(&desk, "pothole", "2026-03-25T05:00:00Z").case;
        lodge(&desk, "pothole", "2026-03-26T05:00:00Z");
        let first = ask(&monday, &json!({ "what": "edition", "as_of": "2026-03-30" }));
        let restate = json!({ "what": "restate", "edition": first });
        assert_eq!(answer(&monday, &restate)["restated"], json!([]), "{name}");

        let json = r#"{"action":"recategorise","category":"harassment"}"#;
        take(&desk, &officer("cell_officer", "desk"), "2026-03-31T05:00:00Z", hidden, json);
        let today = desk.by(&system, at("2026-04-01T04:00:00Z"));
        let restated = answer(&today, &restate);
        assert_eq!((&restated["unexplained"], &restated["moved"]), (&json!([]), &json!([])), "{name}");
        let received = |restated: &Value| {
            let rows = restated["restated"].as_array().unwrap();
            let row = rows
                .iter()
                .find(|row| row["place"]["line"] == "received" && row["place"].get("before").is_none());
            row.map(|row| (row["printed"].as_u64().unwrap(), row["now"].as_u64().unwrap()))
        };
        assert_eq!(received(&restated), Some((2, 1)), "{name}");
        assert!(!restated.to_string().contains(&hidden.to_string()), "{name}");

        // Whoever does not reach every case is told nothing of the sealed one: for them the count does not come out.
        let hod = officer("hod", "works");
        let own = desk.by(&hod, at("2026-04-01T04:00:00Z"));
        assert_ne!(answer(&own, &restate)["unexplained"], json!([]), "{name}");

        // The next edition stands on the first, and neither before it nor beside it.
        let next = json!({ "what": "edition", "as_of": "2026-04-01", "after": first });
        assert_eq!(Edition::read(&ask(&today, &next)).unwrap().number, 2);
        let same_day = json!({ "what": "edition", "as_of": "2026-03-30", "after": first });
        assert_eq!(refused(&today, &same_day), (ErrorCode::DatesContradict, "after".to_owned()));
        let of_another = json!({ "what": "edition", "as_of": "2026-04-01", "after": first, "unit": "works" });
        assert_eq!(refused(&today, &of_another), (ErrorCode::InvalidCommand, "after".to_owned()));
        let ahead = json!({ "what": "edition", "as_of": "2026-04-08" });
        assert_eq!(refused(&today, &ahead), (ErrorCode::DatesContradict, "as_of".to_owned()));
        let unkeyed = json!({ "what": "prove_counted", "edition": first, "key": key("a"), "case": hidden });
        assert!(
            matches!(today.paper(&read(&unkeyed)), Err(DeskError::Refused(_))),
            "{name}: sealed is not there"
        );
        let short = json!({ "what": "edition", "as_of": "2026-04-01", "key": "secret" });
        assert_eq!(refused(&today, &short), (ErrorCode::InvalidCommand, "key".to_owned()));
        assert!(!today.paper(&read(&short)).unwrap_err().to_string().contains("secret"));
    }
}

/// An edition outlives the desk that gave it out: another one, whose rulebook came into force after it was made, restates it.
#[test]
fn an_edition_is_restated_by_a_desk_that_is_younger() {
    for (name, desk) in desks() {
        lodge(&desk, "pothole", "2026-03-25T05:00:00Z");
        let system = Desk::system();
        for rule in AgeRule::ALL {
            let asked = json!({ "what": "edition", "as_of": "2026-03-30", "rule": rule.as_str(), "index": "average_days" });
            let edition = ask(&desk.by(&system, at("2026-03-30T04:00:00Z")), &asked);
            // One that has the rulebook of then, and one that never had it.
            for town in [TOWN.to_owned(), TOWN.replace("Test town", "Another town")] {
                let young = open(stores().swap_remove(0).1);
                young.activate(Rulebook::from_toml(&town).unwrap(), at("2026-05-01T00:00:00Z")).unwrap();
                let acting = young.by(&system, at("2026-05-02T00:00:00Z"));
                let restated = answer(&acting, &json!({ "what": "restate", "edition": edition }));
                assert_ne!(restated["unexplained"], json!([]), "{name}: the case is not there");
            }
        }
    }
}

/// Statements are given out by whoever reaches every case, told once, and their opening is kept.
#[test]
fn statements_are_told_by_those_who_may() {
    for (name, desk) in desks() {
        let now = at("2026-03-30T05:30:00Z");
        let (system, clerk, citizen) = (Desk::system(), officer("hod", "works"), citizen());
        let cell = desk.by(&system, now);
        let edition = ask(&cell, &json!({ "what": "edition", "as_of": "2026-03-30", "unit": "works" }));
        let tell = json!({ "what": "tell_of_edition", "edition": edition });
        let whom = json!({ "what": "told_of_edition", "edition": edition });
        for who in [&clerk, &citizen] {
            for question in [
                &tell,
                &whom,
                &json!({ "what": "edition_opened", "edition": edition, "notice": format!("ntc_{}", &key("n")[..32]) }),
            ] {
                let acting = desk.by(who, now);
                assert_eq!(
                    refused(&acting, question),
                    (ErrorCode::OutOfReach, "edition".to_owned()),
                    "{name}"
                );
            }
        }
        assert_eq!(answer(&cell, &tell), json!({ "told": 2 }), "{name}");
        assert_eq!(answer(&cell, &tell), json!({ "told": 0 }), "{name}: nobody twice");
        let told = answer(&cell, &whom);
        let [head, nodal] = [&told[0], &told[1]];
        assert!(head["received_at"].is_null() && nodal["received_at"].is_null(), "{name}: {told}");
        let open = json!({ "what": "edition_opened", "edition": edition, "notice": head["id"] });
        assert_eq!(answer(&cell, &open), json!({ "opened": true }), "{name}");
        assert_eq!(answer(&cell, &whom)[0]["received_at"], json!("2026-03-30T05:30:00Z"), "{name}");
        let other = ask(&cell, &json!({ "what": "edition", "as_of": "2026-03-30" }));
        let elsewhere = json!({ "what": "edition_opened", "edition": other, "notice": head["id"] });
        assert_eq!(answer(&cell, &elsewhere), json!({ "opened": false }), "{name}");
    }
}

#[test]
fn decisions_are_carried_until_they_are_settled() {
    let (_, desk) = desks().swap_remove(0);
    let system = Desk::system();
    let cell = desk.by(&system, at("2026-03-30T05:30:00Z"));
    let edition = ask(&cell, &json!({ "what": "edition", "as_of": "2026-03-30" }));
    let first = ask(&cell, &json!({ "what": "agenda", "edition": edition, "meeting": "2026-03-30" }));
    assert_eq!(
        Agenda::prepare(&Edition::read(&edition).unwrap().pack, None, "2026-03-30".parse().unwrap())
            .unwrap()
            .text(),
        first
    );
    let decide = |code: &str, due: &str| {
        json!({
            "what": "decide", "agenda": first, "code": code, "text": "Clear what is old.", "unit": "works", "post": "head",
            "decided_on": "2026-03-30", "due": due,
        })
    };
    let mut agenda = ask(&cell, &decide("1", "2026-04-03"));
    let mut again = decide("1", "2026-04-03");
    again["agenda"] = json!(agenda);
    assert_eq!(refused(&cell, &again), (ErrorCode::InvalidCommand, "code".to_owned()));
    assert_eq!(refused(&cell, &decide("2", "2026-03-29")), (ErrorCode::DatesContradict, "due".to_owned()));
    for (field, wrong) in [("unit", "nowhere"), ("post", "nobody")] {
        let mut unknown = decide("2", "2026-04-03");
        unknown[field] = json!(wrong);
        assert_eq!(refused(&cell, &unknown), (ErrorCode::UnknownCode, field.to_owned()));
    }
    let next = |last: &str, meeting: &str| json!({ "what": "agenda", "edition": edition, "meeting": meeting, "last": last });
    assert_eq!(
        refused(&cell, &next(&agenda, "2026-03-30")),
        (ErrorCode::DatesContradict, "meeting".to_owned())
    );
    for (meeting, settled) in [("2026-04-06", false), ("2026-04-13", true), ("2026-04-20", true)] {
        agenda = ask(&cell, &next(&agenda, meeting));
        let read: Value = serde_json::from_str(&agenda).unwrap();
        let [carried, done] = ["carried", "settled"].map(|name| read[name].as_array().unwrap().len());
        let wanted = match meeting {
            "2026-04-06" => (1, 0),
            "2026-04-13" => (0, 1),
            _ => (0, 0),
        };
        assert_eq!((carried, done), wanted, "{meeting}");
        let settle = |on: &str| json!({ "what": "settle", "agenda": agenda, "code": "1", "on": on });
        if settled {
            assert_eq!(refused(&cell, &settle("2026-04-07")), (ErrorCode::UnknownCode, "code".to_owned()));
        } else {
            assert_eq!(refused(&cell, &settle("2026-03-29")), (ErrorCode::DatesContradict, "on".to_owned()));
            agenda = ask(&cell, &settle("2026-04-07"));
        }
    }
    for (what, place) in [("agenda", "edition"), ("restate", "edition"), ("settle", "agenda")] {
        let mut question = json!({ "what": what, "edition": "{}", "meeting": "2026-03-30", "agenda": "[", "code": "1", "on": "2026-03-30" });
        let own: Vec<&str> =
            PAPERS.iter().find(|row| row.name == what).unwrap().fields.iter().map(|it| it.name).collect();
        question.as_object_mut().unwrap().retain(|name, _| name == "what" || own.contains(&name.as_str()));
        assert_eq!(refused(&cell, &question), (ErrorCode::FileInvalid, place.to_owned()), "{what}");
    }
}

/// A page is written, linked, consented to and published; and goes when its complainant goes.
#[test]
fn a_page_of_the_register_lives_as_the_typed_one_does() {
    for (name, desk) in desks() {
        let system = Desk::system();
        let case = lodge(&desk, "pothole", "2026-03-02T05:00:00Z").case;
        let cell = desk.by(&system, at("2026-04-06T05:30:00Z"));
        let write = json!({
            "what": "write_practice", "code": "one-camp", "title": "One camp", "facet": "outreach", "unit": "works",
            "situation": "People came thrice. Ring 98300 12345.", "steps": ["List them.", "Bring the desks."],
            "written_on": "2026-04-01",
        });
        let page = ask(&cell, &write);
        assert!(!page.contains("98300"), "{name}: masked");
        let link = |register: &str| json!({ "what": "link_practice", "register": register, "practice": "one-camp", "case": case, "testimonial": "It held." });
        assert_eq!(
            refused(&cell, &link(&page)),
            (ErrorCode::InvalidCommand, "case".to_owned()),
            "{name}: it is open"
        );
        let dispose = r#"{"action":"dispose","remarks":"Filled.","reason":"benefit_provided","evidence":{"date":"2026-03-10","reference":"1"}}"#;
        take(&desk, &officer("hod", "works"), "2026-03-11T06:00:00Z", case, dispose);
        let stranger = citizen_of(2);
        let foreign = desk.by(&stranger, at("2026-04-06T05:30:00Z")).paper(&read(&link(&page)));
        assert!(matches!(foreign, Err(DeskError::Refused(_))), "{name}: whose case it is not");
        let linked = ask(&cell, &link(&page));
        let publish = |register: &str| json!({ "what": "publish_practice", "register": register, "practice": "one-camp", "on": "2026-04-06" });
        assert_eq!(
            refused(&cell, &publish(&linked)),
            (ErrorCode::InvalidCommand, "practice".to_owned()),
            "{name}: no consent"
        );
        let consent = json!({
            "what": "consent_to_practice", "register": linked, "practice": "one-camp", "case": case, "channel": "online",
            "given_on": "2026-04-02", "recorded_by": "head", "unit": "works",
        });
        let consented = ask(&cell, &consent);
        let mut early = consent.clone();
        early["given_on"] = json!("2026-03-02");
        assert_eq!(refused(&cell, &early), (ErrorCode::DatesContradict, "given_on".to_owned()));
        let published = ask(&cell, &publish(&consented));
        let found = |words: &str, register: &str| {
            answer(&cell, &json!({ "what": "practices", "register": register, "words": words }))
                .as_array()
                .unwrap()
                .len()
        };
        assert_eq!(
            (found("camp", &published), found("flood", &published), found("camp", &consented)),
            (1, 0, 0),
            "{name}"
        );
        let repeated = ask(
            &cell,
            &json!({ "what": "repeat_practice", "register": published, "practice": "one-camp", "unit": "parks", "on": "2026-04-07" }),
        );
        let gone = ask(
            &cell,
            &json!({ "what": "take_out_of_practices", "register": repeated, "case": case, "on": "2026-04-09" }),
        );
        let register = Register::read(&gone).unwrap();
        let page = register.get(&"one-camp".parse().unwrap()).unwrap();
        assert!(page.published_on.is_none() && page.linked.is_empty() && page.repeated.len() == 1, "{name}");
        let withdrawn = json!({ "what": "withdraw_practice", "register": repeated, "practice": "one-camp", "on": "2026-04-08", "why": "It failed." });
        assert_eq!(found("camp", &ask(&cell, &withdrawn)), 0, "{name}");
        let none = json!({ "what": "practices", "register": "{}" });
        assert_eq!(refused(&cell, &none), (ErrorCode::InvalidCommand, "register".to_owned()), "{name}");
    }
}

fn citizen_of(n: u128) -> Actor {
    Actor { person: person(n), ..citizen() }
}
