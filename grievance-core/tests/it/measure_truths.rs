//! Figures that other programs computed, or offices published, of files that the import reads.

use crate::import_support::{data, read};
use crate::measure_histories::{Case, at, fact};
use crate::measure_question::{fresh_tenant, put};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::state::Grievance;
use grievance_core::import::case::ImportedCase;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{Options, Reader, Row};
use grievance_core::measure::cases::row::{CaseRow, Ending};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::duration::{Durations, Share};
use grievance_core::measure::flow::Flow;
use grievance_core::measure::index::{Rounding, RoundingMode};
use grievance_core::measure::mis::Terms;
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Store;
use grievance_core::vocabulary::AgeRule;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const END: &str = "2100-01-01";

/// The text of a file; `None`, said aloud, where it is not.
fn text(name: &str) -> Option<String> {
    let file = std::fs::File::open(data(name)?).expect("it opens");
    Some(std::io::read_to_string(flate2::read::MultiGzDecoder::new(file)).expect("it reads"))
}

fn truth(folder: &str) -> Option<Value> {
    let path = data(&format!("{folder}/truth-dev.json"))?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).expect("it reads")).expect("JSON"))
}

/// The rows of a file that fit, each with its place in the file as a first column `place`.
fn rows_that(text: &str, fits: impl Fn(&BTreeMap<&str, &str>) -> bool) -> Vec<u8> {
    let mut from = csv::Reader::from_reader(text.as_bytes());
    let header = from.headers().expect("a header").clone();
    let mut to = csv::Writer::from_writer(Vec::new());
    to.write_record(std::iter::once("place").chain(header.iter())).expect("memory");
    for (place, row) in from.records().map(Result::unwrap).enumerate() {
        if fits(&header.iter().zip(row.iter()).collect()) {
            to.write_record(std::iter::once(place.to_string().as_str()).chain(row.iter())).expect("memory");
        }
    }
    to.into_inner().expect("memory")
}

/// The cases that the import takes from a file, and how many rows it rejects.
fn imported(file: &[u8], map: &str) -> (Vec<ImportedCase>, u64) {
    let map = ColumnMap::from_toml(map).unwrap_or_else(|invalid| panic!("{invalid:?}"));
    let (mut cases, mut rejected) = (Vec::new(), 0);
    for row in read(file, &map) {
        match row {
            Row::Accepted(case) => cases.push(*case),
            Row::Rejected(_) => rejected += 1,
        }
    }
    (cases, rejected)
}

fn row(case: &ImportedCase) -> CaseRow<'_> {
    CaseRow {
        category: Some(case.category_value.as_str()).filter(|value| !value.is_empty()),
        ended: case.ending.as_ref().map(|ending| (ending.at, Ending::Disposed(None))),
        due_at: case.due_at,
        ..CaseRow::new(case.lodged_at, if case.unit_value.is_empty() { "(blank)" } else { &case.unit_value })
    }
}

fn table(cases: &[ImportedCase]) -> Cases {
    let until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let read = Cases::read(chrono_tz::UTC, until, cases.iter().map(row));
    assert_eq!(read.rejected, []);
    read.cases
}

fn terms(day: &str, rule: AgeRule) -> Terms {
    Terms::new(day.parse().unwrap(), chrono_tz::UTC, rule)
}

fn lengths_equal(took: &Durations, truth: &Value, place: &str) {
    let printed = |number: f64| json!(format!("{number:.6}").parse::<f64>().unwrap());
    assert_eq!(json!(took.count()), truth["n"], "{place}");
    assert_eq!(printed(took.mean_days().unwrap()), truth["mean"], "{place}");
    assert_eq!(printed(took.quantile_days(0.5).unwrap()), truth["median"], "{place}");
    assert_eq!(printed(took.quantile_days(0.9).unwrap()), truth["p90_linear"], "{place}");
    assert_eq!(printed(took.quantile_days(0.0).unwrap()), truth["min"], "{place}");
    assert_eq!(printed(took.quantile_days(1.0).unwrap()), truth["max"], "{place}");
}

/// The cases as a desk takes them over, in a database; the code of each department.
fn boston_in_a_store(cases: &[ImportedCase]) -> (Arc<dyn Store>, BTreeMap<String, String>) {
    let mut codes = BTreeMap::new();
    let adopted = |(nth, case): (usize, &ImportedCase)| {
        let next = format!("c{}", codes.len());
        let name = if case.unit_value.is_empty() { "(blank)" } else { &case.unit_value };
        let unit = codes.entry(name.to_owned()).or_insert(next).clone();
        let mut facts = vec![fact(case.lodged_at, AdoptedStep::Lodged, &unit)];
        facts.extend(case.ending.as_ref().map(|ending| fact(ending.at, AdoptedStep::Disposed, &unit)));
        let history = Case::new(nth as u128).adopted(at("2100-01-01"), facts).due(case.due_at).history;
        CaseFact::of(&Grievance::replay(&history).expect("it is a history"))
    };
    let facts: Vec<CaseFact> = cases.iter().enumerate().map(adopted).collect();
    let facts: Vec<CaseFact> =
        facts.into_iter().map(|fact| CaseFact { external_number: None, ..fact }).collect();
    let store = SqliteStore::open_in_memory().expect("a database").tenant(&fresh_tenant());
    put(&*store, &facts);
    (store, codes)
}

fn says_what_the_city_says(
    (store, codes): &(Arc<dyn Store>, BTreeMap<String, String>),
    truth: &Value,
    day: &str,
) {
    let question = Question::new(terms(day, AgeRule::Calendar), Dimension::Unit);
    let survey = store.survey(&Scope::All, &question, at(END)).expect("the store works");
    assert_eq!(survey.rejected, 0, "{day}");
    let answer = survey.answer;
    let departments = codes.iter().filter_map(|(name, code)| {
        Some((&truth["by_department"][name.as_str()], answer.groups().get(code.as_str())?.clone()))
    });
    for (truth, counts) in departments.chain([(&truth["all"], answer.total())]) {
        assert_eq!(json!(counts.overdue), truth["open_overdue"], "{day}");
        assert_eq!(
            json!(counts.pending() - counts.overdue - counts.no_target),
            truth["open_within"],
            "{day}"
        );
        assert_eq!(json!(counts.disposed_on_time), truth["met"], "{day}");
        assert_eq!(
            json!(counts.disposed_with_target - counts.disposed_on_time),
            truth["closed_late"],
            "{day}"
        );
    }
}

/// What stands open in Boston is overdue, in time or without a due date, and what is closed was closed by
/// then or late, in all and by department.
#[test]
fn bostons_cases_stand_to_their_due_dates_as_the_city_says() {
    let (Some(file), Some(truth)) = (text("boston311/dev.csv.gz"), truth("boston311")) else { return };
    let map = ColumnMap::from_toml(include_str!("../../../examples/columns/boston311.toml")).unwrap();
    // The city's own figures leave out what was closed before it was opened, be it by a second.
    let strict = Options { skew: TimeDelta::zero(), ..Options::default() };
    let reader = Reader::open(file.as_bytes(), &map, strict).expect("the file opens");
    let cases: Vec<ImportedCase> = reader
        .filter_map(|row| match row {
            Row::Accepted(case) => Some(*case),
            Row::Rejected(_) => None,
        })
        .collect();
    let table = table(&cases);
    let stored = boston_in_a_store(&cases);
    for (day, truth) in truth["sla"].as_object().unwrap() {
        let part = table.count(table.unit(), None, &terms(day, AgeRule::Calendar)).unwrap();
        says_what_the_city_says(&stored, truth, day);
        let by_department =
            part.groups().iter().map(|(unit, tally)| (&truth["by_department"][unit.as_str()], tally.clone()));
        for (truth, tally) in by_department.chain([(&truth["all"], part.total())]) {
            assert_eq!(json!(tally.overdue), truth["open_overdue"], "{day}");
            assert_eq!(
                json!(tally.pending() - tally.overdue - tally.no_target),
                truth["open_within"],
                "{day}"
            );
            let late = tally.disposed_with_target - tally.disposed_on_time;
            assert_eq!(json!(tally.disposed_on_time), truth["met"], "{day}");
            assert_eq!(json!(late), truth["closed_late"], "{day}");
            let with_target = tally.pending() - tally.no_target + tally.disposed_with_target;
            assert_eq!(json!(with_target), truth["with_target"], "{day}");
        }
    }
}

/// Three snapshots of Atlanta's issues: how long the closed ones took, to the second.
#[test]
fn atlantas_days_to_close_equal_the_oracle() {
    let (Some(file), Some(truth)) = (text("atlanta-scf/dev.issues.csv.gz"), truth("atlanta-scf")) else {
        return;
    };
    let map = r#"
        source = "atlanta"
        zone = "UTC"
        units = "from-file"
        formats = ["%Y-%m-%dT%H:%M:%S%#z"]
        [columns]
        number = "place"
        lodged = "created_at"
        disposed = "closed_at"
    "#;
    for (snapshot, truth) in truth["snapshots"].as_object().unwrap() {
        let (cases, rejected) = imported(&rows_that(&file, |row| row["snapshot"] == snapshot), map);
        assert_eq!((json!(cases.len()), rejected), (truth["rows"].clone(), 0), "{snapshot}");
        let table = table(&cases);
        let total = table.count(table.unit(), None, &terms(END, AgeRule::Elapsed)).unwrap().total();
        assert_eq!(json!(total.disposed), truth["closed_date"], "{snapshot}");
        lengths_equal(&total.durations, &truth["days_to_close"], snapshot);
    }
}

/// Atlanta's service requests promise a number of days each: grouped by the promise, so many were
/// closed within it.
#[test]
fn atlantas_service_requests_keep_their_promise_as_the_oracle_says() {
    let (Some(file), Some(truth)) = (text("atlanta-scf/dev.events.csv.gz"), truth("atlanta-scf")) else {
        return;
    };
    let truth = &truth["service_requests"];
    let map = r#"
        source = "atlanta"
        zone = "UTC"
        units = "from-file"
        formats = ["%m/%d/%Y"]
        [columns]
        number = "place"
        lodged = "SR Opened"
        disposed = "SR Closed"
        unit = "Department"
        category = "SLA Response Time"
    "#;
    let (cases, rejected) = imported(&rows_that(&file, |row| !row["SR Opened"].is_empty()), map);
    assert_eq!((json!(cases.len()), rejected), (truth["rows"].clone(), 0));
    let table = table(&cases);
    let part = table.count(table.category(), None, &terms(END, AgeRule::Calendar)).unwrap();
    lengths_equal(&part.total().durations, &truth["days"], "service requests");
    let (mut within, mut closed) = (0, 0);
    for (promised, tally) in part.groups() {
        let share = tally.durations.within(promised.parse().unwrap());
        within += share.count;
        closed += share.out_of;
    }
    assert_eq!(json!(within), truth["within_SLA_calendar_days"]);
    assert_eq!(json!(closed - within), truth["late"]);
    let by_department = table.count(table.unit(), None, &terms(END, AgeRule::Calendar)).unwrap();
    let received: BTreeMap<&str, u64> =
        by_department.groups().iter().map(|(unit, tally)| (unit.as_str(), tally.received)).collect();
    assert_eq!(json!(received), truth["by_department"]);
}

/// The bureau's complaints have no date of closing, so none is invented: an answer is told by the
/// status word, and any column that the map names as a subject can be counted.
#[test]
fn the_bureaus_complaints_equal_the_oracle() {
    let (Some(file), Some(truth)) = (text("cfpb-cases/dev.csv.gz"), truth("cfpb-cases")) else { return };
    let columns = |unit: &str, category: &str| {
        let map = format!(
            r#"
            source = "bureau"
            zone = "UTC"
            units = "from-file"
            formats = ["%m/%d/%Y"]
            [columns]
            number = "Complaint ID"
            lodged = "Date received"
            routed = "Date sent to company"
            unit = "{unit}"
            category = "{category}"
            status = "Company response"
            [status]
            trust = "status"
            open = ["In progress"]
            disposed = ["Closed*", "Untimely response"]
            "#
        );
        imported(file.as_bytes(), &map)
    };
    let (cases, rejected) = columns("Product", "Company response");
    assert_eq!((json!(cases.len()), rejected), (truth["rows"].clone(), 0));
    let mut forwarded = Durations::new(AgeRule::Calendar);
    for case in &cases {
        forwarded.add(case.lodged_at, case.routed_at.unwrap_or(case.lodged_at), chrono_tz::UTC).unwrap();
    }
    lengths_equal(&forwarded, &truth["forwarding_days"], "forwarding");
    let answered: Vec<ImportedCase> = cases.iter().filter(|case| case.ending_undated).cloned().collect();
    let disposed = Share { count: answered.len() as u64, out_of: cases.len() as u64 };
    assert_eq!(json!(disposed.count), truth["disposed"]);
    assert_eq!(json!(disposed.value()), truth["disposal_rate"]);
    // Each product's answers: the cases of the product, by the answer as their subject.
    let by_product = table(&cases);
    for (product, truth) in truth["response_by_product"].as_object().unwrap() {
        let chosen = by_product.chosen(by_product.unit(), &[product]);
        let part =
            by_product.count(by_product.category(), Some(&chosen), &terms(END, AgeRule::Calendar)).unwrap();
        let counted: BTreeMap<&str, u64> =
            part.groups().iter().map(|(answer, tally)| (answer.as_str(), tally.received)).collect();
        assert_eq!(&json!(counted), truth, "{product}");
    }
    let share_of = |column: &str, answered: bool| {
        let (cases, _) = columns("Product", column);
        let cases: Vec<_> = cases.into_iter().filter(|case| !answered || case.ending_undated).collect();
        let table = table(&cases);
        let total = table.count(table.category(), None, &terms(END, AgeRule::Calendar)).unwrap();
        let yes = total.groups().get("Yes").map_or(0, |tally| tally.received);
        json!(Share { count: yes, out_of: total.total().received }.value())
    };
    assert_eq!(share_of("Timely response?", false), truth["timely_share"]);
    assert_eq!(share_of("Consumer disputed?", true), truth["disputed_share_of_disposed"]);
}

/// Whole numbers of an expression that is made of sums, differences, products, one quotient.
fn quotient(expression: &str) -> (i64, i64) {
    let mut rest = expression;
    let value = sum(&mut rest);
    let of = match rest.strip_prefix('/') {
        Some(below) => {
            rest = below;
            product(&mut rest)
        }
        None => 1,
    };
    assert_eq!(rest, "", "{expression}");
    (value, of)
}

fn sum(rest: &mut &str) -> i64 {
    let mut value = product(rest);
    while let Some(sign) = rest.chars().next().filter(|sign| "+-".contains(*sign)) {
        *rest = &rest[1..];
        let more = product(rest);
        value += if sign == '+' { more } else { -more };
    }
    value
}

fn product(rest: &mut &str) -> i64 {
    let mut value = factor(rest);
    while let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        value *= factor(rest);
    }
    value
}

fn factor(rest: &mut &str) -> i64 {
    if let Some(inner) = rest.strip_prefix('(') {
        *rest = inner;
        let value = sum(rest);
        *rest = rest.strip_prefix(')').expect("a parenthesis closes");
        return value;
    }
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    digits.parse().expect("a number")
}

/// The first number as brought forward, what is added as received, what is taken away as disposed.
fn movements(expression: &str) -> Flow {
    let mut flow = Flow::default();
    for more in expression.split('+') {
        let (comes, goes) = more.split_once('-').unwrap_or((more, "0"));
        let comes: u64 = comes.parse().unwrap();
        if flow.brought_forward == 0 {
            flow.brought_forward = comes;
        } else {
            flow.received += comes;
        }
        flow.disposed += goes.parse::<u64>().unwrap();
    }
    flow
}

/// The identities of published figures: what is exact is exact, what differs differs by what is
/// printed, and three shares are as printed when they are cut off.
#[test]
fn published_figures_hold_or_differ_as_told() {
    let Some(path) = data("published/published_identity_checks.csv") else { return };
    let (mut exact, mut differ, mut cut, mut alone) = (0, 0, 0, 0);
    for row in csv::Reader::from_path(Path::new(&path)).unwrap().records().map(Result::unwrap) {
        let [id, expression, decimals, half_up, truncated, published, difference, verdict] =
            [0, 2, 3, 4, 5, 6, 7, 8].map(|column| row[column].to_owned());
        // To the last bit.
        let number = |text: &str| text.parse::<f64>().unwrap().to_bits();
        let (value, of) = quotient(&expression);
        let count = |value: i64| u64::try_from(value).expect("counts of cases");
        let rounded = |mode| {
            let rounding = Rounding { decimals: decimals.parse().unwrap(), mode };
            rounding.share(count(value), count(of), 1).unwrap().to_bits()
        };
        assert_eq!(rounded(RoundingMode::HalfUp), number(&half_up), "{id}");
        assert_eq!(rounded(RoundingMode::Down), number(&truncated), "{id}");
        if published.is_empty() {
            alone += 1;
            continue;
        }
        if of == 1 {
            // What was brought forward, came in and went out: the reconciliation reports the difference.
            let flow = movements(&expression).reconciled(published.parse().unwrap());
            assert_eq!(-flow.difference, difference.parse::<i64>().unwrap(), "{id}");
        }
        match verdict.as_str() {
            "exact" => {
                exact += 1;
                assert_eq!(rounded(RoundingMode::HalfUp), number(&published), "{id}");
            }
            "differs" => {
                differ += 1;
                assert_ne!(rounded(RoundingMode::HalfUp), number(&published), "{id}");
            }
            "truncated in print" => {
                cut += 1;
                assert_eq!(rounded(RoundingMode::Down), number(&published), "{id}");
                assert_ne!(rounded(RoundingMode::HalfUp), number(&published), "{id}");
            }
            other => panic!("{id}: {other}"),
        }
    }
    assert_eq!((exact, differ, cut, alone), (20, 5, 3, 1));
}
