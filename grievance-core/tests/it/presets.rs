//! The rulebooks that come with the crate: what each must hold, and that no case is stuck in one.

use grievance_core::kernel::code::{CategoryCode, PlaceCode, ReasonCode, UnitCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::read::Format;
use grievance_core::vocabulary::{Action, DisposalClass, Gate, Outcome, Phase};
use std::collections::{BTreeMap, BTreeSet};

const CITY: &str = include_str!("../../src/rulebook/presets/city-311.toml");

const WEST_BENGAL: &str = include_str!("../../src/rulebook/presets/west-bengal.toml");
const CPGRAMS: &str = include_str!("../../src/rulebook/presets/cpgrams.toml");

const PRESETS: [(&str, &str); 3] = [("city-311", CITY), ("west-bengal", WEST_BENGAL), ("cpgrams", CPGRAMS)];

const CHANNELS: [&str; 13] = [
    "kiosk",
    "phone",
    "sms",
    "email",
    "online",
    "helpdesk",
    "letter",
    "in_person",
    "camp",
    "whatsapp",
    "referral",
    "other_system",
    "suo_motu",
];

const ROLES: [&str; 12] = [
    "complainant",
    "kiosk_operator",
    "call_agent",
    "cell_officer",
    "hod",
    "nodal_officer",
    "sub_office_officer",
    "field_verifier",
    "appellate_authority",
    "auditor",
    "administrator",
    "system",
];

/// The eleven default reasons, with class and evidence.
const REASONS: [(&str, DisposalClass, &[&str]); 11] = [
    ("benefit_provided", DisposalClass::Benefit, &["date", "reference"]),
    ("action_within_90_days", DisposalClass::TakenUp, &["follow_up_date"]),
    ("action_beyond_90_days", DisposalClass::TakenUp, &["follow_up_date", "delay_reason"]),
    ("policy_decision_awaited", DisposalClass::NotActionable, &["reference", "review_date"]),
    ("not_eligible", DisposalClass::NotActionable, &["rule"]),
    ("not_sustained", DisposalClass::NotActionable, &["finding"]),
    ("duplicate_or_already_redressed", DisposalClass::NotActionable, &["other_number"]),
    ("sub_judice", DisposalClass::NotActionable, &["court_case", "review_date"]),
    ("outside_office_jurisdiction", DisposalClass::NotActionable, &["accepting_office"]),
    ("outside_government_purview", DisposalClass::NotActionable, &["advice"]),
    ("complainant_unreachable", DisposalClass::NotActionable, &["contact_attempts"]),
];

fn document(text: &str) -> Document {
    grievance_core::rulebook::read::read(text, Format::Toml).expect("the preset is a document")
}

fn rulebook(text: &str) -> Rulebook {
    Rulebook::new(document(text)).expect("the preset is a sound rulebook")
}

fn all() -> impl Iterator<Item = (&'static str, Document)> {
    PRESETS.into_iter().map(|(name, text)| (name, document(text)))
}

/// The stages that a step's `from` stands for.
fn sources<'a>(document: &'a Document, from: &[String]) -> Vec<&'a str> {
    let stages = document.workflow.stage.iter();
    stages
        .filter(|stage| {
            let terminal = stage.phase.expect("a phase").is_terminal();
            from.iter().any(|word| match word.as_str() {
                "*" => true,
                "*open" => !terminal,
                "*closed" => terminal,
                code => code == stage.code,
            })
        })
        .map(|stage| stage.code.as_str())
        .collect()
}

#[test]
fn each_says_first_that_it_is_unofficial() {
    for (name, text) in PRESETS {
        assert!(text.starts_with("# Unofficial"), "{name}");
        assert!(document(text).notice.starts_with("Unofficial: "), "{name}");
        let first_key = text.lines().find(|line| !line.starts_with('#')).expect("a key");
        assert!(first_key.starts_with("notice = "), "{name}");
    }
}

#[test]
fn each_compiles_and_stands_by_itself() {
    for (name, text) in PRESETS {
        let rulebook = rulebook(text);
        assert!(rulebook.workflow().start().is_some(), "{name}");
        assert!(rulebook.directory().get(rulebook.directory().cell()).is_some(), "{name}");
    }
}

#[test]
fn each_has_the_default_channels_and_roles() {
    for (name, document) in all() {
        let channels: BTreeSet<_> = document.channel.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(channels, BTreeSet::from(CHANNELS), "{name}");
        let roles: BTreeSet<_> = document.role.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(roles, BTreeSet::from(ROLES), "{name}");
    }
}

#[test]
fn the_reasons_are_the_eleven_with_their_class_and_evidence() {
    for (name, document) in all() {
        let mut codes: BTreeSet<_> = document.reason.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes.remove("information_given"), name == "city-311", "{name}");
        for (code, class, evidence) in REASONS {
            if name == "cpgrams" && code == "outside_office_jurisdiction" {
                assert!(!codes.contains(code), "a matter of another office is transferred");
                continue;
            }
            assert!(codes.remove(code), "{name} lacks {code}");
            let entry = document.reason.iter().find(|entry| entry.code == code).expect("it is there");
            assert_eq!(entry.class, Some(class), "{name} {code}");
            let shown: Vec<_> = entry.evidence.iter().map(|kind| kind.as_str()).collect();
            assert_eq!(shown, evidence, "{name} {code}");
            assert_eq!(entry.owed, shown.contains(&"review_date"), "{name} {code}");
            assert!(!entry.name.is_empty() && !entry.citizen.is_empty(), "{name} {code}");
            assert_ne!(entry.name, entry.citizen, "officer and complainant read different texts");
        }
        assert!(codes.is_empty(), "{name} has more reasons: {codes:?}");
    }
}

#[test]
fn the_ninety_days_divide_what_is_taken_up() {
    for (name, document) in all() {
        let reason = |code| document.reason.iter().find(|entry| entry.code == code).expect("a reason");
        assert_eq!(reason("action_within_90_days").within_days, Some(90), "{name}");
        assert_eq!(reason("action_beyond_90_days").beyond_days, Some(90), "{name}");
    }
}

#[test]
fn every_step_names_roles_and_stages_that_exist() {
    for (name, document) in all() {
        let roles: BTreeSet<_> = document.role.iter().map(|entry| &entry.code).collect();
        let stages: BTreeSet<_> = document.workflow.stage.iter().map(|entry| &entry.code).collect();
        for (at, step) in document.workflow.step.iter().enumerate() {
            assert!(step.action.parse::<Action>().is_ok(), "{name} step {at}: {}", step.action);
            assert!(!step.role.is_empty(), "{name} step {at} has no role");
            assert!(step.role.iter().all(|role| roles.contains(role)), "{name} step {at}: {:?}", step.role);
            assert_eq!(step.from.is_empty(), step.action == "lodge", "{name} step {at}");
            let known = |word: &String| word.starts_with('*') || stages.contains(word);
            assert!(step.from.iter().chain(&step.to).all(known), "{name} step {at}");
        }
        for role in roles {
            assert!(document.workflow.step.iter().any(|step| step.role.contains(role)), "{name}: {role}");
        }
    }
}

#[test]
fn no_two_steps_answer_the_same_question() {
    for (name, document) in all() {
        let mut seen = BTreeSet::new();
        for step in &document.workflow.step {
            for stage in sources(&document, &step.from) {
                for role in &step.role {
                    let outcome = step.when.map(Outcome::as_str);
                    assert!(
                        seen.insert((&step.action, stage, role, outcome)),
                        "{name}: {} {stage} {role}",
                        step.action
                    );
                }
            }
        }
    }
}

/// By moves between stages alone, without asking who reaches the case.
#[test]
fn every_stage_is_reached_and_reaches_an_end() {
    for (name, document) in all() {
        let start = document.workflow.step.iter().find(|step| step.action == "lodge").expect("a start");
        let mut moves: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for step in document.workflow.step.iter().filter(|step| step.to.is_some()) {
            for stage in sources(&document, &step.from) {
                moves.entry(stage).or_default().extend(step.to.as_deref());
            }
        }
        let spread = |from: &str| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
            while let Some(stage) = next.pop() {
                if seen.insert(stage.clone()) {
                    next.extend(moves.get(stage.as_str()).into_iter().flatten().map(|to| (*to).to_owned()));
                }
            }
            seen
        };
        let reached = spread(start.to.as_deref().expect("lodging leads somewhere"));
        for stage in &document.workflow.stage {
            assert!(reached.contains(&stage.code), "{name}: nothing leads to {}", stage.code);
            let disposed = document.workflow.stage.iter().filter(|end| end.phase == Some(Phase::Disposed));
            let open = !stage.phase.expect("a phase").is_terminal();
            // A case whose complainant went silent sits in the stage where it is awaited; it leaves
            // by `provide_information`, which names no stage of its own.
            let silent = stage.phase == Some(Phase::AwaitingComplainant);
            let ends = spread(&stage.code);
            assert!(
                !open || silent || disposed.clone().any(|end| ends.contains(&end.code)),
                "{name}: {}",
                stage.code
            );
        }
    }
}

#[test]
fn what_is_routed_names_offices_with_a_head() {
    for (name, document) in all() {
        let posts: BTreeSet<_> = document.post.iter().map(|post| &post.code).collect();
        for unit in &document.unit {
            assert!(unit.head.as_ref().is_some_and(|head| posts.contains(head)), "{name}: {}", unit.code);
        }
        let units: BTreeSet<_> = document.unit.iter().map(|unit| &unit.code).collect();
        let routed = document.route.iter().map(|route| &route.unit);
        for unit in routed.chain(document.category.iter().filter_map(|entry| entry.unit.as_ref())) {
            assert!(units.contains(unit), "{name}: {unit}");
        }
    }
}

#[test]
fn the_city_desk_asks_for_nothing_it_was_not_told_to() {
    let city = rulebook(CITY);
    assert!(!city.feedback().before_disposal);
    assert!(city.document().place.is_empty());
    assert!(city.document().workflow.step.iter().all(|step| step.gate.is_empty() && step.action != "appeal"));
    assert_eq!(city.window().reopen_days, 30);
    let code = |code| CategoryCode::new(code).expect("a code");
    assert_eq!(city.route(Some(&code("pothole")), None, None).unit.as_str(), "works");
    assert_eq!(city.route(None, None, None).unit.as_str(), "desk");
    assert!(city.reasons().get(&ReasonCode::new("information_given").expect("a code")).is_some());
}

/// Local Government Directory, Ministry of Panchayati Raj (GODL-India).
const DISTRICTS: [(&str, &str); 23] = [
    ("alipurduar", "LGD 664"),
    ("bankura", "LGD 305"),
    ("birbhum", "LGD 307"),
    ("cooch-behar", "LGD 308"),
    ("dakshin-dinajpur", "LGD 310"),
    ("darjeeling", "LGD 309"),
    ("hooghly", "LGD 312"),
    ("howrah", "LGD 313"),
    ("jalpaiguri", "LGD 314"),
    ("jhargram", "LGD 703"),
    ("kalimpong", "LGD 702"),
    ("kolkata", "LGD 315"),
    ("malda", "LGD 316"),
    ("murshidabad", "LGD 319"),
    ("nadia", "LGD 320"),
    ("north-24-parganas", "LGD 303"),
    ("paschim-bardhaman", "LGD 704"),
    ("paschim-medinipur", "LGD 318"),
    ("purba-bardhaman", "LGD 306"),
    ("purba-medinipur", "LGD 317"),
    ("purulia", "LGD 321"),
    ("south-24-parganas", "LGD 304"),
    ("uttar-dinajpur", "LGD 311"),
];

#[test]
fn west_bengal_has_its_23_districts_as_places_and_as_offices() {
    let document = document(WEST_BENGAL);
    let offices = document.unit.iter().filter(|unit| unit.kind == "district");
    let offices: BTreeMap<_, _> =
        offices.map(|unit| (unit.code.as_str(), unit.reference.as_deref().expect("a code"))).collect();
    assert_eq!(offices, BTreeMap::from(DISTRICTS));
    let places = document.place.iter().filter(|place| place.parent.as_deref() == Some("west-bengal"));
    let places: BTreeMap<_, _> =
        places.map(|place| (place.code.as_str(), place.reference.as_deref().expect("a code"))).collect();
    assert_eq!(places, BTreeMap::from(DISTRICTS));
    for place in &document.place {
        assert!(place.names.contains_key("bn"), "{} has no Bengali name", place.code);
    }
}

#[test]
fn what_a_complainant_of_west_bengal_reads_is_in_bengali_too() {
    let document = document(WEST_BENGAL);
    assert_eq!(
        document.language.iter().map(|entry| entry.code.as_str()).collect::<Vec<_>>(),
        ["en", "bn", "hi"]
    );
    let entries = document.channel.iter().chain(&document.priority);
    let named = entries.map(|entry| (&entry.code, &entry.names));
    let named = named.chain(document.kind.iter().map(|kind| (&kind.code, &kind.names)));
    let named = named.chain(document.workflow.stage.iter().map(|stage| (&stage.code, &stage.names)));
    let named = named.chain(
        document
            .reason
            .iter()
            .flat_map(|reason| [(&reason.code, &reason.names), (&reason.code, &reason.citizens)]),
    );
    for (code, names) in named {
        assert!(names.get("bn").is_some_and(|name| !name.is_empty()), "{code}");
    }
}

#[test]
fn west_bengal_routes_by_subject_and_district() {
    let wb = rulebook(WEST_BENGAL);
    let category = |code| CategoryCode::new(code).expect("a code");
    let place = |code| PlaceCode::new(code).expect("a code");
    let unit = |code| UnitCode::new(code).expect("a code");
    let routed = |subject, district| {
        wb.route(Some(&category(subject)), Some(&place(district)), None).unit.as_str().to_owned()
    };
    assert_eq!(routed("mutation", "bankura"), "bankura-land");
    assert_eq!(routed("flood-relief", "malda"), "malda-adm-g");
    assert_eq!(routed("drainage", "kolkata"), "kmc");
    assert_eq!(routed("drainage", "nadia"), "urban");
    assert_eq!(wb.route(Some(&category("mutation")), None, None).unit.as_str(), "land");
    assert_eq!(wb.route(None, None, None).unit.as_str(), "cmo-cell");
    // Around the District Magistrate, and so around the offices below.
    let around = wb.route(Some(&category("mutation")), Some(&place("bankura")), Some(&unit("bankura")));
    assert_eq!(around.unit.as_str(), "govt");
    // The district and the department both reach its land office; an appeal goes above the cell.
    let directory = wb.directory();
    assert!(directory.oversees(&unit("bankura"), &unit("bankura-land")));
    assert!(directory.oversees(&unit("land"), &unit("bankura-land")));
    assert_eq!(directory.appellate_of(&unit("cmo-cell")).as_str(), "govt");
}

#[test]
fn west_bengal_hears_the_complainant_before_it_disposes() {
    let wb = rulebook(WEST_BENGAL);
    let policy = wb.feedback();
    assert!(policy.before_disposal && policy.outside_office);
    assert_eq!((policy.rounds, policy.attempts, policy.days, policy.slots), (2, 3, 2, 2));
    let steps = &wb.document().workflow.step;
    let disposals: BTreeSet<_> =
        steps.iter().filter(|step| step.action == "dispose").flat_map(|step| &step.from).collect();
    assert_eq!(disposals.into_iter().collect::<Vec<_>>(), ["confirmation", "heard", "special_closure"]);
    // The sub-office reports, another officer selects the reason, the cell disposes.
    for step in steps.iter().filter(|step| step.action == "approve") {
        assert!(step.gate.contains(&Gate::DifferentOfficer) && step.gate.contains(&Gate::Remarks));
    }
}

#[test]
fn cpgrams_transfers_what_is_not_its_own_and_hears_appeals_elsewhere() {
    let centre = rulebook(CPGRAMS);
    assert!(centre.transfer().must_transfer && centre.transfer().cap == 3);
    assert!(!centre.feedback().before_disposal);
    assert_eq!(centre.window().appeal_days, 30);
    assert!(centre.document().reason.iter().all(|reason| !reason.not_ours));
    let directory = centre.directory();
    let ministries: Vec<_> = centre.document().unit.iter().filter(|unit| unit.kind == "ministry").collect();
    assert_eq!(ministries.len(), 12);
    for ministry in ministries {
        let code = UnitCode::new(&ministry.code).expect("a code");
        let below = directory.iter().filter(|unit| directory.is_below(&unit.code, &code)).count();
        assert!((2..=3).contains(&below), "{code} has {below} offices");
        let appeals = directory.appellate_of(&code);
        assert!(appeals != &code && !directory.is_within(appeals, &code), "{code}");
        assert_eq!(directory.parent(appeals), directory.parent(&code));
    }
}
/// Nothing at all: no error, no warning, no advice.
#[test]
fn the_linter_finds_nothing_in_the_presets() {
    for (name, text) in grievance_core::rulebook::presets::PRESETS {
        let read = Rulebook::read(text, Format::Toml).expect(name);
        let told: Vec<String> = read.findings.iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new(), "{name}");
    }
}
