//! The main job: another system's records go into a store, and what is read back from it equals
//! the figures that another program computed. Importing again changes nothing; a later file adds
//! what differs.

use crate::desk_support::Unscoped as _;
use crate::measure_histories::data;
use crate::measure_oracle::same;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::What;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::Options;
use grievance_core::import::run::{CannotImport, Import, ImportReport};
use grievance_core::kernel::code::{RoleCode, TenantCode, UnitCode};
use grievance_core::kernel::id::PersonId;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::rulebook::access::{Actor, Scope};
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::presets;
use grievance_core::rulebook::read::{Format, read};
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{AgeRule, ErrorCode, Phase};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

fn system() -> Actor {
    Actor {
        on_behalf_of: None,
        person: PersonId::from_uuid(uuid::Uuid::nil()),
        post: None,
        role: RoleCode::new("system").unwrap(),
        tenure: None,
        unit: None,
    }
}

fn city_311() -> Document {
    read(presets::text("city-311").unwrap(), Format::Toml).unwrap()
}

fn desk() -> Desk {
    let tenant = TenantCode::new("city").unwrap();
    Desk::open(SqliteStore::open_in_memory().unwrap().tenant(&tenant), tenant, KeyRing::for_tests())
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn import(desk: &Desk, map: &ColumnMap, csv: &[u8], skew: TimeDelta) -> Result<ImportReport, CannotImport> {
    let (actor, base) = (system(), city_311());
    let options = Options { skew, ..Options::default() };
    Import { desk, map, options, actor: &actor, now: now(), base: &base }.run(|| Ok(csv), |_| {})
}

fn map_of(city: &str) -> ColumnMap {
    let place =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/columns").join(format!("{city}.toml"));
    ColumnMap::from_toml(&std::fs::read_to_string(place).unwrap()).unwrap()
}

/// Imports a city's file, reads every history back and compares each figure, for each day and
/// both age rules, in all and by office.
fn equals_the_oracle(city: &str, column: &str, rejects: &[&str]) {
    let Some(data) = data() else { return };
    let read = |name: &str| std::fs::read(data.join(city).join(name)).unwrap();
    let truth: Value = serde_json::from_slice(&read("truth-dev.json")).unwrap();
    let desk = desk();
    let report = import(&desk, &map_of(city), &read("dev.csv.gz"), TimeDelta::zero()).unwrap();
    let rejected: u64 = rejects.iter().map(|kind| truth["rejects"][*kind].as_u64().unwrap()).sum();
    assert_eq!(report.rejects.len() as u64, rejected);
    assert_eq!(report.new + rejected, report.records);
    assert_eq!((report.changed, report.unchanged), (0, 0));
    let names: HashMap<UnitCode, String> = report
        .derived
        .units
        .iter()
        .map(|derived| (UnitCode::new(&derived.code).unwrap(), derived.value.clone()))
        .collect();
    let days: Vec<&String> = truth["all"]["as_of"].as_object().unwrap().keys().collect();
    let zone = desk.rulebook(now()).unwrap().zone();
    let mut parts = Vec::new();
    for day in &days {
        for rule in &[AgeRule::Calendar, AgeRule::Elapsed] {
            parts.push((day, *rule, MisPart::new(Terms::new(day.parse().unwrap(), zone, *rule))));
        }
    }
    desk.store()
        .scan(&Scope::All, &mut |history| {
            for (.., part) in &mut parts {
                part.add_history(history);
            }
            true
        })
        .unwrap();
    for (day, rule, part) in parts {
        let mis = serde_json::to_value(part.finish(|code| names[code].clone())).unwrap();
        same(&mis, &truth["all"]["as_of"][day.as_str()], rule, &format!("{city} {day}"));
        let units = mis["units"].as_array().unwrap();
        let groups = truth["by"][column].as_object().unwrap();
        assert_eq!(units.len(), groups.len(), "{city} {day}: as many offices");
        for unit in units {
            let name = unit["unit"].as_str().unwrap();
            same(unit, &groups[name]["as_of"][day.as_str()], rule, &format!("{city} {day} {name}"));
        }
    }
}

#[test]
fn boston_equals_the_oracle_through_the_store() {
    equals_the_oracle("boston311", "Department", &["bad_open", "closed_before_opened", "duplicate_id"]);
}

#[test]
fn baltimore_equals_the_oracle_through_the_store() {
    equals_the_oracle("baltimore311", "Agency", &["bad_open", "closed_before_opened", "duplicate_id"]);
}

#[test]
fn new_york_equals_the_oracle_through_the_store() {
    equals_the_oracle(
        "nyc-council",
        "account",
        &["bad_open", "closed_before_opened", "duplicate_id_later_rows"],
    );
}

const MAP: &str = r#"
source = "riverton"
zone = "UTC"
units = "from-file"
columns = { number = "Id", lodged = "Opened", disposed = "Closed", unit = "Office", category = "Subject", narrative = "Text", closure_text = "Answer" }
"#;

const FIRST: &str = "Id,Opened,Closed,Office,Subject,Text,Answer
1,2026-01-05,,Works,Road,A hole in the road.,
2,2026-01-06,2026-01-09,Works,Road,Another hole.,Filled.
3,2026-01-07,,,Noise,Too loud.,
";

fn small(desk: &Desk, csv: &str) -> ImportReport {
    import(desk, &ColumnMap::from_toml(MAP).unwrap(), csv.as_bytes(), TimeDelta::minutes(2)).unwrap()
}

#[test]
fn importing_again_changes_nothing() {
    let desk = desk();
    let first = small(&desk, FIRST);
    assert_eq!((first.new, first.changed, first.unchanged), (3, 0, 0));
    let before = desk.search(&Search::default()).unwrap();
    let again = small(&desk, FIRST);
    assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 3));
    assert_eq!(again.rulebook, first.rulebook);
    assert_eq!(desk.search(&Search::default()).unwrap(), before);
    assert!(before.cases.iter().all(|case| case.version == 1));
}

#[test]
fn a_later_file_adds_what_differs_as_events() {
    let desk = desk();
    small(&desk, FIRST);
    let second = FIRST.replace("1,2026-01-05,,Works", "1,2026-01-05,2026-02-01,Works")
        + "4,2026-02-02,,Parks,Tree,A tree fell.,\n";
    let report = small(&desk, &second);
    assert_eq!((report.new, report.changed, report.unchanged), (1, 1, 2));
    let closed = desk.search(&Search { external_number: Some("1".to_owned()), ..Search::default() }).unwrap();
    let [case] = &closed.cases[..] else { panic!("one case has the number") };
    assert_eq!((case.phase, case.version), (Phase::Disposed, 2));
    let history = desk.history(case.id).unwrap();
    assert!(history.iter().all(|event| matches!(event.event.what, What::Adopted(_))));
    // The narrative did not change: the later event points to the same text.
    let texts: Vec<_> = history
        .iter()
        .filter_map(|event| match &event.event.what {
            What::Adopted(adopted) => adopted.narrative,
            _ => None,
        })
        .collect();
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn several_sources_lie_in_one_database() {
    let desk = desk();
    small(&desk, FIRST);
    let other = ColumnMap::from_toml(&MAP.replace("riverton", "lakeside")).unwrap();
    let report = import(&desk, &other, FIRST.as_bytes(), TimeDelta::minutes(2)).unwrap();
    assert_eq!((report.new, report.unchanged), (3, 0));
    let found = desk.search(&Search { external_number: Some("2".to_owned()), ..Search::default() }).unwrap();
    assert_eq!(found.cases.len(), 2);
}

/// Somebody works on an imported case here; from then on another system's word does not replace
/// theirs, and the row comes back whole.
#[test]
fn a_case_that_was_carried_on_here_is_not_overwritten() {
    let desk = desk();
    small(&desk, FIRST);
    let found = desk.search(&Search { external_number: Some("1".to_owned()), ..Search::default() }).unwrap();
    let officer = Actor {
        role: RoleCode::new("cell_officer").unwrap(),
        unit: Some(UnitCode::new("desk").unwrap()),
        ..system()
    };
    let later = now() + TimeDelta::hours(1);
    let note = grievance_core::grievance::request::Comment { text: "We are on it.".to_owned(), public: None };
    desk.by(&officer, later).comment(found.cases[0].id, note).unwrap();
    let report = small(&desk, &FIRST.replace("1,2026-01-05,,Works", "1,2026-01-05,2026-02-01,Works"));
    assert_eq!((report.changed, report.unchanged), (0, 2));
    let [reject] = &report.rejects[..] else { panic!("one row is rejected") };
    assert_eq!((reject.record, reject.code), (1, ErrorCode::ContinuedHere));
    assert_eq!(reject.original[2], "2026-02-01");
    assert_eq!(reject.original.len(), 7);
}

/// Personal texts go to the vault and nowhere else.
#[test]
fn imported_texts_lie_in_the_vault_alone() {
    let desk = desk();
    small(&desk, FIRST);
    let mut seen = 0;
    desk.store()
        .scan(&Scope::All, &mut |history| {
            let said = format!("{history:?}");
            assert!(!said.contains("hole") && !said.contains("loud") && !said.contains("Filled"));
            let What::Adopted(adopted) = &history[0].event.what else { panic!("an adoption") };
            let kept = desk.store().texts(&[adopted.narrative.unwrap().id]).unwrap();
            let text = KeyRing::for_tests().open(&TenantCode::new("city").unwrap(), &kept[0]).unwrap();
            assert!(!text.content.is_empty());
            seen += 1;
            true
        })
        .unwrap();
    assert_eq!(seen, 3);
}

/// With `units = "rulebook"` nothing is derived: the base comes into force as it is, a value that
/// it does not have goes to the cell with a warning, and importing again keeps the rulebook.
#[test]
fn a_map_on_the_rulebooks_own_units_derives_nothing() {
    let desk = desk();
    let map = ColumnMap::from_toml(&MAP.replace("from-file", "rulebook")).unwrap();
    for (new, unchanged) in [(3, 0), (0, 3)] {
        let report = import(&desk, &map, FIRST.as_bytes(), TimeDelta::zero()).unwrap();
        assert_eq!((report.new, report.unchanged), (new, unchanged));
        assert!(!report.derived.added_any() && !report.warnings.is_empty());
        assert_eq!(desk.rulebook(now()).unwrap().document(), &city_311());
    }
}

/// Time never runs backwards in a history, whoever writes it.
#[test]
fn a_later_import_with_an_earlier_clock_is_refused_row_by_row() {
    let desk = desk();
    small(&desk, FIRST);
    let (actor, base, map) = (system(), city_311(), ColumnMap::from_toml(MAP).unwrap());
    let second = FIRST.replace("1,2026-01-05,,Works", "1,2026-01-05,2026-02-01,Works");
    let import = Import {
        desk: &desk,
        map: &map,
        options: Options::default(),
        actor: &actor,
        now: now() - TimeDelta::days(1),
        base: &base,
    };
    let report = import.run(|| Ok(second.as_bytes()), |_| {}).unwrap();
    let [reject] = &report.rejects[..] else { panic!("one row is rejected") };
    assert_eq!((reject.record, reject.code), (1, ErrorCode::ClockBehind));
    assert_eq!(report.unchanged, 2);
}
