//! What is measured of the scenarios, held to the schemas; a register and an index, too.

use crate::scenario_runner::{Ran, all};
use crate::schema_truth::Looked;
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::text::Digest;
use grievance_core::measure::gpr;
use grievance_core::measure::index::{Board, shipped};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::practice::{Consent, Draft, Register, Repetition};
use grievance_core::measure::quality::{Disposal, Quality, Sample, Suspected};
use grievance_core::store::conformance::sample::Sample as Made;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{AgeRule, Phase, PracticeFacet};
use grievance_core::{Rulebook, chrono};

/// All that is measured of a run, whatever it comes to; answers how many rows it has.
fn measured(looked: &mut Looked, ran: &Ran, now: DateTime<Utc>, place: &str) -> usize {
    let system = Desk::system();
    let (acting, rulebook) = (ran.desk.by(&system, now), ran.desk.rulebook(now).expect("one is in force"));
    let day = now.date_naive();
    let mis = acting.mis(day, AgeRule::Calendar).expect("it is counted");
    looked.at("mis", &mis, place);
    looked.at("published", mis.published(2), place);

    let mut part = MisPart::new(Terms::new(day, rulebook.zone(), AgeRule::Calendar));
    let mut disposals = Vec::new();
    acting
        .scan(&mut |history| {
            part.add_history(history);
            disposals.extend(Disposal::all_of(history));
            true
        })
        .expect("it reads");
    for definition in shipped() {
        let board =
            Board::of(&definition, part.counts(), day, Some(rulebook.version())).expect("it is sound");
        looked.at("board", board, place);
    }
    let same = |_: &Disposal| Some(Digest::of(&[b"the same"]));
    let suspected = Suspected::all(&disposals, &rulebook, &same);
    let sample =
        Sample::draw(&disposals, &suspected, rulebook.verification(), day, Digest::of(&[place.as_bytes()]));
    looked.at("suspected", &suspected, place);
    looked.at("quality", Quality::of(&sample, &disposals), place);
    let facts: Vec<CaseFact> =
        ran.cases.values().filter_map(|case| ran.desk.store().fact(*case).expect("it reads")).collect();
    let board = gpr::Board::of(&facts, &rulebook, day, 30);
    let rows = suspected.len() + sample.drawn.len() + board.repeaters.len() + mis.units.len();
    looked.at("sample", sample, place);
    looked.at("gpr", board, place);
    rows
}

#[test]
fn whatever_is_measured_in_the_scenarios_fits() {
    let (tenant, mut looked) = (TenantCode::new("scenario").expect("a code"), Looked::default());
    let mut rows = 0;
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        let end = scenario.steps.last().expect("a step").at;
        rows += measured(&mut looked, &ran, end + chrono::TimeDelta::days(2), &name);
    }
    assert!(rows > 60, "{rows}");
}

/// A page with everything that a page can have, before and after it is published and withdrawn.
#[test]
fn good_practices_fit() {
    let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"");
    let rulebook = rulebook.expect("a sound rulebook");
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let (code, unit) = ("one-camp".parse().expect("a code"), "works".parse().expect("a code"));
    let fact = CaseFact { phase: Phase::Disposed, unit, ..Made::lodged(1).fact() };
    let (mut register, mut looked) = (Register::default(), Looked::default());
    looked.text("practices", &register.text(), "without pages");
    let draft = Draft {
        code: "one-camp".parse().expect("a code"),
        title: "One camp for every certificate".to_owned(),
        facet: PracticeFacet::Outreach,
        domain: Some("pothole".parse().expect("a code")),
        unit: "works".parse().expect("a code"),
        situation: "People came three times.".to_owned(),
        steps: vec!["List who waits.".to_owned()],
        written_on: day("2026-04-01"),
    };
    register.write(draft, &rulebook).expect("it is written");
    register.link(&code, &fact, Some("Quick.")).expect("it is linked");
    looked.text("practices", &register.text(), "linked");
    let consent = Consent {
        channel: rulebook.channels()[0].clone(),
        given_on: day("2026-04-02"),
        recorded_by: "nodal".parse().expect("a code"),
        unit: "works".parse().expect("a code"),
    };
    register.consent(&code, fact.id, consent, &rulebook).expect("it is recorded");
    register.publish(&code, day("2026-04-03"), |_| Some(&fact)).expect("it is published");
    let repetition = Repetition { on: day("2026-04-04"), unit: "inspections".parse().expect("a code") };
    register.repeat(&code, repetition, &rulebook).expect("it is repeated");
    looked.text("practices", &register.text(), "published");
    let [page] = &register.published()[..] else { panic!("one page") };
    looked.at("practice", page, "published");
    register.withdraw(&code, day("2026-05-01"), "The camp is over.").expect("it is withdrawn");
    looked.text("practices", &register.text(), "withdrawn");
}
