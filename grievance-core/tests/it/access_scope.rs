//! Three ways to say which cases an actor sees: case by case, as a scope on the row, as SQL of either
//! database. They agree for random rulebooks, actors and rows.

use crate::desk_support::{person, tenant};
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::{Actor, Chart, Scope, sees};
use grievance_core::store::Store;
use grievance_core::store::conformance::sample::Sample;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A small die, so that one seed makes a rulebook, its actors and its cases.
struct Die(u64);

impl Die {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % n
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).expect("a few")]
    }

    fn maybe<'a>(&mut self, words: &[&'a str]) -> Option<&'a str> {
        (self.below(2) == 0).then(|| self.of(words))
    }
}

/// With an underscore, which is a wildcard elsewhere; `off_ce` would fit `office`.
const UNITS: [&str; 7] = ["works", "water", "parks", "off_ce", "office", "depot", "yard"];
/// One that no rulebook has.
const GONE: &str = "gone-office";
const PLACES: [&str; 5] = ["state", "north", "south", "ward_1", "ward-1"];
const ROLES: [&str; 6] =
    ["complainant", "kiosk_operator", "hod", "nodal_officer", "sub_office_officer", "auditor"];
const REACHES: [&str; 5] = ["own_cases", "own_unit", "units_below", "places", "everywhere"];
const POSTS: [&str; 3] = ["head", "nodal", "officer"];
const SEALS: [&str; 2] = ["harassment", "vigilance-matter"];

fn rulebook(die: &mut Die) -> Rulebook {
    let mut units = Vec::new();
    for (n, code) in UNITS.iter().enumerate() {
        let mut unit = json!({ "code": code, "name": code, "kind": "office", "head": "head" });
        let above: Vec<&str> = UNITS[..n].iter().copied().chain(["city", "desk"]).collect();
        unit["parent"] = die.of(&above).into();
        if let Some(second) = die.maybe(&UNITS).filter(|second| second != code) {
            unit["second_superior"] = second.into();
        }
        if die.below(3) == 0 {
            unit["place"] = json!([die.of(&PLACES)]);
        }
        units.push(unit);
    }
    let mut places = Vec::new();
    for (n, code) in PLACES.iter().enumerate() {
        let mut place = json!({ "code": code, "name": code });
        if n > 0 {
            place["parent"] = PLACES[usize::try_from(die.below(n as u64)).expect("a few")].into();
        }
        places.push(place);
    }
    let roles: Vec<Value> = ROLES
        .iter()
        .map(|code| {
            let first = die.of(&REACHES);
            let mut reach = vec![first];
            reach.extend(die.maybe(&REACHES).filter(|other| *other != first));
            json!({ "code": code, "reach": reach })
        })
        .collect();
    let seals: Vec<Value> = SEALS
        .iter()
        .map(|code| {
            let named = json!([
                { "post": die.of(&POSTS) },
                { "unit": die.of(&UNITS), "post": die.of(&POSTS) },
                { "unit": die.of(&UNITS), "role": die.of(&ROLES[2..5]) },
            ]);
            json!({ "code": code, "name": code, "unit": "works", "sealed": named })
        })
        .collect();
    let document = json!({
        "extends": "city-311", "name": "Law town", "zone": "UTC", "unit": units, "place": places, "role": roles,
        "category": seals,
    });
    match Rulebook::from_json(&document.to_string()) {
        Ok(rulebook) => rulebook,
        // Named posts that could work nowhere: another seal is drawn.
        Err(refused) => {
            let keeper = |it: &grievance_core::rulebook::finding::Finding| {
                format!("{:?}", it.lint) == "SealedWithoutKeeper"
            };
            assert!(refused.errors().all(keeper), "{:#?}", refused.findings);
            self::rulebook(die)
        }
    }
}

fn unit(die: &mut Die) -> &'static str {
    if die.below(12) == 0 { GONE } else { die.of(&UNITS) }
}

fn actor(die: &mut Die) -> Actor {
    let role = if die.below(20) == 0 { "stranger" } else { die.of(&ROLES) };
    let mut actor = Actor::new(person(u128::from(die.below(4))), role.parse().unwrap());
    if die.below(5) > 0 {
        actor.unit = Some(unit(die).parse().unwrap());
    }
    actor.post = die.maybe(&POSTS).map(|post| post.parse().unwrap());
    actor
}

fn row(die: &mut Die, of: CaseFact) -> CaseFact {
    let some = |die: &mut Die| (die.below(2) == 0).then(|| unit(die).parse().unwrap());
    CaseFact {
        unit: unit(die).parse().unwrap(),
        sender: some(die),
        last_mover: some(die),
        against: some(die).filter(|_| die.below(2) == 0),
        consulted: (0..die.below(3)).map(|_| unit(die).parse().unwrap()).collect(),
        place: die.maybe(&PLACES).map(|place| place.parse().unwrap()),
        complainant: (die.below(2) == 0).then(|| person(u128::from(die.below(4)))),
        lodged_by: person(u128::from(die.below(4))),
        sealed: (die.below(3) == 0).then(|| die.of(&SEALS).parse().unwrap()),
        ..of
    }
}

/// A store for each way to keep cases, new for every draw: of a server the tenant is.
type Fresh = Box<dyn Fn() -> Arc<dyn Store>>;

fn stores() -> Vec<(&'static str, Fresh)> {
    let memory: Fresh = Box::new(|| MemoryStore::default().tenant(&tenant()));
    let mut stores = vec![("memory", memory)];
    #[cfg(feature = "sqlite")]
    stores.push((
        "sqlite",
        Box::new(|| {
            grievance_core::sql::sqlite::SqliteStore::open_in_memory().expect("memory").tenant(&tenant())
        }),
    ));
    #[cfg(feature = "postgres")]
    if let Some(store) = crate::pg::store() {
        let drawn = std::cell::Cell::new(0);
        let fresh = move || {
            drawn.set(drawn.get() + 1);
            store.tenant(&format!("draw-{}", drawn.get()).parse().expect("a code")) as Arc<dyn Store>
        };
        stores.push(("postgres", Box::new(fresh)));
    }
    stores
}

/// What an actor sees case by case is what a search in their scope finds, in memory and in the SQL of
/// either database, and what a scan gives; nothing more, nothing less.
#[test]
fn a_scope_covers_just_what_is_seen() {
    let stores = stores();
    // `make soak` asks for many more; a server is asked for the first ones.
    let cases = std::env::var("PROPTEST_CASES").map_or(48, |n| n.parse().expect("a number"));
    let config = ProptestConfig { cases, ..ProptestConfig::default() };
    let draws = std::cell::Cell::new(0);
    let covers = |seed| {
        draws.set(draws.get() + 1);
        let asked = stores.iter().filter(|(name, _)| *name != "postgres" || draws.get() <= 500);
        let stores: Vec<_> = asked.map(|(name, fresh)| (*name, fresh())).collect();
        let die = &mut Die(seed);
        let rulebook = rulebook(die);
        let rows: Vec<CaseFact> = (1..40).map(|n| row(die, Sample::lodged(n).fact())).collect();
        for (_, store) in &stores {
            store.chart(rulebook.version(), &Chart::of(&rulebook)).expect("it is kept");
            store.chart(rulebook.version(), &Chart::default()).expect("kept once, it stays");
            for (n, fact) in (1..).zip(&rows) {
                let mut commit = Sample::lodged(n).commit(n);
                commit.streams[0].fact = fact.clone();
                store.commit(&commit).expect("it is committed");
            }
        }
        for _ in 0..30 {
            let actor = actor(die);
            let scope = Scope::of(&rulebook, &actor);
            let visible = rows.iter().filter(|fact| sees(&rulebook, &actor, &fact.standing()));
            let seen: BTreeSet<GrievanceId> = visible.map(|fact| fact.id).collect();
            for (name, store) in &stores {
                let page = store.search(&scope, &Search { limit: 1_000, ..Search::default() });
                let found: BTreeSet<_> =
                    page.expect("it is found").cases.iter().map(|fact| fact.id).collect();
                prop_assert_eq!(&found, &seen, "{} searched for {:?} in {:?}", name, actor, scope);
                let mut scanned = BTreeSet::new();
                let gather = &mut |history: &[grievance_core::grievance::event::Recorded]| {
                    scanned.insert(history[0].case)
                };
                store.scan(&scope, gather).expect("it is scanned");
                prop_assert_eq!(&scanned, &seen, "{} scanned for {:?}", name, actor);
                prop_assert_eq!(store.count(&scope).expect("it is counted"), seen.len() as u64, "{}", name);
            }
        }
        Ok(())
    };
    if let Err(failed) = TestRunner::new(config).run(&any::<u64>(), covers) {
        panic!("{failed}");
    }
}

/// The law above looks at something: of the pairs it draws a good part is seen, and a good part
/// not; sealed cases, too.
#[test]
fn the_draws_see_and_do_not_see() {
    let (mut seen, mut hidden, mut sealed) = (0, 0, 0);
    for seed in 0..20 {
        let die = &mut Die(seed);
        let rulebook = rulebook(die);
        for n in 1..40 {
            let (fact, actor) = (row(die, Sample::lodged(n).fact()), actor(die));
            let there = sees(&rulebook, &actor, &fact.standing());
            seen += u32::from(there);
            hidden += u32::from(!there);
            sealed += u32::from(there && fact.sealed.is_some());
        }
    }
    assert!(seen > 100 && hidden > 200 && sealed > 10, "{seen} seen, {hidden} hidden, {sealed} sealed");
}
