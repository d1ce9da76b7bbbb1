//! The three city files, against the figures that were computed beside them with pandas.

use crate::import_support::{data, riverton};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::grievance::payload::AdoptedFact;
use grievance_core::import::derive::{Survey, derive_document};
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{Options, Reader, Row};
use grievance_core::import::resolve::Resolution;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{ErrorCode, Phase};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;

const STRICT: Options = Options { skew: TimeDelta::zero(), field_bytes: 1_000_000 };

/// Opened before, disposed before, pending.
type Counts = [u64; 3];

fn count(cases: &[&Vec<AdoptedFact>], as_of: DateTime<Utc>) -> Counts {
    let mut counts = [0; 3];
    for facts in cases.iter().filter(|facts| facts[0].at < as_of) {
        let last = facts.iter().rfind(|fact| fact.at < as_of).expect("the lodging at least");
        counts[0] += 1;
        counts[if last.led_to.phase == Phase::Disposed { 1 } else { 2 }] += 1;
    }
    counts
}

fn truth(of: &Value) -> Counts {
    ["opened_before", "disposed_before", "pending"].map(|key| of[key].as_u64().expect("a count"))
}

fn city(name: &str, columns: &str, by: &str, codes: &[(ErrorCode, &str)]) {
    let (Some(file), Some(oracle)) =
        (data(&format!("{name}/dev.csv.gz")), data(&format!("{name}/truth-dev.json")))
    else {
        return;
    };
    let oracle: Value = serde_json::from_reader(File::open(oracle).expect("it opens")).expect("it reads");
    let map = ColumnMap::from_toml(columns).expect("a map");
    let open = || Reader::open(File::open(&file).expect("it opens"), &map, STRICT).expect("it opens");

    let began = std::time::Instant::now();
    let (document, report) = derive_document(riverton(), &Survey::of(open()));
    let rulebook = Rulebook::new(document).expect("the derived rulebook is whole");
    let resolution = Resolution::new(&map, &rulebook).expect("it fits");
    let mut cases: Vec<(String, Vec<AdoptedFact>)> = Vec::new();
    let mut rejected: BTreeMap<ErrorCode, u64> = BTreeMap::new();
    for row in open() {
        match row {
            Row::Accepted(case) => {
                let resolved = resolution.adopted(&case);
                assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
                cases.push((case.unit_value.to_string(), resolved.adopted.facts));
            }
            Row::Rejected(reject) => *rejected.entry(reject.code).or_default() += 1,
        }
    }
    eprintln!("{name}: {} cases read twice in {:?}", cases.len(), began.elapsed());

    assert_eq!(cases.len() as u64, oracle["all"]["rows"].as_u64().expect("a count"));
    let expected: BTreeMap<ErrorCode, u64> = codes
        .iter()
        .map(|(code, key)| (*code, oracle["rejects"][key].as_u64().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(rejected, expected);

    let units: BTreeMap<&str, &str> =
        report.units.iter().map(|unit| (unit.value.as_str(), unit.code.as_str())).collect();
    let per_unit = oracle["by"][by].as_object().expect("figures per unit");
    assert_eq!(units.len(), per_unit.len());
    for (as_of, figures) in oracle["all"]["as_of"].as_object().expect("as-of dates") {
        let day: NaiveDate = as_of.parse().expect("a date");
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
        let all: Vec<_> = cases.iter().map(|(_, facts)| facts).collect();
        assert_eq!(count(&all, midnight), truth(figures), "{name} at {as_of}");
        for (unit, figures) in per_unit {
            let code = units[unit.as_str()];
            let held: Vec<_> =
                cases.iter().map(|(_, facts)| facts).filter(|facts| facts[0].led_to.unit == code).collect();
            assert_eq!(count(&held, midnight), truth(&figures["as_of"][as_of]), "{name} {unit} at {as_of}");
        }
    }
}

#[test]
fn boston_equals_its_oracle() {
    let columns = include_str!("../../../examples/columns/boston311.toml");
    city("boston311", columns, "Department", &[(ErrorCode::DatesContradict, "closed_before_opened")]);
}

#[test]
fn baltimore_equals_its_oracle() {
    let columns = include_str!("../../../examples/columns/baltimore311.toml");
    city("baltimore311", columns, "Agency", &[(ErrorCode::DatesContradict, "closed_before_opened")]);
}

#[test]
fn new_york_equals_its_oracle() {
    let columns = include_str!("../../../examples/columns/nyc-council.toml");
    let codes = [
        (ErrorCode::DatesContradict, "closed_before_opened"),
        (ErrorCode::DuplicateNumber, "duplicate_id_later_rows"),
    ];
    city("nyc-council", columns, "account", &codes);
}
