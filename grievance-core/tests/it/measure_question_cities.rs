//! Cities' records in stores: counts and bands equal what another program computed.

use crate::measure_histories::data;
use crate::measure_oracle::{BALTIMORE, BOSTON, City, NEW_YORK};
use crate::measure_question::{fresh_tenant, put, stores};
use chrono::{DateTime, Utc};
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::{CategoryCode, UnitCode};
use grievance_core::measure::answer::Pendency;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::rulebook::access::Scope;
use grievance_core::store::conformance::sample::Sample;
use grievance_core::vocabulary::{AgeRule, Phase};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Cases with a code for each value of the first column as their office, of the second as their
/// subject; and the codes of the values.
fn facts(city: &City, data: &std::path::Path) -> (Vec<CaseFact>, [BTreeMap<String, String>; 2]) {
    let like = Sample::lodged(1).after(0).fact;
    let mut codes = [BTreeMap::new(), BTreeMap::new()];
    let (rows, _) = city.rows(data, chrono_tz::UTC);
    let facts = rows.iter().map(|row| {
        let mut code = |column: usize| {
            let next = format!("c{}", codes[column].len());
            codes[column].entry(row.groups[column].clone()).or_insert(next).clone()
        };
        let (unit, category) = (code(0), code(1));
        CaseFact {
            unit: UnitCode::new(&unit).unwrap(),
            category: Some(CategoryCode::new(&category).unwrap()),
            phase: if row.disposed.is_some() { Phase::Disposed } else { Phase::InProgress },
            received_at: row.lodged,
            disposed_at: row.disposed,
            ..like.clone()
        }
    });
    (facts.collect(), codes)
}

fn equals(counts: &Pendency, truth: &Value, rule: AgeRule, place: &str) {
    assert_eq!(json!(counts.received), truth["opened_before"], "{place} received");
    assert_eq!(json!(counts.disposed), truth["disposed_before"], "{place} disposed");
    let bands = if rule == AgeRule::Calendar { &truth["calendar"]["B"] } else { &truth["B"] };
    let expected = ["<7", "7-14", "15-30", ">30"].map(|key| bands[key].as_u64().unwrap());
    assert_eq!(counts.bands, expected, "{place} bands");
}

/// Two hundred thousand cases take minutes to fill some stores: these are left out.
fn every_store_equals_the_oracle(city: &City, left_out: &[&str]) {
    let Some(data) = data() else { return };
    let truth = city.truth(&data);
    let (facts, codes) = facts(city, &data);
    let until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let table = Cases::read_facts(chrono_tz::UTC, until, &facts).cases;
    let ledger = Ledger::of(&table).unwrap();
    let tenant = fresh_tenant();
    let opened: Vec<_> = stores()
        .into_iter()
        .filter(|(name, _)| !left_out.contains(name))
        .map(|(name, open)| (name, open(&tenant), open))
        .collect();
    for (_, store, _) in &opened {
        put(&**store, &facts);
    }
    for as_of in truth["all"]["as_of"].as_object().unwrap().keys() {
        for rule in [AgeRule::Calendar, AgeRule::Elapsed] {
            for (column, by) in [Dimension::Unit, Dimension::Category].into_iter().enumerate() {
                let question = Question::new(Terms::new(as_of.parse().unwrap(), chrono_tz::UTC, rule), by);
                let scanned = table.answer(&question).unwrap();
                let group = std::iter::once(&city.unit).chain(city.others).nth(column).unwrap();
                let place = format!("{} {as_of} {rule} {group}", city.folder);
                equals(&scanned.total(), &truth["all"]["as_of"][as_of], rule, &place);
                for (value, code) in &codes[column] {
                    if let Some(counts) = scanned.groups().get(code.as_str()) {
                        let truth = &truth["by"][group][value]["as_of"][as_of];
                        equals(counts, truth, rule, &format!("{place} {value:?}"));
                    }
                }
                if rule == AgeRule::Calendar {
                    assert_eq!(ledger.answer(&question), Ok(scanned.clone()), "{place} ledger");
                }
                for (name, store, _) in &opened {
                    let survey = store.survey(&Scope::All, &question, until).unwrap();
                    assert_eq!((&survey.answer, survey.rejected), (&scanned, 0), "{place} {name}");
                }
            }
        }
    }
}

#[test]
fn baltimore_in_every_store_equals_the_oracle() {
    every_store_equals_the_oracle(&BALTIMORE, &[]);
}

#[test]
fn boston_in_every_store_equals_the_oracle() {
    every_store_equals_the_oracle(&BOSTON, &[]);
}

/// Into PostgreSQL only when `GRIEVANCE_CITIES` is `all`, as `make soak` says.
#[test]
fn new_york_in_stores_equals_the_oracle() {
    let all = std::env::var("GRIEVANCE_CITIES").is_ok_and(|cities| cities == "all");
    every_store_equals_the_oracle(&NEW_YORK, if all { &[] } else { &["postgres"] });
}
