//! The column map: what it means, and each mistake with its path.

use crate::import_support::{accepted, data, kinds, map, one, read, rejected, riverton};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::payload::AdoptedStep::{self, Disposed, Ended, Lodged, Reopened, Routed};
use grievance_core::import::case::ImportedCase;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{CannotOpen, Options, Reader};
use grievance_core::import::reject::WarningKind;
use grievance_core::import::resolve::Resolution;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{DisposalClass, ErrorCode, Gap, Phase};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Closing date, status; what is warned of; what follows; whether the ending is undated.
type Course<'a> = (&'a str, &'a str, &'a [WarningKind], &'a [(AdoptedStep, DateTime<Utc>)], bool);

fn problems(text: &str) -> Vec<String> {
    let invalid = ColumnMap::from_toml(text).expect_err("a mistake");
    assert_eq!(invalid.code(), ErrorCode::MapInvalid);
    invalid.problems.iter().map(ToString::to_string).collect()
}

fn steps(case: &ImportedCase) -> Vec<(AdoptedStep, DateTime<Utc>)> {
    let rulebook = Rulebook::new(riverton()).expect("a rulebook");
    let map = map("");
    let resolution = Resolution::new(&map, &rulebook).expect("it fits");
    resolution.facts(case).into_iter().map(|fact| (fact.what, fact.at)).collect()
}

#[test]
fn every_mistake_is_found_at_once_with_its_path() {
    let found = problems(
        r#"
        source = "No Code"
        zone = "Amerca/New_York"
        units = "fromfile"
        formats = ["%m/%d", "%Q"]
        delimiter = ",,"
        target_max_days = 0
        colums = 1
        [columns]
        number = 5
        lodged = { column = "D", format = ["%Y-%m-%d"] }
        unit = " "
        [status]
        trust = "date"
        open = "Open"
        disposed = ["Done", "Done"]
        [[reason]]
        contains = "x"
        equals = "y"
        reason = "R"
        [unit.values]
        "A" = "Not A Code"
        "#,
    );
    for expected in [
        r#"colums: unknown field; did you mean "columns"?"#,
        "source: a code is",
        r#"zone: no time zone "Amerca/New_York"; did you mean "America/New_York"?"#,
        r#"units: no choice "fromfile"; did you mean "from-file"?"#,
        "delimiter: one ASCII character",
        "target_max_days: a whole number",
        "formats[0]: not a date format",
        "formats[1]: not a date format",
        "columns.number: a text is expected",
        r#"columns.lodged.format: unknown field; did you mean "formats"?"#,
        "columns.unit: a text is expected",
        r#"status.trust: no choice "date"; did you mean "dates"?"#,
        "status.open: a list of texts",
        r#"status.disposed: "Done" is given a meaning twice"#,
        "reason[0].reason: a code is",
        "reason[0]: exactly one of",
        r#"unit.values."A": a code"#,
    ] {
        assert!(found.iter().any(|problem| problem.starts_with(expected)), "{expected} in {found:#?}");
    }
    assert_eq!(found.len(), 17, "{found:#?}");
}

#[test]
fn a_map_that_is_no_toml_says_where() {
    let found = problems("source = \"a\"\nzone = = 1\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("not TOML, at line 2"), "{found:?}");
}

#[test]
fn words_and_rules_need_their_columns() {
    let found = problems(
        r#"
        source = "a"
        zone = "UTC"
        units = "rulebook"
        columns = { number = "Id", lodged = "D" }
        status = { open = ["Open"] }
        reason = [{ equals = "x", reason = "r" }]
        "#,
    );
    assert_eq!(
        found,
        [
            "status: words are given, and columns.status is not",
            "reason[0].on: looks at a column that [columns] does not name",
        ]
    );
}

#[test]
fn a_missing_column_is_an_error_at_open_with_a_hint() {
    let map = map("");
    let wrong =
        Reader::open(&b"Id,Opend,Closed,Status,Office,Office,Subject\n"[..], &map, Options::default())
            .expect_err("two mistakes");
    assert_eq!(wrong.code(), ErrorCode::MapInvalid);
    let CannotOpen::Map(invalid) = wrong else { panic!("{wrong}") };
    let found: Vec<String> = invalid.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            r#"columns.lodged: the file has no column "Opened"; did you mean "Opend"?"#,
            r#"columns.unit: the file has two columns "Office""#,
        ]
    );
}

#[test]
fn codes_that_the_rulebook_lacks_are_found_when_it_is_read_against_it() {
    let map = ColumnMap::from_toml(
        r#"
        source = "a"
        zone = "UTC"
        units = "rulebook"
        columns = { number = "Id", lodged = "D", unit = "U", status = "S" }
        status = { merged = ["Joined"] }
        reason = [{ on = "status", equals = "x", reason = "not_sustaned" }]
        unit.values = { "PWDx" = "work" }
        "#,
    )
    .expect("a map");
    let rulebook = Rulebook::new(riverton()).expect("a rulebook");
    let invalid = Resolution::new(&map, &rulebook).expect_err("three mistakes");
    let found: Vec<String> = invalid.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            r#"unit.values."PWDx": the rulebook has no unit "work"; did you mean "works"?"#,
            r#"reason[0].reason: the rulebook has no closure reason "not_sustaned"; did you mean "not_sustained"?"#,
            "status.merged: the rulebook's workflow has no stage of this phase",
        ]
    );
}

#[test]
fn values_resolve_by_map_then_name_then_code_and_the_rest_goes_to_the_cell() {
    let map = ColumnMap::from_toml(
        r#"
        source = "a"
        zone = "UTC"
        units = "rulebook"
        columns = { number = "Id", lodged = "D", disposed = "C", unit = "U", category = "K", kind = "M", closure_text = "T" }
        reason = [{ starts_with = "Done", reason = "benefit_provided" }]
        unit.values = { "PWDx" = "works" }
        "#,
    )
    .expect("a map");
    let file = "Id,D,C,U,K,M,T\n\
        1,2026-11-02,2026-11-03,PWDx,Roads,Suggestion,Done: filled\n\
        2,2026-11-02,,Public Works,roads,,\n\
        3,2026-11-02,2026-11-03,Unheard of,Bees,Riddle,Gone\n";
    let rulebook = Rulebook::new(riverton()).expect("a rulebook");
    let resolution = Resolution::new(&map, &rulebook).expect("it fits");
    let rows = read(file.as_bytes(), &map);
    let resolved: Vec<_> = rows.iter().map(|row| resolution.adopted(accepted(row))).collect();

    let first = &resolved[0].adopted;
    assert_eq!((first.number.as_str(), first.source.as_str(), first.kind.as_str()), ("1", "a", "suggestion"));
    assert_eq!(first.category.as_ref().map(ToString::to_string).as_deref(), Some("roads"));
    assert_eq!(first.facts[0].led_to.stage, "received");
    assert_eq!(first.facts[0].led_to.unit, "works");
    assert_eq!(first.facts[1].led_to.stage, "closed");
    assert_eq!(first.facts[1].led_to.phase, Phase::Disposed);
    assert_eq!(first.facts[1].class, Some(DisposalClass::Benefit));
    assert_eq!(
        first.gaps,
        [Gap::Place, Gap::Channel, Gap::Complainant, Gap::Feedback, Gap::Movements, Gap::Target]
    );
    assert!(resolved[0].warnings.is_empty() && first.closure_text.is_none());
    assert_eq!(accepted(&rows[0]).texts().collect::<Vec<_>>(), [("closure_text", "Done: filled")]);

    assert_eq!(resolved[1].adopted.facts[0].led_to.unit, "works");
    assert_eq!(resolved[1].adopted.kind, "grievance");

    let third = &resolved[2];
    assert_eq!(third.adopted.facts[0].led_to.unit, "desk");
    assert!(third.adopted.gaps.contains(&Gap::Unit) && third.adopted.gaps.contains(&Gap::Reason));
    let warned: Vec<_> =
        third.warnings.iter().map(|warning| (warning.column.as_str(), warning.kind)).collect();
    assert_eq!(
        warned,
        [
            ("U", WarningKind::UnitUnmapped),
            ("K", WarningKind::CategoryUnmapped),
            ("M", WarningKind::KindUnmapped),
        ]
    );
}

#[test]
fn status_and_dates_together_tell_the_course() {
    let (first, second) = (at("2026-11-02T00:00:00Z"), at("2026-11-05T00:00:00Z"));
    let contradicts = [WarningKind::StatusContradictsDates];
    let table: [Course<'_>; 8] = [
        ("", "Open", &[], &[(Lodged, first)], false),
        ("", "", &[], &[(Lodged, first)], false),
        ("2026-11-05", "Closed", &[], &[(Lodged, first), (Disposed, second)], false),
        ("2026-11-05", "Closed (Moved)", &[], &[(Lodged, first), (Disposed, second)], false),
        ("2026-11-05", "Withdrawn", &[], &[(Lodged, first), (Ended, second)], false),
        ("2026-11-05", "Queer", &[WarningKind::StatusUnknown], &[(Lodged, first), (Disposed, second)], false),
        (
            "2026-11-05",
            "Reopened",
            &contradicts,
            &[(Lodged, first), (Disposed, second), (Reopened, second)],
            false,
        ),
        ("", "Closed", &contradicts, &[(Lodged, first)], true),
    ];
    for (closed, status, warned, course, undated) in table {
        let row = one(&format!("1,2026-11-02,{closed},{status},Works,Roads"), &map(""));
        let case = accepted(&row);
        assert_eq!(kinds(case), warned, "{closed} {status}");
        assert_eq!(steps(case), course, "{closed} {status}");
        assert_eq!(case.ending_undated, undated, "{closed} {status}");
    }
}

#[test]
fn the_dates_count_where_the_map_says_so() {
    let map = ColumnMap::from_toml(
        r#"
        source = "a"
        zone = "UTC"
        units = "from-file"
        columns = { number = "Id", lodged = "D", disposed = "C", status = "S" }
        status = { trust = "dates", open = ["Open"] }
        "#,
    )
    .expect("a map");
    let rows = read(b"Id,D,C,S\n1,2026-11-02,2026-11-03,Open\n", &map);
    assert_eq!(kinds(accepted(&rows[0])), [WarningKind::StatusContradictsDates]);
    assert_eq!(accepted(&rows[0]).phase(), Phase::Disposed);
}

#[test]
fn reopening_receipt_routing_and_due_dates() {
    let map = ColumnMap::from_toml(
        r#"
        source = "a"
        zone = "Asia/Kolkata"
        units = "from-file"
        target_max_days = 30
        [columns]
        number = "Id"
        lodged = "D"
        disposed = "C"
        reopened = "R"
        received = "P"
        routed = "A"
        due = "T"
        events = ["E"]
        "#,
    )
    .expect("a map");
    let file = "Id,D,C,R,P,A,T,E\n\
        1,2026-11-02,2026-11-05,2026-11-09,2026-10-30,2026-11-03,2026-11-20,2026-11-04\n\
        2,2026-11-02,2026-11-05,2026-11-04,,,2027-11-20,2026-11-01\n\
        3,2026-11-02,,2026-11-04,,,2026-11-01,nonsense\n";
    let rows = read(file.as_bytes(), &map);
    let [first, second, third] = [0, 1, 2].map(|nth| accepted(&rows[nth]));
    assert_eq!(first.lodged_at, at("2026-11-01T18:30:00Z"));
    assert_eq!(first.received_at, Some(at("2026-10-29T18:30:00Z")));
    assert!(first.warnings.is_empty(), "{:?}", first.warnings);
    let course: Vec<_> = steps(first).into_iter().map(|(what, _)| what).collect();
    assert_eq!(course, [Lodged, Routed, Disposed, Reopened]);
    assert_eq!(
        kinds(second),
        [WarningKind::ReopenedBeforeClosing, WarningKind::KeyedInLater, WarningKind::TargetFar,]
    );
    assert_eq!(second.phase(), Phase::Disposed);
    assert_eq!(kinds(third), [WarningKind::DateUnreadable, WarningKind::TargetBeforeLodging]);
    assert_eq!(third.phase(), Phase::Registered);
}

#[test]
fn a_closing_just_before_the_lodging_counts_as_at_lodging() {
    let more = r#"formats = ["%Y-%m-%d %H:%M:%S"]"#;
    let within = one("1,2026-11-02 10:02:00,2026-11-02 10:00:00,Closed,Works,Roads", &map(more));
    assert_eq!(kinds(accepted(&within)), [WarningKind::Skew]);
    let ending = accepted(&within).ending.as_ref().expect("an ending");
    assert_eq!(ending.at, at("2026-11-02T10:02:00Z"));
    let beyond = one("1,2026-11-02 10:02:01,2026-11-02 10:00:00,Closed,Works,Roads", &map(more));
    assert_eq!(rejected(&beyond).code, ErrorCode::DatesContradict);
    let strict = Options { skew: TimeDelta::zero(), ..Options::default() };
    let file = "Id,Opened,Closed,Status,Office,Subject\n1,2026-11-02 10:02:00,2026-11-02 10:01:59,,,\n";
    let map = map(more);
    let rows: Vec<_> = Reader::open(file.as_bytes(), &map, strict).expect("it opens").collect();
    assert_eq!(
        rejected(&rows[0]).sentence,
        "closed 2026-11-02 10:01:59, before it was lodged 2026-11-02 10:02:00"
    );
}

#[test]
fn wall_clocks_that_jump_are_noticed() {
    let map = ColumnMap::from_toml(
        r#"
        source = "a"
        zone = "America/New_York"
        units = "from-file"
        formats = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%:z", "%s"]
        columns = { number = "Id", lodged = "D" }
        "#,
    )
    .expect("a map");
    let file = "Id,D\n1,2015-11-01 01:16\n2,2015-03-08 02:30\n3,2015-03-08T02:30:00+05:30\n4,1425781800\n";
    let rows = read(file.as_bytes(), &map);
    let seen: Vec<_> = rows.iter().map(|row| (accepted(row).lodged_at, kinds(accepted(row)))).collect();
    assert_eq!(
        seen,
        [
            (at("2015-11-01T05:16:00Z"), vec![WarningKind::LocalTimeAmbiguous]),
            (at("2015-03-08T07:30:00Z"), vec![WarningKind::LocalTimeSkipped]),
            (at("2015-03-07T21:00:00Z"), vec![]),
            (at("2015-03-08T02:30:00Z"), vec![]),
        ]
    );
}

#[test]
fn boston_in_its_own_zone_reads_every_row_too() {
    let Some(path) = data("boston311/dev.csv.gz") else { return };
    let text =
        include_str!("../../../examples/columns/boston311.toml").replace("\"UTC\"", "\"America/New_York\"");
    let map = ColumnMap::from_toml(&text).expect("a map");
    let file = std::fs::File::open(path).expect("it opens");
    let rows: Vec<_> = Reader::open(file, &map, Options::default()).expect("it opens").collect();
    let noticed = rows.iter().filter(|row| {
        matches!(row, grievance_core::import::read::Row::Accepted(case)
            if kinds(case).contains(&WarningKind::LocalTimeAmbiguous))
    });
    assert!(noticed.count() > 0);
    assert_eq!(rows.len(), 72_811);
}
