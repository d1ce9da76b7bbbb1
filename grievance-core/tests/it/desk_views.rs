//! Looking: roster, search, options, texts; and that nobody's words are where they should not be.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, desks, lodge, lodging, officer, person, take, words as words_of};
use crate::scenario_runner;
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::Lodge;
use grievance_core::grievance::wire::{encode, encode_actor};
use grievance_core::kernel::text::{Compartment, Digest};
use grievance_core::store::Holding;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{Action, ErrorCode, Phase, Tenure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const NOW: &str = "2026-03-02T09:00:00Z";

fn holding(unit: &str, post: &str, who: u128, from: &str, until: Option<&str>) -> Holding {
    Holding {
        unit: unit.parse().unwrap(),
        post: post.parse().unwrap(),
        person: person(who),
        tenure: Tenure::Holder,
        from: at(from),
        until: until.map(at),
    }
}

#[test]
fn the_roster_says_who_held_a_post_when() {
    for (name, desk) in desks() {
        let (works, head) = ("works".parse().unwrap(), "head".parse().unwrap());
        let who = |now| -> Vec<_> {
            desk.holders(&works, &head, at(now)).unwrap().into_iter().map(|row| row.person).collect()
        };
        desk.appoint(&holding("works", "head", 1, "2026-01-01T00:00:00Z", None)).unwrap();
        assert_eq!(who("2026-06-01T00:00:00Z"), [person(1)], "{name}");
        // Transferred: the same row, ended; and a successor from that instant.
        let end = Some("2026-03-01T00:00:00Z");
        desk.appoint(&holding("works", "head", 1, "2026-01-01T00:00:00Z", end)).unwrap();
        desk.appoint(&holding("works", "head", 2, "2026-03-01T00:00:00Z", None)).unwrap();
        assert_eq!(who("2025-12-31T23:59:59Z"), [], "{name}");
        assert_eq!(who("2026-01-01T00:00:00Z"), [person(1)], "{name}");
        assert_eq!(who("2026-02-28T23:59:59.999Z"), [person(1)], "{name}");
        assert_eq!(who("2026-03-01T00:00:00Z"), [person(2)], "{name}");
        // On leave: somebody acts beside the holder.
        let acting = Holding {
            tenure: Tenure::Acting,
            ..holding("works", "head", 3, "2026-04-01T00:00:00Z", Some("2026-04-08T00:00:00Z"))
        };
        desk.appoint(&acting).unwrap();
        assert_eq!(who("2026-04-02T00:00:00Z"), [person(2), person(3)], "{name}");
        assert_eq!(who("2026-04-08T00:00:00Z"), [person(2)], "{name}");

        let start = "2026-01-01T00:00:00Z";
        let wrong = [
            (holding("nowhere", "head", 1, start, None), ErrorCode::UnknownCode, "unit"),
            (holding("works", "king", 1, start, None), ErrorCode::UnknownCode, "post"),
            (holding("works", "head", 1, start, Some(start)), ErrorCode::InvalidCommand, "until"),
        ];
        for (row, code, field) in wrong {
            let problem = desk.appoint(&row).unwrap_err();
            assert_eq!(problem.code(), code, "{name}");
            assert!(problem.to_string().starts_with(field), "{name}: {problem}");
        }
    }
}

#[test]
fn search_finds_what_fits_page_by_page() {
    for (name, desk) in desks() {
        let days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];
        let subjects = ["pothole", "trees", "pothole", "noise", "pothole"];
        let cases: Vec<_> = days
            .iter()
            .zip(subjects)
            .map(|(day, subject)| lodge(&desk, subject, &format!("{day}T09:00:00Z")).case)
            .collect();
        let works = officer("hod", "works");
        take(&desk, &works, "2026-03-06T09:00:00Z", cases[0], r#"{"action":"acknowledge"}"#);
        let find = |search: &Search| -> Vec<usize> {
            let found = desk.search(search).unwrap().cases;
            found.iter().map(|fact| cases.iter().position(|case| *case == fact.id).unwrap()).collect()
        };
        let any = Search::default;
        assert_eq!(find(&any()), [4, 3, 2, 1, 0], "{name}: newest first");
        assert_eq!(find(&Search { units: vec!["works".parse().unwrap()], ..any() }), [4, 2, 0], "{name}");
        assert_eq!(find(&Search { stages: vec!["in_progress".parse().unwrap()], ..any() }), [0], "{name}");
        assert_eq!(find(&Search { phases: vec![Phase::Registered], ..any() }), [4, 3, 2, 1], "{name}");
        let categories = vec!["noise".parse().unwrap(), "trees".parse().unwrap()];
        assert_eq!(find(&Search { categories, ..any() }), [3, 1], "{name}");
        let (from, before) = (Some(at("2026-03-02T09:00:00Z")), Some(at("2026-03-04T09:00:00Z")));
        assert_eq!(find(&Search { lodged_from: from, lodged_before: before, ..any() }), [2, 1], "{name}");
        assert_eq!(find(&Search { number: Some("CITY-2026-000004".into()), ..any() }), [3], "{name}");
        assert!(find(&Search { number: Some("%' OR 1=1".into()), ..any() }).is_empty(), "{name}");

        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = desk.search(&Search { limit: 2, after, ..any() }).unwrap();
            seen.extend(page.cases.iter().map(|fact| fact.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let newest_first: Vec<_> = cases.iter().rev().copied().collect();
        assert_eq!(seen, newest_first, "{name}");
    }
}

#[test]
fn options_name_every_action_and_what_is_missing() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let works = officer("hod", "works");
        let offers = desk.by(&works, at(NOW)).options(case).unwrap();
        let named: BTreeSet<_> = offers.iter().map(|offer| offer.action).collect();
        assert_eq!(named.len(), Action::ALL.len(), "{name}: every action is there");
        let open = |offers: &[grievance_core::grievance::options::Offer], action| {
            offers.iter().any(|offer| offer.action == action && offer.verdict.is_allowed())
        };
        assert!(open(&offers, Action::Acknowledge) && !open(&offers, Action::ReportAction), "{name}");
        let parks = desk.by(&officer("hod", "parks"), at(NOW)).options(case).unwrap_err();
        assert_eq!(parks.code(), ErrorCode::NotFound, "{name}: another office's case is not there");
        let nobody = "grv_00000000000000000000000000000000".parse().unwrap();
        assert_eq!(desk.by(&works, at(NOW)).options(nobody).unwrap_err().code(), ErrorCode::NotFound);
        assert!(desk.history(nobody).unwrap().is_empty(), "{name}");
        assert_eq!(desk.case(nobody).unwrap_err().code(), ErrorCode::NotFound, "{name}");
    }
}

#[test]
fn texts_come_back_and_agree_with_their_digests() {
    for (name, desk) in desks() {
        let request = Lodge {
            narrative: "  ঘর ভেঙে গেছে 🏚️\nসাহায্য চাই  ".to_owned(),
            name: Some("  A name ".to_owned()),
            mobile: Some("98300-12345".to_owned()),
            address: Some(" ".to_owned()),
            ..lodging("pothole")
        };
        let done = desk.by(&citizen(), at(NOW)).lodge(request.clone()).unwrap();
        let history = desk.history(done.case).unwrap();
        let What::Lodged(lodged) = &history[0].event.what else { panic!("{name}") };
        let who = &lodged.complainant;
        assert!(who.address.is_none() && who.email.is_none(), "{name}: a blank is no text");
        let expected = [
            (lodged.narrative, "narrative", Compartment::Texts, request.narrative.as_str()),
            (who.name.unwrap(), "name", Compartment::Identity, "A name"),
            (who.mobile.unwrap(), "mobile", Compartment::Identity, "+919830012345"),
        ];
        for (reference, field, compartment, content) in expected {
            let texts = words_of(&desk, &[reference.id]);
            let [text] = texts.as_slice() else { panic!("{name}: {field}") };
            assert_eq!((text.field.as_str(), text.compartment), (field, compartment), "{name}");
            assert_eq!(text.content, content, "{name}: {field}");
            assert_eq!(Digest::of(&[&text.salt, text.content.as_bytes()]), reference.digest, "{name}");
            assert!(!format!("{text:?}").contains(content), "{name}: Debug shows none of it");
        }
        // The same words twice: nobody can tell from the events.
        let again = desk.by(&citizen(), at(NOW)).lodge(request).unwrap();
        let other = desk.history(again.case).unwrap();
        let What::Lodged(other) = &other[0].event.what else { panic!("{name}") };
        assert_ne!(other.narrative.digest, lodged.narrative.digest, "{name}");
        assert!(words_of(&desk, &[]).is_empty());
    }
}

/// Every text that a person wrote in a request; codes and numbers have no blanks in them.
fn words(request: &Value, found: &mut Vec<String>) {
    match request {
        Value::String(text) if text.trim().contains(' ') => found.push(text.trim().to_owned()),
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::Object(fields) => {
            let private = fields.iter().filter(|(name, _)| *name != "external_number");
            private.for_each(|(_, field)| words(field, found));
        }
        _ => {}
    }
}

/// Over every flow of every scenario: what people wrote lies in the vault and nowhere else.
#[test]
fn nobodys_words_are_in_events_errors_or_debug() {
    let mut looked_for = 0;
    for (name, scenario) in scenario_runner::all() {
        let tenant = "scenario".parse().unwrap();
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        let mut written = Vec::new();
        for step in &scenario.steps {
            words(&step.request, &mut written);
        }
        written.extend(["9830012345", "98300 12345", "petitioner@example.org"].map(str::to_owned));
        let mut shown = format!("{:?}", ran.desk);
        for problem in &ran.refusals {
            writeln!(shown, "{problem} {problem:?}").unwrap();
        }
        for case in ran.cases.values() {
            let view = ran.view(*case);
            writeln!(shown, "{view:?}").unwrap();
            for next in &view.history {
                shown.push_str(&encode(&next.event));
                shown.push_str(&encode_actor(&next.actor));
            }
        }
        for step in &scenario.steps {
            if let Ok(request) =
                grievance_core::grievance::request::Request::from_json(&step.request.to_string())
            {
                writeln!(shown, "{request:?}").unwrap();
            }
        }
        looked_for += written.len();
        for text in written {
            assert!(!shown.contains(&text), "{name}: {text:?} is shown");
        }
    }
    assert!(looked_for > 250, "only {looked_for} texts were looked for");
}
