//! A desk shows an actor what they see, redacted, and answers for the rest as for what is not there.

use crate::desk_support::{
    Unscoped as _, at, citizen, command, desks, lodge, officer, open, person, request, stores, take,
};
use grievance_core::desk::{Desk, Submission};
use grievance_core::grievance::request::Lodge;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::sealed::SealedTotal;
use grievance_core::message::RecordingGateway;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::{Actor, Sights};
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{
    AgeRule, ErrorCode, EventKind, Field, LookPurpose, Reach, Relation, Sight, Tenure,
};
use std::collections::BTreeSet;

const NOW: &str = "2026-03-02T09:00:00Z";
const LATER: &str = "2026-03-02T10:00:00Z";

const SEALED: &str = r#"
extends = "city-311"
name = "Sealed town"
zone = "UTC"
unit = [
  { code = "vigilance", name = "Vigilance", kind = "office", parent = "city", head = "head" },
  { code = "legal", name = "Legal", kind = "office", parent = "city", head = "head" },
]
category = [{ code = "harassment", name = "Harassment", unit = "vigilance", sealed = [
  { unit = "vigilance", post = "head" }, { unit = "legal", post = "nodal" } ] }]
[[inform]]
code = "office"
event = ["lodged"]
audience = ["unit", "head_of_unit"]
template = "reopened"
channel = ["inbox"]
"#;

fn sealed_desks() -> Vec<(&'static str, Desk)> {
    let opened = stores().into_iter().map(|(name, store)| {
        let desk = open(store);
        desk.activate(Rulebook::from_toml(SEALED).expect("sound"), at("2020-01-01T00:00:00Z"))
            .expect("in force");
        (name, desk)
    });
    opened.collect()
}

fn nobody() -> GrievanceId {
    GrievanceId::from_uuid(uuid::Uuid::nil())
}

fn known() -> Lodge {
    Lodge {
        narrative: "The pump is dry. Ring 98300 12345 or asha@example.org.".to_owned(),
        category: Some("water-supply".to_owned()),
        name: Some("Asha Devi".to_owned()),
        mobile: Some("9830012345".to_owned()),
        address: Some("12 Lake Road".to_owned()),
        ..Lodge::default()
    }
}

/// Not yours and not there are one answer, through every way to ask, whatever comes with it.
#[test]
fn not_yours_is_not_there() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        take(&desk, &officer("hod", "works"), NOW, case, r#"{"action":"acknowledge"}"#);
        let stranger = officer("hod", "parks");
        // Also before the last event, and with a version that is not the case's.
        for now in [LATER, "2026-03-01T00:00:00Z"] {
            let acting = desk.by(&stranger, at(now));
            for expected in [None, Some(2), Some(7)] {
                let with = |case| {
                    let acting = expected.map_or(acting, |version| acting.expecting(version));
                    acting.submit(Some(case), &request(r#"{"action":"comment","text":"mine?"}"#))
                };
                assert_eq!(with(case), with(nobody()), "{name}");
                assert_eq!(with(case).unwrap_err().code(), ErrorCode::NotFound, "{name}");
            }
            let lodging = request(r#"{"action":"lodge","narrative":"again"}"#);
            assert_eq!(
                acting.submit(Some(case), &lodging),
                acting.submit(Some(nobody()), &lodging),
                "{name}"
            );
            assert_eq!(acting.case(case), acting.case(nobody()), "{name}");
            assert_eq!(acting.history(case), acting.history(nobody()), "{name}");
            assert_eq!(acting.progress(case), acting.progress(nobody()), "{name}");
            assert_eq!(acting.options(case), acting.options(nobody()), "{name}");
            let resolution = grievance_core::vocabulary::TargetKind::Resolution;
            assert_eq!(acting.explain(case, resolution), acting.explain(nobody(), resolution), "{name}");
            let words = |case| acting.words(case, LookPurpose::Handling, Field::ALL);
            assert_eq!(words(case), words(nobody()), "{name}");
        }
        // A merge names another case: one that is not seen is not there either.
        let other = lodge(&desk, "trees", NOW).case;
        let clerk = Actor { role: "hod".parse().unwrap(), ..officer("hod", "parks") };
        let merge = |into: GrievanceId| {
            desk.by(&clerk, at(LATER))
                .submit(Some(other), &request(&format!(r#"{{"action":"merge","into":"{into}"}}"#)))
        };
        assert_eq!(merge(case), merge(nobody()), "{name}");
        // In a batch, too, where the case may have been touched before.
        let comment = |actor: &Actor, n| Submission {
            command: Some(command(n)),
            actor: actor.clone(),
            now: at(LATER),
            case: Some(case),
            expected: None,
            request: request(r#"{"action":"comment","text":"noted"}"#),
            verified: None,
        };
        let before = desk.history(case).unwrap().len();
        let answers = desk.submit_all(&[comment(&officer("hod", "works"), 1), comment(&stranger, 2)]);
        assert!(answers[0].is_ok(), "{name}");
        assert_eq!(answers[1].as_ref().unwrap_err().code(), ErrorCode::NotFound, "{name}");
        assert_eq!(desk.history(case).unwrap().len(), before + 1, "{name}: theirs alone was written");
    }
}

/// Who sees the case and does not reach it for an action is told so.
#[test]
fn who_sees_is_told_what_is_out_of_reach() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let (works, water) = (officer("hod", "works"), officer("hod", "water"));
        take(&desk, &works, NOW, case, r#"{"action":"consult","unit":"water","question":"A pipe?"}"#);
        assert!(desk.by(&water, at(LATER)).case(case).is_ok(), "{name}: asked");
        let note = request(r#"{"action":"comment","text":"ours"}"#);
        let refused = desk.by(&water, at(LATER)).submit(Some(case), &note).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::OutOfReach, "{name}");
        take(&desk, &water, LATER, case, r#"{"action":"answer","answer":"Yes."}"#);
        assert!(desk.by(&water, at(LATER)).case(case).is_err(), "{name}: answered, it is theirs no more");
    }
}

/// Words come out as the role sees them, and nothing else names them.
#[test]
fn fields_are_shown_masked_or_not_at_all() {
    for (name, desk) in desks() {
        let case = desk.by(&citizen(), at(NOW)).lodge(known()).unwrap().case;
        let water = officer("hod", "water");
        take(&desk, &water, NOW, case, r#"{"action":"comment","text":"He is known to us."}"#);
        let read = |actor: &Actor, field| -> Vec<_> {
            let words = desk.by(actor, at(LATER)).words(case, LookPurpose::Handling, &[field]).unwrap();
            words.into_iter().map(|word| (word.sight, word.words.unwrap())).collect()
        };
        let one = |sight, text: &str| vec![(sight, text.to_owned())];
        let agent = officer("call_agent", "desk");
        let auditor = officer("auditor", "desk");
        assert_eq!(read(&agent, Field::Mobile), one(Sight::Full, "+919830012345"), "{name}");
        assert_eq!(read(&water, Field::Mobile), one(Sight::Masked, "…2345"), "{name}");
        assert_eq!(read(&auditor, Field::Mobile), [], "{name}");
        assert_eq!(read(&agent, Field::Address), [], "{name}");
        assert_eq!(read(&water, Field::Narrative)[0].1, known().narrative, "{name}");
        let masked = "The pump is dry. Ring … or …";
        assert_eq!(read(&auditor, Field::Narrative), one(Sight::Masked, masked), "{name}");
        assert_eq!(read(&citizen(), Field::CommentInternal), [], "{name}");

        let view = |actor: &Actor| desk.by(actor, at(LATER)).case(case).unwrap();
        let (theirs, audited) = (view(&citizen()), view(&auditor));
        // An internal note is not listed for the complainant.
        let kinds = |history: &[grievance_core::desk::EventView]| -> Vec<_> {
            history.iter().map(|next| next.kind).collect()
        };
        assert!(!kinds(&theirs.history).contains(&EventKind::Commented), "{name}");
        assert!(kinds(&audited.history).contains(&EventKind::Commented), "{name}");
        // Whoever does not see who complains sees neither person nor reference, in any form.
        let shown = serde_json::to_string(&audited).unwrap();
        let whole = desk.case(case).unwrap();
        let complainant = whole.case.subject.complainant;
        for hidden in [complainant.person.unwrap().to_string(), complainant.mobile.unwrap().id.to_string()] {
            assert!(!shown.contains(&hidden), "{name}: {hidden}");
            assert!(serde_json::to_string(&theirs).unwrap().contains(&hidden), "{name}: their own");
        }
        assert!(!shown.contains("digest") && !shown.contains("pump"), "{name}: {shown}");
        assert!(audited.row.complainant.is_none() && audited.row.lodged_by.is_none(), "{name}");
        // Nothing shows words that were not asked for, and no `Debug` shows any.
        let words = desk.by(&agent, at(LATER)).words(case, LookPurpose::FeedbackCall, Field::ALL).unwrap();
        assert!(!format!("{words:?}").contains("pump"), "{name}");
    }
}

/// A kiosk sees the cases that it lodged, whomever it names; of the complainant what its role allows.
#[test]
fn a_kiosk_sees_what_it_lodged() {
    for (name, desk) in desks() {
        let kiosk = |n, for_whom| Actor {
            on_behalf_of: Some(person(for_whom)),
            ..Actor::new(person(n), "kiosk_operator".parse().unwrap())
        };
        let case = desk.by(&kiosk(50, 60), at(NOW)).lodge(known()).unwrap().case;
        assert!(desk.by(&kiosk(50, 61), at(LATER)).case(case).is_ok(), "{name}");
        assert!(
            desk.by(&kiosk(51, 60), at(LATER)).case(case).is_err(),
            "{name}: naming somebody opens nothing"
        );
        let theirs = Actor::new(person(60), "complainant".parse().unwrap());
        let view = desk.by(&theirs, at(LATER)).case(case).unwrap();
        assert!(
            view.history[0].by.on_behalf && view.history[0].by.person.is_none(),
            "{name}: {:?}",
            view.history[0].by
        );
    }
}

/// Lists hold what is seen, and the scan of an auditor no complainant.
#[test]
fn lists_and_scans_hold_what_is_seen() {
    for (name, desk) in desks() {
        for category in ["pothole", "trees", "pavement", "noise"] {
            lodge(&desk, category, NOW);
        }
        let listed = |actor: &Actor| desk.by(actor, at(LATER)).search(&Search::default()).unwrap().cases;
        assert_eq!(listed(&officer("hod", "works")).len(), 2, "{name}");
        assert_eq!(listed(&officer("hod", "lighting")).len(), 0, "{name}");
        assert_eq!(listed(&officer("hod", "city")).len(), 4, "{name}: below");
        assert_eq!(listed(&citizen()).len(), 4, "{name}: their own");
        let stranger = Actor::new(person(77), "complainant".parse().unwrap());
        assert_eq!(listed(&stranger).len(), 0, "{name}");
        let mut histories = 0;
        let total =
            desk.by(&Actor::new(person(8), "auditor".parse().unwrap()), at(LATER)).scan(&mut |history| {
                histories += 1;
                assert!(!format!("{history:?}").contains(&person(1).to_string()), "{name}: nobody is named");
                true
            });
        assert_eq!((histories, total), (4, Ok(SealedTotal::Few)), "{name}");
        let total = desk.by(&officer("hod", "works"), at(LATER)).scan(&mut |_| true);
        assert_eq!(total, Ok(SealedTotal::NotTold), "{name}: who does not reach all cases");
    }
}

/// A sealed case is in no statement, and its total is told when it is not small.
#[test]
fn a_statement_has_no_sealed_case_but_a_total() {
    for (name, desk) in sealed_desks() {
        let statement = || {
            let mut part =
                MisPart::new(Terms::new("2026-03-09".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar));
            let sealed = desk.by(&Desk::system(), at(LATER)).scan(&mut |history| {
                part.add_history(history);
                true
            });
            part.seal(sealed.unwrap());
            part.finish(ToString::to_string)
        };
        lodge(&desk, "pothole", NOW);
        for _ in 0..4 {
            lodge(&desk, "harassment", NOW);
        }
        let mis = statement();
        assert_eq!((mis.all.received, mis.sealed), (1, SealedTotal::Few), "{name}");
        assert!(
            mis.units.iter().all(|unit| unit.code.as_str() != "vigilance"),
            "{name}: not even the office"
        );
        lodge(&desk, "harassment", NOW);
        assert_eq!(statement().sealed, SealedTotal::Count(5), "{name}");
        // Even who counts histories without a desk gets none of them into the figures.
        let mut bare =
            MisPart::new(Terms::new("2026-03-09".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar));
        desk.store()
            .scan(&grievance_core::rulebook::access::Scope::All, &mut |history| {
                bare.add_history(history);
                true
            })
            .unwrap();
        assert_eq!(bare.finish(ToString::to_string).all.received, 1, "{name}");
        let terms = Terms::new("2026-03-09".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
        let mut folded = MisPart::new(terms);
        desk.store()
            .scan(&grievance_core::rulebook::access::Scope::All, &mut |history| {
                let mut case = Grievance::begin(&history[0]).expect("it begins with its lodging");
                history[1..].iter().for_each(|next| case.evolve(next));
                folded.add(&case);
                true
            })
            .unwrap();
        assert_eq!(folded.finish(ToString::to_string).all.received, 1, "{name}: nor who folds them");
    }
}

/// Named posts find sealed cases; nobody else does, by any filter.
#[test]
fn a_sealed_case_is_in_no_search_of_others() {
    for (name, desk) in sealed_desks() {
        let done = lodge(&desk, "harassment", NOW);
        let named = officer("hod", "vigilance").at("head".parse().unwrap());
        let other_post = officer("hod", "vigilance").at("officer".parse().unwrap());
        let filters = [
            Search::default(),
            Search { number: done.number.as_ref().map(ToString::to_string), ..Search::default() },
            Search { units: vec!["vigilance".parse().unwrap()], ..Search::default() },
            Search { categories: vec!["harassment".parse().unwrap()], ..Search::default() },
        ];
        for search in &filters {
            let found = |actor: &Actor| desk.by(actor, at(LATER)).search(search).unwrap().cases.len();
            assert_eq!(found(&named), 1, "{name}");
            for actor in [
                &other_post,
                &officer("cell_officer", "desk"),
                &officer("auditor", "desk"),
                &officer("hod", "city"),
            ] {
                assert_eq!(found(actor), 0, "{name}: {actor:?}");
            }
            assert_eq!(
                found(&Desk::system()),
                0,
                "{name}: not even the system, for whoever asks in its name"
            );
        }
        assert_eq!(
            desk.by(&citizen(), at(LATER)).search(&filters[0]).unwrap().cases.len(),
            1,
            "{name}: their own"
        );
        let told = desk.store().notices_of(done.case).unwrap();
        let offices: Vec<_> = told.iter().filter(|it| it.notice.to.is_office()).collect();
        let to_head = |it: &&&grievance_core::store::outbox::Posted| {
            format!("{:?}", it.notice.to).contains("PostCode(\"head\")")
        };
        let told_heads = offices.iter().filter(to_head).count();
        assert!(told_heads > 0 && told_heads == offices.len(), "{name}: named posts alone: {offices:?}");
    }
}

/// What waited to tell an office of a case goes to nobody any more who may not know of it.
#[test]
fn what_waited_when_a_case_was_sealed_is_dropped() {
    for (name, desk) in sealed_desks() {
        let told_of = |case| {
            let told = desk.store().notices_of(case).unwrap();
            told.into_iter().filter(|it| it.notice.to.is_office()).map(|it| it.notice.to).collect::<Vec<_>>()
        };
        let (open, hidden) = (lodge(&desk, "pothole", NOW).case, lodge(&desk, "pothole", NOW).case);
        let waiting = told_of(hidden);
        assert!(!waiting.is_empty() && waiting == told_of(open), "{name}: {waiting:?}");
        let json = r#"{"action":"recategorise","category":"harassment"}"#;
        take(&desk, &officer("cell_officer", "desk"), NOW, hidden, json);
        let gateway = RecordingGateway::default();
        let done = desk.deliver(at("2026-03-04T09:00:00Z"), &gateway, 1_000).unwrap();
        assert_eq!(done.dropped, waiting.len() as u64, "{name}: {done:?}");
        let sent = gateway.messages();
        let to_works = sent.iter().filter(|it| format!("{:?}", it.to).contains("works")).count();
        assert_eq!(to_works, waiting.len(), "{name}: the open case's alone");
    }
}

/// The roster decides who acts in a post, and in which capacity; only where the rulebook says so.
#[test]
fn posts_are_checked_where_the_rulebook_says_so() {
    for (name, store) in stores() {
        let desk = open(store);
        let text = format!("{}\naccess.roster = true", crate::desk_support::TOWN);
        desk.activate(Rulebook::from_toml(&text).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
        let case = lodge(&desk, "pothole", NOW).case;
        let head = officer("hod", "works").at("head".parse().unwrap());
        let refused = desk.by(&head, at(NOW)).case(case).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::PostNotHeld, "{name}");
        // The same for a case that is not there: the answer is about the actor.
        assert_eq!(desk.by(&head, at(NOW)).case(nobody()), Err(refused), "{name}");
        let holding = |tenure, until: Option<&str>| grievance_core::store::Holding {
            unit: "works".parse().unwrap(),
            post: "head".parse().unwrap(),
            person: head.person,
            tenure,
            from: at("2026-03-01T00:00:00Z"),
            until: until.map(at),
        };
        let endless = desk.appoint(&holding(Tenure::Delegated, None)).unwrap_err();
        assert_eq!(endless.code(), ErrorCode::InvalidCommand, "{name}: a delegation ends");
        desk.appoint(&holding(Tenure::Acting, Some(LATER))).unwrap();
        // What the host says of the capacity does not count.
        let boast = Actor { tenure: Some(Tenure::Holder), ..head.clone() };
        take(&desk, &boast, NOW, case, r#"{"action":"acknowledge"}"#);
        assert_eq!(desk.history(case).unwrap().last().unwrap().actor.tenure, Some(Tenure::Acting), "{name}");
        assert!(desk.by(&head, at(LATER)).case(case).is_err(), "{name}: at its end it is over");
        // Nobody's post, nobody's check.
        assert!(desk.by(&citizen(), at(LATER)).case(case).is_ok(), "{name}");
    }
}

/// An office with jurisdictions sees what happens there, whoever holds it.
#[test]
fn places_are_reached_by_their_office() {
    let text = format!(
        "{}\nplace = [{{ code = \"city-wide\", name = \"City\" }}, {{ code = \"ward-1\", name = \"Ward\", parent = \"city-wide\" }}]\n\
         unit = [{{ code = \"ward-office\", name = \"Ward office\", kind = \"office\", parent = \"city\", head = \"head\", place = [\"ward-1\"] }}]\n\
         role = [{{ code = \"nodal_officer\", reach = [\"own_unit\", \"places\"] }}]",
        crate::desk_support::TOWN
    );
    let rulebook = Rulebook::from_toml(&text).unwrap();
    assert_eq!(rulebook.reach(&"nodal_officer".parse().unwrap()), Some(Reach::Places));
    let (_, store) = stores().remove(0);
    let desk = open(store);
    desk.activate(rulebook, at("2020-01-01T00:00:00Z")).unwrap();
    let lodging = |place: Option<&str>| Lodge { place: place.map(str::to_owned), ..known() };
    let nodal = officer("nodal_officer", "ward-office");
    let within = desk.by(&citizen(), at(NOW)).lodge(lodging(Some("ward-1"))).unwrap().case;
    let beyond = desk.by(&citizen(), at(NOW)).lodge(lodging(Some("city-wide"))).unwrap().case;
    let nowhere = desk.by(&citizen(), at(NOW)).lodge(lodging(None)).unwrap().case;
    let sees = |case| desk.by(&nodal, at(LATER)).case(case).is_ok();
    assert_eq!([sees(within), sees(beyond), sees(nowhere)], [true, false, false]);
    take(&desk, &nodal, LATER, within, r#"{"action":"comment","text":"Seen on the spot."}"#);
    let stands = |actor: &Actor| desk.by(actor, at(LATER)).case(within).unwrap().relation;
    assert_eq!(stands(&nodal), Relation::Outsider, "it reaches the place, and nothing else ties it");
    assert_eq!(stands(&citizen()), Relation::Complainant);
}

/// What the linter says of reach, fields and seals.
#[test]
fn the_linter_looks_at_access() {
    let errors = |lines: &str| -> BTreeSet<String> {
        let text = format!("{}\n{lines}", crate::desk_support::TOWN);
        match Rulebook::from_toml(&text) {
            Ok(_) => BTreeSet::new(),
            Err(refused) => refused.errors().map(|it| it.path.clone()).collect(),
        }
    };
    let category = |sealed: &str| {
        format!("category = [{{ code = \"secret\", name = \"S\", unit = \"works\", sealed = [{sealed}] }}]")
    };
    let wrong = [
        ("role = [{ code = \"hod\", reach = [] }]".to_owned(), "role[4].reach"),
        ("role = [{ code = \"hod\", reach = [\"far\"] }]".to_owned(), "role[4].reach[0]"),
        ("role = [{ code = \"hod\", sees = { narative = \"full\" } }]".to_owned(), "role[4].sees"),
        ("role = [{ code = \"hod\", sees = { narrative = \"half\" } }]".to_owned(), "role[4].sees.narrative"),
        ("unit = [{ code = \"works\", place = [\"mars\"] }]".to_owned(), "unit[2].place[0]"),
        (category("{ unit = \"works\" }"), "sealed[0]"),
        (category("{ role = \"hod\" }"), "sealed[0]"),
        (category("{ post = \"king\" }"), "sealed[0].post"),
        // Nobody is left for a complaint about the only office that may know.
        (category("{ post = \"head\", unit = \"works\" }"), ".sealed"),
        // Whoever is named takes no step of an office.
        (
            category(
                "{ role = \"complainant\", unit = \"works\" }, { role = \"complainant\", unit = \"water\" }",
            ),
            ".sealed",
        ),
    ];
    for (lines, path) in wrong {
        let found = errors(&lines);
        assert!(found.iter().any(|own| own.ends_with(path)), "{lines}: {found:?}");
    }
    assert_eq!(errors(&category("{ post = \"head\" }")), BTreeSet::new());
    let sights = Rulebook::from_toml(crate::desk_support::TOWN).unwrap().sights(&"hod".parse().unwrap());
    assert_eq!((sights.of(Field::Name), sights.of(Field::Mobile)), (Some(Sight::Full), Some(Sight::Masked)));
    assert_eq!(Sights::default().of(Field::Narrative), None, "by default nothing");
}
