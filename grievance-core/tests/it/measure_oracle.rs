//! The statement of three cities' records equals the figures that another program computed.

use crate::measure_histories::{data, imported};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use grievance_core::grievance::event::Recorded;
use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::duration::Durations;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::vocabulary::AgeRule;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Where a city's file has what.
pub(crate) struct City {
    pub(crate) folder: &'static str,
    number: &'static str,
    /// The column that names the office.
    pub(crate) unit: &'static str,
    /// Other columns that the oracle groups by: as good a test as offices.
    pub(crate) others: &'static [&'static str],
    /// Whether it groups by the year of the lodging, too.
    by_year: bool,
    /// Columns that it counts, or compares with.
    more: &'static [&'static str],
    lodged: &'static str,
    disposed: &'static str,
    due: Option<&'static str>,
    instants: &'static str,
    /// What the oracle counts among the rejected.
    rejects: &'static [&'static str],
}

pub(crate) const BOSTON: City = City {
    folder: "boston311",
    number: "CASE_ENQUIRY_ID",
    unit: "Department",
    others: &["Source"],
    by_year: false,
    more: &["SUBJECT", "CASE_STATUS", "neighborhood", "OnTime_Status"],
    lodged: "OPEN_DT",
    disposed: "CLOSED_DT",
    due: Some("TARGET_DT"),
    instants: "%m/%d/%Y %I:%M:%S %p",
    rejects: &["bad_open", "closed_before_opened", "duplicate_id"],
};

pub(crate) const BALTIMORE: City = City {
    folder: "baltimore311",
    number: "SRRecordID",
    unit: "Agency",
    others: &["MethodReceived"],
    by_year: false,
    more: &["SRStatus", "DaysOpen"],
    lodged: "CreatedDate",
    disposed: "CloseDate",
    due: Some("DueDate"),
    instants: "%m/%d/%Y %I:%M:%S %p",
    rejects: &["bad_open", "closed_before_opened", "duplicate_id"],
};

pub(crate) const NEW_YORK: City = City {
    folder: "nyc-council",
    number: "unique_key",
    unit: "account",
    others: &["complaint_type", "borough"],
    by_year: true,
    more: &[],
    lodged: "opendate",
    disposed: "closedate",
    due: None,
    instants: "%Y-%m-%d",
    rejects: &["bad_open", "closed_before_opened", "duplicate_id_later_rows"],
};

pub(crate) struct Row {
    /// The values of the columns of [`City::grouped`].
    pub(crate) groups: Vec<String>,
    pub(crate) lodged: DateTime<Utc>,
    pub(crate) disposed: Option<DateTime<Utc>>,
    pub(crate) due: Option<DateTime<Utc>>,
}

/// A row of the file, whatever is wrong with it.
pub(crate) struct Line {
    number: String,
    pub(crate) groups: Vec<String>,
    pub(crate) lodged: Option<NaiveDateTime>,
    pub(crate) disposed: Option<NaiveDateTime>,
    /// Whether something stands there that is no date.
    no_date: bool,
    pub(crate) due: Option<NaiveDateTime>,
}

impl City {
    pub(crate) fn wall_clock(&self, text: &str) -> Option<NaiveDateTime> {
        if self.instants == "%Y-%m-%d" {
            return Some(
                NaiveDate::parse_from_str(text, self.instants).ok()?.and_time(chrono::NaiveTime::MIN),
            );
        }
        NaiveDateTime::parse_from_str(text, self.instants).ok()
    }

    /// The columns that rows are grouped by, in their order; the year is one.
    pub(crate) fn grouped(&self) -> impl Iterator<Item = &'static str> {
        let year = self.by_year.then_some("year");
        std::iter::once(self.unit)
            .chain(self.others.iter().copied())
            .chain(year)
            .chain(self.more.iter().copied())
    }

    /// Every row of the file.
    pub(crate) fn lines(&self, data: &Path) -> Vec<Line> {
        let file = std::fs::File::open(data.join(self.folder).join("dev.csv.gz")).unwrap();
        let mut file = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
        let headers = file.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let [number, lodged, disposed] = [self.number, self.lodged, self.disposed].map(column);
        let due = self.due.map(column);
        // The year is in no column.
        let groups: Vec<Option<usize>> =
            self.grouped().map(|name| (name != "year").then(|| column(name))).collect();
        file.records()
            .map(|row| {
                let row = row.unwrap();
                let [lodged, closed] = [lodged, disposed].map(|at| self.wall_clock(&row[at]));
                let year = || lodged.map_or_else(String::new, |at| at.year().to_string());
                let value = |at: &Option<usize>| at.map_or_else(year, |at| row[at].to_owned());
                Line {
                    number: row[number].to_owned(),
                    groups: groups.iter().map(value).collect(),
                    lodged,
                    disposed: closed,
                    no_date: closed.is_none() && !row[disposed].is_empty(),
                    due: due.and_then(|at| self.wall_clock(&row[at])),
                }
            })
            .collect()
    }

    /// The rows that count, and how many do not: a bad or reversed date, a number seen before.
    /// Wall-clock times are read in the zone.
    pub(crate) fn rows(&self, data: &Path, zone: chrono_tz::Tz) -> (Vec<Row>, u64) {
        Self::valid(&self.lines(data), zone)
    }

    pub(crate) fn valid(lines: &[Line], zone: chrono_tz::Tz) -> (Vec<Row>, u64) {
        // An hour that spring leaves out is read as the hour after.
        let instant = |wall: NaiveDateTime| {
            let later = || zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest();
            zone.from_local_datetime(&wall).earliest().or_else(later).unwrap().to_utc()
        };
        let (mut seen, mut rows, mut rejected) = (HashSet::new(), Vec::new(), 0);
        for line in lines {
            let in_order = |opened: &NaiveDateTime| line.disposed.is_none_or(|closed| closed >= *opened);
            let dates = line.lodged.filter(in_order).map(|opened| (opened, line.disposed));
            let dates = dates.filter(|_| !line.no_date);
            match dates {
                Some((lodged, disposed)) if seen.insert(&line.number) => rows.push(Row {
                    groups: line.groups.clone(),
                    lodged: instant(lodged),
                    disposed: disposed.map(instant),
                    due: line.due.map(instant),
                }),
                _ => rejected += 1,
            }
        }
        (rows, rejected)
    }

    /// Office, lodging and disposal of every row of the file, as they are printed.
    pub(crate) fn columns(&self, data: &Path) -> Vec<[String; 3]> {
        let file = std::fs::File::open(data.join(self.folder).join("dev.csv.gz")).unwrap();
        let mut file = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
        let headers = file.headers().unwrap().clone();
        let places = [self.unit, self.lodged, self.disposed]
            .map(|name| headers.iter().position(|header| header == name).unwrap());
        file.records().map(|row| places.map(|place| row.as_ref().unwrap()[place].to_owned())).collect()
    }

    pub(crate) fn truth(&self, data: &Path) -> Value {
        let text = std::fs::read_to_string(data.join(self.folder).join("truth-dev.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn equals_the_oracle(&self) {
        let Some(data) = data() else { return };
        let truth = self.truth(&data);
        let (rows, rejected) = self.rows(&data, chrono_tz::UTC);
        let expected: u64 = self.rejects.iter().map(|kind| truth["rejects"][kind].as_u64().unwrap()).sum();
        assert_eq!(rejected, expected, "{} rejected", self.folder);
        for (column, group) in std::iter::once(&self.unit).chain(self.others).enumerate() {
            let cases = Cases::new(&rows, column);
            for as_of in truth["all"]["as_of"].as_object().unwrap().keys() {
                for rule in &[AgeRule::Calendar, AgeRule::Elapsed] {
                    let place = format!("{} {as_of} {rule} {group}", self.folder);
                    let mis = cases.statement(as_of, chrono_tz::UTC, *rule, rejected);
                    assert_eq!(mis["as_of"], json!(as_of));
                    assert_eq!(mis["age_rule"], json!(rule.as_str()));
                    assert_eq!(mis["rejected"], json!(expected));
                    same(&mis, &truth["all"]["as_of"][as_of], *rule, &place);
                    let by = truth["by"][group].as_object().unwrap();
                    let units = mis["units"].as_array().unwrap();
                    assert_eq!(units.len(), by.len(), "{place}");
                    for unit in units {
                        let name = unit["unit"].as_str().unwrap();
                        same(unit, &by[name]["as_of"][as_of], *rule, &format!("{place} {name:?}"));
                    }
                }
            }
        }
    }
}

/// The length at which so large a share of them is reached, by the nearest rank: the oracle has that beside numpy's
/// quantile. The library has no such figure; it is read off the exact lengths that it keeps.
pub(crate) fn nearest_rank(took: &Durations, share: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "some cases"
    )]
    let rank = ((share * took.count() as f64).ceil() as u64).max(1);
    let mut upto = 0;
    took.lengths().find_map(|(length, times)| {
        upto += times;
        (rank <= upto).then_some(length)
    })
}

/// Imported histories, and the printed names of the codes in them.
struct Cases<'a> {
    histories: Vec<Vec<Recorded>>,
    names: BTreeMap<UnitCode, &'a str>,
}

impl<'a> Cases<'a> {
    fn new(rows: &'a [Row], column: usize) -> Self {
        let mut codes: BTreeMap<&str, UnitCode> = BTreeMap::new();
        let histories = (0..)
            .zip(rows)
            .map(|(number, row)| {
                let next = UnitCode::new(&format!("u{}", codes.len())).unwrap();
                let code = codes.entry(&row.groups[column]).or_insert(next);
                imported(number, code.as_str(), row.lodged, row.disposed)
            })
            .collect();
        Self { histories, names: codes.into_iter().map(|(name, code)| (code, name)).collect() }
    }

    fn statement(&self, as_of: &str, zone: chrono_tz::Tz, rule: AgeRule, rejected: u64) -> Value {
        let mut part = MisPart::new(Terms::new(as_of.parse().unwrap(), zone, rule));
        part.reject(rejected);
        for history in &self.histories {
            part.add_history(history);
        }
        serde_json::to_value(part.finish(|code| self.names[code].to_owned())).unwrap()
    }
}

/// Every figure that the oracle knows, to the last printed digit.
pub(crate) fn same(ours: &Value, truth: &Value, rule: AgeRule, place: &str) {
    assert_eq!(ours["received"], truth["opened_before"], "{place} received");
    assert_eq!(ours["disposed"], truth["disposed_before"], "{place} disposed");
    assert_eq!(ours["closed_otherwise"], json!(0), "{place} closed otherwise");
    assert_eq!(ours["pending"], truth["pending"], "{place} pending");
    assert_eq!(ours["flow"]["difference"], json!(0), "{place} flow");
    let (bands, days, within) = match rule {
        AgeRule::Calendar | AgeRule::Working => {
            (&truth["calendar"]["B"], "calendar_days", "within_30_calendar")
        }
        AgeRule::Elapsed => (&truth["B"], "elapsed_days", "within_30_elapsed_floor"),
    };
    let expected = [("under 7", "<7"), ("7 to 14", "7-14"), ("15 to 30", "15-30"), ("more than 30", ">30")]
        .map(|(label, key)| json!({"label": label, "count": bands[key]}));
    assert_eq!(ours["bands"], json!(expected), "{place} bands");
    let took = &truth["disposal"][days];
    let expected = match took["n"].as_u64().unwrap() {
        0 => Value::Null,
        _ => json!({"median": took["median"], "mean": took["mean"], "p90": took["p90_linear"]}),
    };
    assert_eq!(ours["disposal_days"], expected, "{place} disposal days");
    assert_eq!(ours["within_30_days"], truth["disposal"][within], "{place} within 30 days");
}

#[test]
fn boston_equals_the_oracle() {
    BOSTON.equals_the_oracle();
}

#[test]
fn baltimore_equals_the_oracle() {
    BALTIMORE.equals_the_oracle();
}

#[test]
fn new_york_equals_the_oracle() {
    NEW_YORK.equals_the_oracle();
}

/// The maps of the cities keep wall-clock times as they are, in UTC. In Boston's own zone the
/// calendar figures are the same, since midnights are; lengths in hours change where a clock was
/// put forward or back in between.
#[test]
fn bostons_own_zone_changes_no_calendar_figure() {
    let Some(data) = data() else { return };
    let zones = [chrono_tz::UTC, chrono_tz::America::New_York];
    let read = zones.map(|zone| BOSTON.rows(&data, zone));
    let cases = read.each_ref().map(|(rows, _)| Cases::new(rows, 0));
    let statement = |zone: usize, rule| {
        let mut mis = cases[zone].statement("2015-07-01", zones[zone], rule, read[zone].1);
        mis.as_object_mut().unwrap().remove("zone");
        mis
    };
    assert_eq!(statement(0, AgeRule::Calendar), statement(1, AgeRule::Calendar));
    let [plain, local] = [0, 1].map(|zone| statement(zone, AgeRule::Elapsed));
    assert_eq!(plain["pending"], local["pending"]);
    assert_ne!(plain["disposal_days"]["mean"], local["disposal_days"]["mean"]);
}
