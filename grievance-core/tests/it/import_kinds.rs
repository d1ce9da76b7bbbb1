//! Each kind of bad input that real files have, and what it should get. The rows are read when
//! the test runs.

use crate::import_support::{accepted, data, kinds, read, rejected, riverton};
use grievance_core::import::case::ImportedCase;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{Options, Reader, Row};
use grievance_core::import::reject::WarningKind;
use grievance_core::import::resolve::Resolution;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{ErrorCode, Gap, Phase};
use std::collections::BTreeSet;

const KINDS: &[&str] = &[
    "closed_before_opened",
    "duplicate_registration_number",
    "close_date_but_status_not_closed(reopened)",
    "blank_on_time_flag",
    "sla_longer_than_a_year",
    "event_before_lodging",
    "category_is_a_code_placeholder",
    "category_is_a_form_prompt",
    "no_category",
    "id_in_second_format",
    "no_due_date",
    "no_events",
    "local_time_ambiguous_America_New_York",
];

/// The rows of one kind as a file: `id,opened,other_date,value`. The list has some cases from
/// several snapshots; where numbers are not the problem, the first row of each is taken.
fn rows(kind: &str) -> Option<String> {
    assert!(KINDS.contains(&kind));
    let mut from = csv::Reader::from_path(data("bad-input-dev.csv")?).expect("it opens");
    let mut to = csv::Writer::from_writer(Vec::new());
    to.write_record(["id", "opened", "other_date", "value"]).expect("memory");
    let mut seen = BTreeSet::new();
    for row in from.records() {
        let row = row.expect("a row");
        if &row[2] == kind && (seen.insert(row[1].to_owned()) || kind == "duplicate_registration_number") {
            to.write_record([&row[1], &row[3], &row[4], &row[5]]).expect("memory");
        }
    }
    assert!(!seen.is_empty(), "no rows of the kind {kind}");
    Some(String::from_utf8(to.into_inner().expect("memory")).expect("UTF-8"))
}

fn map(zone: &str, columns: &str, more: &str) -> ColumnMap {
    ColumnMap::from_toml(&format!(
        r#"
        source = "bad-input"
        zone = "{zone}"
        units = "from-file"
        formats = ["%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%#z", "%Y-%m-%d"]
        placeholder = ["Please choose an issue...", "@getxlate.Udf_Code_Genera"]
        {more}
        [columns]
        number = "id"
        lodged = "opened"
        {columns}
        "#
    ))
    .expect("a map")
}

/// Every row of the kind is accepted and warned of in exactly this way; returns the cases.
fn all_accepted(kind: &str, map: &ColumnMap, warned: &[WarningKind]) -> Vec<ImportedCase> {
    let Some(file) = rows(kind) else { return Vec::new() };
    let rows = read(file.as_bytes(), map);
    for row in &rows {
        assert_eq!(kinds(accepted(row)), warned, "{kind}: {row:?}");
    }
    rows.iter().map(|row| accepted(row).clone()).collect()
}

fn gaps(case: &ImportedCase, map: &ColumnMap) -> Vec<Gap> {
    let rulebook = Rulebook::new(riverton()).expect("a rulebook");
    Resolution::new(map, &rulebook).expect("it fits").adopted(case).adopted.gaps
}

#[test]
fn every_kind_has_a_test() {
    let Some(path) = data("bad-input-expected.csv") else { return };
    let mut from = csv::Reader::from_path(path).expect("it opens");
    let listed: BTreeSet<String> = from.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    assert_eq!(listed, KINDS.iter().map(ToString::to_string).collect());
}

#[test]
fn closed_before_opened() {
    let Some(file) = rows("closed_before_opened") else { return };
    let map = map("UTC", "disposed = \"other_date\"", "");
    let strict = Options { skew: chrono::TimeDelta::zero(), ..Options::default() };
    for row in Reader::open(file.as_bytes(), &map, strict).expect("it opens") {
        let reject = rejected(&row);
        assert_eq!(reject.code, ErrorCode::DatesContradict);
        assert_eq!(reject.column.as_deref(), Some("other_date"));
        assert_eq!(reject.sentence.matches("2015-").count(), 2, "both dates: {}", reject.sentence);
    }
    // Within the tolerance the same rows are accepted: all are less than a minute apart.
    for row in read(file.as_bytes(), &map) {
        assert_eq!(kinds(accepted(&row)), [WarningKind::Skew]);
    }
}

#[test]
fn duplicate_registration_number() {
    let Some(file) = rows("duplicate_registration_number") else { return };
    let rows = read(file.as_bytes(), &map("UTC", "disposed = \"other_date\"\ncategory = \"value\"", ""));
    let mut seen = BTreeSet::new();
    for row in &rows {
        match row {
            Row::Accepted(case) => assert!(seen.insert(case.number.clone())),
            Row::Rejected(reject) => {
                assert_eq!(reject.code, ErrorCode::DuplicateNumber);
                assert!(seen.contains(reject.original[0].as_str()), "the first row won");
            }
        }
    }
    assert_eq!((rows.len(), seen.len()), (132, 66));
}

#[test]
fn close_date_but_status_not_closed() {
    let more = r#"status = { open = ["Open", "Acknowledged"], disposed = ["Closed", "Archived"] }"#;
    let map = map("UTC", "disposed = \"other_date\"\nstatus = \"value\"", more);
    let warned = [WarningKind::StatusContradictsDates];
    for case in all_accepted("close_date_but_status_not_closed(reopened)", &map, &warned) {
        assert_eq!(case.phase(), Phase::Registered, "the case is open");
        assert!(case.ending.is_some() && case.reopened_at.is_some());
    }
}

#[test]
fn blank_on_time_flag() {
    let more = r#"status = { open = ["Open"], disposed = ["Closed"] }"#;
    let map = map("UTC", "disposed = \"other_date\"\nstatus = \"value\"", more);
    all_accepted("blank_on_time_flag", &map, &[]);
}

#[test]
fn sla_longer_than_a_year() {
    let map = map("UTC", "due = \"other_date\"\ncategory = \"value\"", "");
    for case in all_accepted("sla_longer_than_a_year", &map, &[WarningKind::TargetFar]) {
        assert!(case.due_at.is_some(), "it is kept");
    }
}

#[test]
fn event_before_lodging() {
    let map = map("Asia/Kathmandu", "events = [\"other_date\"]", "");
    for case in all_accepted("event_before_lodging", &map, &[WarningKind::KeyedInLater]) {
        assert!(case.received_at.is_some_and(|received| received < case.lodged_at));
    }
}

#[test]
fn category_is_a_code_placeholder() {
    let map = map("UTC", "disposed = \"other_date\"\ncategory = \"value\"", "");
    for case in all_accepted("category_is_a_code_placeholder", &map, &[WarningKind::CategoryUnmapped]) {
        assert!(gaps(&case, &map).contains(&Gap::Category));
    }
}

#[test]
fn category_is_a_form_prompt() {
    let map = map("UTC", "disposed = \"other_date\"\ncategory = \"value\"", "");
    for case in all_accepted("category_is_a_form_prompt", &map, &[WarningKind::CategoryUnmapped]) {
        assert!(gaps(&case, &map).contains(&Gap::Category));
    }
}

#[test]
fn no_category() {
    let map = map("UTC", "disposed = \"other_date\"\ncategory = \"value\"", "");
    for case in all_accepted("no_category", &map, &[WarningKind::CategoryBlank]) {
        assert!(gaps(&case, &map).contains(&Gap::Category));
    }
}

#[test]
fn id_in_second_format() {
    let cases = all_accepted("id_in_second_format", &map("UTC", "disposed = \"other_date\"", ""), &[]);
    assert!(cases.iter().all(|case| case.number.len() == 18));
}

#[test]
fn no_due_date() {
    let map = map("UTC", "disposed = \"other_date\"", "");
    for case in all_accepted("no_due_date", &map, &[]) {
        assert!(case.due_at.is_none() && gaps(&case, &map).contains(&Gap::Target));
    }
}

#[test]
fn no_events() {
    let map = map("Asia/Kathmandu", "events = [\"other_date\"]", "");
    for case in all_accepted("no_events", &map, &[]) {
        assert!(case.received_at.is_none() && case.ending.is_none(), "lodged only");
    }
}

#[test]
fn local_time_ambiguous() {
    let map = map("America/New_York", "disposed = \"other_date\"", "");
    let warned = [WarningKind::LocalTimeAmbiguous];
    for case in all_accepted("local_time_ambiguous_America_New_York", &map, &warned) {
        assert_eq!(case.lodged_at.to_rfc3339(), "2015-11-01T05:16:00+00:00", "the first of two");
    }
}
