//! A made-up city's service requests, in the shape in which cities publish theirs.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use grievance_core::desk::SeededMint;
use std::fmt::Write as _;

/// What the columns of the made-up file mean.
pub const COLUMNS: &str = r#"
source = "riverton"
zone = "UTC"
units = "from-file"
formats = ["%m/%d/%Y %I:%M:%S %p"]

[columns]
number = "REQUEST_ID"
lodged = "OPENED"
due = "TARGET"
disposed = "CLOSED"
status = "STATUS"
unit = "DEPARTMENT"
category = "TYPE"
channel = "SOURCE"
closure_text = "CLOSURE"

[status]
trust = "dates"
open = ["Open"]
disposed = ["Closed"]

[[reason]]
contains = "Duplicate"
reason = "duplicate_or_already_redressed"

[[reason]]
contains = "not found"
reason = "not_sustained"

[[reason]]
contains = "Resolved"
reason = "benefit_provided"
"#;

const DEPARTMENTS: [&str; 12] = [
    "Public Works",
    "Transportation",
    "Water and Sewer",
    "Parks & Recreation",
    "Inspections",
    "Sanitation",
    "Animal Control",
    "Housing",
    "Property Management",
    "Mayor's Office",
    "Civil Rights",
    "Police",
];

const WORK: [&str; 12] = [
    "Pothole repair",
    "Street light outage",
    "Missed collection",
    "Graffiti removal",
    "Tree pruning",
    "Sidewalk repair",
    "Abandoned vehicle",
    "Rodent activity",
    "Sign repair",
    "Unsafe structure",
    "Water main leak",
    "Noise",
];

const SOURCES: [&str; 5] =
    ["Constituent Call", "Citizens Connect App", "Self Service", "Employee Generated", "Twitter"];

const ENDS: [&str; 4] = [
    "Case Closed. Closed date : {} Case Resolved crew attended and made good ",
    "Case Closed. Closed date : {} Duplicate of an earlier request ",
    "Case Closed. Closed date : {} Inspected and not found at the address given ",
    "Case Closed. Closed date : {} Case Noted ",
];

/// As many records as asked for, the same ones for the same seed, under a header. Nine in ten are
/// closed; a field in eight is quoted.
pub fn file(records: usize, seed: u64) -> String {
    let mut chance = SeededMint::new(seed);
    let mut draw = |below: u64| usize::try_from(chance.next() % below).expect("a small number");
    let began: DateTime<Utc> = Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0).single().expect("a plain instant");
    let printed = |at: DateTime<Utc>| at.format("%m/%d/%Y %I:%M:%S %p").to_string();
    let mut text = String::from(
        "REQUEST_ID,OPENED,TARGET,CLOSED,ON_TIME,STATUS,CLOSURE,TITLE,TYPE,DEPARTMENT,DISTRICT,SOURCE\n",
    );
    for nth in 0..records {
        let work = WORK[draw(12)];
        let opened =
            began + TimeDelta::seconds(i64::try_from(draw(365 * 86_400)).expect("a year of seconds"));
        let target = opened + TimeDelta::days(i64::try_from(draw(30)).expect("a month of days"));
        let took = TimeDelta::minutes(i64::try_from(draw(60 * 24 * 40)).expect("some weeks of minutes"));
        let closed = (draw(10) > 0).then(|| printed(opened + took));
        let (status, ending) = match &closed {
            Some(closed) => ("Closed", ENDS[draw(4)].replace("{}", closed)),
            None => ("Open", String::from(" ")),
        };
        let title = if draw(8) == 0 { format!("\"{work}, urgent\"") } else { work.to_owned() };
        let department = DEPARTMENTS[draw(12)];
        writeln!(
            text,
            "1010{nth:08},{},{},{},ONTIME,{status},{ending},{title},{work},{department},{},{}",
            printed(opened),
            printed(target),
            closed.unwrap_or_default(),
            draw(22),
            SOURCES[draw(5)],
        )
        .expect("a String takes any text");
    }
    text
}
